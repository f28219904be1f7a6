//! Where dots and their titles lie in the picture: computed, never measured from the page.

use std::collections::HashMap;

use custory_domain::score::axis::FIELDS;

/// Free room at the edges of a field, in pixels.
const FIELD_PADDING: f64 = 8.0;
/// Least radius at which a dot's number can still be read, in pixels.
const RADIUS_MIN: f64 = 9.0;
/// Between a dot and its title, in pixels.
const LABEL_GAP: f64 = 6.0;
/// Widest that a title gets, in pixels; must match the style sheet.
const LABEL_WIDTH_MAX: f64 = 148.0;
/// Height of a line of a title, in pixels; must match the style sheet.
const LABEL_LINE: f64 = 15.0;
/// Size of the words in each corner, in pixels.
const CORNER: (f64, f64) = (150.0, 46.0);
/// What of a field in a corner its quarter's name takes, in pixels below the edge's padding; must match the style sheet.
const NAME_HEIGHT: f64 = 24.0;

/// A field of the picture: one of each axis, each 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the left.
    pub x: u8,
    /// From the bottom.
    pub y: u8,
}

impl Spot {
    /// The field at a place in a picture of that size.
    pub fn at(size: (f64, f64), at: (f64, f64)) -> Self {
        let steps = f64::from(FIELDS);
        let field = |at: f64, size: f64| ((at / size.max(1.0) * steps).floor().clamp(0.0, steps - 1.0)) as u8;
        Self { x: field(at.0, size.0) + 1, y: FIELDS - field(at.1, size.1) }
    }

    /// Its corner, in pixels.
    pub fn corner(self, size: (f64, f64)) -> (f64, f64) {
        let (width, height) = field_size(size);
        (f64::from(self.x - 1) * width, f64::from(FIELDS - self.y) * height)
    }

    /// Its middle, in pixels.
    pub fn centre(self, size: (f64, f64)) -> (f64, f64) {
        let (width, height) = field_size(size);
        let corner = self.corner(size);
        (corner.0 + width / 2.0, corner.1 + height / 2.0)
    }
}

/// Size of one field.
pub fn field_size(size: (f64, f64)) -> (f64, f64) {
    (size.0 / f64::from(FIELDS), size.1 / f64::from(FIELDS))
}

/// A place for a dot, and the largest radius that it has room for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub at: (f64, f64),
    pub room: f64,
}

/// Places for so many dots in one field: one in the middle, more side by side in rows. Where a quarter's name stands
/// there is none.
pub fn spread(size: (f64, f64), field: Spot, count: usize) -> Vec<Place> {
    let (width, height) = field_size(size);
    let (above, below) = match (field.x, field.y) {
        (1 | FIELDS, FIELDS) => (NAME_HEIGHT, 0.0),
        (1 | FIELDS, 1) => (0.0, NAME_HEIGHT),
        _ => (0.0, 0.0),
    };
    let inner_width = width - 2.0 * FIELD_PADDING;
    let inner_height = height - 2.0 * FIELD_PADDING - above - below;
    let corner = field.corner(size);
    let across =
        ((count as f64 * inner_width / inner_height.max(1.0)).sqrt().ceil() as usize).clamp(1, count.max(1));
    let down = count.div_ceil(across).max(1);
    let room = (inner_width / across as f64).min(inner_height / down as f64) / 2.0 - 1.0;
    (0..count)
        .map(|at| {
            let (row, column) = (at / across, at % across);
            let in_row = (count - row * across).min(across);
            let x = (column as f64 + 0.5) * inner_width / in_row as f64;
            let y = (row as f64 + 0.5) * inner_height / down as f64;
            let at = (corner.0 + FIELD_PADDING + x, corner.1 + FIELD_PADDING + above + y);
            Place { at, room: room.max(RADIUS_MIN) }
        })
        .collect()
}

/// Where a title stands beside its dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// Its corner, in pixels.
    pub at: (f64, f64),
    /// Its width, in pixels.
    pub width: f64,
    /// Which way its lines lean.
    pub lean: Lean,
}

