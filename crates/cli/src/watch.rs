//! Automations that a person makes, as one writes them on the command line.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use custory_domain::filter::{Age, Criterion, Filter, Join, Part, Test};
use custory_domain::{ItemKind, ItemState, MemberId, Truth};
use custory_engine::Engine;
use custory_ipc::{AutomationView, AutomationsRequest, Deed, Reply, Request, Watched};

use crate::arguments::MakeWish;
use crate::journey::{board, find};
use crate::output::line;

/// The tracker that issues go to.
const TRACKER: &str = "linear";

/// Makes one, off.
pub(crate) fn make(engine: &Engine, wish: &MakeWish) -> anyhow::Result<()> {
    let journey = match &wish.journey {
        Some(journey) => Some(find(engine, journey)?.id),
        None => None,
    };
    let tests = wish.when.iter().map(|it| test(engine, it)).collect::<anyhow::Result<Vec<_>>>()?;
    let filter = Filter {
        join: if wish.any { Join::Any } else { Join::All },
        parts: tests.into_iter().map(Part::Test).collect(),
    };
    let deeds = wish.then.iter().map(|it| deed(engine, it)).collect::<anyhow::Result<_>>()?;
    let watch = Watched { name: wish.name.clone(), filter };
    let made = engine.request_blocking(Request::Automations(AutomationsRequest::MakeAutomation {
        journey,
        watch,
        deeds,
    }))?;
    let Reply::Automations { automations } = made else { bail!("the engine answered something else") };
    let made: &AutomationView = automations.last().context("the new one is not listed")?;
    eprintln!("It is off. `custory automations on {}` switches it on.", made.key);
    line(&made.key)
}

/// A condition: `impact:4`, `effort:2`, `state:planned`, `owner:nobody`, `not kind:metric`.
fn test(engine: &Engine, text: &str) -> anyhow::Result<Test> {
    if let Some(rest) = text.strip_prefix("not ") {
        let inner = test(engine, rest)?;
        return Ok(Test { not: !inner.not, ..inner });
    }
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let value = value.trim();
    let number = || -> anyhow::Result<u8> {
        value.parse().with_context(|| format!("“{text}” should end in a number, such as {name}:3."))
    };
    let same = |it: &str| it.eq_ignore_ascii_case(value);
    let what = match name {
        "open" => Criterion::Open,
        "impact" => Criterion::Impact { least: number()? },
        "severity" => Criterion::Severity { least: number()? },
        "effort" => Criterion::Effort { most: number()? },
        "evidence" => Criterion::Evidence { least: number()?.into() },
        "words" => Criterion::Text { words: value.to_owned() },
        "owner" => {
            let owner = if value == "nobody" { None } else { Some(member(engine, value)?.0) };
            Criterion::Owner { owners: [owner].into() }
        }
        "stage" => Criterion::Stage { stages: stages(engine, value)? },
        "kind" => {
            let kinds: BTreeSet<_> = ItemKind::ALL
                .iter()
                .copied()
                .filter(|it| same(it.spec().name) || same(it.spec().plural))
                .collect();
            if kinds.is_empty() {
                let known: Vec<_> = ItemKind::ALL.iter().map(|it| it.spec().name.to_lowercase()).collect();
                bail!("“{value}” is no kind. There are {}.", known.join(", "));
            }
            Criterion::Kind { kinds }
        }
        "state" => Criterion::State { states: states(value)? },
        "truth" => {
            let truth = match value.to_lowercase().as_str() {
                "assumption" => Truth::Assumption,
                "observed" => Truth::Observed,
                "validated" => Truth::Validated,
                "refuted" => Truth::Refuted,
                _ => bail!("“{value}” should be assumption, observed, validated or refuted."),
            };
            Criterion::Truth { truths: [truth].into() }
        }
        "added" => Criterion::Added { age: age(text, value)? },
        "changed" => Criterion::Changed { age: age(text, value)? },
        "last-evidence" => Criterion::LastEvidence { age: age(text, value)? },
        _ => bail!(
            "“{text}” is no condition. There are open, impact:, severity:, effort:, evidence:, words:, owner:, stage:, \
             kind:, state:, truth:, added:, changed: and last-evidence:."
        ),
    };
    Ok(what.into())
}

