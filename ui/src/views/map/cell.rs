//! A cell: the items of one kind on one step.

use custory_domain::{
    Change, Command, EntityRef, InsightField, ItemKind, MetricField, OpportunityField, SolutionField, StepId,
    TouchpointField,
};
use dioxus::prelude::*;

use super::add::NewItem;
use super::card::{Face, card, card_line, face};
use super::drag::{self, Dragged};
use super::layout::Detail;
use super::marked::{Marked, marked};
use super::menus;
use super::model::{MapModel, is_whole};
use super::select;
use super::squares::SquareCell;
use super::state::{Adding, Spot, use_map};
use crate::components::{Icon, InlineText};
use crate::host;
use crate::state::{Panel, use_store};

/// A cell.
#[component]
pub fn Cell(
    model: Memo<MapModel>,
    step: StepId,
    kind: ItemKind,
    place: String,
    is_first: bool,
    is_selected: bool,
) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let is_adding = use_memo(move || *map.adding.read() == Some(Adding::Item { step, kind }));
    let detail = model.read().layout.detail;
    // What it shows is compared, so that a change elsewhere on the board draws no cell anew.
    let shown = use_memo(use_reactive!(|(step, kind)| {
        let open = store.open.read();
        let Some(open) = open.as_ref() else { return (Vec::new(), 0) };
        let model = model.read();
        let (items, hidden) = model.shown(open, step, kind);
        let now = host::now();
        let with_room = |face: Face| {
            let layout = &model.layout;
            let is_whole = layout.detail == Detail::Full && is_whole(&face.title, kind, layout.step_width);
            (face, is_whole)
        };
        let faces = items.iter().filter_map(|it| face(open, *it, now)).map(with_room);
        (faces.collect::<Vec<_>>(), hidden)
    }));
    let class = format!(
        "cell{}{}{}",
        match (detail, kind) {
            (Detail::Full, ItemKind::Touchpoint) => " row",
            (Detail::Line, _) => " lines",
            (Detail::Square, _) => " zc",
            (Detail::Full, _) => "",
        },
        if is_first { " s0" } else { "" },
        if is_selected { " sel" } else { "" },
    );
    if detail == Detail::Square {
        return rsx! {
            SquareCell { model, step, kind, class, place }
        };
    }
    let (faces, hidden) = shown();
    let is_empty = faces.is_empty() && !is_adding();
    rsx! {
        div { class: "{class}", role: "gridcell", style: "{place}",
            for (face , is_whole) in faces {
                Item { key: "{face.id}", face, is_whole, step, detail }
            }
            if is_adding() {
                NewItem { step, kind, detail }
            }
            if hidden > 0 {
                button {
                    class: "more-n",
                    r#type: "button",
                    tabindex: "-1",
                    onclick: move |_| store.panel.set(Some(Panel { step, item: None })),
                    "{hidden} more"
                }
            }
            if is_empty {
                AddPlace { step, kind }
            } else if !is_adding() {
                button {
                    class: "cell-add",
                    r#type: "button",
                    tabindex: "-1",
                    "aria-label": "Add {kind.spec().name.to_lowercase()}",
                    title: "Add {kind.spec().name.to_lowercase()}",
                    onclick: move |_| map.adding.set(Some(Adding::Item { step, kind })),
                    Icon { name: "plus", class: "xs" }
                }
            }
        }
    }
}

/// Where an empty cell gets its first item.
#[component]
fn AddPlace(step: StepId, kind: ItemKind) -> Element {
    let mut map = use_map();
    let spot = Spot::Add { step, kind };
    let is_stop = use_memo(move || *map.cursor.read() == Some(spot));
    let words = format!("Add {}", kind.spec().name.to_lowercase());
    rsx! {
        button {
            id: spot.element_id(),
            class: "add",
            r#type: "button",
            "aria-label": "{words}",
            tabindex: if is_stop() { "0" } else { "-1" },
            onfocus: move |_| map.cursor.set(Some(spot)),
            onclick: move |_| map.adding.set(Some(Adding::Item { step, kind })),
            Icon { name: "plus" }
            span { "{words}" }
        }
    }
}

/// What a card shows besides its face. Found as one: a card that comes into sight costs what it begins to listen to.
#[derive(Clone, PartialEq)]
struct Look {
    is_stop: bool,
    is_editing: bool,
    is_open: bool,
    is_lifted: bool,
    is_picked: bool,
    marked: Marked,
}

