//! The process that draws the window is killed: the window comes back by itself. No driver is in it, since a driver ends
//! with that process.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::window::Display;

/// So often it is looked whether the process is there, with a tenth of a second between.
const LOOKS: usize = 300;

struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Shell {
    fn start(display: &Display, folder: &std::path::Path) -> Self {
        let mut shell = Command::new(env!("CARGO_BIN_EXE_custory-desktop"));
        shell.arg("--data-dir").arg(folder).env("DISPLAY", display.name()).env("CUSTORY_KEYS", "file");
        shell.env("HOME", folder).env_remove("DBUS_SESSION_BUS_ADDRESS");
        Self(shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts"))
    }

    /// The process that draws its window, once there is one other than `old`.
    async fn drawing(&self, old: Option<u32>) -> u32 {
        for _ in 0..LOOKS {
            let parent = self.0.id().to_string();
            let found = Command::new("pgrep").args(["-P", &parent, "-f", "WebKitWebProcess"]).output();
            let found = String::from_utf8(found.expect("pgrep is there").stdout).expect("numbers");
            let mut ids = found.lines().filter_map(|it| it.trim().parse().ok());
            if let Some(id) = ids.rfind(|it| Some(*it) != old) {
                return id;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("nothing draws the window")
    }
}

#[tokio::test]
async fn a_window_whose_drawing_process_dies_comes_back_by_itself() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let shell = Shell::start(&display, folder.path());
    let mut drawing = shell.drawing(None).await;
    for _ in 0..2 {
        let killed = Command::new("kill").args(["-9", &drawing.to_string()]).status().expect("kill is there");
        assert!(killed.success());
        drawing = shell.drawing(Some(drawing)).await;
    }
}
