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
mod tests {
    use super::*;
    use crate::score::fixture::{NOW, World, days_ago};
    use proptest::prelude::*;

    fn curve(world: &World) -> Vec<SentimentPoint> {
        sentiment(&world.board, &world.index(), &world.board.steps_in_order(), NOW)
    }

    fn says(world: &mut World, step: StepId, words: &str, feeling: f64, age_days: f64) -> EvidenceId {
        world.quote(step, |it| {
            it.excerpt = words.into();
            it.sentiment = Some(feeling);
            it.captured_at = Some(days_ago(age_days));
        })
    }

    /// Weights 1, 0.5 and 0.25: (−1 · 1 + 0.5 · 0.5 + 1 · 0.25) / 1.75.
    #[test]
    fn a_feeling_counts_half_after_four_weeks() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        for (feeling, age_days) in [(-1.0, 0.0), (0.5, 28.0), (1.0, 56.0)] {
            says(&mut world, step, "What a day it was.", feeling, age_days);
        }
        let found = &curve(&world)[0];
        assert!((found.value.unwrap() + 0.285_714_285_7).abs() < 1e-9, "{found:?}");
        assert_eq!((found.basis, found.items), (Some(Basis::Observed), 3));
    }

    #[test]
    fn what_hangs_on_a_step_speaks_for_it() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let insight = world.insight(step, |_| {});
        world.quote(insight, |it| it.sentiment = Some(-0.5));
        assert_eq!(curve(&world)[0].value, Some(-0.5));
    }

    #[test]
    fn without_evidence_a_set_feeling_is_assumed() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        world.quote(step, |it| (it.sentiment, it.is_verified) = (Some(1.0), false));
        world.quote(step, |it| (it.sentiment, it.weight) = (Some(1.0), WeightClass::AiInference));
        world.quote(step, |it| it.sentiment = None);
        for (emotion, value, basis) in [
            (Some(-2), Some(-1.0), Some(Basis::Assumed)),
            (Some(1), Some(0.5), Some(Basis::Assumed)),
            (None, None, None),
        ] {
            world.edit_step(step, |it| (it.emotion, it.emotion_basis) = (emotion, Basis::Observed));
            let found = curve(&world).remove(0);
            assert_eq!((found.value, found.basis, found.items), (value, basis, 0));
        }
    }

    #[test]
    fn the_two_worst_steps_say_why() {
        let mut world = World::new();
        let steps: Vec<_> = ["a", "b", "c", "d", "e"].map(|title| world.step(title)).into();
        for (step, feeling) in steps.iter().zip([-0.2, -0.7, 0.4, -0.5, -0.1]) {
            says(&mut world, *step, "It is what it is.", feeling, 1.0);
        }
        // Worse, yet only assumed.
        let assumed = world.step("f");
        world.edit_step(assumed, |it| it.emotion = Some(-2));
        let quoted: Vec<_> = curve(&world).iter().map(|it| it.quote.is_some()).collect();
        assert_eq!(quoted, [false, true, false, true, false, false]);
    }

    #[test]
    fn the_sentence_that_most_voices_said_is_shown() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        says(&mut world, step, "This is the worst day of my life.", -1.0, 0.0);
        says(&mut world, step, "We tried twice. My crew doesn’t do email!", -0.6, 3.0);
        let newest = says(&mut world, step, "Look: my crew doesn't do email. Sorry.", -0.4, 2.0);
        says(&mut world, step, "We love the map. We love the map!", 0.9, 0.0);
        let quote = |world: &World| curve(world).remove(0).quote.unwrap();
        // “Look:” makes the second one another sentence, so feeling decides.
        assert_eq!(quote(&world).sentence, "This is the worst day of my life.");
        says(&mut world, step, "My crew doesn't do email?", -0.1, 9.0);
        let found = quote(&world);
        assert_eq!((found.sentence.as_str(), found.voices), ("My crew doesn’t do email!", 2));
        assert_ne!(found.evidence, newest);
    }

    #[test]
    fn one_account_that_repeats_itself_is_one_voice() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        for age_days in [0.0, 1.0, 2.0] {
            let id = says(&mut world, step, "Nothing works at all.", -0.9, age_days);
            world.board.evidence.get_mut(&id).unwrap().account = "loud".into();
        }
        for age_days in [5.0, 6.0] {
            says(&mut world, step, "The link is dead again.", -0.2, age_days);
        }
        let quote = curve(&world).remove(0).quote.unwrap();
        assert_eq!((quote.sentence.as_str(), quote.voices), ("The link is dead again.", 2));
    }

    #[test]
    fn a_sentence_that_does_not_fit_ends_between_words() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let long =
            "I have got eleven people on three sites and not one of them has ever had a work email address";
        says(&mut world, step, long, -0.9, 0.0);
        let sentence = curve(&world).remove(0).quote.unwrap().sentence;
        assert_eq!(sentence, "I have got eleven people on three sites and not one of…");
        says(&mut world, step, "Nobody here has email.", -0.1, 0.0);
        assert_eq!(curve(&world).remove(0).quote.unwrap().sentence, "Nobody here has email.");
    }

    #[test]
    fn texts_fall_into_sentences() {
        let of = |text| sentences(text).collect::<Vec<_>>();
        assert_eq!(of("One. Two! Three?"), ["One.", "Two!", "Three?"]);
        assert_eq!(of("Version 4.2 of app.js broke... Again"), ["Version 4.2 of app.js broke...", "Again"]);
        assert_eq!(of("First line\nsecond line."), ["First line", "second line."]);
        assert_eq!(of("招待リンクが開かない。困った。"), ["招待リンクが開かない。", "困った。"]);
        assert_eq!(of(" \n "), Vec::<&str>::new());
    }

    proptest! {
        /// The curve stays between the feelings it is made of, and any text can be quoted.
        #[test]
        fn the_curve_stays_within_what_was_said(
            said in proptest::collection::vec((-1.0..=1.0_f64, 0.0..9_000.0_f64, ".{1,90}"), 1..9)
        ) {
            let mut world = World::new();
            let step = world.step("Invite crew");
            for (feeling, age_days, words) in &said {
                says(&mut world, step, words, *feeling, *age_days);
            }
            let found = curve(&world).remove(0);
            let (low, high) = said.iter().fold((1.0_f64, -1.0_f64), |(low, high), it| (low.min(it.0), high.max(it.0)));
            let value = found.value.unwrap();
            prop_assert!(low - 1e-9 <= value && value <= high + 1e-9);
            if let Some(quote) = found.quote {
                prop_assert!(quote.sentence.chars().count() <= SENTENCE_CHARS_MAX);
                let words = quote.sentence.trim_end_matches('…').trim_end();
                prop_assert!(said.iter().any(|it| it.2.contains(words)));
            }
        }
    }
}
