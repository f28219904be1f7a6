//! The panel: everything on a step, and every item in detail.

mod activity;
mod blame;
mod chart;
mod comments;
mod decisions;
mod edit;
mod evidence;
mod evidence_form;
mod head;
mod item;
mod mentions;
mod overview;
mod result;
mod rows;
mod step;
mod ways;
pub mod words;
mod work;

use custory_domain::{EntityRef, StepId};
use dioxus::prelude::*;

use crate::state::use_store;
pub use blame::ask_who_set_what;
pub use comments::COMPOSER_ID;
use comments::Composer;
pub use decisions::DECIDE_ID;
pub use edit::{ChoiceRow, NumberRow, Row, TextRow, read_number};
use head::Head;
use item::ItemDetail;
pub use item::{noon, state_command};
pub use rows::{Below, Beside};
use step::StepDetail;

/// The panel on a step, or on one of its items.
#[component]
pub fn StepPanel(step: StepId, item: Option<EntityRef>) -> Element {
    let store = use_store();
    let open = store.open.read();
    let title = open.as_ref().and_then(|it| it.board.steps.get(&step)).map(|it| it.title.clone());
    let Some(title) = title else { return rsx! {} };
    let about = item.unwrap_or(step.into());
    rsx! {
        aside { id: "panel", class: "panel", "aria-label": "Step, {title}",
            Head { step, item }
            div { class: "pn-b",
                match item {
                    Some(item) => rsx! {
                        for item in [item] {
                            ItemDetail { key: "{item}", step, item }
                        }
                    },
                    None => rsx! { StepDetail { step } },
                }
            }
            for about in [about] {
                Composer { key: "{about}", about }
            }
        }
    }
}
