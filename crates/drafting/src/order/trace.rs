//! Reads facts that may be of an action: what is done, in which stage, how much it counts, where it
//! stands. Nothing is gathered here.

use std::collections::BTreeSet;

use super::anchor::{self, Anchor};
use super::command::Commands;
use super::page::Pages;
use super::stage::{self, Setting, StageKind};
use super::{Material, Proven, support};
use crate::find::{FactKind, Sign};
use crate::genre::Genre;
use crate::words::{Casing, Leaning, Phrase, Phrasing, content_words};

/// A trace of an action, read.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    /// Index among the proven facts.
    pub fact: usize,
    pub doc: usize,
    pub sign: Sign,
    pub weight: f32,
    pub phrase: Option<Phrase>,
    pub stage: StageKind,
    /// The source that is about it: its title says it, or a link leads there.
    pub page: Option<usize>,
    /// The command of a command-line tool that does it.
    pub command: Option<String>,
    /// Where it stands in the order of reading: source, then place.
    pub order: (usize, usize),
}

/// A trace with what is known of it before anything is gathered.
pub(super) struct Found {
    pub trace: Trace,
    /// The known step that it speaks of.
    pub anchor: Option<&'static Anchor>,
    /// Its stage, if anything tells.
    pub stage: Option<StageKind>,
    /// Lemmas of its words.
    pub names: BTreeSet<String>,
}

/// Reads all facts that may be of an action.
pub(super) fn traces(material: &Material<'_>, proven: &[Proven], casing: &Casing) -> Vec<Found> {
    let phrasing = Phrasing { casing, product: material.product };
    let ranks = ranks(material);
    let pages = Pages::of(material);
    let commands = Commands::of(proven);
    let mut found = Vec::new();
    for (at, fact) in proven.iter().enumerate() {
        let FactKind::Action(sign) = fact.fact.kind else { continue };
        let doc = &material.docs[fact.doc];
        let phrase = read(&phrasing, fact, sign);
        let names: BTreeSet<String> = content_words(&fact.fact.words).into_iter().collect();
        let is_name = matches!(sign, Sign::Route | Sign::Event);
        let by_name = || if is_name { anchor::of_name(&names) } else { None };
        let anchor = phrase.as_ref().and_then(|it| anchor::of_phrase(it, doc.genre)).or_else(by_name);
        let of_phrase = || {
            phrase.as_ref().map(|it| {
                let begins = matches!(doc.genre, Genre::Start | Genre::Install);
                let is_in_start =
                    (begins || support::starts_here(fact, doc)) && !support::comes_later(fact, doc);
                let is_of_first_time = is_in_start && stage::says_first_time(&doc.title);
                let (genre, words) = (doc.genre, fact.fact.words.as_str());
                stage::of_phrase(it, Setting { genre, words, sign, is_in_start, is_of_first_time })
            })
        };
        let stage = anchor.map(|it| it.stage).or(fact.fact.stage).or_else(of_phrase);
        let of_phrase_weight = phrase
            .as_ref()
            .map_or(1.0, |it| support::of_phrase(it, doc.genre, material.product, anchor.is_some()));
        let trace = Trace {
            fact: at,
            doc: fact.doc,
            sign,
            weight: support::weight(fact, doc) * of_phrase_weight,
            stage: stage.unwrap_or(StageKind::Use),
            phrase,
            page: pages.named_by(material, fact, sign),
            command: commands.named_by(material, fact, sign),
            order: (ranks[fact.doc], fact.span.start),
        };
        found.push(Found { trace, anchor, stage, names });
    }
    found
}

/// Reads a trace as something to do.
fn read(phrasing: &Phrasing<'_>, fact: &Proven, sign: Sign) -> Option<Phrase> {
    let words = fact.fact.words.as_str();
    let phrase = match sign {
        Sign::Route => None,
        Sign::Event => from_event(words).and_then(|it| phrasing.read(&it)),
        // "create a board and see it": the rest is what the test expects.
        Sign::Test => phrasing.read(words.split(" and ").next().unwrap_or(words)),
        _ => phrasing.read(words),
    };
    // "Getting started" heads a chapter; only where one clicks is it the way in.
    let is_clicked = matches!(sign, Sign::Button | Sign::Link | Sign::Click | Sign::Label | Sign::Subject);
    let is_chapter =
        |it: &Phrase| matches!(it.verb, "get_started" | "start" | "try") && it.objects.is_empty();
    // "See a plan change in two minutes" is a headline.
    let is_headline = |it: &Phrase| it.verb == "see" && matches!(sign, Sign::Heading(_));
    phrase.filter(|it| it.leaning != Leaning::Touch && (is_clicked || !is_chapter(it)) && !is_headline(it))
}

/// "project created" → "create project"; "clicked upgrade" and the like say nothing of a step.
fn from_event(words: &str) -> Option<String> {
    const FILLERS: &[&str] = &["user", "new", "app", "has", "completed", "success", "successful", "cta"];
    const LOOKS: &[&str] = &[
        "clicked", "click", "viewed", "shown", "opened", "seen", "view", "hovered", "toggled", "failed",
        "selected",
    ];
    let words: Vec<&str> = words.split(' ').filter(|it| !FILLERS.contains(it)).collect();
    let (first, last) = (words.first()?, words.last()?);
    if LOOKS.iter().any(|it| words.contains(it)) {
        return None;
    }
    let is_past = |word: &str| word.ends_with("ed") || matches!(word, "sent" | "paid" | "built" | "made");
    let base = |word: &str| content_words(word).pop().map(|it| it.replace('_', " "));
    if words.len() >= 2 && is_past(last) {
        return Some(format!("{} {}", base(last)?, words[..words.len() - 1].join(" ")));
    }
    if words.len() >= 2 && is_past(first) {
        return Some(format!("{} {}", base(first)?, words[1..].join(" ")));
    }
    Some(words.join(" "))
}

/// The order of reading: starts before guides before the rest, within them the material's own.
fn ranks(material: &Material<'_>) -> Vec<usize> {
    let early = |genre: Genre| match genre {
        Genre::Home | Genre::Readme => 0,
        Genre::Pricing | Genre::Signup => 1,
        Genre::Start => 2,
        Genre::Install => 3,
        Genre::Data => 4,
        Genre::Guide | Genre::Integration => 5,
        Genre::Test => 6,
        _ => 7,
    };
    let docs = material.docs;
    let mut order: Vec<usize> = (0..docs.len()).collect();
    order.sort_by_key(|at| (early(docs[*at].genre), docs[*at].rank.unwrap_or(usize::MAX), *at));
    let mut ranks = vec![0; order.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}
