//! `cargo xtask run`: from a bare clone to the window.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::process;
use crate::step::{Context, Outcome, Step, run_all};
use crate::{display, system, ui};

/// The program of the desktop application.
pub const PROGRAM: &str = "custory-desktop";

const PACKAGES: Step = Step {
    title: "System packages",
    advice: "install what is named above by hand, then start again.",
    run: system::ensure_build,
};

const APPLICATION: Step = Step {
    title: "Application",
    advice: "the compiler's first error above is the one to look at.",
    run: build,
};

/// Builds everything and starts the application; its exit code becomes ours.
pub fn run(context: &mut Context, release: bool, arguments: &[String]) -> Result<ExitCode> {
    context.release = release;
    run_all(&[&PACKAGES, &ui::TOOLCHAIN, &ui::BUILD, &APPLICATION], context)?;
    let program = context.project.built(PROGRAM, release);
    if !display::is_available() {
        bail!("{}\nThe program is {}", display::HOW_TO_GET_ONE, program.display());
    }
    anstream::eprintln!("\nStarting Custory. Close its window, or press Ctrl-C here, to end it.");
    let status = process::status(Command::new(&program).args(arguments))?;
    if status.success() {
        return Ok(ExitCode::SUCCESS);
    }
    anstream::eprintln!("The application ended with {status}.");
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn build(context: &mut Context) -> Result<Outcome> {
    let mut cargo = process::cargo(&context.project, ["build", "--bin", PROGRAM]);
    if context.release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    Ok(Outcome::Done)
}
