//! The last steps of a log, so that one that was taken since a place can be taken back in thought: a snapshot
//! of that place is then compared with what this device had there, though work has gone on.
//!
//! In memory alone, and only as much as fits; what is not remembered cannot be compared.

use std::collections::{BTreeSet, VecDeque};

use custory_wire::{Chain, DeviceChain};

use crate::state::LogState;

/// Steps that are remembered.
const STEPS_MAX: usize = 512;

/// Bytes of changes that are remembered.
const BYTES_MAX: usize = 256 << 10;

/// The last steps of a log, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    steps: VecDeque<Step>,
    bytes: usize,
}

/// One record that was read.
#[derive(Clone, Debug)]
struct Step {
    before: Chain,
    rseq: u32,
    /// Its author, and how far they had come, if they had.
    author: Option<(u32, Option<DeviceChain>)>,
    changes: Vec<Vec<u8>>,
}

impl Recent {
    /// Remembers the step from one state to the next, which one author at most has taken.
    pub fn note(&mut self, before: &LogState, after: &LogState, changes: &[Vec<u8>]) {
        let moved = after.devices.iter().find(|(device, chain)| before.devices.get(device) != Some(chain));
        let author = moved.map(|(device, _)| (*device, before.devices.get(device).copied()));
        self.bytes += changes.iter().map(Vec::len).sum::<usize>();
        self.steps.push_back(Step {
            before: before.at,
            rseq: before.rseq,
            author,
            changes: changes.to_vec(),
        });
        while self.steps.len() > STEPS_MAX || self.bytes > BYTES_MAX {
            let Some(gone) = self.steps.pop_front() else { return };
            self.bytes -= gone.changes.iter().map(Vec::len).sum::<usize>();
        }
    }

    /// Forgets all: the log goes on from another place.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What a log's state was at a place, and the changes that came after it; `None` if that is not remembered.
    /// A change that came before as well is none of these: two who brought back what a relay had lost bring it twice.
    pub fn back_to(&self, now: &LogState, seq: u64) -> Option<(LogState, Vec<Vec<u8>>)> {
        let mut then = now.clone();
        let mut since = Vec::new();
        let later = self.steps.iter().rev().take_while(|it| it.before.seq >= seq);
        for step in later {
            (then.at, then.rseq) = (step.before, step.rseq);
            match step.author {
                Some((device, Some(chain))) => drop(then.devices.insert(device, chain)),
                Some((device, None)) => drop(then.devices.remove(&device)),
                None => {}
            }
            since.extend(step.changes.iter().cloned());
        }
        let earlier = self.steps.iter().take_while(|it| it.before.seq < seq);
        let earlier: BTreeSet<&Vec<u8>> = earlier.flat_map(|it| &it.changes).collect();
        since.retain(|it| !earlier.contains(it));
        (then.at.seq == seq).then_some((then, since))
    }
}

#[cfg(test)]
mod tests {
    use custory_wire::{Hash, LogId};

    use super::*;

    #[test]
    fn what_came_twice_was_there_the_first_time() {
        let (mut recent, mut state) = (Recent::default(), LogState::new(&LogId([1; 16])));
        for change in [&b"one"[..], b"two", b"one", b"three"] {
            let before = state.clone();
            state.at = state.at.then(&Hash::of(change));
            recent.note(&before, &state, &[change.to_vec()]);
        }
        let since = |seq| recent.back_to(&state, seq).map(|(then, since)| (then.at.seq, since));
        assert_eq!(since(4), Some((4, vec![])));
        assert_eq!(since(2), Some((2, vec![b"three".to_vec()])));
        assert_eq!(since(0).map(|it| it.1.len()), Some(4));
        assert_eq!(since(5), None);
    }
}
