//! Names in comments: which one is being typed, whom a text speaks to, and where the names stand in it.

use std::collections::BTreeSet;

use custory_domain::{Member, MemberId};

/// Longest beginning of a name that is still looked up, in characters.
const BEGINNING_CHARS_MAX: usize = 40;

/// The name that is being typed at the end of a text, after its @.
pub fn being_typed(text: &str) -> Option<&str> {
    let at = text.rfind('@')?;
    let begins = text[..at].chars().next_back().is_none_or(char::is_whitespace);
    let typed = &text[at + 1..];
    let is_name = !typed.contains('\n') && typed.chars().count() <= BEGINNING_CHARS_MAX;
    (begins && is_name).then_some(typed)
}

/// The members whom a beginning may mean: of the whole name, or of one of its words.
pub fn meant<'a>(beginning: &str, members: &'a [Member]) -> Vec<&'a Member> {
    let beginning = beginning.to_lowercase();
    let fits = |it: &&Member| {
        let name = it.name.to_lowercase();
        name.starts_with(&beginning) || name.split_whitespace().any(|word| word.starts_with(&beginning))
    };
    members.iter().filter(|it| !it.name.is_empty()).filter(fits).collect()
}

/// A text with the name at its end typed out.
pub fn with_name(text: &str, name: &str) -> String {
    let kept = text.rfind('@').map_or(text, |at| &text[..at]);
    format!("{kept}@{name} ")
}

/// A piece of a text, and whether it is a name with its @.
pub type Piece = (String, Option<MemberId>);

/// A text in pieces. Of names that begin alike the longest counts.
pub fn pieces(text: &str, members: &[Member]) -> Vec<Piece> {
    let mut names: Vec<&Member> = members.iter().filter(|it| !it.name.is_empty()).collect();
    names.sort_by_key(|it| std::cmp::Reverse(it.name.len()));
    let (mut found, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let named = (first == '@').then(|| names.iter().find(|it| after.starts_with(&it.name))).flatten();
        match named {
            Some(member) => {
                if !plain.is_empty() {
                    found.push((std::mem::take(&mut plain), None));
                }
                found.push((format!("@{}", member.name), Some(member.id)));
                rest = &after[member.name.len()..];
            }
            None => {
                plain.push(first);
                rest = after;
            }
        }
    }
    if !plain.is_empty() {
        found.push((plain, None));
    }
    found
}

/// The members to whom a text speaks.
pub fn spoken_to(text: &str, members: &[Member]) -> BTreeSet<MemberId> {
    pieces(text, members).into_iter().filter_map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Vec<Member> {
        let named =
            |id, name: &str| Member { name: name.to_owned(), ..Member::new(MemberId::from_parts(1, id)) };
        vec![named(1, "Priya Nair"), named(2, "Priya"), named(3, "Tomás Rey"), named(4, "")]
    }

    #[test]
    fn a_name_is_offered_while_it_is_typed_and_not_in_an_address() {
        assert_eq!(being_typed("Ask @pri"), Some("pri"));
        assert_eq!(being_typed("@"), Some(""));
        assert_eq!(being_typed("ask@example"), None);
        assert_eq!(being_typed("Ask @pri\nand"), None);
        assert_eq!(being_typed("Nobody"), None);
        let names =
            |it: &str| meant(it, &members()).into_iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("pri"), ["Priya Nair", "Priya"]);
        assert_eq!(names("rey"), ["Tomás Rey"]);
        assert_eq!(names("zz"), [""; 0]);
        assert_eq!(with_name("Ask @pri", "Priya Nair"), "Ask @Priya Nair ");
    }

    #[test]
    fn the_longest_name_counts_and_everything_else_stays_as_it_is() {
        let text = "@Priya Nair and @Priya: a@b.example, @nobody 🙂";
        let found = pieces(text, &members());
        assert_eq!(found.iter().map(|it| it.0.as_str()).collect::<String>(), text);
        let id = |it| MemberId::from_parts(1, it);
        assert_eq!(spoken_to(text, &members()), [id(1), id(2)].into());
        assert_eq!(spoken_to("Nobody is named", &members()), [].into());
    }
}
