//! Finding a place among siblings, also when two devices chose the same one.

use crate::order::Order;

/// Positions to write so that something lands at `index` of `siblings`.
///
/// `siblings` are the others, as shown. Answers the position of the new one and, only where two
/// siblings at that spot share one position, new positions for the siblings from there on
/// (by their index in `siblings`).
pub fn place(siblings: &[&Order], index: usize) -> (Order, Vec<(usize, Order)>) {
    let index = index.min(siblings.len());
    let after = index.checked_sub(1).and_then(|it| siblings.get(it).copied());
    let before = siblings.get(index).copied();
    if let Some(order) = Order::between(after, before) {
        return (order, Vec::new());
    }
    // The neighbours share a position: everything from here to the first later one that differs
    // gets a fresh one, and the order that people saw stays.
    let tied = siblings[index..].iter().take_while(|it| Some(**it) <= after).count();
    let end = siblings.get(index + tied).copied();
    let mut last = after.cloned();
    let mut fresh = Vec::with_capacity(tied + 1);
    for _ in 0..=tied {
        let next = Order::between(last.as_ref(), end).unwrap_or_default();
        last = Some(next.clone());
        fresh.push(next);
    }
    let mut fresh = fresh.into_iter();
    let placed = fresh.next().unwrap_or_default();
    (placed, fresh.enumerate().map(|(offset, order)| (index + offset, order)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(siblings: &[Order], index: usize) -> Vec<Order> {
        let (placed, moved) = place(&siblings.iter().collect::<Vec<_>>(), index);
        let mut all = siblings.to_vec();
        for (at, order) in moved {
            all[at] = order;
        }
        all.insert(index.min(siblings.len()), placed);
        all
    }

    #[test]
    fn a_free_spot_moves_nobody() {
        let siblings = Order::series(None, 3);
        let (_, moved) = place(&siblings.iter().collect::<Vec<_>>(), 1);
        assert!(moved.is_empty());
        assert!(result(&siblings, 1).is_sorted());
    }

    #[test]
    fn tied_siblings_make_room_and_keep_their_order() {
        let mut siblings = Order::series(None, 4);
        siblings[2] = siblings[1].clone();
        for index in 0..=4 {
            let all = result(&siblings, index);
            let strictly_here = all[index.saturating_sub(1)] < all[index] || index == 0;
            assert!(all.is_sorted() && strictly_here, "{index}: {all:?}");
        }
    }
}
