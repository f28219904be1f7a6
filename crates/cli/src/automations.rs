//! `custory automations` and `custory runner`: what the map does by itself.

use std::fmt::Write;

use anyhow::bail;
use custory_engine::Engine;
use custory_ipc::{
    AutomationView, AutomationsRequest, Choices, Event, JourneyReview, Rehearsal, Reply, Request, Run,
    RunCheck, RunResult,
};

use crate::arguments::{AutomationsVerb, AutomationsWish, SetWish, YesNo};
use crate::conditions;
use crate::connectors::channel;
use crate::journey::find;
use crate::output::line;
use crate::watch;

/// The chat tool whose channels are told.
const CHAT: &str = "slack";

pub(crate) fn automations(engine: &Engine, wish: AutomationsWish) -> anyhow::Result<()> {
    match wish.verb.unwrap_or(AutomationsVerb::List { json: false }) {
        AutomationsVerb::List { json } => list(engine, json),
        AutomationsVerb::Make(wish) => watch::make(engine, &wish),
        AutomationsVerb::Delete { automation } => {
            engine.request_blocking(Request::Automations(AutomationsRequest::DeleteAutomation {
                key: automation,
            }))?;
            Ok(())
        }
        AutomationsVerb::On(wish) => set(engine, &wish, true),
        AutomationsVerb::Off { automation } => {
            let wish = SetWish { automation, ..SetWish::default() };
            set(engine, &wish, false)
        }
        AutomationsVerb::DryRun { automation, json } => {
            let it = rehearsed(engine, automation)?;
            if json { line(&serde_json::to_string_pretty(&it)?) } else { line(&rehearsal_text(&it)?) }
        }
        AutomationsVerb::Backtest { automation } => {
            let Some(past) = rehearsed(engine, automation)?.past else {
                bail!("Only what reads numbers or signals can be played again.");
            };
            let mut text = format!("Would have done something {} times in 90 days\n", past.len());
            for (at, says) in past {
                writeln!(text, "{}  {}", at.date(), says.join("; "))?;
            }
            line(&text)
        }
        AutomationsVerb::Run { automation, all } => {
            let request =
                Request::Automations(AutomationsRequest::RunAutomation { key: automation, is_unbraked: all });
            let Reply::Ran { run } = engine.request_blocking(request)? else {
                bail!("the engine answered something else")
            };
            line(&run_text(&run, true)?)
        }
        AutomationsVerb::Log { automation, json } => log(engine, automation.as_deref(), json),
        AutomationsVerb::Undo { run } => {
            let known = views(engine)?.into_iter().flat_map(|it| it.runs).map(|it| it.id);
            let found: Vec<_> = known.filter(|it| it.starts_with(&run.to_uppercase())).collect();
            let [one] = found.as_slice() else { bail!("No one run is called “{run}”; see the log.") };
            engine
                .request_blocking(Request::Automations(AutomationsRequest::UndoRun { run: one.clone() }))?;
            Ok(())
        }
    }
}

/// Does what is due for as long as it runs, and says what was done.
pub(crate) fn runner(engine: &Engine) -> anyhow::Result<()> {
    let mut events = engine.events();
    let mut told: Vec<String> = views(engine)?.into_iter().flat_map(|it| it.runs).map(|it| it.id).collect();
    engine.keep_up();
    eprintln!("Looking after connected tools, folders and automations. Stop with Ctrl-C.");
    while let Some(event) = events.next_blocking() {
        let Event::Automations { automations } = event else { continue };
        for run in automations.into_iter().flat_map(|it| it.runs) {
            // That there was nothing to do stands in the log; here it would hide what was done.
            if run.result != RunResult::Nothing && !told.contains(&run.id) {
                line(&run_text(&run, false)?)?;
                told.push(run.id);
            }
        }
    }
    Ok(())
}

fn views(engine: &Engine) -> anyhow::Result<Vec<AutomationView>> {
    match engine.request_blocking(Request::Automations(AutomationsRequest::List))? {
        Reply::Automations { automations } => Ok(automations),
        _ => bail!("the engine answered something else"),
    }
}

fn rehearsed(engine: &Engine, key: String) -> anyhow::Result<Rehearsal> {
    match engine.request_blocking(Request::Automations(AutomationsRequest::RehearseAutomation { key }))? {
        Reply::Rehearsed { rehearsal } => Ok(rehearsal),
        _ => bail!("the engine answered something else"),
    }
}

fn list(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let views = views(engine)?;
    if json {
        return line(&serde_json::to_string_pretty(&views)?);
    }
    let mut text = String::new();
    for it in views {
        let state = if it.is_on { "on" } else { "off" };
        writeln!(text, "{:<14}  {state:<3}  {}", it.key, it.name)?;
        for clause in it.sentence {
            let words: String = clause.pieces.into_iter().map(|it| it.text).collect();
            writeln!(text, "    {:<4}  {words}", clause.word)?;
        }
        if let Some(reason) = it.waits {
            writeln!(text, "    Now: {reason}")?;
        }
        if let Some(last) = it.runs.first() {
            writeln!(text, "    Last: {}", result(&last.result))?;
        }
    }
    line(&text)
}

