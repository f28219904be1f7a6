//! What can be asked for, as `--help` shows it.

mod upkeep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use upkeep::*;

/// Customer journeys on the command line
#[derive(Parser)]
#[command(name = "custory", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Keep everything in FOLDER instead of the platform's own place
    #[arg(long, global = true, value_name = "FOLDER", env = "CUSTORY_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Work on the workspace of that name, of several on this computer; otherwise on the first
    #[arg(long, global = true, value_name = "NAME", env = "CUSTORY_WORKSPACE")]
    pub workspace: Option<String>,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Read a website, repository, folder, document or text into a journey draft
    Draft(Draft),
    /// List journeys
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Include archived ones
        #[arg(long)]
        all: bool,
    },
    /// Show a journey
    Show {
        /// Its title, or its id, or the beginning of either
        journey: String,
        /// Print JSON instead of Markdown
        #[arg(long)]
        json: bool,
    },
    /// List what was changed in a journey, show it as it was, bring it back
    History(HistoryWish),
    /// Write a journey to a file
    Export {
        /// Its title, or its id, or the beginning of either
        journey: String,
        /// As what
        #[arg(long, value_enum, default_value_t = Format::Json)]
        format: Format,
        /// Where to; standard output without it
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a journey from a file: exported JSON, CSV, Excel, Markdown, Mermaid, TheyDo's JSON
    Import {
        /// The file, or - for standard input
        file: PathBuf,
        /// What a column of a table becomes, for example "Pain points=insights"; repeat it for others
        #[arg(long = "column", value_name = "HEAD=ROLE")]
        columns: Vec<String>,
        /// Say what would come of it, and make nothing
        #[arg(long)]
        dry_run: bool,
        /// Bring an exported journey that is gone back as the same one, not as a copy
        #[arg(long, conflicts_with_all = ["dry_run", "columns"])]
        restore: bool,
    },
    /// Make a team, invite, let in, remove; without a verb: show the team
    Team(TeamWish),
    /// Exchange changes with the team, or say how sync stands
    Sync(SyncWish),
    /// List the workspaces on this computer, or take one off it
    Workspaces(WorkspacesWish),
    /// List, download, choose and try local models
    Models(ModelsWish),
    /// List the tools that can be connected, and how each stands
    Connectors {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Connect a tool; its key is read from standard input or asked for, never an argument
    Connect(ConnectWish),
    /// Forget a connection and its key; what came through it stays
    Disconnect {
        /// The tool, such as linear
        vendor: String,
    },
    /// Read what is new from connected tools: numbers of bound metrics, states of sent issues
    Pull {
        /// Only from this tool
        vendor: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a metric's values come from a connected tool
    Bind(BindWish),
    /// Make an issue of an insight, opportunity or solution, never two
    Send(SendWish),
    /// Switch on what the map does by itself, rehearse it, read its log
    Automations(AutomationsWish),
    /// Look after connected tools, folders and automations until stopped, without a window
    Runner,
    /// List what was heard elsewhere and decide about it; without a verb: list what waits
    Signals(SignalsWish),
    /// Say whether shipped solutions moved their metrics, and keep verdicts that are final
    Verdicts {
        /// The journey's title, or its id, or the beginning of either
        journey: String,
        /// Keep all that are final: they are not computed again
        #[arg(long)]
        keep: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List what changed since the last review, what to look at again, new evidence and what comes first
    Review {
        /// The journey's title, or its id, or the beginning of either
        journey: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Find titles, texts and quotes by words, and by meaning where a local model can tell
    Search {
        /// What to look for
        query: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List steps and items of a journey that say the same as another one
    Duplicates {
        /// Its title or id; the only journey without
        journey: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask a local model about a journey; it changes nothing
    Ask(AskWish),
    /// List, accept and reject changes that answers propose
    Proposals(ProposalsWish),
    /// Let an AI program read journeys over the Model Context Protocol on standard input and output
    Mcp {
        /// Also take proposals, which a person accepts or rejects
        #[arg(long)]
        propose: bool,
    },
    /// Bring what can be read of a damaged database into a new one
    Rescue,
}

impl Verb {
    /// Whether it calls other tools or the team's relay, whose keys may be sealed.
    pub const fn needs_keys(&self) -> bool {
        matches!(
            self,
            Self::Team(_)
                | Self::Sync(_)
                | Self::Connect(_)
                | Self::Pull { .. }
                | Self::Send(_)
                | Self::Runner
        )
    }
}

#[derive(Args)]
pub(crate) struct TeamWish {
    #[command(subcommand)]
    pub verb: Option<TeamVerb>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub(crate) enum TeamVerb {
    /// Make a team of this workspace; all journeys but the sample are shared with it
    Create {
        /// Address of the team's relay, for instance relay.example.com
        relay: String,
        /// What the relay's owner asks for
        #[arg(long, env = "CUSTORY_RELAY_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// What to call this device
        #[arg(long, value_name = "NAME")]
        device: Option<String>,
    },
    /// Print a link by which somebody can ask to join
    Invite {
        /// What they may do
        #[arg(long, value_enum, default_value_t = RoleName::Editor)]
        role: RoleName,
        /// How many may ask with it
        #[arg(long, default_value_t = 1, value_name = "NUMBER")]
        uses: u32,
    },
    /// Make an invitation void
    Revoke {
        /// Its number, as `custory team` shows it
        invite: u32,
    },
    /// Ask to join a team by its link
    Join {
        /// The whole link
        link: String,
        /// What to call this device
        #[arg(long, value_name = "NAME")]
        device: Option<String>,
    },
    /// Show people and their devices, invitations and requests
    Members,
    /// Let somebody in who asks
    Approve {
        /// The request's number, as `custory team` shows it
        request: u32,
    },
    /// Turn somebody down who asks
    Decline {
        /// The request's number
        request: u32,
    },
    /// Remove devices, so that they get nothing new
    Remove {
        /// Their numbers, as `custory team` shows them
        #[arg(required = true)]
        devices: Vec<u32>,
    },
    /// Change what a device may do
    Role {
        /// Its number
        device: u32,
        /// What it may do
        #[arg(value_enum)]
        role: RoleName,
    },
    /// Have everybody leave out one change that stops a journey's sync, as an admin
    ///
    /// Which change, a notice of `custory team` says. It stays left out; whoever wrote it still has it and can
    /// make it again.
    Quarantine {
        /// The change: its device and its number, as in 3-17
        #[arg(value_parser = change_name, value_name = "DEVICE-NUMBER")]
        change: (u32, u64),
        /// The journey's title, or its id, or the beginning of either; the team's own list if left out
        #[arg(long)]
        journey: Option<String>,
    },
    /// Share a journey that is on this device only
    Share {
        /// Its title, or its id, or the beginning of either
        journey: String,
    },
    /// Write a recovery file; the passphrase is read from standard input
    Recovery {
        /// Where to
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Join with a recovery file; the passphrase is read from standard input
    Recover {
        /// The file
        file: PathBuf,
        /// What to call this device
        #[arg(long, value_name = "NAME")]
        device: Option<String>,
    },
    /// Take no part any more, on this device; everything that is here stays
    Leave,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Reads
    Viewer,
    /// Reads and writes
    Editor,
    /// Also decides who belongs to the team
    Admin,
}

#[derive(Args)]
pub(crate) struct SyncWish {
    /// Until everything is sent and read, then end (the default)
    #[arg(long, conflicts_with = "status")]
    pub once: bool,
    /// Keep exchanging until stopped with Ctrl-C
    #[arg(long, conflicts_with_all = ["once", "status"])]
    pub follow: bool,
    /// Only say how it stands
    #[arg(long)]
    pub status: bool,
    /// Give up after this long
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub wait_secs: u64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub(crate) struct Draft {
    /// Address, path, or - for text on standard input
    #[arg(required = true)]
    pub sources: Vec<String>,
    /// What the journey is about, in one sentence
    #[arg(long, default_value = "")]
    pub scope: String,
    /// Print JSON
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// Print Markdown (the default)
    #[arg(long)]
    pub markdown: bool,
    /// Make a journey of everything that was found; prints its id, or the draft with --json or --markdown
    #[arg(long, conflicts_with = "review")]
    pub accept: bool,
    /// Keep the draft for review in the window
    #[arg(long)]
    pub review: bool,
    /// Title of the journey
    #[arg(long)]
    pub title: Option<String>,
    /// Draft this journey again: only what is new is offered
    #[arg(long, value_name = "JOURNEY")]
    pub onto: Option<String>,
    /// Allow addresses of this machine and of private networks
    #[arg(long)]
    pub allow_private: bool,
    /// Let a local model find facts too; the chosen one without a NAME
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", require_equals = false)]
    pub model: Option<String>,
    /// Let the model choose its words by chance, the same way for the same number; 0 takes the likeliest
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "model")]
    pub chance: u32,
}

#[derive(Args)]
pub(crate) struct ConnectWish {
    /// The tool, such as posthog
    pub vendor: String,
    /// What else it asks for, such as region=eu; `custory connectors` lists it
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// Address in place of the vendor's own, for a stand-in
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Sign in in the browser instead of giving a key; needs --set client_id=…
    #[arg(long)]
    pub sign_in: bool,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("counted").required(true))]
pub(crate) struct BindWish {
    /// The journey's title, or its id, or the beginning of either
    pub journey: String,
    /// The metric's name, or its id, or the beginning of either
    pub metric: String,
    /// The tool
    #[arg(long, default_value = "posthog")]
    pub to: String,
    /// Count the people with this event
    #[arg(long, value_name = "EVENT", group = "counted")]
    pub people: Option<String>,
    /// Count how often this event came
    #[arg(long, value_name = "EVENT", group = "counted")]
    pub events: Option<String>,
    /// Count the share of those with the first event who come to the last one in the same week
    #[arg(long, value_name = "EVENT,EVENT", value_delimiter = ',', group = "counted")]
    pub funnel: Vec<String>,
}

#[derive(Args)]
pub(crate) struct SendWish {
    /// The journey's title, or its id, or the beginning of either
    pub journey: String,
    /// The item's title, or its id, or the beginning of either
    pub item: String,
    /// The tracker
    #[arg(long, default_value = "linear")]
    pub to: String,
    /// The team's short name, as in FN-231
    #[arg(long, required_unless_present = "dry_run")]
    pub team: Option<String>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ModelsWish {
    #[command(subcommand)]
    pub verb: Option<ModelsVerb>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub(crate) enum ModelsVerb {
    /// Download a model from Ollama's library
    Pull {
        /// Its name, such as qwen3:4b
        model: String,
    },
    /// Choose the model that drafts and answers, and where it runs
    Use(UseModel),
    /// Ask a model a small question in the form that drafts need
    Try {
        /// Its name; the chosen one without
        model: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct UseModel {
    /// Its name
    #[arg(required_unless_present_any = ["url", "context", "meaning"])]
    pub model: Option<String>,
    /// The model that finds what means the same; `auto` for the server's smallest one made for it
    #[arg(long, value_name = "NAME")]
    pub meaning: Option<String>,
    /// Address of the model server
    #[arg(long)]
    pub url: Option<String>,
    /// Allow an address of another machine: what is read is sent there
    #[arg(long)]
    pub allow_remote: bool,
    /// Context length in tokens; more takes more memory
    #[arg(long, value_name = "TOKENS")]
    pub context: Option<u32>,
}

#[derive(Args)]
pub(crate) struct AskWish {
    /// What to ask
    pub question: String,
    /// The journey's title, or its id, or the beginning of either; not needed if there is only one
    #[arg(long)]
    pub journey: Option<String>,
    /// Name of the model; the chosen one without
    #[arg(long)]
    pub model: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ProposalsWish {
    #[command(subcommand)]
    pub verb: Option<ProposalsVerb>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub(crate) enum ProposalsVerb {
    /// Make the proposed changes, as one change that one undo takes back
    Accept {
        /// The proposal's id
        id: String,
        /// Numbers of the changes to make; all without
        changes: Vec<usize>,
    },
    /// Make none of them
    Reject {
        /// The proposal's id
        id: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Everything, to be imported again
    Json,
    /// Everything as a folder with a file for each thing, for version control; needs --output
    Folder,
    /// A document to be read
    Markdown,
    /// A page for a browser: the map and everything on it
    Html,
    /// A table for spreadsheets
    Csv,
    /// A picture of the map, of any size
    Svg,
    /// A picture of the map
    Png,
    /// A page with the map, to be printed
    Pdf,
    /// A diagram for documents that draw Mermaid
    Mermaid,
}

/// Reads the name of a change: a device and a number.
fn change_name(text: &str) -> Result<(u32, u64), String> {
    let parts =
        text.split_once('-').and_then(|(device, number)| Some((device.parse().ok()?, number.parse().ok()?)));
    parts.ok_or_else(|| "a change is named by its device and its number, as in 3-17".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_named_by_its_device_and_its_number() {
        assert_eq!(change_name("3-17"), Ok((3, 17)));
        for text in ["", "3", "3-", "-17", "a-1", "3-17-1", "3--1"] {
            assert!(change_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_definition_holds_together() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
