//! From a board to what the map draws: which columns and lanes there are, how high they are, what
//! each cell shows. Computed when the board, the zoom or the window changes; never on scroll.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::Filter;
use custory_domain::{EntityKind, EntityRef, ItemKind, MetricPurpose, StageId, StepId};

use super::branches::{self, Arc};
use super::first;
use super::layout::{self, Detail, LABEL_WIDTH, Lane, Layout, Slot, Squares, TAIL_WIDTH, Zoom};
use super::measure::{self, Face};
use super::state::Adding;
use super::words;
use crate::state::{OpenJourney, stage_colour};

/// Fewest and most cards that a cell shows before it says how many more there are.
const SHOWN: std::ops::RangeInclusive<usize> = 2..=6;
/// Lines that a card's title can have.
pub const TITLE_LINES_MAX: usize = 3;
/// Below this height of the page the curves shrink; below the second the sentiment goes.
const PAGE_HEIGHT_LOW: f64 = 760.0;
const PAGE_HEIGHT_LOWEST: f64 = 640.0;

/// A stage's head.
#[derive(Clone, Debug, PartialEq)]
pub struct StageHead {
    /// Which one.
    pub id: StageId,
    /// Its title.
    pub title: String,
    /// Steps in it.
    pub steps: usize,
    /// Its colour, as a style value.
    pub colour: String,
    /// Its first column, and the one after its last.
    pub columns: std::ops::Range<usize>,
    /// Shown as a spine.
    pub is_folded: bool,
    /// Its position among the stages.
    pub position: usize,
    /// Items on its steps, by kind.
    pub items: BTreeMap<ItemKind, usize>,
}

/// Everything that is computed for drawing the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapModel {
    /// Where everything lies.
    pub layout: Layout,
    /// Branches as they are drawn.
    pub arcs: Vec<Arc>,
    /// Stages in order.
    pub stages: Vec<StageHead>,
    /// Cards that a cell shows at most.
    pub shown: usize,
    /// Items that the filter leaves in.
    pub listed: usize,
    /// Items by kind.
    pub totals: BTreeMap<ItemKind, usize>,
    /// Steps in all.
    pub steps: usize,
    /// What is left out.
    pub filter: Filter,
}

/// What the model depends on besides the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How wide steps are to be.
    pub zoom: Zoom,
    /// Stages folded to a spine.
    pub folded: BTreeSet<StageId>,
    /// Lanes that are not shown.
    pub hidden_lanes: BTreeSet<ItemKind>,
    /// Lanes of words that are shown though nothing stands on them.
    pub word_lanes: BTreeSet<String>,
    /// What is left out.
    pub filter: Filter,
    /// What is being added.
    pub adding: Option<Adding>,
    /// Width and height of what is visible.
    pub view: (f64, f64),
    /// Height of the page.
    pub page_height: f64,
}

impl MapModel {
    /// Computes it.
    pub fn of(open: &OpenJourney, settings: &Settings) -> Self {
        let (stages, slots) = stages_and_slots(open, settings);
        let spines = stages.iter().filter(|it| it.is_folded).count();
        let step_width = layout::step_width(settings.zoom, settings.view.0, slots.len() - spines, spines);
        let detail = layout::detail(step_width);
        let columns = layout::columns(&slots, step_width);
        let arcs = branches::arcs(open, &columns);
        let has_funnel = !open.numbers.flow.is_empty();
        let has_feeling = !open.numbers.feeling.is_empty() && settings.page_height >= PAGE_HEIGHT_LOWEST;
        let curve = if settings.page_height < PAGE_HEIGHT_LOW { 44.0 } else { 64.0 };
        let mut layout = Layout {
            width: columns.last().map_or(LABEL_WIDTH, layout::Column::right) + TAIL_WIDTH,
            columns,
            step_width,
            detail,
            squares: Squares::SMALL,
            floor_height: if detail == Detail::Square { first::height(open) } else { 0.0 },
            step_height: if detail == Detail::Square { 104.0 } else { 46.0 },
            branch_height: branches::height(&arcs, detail),
            funnel_height: if has_funnel { curve } else { 0.0 },
            sentiment_height: if has_feeling { curve } else { 0.0 },
            lanes: Vec::new(),
            words: Vec::new(),
        };
        let steps: Vec<_> = layout.columns.iter().filter_map(|it| it.slot.step()).collect();
        layout.words = words::lanes(open, &steps, &settings.word_lanes, detail, step_width);
        let shown = lay_lanes(open, settings, &mut layout);
        let totals: BTreeMap<ItemKind, usize> =
            ItemKind::ALL.iter().map(|kind| (*kind, total(open, *kind))).collect();
        let listed = match settings.filter.is_on() {
            true => listed(open, &settings.filter),
            false => totals.values().sum(),
        };
        Self {
            layout,
            arcs,
            stages,
            shown,
            listed,
            totals,
            steps: open.board.steps_in_order().len(),
            filter: settings.filter.clone(),
        }
    }

