//! Finds, passage by passage, what customers do, meet, ask and stumble over.
//!
//! [`FactFinder`] is where another finder can be put: whatever it finds is checked word for word
//! against the source before it counts, and titles, stages and order are made after it.

mod command;
mod email;
mod fact;
mod locale;
mod passage;
mod path_test;
mod program;
mod prose;
mod statement;

pub use fact::{Fact, FactKind, Sign};
pub use passage::Passage;
pub(crate) use passage::passages;
pub(crate) use program::is_telling;
pub(crate) use prose::opens_a_start;

use crate::genre::Genre;

/// Finds facts in a passage.
pub trait FactFinder: Send + Sync {
    /// What the passage says. Facts whose quote is not in the passage are dropped and counted.
    fn find(&self, passage: &Passage<'_>) -> Vec<Fact>;
}

/// Finds by rules: headings, steps, buttons, routes, events, tests, subjects, questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl FactFinder for Rules {
    fn find(&self, passage: &Passage<'_>) -> Vec<Fact> {
        let text = &passage.doc.text;
        match passage.doc.genre {
            Genre::Test => path_test::find(text),
            Genre::Email if passage.doc.blocks.is_empty() => email::find(&passage.doc.locator, text),
            Genre::Locale => locale::find(text),
            Genre::Routes | Genre::Program => {
                let mut facts = program::find(passage.doc);
                facts.extend(command::find(text));
                facts
            }
            _ => prose::find(passage),
        }
    }
}
