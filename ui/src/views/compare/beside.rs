//! A journey as it is above the same as it should be: each step of either has one column in both, and both move together.
//!
//! The journey as it should be is the one on screen: what is opened there is changed there, beside the two. What is
//! opened of the other one leads into it.

use custory_domain::{EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::model::{Beside, FEELING_HEIGHT, Holds, Side, Spot};
use super::moves;
use crate::components::{Button, Chip, Icon, KindIcon};
use crate::dom;
use crate::format;
use crate::state::{OpenJourney, Store, use_store};
use crate::views::filter::{FilterChips, Filtered};
use crate::views::map::{marked, use_map};

/// The scrolling element.
pub const BESIDE_ID: &str = "journey-beside";

const STYLE: &str = include_str!("style.css");

/// What the two know while they are on screen. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct BesideState {
    /// Where the keyboard is.
    pub cursor: Signal<Option<Spot>>,
    /// Width and height of what is visible.
    pub view: Signal<(f64, f64)>,
    /// How far they are scrolled, left and top.
    pub scroll: Signal<(f64, f64)>,
    /// What is drawn.
    pub model: Memo<Beside>,
}

/// Both, between their tools and the window's edge.
#[component]
pub fn BesideScreen() -> Element {
    let store = use_store();
    let map = use_map();
    let mut is_only = use_signal(|| false);
    let cursor = use_signal(|| None);
    let mut view = use_signal(|| (0.0, 0.0));
    let mut scroll = use_signal(|| (0.0, 0.0));
    let model = use_memo(move || {
        let (open, comparison) = (store.open.read(), store.comparison.read());
        match (open.as_ref(), comparison.as_ref()) {
            (Some(open), Some(comparison)) => {
                Beside::of(open, comparison, &map.filter.read(), is_only(), view.read().0)
            }
            _ => Beside::default(),
        }
    });
    let state = BesideState { cursor, view, scroll, model };
    let visible = use_memo(move || model.read().visible(scroll.read().0, view.read().0));
    use_hook(move || dom::focus_soon(BESIDE_ID));
    // What the panel shows is in sight, once the panel has taken its room.
    use_effect(move || {
        let Some(panel) = *store.panel.read() else { return };
        dioxus::core::spawn_forever(async move {
            dom::next_frame().await;
            dom::next_frame().await;
            moves::reveal(state, Spot { side: Side::ToBe, step: panel.step, item: None });
        });
    });
    let is_empty = use_memo(move || model.read().columns.is_empty());
    let has_cursor = cursor.read().is_some();
    let only_class = if is_only() { "on" } else { "quiet" };
    rsx! {
        style { dangerous_inner_html: STYLE }
        div { class: "bar", role: "toolbar", "aria-label": "What is compared",
            FilterChips {}
            Filtered { left: model.read().counts.0, all: model.read().counts.1 }
            span { class: "sepv" }
            Chip {
                class: only_class,
                id: "beside-only",
                onclick: move |_| is_only.toggle(),
                Icon { name: "filter", class: "sm" }
                "Only what differs"
            }
            span { class: "sp" }
            Button { label: "Difference before", class: "ghost sm", keys: vec!["K"], onclick: move |_| moves::to_difference(store, state, false) }
            Button {
                label: "Next difference",
                class: "ghost sm",
                keys: vec!["J"],
                id: "beside-next",
                onclick: move |_| moves::to_difference(store, state, true),
            }
        }
        div {
            id: BESIDE_ID,
            class: "mapv besv",
            role: "grid",
            "aria-label": "As it is and as it should be, step by step",
            "aria-colcount": "{model.read().columns.len()}",
            tabindex: if has_cursor { "-1" } else { "0" },
            onscroll: move |event| scroll.set((event.scroll_left(), event.scroll_top())),
            onresize: move |event| {
                if let Ok(size) = event.get_content_box_size()
                    && *view.peek() != (size.width, size.height)
                {
                    view.set((size.width, size.height));
                }
            },
            onkeydown: move |event| moves::press(&event, store, state),
            for side in Side::BOTH {
                Half { key: "{side:?}", state, side, range: visible() }
            }
        }
        if is_empty() {
            p { class: "bes-none", role: "status", "Nothing differs." }
        }
    }
}

