//! What can be checked without running the product: format, spelling, licences, lints, documentation.

use anyhow::{Context as _, Result};

use crate::process::{self, cargo};
use crate::step::{Outcome, Step};

/// rustfmt would change nothing.
pub const FORMAT: Step = Step {
    title: "Format",
    advice: "`cargo fmt --all` puts it right (`rustup component add rustfmt` if there is no rustfmt).",
    run: |context| done(process::run(&mut cargo(&context.project, ["fmt", "--all", "--check"]))),
};

/// No known misspelling.
pub const SPELLING: Step = Step {
    title: "Spelling",
    advice: "correct the word, or add it to typos.toml if it is one.",
    run: |context| {
        if process::find_program("typos").is_none() {
            return Ok(Outcome::LeftOut("`typos` is not installed (`cargo install typos-cli`)".to_owned()));
        }
        let mut typos = std::process::Command::new("typos");
        done(process::run(typos.current_dir(&context.project.root)))
    },
};

/// Every dependency comes from crates.io under a licence we accept. Known vulnerabilities are looked up by the
/// scheduled workflow instead: they change without a change of ours.
pub const LICENCES: Step = Step {
    title: "Licences and origins of dependencies",
    advice: "deny.toml says what is accepted and why.",
    run: |context| {
        if process::find_program("cargo-deny").is_none() {
            return Ok(Outcome::LeftOut(
                "`cargo deny` is not installed (`cargo install cargo-deny`)".to_owned(),
            ));
        }
        let words = ["deny", "--log-level", "error", "check", "bans", "licenses", "sources"];
        done(process::run(&mut cargo(&context.project, words)))
    },
};

/// The compiler release whose lints must find nothing. Another release knows other lints; what it finds is
/// shown and fails nothing, so that a compiler update never stops somebody's work.
const LINTED_WITH: &str = "1.95";

/// How loud a lint is: an error with the release that we lint with, else a warning.
fn severity() -> &'static str {
    let version = process::output(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    if version.starts_with(&format!("rustc {LINTED_WITH}.")) { "-D" } else { "-W" }
}

/// Clippy finds nothing in everything that runs on this machine.
pub const LINTS: Step = Step {
    title: "Lints",
    advice: "`cargo clippy --all-targets -- -D warnings` repeats it (`rustup component add clippy` if there is no clippy).",
    run: |context| {
        let all = ["--all-targets", "--", severity(), "warnings"];
        process::run(cargo(&context.project, ["clippy"]).args(all))?;
        done(process::run(cargo(&context.project, ["clippy", "--package", "xtask"]).args(all)))
    },
};

/// The same for the interface, as WebAssembly sees it where the toolchain has clippy, else at least the compiler.
pub const INTERFACE_LINTS: Step = Step {
    title: "Lints of the interface",
    advice: "the first message above is the one to look at.",
    run: |context| {
        let toolchain =
            context.wasm.context("the step that finds a compiler for WebAssembly has to come first")?;
        let mut lint = toolchain.cargo(&context.project, toolchain.lint_verb());
        lint.args(["--package", "custory-ui", "--profile", "wasm-dev", "--target-dir"]);
        lint.arg(context.project.target.join("wasm"));
        if toolchain.lint_verb() == "clippy" {
            lint.args(["--", severity(), "warnings"]);
        }
        done(process::run(&mut lint))
    },
};

/// rustdoc understands every comment.
pub const DOCUMENTATION: Step = Step {
    title: "Documentation",
    advice: "`cargo doc --no-deps` repeats it.",
    run: |context| {
        let mut doc = cargo(&context.project, ["doc", "--no-deps", "--document-private-items"]);
        done(process::run(doc.env("RUSTDOCFLAGS", format!("{} warnings", severity()))))
    },
};

fn done(result: Result<()>) -> Result<Outcome> {
    result.map(|()| Outcome::Done)
}
