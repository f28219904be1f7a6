//! `custory models`: local models listed, downloaded, chosen, tried.

use std::fmt::Write;

use anyhow::bail;
use custory_engine::Engine;
use custory_ipc::{Event, Model, ModelSettings, Models, Reply, Request};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::arguments::{ModelsVerb, ModelsWish, UseModel};
use crate::output::line;

pub(crate) fn models(engine: &Engine, wish: ModelsWish) -> anyhow::Result<()> {
    match wish.verb {
        None => list(engine, wish.json),
        Some(ModelsVerb::Pull { model }) => pull(engine, &model),
        Some(ModelsVerb::Use(wish)) => choose(engine, wish),
        Some(ModelsVerb::Try { model }) => try_out(engine, model),
    }
}

fn known(engine: &Engine) -> anyhow::Result<Models> {
    match engine.request_blocking(Request::Models)? {
        Reply::Models { models } => Ok(models),
        _ => bail!("the engine answered something else"),
    }
}

fn list(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let models = known(engine)?;
    if json {
        return line(&serde_json::to_string_pretty(&models)?);
    }
    if !models.problem.is_empty() {
        bail!(models.problem);
    }
    if models.models.is_empty() {
        eprintln!("No models yet. Get one with `custory models pull qwen3:4b` (2.5 GB).");
        return Ok(());
    }
    let mut text = String::new();
    for it in &models.models {
        writeln!(text, "{}", row(it, &models.settings))?;
    }
    if models.settings.model.is_none() {
        eprintln!("None is chosen. Choose one with `custory models use NAME`.");
    }
    line(&text)
}

/// A model in a line: whether it is chosen, its size, its need of memory, what it can.
fn row(model: &Model, settings: &ModelSettings) -> String {
    let is_chosen = settings.model.as_deref() == Some(&model.name);
    let context = model.context_tokens.map_or_else(String::new, |it| format!("  context up to {it}"));
    let can = match (model.can_chat, model.can_embed) {
        (true, _) => "",
        (false, true) => "  finds likeness only, cannot draft or answer",
        (false, false) => "  can neither draft nor answer",
    };
    let finds = settings.meaning_model.as_deref() == Some(&model.name);
    let mark = if is_chosen || finds { "*" } else { " " };
    let (size, memory) = (gigabytes(model.bytes), gigabytes(model.memory_bytes));
    format!("{mark} {:<32} {size:>8}  needs about {memory}{context}{can}", model.name)
}

fn gigabytes(bytes: u64) -> String {
    const GIGABYTE: f64 = 1_000_000_000.0;
    format!("{:.1} GB", bytes as f64 / GIGABYTE)
}

fn pull(engine: &Engine, model: &str) -> anyhow::Result<()> {
    let mut events = engine.events();
    engine.request_blocking(Request::PullModel { model: model.to_owned() })?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar:.blue/dim} {bytes}/{total_bytes} {msg}") {
        bar.set_style(style);
    }
    while let Some(event) = events.next_blocking() {
        match event {
            Event::ModelPulling { model: of, progress } if of == model => {
                bar.set_length(progress.total_bytes);
                bar.set_position(progress.done_bytes);
                bar.set_message(progress.status);
            }
            Event::ModelPulled { model: of, problem } if of == model => {
                bar.finish_and_clear();
                if !problem.is_empty() {
                    bail!(problem);
                }
                eprintln!("{model} is here. Choose it with `custory models use {model}`.");
                return Ok(());
            }
            _ => {}
        }
    }
    bail!("the engine stopped")
}

fn choose(engine: &Engine, wish: UseModel) -> anyhow::Result<()> {
    let mut settings = known(engine)?.settings;
    settings.is_remote_allowed |= wish.allow_remote;
    if let Some(url) = wish.url {
        // Said anew for every address: what was allowed for one server is not for another.
        settings.is_remote_allowed = wish.allow_remote;
        settings.address = url;
    }
    settings.model = wish.model.or(settings.model);
    if let Some(meaning) = wish.meaning {
        settings.meaning_model = Some(meaning).filter(|it| it != "auto");
    }
    settings.context_tokens = wish.context.unwrap_or(settings.context_tokens);
    engine.request_blocking(Request::SetModels { settings })?;
    let now = known(engine)?;
    match &now.settings.model {
        Some(model) if now.problem.is_empty() && !now.models.iter().any(|it| is_named(it, model)) => {
            eprintln!("{model} is chosen, but not there yet. Get it with `custory models pull {model}`.");
        }
        Some(model) => eprintln!("{model} is used from now on."),
        None => {}
    }
    if !now.problem.is_empty() {
        eprintln!("{}", now.problem);
    }
    Ok(())
}

/// Ollama takes a name without a tag for its latest.
fn is_named(model: &Model, name: &str) -> bool {
    model.name == name || model.name == format!("{name}:latest")
}

fn try_out(engine: &Engine, model: Option<String>) -> anyhow::Result<()> {
    let chosen = || known(engine).map(|it| it.settings.model);
    let Some(model) = model.map_or_else(chosen, |it| Ok(Some(it)))? else {
        bail!("No model is chosen. Choose one with `custory models use NAME`.");
    };
    let Reply::ModelTried { trial } = engine.request_blocking(Request::TryModel { model })? else {
        bail!("the engine answered something else");
    };
    if !trial.problem.is_empty() {
        bail!(trial.problem);
    }
    line(&format!("{} answers as drafts need it, a short answer in {} ms.", trial.model, trial.millis))
}
