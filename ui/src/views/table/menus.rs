//! What can be done to rows and columns, as menus. Each works on all rows at hand at once, as one
//! gesture that one undo takes back.

use std::collections::BTreeSet;

use custory_domain::*;
use dioxus::prelude::*;

use super::clip;
use super::column::Column;
use super::edit::{self, keep_all};
use super::model::Row;
use super::read::Reader;
use super::row::panel_of;
use super::state::{
    TableState, all_columns, change_layout, kind, move_column, set_sort, set_width, show_column,
};
use super::write::{self, Editor, Input, editor};
use crate::components::Entry;
use crate::format;
use crate::state::Store;
use crate::views::choices::{self, follow};
use crate::views::map::MapState;

/// Pixels by which a column gets wider or narrower from the menu.
const WIDTH_STEP: f64 = 24.0;

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

/// What can be done to the rows at hand.
pub fn row_entries(mut store: Store, map: MapState, table: TableState) -> Vec<Entry> {
    let rows = table.at_hand();
    let Some(first) = rows.first().copied() else { return Vec::new() };
    let mut entries = Vec::new();
    if rows.len() == 1 {
        let panel = panel_of(store, table, first);
        entries.push(Entry::act("Open", move || store.panel.set(panel)).icon("panel").keys(&["Space"]));
        entries.push(
            Entry::act("Rename", move || edit::begin(store, map, table, first, Column::Title))
                .icon("pen")
                .keys(&["E"]),
        );
    } else {
        entries.push(Entry::Heading(about(&rows)));
    }
    let these = rows.clone();
    entries.push(
        Entry::act("Owner…", move || follow(store, "Owner", people(store, these.clone())))
            .icon("user")
            .keys(&["A"]),
    );
    if let Some(words) = statuses(store, &rows) {
        let these = rows.clone();
        entries.push(
            Entry::act("Status…", move || {
                follow(store, "Status", choices(store, table, these.clone(), Column::Status, &words));
            })
            .icon("check")
            .keys(&["S"]),
        );
    }
    entries.extend(field_entries(store, table, &rows));
    if rows.iter().all(|it| ItemKind::of(it.kind).is_some()) {
        let these = rows.clone();
        entries.push(
            Entry::act("Move to step…", move || {
                follow(store, "Move to step", steps(store, table, these.clone()))
            })
            .icon("move"),
        );
    }
    if can_link(&rows) {
        let these = rows.clone();
        entries.push(
            Entry::act("Link to opportunity…", move || {
                follow(store, "Link to opportunity", opportunities(store, these.clone()));
            })
            .icon("k-opp"),
        );
    }
    entries.push(Entry::Line);
    entries.push(Entry::act("Copy", move || clip::copy_now(store, table)).icon("copy").keys(&["mod", "C"]));
    entries.push(Entry::act("Delete", move || trash(store, map, table)).icon("trash").keys(&["⌫"]).danger());
    entries
}

/// Puts the rows at hand into the trash; the keyboard goes on to the row after them, else before.
pub fn trash(store: Store, map: MapState, mut table: TableState) {
    let rows = table.at_hand();
    if rows.is_empty() {
        return;
    }
    let next = {
        let model = table.model.peek();
        let gone: BTreeSet<EntityRef> = rows.iter().copied().collect();
        let last = rows.iter().filter_map(|it| model.position(*it)).max().unwrap_or_default();
        let stays = |it: &Row| match it {
            Row::Of(id) if !gone.contains(id) => Some(*id),
            _ => None,
        };
        let (before, after) = model.rows.split_at(last.min(model.rows.len()));
        after.iter().find_map(stays).or_else(|| before.iter().rev().find_map(stays))
    };
    table.selected.set(BTreeSet::new());
    table.anchor.set(next);
    match next {
        Some(next) => table.land(store, map, next),
        None => table.line.set(None),
    }
    store.trash(rows);
}

/// The ratings and words that all rows have in common, each with its choices.
fn field_entries(store: Store, table: TableState, rows: &[EntityRef]) -> Vec<Entry> {
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
                    Editor::Choice(words) => choices(store, table, these.clone(), column, words),
                    _ => ratings(store, table, these.clone(), column),
                };
                follow(store, column.label(), entries);
            }))
        })
        .collect()
}

fn set_all(store: Store, table: TableState, rows: &[EntityRef], column: Column, input: &Input) {
    let commands: Vec<Command> = {
        let open = store.open.peek();
        let Some(open) = open.as_ref() else { return };
        let model = table.model.peek();
        rows.iter().filter_map(|it| write::command(open, &model.places, *it, column, input.clone())).collect()
    };
    keep_all(store, format!("Set {} of {}", column.label().to_lowercase(), about(rows)), commands);
}

