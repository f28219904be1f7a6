//! What can be asked for, as `--help` shows it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Customer journeys on the command line
#[derive(Parser)]
#[command(name = "custory", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Keep everything in FOLDER instead of the platform's own place
    #[arg(long, global = true, value_name = "FOLDER", env = "CUSTORY_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
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
    /// Make a journey from an exported file
    Import {
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// List, download, choose and try local models
    Models(ModelsWish),
    /// Ask a local model about a journey; it changes nothing
    Ask(AskWish),
    /// List, accept and reject changes that answers propose
    Proposals(ProposalsWish),
    /// Let an AI program read journeys over the Model Context Protocol on standard input and output
    Mcp,
    /// Bring what can be read of a damaged database into a new one
    Rescue,
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
    #[arg(required_unless_present_any = ["url", "context"])]
    pub model: Option<String>,
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
    /// To be read
    Markdown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
