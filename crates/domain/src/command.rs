//! The one vocabulary through which everything changes a journey: people, drafts, imports,
//! automations and the assistant alike.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::entity::Change;
use crate::entity::{Branch, Entity, EntityKind, MetricPoint, ReviewAgenda, Stance};
use crate::id::{EntityRef, EvidenceId, MetricId, ReviewId, StageId, StepId};
use crate::time::Timestamp;

/// Something done on purpose. Ids of new entities are chosen by whoever commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Adds an entity. Placed at `index` among its siblings, at their end without one; an entity
    /// that brings its own position keeps it.
    Add {
        /// The new entity; its stamps are set by the receiver.
        entity: Box<Entity>,
        /// Position among its siblings, from 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
    },
    /// Sets one field of one entity.
    Set {
        /// Which field, and its value.
        change: Change,
    },
    /// Moves a stage to a position among the stages.
    MoveStage {
        /// The stage.
        stage: StageId,
        /// Position among the other stages, from 0.
        index: usize,
    },
    /// Moves a step to a position in a stage. Everything on it moves along.
    MoveStep {
        /// The step.
        step: StepId,
        /// Where it goes.
        stage: StageId,
        /// Position among the other steps there, from 0.
        index: usize,
    },
    /// Says that some customers go from a step to another one than the next; `None` takes that back.
    Branch {
        /// The step that they leave.
        from: StepId,
        /// Where they go.
        to: StepId,
        /// Who does, and how many.
        branch: Option<Branch>,
    },
    /// Moves an item to a position on a step.
    MoveItem {
        /// The item.
        item: EntityRef,
        /// The step it leaves; without one it is placed on another step as well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<StepId>,
        /// Where it goes.
        to: StepId,
        /// Position among the other items of its kind there, from 0.
        index: usize,
    },
    /// Takes an item off one of its steps. The last one it stays on: use the trash.
    Unplace {
        /// The item.
        item: EntityRef,
        /// The step it leaves.
        step: StepId,
    },
    /// Links an insight to an opportunity, an opportunity to a solution, or an insight to a solution that
    /// assumes it.
    Link {
        /// The insight or opportunity.
        from: EntityRef,
        /// The opportunity or solution that answers or assumes it.
        to: EntityRef,
    },
    /// Takes such a link away.
    Unlink {
        /// The insight or opportunity.
        from: EntityRef,
        /// The opportunity or solution that answered or assumed it.
        to: EntityRef,
    },
    /// Says whether evidence speaks for or against a claim; `None` says that it does neither.
    Weigh {
        /// The evidence.
        evidence: EvidenceId,
        /// What it speaks about.
        claim: EntityRef,
        /// For, against, or neither.
        stance: Option<Stance>,
    },
    /// Records values of a metric; a value for the same day replaces the old one.
    RecordPoints {
        /// The metric.
        metric: MetricId,
        /// Values by the first day they cover.
        points: BTreeMap<Date, MetricPoint>,
    },
    /// Says that a step is still true as it stands.
    StillTrue {
        /// The step.
        step: StepId,
    },
    /// Finishes a review: it keeps what there was to look at, and is the last one from now on.
    FinishReview {
        /// Which one.
        review: ReviewId,
        /// From when on changes were looked at.
        since: Timestamp,
        /// What there was to look at.
        agenda: ReviewAgenda,
    },
    /// Puts entities into the trash. What hangs on a step or stage goes out of sight with it.
    Trash {
        /// Which ones.
        entities: Vec<EntityRef>,
    },
    /// Takes entities out of the trash.
    Restore {
        /// Which ones.
        entities: Vec<EntityRef>,
    },
    /// Puts entities back as they were in an earlier version. One that is not there any more is added again.
    PutBack {
        /// As they were, whole.
        entities: Vec<Entity>,
    },
    /// Gives the version that a change made a name; an empty one takes it away.
    NameVersion {
        /// The change, as 64 hexadecimal digits.
        version: String,
        /// At most 80 characters.
        name: String,
    },
    /// Several commands as one gesture: all of them or none, and one undo.
    Batch {
        /// What the gesture was, for history and undo: “Accept draft”.
        label: String,
        /// In this order.
        commands: Vec<Command>,
    },
}

impl Command {
    /// Adds an entity at the end of its siblings.
    pub fn add(entity: impl Into<Entity>) -> Self {
        Self::Add { entity: Box::new(entity.into()), index: None }
    }

    /// Adds an entity at a position among its siblings.
    pub fn add_at(entity: impl Into<Entity>, index: usize) -> Self {
        Self::Add { entity: Box::new(entity.into()), index: Some(index) }
    }

    /// Sets one field.
    pub fn set(change: Change) -> Self {
        Self::Set { change }
    }
}

/// Why a command cannot be carried out, in words for a person.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum CommandError {
    /// The target is not on the board.
    #[error("This {} is no longer there. Somebody may have undone adding it.", .entity.kind.word())]
    Missing {
        /// What was looked for.
        entity: EntityRef,
    },
    /// The id of a new entity is taken.
    #[error("This {} exists already.", .entity.kind.word())]
    Exists {
        /// Which one.
        entity: EntityRef,
    },
    /// A text that must say something is empty.
    #[error("A {} needs a {field}.", .kind.word())]
    Empty {
        /// Kind of entity.
        kind: EntityKind,
        /// Name of the field.
        field: String,
    },
    /// A text is longer than its limit.
    #[error("The {field} of a {} can have {max} characters; this has {is}.", .kind.word())]
    TooLong {
        /// Kind of entity.
        kind: EntityKind,
        /// Name of the field.
        field: String,
        /// How long it may be, in characters.
        max: usize,
        /// How long it is, in characters.
        is: usize,
    },
    /// A number lies outside its scale.
    #[error("The {field} of a {} goes from {min} to {max}; {is} is outside.", .kind.word())]
    OffScale {
        /// Kind of entity.
        kind: EntityKind,
        /// Name of the field.
        field: String,
        /// Lowest value.
        min: f64,
        /// Highest value.
        max: f64,
        /// What was given.
        is: f64,
    },
    /// There are as many of a kind as there can be.
    #[error("There can be {max} {things} here. Move some elsewhere or into the trash first.")]
    TooMany {
        /// What there are too many of.
        things: String,
        /// How many there can be.
        max: usize,
    },
    /// The command does not fit its target.
    #[error("{reason}")]
    Unfit {
        /// Why, as a sentence.
        reason: String,
    },
}
