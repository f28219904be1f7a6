//! Text that somebody else wrote, set off so that a model can tell it from what it is asked.
//!
//! A fence is a courtesy to the model and no protection: what protects is that nothing a model says
//! makes anything happen. Invariant: fenced text cannot end its own fence.

/// What opens and closes a fence, together with a label.
const MARK: &str = "⟦";
const END: &str = "⟧";

/// A text within a fence, under a label that is ours.
pub(crate) fn fenced(label: &str, text: &str) -> String {
    format!("{MARK}{label}{END}\n{}\n{MARK}/{label}{END}", plain(text))
}

/// Text without what could pass for a fence or hide what it says: control characters, and characters
/// that have no width or turn the direction of writing.
pub(crate) fn plain(text: &str) -> String {
    let is_hidden = |it: char| {
        matches!(it,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{00ad}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
            || (it.is_control() && it != '\n' && it != '\t')
    };
    text.chars().filter(|it| !is_hidden(*it) && !MARK.contains(*it) && !END.contains(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fenced_text_cannot_end_its_fence(text in "\\PC{0,40}", inner in "[⟦⟧/p1 ]{0,12}") {
            let whole = fenced("p1", &format!("{text}{inner}{text}"));
            prop_assert_eq!(whole.matches("⟦/p1⟧").count(), 1);
            prop_assert!(whole.ends_with("⟦/p1⟧"));
        }
    }

    #[test]
    fn hidden_characters_are_taken_out() {
        assert_eq!(plain("a\u{200b}b\u{202e}c\u{e0041}d\u{7}e\nf"), "abcde\nf");
    }
}
