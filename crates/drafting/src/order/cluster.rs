//! Gathers what says the same: one cluster is one step.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::Anchor;
use super::audience::Audience;
use super::stage::StageKind;
use super::trace::{Found, Trace, traces};
use super::{Material, Proven, support, title};
use crate::find::Sign;
use crate::words::{Casing, Phrase, content_words};

/// One step in the making.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub traces: Vec<Trace>,
    pub anchor: Option<&'static Anchor>,
    pub stage: StageKind,
    pub title: String,
    pub score: f32,
    pub events: BTreeSet<String>,
    pub paths: BTreeSet<String>,
    /// Lemmas that its titles share with what else is said of it.
    pub words: BTreeSet<String>,
}

/// Clusters of all traces, strongest first; and how many sources speak to others than the customers.
pub(super) fn gather(material: &Material<'_>, proven: &[Proven], casing: &Casing) -> (Vec<Cluster>, usize) {
    let found = traces(material, proven, casing);
    let audience = Audience::of(material, found.iter().map(|it| (&it.trace, it.anchor)));
    let mut by_anchor: BTreeMap<&str, Cluster> = BTreeMap::new();
    let mut free: Vec<Cluster> = Vec::new();
    let mut faint: Vec<(Trace, BTreeSet<String>)> = Vec::new();
    let mut to_others = BTreeSet::new();
    for Found { trace, anchor, stage, names } in found {
        if !audience.takes(&trace, &material.docs[trace.doc], anchor) {
            to_others.insert(trace.doc);
            continue;
        }
        let sign = trace.sign;
        let is_name = matches!(sign, Sign::Route | Sign::Event);
        match (anchor, stage) {
            (Some(anchor), Some(stage)) => {
                by_anchor
                    .entry(anchor.key)
                    .or_insert_with(|| Cluster::new(Some(anchor), stage))
                    .traces
                    .push(trace);
            }
            // Labels, clicks and paths support what is said elsewhere; alone they are no step.
            (None, Some(_)) if matches!(sign, Sign::Label | Sign::Click | Sign::Route) => {
                faint.push((trace, names))
            }
            (None, Some(stage)) => drop(join(&mut free, trace, stage)),
            (_, None) if is_name => faint.push((trace, names)),
            (_, None) => {}
        }
    }
    let mut clusters: Vec<Cluster> = by_anchor.into_values().chain(free).collect();
    for cluster in &mut clusters {
        cluster.learn_words();
    }
    let mut alone = Vec::new();
    for (trace, names) in faint {
        alone.extend(support_same(&mut clusters, trace, &names).map(|it| (it, names)));
    }
    clusters.extend(of_screens(alone));
    (settle(clusters, material, proven), to_others.len())
}

fn settle(mut clusters: Vec<Cluster>, material: &Material<'_>, proven: &[Proven]) -> Vec<Cluster> {
    // Many faint traces do not make a clear one.
    const CLEAR: f32 = 0.55;
    let speaks = |it: &Trace| it.weight >= CLEAR && !matches!(it.sign, Sign::Label | Sign::Click);
    clusters.retain(|it| it.traces.iter().any(speaks));
    for cluster in &mut clusters {
        cluster.settle(material, proven);
    }
    clusters.retain(|it| !it.title.is_empty() && it.score > 0.0);
    clusters.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.order().cmp(&b.order())));
    merge_titles(clusters)
}

