//! What can be done to an opportunity, as a menu: everything that dragging does, and more.

use custory_domain::score::axis::{Axis, FIELDS};
use custory_domain::score::priority::PriorityFormula;
use custory_domain::*;
use dioxus::prelude::*;

use super::axes::{Along, value_words};
use super::state::{PriorityState, step_of};
use crate::components::Entry;
use crate::state::{Panel, Store};
use crate::views::choices::{self, follow};
use crate::views::map::{Adding, MapState, owner_entries};
use crate::views::panel::words;

/// What can be done to an opportunity.
pub fn entries(mut store: Store, priority: PriorityState, id: OpportunityId) -> Vec<Entry> {
    let step = step_of(store, id);
    let open_at = move |item: Option<EntityRef>| step.map(|step| Panel { step, item });
    let suggested = {
        let open = store.open.peek();
        let score = open.as_ref().and_then(|it| it.scores.opportunities.get(&id));
        score.and_then(|it| it.impact.suggested.filter(|_| it.impact.set.is_some()))
    };
    let mut entries = vec![
        Entry::act("Open", move || store.panel.set(open_at(Some(id.into())))).icon("panel").keys(&["enter"]),
        Entry::act("Open step", move || store.panel.set(open_at(None))).icon("map"),
        Entry::Line,
    ];
    let axes = *priority.axes.peek();
    for axis in Axis::ALL.into_iter().filter(|it| it.is_set_by_hand()) {
        let keys: &[&'static str] = match axis {
            it if it == axes.x => &["alt", "←", "→"],
            it if it == axes.y => &["alt", "↑", "↓"],
            // What no axis shows is set here as far as it is a rating; numbers are typed in the panel.
            Axis::Impact | Axis::Effort => &[],
            _ => continue,
        };
        let name = axis.name();
        let choose = move || follow(store, name, value_entries(store, priority, id, axis));
        let icon = if axis == Axis::Effort { "chip" } else { "matrix" };
        entries.push(Entry::act(format!("{name}…"), choose).icon(icon).keys(keys));
    }
    if let Some(suggested) = suggested {
        entries.push(
            Entry::act(format!("Use the suggested impact, {suggested}"), move || {
                set(store, id, OpportunityField::Impact(None));
            })
            .icon("undo"),
        );
    }
    entries.push(Entry::Line);
    entries.push(
        Entry::act("Status…", move || follow(store, "Status", status_entries(store, id))).icon("check"),
    );
    entries.push(
        Entry::act("Owner…", move || follow(store, "Owner", owner_entries(store, id.into())))
            .icon("user")
            .keys(&["A"]),
    );
    entries.push(Entry::Line);
    entries
        .push(Entry::act("Delete", move || store.trash(vec![id.into()])).icon("trash").keys(&["⌫"]).danger());
    entries
}

fn set(store: Store, id: OpportunityId, set: OpportunityField) {
    store.send(Command::set(Change::Opportunity { id, set }));
}

/// What an opportunity can be set to along an axis, and neither.
fn value_entries(store: Store, priority: PriorityState, id: OpportunityId, axis: Axis) -> Vec<Entry> {
    let model = priority.model.peek();
    let along = if axis == model.axes.x { Along::X } else { Along::Y };
    let (_, scale) = model.along(along);
    let (Some(edges), Some(line)) = (scale.edges(), model.line(id)) else {
        return rating_entries(store, id, axis == Axis::Impact);
    };
    let placing = line.along(along);
    let words = |value| value_words(axis, value, model.formula);
    let mut entries: Vec<Entry> = (1..=placing.field_max)
        .map(|field| {
            let at = usize::from(field - 1);
            let label = match field {
                1 => format!("Below {}", words(edges[0])),
                FIELDS => format!("{} and more", words(edges[3])),
                _ => format!("{} to {}", words(edges[at - 1]), words(edges[at])),
            };
            let change = axis.set(scale, field);
            Entry::act(label, move || change.clone().into_iter().for_each(|it| set(store, id, it)))
                .on(placing.field == Some(field))
        })
        .collect();
    let none = match axis {
        Axis::Reach => OpportunityField::Reach(None),
        _ => OpportunityField::Confidence(None),
    };
    entries.push(Entry::Line);
    entries.push(Entry::act("As worked out", move || set(store, id, none.clone())));
    entries
}

