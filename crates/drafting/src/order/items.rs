//! What hangs on a step: where it happens, and what the material says of it. Nothing is concluded.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::draft::{Citation, DraftItem, DraftItemKind, Locator, SourceOrigin};
use custory_domain::{Channel, InsightSort};

use super::cluster::Cluster;
use super::stage::StageKind;
use super::{Material, Proven};
use crate::doc::{Doc, Shape};
use crate::find::{FactKind, Sign};
use crate::genre::Genre;
use crate::key::key;
use crate::words::content_words;

/// Touchpoints of one step: more is a list of pages, not a step.
const TOUCHPOINTS_MAX: usize = 4;
/// Longest title of a touchpoint, in characters.
const TITLE_CHARS_MAX: usize = 80;

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

/// Touchpoints of a step, different channels first.
pub(super) fn touchpoints(material: &Material<'_>, proven: &[Proven], cluster: &Cluster) -> Vec<DraftItem> {
    let mut found: Vec<(Channel, DraftItem)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |channel: Channel, url: String, title: String, cite: Citation| {
        let title: String = title.chars().take(TITLE_CHARS_MAX).collect();
        if !title.trim().is_empty() && seen.insert(title.to_lowercase()) {
            let item = DraftItem {
                key: key("touchpoint", &[&cluster.title, &title]),
                what: DraftItemKind::Touchpoint { channel, url },
                title,
                cites: vec![cite],
            };
            found.push((channel, item));
        }
    };
    for trace in &cluster.traces {
        let fact = &proven[trace.fact];
        let doc = &material.docs[trace.doc];
        match trace.sign {
            Sign::Route => {
                let Some(path) = &fact.fact.name else { continue };
                add(
                    Channel::App,
                    String::new(),
                    format!("Screen {path}"),
                    cite(material, fact.doc, &fact.span),
                );
            }
            Sign::Event | Sign::Test | Sign::Click | Sign::Label | Sign::Cell => {}
            Sign::Subject => add(
                Channel::Email,
                String::new(),
                format!("E-mail “{}”", fact.fact.words),
                cite(material, fact.doc, &fact.span),
            ),
            Sign::Command => {
                let command = proven.iter().find(|it| {
                    it.doc == fact.doc && it.span == fact.span && matches!(it.fact.kind, FactKind::Surface(_))
                });
                if let Some(command) = command {
                    add(
                        Channel::Other,
                        String::new(),
                        command.fact.words.clone(),
                        cite(material, fact.doc, &fact.span),
                    );
                }
            }
            _ => {
                if let Some((channel, url, title, span)) = page(doc) {
                    add(channel, url, title, cite(material, trace.doc, &span));
                }
            }
        }
    }
    one_of_each_first(found)
}

/// A page or document as a touchpoint: its channel, address, title, and the words that name it.
fn page(doc: &Doc) -> Option<(Channel, String, String, std::ops::Range<usize>)> {
    let named = doc.blocks.iter().find(|it| matches!(it.shape, Shape::Heading(_))).or(doc.blocks.first())?;
    let is_site =
        matches!(doc.genre, Genre::Home | Genre::Pricing | Genre::Signup | Genre::About | Genre::Blog);
    let channel = if is_site { Channel::Site } else { Channel::Docs };
    let url = if doc.origin == SourceOrigin::Website { doc.locator.clone() } else { String::new() };
    let title = match doc.genre {
        Genre::Home => "Home page".to_owned(),
        Genre::Readme => "README".to_owned(),
        Genre::Pricing => "Pricing page".to_owned(),
        Genre::Data | Genre::Contributing | Genre::Legal => return None,
        _ if doc.origin == SourceOrigin::Pasted || doc.title.is_empty() => return None,
        _ => doc.title.clone(),
    };
    let end = named.span.start
        + doc.text[named.span.clone()].char_indices().nth(200).map_or(named.span.len(), |it| it.0);
    Some((channel, url, title, named.span.start..end))
}

fn one_of_each_first(found: Vec<(Channel, DraftItem)>) -> Vec<DraftItem> {
    let mut rounds: BTreeMap<Channel, usize> = BTreeMap::new();
    let mut ordered: Vec<(usize, usize, DraftItem)> = Vec::new();
    for (at, (channel, item)) in found.into_iter().enumerate() {
        let round = rounds.entry(channel).or_default();
        ordered.push((*round, at, item));
        *round += 1;
    }
    ordered.sort_by_key(|it| (it.0, it.1));
    ordered.into_iter().map(|it| it.2).take(TOUCHPOINTS_MAX).collect()
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
        let words = match fact.fact.kind {
            FactKind::Surface(Channel::Email)
                if fact.fact.name.as_deref().is_none_or(|it| !it.starts_with("mailto:")) =>
            {
                format!("E-mail “{}”", fact.fact.words)
            }
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
        FactKind::Surface(Channel::Store) => by_stage(StageKind::Start, "download"),
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
                by_stage(StageKind::Start, "trial").or_else(|| by_stage(StageKind::Compare, "plans"))
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

fn nearest_heading<'a>(doc: &'a Doc, fact: &Proven) -> &'a str {
    let at = doc.blocks.iter().rposition(|it| it.span.start <= fact.span.start);
    at.and_then(|it| doc.headings_above(it).next()).map_or("", |it| doc.words(it))
}
