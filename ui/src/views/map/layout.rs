//! Where everything on the map lies, in pixels: computed, never measured from the page.
//!
//! Columns are steps, stages folded to a spine, and stages without a step. Rows are the heads, branches, the
//! funnel, the sentiment and one lane per kind of item. The origin is the corner of the content.

use custory_domain::{EntityRef, ItemKind, StageId, StepId};
use custory_ipc::Pointer;

/// Width of the lane labels.
pub const LABEL_WIDTH: f64 = 118.0;
/// Width of a folded stage.
pub const SPINE_WIDTH: f64 = 54.0;
/// Width of the column that adds a stage.
pub const TAIL_WIDTH: f64 = 40.0;
/// Width of a step at 100 %.
pub const STEP_WIDTH: f64 = 176.0;
/// Widest a step gets.
pub const STEP_WIDTH_MAX: f64 = 240.0;
/// Least width of a step in which full cards still look right; steps shrink to it so that all fit.
const STEP_WIDTH_FULL_MIN: f64 = 168.0;
/// Least width of a step with one-line cards.
const STEP_WIDTH_LINE_MIN: f64 = 88.0;
/// Narrowest a step gets.
pub const STEP_WIDTH_MIN: f64 = 24.0;
/// Height of the stage heads.
pub const STAGE_HEIGHT: f64 = 26.0;
/// Columns drawn beyond what is visible, on each side.
const MARGIN_COLUMNS: usize = 2;

/// How much of an item fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A card with title and details.
    Full,
    /// One line: icon and title.
    Line,
    /// A small square.
    Square,
}

/// How large the squares of a map from afar are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Squares {
    /// Side of what is drawn.
    pub side: f64,
    /// From one to the next; all of it is hit by a press.
    pub pitch: f64,
}

impl Squares {
    /// From what everybody hits to what can just be told apart.
    pub const SIZES: [Self; 3] =
        [Self { side: 14.0, pitch: 24.0 }, Self { side: 11.0, pitch: 15.0 }, Self { side: 9.0, pitch: 11.0 }];
    /// The smallest.
    pub const SMALL: Self = Self::SIZES[2];

    /// How many stand beside each other in a step of that width.
    pub fn across(self, step_width: f64) -> usize {
        // The first one lies a little in from the edge, and the last one needs no gap after it.
        (((step_width - 5.0 + self.pitch - self.side) / self.pitch).floor() as usize).max(1)
    }
}

/// How wide steps are to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    /// As wide as they can be with all in sight.
    Fit,
    /// So many pixels.
    Width(f64),
}

impl Zoom {
    /// Widths that zooming in and out steps through.
    pub const STEPS: [f64; 10] =
        [24.0, 32.0, 44.0, 60.0, 88.0, 110.0, 140.0, STEP_WIDTH, 208.0, STEP_WIDTH_MAX];

    /// The next wider or narrower one from a width on; the widest or narrowest stays.
    pub fn next(from: f64, wider: bool) -> Self {
        let close = 0.5;
        let found = if wider {
            Self::STEPS.iter().find(|it| **it > from + close)
        } else {
            Self::STEPS.iter().rev().find(|it| **it < from - close)
        };
        let edge = if wider { STEP_WIDTH_MAX } else { STEP_WIDTH_MIN };
        Self::Width(found.copied().unwrap_or(edge))
    }
}

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A folded stage.
    Spine(StageId),
    /// A stage without a step.
    Bare(StageId),
    /// A step.
    Step {
        /// Which one.
        step: StepId,
        /// The stage it is in.
        stage: StageId,
        /// Its number in the journey, from 1.
        number: usize,
        /// Whether it is the first one of its stage.
        is_first: bool,
    },
}

impl Slot {
    /// The stage it belongs to.
    pub fn stage(self) -> StageId {
        match self {
            Self::Spine(stage) | Self::Bare(stage) | Self::Step { stage, .. } => stage,
        }
    }

    /// What stands at its head.
    pub fn entity(self) -> EntityRef {
        match self {
            Self::Step { step, .. } => step.into(),
            Self::Spine(stage) | Self::Bare(stage) => stage.into(),
        }
    }

