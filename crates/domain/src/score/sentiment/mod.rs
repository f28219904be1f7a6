//! The emotion curve: how each step feels to customers, −1 to 1.
//!
//! Value = Σ 0.5^(ageᵢ / 28 days) · sᵢ / Σ 0.5^(ageᵢ / 28 days) over the verified items on the step,
//! or on anything placed on it, whose sentiment sᵢ is known. A step without any shows the emotion
//! that somebody set, halved from its −2 to 2, as assumed: whatever it is said to rest on, nobody can
//! check it. The two worst observed steps below zero carry the sentence that was said most.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::evidence::{decay, said_at};
use crate::board::{Board, BoardIndex};
use crate::entity::{Basis, Evidence, EvidenceSort, Step, WeightClass};
use crate::id::{EvidenceId, StepId};
use crate::time::Timestamp;

/// After so many days a feeling counts half: four weeks, shorter than evidence's 90 days, since a
/// curve should turn soon after a fix.
pub const HALF_LIFE_DAYS: f64 = 28.0;

/// How many of the worst steps carry a sentence.
pub const QUOTED_STEPS: usize = 2;

/// Longest sentence that fits beside the curve, in characters.
pub const SENTENCE_CHARS_MAX: usize = 60;

/// How a step feels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentimentPoint {
    /// Which step.
    pub step: StepId,
    /// −1 to 1; `None` if nothing is known.
    pub value: Option<f64>,
    /// Observed in evidence, or assumed and drawn dashed; `None` with no value.
    pub basis: Option<Basis>,
    /// Items of evidence in it.
    pub items: usize,
    /// Said most, on the worst steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<StepQuote>,
}

/// What customers say at a step, word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepQuote {
    /// The sentence; shortened at the end with “…” only where no sentence of the step fits.
    pub sentence: String,
    /// The newest item that holds it.
    pub evidence: EvidenceId,
    /// How many accounts or authors said it.
    pub voices: usize,
}

/// The curve, for `steps` in their order.
///
/// Work: one pass over the evidence on each step.
pub fn sentiment(board: &Board, index: &BoardIndex, steps: &[&Step], now: Timestamp) -> Vec<SentimentPoint> {
    let felt = |step: StepId| {
        index
            .evidence_on(step)
            .filter_map(|it| board.evidence.get(&it))
            .filter_map(|it| Some((it, feeling(it)?)))
    };
    let mut curve: Vec<_> = steps.iter().map(|step| point(step, felt(step.id), now)).collect();
    for at in worst(&curve) {
        let against = felt(curve[at].step).filter(|(_, feeling)| *feeling < 0.0);
        curve[at].quote = most_quoted(against.map(|it| it.0));
    }
    curve
}

/// How a verified item sounds. What a model inferred is none.
fn feeling(evidence: &Evidence) -> Option<f64> {
    let is_counted = evidence.is_verified && evidence.weight != WeightClass::AiInference;
    evidence.sentiment.filter(|it| is_counted && it.is_finite()).map(|it| it.clamp(-1.0, 1.0))
}

fn point<'a>(step: &Step, felt: impl Iterator<Item = (&'a Evidence, f64)>, now: Timestamp) -> SentimentPoint {
    let (mut sum, mut weights, mut items) = (0.0, 0.0, 0);
    for (evidence, feeling) in felt {
        // Very old items halve to nothing; the floor keeps them a mean when there are no others.
        let weight = decay(now.days_since(said_at(evidence)), HALF_LIFE_DAYS).max(f64::MIN_POSITIVE);
        sum += weight * feeling;
        weights += weight;
        items += 1;
    }
    let assumed = step.emotion.map(|it| (f64::from(it) / 2.0).clamp(-1.0, 1.0));
    let (value, basis) = match (items, assumed) {
        (0, assumed) => (assumed, assumed.map(|_| Basis::Assumed)),
        _ => (Some(sum / weights), Some(Basis::Observed)),
    };
    SentimentPoint { step: step.id, value, basis, items, quote: None }
}

/// The steps that feel worst, among those observed to feel bad; the earlier of equals.
fn worst(curve: &[SentimentPoint]) -> Vec<usize> {
    let mut bad: Vec<(f64, usize)> = (0..)
        .zip(curve)
        .filter(|(_, it)| it.basis == Some(Basis::Observed))
        .filter_map(|(at, it)| it.value.filter(|it| *it < 0.0).map(|it| (it, at)))
        .collect();
    bad.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    bad.into_iter().take(QUOTED_STEPS).map(|it| it.1).collect()
}