/// Adds a trace to the step that says the same, or makes one; gives its place.
fn join(clusters: &mut Vec<Cluster>, trace: Trace, stage: StageKind) -> Option<usize> {
    let new = trace.phrase.as_ref()?;
    // Verbs of many things: a page on adding sites may have a part on adding scripts.
    let is_of_many = matches!(
        new.class(),
        "create" | "change" | "set_up" | "delete" | "enable" | "connect" | "send" | "see" | "manage"
    );
    // Two ways to say what one page is about, or a part of that page, are one step.
    let is_of_page = |own: &Trace| {
        let Some((phrase, page)) = own.phrase.as_ref().zip(own.page) else { return false };
        let is_alike = phrase.class() == new.class();
        let is_part = own.doc == page && trace.doc == page && trace.page.is_none();
        is_alike && (trace.page == Some(page) || is_part && !is_of_many)
    };
    let says_same = |own: &Trace| own.phrase.as_ref().is_some_and(|it| it.is_same_as(new));
    let having = |clusters: &[Cluster], is_it: &dyn Fn(&Trace) -> bool| -> Vec<usize> {
        (0..clusters.len()).filter(|at| clusters[*at].traces.iter().any(is_it)).collect()
    };
    // Steps that turn out to say the same through this trace become one.
    let says_just_that = |own: &Trace| {
        own.phrase
            .as_ref()
            .is_some_and(|it| it.is_same_as(new) && !it.direct.is_empty() && it.direct == new.direct)
    };
    let is_of_command = |own: &Trace| own.command.is_some() && own.command == trace.command;
    let of_page = having(clusters, &|own| is_of_page(own) || says_just_that(own) || is_of_command(own));
    let alike = having(clusters, &says_same).first().copied();
    let mut same: Vec<usize> = of_page.into_iter().chain(alike).collect();
    same.sort_unstable();
    same.dedup();
    let Some((first, others)) = same.split_first() else {
        clusters.push(Cluster { traces: vec![trace], ..Cluster::new(None, stage) });
        return Some(clusters.len() - 1);
    };
    for at in others.iter().rev() {
        let other = clusters.remove(*at);
        clusters[*first].traces.extend(other.traces);
    }
    clusters[*first].traces.push(trace);
    Some(*first)
}

/// What an app's own texts and screens say together: "Create report" where there is a screen of
/// reports. Either alone is too little.
fn of_screens(faint: Vec<(Trace, BTreeSet<String>)>) -> Vec<Cluster> {
    const NAMES_MAX: usize = 2;
    let (labels, names): (Vec<_>, Vec<_>) = faint.into_iter().partition(|it| it.0.phrase.is_some());
    let mut clusters = Vec::new();
    for (label, _) in labels {
        let Some(phrase) = &label.phrase else { continue };
        let makes = matches!(
            phrase.class(),
            "create" | "invite" | "import" | "connect" | "publish" | "send" | "share" | "upload" | "export"
        );
        let is_of = |it: &&(Trace, BTreeSet<String>)| {
            let is_named = phrase.head.as_ref().is_some_and(|head| it.1.contains(head));
            it.0.sign == Sign::Route && is_named && (it.1.len() == 1 || it.1.contains(phrase.verb))
        };
        if makes
            && phrase.objects.len() <= NAMES_MAX
            && let Some((screen, _)) = names.iter().find(is_of)
        {
            let (stage, screen) = (label.stage, screen.clone());
            if let Some(at) = join(&mut clusters, label, stage) {
                clusters[at].traces.push(screen);
                clusters[at].learn_words();
            }
        }
    }
    clusters
}

/// Adds a name or a label to the step that says the same; gives it back if there is none.
fn support_same(clusters: &mut [Cluster], trace: Trace, names: &BTreeSet<String>) -> Option<Trace> {
    let is_named = |phrase: &Phrase| {
        let says = |it: &String| *it == phrase.verb || phrase.objects.contains(it);
        names.len() >= 2
            && names.iter().all(says)
            && phrase.head.as_ref().is_some_and(|it| names.contains(it))
    };
    let says_same = |cluster: &Cluster| {
        cluster.traces.iter().filter_map(|it| it.phrase.as_ref()).any(|own| match &trace.phrase {
            Some(new) => own.is_same_as(new),
            None => is_named(own),
        })
    };
    match clusters.iter().position(says_same) {
        Some(at) => {
            clusters[at].traces.push(trace);
            None
        }
        None => Some(trace),
    }
}

/// Steps that ended up with the same title are one.
fn merge_titles(clusters: Vec<Cluster>) -> Vec<Cluster> {
    let mut merged: Vec<Cluster> = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        match merged.iter_mut().find(|it| it.title.eq_ignore_ascii_case(&cluster.title)) {
            Some(first) => {
                first.traces.extend(cluster.traces);
                first.events.extend(cluster.events);
                first.paths.extend(cluster.paths);
                first.words.extend(cluster.words);
            }
            None => merged.push(cluster),
        }
    }
    merged
}

