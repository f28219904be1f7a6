//! What the material says of a step: questions, problems, needs, what makes it easy. Nothing is
//! concluded.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::draft::{Citation, DraftItem, DraftItemKind, Locator};
use custory_domain::{Channel, InsightSort};

use super::cluster::Cluster;
use super::stage::StageKind;
use super::{Material, Proven};
use crate::doc::Doc;
use crate::find::FactKind;
use crate::genre::Genre;
use crate::key::key;
use crate::words::content_words;

/// Most statements of each kind on one step.
fn statements_max(kind: &FactKind) -> usize {
    match kind {
        FactKind::Problem { is_fixed: true } => 1,
        FactKind::Problem { is_fixed: false } | FactKind::Question => 3,
        FactKind::Gain => 2,
        _ => 1,
    }
}

/// The words of a source at a span, with the place.
pub(super) fn cite(material: &Material<'_>, doc: usize, span: &std::ops::Range<usize>) -> Citation {
    let source = &material.docs[doc];
    let locator = match source.place(span) {
        Locator::Anchor(anchor) if anchor.is_empty() => Locator::Whole,
        other => other,
    };
    Citation { source: doc, quote: source.text[span.clone()].to_owned(), start: span.start, locator }
}

/// Hangs statements and outside touchpoints on the steps that they speak of; gives the items by
/// place in `steps`, and how many found none.
pub(super) fn statements(
    material: &Material<'_>,
    proven: &[Proven],
    steps: &[&Cluster],
) -> (Vec<Vec<DraftItem>>, usize) {
    let mut items: Vec<Vec<DraftItem>> = vec![Vec::new(); steps.len()];
    let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut homeless = 0;
    let rarity = rarity(steps);
    for fact in proven {
        let what = match &fact.fact.kind {
            FactKind::Problem { .. } => DraftItemKind::Insight { sort: InsightSort::Pain },
            FactKind::Question => DraftItemKind::Insight { sort: InsightSort::Question },
            FactKind::Gain => DraftItemKind::Insight { sort: InsightSort::Gain },
            FactKind::Need => DraftItemKind::Insight { sort: InsightSort::Need },
            FactKind::Surface(channel) if *channel != Channel::Other => DraftItemKind::Touchpoint {
                channel: *channel,
                url: fact.fact.name.clone().filter(|it| it.contains(':')).unwrap_or_default(),
            },
            _ => continue,
        };
        let Some(at) = home(material, fact, steps, &rarity) else {
            homeless += usize::from(matches!(
                fact.fact.kind,
                FactKind::Problem { is_fixed: false } | FactKind::Question
            ));
            continue;
        };
        let kind = format!("{:?}", fact.fact.kind);
        let count = counts.entry((at, kind.clone())).or_default();
        let words = match (&fact.fact.kind, fact.fact.name.as_deref()) {
            (FactKind::Surface(Channel::Email), Some(name)) if name.starts_with("mailto:") => {
                name.trim_start_matches("mailto:").split('?').next().unwrap_or_default().to_owned()
            }
            (FactKind::Surface(Channel::Email), _) => format!("E-mail “{}”", fact.fact.words),
            (FactKind::Surface(Channel::Community), Some(href)) => community(href).to_owned(),
            _ => fact.fact.words.clone(),
        };
        if *count >= statements_max(&fact.fact.kind) || !seen.insert((words.to_lowercase(), what_of(&what))) {
            continue;
        }
        *count += 1;
        let cites = vec![cite(material, fact.doc, &fact.span)];
        items[at].push(DraftItem {
            key: key("item", &[&kind, &steps[at].title, &words]),
            what,
            title: words,
            cites,
            is_from_model: fact.fact.is_from_model,
        });
    }
    (items, homeless)
}

fn what_of(what: &DraftItemKind) -> u8 {
    match what {
        DraftItemKind::Touchpoint { .. } => 0,
        DraftItemKind::Insight { .. } => 1,
    }
}

/// How much each word tells steps apart.
fn rarity(steps: &[&Cluster]) -> BTreeMap<String, f32> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in steps.iter().flat_map(|it| &it.words) {
        *counts.entry(word.clone()).or_default() += 1;
    }
    let all = steps.len().max(1) as f32;
    counts.into_iter().map(|(word, count)| (word, (1.0 + all / count as f32).ln())).collect()
}

