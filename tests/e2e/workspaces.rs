//! Several workspaces in one window, and the way back in for whoever has lost their devices.

use std::path::Path;

use custory_testkit::relay::TestRelay;

use crate::screens::shoot_both;
use crate::team::custory;
use crate::window::{Display, Window};

/// Presses an entry of the open menu.
async fn choose(window: &Window, entry: &str) {
    let found =
        format!("[...document.querySelectorAll('.menu-i')].find(it => it.innerText.trim() === '{entry}')");
    window.until(&format!("!!{found}")).await;
    window.value(&format!("{found}.click()")).await;
}

/// Begins with a blank journey, and has the question for another workspace open with its name in it: Acme.
async fn name_another(window: &Window) {
    window.click("#begin-blank").await;
    window.until("document.querySelector('.side .ws-n')?.innerText === 'My workspace'").await;

    window.click("#workspace").await;
    choose(window, "New workspace…").await;
    window.see("#new-workspace-name").await.send_keys("Acme").await.expect("a field");
}

#[tokio::test]
async fn a_second_workspace_is_a_world_of_its_own_and_switching_loses_nothing() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    name_another(&window).await;
    window.shoot("workspace-new").await;
    window.click("#new-workspace-make").await;

    // It begins like a first start, with the way back on top.
    window.see(".wel #workspace").await;
    window.until("document.querySelector('.wel .ws-n').innerText === 'Acme'").await;
    window.shoot("workspace-welcome").await;
    window.click("#begin-sample").await;
    window.see(".side .ws").await;
    window.until("document.querySelectorAll('.side .nav[title=\"New journey\"]').length === 0").await;

    window.click("#workspace").await;
    window.see(".menu-i").await;
    shoot_both(&window, "workspace-switch").await;
    choose(&window, "My workspace").await;
    window.until("document.querySelector('.side .ws-n')?.innerText === 'My workspace'").await;
    window.see(".side .nav[title='New journey']").await;
    window.click("#workspace").await;
    choose(&window, "Acme").await;
    window.until("document.querySelector('.side .ws-n')?.innerText === 'Acme'").await;
    window.close().await;

    let here = custory(folder.path(), &["--workspace", "Acme", "list"], "");
    assert!(!here.contains("New journey"), "{here}");
    assert!(custory(folder.path(), &["--workspace", "my workspace", "list"], "").contains("New journey"));
}

#[test]
fn whoever_has_lost_their_device_comes_back_with_a_recovery_file() {
    let relay = TestRelay::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(recover(&relay));
}

async fn recover(relay: &TestRelay) {
    const PASSPHRASE: &str = "correct horse battery";
    let (lost, kept) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let map = kept.path().join("map.mmd");
    std::fs::write(&map, "journey\n  title Before the loss\n  section Start\n    Sign up: 3: Me\n")
        .expect("a file");
    custory(lost.path(), &["import", map.to_str().expect("a path")], "");
    custory(lost.path(), &["team", "create", &relay.address()], "");
    let file = kept.path().join("custory-recovery.key");
    custory(lost.path(), &["team", "recovery", file.to_str().expect("a path")], &format!("{PASSPHRASE}\n"));
    custory(lost.path(), &["sync", "--once"], "");
    drop(lost);

    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.see("#welcome-recover").await;
    window.shoot("welcome-recovery").await;
    window.click("#welcome-recover").await;
    let choose = async |path: &Path| {
        let field = window.see("#recover-file").await;
        field.send_keys(path.to_str().expect("a path")).await.expect("a field for files");
    };
    let says = |text: &str| {
        format!(
            "document.querySelector('#team .rw:has(#recover-file) [role=alert]')?.innerText.includes('{text}')"
        )
    };

    // A file of something else, and another passphrase, are named; nothing has happened by then.
    choose(&map).await;
    window.see("#recover-passphrase").await.send_keys(PASSPHRASE).await.expect("a field");
    window.click("#recover").await;
    window.until(&says("not a recovery file")).await;
    choose(&file).await;
    window.see("#recover-passphrase").await.send_keys("x").await.expect("a field");
    window.click("#recover").await;
    window.until(&says("not the passphrase")).await;
    window.shoot("recovery-wrong").await;

    window.click("#recover-passphrase").await;
    window.replace_with(PASSPHRASE).await;
    window.see(".side .nav[title='Before the loss']").await;
    window.see(".mapv .stp[id^=step-]").await;
    window.shoot("recovery-back").await;
    window.close().await;
}

