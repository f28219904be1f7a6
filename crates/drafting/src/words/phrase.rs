//! From a heading, a list step, a button or a test's name to "verb and object" in the customer's
//! voice; or to nothing, which is the common case.

use std::collections::BTreeSet;

use super::casing::Casing;
use super::grammar::{DETERMINERS, FINITE, MASS, NOUN_ENDS, PREPOSITIONS, VAGUE};
use super::lemma::{content_words, is_stop};
use super::lexicon::{AMBIGUOUS, MOSTLY_NOUNS};
use super::nominal::{ABOUT_THE_PRODUCT, ALONE, to_verb};
use super::trim::{after_opening, asks_how, bare, first_clause};
use super::verb::{Form, Leaning, base_of, verb};

/// Longest title of a step, in characters.
pub(crate) const TITLE_CHARS_MAX: usize = 60;
/// Most words of a title; beyond that it is a sentence.
const TITLE_WORDS_MAX: usize = 10;

/// What a text asks a customer to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phrase {
    /// The title: verb first, sentence case.
    pub title: String,
    /// The verb in base form; phrasal verbs with `_`.
    pub verb: &'static str,
    /// What it leans towards.
    pub leaning: Leaning,
    /// Lemma of the thing it is done to.
    pub head: Option<String>,
    /// Lemmas of all meaning words after the verb, without the product's name.
    pub objects: BTreeSet<String>,
    /// Those of them that say to what, not how, where or for whom.
    pub direct: BTreeSet<String>,
    /// The text was already a command, neither a noun nor a gerund.
    pub is_imperative: bool,
    /// The text asked "how to".
    pub asks_how: bool,
    /// It names somebody else's product.
    pub is_foreign: bool,
}

/// Makes phrases for one material.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrasing<'a> {
    /// How the material writes names.
    pub casing: &'a Casing,
    /// The product's name; empty if unknown.
    pub product: &'a str,
}

