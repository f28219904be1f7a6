//! Effective evidence: how much has really been said for a claim, counted so that neither one loud
//! account nor last year's complaint decides.
//!
//! n = Σ qᵢ · 0.5^(ageᵢ / 90 days), over verified items that support the claim, minus the same sum
//! over those that contradict it, and never below 0. qᵢ is the weight of the item's kind of source
//! ([`weight`]); of one account's items on one side, no two within 30 days count both. Unit: items
//! of behavioural evidence from today. The formula and its weights are this product's own; the decay
//! is the usual half-life.
//!
//! Nothing here judges whether a quote was read rightly: that is for the person who links it.

use serde::{Deserialize, Serialize};

use crate::entity::{Evidence, EvidenceSort, Stance, WeightClass};
use crate::id::EvidenceId;
use crate::time::Timestamp;

/// After so many days an item counts half: a quarter, the span in which a product changes.
pub const HALF_LIFE_DAYS: f64 = 90.0;

/// Of items of one account closer together than this, one counts: a month of one customer's tickets
/// is one voice.
pub const VOICE_SPAN_DAYS: f64 = 30.0;

/// How much a kind of source counts, 0 to 1.
pub const fn weight(class: WeightClass) -> f64 {
    match class {
        WeightClass::Behavioural => 1.0,
        WeightClass::Interview => 0.8,
        WeightClass::Support => 0.5,
        WeightClass::Sales => 0.4,
        WeightClass::PublicChat => 0.3,
        WeightClass::Internal => 0.1,
        WeightClass::AiInference => 0.0,
    }
}

/// Share that is left of something after `age_days`, if it halves every `half_life_days`. What lies
/// in the future is as good as new.
pub fn decay(age_days: f64, half_life_days: f64) -> f64 {
    0.5_f64.powf(age_days.max(0.0) / half_life_days)
}

/// How much has been said for a claim, with everything that went into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectiveEvidence {
    /// The sums.
    pub sum: EvidenceSum,
    /// Every item, newest first: what counted with how much, what did not and why.
    pub inputs: Vec<EvidenceInput>,
}

/// The sums alone, for lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvidenceSum {
    /// Effective evidence n: supporting minus contradicting, at least 0.
    pub total: f64,
    /// What speaks for the claim.
    pub supporting: f64,
    /// What speaks against it.
    pub contradicting: f64,
    /// Items that counted, for or against.
    pub counted: usize,
    /// Items that did not.
    pub left_out: usize,
}

/// One item and what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceInput {
    /// Which item.
    pub evidence: EvidenceId,
    /// For or against.
    pub stance: Stance,
    /// Kind of source.
    pub class: WeightClass,
    /// What it is.
    pub sort: EvidenceSort,
    /// Weight of its kind of source.
    pub weight: f64,
    /// When it was said; when it was written down, where that is all that is known.
    pub said_at: Timestamp,
    /// Age in days, at least 0.
    pub age_days: f64,
    /// What it adds to its side's sum; 0 if left out.
    pub amount: f64,
    /// Why it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
}

impl EvidenceInput {
    /// Whether it counts for the claim.
    pub fn supports(&self) -> bool {
        self.left_out.is_none() && self.stance == Stance::Supports
    }
}

/// Why an item does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum LeftOut {
    /// Nobody found the words in the source yet.
    NotVerified,
    /// A model inferred it; that is no evidence.
    Inferred,
    /// The same account counts already, by an item less than 30 days away.
    SameVoice {
        /// The item that counts.
        counted: EvidenceId,
    },
}

/// Who speaks, as well as it is known: the account; else the author; else the place where the words
/// stand, so that ten quotes of one page are one voice; else each item for itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice<'a> {
    Account(&'a str),
    Author(&'a str, &'a str),
    Place(&'a str),
    Unknown(EvidenceId),
}

impl<'a> Voice<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        if !evidence.account.is_empty() {
            Self::Account(&evidence.account)
        } else if !evidence.author.is_empty() {
            Self::Author(&evidence.source, &evidence.author)
        } else if !evidence.locator.is_empty() {
            Self::Place(&evidence.locator)
        } else {
            Self::Unknown(evidence.id)
        }
    }
}

/// When the words were said; when they were written down, where that is all that is known.
pub fn said_at(evidence: &Evidence) -> Timestamp {
    evidence.captured_at.unwrap_or(evidence.created.at)
}

