//! How far the reading of a draft has come, gathered from what the engine tells while it goes on.
//!
//! Events may begin late, when the window opened after the reading did: what was missed is then
//! not known, and nothing is made up for it.

use std::collections::BTreeMap;

use custory_domain::draft::{DraftPhase, DraftProgress, SourceProgress};
use custory_ipc::Failure;

/// Most sources remembered for the list. Pages are bounded anyway; folders may hold more files.
const SOURCES_MAX: usize = 5_000;

/// How much of a phase is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// So much.
    pub done: usize,
    /// Of so much, once known.
    pub total: Option<usize>,
}

/// What is known of a draft that is being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DraftReading {
    /// The newest word on it.
    pub progress: Option<DraftProgress>,
    /// What became of each source, in the order of reading.
    pub sources: Vec<SourceProgress>,
    /// Stages with the titles of their steps, as far as known.
    pub stages: Vec<(String, Vec<String>)>,
    /// How much of each phase is done, for those that were heard of.
    pub amounts: BTreeMap<DraftPhase, Amount>,
    /// Why it failed.
    pub failed: Option<Failure>,
    /// The model that reads beside the rules, if it was begun in this window and with one.
    pub model: Option<String>,
    /// Where a source stands in `sources`.
    places: BTreeMap<String, usize>,
}

impl DraftReading {
    /// Takes in what the engine told.
    pub fn take(&mut self, progress: DraftProgress) {
        self.amounts.insert(progress.phase, Amount { done: progress.done, total: progress.total });
        if !progress.stages.is_empty() {
            self.stages.clone_from(&progress.stages);
        }
        if let Some(source) = &progress.source {
            self.note(source.clone());
        }
        self.progress = Some(progress);
    }

    /// A source that was told before is told again with what was found in it: its line changes.
    fn note(&mut self, source: SourceProgress) {
        if let Some(at) = self.places.get(&source.locator) {
            self.sources[*at] = source;
        } else if self.sources.len() < SOURCES_MAX {
            self.places.insert(source.locator.clone(), self.sources.len());
            self.sources.push(source);
        }
    }

    /// The furthest phase that was heard of.
    pub fn phase(&self) -> Option<DraftPhase> {
        self.amounts.keys().next_back().copied()
    }

    /// How many sources were read, and how many skipped.
    pub fn read_and_skipped(&self) -> (usize, usize) {
        let skipped = self.sources.iter().filter(|it| it.is_skipped).count();
        (self.sources.len() - skipped, skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(phase: DraftPhase, done: usize) -> DraftProgress {
        DraftProgress { phase, done, total: None, now: String::new(), source: None, stages: vec![] }
    }

    fn source(locator: &str, outcome: &str, is_skipped: bool) -> SourceProgress {
        SourceProgress { locator: locator.into(), outcome: outcome.into(), is_skipped }
    }

    #[test]
    fn a_late_word_about_an_earlier_phase_does_not_turn_the_clock_back() {
        let mut reading = DraftReading::default();
        assert_eq!(reading.phase(), None);
        reading.take(told(DraftPhase::Finding, 1));
        reading.take(told(DraftPhase::Reading, 14));
        assert_eq!(reading.phase(), Some(DraftPhase::Finding));
        assert_eq!(reading.amounts[&DraftPhase::Reading].done, 14);
    }

    #[test]
    fn stages_stay_until_newer_ones_are_told() {
        let mut reading = DraftReading::default();
        let stages = vec![("Decide".to_owned(), vec!["Compare plans".to_owned()])];
        reading.take(DraftProgress { stages: stages.clone(), ..told(DraftPhase::Ordering, 1) });
        reading.take(told(DraftPhase::Checking, 1));
        assert_eq!(reading.stages, stages);
    }

    #[test]
    fn each_source_has_one_line_with_the_last_word_on_it() {
        let mut reading = DraftReading::default();
        for source in [
            source("/pricing", "read", false),
            source("/login", "needs an account", true),
            source("/pricing", "2 steps", false),
        ] {
            reading.take(DraftProgress { source: Some(source), ..told(DraftPhase::Reading, 1) });
        }
        assert_eq!(reading.read_and_skipped(), (1, 1));
        assert_eq!(reading.sources[0].outcome, "2 steps");
    }
}