/// Days at most, such as `7`, or more than so many, such as `28+`.
fn age(text: &str, value: &str) -> anyhow::Result<Age> {
    let (days, age) = match value.strip_suffix('+') {
        Some(days) => (days, Age::Before(1)),
        None => (value, Age::Within(1)),
    };
    match days.parse() {
        Ok(days @ 1..=Age::DAYS_MAX) => Ok(age.with(days)),
        _ => bail!("“{text}” should end in a number of days, such as 7, or 28+ for more than 28 days ago."),
    }
}

/// Something to do: `ask`, `give:Ana`, `state:planned`, `issue:ACM`.
fn deed(engine: &Engine, text: &str) -> anyhow::Result<Deed> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let value = value.trim();
    Ok(match name {
        "ask" => Deed::Ask,
        "give" => {
            let (member, name) = member(engine, value)?;
            Deed::Give { member, name }
        }
        "state" => {
            let found = states(value)?;
            let to = found.first().context("a state")?;
            if found.len() > 1 {
                bail!("“{value}” is a state of several kinds. Say which, such as opportunity {value}.");
            }
            Deed::Move { to: *to }
        }
        "issue" => Deed::Issue { vendor: TRACKER.to_owned(), team: value.to_uppercase() },
        _ => bail!("“{text}” is nothing that can be done. There are ask, give:, state: and issue:."),
    })
}

/// States of that word, of whichever kind, or of the kind that is named before it.
fn states(value: &str) -> anyhow::Result<BTreeSet<ItemState>> {
    let kind = |it: &ItemState| ItemKind::of(it.kind()).map_or("", |it| it.spec().name);
    let is_it = |it: &ItemState| {
        it.word().eq_ignore_ascii_case(value)
            || format!("{} {}", kind(it), it.word()).eq_ignore_ascii_case(value)
    };
    let found: BTreeSet<_> = ItemState::CHOSEN.into_iter().filter(is_it).collect();
    if found.is_empty() {
        let known: BTreeSet<_> = ItemState::CHOSEN.iter().map(|it| it.word().to_lowercase()).collect();
        bail!("“{value}” is no state. There are {}.", known.into_iter().collect::<Vec<_>>().join(", "));
    }
    Ok(found)
}

fn member(engine: &Engine, name: &str) -> anyhow::Result<(MemberId, String)> {
    let Reply::Start { start } = engine.request_blocking(Request::Start)? else {
        bail!("the engine answered something else")
    };
    let mut members = start.workspace.members.values();
    let found = members.find(|it| it.name.eq_ignore_ascii_case(name));
    let found = found.with_context(|| format!("Nobody here is called “{name}”."))?;
    Ok((found.id, found.name.clone()))
}

/// Stages of that title, on all journeys.
fn stages(engine: &Engine, title: &str) -> anyhow::Result<BTreeSet<custory_domain::StageId>> {
    let Reply::Start { start } = engine.request_blocking(Request::Start)? else {
        bail!("the engine answered something else")
    };
    let mut found = BTreeSet::new();
    for journey in start.journeys {
        let board = board(engine, journey.id)?;
        let same = board.stages_in_order().into_iter().filter(|it| it.title.eq_ignore_ascii_case(title));
        found.extend(same.map(|it| it.id));
    }
    if found.is_empty() {
        bail!("No stage is called “{title}”.");
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_at_most_so_many_or_more() {
        assert_eq!(age("added:7", "7").unwrap(), Age::Within(7));
        assert_eq!(age("added:28+", "28+").unwrap(), Age::Before(28));
        for wrong in ["", "+", "0", "-3", "99999", "soon"] {
            assert!(age("added", wrong).unwrap_err().to_string().contains("number of days"), "{wrong}");
        }
    }

    #[test]
    fn a_state_is_found_by_its_word_and_told_apart_by_its_kind() {
        assert_eq!(states("parked").unwrap().len(), 1);
        assert_eq!(states("Planned").unwrap().len(), 2, "opportunities and solutions are planned");
        assert_eq!(states("solution planned").unwrap().len(), 1);
        let error = states("soon").unwrap_err().to_string();
        assert!(error.contains("There are archived, "), "{error}");
    }
}
