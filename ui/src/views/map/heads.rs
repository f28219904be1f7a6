//! Heads: of lanes on the left, of stages and steps on top.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, ItemKind, JourneyId, StageField, StageId, StepField, StepId};
use dioxus::prelude::*;

use super::drag::{self, Dragged};
use super::layout::Detail;
use super::marked::{Marked, marked};
use super::menus;
use super::model::StageHead;
use super::select;
use super::state::{Adding, Spot, use_map};
use crate::app::Screen;
use crate::components::{Icon, IconButton, InlineText, KindIcon, Menu, avatar, icon};
use crate::format;
use crate::state::{Named, Overlay, Panel, use_store};
use crate::views::mates::Ring;

/// The corner says whose journey it is, and leads to what it is about.
#[component]
pub fn Corner() -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let personas = open.as_ref().and_then(|it| it.board.journey()).map(|it| it.personas.clone());
    let named: Vec<_> = personas.into_iter().flatten().filter_map(|it| store.persona(it)).collect();
    let more = named.len().saturating_sub(1);
    rsx! {
        div { class: "lane-h corner", role: "columnheader", style: "grid-row:1/3",
            button {
                class: "who-b",
                r#type: "button",
                id: "about-open",
                tabindex: "-1",
                title: "About this journey",
                onclick: move |_| store.overlay.set(Some(Overlay::About)),
                if let Some(persona) = named.first() {
                    span { class: "lh who",
                        "{persona.name}"
                        if more > 0 {
                            " +{more}"
                        }
                    }
                    small { "{persona.description}" }
                } else {
                    span { class: "lh who t3", "Whose journey?" }
                }
            }
        }
    }
}

/// A lane's label, with how many items it holds and a way to add one.
#[component]
pub fn LaneHead(kind: ItemKind, total: usize) -> Element {
    let store = use_store();
    let map = use_map();
    let spec = kind.spec();
    rsx! {
        div { class: "lane-h", role: "rowheader",
            div { class: "lh",
                KindIcon { kind }
                "{spec.plural}"
            }
            small { "{total}" }
            IconButton {
                icon: "plus",
                class: "xs",
                label: format!("Add {}", spec.name.to_lowercase()),
                onclick: move |_| super::moves::begin_adding(store, map, kind),
            }
        }
    }
}

/// A stage's head.
#[component]
pub fn StageHeadView(stage: StageHead, from: usize, to: usize, detail: Detail) -> Element {
    let store = use_store();
    let mut map = use_map();
    let spot = Spot::Stage(stage.id);
    let is_stop = use_memo(move || *map.cursor.read() == Some(spot));
    let is_editing = use_memo(move || *map.editing.read() == Some(spot));
    let id = stage.id;
    let steps = stage.steps;
    let menu_stage = stage.clone();
    let context_stage = stage.clone();
    rsx! {
        div {
            id: spot.element_id(),
            class: "stg",
            role: "columnheader",
            "aria-label": "Stage {stage.title}, {format::count(steps, \"step\", \"steps\")}",
            tabindex: if is_stop() { "0" } else { "-1" },
            style: "--c:{stage.colour};grid-row:1;grid-column:{from}/{to}",
            onfocus: move |_| map.cursor.set(Some(spot)),
            ondoubleclick: move |_| map.editing.set(Some(spot)),
            onpointerdown: move |event| drag::press(&event, map, Dragged::Stage(id)),
            oncontextmenu: move |event: MouseEvent| {
                event.prevent_default();
                menus::open(store, Menu::at(&event, "Stage", menus::stage_entries(store, map, &context_stage)));
            },
            if is_editing() {
                InlineText {
                    value: stage.title.clone(),
                    label: "Title of the stage",
                    editing: true,
                    onsave: move |title| {
                        store.send(Command::set(Change::Stage { id, set: StageField::Title(title) }));
                    },
                    holder: spot.element_id(),
                    ondone: move |()| map.editing.set(None),
                }
            } else {
                span { class: "stg-t", "{stage.title}" }
                if detail == Detail::Square {
                    small { "{steps}" }
                } else if steps > 0 {
                    small { {format::count(steps, "step", "steps")} }
                }
                span { class: "stg-b",
                    IconButton {
                        icon: "plus",
                        class: "xs",
                        label: "Add a step to {stage.title}",
                        onclick: move |event: MouseEvent| {
                            event.stop_propagation();
                            map.adding.set(Some(Adding::Step { stage: id, index: steps }));
                        },
                    }
                    IconButton {
                        icon: "more",
                        class: "xs",
                        label: "More for {stage.title}",
                        opens_menu: true,
                        onclick: move |event: MouseEvent| {
                            event.stop_propagation();
                            let entries = menus::stage_entries(store, map, &menu_stage);
                            menus::open(store, Menu::below(&event, "Stage", entries));
                        },
                    }
                }
            }
        }
    }
}

