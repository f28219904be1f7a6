//! The tests themselves: compiled once with both programs beside them, then run by nextest or by cargo.
//!
//! All commands here select the same packages, the workspace's default members, so that cargo resolves the same
//! features each time and compiles nothing twice.

use std::process::Command;

use anyhow::Result;

use crate::display::Xvfb;
use crate::process::{self, cargo};
use crate::project::Project;
use crate::run::PROGRAM;
use crate::step::{Context, Outcome, Step};

/// Tests of the root package are whole paths and open windows; see `.config/nextest.toml`.
const WINDOWLESS: &str = "not (package(=custory) and kind(test))";

/// The desktop application and the command line are built first: whole-path tests start them.
pub const COMPILE: Step = Step {
    title: "Application, command line and tests",
    advice: "the compiler's first error above is the one to look at.",
    run: |context| {
        process::run(&mut cargo(&context.project, ["build", "--bins", "--tests"]))?;
        Ok(Outcome::Done)
    },
};

/// The examples in the documentation. nextest does not run these.
pub const DOC_TESTS: Step = Step {
    title: "Examples in the documentation",
    advice: "`cargo test --doc` repeats it.",
    run: |context| {
        let mut command = cargo(&context.project, ["test", "--doc"]);
        noticing(context, &mut command)
    },
};

/// The tests of these commands.
pub const XTASK: Step = Step {
    title: "Tests of xtask",
    advice: "`cargo test --package xtask` repeats it.",
    run: |context| {
        let mut command = cargo(&context.project, ["test", "--package", "xtask"]);
        noticing(context, &mut command)
    },
};

/// The interface's own tests, compiled for this machine rather than for the web.
pub const INTERFACE: Step = Step {
    title: "Tests of the interface",
    advice: "`cargo test --package custory-ui` repeats it.",
    run: |context| {
        let mut command = cargo(&context.project, ["test", "--package", "custory-ui"]);
        noticing(context, &mut command)
    },
};

/// Everything, the real window included.
pub const TESTS: Step = Step {
    title: "Tests",
    advice: "`cargo nextest run NAME` or `cargo test NAME` repeats one; one that opens a window needs a DISPLAY.",
    run: |context| {
        if !cfg!(target_os = "linux") {
            anstream::eprintln!(
                "      left out: tests that open a window; their driver exists only on Linux"
            );
            return noticing(context, &mut windowless(&context.project));
        }
        let screen = Xvfb::start()?;
        let mut command = runner(&context.project);
        on_screen(&mut command, &context.project, &screen);
        noticing(context, &mut command)
    },
};

/// The tests that need no screen.
pub const WINDOWLESS_TESTS: Step = Step {
    title: "Tests without a window",
    advice: "`cargo nextest run NAME` or `cargo test NAME` repeats one.",
    run: |context| noticing(context, &mut windowless(&context.project)),
};

/// Runs every test of the default members, examples in the documentation apart.
fn runner(project: &Project) -> Command {
    if has_nextest(project) {
        cargo(project, ["nextest", "run"])
    } else {
        anstream::eprintln!(
            "      cargo-nextest is not installed; `cargo test` runs the tests one program at a time"
        );
        cargo(project, ["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
    }
}

/// The same without the root package's tests. cargo can leave out only the whole package.
fn windowless(project: &Project) -> Command {
    let mut command = runner(project);
    if has_nextest(project) {
        command.args(["--filterset", WINDOWLESS]);
    } else {
        command.arg("--workspace");
        for package in ["custory", "custory-ui", "xtask"] {
            command.args(["--exclude", package]);
        }
    }
    command
}

fn has_nextest(project: &Project) -> bool {
    process::output(&mut cargo(project, ["nextest", "--version"])).is_some()
}

/// Windows open on the tests' own screen, never on the desktop of whoever runs them.
fn on_screen(command: &mut Command, project: &Project, screen: &Xvfb) {
    let program = project.built(PROGRAM, false);
    anstream::eprintln!("      windows of {} open on the screen {}", program.display(), screen.display);
    command.env("DISPLAY", &screen.display).env("GDK_BACKEND", "x11").env_remove("WAYLAND_DISPLAY");
}

fn noticing(context: &Context, command: &mut Command) -> Result<Outcome> {
    let tally = &context.tally;
    process::run_noticing(command, |line| tally.notice(line))?;
    Ok(Outcome::Done)
}
