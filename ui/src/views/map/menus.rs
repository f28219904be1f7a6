//! What can be done to a stage, a step and an item, as menus. Everything that the pointer can drag
//! can be moved from here as well.

use custory_domain::wording::quoted;
use custory_domain::*;
use dioxus::prelude::*;

use super::model::StageHead;
use super::moves;
use super::state::{Adding, MapState, Spot};
use crate::components::{Entry, Menu};
use crate::state::{Panel, Store, stage_colour};
use crate::views::choices;
use crate::views::links;
use crate::views::panel::ask_who_set_what;
use crate::views::selection::copy_entry;

/// Opens a menu.
pub fn open(mut store: Store, menu: Menu) {
    store.menu.set(Some(menu));
}

/// What can be done to a stage.
pub fn stage_entries(store: Store, mut map: MapState, stage: &StageHead) -> Vec<Entry> {
    let id = stage.id;
    let (position, steps) = (stage.position, stage.steps);
    let mut entries = vec![
        Entry::act("Rename", move || map.editing.set(Some(Spot::Stage(id)))).icon("pen").keys(&["E"]),
        Entry::act("Add step", move || map.adding.set(Some(Adding::Step { stage: id, index: steps })))
            .icon("plus"),
        Entry::act("Add stage before", move || map.adding.set(Some(Adding::Stage { index: position }))),
        Entry::act("Add stage after", move || map.adding.set(Some(Adding::Stage { index: position + 1 }))),
        Entry::Line,
    ];
    for (label, forward, key) in [("Move left", false, "←"), ("Move right", true, "→")] {
        let command = store.open.peek().as_ref().and_then(|it| moves::shift_stage(it, id, forward));
        if let Some(command) = command {
            entries.push(Entry::act(label, move || store.send(command.clone())).keys(&["alt", key]));
        }
    }
    if steps > 0 {
        entries.push(Entry::act("Fold", move || map.fold(id, true)).keys(&["["]));
    }
    entries.push(copy_entry(store, vec![id.into()]));
    entries.push(Entry::Line);
    entries
        .push(Entry::act("Delete", move || store.trash(vec![id.into()])).icon("trash").keys(&["⌫"]).danger());
    entries
}

/// What can be done to a step.
pub fn step_entries(mut store: Store, mut map: MapState, step: StepId) -> Vec<Entry> {
    let open_now = store.open.peek();
    let Some(open_now) = open_now.as_ref() else { return Vec::new() };
    let Some(stage) = open_now.board.steps.get(&step).and_then(|it| it.stage) else { return Vec::new() };
    let index = open_now.board.steps_of(stage).iter().position(|it| it.id == step).unwrap_or(0);
    let mut entries = vec![
        Entry::act("Open", move || store.panel.set(Some(Panel { step, item: None })))
            .icon("panel")
            .keys(&["enter"]),
        Entry::act("Rename", move || map.editing.set(Some(Spot::Step(step)))).icon("pen").keys(&["E"]),
        Entry::act("Owner…", move || {
            let entries = owner_entries(store, step.into());
            choices::follow(store, "Owner", entries);
        })
        .icon("user")
        .keys(&["A"]),
        Entry::act("Still true", move || store.send(Command::StillTrue { step })).icon("check"),
        Entry::Line,
        Entry::act("Add step before", move || map.adding.set(Some(Adding::Step { stage, index }))),
        Entry::act("Add step after", move || map.adding.set(Some(Adding::Step { stage, index: index + 1 }))),
        Entry::act("Branch to…", move || {
            let entries = branch_entries(store, step);
            choices::follow(store, "Branch to", entries);
        })
        .icon("split"),
        Entry::act("Show in detail…", move || {
            let entries = detail_entries(store, step);
            choices::follow(store, "Show in detail", entries);
        })
        .icon("map"),
        Entry::Line,
    ];
    for (label, forward, key) in [("Move left", false, "←"), ("Move right", true, "→")] {
        if let Some(command) = moves::shift_step(open_now, step, forward) {
            entries.push(Entry::act(label, move || store.send(command.clone())).keys(&["alt", key]));
        }
    }
    entries.push(
        Entry::act("Move to stage…", move || {
            let entries = stage_choice(store, step);
            choices::follow(store, "Move to stage", entries);
        })
        .icon("move"),
    );
    entries.push(watch_entry(store, step.into()));
    entries.push(who_entry(store, step.into()));
    entries.push(copy_entry(store, vec![step.into()]));
    entries.push(links::entry(store, step.into()));
    entries.push(Entry::Line);
    entries.push(
        Entry::act("Delete", move || store.trash(vec![step.into()])).icon("trash").keys(&["⌫"]).danger(),
    );
    entries
}

