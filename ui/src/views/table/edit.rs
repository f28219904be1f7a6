//! Editing a cell: a field where it stands, a menu or a small picker below it. What is kept goes to
//! the engine as a command; Esc restores what was.

use custory_domain::EntityRef;
use dioxus::prelude::*;

use super::cell::Cell;
use super::column::Column;
use super::read::Reader;
use super::row::cell_id;
use super::state::{TABLE_ID, TableState, use_table};
use super::write::{self, Editor, Input, Names, editor};
use crate::components::{Entry, Menu};
use crate::dom;
use crate::state::{Store, Toast, use_store};
use crate::views::choices;
use crate::views::map::MapState;
use crate::views::selection::{people, steps};

/// Begins to edit a cell, with what fits it.
pub fn begin(mut store: Store, map: MapState, mut table: TableState, row: EntityRef, column: Column) {
    let found = {
        let open = store.open.peek();
        open.as_ref().and_then(|it| editor(it, row, column))
    };
    let Some(found) = found else {
        explain(store, row, column);
        return;
    };
    table.column.set(column);
    table.land(store, map, row);
    let entries = match found {
        Editor::Text { .. } | Editor::Number { .. } | Editor::Day | Editor::Rating { .. } => {
            table.editing.set(Some((row, column)));
            return;
        }
        Editor::Choice(words) => choice_entries(store, table, row, column, &words),
        Editor::Person => people(store, vec![row]),
        Editor::Step => steps(store, vec![row]),
        Editor::Metric => metric_entries(store, table, row),
    };
    store.menu.set(Some(Menu::below_id(&cell_id(row, column), column.label(), entries)));
}

/// Says why a cell cannot be typed in.
fn explain(store: Store, row: EntityRef, column: Column) {
    let why = match column {
        Column::Evidence => "Evidence is counted from the quotes behind it.",
        Column::Score | Column::Rank => "The score follows from its inputs. Change those.",
        Column::Linked => "The linked issue comes from the tracker.",
        Column::Accounts | Column::Conversion => "This is measured by the step's metrics.",
        Column::Value | Column::Change | Column::Result => "This follows from the metric's values.",
        Column::Branches => "Branches are drawn from the step’s panel: open it with Space.",
        Column::Freshness => "A step is fresh after “Still true” on it.",
        _ if super::row::item_kind(row).is_none() && column == Column::Stage => "Move the step on the map.",
        _ => return,
    };
    store.toast(Toast::plain("info", why));
}

fn choice_entries(
    store: Store,
    table: TableState,
    row: EntityRef,
    column: Column,
    words: &[&'static str],
) -> Vec<Entry> {
    let present = {
        let open = store.open.peek();
        let model = table.model.peek();
        let cell = open.as_ref().map(|open| Reader { open, places: &model.places }.cell(row, column));
        match cell {
            Some(Cell::Choice(_, word) | Cell::Status(_, word)) => Some(word),
            _ => None,
        }
    };
    let entry = |(at, word): (usize, &&'static str)| {
        Entry::act(*word, move || keep(store, table, row, column, Input::Choice(at)))
            .on(present == Some(*word))
    };
    words.iter().enumerate().map(entry).collect()
}

fn metric_entries(store: Store, table: TableState, row: EntityRef) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let now = open.board.solutions.get(&row.id.into()).and_then(|it| it.success_metric);
    let set = move |metric| keep(store, table, row, Column::Moves, Input::Metric(metric));
    let mut metrics: Vec<_> = open.board.metrics.values().filter(|it| it.trashed.is_none()).collect();
    metrics.sort_by(|a, b| a.name.cmp(&b.name));
    choices::metrics(metrics, now, set)
}

/// Keeps an input, if it changes anything.
pub fn keep(store: Store, table: TableState, row: EntityRef, column: Column, input: Input) {
    let command = {
        let open = store.open.peek();
        let model = table.model.peek();
        open.as_ref().and_then(|it| write::command(it, &model.places, row, column, input))
    };
    if let Some(command) = command {
        store.send(command);
    }
}

