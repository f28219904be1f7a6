//! `custory history`: what was changed, the journey as it was, and the way back.

use std::fmt::Write;

use anyhow::{Context, bail};
use custory_domain::{Board, Command, JourneyId, Timestamp, Via};
use custory_engine::Engine;
use custory_ipc::{Reply, Request, Version, When};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::arguments::HistoryWish;
use crate::journey::find;
use crate::output::line;

/// Digits of a version that are printed: enough to name it again.
const DIGITS: usize = 10;

pub(crate) fn history(engine: &Engine, wish: HistoryWish) -> anyhow::Result<()> {
    let journey = find(engine, &wish.journey)?.id;
    if let Some(at) = wish.at {
        return show(engine, journey, &at, wish.json);
    }
    if let Some(version) = wish.restore {
        let only = Some(wish.only).filter(|it| !it.is_empty());
        return restore(engine, journey, version, only);
    }
    if let Some([version, name]) = wish.name.as_deref() {
        let version = at(engine, journey, version)?.version.id;
        let command = Command::NameVersion { version, name: name.clone() };
        engine.request_blocking(Request::Dispatch { journey, command, via: Via::User })?;
        return Ok(());
    }
    let request = Request::History { journey, about: wish.about, before: None };
    let Reply::History { history } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    if wish.json {
        return line(&serde_json::to_string_pretty(&history)?);
    }
    let people = people(engine)?;
    let mut text = String::new();
    for it in &history.versions {
        writeln!(text, "{}", row(it, &people))?;
    }
    if history.has_more {
        eprintln!("There are older changes. `--at DAY` shows the journey as it was.");
    }
    line(&text)
}

fn row(it: &Version, people: &Board) -> String {
    let who = it.by.and_then(|id| people.members.get(&id)).map_or("somebody", |it| it.name.as_str());
    let via = match it.via {
        Via::User => String::new(),
        Via::Automation => ", automation".to_owned(),
        Via::Ai => ", assistant".to_owned(),
        Via::Import => ", import".to_owned(),
        Via::Connector => ", tool".to_owned(),
    };
    let counts = [('+', it.added), ('~', it.changed), ('−', it.removed)];
    let counts: String =
        counts.iter().filter(|it| it.1 > 0).map(|(sign, count)| format!(" {sign}{count}")).collect();
    let name = if it.name.is_empty() { String::new() } else { format!("  [{}]", it.name) };
    format!(
        "{}  {}  {who}{via}: {}{counts}{name}",
        &it.id[..DIGITS.min(it.id.len())],
        moment(it.at),
        it.label
    )
}

/// In UTC, like everything that the command line prints.
fn moment(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(it) => it.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "at an unknown time".to_owned(),
    }
}

fn show(engine: &Engine, journey: JourneyId, when: &str, json: bool) -> anyhow::Result<()> {
    let past = at(engine, journey, when)?;
    eprintln!("As of {}, after: {}", moment(past.version.at), past.version.label);
    if json {
        return line(&serde_json::to_string_pretty(&past.board)?);
    }
    line(&custory_exchange::to_markdown(&past.board, &people(engine)?))
}

fn restore(
    engine: &Engine,
    journey: JourneyId,
    version: String,
    only: Option<Vec<custory_domain::EntityRef>>,
) -> anyhow::Result<()> {
    let Reply::Done { label, .. } = engine.request_blocking(Request::GoBack { journey, version, only })?
    else {
        bail!("the engine answered something else");
    };
    eprintln!(
        "{}",
        if label.is_empty() { "It is so already.".to_owned() } else { format!("Done: {label}.") }
    );
    Ok(())
}

fn at(engine: &Engine, journey: JourneyId, when: &str) -> anyhow::Result<custory_ipc::PastJourney> {
    let when = match when.parse::<Date>() {
        Ok(day) => {
            let next = day
                .tomorrow()
                .and_then(|it| it.to_zoned_datetime(TimeZone::UTC))
                .context("There is no such day.")?;
            When::Time(Timestamp(next.timestamp().as_millisecond() - 1))
        }
        Err(_) => When::Version(when.to_owned()),
    };
    match engine.request_blocking(Request::JourneyAt { journey, when })? {
        Reply::JourneyAt { past } => Ok(*past),
        _ => bail!("the engine answered something else"),
    }
}

fn people(engine: &Engine) -> anyhow::Result<Board> {
    match engine.request_blocking(Request::Start)? {
        Reply::Start { start } => Ok(start.workspace),
        _ => bail!("the engine answered something else"),
    }
}
