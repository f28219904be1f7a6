//! The words of an answer that is still being written, out of the form that it is written in.

use jiter::{JsonValue, PartialMode};

/// The texts of claims and changes in the beginning of a turn; the last one may go on. None while there are none,
/// or while what is there is no beginning of a turn.
pub(super) fn so_far(text: &str) -> Vec<String> {
    let start = text.find('{').unwrap_or(text.len());
    let parsed = JsonValue::parse_with_config(&text.as_bytes()[start..], false, PartialMode::TrailingStrings);
    let Ok(JsonValue::Object(turn)) = parsed else { return Vec::new() };
    let mut words = Vec::new();
    for (_, list) in turn.iter().filter(|(key, _)| matches!(&**key, "claims" | "changes")) {
        let JsonValue::Array(entries) = list else { continue };
        for entry in entries.iter() {
            let JsonValue::Object(entry) = entry else { continue };
            let text = entry.iter().find(|(key, _)| &**key == "text").map(|(_, value)| value);
            if let Some(JsonValue::Str(text)) = text
                && !text.trim().is_empty()
            {
                words.push(text.to_string());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        let whole = r#"{"act":"answer","changes":[],"claims":[{"cites":["S1"],"text":"They wait."},{"cites":["S2"],"text":"Nobody “asks” \u00e9."}]}"#;
        let mut last: Vec<String> = Vec::new();
        for end in (0..=whole.len()).filter(|it| whole.is_char_boundary(*it)) {
            let words = so_far(&whole[..end]);
            for (old, new) in last.iter().zip(&words) {
                assert!(new.starts_with(old.as_str()), "{old} was followed by {new}");
            }
            assert!(words.len() >= last.len(), "{end}");
            last = words;
        }
        assert_eq!(last, ["They wait.", "Nobody “asks” é."]);
    }

    #[test]
    fn what_is_no_turn_says_nothing() {
        for text in [
            "",
            "Sure! ",
            "[1,2",
            r#"{"claims":7}"#,
            r#"{"claims":["x"]}"#,
            r#"{"claims":[{"text":3}]}"#,
            "{{",
        ] {
            assert!(so_far(text).is_empty(), "{text}");
        }
        assert_eq!(so_far("```json\n{\"claims\":[{\"text\":\"Ja"), ["Ja"]);
    }
}
