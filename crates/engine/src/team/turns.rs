//! Turns: what only one device of a team at a time may do, such as telling a channel what an automation did.
//!
//! A turn is a lease of the relay. It is used for the first half of its time only, and asked for anew after that: what
//! was begun at the end of that half has the other to be done in. A team of one device needs none.

use std::collections::BTreeMap;

use custory_domain::Timestamp;
use custory_seal::lease_name;
use custory_sync::Input;
use custory_wire::LeaseName;

use crate::inbox::Core;

/// How long an answer of the relay is waited for before it is asked again.
const ANSWER_MILLIS: i64 = 10_000;

/// Whether it is this device's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is.
    Ours,
    /// It is not now, for this reason.
    Waits(&'static str),
}

/// Turns, as far as they were asked for.
#[derive(Default)]
pub(crate) struct Turns(BTreeMap<LeaseName, Known>);

#[derive(Clone, Copy)]
struct Known {
    asked_at: Timestamp,
    said: Option<Said>,
}

#[derive(Clone, Copy)]
struct Said {
    is_held: bool,
    millis: i64,
}

impl Turns {
    /// Whether a turn is this device's; `None` if the relay is to be asked.
    fn of(&self, name: &LeaseName, now: Timestamp) -> Option<bool> {
        let known = self.0.get(name)?;
        let passed = now.0 - known.asked_at.0;
        // A clock that was set back says nothing about how much time has passed.
        let is_within = |millis: i64| (0..millis).contains(&passed);
        match known.said {
            None => is_within(ANSWER_MILLIS).then_some(false),
            Some(said) if said.is_held => is_within(said.millis / 2).then_some(true),
            Some(said) => is_within(said.millis).then_some(false),
        }
    }
}

impl Core {
    /// Whether this device may do something that only one device of the team at a time does. If the relay has to
    /// say so first, it is asked, and what is due is run when it has answered.
    pub(crate) fn turn(&mut self, what: &str) -> Turn {
        let now = self.clock.now();
        let Some(team) = &mut self.team else { return Turn::Ours };
        if team.client.roster().is_some_and(|it| it.devices().len() == 1) {
            return Turn::Ours;
        }
        if team.is_removed {
            return Turn::Waits("This device was removed from the team.");
        }
        if team.line.is_none() {
            return Turn::Waits("Another Custory on this computer does the syncing.");
        }
        if team.client.standing().is_none() {
            return Turn::Waits("It waits for the relay, which says which of the team's devices does this.");
        }
        let Ok(name) = lease_name(team.client.epochs(), what) else {
            return Turn::Waits("This device does not have the team's key yet.");
        };
        match team.turns.of(&name, now) {
            Some(true) if team.client.is_in_step() => Turn::Ours,
            Some(true) => Turn::Waits("It waits until this device has read what teammates did."),
            Some(false) => Turn::Waits("Another device of the team does this now."),
            None => {
                team.turns.0.insert(name, Known { asked_at: now, said: None });
                self.team_input(Input::Lease(name));
                Turn::Waits("It waits for the relay, which says which of the team's devices does this.")
            }
        }
    }

    /// The relay has said how a turn stands.
    pub(super) fn turn_told(&mut self, name: LeaseName, is_held: bool, millis: u32) {
        let known = self.team.as_mut().and_then(|it| it.turns.0.get_mut(&name));
        let Some(known) = known else { return };
        known.said = Some(Said { is_held, millis: millis.into() });
        if is_held {
            // Not within what the client is doing now.
            self.way().hand(Self::run_what_is_due);
        }
    }

    /// Whether the relay has everything of this device, so that teammates can have it.
    pub(crate) fn is_shared_whole(&self) -> Result<bool, crate::failure::Fault> {
        let has_team = self.team.as_ref().is_some_and(|it| it.client.role().is_some());
        Ok(!has_team || self.store.is_outbox_empty()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_lasts_half_its_time_and_a_clock_that_jumps_ends_it() {
        let name = LeaseName([1; 16]);
        let turns = |said| Turns([(name, Known { asked_at: Timestamp(1_000_000), said })].into());
        let held = Some(Said { is_held: true, millis: 60_000 });
        let theirs = Some(Said { is_held: false, millis: 20_000 });
        for (said, passed, expected) in [
            (held, 0, Some(true)),
            (held, 29_999, Some(true)),
            (held, 30_000, None),
            (held, -1, None),
            (theirs, 19_999, Some(false)),
            (theirs, 20_000, None),
            (theirs, -60_000, None),
            (None, 9_999, Some(false)),
            (None, 10_000, None),
        ] {
            assert_eq!(turns(said).of(&name, Timestamp(1_000_000 + passed)), expected, "after {passed}");
        }
        assert_eq!(Turns::default().of(&name, Timestamp(0)), None);
    }
}
