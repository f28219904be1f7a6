//! Where customers come to a step from and go on to: the steps before and after it, the branches that end and begin
//! here; and the journey that shows the step in detail.

use custory_domain::*;
use dioxus::prelude::*;

use super::edit::read_number;
use crate::app::Screen;
use crate::components::{Button, Icon, IconButton, InlineText, Menu};
use crate::format;
use crate::state::{Panel, use_store};
use crate::views::map::{branch_entries, detail_entries};

/// The ways on from a step.
#[component]
pub fn Ways(step: StepId) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.steps.get(&step) else { return rsx! {} };
    let steps = open.board.steps_in_order();
    let at = steps.iter().position(|it| it.id == step);
    let before = at.and_then(|at| steps.get(at.checked_sub(1)?)).map(|it| it.title.clone());
    let arriving: Vec<(StepId, usize, String, Branch)> = steps
        .iter()
        .enumerate()
        .filter_map(|(at, from)| {
            Some((from.id, at + 1, from.title.clone(), from.branches.get(&step)?.clone()))
        })
        .collect();
    let next = at.and_then(|at| steps.get(at + 1)).map(|it| it.title.clone());
    let number = |id: StepId| steps.iter().position(|it| it.id == id).map_or(0, |it| it + 1);
    let ways: Vec<(StepId, usize, String, Branch)> = open
        .board
        .branches_of(it)
        .into_iter()
        .filter_map(|(to, branch)| {
            Some((to, number(to), open.board.steps.get(&to)?.title.clone(), branch.clone()))
        })
        .collect();
    let known: f64 = ways.iter().filter_map(|it| it.3.share).sum();
    let rest = (!ways.is_empty() && known > 0.0).then(|| format::percent((1.0 - known).max(0.0)));
    let detail = it.detail;
    let is_past = store.is_comparing();
    rsx! {
        // Only where branches join is it not plain where customers come from.
        if !arriving.is_empty() {
            div { class: "blk", id: "arriving",
                div { class: "blk-h",
                    h3 { "Comes from" }
                }
                if let Some(before) = before {
                    p { class: "way",
                        Icon { name: "arrow", class: "sm" }
                        span { class: "g", "The step before, {before}" }
                    }
                }
                for (from , number , title , branch) in arriving {
                    Arriving { key: "{from}", from, number, title, branch }
                }
            }
        }
        div { class: "blk", id: "ways",
            div { class: "blk-h",
                h3 { "From here" }
                if !is_past {
                    IconButton {
                        icon: "plus",
                        class: "xs",
                        label: "Add a branch",
                        opens_menu: true,
                        id: "branch-add",
                        onclick: move |event: MouseEvent| {
                            store.menu.set(Some(Menu::below(&event, "Branch to", branch_entries(store, step))));
                        },
                    }
                }
            }
            if let Some(next) = next {
                p { class: "way",
                    Icon { name: "arrow", class: "sm" }
                    span { class: "g", "On to {next}" }
                    if let Some(rest) = rest {
                        span { class: "t3", title: "What the branches leave", "{rest}" }
                    }
                }
            }
            for (to , number , title , branch) in ways {
                Way { key: "{to}", from: step, to, number, title, branch }
            }
            Detail { step, detail }
        }
    }
}

/// A branch that ends here: from where, and who comes that way.
#[component]
fn Arriving(from: StepId, number: usize, title: String, branch: Branch) -> Element {
    let mut store = use_store();
    rsx! {
        div { class: "way",
            Icon { name: "split", class: "sm" }
            div { class: "g",
                button {
                    class: "lk",
                    r#type: "button",
                    onclick: move |_| store.panel.set(Some(Panel { step: from, item: None })),
                    "{number}. {title}"
                }
                if !branch.label.is_empty() {
                    p { class: "t2", "{branch.label}" }
                }
            }
            if let Some(share) = branch.share {
                span { class: "t3", title: "Of those at {title}", {format::percent(share)} }
            }
        }
    }
}

/// One branch: where to, who goes there, and how many.
#[component]
fn Way(from: StepId, to: StepId, number: usize, title: String, branch: Branch) -> Element {
    let mut store = use_store();
    let mut is_wrong = use_signal(|| false);
    let share = branch.share.map(|it| format!("{}%", format::number(it * 100.0, 1))).unwrap_or_default();
    let (for_label, for_share) = (branch.clone(), branch.clone());
    let set = move |branch: Branch| store.send(Command::Branch { from, to, branch: Some(branch) });
    rsx! {
        div { class: "way",
            Icon { name: "split", class: "sm" }
            div { class: "g",
                button {
                    class: "lk",
                    r#type: "button",
                    onclick: move |_| store.panel.set(Some(Panel { step: to, item: None })),
                    "{number}. {title}"
                }
                div { class: "txt t2",
                    InlineText {
                        value: branch.label.clone(),
                        label: "Who goes there",
                        class: "one",
                        placeholder: "Who goes there, or when?",
                        may_be_empty: true,
                        onsave: move |label| set(Branch { label, ..for_label.clone() }),
                    }
                }
                if is_wrong() {
                    small { class: "fld-e", role: "alert", "A share goes from 0 to 100%." }
                }
            }
            div { class: "way-s",
                InlineText {
                    value: share,
                    label: "Share that goes there",
                    class: "one",
                    placeholder: "Share",
                    may_be_empty: true,
                    onsave: move |text: String| match read_number(&text, "%") {
                        Ok(share) if share.is_none_or(|it| (0.0..=100.0).contains(&it)) => {
                            is_wrong.set(false);
                            set(Branch { share: share.map(|it| it / 100.0), ..for_share.clone() });
                        }
                        _ => is_wrong.set(true),
                    },
                }
            }
            IconButton {
                icon: "x",
                class: "xs",
                label: "Take the branch away",
                onclick: move |_| store.send(Command::Branch { from, to, branch: None }),
            }
        }
    }
}

/// The journey that shows the step in detail, if there is one.
#[component]
fn Detail(step: StepId, detail: Option<JourneyId>) -> Element {
    let mut store = use_store();
    let title =
        detail.and_then(|id| store.journeys.read().iter().find(|it| it.id == id).map(|it| it.title.clone()));
    let words = match (detail, title) {
        (Some(_), Some(title)) => title,
        (Some(_), None) => "A journey that is not on this device".to_owned(),
        (None, _) => "Show this step in detail".to_owned(),
    };
    let is_here = detail.is_some_and(|id| store.journeys.read().iter().any(|it| it.id == id));
    rsx! {
        div { class: "way",
            Icon { name: "map", class: "sm" }
            button {
                class: if is_here { "lk g" } else { "lk g t3" },
                r#type: "button",
                id: "detail",
                "aria-haspopup": if !is_here { "menu" },
                onclick: move |event| match detail {
                    Some(journey) if is_here => store.go(Screen::Journey(journey)),
                    _ => store.menu.set(Some(Menu::below(&event, "Show in detail", detail_entries(store, step)))),
                },
                "{words}"
            }
            if detail.is_some() {
                Button {
                    label: "Change",
                    class: "xs ghost",
                    onclick: move |event: MouseEvent| {
                        store.menu.set(Some(Menu::below(&event, "Show in detail", detail_entries(store, step))));
                    },
                }
            }
        }
    }
}
