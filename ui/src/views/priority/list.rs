//! The ranked list: the same opportunities as in the picture, the first one first. The one that is
//! picked opens to why it stands where it does.

use custory_domain::score::priority::PriorityInput;
use custory_domain::{Command, OpportunityState};
use dioxus::prelude::*;

use super::HowRanked;
use super::drag;
use super::keys;
use super::menus;
use super::model::Listed;
use super::state::{row_id, use_priority};
use super::why::Why;
use crate::components::{Icon, InlineText, KindIcon, Menu, StatusMark};
use crate::format;
use crate::state::use_store;
use crate::views::map::{Adding, new_item, use_map};
use crate::views::panel::words;
use crate::views::table::opportunity_status;

/// Lines that are drawn at first, and so many more each time that one scrolls close to their end: a move changes the
/// numbers of all lines between, and each of those that are drawn costs time.
const LINES: usize = 60;
/// Lines that are drawn below the one that is picked, at least.
const LINES_BELOW: usize = 20;
/// How close to the end is close, in pixels.
const CLOSE: i32 = 600;

/// The list.
#[component]
pub fn List() -> Element {
    let store = use_store();
    let map = use_map();
    let priority = use_priority();
    let mut drawn = use_signal(|| LINES);
    priority.followed.read();
    let model = priority.model.peek();
    let present = priority.present_in(&model);
    let place = model.list.iter().position(|it| present == Some(it.id)).unwrap_or(0);
    let shown = drawn().max(place + LINES_BELOW);
    let left = model.list.len().saturating_sub(shown);
    let formula = model.formula;
    rsx! {
        aside { class: "rank", "aria-label": "Ranked list",
            div { class: "rank-h",
                h2 {
                    "Ranked "
                    small { class: "t3", title: formula.text(), "by {formula.name()}" }
                }
                HowRanked {}
            }
            div {
                class: "pr-l scroll",
                role: "list",
                onscroll: move |event| {
                    let below = event.scroll_height() - event.client_height() - event.scroll_top() as i32;
                    if left > 0 && below < CLOSE {
                        drawn.set(shown + LINES);
                    }
                },
                onkeydown: move |event| keys::press(&event, store, map, priority, keys::Among::Lines),
                onpointermove: move |event| drag::watch(&event, priority),
                onpointerup: move |_| drag::release(priority),
                if let Some(adding @ Adding::Item { .. }) = *map.adding.read() {
                    New { adding }
                }
                for line in model.list.iter().take(shown).cloned() {
                    Line { key: "{line.id}", is_picked: present == Some(line.id), line }
                }
                if left > 0 {
                    button {
                        class: "btn ghost sm pr-rest",
                        r#type: "button",
                        onclick: move |_| drawn.set(shown + LINES),
                        {format::count(left, "more", "more")}
                    }
                }
            }
        }
    }
}

#[component]
fn Line(line: Listed, is_picked: bool) -> Element {
    let mut store = use_store();
    let map = use_map();
    let priority = use_priority();
    let id = line.id;
    let rank = line.rank.map_or("–".to_owned(), |it| it.to_string());
    let has_state = !matches!(line.state, OpportunityState::Open);
    rsx! {
        div { class: if is_picked { "rk on" } else { "rk" }, role: "listitem",
            oncontextmenu: move |event: MouseEvent| {
                event.prevent_default();
                priority.pick(store, map, id);
                let entries = menus::entries(store, priority, id);
                store.menu.set(Some(Menu::at(&event, "Opportunity", entries)));
            },
            button {
                id: row_id(id),
                class: "pr-b",
                r#type: "button",
                tabindex: if is_picked { "0" } else { "-1" },
                "aria-expanded": is_picked,
                onclick: move |_| priority.pick(store, map, id),
                ondoubleclick: move |_| priority.peek(store, id),
                onpointerdown: move |event| drag::press(&event, priority, id),
                span { class: "n", "{rank}" }
                h3 { "{line.title}" }
                match line.value.clone() {
                    Some(value) => rsx! { span { class: "score", "{value}" } },
                    None => rsx! { span { class: "pr-miss", {missing(&line.missing)} } },
                }
                div { class: "m",
                    span { class: "stepchip", style: "--c:{line.colour}",
                        i {}
                        "{line.step}"
                    }
                    if line.evidence > 0 {
                        span { class: "ev",
                            Icon { name: "quote" }
                            "{line.evidence}"
                        }
                    }
                    if has_state {
                        StatusMark {
                            status: opportunity_status(line.state),
                            label: words::word(words::OPPORTUNITY_STATES, line.state).to_owned(),
                        }
                    }
                }
            }
            if is_picked {
                Why { id }
            }
        }
    }
}

/// What a line lacks for a value, in words.
pub fn missing(inputs: &[PriorityInput]) -> String {
    let names: Vec<_> = inputs.iter().map(|it| name(*it)).collect();
    format!("Needs {}", names.join(" and "))
}

/// What an input is called inside a sentence.
const fn name(input: PriorityInput) -> &'static str {
    match input {
        PriorityInput::Reach => "reach",
        PriorityInput::Impact => "impact",
        PriorityInput::Effort => "effort",
    }
}

/// Something new that is being typed.
#[component]
fn New(adding: Adding) -> Element {
    let store = use_store();
    let mut map = use_map();
    let priority = use_priority();
    let Adding::Item { step, kind } = adding else { return rsx! {} };
    let place = store.open.read().as_ref().and_then(|it| Some(it.board.steps.get(&step)?.title.clone()));
    let name = kind.spec().name.to_lowercase();
    rsx! {
        div { class: "rk pr-new", role: "listitem",
            span { class: "n", KindIcon { kind } }
            InlineText {
                value: "",
                label: "New {name}",
                placeholder: "New {name}",
                editing: true,
                onsave: move |title| {
                    let entity = new_item(kind, step, title);
                    let id = entity.entity_ref();
                    dioxus::core::spawn_forever(async move {
                        let is_added = store.dispatch(Command::add(entity)).await;
                        if is_added && kind == custory_domain::ItemKind::Opportunity {
                            crate::dom::next_frame().await;
                            priority.pick(store, map, id.id.into());
                        }
                    });
                },
                ondone: move |()| {
                    map.adding.set(None);
                    crate::dom::focus_soon(super::state::MATRIX_ID);
                },
            }
            if let Some(place) = place {
                div { class: "m", "on {place}" }
            }
        }
    }
}
