//! Automations: what they do and when, what their runs did, and rehearsals.

use custory_domain::filter::Filter;
use custory_domain::{AgendaList, Command, EntityRef, ItemState, JourneyId, MemberId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::asking::Claim;
use crate::conditions::Conditions;

/// An automation as it is set on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutomationView {
    /// Its name in commands.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Whether a person made it: it can be renamed and deleted.
    #[serde(default)]
    pub is_own: bool,
    /// Whether it runs by itself.
    pub is_on: bool,
    /// What it does and when.
    pub sentence: Vec<Clause>,
    /// What can be chosen, as it is.
    pub choices: Choices,
    /// For what it waits although its moment has come; nothing if it does not wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// When it runs next while Custory runs; none while it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// Its last runs, the newest first.
    pub runs: Vec<Run>,
}

/// A part of the sentence that an automation reads as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// When, if, or then.
    pub word: String,
    /// What follows it.
    pub pieces: Vec<Piece>,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// What a person chooses there, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

/// Something that can be chosen in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields of the choices are named alike")]
pub enum Choice {
    Every,
    Hour,
    Journey,
    Points,
    Cases,
    Team,
    Mode,
    Conditions,
    Channel,
    View,
    Deeds,
}

/// What can be chosen about an automation. What a recipe has no use for is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// On which journey alone; on all without.
    #[serde(default)]
    pub journey: Option<JourneyId>,
    /// How often.
    pub every: Every,
    /// At which hour, 0 to 23.
    pub hour: i8,
    /// The time zone's name.
    pub zone: String,
    /// By how many points a rate has to get worse.
    #[serde(default)]
    pub points: Option<f64>,
    /// Fewest cases on each side.
    #[serde(default)]
    pub cases: Option<u32>,
    /// The team's short name in the tracker.
    #[serde(default)]
    pub team: Option<String>,
    /// Whether a run waits for a person before it does anything.
    #[serde(default)]
    pub asks_first: bool,
    /// What else has to hold for what it would do something about.
    #[serde(default)]
    pub conditions: Conditions,
    /// Where it tells what it did; nowhere without.
    #[serde(default)]
    pub channel: Option<ChosenChannel>,
    /// What it watches for, if it is one that a person made.
    #[serde(default)]
    pub watch: Option<Watched>,
    /// What it does with what comes in, if it is one that a person made.
    #[serde(default)]
    pub deeds: Vec<Deed>,
}

/// What an automation that a person made watches for: items that come to be found by a filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// What the person calls it, for example “Quick wins”.
    pub name: String,
    /// What is looked for.
    pub filter: Filter,
}

/// What is done with an item that comes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    /// Its owner is asked what comes next.
    Ask,
    /// It is given to somebody.
    Give {
        /// To whom.
        member: MemberId,
        /// Their name when they were chosen.
        name: String,
    },
    /// The work on it is moved on, where it is of that kind.
    Move {
        /// To where.
        to: ItemState,
    },
    /// An issue is made of it.
    Issue {
        /// In which tracker.
        vendor: String,
        /// The team's short name there.
        team: String,
    },
}

impl Deed {
    /// As one reads it after “then”.
    pub fn words(&self) -> String {
        match self {
            Self::Ask => "ask its owner what comes next".to_owned(),
            Self::Give { name, .. } => format!("give it to {name}"),
            Self::Move { to } => format!("set its status to “{}”", to.word().to_lowercase()),
            Self::Issue { team, .. } => format!("make an issue for {team}"),
        }
    }
}

/// A channel that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenChannel {
    /// In which tool.
    pub vendor: String,
    /// Its identifier there.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// How often an automation runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words are the meaning")]
pub enum Every {
    Hour,
    #[default]
    Day,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
    /// Whenever something is heard that it looks at.
    Heard,
    /// Whenever something on the map is other than before.
    Changed,
}

