//! Where everything on the sheet lies: heads, curve, conversion, lanes, legend, from top to bottom.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::{
    Basis, Board, Entity, EntityRef, FIRST_UNSEEN, ItemKind, Journey, JourneyState, MetricPurpose, Stage,
    Step, StepId, Timestamp,
};

use super::sheet::{Area, Mark, Sheet, Style};
use super::words;
use crate::facts::{branches, facts};
use crate::images::Images;

const MARGIN: f64 = 32.0;
/// Width of the lanes' names, and of a step.
const NAMES: f64 = 116.0;
const STEP: f64 = 208.0;
const GAP: f64 = 8.0;
const PADDING: f64 = 10.0;
const CURVE: f64 = 96.0;
const FLOW: f64 = 34.0;
/// A journey without steps still has a title.
const STEPS_MIN: usize = 3;

const INK: &str = "#15181f";
const SOFT: &str = "#484d57";
const FAINT: &str = "#636974";
const PAPER: &str = "#ffffff";
const BAND: &str = "#f3f4f7";
const LINE: &str = "#dcdfe5";
const CURVE_INK: &str = "#1f57d3";
const LOSS: &str = "#b12440";
const STAGES: [&str; 6] = ["#07807a", "#1477ab", "#3f74c6", "#7563bf", "#9c549c", "#b34e6b"];

const TITLE: Style = Style::strong(22.0, INK);
const ABOUT: Style = Style::plain(12.0, SOFT);
const STAGE: Style = Style::strong(13.0, PAPER);
const STEP_TITLE: Style = Style::strong(13.0, INK);
const LANE: Style = Style::strong(12.0, SOFT);
const CARD: Style = Style::plain(12.0, INK);
const FACTS: Style = Style::plain(10.5, FAINT);
const SMALL: Style = Style::plain(10.5, SOFT);

/// How high a line of text is, in units of its size.
const LEADING: f64 = 1.35;

/// Lays a journey out.
pub(super) fn lay_out(board: &Board, now: Timestamp, images: &Images) -> Sheet {
    let index = BoardIndex::of(board);
    let scores = Scores::of(board, &index, now);
    let stages = board.stages_in_order();
    let columns: Vec<(&Stage, Vec<&Step>)> =
        stages.iter().map(|it| (*it, board.steps_of(it.id))).filter(|it| !it.1.is_empty()).collect();
    let steps: Vec<&Step> = columns.iter().flat_map(|it| it.1.iter().copied()).collect();
    let width = MARGIN * 2.0 + NAMES + STEP * steps.len().max(STEPS_MIN) as f64;
    let mut pen = Pen { marks: Vec::new(), y: MARGIN, right: width - MARGIN };
    if let Some(journey) = board.journey() {
        pen.front(journey);
    }
    pen.stages(&columns);
    pen.steps(board, &steps);
    pen.curve(&steps, &scores);
    pen.flow(&steps, &scores);
    for kind in ItemKind::ALL {
        pen.lane(board, images, &index, &steps, *kind);
    }
    for (lane, name) in board.lanes() {
        pen.words_lane(&steps, &lane, &name);
    }
    let items =
        steps.iter().flat_map(|it| ItemKind::ALL.iter().flat_map(|kind| drawn(board, &index, it.id, *kind)));
    let items = items.collect::<BTreeSet<_>>().len();
    pen.legend(steps.len(), items, now, &scores);
    let title = board.journey().map_or_else(String::new, |it| it.title.clone());
    Sheet { title, width, height: pen.y + MARGIN, marks: pen.marks }
}

/// Left edge of a step's column.
fn column(at: usize) -> f64 {
    MARGIN + NAMES + STEP * at as f64
}

/// Draws from top to bottom; `y` is where the next thing begins.
struct Pen {
    marks: Vec<Mark>,
    y: f64,
    right: f64,
}

impl Pen {
    fn front(&mut self, journey: &Journey) {
        self.words(MARGIN, &journey.title, TITLE, self.right - MARGIN);
        let state = match journey.state {
            JourneyState::AsIs => "As it is today",
            JourneyState::ToBe => "As it should be",
        };
        let scope = match (journey.scope_from.trim(), journey.scope_to.trim()) {
            ("", "") => String::new(),
            (from, to) => format!(", from {from} to {to}"),
        };
        self.y += 2.0;
        self.words(MARGIN, &format!("{state}{scope}. {}", journey.scenario), ABOUT, self.right - MARGIN);
        self.y += 14.0;
    }

