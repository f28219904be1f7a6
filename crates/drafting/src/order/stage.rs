//! The stages of a product's journey that material tells of, in the customer's order.

use super::cluster::Cluster;
use crate::find::Sign;
use crate::genre::Genre;
use crate::words::{Leaning, Phrase};

/// A stage, from a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StageKind {
    /// The customer learns what it is.
    Discover,
    /// The customer weighs it.
    Compare,
    /// The customer gets in: an account, an installation.
    Start,
    /// The customer makes it their own.
    SetUp,
    /// The customer gets something out of it for the first time.
    FirstValue,
    /// The customer works with it.
    Use,
    /// The customer pays, or pays more.
    Pay,
    /// The customer gets out of trouble.
    Help,
    /// The customer brings others.
    Share,
    /// The customer goes.
    Leave,
}

impl StageKind {
    /// Its title on the map; `installs` and `joins` say what the way in is made of.
    pub(crate) fn title(self, installs: bool, joins: bool) -> &'static str {
        match self {
            Self::Discover => "Discover",
            Self::Compare => "Compare",
            Self::Start => match (installs, joins) {
                (true, false) => "Install",
                (true, true) => "Sign up or install",
                (false, _) => "Sign up",
            },
            Self::SetUp => "Set up",
            Self::FirstValue => "Get first value",
            Self::Use => "Use",
            Self::Pay => "Pay and upgrade",
            Self::Help => "Get help",
            Self::Share => "Share and grow",
            Self::Leave => "Leave",
        }
    }
}

/// Where something to do was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub genre: Genre,
    /// The words that say it.
    pub words: &'a str,
    pub sign: Sign,
    /// It stands where the material tells how to begin.
    pub is_in_start: bool,
    /// Its page tells how something is done for the first time.
    pub is_of_first_time: bool,
}

/// The stage of something to do that no anchor knows: by where it was found and its verb.
pub(super) fn of_phrase(phrase: &Phrase, setting: Setting<'_>) -> StageKind {
    let Setting { genre, words, sign, is_in_start: in_start, is_of_first_time } = setting;
    let says_first = says_first_time(words);
    let connects = matches!(
        phrase.class(),
        "connect" | "import" | "enable" | "invite" | "install" | "set_up" | "authorize" | "verify"
    ) && phrase.verb != "upload"
        || matches!(phrase.verb, "embed" | "whitelist" | "place");
    let gets_out_of_trouble = matches!(
        phrase.verb,
        "fix" | "solve" | "recover" | "troubleshoot" | "diagnose" | "contact" | "report"
    );
    let sells = matches!(genre, Genre::Pricing | Genre::Billing | Genre::Home | Genre::Signup);
    match (genre, phrase.leaning) {
        (Genre::Signup, Leaning::Join | Leaning::SetUp) => StageKind::Start,
        (Genre::Billing, Leaning::Leave) => StageKind::Leave,
        (Genre::Billing | Genre::Pricing, Leaning::Pay | Leaning::SetUp | Leaning::Use | Leaning::Join) => {
            StageKind::Pay
        }
        (Genre::Pricing, Leaning::Look) => StageKind::Compare,
        (_, Leaning::Pay) if phrase.verb == "upgrade" && !sells => StageKind::Use,
        (_, Leaning::Pay) => StageKind::Pay,
        (_, Leaning::Share) => StageKind::Share,
        (Genre::Help | Genre::Faq, Leaning::Help) => StageKind::Help,
        (_, Leaning::Help) if gets_out_of_trouble => StageKind::Help,
        (Genre::Install, Leaning::Join) => StageKind::Start,
        (Genre::Install, Leaning::SetUp) => StageKind::SetUp,
        (_, Leaning::Try) if says_first => StageKind::FirstValue,
        (_, Leaning::Try | Leaning::SetUp | Leaning::Use) if is_of_first_time && !connects => {
            StageKind::FirstValue
        }
        (_, Leaning::SetUp) if says_first && !connects => StageKind::FirstValue,
        (Genre::Integration, Leaning::SetUp | Leaning::Join) => StageKind::SetUp,
        (_, Leaning::SetUp) if in_start || connects => StageKind::SetUp,
        (_, Leaning::Try | Leaning::Look) if in_start => StageKind::FirstValue,
        (_, Leaning::Use) if in_start && matches!(sign, Sign::Step(_)) => StageKind::FirstValue,
        (_, Leaning::Join) if in_start => StageKind::SetUp,
        (Genre::Home, Leaning::Look) => StageKind::Discover,
        _ => StageKind::Use,
    }
}

/// Where an unknown step stands between the known ones of its stage.
pub(super) fn rank_without_anchor(stage: StageKind) -> u8 {
    match stage {
        StageKind::Discover => 5,
        StageKind::SetUp => 30,
        StageKind::Start => 35,
        _ => 25,
    }
}

/// "Send your first document" is a first time; "Send first reminder after" is none.
pub(super) fn says_first_time(words: &str) -> bool {
    let words: Vec<String> = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let owns = |it: &String| matches!(it.as_str(), "your" | "my" | "a" | "the" | "their" | "our");
    words.windows(2).any(|it| owns(&it[0]) && it[1] == "first")
}

/// What is made comes before what is done with it, and that before what ends it.
pub(super) fn turn(phrase: &Phrase) -> u8 {
    match phrase.class() {
        "change" | "clone" | "duplicate" | "copy" | "move" | "restore" => 2,
        "delete" | "archive" | "disable" | "close" => 3,
        "export" | "download" | "share" | "print" => 1,
        _ => 0,
    }
}

/// Neighbours that may share a stage when there are too many: the first takes the second in.
pub(super) const NEIGHBOURS: [(StageKind, StageKind); 3] = [
    (StageKind::Discover, StageKind::Compare),
    (StageKind::Pay, StageKind::Leave),
    (StageKind::Use, StageKind::Share),
];

/// Drops the stages with least support until the rest fits; gives what was left out.
pub(super) fn keep(stages: &mut Vec<(StageKind, Vec<Cluster>)>, stages_max: usize) -> Vec<StageKind> {
    const OF_CORE: f32 = 2.0;
    let support = |it: &(StageKind, Vec<Cluster>)| {
        // A product's middle is its journey; the edges give way first.
        let is_core =
            matches!(it.0, StageKind::Start | StageKind::SetUp | StageKind::FirstValue | StageKind::Use);
        it.1.iter().map(|it| it.score).sum::<f32>() * if is_core { OF_CORE } else { 1.0 }
    };
    let mut left_out = Vec::new();
    while stages.len() > stages_max {
        let by_support = |a: &usize, b: &usize| support(&stages[*a]).total_cmp(&support(&stages[*b]));
        let Some(weakest) = (0..stages.len()).min_by(by_support) else { break };
        left_out.push(stages.remove(weakest).0);
    }
    left_out.sort_unstable();
    left_out
}
