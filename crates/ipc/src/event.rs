//! What the engine tells every window without being asked.

use custory_domain::draft::DraftProgress;
use custory_domain::{AskId, DraftId, JourneyId, Patch};
use serde::{Deserialize, Serialize};

use crate::asking::Asked;
use crate::automations::AutomationView;
use crate::connectors::ConnectorView;
use crate::models::PullProgress;
use crate::presence::Whereabouts;
use crate::reply::{DraftSummary, Failure, JourneySummary};

/// The link that leads to the inbox.
pub const INBOX_LINK: &str = "custory://inbox/";
use crate::team::Team;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A journey changed: by this window, another one, another program, or a teammate.
    Patched {
        /// Which one.
        journey: JourneyId,
        /// What differs.
        patch: Patch,
    },
    /// Another workspace is shown from now on: everything is to be asked for anew.
    WorkspaceShown,
    /// Something in a workspace that is not shown is not what it was: what waits there, what changed.
    WorkspacesChanged,
    /// A picture that was not on this device is now.
    PictureCame {
        /// Its name.
        name: String,
    },
    /// The workspace changed.
    WorkspacePatched {
        /// What differs.
        patch: Patch,
    },
    /// The list of journeys changed.
    Journeys {
        /// All of them.
        journeys: Vec<JourneySummary>,
    },
    /// The list of drafts changed.
    Drafts {
        /// All of them.
        drafts: Vec<DraftSummary>,
    },
    /// Reading goes on.
    DraftProgressed {
        /// Which draft.
        draft: DraftId,
        /// How far.
        progress: DraftProgress,
    },
    /// A draft waits for review.
    DraftReady {
        /// Which one.
        draft: DraftId,
    },
    /// Reading failed or was stopped.
    DraftFailed {
        /// Which draft.
        draft: DraftId,
        /// Why, and what to do next.
        failure: Failure,
    },
    /// A model's download goes on.
    ModelPulling {
        /// Which model.
        model: String,
        /// How far.
        progress: PullProgress,
    },
    /// A model's download ended.
    ModelPulled {
        /// Which model.
        model: String,
        /// Why it failed, and what to do; empty if the model is there.
        problem: String,
    },
    /// The assistant goes on looking.
    Asking {
        /// Which question.
        ask: AskId,
        /// What it is looking at, in a few words.
        now: String,
    },
    /// The assistant writes its answer.
    Saying {
        /// Which question.
        ask: AskId,
        /// Its statements as far as they are written; nothing of them is checked yet, and they may begin anew.
        words: Vec<String>,
    },
    /// The assistant has answered.
    Answered {
        /// The question with its answer.
        asked: Box<Asked>,
    },
    /// The assistant gave no answer.
    AskFailed {
        /// Which question.
        ask: AskId,
        /// Why, and what to do.
        message: String,
    },
    /// A connection is not what it was.
    Connectors {
        /// All tools.
        connectors: Vec<ConnectorView>,
    },
    /// An automation was set, or ran.
    Automations {
        /// All of them.
        automations: Vec<AutomationView>,
    },
    /// Signals came, or were decided about.
    Signals {
        /// How many wait for a decision.
        to_review: usize,
    },
    /// Something that concerns this person came, was seen, or is news no more.
    News {
        /// How many were not seen.
        unread: usize,
    },
    /// Something concerns this person that they want to be told of at once, wherever they look.
    Told {
        /// Whose doing it is and what, as a sentence without its end.
        title: String,
        /// What it is about, and what was said. Words of others: they are no markup.
        text: String,
        /// A link to what it is about; to the inbox if that is more than one thing.
        link: String,
        /// How many pieces of news it stands for.
        count: usize,
    },
    /// The team is not what it was, or sync stands differently.
    Team {
        /// The team, if there still is one.
        team: Option<Box<Team>>,
    },
    /// A teammate says where they are.
    Presence {
        /// In which journey.
        journey: JourneyId,
        /// Their device.
        device: u32,
        /// Where.
        whereabouts: Whereabouts,
    },
    /// This window read too slowly and missed some events: it must ask for everything anew.
    Missed,
}