/// One of the two journeys.
#[component]
fn Half(state: BesideState, side: Side, range: std::ops::Range<usize>) -> Element {
    let store = use_store();
    let title = use_memo(move || of(store, side, |open| open.title().to_owned()).unwrap_or_default());
    let model = state.model.read();
    let range = range.start.min(model.columns.len())..range.end.min(model.columns.len());
    let columns = || range.clone().zip(&model.columns[range.clone()]).map(|(at, it)| (at + 2, it));
    let (columns_style, rows_style) = (model.column_template(), model.row_template(side));
    let flow_row = model.first_lane() - 1;
    let heads = |at: usize, holds: &Holds| {
        let stage = holds.stage.and_then(|it| model.stages[side as usize].get(&it)).cloned();
        let (name, colour) = stage.unwrap_or_default();
        let name = if holds.is_first { name } else { String::new() };
        rsx! {
            div {
                class: if holds.is_first { "stg first" } else { "stg" },
                role: if name.is_empty() { "gridcell" } else { "columnheader" },
                style: "--c:{colour};grid-row:1;grid-column:{at}",
                span { class: "stg-t", "{name}" }
            }
        }
    };
    rsx! {
        div {
            class: "mgrid bes",
            role: "rowgroup",
            "aria-label": side.words(),
            style: "grid-template-columns:{columns_style};grid-template-rows:{rows_style}",
            div { class: "mrow", role: "row",
                div { class: "lane-h corner", role: "rowheader", style: "grid-row:1/3",
                    b { {side.words()} }
                    small { title: "{title}", "{title}" }
                }
                for (at , column) in columns() {
                    match column.on(side) {
                        Some(holds) => heads(at, holds),
                        None => rsx! {
                            div { class: "stg gone", role: "gridcell", style: "grid-row:1;grid-column:{at}" }
                        },
                    }
                }
            }
            div { class: "mrow", role: if !range.is_empty() { "row" },
                for (at , column) in columns() {
                    if let Some(holds) = column.on(side) {
                        StepHead { key: "{column.step}", state, side, step: column.step, number: holds.number, at }
                    } else {
                        div { class: "stp gone", role: "gridcell", style: "grid-row:2;grid-column:{at}",
                            span { class: "t3", if side == Side::AsIs { "Not there yet" } else { "Not there any more" } }
                        }
                    }
                }
            }
            if model.has_feeling() {
                FeelingRow { state, side }
            }
            if model.has_flow {
                div { class: "mrow", role: "row",
                    div { class: "lane-h flat", role: "rowheader", style: "grid-row:{flow_row}",
                        div { class: "lh",
                            Icon { name: "s-posthog", class: "kc" }
                            "Conversion"
                        }
                    }
                    for (at , column) in columns() {
                        Flow {
                            key: "{column.step}",
                            side,
                            step: column.step,
                            is_there: column.on(side).is_some(),
                            place: "grid-row:{flow_row};grid-column:{at}",
                        }
                    }
                }
            }
            for (row , lane) in (model.first_lane()..).zip(model.lanes.iter()) {
                div { key: "{lane.kind:?}", class: "mrow", role: "row",
                    div { class: "lane-h", role: "rowheader", style: "grid-row:{row}",
                        div { class: "lh",
                            KindIcon { kind: lane.kind }
                            {lane.kind.spec().plural}
                        }
                    }
                    for (at , column) in columns() {
                        if let Some(holds) = column.on(side) {
                            Cell {
                                key: "{column.step}",
                                state,
                                side,
                                step: column.step,
                                items: holds.items[&lane.kind].clone(),
                                more: holds.more[&lane.kind],
                                is_first: holds.is_first,
                                place: "grid-row:{row};grid-column:{at}",
                            }
                        } else {
                            div { class: "cell gone", role: "gridcell", style: "grid-row:{row};grid-column:{at}" }
                        }
                    }
                }
            }
        }
    }
}

