//! The real window in a network namespace without any way out, where the kernel allows one: everything that needs
//! no other machine works, and nothing says that it failed.

use std::path::Path;
use std::process::Command;

use custory_testkit::offline::without_network;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::json;

use crate::window::{Display, ESCAPE, F2, Window};

#[test]
fn first_start_sample_edit_draft_and_export_fail_nowhere_without_a_network() {
    without_network(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(everything());
    });
}

async fn everything() {
    let ollama = Ollama::start(|_, _| Says::json(&json!({ "facts": [] })));
    let display = Display::find();
    let (folder, material) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let guide = "# Boardly\n\n1. Create your first board.\n2. Invite your team.\n\n## Pricing\n\nPro costs $12 per month.\n";
    std::fs::write(material.path().join("README.md"), guide).expect("a guide");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;
    window.click(".mapv .stp[role=columnheader]").await;
    window.press(ESCAPE).await;
    window.press(F2).await;
    window.replace_with("Hear of it offline").await;
    let first = "document.querySelector('.mapv .stp[role=columnheader]')";
    window.until(&format!("{first}.innerText.includes('Hear of it offline')")).await;

    window.click(".side .nav[title='Settings']").await;
    window.click("#model-address").await;
    window.type_over(ollama.address()).await;
    window.click("#model-address-save").await;
    window.click(&format!("#local-ai [role=radio][aria-label='Use {}']", Ollama::MODEL)).await;
    window.until("document.querySelector('#local-ai .tag')?.innerText === 'In use'").await;

    window.click(".side .nav[title='Build from your product']").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    window.see("#src-folder").await.send_keys(&material.path().to_string_lossy()).await.expect("a field");
    window.until("document.querySelector('#draft-model')?.innerText.includes('scripted:1b')").await;
    window.click("#read-and-draft").await;
    window.see("#accept").await;
    window.click("#accept").await;
    window.see(".mapv .stp").await;
    window.until("document.querySelector('.mapv').innerText.includes('Create')").await;
    assert!(!ollama.asked().is_empty(), "the model was asked");
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.shoot("offline").await;

    // Where a file goes is asked by the system's own dialog, which no driver reaches: the command line saves it,
    // beside the open window.
    let file = folder.path().join("export.json");
    let program = Path::new(env!("CARGO_BIN_EXE_custory-desktop")).with_file_name("custory");
    let saved = Command::new(program)
        .arg("--data-dir")
        .arg(folder.path())
        .args(["export", "Owner onboarding", "--output"])
        .arg(&file)
        .env("CUSTORY_KEYS", "file")
        .output()
        .expect("the command line starts");
    assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    assert!(std::fs::read_to_string(&file).expect("an export").contains("Hear of it offline"));
    window.close().await;
}
