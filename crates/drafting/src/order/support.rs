//! How much a trace counts.

use super::{Material, Proven};
use crate::doc::Doc;
use crate::find::{FactKind, Sign};
use crate::genre::Genre;
use crate::words::{Phrase, content_words};

/// What one trace of an action weighs.
pub(super) fn weight(proven: &Proven, doc: &Doc) -> f32 {
    let FactKind::Action(sign) = proven.fact.kind else { return 0.0 };
    let in_start = matches!(doc.genre, Genre::Start | Genre::Install | Genre::Signup)
        || doc.blocks.is_empty()
        || starts_here(proven, doc);
    let of_sign = match sign {
        Sign::Heading(1) | Sign::Cell => 1.3,
        Sign::Heading(2) => 1.0,
        Sign::Heading(3) => 0.75,
        Sign::Heading(_) => {
            if in_start {
                0.9
            } else {
                0.6
            }
        }
        Sign::Step(_) => {
            if in_start {
                1.2
            } else {
                0.45
            }
        }
        Sign::Button => 1.1,
        Sign::Link => {
            if in_start {
                0.8
            } else {
                0.5
            }
        }
        Sign::Bullet => 0.45,
        Sign::Test => 0.9,
        Sign::Click => 0.3,
        Sign::Event => 1.1,
        Sign::Route => 0.7,
        Sign::Label => 0.5,
        Sign::Subject => 0.9,
        Sign::Command => 1.3,
        // Somebody read the passage for this; its words are proven like all others.
        Sign::Told => 1.1,
    };
    doc.genre.weight() * of_sign
}

/// Whether the trace stands below a heading that opens a way to begin.
pub(super) fn starts_here(proven: &Proven, doc: &Doc) -> bool {
    let Some(at) = doc.blocks.iter().rposition(|it| it.span.start <= proven.span.start) else { return false };
    doc.headings_above(at).any(|it| crate::find::opens_a_start(doc.words(it)))
}

/// Whether the trace stands where a page says how to go on ("Next steps").
pub(super) fn comes_later(proven: &Proven, doc: &Doc) -> bool {
    const GO_ON: &[&str] = &["next", "further", "learn more", "explore", "see also", "related", "read more"];
    let Some(at) = doc.blocks.iter().rposition(|it| it.span.start <= proven.span.start) else { return false };
    let nearest = doc.headings_above(at).next().map(|it| doc.words(it).to_lowercase());
    nearest.is_some_and(|heading| GO_ON.iter().any(|it| heading.contains(it)))
}

/// How far a phrase is a step at all where it was found; `is_known` if it is one that many products
/// have.
pub(super) fn of_phrase(phrase: &Phrase, genre: Genre, product: &str, is_known: bool) -> f32 {
    let of_digits = if phrase.title.chars().any(|it| it.is_ascii_digit()) { 0.6 } else { 1.0 };
    let is_at_home = matches!(
        genre,
        Genre::Readme
            | Genre::Install
            | Genre::Start
            | Genre::Hosting
            | Genre::Home
            | Genre::Data
            | Genre::Program
    );
    // "Installation" in a guide is about that guide's subject, not about the product.
    let is_astray = phrase.objects.is_empty()
        && matches!(
            phrase.class(),
            "install" | "set_up" | "deploy" | "run" | "update" | "upgrade" | "downgrade"
        )
        && !is_at_home;
    let names_product = phrase.title.split(' ').any(|it| it.eq_ignore_ascii_case(product));
    let is_hiring = phrase.verb == "join"
        && (names_product || matches!(genre, Genre::Readme | Genre::About | Genre::Home))
        && phrase.objects.contains("team");
    // "Redirect to URL" says where, not what.
    let says_nothing = phrase.head.is_none() && !phrase.objects.is_empty() && !is_at_home && !is_known;
    // A question how to do something is asked by those who are at work already.
    let is_asked = phrase.asks_how && genre == Genre::Faq;
    let of = |is_it: bool, factor: f32| if is_it { factor } else { 1.0 };
    (if is_known { 1.0 } else { of_verb(phrase) })
        * of_digits
        * of(is_astray, 0.25)
        * of(is_hiring, 0.1)
        * of(says_nothing, 0.6)
        * of(is_asked, 0.7)
}

/// Verbs that say little about what is done.
fn of_verb(phrase: &Phrase) -> f32 {
    match phrase.verb {
        "use" | "read" | "work_with" | "get" | "find" | "meet" | "discover" | "handle" | "let" | "tell"
        | "keep" | "require" | "include" | "allow" | "define" | "specify" | "note" | "pass" | "return"
        | "count" | "reduce" | "improve" => 0.55,
        "understand" | "learn" | "know" => 0.3,
        // Housekeeping: every product has it, and no journey turns on it.
        "delete" | "remove" | "rename" | "duplicate" | "clone" | "copy" | "disable" | "turn_off" | "hide" => {
            0.4
        }
        "fetch" | "query" | "list" | "parse" | "render" | "debug" | "run" | "build" | "write" | "test"
        | "compile" => 0.7,
        _ => 1.0,
    }
}

/// How much a step belongs to what the journey is to be about; 1 without a scope.
pub(super) fn of_scope(material: &Material<'_>, words: &str) -> f32 {
    let wanted = content_words(material.scope);
    if wanted.is_empty() {
        return 1.0;
    }
    const OF_EACH_WORD: f32 = 0.6;
    const WORDS_MAX: usize = 3;
    let own = content_words(words);
    let shared = wanted.iter().filter(|it| own.contains(it)).count().min(WORDS_MAX);
    1.0 + OF_EACH_WORD * shared as f32
}
