//! `cargo xtask`: everything one does with this repository, from a bare clone and with nothing but cargo.
//!
//! Each command is a short list of [`step::Step`]s, so that a person sees where the time goes and which part
//! failed. No product rule lives here, and nothing of the product depends on this package.

mod bench;
mod display;
mod eval;
mod lock;
mod process;
mod project;
mod run;
mod screens;
mod step;
mod system;
mod terminal;
mod test;
mod tidy;
mod ui;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;
use crate::step::Context;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Build, start and check Custory")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Only name missing system packages and toolchains, install nothing
    #[arg(long, global = true)]
    no_install: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Build Custory and open its window; installs what the build needs
    Run {
        /// Build the fast version (takes longer to build)
        #[arg(long)]
        release: bool,
        /// Passed on to the application
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Everything that must hold before a change lands: format, lints, rules, tests, the real window
    #[command(alias = "ci")]
    Test {
        /// Leave out system packages, documentation and the tests that open a window
        #[arg(long)]
        quick: bool,
    },
    /// Build only the interface (WebAssembly) into dist/
    Ui {
        /// Build the small version that is shipped
        #[arg(long)]
        release: bool,
    },
    /// Take the pictures of docs/screens anew: runs the tests that open a window, and keeps what the papers show
    Screens,
    /// Check the house rules: who imports whom, module docs, file sizes, one clock
    Tidy,
    /// Draft a small corpus and compare with golden steps; the report goes to docs/eval
    Eval(eval::Wish),
    /// Run a benchmark; without a name, list them
    Bench {
        /// A name from the list
        name: Option<String>,
        /// Passed on to the benchmark
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            step::print_failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let project = Project::locate()?;
    lock::check_bindgen_versions(&project.root)?;
    let mut context = Context::new(project, !arguments.no_install);
    match arguments.command {
        Command::Run { release, arguments } => run::run(&mut context, release, &arguments),
        Command::Test { quick } => test::run(&mut context, quick).map(|()| ExitCode::SUCCESS),
        Command::Ui { release } => ui::run(&mut context, release).map(|()| ExitCode::SUCCESS),
        Command::Screens => screens::run(&context.project).map(|()| ExitCode::SUCCESS),
        Command::Tidy => tidy::run(&mut context).map(|()| ExitCode::SUCCESS),
        Command::Eval(wish) => eval::run(&context.project, &wish).map(|()| ExitCode::SUCCESS),
        Command::Bench { name, arguments } => {
            bench::run(&context.project, name.as_deref(), &arguments).map(|()| ExitCode::SUCCESS)
        }
    }
}
