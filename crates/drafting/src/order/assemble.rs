//! Puts steps into stages and stages into a draft.

use std::collections::BTreeSet;

use custory_domain::draft::{Citation, Draft, DraftStage, DraftStep};

use super::arrange::by_stage;
use super::cluster::{Cluster, gather};
use super::stage::{self, StageKind};
use super::trace::Trace;
use super::{Material, Proven, items, touchpoint};
use crate::doc::{Doc, Shape};
use crate::error::DraftError;
use crate::find::{FactKind, Sign};
use crate::genre::Genre;
use crate::key::key;
use crate::words::{Casing, first_sentence};

/// Places cited for one step; the strongest ones.
const CITES_MAX: usize = 4;
/// Steps of a draft from material that tells no journey.
const THIN_STEPS_MAX: usize = 2;

/// Stages with their steps, and what a reader should know.
#[derive(Debug, Default)]
pub(crate) struct Assembled {
    pub stages: Vec<DraftStage>,
    pub notes: Vec<String>,
}

/// Who is told which stages and steps there are so far.
pub(crate) type Seen<'a> = dyn FnMut(&[(String, Vec<String>)]) -> Result<(), DraftError> + 'a;

/// Makes stages of facts.
pub(crate) fn assemble(
    material: &Material<'_>,
    proven: &[Proven],
    casing: &Casing,
    seen: &mut Seen<'_>,
) -> Result<Assembled, DraftError> {
    let mut assembled = Assembled::default();
    let (mut clusters, to_others) = gather(material, proven, casing);
    seen(&[])?;
    if is_thin(material, proven, &clusters) {
        clusters.retain(|it| it.stage != StageKind::Help || it.sources() > 1);
        clusters.truncate(THIN_STEPS_MAX);
        clusters.sort_by_key(|it| it.stage);
        let said = if clusters.is_empty() {
            "so the draft is empty"
        } else {
            "so the draft holds only what it does say"
        };
        assembled.notes.push(format!(
            "This material says little about how customers come to the product and use it, {said}."
        ));
        for cluster in clusters {
            let stage = cluster.stage.title(true, false);
            let step = step(material, proven, &cluster, Vec::new());
            let steps = vec![DraftStep { items: Vec::new(), ..step }];
            assembled.stages.push(DraftStage { key: key("stage", &[stage]), title: stage.to_owned(), steps });
        }
        return Ok(assembled);
    }
    if to_others > 0 {
        assembled.notes.push(format!(
            "{to_others} sources also speak to those who host the product or build with it; their steps are not \
             the customers' and were left out."
        ));
    }
    if let Some(first) = discovery(material, proven) {
        clusters.push(first);
    }
    let mut stages = by_stage(clusters);
    let left_out = stage::keep(&mut stages, Draft::STAGES_MAX);
    if !left_out.is_empty() {
        let titles: Vec<&str> = left_out.iter().map(|it| it.title(false, true)).collect();
        assembled.notes.push(format!("Left out for want of room: {}.", titles.join(", ")));
    }
    let mut titles: Vec<(String, Vec<String>)> = Vec::new();
    for (kind, clusters) in &stages {
        titles.push((stage_title(*kind, clusters), clusters.iter().map(|it| it.title.clone()).collect()));
        seen(&titles)?;
    }
    let steps: Vec<&Cluster> = stages.iter().flat_map(|it| &it.1).collect();
    let (statements, homeless) = items::statements(material, proven, &steps);
    if homeless > 0 {
        assembled.notes.push(format!(
            "{homeless} questions and problems in the material belong to none of the steps and were left out."
        ));
    }
    let mut statements = statements.into_iter();
    for ((kind, clusters), (title, _)) in stages.iter().zip(titles) {
        let steps = clusters
            .iter()
            .map(|it| step(material, proven, it, statements.next().unwrap_or_default()))
            .collect();
        // The kind, not the title: "Sign up" and "Install" are one stage read twice.
        assembled.stages.push(DraftStage { key: key("stage", &[&format!("{kind:?}")]), title, steps });
    }
    Ok(assembled)
}