impl Phrasing<'_> {
    /// Reads a text as something to do; nothing if it has no verb that the lexicon knows.
    pub(crate) fn read(&self, raw: &str) -> Option<Phrase> {
        let clean = bare(&without_code(raw, self.product));
        let mut letters = clean.chars().filter(|it| it.is_alphabetic());
        let clean =
            if clean.contains(' ') && letters.all(char::is_uppercase) { clean.to_lowercase() } else { clean };
        let asks_how = asks_how(&clean);
        if clean.ends_with('?') && !asks_how || starts_negative(&clean) {
            return None;
        }
        let opened = after_opening(&clean);
        let clause = first_clause(opened);
        if looks_like_code(clause) || clause.contains(" up to ") || clause.contains(" only ") {
            return None;
        }
        let lower = clause.to_lowercase();
        if VAGUE.iter().any(|it| lower == *it || lower.starts_with(&format!("{it} "))) {
            return None;
        }
        let words: Vec<&str> = clause.split(' ').filter(|it| !it.is_empty()).collect();
        let is_opened = opened.len() < clean.len();
        let (verb, leaning, rest, form) = self.split(&words, is_opened)?;
        let rest = self.shorten(verb, rest)?;
        let is_finite = |it: &String| FINITE.contains(&it.to_lowercase().as_str());
        if rest.iter().any(is_finite) || rest.first().is_some_and(|it| it.eq_ignore_ascii_case("that")) {
            return None;
        }
        self.finish(verb, leaning, rest, form, asks_how)
    }

    /// Verb and the words after it.
    fn split(&self, words: &[&str], is_opened: bool) -> Option<(&'static str, Leaning, Vec<String>, Form)> {
        let first = words.first()?.to_lowercase();
        if let Some((noun_verb, rest)) = to_verb(words)
            && base_of(&first).is_none_or(|it| it.1 != Form::Base || !is_command(&first, words, is_opened))
        {
            let (verb, leaning) = verb(noun_verb)?;
            return Some((verb, leaning, rest, Form::Gerund));
        }
        let (base, form) = base_of(&first)?;
        let particle = words.get(1).map(|it| it.to_lowercase()).unwrap_or_default();
        let (verb, leaning, taken) = match verb(&format!("{base}_{particle}")) {
            Some((phrasal, leaning)) => (phrasal, leaning, 2),
            None => verb(base).map(|(base, leaning)| (base, leaning, 1))?,
        };
        if form == Form::Past || (form == Form::Base && taken == 1 && !is_command(&first, words, is_opened)) {
            return None;
        }
        let rest: Vec<String> = words[taken..].iter().map(|it| (*it).to_owned()).collect();
        if form == Form::Third
            && (rest.is_empty() || rest[0].chars().next().is_none_or(|it| !it.is_lowercase()))
        {
            return None; // "Reports", "Plans and pricing": nouns.
        }
        let follows =
            |words: &[&str]| rest.first().is_some_and(|it| words.contains(&it.to_lowercase().as_str()));
        if form == Form::Gerund && follows(&["and", "or", "is", "of", "&"]) {
            return None;
        }
        // "Signing reminders" are reminders.
        let is_open = |it: &String| DETERMINERS.contains(&it.to_lowercase().as_str());
        if form == Form::Gerund && verb == "sign" && !rest.first().is_some_and(is_open) {
            return None;
        }
        if form == Form::Base && follows(&["and", "or", "&"]) && !ALONE.contains(&verb) {
            return None; // "Manage and monitor": of what, nobody says.
        }
        if form == Form::Gerund
            && rest.last().is_some_and(|it| NOUN_ENDS.contains(&it.to_lowercase().as_str()))
            && rest.len() == 1
        {
            return None; // "Tracking events" may be; "Sharing options" is not: too close to call.
        }
        if form == Form::Gerund
            && is_compound(&rest, self.casing)
            && !rest.iter().any(|it| it.eq_ignore_ascii_case(self.product))
        {
            return None;
        }
        Some((verb, leaning, rest, form))
    }

    /// Cuts what follows the verb to the bounds of a title.
    fn shorten(&self, verb: &str, mut rest: Vec<String>) -> Option<Vec<String>> {
        let fits = |rest: &[String]| {
            let chars = verb.chars().count() + rest.iter().map(|it| it.chars().count() + 1).sum::<usize>();
            chars <= TITLE_CHARS_MAX && rest.len() < TITLE_WORDS_MAX
        };
        while !fits(&rest) {
            let cut = rest
                .iter()
                .rposition(|it| PREPOSITIONS.contains(&it.to_lowercase().as_str()))
                .filter(|it| *it > 0)?;
            rest.truncate(cut);
        }
        while rest.last().is_some_and(|it| {
            let lower = it.to_lowercase();
            let is_adverb = lower.len() > 5
                && lower.ends_with("ly")
                && !matches!(lower.as_str(), "reply" | "family" | "assembly" | "monthly" | "weekly");
            is_adverb
                || PREPOSITIONS.contains(&lower.as_str())
                || matches!(
                    lower.as_str(),
                    "the"
                        | "a"
                        | "an"
                        | "your"
                        | "&"
                        | "after"
                        | "before"
                        | "when"
                        | "while"
                        | "if"
                        | "only"
                        | "also"
                        | "too"
                        | "instead"
                        | "again"
                        | "below"
                        | "above"
                        | "here"
                        | "first"
                )
        }) {
            rest.pop();
        }
        Some(rest)
    }

    fn finish(
        &self,
        verb: &'static str,
        leaning: Leaning,
        mut rest: Vec<String>,
        form: Form,
        asks_how: bool,
    ) -> Option<Phrase> {
        if rest.is_empty() && !ALONE.contains(&verb) {
            if !ABOUT_THE_PRODUCT.contains(&verb) || self.product.is_empty() {
                return None;
            }
            rest = vec![self.product.to_owned()];
        } else if rest.first().is_some_and(|it| PREPOSITIONS.contains(&it.to_lowercase().as_str()))
            && ABOUT_THE_PRODUCT.contains(&verb)
            && matches!(rest[0].to_lowercase().as_str(), "on" | "with" | "in" | "for" | "via" | "using")
            && !self.product.is_empty()
        {
            rest.insert(0, self.product.to_owned());
        }
        if ALONE.contains(&verb)
            && rest.first().is_some_and(|it| matches!(it.to_lowercase().as_str(), "&" | "and" | "or" | "/"))
        {
            rest.clear();
        }
        let words = verb.replace('_', " ");
        let title = if rest.is_empty() { words } else { format!("{words} {}", rest.join(" ")) };
        if title.chars().count() > TITLE_CHARS_MAX {
            return None;
        }
        let own = content_words(self.product);
        let until = rest
            .iter()
            .position(|it| PREPOSITIONS.contains(&it.to_lowercase().as_str()))
            .unwrap_or(rest.len());
        let mut direct = content_words(&rest[..until].join(" "));
        direct.retain(|it| !own.contains(it));
        let objects = content_words(&rest.join(" ")).into_iter().filter(|it| !own.contains(it)).collect();
        let title = self.casing.sentence(&title);
        Some(Phrase {
            is_foreign: title.split(' ').skip(1).any(|it| self.casing.is_foreign(it)),
            title,
            verb,
            leaning,
            head: direct.last().cloned(),
            direct: direct.into_iter().collect(),
            objects,
            is_imperative: form == Form::Base,
            asks_how,
        })
    }
}

/// Whether a word that may be a noun stands as a command here.
fn is_command(first: &str, words: &[&str], is_opened: bool) -> bool {
    if !AMBIGUOUS.contains(&first) || is_opened {
        return true;
    }
    let Some(next) = words.get(1) else { return ALONE.contains(&first) || first == "upgrade" };
    let next_lower = next.to_lowercase();
    if DETERMINERS.contains(&next_lower.as_str()) {
        return true;
    }
    if matches!(next_lower.as_str(), "and" | "or" | "&" | "is" | "are" | "of") {
        return false;
    }
    let last = words.last().map(|it| it.to_lowercase()).unwrap_or_default();
    if MOSTLY_NOUNS.contains(&first) {
        return false;
    }
    let object = words[1..].iter().map(|it| it.to_lowercase());
    let mut object = object.take_while(|it| !PREPOSITIONS.contains(&it.as_str()));
    if object.any(|it| NOUN_ENDS.contains(&it.as_str()) && !MASS.contains(&it.as_str())) {
        return false;
    }
    // "Export data", "Share feedback", "Import contacts": a plural or a mass noun right after it.
    let is_many = last.ends_with('s') && !last.ends_with("ss") || MASS.contains(&last.as_str());
    is_many && !is_stop(&last)
        || words.iter().any(|it| PREPOSITIONS.contains(&it.to_lowercase().as_str()) && **it != *"of")
}

