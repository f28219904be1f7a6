//! Texts as words, to compare what a model says with what a source says.
//!
//! Any language: words are runs of letters and digits, compared without case and by their first
//! letters, so that "invites" and "invite" are one.

use std::collections::BTreeSet;

/// Letters by which longer words are compared: endings differ, beginnings do not.
const STEM_CHARS: usize = 5;

/// Words that say nothing of what a text is about.
const FILLERS: &[&str] = &[
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has",
    "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "new", "no", "not", "of", "on",
    "or", "our", "so", "that", "the", "their", "them", "there", "they", "this", "to", "up", "use", "was",
    "we", "what", "when", "where", "which", "who", "why", "will", "with", "you", "your",
];

/// Words in lower case, in their order.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

/// What the words that say something begin with.
pub(crate) fn stems(text: &str) -> BTreeSet<String> {
    words(text)
        .into_iter()
        .filter(|it| !FILLERS.contains(&it.as_str()))
        .map(|it| it.chars().take(STEM_CHARS).collect())
        .collect()
}

/// Which share of the words of `text` that say something are in `known`; 1 for a text without any.
pub(crate) fn share_known(text: &str, known: &BTreeSet<String>) -> f32 {
    let own = stems(text);
    if own.is_empty() {
        return 1.0;
    }
    own.iter().filter(|it| known.contains(*it)).count() as f32 / own.len() as f32
}

/// Numbers as written, without what groups their digits: `1,200.50` is `1200.50`.
pub(crate) fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut number = String::new();
    let mut chars = text.chars().peekable();
    while let Some(it) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(char::is_ascii_digit);
        match it {
            '0'..='9' => number.push(it),
            ',' | '\u{a0}' | '\'' | '’' if !number.is_empty() && next_is_digit => {}
            '.' if !number.is_empty() && next_is_digit => number.push('.'),
            _ if !number.is_empty() => drop(found.insert(std::mem::take(&mut number))),
            _ => {}
        }
    }
    if !number.is_empty() {
        found.insert(number);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_by_what_they_begin_with() {
        let known = stems("Inviting teammates to your workspace");
        assert_eq!(share_known("Invite your teammate", &known), 1.0);
        assert_eq!(share_known("Invite accountants", &known), 0.5);
        assert_eq!(share_known("to the", &known), 1.0);
    }

    #[test]
    fn numbers_are_the_same_however_their_digits_are_grouped() {
        let found = numbers("1,200.50 dollars for 12 seats, v2. 40%");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["12", "1200.50", "2", "40"]);
    }
}
