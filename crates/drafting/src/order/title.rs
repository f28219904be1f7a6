//! Which of the ways to say a step becomes its title.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::Anchor;
use super::stage::StageKind;
use super::trace::Trace;
use crate::find::Sign;

/// The best title that the material has; the anchor's own where it only has names of programs.
pub(super) fn best(traces: &[Trace], anchor: Option<&Anchor>, product: &str) -> String {
    const OF_STRAY: f32 = 1.6;
    const OF_STRAYS_MAX: f32 = 1.2;
    let usual = Usual::of(traces);
    let is_first_time = traces.iter().any(|it| it.stage == StageKind::FirstValue);
    let quality = |trace: &Trace| {
        let Some(phrase) = &trace.phrase else { return f32::MIN };
        let words = phrase.title.split(' ').count();
        let lower = phrase.title.to_lowercase();
        let has_determiner =
            [" a ", " an ", " your ", " the ", " with "].iter().any(|it| format!("{lower} ").contains(it));
        let of_sign = match trace.sign {
            Sign::Heading(1 | 2) | Sign::Cell => 0.6,
            Sign::Heading(_) | Sign::Step(_) => 0.4,
            Sign::Button | Sign::Command => 0.3,
            Sign::Told => 0.2,
            Sign::Test => 0.0,
            Sign::Link | Sign::Bullet | Sign::Subject => 0.1,
            Sign::Event => -1.0,
            Sign::Label | Sign::Click | Sign::Route => -1.2,
        };
        let strays: f32 = phrase.objects.iter().map(|it| (0.5 - usual.share(it)).max(0.0) * OF_STRAY).sum();
        let qualifies = [" new ", " custom ", " existing ", " specific ", " multiple ", " single ", " more "]
            .iter()
            .any(|it| lower.contains(it));
        let says_first = lower.split(' ').any(|it| it == "first");
        let is_vague = matches!(phrase.verb, "get_started" | "get" | "start" | "try" | "join")
            && phrase.objects.is_empty();
        let is_core =
            anchor.is_some_and(|it| it.title.to_lowercase().starts_with(&phrase.verb.replace('_', " ")));
        let says_how =
            ["using ", " via ", " in ", " on ", " from ", " by "].iter().any(|it| lower.contains(it));
        of_sign
            + trace.weight * 0.15
            + if is_core { 0.8 } else { 0.0 }
            + if phrase.is_imperative { 0.3 } else { 0.0 }
            + if has_determiner { 0.3 } else { 0.0 }
            - if says_how && anchor.is_some() { 0.7 } else { 0.0 }
            - if words > 6 { if anchor.is_some() { 1.0 } else { 0.4 } } else { 0.0 }
            - if words < 2 && phrase.verb.len() < 6 { 0.2 } else { 0.0 }
            + if says_first && is_first_time { 0.6 } else { 0.0 }
            - strays.min(OF_STRAYS_MAX)
            - if qualifies { 0.35 } else { 0.0 }
            - if is_vague { 1.2 } else { 0.0 }
            - if is_ours(&lower) { 4.0 } else { 0.0 }
    };
    const GOOD_ENOUGH: f32 = 0.1;
    let best = traces
        .iter()
        .filter(|it| it.phrase.is_some())
        .max_by(|a, b| quality(a).total_cmp(&quality(b)).then_with(|| b.order.cmp(&a.order)));
    let own =
        best.filter(|it| anchor.is_none() || quality(it) > GOOD_ENOUGH).and_then(|it| it.phrase.as_ref());
    match (own, anchor) {
        (Some(phrase), _) => phrase.title.clone(),
        (None, Some(anchor)) if anchor.title.contains('%') && product.is_empty() => {
            anchor.title.replace(" %", "")
        }
        (None, Some(anchor)) => anchor.title.replace('%', product),
        (None, None) => String::new(),
    }
}

/// Whether a title speaks as the company: "Contact us".
fn is_ours(lower: &str) -> bool {
    lower.split(' ').any(|it| matches!(it, "us" | "our" | "we"))
}

/// How usual each word is among the ways to say a step: "goal" in five of six, "revenue" in one.
struct Usual {
    weights: BTreeMap<String, f32>,
    all: f32,
}

impl Usual {
    fn of(traces: &[Trace]) -> Self {
        let mut usual = Self { weights: BTreeMap::new(), all: 0.0 };
        let mut seen = BTreeSet::new();
        for trace in traces {
            let Some(phrase) = &trace.phrase else { continue };
            // A page that says it often says it once.
            if seen.insert((trace.doc, &phrase.objects)) {
                usual.all += trace.weight;
                for word in &phrase.objects {
                    *usual.weights.entry(word.clone()).or_default() += trace.weight;
                }
            }
        }
        usual
    }

    fn share(&self, word: &str) -> f32 {
        self.weights.get(word).map_or(0.0, |it| it / self.all.max(f32::EPSILON))
    }
}
