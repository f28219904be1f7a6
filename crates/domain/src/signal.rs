//! What somebody said elsewhere, before and after a person has decided about it.
//!
//! A signal stays on the device that heard it and is part of no document. What enters a journey is
//! [`crate::Evidence`] with redacted words and the signal's own identifier, so that two devices that attach
//! the same signal make one piece of evidence.

use serde::{Deserialize, Serialize};

use crate::entity::WeightClass;
use crate::id::{EntityRef, EvidenceId, JourneyId, SignalId};
use crate::time::Timestamp;

/// What somebody said elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Made from source and external identifier: the same on every device.
    pub id: SignalId,
    /// Through what it came, for example `file`.
    pub source: String,
    /// What the source calls it.
    pub external_id: String,
    /// Who said it, as the source names them; empty if unknown. Never leaves the device.
    pub author: String,
    /// For which account; empty if unknown. Never leaves the device.
    pub account: String,
    /// The words, whole. Never leave the device.
    pub text: String,
    /// Address or path of where it stands.
    pub locator: String,
    /// Place within it.
    pub anchor: String,
    /// SHA-256 of the words, hexadecimal.
    pub hash: String,
    /// When it was said, if known.
    pub said_at: Option<Timestamp>,
    /// When this device heard it.
    pub arrived_at: Timestamp,
    /// How much words of this kind count.
    pub weight: WeightClass,
    /// What has been decided.
    pub state: SignalState,
}

impl Signal {
    /// The evidence that it becomes when it is attached.
    pub fn evidence(&self) -> EvidenceId {
        self.id.ulid().into()
    }
}

/// What has been decided about a signal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SignalState {
    /// Nothing yet.
    #[default]
    New,
    /// To be looked at again.
    Snoozed {
        /// When.
        until: Timestamp,
    },
    /// It is evidence.
    Attached {
        /// On which journey.
        journey: JourneyId,
        /// For what: a step or an insight.
        to: EntityRef,
    },
    /// It says what another one says.
    Merged {
        /// Which one.
        into: SignalId,
    },
    /// It says nothing of use.
    Dismissed,
}

/// Where a signal is found in the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Waits for a decision.
    #[default]
    Review,
    /// Comes back to review by itself.
    Later,
    /// Is evidence, or merged into one that may be.
    Attached,
    /// Out of the way.
    Dismissed,
}

impl Shelf {
    /// Its name in the store and in commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Later => "later",
            Self::Attached => "attached",
            Self::Dismissed => "dismissed",
        }
    }
}

impl SignalState {
    /// Where a signal in this state is found.
    pub const fn shelf(&self) -> Shelf {
        match self {
            Self::New => Shelf::Review,
            Self::Snoozed { .. } => Shelf::Later,
            Self::Attached { .. } | Self::Merged { .. } => Shelf::Attached,
            Self::Dismissed => Shelf::Dismissed,
        }
    }
}
