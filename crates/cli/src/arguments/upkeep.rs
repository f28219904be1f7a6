//! What can be asked about signals and automations.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Args)]
pub(crate) struct HistoryWish {
    /// The journey's title, or its id, or the beginning of either
    pub journey: String,
    /// Show the journey as it was: a day such as 2026-05-31, or a version
    #[arg(long, value_name = "WHEN", conflicts_with_all = ["about", "restore", "name"])]
    pub at: Option<String>,
    /// Only changes of one thing, such as step/01J…
    #[arg(long, value_name = "ENTITY")]
    pub about: Option<custory_domain::EntityRef>,
    /// Bring the journey back to a version, as one change; what was measured or said since stays
    #[arg(long, value_name = "VERSION", conflicts_with = "name")]
    pub restore: Option<String>,
    /// With --restore: only this thing, such as insight/01J…; may be given several times
    #[arg(long, value_name = "ENTITY", requires = "restore")]
    pub only: Vec<custory_domain::EntityRef>,
    /// Give a version a name; an empty one takes it away
    #[arg(long, num_args = 2, value_names = ["VERSION", "NAME"])]
    pub name: Option<Vec<String>>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub(crate) struct AutomationsWish {
    #[command(subcommand)]
    pub verb: Option<AutomationsVerb>,
}

#[derive(Subcommand)]
pub(crate) enum AutomationsVerb {
    /// List them, with what each does and when (the default)
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make one of your own: when an item comes to be so, do this
    Make(MakeWish),
    /// Delete one of your own
    Delete {
        /// Its name, as the list says it
        automation: String,
    },
    /// Switch one on, or change it
    On(SetWish),
    /// Switch one off
    Off {
        /// Its name, such as funnel-watch
        automation: String,
    },
    /// Print what one would do now, and write nothing
    DryRun {
        /// Its name, such as funnel-watch
        automation: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print what one would have done in the last 90 days, and write nothing
    Backtest {
        /// Its name, such as funnel-watch
        automation: String,
    },
    /// Run one now, also one that is off
    Run {
        /// Its name, such as funnel-watch
        automation: String,
        /// Also if it would do more at once than it does by itself
        #[arg(long)]
        all: bool,
    },
    /// Print what ran, what was looked at and what was done
    Log {
        /// Only of this one
        automation: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take back what a run did on the map
    Undo {
        /// The run, as the log names it
        run: String,
    },
}

#[derive(Args)]
pub(crate) struct MakeWish {
    /// What to call it, such as "Quick wins"
    pub name: String,
    /// What an item has to be: impact:4, effort:2, state:planned, owner:nobody, kind:insight, "not open", added:7 (in the
    /// last 7 days), last-evidence:28+ (more than 28 days ago); several times for several
    #[arg(long, required = true)]
    pub when: Vec<String>,
    /// One of them is enough
    #[arg(long)]
    pub any: bool,
    /// What to do with it: ask, give:Ana, state:planned, issue:ACM; several times for several
    #[arg(long)]
    pub then: Vec<String>,
    /// Only on this journey: its title, or its id, or the beginning of either
    #[arg(long)]
    pub journey: Option<String>,
}

#[derive(Args, Default)]
pub(crate) struct SetWish {
    /// Its name, such as funnel-watch
    pub automation: String,
    /// Only on this journey: its title, or its id, or the beginning of either
    #[arg(long)]
    pub journey: Option<String>,
    /// How often
    #[arg(long, value_enum)]
    pub every: Option<EveryName>,
    /// At which hour, 0 to 23
    #[arg(long)]
    pub hour: Option<i8>,
    /// The time zone, such as Europe/Berlin
    #[arg(long)]
    pub zone: Option<String>,
    /// By how many points a rate has to get worse
    #[arg(long)]
    pub points: Option<f64>,
    /// Fewest cases in each week
    #[arg(long)]
    pub cases: Option<u32>,
    /// The team's short name in the tracker
    #[arg(long)]
    pub team: Option<String>,
    /// Whether it waits for you before it does anything
    #[arg(long, value_enum)]
    pub ask_first: Option<YesNo>,
    /// What else has to hold, such as “stage:Set up”, “step:Invite”, “owner:nobody”, “hours:9-17”, with “not ” before it
    /// for the opposite; “anything” takes all away
    #[arg(long = "only", value_name = "CONDITION")]
    pub only: Vec<String>,
    /// One of the conditions is enough
    #[arg(long, requires = "only")]
    pub any: bool,
    /// The Slack channel that it tells what it did, or “nobody”
    #[arg(long)]
    pub tell: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum EveryName {
    Hour,
    Day,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<EveryName> for custory_ipc::Every {
    fn from(name: EveryName) -> Self {
        match name {
            EveryName::Hour => Self::Hour,
            EveryName::Day => Self::Day,
            EveryName::Monday => Self::Monday,
            EveryName::Tuesday => Self::Tuesday,
            EveryName::Wednesday => Self::Wednesday,
            EveryName::Thursday => Self::Thursday,
            EveryName::Friday => Self::Friday,
            EveryName::Saturday => Self::Saturday,
            EveryName::Sunday => Self::Sunday,
        }
    }
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SignalsWish {
    #[command(subcommand)]
    pub verb: Option<SignalsVerb>,
    /// Which ones
    #[arg(long, value_enum, default_value_t = ShelfName::Review)]
    pub on: ShelfName,
    /// Print JSON, with the whole words
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ShelfName {
    /// Waiting for a decision
    Review,
    /// Put off
    Later,
    /// Made evidence
    Attached,
    /// Out of the way
    Dismissed,
}

#[derive(Subcommand)]
pub(crate) enum SignalsVerb {
    /// Let notes (.md, .txt), tables (.csv) and transcripts (.vtt, .srt) of a folder become signals, and read it
    Watch {
        /// The folder
        folder: String,
    },
    /// Watch a folder no more; its signals stay
    Unwatch {
        /// The folder
        folder: String,
    },
    /// List the folders that are watched
    Folders,
    /// Read the watched folders now; the open window does it by itself
    Read,
    /// List what several signals speak of; a local model names it, if one is chosen
    Themes {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make signals evidence for a step or an insight, or for what each is suggested to be about
    Attach {
        /// Their ids, or the beginnings of them
        #[arg(required = true)]
        signals: Vec<String>,
        /// The journey's title, or its id, or the beginning of either; what is suggested without
        #[arg(long, requires = "to")]
        journey: Option<String>,
        /// Title or id of the step or insight, or the beginning of either
        #[arg(long, requires = "journey")]
        to: Option<String>,
    },
    /// Put signals out of the way
    Dismiss {
        /// Their ids, or the beginnings of them
        #[arg(required = true)]
        signals: Vec<String>,
    },
    /// Take back what was decided
    Reopen {
        /// Their ids, or the beginnings of them
        #[arg(required = true)]
        signals: Vec<String>,
    },
}

#[derive(Args)]
pub(crate) struct WorkspacesWish {
    #[command(subcommand)]
    pub verb: Option<WorkspacesVerb>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub(crate) enum WorkspacesVerb {
    /// Take a workspace off this computer, with its keys
    Remove {
        /// What it is called
        name: String,
        /// Its name once more, if anything in it would be gone for good
        #[arg(long, value_name = "NAME", default_value = "")]
        confirm: String,
    },
}
