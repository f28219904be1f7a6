//! One reading from request to draft: collect, read, find, prove, order, check.

use std::collections::BTreeMap;
use std::sync::Arc;

use custory_domain::draft::{Draft, DraftPhase, DraftRequest, DraftSource};

use crate::collect::{self, Gathered, Skipped};
use crate::doc::{Body, Doc, RawDoc, Shape};
use crate::error::DraftError;
use crate::find::{FactFinder, FactKind, Rules, passages};
use crate::limits::Limits;
use crate::order::{Material, Proven, assemble};
use crate::product;
use crate::read::{self, drop_repeated};
use crate::verify::prove;
use crate::watch::{Desk, Tell, Watch, finished, progress};
use crate::words::Casing;

/// A draft, and the texts that its citations point into.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The draft; every element's words stand in their source.
    pub draft: Draft,
    /// Texts by the hash that the draft's sources name.
    pub texts: BTreeMap<String, String>,
}

/// Reads material with the rules of this crate. Needs a tokio runtime with time and IO.
///
/// `progress` is told at every source and at least five times a second; when it answers with
/// `Break`, the reading ends with [`DraftError::Cancelled`].
pub async fn read(
    request: &DraftRequest,
    limits: &Limits,
    progress: &mut Tell<'_>,
) -> Result<Reading, DraftError> {
    read_with(request, limits, Arc::new(Rules), progress).await
}

/// Reads material with another finder of facts.
pub async fn read_with(
    request: &DraftRequest,
    limits: &Limits,
    finder: Arc<dyn FactFinder>,
    progress: &mut Tell<'_>,
) -> Result<Reading, DraftError> {
    if request.materials.is_empty() {
        return Err(DraftError::NoMaterial);
    }
    let limits = Arc::new(limits.clone());
    let mut watch = Watch::new(progress);
    let mut gathered = Vec::new();
    for material in &request.materials {
        gathered.push(collect::collect(material, &limits, &mut watch).await?);
    }
    let scope = request.scope.trim().to_owned();
    watch.apart(move |desk| draft(gathered, scope, &limits, finder.as_ref(), desk)).await
}

/// The part without network: it computes, and looks at the desk between its pieces.
fn draft(
    gathered: Vec<Gathered>,
    scope: String,
    limits: &Limits,
    finder: &dyn FactFinder,
    desk: &Desk,
) -> Result<Reading, DraftError> {
    let mut material = understand(gathered, limits, desk)?;
    if material.docs.is_empty() {
        let reasons: Vec<String> =
            material.skipped.iter().take(3).map(|it| format!("{}: {}", it.locator, it.reason)).collect();
        let reason =
            if reasons.is_empty() { "there is no text in it".to_owned() } else { reasons.join("; ") };
        return Err(DraftError::NothingReadable { reason });
    }
    let (proven, dropped) = find(&material.docs, finder, desk)?;
    material.notes.extend(finder.notes());
    if dropped > 0 {
        material
            .notes
            .push(format!("{dropped} statements were dropped since their words are not in the source."));
    }
    let mut casing = Casing::default();
    for doc in &material.docs {
        desk.check()?;
        for block in doc.blocks.iter().filter(|it| matches!(it.shape, Shape::Paragraph | Shape::Item { .. }))
        {
            let words = doc.words(block);
            if words.ends_with(['.', '!']) {
                casing.learn(words); // Items that are titles would teach title case.
            }
        }
    }
    casing.set_product(&material.product);
    let total = proven.iter().filter(|it| matches!(it.fact.kind, FactKind::Action(_))).count();
    let view = Material { docs: &material.docs, product: &material.product, scope: &scope };
    let mut seen = |stages: &[(String, Vec<String>)]| {
        let done = stages.iter().map(|it| it.1.len()).sum();
        let now = stages.last().map(|it| it.0.clone()).unwrap_or_default();
        desk.tell(custory_domain::draft::DraftProgress {
            stages: stages.to_vec(),
            ..progress(DraftPhase::Ordering, done, Some(total), &now)
        })
    };
    let assembled = assemble(&view, &proven, &casing, &mut seen)?;
    material.notes.extend(assembled.notes);
    let draft = Draft {
        title: title(&material),
        scope,
        sources: sources(&material),
        stages: assembled.stages,
        notes: std::mem::take(&mut material.notes),
        model: finder.work(),
    };
    check(draft, material.docs, desk)
}