    /// A map of nothing, for the moment before a journey is there.
    pub fn blank() -> Self {
        let layout = Layout {
            columns: Vec::new(),
            step_width: layout::STEP_WIDTH,
            detail: Detail::Full,
            squares: Squares::SMALL,
            floor_height: 0.0,
            step_height: 46.0,
            branch_height: 0.0,
            funnel_height: 0.0,
            sentiment_height: 0.0,
            lanes: Vec::new(),
            words: Vec::new(),
            width: LABEL_WIDTH + TAIL_WIDTH,
        };
        let (arcs, stages, totals, filter) = Default::default();
        Self { layout, arcs, stages, shown: *SHOWN.start(), listed: 0, totals, steps: 0, filter }
    }

    /// The items of a cell, without those that the filter leaves out.
    pub fn cell(&self, open: &OpenJourney, step: StepId, kind: ItemKind) -> Vec<EntityRef> {
        cell(open, &self.filter, step, kind)
    }

    /// The items of a cell that are drawn, and how many are not.
    pub fn shown(&self, open: &OpenJourney, step: StepId, kind: ItemKind) -> (Vec<EntityRef>, usize) {
        let mut items = self.cell(open, step, kind);
        let count = items.len();
        let fitting = match kind {
            _ if self.layout.detail == Detail::Square => {
                self.layout.squares.across(self.layout.step_width) * SQUARE_ROWS_MAX
            }
            ItemKind::Touchpoint if self.layout.detail == Detail::Full => {
                touchpoints_fitting(open, &items, self.layout.step_width, self.shown)
            }
            _ => self.shown,
        };
        items.truncate(fitting);
        let left = count - items.len();
        (items, left)
    }

    /// The stage of a column.
    pub fn stage(&self, id: StageId) -> Option<&StageHead> {
        self.stages.iter().find(|it| it.id == id)
    }

    /// Items in all.
    pub fn items(&self) -> usize {
        self.totals.values().sum()
    }
}

fn total(open: &OpenJourney, kind: ItemKind) -> usize {
    open.board.items(kind).iter().filter(|it| it.trashed.is_none() && !is_funnel(open, it.id)).count()
}

fn stages_and_slots(open: &OpenJourney, settings: &Settings) -> (Vec<StageHead>, Vec<Slot>) {
    let outline = open.outline();
    let count = outline.len();
    let mut stages = Vec::with_capacity(count);
    let mut slots = Vec::new();
    let mut number = 0;
    for (position, (id, steps)) in outline.into_iter().enumerate() {
        let first = slots.len();
        let is_folded = settings.folded.contains(&id) && !steps.is_empty();
        let mut items = BTreeMap::new();
        if is_folded {
            slots.push(Slot::Spine(id));
            number += steps.len();
            for kind in ItemKind::ALL {
                let on_stage: BTreeSet<_> =
                    steps.iter().flat_map(|it| cell(open, &settings.filter, it.id, *kind)).collect();
                items.insert(*kind, on_stage.len());
            }
        } else if steps.is_empty() {
            slots.push(Slot::Bare(id));
        } else {
            for (at, step) in steps.iter().enumerate() {
                number += 1;
                slots.push(Slot::Step { step: step.id, stage: id, number, is_first: at == 0 });
            }
        }
        let title = open.board.stages.get(&id).map(|it| it.title.clone()).unwrap_or_default();
        stages.push(StageHead {
            id,
            title,
            steps: steps.len(),
            colour: stage_colour(position, count),
            columns: first..slots.len(),
            is_folded,
            position,
            items,
        });
    }
    (stages, slots)
}

/// How many items the filter leaves in, each once however many steps it is on.
fn listed(open: &OpenJourney, filter: &Filter) -> usize {
    let all = ItemKind::ALL.iter().flat_map(|kind| open.board.items(*kind));
    all.filter(|it| it.trashed.is_none() && !is_funnel(open, it.id))
        .filter(|it| open.passes(filter, it.id))
        .count()
}

