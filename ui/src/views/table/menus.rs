//! What can be done to rows and columns, as menus. Each works on all rows at hand at once, as one
//! gesture that one undo takes back.

use std::collections::BTreeSet;

use custory_domain::EntityRef;
use dioxus::prelude::*;

use super::clip;
use super::column::Column;
use super::edit;
use super::model::Row;
use super::row::panel_of;
use super::state::{
    TableState, all_columns, change_layout, kind, move_column, set_sort, set_width, show_column,
};
use crate::components::Entry;
use crate::state::Store;
use crate::views::map::MapState;
use crate::views::selection::{about, common_entries};

/// Pixels by which a column gets wider or narrower from the menu.
const WIDTH_STEP: f64 = 24.0;

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
    entries.extend(common_entries(store, &rows));
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
    table.selection.clear();
    table.selection.anchor.set(next);
    match next {
        Some(next) => table.land(store, map, next),
        None => table.line.set(None),
    }
    store.trash(rows);
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