/// How the steps of one of the two feel; what should be has the curve of what is behind it.
#[component]
fn FeelingRow(state: BesideState, side: Side) -> Element {
    let store = use_store();
    let model = state.model.read();
    let zero = FEELING_HEIGHT / 2.0;
    let width = model.columns.len() as f64 * model.width;
    let said: Vec<String> = model.feelings[side as usize]
        .iter()
        .map(|it| {
            let title = of(store, side, |open| open.board.steps.get(&it.step).map(|it| it.title.clone()));
            let guess = if it.is_assumed { ", a guess" } else { "" };
            format!("{} {}{guess}", title.flatten().unwrap_or_default(), format::number(it.value, 1))
        })
        .collect();
    let said = if said.is_empty() { "nothing is known".to_owned() } else { said.join("; ") };
    rsx! {
        div { class: "mrow", role: "row",
            div { class: "lane-h", role: "rowheader", style: "grid-row:3",
                div { class: "lh",
                    Icon { name: "face", class: "kc" }
                    "Sentiment"
                }
            }
            div { class: "bes-f", role: "gridcell", style: "grid-row:3;grid-column:2/-1",
                svg { width: "{width}", height: "{FEELING_HEIGHT}", role: "img", "aria-label": "Sentiment, {side.words().to_lowercase()}: {said}",
                    path { class: "zero", d: "M0 {zero}H{width}" }
                    if side == Side::ToBe {
                        for (at , (path , _)) in model.curves(Side::AsIs).into_iter().enumerate() {
                            path { key: "was{at}", class: "was", d: "{path}" }
                        }
                    }
                    for (at , (path , is_assumed)) in model.curves(side).into_iter().enumerate() {
                        path { key: "is{at}", class: if is_assumed { "is assumed" } else { "is" }, d: "{path}" }
                    }
                    for (at , point) in model.points(side).into_iter().enumerate() {
                        circle { key: "dot{at}", cx: "{point.x:.1}", cy: "{point.y:.1}", r: "3",
                            class: if point.y > zero + 4.0 { "low" } else if point.y < zero - 4.0 { "high" },
                        }
                    }
                }
            }
        }
    }
}

/// How many get to a step in one of the two; nothing where that is not measured.
#[component]
fn Flow(side: Side, step: StepId, is_there: bool, place: String) -> Element {
    let store = use_store();
    let flow = use_memo(use_reactive!(|(side, step)| {
        of(store, side, |open| open.numbers.flow.get(&step).copied()).flatten()
    }));
    let class = if is_there { "cell bes-n" } else { "cell gone" };
    let Some(flow) = flow().filter(|_| is_there) else {
        return rsx! {
            div { class, role: "gridcell", style: "{place}" }
        };
    };
    let count = format::whole(flow.count);
    let hint = match flow.conversion {
        Some(share) => format!("{} of those at the step before, {count} in all", format::percent(share)),
        None => format!("{count} in all"),
    };
    rsx! {
        div { class, role: "gridcell", style: "{place}", title: "{hint}",
            if let Some(share) = flow.conversion {
                b { class: if flow.is_below_target { "bad" }, {format::percent(share)} }
            }
            small { "{count}" }
        }
    }
}

/// Reads something off one of the two.
fn of<T>(store: Store, side: Side, read: impl FnOnce(&OpenJourney) -> T) -> Option<T> {
    match side {
        Side::AsIs => store.comparison.read().as_ref().map(|it| read(&it.other)),
        Side::ToBe => store.open.read().as_ref().map(read),
    }
}

/// What is otherwise, as one reads it; nothing on the side where it is as it was.
#[component]
fn Otherwise(what: EntityRef, side: Side) -> Element {
    let store = use_store();
    let difference = use_memo(use_reactive!(|(what,)| marked(store, what).difference));
    let Some(difference) = difference().filter(|_| side == Side::ToBe) else { return rsx! {} };
    // A title stands right above.
    let is =
        if matches!(difference.field.as_str(), "title" | "statement" | "name") { "" } else { &difference.is };
    rsx! {
        div { class: "dline", title: "{difference.field}: {difference.was} → {difference.is}",
            "{difference.field} "
            s { "{difference.was}" }
            " {is}"
        }
    }
}

