//! Why this, now: the reasons in sentences, and below them the score opened to its inputs, each with
//! what it rests on. An input that is missing is named, and never counted as zero.

use custory_domain::score::impact::ImpactInput;
use custory_domain::score::opportunity::OpportunityScore;
use custory_domain::score::priority::{PriorityFormula, PriorityInput};
use custory_domain::score::reach::ReachBasis;
use custory_domain::wording::{priority_text, quoted, reason_sentence};
use custory_domain::{Board, OpportunityId, SolutionId};
use dioxus::prelude::*;

use super::list::missing;
use super::menus;
use super::state::{step_of, use_priority};
use crate::components::{Button, IconButton, Menu};
use crate::format;
use crate::state::{Panel, use_store};

/// Pixels of a bar for one point of impact.
const POINT_WIDTH: f64 = 2.6;

/// An input of the score: what it is, what it rests on, how it is written.
#[derive(Clone, Debug, PartialEq)]
struct Input {
    which: Option<PriorityInput>,
    label: &'static str,
    basis: String,
    value: Option<String>,
}

/// Why one opportunity stands where it does.
#[component]
pub fn Why(id: OpportunityId) -> Element {
    let mut store = use_store();
    let priority = use_priority();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(score) = open.scores.opportunities.get(&id) else { return rsx! {} };
    let formula = priority.model.read().formula;
    let sentences: Vec<String> = score.reasons.iter().map(|it| reason_sentence(&open.board, it)).collect();
    let value = formula.value(&score.inputs).map(|it| priority_text(formula, it));
    let lacks = formula.missing(&score.inputs);
    let inputs = inputs(&open.board, score, formula);
    let step = step_of(store, id);
    rsx! {
        div { class: "why",
            h4 { "Why this, now" }
            if sentences.is_empty() {
                p { "Nothing is known about it yet that would speak for it or against it." }
            } else {
                p { {sentences.join(" ")} }
            }
            div { class: "pr-f",
                h5 {
                    "{formula.name()} "
                    match value {
                        Some(value) => rsx! { b { "{value}" } },
                        None => rsx! { span { class: "warn", "not yet" } },
                    }
                }
                small { class: "t3", {formula.text()} }
            }
            if !lacks.is_empty() {
                p { class: "pr-lacks",
                    {missing(&lacks)}
                    " for a score. What is missing is not counted as zero."
                }
            }
            dl { class: "pr-i",
                for input in inputs {
                    InputLine { key: "{input.label}", id, input }
                }
            }
            Impact { id }
            div { class: "pr-a",
                Button {
                    label: "Open",
                    class: "pri sm",
                    onclick: move |_| {
                        if let Some(step) = step {
                            store.panel.set(Some(Panel { step, item: Some(id.into()) }));
                        }
                    },
                }
                Button {
                    label: "Open step",
                    class: "sm",
                    onclick: move |_| {
                        if let Some(step) = step {
                            store.panel.set(Some(Panel { step, item: None }));
                        }
                    },
                }
                span { class: "sp" }
                IconButton {
                    icon: "more",
                    class: "sm",
                    label: "More",
                    opens_menu: true,
                    onclick: move |event| {
                        let entries = menus::entries(store, priority, id);
                        store.menu.set(Some(Menu::below(&event, "Opportunity", entries)));
                    },
                }
            }
        }
    }
}

/// One input: a value that a person can set opens its choices.
#[component]
fn InputLine(id: OpportunityId, input: Input) -> Element {
    let mut store = use_store();
    let settable = matches!(input.which, Some(PriorityInput::Impact | PriorityInput::Effort));
    let (which, label) = (input.which, input.label);
    rsx! {
        div {
            dt { "{input.label}" }
            dd { class: "b", "{input.basis}" }
            dd { class: if input.value.is_some() { "v" } else { "v lacks" },
                if settable {
                    button {
                        class: "pr-set",
                        r#type: "button",
                        "aria-haspopup": "menu",
                        title: "Set {label.to_lowercase()}",
                        onclick: move |event| {
                            let entries = menus::rating_entries(store, id, which == Some(PriorityInput::Impact));
                            store.menu.set(Some(Menu::below(&event, label, entries)));
                        },
                        {input.value.clone().unwrap_or_else(|| "Set".to_owned())}
                    }
                } else {
                    {input.value.clone().unwrap_or_else(|| "–".to_owned())}
                }
            }
        }
    }
}

