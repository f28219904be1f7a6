//! What the engine answers, and how it says no.

use std::collections::BTreeMap;

use custory_domain::draft::DraftReview;
use custory_domain::import::ImportPreview;
use custory_domain::{
    Agenda, AskId, Board, CommandError, DraftId, EntityRef, JourneyId, MemberId, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::asking::Asked;
use crate::automations::{AutomationView, Rehearsal, Run};
use crate::connectors::{ChannelView, ConnectorView, EventView, IssueText, Pulled, TrackerTeam};
use crate::files::Picture;
use crate::history::{FieldSet, History, PastJourney};
use crate::models::{ModelTrial, Models};
use crate::news::NewsView;
use crate::signals::{FilesRead, SignalTheme, SignalView, WatchedFolder};
use crate::team::{KeyLock, KeyPlace, Team, WorkspaceEntry, WorkspaceLoss};
use crate::verdicts::VerdictView;
use crate::view::{Preferences, ShownIn};

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "a reply lives for one answer; a box would only cost")]
pub enum Reply {
    /// Everything a window needs to begin.
    Start {
        /// See [`Start`].
        start: Box<Start>,
    },
    /// The board of a journey.
    Board {
        /// Which one.
        journey: JourneyId,
        /// Everything on it.
        board: Board,
        /// What can be taken back and repeated.
        undo: UndoState,
        /// Steps of other journeys that this one shows in detail.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown_in: Vec<ShownIn>,
        /// Journeys that show this one as it should be.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to_be: Vec<JourneyId>,
    },
    /// It is done, and durable.
    Done {
        /// What was done, in words; empty if nothing had to be.
        label: String,
        /// What can be taken back and repeated now; for orders about a journey.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<UndoState>,
    },
    /// What was changed in a journey.
    History {
        /// See [`History`].
        history: History,
    },
    /// Who set the fields of a thing.
    Blame {
        /// Field by field the newest changes first, a few of each; fields that nobody ever set are not listed.
        fields: Vec<FieldSet>,
        /// Whether it has changes so old that they were not looked at.
        has_more: bool,
    },
    /// What there is to talk about in a review.
    Agenda {
        /// See [`Agenda`].
        agenda: Box<Agenda>,
    },
    /// A journey as it was.
    JourneyAt {
        /// See [`PastJourney`].
        past: Box<PastJourney>,
    },
    /// What a journey shows as it should be, as it is.
    AsIs {
        /// Under the ids of the journey that shows what should be, wherever the two are the same thing.
        board: Board,
        /// What each stage, step and item of it is in the journey itself, by what it is on that board.
        own: BTreeMap<EntityRef, EntityRef>,
    },
    /// A journey was made.
    Made {
        /// Which one.
        journey: JourneyId,
        /// What an import could not carry over, a sentence each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        losses: Vec<String>,
    },
    /// What was found, best first.
    Found {
        /// At most fifty.
        hits: Vec<Hit>,
    },
    /// What says the same twice.
    Twins {
        /// At most a hundred, the most alike first.
        twins: Vec<Twins>,
    },
    /// Reading has begun.
    DraftStarted {
        /// The draft to be.
        draft: DraftId,
    },
    /// A draft with the decisions so far.
    Draft {
        /// See [`DraftReview`].
        review: Box<DraftReview>,
    },
    /// What is known of local models.
    Models {
        /// See [`Models`].
        models: Models,
    },
    /// What trying a model showed.
    ModelTried {
        /// See [`ModelTrial`].
        trial: ModelTrial,
    },
    /// The assistant has begun to look.
    AskStarted {
        /// The question.
        ask: AskId,
    },
    /// What another program proposed, as it waits for a person.
    Proposed {
        /// With what was left out, and why.
        asked: Box<Asked>,
    },
    /// What a tool says.
    Looked {
        /// In lines; entities go by `kind/id`.
        text: String,
    },
    /// Questions asked so far, the newest first.
    AskedSoFar {
        /// With their answers.
        asked: Vec<Asked>,
    },
    /// The text of a source as it was read.
    SourceText {
        /// Plain text; what a citation's `start` counts in.
        text: String,
    },
    /// What a file would become as a journey.
    ImportLooked {
        /// What is known of it.
        preview: ImportPreview,
    },
    /// A picture; `None` if it is not on this device.
    Picture {
        /// It.
        picture: Option<Picture>,
    },
    /// The workspaces side by side on this device.
    Workspaces {
        /// The first one first, then by age.
        workspaces: Vec<WorkspaceEntry>,
    },
    /// What would be gone if a workspace were taken off this computer.
    WorkspaceLoss {
        /// See [`WorkspaceLoss`].
        loss: WorkspaceLoss,
    },
    /// A journey has been written as a folder.
    ExportedFolder {
        /// Where it is.
        path: String,
        /// How many files it has.
        files: usize,
        /// What is not in it, a sentence each.
        losses: Vec<String>,
    },
    /// A text to be put somewhere.
    Text {
        /// It.
        text: String,
    },
    /// A journey as a file.
    Exported {
        /// Suggested file name.
        file_name: String,
        /// The file's text.
        text: String,
        /// What such a file has no place for, a sentence each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        losses: Vec<String>,
    },
    /// Other tools that can be connected, and how that stands.
    Connectors {
        /// All of them.
        connectors: Vec<ConnectorView>,
    },
    /// What reading brought.
    Pulled {
        /// For each tool that was asked.
        pulled: Vec<Pulled>,
    },
    /// Events that a tool knows.
    EventNames {
        /// The most frequent first.
        events: Vec<EventView>,
    },
    /// Teams of a tracker.
    TrackerTeams {
        /// All of them.
        teams: Vec<TrackerTeam>,
    },
    /// This device's keys.
    Keys {
        /// Where they are.
        place: KeyPlace,
        /// Whether they can be used.
        lock: KeyLock,
    },
    /// Signing in was begun.
    SignIn {
        /// Where a person says yes, in a browser.
        url: String,
    },
    /// Channels of a chat tool.
    ChatChannels {
        /// Those first that can be posted to.
        channels: Vec<ChannelView>,
    },
    /// The issue that sending would make.
    IssuePreview {
        /// Title and text.
        issue: IssueText,
    },
    /// The issue is there, and linked.
    Sent {
        /// Its name there, as `FN-231`.
        name: String,
        /// Its address.
        url: String,
    },
    /// What the map does by itself.
    Automations {
        /// All of it.
        automations: Vec<AutomationView>,
    },
    /// What a run would do.
    Rehearsed {
        /// See [`Rehearsal`].
        rehearsal: Rehearsal,
    },
    /// What a run did. Issues are sent meanwhile, and complete its log.
    Ran {
        /// See [`Run`].
        run: Box<Run>,
    },
    /// What was heard.
    Signals {
        /// The newest first, at most a hundred.
        signals: Vec<SignalView>,
        /// How many wait for a decision, shown or not.
        to_review: usize,
        /// Folders that are watched.
        folders: Vec<WatchedFolder>,
    },
    /// What concerns the person at this device.
    News {
        /// The newest first, at most two hundred.
        news: Vec<NewsView>,
        /// How many were not seen, listed or not.
        unread: usize,
    },
    /// What the person at this device watches by their own word, on all journeys.
    Watching {
        /// Steps and items that are watched, or not any more; journeys that are muted.
        choices: Vec<(EntityRef, bool)>,
    },
    /// What several signals speak of.
    Themes {
        /// The largest first.
        themes: Vec<SignalTheme>,
    },
    /// What reading files brought.
    SignalsRead {
        /// See [`FilesRead`].
        read: FilesRead,
    },
    /// What shipped solutions did to their metrics.
    Verdicts {
        /// The newest ship first.
        verdicts: Vec<VerdictView>,
    },
    /// The team, if this workspace is shared with one.
    Team {
        /// See [`Team`].
        team: Option<Box<Team>>,
    },
    /// An invitation.
    Invitation {
        /// Its number.
        invite: u32,
        /// The link, to be passed on.
        link: String,
    },
    /// A recovery file.
    Recovery {
        /// Suggested file name.
        file_name: String,
        /// The file, in base64.
        file: String,
    },
}