/// What rows say in a column, each once, as a spreadsheet would.
fn values(store: Store, table: TableState, rows: &[EntityRef], column: Column) -> BTreeSet<String> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return BTreeSet::new() };
    let model = table.model.peek();
    let reader = Reader { open, places: &model.places };
    rows.iter().map(|it| reader.cell(*it, column).plain(|_| String::new())).collect()
}

/// Says that rows differ, in front of what they can be set to.
fn mixed(values: &BTreeSet<String>) -> Option<Entry> {
    (values.len() > 1).then(|| {
        let named: Vec<&str> = values.iter().map(|it| if it.is_empty() { "not set" } else { it }).collect();
        Entry::Heading(format!("Mixed: {}", named.join(", ")))
    })
}

fn ratings(store: Store, table: TableState, rows: Vec<EntityRef>, column: Column) -> Vec<Entry> {
    let values = values(store, table, &rows, column);
    let entry = |value: Option<u8>| {
        let rows = rows.clone();
        let word = value.map(|it| it.to_string());
        let is_on = values.len() == 1 && values.contains(word.as_deref().unwrap_or_default());
        let label = word.unwrap_or_else(|| "Not set".to_owned());
        Entry::act(label, move || set_all(store, table, &rows, column, &Input::Rating(value))).on(is_on)
    };
    mixed(&values).into_iter().chain((1..=5).map(Some).chain([None]).map(entry)).collect()
}

/// One of several words, for several rows.
pub fn choices(
    store: Store,
    table: TableState,
    rows: Vec<EntityRef>,
    column: Column,
    words: &[&'static str],
) -> Vec<Entry> {
    let values = values(store, table, &rows, column);
    let entry = |(at, word): (usize, &&'static str)| {
        let rows = rows.clone();
        let is_on = values.len() == 1 && values.contains(*word);
        Entry::act(*word, move || set_all(store, table, &rows, column, &Input::Choice(at))).on(is_on)
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
        keep_all(store, format!("Set owner of {}", about(rows)), rows.iter().filter_map(change).collect());
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
pub fn steps(store: Store, table: TableState, rows: Vec<EntityRef>) -> Vec<Entry> {
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
                let model = table.model.peek();
                rows.iter().filter_map(|it| write::move_to(open, &model.places, *it, to)).collect()
            };
            keep_all(store, format!("Move {}", about(&rows)), commands);
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
                keep_all(store, format!("Link {}", about(&rows)), rows.iter().map(link).collect());
            })
            .icon("k-opp")
        })
        .collect()
}

/// What can be done to a column.
pub fn column_entries(store: Store, table: TableState, column: Column) -> Vec<Entry> {
    let width = move || {
        table.columns.peek().iter().find(|it| it.column == column).map_or(column.width(), |it| it.width)
    };
    let mut entries = vec![
        Entry::act("Sort upwards", move || set_sort(store, vec![(column, false)])).icon("sort"),
        Entry::act("Sort downwards", move || set_sort(store, vec![(column, true)])),
        Entry::act("As the journey goes", move || set_sort(store, Vec::new())),
        Entry::Line,
        Entry::act("Wider", move || set_width(store, column, width() + WIDTH_STEP)),
        Entry::act("Narrower", move || set_width(store, column, width() - WIDTH_STEP)),
        Entry::act("Width as at first", move || {
            change_layout(store, |it| {
                it.widths.remove(column.name());
            });
        }),
    ];
    if column != Column::Title {
        entries.push(Entry::Line);
        entries.push(Entry::act("Move left", move || move_column(store, column, false)));
        entries.push(Entry::act("Move right", move || move_column(store, column, true)));
        entries.push(Entry::act("Hide", move || show_column(store, column, false)).icon("eye"));
    }
    entries
}

/// All columns, to show or hide them.
pub fn columns_entries(store: Store) -> Vec<Entry> {
    let mut entries = vec![Entry::Heading(format!("Columns of {}", kind(store).label().to_lowercase()))];
    for (column, is_shown) in all_columns(store).into_iter().skip(1) {
        entries.push(Entry::act(column.label(), move || show_column(store, column, !is_shown)).on(is_shown));
    }
    entries.push(Entry::Line);
    entries.push(
        Entry::act("As at first", move || {
            change_layout(store, |it| {
                it.shown.clear();
                it.order.clear();
                it.widths.clear();
            })
        })
        .icon("undo"),
    );
    entries
}
