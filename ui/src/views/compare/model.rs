//! What stands where when two journeys are side by side: one column for each step of either, in one order, and below
//! its head what is on it. Computed when one of the two changes; never on scroll.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::Filter;
use custory_domain::{EntityRef, ItemKind, StageId, StepId};

use crate::state::{Comparison, OpenJourney, stage_colour};
use crate::views::map::{Point, curve, items_of_cell};

/// Width of the lane labels.
pub const LABEL_WIDTH: f64 = 118.0;
/// Least and most width of a column.
const COLUMN_WIDTHS: (f64, f64) = (176.0, 240.0);
/// Height of what stands above the lanes: stages, then steps.
pub const STAGE_HEIGHT: f64 = 26.0;
pub const STEP_HEIGHT: f64 = 46.0;
/// Height of the sentiment's curve, and of what says how many get to a step.
pub const FEELING_HEIGHT: f64 = 52.0;
const FLOW_HEIGHT: f64 = 28.0;
/// Items that a cell shows before it says how many more there are.
const SHOWN_MAX: usize = 6;
/// Height of an item, of the line below it that says what is otherwise, of what says how many more there are, of the
/// gap after each, and of a cell's edges.
const LINE: f64 = 24.0;
const DIFFERENCE: f64 = 16.0;
const MORE: f64 = 15.0;
const GAP: f64 = 3.0;
const EDGES: f64 = 15.0;
/// Columns drawn beyond what is visible, on each side.
const MARGIN_COLUMNS: usize = 2;

/// One of the two journeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// As it is.
    AsIs,
    /// As it should be.
    ToBe,
}

impl Side {
    /// Both, from top to bottom.
    pub const BOTH: [Self; 2] = [Self::AsIs, Self::ToBe];

    /// The words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AsIs => "As it is",
            Self::ToBe => "As it should be",
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::AsIs => "is",
            Self::ToBe => "be",
        }
    }
}

/// A place that the keyboard can be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// In which journey.
    pub side: Side,
    /// On which step.
    pub step: StepId,
    /// The item; the step's head without one.
    pub item: Option<EntityRef>,
}

impl Spot {
    /// The id of its element in the page.
    pub fn element_id(self) -> String {
        let (side, step) = (self.side.id(), self.step);
        match self.item {
            Some(item) => format!("beside-{side}-{}-{step}", item.id),
            None => format!("beside-{side}-{step}"),
        }
    }

    /// What stands there.
    pub fn entity(self) -> EntityRef {
        self.item.unwrap_or(self.step.into())
    }
}

/// What one step holds in one of the two journeys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holds {
    /// Its number in that journey, from 1.
    pub number: usize,
    /// The stage that it is in.
    pub stage: Option<StageId>,
    /// It is the first one of its stage, of those that are shown.
    pub is_first: bool,
    /// The items that are shown, by kind.
    pub items: BTreeMap<ItemKind, Vec<EntityRef>>,
    /// How many more there are, by kind.
    pub more: BTreeMap<ItemKind, usize>,
}

/// A step, in one of the journeys or in both.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Which one.
    pub step: StepId,
    /// As it is, and as it should be; `None` where it is not there.
    pub on: [Option<Holds>; 2],
}

impl Column {
    /// What it holds in one of the two.
    pub fn on(&self, side: Side) -> Option<&Holds> {
        self.on[side as usize].as_ref()
    }

    /// The places in it that the keyboard can be at, from top to bottom.
    pub fn spots(&self) -> Vec<Spot> {
        let step = self.step;
        let of = |side: Side| {
            let holds = self.on(side);
            let head = holds.map(|_| Spot { side, step, item: None });
            let items = holds.into_iter().flat_map(|it| it.items.values().flatten());
            head.into_iter().chain(items.map(move |it| Spot { side, step, item: Some(*it) }))
        };
        Side::BOTH.into_iter().flat_map(of).collect()
    }
}

/// A row of items of one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    /// Of which kind.
    pub kind: ItemKind,
    /// Its height in each of the two.
    pub heights: [f64; 2],
}

/// Both journeys, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Steps of either, in one order.
    pub columns: Vec<Column>,
    /// Kinds that there is something of.
    pub lanes: Vec<Lane>,
    /// Title and colour of the stages of each.
    pub stages: [BTreeMap<StageId, (String, String)>; 2],
    /// Width of a column.
    pub width: f64,
    /// Items that the filter leaves, and all, of either.
    pub counts: (usize, usize),
    /// How each of the two feels, step by step.
    pub feelings: [Vec<Felt>; 2],
    /// Whether it is known of a step of either how many get to it.
    pub has_flow: bool,
}

/// How a step feels: its column, what is known, and whether it is a guess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Felt {
    /// The step.
    pub step: StepId,
    /// Its column.
    pub column: usize,
    /// −1 to 1.
    pub value: f64,
    /// Whether the team guesses.
    pub is_assumed: bool,
}

