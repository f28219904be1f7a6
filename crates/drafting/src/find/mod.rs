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
pub use statement::states_problem;

use custory_domain::draft::ModelWork;

use crate::error::DraftError;
use crate::genre::Genre;

/// Who is told how far a slow finder is: how many of how many pieces, and what is at hand. Its error
/// says that nobody waits any more.
pub type Far<'a> = dyn FnMut(usize, usize, &str) -> Result<(), DraftError> + 'a;

/// Finds facts in a passage.
pub trait FactFinder: Send + Sync {
    /// Told of all passages, in their order, before the first is asked about.
    fn begin(&self, passages: &[Passage<'_>]) {
        let _ = passages;
    }

    /// What the passage says. Facts whose quote is not in the passage are dropped and counted. A
    /// finder that needs no time leaves `far` alone.
    ///
    /// # Errors
    /// When there can be no draft at all; a passage that it cannot deal with is no reason.
    fn find(&self, passage: &Passage<'_>, far: &mut Far<'_>) -> Result<Vec<Fact>, DraftError>;

    /// What a reader should know of how the facts were found; asked for once, at the end.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// What a model did; asked for once, at the end. None for rules.
    fn work(&self) -> Option<ModelWork> {
        None
    }
}

/// Finds by rules: headings, steps, buttons, routes, events, tests, subjects, questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl FactFinder for Rules {
    fn find(&self, passage: &Passage<'_>, _: &mut Far<'_>) -> Result<Vec<Fact>, DraftError> {
        let text = &passage.doc.text;
        Ok(match passage.doc.genre {
            Genre::Test => path_test::find(text),
            Genre::Email if passage.doc.blocks.is_empty() => email::find(&passage.doc.locator, text),
            Genre::Locale => locale::find(text),
            Genre::Routes | Genre::Program => {
                let mut facts = program::find(passage.doc);
                facts.extend(command::find(text));
                facts
            }
            _ => prose::find(passage),
        })
    }
}