/// An item's card, with everything that can be done to it. Its title `is_whole` where there is room for all of it.
#[component]
fn Item(face: Face, is_whole: bool, step: StepId, detail: Detail) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let id = face.id;
    let spot = Spot::Item { step, item: id };
    let lifted = Dragged::Item { item: id, step };
    let look = use_memo(move || Look {
        is_stop: *map.cursor.read() == Some(spot),
        is_editing: *map.editing.read() == Some(spot),
        is_open: store.panel.read().is_some_and(|it| it.item == Some(id) && it.step == step),
        is_lifted: map.drag.read().as_ref().is_some_and(|it| it.is_moving && it.what == lifted),
        is_picked: store.selection.all.read().contains(&id),
        marked: marked(store, id),
    });
    let Look { is_stop, is_editing, is_open, is_lifted, is_picked, marked } = look();
    let spec = face.kind.spec();
    let title = face.title.clone();
    let hint = (detail == Detail::Line).then(|| title.clone());
    let class = format!(
        "{}{}{}{}{}{}{}",
        match (detail, face.kind) {
            (Detail::Line | Detail::Square, _) => format!("card line k-{}", spec.style),
            (Detail::Full, ItemKind::Touchpoint) => "tp".to_owned(),
            (Detail::Full, ItemKind::Metric) => "mt".to_owned(),
            (Detail::Full, _) => format!("card k-{}", spec.style),
        },
        if is_whole { " whole" } else { "" },
        if face.is_hot { " hot" } else { "" },
        if face.is_done { " done" } else { "" },
        if is_open { " sel" } else { "" },
        if is_lifted { " lifted" } else { "" },
        if is_picked { " picked" } else { "" },
    ) + marked.style();
    rsx! {
        article {
            id: spot.element_id(),
            class: "{class}",
            // A field in a button could not be reached.
            role: if is_editing { "group" } else { "button" },
            title: hint,
            tabindex: if is_stop { "0" } else { "-1" },
            onfocus: move |_| map.cursor.set(Some(spot)),
            onclick: move |event| {
                if !is_editing && !select::click(&event, store, map, spot) {
                    store.panel.set(Some(Panel { step, item: Some(id) }));
                }
            },
            ondoubleclick: move |_| map.editing.set(Some(spot)),
            onpointerdown: move |event| {
                if !is_editing {
                    drag::press(&event, map, lifted);
                }
            },
            oncontextmenu: move |event: MouseEvent| {
                select::open_menu(store, map, &event, spot, || ("Item", menus::item_entries(store, map, step, id)));
            },
            if is_editing {
                InlineText {
                    value: title,
                    label: "Title",
                    class: "card-t",
                    editing: true,
                    onsave: move |text| {
                        if let Some(change) = rename(id, text) {
                            store.send(Command::set(change));
                        }
                    },
                    holder: spot.element_id(),
                    ondone: move |()| map.editing.set(None),
                }
            } else {
                span { class: "vh",
                    if is_picked {
                        "Selected. "
                    }
                    "{spec.name}: "
                }
                if let Some((sign, class, word)) = marked.badge() {
                    span { class: "dbg {class}", "aria-hidden": "true", "{sign}" }
                    span { class: "vh", "{word}: " }
                }
                if detail == Detail::Full {
                    {card(store, &face)}
                    if let Some(difference) = marked.difference.as_ref() {
                        div { class: "dline", title: marked.about(),
                            "{difference.field} "
                            s { "{difference.was}" }
                            " {difference.is}"
                        }
                    }
                } else {
                    {card_line(&face)}
                }
            }
        }
    }
}

/// Gives an item another title.
pub fn rename(item: EntityRef, text: String) -> Option<Change> {
    let id = item.id;
    Some(match ItemKind::of(item.kind)? {
        ItemKind::Touchpoint => Change::Touchpoint { id: id.into(), set: TouchpointField::Title(text) },
        ItemKind::Insight => Change::Insight { id: id.into(), set: InsightField::Statement(text) },
        ItemKind::Opportunity => Change::Opportunity { id: id.into(), set: OpportunityField::Title(text) },
        ItemKind::Solution => Change::Solution { id: id.into(), set: SolutionField::Title(text) },
        ItemKind::Metric => Change::Metric { id: id.into(), set: MetricField::Name(text) },
    })
}