/// What is known of all material before facts are looked for.
struct Understood {
    docs: Vec<Doc>,
    skipped: Vec<Skipped>,
    notes: Vec<String>,
    product: String,
}

fn understand(gathered: Vec<Gathered>, limits: &Limits, desk: &Desk) -> Result<Understood, DraftError> {
    let mut raws = Vec::new();
    let mut understood =
        Understood { docs: Vec::new(), skipped: Vec::new(), notes: Vec::new(), product: String::new() };
    let mut order: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    let total = gathered.iter().map(|it| it.raws.len()).sum();
    let mut done = 0;
    for gathered in gathered {
        understood.skipped.extend(gathered.skipped);
        understood.notes.extend(gathered.notes);
        names.extend(gathered.names);
        for locator in gathered.order {
            let next = order.len();
            order.entry(locator.trim_end_matches('/').to_owned()).or_insert(next);
        }
        for raw in gathered.raws {
            desk.tell(progress(DraftPhase::Reading, done, Some(total), &raw.locator))?;
            match read::read(&raw, limits) {
                Ok(doc) => raws.push(doc),
                Err(reason) => {
                    desk.tell(finished(
                        DraftPhase::Reading,
                        done + 1,
                        Some(total),
                        &raw.locator,
                        &reason,
                        true,
                    ))?;
                    understood.skipped.push(Skipped { locator: raw.locator, origin: raw.origin, reason });
                }
            }
            done += 1;
        }
    }
    // Or the last one would seem to be under way for ever.
    desk.tell(progress(DraftPhase::Reading, done, Some(total), ""))?;
    understood.product = product::name(&names, &raws);
    drop_repeated(&mut raws);
    let inbound = inbound(&raws);
    for raw in raws {
        desk.check()?;
        let mut doc = Doc::assemble(raw);
        if doc.text.trim().is_empty() {
            understood.skipped.push(Skipped {
                locator: doc.locator,
                origin: doc.origin,
                reason: "it has no text of its own".to_owned(),
            });
            continue;
        }
        if let Some(same) = understood.docs.iter().find(|it| it.hash == doc.hash) {
            let reason = format!("it has the same text as {}", same.locator);
            understood.skipped.push(Skipped { locator: doc.locator, origin: doc.origin, reason });
            continue;
        }
        let name = doc.locator.trim_end_matches('/');
        doc.rank = order.get(name).copied();
        doc.inbound = inbound.get(&stem(name)).copied().unwrap_or_default();
        understood.docs.push(doc);
    }
    Ok(understood)
}

/// How many sources lead to each, by the last part of their address.
fn inbound(raws: &[RawDoc]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for raw in raws {
        let Body::Blocks(blocks) = &raw.body else { continue };
        let mut targets: Vec<String> = blocks
            .iter()
            .flat_map(|it| &it.links)
            .map(|it| stem(&it.href))
            .filter(|it| !it.is_empty())
            .collect();
        targets.sort();
        targets.dedup();
        for target in targets.into_iter().filter(|it| *it != stem(&raw.locator)) {
            *counts.entry(target).or_default() += 1;
        }
    }
    counts
}

/// `../guide/invite.md#how` and `https://x.y/guide/invite` → `invite`.
pub(crate) fn stem(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
    let mut parts =
        path.rsplit('/').filter(|it| !it.is_empty() && !it.starts_with("index.") && *it != "index");
    let last = parts.next().unwrap_or_default();
    last.split('.').next().unwrap_or_default().to_lowercase()
}

