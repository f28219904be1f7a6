//! A real keychain of the test's own: a message bus and a GNOME keyring beside those of whoever runs the tests, unlocked
//! with a made-up password, locked, gone and back.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::bus::{Bus, are_there};

/// Opens the keyring.
const PASSWORD: &str = "a made-up password";

/// The programs that this needs.
const PROGRAMS: [&str; 2] = ["dbus-send", "gnome-keyring-daemon"];

/// How often, and for how long each time, it is looked whether the keyring answers.
const LOOKS: (usize, Duration) = (200, Duration::from_millis(50));

/// A message bus with a keyring on it.
pub struct Keyring {
    bus: Bus,
    daemon: Option<Child>,
}

impl Keyring {
    /// One that is unlocked; `None` where the system has no such programs, which is said, and in CI a failure.
    pub fn start() -> Option<Self> {
        if !are_there(&PROGRAMS) {
            return None;
        }
        let mut keyring = Self { bus: Bus::start()?, daemon: None };
        keyring.unlock();
        Some(keyring)
    }

    /// Where programs find it, for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        self.bus.address()
    }

    /// Everything that it writes is in here.
    pub fn folder(&self) -> &Path {
        self.bus.folder()
    }

    /// As after a person has logged in.
    pub fn unlock(&mut self) {
        self.serve(true);
    }

    /// As before a person has given the password.
    pub fn lock(&mut self) {
        self.serve(false);
    }

    /// Ends it; the bus goes on.
    pub fn end(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().expect("the keyring ends");
            daemon.wait().expect("the keyring ends");
        }
    }

    /// How many secrets it has under the name of Custory.
    pub fn count(&self) -> usize {
        let search = ["org.freedesktop.Secret.Service.SearchItems", "dict:string:string:service,Custory"];
        let found = self.say("org.freedesktop.secrets", "/org/freedesktop/secrets", &search);
        String::from_utf8_lossy(&found.stdout).matches("object path").count()
    }

    fn serve(&mut self, is_unlocked: bool) {
        self.end();
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if is_unlocked {
            command.arg("--unlock");
        }
        let home = self.folder().join("home");
        std::fs::create_dir_all(&home).expect("a folder");
        let mut daemon = command
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_RUNTIME_DIR", self.folder())
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a keyring starts");
        let mut stdin = daemon.stdin.take().expect("a pipe");
        stdin.write_all(PASSWORD.as_bytes()).expect("it reads its password");
        drop(stdin);
        self.daemon = Some(daemon);
        for _ in 0..LOOKS.0 {
            let ask = ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
            let owner = self.say("org.freedesktop.DBus", "/org/freedesktop/DBus", &ask);
            if String::from_utf8_lossy(&owner.stdout).contains("boolean true") {
                return;
            }
            std::thread::sleep(LOOKS.1);
        }
        panic!("the keyring does not answer")
    }

    fn say(&self, to: &str, path: &str, what: &[&str]) -> Output {
        Command::new("dbus-send")
            .args(["--session", "--print-reply", &format!("--dest={to}"), path])
            .args(what)
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .output()
            .expect("dbus-send starts")
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.end();
    }
}
