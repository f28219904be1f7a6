//! Keys in the real window: sealed by a passphrase where the system has no keychain, and got by signing in in the
//! browser.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use custory_testkit::keyring::Keyring;
use custory_testkit::relay::TestRelay;
use custory_testkit::vendors::{LINEAR_APP, LINEAR_KEY, Linear};
use serde_json::json;

use crate::inbox::bring_crew;
use crate::integrations::{connect, type_address};
use crate::screens::shoot_both;
use crate::window::{Display, Surroundings, Window};

const PASSPHRASE: &str = "correct horse battery";

async fn settings(window: &Window) {
    window.see(".mapv .stp").await;
    window.click("#share").await;
    window.see("#keys").await;
}

/// Types the passphrase and confirms it.
async fn give(window: &Window, passphrase: &str) {
    window.click("#passphrase").await;
    window.type_over(passphrase).await;
    // With a word of refusal above it, it may stand half below the window's edge.
    window.value("document.querySelector('#unlock').scrollIntoView({ block: 'center' })").await;
    window.click("#unlock").await;
}

async fn says(window: &Window, words: &str) {
    window.until(&format!("document.querySelector('#keys').innerText.includes('{words}')")).await;
}

#[tokio::test]
async fn without_a_keychain_a_passphrase_seals_the_keys_and_is_asked_for_at_each_start() {
    let linear = Linear::start();
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let sealed = Surroundings { keys: None, ..Surroundings::default() };
    let window = Window::open_in(&display, folder.path(), &sealed).await;
    settings(&window).await;
    says(&window, "This system offers no keychain. Choose a passphrase").await;
    give(&window, "short").await;
    says(&window, "8 characters").await;
    window.shoot("keys-choose").await;
    give(&window, PASSPHRASE).await;
    says(&window, "unlocked until Custory closes").await;
    window.click(".side .nav[title='Integrations']").await;
    connect(&window, "linear", &linear.address(), LINEAR_KEY).await;
    window.close().await;
    assert!(!holds(folder.path(), LINEAR_KEY), "the key is in no file as it is");

    let window = Window::open_in(&display, folder.path(), &sealed).await;
    settings(&window).await;
    says(&window, "Keys are sealed").await;
    give(&window, "wrong horse battery").await;
    window.until("document.querySelector('#keys [aria-invalid=true]')").await;
    shoot_both(&window, "keys-locked").await;
    give(&window, PASSPHRASE).await;
    says(&window, "unlocked until Custory closes").await;
    window.click(".side .nav[title='Integrations']").await;
    window.click("#pull-linear").await;
    window.until("document.querySelector('#tool-linear').innerText.includes('read today')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

#[tokio::test]
async fn keys_are_in_the_systems_keychain_and_a_locked_one_is_said_and_waited_for() {
    let Some(mut keyring) = Keyring::start() else { return };
    let linear = Linear::start();
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let bus = keyring.address().to_owned();
    let around = Surroundings { keys: None, bus: Some(&bus), ..Surroundings::default() };
    let window = Window::open_in(&display, folder.path(), &around).await;
    settings(&window).await;
    says(&window, "are in the system’s keychain").await;
    window.click(".side .nav[title='Integrations']").await;
    connect(&window, "linear", &linear.address(), LINEAR_KEY).await;
    window.close().await;
    assert_eq!(keyring.count(), 1);
    for it in [folder.path(), keyring.folder()] {
        assert!(!holds(it, LINEAR_KEY), "the key is in no file as it is");
    }

    keyring.lock();
    let window = Window::open_in(&display, folder.path(), &around).await;
    settings(&window).await;
    says(&window, "it is locked or does not answer").await;
    assert_eq!(window.value("document.querySelectorAll('#passphrase').length").await, json!(0));
    window.click("#unlock").await;
    window.until("document.querySelector('#keys [role=alert]')?.innerText.includes('Unlock it')").await;
    window.shoot("keychain-locked").await;
    window.close().await;

    keyring.unlock();
    let window = Window::open_in(&display, folder.path(), &around).await;
    settings(&window).await;
    says(&window, "are in the system’s keychain").await;
    window.click(".side .nav[title='Integrations']").await;
    window.click("#pull-linear").await;
    window.until("document.querySelector('#tool-linear').innerText.includes('read today')").await;
    window.close().await;
}

#[test]
fn a_team_whose_key_is_locked_is_said_and_goes_on_when_it_is_unlocked_meanwhile() {
    let Some(keyring) = Keyring::start() else { return };
    let relay = TestRelay::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(unlock_meanwhile(keyring, &relay));
}

async fn unlock_meanwhile(mut keyring: Keyring, relay: &TestRelay) {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let bus = keyring.address().to_owned();
    let around = Surroundings { keys: None, bus: Some(&bus), ..Surroundings::default() };
    let synced = "document.querySelector('#sync')?.innerText.includes('Synced')";
    let window = Window::open_in(&display, folder.path(), &around).await;
    settings(&window).await;
    let marked = "document.querySelector('.set-n [aria-current]')?.innerText.trim()";
    window.until(&format!("{marked} === 'Team and sync'")).await;
    window.see("#team-relay").await.send_keys(&relay.address()).await.expect("a field");
    window.click("#team-create").await;
    window.see("#invite").await;
    window.close().await;

    keyring.lock();
    let window = Window::open_in(&display, folder.path(), &around).await;
    window.until("document.querySelector('#sync')?.innerText.includes('Key needed')").await;
    window.click("#sync").await;
    window.until("document.querySelector('#team').innerText.includes('Unlock it and try again')").await;
    assert_eq!(window.value("document.querySelectorAll('#team-create').length").await, json!(0));
    shoot_both(&window, "team-locked").await;
    window.click("#team-keys").await;
    window.see("#unlock").await;
    keyring.unlock();
    window.click("#unlock").await;
    says(&window, "are in the system’s keychain").await;
    window.see("#invite").await;
    window.click(".side .nav[title='Crew aboard']").await;
    window.until(synced).await;
    window.close().await;
}

/// Whether a text stands in any file of a folder, as it is.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => holds(&path, text),
            false => {
                let bytes = std::fs::read(&path).unwrap_or_default();
                bytes.windows(text.len()).any(|it| it == text.as_bytes())
            }
        }
    })
}