/// The step that a statement speaks of.
fn home(
    material: &Material<'_>,
    fact: &Proven,
    steps: &[&Cluster],
    rarity: &BTreeMap<String, f32>,
) -> Option<usize> {
    let doc = &material.docs[fact.doc];
    let mut own = content_words(&fact.fact.words);
    if let FactKind::Surface(Channel::Email) = fact.fact.kind {
        own.extend(fact.fact.name.iter().filter(|it| !it.contains(':')).flat_map(|it| content_words(it)));
    }
    let near = nearest_heading(doc, fact);
    let around = content_words(&format!("{} {near}", doc.title));
    let likeness = |cluster: &&Cluster| {
        let of = |words: &[String]| {
            words
                .iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter(|it| cluster.words.contains(*it))
                .map(|it| rarity.get(it).copied().unwrap_or_default())
                .sum::<f32>()
        };
        let same_source = cluster.traces.iter().any(|it| it.doc == fact.doc && it.weight > 0.5);
        let own = of(&own);
        if own == 0.0 { 0.0 } else { own + 0.4 * of(&around) + if same_source { 0.8 } else { 0.0 } }
    };
    let best = (0..steps.len())
        .map(|at| (at, likeness(&steps[at])))
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    let by_stage = |stage: StageKind, key: &str| {
        steps
            .iter()
            .position(|it| it.anchor.is_some_and(|it| it.key == key))
            .or_else(|| steps.iter().position(|it| it.stage == stage))
    };
    // About one rare word of the statement's own and one of its page's, or two of its own.
    const ENOUGH: f32 = 4.4;
    const ENOUGH_FOR_FIXED: f32 = 5.5;
    match fact.fact.kind {
        FactKind::Surface(Channel::Community) => steps
            .iter()
            .position(|it| it.anchor.is_some_and(|it| it.key == "community"))
            .or_else(|| by_stage(StageKind::Help, "contact")),
        FactKind::Surface(Channel::Store) if is_own(material, fact) => by_stage(StageKind::Start, "download"),
        FactKind::Surface(Channel::Store) => None,
        FactKind::Surface(Channel::Email)
            if fact.fact.name.as_deref().is_some_and(|it| it.starts_with("mailto:")) =>
        {
            by_stage(StageKind::Help, "contact")
        }
        FactKind::Surface(_) => (best.1 >= ENOUGH).then_some(best.0),
        FactKind::Problem { is_fixed: true } => (best.1 >= ENOUGH_FOR_FIXED).then_some(best.0),
        FactKind::Gain => {
            let lower = fact.fact.words.to_lowercase();
            let leaves = lower.contains("cancel") && !lower.contains("trial");
            if leaves {
                by_stage(StageKind::Pay, "buy").or_else(|| by_stage(StageKind::Compare, "plans"))
            } else {
                let of_key =
                    |key: &str| steps.iter().position(|it| it.anchor.is_some_and(|it| it.key == key));
                of_key("trial")
                    .or_else(|| of_key("sign_up"))
                    .or_else(|| by_stage(StageKind::Compare, "plans"))
                    .or_else(|| by_stage(StageKind::Start, "install"))
            }
        }
        _ if best.1 >= ENOUGH => Some(best.0),
        FactKind::Question if doc.genre == Genre::Pricing => by_stage(StageKind::Compare, "plans"),
        FactKind::Problem { is_fixed: false } if matches!(doc.genre, Genre::Help | Genre::Faq) => {
            by_stage(StageKind::Help, "troubleshoot")
        }
        _ => None,
    }
}

/// Whether a link leads to the product itself and not to somebody else's.
fn is_own(material: &Material<'_>, fact: &Proven) -> bool {
    let words = |it: &str| -> Vec<String> {
        it.to_lowercase()
            .split(|it: char| !it.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let product = words(material.product);
    let says = |it: &str| !product.is_empty() && words(it).windows(product.len()).any(|it| it == product);
    says(&fact.fact.words)
}

/// What people call the place where a community meets.
fn community(href: &str) -> &'static str {
    const PLACES: &[(&str, &str)] = &[
        ("discord", "Discord"),
        ("slack", "Slack community"),
        ("/discussions", "GitHub discussions"),
        ("reddit", "Reddit"),
        ("t.me/", "Telegram"),
        ("matrix.to", "Matrix"),
    ];
    let href = href.to_lowercase();
    PLACES.iter().find(|it| href.contains(it.0)).map_or("Community forum", |it| it.1)
}

fn nearest_heading<'a>(doc: &'a Doc, fact: &Proven) -> &'a str {
    let at = doc.blocks.iter().rposition(|it| it.span.start <= fact.span.start);
    at.and_then(|it| doc.headings_above(it).next()).map_or("", |it| doc.words(it))
}
