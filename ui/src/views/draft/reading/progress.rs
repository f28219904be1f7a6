//! How far a reading has come, gathered from what the engine tells while it goes on.
//!
//! Pure. Events may begin late, when the window opened after the reading did: what was missed is
//! then not shown, and phases that must have been passed are shown as passed.

use std::collections::BTreeMap;

use custory_domain::draft::{DraftPhase, DraftProgress, SourceProgress};

/// Most sources remembered for the list; a reading has fewer (pages are bounded), folders may not.
const SOURCES_MAX: usize = 5_000;

/// How a phase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// Its turn has not come.
    Waiting,
    /// Being done.
    Running,
    /// Done.
    Done,
}

/// How much of a phase is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// So much.
    pub done: usize,
    /// Of so much, once known.
    pub total: Option<usize>,
}

/// Everything known of a reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The phase at hand; none until the first event.
    pub phase: Option<DraftPhase>,
    /// The page, file or step at hand.
    pub now: String,
    /// Stages with the titles of their steps, as far as known.
    pub stages: Vec<(String, Vec<String>)>,
    /// What became of each source, in the order of reading.
    pub sources: Vec<SourceProgress>,
    amounts: BTreeMap<DraftPhase, Amount>,
}

impl Reading {
    /// Takes in what the engine told.
    pub fn take(&mut self, progress: DraftProgress) {
        self.phase = self.phase.max(Some(progress.phase));
        self.now = progress.now;
        self.amounts.insert(progress.phase, Amount { done: progress.done, total: progress.total });
        if !progress.stages.is_empty() {
            self.stages = progress.stages;
        }
        if let Some(source) = progress.source {
            self.note(source);
        }
    }

    /// A source that was told before is told again with what was found in it: its line changes.
    fn note(&mut self, source: SourceProgress) {
        match self.sources.iter().position(|it| it.locator == source.locator) {
            Some(known) => self.sources[known] = source,
            None if self.sources.len() < SOURCES_MAX => self.sources.push(source),
            None => {}
        }
    }

    /// How a phase stands.
    pub fn state(&self, phase: DraftPhase) -> PhaseState {
        match self.phase {
            Some(at) if phase < at => PhaseState::Done,
            Some(at) if phase == at => PhaseState::Running,
            _ => PhaseState::Waiting,
        }
    }

    /// How much of a phase is done; nothing is known of one that was missed.
    pub fn amount(&self, phase: DraftPhase) -> Option<Amount> {
        self.amounts.get(&phase).copied()
    }

    /// How many sources were read, and how many skipped.
    pub fn read_and_skipped(&self) -> (usize, usize) {
        let skipped = self.sources.iter().filter(|it| it.is_skipped).count();
        (self.sources.len() - skipped, skipped)
    }
}

impl Amount {
    /// Part that is done, from 0 to 1; `None` while the whole is unknown.
    pub fn part(self) -> Option<f64> {
        let total = self.total.filter(|it| *it > 0)?;
        Some((self.done as f64 / total as f64).clamp(0.0, 1.0))
    }

    /// In words: “9 of 14”, or “9 so far”.
    pub fn words(self) -> String {
        match self.total {
            Some(total) => format!("{} of {total}", self.done),
            None => format!("{} so far", self.done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(phase: DraftPhase, done: usize, total: Option<usize>) -> DraftProgress {
        DraftProgress { phase, done, total, now: String::new(), source: None, stages: vec![] }
    }

    fn source(locator: &str, outcome: &str, is_skipped: bool) -> SourceProgress {
        SourceProgress { locator: locator.into(), outcome: outcome.into(), is_skipped }
    }

    #[test]
    fn earlier_phases_are_done_even_if_nothing_was_heard_of_them() {
        let mut reading = Reading::default();
        assert_eq!(reading.state(DraftPhase::Reading), PhaseState::Waiting);
        reading.take(told(DraftPhase::Ordering, 1, Some(4)));
        let states = DraftPhase::ALL.map(|it| reading.state(it));
        assert_eq!(states, [PhaseState::Done, PhaseState::Done, PhaseState::Running, PhaseState::Waiting]);
        assert_eq!(reading.amount(DraftPhase::Reading), None);
    }

    #[test]
    fn a_late_word_about_an_earlier_phase_does_not_turn_the_clock_back() {
        let mut reading = Reading::default();
        reading.take(told(DraftPhase::Finding, 1, None));
        reading.take(told(DraftPhase::Reading, 14, Some(14)));
        assert_eq!(reading.state(DraftPhase::Finding), PhaseState::Running);
        assert_eq!(reading.amount(DraftPhase::Reading).map(Amount::words).as_deref(), Some("14 of 14"));
    }

    #[test]
    fn stages_stay_until_newer_ones_are_told() {
        let mut reading = Reading::default();
        let stages = vec![("Decide".to_owned(), vec!["Compare plans".to_owned()])];
        reading.take(DraftProgress { stages: stages.clone(), ..told(DraftPhase::Ordering, 1, None) });
        reading.take(told(DraftPhase::Checking, 1, None));
        assert_eq!(reading.stages, stages);
    }

    #[test]
    fn each_source_has_one_line_with_the_last_word_on_it() {
        let mut reading = Reading::default();
        for source in [
            source("/pricing", "read", false),
            source("/login", "needs an account", true),
            source("/pricing", "2 steps", false),
        ] {
            reading.take(DraftProgress { source: Some(source), ..told(DraftPhase::Reading, 1, None) });
        }
        assert_eq!(reading.read_and_skipped(), (1, 1));
        assert_eq!(reading.sources[0].outcome, "2 steps");
    }

    #[test]
    fn a_bar_is_drawn_only_when_the_whole_is_known() {
        for (done, total, part, words) in [
            (9, None, None, "9 so far"),
            (0, Some(0), None, "0 of 0"),
            (7, Some(14), Some(0.5), "7 of 14"),
            (15, Some(14), Some(1.0), "15 of 14"),
        ] {
            let amount = Amount { done, total };
            assert_eq!((amount.part(), amount.words().as_str()), (part, words));
        }
    }
}