#[tokio::test]
async fn signing_in_in_the_browser_needs_no_key() {
    let linear = Linear::start();
    let display = Display::find();
    let (folder, programs) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    bring_crew(folder.path());
    // A browser that keeps the address it is asked to open.
    let opened = programs.path().join("opened");
    let browser = programs.path().join("xdg-open");
    std::fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display())).expect("a program");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&browser, mode).expect("it can be run");
    let with_browser = Surroundings { programs: Some(programs.path()), ..Surroundings::default() };

    let window = Window::open_in(&display, folder.path(), &with_browser).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title='Integrations']").await;
    window.click("#tool-linear").await;
    type_address(&window, "linear", &linear.address()).await;
    window.value("[...document.querySelectorAll('details')].find(it => it.querySelector('#client-linear')).querySelector('summary').click() ?? true").await;
    window.see("#client-linear").await.send_keys(LINEAR_APP).await.expect("a field");
    shoot_both(&window, "integrations-sign-in").await;
    window.click("#sign-in-linear").await;
    window
        .until("document.querySelector('#sign-in-linear').innerText.includes('Waiting for the browser')")
        .await;
    let url = loop {
        match std::fs::read_to_string(&opened) {
            Ok(url) if url.ends_with('\n') => break url.trim().to_owned(),
            _ => window.settle().await,
        }
    };
    window.shoot("integrations-sign-in-waits").await;
    assert!(visit(&linear.consent(&url)).contains("You can close this"), "the browser says what to do");
    window.see("#pull-linear").await;
    window.click("#pull-linear").await;
    window.until("document.querySelector('#tool-linear').innerText.includes('read today')").await;
    assert_eq!(linear.tokens(), 1);
    window.close().await;
}

/// What a browser shows at an address on this machine.
fn visit(url: &str) -> String {
    let rest = url.strip_prefix("http://").expect("an address on this machine");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut line = TcpStream::connect(host.replace("localhost", "127.0.0.1")).expect("somebody listens");
    write!(line, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("it is asked");
    let mut page = String::new();
    line.read_to_string(&mut page).expect("a page");
    page
}
