//! `custory draft`: material in, a draft out, every element with its source.

use std::io::Read;

use anyhow::{Context, bail};
use custory_domain::draft::{Decision, DraftProgress, DraftRequest, DraftReview, Material};
use custory_domain::{DraftId, JourneyId};
use custory_engine::Engine;
use custory_exchange::{draft_to_json, draft_to_markdown};
use custory_ipc::{ErrorCode, Event, Failure, Reply, Request};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::arguments::Draft;
use crate::journey::{find, made};
use crate::output::line;

/// Longest text that standard input may bring, in bytes.
const STDIN_BYTES_MAX: u64 = 16 << 20;

pub(crate) fn draft(engine: &Engine, wish: Draft) -> anyhow::Result<()> {
    let materials =
        wish.sources.iter().map(|it| material(it, wish.allow_private)).collect::<Result<_, _>>()?;
    let onto = wish.onto.as_deref().map(|it| find(engine, it)).transpose()?.map(|it| it.id);
    let request = DraftRequest { materials, scope: wish.scope.clone(), onto };
    let request = match wish.model.clone() {
        None => Request::StartDraft { request },
        Some(model) => {
            let model = Some(model).filter(|it| !it.is_empty());
            Request::StartDraftWithModel { request, model, chance: wish.chance }
        }
    };
    let review = read(engine, request)?;
    if wish.accept {
        return accept(engine, &review, &wish);
    }
    print(&review, &wish, None)?;
    if wish.review {
        eprintln!("The draft waits for review in the window.");
    } else {
        engine.request_blocking(Request::DiscardDraft { draft: review.id })?;
    }
    Ok(())
}

/// Makes a journey of everything that was found.
fn accept(engine: &Engine, review: &DraftReview, wish: &Draft) -> anyhow::Result<()> {
    let reply = match keep_everything(engine, review, wish.title.clone()) {
        Ok(reply) => reply,
        Err(failure) => {
            // Nobody will look for it in the window: it was to be a journey at once.
            engine.request_blocking(Request::DiscardDraft { draft: review.id })?;
            let notes = review.draft.notes.join("\n  ");
            if review.draft.steps().next().is_none() {
                bail!("No step was found, so there is nothing to accept.\n  {notes}");
            }
            return Err(failure.into());
        }
    };
    let journey = made(engine, reply)?;
    if wish.json || wish.markdown {
        return print(review, wish, Some(journey));
    }
    line(&journey.to_string())
}

fn keep_everything(engine: &Engine, review: &DraftReview, title: Option<String>) -> Result<Reply, Failure> {
    let keep = Some(Decision::Keep { title: None });
    let steps = review.draft.steps();
    let decisions = steps.map(|it| (it.key.clone(), keep.clone())).collect();
    engine.request_blocking(Request::DecideDraft { draft: review.id, decisions })?;
    engine.request_blocking(Request::AcceptDraft { draft: review.id, title })
}

/// Starts the reading, shows how far it is, and waits for its end.
fn read(engine: &Engine, request: Request) -> anyhow::Result<DraftReview> {
    let mut events = engine.events();
    let Reply::DraftStarted { draft } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    let bar = bar();
    while let Some(event) = events.next_blocking() {
        match event {
            Event::DraftProgressed { draft: of, progress } if of == draft => show(&bar, &progress),
            Event::DraftFailed { draft: of, failure } if of == draft => {
                bar.finish_and_clear();
                bail!(advised(&failure));
            }
            Event::DraftReady { draft: of } if of == draft => break,
            _ => {}
        }
    }
    bar.finish_and_clear();
    opened(engine, draft)
}

fn opened(engine: &Engine, draft: DraftId) -> anyhow::Result<DraftReview> {
    match engine.request_blocking(Request::OpenDraft { draft })? {
        Reply::Draft { review } => Ok(*review),
        _ => bail!("the engine answered something else"),
    }
}

/// A reading's own words as a sentence, with the option that they may call for.
fn advised(failure: &Failure) -> String {
    let mut chars = failure.message.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let sentence: String = first.chain(chars).collect();
    let end = if sentence.ends_with(['.', '!', '?']) { "" } else { "." };
    let is_private = failure.code == ErrorCode::PrivateAddress;
    let option = if is_private { " The option for that is --allow-private." } else { "" };
    format!("{sentence}{end}{option}")
}

/// Writes the draft; JSON also says which journey it became.
fn print(review: &DraftReview, wish: &Draft, journey: Option<JourneyId>) -> anyhow::Result<()> {
    if !wish.json {
        return line(&draft_to_markdown(&review.draft));
    }
    let mut draft = draft_to_json(&review.draft);
    if let Some(journey) = journey {
        draft["journey"] = serde_json::json!(journey);
    }
    line(&serde_json::to_string_pretty(&draft)?)
}

/// What a word on the command line means: an address, a folder, a file, or standard input.
fn material(source: &str, allow_private: bool) -> anyhow::Result<Material> {
    if source == "-" {
        let mut text = String::new();
        std::io::stdin()
            .take(STDIN_BYTES_MAX)
            .read_to_string(&mut text)
            .context("What comes on standard input is not a text")?;
        return Ok(Material::Pasted { title: "Standard input".to_owned(), text });
    }
    if source.starts_with("http://") || source.starts_with("https://") {
        return Ok(Material::Website { url: source.to_owned(), allow_private });
    }
    match std::fs::metadata(source) {
        Ok(it) if it.is_dir() => Ok(Material::Folder { path: source.to_owned() }),
        Ok(_) => Ok(Material::File { path: source.to_owned() }),
        Err(error) => {
            let looks_like_host = source.contains('.') && !source.starts_with(['.', '/', '~']);
            let advice = if looks_like_host && !source.contains(['\\', ' ']) {
                format!("For a website write https://{source}")
            } else {
                "Give a folder, a file, an address that begins with https://, or - for standard input."
                    .to_owned()
            };
            bail!("Cannot read {source}: {error}. {advice}")
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix:>10} {wide_bar:.blue/dim} {pos}/{len} {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, progress: &DraftProgress) {
    let phase = format!("{:?}", progress.phase);
    bar.set_prefix(phase);
    bar.set_length(progress.total.unwrap_or(progress.done) as u64);
    bar.set_position(progress.done as u64);
    const CHARS_MAX: usize = 40;
    bar.set_message(progress.now.chars().take(CHARS_MAX).collect::<String>());
}
