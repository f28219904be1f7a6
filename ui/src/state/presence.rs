//! Who else has the journey on screen open, and where they are. Told by their devices, kept nowhere, and over
//! when nothing is heard for a while.

use std::collections::BTreeMap;

use custory_domain::{JourneyId, MemberId, StepId};
use custory_ipc::{Place, Request, Team, Whereabouts};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::Store;
use crate::{dom, host};

/// Least time between two messages about one's own place, in milliseconds: at most 20 a second.
const PAUSE_MILLIS: i32 = 50;

/// Who is still there says so this often, in milliseconds.
pub const HEARTBEAT_MILLIS: i32 = 15_000;

/// Who has not said so for this long is taken for gone, in milliseconds.
const GONE_MILLIS: f64 = 40_000.0;

/// A pointer that has not moved for this long is no longer drawn, in milliseconds.
const STILL_MILLIS: f64 = 8_000.0;

/// A teammate who has the journey open.
#[derive(Clone, Debug, PartialEq)]
pub struct Mate {
    /// Where they are.
    pub place: Place,
    /// When they last said so, on this page's clock, in milliseconds.
    heard: f64,
    /// When their pointer last moved.
    moved: f64,
    /// Whether their pointer has moved of late.
    pub is_pointing: bool,
}

/// A mate by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Their device.
    pub device: u32,
    /// What they are called.
    pub name: String,
    /// Who they are in the workspace.
    pub member: Option<MemberId>,
    /// The step that they have selected.
    pub step: Option<StepId>,
}

impl Store {
    /// Whether anybody else could have a journey of the team open.
    pub fn has_company(self) -> bool {
        let team = self.team.read();
        let others = |it: &Team| it.devices.iter().any(|it| it.role.is_some() && !it.is_me);
        team.as_ref().is_some_and(|it| it.is_connected && others(it))
    }

    /// A teammate's device has said where it is.
    pub(super) fn mate_is(mut self, journey: JourneyId, device: u32, whereabouts: Whereabouts) {
        if self.journey_on_screen() != Some(journey) {
            return;
        }
        let now = host::now().0 as f64;
        match whereabouts {
            Whereabouts::Away => {
                self.mates.write().remove(&device);
            }
            Whereabouts::Here(place) => {
                let mut mates = self.mates.write();
                let still = mates.get(&device).filter(|it| it.place.pointer == place.pointer);
                let moved = still.map_or(now, |it| it.moved);
                let is_pointing = now - moved < STILL_MILLIS;
                let is_new = mates.insert(device, Mate { place, heard: now, moved, is_pointing }).is_none();
                drop(mates);
                // Who has just come has not heard of this window yet.
                if is_new {
                    self.here.say_again();
                }
            }
        }
    }

    /// Forgets who has not been heard of, and lets pointers that lie still fade.
    pub fn look_who_is_there(mut self) {
        let now = host::now().0 as f64;
        let mut next = self.mates.peek().clone();
        next.retain(|_, it| now - it.heard < GONE_MILLIS);
        next.values_mut().for_each(|it| it.is_pointing = now - it.moved < STILL_MILLIS);
        if next != *self.mates.peek() {
            self.mates.set(next);
        }
    }
}

/// Who is there, by name; of several devices of a person the first. It does not change while pointers only move,
/// so whoever shows names is not drawn anew with each of their messages.
pub(super) fn named(team: Signal<Option<Team>>, mates: Signal<BTreeMap<u32, Mate>>) -> Vec<Named> {
    let team = team.read();
    let devices = team.as_ref().map(|it| it.devices.as_slice()).unwrap_or_default();
    let mut named: Vec<Named> = Vec::new();
    for (device, mate) in mates.read().iter() {
        let Some(it) = devices.iter().find(|it| it.device == *device && it.role.is_some()) else {
            continue;
        };
        if it.member.is_none() || named.iter().all(|known| known.member != it.member) {
            let (name, member) = (it.person.clone(), it.member);
            named.push(Named { device: *device, name, member, step: mate.place.step });
        }
    }
    named
}

/// What this window says of itself.
#[derive(Clone, Copy, PartialEq)]
pub struct Here {
    /// The journey and the place, as they are.
    now: Signal<Option<(JourneyId, Place)>>,
    /// Whether it is being said, with the pause after it.
    is_saying: Signal<bool>,
    /// Whether there is more to say than was said.
    has_more: Signal<bool>,
}

impl Here {
    pub(super) fn new() -> Self {
        Self { now: super::kept(None), is_saying: super::kept(false), has_more: super::kept(false) }
    }

    /// This window is somewhere else in its journey.
    pub fn is(mut self, journey: JourneyId, place: Place) {
        let next = Some((journey, place));
        if *self.now.peek() != next {
            self.now.set(next);
            self.say_again();
        }
    }

    /// This window no longer has the journey open.
    pub fn leave(mut self, journey: JourneyId) {
        if self.now.peek().as_ref().is_some_and(|it| it.0 == journey) {
            self.now.set(None);
            tell(journey, Whereabouts::Away);
        }
    }

    /// Says where it is, unless it is just being said; then once more afterwards.
    pub fn say_again(mut self) {
        if *self.is_saying.peek() {
            self.has_more.set(true);
            return;
        }
        self.is_saying.set(true);
        spawn_forever(async move {
            loop {
                self.has_more.set(false);
                let now = self.now.peek().clone();
                let Some((journey, place)) = now else { break };
                say(journey, Whereabouts::Here(place)).await;
                dom::sleep(PAUSE_MILLIS).await;
                if !*self.has_more.peek() {
                    break;
                }
            }
            self.is_saying.set(false);
        });
    }
}

fn tell(journey: JourneyId, whereabouts: Whereabouts) {
    spawn_forever(say(journey, whereabouts));
}

/// Says it to the engine. That nobody hears it is nobody's fault.
async fn say(journey: JourneyId, whereabouts: Whereabouts) {
    drop(host::request(Request::Present { journey, whereabouts }).await);
}
