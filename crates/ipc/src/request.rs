//! What can be asked of the engine.

use std::collections::BTreeMap;

use custory_domain::draft::{Decision, DraftKey, DraftRequest};
use custory_domain::import::ColumnRole;
use custory_domain::{
    AskId, Command, DraftId, EntityKind, EntityRef, JourneyId, Shelf, SignalId, SolutionId, Via,
};
use serde::{Deserialize, Serialize};

use crate::asking::WantedChange;
use crate::automations::AutomationsRequest;
use crate::connectors::{ConnectorsRequest, Hidden};
use crate::files::{Beginning, ExportFormat, FolderPlace, ImportFile, JourneyParts, PictureWish};
use crate::history::{OnJourney, When};
use crate::models::ModelSettings;
use crate::news::NewsWish;
use crate::presence::Whereabouts;
use crate::signals::Triage;
use crate::team::{TeamRequest, WorkspacesWish};
use crate::view::Preferences;

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
    /// What was changed in a journey, the newest first, a page at a time. → `History`
    History {
        /// Which one.
        journey: JourneyId,
        /// Only changes of this thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<EntityRef>,
        /// Only changes before this version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
    },
    /// Who set the fields of a thing, and what they were before. → `Blame`
    Blame(OnJourney),
    /// What there is to talk about in a review of a journey. → `Agenda`
    Agenda {
        /// Which one.
        journey: JourneyId,
    },
    /// A journey as it was. → `JourneyAt`
    JourneyAt {
        /// Which one.
        journey: JourneyId,
        /// When.
        when: When,
    },
    /// The journey that another one shows as it should be, under the ids of that one. → `AsIs`
    AsIs {
        /// The one that shows what should be.
        journey: JourneyId,
    },
    /// Brings a journey, or some things on it, back as one change; what was measured or said since stays. → `Done`
    GoBack {
        /// Which one.
        journey: JourneyId,
        /// To which version.
        version: String,
        /// Only these things; all without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Vec<EntityRef>>,
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
    /// Finds what has the words and, where a local model can tell, what means something like them. → `Found`
    SearchMeaning {
        /// What to look for; of one kind also a longer text, to find where it belongs.
        query: String,
        /// Only in this journey.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        journey: Option<JourneyId>,
        /// Only of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<EntityKind>,
    },
    /// Finds steps and items of a journey that say the same as another one. → `Twins`
    Twins {
        /// Of which journey.
        journey: JourneyId,
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
        /// 0 takes the model's likeliest words; any other number lets chance in, the same way each time.
        #[serde(default)]
        chance: u32,
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
    /// Parts of a journey as Markdown. → `Text`
    AsMarkdown(JourneyParts),
    /// A journey as a file. → `Exported`
    Export {
        /// Which one.
        journey: JourneyId,
        /// As what.
        format: ExportFormat,
    },
    /// About pictures of touchpoints.
    Pictures(PictureWish),
    /// Writes a journey as a folder, for version control. → `ExportedFolder`
    ExportFolder {
        /// Which one.
        journey: JourneyId,
        /// Where to.
        place: FolderPlace,
    },
    /// What a file would become as a journey. Changes nothing. → `ImportLooked`
    LookAtImport {
        /// The file.
        file: ImportFile,
        /// What the columns of a table become, from the first one on; guessed without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        columns: Option<Vec<ColumnRole>>,
    },
    /// Makes a journey from a file or folder: an exported one, or one of another program. → `Made`
    Import {
        /// The file.
        file: ImportFile,
        /// An exported journey that is gone comes back as the same one, under its own ids, instead of as a copy.
        #[serde(default)]
        restore: bool,
        /// What the columns of a table become, from the first one on; guessed without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        columns: Option<Vec<ColumnRole>>,
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
    /// Leaves changes of another program for a person to accept; changes nothing. → `Proposed`
    Propose {
        /// In which journey.
        journey: JourneyId,
        /// What the program calls itself.
        by: String,
        /// What it wants, by identifiers.
        changes: Vec<WantedChange>,
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
    /// Accepts some of the changes of an answer, as one change, and rejects the others, or all. → `Done`
    DecideProposal {
        /// The question.
        asked: AskId,
        /// Places in its proposal.
        accept: Vec<usize>,
        /// Texts in place of those that were proposed, by place.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        texts: BTreeMap<usize, String>,
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
    /// Where this device's keys are, and whether they can be used. → `Keys`
    Keys,
    /// Unlocks the sealed keys, or chooses their passphrase where they have none. → `Keys`
    UnlockKeys {
        /// The passphrase.
        passphrase: Hidden,
    },
    /// About other tools.
    Connectors(ConnectorsRequest),
    /// About what the map does by itself.
    Automations(AutomationsRequest),
    /// What was heard elsewhere, the newest first. → `Signals`
    Signals {
        /// Which of it.
        #[serde(default)]
        shelf: Shelf,
    },
    /// About what concerns the person at this device.
    News(NewsWish),
    /// What several signals that wait speak of, found by code, named by a local model if one is chosen. → `Themes`
    Themes,
    /// Asks the model for no more names: themes that have none yet go by their words. → `Done`
    StopThemes,
    /// Decides about signals. → `Done`
    Triage {
        /// Which ones.
        signals: Vec<SignalId>,
        /// What.
        act: Triage,
    },
    /// Watches a folder: its notes, tables and transcripts become signals. → `SignalsRead`
    WatchFolder {
        /// Where it is on this device.
        path: String,
    },
    /// Watches a folder no more; its signals stay. → `SignalsRead`
    UnwatchFolder {
        /// As it was given, or as it is listed.
        path: String,
    },
    /// Reads the watched folders now. → `SignalsRead`
    ReadFolders,
    /// What shipped solutions of a journey did to their metrics. → `Verdicts`
    Verdicts {
        /// Which journey.
        journey: JourneyId,
    },
    /// Keeps a verdict that is final: it is not computed again, and the work it is about says so. → `Done`
    KeepVerdict {
        /// On which journey.
        journey: JourneyId,
        /// The solution that it is about.
        solution: SolutionId,
    },
    /// About the team that this workspace is shared with.
    Team(TeamRequest),
    /// About the workspaces side by side on this device. → `Workspaces`
    Workspaces(WorkspacesWish),
    /// Tells teammates who have the journey open where this person is. → `Done`
    Present {
        /// Which journey.
        journey: JourneyId,
        /// Where.
        whereabouts: Whereabouts,
    },
}
