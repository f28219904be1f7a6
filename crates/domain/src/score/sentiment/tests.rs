//! Promises of the emotion curve.

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
    // Said more often than anything else, and no reason for the curve to be low.
    for _ in 0..3 {
        says(&mut world, step, "We love the map!", 0.1, 0.0);
    }
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
