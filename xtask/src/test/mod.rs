//! `cargo xtask test`: everything that must hold before a change lands, cheapest first.

mod checks;
mod nats;
mod suite;
mod tally;

use anyhow::Result;

pub use self::tally::Tally;
use crate::step::{Context, Step, run_all};
use crate::{system, tidy, ui};

const PACKAGES: Step = Step {
    title: "System packages",
    advice: "install what is named above by hand, then start again.",
    run: system::ensure_tests,
};

/// Runs all steps, or with `quick` those that answer while one works on something.
pub fn run(context: &mut Context, quick: bool) -> Result<()> {
    let steps: Vec<&Step> = if quick { quick_steps(context) } else { all_steps() };
    let result = run_all(&steps, context);
    // The very last line is the sum, for people and for whatever reads the log.
    context.tally.print();
    result
}

fn all_steps() -> Vec<&'static Step> {
    vec![
        &PACKAGES,
        &checks::FORMAT,
        &tidy::STEP,
        &checks::SPELLING,
        &checks::LICENCES,
        &ui::TOOLCHAIN,
        &ui::BUILD,
        &checks::LINTS,
        &checks::INTERFACE_LINTS,
        &checks::DOCUMENTATION,
        &nats::SERVER,
        &suite::COMPILE,
        &suite::DOC_TESTS,
        &suite::XTASK,
        &suite::INTERFACE,
        &suite::TESTS,
    ]
}

/// The interface is built only if there is none: without `dist/` the shell does not compile.
fn quick_steps(context: &Context) -> Vec<&'static Step> {
    let mut steps: Vec<&Step> = vec![&checks::FORMAT, &tidy::STEP, &checks::SPELLING];
    if !context.project.root.join("dist").join("index.html").is_file() {
        steps.extend([&ui::TOOLCHAIN, &ui::BUILD]);
    }
    steps.extend([&checks::LINTS, &nats::SERVER, &suite::WINDOWLESS_TESTS]);
    steps
}
