//! What can be done to several steps and items at once, as menus: each is one gesture that one undo takes back.

use std::collections::BTreeSet;

use custory_domain::*;
use custory_ipc::{JourneyParts, Reply, Request};
use dioxus::prelude::*;

use crate::components::Entry;
use crate::dom;
use crate::format;
use crate::state::{Store, Toast};
use crate::views::choices::{self, follow};
use crate::views::table::{Column, Editor, Input, Reader, command, editor, move_to, places};

/// `3 insights`, `4 rows`: what an action is about.
pub fn about(rows: &[EntityRef]) -> String {
    let kinds: BTreeSet<EntityKind> = rows.iter().map(|it| it.kind).collect();
    match (kinds.len(), rows.first().and_then(|it| ItemKind::of(it.kind))) {
        (1, Some(kind)) => {
            let spec = kind.spec();
            format::count(rows.len(), &spec.name.to_lowercase(), &spec.plural.to_lowercase())
        }
        (1, None) => format::count(rows.len(), "step", "steps"),
        _ => format::count(rows.len(), "row", "rows"),
    }
}

/// What can be done to all of them, whatever view they are selected in.
pub fn common_entries(store: Store, rows: &[EntityRef]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let these = rows.to_vec();
    entries.push(
        Entry::act("Owner…", move || follow(store, "Owner", people(store, these.clone())))
            .icon("user")
            .keys(&["A"]),
    );
    if let Some(words) = statuses(store, rows) {
        let these = rows.to_vec();
        entries.push(
            Entry::act("Status…", move || {
                follow(store, "Status", choices(store, these.clone(), Column::Status, &words));
            })
            .icon("check")
            .keys(&["S"]),
        );
    }
    entries.extend(field_entries(store, rows));
    if are_items(rows) {
        let these = rows.to_vec();
        entries.push(
            Entry::act("Move to step…", move || follow(store, "Move to step", steps(store, these.clone())))
                .icon("move"),
        );
    }
    if can_link(rows) {
        let these = rows.to_vec();
        entries.push(
            Entry::act("Link to opportunity…", move || {
                follow(store, "Link to opportunity", opportunities(store, these.clone()));
            })
            .icon("k-opp"),
        );
    }
    entries.push(copy_entry(store, rows.to_vec()));
    entries
}

/// Copying them as Markdown, in a menu.
pub fn copy_entry(store: Store, these: Vec<EntityRef>) -> Entry {
    Entry::act("Copy as Markdown", move || copy_as_markdown(store, these.clone())).icon("copy")
}

/// Puts them on the clipboard as Markdown, with all that hangs on them.
pub fn copy_as_markdown(store: Store, these: Vec<EntityRef>) {
    dioxus::core::spawn_forever(async move {
        let Some(journey) = store.open.peek().as_ref().map(|it| it.id) else { return };
        let Some(Reply::Text { text }) =
            store.ask(Request::AsMarkdown(JourneyParts { journey, these })).await
        else {
            return;
        };
        store.toast(match dom::copy_text(&text).await {
            true => Toast::plain("copy", "Copied as Markdown".to_owned()),
            false => Toast::bad("The clipboard took nothing.".to_owned()),
        });
    });
}

/// The ratings and words that all rows have in common, each with its choices.
fn field_entries(store: Store, rows: &[EntityRef]) -> Vec<Entry> {
    let candidates = [Column::Impact, Column::Effort, Column::Severity, Column::Truth, Column::Sort];
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let shared = |column: Column| {
        let first = editor(open, *rows.first()?, column)?;
        rows.iter().all(|it| editor(open, *it, column).as_ref() == Some(&first)).then_some(first)
    };
    candidates
        .into_iter()
        .filter_map(|column| {
            let shared = shared(column)?;
            let these = rows.to_vec();
            let label = format!("{}…", column.label());
            Some(Entry::act(label, move || {
                let entries = match &shared {
                    Editor::Choice(words) => choices(store, these.clone(), column, words),
                    _ => ratings(store, these.clone(), column),
                };
                follow(store, column.label(), entries);
            }))
        })
        .collect()
}

fn set_all(store: Store, rows: &[EntityRef], column: Column, input: &Input) {
    let commands: Vec<Command> = {
        let open = store.open.peek();
        let Some(open) = open.as_ref() else { return };
        let places = places(open);
        rows.iter().filter_map(|it| command(open, &places, *it, column, input.clone())).collect()
    };
    store.send_all(format!("Set {} of {}", column.label().to_lowercase(), about(rows)), commands);
}

/// What rows say in a column, each once, as a spreadsheet would.
fn values(store: Store, rows: &[EntityRef], column: Column) -> BTreeSet<String> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return BTreeSet::new() };
    let places = places(open);
    let reader = Reader { open, places: &places };
    rows.iter().map(|it| reader.cell(*it, column).plain(|_| String::new())).collect()
}

/// Says that rows differ, in front of what they can be set to.
fn mixed(values: &BTreeSet<String>) -> Option<Entry> {
    (values.len() > 1).then(|| {
        let named: Vec<&str> = values.iter().map(|it| if it.is_empty() { "not set" } else { it }).collect();
        Entry::Heading(format!("Mixed: {}", named.join(", ")))
    })
}