/// A folded stage's head; opens it.
#[component]
pub fn SpineHead(stage: StageHead, column: usize) -> Element {
    let mut map = use_map();
    let spot = Spot::Stage(stage.id);
    let is_stop = use_memo(move || *map.cursor.read() == Some(spot));
    let id = stage.id;
    let label = format!("Expand {}, {}", stage.title, format::count(stage.steps, "step", "steps"));
    rsx! {
        div { class: "mrow", role: "columnheader",
        button {
            id: spot.element_id(),
            class: "spine head",
            r#type: "button",
            tabindex: if is_stop() { "0" } else { "-1" },
            "aria-expanded": "false",
            "aria-label": "{label}",
            title: "Expand {stage.title}",
            style: "--c:{stage.colour};grid-column:{column}",
            onfocus: move |_| map.cursor.set(Some(spot)),
            onclick: move |_| map.fold(id, false),
            Icon { name: "right" }
            span { class: "sp-n", {shorten(&stage.title)} }
            span { class: "t3", "{stage.steps}" }
        }
        }
    }
}

/// A title that fits a spine.
fn shorten(title: &str) -> String {
    const LETTERS: usize = 8;
    if title.chars().count() <= LETTERS {
        return title.to_owned();
    }
    let short: String = title.chars().take(LETTERS - 1).collect();
    format!("{}…", short.trim_end())
}

/// What a step's head shows besides what is said of the step, found as one.
#[derive(Clone, PartialEq)]
struct Look {
    is_stop: bool,
    is_editing: bool,
    is_picked: bool,
    marked: Marked,
    mates: Vec<Named>,
}

