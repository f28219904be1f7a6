//! Other tools: what can be connected and how, how a connection stands, what is sent and what came.

use std::collections::BTreeMap;
use std::fmt;

use custory_domain::{DeliveryStatus, EntityRef, JourneyId, Timestamp};
use serde::{Deserialize, Serialize};

/// A key on its way to the keychain. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hidden")
    }
}

/// A tool that can be connected, and how that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectorView {
    /// Its name in commands.
    pub vendor: String,
    /// Its name for people.
    pub name: String,
    /// What it is good for, in a sentence.
    pub purpose: String,
    /// What its key is called there.
    pub key_name: String,
    /// What a key looks like.
    pub key_example: String,
    /// Where a key is created.
    pub create_at: String,
    /// What its second key is called there; empty where one is enough.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_name: String,
    /// What a second key looks like.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_example: String,
    /// What to do there, a line each.
    pub steps: Vec<String>,
    /// A text that is pasted there; empty where none is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paste: String,
    /// Scopes that the key needs.
    pub scopes: Vec<String>,
    /// How one may sign in there in a browser instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInView>,
    /// What else is asked for.
    pub settings: Vec<SettingView>,
    /// What is read.
    pub reads: Vec<String>,
    /// What is written.
    pub writes: Vec<String>,
    /// How much the vendor allows.
    pub limits: String,
    /// Where the vendor explains it.
    pub docs: String,
    /// It gives numbers.
    pub is_source: bool,
    /// It takes issues.
    pub is_tracker: bool,
    /// A team talks there.
    #[serde(default)]
    pub is_chat: bool,
    /// How the connection stands; none without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionView>,
}

/// Signing in at a tool in a browser, by an app that the person's own workspace has there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    /// Where the app is created.
    pub create_at: String,
    /// What to do there, a line each.
    pub steps: Vec<String>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The setting that names the app.
    pub client: String,
}

/// Something that is asked for when a tool is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingView {
    /// Its name in commands.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// What to put in.
    pub help: String,
    /// What is taken when it is left empty.
    pub default: String,
}

/// How a connection of this device stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionView {
    /// The vendor's identifier of what is connected.
    pub account: String,
    /// The project or workspace, by its name there.
    pub account_name: String,
    /// Whom the key belongs to.
    pub person: String,
    /// As set when it was connected.
    pub settings: BTreeMap<String, String>,
    /// Address in place of the vendor's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Since when.
    pub connected_at: Timestamp,
    /// When everything was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_pull: Option<Timestamp>,
    /// When it is read next while Custory runs; none once only a person can help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_pull: Option<Timestamp>,
    /// Why the last try failed, and what to do; empty if it did not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
}

/// What reading from a tool brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// Which tool.
    pub vendor: String,
    /// Metrics that were asked about.
    pub metrics: usize,
    /// Weekly values that are new or different.
    pub points: usize,
    /// Issues that stand differently.
    pub issues: usize,
    /// Issues and posts that an interrupted sending had left on the way.
    pub resumed: usize,
    /// Messages that were marked or said to us.
    #[serde(default)]
    pub heard: usize,
    /// Why it failed, and what to do; empty if it did not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
}

/// An event that a product sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Its name.
    pub name: String,
    /// How often it came in the last 30 days.
    pub times: u64,
    /// From how many people.
    pub people: u64,
}

/// A team of a tracker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackerTeam {
    /// Its short name, as in `FN-231`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its issues' states, with what each means on the map.
    pub states: Vec<(String, DeliveryStatus)>,
}

/// A channel of a chat tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelView {
    /// Its identifier there.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it can be posted to: we have been invited.
    pub is_ours: bool,
}

/// Title and text of an issue: exactly what is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueText {
    /// Title.
    pub title: String,
    /// Text, in Markdown.
    pub body: String,
}

/// What is asked of other tools.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum ConnectorsRequest {
    /// Other tools that can be connected, and how that stands. → `Connectors`
    List,
    /// Connects a tool, after a call that tests the key. → `Connectors`
    Connect {
        /// Which one.
        vendor: String,
        /// Its key, or two with a line end between; goes into the keychain.
        key: Hidden,
        /// What else it asks for.
        #[serde(default)]
        settings: BTreeMap<String, String>,
        /// Address in place of the vendor's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base_url: Option<String>,
    },
    /// Begins to sign in at a tool in the browser. → `SignIn`
    BeginSignIn {
        /// Which one.
        vendor: String,
        /// What it asks for: the client ID of the app there.
        #[serde(default)]
        settings: BTreeMap<String, String>,
        /// Address in place of the vendor's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base_url: Option<String>,
    },
    /// Waits until the person has said yes in the browser, and connects. → `Connectors`
    FinishSignIn {
        /// Which one.
        vendor: String,
    },
    /// Forgets a connection and its key; what came through it stays. → `Connectors`
    Disconnect {
        /// Which tool.
        vendor: String,
    },
    /// Reads what is new: numbers of bound metrics, states of sent issues. → `Pulled`
    Pull {
        /// Only from this tool.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vendor: Option<String>,
    },
    /// Events that a connected tool knows, the most frequent first. → `EventNames`
    EventNames {
        /// Which tool.
        vendor: String,
    },
    /// Teams of a connected tracker. → `TrackerTeams`
    TrackerTeams {
        /// Which tracker.
        vendor: String,
    },
    /// Channels of a connected chat tool. → `ChatChannels`
    ChatChannels {
        /// Which tool.
        vendor: String,
    },
    /// The issue that sending an item would make. → `IssuePreview`
    PreviewIssue {
        /// On which journey.
        journey: JourneyId,
        /// An insight, opportunity or solution.
        entity: EntityRef,
    },
    /// The same issue, opened by a local model in sentences that the map bears out; not sent. → `IssuePreview`
    PhraseIssue {
        /// On which journey.
        journey: JourneyId,
        /// An insight, opportunity or solution.
        entity: EntityRef,
    },
    /// Makes an issue of an item, never two, and links them. → `Sent`
    SendToTracker {
        /// On which journey.
        journey: JourneyId,
        /// An insight, opportunity or solution.
        entity: EntityRef,
        /// Which tracker.
        vendor: String,
        /// The team's short name.
        team: String,
        /// What to send; what [`ConnectorsRequest::PreviewIssue`] shows without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issue: Option<IssueText>,
    },
}
