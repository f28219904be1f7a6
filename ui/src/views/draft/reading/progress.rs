//! How a reading's phases are shown. Pure.

use custory_domain::draft::DraftPhase;

use crate::state::{Amount, DraftReading};

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

/// How a phase stands. Those before the one at hand are done, even if nothing was heard of them;
/// before the first word of the engine the first one runs.
pub fn state(reading: &DraftReading, phase: DraftPhase) -> PhaseState {
    let at = reading.phase().unwrap_or(DraftPhase::Reading);
    match phase.cmp(&at) {
        std::cmp::Ordering::Less => PhaseState::Done,
        std::cmp::Ordering::Equal => PhaseState::Running,
        std::cmp::Ordering::Greater => PhaseState::Waiting,
    }
}

/// What a phase is called while it waits or runs, and once it is done.
pub fn title(phase: DraftPhase, state: PhaseState) -> &'static str {
    match (phase, state) {
        (DraftPhase::Reading, PhaseState::Done) => "Read pages and files",
        (DraftPhase::Reading, _) => "Reading pages and files",
        (DraftPhase::Finding, PhaseState::Done) => "Found steps and friction",
        (DraftPhase::Finding, _) => "Finding steps and friction",
        (DraftPhase::Ordering, PhaseState::Done) => "Put steps into stages",
        (DraftPhase::Ordering, _) => "Putting steps into stages",
        (DraftPhase::Checking, PhaseState::Done) => "Checked that every step has a source",
        (DraftPhase::Checking, _) => "Checking that every step has a source",
    }
}

/// Part that is done, from 0 to 1; `None` while the whole is unknown.
pub fn part(amount: Amount) -> Option<f64> {
    let total = amount.total.filter(|it| *it > 0)?;
    Some((amount.done as f64 / total as f64).clamp(0.0, 1.0))
}

/// In words: “9 of 14”, or “9 so far”.
pub fn words(amount: Amount) -> String {
    match amount.total {
        Some(total) => format!("{} of {total}", amount.done),
        None => format!("{} so far", amount.done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::draft::DraftProgress;

    #[test]
    fn phases_before_the_one_at_hand_are_done_even_if_nothing_was_heard_of_them() {
        use PhaseState::{Done, Running, Waiting};
        let mut reading = DraftReading::default();
        assert_eq!(DraftPhase::ALL.map(|it| state(&reading, it)), [Running, Waiting, Waiting, Waiting]);
        reading.take(DraftProgress {
            phase: DraftPhase::Ordering,
            done: 1,
            total: None,
            now: String::new(),
            source: None,
            stages: vec![],
        });
        assert_eq!(DraftPhase::ALL.map(|it| state(&reading, it)), [Done, Done, Running, Waiting]);
    }

    #[test]
    fn a_bar_is_drawn_only_when_the_whole_is_known() {
        for (done, total, expected, said) in [
            (9, None, None, "9 so far"),
            (0, Some(0), None, "0 of 0"),
            (7, Some(14), Some(0.5), "7 of 14"),
            (15, Some(14), Some(1.0), "15 of 14"),
        ] {
            let amount = Amount { done, total };
            assert_eq!((part(amount), words(amount).as_str()), (expected, said));
        }
    }
}
