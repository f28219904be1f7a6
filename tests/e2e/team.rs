//! Two people on one journey: the real window here, the real command line there, a real relay between.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use custory_testkit::relay::TestRelay;

use crate::screens::shoot_both;
use crate::window::{Display, ENTER, ESCAPE, F2, Window};

/// What the relay must never hold in the clear.
const CANARY: &str = "Hear of it from a colleague";

/// A teammate at the command line, on a data folder of their own.
struct Teammate {
    folder: tempfile::TempDir,
}

impl Teammate {
    fn run(&self, arguments: &[&str]) -> String {
        let done = Command::new(program("custory"))
            .arg("--data-dir")
            .arg(self.folder.path())
            .args(arguments)
            .env("CUSTORY_KEYS", "file")
            .output()
            .expect("the command line starts");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("the command line writes UTF-8")
    }

    /// Syncs until a command's output has a text: what a window sends is under way when it shows it.
    fn hears(&self, arguments: &[&str], text: &str) {
        const TRIES: usize = 150;
        let mut last = String::new();
        for _ in 0..TRIES {
            self.run(&["sync", "--once"]);
            last = self.run(arguments);
            if last.contains(text) {
                return;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("“{text}” never comes to the teammate: {last}")
    }
}

/// The command line on a data folder, with something to read.
pub fn custory(folder: &Path, arguments: &[&str], input: &str) -> String {
    use std::io::Write as _;
    let mut running = Command::new(program("custory"))
        .arg("--data-dir")
        .arg(folder)
        .args(arguments)
        .env("CUSTORY_KEYS", "file")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command line starts");
    let mut stdin = running.stdin.take().expect("a way in");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let done = running.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("the command line writes UTF-8")
}

/// A program of this workspace; all are built side by side.
pub fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_custory-desktop")).with_file_name(name)
}

#[test]
fn an_edit_in_the_window_reaches_a_teammate_through_a_relay_that_can_not_read_it() {
    let relay = TestRelay::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(share(&relay));
    assert!(!holds(relay.folder(), CANARY), "the relay's disk has the words of an edit");
}

async fn share(relay: &TestRelay) {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let ben = Teammate { folder: tempfile::tempdir().expect("a folder") };
    let window = Window::open(&display, folder.path()).await;

    // A journey, and a team of this workspace.
    window.click("#begin-blank").await;
    window.see(".mapv .stg").await;
    window.click("#share").await;
    window.see("#team-relay").await.send_keys(&relay.address()).await.expect("a field");
    shoot_both(&window, "team-begin").await;
    window.click("#team-create").await;

    // An invitation by link; nobody is in before they are let in.
    window.click("#invite").await;
    let link = window.see("#invite-link").await.text().await.expect("a link");
    ben.run(&["team", "join", link.trim(), "--device", "Ben's laptop"]);
    window.see("#let-in").await;
    window.shoot("team-request").await;
    window.click("#let-in").await;
    window.until("!document.querySelector('#let-in')").await;
    ben.hears(&["list"], "New journey");

    // An edit here is there.
    window.click(".side .nav[title='New journey']").await;
    window.click(".mapv .stg").await;
    window.press(ESCAPE).await;
    window.press(F2).await;
    window.replace_with(CANARY).await;
    window.until("document.querySelector('#sync')?.innerText.includes('Synced')").await;
    ben.hears(&["show", "New journey"], CANARY);

    // And the window says how far it got.
    window.until("document.querySelector('#sync').title.includes('on the relay')").await;
    shoot_both(&window, "team-seen").await;
    window.close().await;
}

#[test]
fn two_windows_see_where_the_other_is_and_one_follows_the_other() {
    let relay = TestRelay::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(meet(&relay));
}

async fn meet(relay: &TestRelay) {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let ben = Teammate { folder: tempfile::tempdir().expect("a folder") };
    let here = Window::open(&display, folder.path()).await;

    // A journey with a step, shared with Ben.
    here.click("#begin-blank").await;
    here.click(".mapv .stp.bare button").await;
    here.until("document.activeElement.ariaLabel === 'Title of the new step'").await;
    here.press("Sign up").await;
    here.press(ENTER).await;
    here.until("document.querySelectorAll('.mapv .stp[id^=step-]').length === 1").await;
    here.click("#share").await;
    here.see("#team-relay").await.send_keys(&relay.address()).await.expect("a field");
    here.click("#team-create").await;
    here.click("#invite").await;
    let link = here.see("#invite-link").await.text().await.expect("a link");
    ben.run(&["team", "join", link.trim(), "--device", "Ben's laptop"]);
    here.click("#let-in").await;
    ben.hears(&["show", "New journey"], "Sign up");
    here.click(".side .nav[title='New journey']").await;
    here.see(".mapv .stp[id^=step-]").await;
    assert_eq!(here.value("document.querySelectorAll('.pres .mate').length").await, 0, "nobody else is here");

    // Ben opens it: each sees the other on top.
    let there = Window::open(&display, ben.folder.path()).await;
    there.click(".side .nav[title='New journey']").await;
    there.see(".pres .mate").await;
    here.see(".pres .mate").await;

    // What he selects has a ring here, and his pointer is where his is: over the step's head.
    there.click(".mapv .stp[id^=step-]").await;
    here.see(".mapv .stp[id^=step-] .ring").await;
    here.until("document.querySelector('.pres .mate').title.includes('“Sign up”')").await;
    there.point_at(".mapv .stp[id^=step-] h3").await;
    here.see(".mapv .cursor b").await;
    let over_the_step = "(() => {
        const tip = document.querySelector('.mapv .cursor').getBoundingClientRect();
        const head = document.querySelector('.mapv .stp[id^=step-]').getBoundingClientRect();
        return tip.left >= head.left - 2 && tip.left <= head.right && tip.top >= head.top - 2 && tip.top <= head.bottom;
    })()";
    here.until(over_the_step).await;
    shoot_both(&here, "presence").await;

    // Followed, he leads this window to the table and back; then it goes its own way again.
    here.click(".pres .mate").await;
    here.see(".following").await;
    there.press(ESCAPE).await;
    there.press("2").await;
    here.see("[role=treegrid]").await;
    here.shoot("presence-following").await;
    here.click("#stop-following").await;
    there.press("1").await;
    there.see(".mapv .stp[id^=step-]").await;
    here.see("[role=treegrid]").await;

    // He leaves the journey, and nobody is shown as here any more.
    there.click(".side .nav[title='Settings']").await;
    here.until("!document.querySelector('.pres')").await;
    there.close().await;
    here.close().await;
}

#[tokio::test]
async fn an_invitation_that_was_pressed_waits_in_its_field_and_joins_nothing_by_itself() {
    const LINK: &str = "custory://join/127.0.0.1:1/bm90IGEgc3BhY2U#bm90IGEgc2VlZA";
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open_by(&display, folder.path(), &[LINK]).await;
    window.see("#team-join").await;
    window.until(&format!("document.querySelector('#team-link').value === '{LINK}'")).await;
    window.until("document.activeElement.id === 'team-join'").await;

    // Used, it says what is wrong with it, and is still there to be looked at.
    window.press(ENTER).await;
    window.until("document.querySelector('.toasts')?.innerText.includes('link')").await;
    assert_eq!(window.value("document.querySelector('#team-link').value").await, LINK);
    window.close().await;
}

/// Whether any file below a folder has a text in the clear.
fn holds(folder: &Path, text: &str) -> bool {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|it| it.path()).any(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|it| it == text.as_bytes())
    })
}