/// What a run looked at and did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Made from the automation, its version and the moment.
    pub id: String,
    /// The automation's name in commands.
    pub automation: String,
    /// Counts the automation's changes.
    pub version: u32,
    /// The moment of its schedule that it stands for.
    pub moment: Timestamp,
    /// When it ran.
    pub at: Timestamp,
    /// Whether a person asked for it.
    pub is_by_hand: bool,
    /// Runs one after the other that found nothing to do, this one included: of them the newest is kept.
    #[serde(default)]
    pub looks: u32,
    /// How it ended.
    pub result: RunResult,
    /// Everything that was looked at.
    pub checks: Vec<RunCheck>,
    /// Everything that was done, in sentences.
    pub did: Vec<String>,
    /// What it set, the last first: undoing puts it back where nobody has set something else since.
    #[serde(default)]
    pub back: Vec<PutBack>,
    /// What it added, by journey: undoing puts that into the trash.
    #[serde(default)]
    pub added: Vec<(JourneyId, Vec<EntityRef>)>,
    /// The reviews that it wrote, by journey.
    #[serde(default)]
    pub reviews: Vec<JourneyReview>,
}

/// Something that a run set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PutBack {
    /// On which journey.
    pub journey: JourneyId,
    /// Sets it as it was.
    pub was: Command,
    /// Sets it as the run did.
    pub is: Command,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum RunResult {
    /// Everything that was called for is done.
    Done,
    /// Nothing was called for.
    Nothing,
    /// It waits for a person, and has done nothing.
    Asks {
        /// What it would do, in sentences.
        would: Vec<String>,
    },
    /// It would have added more than a person would expect, and has done nothing.
    Held {
        /// How much it would have done.
        would: usize,
    },
    /// Some of it is not done, or nobody knows whether it is.
    Check {
        /// What is to be looked at.
        problem: String,
    },
    /// It could not be done.
    Failed {
        /// Why.
        problem: String,
    },
    /// What it added is in the trash.
    Undone,
}

/// A condition that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCheck {
    /// On which journey, by its title.
    pub journey: String,
    /// What was looked at.
    pub what: String,
    /// What was found, in a sentence.
    pub found: String,
    /// Whether it called for something.
    pub holds: bool,
}

/// The review of a journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JourneyReview {
    /// Which one.
    pub journey: JourneyId,
    /// Its title.
    pub title: String,
    /// Its lists.
    pub lists: Vec<AgendaList>,
    /// Its beginning, as a model wrote it; none without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<ReviewSummary>,
}

/// The beginning of a review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewSummary {
    /// By which model.
    pub model: String,
    /// Sentences, each with the lines that it rests on.
    pub claims: Vec<Claim>,
    /// How many sentences were dropped, since the lines do not bear them out.
    #[serde(default)]
    pub dropped: usize,
}

/// What a run would do now. Nothing was written for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Everything that was looked at.
    pub checks: Vec<RunCheck>,
    /// Everything that would be done, in sentences.
    pub would: Vec<String>,
    /// Reviews that would be written.
    pub reviews: Vec<JourneyReview>,
    /// When it would have done something in the last 90 days, and what; none where that cannot be known.
    pub past: Option<Vec<(Timestamp, Vec<String>)>>,
}

/// What is asked of automations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "one is made per press; its choices are no larger than a request"
)]
pub enum AutomationsRequest {
    /// What the map does by itself, and what that did. → `Automations`
    List,
    /// Switches an automation on or off, and takes choices over. → `Automations`
    SetAutomation {
        /// Its name in commands.
        key: String,
        /// Whether it runs by itself.
        is_on: bool,
        /// All of them.
        choices: Choices,
    },
    /// Makes an automation that watches for what a filter comes to find; it is off. → `Automations`, the new one last
    MakeAutomation {
        /// On which journey alone; on all without.
        journey: Option<JourneyId>,
        /// What it watches for.
        watch: Watched,
        /// What it does.
        deeds: Vec<Deed>,
    },
    /// Deletes an automation that a person made. Its log stays until it is full. → `Automations`
    DeleteAutomation {
        /// Its name in commands.
        key: String,
    },
    /// What an automation would do now, and would have done. Writes nothing. → `Rehearsed`
    RehearseAutomation {
        /// Its name in commands.
        key: String,
    },
    /// Runs an automation now, also one that is off. → `Ran`
    RunAutomation {
        /// Its name in commands.
        key: String,
        /// Also if it would do more than it does by itself.
        #[serde(default)]
        is_unbraked: bool,
    },
    /// Lets a local model write the beginning of the reviews of a run; its lines stay as they are. → `Ran`
    SummarizeRun {
        /// Which run.
        run: String,
    },
    /// Puts what a run added into the trash, and back what it set. → `Automations`
    UndoRun {
        /// Which run.
        run: String,
    },
}
