//! What can be asked of the engine.

use std::collections::BTreeMap;

use custory_domain::draft::{Decision, DraftKey, DraftRequest};
use custory_domain::{AskId, Command, DraftId, JourneyId, Via};
use serde::{Deserialize, Serialize};

use crate::models::ModelSettings;
use crate::view::JourneyView;

/// One question or order. Each is answered by one [`crate::Reply`] or one [`crate::Failure`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// Everything a window needs to begin. → `Start`
    Start,
    /// The board of a journey. → `Board`
    OpenJourney {
        /// Which one.
        journey: JourneyId,
    },
    /// Changes a journey, durably before the reply. → `Done`
    Dispatch {
        /// Which one.
        journey: JourneyId,
        /// What to do.
        command: Command,
        /// Through what it came about.
        #[serde(default)]
        via: Via,
    },
    /// Changes the workspace: its name, members, personas. → `Done`
    DispatchWorkspace {
        /// What to do.
        command: Command,
    },
    /// Takes back the last own gesture in a journey. → `Done`
    Undo {
        /// Which one.
        journey: JourneyId,
    },
    /// Repeats what was last taken back. → `Done`
    Redo {
        /// Which one.
        journey: JourneyId,
    },
    /// Makes a journey. → `Made`
    CreateJourney {
        /// Its title.
        title: String,
        /// What it begins with.
        from: Beginning,
    },
    /// The example as it would be, with its people, without making it. → `Board`
    PreviewSample,
    /// Copies a journey with everything on it. → `Made`
    DuplicateJourney {
        /// Which one.
        journey: JourneyId,
    },
    /// Deletes a journey from this device for good. → `Done`
    DeleteJourney {
        /// Which one.
        journey: JourneyId,
    },
    /// Finds titles, texts and quotes. → `Found`
    Search {
        /// What to look for.
        query: String,
        /// Only in this journey.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        journey: Option<JourneyId>,
    },
    /// Starts reading material; progress and result come as events. → `DraftStarted`
    StartDraft {
        /// From what.
        request: DraftRequest,
    },
    /// Starts reading material with a local model beside the rules. → `DraftStarted`
    StartDraftWithModel {
        /// From what.
        request: DraftRequest,
        /// Which model; the one that is set without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
    },
    /// Stops reading. → `Done`
    CancelDraft {
        /// Which draft.
        draft: DraftId,
    },
    /// A draft with the decisions so far. → `Draft`
    OpenDraft {
        /// Which one.
        draft: DraftId,
    },
    /// Decides about elements of a draft; `None` takes a decision back. → `Done`
    DecideDraft {
        /// Which draft.
        draft: DraftId,
        /// By element.
        decisions: Vec<(DraftKey, Option<Decision>)>,
    },
    /// Puts what was kept onto the map, as one change. → `Made`
    AcceptDraft {
        /// Which draft.
        draft: DraftId,
        /// Title of the new journey; the draft's own without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// Throws a draft away. → `Done`
    DiscardDraft {
        /// Which one.
        draft: DraftId,
    },
    /// The text of a source as it was read. → `SourceText`
    SourceText {
        /// The draft's or evidence's source hash.
        hash: String,
    },
    /// A journey as a file. → `Exported`
    Export {
        /// Which one.
        journey: JourneyId,
        /// As what.
        format: ExportFormat,
    },
    /// Makes a journey from an exported one. → `Made`
    Import {
        /// The file's text, as [`ExportFormat::Json`] wrote it.
        text: String,
    },
    /// What is known of local models. Asks the model server. → `Models`
    Models,
    /// Remembers how local models are reached and which one is used. → `Done`
    SetModels {
        /// All of it.
        settings: ModelSettings,
    },
    /// Downloads a model; progress and end come as events. → `Done`
    PullModel {
        /// Its name.
        model: String,
    },
    /// Stops a download. → `Done`
    CancelPull {
        /// Its name.
        model: String,
    },
    /// Asks a model a small question in the form that drafts need. → `ModelTried`
    TryModel {
        /// Its name.
        model: String,
    },
    /// Asks the assistant about a journey; the answer comes as an event. Changes nothing. → `AskStarted`
    Ask {
        /// About which one.
        journey: JourneyId,
        /// In the person's words.
        question: String,
        /// Which model; the one that is set without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
    },
    /// Reads a journey with one of the assistant's tools, without a model. → `Looked`
    Look {
        /// Which one.
        journey: JourneyId,
        /// Name of the tool.
        tool: String,
        /// What it is to look at, as `kind/id`; empty where the tool needs nothing.
        #[serde(default)]
        entity: String,
        /// Words to look for; empty where the tool needs none.
        #[serde(default)]
        query: String,
    },
    /// Stops the assistant. → `Done`
    CancelAsk {
        /// Which question.
        asked: AskId,
    },
    /// Questions asked so far. → `AskedSoFar`
    AskedSoFar {
        /// Only about this journey.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        journey: Option<JourneyId>,
    },
    /// Accepts some of the changes that an answer proposes, as one change, and rejects the others.
    /// None accepted is a rejection. → `Done`
    DecideProposal {
        /// The question.
        asked: AskId,
        /// Places in its proposal.
        accept: Vec<usize>,
    },
    /// Forgets a question and its answer. → `Done`
    ForgetAsk {
        /// Which one.
        asked: AskId,
    },
    /// Remembers how this device shows things. → `Done`
    SetPreferences {
        /// All of them.
        preferences: Preferences,
    },
}

/// What a new journey begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginning {
    /// Four empty stages.
    Blank,
    /// The example.
    Sample,
}

/// What a journey is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Everything, to be imported again.
    Json,
    /// To be read.
    Markdown,
}

/// How this device shows things. Not shared with anybody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// The journey that was open last.
    pub last_journey: Option<JourneyId>,
    /// How each journey is looked at; those that are looked at as at first are left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub views: BTreeMap<JourneyId, JourneyView>,
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}