/// A step's head.
#[component]
fn StepHead(state: BesideState, side: Side, step: StepId, number: usize, at: usize) -> Element {
    let store = use_store();
    let mut cursor = state.cursor;
    let spot = Spot { side, step, item: None };
    let title = use_memo(use_reactive!(|(side, step)| {
        of(store, side, |open| open.board.steps.get(&step).map(|it| it.title.clone()))
            .flatten()
            .unwrap_or_default()
    }));
    let marked = use_memo(use_reactive!(|(step,)| marked(store, step.into())));
    let is_stop = use_memo(use_reactive!(|(spot,)| *cursor.read() == Some(spot)));
    let is_open = use_memo(use_reactive!(|(side, step)| {
        side == Side::ToBe && store.panel.read().is_some_and(|it| it.step == step)
    }));
    let marked = marked.read();
    let badge = marked.badge();
    let word = badge.map_or(String::new(), |it| format!(", {}", it.2.to_lowercase()));
    rsx! {
        div {
            id: spot.element_id(),
            class: if is_open() { "stp sel" } else { "stp" },
            role: "columnheader",
            "aria-label": "{side.words()}: step {number}, {title}{word}",
            tabindex: if is_stop() { "0" } else { "-1" },
            style: "grid-row:2;grid-column:{at}",
            onfocus: move |_| cursor.set(Some(spot)),
            onclick: move |_| moves::open(store, spot),
            h3 {
                em { "{number}" }
                span { title: "{title}", "{title}" }
                if let Some((sign, class, word)) = badge {
                    span { class: "dbg in {class}", title: "{word}", "{sign}" }
                }
            }
            Otherwise { what: step.into(), side }
        }
    }
}

/// What is on a step, of one kind.
#[component]
fn Cell(
    state: BesideState,
    side: Side,
    step: StepId,
    items: Vec<EntityRef>,
    more: usize,
    is_first: bool,
    place: String,
) -> Element {
    let store = use_store();
    rsx! {
        div { class: if is_first { "cell lines s0" } else { "cell lines" }, role: "gridcell", style: "{place}",
            for item in items {
                Line { key: "{item}", state, side, step, item }
            }
            if more > 0 {
                button {
                    class: "more-n",
                    r#type: "button",
                    tabindex: "-1",
                    onclick: move |_| moves::open(store, Spot { side, step, item: None }),
                    "{more} more"
                }
            }
        }
    }
}

/// An item.
#[component]
fn Line(state: BesideState, side: Side, step: StepId, item: EntityRef) -> Element {
    let store = use_store();
    let mut cursor = state.cursor;
    let spot = Spot { side, step, item: Some(item) };
    let title = use_memo(use_reactive!(|(side, item)| {
        of(store, side, |open| open.board.item(item).map(|it| it.title.to_owned()))
            .flatten()
            .unwrap_or_default()
    }));
    let marked = use_memo(use_reactive!(|(item,)| marked(store, item)));
    let is_stop = use_memo(use_reactive!(|(spot,)| *cursor.read() == Some(spot)));
    let is_open = use_memo(use_reactive!(|(side, step, item)| {
        let panel = *store.panel.read();
        side == Side::ToBe && panel.is_some_and(|it| it.step == step && it.item == Some(item))
    }));
    let marked = marked.read();
    let Some(kind) = ItemKind::of(item.kind) else { return rsx! {} };
    let open = if is_open() { " sel" } else { "" };
    rsx! {
        article {
            id: spot.element_id(),
            class: "card line k-{kind.spec().style}{marked.style()}{open}",
            role: "button",
            title: "{title}",
            tabindex: if is_stop() { "0" } else { "-1" },
            onfocus: move |_| cursor.set(Some(spot)),
            onclick: move |_| moves::open(store, spot),
            if let Some((sign, class, word)) = marked.badge() {
                b { class: "dbg {class}", "aria-hidden": "true", "{sign}" }
                b { class: "vh", "{word}: " }
            }
            b { class: "vh", "{kind.spec().name}: " }
            KindIcon { kind }
            span { class: "card-t", "{title}" }
        }
        Otherwise { what: item, side }
    }
}