    fn stages(&mut self, columns: &[(&Stage, Vec<&Step>)]) {
        let mut at = 0;
        let titles: Vec<Vec<String>> = columns
            .iter()
            .map(|(stage, steps)| {
                broken(&stage.title, STAGE, STEP * steps.len() as f64 - GAP - 2.0 * PADDING)
            })
            .collect();
        let height = height(titles.iter().map(Vec::len).max().unwrap_or(1), STAGE) + PADDING;
        for (position, ((_, steps), title)) in columns.iter().zip(titles).enumerate() {
            let area =
                Area { x: column(at) + GAP / 2.0, y: self.y, width: STEP * steps.len() as f64 - GAP, height };
            let colour = STAGES[if columns.len() > STAGES.len() {
                position * STAGES.len() / columns.len()
            } else {
                position
            }];
            self.marks.push(Mark::Box { area, radius: 6.0, fill: colour, stroke: colour });
            self.text(area.x + PADDING, area.y + PADDING / 2.0, &title, STAGE);
            at += steps.len();
        }
        self.y += height + GAP;
    }

    fn steps(&mut self, board: &Board, steps: &[&Step]) {
        let titles: Vec<Vec<String>> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| {
                broken(&format!("{}. {}", at + 1, step.title), STEP_TITLE, STEP - GAP - 2.0 * PADDING)
            })
            .collect();
        // Where some go from a step instead of to the next one stands below its title.
        let ways: Vec<Vec<String>> = steps
            .iter()
            .map(|step| {
                let ways = branches(board, step);
                ways.iter()
                    .flat_map(|it| broken(&format!("Some go to {it}"), SMALL, STEP - GAP - 2.0 * PADDING))
                    .collect()
            })
            .collect();
        let inside =
            |title: &[String], ways: &[String]| height(title.len(), STEP_TITLE) + height(ways.len(), SMALL);
        let tallest = titles.iter().zip(&ways).map(|(title, ways)| inside(title, ways)).fold(0.0, f64::max);
        let height_of_all = tallest.max(height(1, STEP_TITLE)) + 2.0 * PADDING;
        for (at, (title, ways)) in titles.iter().zip(&ways).enumerate() {
            let area =
                Area { x: column(at) + GAP / 2.0, y: self.y, width: STEP - GAP, height: height_of_all };
            self.marks.push(Mark::Box { area, radius: 6.0, fill: PAPER, stroke: LINE });
            self.text(area.x + PADDING, area.y + PADDING, title, STEP_TITLE);
            self.text(area.x + PADDING, area.y + PADDING + height(title.len(), STEP_TITLE), ways, SMALL);
        }
        let height = height_of_all;
        self.y += height + GAP;
    }

    /// How steps feel: solid where customers said so, dashed where the team assumes it.
    fn curve(&mut self, steps: &[&Step], scores: &Scores) {
        let felt: BTreeMap<StepId, (f64, Basis)> =
            scores.sentiment.iter().filter_map(|it| Some((it.step, (it.value?, it.basis?)))).collect();
        if felt.is_empty() {
            return;
        }
        let (top, middle) = (self.y, self.y + CURVE / 2.0);
        self.band(CURVE);
        self.lane_name("Feeling", top);
        let axis = vec![(column(0), middle), (self.right, middle)];
        self.marks.push(Mark::Line { points: axis, stroke: LINE, width: 1.0, is_dashed: false });
        let points: Vec<(usize, f64, f64, Basis)> = steps
            .iter()
            .enumerate()
            .filter_map(|(at, step)| {
                let (value, basis) = *felt.get(&step.id)?;
                let reach = CURVE / 2.0 - 14.0;
                Some((at, column(at) + STEP / 2.0, middle - value.clamp(-1.0, 1.0) * reach, basis))
            })
            .collect();
        for pair in points.windows(2) {
            let [(from, x, y, basis), (to, next_x, next_y, next_basis)] = [pair[0], pair[1]];
            // Nothing is known of what lies between steps that are no neighbours.
            let is_dashed = to - from > 1 || basis == Basis::Assumed || next_basis == Basis::Assumed;
            let points = vec![(x, y), (next_x, next_y)];
            self.marks.push(Mark::Line { points, stroke: CURVE_INK, width: 2.0, is_dashed });
        }
        for (_, x, y, basis) in points {
            let fill = if basis == Basis::Observed { CURVE_INK } else { PAPER };
            self.marks.push(Mark::Dot { x, y, radius: 4.0, fill, stroke: CURVE_INK });
        }
        self.y = top + CURVE + GAP;
    }

    /// How many come on from the step before, and how many stop.
    fn flow(&mut self, steps: &[&Step], scores: &Scores) {
        if !scores.funnel.steps.iter().any(|it| it.entrants.is_some()) {
            return;
        }
        let top = self.y;
        self.band(FLOW);
        self.lane_name("Conversion", top);
        for (at, step) in steps.iter().enumerate() {
            let Some(found) = scores.funnel.steps.iter().find(|it| it.step == step.id) else { continue };
            let Some(entrants) = found.entrants else { continue };
            let x = column(at) + GAP / 2.0 + PADDING;
            let came = match found.conversion {
                Some(share) => format!("{:.0} ({:.0}% come on)", entrants, share * 100.0),
                None => format!("{entrants:.0}"),
            };
            self.text(x, top + 4.0, &[came], SMALL);
            if let Some(lost) = found.lost.filter(|it| *it > 0.0) {
                self.text(
                    x,
                    top + 18.0,
                    &[format!("{lost:.0} stop before")],
                    Style { colour: LOSS, ..SMALL },
                );
            }
        }
        self.y = top + FLOW + GAP;
    }

    fn lane(&mut self, board: &Board, images: &Images, index: &BoardIndex, steps: &[&Step], kind: ItemKind) {
        if steps.iter().all(|it| drawn(board, index, it.id, kind).is_empty()) {
            return;
        }
        let top = self.y;
        self.lane_name(kind.spec().plural, top);
        let mut bottom = top;
        for (at, step) in steps.iter().enumerate() {
            self.y = top;
            for item in drawn(board, index, step.id, kind) {
                self.card(board, images, column(at) + GAP / 2.0, item);
            }
            bottom = bottom.max(self.y);
        }
        self.y = bottom + GAP;
        let points = vec![(MARGIN, self.y - GAP), (self.right, self.y - GAP)];
        self.marks.push(Mark::Line { points, stroke: LINE, width: 1.0, is_dashed: false });
    }

    /// A lane of words. Above what customers do not see runs the line of visibility.
    fn words_lane(&mut self, steps: &[&Step], lane: &str, name: &str) {
        let room = STEP - GAP - 2.0 * PADDING;
        let words = |step: &&Step| step.cells.get(lane).map(|it| broken(it, CARD, room)).unwrap_or_default();
        let cells: Vec<Vec<String>> = steps.iter().map(words).collect();
        let Some(lines) = cells.iter().map(Vec::len).max().filter(|it| *it > 0) else { return };
        if lane == FIRST_UNSEEN {
            let points = vec![(MARGIN, self.y - GAP), (self.right, self.y - GAP)];
            self.marks.push(Mark::Line { points, stroke: FAINT, width: 1.0, is_dashed: true });
        }
        let top = self.y;
        self.lane_name(name, top);
        for (at, cell) in cells.iter().enumerate() {
            self.text(column(at) + GAP / 2.0 + PADDING, top + 4.0, cell, CARD);
        }
        self.y = top + height(lines, CARD) + 12.0 + GAP;
        let points = vec![(MARGIN, self.y - GAP), (self.right, self.y - GAP)];
        self.marks.push(Mark::Line { points, stroke: LINE, width: 1.0, is_dashed: false });
    }

    fn card(&mut self, board: &Board, images: &Images, x: f64, item: EntityRef) {
        let (Some(view), Some(entity)) = (board.item(item), board.get(item)) else { return };
        let room = STEP - GAP - 2.0 * PADDING - 3.0;
        let title = broken(view.title, CARD, room);
        let about = broken(&facts(board, &entity).join(", "), FACTS, room);
        let (title_height, about_height) = (height(title.len(), CARD), height(about.len(), FACTS));
        let image = match &entity {
            Entity::Touchpoint(it) => images.get(&it.picture),
            _ => None,
        };
        let image = image.map(|it| (it, fitted(it.size, room)));
        let image_height = image.map_or(0.0, |it| it.1.1 + 6.0);
        let inside = title_height + about_height + image_height;
        let area = Area { x, y: self.y, width: STEP - GAP, height: inside + 2.0 * PADDING - 4.0 };
        let colour = colour(view.kind);
        self.marks.push(Mark::Box { area, radius: 5.0, fill: PAPER, stroke: LINE });
        let edge = Area { width: 3.0, y: area.y + 5.0, height: area.height - 10.0, x: x + 4.0 };
        self.marks.push(Mark::Box { area: edge, radius: 1.5, fill: colour, stroke: colour });
        let left = x + PADDING + 3.0;
        self.text(left, self.y + PADDING - 2.0, &title, CARD);
        self.text(left, self.y + PADDING - 2.0 + title_height, &about, FACTS);
        if let Some((image, (width, height))) = image {
            let y = self.y + PADDING + 4.0 + title_height + about_height;
            self.marks
                .push(Mark::Image { area: Area { x: left, y, width, height }, address: image.address() });
        }
        self.y += area.height + GAP - 2.0;
    }

    fn legend(&mut self, steps: usize, items: usize, now: Timestamp, scores: &Scores) {
        self.y += GAP;
        let mut parts = vec![format!("{steps} steps and {items} items on {}", now.date())];
        if let Some(window) = scores.funnel.window {
            parts.push(format!("conversion from {} to {}", window.from, window.to()));
        }
        if scores.sentiment.iter().any(|it| it.value.is_some()) {
            parts.push("feeling: solid where customers said it, dashed where the team assumes it".to_owned());
        }
        parts.push("made with Custory".to_owned());
        self.words(MARGIN, &parts.join(" · "), SMALL, self.right - MARGIN);
    }

    fn band(&mut self, height: f64) {
        let area = Area { x: MARGIN, y: self.y, width: self.right - MARGIN, height };
        self.marks.push(Mark::Box { area, radius: 6.0, fill: BAND, stroke: BAND });
    }

    fn lane_name(&mut self, name: &str, top: f64) {
        self.text(MARGIN + 6.0, top + 8.0, &broken(name, LANE, NAMES - 12.0), LANE);
    }

    /// Adds a text that takes as many lines as it needs, and goes below it.
    fn words(&mut self, x: f64, text: &str, style: Style, width: f64) {
        let lines = broken(text, style, width);
        self.text(x, self.y, &lines, style);
        self.y += height(lines.len(), style);
    }

    /// Adds lines of text whose upper edge is at `top`.
    fn text(&mut self, x: f64, top: f64, lines: &[String], style: Style) {
        for (at, line) in lines.iter().enumerate() {
            let y = top + height(at, style) + style.size;
            self.marks.push(Mark::Text { x, y, text: line.clone(), style });
        }
    }
}

