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
    // Folded from 0, since the sum of no floats is −0 and would be written as such.
    let of = |stance| inputs.iter().filter(|it| it.stance == stance).fold(0.0, |sum, it| sum + it.amount);
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
mod tests;