fn set(engine: &Engine, wish: &SetWish, is_on: bool) -> anyhow::Result<()> {
    let Some(before) = views(engine)?.into_iter().find(|it| it.key == wish.automation) else {
        bail!("There is no automation “{}”. `custory automations` lists them.", wish.automation)
    };
    let journey = match &wish.journey {
        Some(journey) => Some(find(engine, journey)?.id),
        None => before.choices.journey,
    };
    let choices = Choices {
        journey,
        every: wish.every.map_or(before.choices.every, Into::into),
        hour: wish.hour.unwrap_or(before.choices.hour),
        zone: wish.zone.clone().unwrap_or(before.choices.zone),
        points: wish.points.or(before.choices.points),
        cases: wish.cases.or(before.choices.cases),
        team: wish.team.clone().or(before.choices.team),
        asks_first: wish.ask_first.map_or(before.choices.asks_first, |it| it == YesNo::Yes),
        conditions: match wish.only.as_slice() {
            [] => before.choices.conditions,
            texts => conditions::read(engine, texts, wish.any)?,
        },
        channel: match wish.tell.as_deref() {
            None => before.choices.channel,
            Some("nobody") => None,
            Some(name) => Some(channel(engine, CHAT, name)?),
        },
        watch: before.choices.watch,
        deeds: before.choices.deeds,
    };
    engine.request_blocking(Request::Automations(AutomationsRequest::SetAutomation {
        key: wish.automation.clone(),
        is_on,
        choices,
    }))?;
    if is_on {
        eprintln!("On. It runs while Custory or `custory runner` is open on this machine.");
    }
    Ok(())
}

fn log(engine: &Engine, automation: Option<&str>, json: bool) -> anyhow::Result<()> {
    let chosen = views(engine)?.into_iter().filter(|it| automation.is_none_or(|key| it.key == key));
    let mut runs: Vec<Run> = chosen.flat_map(|it| it.runs).collect();
    runs.sort_by_key(|it| std::cmp::Reverse(it.at));
    if json {
        return line(&serde_json::to_string_pretty(&runs)?);
    }
    if runs.is_empty() {
        eprintln!("Nothing has run yet.");
        return Ok(());
    }
    let texts = runs.iter().map(|it| run_text(it, true)).collect::<anyhow::Result<Vec<_>>>()?;
    line(&texts.join("\n"))
}

fn run_text(run: &Run, has_checks: bool) -> anyhow::Result<String> {
    let mut text = String::new();
    let short = &run.id[run.id.len().saturating_sub(26)..][..8.min(run.id.len())];
    let at = run.at.date();
    let looks = if run.looks > 1 { format!(", {} times", run.looks) } else { String::new() };
    writeln!(text, "{short}  {at}  {}  {}{looks}", run.automation, result(&run.result))?;
    run.did.iter().try_for_each(|it| writeln!(text, "    {it}"))?;
    if has_checks {
        checks(&mut text, &run.checks)?;
    }
    reviews(&mut text, &run.reviews)?;
    Ok(text.trim_end().to_owned())
}

fn rehearsal_text(it: &Rehearsal) -> anyhow::Result<String> {
    let mut text = String::new();
    if it.would.is_empty() && it.reviews.is_empty() {
        writeln!(text, "Would do nothing now. Nothing was written.")?;
    } else {
        writeln!(text, "Would do now, and nothing was written:")?;
        it.would.iter().try_for_each(|it| writeln!(text, "    {it}"))?;
    }
    checks(&mut text, &it.checks)?;
    reviews(&mut text, &it.reviews)?;
    Ok(text)
}

fn checks(text: &mut String, checks: &[RunCheck]) -> std::fmt::Result {
    checks.iter().try_for_each(|it| {
        let mark = if it.holds { "+" } else { "-" };
        writeln!(text, "  {mark} {} · {}: {}", it.journey, it.what, it.found)
    })
}

fn reviews(text: &mut String, reviews: &[JourneyReview]) -> std::fmt::Result {
    for review in reviews {
        writeln!(text, "\n# {}", review.title)?;
        for list in review.lists.iter().filter(|it| !it.lines.is_empty()) {
            writeln!(text, "\n## {}", list.heading)?;
            list.lines.iter().try_for_each(|it| writeln!(text, "- {}", it.1))?;
            if list.more > 0 {
                writeln!(text, "- and {} more", list.more)?;
            }
        }
    }
    Ok(())
}

fn result(it: &RunResult) -> String {
    match it {
        RunResult::Done => "done".to_owned(),
        RunResult::Nothing => "nothing to do".to_owned(),
        RunResult::Asks { would } => {
            format!("waits for you: {}; `run --all` does it", would.join("; "))
        }
        RunResult::Held { would } => {
            format!("stopped: it would do {would} things at once; `run --all` does them")
        }
        RunResult::Check { problem } => format!("check: {problem}"),
        RunResult::Failed { problem } => format!("failed: {problem}"),
        RunResult::Undone => "undone".to_owned(),
    }
}