/// Where a text, a number or a day is typed, in its cell.
#[component]
pub fn Field(row: EntityRef, column: Column) -> Element {
    let store = use_store();
    let mut table = use_table();
    let mut wrong = use_signal(|| None::<String>);
    let mut is_done = use_signal(|| false);
    let start = use_hook(move || beginning(store, table, row, column));
    let mut typed = use_signal({
        let start = start.clone();
        move || start.0
    });
    let is_day = start.1;
    let first = start.0.clone();
    // Whether it was kept: what does not fit stays where it is, with the reason.
    let mut finish = move |keeps: bool| -> bool {
        if *is_done.peek() {
            return true;
        }
        let text = typed.peek().clone();
        if keeps && text.trim() != first.trim() {
            match read(store, table, row, column, &text) {
                Ok(input) => keep(store, table, row, column, input),
                Err(misfit) => {
                    wrong.set(Some(misfit));
                    return false;
                }
            }
        }
        is_done.set(true);
        table.editing.set(None);
        true
    };
    let mut finish_left = finish.clone();
    rsx! {
        input {
            class: "vt-f",
            r#type: if is_day { "date" } else { "text" },
            "aria-label": column.label(),
            "aria-invalid": wrong.read().is_some(),
            spellcheck: "false",
            autocomplete: "off",
            initial_value: "{start.0}",
            onmounted: move |event| async move {
                drop(event.set_focus(true).await);
                select_all(&event);
            },
            oninput: move |event| {
                typed.set(event.value());
                wrong.set(None);
            },
            onblur: move |_| {
                // Leaving with something that does not fit restores what was.
                if !finish_left(true) {
                    finish_left(false);
                }
            },
            onclick: move |event| event.stop_propagation(),
            ondoubleclick: move |event| event.stop_propagation(),
            onkeydown: move |event| {
                event.stop_propagation();
                let step = match event.key() {
                    Key::Escape => {
                        finish(false);
                        dom::focus(TABLE_ID);
                        event.prevent_default();
                        return;
                    }
                    Key::Enter if !event.is_composing() => None,
                    Key::Tab => Some(!event.modifiers().shift()),
                    _ => return,
                };
                event.prevent_default();
                if finish(true) {
                    if let Some(forward) = step {
                        super::keys::step_column(table, forward);
                    }
                    dom::focus(TABLE_ID);
                }
            },
        }
        if let Some(wrong) = wrong.read().clone() {
            small { class: "vt-bad", role: "alert", "{wrong}" }
        }
    }
}

/// What the field begins with, and whether it is a day.
fn beginning(store: Store, table: TableState, row: EntityRef, column: Column) -> (String, bool) {
    let open = store.open.peek();
    let model = table.model.peek();
    let Some(open) = open.as_ref() else { return (String::new(), false) };
    let cell = Reader { open, places: &model.places }.cell(row, column);
    let is_day = matches!(cell, Cell::Day(_));
    // A number that only follows from others is no beginning for one that a person sets.
    let text = match (&cell, editor(open, row, column)) {
        (Cell::Number { is_set: false, .. }, _) => String::new(),
        (Cell::Number { value: Some(value), .. }, Some(Editor::Number { scale, unit })) => {
            format!("{}{unit}", crate::format::number(value / scale, 4))
        }
        _ => cell.plain(|_| String::new()),
    };
    (text, is_day)
}

/// Reads a text for a cell.
pub fn read(
    store: Store,
    table: TableState,
    row: EntityRef,
    column: Column,
    text: &str,
) -> Result<Input, String> {
    let open = store.open.peek();
    let model = table.model.peek();
    let members = store.members();
    let Some(open) = open.as_ref() else { return Err("The journey is not open".to_owned()) };
    let Some(editor) = editor(open, row, column) else {
        return Err(format!("{} cannot be typed", column.label()));
    };
    let names = Names { members: &members, open, places: &model.places };
    write::parse(&editor, text, &names).map_err(|it| it.0)
}

fn select_all(event: &MountedEvent) {
    use dioxus::web::WebEventExt as _;
    use wasm_bindgen::JsCast as _;
    if let Some(field) =
        event.try_as_web_event().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok())
    {
        field.select();
    }
}
