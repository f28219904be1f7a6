//! Where somebody is: said to those who have the same journey open, while it lasts, and kept nowhere.

use custory_domain::{EntityRef, ItemKind, StepId};
use serde::{Deserialize, Serialize};

use crate::Lens;

/// What a device tells the others that have a journey open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// It is here.
    Here(Place),
    /// It no longer has the journey open.
    Away,
}

/// A place in a journey.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Through what it is looked at.
    pub lens: Lens,
    /// The step that is selected.
    pub step: Option<StepId>,
    /// Where on the map the pointer is.
    pub pointer: Option<Pointer>,
}

/// A place on the map that means the same however far it is zoomed, folded or scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pointer {
    /// The step whose column it is over, or the stage, where that has none to show.
    pub over: EntityRef,
    /// The lane that it is over; `None` above the lanes.
    pub lane: Option<ItemKind>,
    /// How far across the column, 0 to 1.
    pub across: f64,
    /// How far down the lane, or what is above the lanes, 0 to 1.
    pub down: f64,
}

impl Whereabouts {
    /// As JSON, to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and names are JSON")
    }

    /// What a teammate's device sent; `None` if it is not understood, or is nowhere on a map.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        let is_within = |it: f64| (0.0..=1.0).contains(&it);
        match &read {
            Self::Here(Place { pointer: Some(it), .. }) if !is_within(it.across) || !is_within(it.down) => {
                None
            }
            Self::Here(_) | Self::Away => Some(read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_through_and_what_is_nowhere_on_a_map_does_not() {
        let place = |across, down| {
            let step = StepId::from_parts(1, 2);
            let pointer = Some(Pointer { over: step.into(), lane: Some(ItemKind::Insight), across, down });
            Whereabouts::Here(Place { lens: Lens::Table, step: Some(step), pointer })
        };
        for sound in [place(0.0, 1.0), place(0.25, 0.5), Whereabouts::Away] {
            assert_eq!(Whereabouts::from_bytes(&sound.to_bytes()), Some(sound));
        }
        for nowhere in [place(-0.1, 0.5), place(0.5, 1e30), place(f64::NAN, 0.5)] {
            assert_eq!(Whereabouts::from_bytes(&nowhere.to_bytes()), None);
        }
        assert_eq!(Whereabouts::from_bytes(b"{\"here\":{}}"), Some(Whereabouts::Here(Place::default())));
        for garbled in [&b"here"[..], b"{\"here\":{\"lens\":\"spyglass\"}}", b"[]", b"\xff"] {
            assert_eq!(Whereabouts::from_bytes(garbled), None);
        }
    }
}
