//! Words of somebody in quotation marks.

/// Words in quotation marks. Such marks inside become single ones, as everywhere in print: people name their findings
/// by what customers say.
#[must_use]
pub fn quoted(words: &str) -> String {
    let inside = words.replace('“', "‘").replace('”', "’");
    format!("“{inside}”")
}

/// The same of no more than so many characters. What is left out shows as an ellipsis, which no blank and no mark that
/// opens a quotation stands before.
#[must_use]
pub fn quoted_short(words: &str, chars_max: usize) -> String {
    let Some((end, _)) = words.char_indices().nth(chars_max) else { return quoted(words) };
    let short = words[..end].trim_end_matches(|it: char| it.is_whitespace() || "“‘\"(".contains(it));
    quoted(&format!("{short}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_inside_become_single() {
        for (words, expected) in [
            ("Find us", "“Find us”"),
            ("Owners search “punch clock app”", "“Owners search ‘punch clock app’”"),
            ("“Per seat” reads as “per phone”", "“‘Per seat’ reads as ‘per phone’”"),
            ("It’s 5\" wide", "“It’s 5\" wide”"),
            ("", "“”"),
        ] {
            assert_eq!(quoted(words), expected);
        }
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        for (words, chars_max, expected) in [
            ("Find us", 7, "“Find us”"),
            ("Find us", 6, "“Find u…”"),
            ("Find us", 5, "“Find…”"),
            ("never “time”", 7, "“never…”"),
            ("Über uns", 4, "“Über…”"),
        ] {
            assert_eq!(quoted_short(words, chars_max), expected);
        }
    }
}