/// The items of a cell, without those that the filter leaves out.
pub fn cell(open: &OpenJourney, filter: &Filter, step: StepId, kind: ItemKind) -> Vec<EntityRef> {
    let all = open.index.cell(step, kind);
    if !filter.is_on() && kind != ItemKind::Metric {
        return all.to_vec();
    }
    let stands = |it: &EntityRef| !is_funnel(open, *it) && (!filter.is_on() || open.passes(filter, *it));
    all.iter().copied().filter(stands).collect()
}

/// Whether an item is drawn as the funnel, and so not once more in its lane.
fn is_funnel(open: &OpenJourney, item: EntityRef) -> bool {
    item.kind == EntityKind::Metric
        && open.board.metrics.get(&item.id.into()).is_some_and(|it| it.purpose == MetricPurpose::StepEntrants)
}

/// Heights of the lanes; answers how many cards cells show: as many as the window has room for.
fn lay_lanes(open: &OpenJourney, settings: &Settings, layout: &mut Layout) -> usize {
    let kinds: Vec<_> =
        ItemKind::ALL.iter().copied().filter(|it| !settings.hidden_lanes.contains(it)).collect();
    let steps: Vec<_> = layout.columns.iter().filter_map(|it| it.slot.step()).collect();
    let words: f64 = layout.words.iter().map(|it| it.height).sum();
    let mut heights = Vec::new();
    let mut shown = *SHOWN.start();
    let room = settings.view.1 - layout.lanes_y() - words - layout.floor_height;
    let heights_of = |layout: &Layout, limit: usize| -> Vec<f64> {
        kinds.iter().map(|kind| lane_height(open, settings, layout, *kind, &steps, limit)).collect()
    };
    if layout.detail == Detail::Square {
        // As large as there is room for.
        for squares in Squares::SIZES {
            layout.squares = squares;
            if heights_of(layout, shown).iter().sum::<f64>() <= room {
                break;
            }
        }
    }
    for limit in SHOWN {
        let tried = heights_of(layout, limit);
        let fits = tried.iter().sum::<f64>() <= room;
        if heights.is_empty() || fits {
            heights = tried;
            shown = limit;
        } else {
            break;
        }
    }
    let mut y = layout.lanes_y();
    for (kind, height) in kinds.into_iter().zip(heights) {
        layout.lanes.push(Lane { kind, y, height });
        y += height;
    }
    for lane in &mut layout.words {
        lane.y = y;
        y += lane.height;
    }
    shown
}

fn lane_height(
    open: &OpenJourney,
    settings: &Settings,
    layout: &Layout,
    kind: ItemKind,
    steps: &[StepId],
    shown: usize,
) -> f64 {
    let cell_height = |step: &StepId| {
        let items = cell(open, &settings.filter, *step, kind);
        let is_adding = settings.adding == Some(Adding::Item { step: *step, kind });
        match layout.detail {
            Detail::Square => squares_height(items.len(), layout.step_width, layout.squares),
            Detail::Line => lines_height(items.len(), shown, is_adding),
            Detail::Full => cards_height(open, &items, kind, layout.step_width, shown, is_adding),
        }
    };
    steps.iter().map(cell_height).fold(empty_height(kind, layout.detail), f64::max).ceil()
}

fn empty_height(kind: ItemKind, detail: Detail) -> f64 {
    match (detail, kind) {
        (Detail::Square, _) => 66.0,
        (Detail::Line, _) => 50.0,
        (Detail::Full, ItemKind::Touchpoint) => 50.0,
        (Detail::Full, ItemKind::Metric) => 58.0,
        (Detail::Full, _) => 73.0,
    }
}

/// Rows of squares that a cell shows at most.
const SQUARE_ROWS_MAX: usize = 8;

fn squares_height(count: usize, step_width: f64, squares: Squares) -> f64 {
    let rows = count.div_ceil(squares.across(step_width)).min(SQUARE_ROWS_MAX);
    rows as f64 * squares.pitch + 18.0
}

fn lines_height(count: usize, shown: usize, is_adding: bool) -> f64 {
    const LINE: f64 = 24.0;
    const GAP: f64 = 3.0;
    let drawn = count.min(shown) + usize::from(is_adding);
    let more = if count > shown { 15.0 + GAP } else { 0.0 };
    drawn as f64 * (LINE + GAP) - GAP + more + 14.0
}

