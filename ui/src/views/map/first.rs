//! Below a map from afar: the steps to look at first, why, and what would come next there.
//!
//! Which ones, the formulas say, as they do to whoever asks the assistant; nothing is weighed here.

use custory_domain::{ItemKind, OpportunityId, StepId};
use dioxus::prelude::*;

use crate::format;
use crate::state::{OpenJourney, Panel, use_store};

/// Steps that are named.
const FIRST_MAX: usize = 3;
/// Height of their row; must match the style sheet.
const HEIGHT: f64 = 108.0;

/// Height of the row; none where nothing is in the customer's way.
pub fn height(open: &OpenJourney) -> f64 {
    if open.scores.friction_first().is_empty() { 0.0 } else { HEIGHT }
}

/// A step to look at.
#[derive(Clone, Debug, PartialEq)]
struct First {
    step: StepId,
    title: String,
    /// How many come through, or what else is known.
    mark: String,
    says: String,
}

/// The row, as wide as what is visible of the map.
#[component]
pub fn LookFirst(row: usize, width: f64) -> Element {
    let mut store = use_store();
    let first = use_memo(move || store.open.read().as_ref().map(first).unwrap_or_default());
    if first.read().is_empty() {
        return rsx! {};
    }
    rsx! {
        div { class: "mrow", role: "row",
            div { class: "zf", role: "gridcell", style: "grid-row:{row};width:{width}px",
                h3 { "Look here first" }
                div { class: "r",
                    for it in first() {
                        button {
                            key: "{it.step}",
                            r#type: "button",
                            // The keys of the map are about where one is on it.
                            onkeydown: move |event| {
                                if matches!(event.key(), Key::Enter) || event.code() == Code::Space {
                                    event.stop_propagation();
                                }
                            },
                            onclick: move |_| store.panel.set(Some(Panel { step: it.step, item: None })),
                            b { "{it.mark}" }
                            span { class: "zf-t", "{it.title}" }
                            span { class: "zf-s", title: "{it.says}", "{it.says}" }
                        }
                    }
                }
            }
        }
    }
}

fn first(open: &OpenJourney) -> Vec<First> {
    let steps = open.scores.friction_first();
    steps.into_iter().take(FIRST_MAX).filter_map(|it| one(open, it)).collect()
}

fn one(open: &OpenJourney, step: StepId) -> Option<First> {
    let friction = open.scores.steps.get(&step)?.friction?;
    let title = open.board.steps.get(&step)?.title.clone();
    let flow = open.numbers.flow.get(&step).filter(|_| friction.is_measured);
    let (mark, mut says) = match flow.and_then(|it| Some((it.conversion?, it.lost))) {
        Some((conversion, lost)) if lost > 0.0 => {
            (format::percent(conversion), format!("{} stop here.", format::whole(lost)))
        }
        Some((conversion, _)) => (format::percent(conversion), "Fewer than before.".to_owned()),
        None => {
            let pains = format::count(friction.pains, "pain", "pains");
            let severity = friction.severity.map(|it| format!(", severity up to {it} of 5"));
            (friction.pains.to_string(), format!("{pains}{}.", severity.unwrap_or_default()))
        }
    };
    if let Some((next, score)) = next(open, step) {
        let score = score.map(|it| format!(", score {it:.0}")).unwrap_or_default();
        says.push_str(&format!(" Next: {next}{score}"));
    }
    Some(First { step, title, mark, says })
}

/// The open opportunity on a step that is ranked highest, with its score.
fn next(open: &OpenJourney, step: StepId) -> Option<(String, Option<f64>)> {
    let here = open.index.cell(step, ItemKind::Opportunity);
    let is_here = |it: OpportunityId| here.iter().any(|on| on.id == it.ulid());
    let best = open.scores.ranking.entries.iter().map(|it| it.opportunity).find(|it| is_here(*it))?;
    let title = open.board.opportunities.get(&best)?.title.clone();
    Some((title, open.numbers.score.get(&best).copied()))
}