impl Cluster {
    fn new(anchor: Option<&'static Anchor>, stage: StageKind) -> Self {
        Self {
            traces: Vec::new(),
            anchor,
            stage,
            title: String::new(),
            score: 0.0,
            events: BTreeSet::new(),
            paths: BTreeSet::new(),
            words: BTreeSet::new(),
        }
    }

    /// The step in which a customer learns what the product is.
    pub(super) fn discovery(material: &Material<'_>, proven: &[Proven], fact: usize) -> Self {
        let doc = proven[fact].doc;
        let stage = StageKind::Discover;
        let mut cluster = Self::new(None, stage);
        cluster.title = format!("See what {} does", material.product);
        let weight = 3.0;
        cluster.score = weight * support::of_scope(material, &cluster.title);
        cluster.traces.push(Trace {
            fact,
            doc,
            sign: Sign::Heading(1),
            weight,
            phrase: None,
            stage,
            page: None,
            command: None,
            order: (0, 0),
        });
        cluster
    }

    fn learn_words(&mut self) {
        const TELLING: usize = 3;
        let mut traces: Vec<&Trace> = self.traces.iter().collect();
        traces.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        for phrase in traces.into_iter().filter_map(|it| it.phrase.as_ref()).take(TELLING) {
            self.words.extend(phrase.objects.iter().cloned());
            self.words.insert(phrase.verb.to_owned());
        }
        if let Some(anchor) = self.anchor {
            self.words.extend(content_words(anchor.title));
        }
    }

    /// Title, stage and score, once all traces are in.
    fn settle(&mut self, material: &Material<'_>, proven: &[Proven]) {
        self.traces.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.order.cmp(&b.order)));
        self.title = title::best(&self.traces, self.anchor, material.product);
        if self.anchor.is_none()
            && let Some(first) = self.traces.iter().find(|it| it.phrase.is_some())
        {
            self.stage = first.stage;
            // Whoever writes for beginners knows when it is done.
            let is_early = |wanted: StageKind| {
                self.traces.iter().any(|it| it.stage == wanted && it.weight >= first.weight * 0.5)
            };
            if self.stage == StageKind::Use {
                self.stage = [StageKind::FirstValue, StageKind::SetUp]
                    .into_iter()
                    .find(|it| is_early(*it))
                    .unwrap_or(StageKind::Use);
            }
        }
        let mut by_doc: BTreeMap<usize, f32> = BTreeMap::new();
        for trace in &self.traces {
            let best = by_doc.entry(trace.doc).or_default();
            *best = best.max(trace.weight);
            match (trace.sign, &proven[trace.fact].fact.name) {
                (Sign::Event, Some(name)) => drop(self.events.insert(name.clone())),
                (Sign::Route, Some(name)) => drop(self.paths.insert(name.clone())),
                _ => {}
            }
        }
        let mut weights: Vec<f32> = by_doc.values().copied().collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        // Each further source adds less: ten pages of one template are not ten times the proof.
        let sum: f32 = weights.iter().zip(0i32..).map(|(weight, at)| weight * 0.6_f32.powi(at)).sum();
        let inbound = by_doc.keys().map(|at| material.docs[*at].inbound).max().unwrap_or_default();
        let of_links = if self.anchor.is_none() { 1.0 + 0.15 * (1.0 + inbound as f32).ln() } else { 1.0 };
        let of_anchor = if self.anchor.is_some() { 1.3 } else { 1.0 };
        self.score = sum * of_links * of_anchor * support::of_scope(material, &self.title);
    }

    /// Where it is met first in the order of reading.
    pub(super) fn order(&self) -> (usize, usize) {
        let speaks = |it: &&Trace| !matches!(it.sign, Sign::Label | Sign::Click);
        self.traces.iter().filter(speaks).map(|it| it.order).min().unwrap_or((usize::MAX, 0))
    }

    /// Number of independent sources.
    pub(super) fn sources(&self) -> usize {
        self.traces.iter().map(|it| it.doc).collect::<BTreeSet<_>>().len()
    }
}
