//! Which passages speak of the same: groups around the one that most others are like.

use std::collections::{BTreeMap, BTreeSet};

use crate::words::stems;

/// Likeness by words from which two passages speak of the same.
pub const WORDS_LIKENESS_MIN: f32 = 0.22;
/// Words that name a group.
const WORDS_MAX: usize = 4;

/// How alike texts are by their telling words, rare ones counting most: 0 to 1.
#[derive(Debug)]
pub struct ByWords {
    weights: Vec<BTreeMap<String, f32>>,
    lengths: Vec<f32>,
}

impl ByWords {
    /// Reads texts.
    pub fn of(texts: &[String]) -> Self {
        let words: Vec<BTreeSet<String>> =
            texts.iter().map(|it| stems(it).into_iter().map(|it| it.begins).collect()).collect();
        let mut common: BTreeMap<&str, usize> = BTreeMap::new();
        words.iter().flatten().for_each(|it| *common.entry(it).or_default() += 1);
        let all = texts.len() as f32;
        let weights: Vec<BTreeMap<String, f32>> = words
            .iter()
            .map(|words| {
                let weigh = |it: &String| (it.clone(), (1.0 + all / common[it.as_str()] as f32).ln());
                words.iter().map(weigh).collect()
            })
            .collect();
        let lengths = weights.iter().map(|it| it.values().map(|it| it * it).sum::<f32>().sqrt()).collect();
        Self { weights, lengths }
    }

    /// How alike two of them are.
    pub fn likeness(&self, a: usize, b: usize) -> f32 {
        let shared = self.weights[a].iter().filter_map(|(word, it)| Some(it * self.weights[b].get(word)?));
        let length = self.lengths[a] * self.lengths[b];
        if length > 0.0 { shared.sum::<f32>() / length } else { 0.0 }
    }
}

/// Groups of at least `size_min` out of `count` passages: the one that most others are like with these, then the
/// same with what is left. Each passage is in one group at most, and the first of a group is its centre.
pub fn groups(count: usize, size_min: usize, is_alike: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut near: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for a in 0..count {
        for b in 0..a {
            if is_alike(a, b) {
                near[a].insert(b);
                near[b].insert(a);
            }
        }
    }
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut groups = Vec::new();
    loop {
        let around = |it: &usize| near[*it].iter().filter(|it| left.contains(it)).count();
        // The earlier one where two are the centre of as many.
        let centre = left.iter().copied().max_by_key(|it| (around(it), std::cmp::Reverse(*it)));
        let Some(centre) = centre.filter(|it| around(it) + 1 >= size_min.max(2)) else { break };
        let group: Vec<usize> =
            [centre].into_iter().chain(near[centre].iter().copied().filter(|it| left.contains(it))).collect();
        group.iter().for_each(|it| {
            left.remove(it);
        });
        groups.push(group);
    }
    groups
}

/// The telling words that most texts of a group share, as they stand in the first that has them.
pub fn shared_words(texts: &[&str]) -> Vec<String> {
    let mut counts: BTreeMap<String, (usize, String, usize)> = BTreeMap::new();
    let mut order = 0;
    for text in texts {
        for stem in stems(text) {
            let entry = counts.entry(stem.begins).or_insert_with(|| (0, stem.word.clone(), order));
            entry.0 += 1;
            order += 1;
        }
    }
    let mut shared: Vec<(usize, String, usize)> = counts.into_values().filter(|it| it.0 >= 2).collect();
    shared.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(&b.2)));
    shared.truncate(WORDS_MAX);
    shared.sort_by_key(|it| it.2);
    shared.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAID: [&str; 7] = [
        "The invite link opens the app store and nothing happens",
        "Pricing page does not say whether taxes are included",
        "Invite link only opened the store, then nothing",
        "My crew clicked the invite link and got the app store",
        "Are taxes part of the price on the pricing page?",
        "Great product, thank you",
        "I would like to see taxes on the pricing page",
    ];

    #[test]
    fn those_who_speak_of_the_same_are_together_and_nobody_else_is() {
        let texts: Vec<String> = SAID.iter().map(|it| (*it).to_owned()).collect();
        let words = ByWords::of(&texts);
        let found = groups(texts.len(), 2, |a, b| words.likeness(a, b) >= WORDS_LIKENESS_MIN);
        let mut found: Vec<BTreeSet<usize>> = found.into_iter().map(|it| it.into_iter().collect()).collect();
        found.sort();
        assert_eq!(found, [[0, 2, 3].into(), [1, 4, 6].into()]);
        assert_eq!(shared_words(&[SAID[0], SAID[2], SAID[3]]), ["invite", "link", "opens", "store"]);
    }

    proptest! {
        #[test]
        fn nobody_is_in_two_groups(alike in prop::collection::btree_set((0..12usize, 0..12usize), 0..40)) {
            let found = groups(12, 2, |a, b| alike.contains(&(a, b)));
            let all: Vec<usize> = found.iter().flatten().copied().collect();
            prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
            prop_assert!(found.iter().all(|it| it.len() >= 2));
        }
    }
}
