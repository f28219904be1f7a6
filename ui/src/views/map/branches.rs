//! Branches: where some go from a step instead of to the next one. Each is an arc below the heads, from the step that
//! is left to the one that is reached; arcs that would cross lie on levels of their own.

use custory_domain::{StageId, StepId};
use dioxus::prelude::*;

use super::layout::{Column, Detail, LABEL_WIDTH, Slot, TAIL_WIDTH};
use super::model::MapModel;
use crate::components::Icon;
use crate::format;
use crate::state::{OpenJourney, Panel, use_store};

/// Height of a level, and what the row has besides.
const LEVEL: f64 = 17.0;
const PADDING: f64 = 8.0;
/// Levels that are drawn; what is more shares the last one.
const LEVELS_MAX: usize = 6;
/// How round the corners are.
const ROUND: f64 = 6.0;
/// What the ends of arcs at one step keep from its middle and from one another.
const END_GAP: f64 = 9.0;
/// About how wide a letter of a label is.
const LETTER: f64 = 5.6;

/// A branch as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// The step that is left.
    pub from: StepId,
    /// The step that is reached.
    pub to: StepId,
    /// Where it begins and ends, in pixels of the content.
    pub ends: (f64, f64),
    /// How far down it lies, from 0.
    pub level: usize,
    /// Share and label, as they stand on it.
    pub words: String,
    /// The same as a sentence.
    pub sentence: String,
}

/// The branches of the journey between the columns that are there; a folded stage stands for its steps.
pub fn arcs(open: &OpenJourney, columns: &[Column]) -> Vec<Arc> {
    let steps = open.board.steps_in_order();
    let place = |step: StepId, stage: Option<StageId>| {
        columns
            .iter()
            .position(|it| it.slot.step() == Some(step))
            .or_else(|| columns.iter().position(|it| matches!(it.slot, Slot::Spine(id) if Some(id) == stage)))
    };
    let mut found = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        for (to, branch) in open.board.branches_of(step) {
            let Some(at) = steps.iter().position(|it| it.id == to) else { continue };
            let (Some(one), Some(other)) = (place(step.id, step.stage), place(to, steps[at].stage)) else {
                continue;
            };
            if one == other {
                continue;
            }
            let share = branch.share.map(format::percent);
            let label = Some(branch.label.clone()).filter(|it| !it.is_empty());
            let words = [share.clone(), label.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            let who = match (share, label) {
                (Some(share), Some(label)) => format!("{share} ({label})"),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => "some".to_owned(),
            };
            let sentence =
                format!("From {}. {}, {who} go to {}. {}", number + 1, step.title, at + 1, steps[at].title);
            found.push((one, other, step.id, to, words, sentence));
        }
    }
    // The shortest lie on top; ends at one step stand beside each other in the order of where they lead.
    found.sort_by_key(|it| (it.0.abs_diff(it.1), it.0.min(it.1), it.0));
    let mut levels: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut ends: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut end = |column: usize, other: usize| {
        let nth = ends.entry(column).or_default();
        *nth += 1;
        let side = if other > column { 1.0 } else { -1.0 };
        let it = &columns[column];
        let reach = (it.width / 2.0 - 4.0).max(0.0);
        it.x + it.width / 2.0 + (side * END_GAP * nth.div_ceil(2) as f64).clamp(-reach, reach)
    };
    let arc = |(one, other, from, to, words, sentence): (usize, usize, StepId, StepId, String, String)| {
        let span = (one.min(other), one.max(other));
        let is_free = |taken: &Vec<(usize, usize)>| taken.iter().all(|it| span.1 <= it.0 || it.1 <= span.0);
        let level = levels.iter().position(is_free).unwrap_or(levels.len()).min(LEVELS_MAX - 1);
        if level == levels.len() {
            levels.push(Vec::new());
        }
        levels[level].push(span);
        Arc { from, to, ends: (end(one, other), end(other, one)), level, words, sentence }
    };
    found.into_iter().map(arc).collect()
}

/// Height of the row that they take; none without any.
pub fn height(arcs: &[Arc], detail: Detail) -> f64 {
    let Some(levels) = arcs.iter().map(|it| it.level + 1).max() else { return 0.0 };
    let level = if detail == Detail::Square { LEVEL / 2.0 } else { LEVEL };
    PADDING + levels as f64 * level
}

/// From below a head down, across, and up to the other one.
fn path(arc: &Arc, y: f64) -> String {
    let (from, to) = (arc.ends.0 - LABEL_WIDTH, arc.ends.1 - LABEL_WIDTH);
    let r = ROUND.min((to - from).abs() / 2.0).min(y);
    let way = if to > from { r } else { -r };
    format!(
        "M{from:.1} 0V{:.1}Q{from:.1} {y:.1} {:.1} {y:.1}H{:.1}Q{to:.1} {y:.1} {to:.1} {:.1}V3",
        y - r,
        from + way,
        to - way,
        y - r
    )
}