/// Which way lines lean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lean {
    Left,
    Right,
    Middle,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn meets(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    fn meets_circle(self, centre: (f64, f64), radius: f64) -> bool {
        let x = centre.0.clamp(self.x, self.x + self.width);
        let y = centre.1.clamp(self.y, self.y + self.height);
        (centre.0 - x).hypot(centre.1 - y) < radius
    }

    fn lies_in(self, size: (f64, f64)) -> bool {
        self.x >= 0.0 && self.y >= 0.0 && self.x + self.width <= size.0 && self.y + self.height <= size.1
    }
}

/// Titles for dots, the most important first: to the right, else to the left, else below, else above,
/// where nothing else lies; without room anywhere there is none. `width_of` measures a text on one
/// line, in pixels.
pub fn labels(
    size: (f64, f64),
    dots: &[((f64, f64), f64, &str)],
    width_of: impl Fn(&str) -> f64,
) -> Vec<Option<Label>> {
    let ground = Ground::of(dots);
    let (right, bottom) = (size.0 - CORNER.0, size.1 - CORNER.1);
    let mut taken: Vec<Frame> = [(0.0, 0.0), (right, 0.0), (0.0, bottom), (right, bottom)]
        .map(|(x, y)| Frame { x, y, width: CORNER.0, height: CORNER.1 })
        .into();
    dots.iter()
        .enumerate()
        .map(|(own, (at, radius, title))| {
            let (width, height) = label_size(title, &width_of);
            let beside = radius + LABEL_GAP;
            let (below, above) = (at.1 + radius + 3.0, at.1 - radius - 3.0 - height);
            let (onwards, backwards) = (at.0 - radius, at.0 + radius - width);
            let choices = [
                (Lean::Left, at.0 + beside, at.1 - height / 2.0),
                (Lean::Right, at.0 - beside - width, at.1 - height / 2.0),
                (Lean::Middle, at.0 - width / 2.0, below),
                (Lean::Middle, at.0 - width / 2.0, above),
                (Lean::Left, onwards, below),
                (Lean::Right, backwards, below),
                (Lean::Left, onwards, above),
                (Lean::Right, backwards, above),
            ];
            let free = choices.into_iter().find(|(_, x, y)| {
                let frame = Frame { x: *x, y: *y, width, height };
                frame.lies_in(size)
                    && !taken.iter().any(|it| frame.meets(*it))
                    && !ground.has_another_in(frame, own)
            });
            let (lean, x, y) = free?;
            taken.push(Frame { x, y, width, height });
            Some(Label { at: (x, y), width, lean })
        })
        .collect()
}

/// Dots by where they lie, so that a title is held against its neighbours and not against all of hundreds.
struct Ground<'a> {
    dots: &'a [((f64, f64), f64, &'a str)],
    cells: HashMap<(i32, i32), Vec<usize>>,
    radius_max: f64,
}

impl<'a> Ground<'a> {
    /// Side of a cell, in pixels: a title meets a handful of them.
    const CELL: f64 = 64.0;

    fn of(dots: &'a [((f64, f64), f64, &'a str)]) -> Self {
        let mut cells: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        for (at, (centre, ..)) in dots.iter().enumerate() {
            cells.entry((cell(centre.0), cell(centre.1))).or_default().push(at);
        }
        Self { dots, cells, radius_max: dots.iter().map(|it| it.1).fold(0.0, f64::max) }
    }

    /// Whether another dot than that one reaches into a frame.
    fn has_another_in(&self, frame: Frame, own: usize) -> bool {
        let reach = self.radius_max;
        let across = cell(frame.x - reach)..=cell(frame.x + frame.width + reach);
        let down = cell(frame.y - reach)..=cell(frame.y + frame.height + reach);
        let near = across.flat_map(|x| down.clone().filter_map(move |y| self.cells.get(&(x, y)))).flatten();
        near.filter(|at| **at != own).any(|at| frame.meets_circle(self.dots[*at].0, self.dots[*at].1))
    }
}

fn cell(at: f64) -> i32 {
    (at / Ground::CELL).floor() as i32
}