    /// The step it shows.
    pub fn step(self) -> Option<StepId> {
        match self {
            Self::Step { step, .. } => Some(step),
            Self::Spine(_) | Self::Bare(_) => None,
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// What it shows.
    pub slot: Slot,
    /// Its left edge.
    pub x: f64,
    /// Its width.
    pub width: f64,
}

impl Column {
    /// Its right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
}

/// A lane's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    /// Of which kind.
    pub kind: ItemKind,
    /// Its upper edge.
    pub y: f64,
    /// Its height.
    pub height: f64,
}

/// A lane of words.
#[derive(Clone, Debug, PartialEq)]
pub struct WordLane {
    /// Its identifier in the journey.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its upper edge.
    pub y: f64,
    /// Its height.
    pub height: f64,
    /// Above it runs the line of visibility.
    pub is_unseen_from_here: bool,
    /// It is one of the journey's own.
    pub is_own: bool,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Width of a step.
    pub step_width: f64,
    /// How much of an item fits.
    pub detail: Detail,
    /// How large squares are, where an item is one.
    pub squares: Squares,
    /// Height of the step heads.
    pub step_height: f64,
    /// Height of the branches; 0 without any.
    pub branch_height: f64,
    /// Height of the funnel; 0 without one.
    pub funnel_height: f64,
    /// Height of the sentiment; 0 without one.
    pub sentiment_height: f64,
    /// Lanes from top to bottom.
    pub lanes: Vec<Lane>,
    /// Lanes of words, below them.
    pub words: Vec<WordLane>,
    /// Least height of what is below the lanes.
    pub floor_height: f64,
    /// Width of everything.
    pub width: f64,
}

/// Chooses the width of steps: `bare` columns are as wide as steps, spines are not.
pub fn step_width(zoom: Zoom, room: f64, steps: usize, spines: usize) -> f64 {
    let free = room - LABEL_WIDTH - SPINE_WIDTH * spines as f64 - TAIL_WIDTH;
    let even = if steps == 0 { STEP_WIDTH } else { free / steps as f64 };
    match zoom {
        Zoom::Fit => even.clamp(STEP_WIDTH_MIN, STEP_WIDTH_MAX).floor(),
        Zoom::Width(width) if (width - STEP_WIDTH).abs() < 0.5 && even >= STEP_WIDTH_FULL_MIN => {
            even.clamp(STEP_WIDTH_FULL_MIN, STEP_WIDTH_MAX).floor()
        }
        Zoom::Width(width) => width,
    }
}

/// How much of an item fits into a step of that width.
pub fn detail(step_width: f64) -> Detail {
    if step_width >= STEP_WIDTH_FULL_MIN {
        Detail::Full
    } else if step_width >= STEP_WIDTH_LINE_MIN {
        Detail::Line
    } else {
        Detail::Square
    }
}

/// Lays slots out from left to right.
pub fn columns(slots: &[Slot], step_width: f64) -> Vec<Column> {
    let mut x = LABEL_WIDTH;
    slots
        .iter()
        .map(|slot| {
            let width = if matches!(slot, Slot::Spine(_)) { SPINE_WIDTH } else { step_width };
            let column = Column { slot: *slot, x, width };
            x += width;
            column
        })
        .collect()
}

impl Layout {
    /// Upper edge of the funnel.
    pub fn funnel_y(&self) -> f64 {
        STAGE_HEIGHT + self.step_height + self.branch_height
    }

    /// Upper edge of the first lane.
    pub fn lanes_y(&self) -> f64 {
        self.funnel_y() + self.funnel_height + self.sentiment_height
    }

    /// Lower edge of the last lane.
    pub fn bottom(&self) -> f64 {
        let items = self.lanes.last().map_or(self.lanes_y(), |it| it.y + it.height);
        self.words.last().map_or(items, |it| it.y + it.height)
    }

    /// Rows of the grid, as a style value; the last one takes what is left.
    pub fn row_template(&self) -> String {
        let mut rows = format!(
            "{STAGE_HEIGHT}px {}px {}px {}px {}px",
            self.step_height, self.branch_height, self.funnel_height, self.sentiment_height
        );
        for lane in &self.lanes {
            rows.push_str(&format!(" {}px", lane.height));
        }
        for lane in &self.words {
            rows.push_str(&format!(" {}px", lane.height));
        }
        rows.push_str(&format!(" minmax({}px, 1fr)", self.floor_height));
        rows
    }

    /// Columns of the grid, as a style value.
    pub fn column_template(&self) -> String {
        let mut columns = format!("{LABEL_WIDTH}px");
        for column in &self.columns {
            columns.push_str(&format!(" {}px", column.width));
        }
        columns.push_str(&format!(" {TAIL_WIDTH}px"));
        columns
    }

