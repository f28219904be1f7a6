//! Promises of effective evidence.

use super::*;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_763_640_000_000);

fn item(id: u128, account: &str, class: WeightClass, age_days: f64) -> Evidence {
    let captured_at = Some(Timestamp(NOW.0 - (age_days * Timestamp::DAY_MILLIS as f64) as i64));
    let mut it = Evidence::new(EvidenceId::from_parts(0, id));
    (it.account, it.weight, it.captured_at, it.is_verified) = (account.into(), class, captured_at, true);
    it
}

fn supporting(items: &[Evidence]) -> EffectiveEvidence {
    effective(items.iter().map(|it| (it, Stance::Supports)), NOW)
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn each_kind_of_source_counts_its_weight() {
    for (class, expected) in [
        (WeightClass::Behavioural, 1.0),
        (WeightClass::Interview, 0.8),
        (WeightClass::Support, 0.5),
        (WeightClass::Sales, 0.4),
        (WeightClass::PublicChat, 0.3),
        (WeightClass::Internal, 0.1),
        (WeightClass::AiInference, 0.0),
    ] {
        assert_close(supporting(&[item(1, "a", class, 0.0)]).sum.total, expected);
    }
}

#[test]
fn an_item_halves_every_ninety_days() {
    // 0.5^(1/3), 0.5^(2/3), 1/2, 1/4, worked out apart; tomorrow's counts as today's.
    for (age_days, left) in
        [(-1.0, 1.0), (30.0, 0.793_700_526), (60.0, 0.629_960_525), (90.0, 0.5), (180.0, 0.25)]
    {
        assert_close(supporting(&[item(1, "a", WeightClass::Behavioural, age_days)]).sum.total, left);
    }
}

/// 1 + .8·0.5^(10/90) + .5·0.5^(100/90) − .3·0.5^(20/90) = 1.7149952…
#[test]
fn a_mixed_claim_adds_up_and_shows_how() {
    let quiet = Evidence { is_verified: false, ..item(5, "e", WeightClass::Interview, 1.0) };
    let items = [
        (item(1, "a", WeightClass::Behavioural, 0.0), Stance::Supports),
        (item(2, "b", WeightClass::Interview, 10.0), Stance::Supports),
        (item(3, "c", WeightClass::Support, 100.0), Stance::Supports),
        (item(4, "d", WeightClass::PublicChat, 20.0), Stance::Contradicts),
        (quiet, Stance::Supports),
        (item(6, "f", WeightClass::AiInference, 1.0), Stance::Supports),
        (item(7, "b", WeightClass::Support, 12.0), Stance::Supports),
    ];
    let found = effective(items.iter().map(|(it, stance)| (it, *stance)), NOW);
    assert_close(found.sum.supporting, 1.972_168_447_9);
    assert_close(found.sum.contradicting, 0.257_173_194_9);
    assert_close(found.sum.total, 1.714_995_253_0);
    assert_eq!((found.sum.counted, found.sum.left_out), (4, 3));
    let why: Vec<_> = found.inputs.iter().map(|it| (it.evidence.ulid().random(), it.left_out)).collect();
    let counted = EvidenceId::from_parts(0, 2);
    assert_eq!(
        why,
        [
            (1, None),
            (5, Some(LeftOut::NotVerified)),
            (6, Some(LeftOut::Inferred)),
            (2, None),
            (7, Some(LeftOut::SameVoice { counted })),
            (4, None),
            (3, None),
        ]
    );
}

#[test]
fn one_account_counts_once_in_thirty_days() {
    let ages = |ages: &[f64]| {
        let items: Vec<_> =
            (1..).zip(ages).map(|(id, age)| item(id, "a", WeightClass::Behavioural, *age)).collect();
        supporting(&items).sum
    };
    assert_eq!(ages(&[0.0, 0.0, 29.9]).counted, 1);
    assert_eq!(ages(&[0.0, 30.0]).counted, 2);
    // The first and the last are far enough apart; the middle one is too close to either.
    let sum = ages(&[0.0, 20.0, 40.0]);
    assert_eq!(sum.counted, 2);
    assert_close(sum.total, 1.0 + 0.734_867_246_1);
}

#[test]
fn without_an_account_the_author_or_the_place_is_the_voice() {
    let of = |fields: &[(&str, &str)]| {
        let items: Vec<_> = (1..)
            .zip(fields)
            .map(|(id, (author, locator))| Evidence {
                author: (*author).into(),
                locator: (*locator).into(),
                ..item(id, "", WeightClass::Internal, 0.0)
            })
            .collect();
        supporting(&items).sum.counted
    };
    assert_eq!(of(&[("", "docs/start.md"), ("", "docs/start.md"), ("", "docs/billing.md")]), 2);
    assert_eq!(of(&[("Dana", "chat/1"), ("Dana", "chat/2"), ("Kim", "chat/1")]), 2);
    assert_eq!(of(&[("", ""), ("", "")]), 2);
}

#[test]
fn contradiction_never_goes_below_nothing() {
    let against = item(1, "a", WeightClass::Behavioural, 0.0);
    let found = effective([(&against, Stance::Contradicts)], NOW);
    assert_eq!((found.sum.total, found.sum.contradicting), (0.0, 1.0));
    assert!(found.sum.supporting.is_sign_positive(), "nothing is 0, not −0");
}

fn items() -> impl Strategy<Value = Vec<Evidence>> {
    let class = prop::sample::select(vec![
        WeightClass::Behavioural,
        WeightClass::Interview,
        WeightClass::Support,
        WeightClass::Internal,
    ]);
    let one = (0u8..3, class, 0.0..400.0_f64);
    proptest::collection::vec(one, 1..14).prop_map(|all| {
        (1..)
            .zip(all)
            .map(|(id, (account, class, age))| item(id, &format!("account {account}"), class, age))
            .collect()
    })
}

proptest! {
    /// One more quote for a claim never weakens it, whoever says it and whenever.
    #[test]
    fn more_support_never_weakens(items in items()) {
        let fewer = supporting(&items[1..]).sum.total;
        prop_assert!(supporting(&items).sum.total >= fewer - 1e-12);
    }

    /// The order in which items come does not matter, and no voice counts twice within the span.
    #[test]
    fn no_voice_counts_twice_within_the_span(items in items()) {
        let found = supporting(&items);
        let mut turned = items.clone();
        turned.reverse();
        prop_assert_eq!(&found, &supporting(&turned));
        let counts = |it: &&Evidence| {
            found.inputs.iter().any(|input| input.evidence == it.id && input.left_out.is_none())
        };
        let counted: Vec<_> = items.iter().filter(counts).collect();
        for a in &counted {
            for b in counted.iter().filter(|b| b.id > a.id && b.account == a.account) {
                prop_assert!(said_at(a).days_since(said_at(b)).abs() >= VOICE_SPAN_DAYS);
            }
        }
    }

    /// No other choice of items with the span between them comes to more.
    #[test]
    fn the_heaviest_choice_counts(ages in proptest::collection::vec((0.0..200.0_f64, 0u8..2), 1..9)) {
        let items: Vec<_> = (1..).zip(&ages).map(|(id, (age, class))| {
            item(id, "a", if *class == 0 { WeightClass::Interview } else { WeightClass::PublicChat }, *age)
        }).collect();
        let mut best = 0.0_f64;
        for chosen in 0..1_u32 << items.len() {
            let chosen: Vec<_> = (0..items.len()).filter(|it| chosen >> it & 1 == 1).map(|it| &items[it]).collect();
            let is_apart = chosen.iter().all(|a| chosen.iter().all(|b| {
                a.id == b.id || said_at(a).days_since(said_at(b)).abs() >= VOICE_SPAN_DAYS
            }));
            if is_apart {
                let amount = |it: &&Evidence| weight(it.weight) * decay(NOW.days_since(said_at(it)), HALF_LIFE_DAYS);
                best = best.max(chosen.iter().map(amount).sum());
            }
        }
        prop_assert!((supporting(&items).sum.total - best).abs() < 1e-9);
    }
}
