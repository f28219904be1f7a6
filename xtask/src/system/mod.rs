//! System packages: which are needed, which are missing, and how they get here.
//!
//! On Debian and its relatives missing packages are installed; everywhere else the message says exactly what to
//! install. Nothing is ever removed, and with `--no-install` nothing is changed.

mod debian;
mod family;
mod needs;

use anyhow::{Result, bail};

pub use self::needs::{BUILD, Need, PACKAGED_WASM, TESTS};
use crate::process;
use crate::step::{Context, Outcome};

use self::family::Family;

/// Makes sure that everything in `needs` is here.
pub fn ensure(needs: &[Need], may_install: bool) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return elsewhere();
    }
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let family = Family::of_this_system();
    if family == Family::Debian && process::find_program("apt-get").is_some() {
        return debian::ensure(&missing, may_install);
    }
    bail!("{}", family.instructions(&missing))
}

/// The step that looks after what building and starting the application needs.
pub fn ensure_build(context: &mut Context) -> Result<Outcome> {
    ensure(BUILD, context.may_install).map(|()| Outcome::Done)
}

/// The step that looks after what building and testing needs.
pub fn ensure_tests(context: &mut Context) -> Result<Outcome> {
    ensure(BUILD, context.may_install)?;
    if cfg!(target_os = "linux") {
        ensure(TESTS, context.may_install)?;
    }
    Ok(Outcome::Done)
}

/// Whether this system installs packages the Debian way.
pub fn is_debian() -> bool {
    cfg!(target_os = "linux")
        && Family::of_this_system() == Family::Debian
        && process::find_program("apt-get").is_some()
}

/// macOS and Windows bring the web view along; only the compiler's own tools can be missing.
fn elsewhere() -> Result<()> {
    if cfg!(target_os = "macos")
        && process::output(std::process::Command::new("xcode-select").arg("-p")).is_none()
    {
        bail!("Apple's command line tools are missing; install them with `xcode-select --install`.");
    }
    if cfg!(windows) {
        anstream::eprintln!(
            "      Windows needs the Microsoft C++ Build Tools (\"Desktop development with C++\") and the WebView2\n      \
             runtime, which Windows 11 brings along; both come from Microsoft's download pages."
        );
    }
    Ok(())
}
