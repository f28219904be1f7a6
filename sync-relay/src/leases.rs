//! Leases: which device of a workspace may do something alone, for a while.
//!
//! Here a single relay's, kept in memory. One that begins remembers none, so for as long as one may last it gives none
//! away. What relays on a cluster do is in `store/nats/lease.rs`.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use custory_wire::{LeaseName, SpaceId};
use tokio::time::Instant;

use crate::hub::lock;

/// Leases of one workspace at once. A team has a handful of automations that reach out.
pub(crate) const OF_A_SPACE_MAX: usize = 256;

/// Leases kept before those that are over are forgotten.
pub(crate) const SWEEP_AT: usize = 4_096;

/// How a lease stands for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether it is theirs.
    pub(crate) is_held: bool,
    /// How long it is theirs, or how long to wait before asking again.
    pub(crate) time: Duration,
}

struct Held {
    device: u32,
    until: Instant,
}

/// All leases of a relay.
pub(crate) struct Leases {
    lasts: Duration,
    /// Before this, one that was given away by the life before may still be held.
    closed_until: Instant,
    held: Mutex<HashMap<(SpaceId, LeaseName), Held>>,
}

impl Leases {
    /// None yet; each will last that long.
    pub(crate) fn new(lasts: Duration, now: Instant) -> Self {
        Self { lasts, closed_until: now + lasts, held: Mutex::default() }
    }

    /// A device asks for one.
    pub(crate) fn ask(&self, space: SpaceId, name: LeaseName, device: u32, now: Instant) -> Standing {
        if let Some(time) = self.closed_until.checked_duration_since(now).filter(|it| !it.is_zero()) {
            return Standing { is_held: false, time };
        }
        let mut held = lock(&self.held);
        if held.len() >= SWEEP_AT {
            held.retain(|_, it| it.until > now);
        }
        let others = held.get(&(space, name)).filter(|it| it.until > now && it.device != device);
        if let Some(it) = others {
            return Standing { is_held: false, time: it.until - now };
        }
        let is_full = !held.contains_key(&(space, name))
            && held.keys().filter(|it| it.0 == space).take(OF_A_SPACE_MAX).count() == OF_A_SPACE_MAX;
        if is_full {
            held.retain(|key, it| key.0 != space || it.until > now);
            return Standing { is_held: false, time: self.lasts };
        }
        held.insert((space, name), Held { device, until: now + self.lasts });
        Standing { is_held: true, time: self.lasts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const LASTS: Duration = Duration::from_secs(60);
    const SPACE: SpaceId = SpaceId([1; 32]);

    fn name(number: u16) -> LeaseName {
        let mut name = [0; 16];
        name[..2].copy_from_slice(&number.to_be_bytes());
        LeaseName(name)
    }

    /// Leases of a relay that began long ago, and seconds after that.
    fn leases() -> (Leases, impl Fn(u64) -> Instant) {
        let began = clock::now();
        let then = began + LASTS;
        (Leases::new(LASTS, began), move |secs| then + Duration::from_secs(secs))
    }

    #[test]
    fn one_device_holds_it_until_it_is_over() {
        let (leases, at) = leases();
        let theirs = |secs| Standing { is_held: false, time: Duration::from_secs(secs) };
        let own = Standing { is_held: true, time: LASTS };
        assert_eq!(leases.ask(SPACE, name(1), 1, at(0)), own);
        assert_eq!(leases.ask(SPACE, name(1), 2, at(40)), theirs(20));
        assert_eq!(leases.ask(SPACE, name(2), 2, at(40)), own, "another one is free");
        assert_eq!(leases.ask(SpaceId([2; 32]), name(1), 2, at(40)), own, "so is that of another workspace");
        assert_eq!(leases.ask(SPACE, name(1), 1, at(40)), own, "whoever holds it holds it for longer");
        assert_eq!(leases.ask(SPACE, name(1), 2, at(99)), theirs(1));
        assert_eq!(leases.ask(SPACE, name(1), 2, at(100)), own);
        assert_eq!(leases.ask(SPACE, name(1), 1, at(100)), theirs(60));
    }

    #[test]
    fn what_a_life_before_gave_away_is_over_before_any_is_given() {
        let began = clock::now();
        let leases = Leases::new(LASTS, began);
        let found = leases.ask(SPACE, name(1), 1, began + Duration::from_secs(15));
        assert_eq!(found, Standing { is_held: false, time: Duration::from_secs(45) });
        assert!(leases.ask(SPACE, name(1), 1, began + LASTS).is_held);
    }

    #[test]
    fn a_workspace_that_asks_for_too_many_gets_no_more_until_some_are_over() {
        let (leases, at) = leases();
        let count = u16::try_from(OF_A_SPACE_MAX).unwrap();
        assert!((0..count).all(|it| leases.ask(SPACE, name(it), 1, at(0)).is_held));
        assert!(!leases.ask(SPACE, name(count), 1, at(1)).is_held);
        assert!(leases.ask(SpaceId([2; 32]), name(count), 1, at(1)).is_held, "another one's are its own");
        // The next that asks finds that they are over.
        leases.ask(SPACE, name(count), 1, at(60));
        assert!(leases.ask(SPACE, name(count), 1, at(60)).is_held);
    }
}
