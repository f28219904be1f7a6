//! What somebody who speaks to Custory in a chat wants, by the first words.

/// A wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Keep the thread, or this message where there is none.
    SaveThread,
    /// Keep this very message: it is no order.
    SaveThis,
    /// Find something.
    Search(String),
    /// Show a step.
    Step(String),
    /// What changed lately.
    Changed,
    /// Answer a question.
    Ask(String),
    /// What can be wished for.
    Help,
}

impl Wish {
    /// Reads a wish. Unknown words are no wish: they are what somebody wants kept.
    pub fn of(words: &str) -> Self {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (first, rest) = words.split_once(' ').unwrap_or((&words, ""));
        let rest = rest.trim().to_owned();
        match (first.trim_end_matches([':', '!', '.']).to_lowercase().as_str(), rest.is_empty()) {
            ("" | "save" | "keep" | "capture", true) => Self::SaveThread,
            ("save" | "keep" | "capture", false) if rest == "this" || rest == "thread" => Self::SaveThread,
            ("help" | "hello" | "hi", true) => Self::Help,
            ("changed" | "changes", _) => Self::Changed,
            ("what" | "what's", _) if words.trim_end_matches('?').ends_with("changed") => Self::Changed,
            ("search" | "find", false) => Self::Search(rest),
            ("step" | "show", false) => Self::Step(rest),
            ("ask", false) => Self::Ask(rest),
            _ if words.ends_with('?') => Self::Ask(words),
            _ => Self::SaveThis,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_by_their_first_words_and_anything_else_is_kept() {
        for (words, wish) in [
            ("", Wish::SaveThread),
            (" Save! ", Wish::SaveThread),
            ("capture this", Wish::SaveThread),
            ("help", Wish::Help),
            ("what changed?", Wish::Changed),
            ("What has changed", Wish::Changed),
            ("changes this week", Wish::Changed),
            ("Search:  crew   invite", Wish::Search("crew invite".to_owned())),
            ("step Invite crew", Wish::Step("Invite crew".to_owned())),
            ("ask where they stop", Wish::Ask("where they stop".to_owned())),
            ("where do they stop?", Wish::Ask("where do they stop?".to_owned())),
            ("Bell says the invite never came", Wish::SaveThis),
            ("search", Wish::SaveThis),
            ("save your time, it is broken", Wish::SaveThis),
        ] {
            assert_eq!(Wish::of(words), wish, "{words}");
        }
    }
}
