//! Starting other programs: shown before they run, and named in full when they fail.
//!
//! Output goes straight to the terminal, so that cargo's own progress stays visible.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::terminal::COMMAND;

/// What `cargo run` tells *this* program about itself. A nested cargo must not take it for its own.
const OWN_PACKAGE: &[&str] = &[
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// The running cargo with these arguments, in the repository's root.
pub fn cargo<I, S>(project: &Project, arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(&project.cargo);
    command.current_dir(&project.root).args(arguments);
    forget_own_package(&mut command);
    command
}

/// Takes out of the environment what only describes xtask itself.
pub fn forget_own_package(command: &mut Command) {
    for name in OWN_PACKAGE {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
}

/// Shows the command, runs it, and fails unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    check(command, status)
}

/// Shows the command and runs it; the caller judges how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    anstream::eprintln!("{COMMAND}      $ {}{COMMAND:#}", show(command));
    command.status().with_context(|| format!("could not start `{}`", show(command)))
}

/// Like [`run`], and hands every line of output to `notice` as it passes by, without its colours.
pub fn run_noticing(command: &mut Command, notice: impl Fn(&str) + Sync) -> Result<()> {
    anstream::eprintln!("{COMMAND}      $ {}{COMMAND:#}", show(command));
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("could not start `{}`", show(command)))?;
    let stdout = child.stdout.take().context("the child has no standard output")?;
    let stderr = child.stderr.take().context("the child has no standard error")?;
    thread::scope(|scope| {
        scope.spawn(|| pass_on(stdout, std::io::stdout(), &notice));
        scope.spawn(|| pass_on(stderr, std::io::stderr(), &notice));
    });
    let status = child.wait()?;
    check(command, status)
}

/// What a quiet command prints, or nothing if it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Finds a program on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|program| program.is_file())
}

/// The command as one could type it.
pub fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let words = command.get_args().map(|word| quote(&word.to_string_lossy()));
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_=/.,:@+\\".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` ended with {status}", show(command));
    }
    Ok(())
}

/// Copies lines until the end; a line that can no longer be written is still noticed.
fn pass_on(from: impl Read, mut to: impl Write, notice: &impl Fn(&str)) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // The reader of our output may be gone; the tests go on and the exit code still tells.
        to.write_all(&line).and_then(|()| to.flush()).ok();
        let text = String::from_utf8_lossy(&line);
        notice(anstream::adapter::strip_str(text.trim_end()).to_string().as_str());
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_could_type_it() {
        let mut command = Command::new(Path::new("some").join("bin").join("cargo"));
        command.args(["test", "--test", "*", "-E", "not kind(test)", ""]);
        assert_eq!(show(&command), "cargo test --test '*' -E 'not kind(test)' ''");
    }
}