#[test]
fn what_is_new_in_a_workspace_that_is_not_shown_is_said_at_the_switch() {
    let relay = TestRelay::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(hear_of_another(&relay));
}

async fn hear_of_another(relay: &TestRelay) {
    // A team at the command line, and a second workspace here that is in it.
    let (ana, base) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    custory(base.path(), &["list"], "");
    let second = base.path().join("workspaces/01M8Q85EFV2KXARHGMV7HQC6M1");
    std::fs::create_dir_all(&second).expect("a folder");
    custory(ana.path(), &["team", "create", &relay.address()], "");
    let link = custory(ana.path(), &["team", "invite"], "");
    custory(&second, &["team", "join", link.trim()], "");
    let team: serde_json::Value =
        serde_json::from_str(&custory(ana.path(), &["team", "--json"], "")).expect("JSON");
    custory(ana.path(), &["team", "approve", &team["requests"][0]["request"].to_string()], "");
    custory(&second, &["sync", "--once"], "");

    let display = Display::find();
    let window = Window::open(&display, base.path()).await;
    window.click("#begin-blank").await;
    window.see(".side #workspace").await;
    let map = ana.path().join("map.mmd");
    std::fs::write(&map, "journey\n  title From Ana\n  section Start\n    Sign up: 3: Me\n").expect("a file");
    custory(ana.path(), &["import", map.to_str().expect("a path")], "");
    custory(ana.path(), &["sync", "--once"], "");
    window.until("document.querySelector('#workspace').title.includes('1 journey changed')").await;
    window.see("#workspace .dot").await;
    window.click("#workspace").await;
    window.see(".menu-i .cnt").await;
    window.shoot("workspace-news").await;
    window.value("document.querySelector('.menu-i:has(.cnt)').click()").await;
    window.see(".side .nav[title='From Ana']").await;
    window.until("document.querySelector('#workspace') && !document.querySelector('#workspace .dot')").await;
    window.close().await;
}

#[tokio::test]
async fn a_workspace_is_taken_off_this_computer_by_its_name_if_anything_would_be_gone() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    name_another(&window).await;
    window.click("#new-workspace-make").await;
    window.see(".wel #workspace").await;

    // Nothing is in it, so one press will do, and the other workspace is shown.
    window.click("#workspace").await;
    choose(&window, "Take this one off this computer…").await;
    window.see("#take-off").await;
    assert!(window.value("!document.querySelector('#take-off-name')").await.as_bool().expect("a yes or no"));
    window.click("#take-off").await;
    window.until("document.querySelector('.side .ws-n')?.innerText === 'My workspace'").await;
    window.see(".side .nav[title='New journey']").await;

    // A journey of this one is nowhere else: its name has to be typed.
    window.click("#workspace").await;
    choose(&window, "Take this one off this computer…").await;
    window.see("#take-off-name").await;
    window.until("document.querySelector('#dialog').innerText.includes('on this computer only')").await;
    window.until("document.querySelector('#take-off').disabled").await;
    window.shoot("workspace-take-off").await;
    window.click("#take-off-name").await;
    window.press("My workspace").await;
    window.until("!document.querySelector('#take-off').disabled").await;
    window.click("#take-off").await;
    window.see("#begin-sample").await;
    window.close().await;
    let left = custory(folder.path(), &["list"], "");
    assert!(!left.contains("New journey"), "{left}");
}