    /// Columns to draw in a row when the map is scrolled to `left` and `width` of it is visible. Rows take a column that
    /// comes into sight at different places, `turn` of a column (0 to 1) after each other, long before it is seen: no
    /// frame of a map that moves has to make all of it.
    pub fn visible(&self, left: f64, width: f64, turn: f64) -> std::ops::Range<usize> {
        let left = left + (turn - 0.5) * self.step_width;
        let from = self.columns.partition_point(|it| it.right() <= left + LABEL_WIDTH);
        let to = self.columns.partition_point(|it| it.x < left + width);
        from.saturating_sub(MARGIN_COLUMNS)..(to + MARGIN_COLUMNS).min(self.columns.len())
    }

    /// The column at `x`; the nearest one beyond the edges.
    pub fn column_at(&self, x: f64) -> Option<usize> {
        let last = self.columns.len().checked_sub(1)?;
        Some(self.columns.partition_point(|it| it.right() <= x).min(last))
    }

    /// The column of a step.
    pub fn column_of(&self, step: StepId) -> Option<usize> {
        self.columns.iter().position(|it| it.slot.step() == Some(step))
    }

    /// A lane.
    pub fn lane(&self, kind: ItemKind) -> Option<&Lane> {
        self.lanes.iter().find(|it| it.kind == kind)
    }

    /// What is at a point of the content: the same place for whoever sees it zoomed, folded or filtered
    /// differently. Nothing is beside the columns.
    pub fn pointer_at(&self, x: f64, y: f64) -> Option<Pointer> {
        let column = self.columns.iter().find(|it| it.x <= x && x < it.right())?;
        let over = column.slot.entity();
        let across = (x - column.x) / column.width;
        let lane = self.lanes.iter().find(|it| it.y <= y && y < it.y + it.height);
        let (kind, down) = match lane {
            Some(lane) => (Some(lane.kind), (y - lane.y) / lane.height),
            None if y < self.lanes_y() => (None, y / self.lanes_y()),
            None => return None,
        };
        let is_within = |it: &f64| (0.0..=1.0).contains(it);
        (is_within(&across) && is_within(&down)).then_some(Pointer { over, lane: kind, across, down })
    }

    /// The point of the content where a pointer is; `None` if its step or lane is not shown.
    pub fn point_of(&self, pointer: &Pointer) -> Option<(f64, f64)> {
        let column = self.columns.iter().find(|it| it.slot.entity() == pointer.over)?;
        let y = match pointer.lane {
            Some(kind) => self.lane(kind).map(|it| it.y + it.height * pointer.down)?,
            None => self.lanes_y() * pointer.down,
        };
        Some((column.x + column.width * pointer.across, y))
    }

    /// Scroll position that brings a column into sight, changing as little as possible.
    pub fn reveal(&self, column: usize, left: f64, width: f64) -> f64 {
        let Some(column) = self.columns.get(column) else { return left };
        let least = column.right() - width;
        let most = column.x - LABEL_WIDTH;
        left.clamp(least.min(most), most).max(0.0)
    }
}

/// Layouts to test with.
#[cfg(test)]
pub(super) mod fixture {
    use super::*;

    fn step(number: usize) -> Slot {
        Slot::Step {
            step: StepId::from_parts(number as u64, 0),
            stage: StageId::from_parts(1, 0),
            number,
            is_first: number == 1,
        }
    }

