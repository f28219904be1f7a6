//! `custory signals`: what was heard elsewhere, and what becomes of it.

use std::fmt::Write;

use anyhow::bail;
use custory_domain::{EntityKind, EntityRef, JourneyId, Shelf, SignalId};
use custory_engine::Engine;
use custory_ipc::{FilesRead, Reply, Request, SignalView, Strength, Triage, WatchedFolder};

use crate::arguments::{ShelfName, SignalsVerb, SignalsWish};
use crate::journey::{board, find, find_on};
use crate::output::line;

/// All shelves, where an id is looked for.
const SHELVES: [Shelf; 4] = [Shelf::Review, Shelf::Later, Shelf::Attached, Shelf::Dismissed];

pub(crate) fn signals(engine: &Engine, wish: SignalsWish) -> anyhow::Result<()> {
    match wish.verb {
        None => list(engine, shelf(wish.on), wish.json),
        Some(SignalsVerb::Watch { folder }) => read(engine, Request::WatchFolder { path: folder }),
        Some(SignalsVerb::Unwatch { folder }) => {
            engine.request_blocking(Request::UnwatchFolder { path: folder })?;
            Ok(())
        }
        Some(SignalsVerb::Folders) => folders(engine),
        Some(SignalsVerb::Read) => read(engine, Request::ReadFolders),
        Some(SignalsVerb::Themes { json }) => themes(engine, json),
        Some(SignalsVerb::Attach { signals, journey, to }) => {
            let act = match journey.zip(to) {
                Some((journey, to)) => {
                    let journey = find(engine, &journey)?.id;
                    Triage::Attach { journey, to: target(engine, journey, &to)? }
                }
                None => Triage::AttachSuggested,
            };
            triage(engine, &signals, act)
        }
        Some(SignalsVerb::Dismiss { signals }) => triage(engine, &signals, Triage::Dismiss),
        Some(SignalsVerb::Reopen { signals }) => triage(engine, &signals, Triage::Reopen),
    }
}

fn shelf(name: ShelfName) -> Shelf {
    match name {
        ShelfName::Review => Shelf::Review,
        ShelfName::Later => Shelf::Later,
        ShelfName::Attached => Shelf::Attached,
        ShelfName::Dismissed => Shelf::Dismissed,
    }
}

fn asked(engine: &Engine, shelf: Shelf) -> anyhow::Result<(Vec<SignalView>, Vec<WatchedFolder>)> {
    match engine.request_blocking(Request::Signals { shelf })? {
        Reply::Signals { signals, folders, .. } => Ok((signals, folders)),
        _ => bail!("the engine answered something else"),
    }
}

fn themes(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let Reply::Themes { themes } = engine.request_blocking(Request::Themes)? else {
        bail!("the engine answered something else");
    };
    if json {
        return line(&serde_json::to_string_pretty(&themes)?);
    }
    if themes.is_empty() {
        eprintln!("No two signals that wait speak of the same.");
        return Ok(());
    }
    let mut text = String::new();
    for it in themes {
        let step = it.found.map_or_else(String::new, |it| format!(", perhaps at “{}”", it.step_title));
        let ids: Vec<String> = it.signals.iter().map(ToString::to_string).collect();
        writeln!(text, "{}  ({} signals{step})", it.name, it.signals.len())?;
        writeln!(text, "    {}", ids.join(" "))?;
    }
    line(&text)
}

fn list(engine: &Engine, shelf: Shelf, json: bool) -> anyhow::Result<()> {
    let (signals, folders) = asked(engine, shelf)?;
    if json {
        return line(&serde_json::to_string_pretty(&signals)?);
    }
    if signals.is_empty() {
        let advice = if folders.is_empty() {
            " Let a folder of notes be read with `custory signals watch FOLDER`."
        } else {
            ""
        };
        eprintln!("No signals here.{advice}");
        return Ok(());
    }
    let mut text = String::new();
    for it in signals {
        writeln!(text, "{}  {}, {}", it.signal.id, it.signal.locator, it.signal.anchor)?;
        writeln!(text, "    “{}”", it.excerpt)?;
        if !it.removed.is_empty() {
            writeln!(text, "    Taken out: {}", it.removed.join(", "))?;
        }
        if let Some(best) = it.matches.first() {
            let sure = match best.strength {
                Strength::Strong => "strong match",
                Strength::Some => "match",
                Strength::Weak => "weak match",
            };
            let words = best.words.join(", ");
            writeln!(text, "    {} ({sure}: {words} in “{}”)", best.step_title, best.through)?;
        }
    }
    line(&text)
}

fn folders(engine: &Engine) -> anyhow::Result<()> {
    let (_, folders) = asked(engine, Shelf::Review)?;
    for it in folders {
        let problem = if it.problem.is_empty() { String::new() } else { format!("  {}", it.problem) };
        line(&format!("{}{problem}", it.path))?;
    }
    Ok(())
}

fn read(engine: &Engine, request: Request) -> anyhow::Result<()> {
    let Reply::SignalsRead { read } = engine.request_blocking(request)? else {
        bail!("the engine answered something else")
    };
    let FilesRead { files, new, problems } = read;
    problems.iter().for_each(|it| eprintln!("{it}"));
    line(&format!("{files} files read, {new} new signals"))
}

fn triage(engine: &Engine, wanted: &[String], act: Triage) -> anyhow::Result<()> {
    let mut known = Vec::new();
    for shelf in SHELVES {
        known.extend(asked(engine, shelf)?.0.into_iter().map(|it| it.signal.id));
    }
    let signals: Vec<SignalId> = wanted.iter().map(|it| one(&known, it)).collect::<anyhow::Result<_>>()?;
    engine.request_blocking(Request::Triage { signals, act })?;
    Ok(())
}

/// A whole id, or the beginning of one that is listed.
fn one(known: &[SignalId], wanted: &str) -> anyhow::Result<SignalId> {
    if let Ok(whole) = wanted.parse() {
        return Ok(whole);
    }
    let wish = wanted.to_uppercase();
    let found: Vec<_> = known.iter().filter(|it| it.to_string().starts_with(&wish)).collect();
    match found.as_slice() {
        [one] => Ok(**one),
        [] => bail!("No signal is called “{wanted}”. `custory signals` lists them."),
        _ => bail!("“{wanted}” may mean several signals; use more of the id."),
    }
}

/// The step or insight that is meant.
fn target(engine: &Engine, journey: JourneyId, wanted: &str) -> anyhow::Result<EntityRef> {
    find_on(&board(engine, journey)?, wanted, &[EntityKind::Step, EntityKind::Insight])
}