/// Facts whose quotes stand in their source, and how many did not.
fn find(docs: &[Doc], finder: &dyn FactFinder, desk: &Desk) -> Result<(Vec<Proven>, usize), DraftError> {
    let (mut proven, mut dropped) = (Vec::new(), 0);
    let cut: Vec<_> = docs.iter().map(passages).collect();
    finder.begin(&cut.iter().flatten().cloned().collect::<Vec<_>>());
    // Counted in sources, unless the finder counts in something smaller.
    let mut pieces = None;
    for (at, (doc, passages)) in docs.iter().zip(&cut).enumerate() {
        let before = proven.len();
        let (done, total) = pieces.unwrap_or((at, docs.len()));
        desk.tell(progress(DraftPhase::Finding, done, Some(total), &doc.locator))?;
        for passage in passages {
            desk.check()?;
            let mut far = |done: usize, total: usize, now: &str| {
                pieces = Some((done, total));
                desk.tell(progress(DraftPhase::Finding, done, Some(total), now))
            };
            for fact in finder.find(passage, &mut far)? {
                match prove(&fact, passage) {
                    Some(span) => proven.push(Proven { fact, doc: at, span }),
                    None => dropped += 1,
                }
            }
        }
        let outcome = outcome(&proven[before..]);
        let (done, total) = pieces.unwrap_or((at + 1, docs.len()));
        desk.tell(finished(DraftPhase::Finding, done, Some(total), &doc.locator, &outcome, false))?;
    }
    Ok((proven, dropped))
}

/// What was found in a source, in a few words.
fn outcome(found: &[Proven]) -> String {
    let count = |is_it: &dyn Fn(&FactKind) -> bool, one: &str, many: &str| match found
        .iter()
        .filter(|it| is_it(&it.fact.kind))
        .count()
    {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {many}")),
    };
    let parts = [
        count(&|it| matches!(it, FactKind::Action(_)), "trace of steps", "traces of steps"),
        count(&|it| matches!(it, FactKind::Surface(_)), "touchpoint", "touchpoints"),
        count(&|it| matches!(it, FactKind::Problem { .. }), "problem", "problems"),
        count(&|it| matches!(it, FactKind::Question), "question", "questions"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing about customers".to_owned() } else { parts.join(", ") }
}

fn title(understood: &Understood) -> String {
    match (understood.product.is_empty(), understood.docs.first()) {
        (false, _) => format!("{} journey", understood.product),
        (true, Some(doc)) if !doc.title.is_empty() => doc.title.chars().take(80).collect(),
        (true, doc) => doc.map(|it| it.locator.clone()).unwrap_or_default(),
    }
}

fn sources(understood: &Understood) -> Vec<DraftSource> {
    let read = understood.docs.iter().map(|doc| DraftSource {
        locator: doc.locator.clone(),
        title: if doc.title.is_empty() {
            doc.locator.rsplit('/').find(|it| !it.is_empty()).unwrap_or_default().to_owned()
        } else {
            doc.title.clone()
        },
        origin: doc.origin,
        hash: doc.hash.clone(),
        skipped: String::new(),
    });
    let skipped = understood.skipped.iter().map(|it| DraftSource {
        locator: it.locator.clone(),
        title: it.locator.clone(),
        origin: it.origin,
        hash: String::new(),
        skipped: it.reason.clone(),
    });
    read.chain(skipped).collect()
}

/// The last word: what does not stand in its source goes, and is counted.
fn check(mut draft: Draft, docs: Vec<Doc>, desk: &Desk) -> Result<Reading, DraftError> {
    let total = draft.steps().map(|it| 1 + it.items.len()).sum();
    desk.tell(progress(DraftPhase::Checking, 0, Some(total), ""))?;
    let unproven = draft.unproven(|at| docs.get(at).map(|it| it.text.as_str()));
    if !unproven.is_empty() {
        draft = draft.without(&unproven);
        draft.notes.push(format!(
            "{} elements were dropped since their words are not in the source.",
            unproven.len()
        ));
    }
    desk.tell(progress(DraftPhase::Checking, total, Some(total), ""))?;
    let texts = docs.into_iter().map(|it| (it.hash, it.text)).collect();
    Ok(Reading { draft, texts })
}
