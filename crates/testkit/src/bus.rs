//! A message bus of the test's own, beside that of whoever runs the tests.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A bus that starts nothing by itself, so that nobody can be asked for a password.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"#;

/// A message bus, until it is dropped.
pub struct Bus {
    folder: TempDir,
    address: String,
    daemon: Child,
}

impl Bus {
    /// One that nobody is on; `None` where the system has no such program, which is said, and in CI a failure.
    pub fn start() -> Option<Self> {
        if !are_there(&["dbus-daemon"]) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("mode");
        let file = folder.path().join("bus.conf");
        std::fs::write(&file, BUS.replace("FOLDER", &folder.path().to_string_lossy())).expect("a file");
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a message bus starts");
        let mut address = String::new();
        let out = daemon.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut address).expect("the bus tells its address");
        Some(Self { folder, address: address.trim().to_owned(), daemon })
    }

    /// Where programs find it, for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A folder of its own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // A bus that is gone already is as good.
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// Whether the system has some programs. That it has not is said, and in CI a failure.
pub(crate) fn are_there(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &str| std::env::split_paths(&path).any(|it| it.join(program).is_file());
    let missing: Vec<&str> = programs.iter().copied().filter(|it| !is_there(it)).collect();
    if missing.is_empty() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "missing: {}", missing.join(", "));
    eprintln!("left out: the tests on a message bus; missing: {}", missing.join(", "));
    false
}