/// Everything a window needs to begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The workspace with its members and personas.
    pub workspace: Board,
    /// The member that this device writes as.
    pub me: MemberId,
    /// All journeys, archived ones too, newest last.
    pub journeys: Vec<JourneySummary>,
    /// Drafts that wait for review or are being read.
    pub drafts: Vec<DraftSummary>,
    /// How this device shows things.
    pub preferences: Preferences,
    /// Where everything is kept on this device.
    pub data_dir: String,
    /// Version of the program.
    pub version: String,
    /// What this machine is called.
    pub machine: String,
}

/// A journey as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JourneySummary {
    /// Which one.
    pub id: JourneyId,
    /// Its title.
    pub title: String,
    /// Out of the way.
    pub is_archived: bool,
    /// The shipped example.
    pub is_sample: bool,
    /// How many steps it has.
    pub steps: usize,
    /// How many items hang on them.
    pub items: usize,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A draft as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftSummary {
    /// Which one.
    pub id: DraftId,
    /// Its title, as far as known.
    pub title: String,
    /// Still being read.
    pub is_reading: bool,
    /// Why reading failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failure>,
}

/// What can be taken back and repeated, in words; empty if nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoState {
    /// What undo would take back.
    pub undo: Option<String>,
    /// What redo would repeat.
    pub redo: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// In which journey.
    pub journey: JourneyId,
    /// What it is.
    pub entity: EntityRef,
    /// Its title.
    pub title: String,
    /// The place in its text, with the words found between `[` and `]`; empty if it is the title.
    pub excerpt: String,
}

/// Two things of one kind that say the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Twins {
    /// The older one.
    pub one: Hit,
    /// The newer one.
    pub other: Hit,
    /// How alike they are, from 0 to 1; 1 for the same words.
    pub likeness: f32,
}

/// How the engine says no.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Failure {
    /// What kind of no, for programs.
    pub code: ErrorCode,
    /// What happened and what to do next, for people.
    pub message: String,
}

impl Failure {
    /// A no of that kind, with a message for people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::new(ErrorCode::Refused, error.to_string())
    }
}

/// Kinds of no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A rule of the domain forbids it.
    Refused,
    /// What was named is not here.
    NotFound,
    /// The input cannot be understood.
    BadInput,
    /// The disk would not take it, or holds something damaged.
    Storage,
    /// A page or file could not be read.
    Unreadable,
    /// An address leads to this machine or network, which nobody has allowed.
    PrivateAddress,
    /// A person stopped it.
    Stopped,
    /// A local model is not there or cannot do it.
    Model,
    /// Another tool cannot be reached or will not do it.
    Vendor,
    /// A fault of the program itself.
    Internal,
}
