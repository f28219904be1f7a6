//! What an item is linked with: insights with opportunities, opportunities with solutions, and
//! solutions with issues in trackers.

use custory_domain::*;
use dioxus::prelude::*;

use super::super::rows::ItemRow;
use crate::components::{Entry, Icon, IconButton, Menu, StatusMark};
use crate::format;
use crate::host;
use crate::state::{OpenJourney, Store, use_store};
use crate::views::map::delivery_status;

/// One direction of links.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    title: &'static str,
    kind: ItemKind,
    /// Whether the other end is what the link leads to.
    leads_to: bool,
    items: Vec<EntityRef>,
}

/// The links of an item.
#[component]
pub fn Links(step: StepId, item: EntityRef) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let issues: Vec<DeliveryLink> = open
        .board
        .delivery_links
        .values()
        .filter(|it| it.trashed.is_none() && it.delivers == Some(item))
        .cloned()
        .collect();
    rsx! {
        for side in sides(open, item) {
            div { key: "{side.title}", class: "blk",
                div { class: "blk-h",
                    h3 { "{side.title}" }
                    small { "{side.items.len()}" }
                    IconButton {
                        icon: "plus",
                        class: "xs",
                        label: "Link {side.kind.spec().name.to_lowercase()}",
                        opens_menu: true,
                        onclick: {
                            let side = side.clone();
                            move |event: MouseEvent| {
                                let entries = choice(store, item, &side);
                                store.menu.set(Some(Menu::below(&event, side.title, entries)));
                            }
                        },
                    }
                }
                for other in side.items.iter().copied() {
                    div { key: "{other}", class: "lnk-row",
                        ItemRow { step: step_of(open, other, step), item: other }
                        IconButton {
                            icon: "x",
                            class: "xs",
                            label: "Unlink",
                            onclick: move |_| store.send(if side.leads_to {
                                Command::Unlink { from: item, to: other }
                            } else {
                                Command::Unlink { from: other, to: item }
                            }),
                        }
                    }
                }
            }
        }
        if !issues.is_empty() {
            div { class: "blk",
                div { class: "blk-h", h3 { "Issues" } }
                for issue in issues {
                    Issue { key: "{issue.id}", issue }
                }
            }
        }
    }
}

/// An issue in a tracker.
#[component]
fn Issue(issue: DeliveryLink) -> Element {
    let (status, word) = delivery_status(issue.status);
    let when = issue.released_at.map(|at| format::days_ago(at, host::now()));
    let url = issue.url.clone();
    rsx! {
        button {
            class: "ln lk-row",
            r#type: "button",
            disabled: issue.url.is_empty(),
            onclick: move |_| {
                let url = url.clone();
                spawn(async move { host::open_external(&url).await });
            },
            Icon { name: "s-linear", class: "sm" }
            div { class: "g",
                h4 { "{issue.external_id} {issue.title}" }
                p {
                    if let Some(when) = when {
                        span { "Shipped {when}" }
                    }
                    if !issue.assignee.is_empty() {
                        span { "{issue.assignee}" }
                    }
                }
            }
            StatusMark { status, label: word.to_owned() }
        }
    }
}

fn sides(open: &OpenJourney, item: EntityRef) -> Vec<Side> {
    let board = &open.board;
    let stands = |it: &EntityRef| board.item(*it).is_some_and(|it| it.trashed.is_none());
    let side = |title, kind, leads_to, items: Vec<EntityRef>| Side {
        title,
        kind,
        leads_to,
        items: items.into_iter().filter(stands).collect(),
    };
    match ItemKind::of(item.kind) {
        Some(ItemKind::Insight) => {
            let id = item.id.into();
            let answers =
                board.opportunities.values().filter(|it| it.insights.contains(&id)).map(|it| it.id.into());
            vec![side("Opportunities", ItemKind::Opportunity, true, answers.collect())]
        }
        Some(ItemKind::Opportunity) => {
            let id: OpportunityId = item.id.into();
            let insights =
                board.opportunities.get(&id).map(|it| it.insights.iter().map(|it| (*it).into()).collect());
            let solutions =
                board.solutions.values().filter(|it| it.opportunities.contains(&id)).map(|it| it.id.into());
            vec![
                side("Insights", ItemKind::Insight, false, insights.unwrap_or_default()),
                side("Solutions", ItemKind::Solution, true, solutions.collect()),
            ]
        }
        Some(ItemKind::Solution) => {
            let found = board.solutions.get(&item.id.into());
            let answered = found.map(|it| it.opportunities.iter().map(|it| (*it).into()).collect());
            vec![side("Answers", ItemKind::Opportunity, false, answered.unwrap_or_default())]
        }
        Some(ItemKind::Touchpoint | ItemKind::Metric) | None => Vec::new(),
    }
}

/// The step to show an item on: this one if it is there as well.
fn step_of(open: &OpenJourney, item: EntityRef, here: StepId) -> StepId {
    match open.board.item(item) {
        Some(view) if !view.steps.contains(&here) => view.steps.first().copied().unwrap_or(here),
        _ => here,
    }
}

/// Items that can be linked: those on the same steps first.
fn choice(store: Store, item: EntityRef, side: &Side) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let own = open.board.item(item).map(|it| it.steps.clone()).unwrap_or_default();
    let mut near = Vec::new();
    let mut far = Vec::new();
    for step in open.board.steps_in_order() {
        for other in open.index.cell(step.id, side.kind) {
            let list = if own.contains(&step.id) { &mut near } else { &mut far };
            if !side.items.contains(other) && !list.contains(other) {
                list.push(*other);
            }
        }
    }
    far.retain(|it| !near.contains(it));
    let leads_to = side.leads_to;
    let entry = |other: EntityRef| {
        let title = open.board.item(other).map(|it| it.title.to_owned()).unwrap_or_default();
        let link = move || {
            let (from, to) = if leads_to { (item, other) } else { (other, item) };
            store.send(Command::Link { from, to });
        };
        Entry::act(title, link).icon(side.kind.spec().icon)
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (heading, items) in [("On this step", near), ("Elsewhere", far)] {
        if !items.is_empty() {
            entries.push(Entry::Heading(heading.to_owned()));
            entries.extend(items.into_iter().map(entry));
        }
    }
    if entries.is_empty() {
        entries.push(Entry::Heading(format!("No {} to link yet", side.kind.spec().plural.to_lowercase())));
    }
    entries
}