/// What the formula works with, each with what it rests on.
fn inputs(board: &Board, score: &OpportunityScore, formula: PriorityFormula) -> Vec<Input> {
    let inputs = &score.inputs;
    let mut all = Vec::new();
    if formula == PriorityFormula::Rice {
        let basis = match score.reach.basis {
            ReachBasis::Observed => "accounts in 30 days, measured",
            ReachBasis::Estimate => "accounts in 30 days, an estimate",
            ReachBasis::UpperBound => "accounts in 30 days, at most",
            ReachBasis::Unknown => "not known: no step of it is measured",
        };
        all.push(Input {
            which: Some(PriorityInput::Reach),
            label: "Reach",
            basis: basis.to_owned(),
            value: inputs.reach.map(format::whole),
        });
    }
    let impact = &score.impact;
    let basis = match (impact.set, impact.suggested) {
        (Some(_), Some(suggested)) => format!("set by a person; {suggested} is suggested"),
        (Some(_), None) => "set by a person".to_owned(),
        (None, Some(_)) => "suggested, see below".to_owned(),
        (None, None) => "not known, and not set".to_owned(),
    };
    let of_five = |value: Option<u8>| value.map(|it| format!("{it} of 5"));
    all.push(Input {
        which: Some(PriorityInput::Impact),
        label: "Impact",
        basis,
        value: of_five(inputs.impact),
    });
    let claim = &score.claim;
    let basis = match (claim.confidence.set, claim.confidence.is_assumption) {
        (_, true) => "an assumption: at most 30%".to_owned(),
        (Some(_), false) => {
            format!("set by a person; {} is suggested", format::percent(claim.confidence.suggested))
        }
        (None, false) => format!(
            "{}, {} in weight",
            format::count(claim.evidence.counted, "piece counts", "pieces count"),
            format::number(claim.evidence.total, 1)
        ),
    };
    all.push(Input {
        which: None,
        label: "Confidence",
        basis,
        value: Some(format::percent(inputs.confidence)),
    });
    let basis = match score.effort {
        Some(effort) => match effort.from {
            Some(solution) => format!("from {}", solution_title(board, solution)),
            None => match score.effort_suggested {
                Some(suggested) => format!("set by a person; {} from a solution", suggested.value),
                None => "set by a person".to_owned(),
            },
        },
        None => "not set, and no solution says".to_owned(),
    };
    all.push(Input {
        which: Some(PriorityInput::Effort),
        label: "Effort",
        basis,
        value: of_five(inputs.effort),
    });
    all
}

fn solution_title(board: &Board, id: SolutionId) -> String {
    board.solutions.get(&id).map_or("its solution".to_owned(), |it| quoted(&it.title))
}

/// The suggested impact opened to its five inputs; those that are missing stay in sight.
#[component]
fn Impact(id: OpportunityId) -> Element {
    let store = use_store();
    let open = store.open.read();
    let score = open.as_ref().and_then(|it| it.scores.opportunities.get(&id));
    let Some(impact) = score.map(|it| it.impact.clone()) else { return rsx! {} };
    let of = ImpactInput::ALL.len();
    let known = impact.inputs.len();
    rsx! {
        div { class: "pr-f",
            h5 {
                "Suggested impact "
                match impact.score {
                    Some(score) => rsx! { b { "{score:.0}" } },
                    None => rsx! { span { class: "warn", "not yet" } },
                }
            }
            small { class: "t3", "of 100, from {known} of {of} inputs" }
        }
        div { class: "pr-w",
            for part in impact.inputs.iter() {
                div { key: "{part.input:?}", class: "wb",
                    span { {impact_name(part.input)} }
                    span { class: "pr-bar", title: impact_value(part.input, part.value),
                        u { style: "width:{(part.points * POINT_WIDTH).max(2.0):.0}px" }
                        small { {impact_value(part.input, part.value)} }
                    }
                    b { "+{part.points:.0}" }
                }
            }
            for input in impact.missing.iter().copied() {
                div { key: "{input:?}", class: "wb lacks",
                    span { {impact_name(input)} }
                    span { class: "pr-bar", small { {impact_gap(input)} } }
                    b { "–" }
                }
            }
        }
    }
}

const fn impact_name(input: ImpactInput) -> &'static str {
    match input {
        ImpactInput::LostUsers => "Drop-off",
        ImpactInput::Revenue => "Revenue",
        ImpactInput::Evidence => "Evidence",
        ImpactInput::Severity => "Severity",
        ImpactInput::Recency => "Recency",
    }
}

fn impact_value(input: ImpactInput, value: f64) -> String {
    match input {
        ImpactInput::LostUsers => format!("{} stop", format::whole(value)),
        ImpactInput::Revenue => format!("{} a month", format::whole(value)),
        ImpactInput::Evidence => format!("{} in weight", format::number(value, 1)),
        ImpactInput::Severity => format!("{value:.0} of 5"),
        ImpactInput::Recency => format::percent(value),
    }
}

const fn impact_gap(input: ImpactInput) -> &'static str {
    match input {
        ImpactInput::LostUsers => "No measured step",
        ImpactInput::Revenue => "Needs billing data",
        ImpactInput::Evidence => "Nothing looked at yet",
        ImpactInput::Severity => "No insight has one",
        ImpactInput::Recency => "No verified quote",
    }
}