fn ratings(store: Store, rows: Vec<EntityRef>, column: Column) -> Vec<Entry> {
    let values = values(store, &rows, column);
    let entry = |value: Option<u8>| {
        let rows = rows.clone();
        let word = value.map(|it| it.to_string());
        let is_on = values.len() == 1 && values.contains(word.as_deref().unwrap_or_default());
        let label = word.unwrap_or_else(|| "Not set".to_owned());
        Entry::act(label, move || set_all(store, &rows, column, &Input::Rating(value))).on(is_on)
    };
    mixed(&values).into_iter().chain((1..=5).map(Some).chain([None]).map(entry)).collect()
}

/// One of several words, for several rows.
pub fn choices(store: Store, rows: Vec<EntityRef>, column: Column, words: &[&'static str]) -> Vec<Entry> {
    let values = values(store, &rows, column);
    let entry = |(at, word): (usize, &&'static str)| {
        let rows = rows.clone();
        let is_on = values.len() == 1 && values.contains(*word);
        Entry::act(*word, move || set_all(store, &rows, column, &Input::Choice(at))).on(is_on)
    };
    mixed(&values).into_iter().chain(words.iter().enumerate().map(entry)).collect()
}

/// The words for where work stands, if they are the same for all rows.
pub fn statuses(store: Store, rows: &[EntityRef]) -> Option<Vec<&'static str>> {
    let open = store.open.peek();
    let open = open.as_ref()?;
    let words = |row: &EntityRef| match editor(open, *row, Column::Status) {
        Some(Editor::Choice(words)) => Some(words),
        _ => None,
    };
    let first = words(rows.first()?)?;
    rows.iter().all(|it| words(it).as_ref() == Some(&first)).then_some(first)
}

/// The team, to say who answers for several rows.
pub fn people(store: Store, rows: Vec<EntityRef>) -> Vec<Entry> {
    let set = move |rows: &[EntityRef], owner: Option<MemberId>| {
        let change = |it: &EntityRef| custory_domain::owner_change(*it, owner).map(Command::set);
        store.send_all(format!("Set owner of {}", about(rows)), rows.iter().filter_map(change).collect());
    };
    let owners: BTreeSet<Option<MemberId>> = {
        let open = store.open.peek();
        let owner = |row: &EntityRef| {
            let board = &open.as_ref()?.board;
            match row.kind {
                EntityKind::Step => board.steps.get(&row.id.into()).map(|it| it.owner),
                _ => board.item(*row).map(|it| it.owner),
            }
        };
        rows.iter().filter_map(owner).collect()
    };
    let is_on = |owner: Option<MemberId>| owners.len() == 1 && owners.contains(&owner);
    choices::people(store, is_on, move |it| set(&rows, it))
}

/// All steps, to move rows to one of them.
pub fn steps(store: Store, rows: Vec<EntityRef>) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    choices::steps(open, |number, step| {
        let to = step.id;
        let rows = rows.clone();
        let is_on = rows.iter().all(|it| open.board.item(*it).is_some_and(|it| it.steps.contains(&to)));
        let run = move || {
            let commands: Vec<_> = {
                let open = store.open.peek();
                let Some(open) = open.as_ref() else { return };
                let places = places(open);
                rows.iter().filter_map(|it| move_to(open, &places, *it, to)).collect()
            };
            store.send_all(format!("Move {}", about(&rows)), commands);
        };
        Entry::act(format!("{number}  {}", step.title), run).on(is_on)
    })
}

/// Whether all rows can be linked to an opportunity.
pub fn can_link(rows: &[EntityRef]) -> bool {
    let links = |it: &EntityRef| matches!(it.kind, EntityKind::Insight | EntityKind::Solution);
    !rows.is_empty() && rows.iter().all(links)
}

/// All opportunities, to link rows to one of them.
pub fn opportunities(store: Store, rows: Vec<EntityRef>) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let mut all: Vec<_> = open.board.opportunities.values().filter(|it| it.trashed.is_none()).collect();
    all.sort_by(|a, b| a.title.cmp(&b.title));
    if all.is_empty() {
        return vec![Entry::Heading("There is no opportunity yet".to_owned())];
    }
    all.into_iter()
        .map(|it| {
            let to = EntityRef::from(it.id);
            let rows = rows.clone();
            Entry::act(it.title.clone(), move || {
                let link = |row: &EntityRef| match row.kind {
                    EntityKind::Solution => Command::Link { from: to, to: *row },
                    _ => Command::Link { from: *row, to },
                };
                store.send_all(format!("Link {}", about(&rows)), rows.iter().map(link).collect());
            })
            .icon("k-opp")
        })
        .collect()
}

/// Whether all of them are items, which stand on steps.
pub fn are_items(rows: &[EntityRef]) -> bool {
    !rows.is_empty() && rows.iter().all(|it| ItemKind::of(it.kind).is_some())
}