/// Width and height of a title, in lines of about the same length.
fn label_size(title: &str, width_of: impl Fn(&str) -> f64) -> (f64, f64) {
    let whole = width_of(title);
    let lines = (whole / (LABEL_WIDTH_MAX - 16.0)).ceil().max(1.0);
    let longest_word = title.split_whitespace().map(width_of).fold(0.0, f64::max);
    let width = if lines > 1.0 { (whole / lines + 26.0).max(longest_word) } else { whole };
    ((width + 1.0).min(LABEL_WIDTH_MAX).ceil(), lines * LABEL_LINE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: (f64, f64) = (750.0, 700.0);

    #[test]
    fn a_place_and_its_field_agree() {
        for y in 1..=5 {
            for x in 1..=5 {
                let field = Spot { x, y };
                assert_eq!(Spot::at(SIZE, field.centre(SIZE)), field);
            }
        }
        assert_eq!(Spot::at(SIZE, (0.0, 0.0)), Spot { x: 1, y: 5 });
        assert_eq!(Spot::at(SIZE, (-40.0, 9_999.0)), Spot { x: 1, y: 1 });
        assert_eq!(Spot::at(SIZE, (750.0, 700.0)), Spot { x: 5, y: 1 });
    }

    #[test]
    fn one_dot_lies_in_the_middle_of_its_field() {
        let field = Spot { x: 2, y: 4 };
        assert_eq!(spread(SIZE, field, 1)[0].at, field.centre(SIZE));
        assert!(spread(SIZE, field, 0).is_empty());
    }

    #[test]
    fn no_dot_lies_on_a_quarters_name() {
        // As small as the picture gets in the smallest window with letters of double size.
        let small = (330.0, 290.0);
        for count in 1..=2 {
            let [top, bottom] = [5, 1].map(|y| spread(small, Spot { x: 1, y }, count));
            assert!(top.iter().all(|it| it.at.1 - it.room >= FIELD_PADDING + NAME_HEIGHT), "{top:?}");
            assert!(
                bottom.iter().all(|it| it.at.1 + it.room <= 290.0 - FIELD_PADDING - NAME_HEIGHT),
                "{bottom:?}"
            );
        }
    }

    /// Seven pixels a letter.
    fn width_of(text: &str) -> f64 {
        text.chars().count() as f64 * 7.0
    }

    proptest! {
        /// Titles lie in the picture, over no dot but by their own, and not over each other.
        #[test]
        fn titles_keep_out_of_each_others_way(
            dots in proptest::collection::vec((0.0..750.0_f64, 0.0..700.0_f64, 9.0..34.0_f64, "[a-z]{1,9}( [a-z]{1,9}){0,6}"), 0..24),
        ) {
            let dots: Vec<_> = dots.iter().map(|(x, y, radius, title)| ((*x, *y), *radius, title.as_str())).collect();
            let placed: Vec<(usize, Frame)> = labels(SIZE, &dots, width_of)
                .into_iter()
                .enumerate()
                .filter_map(|(at, label)| Some((at, label?)))
                .map(|(at, label)| {
                    let (width, height) = label_size(dots[at].2, width_of);
                    (at, Frame { x: label.at.0, y: label.at.1, width, height })
                })
                .collect();
            for (at, (own, one)) in placed.iter().enumerate() {
                prop_assert!(one.lies_in(SIZE));
                prop_assert!(placed[at + 1..].iter().all(|(_, other)| !one.meets(*other)));
                for (at, (centre, radius, _)) in dots.iter().enumerate().filter(|(at, _)| at != own) {
                    prop_assert!(!one.meets_circle(*centre, *radius), "the title of {own} lies over dot {at}");
                }
            }
        }

        /// However many share a field: all lie in it, no two at one place.
        #[test]
        fn dots_that_share_a_field_lie_in_it_and_apart(count in 1usize..13, x in 1u8..=5, y in 1u8..=5) {
            let field = Spot { x, y };
            let places = spread(SIZE, field, count);
            prop_assert_eq!(places.len(), count);
            for (at, one) in places.iter().enumerate() {
                prop_assert_eq!(Spot::at(SIZE, one.at), field);
                for other in &places[at + 1..] {
                    let apart = (one.at.0 - other.at.0).hypot(one.at.1 - other.at.1);
                    prop_assert!(apart >= one.room, "{:?} and {:?}", one, other);
                }
            }
        }
    }
}
