//! Conditions of automations, as one writes them on the command line.

use anyhow::{Context, bail};
use custory_domain::EntityKind;
use custory_domain::filter::Join;
use custory_engine::Engine;
use custory_ipc::{Condition, Conditions, Reply, Request};

use crate::journey::board;

/// Reads conditions: `stage:Set up`, `not owner:nobody`, `hours:9-17`. `anything` stands for none.
pub(crate) fn read(engine: &Engine, texts: &[String], is_any: bool) -> anyhow::Result<Conditions> {
    if texts.iter().any(|it| it == "anything") {
        return Ok(Conditions::default());
    }
    let of = texts.iter().map(|it| one(engine, it)).collect::<anyhow::Result<_>>()?;
    Ok(Conditions { join: if is_any { Join::Any } else { Join::All }, of })
}

fn one(engine: &Engine, text: &str) -> anyhow::Result<Condition> {
    if let Some(rest) = text.strip_prefix("not ") {
        return Ok(Condition::Not { not: Box::new(one(engine, rest)?) });
    }
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let value = value.trim();
    match name {
        "stage" | "step" => placed(engine, name, value),
        "owner" if value == "nobody" => Ok(Condition::OwnedBy { member: None, name: String::new() }),
        "owner" => {
            let Reply::Start { start } = engine.request_blocking(Request::Start)? else {
                bail!("the engine answered something else")
            };
            let mut members = start.workspace.members.values();
            let found = members.find(|it| it.name.eq_ignore_ascii_case(value));
            let found = found.with_context(|| format!("Nobody here is called “{value}”."))?;
            Ok(Condition::OwnedBy { member: Some(found.id), name: found.name.clone() })
        }
        "hours" => {
            let hours =
                value.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            match hours {
                Some((from @ 0..=23, to @ 1..=24)) => Ok(Condition::Between { from, to }),
                _ => bail!("“{value}” should look like 9-17."),
            }
        }
        _ => bail!("“{text}” is no condition. There are stage:, step:, owner: and hours:."),
    }
}

/// The stage or step of that title, on whichever journey.
fn placed(engine: &Engine, kind: &str, title: &str) -> anyhow::Result<Condition> {
    let Reply::Start { start } = engine.request_blocking(Request::Start)? else {
        bail!("the engine answered something else")
    };
    for journey in start.journeys {
        let board = board(engine, journey.id)?;
        let same = |it: &str| it.eq_ignore_ascii_case(title);
        if kind == EntityKind::Stage.as_str() {
            if let Some(it) = board.stages_in_order().into_iter().find(|it| same(&it.title)) {
                return Ok(Condition::OnStage { stage: it.id, title: it.title.clone() });
            }
        } else if let Some(it) = board.steps_in_order().into_iter().find(|it| same(&it.title)) {
            return Ok(Condition::OnStep { step: it.id, title: it.title.clone() });
        }
    }
    bail!("No {kind} is called “{title}”.")
}
