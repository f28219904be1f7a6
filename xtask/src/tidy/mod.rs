//! `cargo xtask tidy`: the house rules that no compiler knows. Each rule is a file here.
//!
//! A rule reads and reports; none changes a file. All findings are shown at once.

mod edges;
mod files;
mod manifests;
mod purity;
mod text;

use std::fmt;

use anyhow::{Result, bail};

use crate::step::{Context, Outcome, Step, run_all};

/// The rules as a step of a longer command.
pub const STEP: Step = Step {
    title: "House rules (tidy)",
    advice: "each line above names the place and what is expected there; ARCHITECTURE.md says why.",
    run: check,
};

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// A package, or a path with its line.
    pub place: String,
    /// What is wrong and what is expected.
    pub problem: String,
}

impl Finding {
    fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.problem)
    }
}

/// `cargo xtask tidy`.
pub fn run(context: &mut Context) -> Result<()> {
    run_all(&[&STEP], context)
}

fn check(context: &mut Context) -> Result<Outcome> {
    let project = &context.project;
    let metadata = project.metadata()?;
    let files = files::read(&project.root)?;
    let mut findings = edges::check(&metadata);
    findings.extend(purity::check(&metadata));
    findings.extend(files.iter().flat_map(manifests::check));
    findings.extend(files.iter().flat_map(|file| text::check(file, &text::places_of_this_machine(project))));
    findings.sort();
    findings.dedup();
    for finding in &findings {
        anstream::eprintln!("      {finding}");
    }
    match findings.len() {
        0 => {
            anstream::eprintln!(
                "      {} files and {} packages keep the rules",
                files.len(),
                metadata.workspace_members.len()
            );
            Ok(Outcome::Done)
        }
        1 => bail!("one place breaks a rule"),
        count => bail!("{count} places break a rule"),
    }
}