/// "Tracking pixel": a gerund before a bare singular is part of a noun.
fn is_compound(rest: &[String], casing: &Casing) -> bool {
    let object: Vec<String> = rest
        .iter()
        .map(|it| it.to_lowercase())
        .take_while(|it| !PREPOSITIONS.contains(&it.as_str()))
        .collect();
    let (Some(first), Some(last)) = (object.first(), object.last()) else { return false };
    let is_open = DETERMINERS.contains(&first.as_str())
        || last.ends_with('s') && !last.ends_with("ss")
        || MASS.contains(&last.as_str());
    let is_name =
        rest.iter().take(object.len()).any(|it| casing.is_foreign(&casing.sentence(&format!("x {it}"))[2..]));
    const WORDS_MAX: usize = 2;
    object.len() <= WORDS_MAX && object.len() == rest.len() && !is_open && !is_name
}

fn starts_negative(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["don't ", "don’t ", "do not ", "avoid ", "never ", "stop ", "no ", "not "]
        .iter()
        .any(|it| lower.starts_with(it))
}

/// Takes the marks of code off plain words and the product's name; what else is code stays marked.
fn without_code(text: &str, product: &str) -> String {
    const CHARS_MAX: usize = 14;
    let mut out = String::with_capacity(text.len());
    for (at, piece) in text.split('`').enumerate() {
        let is_plain = piece.eq_ignore_ascii_case(product)
            || piece.len() <= CHARS_MAX && piece.chars().all(|it| it.is_ascii_lowercase());
        if at % 2 == 1 && !is_plain {
            out.push('`');
            out.push_str(piece);
            out.push('`');
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// Titles are for people: paths, flags, calls and names of variables are not.
fn looks_like_code(text: &str) -> bool {
    text.contains([
        '{', '}', '(', '<', '>', '=', '$', '`', '\\', '[', ']', '|', '@', '~', '^', '#', ';', '_', '*',
    ]) || text.contains("::")
        || text.contains("--")
        || text.contains("//")
        || text.contains("->")
        || text.split(' ').any(|it| it.starts_with('-') || it.starts_with('/') || it.starts_with('.'))
        || text.split(' ').any(|it| {
            it.contains('.')
                && !it.ends_with('.')
                && it.rsplit('.').next().is_some_and(|end| {
                    matches!(
                        end,
                        "rs" | "ts"
                            | "js"
                            | "json"
                            | "toml"
                            | "yml"
                            | "yaml"
                            | "py"
                            | "md"
                            | "tsx"
                            | "sh"
                            | "html"
                            | "css"
                    )
                })
        })
}

/// Lemmas shared by two phrases' objects.
pub(crate) fn overlap(a: &BTreeSet<String>, b: &BTreeSet<String>) -> usize {
    a.intersection(b).count()
}

impl Phrase {
    /// Verbs that say the same of a product, as one.
    pub(crate) fn class(&self) -> &'static str {
        match self.verb {
            "add" | "make" | "build" | "generate" | "compose" | "create" => "create",
            "view" | "browse" | "explore" | "look_at" | "watch" | "inspect" | "check" | "see" => "see",
            "delete" | "remove" => "delete",
            "configure" | "customize" | "customise" | "prepare" | "set" | "adjust" | "set_up" => "set_up",
            "integrate" | "integrate_with" | "link" | "connect" => "connect",
            "edit" | "update" | "modify" | "rename" | "change" => "change",
            "enable" | "turn_on" | "activate" => "enable",
            "disable" | "turn_off" => "disable",
            "purchase" | "buy" => "buy",
            "filter" | "segment" => "filter",
            "monitor" | "measure" | "track" => "track",
            "sign_in" | "log_in" => "log_in",
            "migrate" | "import" | "bring" => "import",
            other => other,
        }
    }

    /// Whether both ask for the same, so that they are one step.
    pub(crate) fn is_same_as(&self, other: &Phrase) -> bool {
        if self.title.eq_ignore_ascii_case(&other.title) {
            return true;
        }
        if self.class() != other.class() {
            return false;
        }
        if self.objects == other.objects {
            return true;
        }
        if self.head != other.head || self.head.is_none() {
            return false;
        }
        // "Add fields" is said again by "Add fields like name and date".
        let is_bare = |it: &Phrase| it.objects == it.direct;
        if self.direct == other.direct && (is_bare(self) || is_bare(other)) {
            return true;
        }
        let shared = overlap(&self.objects, &other.objects);
        let all = self.objects.len() + other.objects.len() - shared;
        shared * 2 >= all
    }
}

#[cfg(test)]
#[path = "phrase_tests.rs"]
mod tests;
