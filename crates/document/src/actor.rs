//! Who writes, as Automerge sees it: one name per process start and document.
//!
//! Automerge numbers the changes of each actor. Two different changes with one actor and number
//! can never be merged anywhere, so a number is given out at most once here: if an edit was
//! prepared and has not been adopted, the next one is written under a sibling name.

use std::sync::{Mutex, PoisonError};

use automerge::ActorId;

/// Names the writer of changes. Sixteen random bytes, fresh for every load: never stored to be used
/// again, because a restored disk would then write the same numbers twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor(pub [u8; 16]);

impl From<[u8; 16]> for Actor {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// Gives each prepared edit an actor whose next number is free.
#[derive(Debug)]
pub(crate) struct Turns {
    actor: Actor,
    turn: Mutex<Turn>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Turn {
    sibling: u32,
    /// An edit with this sibling's next number has been handed out and not been adopted.
    is_out: bool,
}

impl Turns {
    pub fn of(actor: Actor) -> Self {
        Self { actor, turn: Mutex::new(Turn::default()) }
    }

    /// The actor for the next edit, and its place in line.
    pub fn take(&self) -> (ActorId, u32) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.is_out {
            turn.sibling += 1;
        }
        turn.is_out = true;
        (self.name(turn.sibling), turn.sibling)
    }

    /// The edit from that place has been adopted: its actor may go on.
    pub fn settle(&self, sibling: u32) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.sibling == sibling {
            turn.is_out = false;
        }
    }

    /// Whether a change was written here, in this session.
    pub fn is_own(&self, actor: &ActorId) -> bool {
        actor.to_bytes().starts_with(&self.actor.0)
    }

    fn name(&self, sibling: u32) -> ActorId {
        let mut bytes = self.actor.0.to_vec();
        if sibling > 0 {
            bytes.extend(sibling.to_be_bytes());
        }
        ActorId::from(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_given_out_once() {
        let turns = Turns::of(Actor([7; 16]));
        let (first, place) = turns.take();
        turns.settle(place);
        let (second, dropped) = turns.take();
        assert_eq!(first, second, "after adoption the same actor goes on");
        let (third, place) = turns.take();
        assert_ne!(second, third, "an edit that may still be adopted keeps its number");
        turns.settle(dropped);
        assert_ne!(turns.take().0, third);
        turns.settle(place);
        assert!([first, second, third].iter().all(|it| turns.is_own(it)));
        assert!(!turns.is_own(&ActorId::from([8; 16].to_vec())));
    }
}