    /// So many steps of one stage, without lanes.
    pub fn layout(count: usize, step_width: f64) -> Layout {
        let slots: Vec<_> = (1..=count).map(step).collect();
        let columns = columns(&slots, step_width);
        Layout {
            width: columns.last().map_or(LABEL_WIDTH, Column::right) + TAIL_WIDTH,
            columns,
            step_width,
            detail: detail(step_width),
            squares: Squares::SMALL,
            floor_height: 0.0,
            step_height: 46.0,
            branch_height: 0.0,
            funnel_height: 64.0,
            sentiment_height: 64.0,
            lanes: Vec::new(),
            words: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::layout;
    use super::*;

    #[test]
    fn steps_stretch_to_fill_the_room_and_shrink_a_little_to_fit() {
        for (room, steps, expected) in [
            (1_172.0, 11, 176.0),
            (1_172.0, 6, 169.0),
            (1_172.0, 5, 202.0),
            (1_172.0, 3, 240.0),
            (400.0, 0, 176.0),
        ] {
            let width = step_width(Zoom::Width(STEP_WIDTH), room, steps, 0);
            assert_eq!(width, expected, "{steps} steps in {room}");
        }
        assert_eq!(step_width(Zoom::Fit, 1_172.0, 40, 0), 25.0);
        assert_eq!(step_width(Zoom::Fit, 1_172.0, 400, 0), STEP_WIDTH_MIN);
    }

    #[test]
    fn zooming_in_and_out_ends_where_it_began() {
        let Zoom::Width(out) = Zoom::next(STEP_WIDTH, false) else { panic!("a width") };
        assert_eq!(Zoom::next(out, true), Zoom::Width(STEP_WIDTH));
        assert_eq!(Zoom::next(STEP_WIDTH_MAX, true), Zoom::Width(STEP_WIDTH_MAX));
        assert_eq!(Zoom::next(STEP_WIDTH_MIN, false), Zoom::Width(STEP_WIDTH_MIN));
    }

    #[test]
    fn only_what_is_visible_is_drawn_with_two_more_on_each_side() {
        let layout = layout(60, 100.0);
        assert_eq!(layout.visible(0.0, 618.0, 0.5), 0..7);
        assert_eq!(layout.visible(1_000.0, 618.0, 0.5), 8..17);
        assert_eq!(layout.visible(9_000.0, 618.0, 0.5), 58..60);
    }

    #[test]
    fn rows_take_turns_in_drawing_a_column_and_each_draws_more_than_is_visible() {
        let layout = layout(60, 100.0);
        let turns = [0.0, 0.25, 0.5, 0.75];
        let ends = |left: f64| turns.map(|turn| layout.visible(left, 618.0, turn).end);
        assert_eq!(ends(1_010.0), [17, 17, 18, 18]);
        assert_eq!(ends(1_040.0), [17, 18, 18, 18]);
        assert_eq!(ends(1_090.0), [18, 18, 18, 19]);
        for left in (0..6_000).step_by(7).map(f64::from) {
            let seen = layout.visible(left, 618.0, 0.5);
            let seen = (seen.start + 2).min(60)..seen.end.saturating_sub(2).max(seen.start);
            for turn in turns {
                let drawn = layout.visible(left, 618.0, turn);
                assert!(drawn.start <= seen.start && drawn.end >= seen.end, "{left} {turn}");
            }
        }
    }

    #[test]
    fn a_column_out_of_sight_is_brought_in_by_the_least_scrolling() {
        let layout = layout(20, 100.0);
        assert_eq!(layout.reveal(3, 0.0, 618.0), 0.0);
        assert_eq!(layout.reveal(6, 0.0, 618.0), 200.0);
        assert_eq!(layout.reveal(1, 500.0, 618.0), 100.0);
    }

    #[test]
    fn a_pointer_is_at_the_same_place_however_the_map_is_laid_out() {
        let lanes = |y: f64, height: f64| {
            vec![
                Lane { kind: ItemKind::Touchpoint, y, height },
                Lane { kind: ItemKind::Insight, y: y + height, height: 2.0 * height },
            ]
        };
        let near = Layout { lanes: lanes(200.0, 90.0), ..layout(8, 176.0) };
        let far = Layout { lanes: lanes(200.0, 24.0), ..layout(8, 44.0) };
        let pointer = near.pointer_at(118.0 + 2.25 * 176.0, 290.0 + 90.0).expect("over a step");
        let (x, y) = far.point_of(&pointer).expect("shown");
        assert_eq!((pointer.lane, x, y), (Some(ItemKind::Insight), 118.0 + 2.25 * 44.0, 224.0 + 24.0));

        let folded = Layout { lanes: Vec::new(), ..layout(8, 44.0) };
        assert_eq!(folded.point_of(&pointer), None, "a lane that is hidden has no place");
        assert_eq!(layout(2, 44.0).point_of(&pointer), None, "nor has a step that is not there");
        for (x, y) in [(10.0, 100.0), (9_999.0, 100.0), (200.0, 9_999.0)] {
            assert_eq!(near.pointer_at(x, y), None, "{x} {y}");
        }
        let head = near.pointer_at(130.0, 40.0).expect("over a head");
        assert_eq!((head.lane, near.point_of(&head)), (None, Some((130.0, 40.0))));
    }

    #[test]
    fn every_place_belongs_to_a_column() {
        let layout = layout(3, 100.0);
        for (x, expected) in [(-5.0, 0), (118.0, 0), (217.9, 0), (218.0, 1), (9_999.0, 2)] {
            assert_eq!(layout.column_at(x), Some(expected), "{x}");
        }
    }
}
