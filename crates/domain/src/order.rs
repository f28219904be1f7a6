//! Where something stands among its siblings, so that two people can reorder at once.
//!
//! A position is a fraction written as text: between any two there is always another, and moving
//! one thing changes one value. Two devices may choose the same fraction; the id then decides,
//! equally on both.

use std::fmt;

use fractional_index::FractionalIndex;
use serde::{Deserialize, Serialize};

/// A position among siblings; compares as the siblings are shown. Empty means "not placed yet".
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Order(String);

impl Order {
    /// Longest position accepted from outside, in characters. Fractions grow by about one
    /// character per insertion at the same spot; this is far beyond any hand-made order.
    pub const CHARS_MAX: usize = 512;

    /// A position strictly between `after` and `before`; `None` stands for the open end.
    ///
    /// Answers `None` when there is no room, which is when `after >= before`.
    pub fn between(after: Option<&Order>, before: Option<&Order>) -> Option<Order> {
        let after = after.and_then(Self::fraction);
        let before = before.and_then(Self::fraction);
        FractionalIndex::new(after.as_ref(), before.as_ref()).map(|it| Order(it.to_string()))
    }

    /// `count` ascending positions after `last`.
    pub fn series(last: Option<&Order>, count: usize) -> Vec<Order> {
        let mut positions: Vec<Order> = Vec::with_capacity(count);
        for _ in 0..count {
            let next = Order::between(positions.last().or(last), None).unwrap_or_default();
            positions.push(next);
        }
        positions
    }

    /// Whether a position has been given.
    pub fn is_placed(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether the text is a position this program could have made.
    pub fn is_valid(&self) -> bool {
        self.0.len() <= Self::CHARS_MAX && self.fraction().is_some()
    }

    fn fraction(&self) -> Option<FractionalIndex> {
        // The parser takes the text apart byte by byte and panics within a character.
        if self.0.is_ascii() { FractionalIndex::from_string(&self.0).ok() } else { None }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Wherever things are inserted, the list stays in the order in which it was built.
        #[test]
        fn any_insertion_finds_room(places in proptest::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let mut list: Vec<Order> = Vec::new();
            for place in places {
                let at = place.index(list.len() + 1);
                let before = at.checked_sub(1).and_then(|it| list.get(it));
                let made = Order::between(before, list.get(at)).expect("room between distinct positions");
                list.insert(at, made);
                prop_assert!(list.is_sorted());
            }
        }
    }

    #[test]
    fn a_text_that_is_no_position_counts_as_none() {
        for text in ["😀", "8é", "zz", "not placed"] {
            let damaged = Order(text.to_owned());
            assert!(!damaged.is_valid(), "{text}");
            assert!(Order::between(Some(&damaged), None).is_some_and(|it| it.is_valid()), "{text}");
        }
    }

    #[test]
    fn a_series_ascends_from_the_last() {
        let first = Order::series(None, 3);
        let next = Order::series(first.last(), 2);
        let all: Vec<_> = first.iter().chain(&next).collect();
        assert!(all.is_sorted() && all.iter().all(|it| it.is_valid()));
    }
}
