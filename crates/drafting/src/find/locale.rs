//! Texts of an app, in English: buttons say what one can do there.

use std::sync::LazyLock;

use regex::Regex;

use super::fact::{Fact, FactKind, Sign};

/// Labels taken of one file.
const LABELS_MAX: usize = 1_500;

static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)^\s*(?:"[^"\n]{1,120}"\s*:\s*"([^"\\\n]{4,60})"|msgid\s+"([^"\\\n]{4,60})"|[\w.\- ]{1,80}\s*[:=]\s*["']?([A-Z][^"'\\\n{}|<>]{3,60}?)["']?\s*$)"#)
        .expect("the pattern is a constant and compiles")
});

/// Finds labels of a few words; what they ask to do is told later.
pub(super) fn find(text: &str) -> Vec<Fact> {
    let label = |found: regex::Captures<'_>| {
        let value = found.iter().skip(1).flatten().next()?;
        let words = value.as_str();
        const WORDS: std::ops::RangeInclusive<usize> = 2..=6;
        let is_label = WORDS.contains(&words.split_whitespace().count())
            && words.starts_with(char::is_uppercase)
            && !words.contains(['{', '<', '%', '?', '.', '!']);
        is_label.then(|| Fact::quoted(FactKind::Action(Sign::Label), words, value.start()))
    };
    VALUE.captures_iter(text).filter_map(label).take(LABELS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_in_the_usual_formats() {
        let json = "{\n  \"invite.button\": \"Invite teammates\",\n  \"x\": \"No\",\n  \"long\": \"This is a whole sentence about it.\"\n}";
        let po = "msgid \"Create document\"\nmsgstr \"\"\n";
        let yaml = "en:\n  signup: Create your account\n";
        let found = |text: &str| find(text).into_iter().map(|it| it.words).collect::<Vec<_>>();
        assert_eq!(found(json), ["Invite teammates"]);
        assert_eq!(found(po), ["Create document"]);
        assert_eq!(found(yaml), ["Create your account"]);
    }
}
