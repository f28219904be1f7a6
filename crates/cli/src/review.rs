//! `custory review`: what there is to talk about since the last review of a journey.

use std::fmt::Write;

use anyhow::bail;
use custory_domain::{Agenda, Review};
use custory_engine::Engine;
use custory_ipc::{Reply, Request};

use crate::journey::find;
use crate::output::line;

pub(crate) fn review(engine: &Engine, journey: &str, json: bool) -> anyhow::Result<()> {
    let journey = find(engine, journey)?.id;
    let Reply::Agenda { agenda } = engine.request_blocking(Request::Agenda { journey })? else {
        bail!("the engine answered something else");
    };
    if json {
        return line(&serde_json::to_string_pretty(&agenda)?);
    }
    line(&told(&agenda)?)
}

fn told(agenda: &Agenda) -> Result<String, std::fmt::Error> {
    let mut text = match agenda.period.last {
        Some(_) => format!("Since the last review, {}\n", agenda.period.since.date()),
        None => "The last 7 days; no review was finished before\n".to_owned(),
    };
    for list in agenda.lists(Review::LINES_MAX).iter().filter(|it| !it.lines.is_empty()) {
        writeln!(text, "\n## {}", list.heading)?;
        list.lines.iter().try_for_each(|it| writeln!(text, "- {}", it.1))?;
        if list.more > 0 {
            writeln!(text, "- and {} more", list.more)?;
        }
    }
    Ok(text)
}
