//! Words reduced to what they mean, so that "Inviting teammates" meets "Invite a colleague".

/// Words that carry no meaning of their own in a title.
const STOP: &[&str] = &[
    "a",
    "an",
    "the",
    "your",
    "my",
    "our",
    "their",
    "its",
    "his",
    "her",
    "you",
    "we",
    "i",
    "it",
    "they",
    "them",
    "us",
    "me",
    "this",
    "that",
    "these",
    "those",
    "to",
    "of",
    "in",
    "on",
    "at",
    "for",
    "from",
    "with",
    "by",
    "into",
    "onto",
    "as",
    "and",
    "or",
    "is",
    "are",
    "be",
    "been",
    "was",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "will",
    "would",
    "should",
    "may",
    "might",
    "must",
    "have",
    "has",
    "had",
    "new",
    "first",
    "existing",
    "own",
    "more",
    "all",
    "any",
    "some",
    "every",
    "each",
    "other",
    "another",
    "just",
    "now",
    "here",
    "there",
    "how",
    "what",
    "when",
    "where",
    "why",
    "which",
    "who",
    "if",
    "then",
    "so",
    "than",
    "but",
    "not",
    "no",
    "yes",
    "up",
    "out",
    "via",
    "using",
    "through",
    "about",
    "s",
    "t",
    "user",
    "users",
    "step",
    "please",
    "also",
    "only",
    "very",
    "free",
    "easily",
    "quickly",
    "single",
    "multiple",
    "two",
    "three",
    "both",
    "different",
    "specific",
    "custom",
    "don",
    "doesn",
    "isn",
    "am",
    "let",
    "app",
    "page",
    "button",
    "section",
    "off",
];

/// Words that mean the same to a journey: (word, what it counts as).
const SAME: &[(&str, &str)] = &[
    ("teammate", "teammate"),
    ("member", "teammate"),
    ("colleague", "teammate"),
    ("coworker", "teammate"),
    ("collaborator", "teammate"),
    ("people", "teammate"),
    ("person", "teammate"),
    ("organisation", "organization"),
    ("org", "organization"),
    ("company", "organization"),
    ("mail", "email"),
    ("e-mail", "email"),
    ("inbox", "email"),
    ("website", "site"),
    ("web", "site"),
    ("doc", "document"),
    ("docs", "document"),
    ("documentation", "document"),
    ("photo", "image"),
    ("picture", "image"),
    ("price", "plan"),
    ("pricing", "plan"),
    ("tier", "plan"),
    ("snippet", "script"),
    ("signup", "sign_up"),
    ("sign-up", "sign_up"),
    ("login", "log_in"),
    ("signin", "log_in"),
    ("sign-in", "log_in"),
    ("log-in", "log_in"),
    ("setup", "set_up"),
    ("checkout", "check_out"),
    ("credentials", "credential"),
    ("2fa", "two-factor"),
    ("mfa", "two-factor"),
    ("invitation", "invite"),
    ("invitee", "teammate"),
    ("preference", "setting"),
    ("configuration", "setting"),
    ("config", "setting"),
    ("analytics", "analytics"),
    ("status", "status"),
    ("canvas", "canvas"),
    ("sms", "sms"),
    ("aws", "aws"),
    ("css", "css"),
    ("dns", "dns"),
    ("saas", "saas"),
    ("js", "js"),
    ("https", "https"),
    ("sms", "sms"),
];

/// A word without number and spelling variants, in lower case.
pub(crate) fn lemma(word: &str) -> String {
    let lower = word.to_lowercase();
    let lower = lower.trim_end_matches("'s").trim_end_matches("’s");
    let same = |word: &str| SAME.iter().find(|it| it.0 == word).map(|it| it.1.to_owned());
    if let Some(known) = same(lower) {
        return known;
    }
    let singular = singular(lower);
    same(&singular).unwrap_or(singular)
}

fn singular(word: &str) -> String {
    if word.len() <= 3 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|it| it.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Splits at everything that is no letter, digit, apostrophe or inner hyphen.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_');
    text.split(move |c: char| !inside(c))
        .map(|it| it.trim_matches(['\'', '’', '-']))
        .filter(|it| !it.is_empty())
}

/// The lemmas of a text's meaning words, verbs reduced to their base.
pub(crate) fn content_words(text: &str) -> Vec<String> {
    let all: Vec<String> = words(text).map(str::to_lowercase).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let word = all[at].as_str();
        let is_known = SAME.iter().any(|it| it.0 == word);
        let base = super::verb::base_of(word).filter(|_| !is_known).map(|it| it.0);
        let phrasal =
            base.zip(all.get(at + 1)).and_then(|(base, next)| super::verb::verb(&format!("{base}_{next}")));
        if let Some((phrasal, _)) = phrasal {
            found.push(phrasal.to_owned());
            at += 2;
            continue;
        }
        if !STOP.contains(&word) {
            found.push(lemma(base.unwrap_or(word)));
        }
        at += 1;
    }
    found
}

/// Whether a word carries no meaning of its own.
pub(super) fn is_stop(word: &str) -> bool {
    STOP.contains(&word)
}

/// Whether a text is English, by its commonest little words. Texts too short to tell count as
/// English.
pub(crate) fn looks_english(text: &str) -> bool {
    const COMMON: &[&str] =
        &["the", "and", "to", "of", "a", "in", "is", "you", "for", "your", "with", "on", "it"];
    const ENOUGH: usize = 60;
    let sample: Vec<String> = words(text).take(2_000).map(str::to_lowercase).collect();
    if sample.len() < ENOUGH {
        const LATIN_END: char = '\u{250}';
        return text.chars().filter(|it| it.is_alphabetic()).take(400).all(|it| it < LATIN_END);
    }
    let common = sample.iter().filter(|it| COMMON.contains(&it.as_str())).count();
    common * 12 >= sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_meet_their_variants() {
        for (word, expected) in [
            ("Teammates", "teammate"),
            ("members", "teammate"),
            ("companies", "organization"),
            ("policies", "policy"),
            ("analytics", "analytics"),
            ("status", "status"),
            ("Website", "site"),
            ("boxes", "box"),
            ("customer's", "customer"),
        ] {
            assert_eq!(lemma(word), expected, "{word}");
        }
    }

    #[test]
    fn languages_are_told_apart() {
        let english =
            "This is how you set up the thing and get it to work for your team in a day. ".repeat(6);
        let german = "So richten Sie das Werkzeug ein und laden Ihr Team zu einem Bereich ein. ".repeat(6);
        assert!(looks_english(&english));
        assert!(!looks_english(&german));
        assert!(!looks_english("数据库连接设置"));
        assert!(looks_english("Sign up"));
    }
}
