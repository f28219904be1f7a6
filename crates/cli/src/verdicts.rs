//! `custory verdicts`: whether shipped solutions moved their metrics.

use std::fmt::Write;

use anyhow::bail;
use custory_domain::JourneyId;
use custory_domain::wording::verdict_word;
use custory_engine::Engine;
use custory_ipc::{Reply, Request, VerdictView};

use crate::journey::find;
use crate::output::line;

pub(crate) fn verdicts(engine: &Engine, journey: &str, keep: bool, json: bool) -> anyhow::Result<()> {
    let journey = find(engine, journey)?.id;
    if keep {
        for it in asked(engine, journey)?.into_iter().filter(|it| !it.is_kept && !it.is_interim) {
            engine.request_blocking(Request::KeepVerdict { journey, solution: it.solution })?;
        }
    }
    let verdicts = asked(engine, journey)?;
    if json {
        return line(&serde_json::to_string_pretty(&verdicts)?);
    }
    if verdicts.is_empty() {
        eprintln!("Nothing has shipped that should move a metric. Give a solution its metric and its day.");
        return Ok(());
    }
    let mut text = String::new();
    for it in verdicts {
        let standing = match (it.is_kept, it.is_interim) {
            (true, _) => "kept",
            (_, true) => "early look",
            _ => "final",
        };
        writeln!(text, "{:<18}  {standing:<10}  {}  ({})", verdict_word(it.outcome), it.title, it.metric)?;
        writeln!(text, "    {}", it.says)?;
        for other in it.confounders {
            writeln!(text, "    At the same time: {other}")?;
        }
    }
    line(&text)
}

fn asked(engine: &Engine, journey: JourneyId) -> anyhow::Result<Vec<VerdictView>> {
    match engine.request_blocking(Request::Verdicts { journey })? {
        Reply::Verdicts { verdicts } => Ok(verdicts),
        _ => bail!("the engine answered something else"),
    }
}
