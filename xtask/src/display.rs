//! Screens: whether there is one to open a window on, and one without a monitor for the tests.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Size and depth of the tests' screen; wide enough that the map and the step panel fit side by side.
const SCREEN: &str = "1600x1000x24";

/// Whether a window could open here. Systems other than Linux always have a screen of their own.
pub fn is_available() -> bool {
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// How to get a screen, for someone who has none.
pub const HOW_TO_GET_ONE: &str = "Neither DISPLAY nor WAYLAND_DISPLAY is set, so no window can open. The application is built; to see it:\n  \
     - on a desktop: run this in a terminal of the desktop session;\n  \
     - over ssh: connect with `ssh -X` (or `ssh -Y`) and run it again;\n  \
     - in a container: pass the host's DISPLAY and its X11 socket in;\n  \
     - without any screen: `xvfb-run -a cargo xtask run` (Debian package xvfb, xauth) runs it unseen.";

/// A screen in memory that goes away with this value.
pub struct Xvfb {
    server: Child,
    /// The name for `DISPLAY`, such as `:99`.
    pub display: String,
}

impl Xvfb {
    /// Starts one on a free number, which the server itself picks.
    pub fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start `Xvfb` (Debian package xvfb)")?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        let display = format!(":{}", number.trim());
        let xvfb = Self { server, display };
        if xvfb.display == ":" {
            bail!("`Xvfb` ended before it had a screen; start `Xvfb -displayfd 1` by hand to see why");
        }
        Ok(xvfb)
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        // If it is gone already there is nothing left to end.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn two_screens_at_a_time_do_not_collide() {
        if crate::process::find_program("Xvfb").is_none() {
            eprintln!("not tried: there is no Xvfb here");
            return;
        }
        let (one, two) = (Xvfb::start().expect("a screen"), Xvfb::start().expect("another screen"));
        assert_ne!(one.display, two.display);
    }
}
