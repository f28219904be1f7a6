//! Journeys: listed, shown, written out, read in.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use custory_domain::{Board, Entity, EntityKind, EntityRef, JourneyId};
use custory_engine::Engine;
use custory_ipc::{ExportFormat, JourneySummary, Reply, Request};

use crate::arguments::Format;
use crate::output::{bytes, line};

pub(crate) fn list(engine: &Engine, json: bool, all: bool) -> anyhow::Result<()> {
    let mut journeys = summaries(engine)?;
    journeys.retain(|it| all || !it.is_archived);
    if json {
        return line(&serde_json::to_string_pretty(&journeys)?);
    }
    if journeys.is_empty() {
        eprintln!("No journeys yet. Try `custory draft https://your-product.example --accept`.");
        return Ok(());
    }
    let mut text = String::new();
    for it in journeys {
        let archived = if it.is_archived { "  (archived)" } else { "" };
        writeln!(text, "{}  {:>3} steps  {:>5} items  {}{archived}", it.id, it.steps, it.items, it.title)?;
    }
    line(&text)
}

pub(crate) fn show(engine: &Engine, journey: &str, json: bool) -> anyhow::Result<()> {
    let format = if json { Format::Json } else { Format::Markdown };
    export(engine, journey, format, None)
}

pub(crate) fn export(
    engine: &Engine,
    journey: &str,
    format: Format,
    output: Option<&Path>,
) -> anyhow::Result<()> {
    let journey = find(engine, journey)?.id;
    let written = match format {
        Format::Folder => return crate::folder::export(engine, journey, output),
        Format::Json => ExportFormat::Json,
        Format::Markdown => ExportFormat::Markdown,
        Format::Html => ExportFormat::Html,
        Format::Csv => ExportFormat::Csv,
        Format::Svg | Format::Png | Format::Pdf => ExportFormat::Svg,
        Format::Mermaid => ExportFormat::Mermaid,
    };
    let request = Request::Export { journey, format: written };
    let Reply::Exported { text, losses, .. } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    // What is written to the screen is to be read, not to be kept.
    for loss in losses.iter().filter(|_| output.is_some()) {
        eprintln!("Left out: {loss}.");
    }
    let picture = match format {
        Format::Png => Some(custory_printing::png(&text)?),
        Format::Pdf => Some(custory_printing::pdf(&text)?),
        _ => None,
    };
    match (output, picture) {
        (Some(path), picture) => std::fs::write(path, picture.unwrap_or_else(|| text.into_bytes()))
            .with_context(|| format!("Cannot write {}", path.display())),
        (None, Some(picture)) => bytes(&picture),
        (None, None) => line(&text),
    }
}

/// Tells people of a new journey, and gives its id.
pub(crate) fn made(engine: &Engine, reply: Reply) -> anyhow::Result<JourneyId> {
    let Reply::Made { journey, losses } = reply else { bail!("the engine answered something else") };
    if let Some(it) = summaries(engine)?.into_iter().find(|it| it.id == journey) {
        eprintln!("Made the journey “{}” with {} steps and {} items.", it.title, it.steps, it.items);
    }
    for loss in losses {
        eprintln!("Left out: {loss}");
    }
    Ok(journey)
}

/// The one journey that is meant.
pub(crate) fn find(engine: &Engine, wanted: &str) -> anyhow::Result<JourneySummary> {
    let journeys = summaries(engine)?;
    let wish = wanted.to_lowercase();
    let exact = |it: &&JourneySummary| {
        it.id.to_string().eq_ignore_ascii_case(wanted) || it.title.to_lowercase() == wish
    };
    let begins = |it: &&JourneySummary| {
        it.id.to_string().to_lowercase().starts_with(&wish) || it.title.to_lowercase().starts_with(&wish)
    };
    let mut found: Vec<_> = journeys.iter().filter(exact).collect();
    if found.is_empty() {
        found = journeys.iter().filter(begins).collect();
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => bail!("No journey is called “{wanted}”. `custory list --all` shows them."),
        several => {
            let names: Vec<_> = several.iter().map(|it| format!("{} {}", it.id, it.title)).collect();
            bail!("“{wanted}” may mean several journeys; use the id:\n  {}", names.join("\n  "))
        }
    }
}

/// What is on a journey.
pub(crate) fn board(engine: &Engine, journey: JourneyId) -> anyhow::Result<Board> {
    match engine.request_blocking(Request::OpenJourney { journey })? {
        Reply::Board { board, .. } => Ok(board),
        _ => bail!("the engine answered something else"),
    }
}

/// The one thing on a journey that is meant.
pub(crate) fn find_on(board: &Board, wanted: &str, kinds: &[EntityKind]) -> anyhow::Result<EntityRef> {
    let wish = wanted.to_lowercase();
    let is_there = |it: &Entity| kinds.contains(&it.entity_ref().kind) && it.trashed().is_none();
    let all: Vec<Entity> = board.entities().filter(is_there).collect();
    let id = |it: &Entity| it.entity_ref().id.to_string();
    let mut found: Vec<_> = all
        .iter()
        .filter(|it| it.title().to_lowercase() == wish || id(it).eq_ignore_ascii_case(wanted))
        .collect();
    if found.is_empty() {
        found = all.iter().filter(|it| it.title().to_lowercase().starts_with(&wish)).collect();
    }
    match found.as_slice() {
        [one] => Ok(one.entity_ref()),
        [] => bail!("Nothing there is called “{wanted}”. `custory show` shows what is."),
        several => {
            let names: Vec<_> = several.iter().map(|it| format!("{} {}", id(it), it.title())).collect();
            bail!("“{wanted}” may mean several; use one of these:\n  {}", names.join("\n  "))
        }
    }
}

/// The only journey that is not archived.
pub(crate) fn only(engine: &Engine) -> anyhow::Result<JourneyId> {
    let mut journeys = summaries(engine)?;
    journeys.retain(|it| !it.is_archived);
    match journeys.as_slice() {
        [one] => Ok(one.id),
        [] => bail!("There is no journey yet. Try `custory draft https://your-product.example --accept`."),
        _ => bail!("There are several journeys; say which one with --journey."),
    }
}

fn summaries(engine: &Engine) -> anyhow::Result<Vec<JourneySummary>> {
    match engine.request_blocking(Request::Start)? {
        Reply::Start { start } => Ok(start.journeys),
        _ => bail!("the engine answered something else"),
    }
}
