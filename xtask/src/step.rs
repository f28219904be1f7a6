//! A command as a numbered list of steps: what is being done, how long it took, what to do when it fails.
//!
//! Invariant: the first failing step ends the command, and every step that ran is in the closing table.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::project::Project;
use crate::terminal::{BAD, GOOD, NOTE, NUMBER, TITLE};
use crate::test::Tally;
use crate::wasm::Toolchain;

/// One part of a command.
pub struct Step {
    /// What is being done, as a person would say it.
    pub title: &'static str,
    /// What to do when it fails; empty if the failure itself says it.
    pub advice: &'static str,
    /// Does it.
    pub run: fn(&mut Context) -> Result<Outcome>,
}

/// How a step that did not fail ended.
pub enum Outcome {
    /// It did what its title says.
    Done,
    /// It could not be done here and was left out, for this reason.
    LeftOut(String),
}

/// What the steps of one command know and leave for each other.
pub struct Context {
    /// Where everything is.
    pub project: Project,
    /// Whether missing packages and toolchains may be installed.
    pub may_install: bool,
    /// Build the fast, shipped version.
    pub release: bool,
    /// The compiler for the interface, once a step has found it.
    pub wasm: Option<Toolchain>,
    /// What the test runners have counted so far.
    pub tally: Tally,
}

impl Context {
    /// The state before the first step.
    pub fn new(project: Project, may_install: bool) -> Self {
        Self { project, may_install, release: false, wasm: None, tally: Tally::default() }
    }
}

/// A step ended badly. Carries all that its message needs.
#[derive(Debug)]
struct StepFailed {
    number: usize,
    total: usize,
    title: &'static str,
    advice: &'static str,
}

impl std::fmt::Display for StepFailed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "step {} of {} failed: {}", self.number, self.total, self.title)
    }
}

struct Row {
    title: &'static str,
    took: Duration,
    ending: &'static str,
}

/// Runs the steps in order and stops at the first that fails. More than three steps close with a table of times.
pub fn run_all(steps: &[&Step], context: &mut Context) -> Result<()> {
    let begun = now();
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    let mut failure = None;
    for (index, step) in steps.iter().enumerate() {
        let number = index + 1;
        let total = steps.len();
        anstream::eprintln!("\n{NUMBER}[{number}/{total}]{NUMBER:#} {TITLE}{}{TITLE:#}", step.title);
        let step_begun = now();
        let outcome = (step.run)(context);
        let took = step_begun.elapsed();
        let ending = match outcome {
            Ok(Outcome::Done) => {
                anstream::eprintln!("{GOOD}      done in {}{GOOD:#}", show(took));
                "done"
            }
            Ok(Outcome::LeftOut(reason)) => {
                anstream::eprintln!("{NOTE}      LEFT OUT: {reason}{NOTE:#}");
                left_out.push(format!("{}: {reason}", step.title));
                "left out"
            }
            Err(error) => {
                let failed = StepFailed { number, total, title: step.title, advice: step.advice };
                failure = Some(error.context(failed));
                "FAILED"
            }
        };
        rows.push(Row { title: step.title, took, ending });
        if failure.is_some() {
            break;
        }
    }
    if steps.len() > 3 {
        print_table(&rows, begun.elapsed(), &left_out);
    }
    failure.map_or(Ok(()), Err)
}

/// Says what went wrong, the causes below it, and what to do.
pub fn print_failure(error: &anyhow::Error) {
    anstream::eprintln!("\n{BAD}✗ {error}{BAD:#}");
    for cause in error.chain().skip(1) {
        for line in cause.to_string().lines() {
            anstream::eprintln!("    {line}");
        }
    }
    if let Some(failed) = error.downcast_ref::<StepFailed>()
        && !failed.advice.is_empty()
    {
        anstream::eprintln!("  What to do: {}", failed.advice);
    }
}

fn print_table(rows: &[Row], total: Duration, left_out: &[String]) {
    let width = rows.iter().map(|row| row.title.chars().count()).max().unwrap_or(0);
    anstream::eprintln!("\n{TITLE}Time per step{TITLE:#}");
    for row in rows {
        anstream::eprintln!("  {:<width$}  {:>9}  {}", row.title, show(row.took), row.ending);
    }
    anstream::eprintln!("  {:<width$}  {:>9}", "Total", show(total));
    for reason in left_out {
        anstream::eprintln!("{NOTE}  LEFT OUT  {reason}{NOTE:#}");
    }
}

/// A span of time as people say it: `0.4 s`, `12 s`, `3 min 05 s`.
fn show(span: Duration) -> String {
    match span.as_secs() {
        0..10 => format!("{:.1} s", span.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[expect(clippy::disallowed_methods, reason = "the time shown to whoever waits for a build is the real one")]
pub fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_shown_in_the_unit_a_person_would_use() {
        for (millis, expected) in
            [(0, "0.0 s"), (440, "0.4 s"), (12_900, "12 s"), (60_000, "1 min 00 s"), (185_000, "3 min 05 s")]
        {
            assert_eq!(show(Duration::from_millis(millis)), expected);
        }
    }
}
