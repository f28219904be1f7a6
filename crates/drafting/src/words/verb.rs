//! Finds the base form of a verb, by table and by the regular endings of English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::grammar::DETERMINERS;
use super::lexicon::{IRREGULAR, NOT_GERUNDS, VERBS};

/// What part of a journey a verb leans towards, when nothing else says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leaning {
    /// Looking at the product from outside.
    Look,
    /// Becoming a customer.
    Join,
    /// Making it one's own.
    SetUp,
    /// Getting something out of it for the first time.
    Try,
    /// Everyday work.
    Use,
    /// Paying.
    Pay,
    /// Getting out of trouble.
    Help,
    /// Telling others.
    Share,
    /// Going away.
    Leave,
    /// A hand's movement on a screen; no step of its own.
    Touch,
}

/// In which form a verb stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Base,
    Gerund,
    Past,
    Third,
}

/// The first leaning listed for each verb counts.
static LEANINGS: LazyLock<BTreeMap<&'static str, Leaning>> = LazyLock::new(|| {
    let mut leanings = BTreeMap::new();
    for (leaning, verbs) in VERBS {
        for verb in verbs.split_whitespace() {
            leanings.entry(verb).or_insert(*leaning);
        }
    }
    leanings
});

static IRREGULAR_FORMS: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| IRREGULAR.iter().copied().collect());

/// The leaning of a verb in base form (`set_up` for phrasal ones).
pub(crate) fn verb(base: &str) -> Option<(&'static str, Leaning)> {
    LEANINGS.get_key_value(base).map(|(base, leaning)| (*base, *leaning))
}

/// Whether a sentence asks its reader to do something: "Start a trial", not "Start times differ".
pub(crate) fn is_request(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let mut words = lower.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_noun = super::lexicon::MOSTLY_NOUNS.contains(&first) && !DETERMINERS.contains(&second);
    verb(first).is_some() && !is_noun
}

/// The base form of a single lower-case word, and the form it stood in.
pub(super) fn base_of(word: &str) -> Option<(&'static str, Form)> {
    if let Some((base, _)) = verb(word) {
        return Some((base, Form::Base));
    }
    if let Some(base) = IRREGULAR_FORMS.get(word) {
        let form = if word.ends_with("ing") { Form::Gerund } else { Form::Past };
        return first_part(base).map(|base| (base, form));
    }
    if let Some(stem) = word.strip_suffix("ing").filter(|it| it.len() > 2 && !NOT_GERUNDS.contains(&word)) {
        return from_stem(stem).map(|base| (base, Form::Gerund));
    }
    if let Some(stem) = word.strip_suffix("ied") {
        return known(&format!("{stem}y")).map(|base| (base, Form::Past));
    }
    if let Some(stem) = word.strip_suffix("ed").filter(|it| it.len() > 1) {
        return from_stem(stem).map(|base| (base, Form::Past));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return known(&format!("{stem}y")).map(|base| (base, Form::Third));
    }
    let stem = word.strip_suffix('s')?;
    known(stem).or_else(|| known(stem.strip_suffix('e')?)).map(|base| (base, Form::Third))
}

/// Undoes a doubled consonant or a dropped `e`.
fn from_stem(stem: &str) -> Option<&'static str> {
    let undoubled = || {
        let mut ends = stem.chars().rev();
        (ends.next() == ends.next()).then(|| stem.get(..stem.len() - 1)).flatten()
    };
    known(stem).or_else(|| known(&format!("{stem}e"))).or_else(|| known(undoubled()?))
}

/// The word itself if it is a verb, or the first part of a phrasal verb ("sign" of `sign_up`).
fn known(word: &str) -> Option<&'static str> {
    verb(word).map(|(base, _)| base).or_else(|| first_part(word))
}

fn first_part(word: &str) -> Option<&'static str> {
    if let Some((base, _)) = verb(word) {
        return Some(base);
    }
    let prefix = format!("{word}_");
    let phrasal: &'static str = LEANINGS.keys().find(|it| **it >= prefix.as_str())?;
    phrasal.starts_with(&prefix).then(|| &phrasal[..word.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_the_base() {
        for (word, base, form) in [
            ("create", "create", Form::Base),
            ("creating", "create", Form::Gerund),
            ("inviting", "invite", Form::Gerund),
            ("setting", "set", Form::Gerund),
            ("running", "run", Form::Gerund),
            ("embedding", "embed", Form::Gerund),
            ("created", "create", Form::Past),
            ("sent", "send", Form::Past),
            ("verified", "verify", Form::Past),
            ("creates", "create", Form::Third),
            ("publishes", "publish", Form::Third),
            ("verifies", "verify", Form::Third),
            ("paid", "pay", Form::Past),
            ("upgraded", "upgrade", Form::Past),
        ] {
            assert_eq!(base_of(word), Some((base, form)), "{word}");
        }
    }

    #[test]
    fn names_of_subjects_are_no_verbs() {
        for word in
            ["billing", "pricing", "settings", "dashboard", "string", "team", "thing", "troubleshooting"]
        {
            assert_eq!(base_of(word).filter(|it| it.1 != Form::Base), None, "{word}");
        }
    }
}