impl Beside {
    /// Computes it, of what the filter leaves; with `is_only_different` of what differs alone.
    pub fn of(
        to_be: &OpenJourney,
        comparison: &Comparison,
        filter: &Filter,
        is_only_different: bool,
        view: f64,
    ) -> Self {
        let both = [&comparison.other, to_be];
        let (mut left, mut all) = (BTreeSet::new(), BTreeSet::new());
        let is_marked = |it: &EntityRef| comparison.marks.contains_key(it);
        let steps = both.map(|open| open.board.steps_in_order());
        let ids = steps.each_ref().map(|all| all.iter().map(|it| it.id).collect::<Vec<_>>());
        let mut columns: Vec<Column> = Vec::new();
        for step in in_one_order(&ids[0], &ids[1]) {
            let on = [0, 1].map(|side| {
                let at = ids[side].iter().position(|it| *it == step)?;
                let mut holds = Holds { number: at + 1, stage: steps[side][at].stage, ..Holds::default() };
                for kind in ItemKind::ALL {
                    let mut items = items_of_cell(both[side], filter, step, *kind);
                    left.extend(items.iter().copied());
                    all.extend(items_of_cell(both[side], &Filter::default(), step, *kind));
                    items.retain(|it| !is_only_different || is_marked(it));
                    let more = items.len().saturating_sub(SHOWN_MAX);
                    // What differs is among those that are seen.
                    items.sort_by_key(|it| more > 0 && !is_marked(it));
                    items.truncate(SHOWN_MAX);
                    holds.items.insert(*kind, items);
                    holds.more.insert(*kind, more);
                }
                Some(holds)
            });
            let column = Column { step, on };
            if !is_only_different || column.spots().iter().any(|it| is_marked(&it.entity())) {
                columns.push(column);
            }
        }
        for side in Side::BOTH {
            let mut stage = None;
            for holds in columns.iter_mut().filter_map(|it| it.on[side as usize].as_mut()) {
                holds.is_first = holds.stage != stage;
                stage = holds.stage;
            }
        }
        let lanes = lanes(&columns, comparison);
        let stages = both.map(|open| {
            let outline = open.board.stages_in_order();
            let count = outline.len();
            let named = |(at, it): (usize, &&custory_domain::Stage)| {
                (it.id, (it.title.clone(), stage_colour(at, count)))
            };
            outline.iter().enumerate().map(named).collect()
        });
        let room = (view - LABEL_WIDTH) / columns.len().max(1) as f64;
        let width = room.floor().clamp(COLUMN_WIDTHS.0, COLUMN_WIDTHS.1);
        let feelings = both.map(|open| felt(&columns, open));
        let is_counted = |it: &Column| both.iter().any(|open| open.numbers.flow.contains_key(&it.step));
        let has_flow = columns.iter().any(is_counted);
        Self { columns, lanes, stages, width, counts: (left.len(), all.len()), feelings, has_flow }
    }

    /// Whether anything is known about how steps of either feel.
    pub fn has_feeling(&self) -> bool {
        self.feelings.iter().any(|it| !it.is_empty())
    }

    /// The row of a half's grid in which its lanes begin.
    pub fn first_lane(&self) -> usize {
        3 + usize::from(self.has_feeling()) + usize::from(self.has_flow)
    }

    /// Points of one side's curve.
    pub fn points(&self, side: Side) -> Vec<Point> {
        let zero = FEELING_HEIGHT / 2.0;
        let point = |it: &Felt| Point {
            x: (it.column as f64 + 0.5) * self.width,
            y: zero - it.value.clamp(-1.0, 1.0) * (zero - 5.0),
            is_assumed: it.is_assumed,
        };
        self.feelings[side as usize].iter().map(point).collect()
    }

    /// The same as paths, and whether each is a guess; a single point has none.
    pub fn curves(&self, side: Side) -> Vec<(String, bool)> {
        curve(&self.points(side))
    }

    /// Columns to draw when it is scrolled to `left` and `view` of it is visible.
    pub fn visible(&self, left: f64, view: f64) -> std::ops::Range<usize> {
        let count = self.columns.len();
        let from = (left / self.width) as usize;
        let to = ((left + view - LABEL_WIDTH).max(0.0) / self.width).ceil() as usize;
        from.saturating_sub(MARGIN_COLUMNS).min(count)..(to + MARGIN_COLUMNS).min(count)
    }

    /// The column of a step.
    pub fn column_of(&self, step: StepId) -> Option<usize> {
        self.columns.iter().position(|it| it.step == step)
    }

    /// Scroll position that brings a column into sight, changing as little as possible.
    pub fn reveal(&self, column: usize, left: f64, view: f64) -> f64 {
        let most = column as f64 * self.width;
        let least = LABEL_WIDTH + most + self.width - view;
        left.clamp(least.min(most), most).max(0.0)
    }

