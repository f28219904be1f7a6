//! The compiler for the interface: whichever on this machine can build for WebAssembly.
//!
//! Three ways, tried in order: the running toolchain already has the target; rustup adds it; the distribution's
//! packaged compiler builds the standard library itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::project::Project;
use crate::step::{Context, Outcome};
use crate::system;

/// What the interface is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Set to `packaged` to pass over the first two ways, for example to try the third.
const WAY: &str = "CUSTORY_WASM_TOOLCHAIN";

/// Variables that would make the packaged compiler, or the target, behave like the host's.
const HOST_SETTINGS: &[&str] = &[
    "CARGO",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "LD_LIBRARY_PATH",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// Where Debian puts its packaged compiler.
const PACKAGED_FOLDER: &str = "/usr/bin";

/// A compiler that can build for [`TARGET`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that runs us.
    Running,
    /// The distribution's, with a standard library built on the spot.
    Packaged,
}

impl Toolchain {
    /// A cargo command that compiles for [`TARGET`]; `verb` is `build`, `check` and so on.
    pub fn cargo(self, project: &Project, verb: &str) -> Command {
        let mut command = match self {
            Self::Running => process::cargo(project, [verb]),
            Self::Packaged => packaged_cargo(project, verb),
        };
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command.args(["--target", TARGET]);
        if self == Self::Packaged {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command
    }

    /// `clippy` where the toolchain has it, else `check`.
    pub fn lint_verb(self) -> &'static str {
        match self {
            Self::Running => "clippy",
            Self::Packaged if packaged("cargo-clippy").is_file() => "clippy",
            Self::Packaged => "check",
        }
    }

    fn describe(self, project: &Project) -> String {
        let rustc = match self {
            Self::Running => project.rustc(),
            Self::Packaged => packaged("rustc"),
        };
        let version = process::output(Command::new(rustc).arg("--version")).unwrap_or_default();
        match self {
            Self::Running => format!("the running toolchain, {}", version.trim()),
            Self::Packaged => format!("the distribution's packaged compiler, {}", version.trim()),
        }
    }
}

fn packaged_cargo(project: &Project, verb: &str) -> Command {
    let mut command = Command::new(packaged("cargo"));
    command.current_dir(&project.root).arg(verb);
    process::forget_own_package(&mut command);
    for name in HOST_SETTINGS {
        command.env_remove(name);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(PathBuf::from(PACKAGED_FOLDER)).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
    command
        .env("RUSTC", packaged("rustc"))
        // Building the standard library is not a stable feature of cargo; the packaged compiler has no other way.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    command
}

fn packaged(program: &str) -> PathBuf {
    Path::new(PACKAGED_FOLDER).join(program)
}

/// The step that finds or installs a toolchain.
pub fn prepare(context: &mut Context) -> Result<Outcome> {
    let toolchain = find(&context.project, context.may_install)?;
    anstream::eprintln!("      using {}", toolchain.describe(&context.project));
    context.wasm = Some(toolchain);
    Ok(Outcome::Done)
}

fn find(project: &Project, may_install: bool) -> Result<Toolchain> {
    let only_packaged = std::env::var_os(WAY).is_some_and(|way| way == "packaged");
    if !only_packaged && (has_target(project) || may_install && add_with_rustup(project)) {
        return Ok(Toolchain::Running);
    }
    if system::is_debian() {
        system::ensure(system::PACKAGED_WASM, may_install)?;
        check_packaged_version(project)?;
        return Ok(Toolchain::Packaged);
    }
    bail!(
        "no compiler here can build for {TARGET}.\n\
         With rustup: `rustup target add {TARGET}`. Without it, install rustup from https://rustup.rs, or your\n\
         distribution's package with Rust's standard library for WebAssembly."
    )
}

/// Whether the running toolchain has a compiled standard library for the target.
fn has_target(project: &Project) -> bool {
    let mut command = Command::new(project.rustc());
    command.args(["--print", "target-libdir", "--target", TARGET]);
    let Some(folder) = process::output(&mut command) else { return false };
    let Ok(entries) = std::fs::read_dir(folder.trim()) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Asks rustup for the target. A failure is only reported: the next way may still work.
fn add_with_rustup(project: &Project) -> bool {
    if process::find_program("rustup").is_none() {
        return false;
    }
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]);
    if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") {
        command.arg("--toolchain").arg(toolchain);
    }
    let added = process::run(&mut command);
    if let Err(error) = &added {
        anstream::eprintln!(
            "      rustup could not add {TARGET} ({error}); trying the distribution's compiler"
        );
    }
    added.is_ok() && has_target(project)
}

fn check_packaged_version(project: &Project) -> Result<()> {
    let printed = process::output(Command::new(packaged("rustc")).arg("--version")).unwrap_or_default();
    match (parse_version(&printed), project.oldest_rust) {
        (Some(found), Some(oldest)) if found < oldest => bail!(
            "the packaged compiler is {}.{}, but the interface needs {}.{} or newer.\n\
             Bring the system up to date (`apt-get update`, then `apt-get upgrade`), or use rustup.",
            found.0,
            found.1,
            oldest.0,
            oldest.1
        ),
        (None, _) => bail!("{} does not run", packaged("rustc").display()),
        _ => Ok(()),
    }
}

/// Major and minor version from `rustc --version`.
fn parse_version(printed: &str) -> Option<(u64, u64)> {
    let mut parts = printed.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_says_its_version() {
        for (printed, expected) in [
            ("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)", Some((1, 96))),
            ("rustc 1.90.0-nightly (abc 2025-07-01)", Some((1, 90))),
            ("", None),
            ("rustc unknown", None),
        ] {
            assert_eq!(parse_version(printed), expected, "{printed}");
        }
    }
}