fn stage_title(kind: StageKind, clusters: &[Cluster]) -> String {
    let has = |keys: &[&str]| clusters.iter().any(|it| it.anchor.is_some_and(|it| keys.contains(&it.key)));
    let joins = has(&["sign_up", "trial", "join", "verify", "log_in", "password"]);
    let takes_in = |wanted: StageKind| kind != wanted && clusters.iter().any(|it| it.stage == wanted);
    if takes_in(StageKind::Compare) {
        return "Discover and compare".to_owned();
    }
    if takes_in(StageKind::Leave) {
        return "Pay, upgrade or leave".to_owned();
    }
    if takes_in(StageKind::Share) {
        return "Use and share".to_owned();
    }
    kind.title(!joins || has(&["install", "download", "host"]), joins).to_owned()
}

/// Whether the material tells no journey. Points for what only products with customers have.
fn is_thin(material: &Material<'_>, proven: &[Proven], clusters: &[Cluster]) -> bool {
    const ENOUGH: f32 = 3.0;
    let of_anchor = |key: &str| match key {
        "install" | "download" | "host" | "uninstall" => 0.6,
        "troubleshoot" => 0.8,
        "report" | "feedback" | "contact" | "review" | "community" | "alternatives" => 0.4,
        _ => 1.8,
    };
    let anchors: f32 = clusters
        .iter()
        .filter(|it| it.traces.iter().any(|it| it.weight > 0.6))
        .filter_map(|it| it.anchor)
        .map(|it| of_anchor(it.key))
        .sum();
    let count = |is_it: &dyn Fn(&Proven) -> bool| proven.iter().filter(|it| is_it(it)).count();
    let asks = clusters
        .iter()
        .flat_map(|it| &it.traces)
        .filter(|it| it.phrase.as_ref().is_some_and(|it| it.asks_how))
        .count();
    let of_sign = |wanted: &dyn Fn(Sign) -> bool| {
        clusters.iter().flat_map(|it| &it.traces).filter(|it| wanted(it.sign) && it.weight > 0.6).count()
    };
    let enough = |count: usize, wanted: usize, points: f32| if count >= wanted { points } else { 0.0 };
    let adapts = |it: &&Cluster| {
        it.traces.iter().any(|it| {
            it.weight > 0.6
                && it.phrase.as_ref().is_some_and(|it| it.class() == "set_up" && it.objects.is_empty())
        })
    };
    // Packaged for many systems: made for people who use it, not only for those who build with it.
    let ways_in = clusters
        .iter()
        .filter(|it| it.anchor.is_some_and(|it| it.key == "install"))
        .map(|it| it.traces.len())
        .sum();
    let points = anchors
        + enough(clusters.iter().filter(adapts).count(), 1, 0.8)
        + enough(ways_in, 4, 1.5)
        + enough(uses_as_command(material), 3, 2.0)
        + enough(asks, 3, 2.0)
        + enough(asks, 6, 2.0)
        + enough(of_sign(&|it| matches!(it, Sign::Step(_))), 3, 1.2)
        + enough(of_sign(&|it| it == Sign::Test), 3, 2.0)
        + enough(of_sign(&|it| it == Sign::Event), 2, 2.0)
        + enough(of_sign(&|it| it == Sign::Command), 2, 2.5)
        + enough(of_sign(&|it| it == Sign::Cell), 3, 4.0)
        + enough(count(&|it| matches!(it.fact.kind, FactKind::Price)), 1, 1.0);
    points < ENOUGH
}

/// How often the documents show the product being run as a command.
fn uses_as_command(material: &Material<'_>) -> usize {
    let name = material.product.to_lowercase();
    if name.is_empty() || name.contains(' ') {
        return 0;
    }
    let runs = |line: &str| {
        let line = line.trim_start_matches(['$', '>', '❯', ' ']);
        line.strip_prefix(name.as_str()).is_some_and(|it| it.starts_with(' '))
    };
    let blocks = material.docs.iter().flat_map(|doc| doc.blocks.iter().map(move |it| (doc, it)));
    blocks.filter(|(doc, it)| it.shape == Shape::Code && doc.words(it).lines().any(runs)).count()
}

/// "See what it does": where the product says what it is.
fn discovery(material: &Material<'_>, proven: &[Proven]) -> Option<Cluster> {
    if material.product.is_empty() {
        return None;
    }
    let is_of_product = |at: &usize| {
        let fact = &proven[*at];
        let product = material.product.to_lowercase();
        fact.fact.kind == FactKind::Tagline
            && (matches!(material.docs[fact.doc].genre, Genre::Home | Genre::Readme)
                || fact.fact.words.to_lowercase().starts_with(&product))
    };
    let mut found: Vec<usize> = (0..proven.len()).filter(is_of_product).collect();
    found.sort_by_key(|at| match material.docs[proven[*at].doc].genre {
        Genre::Home => 0,
        Genre::Readme => 1,
        Genre::Start | Genre::About => 2,
        _ => 3,
    });
    let first = *found.first()?;
    Some(Cluster::discovery(material, proven, first))
}

