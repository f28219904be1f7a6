//! `custory`: journeys on the command line. Thin over the engine, and safe beside the open window:
//! both are replicas on one database, and each sees what the other does.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 could
//! not be done, 2 wrong usage, 130 stopped by Ctrl-C.

mod arguments;
mod ask;
mod automations;
mod conditions;
mod connectors;
mod draft;
mod folder;
mod history;
mod import;
mod journey;
mod keys;
mod mcp;
mod models;
mod output;
mod review;
mod search;
mod signals;
mod team;
mod team_text;
mod verdicts;
mod watch;
mod workspaces;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use custory_engine::{Engine, Options, default_data_dir, find_workspace};

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(custory_engine::log_filter())
        .with_writer(std::io::stderr)
        .init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has read enough, as in `custory list | head -1`.
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("custory: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let data_dir = arguments
        .data_dir
        .or_else(default_data_dir)
        .context("This system names no folder for data. Choose one with --data-dir.")?;
    if let Verb::Workspaces(wish) = &arguments.verb {
        return workspaces::workspaces(&data_dir, wish);
    }
    let data_dir = match &arguments.workspace {
        Some(name) => find_workspace(&data_dir, name).map_err(anyhow::Error::msg)?,
        None => data_dir,
    };
    if let Verb::Rescue = arguments.verb {
        let rescued = custory_engine::rescue(&data_dir)?;
        return output::line(&format!("Rescued {rescued}."));
    }
    let folder = data_dir.clone();
    let engine = Engine::start(Options::system(data_dir)).map_err(|error| {
        let advice = if error.is_damage() { " Try `custory rescue`." } else { "" };
        anyhow::anyhow!("{error}{advice}")
    })?;
    if arguments.verb.needs_keys() {
        keys::ready(&engine)?;
    }
    match arguments.verb {
        Verb::Draft(wish) => draft::draft(&engine, wish),
        Verb::List { json, all } => journey::list(&engine, json, all),
        Verb::Show { journey, json } => journey::show(&engine, &journey, json),
        Verb::Export { journey, format, output } => {
            journey::export(&engine, &journey, format, output.as_deref())
        }
        Verb::Import { file, columns, dry_run, restore } => {
            import::import(&engine, &file, &columns, dry_run, restore)
        }
        Verb::History(wish) => history::history(&engine, wish),
        Verb::Team(wish) => team::team(&engine, wish),
        Verb::Sync(wish) => team::sync(&engine, &wish),
        Verb::Models(wish) => models::models(&engine, wish),
        Verb::Connectors { json } => connectors::list(&engine, json),
        Verb::Connect(wish) => connectors::connect(&engine, wish),
        Verb::Disconnect { vendor } => connectors::disconnect(&engine, vendor),
        Verb::Pull { vendor, json } => connectors::pull(&engine, vendor, json),
        Verb::Bind(wish) => connectors::bind(&engine, wish),
        Verb::Send(wish) => connectors::send(&engine, wish),
        Verb::Automations(wish) => automations::automations(&engine, wish),
        Verb::Runner => automations::runner(&engine),
        Verb::Signals(wish) => signals::signals(&engine, wish),
        Verb::Verdicts { journey, keep, json } => verdicts::verdicts(&engine, &journey, keep, json),
        Verb::Review { journey, json } => review::review(&engine, &journey, json),
        Verb::Search { query, json } => search::search(&engine, query, json),
        Verb::Duplicates { journey, json } => search::duplicates(&engine, journey.as_deref(), json),
        Verb::Ask(wish) => ask::ask(&engine, wish),
        Verb::Mcp { propose } => mcp::serve(engine, &folder, propose),
        Verb::Proposals(wish) => ask::proposals(&engine, wish),
        Verb::Rescue | Verb::Workspaces(_) => Ok(()),
    }
}
