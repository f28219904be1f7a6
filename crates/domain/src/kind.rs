//! What an item on a step can be. A new kind of item is a variant and its row in [`ItemKind::spec`].

use serde::{Deserialize, Serialize};

use crate::entity::EntityKind;

/// A kind of item: one lane of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Where the customer meets the product.
    Touchpoint,
    /// What was learned.
    Insight,
    /// A problem worth solving.
    Opportunity,
    /// A way to solve it.
    Solution,
    /// A number that is watched.
    Metric,
}

/// How a kind of item is named and drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindSpec {
    /// One of them, sentence case.
    pub name: &'static str,
    /// Several of them, sentence case.
    pub plural: &'static str,
    /// Icon in the sprite.
    pub icon: &'static str,
    /// Short name in style sheets, as in `k-opp`.
    pub style: &'static str,
    /// The key that adds one, after C.
    pub key: char,
    /// The entity it is.
    pub entity: EntityKind,
}

impl ItemKind {
    /// All kinds, in the order of the lanes.
    pub const ALL: &'static [ItemKind] =
        &[Self::Touchpoint, Self::Insight, Self::Opportunity, Self::Solution, Self::Metric];

    /// How it is named and drawn.
    pub const fn spec(self) -> KindSpec {
        let (name, plural, icon, style, key, entity) = match self {
            Self::Touchpoint => {
                ("Touchpoint", "Touchpoints", "k-touch", "touch", 'T', EntityKind::Touchpoint)
            }
            Self::Insight => ("Insight", "Insights", "k-insight", "insight", 'I', EntityKind::Insight),
            Self::Opportunity => {
                ("Opportunity", "Opportunities", "k-opp", "opp", 'O', EntityKind::Opportunity)
            }
            Self::Solution => ("Solution", "Solutions", "k-sol", "sol", 'S', EntityKind::Solution),
            Self::Metric => ("Metric", "Metrics", "k-metric", "metric", 'M', EntityKind::Metric),
        };
        KindSpec { name, plural, icon, style, key, entity }
    }

    /// The kind of item that an entity is; `None` for what is not an item.
    pub fn of(entity: EntityKind) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.spec().entity == entity)
    }
}

impl EntityKind {
    /// Fields that several people may type in at once: merged letter by letter. All other texts
    /// are replaced as a whole, which makes a journey fifteen times faster to load.
    pub const fn long_text_fields(self) -> &'static [&'static str] {
        match self {
            Self::Step => &["action"],
            Self::Touchpoint
            | Self::Insight
            | Self::Opportunity
            | Self::Solution
            | Self::Metric
            | Self::Review => &["notes"],
            Self::Workspace
            | Self::Member
            | Self::Persona
            | Self::Journey
            | Self::Stage
            | Self::Evidence
            | Self::DeliveryLink
            | Self::Verdict
            | Self::Comment
            | Self::Decision
            | Self::SharedView => &[],
        }
    }

    /// Fields that hold values by key, each merged on its own: two people who add values for two
    /// days keep both. Every other record inside an entity (a stamp, a window) is one value.
    pub const fn map_fields(self) -> &'static [&'static str] {
        match self {
            Self::Metric => &["points"],
            Self::Evidence => &["claims"],
            Self::Journey => &["versions", "lanes"],
            Self::Step => &["branches", "cells"],
            Self::Review => &["decisions"],
            Self::Workspace
            | Self::Member
            | Self::Persona
            | Self::Stage
            | Self::Touchpoint
            | Self::Insight
            | Self::Opportunity
            | Self::Solution
            | Self::DeliveryLink
            | Self::Verdict
            | Self::Comment
            | Self::Decision
            | Self::SharedView => &[],
        }
    }
}
