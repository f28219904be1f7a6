//! A real keychain of the test's own: a message bus and a GNOME keyring beside those of whoever runs the tests, unlocked
//! with a made-up password, locked, gone and back.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Opens the keyring.
const PASSWORD: &str = "a made-up password";

/// A bus that starts nothing by itself, so that nobody can be asked for a password.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"#;

/// The programs that this needs.
const PROGRAMS: [&str; 3] = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"];

/// How often, and for how long each time, it is looked whether the keyring answers.
const LOOKS: (usize, Duration) = (200, Duration::from_millis(50));

/// A message bus with a keyring on it.
pub struct Keyring {
    folder: TempDir,
    address: String,
    bus: Child,
    daemon: Option<Child>,
}

impl Keyring {
    /// One that is unlocked; `None` where the system has no such programs, which is said, and in CI a failure.
    pub fn start() -> Option<Self> {
        let missing: Vec<&str> = PROGRAMS.into_iter().filter(|it| !is_there(it)).collect();
        if !missing.is_empty() {
            assert!(std::env::var_os("CI").is_none(), "missing: {}", missing.join(", "));
            eprintln!("left out: the tests with a real keychain; missing: {}", missing.join(", "));
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("mode");
        let file = folder.path().join("bus.conf");
        std::fs::write(&file, BUS.replace("FOLDER", &folder.path().to_string_lossy())).expect("a file");
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a message bus starts");
        let mut address = String::new();
        let out = bus.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut address).expect("the bus tells its address");
        let mut keyring = Self { folder, address: address.trim().to_owned(), bus, daemon: None };
        keyring.unlock();
        Some(keyring)
    }

    /// Where programs find it, for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Everything that it writes is in here.
    pub fn folder(&self) -> &Path {
        self.folder.path()
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
        let home = self.folder.path().join("home");
        std::fs::create_dir_all(&home).expect("a folder");
        let mut daemon = command
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
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
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .expect("dbus-send starts")
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.end();
        // A bus that is gone already is as good.
        self.bus.kill().ok();
        self.bus.wait().ok();
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|it| it.join(program).is_file())
}
