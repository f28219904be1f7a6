//! Identifiers that cannot be mistaken for one another.
//!
//! Each is a ULID: 128 bits, 26 characters, unique without coordination. Nothing here makes up
//! randomness: the caller who owns it passes it in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::entity::EntityKind;

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an identifier; expected 26 letters and digits")]
pub struct InvalidId(pub String);

fn parse_ulid(text: &str) -> Result<Ulid, InvalidId> {
    Ulid::from_string(text).map_err(|_| InvalidId(text.to_owned()))
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// Builds an id from the time (milliseconds since 1970) and 80 random bits of the caller.
            pub const fn from_parts(at_millis: u64, random: u128) -> Self {
                Self(Ulid::from_parts(at_millis, random))
            }
            /// The bare 128-bit value, for places that keep ids of several kinds side by side.
            pub const fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.0.array_to_str(&mut [0; ulid::ULID_LEN]))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(input)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl From<Ulid> for $name {
            fn from(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_ulid(text).map(Self)
            }
        }
    )*};
}

id! {
    /// Names a workspace.
    WorkspaceId,
    /// Names a member of the team.
    MemberId,
    /// Names a persona.
    PersonaId,
    /// Names a journey, and the document it is stored in.
    JourneyId,
    /// Names a stage.
    StageId,
    /// Names a step.
    StepId,
    /// Names a touchpoint.
    TouchpointId,
    /// Names an insight.
    InsightId,
    /// Names an opportunity.
    OpportunityId,
    /// Names a solution.
    SolutionId,
    /// Names a metric.
    MetricId,
    /// Names a piece of evidence.
    EvidenceId,
    /// Names a link to an issue in a tracker.
    DeliveryLinkId,
    /// Names a before-and-after verdict.
    VerdictId,
    /// Names a comment.
    CommentId,
    /// Names a review.
    ReviewId,
    /// Names a decision.
    DecisionId,
    /// Names a shared view.
    SharedViewId,
    /// Names a draft on this device.
    DraftId,
    /// A question to the assistant, with its answer.
    AskId,
    /// Names what somebody said elsewhere.
    SignalId,
}

macro_rules! entity_ref {
    ($($name:ident => $kind:ident,)*) => {$(
        impl From<$name> for EntityRef {
            fn from(id: $name) -> Self {
                EntityRef { kind: EntityKind::$kind, id: id.0 }
            }
        }
    )*};
}

entity_ref! {
    WorkspaceId => Workspace,
    MemberId => Member,
    PersonaId => Persona,
    JourneyId => Journey,
    StageId => Stage,
    StepId => Step,
    TouchpointId => Touchpoint,
    InsightId => Insight,
    OpportunityId => Opportunity,
    SolutionId => Solution,
    MetricId => Metric,
    EvidenceId => Evidence,
    DeliveryLinkId => DeliveryLink,
    VerdictId => Verdict,
    CommentId => Comment,
    ReviewId => Review,
    DecisionId => Decision,
    SharedViewId => SharedView,
}

/// Points at an entity of any kind. Written as `kind/ULID`, for example `step/01J…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// Its identifier among its kind.
    pub id: Ulid,
}

impl fmt::Display for EntityRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.kind.as_str(), self.id)
    }
}

impl fmt::Debug for EntityRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for EntityRef {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId(text.to_owned());
        let (kind, id) = text.split_once('/').ok_or_else(invalid)?;
        Ok(Self { kind: EntityKind::parse(kind).ok_or_else(invalid)?, id: parse_ulid(id)? })
    }
}

impl Serialize for EntityRef {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntityRef {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
    }
}
