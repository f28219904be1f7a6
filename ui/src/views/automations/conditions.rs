//! Conditions beside a recipe's own, as groups: all of them or any, each of which may be turned round.

use custory_domain::Board;
use custory_domain::filter::Join;
use custory_ipc::{AutomationView, Condition, Conditions, Reply, Request};
use dioxus::prelude::*;

use crate::components::{Button, Entry, IconButton, Menu};
use crate::host;
use crate::state::{Store, use_store};

/// Journeys whose stages and steps are offered.
const JOURNEYS_MAX: usize = 20;
/// Hours that are offered.
const HOURS: [(i8, i8, &str); 3] =
    [(9, 17, "Between 9:00 and 17:00"), (7, 20, "Between 7:00 and 20:00"), (20, 7, "Between 20:00 and 7:00")];

/// The editor, below the sentence.
#[component]
pub fn ConditionsEditor(automation: AutomationView) -> Element {
    let store = use_store();
    let chosen = automation.choices.journey;
    let boards = use_resource(use_reactive!(|chosen| async move {
        let all = store.journeys.peek().clone().into_iter().filter(|it| !it.is_archived);
        let wanted = all.filter(|it| chosen.is_none_or(|chosen| it.id == chosen)).take(JOURNEYS_MAX);
        let mut boards = Vec::new();
        for it in wanted {
            if let Ok(Reply::Board { board, .. }) =
                host::request(Request::OpenJourney { journey: it.id }).await
            {
                boards.push(board);
            }
        }
        boards
    }));
    let boards = boards.read().clone().unwrap_or_default();
    rsx! {
        section { class: "cond", id: "conditions", "aria-label": "Conditions",
            Group { automation: automation.clone(), path: Vec::new(), group: automation.choices.conditions.clone(), boards }
        }
    }
}

/// The group at a path of places from the outermost.
fn at<'a>(root: &'a mut Conditions, path: &[usize]) -> Option<&'a mut Conditions> {
    path.iter().try_fold(root, |group, place| match group.of.get_mut(*place)? {
        Condition::Group { group } => Some(group),
        Condition::Not { not } => match not.as_mut() {
            Condition::Group { group } => Some(group),
            _ => None,
        },
        _ => None,
    })
}

fn change(store: Store, it: &AutomationView, path: &[usize], change: impl FnOnce(&mut Conditions)) {
    let mut choices = it.choices.clone();
    if let Some(group) = at(&mut choices.conditions, path) {
        change(group);
        store.set_automation(it.key.clone(), it.is_on, choices);
    }
}

fn name(path: &[usize]) -> String {
    path.iter().fold("add-condition".to_owned(), |name, place| format!("{name}-{place}"))
}

#[component]
fn Group(automation: AutomationView, path: Vec<usize>, group: Conditions, boards: Vec<Board>) -> Element {
    let store = use_store();
    let (join, other, said) = match group.join {
        Join::All => (Join::All, Join::Any, "all of these hold"),
        Join::Any => (Join::Any, Join::All, "one of these holds"),
    };
    let toggle = {
        let (it, path) = (automation.clone(), path.clone());
        move |_| change(store, &it, &path, |group| group.join = other)
    };
    let add = {
        let (it, path, boards) = (automation.clone(), path.clone(), boards.clone());
        move |_| offer(store, it.clone(), path.clone(), boards.clone())
    };
    rsx! {
        div { class: "cond-g", role: "group",
            if group.of.len() > 1 {
                p { class: "cond-j",
                    "If "
                    button {
                        class: "tok",
                        r#type: "button",
                        "aria-pressed": join == Join::Any,
                        title: "All or any",
                        onclick: toggle,
                        "{said}"
                    }
                }
            }
            for (place , condition) in group.of.iter().cloned().enumerate() {
                Row { key: "{place}", automation: automation.clone(), path: path.clone(), place, condition, boards: boards.clone() }
            }
            Button { label: "Add a condition", class: "xs ghost", icon: "plus", id: name(&path), onclick: add }
        }
    }
}

#[component]
fn Row(
    automation: AutomationView,
    path: Vec<usize>,
    place: usize,
    condition: Condition,
    boards: Vec<Board>,
) -> Element {
    let store = use_store();
    let (is_not, inner) = match &condition {
        Condition::Not { not } => (true, not.as_ref().clone()),
        other => (false, other.clone()),
    };
    let turn = {
        let (it, path, inner) = (automation.clone(), path.clone(), inner.clone());
        move |_| {
            let turned = if is_not { inner.clone() } else { Condition::Not { not: Box::new(inner.clone()) } };
            change(store, &it, &path, |group| {
                if let Some(at) = group.of.get_mut(place) {
                    *at = turned;
                }
            });
        }
    };
    let remove = {
        let (it, path) = (automation.clone(), path.clone());
        move |_| {
            change(store, &it, &path, |group| {
                if place < group.of.len() {
                    group.of.remove(place);
                }
            });
        }
    };
    let deeper = [path.clone(), vec![place]].concat();
    rsx! {
        div { class: "cond-r",
            button { class: "tok", r#type: "button", "aria-pressed": is_not, title: "Turn it round", onclick: turn,
                if is_not { "it is not" } else { "it is" }
            }
            if let Condition::Group { group } = inner.clone() {
                Group { automation: automation.clone(), path: deeper, group, boards }
            } else {
                span { class: "g", {inner.words()} }
            }
            IconButton { icon: "x", label: "Remove this condition", onclick: remove }
        }
    }
}

/// Offers what can be added to a group.
fn offer(mut store: Store, it: AutomationView, path: Vec<usize>, boards: Vec<Board>) {
    let adds = |label: String, condition: Condition| {
        let (it, path) = (it.clone(), path.clone());
        Entry::act(label, move || change(store, &it, &path, |group| group.of.push(condition.clone())))
    };
    let mut entries = Vec::new();
    let mut stages = Vec::new();
    let mut steps = Vec::new();
    for board in &boards {
        for stage in board.stages_in_order() {
            let condition = Condition::OnStage { stage: stage.id, title: stage.title.clone() };
            stages.push(adds(stage.title.clone(), condition));
            for step in board.steps_of(stage.id) {
                let condition = Condition::OnStep { step: step.id, title: step.title.clone() };
                steps.push(adds(step.title.clone(), condition));
            }
        }
    }
    for (label, inner) in [("On a stage…", stages), ("On a step…", steps)] {
        let (id, mut inner) = (name(&path), Some(inner));
        let open = move || {
            if let Some(inner) = inner.take() {
                store.menu.set(Some(Menu::below_id(&id, label, inner)));
            }
        };
        entries.push(Entry::act(label, open));
    }
    entries
        .push(adds("Owned by nobody".to_owned(), Condition::OwnedBy { member: None, name: String::new() }));
    for member in store.members() {
        let label = format!("Owned by {}", member.name);
        entries.push(adds(label, Condition::OwnedBy { member: Some(member.id), name: member.name }));
    }
    for (from, to, label) in HOURS {
        entries.push(adds(label.to_owned(), Condition::Between { from, to }));
    }
    if path.len() + 1 < Conditions::DEPTH_MAX {
        let group = Conditions { join: Join::Any, of: Vec::new() };
        entries.push(adds("A group of its own".to_owned(), Condition::Group { group }));
    }
    store.menu.set(Some(Menu::below_id(&name(&path), "Condition", entries)));
}
