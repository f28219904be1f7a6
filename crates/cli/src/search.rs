//! `custory search` and `custory duplicates`: what is there, by words and by meaning.

use std::fmt::Write;

use anyhow::bail;
use custory_engine::Engine;
use custory_ipc::{Reply, Request};
use serde_json::json;

use crate::journey::{find, only};
use crate::output::line;

pub(crate) fn search(engine: &Engine, query: String, json: bool) -> anyhow::Result<()> {
    let Reply::Found { hits } =
        engine.request_blocking(Request::SearchMeaning { query, journey: None, kind: None })?
    else {
        bail!("the engine answered something else");
    };
    if json {
        return line(&serde_json::to_string_pretty(&hits)?);
    }
    if hits.is_empty() {
        eprintln!("Nothing was found.");
        return Ok(());
    }
    let mut text = String::new();
    for it in &hits {
        writeln!(text, "{:<12} {}", it.entity.kind.word(), it.title)?;
        if !it.excerpt.is_empty() {
            writeln!(text, "             {}", it.excerpt)?;
        }
    }
    line(text.trim_end())
}

pub(crate) fn duplicates(engine: &Engine, journey: Option<&str>, json: bool) -> anyhow::Result<()> {
    let journey = match journey {
        Some(wanted) => find(engine, wanted)?.id,
        None => only(engine)?,
    };
    let Reply::Twins { twins } = engine.request_blocking(Request::Twins { journey })? else {
        bail!("the engine answered something else");
    };
    if json {
        return line(&json!(twins).to_string());
    }
    if twins.is_empty() {
        eprintln!("Nothing says the same twice.");
        return Ok(());
    }
    let row = |it: &custory_ipc::Twins| {
        format!("{} “{}” and “{}”", it.one.entity.kind.word(), it.one.title, it.other.title)
    };
    line(&twins.iter().map(row).collect::<Vec<_>>().join("\n"))
}
