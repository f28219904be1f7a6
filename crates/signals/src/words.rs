//! Words of a signal that are worth looking for on the map.

use std::collections::BTreeSet;

/// Words that say nothing about what a text is about.
const COMMON: &str = "about above after again against also although always among another anything around because \
     been before being below between both cannot could does doing done down during each either else even ever every \
     everything from further give going have having here himself into itself just know least less like made make many \
     maybe more most much must myself need never next none nothing often once only other otherwise over perhaps quite \
     rather really same seems should since some something still such take than that their them then there these they \
     thing things this those though through today together told tried until upon very want wanted well were what when \
     where whether which while whole will with within without would your yours";

/// Endings that differ between forms of one word.
const ENDINGS: [&str; 6] = ["ations", "ation", "ing", "ed", "es", "s"];
/// Letters that are left at least.
const LETTERS_MIN: usize = 4;
/// Words that are looked for; nobody finds the step better by the twenty-fifth.
const STEMS_MAX: usize = 24;

/// A word and the beginning that its other forms share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stem {
    /// The word as it stands in the text, in lower case.
    pub word: String,
    /// What its forms begin with.
    pub begins: String,
}

/// The telling words of a text, each once, in their order.
pub fn stems(text: &str) -> Vec<Stem> {
    let mut seen = BTreeSet::new();
    text.split(|it: char| !it.is_alphanumeric() && it != '’' && it != '\'')
        .map(|it| it.trim_matches(['’', '\'']).to_lowercase())
        .filter(|it| it.chars().count() >= LETTERS_MIN && !it.chars().all(|it| it.is_ascii_digit()))
        .filter(|it| !it.contains(['’', '\'']) && COMMON.split_whitespace().all(|common| common != it))
        .map(|word| Stem { begins: begins(&word).to_owned(), word })
        .filter(|it| seen.insert(it.begins.clone()))
        .take(STEMS_MAX)
        .collect()
}

fn begins(word: &str) -> &str {
    let cut = ENDINGS.iter().find_map(|it| {
        let rest = word.strip_suffix(it)?;
        (rest.chars().count() >= LETTERS_MIN).then_some(rest)
    });
    let stem = cut.unwrap_or(word);
    stem.strip_suffix('e').filter(|it| it.chars().count() >= LETTERS_MIN).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_and_empty_words_none() {
        let found = |text: &str| stems(text).into_iter().map(|it| it.begins).collect::<Vec<_>>();
        assert_eq!(found("They invited her; the invites were never seen, inviting"), ["invit", "seen"]);
        assert_eq!(found("It kept asking for their emails. I don’t even know"), ["kept", "asking", "email"]);
        assert_eq!(found("2026 what which WOULD"), Vec::<String>::new());
    }
}