    /// Columns of each half's grid, as a style value.
    pub fn column_template(&self) -> String {
        format!("{LABEL_WIDTH}px repeat({}, {}px)", self.columns.len(), self.width)
    }

    /// Rows of one half's grid, as a style value.
    pub fn row_template(&self, side: Side) -> String {
        let mut rows = format!("{STAGE_HEIGHT}px {STEP_HEIGHT}px");
        if self.has_feeling() {
            rows.push_str(&format!(" {FEELING_HEIGHT}px"));
        }
        if self.has_flow {
            rows.push_str(&format!(" {FLOW_HEIGHT}px"));
        }
        for lane in &self.lanes {
            rows.push_str(&format!(" {}px", lane.heights[side as usize]));
        }
        rows
    }
}

fn felt(columns: &[Column], open: &OpenJourney) -> Vec<Felt> {
    let columns = columns.iter().enumerate();
    let of = |(column, it): (usize, &Column)| {
        let feeling = open.numbers.feeling.get(&it.step)?;
        Some(Felt { step: it.step, column, value: feeling.value, is_assumed: feeling.is_assumed })
    };
    columns.filter_map(of).collect()
}

/// Steps of both in one order: as it should be, and what is only there as it is after the step that it follows.
fn in_one_order(as_is: &[StepId], to_be: &[StepId]) -> Vec<StepId> {
    let mut order = to_be.to_vec();
    let mut next = 0;
    for step in as_is {
        match order.iter().position(|it| it == step) {
            Some(at) => next = at + 1,
            None => {
                order.insert(next, *step);
                next += 1;
            }
        }
    }
    order
}

fn lanes(columns: &[Column], comparison: &Comparison) -> Vec<Lane> {
    let height = |kind: ItemKind, side: Side| {
        let of = |holds: &Holds| {
            let items = holds.items[&kind].iter();
            let lines: f64 = items.map(|it| LINE + GAP + said(comparison, side, *it)).sum();
            lines + if holds.more[&kind] > 0 { MORE + GAP } else { 0.0 }
        };
        let holds = columns.iter().filter_map(|it| it.on(side));
        holds.map(of).fold(LINE + GAP, f64::max) + EDGES - GAP
    };
    let is_there = |kind: &ItemKind| {
        let mut holds = columns.iter().flat_map(|it| it.on.iter().flatten());
        holds.any(|it| !it.items[kind].is_empty())
    };
    let kinds = ItemKind::ALL.iter().copied().filter(is_there);
    kinds.map(|kind| Lane { kind, heights: Side::BOTH.map(|side| height(kind, side)) }).collect()
}

/// Height of what is said below an item: what is otherwise stands on the side where it is to come.
fn said(comparison: &Comparison, side: Side, item: EntityRef) -> f64 {
    let is_said = side == Side::ToBe && comparison.telling(item).is_some();
    if is_said { DIFFERENCE } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(all: &[u128]) -> Vec<StepId> {
        all.iter().map(|it| StepId::from_parts(1, *it)).collect()
    }

    #[test]
    fn a_step_of_both_has_one_column_and_one_of_either_stands_where_it_follows() {
        for (as_is, to_be, expected) in [
            (&[1, 2, 3][..], &[1, 2, 3][..], &[1, 2, 3][..]),
            (&[1, 2, 3], &[1, 9, 3], &[1, 2, 9, 3]),
            (&[8, 1, 2], &[1, 2], &[8, 1, 2]),
            (&[1, 7, 8, 2], &[1, 2, 9], &[1, 7, 8, 2, 9]),
            (&[1, 2], &[2, 1], &[2, 1]),
            (&[], &[4], &[4]),
        ] {
            assert_eq!(in_one_order(&steps(as_is), &steps(to_be)), steps(expected), "{as_is:?} {to_be:?}");
        }
    }

    #[test]
    fn what_is_in_sight_is_drawn_with_two_more_and_a_column_is_brought_in_by_the_least_scrolling() {
        let column = |it: &StepId| Column { step: *it, on: [None, Some(Holds::default())] };
        let columns = steps(&(1..=40).collect::<Vec<_>>()).iter().map(column).collect();
        let beside = Beside { columns, width: 176.0, ..Beside::default() };
        assert_eq!(beside.visible(0.0, 118.0 + 3.0 * 176.0), 0..5);
        assert_eq!(beside.visible(10.0 * 176.0, 118.0 + 3.0 * 176.0), 8..15);
        let view = 118.0 + 3.0 * 176.0;
        assert_eq!(beside.reveal(1, 0.0, view), 0.0, "in sight already");
        assert_eq!(beside.reveal(3, 0.0, view), 176.0);
        assert_eq!(beside.reveal(0, 500.0, view), 0.0);
    }
}