/// The row of branches.
#[component]
pub fn BranchRow(model: Memo<MapModel>) -> Element {
    let mut store = use_store();
    let model_now = model.read();
    let layout = &model_now.layout;
    let arcs = &model_now.arcs;
    let is_square = layout.detail == Detail::Square;
    let level = if is_square { LEVEL / 2.0 } else { LEVEL };
    let y = |arc: &Arc| 4.0 + level * (arc.level as f64 + 1.0) - level / 2.0 + 2.0;
    let width = layout.width - LABEL_WIDTH - TAIL_WIDTH;
    let height = layout.branch_height;
    let summary = arcs.iter().map(|it| it.sentence.as_str()).collect::<Vec<_>>().join(". ");
    let labels = arcs.iter().filter(|it| !is_square && !it.words.is_empty());
    rsx! {
        div { class: "lane-h nb brs-h", role: "rowheader", style: "grid-row:3",
            div { class: "lh",
                Icon { name: "split", class: "kc" }
                "Branches"
            }
        }
        div { class: "brs", role: "gridcell", style: "grid-row:3;grid-column:2/-2",
            svg { width: "{width}", height: "{height}", role: "img", "aria-label": "{summary}",
                for arc in arcs.iter() {
                    g { key: "{arc.from}{arc.to}",
                        path { class: "br", d: path(arc, y(arc)) }
                        path {
                            class: "br-a",
                            d: "M{arc.ends.1 - LABEL_WIDTH - 3.2:.1} 5.5L{arc.ends.1 - LABEL_WIDTH:.1} 1L{arc.ends.1 - LABEL_WIDTH + 3.2:.1} 5.5",
                        }
                    }
                }
            }
            for arc in labels {
                {
                    let step = arc.from;
                    let middle = (arc.ends.0 + arc.ends.1) / 2.0 - LABEL_WIDTH;
                    let room = ((arc.ends.0 - arc.ends.1).abs() - 2.0 * ROUND).max(40.0);
                    let is_cut = arc.words.chars().count() as f64 * LETTER > room;
                    rsx! {
                        button {
                            key: "{arc.from}{arc.to}",
                            class: if is_cut { "br-l cut" } else { "br-l" },
                            r#type: "button",
                            tabindex: "-1",
                            title: "{arc.sentence}",
                            style: "left:{middle}px;top:{y(arc)}px;max-width:{room}px",
                            onclick: move |_| store.panel.set(Some(Panel { step, item: None })),
                            "{arc.words}"
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use custory_domain::{Branch, Command, carry_out};

    use super::super::marquee::fixture::{drawn, step};
    use super::*;
    use crate::views::map::layout::{STEP_WIDTH, columns};

    fn slot(step: StepId, number: usize) -> Slot {
        Slot::Step { step, stage: StageId::from_parts(1, 1), number, is_first: number == 1 }
    }

    #[test]
    fn a_branch_is_an_arc_between_its_steps_and_none_where_one_of_them_is_gone() {
        let (mut open, _) = drawn();
        let places = columns(&[slot(step(0), 1), slot(step(1), 2)], STEP_WIDTH);
        assert!(arcs(&open, &places).is_empty());
        let branch = Branch { label: "If invited".into(), share: Some(0.3) };
        let command = Command::Branch { from: step(0), to: step(1), branch: Some(branch) };
        let put = carry_out(&open.board, command, Default::default()).expect("allowed").after;
        open.apply(&custory_domain::Patch { put, removed: Vec::new() });

        let found = arcs(&open, &places);
        assert_eq!(found.len(), 1);
        let arc = &found[0];
        assert_eq!((arc.from, arc.to, arc.level), (step(0), step(1), 0));
        assert_eq!(arc.words, "30% · If invited");
        assert!(arc.ends.0 < arc.ends.1 && places[1].x < arc.ends.1, "{arc:?}");
        assert!(height(&found, Detail::Full) > 0.0 && height(&[], Detail::Full) == 0.0);
        assert!(arcs(&open, &places[..1]).is_empty(), "the other end has no column");
    }

    #[test]
    fn arcs_that_would_cross_lie_on_levels_of_their_own() {
        let (mut open, _) = drawn();
        for (from, to) in [(0, 1), (1, 0)] {
            let command = Command::Branch { from: step(from), to: step(to), branch: Some(Branch::default()) };
            let put = carry_out(&open.board, command, Default::default()).expect("allowed").after;
            open.apply(&custory_domain::Patch { put, removed: Vec::new() });
        }
        let found = arcs(&open, &columns(&[slot(step(0), 1), slot(step(1), 2)], STEP_WIDTH));
        assert_eq!(found.iter().map(|it| it.level).collect::<Vec<_>>(), [0, 1], "a way there and one back");
        assert!(found[1].ends.0 > found[1].ends.1, "one leads back");
    }
}