/// The sentence that most voices said, whatever its case and punctuation; of equals the one that
/// fits beside the curve, then the one said with the worst feeling, then the newest.
fn most_quoted<'a>(items: impl Iterator<Item = &'a Evidence>) -> Option<StepQuote> {
    let mut said: BTreeMap<String, Said<'a>> = BTreeMap::new();
    for evidence in items.filter(|it| is_words(it)) {
        for sentence in sentences(&evidence.excerpt) {
            let Some(key) = plain_words(sentence) else { continue };
            let here = said.entry(key).or_insert_with(|| Said::new(sentence, evidence));
            here.hear(sentence, evidence);
        }
    }
    let best = said.into_values().max_by(|a, b| {
        a.voices
            .len()
            .cmp(&b.voices.len())
            .then(a.fits().cmp(&b.fits()))
            .then(b.feeling.total_cmp(&a.feeling))
            .then((said_at(a.evidence), a.evidence.id).cmp(&(said_at(b.evidence), b.evidence.id)))
            // Of two sentences of one item, the first.
            .then(b.at.cmp(&a.at))
    })?;
    Some(StepQuote { sentence: best.shown(), evidence: best.evidence.id, voices: best.voices.len() })
}

/// Whether an item holds somebody's words rather than a number or a file.
fn is_words(evidence: &Evidence) -> bool {
    matches!(evidence.sort, EvidenceSort::Quote | EvidenceSort::Interview)
}

/// A sentence and who said it.
struct Said<'a> {
    sentence: &'a str,
    evidence: &'a Evidence,
    at: usize,
    voices: BTreeSet<&'a str>,
    feeling: f64,
}

impl<'a> Said<'a> {
    fn new(sentence: &'a str, evidence: &'a Evidence) -> Self {
        Self { sentence, evidence, at: place(sentence, evidence), voices: BTreeSet::new(), feeling: 0.0 }
    }

    fn hear(&mut self, sentence: &'a str, evidence: &'a Evidence) {
        let voice =
            [&evidence.account, &evidence.author, &evidence.locator].into_iter().find(|it| !it.is_empty());
        self.voices.insert(voice.map_or("", String::as_str));
        self.feeling = self.feeling.min(evidence.sentiment.unwrap_or(0.0));
        if (said_at(self.evidence), self.evidence.id) < (said_at(evidence), evidence.id) {
            (self.sentence, self.evidence, self.at) = (sentence, evidence, place(sentence, evidence));
        }
    }

    fn fits(&self) -> bool {
        self.sentence.chars().count() <= SENTENCE_CHARS_MAX
    }

    fn shown(&self) -> String {
        if self.fits() {
            return self.sentence.to_owned();
        }
        let cut: String = self.sentence.chars().take(SENTENCE_CHARS_MAX - 1).collect();
        let whole_words = cut.rfind(char::is_whitespace).map_or(cut.as_str(), |it| &cut[..it]);
        format!("{}…", whole_words.trim_end())
    }
}

/// Where the sentence begins in the item's words.
fn place(sentence: &str, evidence: &Evidence) -> usize {
    sentence.as_ptr() as usize - evidence.excerpt.as_ptr() as usize
}

/// The sentences of a text: up to a full stop, exclamation or question mark that no letter, digit or
/// further mark follows, or the end of a line. Full-width marks always end one.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let of_line = |line| {
        let ends: Vec<usize> = sentence_ends(line).chain([line.len()]).collect();
        let mut from = 0;
        ends.into_iter().map(move |end| line[std::mem::replace(&mut from, end)..end].trim())
    };
    text.lines().flat_map(of_line).filter(|it| !it.is_empty())
}

fn sentence_ends(line: &str) -> impl Iterator<Item = usize> + '_ {
    let is_mark = |it: char| matches!(it, '.' | '!' | '?' | '…');
    line.char_indices().filter_map(move |(at, mark)| {
        let end = at + mark.len_utf8();
        let is_over = line[end..].chars().next().is_none_or(|it| !it.is_alphanumeric() && !is_mark(it));
        (matches!(mark, '。' | '！' | '？') || is_mark(mark) && is_over).then_some(end)
    })
}

/// The words alone, lower case, for telling whether two say the same; `None` under three words,
/// which say nothing by themselves. Scripts without spaces count by their length.
fn plain_words(sentence: &str) -> Option<String> {
    let words: Vec<String> = sentence
        .split(|it: char| !it.is_alphanumeric() && it != '’' && it != '\'')
        .filter(|it| !it.is_empty())
        .map(|it| it.to_lowercase().replace('’', "'"))
        .collect();
    let plain = words.join(" ");
    let is_spaceless = !plain.is_ascii() && words.len() == 1 && plain.chars().count() >= 6;
    (words.len() >= 3 || is_spaceless).then_some(plain)
}

#[cfg(test)]
mod tests;
