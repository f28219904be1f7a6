//! The table by keyboard: arrows go from cell to cell, Enter edits, Space peeks, X and Shift select.

use custory_domain::EntityRef;
use dioxus::prelude::*;

use super::column::Column;
use super::edit;
use super::menus;
use super::model::{ROW_HEIGHT, Row};
use super::row::{cell_id, panel_of};
use super::state::{Line, TableState, sort_by};
use crate::components::Menu;
use crate::state::Store;
use crate::views::map::MapState;
use crate::views::selection::{choices, people, statuses};

/// A key was pressed while the keyboard is in the table.
pub fn press(event: &KeyboardEvent, mut store: Store, map: MapState, table: TableState) {
    if table.editing.peek().is_some() {
        return;
    }
    let modifiers = event.modifiers();
    let is_command = modifiers.intersects(Modifiers::CONTROL | Modifiers::META);
    let shift = modifiers.shift();
    if modifiers.alt() {
        return;
    }
    let acted = match event.key() {
        Key::ArrowDown => vertical(store, map, table, 1, shift),
        Key::ArrowUp => vertical(store, map, table, -1, shift),
        Key::PageDown => vertical(store, map, table, page(table), shift),
        Key::PageUp => vertical(store, map, table, -page(table), shift),
        Key::Home if is_command => vertical(store, map, table, isize::MIN, shift),
        Key::End if is_command => vertical(store, map, table, isize::MAX, shift),
        Key::ArrowLeft => horizontal(table, false),
        Key::ArrowRight => horizontal(table, true),
        Key::Tab if table.line.peek().is_some() => step_column(table, !shift),
        Key::Home => to_column(table, 0),
        Key::End => to_column(table, usize::MAX),
        Key::Enter | Key::F2 => enter(store, map, table),
        Key::Escape if !table.selection.is_empty() => {
            table.selection.clear();
            true
        }
        Key::Delete | Key::Backspace => {
            menus::trash(store, map, table);
            true
        }
        Key::ContextMenu => menu(store, map, table),
        Key::F10 if shift => menu(store, map, table),
        Key::Character(letter) if is_command => match letter.to_lowercase().as_str() {
            "a" => {
                let all = table.model.peek().entities().collect();
                table.selection.set(all);
                true
            }
            // Copy and paste come as events of their own.
            _ => false,
        },
        // The letter that follows C or G says what to add, or where to go.
        Key::Character(_) if *map.is_adding_next.peek() || *store.is_going_next.peek() => false,
        Key::Character(letter) => match letter.to_lowercase().as_str() {
            " " => peek(store, table),
            "x" => select(table, shift),
            "e" => table.row().is_some_and(|it| {
                edit::begin(store, map, table, it, Column::Title);
                true
            }),
            "a" => table.row().is_some_and(|it| {
                let entries = people(store, table.at_hand());
                store.menu.set(Some(Menu::below_id(&cell_id(it, Column::Owner), "Owner", entries)));
                true
            }),
            "s" => status(store, table),
            "[" => fold(table, true),
            "]" => fold(table, false),
            _ => false,
        },
        _ => false,
    };
    if acted {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Lines that are visible, as a distance.
fn page(table: TableState) -> isize {
    let (_, height) = *table.view.peek();
    ((height / ROW_HEIGHT) as isize - 2).max(1)
}

/// Where the keyboard is, as a position among the lines; −1 is the heads.
fn position(table: TableState) -> Option<isize> {
    let model = table.model.peek();
    match &*table.line.peek() {
        None => None,
        Some(Line::Heads) => Some(-1),
        Some(Line::Row(row)) => model.position(*row).map(|it| it as isize),
        Some(Line::Group(key)) => {
            let at = |row: &Row| matches!(row, Row::Head(group) if model.groups[*group].key == *key);
            model.rows.iter().position(at).map(|it| it as isize)
        }
    }
}

fn vertical(store: Store, map: MapState, mut table: TableState, by: isize, selects: bool) -> bool {
    let count = table.model.peek().rows.len() as isize;
    if count == 0 {
        return false;
    }
    let from = position(table);
    let first_row = || {
        let model = table.model.peek();
        model.rows.iter().position(|it| matches!(it, Row::Of(_))).unwrap_or(0) as isize
    };
    let lowest = if selects { 0 } else { -1 };
    let mut to = match from {
        None => first_row(),
        Some(_) if by == isize::MIN => first_row(),
        Some(_) if by == isize::MAX => count - 1,
        Some(from) => (from + by).clamp(lowest, count - 1),
    };
    // What is being typed anew, and heads of groups while one selects, are passed over.
    let step = if by < 0 { -1 } else { 1 };
    let passes = |at: isize| {
        let model = table.model.peek();
        match usize::try_from(at).ok().and_then(|it| model.row(it)) {
            Some(Row::New(_)) => true,
            Some(Row::Head(_)) => selects,
            Some(Row::Of(_)) | None => false,
        }
    };
    while passes(to) {
        to += step;
        if to >= count || to < 0 {
            return true;
        }
    }
    let before = table.row();
    if to < 0 {
        table.line.set(Some(Line::Heads));
        return true;
    }
    if selects && table.selection.anchor.peek().is_none() {
        table.selection.anchor.set(before);
    }
    table.land_at(store, map, to as usize);
    match table.row() {
        Some(row) if selects => table.select_to(row),
        row => table.selection.anchor.set(row),
    }
    true
}

fn horizontal(table: TableState, forward: bool) -> bool {
    let key = match &*table.line.peek() {
        Some(Line::Group(key)) => Some(key.clone()),
        None => return false,
        Some(_) => None,
    };
    match key {
        Some(key) => table.fold(&key, !forward),
        None => {
            step_column(table, forward);
        }
    }
    true
}

/// Goes to the next column, or the one before.
pub fn step_column(table: TableState, forward: bool) -> bool {
    let at = {
        let columns = table.columns.peek();
        columns.iter().position(|it| it.column == *table.column.peek()).unwrap_or(0)
    };
    to_column(table, if forward { at + 1 } else { at.saturating_sub(1) })
}

fn to_column(mut table: TableState, at: usize) -> bool {
    let found = {
        let columns = table.columns.peek();
        columns.get(at.min(columns.len().saturating_sub(1))).map(|it| it.column)
    };
    if let Some(column) = found {
        table.column.set(column);
        reveal_column(table, column);
    }
    table.line.peek().is_some()
}

/// Scrolls sideways so that a column is in sight, beside the first one that stays.
fn reveal_column(table: TableState, column: Column) {
    use super::state::{BOX_WIDTH, TABLE_ID};
    let Some(element) = crate::dom::by_id(TABLE_ID) else { return };
    let columns = table.columns.peek();
    let Some(at) = columns.iter().position(|it| it.column == column) else { return };
    if at == 0 {
        element.set_scroll_left(0);
        return;
    }
    let fixed = BOX_WIDTH + columns[0].width;
    let left: f64 = BOX_WIDTH + columns[..at].iter().map(|it| it.width).sum::<f64>();
    let scrolled = f64::from(element.scroll_left());
    let view = f64::from(element.client_width());
    if left - fixed < scrolled {
        element.set_scroll_left((left - fixed) as i32);
    } else if left + columns[at].width > scrolled + view {
        element.set_scroll_left((left + columns[at].width - view).ceil() as i32);
    }
}

fn enter(store: Store, map: MapState, table: TableState) -> bool {
    let line = table.line.peek().clone();
    let column = *table.column.peek();
    match line {
        None => return false,
        Some(Line::Heads) => sort_by(store, column, false),
        Some(Line::Group(key)) => {
            let is_folded = table.folded.peek().contains(&key);
            table.fold(&key, !is_folded);
        }
        Some(Line::Row(row)) => edit::begin(store, map, table, row, column),
    }
    true
}

/// Shows the row in the panel; once more puts it away.
fn peek(mut store: Store, table: TableState) -> bool {
    let Some(row) = table.row() else { return false };
    let panel = panel_of(store, table, row);
    let is_shown = *store.panel.peek() == panel;
    store.panel.set(if is_shown { None } else { panel });
    true
}

fn select(table: TableState, to_here: bool) -> bool {
    let Some(row) = table.row() else { return false };
    if to_here {
        table.select_to(row);
    } else {
        table.selection.toggle(row);
    }
    true
}

fn status(mut store: Store, table: TableState) -> bool {
    let rows = table.at_hand();
    let Some(words) = statuses(store, &rows) else { return false };
    let Some(row) = table.row().or(rows.first().copied()) else { return false };
    let entries = choices(store, rows, Column::Status, &words);
    store.menu.set(Some(Menu::below_id(&cell_id(row, Column::Status), "Status", entries)));
    true
}

/// Folds or unfolds the group that the keyboard is in.
fn fold(mut table: TableState, is_folded: bool) -> bool {
    let key = {
        let model = table.model.peek();
        let Some(at) = position(table).and_then(|it| usize::try_from(it).ok()) else { return false };
        let head = model.rows[..=at].iter().rev().find_map(|it| match it {
            Row::Head(group) => model.groups.get(*group).map(|it| it.key.clone()),
            _ => None,
        });
        match head {
            Some(key) => key,
            None => return false,
        }
    };
    table.fold(&key, is_folded);
    table.line.set(Some(Line::Group(key)));
    true
}

fn menu(mut store: Store, map: MapState, table: TableState) -> bool {
    let line = table.line.peek().clone();
    let column = *table.column.peek();
    let menu = match line {
        Some(Line::Heads) => {
            let id = super::heads::head_id(column);
            Menu::below_id(&id, column.label(), menus::column_entries(store, table, column))
        }
        Some(Line::Row(row)) => row_menu(store, map, table, row, column),
        Some(Line::Group(_)) | None => return false,
    };
    store.menu.set(Some(menu));
    true
}

fn row_menu(store: Store, map: MapState, table: TableState, row: EntityRef, column: Column) -> Menu {
    Menu::below_id(&cell_id(row, column), "Row", menus::row_entries(store, map, table))
}
