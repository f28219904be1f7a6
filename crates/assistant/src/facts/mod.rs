//! Finds facts in material with a model, beside those found by rules.
//!
//! A passage is cut into pieces (`piece`), each asked about once; what was answered is kept under the hash of
//! the piece, the model and the version of the question, so that a draft goes on where it stopped. The
//! model labels and phrases; `check` believes only what the piece proves, and steps, stages, order and
//! bounds are made by `drafting` from what is left.
//!
//! Invariant: a fact that leaves here has a quote of 3 to 40 words that stands in its passage letter for
//! letter, and no number that is not in its quote.

mod answer;
mod check;
mod piece;

use std::collections::BTreeSet;
use std::sync::Mutex;

use custory_domain::draft::ModelWork;
use custory_drafting::{DraftError, Fact, FactFinder, FactKind, Far, Genre, Passage, Rules};
use custory_ipc::ModelSettings;
use serde::{Deserialize, Serialize};

use answer::Told;
pub use answer::{FACTS_MAX, PROMPT_VERSION};
use piece::{Piece, pieces};

use crate::error::ModelError;
use crate::server::chat::Message;
use crate::stop::Stop;
use crate::structured::{Model, ask};

/// Keeps answers by a key, durably before `put` returns.
pub trait Kept: Send + Sync {
    /// What was kept under the key.
    fn get(&self, key: &str) -> Option<String>;
    /// Keeps an answer. A fault costs only that the piece is asked about again.
    fn put(&self, key: &str, answer: &str);
}

/// How much a model is asked at most in one draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Pieces in all.
    pub pieces_max: usize,
    /// Pieces of one source, so that a long page does not take the place of all others.
    pub pieces_of_source_max: usize,
    /// Longest answer about one piece, in tokens.
    pub answer_tokens: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { pieces_max: ModelSettings::DRAFT_PIECES_MAX, pieces_of_source_max: 12, answer_tokens: 1_000 }
    }
}

/// Finds facts with a model and by rules. Not for async code: it waits for the model.
pub struct ModelFacts {
    model: Model,
    kept: Box<dyn Kept>,
    stop: Stop,
    bounds: Bounds,
    /// Kept for the finder's whole life, since the server's connections belong to it.
    runtime: Option<tokio::runtime::Runtime>,
    count: Mutex<Count>,
}

/// How far it is, and what became of what.
#[derive(Debug, Default)]
struct Count {
    chosen: BTreeSet<String>,
    /// Pieces that were asked about or found kept.
    done: usize,
    /// Of those, pieces that were found kept.
    from_before: usize,
    left_out: usize,
    unusable: usize,
    believed: usize,
    disbelieved: usize,
    /// What the server needed for the pieces asked about, in milliseconds.
    millis: u64,
    prompt_tokens: u64,
    answer_tokens: u64,
    mended: usize,
}

/// An answer as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct KeptAnswer {
    facts: Vec<Told>,
    /// Why there is none; asking again would give the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    unusable: String,
}

impl ModelFacts {
    /// A finder for one draft.
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn new(model: Model, kept: Box<dyn Kept>, stop: Stop, bounds: Bounds) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { model, kept, stop, bounds, runtime: Some(runtime), count: Mutex::default() })
    }

    fn key(&self, piece: &Piece) -> String {
        piece.key(&[self.model.identity(), PROMPT_VERSION, &self.model.chance.to_string()])
    }

    fn count(&self) -> std::sync::MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What the model says of a piece: kept, or asked for now.
    fn told(&self, piece: &Piece) -> Result<KeptAnswer, DraftError> {
        let key = self.key(piece);
        if let Some(answer) = self.kept.get(&key).and_then(|it| serde_json::from_str(&it).ok()) {
            self.count().from_before += 1;
            return Ok(answer);
        }
        let answer = self.asked(piece).map_err(|error| match error {
            ModelError::Stopped => DraftError::Cancelled,
            other => DraftError::Model(other.to_string()),
        })?;
        if let Ok(text) = serde_json::to_string(&answer) {
            self.kept.put(&key, &text);
        }
        Ok(answer)
    }

    fn asked(&self, piece: &Piece) -> Result<KeptAnswer, ModelError> {
        let form = answer::form(piece);
        let messages: [Message; 2] = answer::question(piece, &form);
        let read = |text: &str| answer::read(text, piece);
        let mut unheard = |_: &str| {};
        let tokens = self.bounds.answer_tokens;
        let asking = ask(&self.model, &messages, &form, tokens, &self.stop, &mut unheard, read);
        let runtime = self.runtime.as_ref().expect("the runtime is only taken when the finder is dropped");
        match runtime.block_on(asking) {
            Ok((facts, spent)) => {
                let mut count = self.count();
                count.millis += spent.millis;
                count.prompt_tokens += spent.prompt_tokens;
                count.answer_tokens += spent.answer_tokens;
                count.mended += usize::from(spent.was_mended);
                Ok(KeptAnswer { facts, unusable: String::new() })
            }
            // One piece that a model cannot deal with is no reason to give up the others.
            Err(error) if error.is_about_the_answer() => {
                Ok(KeptAnswer { facts: Vec::new(), unusable: error.to_string() })
            }
            Err(error) => Err(error),
        }
    }

    fn found(&self, passage: &Passage<'_>, far: &mut Far<'_>) -> Result<Vec<Fact>, DraftError> {
        let mut facts = Vec::new();
        for piece in pieces(passage) {
            if !self.count().chosen.contains(&self.key(&piece)) {
                continue;
            }
            let (done, total, now) = {
                let count = self.count();
                (count.done, count.chosen.len(), count.now(&passage.doc.locator))
            };
            far(done, total, &now)?;
            let answer = self.told(&piece)?;
            let checked: Vec<Option<Fact>> =
                answer.facts.iter().map(|it| check::believed(it, &piece, &passage.doc.text)).collect();
            let mut count = self.count();
            count.done += 1;
            count.unusable += usize::from(!answer.unusable.is_empty());
            count.disbelieved += checked.iter().filter(|it| it.is_none()).count();
            count.believed += checked.iter().flatten().count();
            facts.extend(checked.into_iter().flatten());
        }
        Ok(facts)
    }
}