/// All other steps, to say that some go there from a step, or no longer.
pub fn branch_entries(store: Store, from: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let present = open.board.steps.get(&from).map(|it| it.branches.clone()).unwrap_or_default();
    let mut entries = choices::steps(open, |number, step| {
        let to = step.id;
        let is_on = present.contains_key(&to);
        let branch = (!is_on).then(Branch::default);
        Entry::act(format!("{number}  {}", step.title), move || {
            if to != from {
                store.send(Command::Branch { from, to, branch: branch.clone() });
            }
        })
        .on(is_on)
    });
    if entries.len() < 2 {
        entries = vec![Entry::Heading("There is no other step yet".to_owned())];
    }
    entries
}

/// Journeys that can show a step in detail, and making one.
pub fn detail_entries(store: Store, step: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let Some(it) = open.board.steps.get(&step) else { return Vec::new() };
    let (own, present, title) = (open.id, it.detail, it.title.clone());
    let set =
        move |detail| store.send(Command::set(Change::Step { id: step, set: StepField::Detail(detail) }));
    let above: Vec<JourneyId> = store.shown_in.peek().iter().map(|it| it.journey).collect();
    let mut entries = vec![
        Entry::act("New journey for this step", move || store.make_detail(step, title.clone())).icon("plus"),
    ];
    let journeys = store.journeys.peek();
    let others = journeys.iter().filter(|it| it.id != own && !it.is_archived && !above.contains(&it.id));
    let mut others: Vec<_> = others.map(|it| (it.id, it.title.clone())).collect();
    others.sort_by(|a, b| a.1.cmp(&b.1));
    if !others.is_empty() {
        entries.push(Entry::Heading("A journey that there is".to_owned()));
    }
    entries.extend(
        others
            .into_iter()
            .map(|(id, title)| Entry::act(title, move || set(Some(id))).icon("map").on(present == Some(id))),
    );
    if present.is_some() {
        entries.push(Entry::Line);
        entries.push(Entry::act("No longer in detail", move || set(None)).icon("x"));
    }
    entries
}

fn stage_choice(store: Store, step: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let present = open.board.steps.get(&step).and_then(|it| it.stage);
    let stages = open.board.stages_in_order();
    let count = stages.len();
    stages
        .into_iter()
        .enumerate()
        .map(|(position, stage)| {
            let to = stage.id;
            let index = open.board.steps_of(to).len();
            Entry::act(stage.title.clone(), move || {
                if present != Some(to) {
                    store.send(Command::MoveStep { step, stage: to, index });
                }
            })
            .colour(stage_colour(position, count))
            .on(present == Some(to))
        })
        .collect()
}

