//! Everything a workspace is made of, one flat record per entity.
//!
//! An entity is a bag of independently merged fields: two people who change different fields of
//! one step both keep their change. Links are ids held in sets, never nesting, so moving a thing
//! and deleting its old place can happen at once without losing it. Nothing is ever erased: the
//! trash is a field.

mod decision;
mod delivery;
mod evidence;
mod item;
mod people;
mod review;
mod shared_view;
mod source;
mod structure;

use serde::{Deserialize, Serialize};

pub use decision::*;
pub use delivery::*;
pub use evidence::*;
pub use item::*;
pub use people::*;
pub use review::*;
pub use shared_view::*;
pub use source::*;
pub use structure::*;

use crate::id::*;
use crate::time::Stamp;

/// Whether a field holds its default and can be left out of files and documents.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Declares an entity: its record, and one enum variant per field that a person may set.
///
/// Fields under `rules` are kept by commands with a rule of their own (moving, linking) and have
/// no variant, so that nobody can set them past the rule.
macro_rules! entity {
    (
        $(#[$doc:meta])*
        $name:ident($id:ident), $field:ident {
            $($(#[$fdoc:meta])* $variant:ident => $set:ident: $ty:ty,)*
        }
        rules { $($(#[$rdoc:meta])* $rule:ident: $rty:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            /// Identifier.
            pub id: $crate::id::$id,
            /// When and by whom it was made.
            #[serde(default)]
            pub created: $crate::time::Stamp,
            /// When and by whom it was last changed.
            #[serde(default)]
            pub updated: $crate::time::Stamp,
            /// Set while it is in the trash.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub trashed: Option<$crate::time::Stamp>,
            $($(#[$fdoc])*
            #[serde(default, skip_serializing_if = "crate::entity::is_default")]
            pub $set: $ty,)*
            $($(#[$rdoc])*
            #[serde(default, skip_serializing_if = "crate::entity::is_default")]
            pub $rule: $rty,)*
        }

        impl $name {
            /// An empty one: every field unknown.
            pub fn new(id: $crate::id::$id) -> Self {
                Self {
                    id,
                    created: Default::default(),
                    updated: Default::default(),
                    trashed: None,
                    $($set: Default::default(),)*
                    $($rule: Default::default(),)*
                }
            }

            /// Its fields as they are, each as what would set it so.
            pub fn fields(&self) -> Vec<$field> {
                vec![$($field::$variant(Clone::clone(&self.$set)),)*]
            }

            /// Sets one field; whether the value is allowed is checked by `carry_out`.
            pub fn set(&mut self, field: $field) {
                match field {
                    $($field::$variant(value) => self.$set = value,)*
                }
            }
        }

        /// One field with its new value.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "field", content = "value", rename_all = "snake_case")]
        pub enum $field {
            $($(#[$fdoc])* $variant($ty),)*
        }

        impl $field {
            /// The field's name in files and documents.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($set),)*
                }
            }
        }
    };
}
pub(crate) use entity;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident($id:ident, $field:ident, $title:ident) $text:literal, $word:literal;)*) => {
        /// What kind of entity something is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EntityKind {
            $($(#[$doc])* $name,)*
        }

        impl EntityKind {
            /// All kinds, in the order in which they are listed and saved.
            pub const ALL: &'static [EntityKind] = &[$(Self::$name,)*];

            /// The name used in files and documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The word people read, lower case.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The kind with that name in files and documents.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }

        /// Any entity, with all its fields.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Entity {
            $($(#[$doc])* $name($name),)*
        }

        impl Entity {
            /// What it is and which one.
            pub fn entity_ref(&self) -> EntityRef {
                match self { $(Self::$name(it) => it.id.into(),)* }
            }
            /// When and by whom it was made.
            pub fn created(&self) -> Stamp {
                match self { $(Self::$name(it) => it.created,)* }
            }
            /// Sets who made it and when; a new entity was last changed when it was made.
            pub fn set_created(&mut self, stamp: Stamp) {
                match self { $(Self::$name(it) => { it.created = stamp; it.updated = stamp; })* }
            }
            /// When and by whom it was last changed.
            pub fn updated(&self) -> Stamp {
                match self { $(Self::$name(it) => it.updated,)* }
            }
            /// Sets who changed it last and when.
            pub fn set_updated(&mut self, stamp: Stamp) {
                match self { $(Self::$name(it) => it.updated = stamp,)* }
            }
            /// Set while it is in the trash.
            pub fn trashed(&self) -> Option<Stamp> {
                match self { $(Self::$name(it) => it.trashed,)* }
            }
            /// Puts it into the trash or takes it out.
            pub fn set_trashed(&mut self, trashed: Option<Stamp>) {
                match self { $(Self::$name(it) => it.trashed = trashed,)* }
            }
        }

        impl Entity {
            /// An empty one: every field unknown.
            pub fn blank(of: EntityRef) -> Self {
                match of.kind { $(EntityKind::$name => $name::new(of.id.into()).into(),)* }
            }
            /// The fields that a person may set as they are, each as what would set it so; in the order in which they
            /// are declared.
            pub fn fields(&self) -> Vec<Change> {
                match self {
                    $(Self::$name(it) => {
                        it.fields().into_iter().map(|set| Change::$name { id: it.id, set }).collect()
                    })*
                }
            }
            /// What people call it: title, statement, name, or the beginning of its words.
            pub fn title(&self) -> &str {
                match self { $(Self::$name(it) => &it.$title,)* }
            }
        }

        $(impl From<$name> for Entity {
            fn from(it: $name) -> Self {
                Self::$name(it)
            }
        })*

        /// One field of one entity with its new value.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Change {
            $($(#[$doc])* $name {
                /// Which one.
                id: $id,
                /// The field and its value.
                #[serde(flatten)]
                set: $field,
            },)*
        }

        impl Change {
            /// The entity that changes.
            pub fn entity_ref(&self) -> EntityRef {
                match self { $(Self::$name { id, .. } => (*id).into(),)* }
            }
            /// The field's name in files and documents.
            pub fn field_name(&self) -> &'static str {
                match self { $(Self::$name { set, .. } => set.name(),)* }
            }
            /// Sets the field on `entity`; answers whether it was of the right kind and identity.
            pub fn apply_to(self, entity: &mut Entity) -> bool {
                if self.entity_ref() != entity.entity_ref() {
                    return false;
                }
                match (self, entity) {
                    $((Self::$name { set, .. }, Entity::$name(it)) => { it.set(set); true })*
                    _ => false,
                }
            }
        }
    };
}

kinds! {
    /// What belongs together and is synced together.
    Workspace(WorkspaceId, WorkspaceField, name) "workspace", "workspace";
    /// A person of the team.
    Member(MemberId, MemberField, name) "member", "member";
    /// Whom a journey is about.
    Persona(PersonaId, PersonaField, name) "persona", "persona";
    /// How one kind of customer gets from one situation to another.
    Journey(JourneyId, JourneyField, title) "journey", "journey";
    /// A chapter of a journey.
    Stage(StageId, StageField, title) "stage", "stage";
    /// What the customer does next, in the customer's own words.
    Step(StepId, StepField, title) "step", "step";
    /// Where the customer meets the product.
    Touchpoint(TouchpointId, TouchpointField, title) "touchpoint", "touchpoint";
    /// What was learned about the customer.
    Insight(InsightId, InsightField, statement) "insight", "insight";
    /// A problem worth solving.
    Opportunity(OpportunityId, OpportunityField, title) "opportunity", "opportunity";
    /// A way to solve it.
    Solution(SolutionId, SolutionField, title) "solution", "solution";
    /// A number that is watched.
    Metric(MetricId, MetricField, name) "metric", "metric";
    /// What a claim rests on.
    Evidence(EvidenceId, EvidenceField, excerpt) "evidence", "evidence";
    /// An issue in a tracker.
    DeliveryLink(DeliveryLinkId, DeliveryLinkField, external_id) "delivery_link", "linked issue";
    /// Whether a shipped fix moved its metric.
    Verdict(VerdictId, VerdictField, summary) "verdict", "verdict";
    /// What somebody said about an entity.
    Comment(CommentId, CommentField, body) "comment", "comment";
    /// What a team saw, noted and decided when it looked at a journey together.
    Review(ReviewId, ReviewField, notes) "review", "review";
    /// What a team decided about an item, and why.
    Decision(DecisionId, DecisionField, what) "decision", "decision";
    /// A way to look at a journey, for everybody on it.
    SharedView(SharedViewId, SharedViewField, name) "shared_view", "shared view";
}
