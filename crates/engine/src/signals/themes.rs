//! What several signals speak of: grouped by what they mean where a model can tell, else by their words; named by
//! a model where one is chosen, else by the words that they share. Nothing is decided here.
//!
//! Only redacted words are shown to a model.

use std::collections::BTreeSet;

use custory_assistant::server::embed::likeness;
use custory_assistant::{Stop, structured, themes};
use custory_domain::{Shelf, Signal, SignalId};
use custory_ipc::{Reply, SignalTheme, StepMatch};
use custory_signals::excerpt;
use custory_signals::themes::{ByWords, WORDS_LIKENESS_MIN, groups, shared_words};

use crate::apart::{Later, Way};
use crate::failure::Fault;
use crate::inbox::Core;
use crate::meaning::{Source, silently};

/// Signals that are grouped, the newest.
const SIGNALS_MAX: usize = 400;
/// Themes shown; each is named by a call of its own.
const THEMES_MAX: usize = 12;
/// Fewest signals of a theme.
const SIZE_MIN: usize = 2;
/// Likeness by meaning from which two signals speak of the same: between what merely fits a search and what says
/// the same twice.
const MEANING_LIKENESS_MIN: f32 = 0.68;

impl Core {
    /// Groups the signals that wait. A search that is under way ends by that.
    pub(crate) fn themes(&mut self) -> Result<Later, Fault> {
        let settings = self.model_settings()?;
        let namer = self.model(None).ok();
        let signals = self.store.signals(Shelf::Review, SIGNALS_MAX)?;
        let way = self.way();
        let stop = Stop::default();
        std::mem::replace(&mut self.theming, stop.clone()).tell();
        Ok(Box::new(move || {
            Box::pin(async move {
                let texts: Vec<String> = signals.iter().map(|it| excerpt(&it.text).text).collect();
                let meaning = async {
                    match Source::of(&settings, way.clone()).await {
                        Ok(source) => source.vectors(&texts).await.unwrap_or_else(silently),
                        Err(error) => silently(error),
                    }
                };
                let vectors: Vec<Option<Vec<f32>>> = tokio::select! {
                    vectors = meaning => vectors,
                    () = stop.told() => Vec::new(),
                };
                let words = ByWords::of(&texts);
                let is_alike = |a: usize, b: usize| match (vectors.get(a), vectors.get(b)) {
                    (Some(Some(a)), Some(Some(b))) => likeness(a, b) >= MEANING_LIKENESS_MIN,
                    _ => words.likeness(a, b) >= WORDS_LIKENESS_MIN,
                };
                let mut found = groups(texts.len(), SIZE_MIN, is_alike);
                found.truncate(THEMES_MAX);
                let themes = named(&found, &signals, &texts, (namer, &stop), &way).await;
                Ok(Reply::Themes { themes })
            })
        }))
    }
}

async fn named(
    groups: &[Vec<usize>],
    signals: &[Signal],
    texts: &[String],
    (mut namer, stop): (Option<structured::Model>, &Stop),
    way: &Way,
) -> Vec<SignalTheme> {
    let mut all = Vec::new();
    for group in groups {
        let said: Vec<&str> = group.iter().map(|it| texts[*it].as_str()).collect();
        let words = shared_words(&said);
        let of_group: Vec<String> = said.iter().map(|it| (*it).to_owned()).collect();
        let mut named_by = None;
        let mut name = words.join(" ");
        if let Some(model) = &namer {
            match themes::name(model, &of_group, stop).await {
                Ok(told) => (name, named_by) = (told, Some(model.name.clone())),
                Err(error) if error.is_about_the_answer() => {}
                // A server that is not there is not asked a dozen times, nor is one after a person has said stop.
                Err(_) => namer = None,
            }
        }
        let found = likely(way, &signals[group[0]].text);
        let voices: BTreeSet<&str> =
            group.iter().map(|it| signals[*it].author.as_str()).filter(|it| !it.is_empty()).collect();
        let voices = voices.len();
        let signals: Vec<SignalId> = group.iter().map(|it| signals[*it].id).collect();
        all.push(SignalTheme { name, named_by, signals, voices, words, found });
    }
    all
}

/// The step that a text may be about.
fn likely(way: &Way, text: &str) -> Option<StepMatch> {
    let text = text.to_owned();
    let found = way.ask(move |core| {
        let boards = core.boards_to_match()?;
        core.matches(&text, &boards)
    });
    let matches = found?.inspect_err(|fault| tracing::warn!("no step for a theme: {fault}")).ok()?;
    matches.into_iter().next()
}