/// A step's head.
#[component]
pub fn StepHead(
    step: StepId,
    number: usize,
    is_first: bool,
    column: usize,
    is_selected: bool,
    detail: Detail,
) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let spot = Spot::Step(step);
    let look = use_memo(move || Look {
        is_stop: *map.cursor.read() == Some(spot),
        is_editing: *map.editing.read() == Some(spot),
        is_picked: store.selection.all.read().contains(&step.into()),
        marked: marked(store, step.into()),
        mates: store.mates_by_name.read().iter().filter(|it| it.step == Some(step)).cloned().collect(),
    });
    let Look { is_stop, is_editing, is_picked, marked, mates } = look();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.steps.get(&step) else { return rsx! {} };
    let title = it.title.clone();
    let evidence = open.index.evidence_on(step).count();
    let is_leak = open.numbers.largest_leak == Some(step);
    let is_below = open.numbers.flow.get(&step).is_some_and(|it| it.is_below_target);
    let leak = match (is_leak, is_below) {
        (true, _) => Some("Largest leak"),
        (false, true) => Some("Below target"),
        (false, false) => None,
    };
    let class = format!(
        "{}{}{}{}",
        if detail == Detail::Square { "zs" } else { "stp" },
        if is_first { " s0" } else { "" },
        if is_selected { " sel" } else { "" },
        if detail == Detail::Square && is_below { " bad" } else { "" },
    ) + if is_picked { " picked" } else { "" };
    let context = move |event: MouseEvent| {
        select::open_menu(store, map, &event, spot, || ("Step", menus::step_entries(store, map, step)));
    };
    let common = (spot.element_id(), format!("grid-row:2;grid-column:{column}"));
    rsx! {
        div {
            id: common.0,
            class: "{class}",
            role: "columnheader",
            "aria-label": "Step {number}, {it.title}",
            "aria-selected": is_picked,
            tabindex: if is_stop { "0" } else { "-1" },
            style: common.1,
            onfocus: move |_| map.cursor.set(Some(spot)),
            onclick: move |event| {
                if !select::click(&event, store, map, spot) {
                    store.panel.set(Some(Panel { step, item: None }));
                }
            },
            ondoubleclick: move |_| map.editing.set(Some(spot)),
            onpointerdown: move |event| drag::press(&event, map, Dragged::Step(step)),
            onmouseenter: move |_| {
                if detail == Detail::Square {
                    map.lens.set(Some(step));
                }
            },
            oncontextmenu: context,
            for mate in mates {
                Ring { key: "{mate.device}", mate }
            }
            if detail == Detail::Square {
                span { "{title}" }
            } else if is_editing {
                InlineText {
                    value: title,
                    label: "Title of the step",
                    class: "stp-e",
                    editing: true,
                    onsave: move |title| store.send(Command::set(Change::Step { id: step, set: StepField::Title(title) })),
                    holder: spot.element_id(),
                    ondone: move |()| map.editing.set(None),
                }
            } else {
                h3 {
                    em { "{number}" }
                    span { title: "{title}", "{title}" }
                    if let Some((sign, class, word)) = marked.badge() {
                        span { class: "dbg in {class}", title: "{word}", "{sign}" }
                    }
                }
                div { class: "stp-m",
                    {avatar(store, it.owner, "")}
                    if evidence > 0 {
                        span { class: "ev", title: format::count(evidence, "piece of evidence", "pieces of evidence"),
                            {icon("quote", "")}
                            "{evidence}"
                        }
                    }
                    if it.is_value_moment {
                        span { class: "vm", title: "Value moment: here the customer first gets what they came for",
                            Icon { name: "star", class: "xs" }
                        }
                    }
                    if it.is_moment_of_truth {
                        span { class: "vm", title: "Moment of truth: here the customer decides to stay or go",
                            Icon { name: "flag", class: "xs" }
                        }
                    }
                    if let Some(detail) = it.detail {
                        Deeper { detail }
                    }
                    if let Some(leak) = leak {
                        span { class: "leak", "{leak}" }
                    }
                }
            }
        }
    }
}

/// Leads into the journey that shows a step in detail.
#[component]
fn Deeper(detail: JourneyId) -> Element {
    let store = use_store();
    let title = store.journeys.read().iter().find(|it| it.id == detail).map(|it| it.title.clone());
    let (label, is_here) = match title {
        Some(title) => (format!("Into {}", quoted(&title)), true),
        None => ("The journey that shows this in detail is not on this device".to_owned(), false),
    };
    rsx! {
        IconButton {
            icon: "map",
            class: "xs deep",
            label,
            disabled: !is_here,
            onclick: move |event: MouseEvent| {
                event.stop_propagation();
                store.go(Screen::Journey(detail));
            },
        }
    }
}

/// Where a stage without steps gets its first one.
#[component]
pub fn BareHead(stage: StageId, column: usize) -> Element {
    let mut map = use_map();
    let spot = Spot::Bare(stage);
    let is_stop = use_memo(move || *map.cursor.read() == Some(spot));
    rsx! {
        div { class: "stp s0 bare", role: "columnheader", style: "grid-row:2;grid-column:{column}",
            button {
                id: spot.element_id(),
                class: "add on",
                r#type: "button",
                tabindex: if is_stop() { "0" } else { "-1" },
                onfocus: move |_| map.cursor.set(Some(spot)),
                onclick: move |_| map.adding.set(Some(Adding::Step { stage, index: 0 })),
                Icon { name: "plus" }
                span { "Add step" }
            }
        }
    }
}
