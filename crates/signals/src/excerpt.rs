//! The words of a signal that enter a journey: without what must not be shared, as long as evidence may be.

use std::collections::BTreeMap;

use custory_domain::Evidence;

use crate::redact::{Removed, redact};

/// Words ready to be shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The words, on one line, at most [`Evidence::EXCERPT_CHARS_MAX`] characters.
    pub text: String,
    /// How often what was taken out of them.
    pub removed: BTreeMap<Removed, usize>,
    /// Whether they are the beginning of more.
    pub is_cut: bool,
}

/// The excerpt of a text: all of it, or its first whole sentences, or as many words as fit.
pub fn excerpt(text: &str) -> Excerpt {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = redact(&line);
    if whole.text.chars().count() <= Evidence::EXCERPT_CHARS_MAX {
        return Excerpt { text: whole.text, removed: whole.removed, is_cut: false };
    }
    let room: String = whole.text.chars().take(Evidence::EXCERPT_CHARS_MAX - 1).collect();
    let sentence = room.rmatch_indices(['.', '!', '?']).map(|it| it.0 + 1).find(|it| *it > room.len() / 2);
    let text = match sentence {
        Some(end) => room[..end].to_owned(),
        None => format!("{}…", room.rsplit_once(' ').map_or(room.as_str(), |it| it.0)),
    };
    // What was taken out behind the cut is not part of these words.
    let removed = whole.removed.into_keys().filter_map(|it| {
        let count = text.matches(it.mark()).count();
        (count > 0).then_some((it, count))
    });
    Excerpt { removed: removed.collect(), text, is_cut: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_text_ends_with_a_sentence_or_a_word() {
        let sentences = "The invite never came. ".repeat(40);
        let it = excerpt(&sentences);
        assert!(it.is_cut && it.text.ends_with("came."), "{it:?}");
        let words = "and then ".repeat(100);
        assert!(excerpt(&words).text.ends_with(" then…") || excerpt(&words).text.ends_with(" and…"));
        assert_eq!(excerpt("Mail\n me at a@b.co").text, "Mail me at [e-mail]");
    }

    proptest! {
        #[test]
        fn it_is_never_longer_than_evidence_may_be(text in "\\PC{0,900}") {
            prop_assert!(excerpt(&text).text.chars().count() <= Evidence::EXCERPT_CHARS_MAX);
        }
    }
}
