//! Everything works without any network but this machine's own: proven in a network namespace that has no way
//! out, where the kernel allows one.

#![cfg(target_os = "linux")]

mod shared;

use std::process::Command;

use custory_domain::{Change, Command as Edit, StepField, Via};
use custory_engine::{Engine, Options};
use custory_ipc::{Beginning, Reply, Request};
use custory_testkit::ollama::{Ollama, Says};
use serde_json::json;
use shared::{Custory, material};

/// Set inside the namespace.
const INSIDE: &str = "CUSTORY_TEST_OFFLINE";

#[test]
fn first_start_sample_edit_draft_with_a_model_and_export_need_no_network() {
    if std::env::var_os(INSIDE).is_some() {
        return everything();
    }
    let allowed = Command::new("unshare").args(["-rn", "ip", "link", "set", "lo", "up"]).output();
    if !allowed.is_ok_and(|it| it.status.success()) {
        eprintln!("LEFT OUT: this machine allows no network namespace (unshare -rn), so nothing is proven");
        return;
    }
    let this = std::env::current_exe().expect("this test");
    let script = "ip link set lo up && exec \"$0\" --exact \"$1\" --nocapture --test-threads 1";
    let done = Command::new("unshare")
        .args(["-rn", "sh", "-c", script])
        .arg(this)
        .arg("first_start_sample_edit_draft_with_a_model_and_export_need_no_network")
        .env(INSIDE, "1")
        .output()
        .expect("unshare starts");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// The whole path; every step must succeed.
fn everything() {
    // An address of a documentation network: with any route at all this would time out instead.
    let outside = std::net::TcpStream::connect(("192.0.2.1", 443)).expect_err("there is no way out");
    assert_eq!(outside.kind(), std::io::ErrorKind::NetworkUnreachable, "{outside}");

    let custory = Custory::new();
    let sample = {
        let engine = Engine::start(Options::system(custory.data.path().to_owned())).expect("a first start");
        let asked = |request| engine.request_blocking(request).expect("no action fails");
        let made = asked(Request::CreateJourney { title: String::new(), from: Beginning::Sample });
        let Reply::Made { journey, .. } = made else { panic!("{made:?}") };
        let opened = asked(Request::OpenJourney { journey });
        let Reply::Board { board, .. } = opened else { panic!("no board") };
        let id = board.steps_in_order()[0].id;
        let command = Edit::set(Change::Step { id, set: StepField::Title("Hear of it offline".to_owned()) });
        asked(Request::Dispatch { journey, command, via: Via::User });
        journey.to_string()
    };
    let ollama = Ollama::start(|_, _| Says::json(&json!({ "facts": [] })));
    custory.out(&["models", "use", "--url", ollama.address(), Ollama::MODEL]);
    let folder = material("repository");
    let folder = folder.to_str().expect("a path");
    custory.out(&["draft", folder, "--model", "--accept", "--title", "Drafted offline"]);
    assert!(!ollama.asked().is_empty(), "the model was asked");
    custory.out(&["search", "offline"]);
    for (journey, format) in [(sample.as_str(), "json"), ("Drafted offline", "markdown")] {
        let file = custory.data.path().join(format!("export.{format}"));
        let path = file.to_str().expect("a path");
        custory.out(&["export", journey, "--format", format, "--output", path]);
        let text = std::fs::read_to_string(&file).expect("an export");
        assert!(text.to_lowercase().contains("offline"), "{format}");
    }
}