/// What can be done to an item on a step.
pub fn item_entries(mut store: Store, mut map: MapState, step: StepId, item: EntityRef) -> Vec<Entry> {
    if store.is_comparing() {
        let open = move || store.panel.set(Some(Panel { step, item: Some(item) }));
        let mut entries = vec![Entry::act("Open", open).icon("panel")];
        if store.history.peek().is_some() {
            let back = move || store.put_back(Some(item));
            entries.push(Entry::act("Put back as it was", back).icon("undo"));
        }
        return entries;
    }
    let mut entries = vec![
        Entry::act("Open", move || store.panel.set(Some(Panel { step, item: Some(item) })))
            .icon("panel")
            .keys(&["enter"]),
        Entry::act("Rename", move || map.editing.set(Some(Spot::Item { step, item })))
            .icon("pen")
            .keys(&["E"]),
        Entry::act("Owner…", move || {
            let entries = owner_entries(store, item);
            choices::follow(store, "Owner", entries);
        })
        .icon("user")
        .keys(&["A"]),
        Entry::Line,
        Entry::act("Move to step…", move || {
            let entries = step_choice(store, step, item, true);
            choices::follow(store, "Move to step", entries);
        })
        .icon("move"),
        Entry::act("Show on another step…", move || {
            let entries = step_choice(store, step, item, false);
            choices::follow(store, "Show on another step", entries);
        })
        .icon("copy"),
    ];
    let open = store.open.peek();
    if let Some(open) = open.as_ref() {
        for (label, down, key) in [("Move up", false, "↑"), ("Move down", true, "↓")] {
            if let Some(command) = moves::nudge_item(open, item, step, down) {
                entries.push(Entry::act(label, move || store.send(command.clone())).keys(&["alt", key]));
            }
        }
        if open.board.item(item).is_some_and(|it| it.steps.len() > 1) {
            entries
                .push(Entry::act("Take off this step", move || store.send(Command::Unplace { item, step })));
        }
    }
    entries.extend(assistant_entries(store, item));
    entries.push(watch_entry(store, item));
    entries.push(who_entry(store, item));
    entries.push(copy_entry(store, vec![item]));
    entries.push(links::entry(store, item));
    entries.push(Entry::act("History", move || store.show_history_of(item)).icon("clock"));
    entries.push(Entry::Line);
    entries.push(Entry::act("Delete", move || store.trash(vec![item])).icon("trash").keys(&["⌫"]).danger());
    entries
}

/// Watching something, or no longer, in a menu.
fn watch_entry(store: Store, about: EntityRef) -> Entry {
    let is_on = store.is_watched(about);
    Entry::act("Watch", move || store.toggle_watching(about)).icon("eye").keys(&["W"]).on(is_on)
}

/// Who set the fields of something, in a menu.
fn who_entry(store: Store, about: EntityRef) -> Entry {
    let ask = move || {
        if let Some(menu) = store.menu.peek().clone() {
            ask_who_set_what(store, about, Menu { label: "Who set what".to_owned(), ..menu });
        }
    };
    Entry::act("Who set what…", ask).icon("user").keys(&["B"])
}

/// What the assistant is asked about an item most, in words that a person could type.
fn assistant_entries(store: Store, item: EntityRef) -> Vec<Entry> {
    if item.kind != EntityKind::Insight {
        return Vec::new();
    }
    let open = store.open.peek();
    let title = open.as_ref().and_then(|it| it.board.get(item)).map(|it| it.title().to_owned());
    let title = title.unwrap_or_default();
    let enrich = format!(
        "What else is known about “{title}”? Propose a clearer wording and what is missing beside it."
    );
    let draft = format!("Which opportunities follow from {}? Propose some.", quoted(&title));
    let ask = |label: &str, question: String| {
        Entry::act(label, move || store.put_to_assistant(question.clone())).icon("spark")
    };
    vec![ask("Enrich with the assistant", enrich), ask("Draft opportunities", draft)]
}

/// All steps, to move an item to one of them, or to place it there as well.
fn step_choice(store: Store, from: StepId, item: EntityRef, moves: bool) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let Some(kind) = ItemKind::of(item.kind) else { return Vec::new() };
    let on: Vec<StepId> =
        open.board.item(item).map(|it| it.steps.iter().copied().collect()).unwrap_or_default();
    choices::steps(open, |number, step| {
        let to = step.id;
        let index = open.index.cell(to, kind).len();
        let is_on = on.contains(&to);
        let command = Command::MoveItem { item, from: moves.then_some(from), to, index };
        Entry::act(format!("{number}  {}", step.title), move || {
            if !is_on {
                store.send(command.clone());
            }
        })
        .on(is_on)
    })
}

/// The team, to choose who answers for something.
pub fn owner_entries(store: Store, what: EntityRef) -> Vec<Entry> {
    let present = owner_of(store, what);
    choices::people(store, |it| it == present, move |it| set_owner(store, what, it))
}

fn owner_of(store: Store, what: EntityRef) -> Option<MemberId> {
    let open = store.open.peek();
    let board = &open.as_ref()?.board;
    match what.kind {
        EntityKind::Step => board.steps.get(&what.id.into())?.owner,
        _ => board.item(what)?.owner,
    }
}

fn set_owner(store: Store, what: EntityRef, owner: Option<MemberId>) {
    if let Some(change) = owner_change(what, owner) {
        store.send(Command::set(change));
    }
}
