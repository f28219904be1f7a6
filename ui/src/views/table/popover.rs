//! The picker of 1 to 5 below a cell, with what each choice would do to the score.

use custory_domain::EntityRef;
use custory_domain::score::priority::{PriorityInputs, Ranking, rank};
use dioxus::prelude::*;

use super::column::Column;
use super::edit::keep;
use super::row::cell_id;
use super::state::{TABLE_ID, use_table};
use super::write::{Editor, Input, editor};
use crate::components::use_focus_kept;
use crate::dom;
use crate::state::{OpenJourney, use_store};
use custory_domain::wording::priority_text;

/// Its size, for keeping it inside the window; must match the style sheet.
const SIZE: (f64, f64) = (284.0, 100.0);

/// The picker, when a rating is being edited.
#[component]
pub fn Popover() -> Element {
    let store = use_store();
    let table = use_table();
    let Some((row, column)) = *table.editing.read() else { return rsx! {} };
    let open = store.open.read();
    let found = open.as_ref().and_then(|it| editor(it, row, column));
    match found {
        Some(Editor::Rating { low, high }) => rsx! {
            Picker { key: "{row}{column:?}", row, column, low, high }
        },
        _ => rsx! {},
    }
}

#[component]
fn Picker(row: EntityRef, column: Column, low: &'static str, high: &'static str) -> Element {
    let store = use_store();
    let mut table = use_table();
    use_focus_kept("vt-pick");
    let at = use_hook(move || place(row, column));
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let now = present(open, row, column);
    let mut tried = use_signal(|| None::<u8>);
    let shown = tried().or(now);
    let effect = shown.and_then(|value| effect(open, row, column, value));
    let mut close = move || {
        table.editing.set(None);
        dom::focus(TABLE_ID);
    };
    let mut choose = move |value: Option<u8>| {
        keep(store, table, row, column, Input::Rating(value));
        close();
    };
    rsx! {
        div { class: "menu-b", onmousedown: move |_| close() }
        div {
            id: "vt-pick",
            class: "pop vt-pick",
            role: "radiogroup",
            tabindex: "-1",
            "aria-label": column.label(),
            style: "left:{at.0}px;top:{at.1}px",
            onkeydown: move |event| {
                event.stop_propagation();
                event.prevent_default();
                let value = shown.unwrap_or(3);
                match event.key() {
                    Key::Escape | Key::Tab => close(),
                    Key::ArrowRight | Key::ArrowUp => tried.set(Some((value + 1).min(5))),
                    Key::ArrowLeft | Key::ArrowDown => tried.set(Some(value.saturating_sub(1).max(1))),
                    Key::Enter => choose(shown),
                    Key::Backspace | Key::Delete => choose(None),
                    Key::Character(letter) => match letter.parse::<u8>() {
                        Ok(value @ 1..=5) => choose(Some(value)),
                        Ok(0) => choose(None),
                        _ => {}
                    },
                    _ => {}
                }
            },
            b { {column.label()} }
            span { class: "vt-q", " {question(column)}" }
            div { class: "pick10",
                for value in 1..=5_u8 {
                    button {
                        key: "{value}",
                        r#type: "button",
                        role: "radio",
                        tabindex: "-1",
                        class: match shown {
                            Some(shown) if shown == value => "on",
                            Some(shown) if value < shown => "in",
                            _ => "",
                        },
                        "aria-checked": now == Some(value),
                        title: match value {
                            1 => low,
                            5 => high,
                            _ => "",
                        },
                        onmouseenter: move |_| tried.set(Some(value)),
                        onclick: move |_| choose((now != Some(value)).then_some(value)),
                        "{value}"
                    }
                }
            }
            div { class: "vt-pf",
                match effect {
                    Some(effect) => rsx! {
                        p { "{effect}" }
                    },
                    None if now.is_some() => rsx! {
                        p { class: "t3", "Backspace takes it away" }
                    },
                    None => rsx! {
                        p { class: "t3", "1 is {low.to_lowercase()}, 5 is {high.to_lowercase()}" }
                    },
                }
                span { class: "sp" }
                kbd { "1" }
                span { class: "t3", "to" }
                kbd { "5" }
            }
        }
    }
}

const fn question(column: Column) -> &'static str {
    match column {
        Column::Impact => "What changes for customers if this works?",
        Column::Effort => "What does it take?",
        Column::Severity => "How much does it hurt?",
        _ => "",
    }
}

/// Below the cell, or above it where there is no room.
fn place(row: EntityRef, column: Column) -> (f64, f64) {
    let Some(rect) = dom::by_id(&cell_id(row, column)).map(|it| it.get_bounding_client_rect()) else {
        return (0.0, 0.0);
    };
    let (width, height) = dom::page_size();
    let below = rect.bottom() + 4.0;
    let top = if below + SIZE.1 > height - 8.0 { rect.top() - SIZE.1 - 4.0 } else { below };
    ((rect.left() - 4.0).min(width - SIZE.0 - 8.0).max(8.0), top)
}

fn present(open: &OpenJourney, row: EntityRef, column: Column) -> Option<u8> {
    let board = &open.board;
    match (row.kind, column) {
        (custory_domain::EntityKind::Insight, Column::Severity) => {
            board.insights.get(&row.id.into())?.severity
        }
        (custory_domain::EntityKind::Opportunity, Column::Impact) => {
            board.opportunities.get(&row.id.into())?.impact
        }
        (custory_domain::EntityKind::Opportunity, Column::Effort) => {
            board.opportunities.get(&row.id.into())?.effort
        }
        (custory_domain::EntityKind::Solution, Column::Effort) => board.solutions.get(&row.id.into())?.effort,
        _ => None,
    }
}

/// What a value would do to an opportunity's priority, in words.
fn effect(open: &OpenJourney, row: EntityRef, column: Column, value: u8) -> Option<String> {
    let id = row.id.into();
    let inputs = open
        .scores
        .opportunities
        .get(&id)
        .filter(|_| row.kind == custory_domain::EntityKind::Opportunity)?
        .inputs;
    let tried = match column {
        Column::Impact => PriorityInputs { impact: Some(value), ..inputs },
        Column::Effort => PriorityInputs { effort: Some(value), ..inputs },
        _ => return None,
    };
    let ranking = &open.scores.ranking;
    let formula = ranking.formula;
    let text = |of: &PriorityInputs| formula.value(of).map(|it| priority_text(formula, it));
    let is_listed = ranking.entries.iter().any(|it| it.opportunity == id);
    let listed = ranking.entries.iter().filter_map(|it| {
        let inputs = &open.scores.opportunities.get(&it.opportunity)?.inputs;
        Some((it.opportunity, if it.opportunity == id { &tried } else { inputs }))
    });
    let next = rank(listed, formula);
    let place =
        |ranking: &Ranking| ranking.entries.iter().position(|it| it.opportunity == id).map(|it| it + 1);
    let name = formula.name();
    let change = match (text(&inputs), text(&tried)) {
        (Some(before), Some(after)) if before != after => format!("{name} {before} to {after}"),
        (_, Some(after)) => format!("{name} {after}"),
        _ => return None,
    };
    let (before, after) = (place(ranking), place(&next));
    Some(match (before, after) {
        (Some(before), Some(after)) if is_listed && before != after => {
            format!("{change}, rank {before} to {after}")
        }
        (Some(_), Some(after)) if is_listed => format!("{change}, rank {after} stays"),
        _ => change,
    })
}