/// The items of a cell that have a card. What counts a step's entrants is drawn as conversion, not once more.
fn drawn(board: &Board, index: &BoardIndex, step: StepId, kind: ItemKind) -> Vec<EntityRef> {
    let is_conversion = |item: &EntityRef| {
        kind == ItemKind::Metric
            && board.metrics.get(&item.id.into()).is_some_and(|it| it.purpose == MetricPurpose::StepEntrants)
    };
    index.cell(step, kind).iter().copied().filter(|it| !is_conversion(it)).collect()
}

fn broken(text: &str, style: Style, width: f64) -> Vec<String> {
    // Strong letters are wider.
    let size = if style.is_strong { style.size * 1.16 } else { style.size };
    words::lines(text, width / size)
}

/// A picture's size where there is that much room across, and at most as much down as a card should take.
fn fitted((width, height): (usize, usize), room: f64) -> (f64, f64) {
    const HEIGHT_MAX: f64 = 120.0;
    let (width, height) = (width.max(1) as f64, height.max(1) as f64);
    let scale = (room / width).min(HEIGHT_MAX / height).min(1.0);
    (width * scale, height * scale)
}

fn height(lines: usize, style: Style) -> f64 {
    lines as f64 * style.size * LEADING
}

fn colour(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Touchpoint => "#1b93b3",
        ItemKind::Insight => "#d43551",
        ItemKind::Opportunity => "#c8810e",
        ItemKind::Solution => "#219e60",
        ItemKind::Metric => "#8b5cdc",
    }
}