fn step(
    material: &Material<'_>,
    proven: &[Proven],
    cluster: &Cluster,
    statements: Vec<custory_domain::draft::DraftItem>,
) -> DraftStep {
    let mut cites: Vec<Citation> = Vec::new();
    let mut sources = Vec::new();
    for trace in &cluster.traces {
        let fact = &proven[trace.fact];
        if cites.len() < CITES_MAX && !sources.contains(&fact.doc) {
            sources.push(fact.doc);
            cites.push(items::cite(material, fact.doc, &fact.span));
        }
    }
    let says_title = |it: &&Trace| it.phrase.as_ref().is_some_and(|it| it.title == cluster.title);
    let action = cluster
        .traces
        .iter()
        .filter(says_title)
        .find_map(|trace| action(material, &proven[trace.fact], trace.sign))
        .filter(|it| !it.0.trim_end_matches('.').eq_ignore_ascii_case(&cluster.title));
    if let Some((_, doc, span)) = &action {
        let cite = items::cite(material, *doc, span);
        if !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    let first = cites.first().map(|it| material.docs[it.source].locator.clone()).unwrap_or_default();
    let mut items = touchpoint::touchpoints(material, proven, cluster);
    for item in statements {
        let repeats = |quote: &str| quote.eq_ignore_ascii_case(&item.title);
        if !items.iter().any(|it| repeats(&it.title)) && !cites.iter().any(|it| repeats(&it.quote)) {
            items.push(item);
        }
    }
    DraftStep {
        key: key("step", &[&format!("{:?}", cluster.stage), &cluster.title.to_lowercase(), &first]),
        title: cluster.title.clone(),
        action: action.map(|it| it.0),
        cites,
        items,
        events: cluster.events.clone(),
        paths: shortest(&cluster.paths),
        is_from_model: cluster.traces.iter().all(|it| proven[it.fact].fact.is_from_model),
    }
}

/// The shortest paths: those of screens, not of what is below them.
fn shortest(paths: &BTreeSet<String>) -> BTreeSet<String> {
    const PATHS_MAX: usize = 5;
    let mut paths: Vec<&String> = paths.iter().collect();
    paths.sort_by_key(|it| (it.matches('/').count(), it.len()));
    paths.into_iter().take(PATHS_MAX).cloned().collect()
}

/// What the customer does, in the source's words: the step's whole sentence, or what stands below
/// the heading.
fn action(
    material: &Material<'_>,
    fact: &Proven,
    sign: Sign,
) -> Option<(String, usize, std::ops::Range<usize>)> {
    const CHARS_MAX: usize = 240;
    const WORDS_MIN: usize = 4;
    let doc: &Doc = &material.docs[fact.doc];
    if !doc.is_english || matches!(doc.genre, Genre::Faq | Genre::Changelog) {
        return None;
    }
    let at = doc.blocks.iter().rposition(|it| it.span.start <= fact.span.start)?;
    let block = &doc.blocks[at];
    let block = match (sign, block.shape) {
        (Sign::Heading(_), Shape::Heading(_)) => {
            doc.blocks.get(at + 1).filter(|it| it.shape == Shape::Paragraph)?
        }
        (Sign::Step(_) | Sign::Bullet, Shape::Item { .. }) if block.span.len() > fact.span.len() => block,
        _ => return None,
    };
    let sentence = first_sentence(doc.words(block), CHARS_MAX)?;
    // "Log in to your account." is the way there, whatever is done next.
    let lower = sentence.to_lowercase();
    let is_way_there = ["log in", "sign in", "log into", "sign into"].iter().any(|it| lower.starts_with(it));
    let is_prose = !is_way_there
        && sentence.split_whitespace().count() >= WORDS_MIN
        && sentence.ends_with('.')
        && !sentence.contains(['{', '`', '<', '|', '=']);
    is_prose.then(|| (sentence.to_owned(), fact.doc, block.span.start..block.span.start + sentence.len()))
}
