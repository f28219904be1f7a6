//! Matching what is typed with what there is: letters in their order, whole words first.

/// How well `typed` fits `text`, higher is better; `None` if a letter is missing. Case does not
/// matter. Nothing typed fits everything equally.
pub fn fit(typed: &str, text: &str) -> Option<u32> {
    let typed: Vec<char> =
        typed.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase).collect();
    if typed.is_empty() {
        return Some(0);
    }
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut score = 0;
    let mut at = 0;
    let mut run = 0;
    for letter in &typed {
        let found = at + text[at..].iter().position(|it| it == letter)?;
        let begins_word = found == 0 || !text[found - 1].is_alphanumeric();
        run = if found == at && at > 0 { run + 1 } else { 0 };
        score += 1 + run * 3 + if begins_word { 4 } else { 0 };
        at = found + 1;
    }
    // Of two that fit alike the shorter one says it more exactly.
    Some(score * 100 / (20 + text.len() as u32 / 4))
}

/// A text in pieces, those that stand between `[` and `]` marked.
pub fn marked(excerpt: &str) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut is_marked = false;
    for letter in excerpt.chars() {
        match (letter, is_marked) {
            ('[', false) | (']', true) => {
                if !piece.is_empty() {
                    pieces.push((std::mem::take(&mut piece), is_marked));
                }
                is_marked = !is_marked;
            }
            _ => piece.push(letter),
        }
    }
    if !piece.is_empty() {
        pieces.push((piece, is_marked));
    }
    pieces
}

/// A text in pieces, those that were typed marked.
pub fn found(typed: &str, text: &str) -> Vec<(String, bool)> {
    let typed = typed.trim().to_lowercase();
    let lower = text.to_lowercase();
    // Lower case may be longer than the text in a few scripts; then nothing is marked.
    match lower.find(&typed) {
        Some(at)
            if !typed.is_empty()
                && lower.len() == text.len()
                && text.is_char_boundary(at)
                && text.is_char_boundary(at + typed.len()) =>
        {
            let (before, rest) = text.split_at(at);
            let (hit, after) = rest.split_at(typed.len());
            [(before, false), (hit, true), (after, false)]
                .into_iter()
                .filter(|it| !it.0.is_empty())
                .map(|(piece, is_marked)| (piece.to_owned(), is_marked))
                .collect()
        }
        _ => vec![(text.to_owned(), false)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_fit_better_than_scattered_letters() {
        let best = |typed: &str, texts: &[&'static str]| {
            texts.iter().copied().max_by_key(|it| fit(typed, it)).unwrap_or_default()
        };
        let texts = ["Add an insight", "Add a step", "Archive journey", "Switch to dark", "Undo"];
        for (typed, expected) in
            [("insi", "Add an insight"), ("dark", "Switch to dark"), ("aas", "Add a step"), ("UNDO", "Undo")]
        {
            assert_eq!(best(typed, &texts), expected, "{typed}");
        }
        assert_eq!(fit("xyz", "Undo"), None);
    }

    #[test]
    fn marks_are_taken_off_and_kept_apart() {
        assert_eq!(
            marked("can’t see my [invite]s"),
            [("can’t see my ".into(), false), ("invite".into(), true), ("s".into(), false)]
        );
        assert_eq!(found("INVITE", "Invite crew"), [("Invite".into(), true), (" crew".into(), false)]);
        assert_eq!(found("", "Invite"), [("Invite".into(), false)]);
    }
}