impl Count {
    /// What is at hand, and how long the rest takes, by what the pieces so far took.
    fn now(&self, locator: &str) -> String {
        let asked = (self.done - self.from_before.min(self.done)) as u64;
        let left = self.chosen.len().saturating_sub(self.done) as u64;
        if asked == 0 || self.millis == 0 {
            return locator.to_owned();
        }
        const MINUTE_MILLIS: u64 = 60_000;
        match (self.millis / asked * left).div_ceil(MINUTE_MILLIS) {
            0 | 1 => format!("{locator} · about a minute left"),
            minutes => format!("{locator} · about {minutes} minutes left"),
        }
    }
}

impl FactFinder for ModelFacts {
    fn begin(&self, passages: &[Passage<'_>]) {
        let mut count = self.count();
        let mut of_source = (String::new(), 0);
        for passage in passages {
            if of_source.0 != passage.doc.hash {
                of_source = (passage.doc.hash.clone(), 0);
            }
            for piece in pieces(passage) {
                let has_room = count.chosen.len() < self.bounds.pieces_max
                    && of_source.1 < self.bounds.pieces_of_source_max;
                if has_room {
                    of_source.1 += 1;
                    count.chosen.insert(self.key(&piece));
                } else {
                    count.left_out += 1;
                }
            }
        }
    }

    fn find(&self, passage: &Passage<'_>, far: &mut Far<'_>) -> Result<Vec<Fact>, DraftError> {
        let mut facts = Rules.find(passage, far)?;
        if !is_for_customers(passage.doc.genre) {
            return Ok(facts);
        }
        for fact in self.found(passage, far)? {
            if !facts.iter().any(|it| says_same(it, &fact)) {
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    fn notes(&self) -> Vec<String> {
        let count = self.count();
        let model = &self.model.name;
        let mut notes = vec![format!(
            "{model} read {} ({} of them kept from before) and stated {} that the text proves.",
            counted(count.done, "piece of text", "pieces of text"),
            count.from_before,
            counted(count.believed, "fact", "facts"),
        )];
        if count.disbelieved > 0 {
            notes.push(format!(
                "{} of {model} dropped: the words or numbers are not in the text.",
                counted(count.disbelieved, "statement", "statements")
            ));
        }
        if count.unusable > 0 {
            let pieces = counted(count.unusable, "piece", "pieces");
            notes.push(format!("About {pieces} {model} gave no usable answer."));
        }
        if count.left_out > 0 {
            notes.push(format!(
                "{} read without the model, for want of time; what rules find there is in the draft.",
                counted(count.left_out, "piece was", "pieces were")
            ));
        }
        notes
    }

    fn work(&self) -> Option<ModelWork> {
        let count = self.count();
        Some(ModelWork {
            name: self.model.name.clone(),
            pieces: count.done,
            kept: count.from_before,
            unusable: count.unusable,
            mended: count.mended,
            believed: count.believed,
            disbelieved: count.disbelieved,
            prompt_tokens: count.prompt_tokens,
            answer_tokens: count.answer_tokens,
            millis: count.millis,
        })
    }
}

impl Drop for ModelFacts {
    fn drop(&mut self) {
        // Without waiting: a finder may be dropped where waiting is not allowed.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Texts in which something is said to customers or of them, in sentences.
fn is_for_customers(genre: Genre) -> bool {
    !matches!(
        genre,
        Genre::Legal
            | Genre::Contributing
            | Genre::Developer
            | Genre::Reference
            | Genre::Changelog
            | Genre::Data
            | Genre::Routes
            | Genre::Test
            | Genre::Locale
            | Genre::Program
    )
}

/// Whether rules found already what the model found.
fn says_same(known: &Fact, new: &Fact) -> bool {
    let same_kind = std::mem::discriminant(&known.kind) == std::mem::discriminant(&new.kind);
    let inside = |a: &Fact, b: &Fact| a.near >= b.near && a.near + a.quote.len() <= b.near + b.quote.len();
    let same_words = match known.kind {
        FactKind::Action(_) => known.words.eq_ignore_ascii_case(&new.words),
        _ => inside(known, new) || inside(new, known),
    };
    same_kind && same_words
}
