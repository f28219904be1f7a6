//! What is being done, in the order in which it is done, with how much of it is done.

use custory_domain::draft::DraftPhase;
use dioxus::prelude::*;

use super::progress::{self, PhaseState};
use crate::components::{Status, StatusMark};
use crate::state::DraftReading;

/// All phases.
#[component]
pub fn Phases(reading: ReadSignal<DraftReading>) -> Element {
    rsx! {
        section { class: "rd-p", "aria-label": "What is being done",
            for phase in DraftPhase::ALL {
                Phase { key: "{phase:?}", phase, reading }
            }
        }
    }
}

#[component]
fn Phase(phase: DraftPhase, reading: ReadSignal<DraftReading>) -> Element {
    let reading = reading.read();
    let state = progress::state(&reading, phase);
    let amount = reading.amounts.get(&phase).copied();
    let part = amount.and_then(progress::part);
    let now = reading
        .progress
        .as_ref()
        .filter(|it| it.phase == phase)
        .map(|it| it.now.as_str())
        .unwrap_or_default();
    let is_running = state == PhaseState::Running;
    rsx! {
        div {
            class: if state == PhaseState::Waiting { "pg wait" } else { "pg" },
            "aria-current": if is_running { "step" },
            if is_running {
                span { class: "spin", role: "img", "aria-label": "Running" }
            } else {
                span { class: "m",
                    StatusMark { status: if state == PhaseState::Done { Status::Shipped } else { Status::Open } }
                }
            }
            h3 { {progress::title(phase, state)} }
            span { class: "v",
                if let Some(amount) = amount {
                    {progress::words(amount)}
                }
            }
            if is_running {
                div {
                    class: if part.is_some() { "pb" } else { "pb open" },
                    role: "progressbar",
                    "aria-label": progress::title(phase, state),
                    "aria-valuemin": "0",
                    "aria-valuemax": "100",
                    "aria-valuenow": part.map(|it| format!("{:.0}", it * 100.0)),
                    i { style: part.map(|it| format!("transform:scaleX({it:.4})")) }
                }
                if !now.is_empty() {
                    p { title: "{now}", "Now: {now}" }
                }
            }
        }
    }
}
