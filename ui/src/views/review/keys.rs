//! The review by keyboard: J and K or arrows go through the lines of all lists, Enter opens what one is about.

use custory_domain::{Command, EntityRef, StepId};
use dioxus::prelude::*;

use super::changes::groups;
use super::lists::{shown, topics};
use super::notes::{DECISION_ID, edit_notes};
use super::words::row_id;
use crate::dom;
use crate::state::{List, Panel, Row, Store};
use crate::views::map::{MapState, place_of};

/// Lists of topics in the order in which they are on screen, with the names under which they are kept whole.
const LISTS: [(List, &str); 5] = [
    (List::Stale, "stale"),
    (List::Evidence, "evidence"),
    (List::First, "first"),
    (List::Unowned, "unowned"),
    (List::Verdicts, "verdicts"),
];

/// All lines on screen, from the top.
fn rows(store: Store) -> Vec<Row> {
    let changes = {
        let review = store.review.read();
        review.as_ref().map(|it| it.changes().into_iter().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut rows = Vec::new();
    for group in groups(store, changes).0 {
        rows.extend(group.changes.iter().map(|it| Row { list: List::Changed, about: it.about }));
    }
    for (list, name) in LISTS {
        let topics = topics(store, list);
        let shown = shown(store, name, topics.len());
        rows.extend(topics.iter().take(shown).map(|it| Row { list, about: it.about }));
    }
    rows
}

/// The line that can be tabbed to.
#[derive(Clone, Copy)]
struct At(Memo<Option<Row>>);

/// Makes the line that the keyboard is on known to all lines; before it was on any, the first one counts.
pub fn use_provide_at(store: Store) {
    let at = use_memo(move || {
        let at = store.review.read().as_ref().and_then(|it| it.at);
        let rows = rows(store);
        at.filter(|it| rows.contains(it)).or_else(|| rows.first().copied())
    });
    use_context_provider(|| At(at));
}

/// Whether the keyboard is on a line.
pub fn use_is_on(row: Row) -> bool {
    let At(at) = use_context();
    at() == Some(row)
}

/// The keyboard is on a line.
pub fn stand_on(mut store: Store, row: Row) {
    let is_new = store.review.peek().as_ref().is_some_and(|it| it.at != Some(row));
    if is_new && let Some(review) = store.review.write().as_mut() {
        review.at = Some(row);
    }
}

/// Opens what a line is about, beside the lists; what is in the trash, in its history; a stage, on the map.
pub fn open(mut store: Store, about: EntityRef, is_gone: bool) {
    if is_gone {
        store.show_history_of(about);
        return;
    }
    let place = store.open.peek().as_ref().and_then(|it| place_of(it, about));
    match place {
        Some((step, item)) => store.panel.set(Some(Panel { step, item })),
        None => store.leave_review(),
    }
}

/// Does what a key means.
pub fn press(event: &KeyboardEvent, store: Store, map: MapState) {
    if dom::is_typing() {
        return;
    }
    let modifiers = event.modifiers();
    let has_command = modifiers.intersects(Modifiers::CONTROL | Modifiers::META);
    let is_second = *map.is_adding_next.peek() || *store.is_going_next.peek();
    let acted = match event.key() {
        Key::Enter if has_command => {
            store.finish_review();
            true
        }
        _ if has_command || modifiers.alt() => false,
        _ if is_reading(store) => false,
        Key::ArrowDown => walk(store, 1),
        Key::ArrowUp => walk(store, -1),
        Key::Home => walk(store, isize::MIN / 2),
        Key::End => walk(store, isize::MAX / 2),
        Key::Character(_) if is_second => false,
        Key::Character(letter) => match letter.as_str() {
            "j" | "J" => walk(store, 1),
            "k" | "K" => walk(store, -1),
            "]" => walk_lists(store, true),
            "[" => walk_lists(store, false),
            "t" | "T" => still_true(store),
            "n" | "N" => {
                edit_notes();
                true
            }
            "d" | "D" => {
                dom::reveal(DECISION_ID);
                dom::focus(DECISION_ID);
                true
            }
            _ => false,
        },
        _ => false,
    };
    if acted {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn is_reading(store: Store) -> bool {
    store.review.peek().as_ref().is_some_and(|it| it.earlier.is_some())
}

/// Goes so many lines further; onto the first one from outside.
fn walk(store: Store, by: isize) -> bool {
    let rows = rows(store);
    let is_among = dom::focused().is_some_and(|it| it.id().starts_with("rv-"));
    let at = store.review.peek().as_ref().and_then(|it| it.at);
    let now = at.and_then(|at| rows.iter().position(|it| *it == at)).unwrap_or(0);
    let to = if is_among { now.saturating_add_signed(by).min(rows.len().saturating_sub(1)) } else { now };
    let Some(next) = rows.get(to) else { return false };
    go(store, *next);
    true
}

/// Goes to the first line of the list after this one, or of this one, then of the one before.
fn walk_lists(store: Store, forward: bool) -> bool {
    let rows = rows(store);
    let at =
        store.review.peek().as_ref().and_then(|it| it.at).and_then(|at| rows.iter().position(|it| *it == at));
    let begins = |at: &usize| *at == 0 || rows[at - 1].list != rows[*at].list;
    let mut firsts = (0..rows.len()).filter(begins);
    let to = match at {
        None => firsts.next(),
        Some(at) if forward => firsts.find(|it| *it > at),
        Some(at) => firsts.take_while(|it| *it < at).last(),
    };
    let Some(row) = to.and_then(|it| rows.get(it)) else { return false };
    go(store, *row);
    true
}

/// Goes to the first line of a list, and shows its head.
pub fn go_to_list(store: Store, lists: &[List], section: &str) {
    dom::to_top(section);
    if let Some(row) = rows(store).into_iter().find(|it| lists.contains(&it.list)) {
        stand_on(store, row);
        dom::focus(&row_id(row));
    }
}

fn go(store: Store, row: Row) {
    stand_on(store, row);
    let id = row_id(row);
    dom::reveal(&id);
    dom::focus(&id);
}

/// Says of the step at hand that it is still true, and goes on to the next line, since this one leaves.
fn still_true(store: Store) -> bool {
    let Some(at) = store.review.peek().as_ref().and_then(|it| it.at) else { return false };
    if at.list != List::Stale {
        return false;
    }
    say_still_true(store, at);
    true
}

/// The same of any line of that list.
pub fn say_still_true(mut store: Store, row: Row) {
    let rows = rows(store);
    let here = rows.iter().position(|it| *it == row).unwrap_or(0);
    let next = rows.get(here + 1).or_else(|| here.checked_sub(1).and_then(|it| rows.get(it))).copied();
    store.send(Command::StillTrue { step: StepId::from(row.about.id) });
    // It may stay, if its evidence is old: what the engine says of it follows.
    if let Some(review) = store.review.write().as_mut()
        && let Some(agenda) = review.agenda.as_mut()
    {
        agenda.stale.retain(|it| it.about != row.about);
    }
    match next {
        Some(next) => {
            stand_on(store, next);
            dom::focus_soon(row_id(next));
        }
        None => dom::focus_soon(super::REVIEW_ID),
    }
}