/// Effective evidence of what is said for and against one claim. Each item is expected once.
///
/// Of one voice's items on one side, those count that together come to most while no two are closer
/// than 30 days; so one more item never makes its side weaker. Work: sorting the items.
pub fn effective<'a>(
    items: impl IntoIterator<Item = (&'a Evidence, Stance)>,
    now: Timestamp,
) -> EffectiveEvidence {
    let mut all: Vec<(Voice<'_>, EvidenceInput)> =
        items.into_iter().map(|(it, stance)| (Voice::of(it), input(it, stance, now))).collect();
    all.sort_by_key(|(voice, it)| (*voice, it.stance, it.left_out.is_some(), it.said_at, it.evidence));
    let is_same_side = |(a, a_input): &(Voice<'_>, EvidenceInput),
                        (b, b_input): &(Voice<'_>, EvidenceInput)| {
        let is_in = |it: &EvidenceInput| it.left_out.is_none();
        a == b && a_input.stance == b_input.stance && is_in(a_input) == is_in(b_input)
    };
    for group in all.chunk_by_mut(is_same_side) {
        if group[0].1.left_out.is_none() {
            keep_one_a_span(group);
        }
    }
    let mut inputs: Vec<_> = all.into_iter().map(|(_, it)| it).collect();
    inputs.sort_by_key(|it| (std::cmp::Reverse(it.said_at), it.evidence));
    EffectiveEvidence { sum: sum(&inputs), inputs }
}

fn input(evidence: &Evidence, stance: Stance, now: Timestamp) -> EvidenceInput {
    let said_at = said_at(evidence);
    let age_days = now.days_since(said_at).max(0.0);
    let weight = weight(evidence.weight);
    let left_out = match (evidence.is_verified, evidence.weight) {
        (_, WeightClass::AiInference) => Some(LeftOut::Inferred),
        (false, _) => Some(LeftOut::NotVerified),
        (true, _) => None,
    };
    let amount = if left_out.is_none() { weight * decay(age_days, HALF_LIFE_DAYS) } else { 0.0 };
    EvidenceInput {
        evidence: evidence.id,
        stance,
        class: evidence.weight,
        sort: evidence.sort,
        weight,
        said_at,
        age_days,
        amount,
        left_out,
    }
}

/// Leaves out, of one voice's items in order of time, what stands too close to a better one: the
/// heaviest selection with gaps of at least the span, built up item by item.
fn keep_one_a_span(group: &mut [(Voice<'_>, EvidenceInput)]) {
    let is_apart = |earlier: &EvidenceInput, later: &EvidenceInput| {
        later.said_at.days_since(earlier.said_at) >= VOICE_SPAN_DAYS
    };
    // best[i]: most that the first i items can come to. free[i]: how many stand far enough before i.
    let mut best = vec![0.0; group.len() + 1];
    let mut free = vec![0; group.len()];
    for at in 0..group.len() {
        let mut before = if at == 0 { 0 } else { free[at - 1] };
        while before < at && is_apart(&group[before].1, &group[at].1) {
            before += 1;
        }
        free[at] = before;
        best[at + 1] = f64::max(best[at], group[at].1.amount + best[before]);
    }
    let mut kept = Vec::new();
    let mut end = group.len();
    while end > 0 {
        let at = end - 1;
        if group[at].1.amount + best[free[at]] >= best[at] {
            kept.push(at);
            end = free[at];
        } else {
            end = at;
        }
    }
    kept.reverse();
    for at in 0..group.len() {
        let next = kept.partition_point(|it| *it < at);
        if kept.get(next) == Some(&at) {
            continue;
        }
        let near = [next.checked_sub(1).and_then(|it| kept.get(it)), kept.get(next)];
        let distance = |it: &usize| (group[*it].1.said_at.0 - group[at].1.said_at.0).abs();
        if let Some(counted) = near.into_iter().flatten().min_by_key(|it| distance(it)) {
            let left_out = LeftOut::SameVoice { counted: group[*counted].1.evidence };
            group[at].1.amount = 0.0;
            group[at].1.left_out = Some(left_out);
        }
    }
}

fn sum(inputs: &[EvidenceInput]) -> EvidenceSum {
    let of = |stance| inputs.iter().filter(|it| it.stance == stance).map(|it| it.amount).sum::<f64>();
    let (supporting, contradicting) = (of(Stance::Supports), of(Stance::Contradicts));
    let left_out = inputs.iter().filter(|it| it.left_out.is_some()).count();
    EvidenceSum {
        total: (supporting - contradicting).max(0.0),
        supporting,
        contradicting,
        counted: inputs.len() - left_out,
        left_out,
    }
}

#[cfg(test)]
mod tests {
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
        // 0.5^(1/3), 0.5^(1/2), 1/2, 1/4, worked out apart; tomorrow's counts as today's.
        for (age_days, left) in
            [(-1.0, 1.0), (30.0, 0.793_700_526), (45.0, 0.707_106_781), (90.0, 0.5), (180.0, 0.25)]
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
}
