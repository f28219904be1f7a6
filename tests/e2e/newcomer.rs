//! A newcomer's first hour in minutes: a relay hosted by the README's two commands, and two applications on one machine
//! that share a journey through it. What a newcomer gets wrong on the way is said where it can be mended.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::team::program;
use crate::window::{CONTROL, Display, ENTER, ESCAPE, F2, Window, free_port};

/// How long all of it may take.
const PROMISED: Duration = Duration::from_secs(180);

/// How the README runs the relay; what follows says what the relay is to do.
const COMMAND: &str = "cargo run --release -p custory-sync-relay -- ";

/// A relay in a folder of its own.
struct Hosted {
    server: Child,
    folder: TempDir,
    address: String,
    token: String,
}

impl Hosted {
    /// Does what the README says. The port is another one, since the usual one may be taken on this machine.
    fn by_the_readme() -> Self {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
        let text = text.expect("the README");
        let told: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(COMMAND)).collect();
        let told: Vec<&str> =
            told.iter().map(|it| it.split_whitespace().next().unwrap_or_default()).collect();
        assert_eq!(told.len(), 2, "two commands host a relay: {told:?}");

        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("127.0.0.1:{}", free_port());
        let relay = |what: &str| {
            let mut command = Command::new(program("sync-relay"));
            command.arg(what).current_dir(folder.path()).env("SYNC_RELAY_LISTEN", &address);
            command
        };
        let Output { status, stdout, stderr } = relay(told[0]).output().expect("the relay's program starts");
        let said = String::from_utf8_lossy(&stdout);
        assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
        let token = said.lines().find_map(|line| line.trim().strip_prefix("Token:"));
        let token = token.unwrap_or_else(|| panic!("it tells the token: {said}")).trim().to_owned();

        let mut server = relay(told[1]).stderr(Stdio::piped()).spawn().expect("the relay starts");
        let mut lines = BufReader::new(server.stderr.take().expect("a pipe")).lines();
        let open = lines.by_ref().map_while(Result::ok).find(|line| line.contains("the relay is open"));
        assert!(open.is_some(), "it says when it is open");
        // What it goes on to say must not fill the pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { server, folder, address, token }
    }
}

impl Drop for Hosted {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

#[tokio::test]
async fn two_commands_host_a_relay_and_two_windows_share_a_journey_within_three_minutes() {
    let display = Display::find();
    let (ana, ben) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    #[expect(clippy::disallowed_methods, reason = "how long it takes a person is the promise")]
    let begin = Instant::now();
    let relay = Hosted::by_the_readme();
    assert!(relay.folder.path().join("sync-relay.toml").is_file());

    // A journey, and the way to a team where one looks for it.
    let here = Window::open(&display, ana.path()).await;
    here.click("#begin-blank").await;
    here.see(".mapv .stg").await;
    here.click("#share").await;
    here.until("document.activeElement.id === 'team-relay'").await;
    let in_sight = "(() => {
        const box = document.activeElement.getBoundingClientRect();
        return box.top > 0 && box.bottom < innerHeight;
    })()";
    here.until(in_sight).await;

    // The address as the README has it, and no token: what is missing is said beside the field.
    here.press(&format!("ws://{}/sync/1", relay.address)).await;
    here.press(ENTER).await;
    here.until("document.querySelector('#team [role=alert]')?.innerText.includes('token')").await;
    here.shoot("newcomer-token").await;
    here.click("#team-token").await;
    here.press(&relay.token).await;
    here.press(ENTER).await;

    // An invitation, copied by its button and pasted by the keyboard in the other window.
    here.click("#invite").await;
    here.see("#invite-link").await;
    here.click("[aria-label='Copy the link']").await;
    here.until("document.querySelector('.toasts')?.innerText.includes('Link copied')").await;
    here.click(".side .nav[title='New journey']").await;
    let there = Window::open(&display, ben.path()).await;
    there.click("#welcome-link").await;
    there.until("document.activeElement.id === 'team-link'").await;
    there.press_with(CONTROL, "v").await;
    there.until("document.querySelector('#team-link').value.startsWith('custory://join/')").await;
    there.press(ENTER).await;
    let code = there.see("#waiting b").await.text().await.expect("a code");
    there.shoot("newcomer-waiting").await;

    // Whoever invited is told on the map, compares the code, and agrees.
    here.until("document.querySelector('#sync')?.innerText.includes('asks to join')").await;
    here.shoot("newcomer-asks").await;
    here.click("#sync").await;
    here.until(&format!("document.querySelector('.rw:has(#let-in) b')?.innerText === '{code}'")).await;
    here.click("#let-in").await;

    // The journey opens by itself, and an edit here is there.
    there.see(".mapv .stg").await;
    here.click(".side .nav[title='New journey']").await;
    here.click(".mapv .stg").await;
    here.press(ESCAPE).await;
    here.press(F2).await;
    here.replace_with("Hear of it from a friend").await;
    there.until("document.querySelector('.mapv').innerText.includes('Hear of it from a friend')").await;
    let took = begin.elapsed();
    eprintln!("from the first command to a shared edit: {:.1} s", took.as_secs_f64());
    there.shoot("newcomer-shared").await;
    assert!(took < PROMISED, "it took {took:?}");
    here.close().await;
    there.close().await;
}

#[tokio::test]
async fn an_address_where_nothing_is_can_be_mended_where_it_was_typed() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.click("#begin-blank").await;
    window.see(".mapv .stg").await;
    window.click("#share").await;
    window.until("document.activeElement.id === 'team-relay'").await;
    window.press(&format!("127.0.0.1:{}", free_port())).await;
    window.press(ENTER).await;
    window
        .until("document.querySelector('#team [role=alert]')?.innerText.includes('nothing answers there')")
        .await;
    window.shoot("newcomer-nothing-there").await;

    let relay = Hosted::by_the_readme();
    window.click("#team-token").await;
    window.press(&relay.token).await;
    window.click("#team-relay").await;
    window.replace_with(&relay.address).await;
    window.see("#invite").await;
    window.until("!document.querySelector('#team [role=alert]')").await;
    window.close().await;
}