/// 1 to 5 for impact or effort, and neither.
pub fn rating_entries(store: Store, id: OpportunityId, is_impact: bool) -> Vec<Entry> {
    let (now, none) = {
        let open = store.open.peek();
        let it = open.as_ref().and_then(|it| it.board.opportunities.get(&id));
        let score = open.as_ref().and_then(|it| it.scores.opportunities.get(&id));
        match is_impact {
            true => (
                it.and_then(|it| it.impact),
                match score.and_then(|it| it.impact.suggested) {
                    Some(suggested) => format!("As suggested, {suggested}"),
                    None => "Not set".to_owned(),
                },
            ),
            false => (
                it.and_then(|it| it.effort),
                match score.and_then(|it| it.effort_suggested) {
                    Some(suggested) => format!("As its solutions say, {}", suggested.value),
                    None => "Not set".to_owned(),
                },
            ),
        }
    };
    let field = move |value| match is_impact {
        true => OpportunityField::Impact(value),
        false => OpportunityField::Effort(value),
    };
    let word = |value: u8| match (is_impact, value) {
        (true, 1) => "1  Little",
        (false, 1) => "1  Hours",
        (_, 2) => "2",
        (_, 3) => "3",
        (_, 4) => "4",
        (true, _) => "5  A lot",
        (false, _) => "5  Months",
    };
    let mut entries: Vec<_> = (1..=FIELDS)
        .map(|value| {
            Entry::act(word(value), move || set(store, id, field(Some(value)))).on(now == Some(value))
        })
        .collect();
    entries.push(Entry::Line);
    entries.push(Entry::act(none, move || set(store, id, field(None))).on(now.is_none()));
    entries
}

fn status_entries(store: Store, id: OpportunityId) -> Vec<Entry> {
    let now = {
        let open = store.open.peek();
        open.as_ref().and_then(|it| it.board.opportunities.get(&id)).map(|it| it.state)
    };
    words::OPPORTUNITY_STATES
        .iter()
        .map(|(state, word)| {
            let state = *state;
            Entry::act(*word, move || set(store, id, OpportunityField::State(state))).on(now == Some(state))
        })
        .collect()
}

/// By which formula the list is ranked, and what it says.
pub fn formula_entries(mut priority: PriorityState) -> Vec<Entry> {
    let (now, fitting) = {
        let model = priority.model.peek();
        (model.formula, model.fitting)
    };
    let mut entries = vec![Entry::Heading("Rank by".to_owned())];
    for formula in [PriorityFormula::Rice, PriorityFormula::Ice] {
        let label = format!("{}: {}", formula.name(), formula.text());
        let chosen = (formula != fitting).then_some(formula);
        entries.push(Entry::act(label, move || priority.formula.set(chosen)).on(now == formula));
    }
    entries.push(Entry::Line);
    let why = match fitting {
        PriorityFormula::Rice => "Reach is known for all of them, so RICE fits",
        PriorityFormula::Ice => "Reach is not known for all of them, so ICE fits",
    };
    entries.push(Entry::Heading(why.to_owned()));
    entries.push(Entry::Heading("What lacks an input has no score and stands last".to_owned()));
    entries
}

/// The steps that an opportunity can be added to.
pub fn add_entries(store: Store, mut map: MapState) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    choices::steps(open, |_, step| {
        let adding = Adding::Item { step: step.id, kind: ItemKind::Opportunity };
        Entry::act(step.title.clone(), move || map.adding.set(Some(adding)))
    })
}
