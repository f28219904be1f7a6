//! Takes numbering, decoration and politeness off a text, so that the words that matter come
//! first.

use std::sync::LazyLock;

use regex::Regex;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

static NUMBERING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:step|part|stage|phase|task|lesson|chapter)\s*#?\d+\s*[:.)–—-]?\s*|\(?\d{1,2}(?:\.\d{1,2})*[.):]\s+|\d{1,2}\s+[–—-]\s+|[a-z][.)]\s+)",
    )
});

/// Openings after which a verb in base form is expected.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:",
        r"(?:learn |see |here(?:'|’)s |this is )?how (?:do|can|should|would|does|could) (?:i|you|we|one|my team|users?|customers?) (?:can )?|",
        r"(?:learn |see |find out |discover |here(?:'|’)s |guide (?:on|to):? )?how (?:to|you can) |",
        r"(?:an? )?(?:\w+ )?(?:users?|customers?|visitors?|members?|admins?|owners?|guests?|people) (?:should be able to|should|can|may|is able to|are able to|must) |",
        r"(?:an? |the )?\w+ (?:should be able to|can|is able to) |",
        r"should (?:be able to |allow (?:users?|you|an? \w+) to |let (?:users?|you) )?|",
        r"(?:it )?allows? (?:users?|you|an? \w+) to |lets (?:users?|you) |",
        r"(?:now|next|then|first|firstly|second|third|finally|lastly|optionally|afterwards|once done),?:? (?:you can |you need to |we |let(?:'|’)s )?|",
        r"you(?:(?:'|’)ll)? (?:can|need to|have to|should|may|must|want to|will need to)(?: also| now| then)? |",
        r"(?:let(?:'|’)s|please|simply|just|optionally|optional:|to get started,?|want to|ready to|time to|be sure to|don(?:'|’)t forget to|remember to|start by|begin by|try to|able to|can|to) ",
        r")+",
    ))
});

/// Ends of a first clause.
static CLAUSE_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:[.!?;:]\s|\s[–—|]\s|\s-\s|\s?→\s?|\s?»\s?|\s\(|\s?/\s|,?\s(?:so that|in order to|which|where|because|before|after|once|when|while|if|until|unless|as shown|as described|such as|like so)\s|,\s(?:then|and then|and|or|so|but|in|on|to|with|for|from|by|as|using|including|without)\s|’s\s|'s\s\w+\s\w+\s(?:is|are|compare))",
    )
});

/// One line with single spaces.
pub(crate) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without emoji and arrows around, numbering in front, punctuation behind.
pub(super) fn bare(text: &str) -> String {
    let line = squeeze(text);
    let trimmed = line.trim_matches(|it: char| {
        !it.is_alphanumeric()
            && !matches!(it, '(' | ')' | '"' | '\'' | '`' | '/' | '{' | '<' | '$' | '-' | '?')
    });
    let numbered = NUMBERING.replace(trimmed, "");
    numbered
        .trim_matches(|it: char| {
            it.is_whitespace()
                || matches!(it, '.' | ':' | '!' | '…' | '"' | '*' | '_' | ',' | '-' | '`' | '\'')
        })
        .to_owned()
}

/// Whether a heading asks how to do something.
pub(super) fn asks_how(text: &str) -> bool {
    text.to_lowercase().trim_start().starts_with("how ")
}

/// What follows an opening such as "How to" or "You can".
pub(super) fn after_opening(text: &str) -> &str {
    match OPENING.find(text) {
        Some(opening) if opening.end() < text.len() => &text[opening.end()..],
        _ => text,
    }
}

/// Up to the end of the first clause.
pub(super) fn first_clause(text: &str) -> &str {
    let end = CLAUSE_END.find(text).map_or(text.len(), |it| it.start());
    text[..end].trim_end_matches([' ', ',', '.', ':', '!', '?', ';', ')', '…'])
}

/// The first sentence of a paragraph, within a bound; nothing if it is longer.
pub(crate) fn first_sentence(text: &str, chars_max: usize) -> Option<&str> {
    let text = text.trim();
    let mut ends = text.match_indices(['.', '!', '?', '。', '\n']);
    let end = ends.find_map(|(at, mark)| {
        let next = text[at + mark.len()..].chars().next();
        let is_end = mark == "\n" || next.is_none_or(char::is_whitespace);
        let is_abbreviation = ["e.g", "i.e", "etc", "vs", "approx"].iter().any(|it| text[..at].ends_with(it));
        (is_end && !is_abbreviation).then_some(at + if mark == "\n" { 0 } else { mark.len() })
    });
    let sentence = text[..end.unwrap_or(text.len())].trim_end();
    (!sentence.is_empty() && sentence.chars().count() <= chars_max).then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_and_numbering_go() {
        for (text, expected) in [
            ("Step 1: Create an account", "Create an account"),
            ("2. Invite your team", "Invite your team"),
            ("🚀 How to set up goals?", "set up goals?"),
            ("How do I export my data", "export my data"),
            ("user can create a document", "create a document"),
            ("should be able to log in", "log in"),
            ("You can then invite people", "invite people"),
            ("Next, add a site", "add a site"),
        ] {
            assert_eq!(after_opening(&bare(text)), expected, "{text}");
        }
    }

    #[test]
    fn the_first_clause_stands_alone() {
        for (text, expected) in [
            ("Create a project, then invite people", "Create a project"),
            ("Add a goal – it takes a minute", "Add a goal"),
            ("Choose a plan (optional)", "Choose a plan"),
            ("Save your changes before you leave", "Save your changes"),
        ] {
            assert_eq!(first_clause(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(first_sentence("Use e.g. Slack. Then go.", 80), Some("Use e.g. Slack."));
        assert_eq!(first_sentence("Version 2.1 is out. Yes.", 80), Some("Version 2.1 is out."));
        assert_eq!(first_sentence("Far too long for the bound.", 10), None);
    }
}
