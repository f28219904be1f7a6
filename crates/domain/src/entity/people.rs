//! Who: the workspace, its members, the personas journeys are about, and what members say.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::entity;
use crate::id::{CommentId, EntityRef, MemberId};
use crate::time::Timestamp;

entity! {
    /// What belongs together and is synced together.
    Workspace(WorkspaceId), WorkspaceField {
        /// Name, at most 80 characters.
        Name => name: String,
        /// ISO 4217 code of the currency in which money is shown.
        Currency => currency: String,
    }
    rules {}
}

entity! {
    /// A person of the team.
    Member(MemberId), MemberField {
        /// Name as shown.
        Name => name: String,
        /// What they do, for example “Support”.
        Title => title: String,
        /// Which of the palette's people colours, from 0.
        Colour => colour: u8,
        /// What they may do.
        Role => role: MemberRole,
    }
    rules {}
}

/// What a member may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Everything, members included.
    #[default]
    Owner,
    /// Everything but members.
    Editor,
    /// Reads and comments.
    Commenter,
    /// Reads.
    Viewer,
}

entity! {
    /// Whom a journey is about.
    Persona(PersonaId), PersonaField {
        /// Name, for example “Crew owner”.
        Name => name: String,
        /// Their situation in a few words, for example “5 to 30 people”.
        Description => description: String,
        /// Their part in buying and using.
        Kind => part: PersonaPart,
        /// What they want, one a line.
        Goals => goals: String,
        /// What is in their way, one a line.
        Frustrations => frustrations: String,
        /// Job to be done: “When …”.
        JobWhen => job_when: String,
        /// Job to be done: “I want …”.
        JobWant => job_want: String,
        /// Job to be done: “so that I can …”.
        JobSo => job_so: String,
        /// What it rests on.
        Basis => basis: Basis,
    }
    rules {}
}

/// A persona's part in buying and using.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonaPart {
    /// Decides and pays.
    Buyer,
    /// Sets up and looks after.
    Admin,
    /// Works with it.
    #[default]
    EndUser,
    /// None of these.
    Other,
}

/// What a persona or a feeling rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The team's guess.
    #[default]
    Assumed,
    /// Research or observation.
    Observed,
}

impl Comment {
    /// Who said it.
    pub fn said_by(&self) -> MemberId {
        self.author.unwrap_or(self.created.by)
    }

    /// When it was said.
    pub fn said_at(&self) -> Timestamp {
        self.said_at.unwrap_or(self.created.at)
    }
}

entity! {
    /// What somebody said about an entity.
    Comment(CommentId), CommentField {
        /// The words.
        Body => body: String,
        /// Members spoken to.
        Mentions => mentions: BTreeSet<MemberId>,
        /// Whether the thread it starts is settled.
        IsResolved => is_resolved: bool,
        /// What it is about.
        About => about: Option<EntityRef>,
        /// The comment it answers.
        ReplyTo => reply_to: Option<CommentId>,
        /// Who said it, where that is somebody else than who put it here: after an import, or
        /// when it was taken over from a chat.
        Author => author: Option<MemberId>,
        /// When it was said, where that is not when it was put here.
        SaidAt => said_at: Option<Timestamp>,
    }
    rules {}
}