fn cards_height(
    open: &OpenJourney,
    items: &[EntityRef],
    kind: ItemKind,
    step_width: f64,
    shown: usize,
    is_adding: bool,
) -> f64 {
    const GAP: f64 = 5.0;
    const PADDING: f64 = 17.0;
    const MORE: f64 = 15.0;
    let added = if is_adding { 42.0 + GAP } else { 0.0 };
    if kind == ItemKind::Touchpoint {
        let (rows, fitting) = touchpoint_rows(open, items, step_width, shown);
        let more = if fitting < items.len() { MORE + 4.0 } else { 0.0 };
        return rows as f64 * 26.0 - 4.0 + more + 16.0 + if is_adding { 26.0 } else { 0.0 };
    }
    let drawn = items.len().min(shown);
    let cards: f64 = items.iter().take(shown).map(|it| card_height(open, *it, kind, step_width)).sum();
    let more = if items.len() > shown { MORE + GAP } else { 0.0 };
    cards + GAP * drawn.saturating_sub(1) as f64 + more + PADDING + added
}

/// Height of a full card.
pub fn card_height(open: &OpenJourney, item: EntityRef, kind: ItemKind, step_width: f64) -> f64 {
    if kind == ItemKind::Metric {
        return 41.0;
    }
    let title = open.board.item(item).map_or("", |it| it.title);
    30.0 + 15.5 * measure::lines(Face::Card, title, title_room(step_width), TITLE_LINES_MAX) as f64
}

/// Width that a card's title has: without the cell's padding on both sides, and the card's.
fn title_room(step_width: f64) -> f64 {
    step_width - 1.0 - 14.0 - 16.0
}

/// Whether a full card of that kind shows all of a title. What does needs nothing that cuts it: whatever cuts is a layer
/// of its own, which the web view goes through in every frame of a map that moves.
pub fn is_whole(title: &str, kind: ItemKind, step_width: f64) -> bool {
    /// A canvas and the page may differ by so much.
    const CARE: f64 = 6.0;
    let line = || measure::width(Face::Touchpoint, title) + CARE;
    match kind {
        ItemKind::Touchpoint => line() + TOUCHPOINT_AROUND <= step_width - TOUCHPOINT_PADDING,
        // Set a little smaller than a touchpoint.
        ItemKind::Metric => line() <= step_width - 1.0 - 14.0 - 6.0,
        ItemKind::Insight | ItemKind::Opportunity | ItemKind::Solution => {
            let room = title_room(step_width) - CARE;
            measure::lines(Face::Card, title, room, TITLE_LINES_MAX + 1) <= TITLE_LINES_MAX
        }
    }
}

/// What a touchpoint has around its title, from its edges: icon, gaps and padding.
const TOUCHPOINT_AROUND: f64 = 25.0;
/// What a cell has around its touchpoints, from its edges: border and padding.
const TOUCHPOINT_PADDING: f64 = 12.0;

/// Where touchpoints stand in a cell: from its left edge, in which row, and how wide.
pub fn touchpoint_places(open: &OpenJourney, items: &[EntityRef], step_width: f64) -> Vec<(f64, usize, f64)> {
    const GAP: f64 = 4.0;
    let room = step_width - TOUCHPOINT_PADDING;
    let mut row = 0;
    let mut used = 0.0;
    let place = |item: &EntityRef| {
        let title = open.board.item(*item).map_or("", |it| it.title);
        let width = (measure::width(Face::Touchpoint, title) + TOUCHPOINT_AROUND).min(room);
        let mut x = if used > 0.0 { used + GAP } else { 0.0 };
        if x + width > room {
            (row, x) = (row + 1, 0.0);
        }
        used = x + width;
        (x, row, width)
    };
    items.iter().map(place).collect()
}

/// Rows that touchpoints take, at most `rows_max`, and how many of them fit in those.
fn touchpoint_rows(
    open: &OpenJourney,
    items: &[EntityRef],
    step_width: f64,
    rows_max: usize,
) -> (usize, usize) {
    let places = touchpoint_places(open, items, step_width);
    let fitting = places.iter().take_while(|it| it.1 < rows_max).count();
    (places.last().map_or(1, |it| it.1 + 1).min(rows_max), fitting)
}

fn touchpoints_fitting(open: &OpenJourney, items: &[EntityRef], step_width: f64, rows_max: usize) -> usize {
    touchpoint_rows(open, items, step_width, rows_max).1
}
