//! Which steps a stage keeps, and in which order: no page fills it, none that matters gives way to
//! one that does not, and what leads somewhere comes before it.

use std::collections::BTreeMap;

use custory_domain::draft::Draft;

use super::anchor::Anchor;
use super::cluster::Cluster;
use super::stage::{self, StageKind};
use super::trace::Trace;
use crate::find::Sign;
use crate::words::Phrase;

/// A step that no anchor knows needs this much support.
const SCORE_MIN: f32 = 0.65;
/// A step that an anchor knows needs less.
const ANCHORED_SCORE_MIN: f32 = 0.5;
/// A known step that no journey turns on needs more.
const MINOR_SCORE_MIN: f32 = 1.3;

/// Sorts steps into stages: at most the bound in each, none that hides the others of its stage.
pub(super) fn by_stage(clusters: Vec<Cluster>) -> Vec<(StageKind, Vec<Cluster>)> {
    let mut stages: BTreeMap<StageKind, Vec<Cluster>> = BTreeMap::new();
    for cluster in clusters {
        let score_min = match cluster.anchor {
            Some(anchor) if importance(anchor) < 1.0 => MINOR_SCORE_MIN,
            Some(_) => ANCHORED_SCORE_MIN,
            None => SCORE_MIN,
        };
        if cluster.score >= score_min {
            stages.entry(cluster.stage).or_default().push(cluster);
        }
    }
    for (first, second) in stage::NEIGHBOURS {
        if stages.len() > Draft::STAGES_MAX && stages.contains_key(&first) {
            let taken = stages.remove(&second).unwrap_or_default();
            stages.entry(first).or_default().extend(taken);
        }
    }
    stages.into_iter().map(|(kind, clusters)| (kind, in_order(kind, choose(clusters)))).collect()
}

/// The best steps of a stage. Each further one from the same source counts less, so that one long
/// page does not fill a stage.
fn choose(mut clusters: Vec<Cluster>) -> Vec<Cluster> {
    const OF_SAME_SOURCE: f32 = 0.7;
    const OF_SAME_VERB: f32 = 0.88;
    let mut chosen: Vec<Cluster> = Vec::new();
    while chosen.len() < Draft::STEPS_PER_STAGE_MAX {
        let worth = |it: &Cluster| {
            let source = it.traces.first().map(|it| it.doc);
            let verb = |it: &Cluster| it.traces.iter().find_map(|it| it.phrase.as_ref()).map(|it| it.verb);
            let same = chosen
                .iter()
                .filter(|chosen| chosen.traces.first().map(|it| it.doc) == source && it.anchor.is_none())
                .count();
            let same_verb =
                chosen.iter().filter(|chosen| verb(chosen) == verb(it) && it.anchor.is_none()).count();
            it.score
                * it.anchor.map_or(1.0, importance)
                * OF_SAME_SOURCE.powi(i32::try_from(same).unwrap_or(i32::MAX))
                * OF_SAME_VERB.powi(i32::try_from(same_verb).unwrap_or(i32::MAX))
        };
        let Some(best) = (0..clusters.len())
            .max_by(|a, b| worth(&clusters[*a]).total_cmp(&worth(&clusters[*b])).then_with(|| b.cmp(a)))
        else {
            break;
        };
        chosen.push(clusters.remove(best));
    }
    chosen
}

/// How much a known step matters when there is no room for all of its stage.
fn importance(anchor: &Anchor) -> f32 {
    match anchor.key {
        "sign_up" | "trial" | "plans" | "invite" | "upgrade" | "buy" | "cancel" | "verify" => 1.4,
        "log_in" | "password" | "invoices" | "payment" | "roles" | "secure" | "downgrade" | "uninstall"
        | "stories" | "review" | "report" => 0.7,
        _ => 1.0,
    }
}

/// The customer's order: known places first, then the order of reading; a list of steps that names
/// two of them has the last word.
fn in_order(kind: StageKind, mut clusters: Vec<Cluster>) -> Vec<Cluster> {
    let rank = |it: &Cluster| it.anchor.map_or(stage::rank_without_anchor(kind), |it| it.rank);
    let turn = |it: &Cluster| it.traces.iter().find_map(|it| it.phrase.as_ref()).map_or(0, stage::turn);
    clusters.sort_by_key(|it| (it.stage, rank(it), turn(it), it.order()));
    for _ in 0..clusters.len() {
        for at in 1..clusters.len() {
            let (earlier, later) = (&clusters[at - 1], &clusters[at]);
            if earlier.stage == later.stage
                && (is_listed_before(later, earlier) || leads_to(later, earlier) && !leads_to(earlier, later))
            {
                clusters.swap(at - 1, at);
            }
        }
    }
    clusters
}

/// Whether a page that tells how the second is done for the first time has the first as a step.
fn leads_to(first: &Cluster, second: &Cluster) -> bool {
    let is_of_first_time = |it: &&Trace| {
        let says = |it: &Phrase| stage::says_first_time(&it.title);
        it.sign == Sign::Heading(1) && it.phrase.as_ref().is_some_and(says)
    };
    let is_step_on = |doc: usize| {
        first.traces.iter().any(|it| it.doc == doc && matches!(it.sign, Sign::Heading(2..) | Sign::Step(_)))
    };
    second.traces.iter().filter(is_of_first_time).any(|it| is_step_on(it.doc))
}

/// Whether one list of steps has the first before the second.
fn is_listed_before(first: &Cluster, second: &Cluster) -> bool {
    let steps = |it: &Cluster| {
        it.traces
            .iter()
            .filter(|it| matches!(it.sign, Sign::Step(_) | Sign::Cell))
            .map(|it| (it.doc, it.order.1))
            .collect::<Vec<_>>()
    };
    let (first, second) = (steps(first), steps(second));
    first.iter().any(|a| second.iter().any(|b| a.0 == b.0 && a.1 < b.1))
        && !second.iter().any(|a| first.iter().any(|b| a.0 == b.0 && a.1 < b.1))
}
