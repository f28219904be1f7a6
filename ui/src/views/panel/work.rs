//! The work on a step: its opportunities with the solutions that answer them, and other solutions.

use custory_domain::{EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::rows::{AddRow, ItemRow};
use crate::state::use_store;

/// The work on a step.
#[component]
pub fn Work(step: StepId) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let opportunities = open.index.cell(step, ItemKind::Opportunity);
    let solutions = open.index.cell(step, ItemKind::Solution);
    let answers = |opportunity: &EntityRef| -> Vec<EntityRef> {
        let id = opportunity.id.into();
        open.board
            .solutions
            .values()
            .filter(|it| it.trashed.is_none() && it.opportunities.contains(&id))
            .map(|it| it.id.into())
            .collect()
    };
    let answered: Vec<(EntityRef, Vec<EntityRef>)> =
        opportunities.iter().map(|it| (*it, answers(it))).collect();
    let is_answer = |it: &&EntityRef| answered.iter().any(|(_, solutions)| solutions.contains(it));
    let others: Vec<EntityRef> = solutions.iter().filter(|it| !is_answer(it)).copied().collect();
    rsx! {
        div { class: "blk",
            AddRow { step, kind: ItemKind::Opportunity, title: "Opportunities", count: opportunities.len() }
            for (opportunity , solutions) in answered.iter() {
                ItemRow { key: "{opportunity}", step, item: *opportunity }
                div { class: "under",
                    for solution in solutions.iter() {
                        ItemRow { key: "{solution}", step, item: *solution }
                    }
                }
            }
        }
        div { class: "blk",
            AddRow { step, kind: ItemKind::Solution, title: "Other solutions", count: others.len() }
            for solution in others {
                ItemRow { key: "{solution}", step, item: solution }
            }
        }
    }
}
