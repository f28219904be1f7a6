//! Joins what was found by words with what was found by meaning, and finds what says the same twice. Pure.

use std::collections::BTreeMap;

/// How much a first place counts above a second one: the constant of reciprocal rank fusion (Cormack, Clarke
/// and Büttcher, 2009), which works without knowing what the scores of either list are worth.
const RANK_OFFSET: f64 = 60.0;
/// Places by meaning that count: everything is a little alike.
const ALIKE_MAX: usize = 20;
/// Least likeness that counts. Models differ; texts that have nothing in common stay below it with all that
/// are made for this.
pub(super) const LIKENESS_MIN: f32 = 0.45;
/// Likeness from which two texts say the same.
pub(super) const SAME_MIN: f32 = 0.88;

/// One list of two: each entry counts one by its place in each, the best first. Entries with the same sum
/// stand as in `exact`, then as in `alike`.
pub(super) fn fused<K: Ord + Clone>(exact: &[K], alike: &[K]) -> Vec<K> {
    let mut sums: BTreeMap<&K, f64> = BTreeMap::new();
    let mut order: Vec<&K> = Vec::new();
    for list in [exact, &alike[..alike.len().min(ALIKE_MAX)]] {
        for (place, key) in list.iter().enumerate() {
            let sum = sums.entry(key).or_insert_with(|| {
                order.push(key);
                0.0
            });
            *sum += 1.0 / (RANK_OFFSET + place as f64 + 1.0);
        }
    }
    order.sort_by(|a, b| sums[b].total_cmp(&sums[a]));
    order.into_iter().cloned().collect()
}

/// Words of a title, however they are written: titles with the same ones are the same title.
pub(super) fn bare(title: &str) -> String {
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_both_lists_have_comes_first_and_nothing_is_lost() {
        for (exact, alike, expected) in [
            (vec![1, 2], vec![], vec![1, 2]),
            (vec![], vec![3, 4], vec![3, 4]),
            (vec![1, 2], vec![2, 3], vec![2, 1, 3]),
            (vec![1, 2, 3], vec![3], vec![3, 1, 2]),
        ] {
            assert_eq!(fused::<i32>(&exact, &alike), expected);
        }
    }

    proptest! {
        #[test]
        fn without_meaning_the_order_of_words_stays(exact in prop::collection::btree_set(0..99u8, 0..30)) {
            let exact: Vec<u8> = exact.into_iter().rev().collect();
            prop_assert_eq!(fused(&exact, &[]), exact);
        }
    }

    #[test]
    fn titles_are_compared_without_case_and_marks() {
        assert_eq!(bare("Sign up — now!"), bare("sign up now"));
        assert_ne!(bare("Sign up"), bare("Sign in"));
    }
}
