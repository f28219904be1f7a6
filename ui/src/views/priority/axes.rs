//! The axes of the picture: which they are, how they are called and chosen, and what their corners mean. Kept per journey
//! with the other settings of a view.

use custory_domain::score::axis::{Axis, FIELDS, Scale};
use custory_domain::score::priority::{PriorityFormula, Quadrant, quadrant};
use custory_domain::wording::priority_text;
use custory_ipc::PictureAxes;

use crate::components::Entry;
use crate::format;
use crate::state::Store;

/// What the picture is laid out by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes {
    /// From left to right.
    pub x: Axis,
    /// From the bottom to the top.
    pub y: Axis,
}

impl Default for Axes {
    fn default() -> Self {
        Self { x: Axis::Effort, y: Axis::Impact }
    }
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// From left to right.
    X,
    /// From the bottom to the top.
    Y,
}

impl Along {
    /// What its menu is called.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::X => "From left to right",
            Self::Y => "From the bottom to the top",
        }
    }
}

impl Axes {
    /// As they are kept; what this window does not know is as at first.
    pub fn of(kept: &PictureAxes) -> Self {
        let first = Self::default();
        let read = |key: &str, or| Axis::of_key(key).unwrap_or(or);
        let axes = Self { x: read(&kept.across, first.x), y: read(&kept.up, first.y) };
        if axes.x == axes.y { first } else { axes }
    }

    fn kept(self) -> PictureAxes {
        if self == Self::default() {
            return PictureAxes::default();
        }
        PictureAxes { across: self.x.key().to_owned(), up: self.y.key().to_owned() }
    }

    /// The axis along that side.
    pub const fn along(self, along: Along) -> Axis {
        match along {
            Along::X => self.x,
            Along::Y => self.y,
        }
    }

    /// With another one along a side; what lies along the other side already changes places.
    pub fn with(self, along: Along, axis: Axis) -> Self {
        match along {
            Along::X if axis == self.y => Self { x: axis, y: self.x },
            Along::X => Self { x: axis, ..self },
            Along::Y if axis == self.x => Self { x: self.y, y: axis },
            Along::Y => Self { y: axis, ..self },
        }
    }

    /// What a corner is called, and what is said of it.
    pub fn corner(self, is_right: bool, is_top: bool) -> (String, &'static str) {
        let field = |is_high: bool| if is_high { FIELDS } else { 1 };
        let named = match (self.x, self.y) {
            (Axis::Effort, Axis::Impact) => Some(quadrant(field(is_top), field(is_right))),
            (Axis::Impact, Axis::Effort) => Some(quadrant(field(is_right), field(is_top))),
            _ => None,
        };
        let (name, about) = match named {
            Some(Quadrant::QuickWin) => ("Quick wins", "High impact, low effort"),
            Some(Quadrant::BigBet) => ("Big bets", "Worth a plan"),
            Some(Quadrant::FillIn) => ("Fill-ins", "Between bigger things"),
            Some(Quadrant::Avoid) => ("Reconsider", "Needs a smaller version"),
            None => {
                let words = |axis: Axis, is_high| {
                    format!("{} {}", if is_high { "high" } else { "low" }, axis.name().to_lowercase())
                };
                let words = format!("{}, {}", words(self.y, is_top), words(self.x, is_right));
                return (format::capital(&words), "");
            }
        };
        (name.to_owned(), about)
    }

    /// Whether a corner is where the best lies.
    pub const fn is_best(self, is_right: bool, is_top: bool) -> bool {
        is_right != self.x.is_cost() && is_top != self.y.is_cost()
    }

    /// Where high begins, in per cent of the picture from the left and from the top.
    pub fn split(self) -> (f64, f64) {
        let low = |axis: Axis| f64::from(axis.high_from() - 1) / f64::from(FIELDS) * 100.0;
        (low(self.x), 100.0 - low(self.y))
    }

    /// What a screen reader hears about the picture.
    pub fn spoken(self) -> String {
        let by_hand: Vec<String> = [self.y, self.x]
            .into_iter()
            .filter(|it| it.is_set_by_hand())
            .map(|it| it.name().to_lowercase())
            .collect();
        let moves = match by_hand.as_slice() {
            [] => "Both are worked out, so nothing can be moved.".to_owned(),
            [one] => format!("Alt with arrows changes the {one} of one."),
            _ => "Alt with arrows moves one.".to_owned(),
        };
        format!(
            "{} and {}. Arrow keys go between opportunities. {moves} X and Y choose other axes.",
            self.y.name(),
            self.x.name().to_lowercase()
        )
    }
}

/// A value of an axis, as people read it.
pub fn value_words(axis: Axis, value: f64, formula: PriorityFormula) -> String {
    match axis {
        Axis::Impact | Axis::Effort | Axis::Severity => format!("{value:.0}"),
        Axis::Reach | Axis::Lost => format::whole(value),
        Axis::Confidence => format::percent(value),
        Axis::Evidence => format::number(value, 1),
        Axis::Priority => priority_text(formula, value),
    }
}

/// What stands at the two ends of an axis.
pub const fn ends(axis: Axis) -> (&'static str, &'static str) {
    match axis {
        Axis::Impact => ("Small impact", "Big impact"),
        Axis::Effort => ("Little effort", "A lot of effort"),
        Axis::Reach => ("Few customers", "Many customers"),
        Axis::Confidence => ("Unsure", "Sure"),
        Axis::Evidence => ("Little evidence", "A lot of evidence"),
        Axis::Severity => ("Mild", "Severe"),
        Axis::Lost => ("Few stop", "Many stop"),
        Axis::Priority => ("Low score", "High score"),
    }
}

/// What an axis counts, where its name does not say it all.
const fn about(axis: Axis) -> &'static str {
    match axis {
        Axis::Impact => "1 to 5",
        Axis::Effort => "1 to 5",
        Axis::Reach => "customers in 30 days",
        Axis::Confidence => "how sure it is",
        Axis::Evidence => "weight of what was said",
        Axis::Severity => "worst of its insights",
        Axis::Lost => "customers that stop there",
        Axis::Priority => "by the formula of the list",
    }
}

/// The words where one field ends and the next begins, each with its place in per cent.
pub fn ticks(axis: Axis, scale: &Scale, formula: PriorityFormula) -> Vec<(f64, String)> {
    let edges = scale.edges().into_iter().flatten();
    let places = (1..FIELDS).map(|it| f64::from(it) / f64::from(FIELDS) * 100.0);
    places.zip(edges.map(|it| value_words(axis, it, formula))).collect()
}

/// Why an axis cannot be moved along.
pub fn is_worked_out(axis: Axis) -> String {
    format!("{} is worked out from what is known, so nothing is moved along it.", axis.name())
}

/// The axes of the journey on screen.
pub fn axes(store: Store) -> Axes {
    Axes::of(&store.journey_view().picture)
}

fn choose(store: Store, axes: Axes) {
    store.change_view(|it| it.picture = axes.kept());
}

/// What can lie along a side.
pub fn entries(store: Store, along: Along) -> Vec<Entry> {
    let now = axes(store);
    let entry = |axis: Axis| {
        let label = format!("{}: {}", axis.name(), about(axis));
        Entry::act(label, move || choose(store, now.with(along, axis))).on(now.along(along) == axis)
    };
    let (by_hand, worked_out): (Vec<Axis>, Vec<Axis>) =
        Axis::ALL.into_iter().partition(|it| it.is_set_by_hand());
    let mut entries = vec![Entry::Heading("Set by a person, moved by hand".to_owned())];
    entries.extend(by_hand.into_iter().map(entry));
    entries.push(Entry::Heading("Worked out from what is known".to_owned()));
    entries.extend(worked_out.into_iter().map(entry));
    entries.push(Entry::Line);
    let swapped = Axes { x: now.y, y: now.x };
    entries.push(Entry::act("Exchange the two axes", move || choose(store, swapped)).icon("sync"));
    if now != Axes::default() {
        let first = move || choose(store, Axes::default());
        entries.push(Entry::act("Impact and effort again", first).icon("undo"));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_have_names_where_these_are_meant_and_say_what_they_are_elsewhere() {
        let axes = |x, y| Axes { x, y };
        for (axes, is_right, is_top, name, is_best) in [
            (Axes::default(), false, true, "Quick wins", true),
            (Axes::default(), true, true, "Big bets", false),
            (Axes::default(), false, false, "Fill-ins", false),
            (Axes::default(), true, false, "Reconsider", false),
            (axes(Axis::Impact, Axis::Effort), true, false, "Quick wins", true),
            (axes(Axis::Impact, Axis::Effort), true, true, "Big bets", false),
            (axes(Axis::Reach, Axis::Evidence), true, true, "High evidence, high reach", true),
            (axes(Axis::Effort, Axis::Confidence), false, true, "High confidence, low effort", true),
            (axes(Axis::Effort, Axis::Lost), true, false, "Low drop-off, high effort", false),
        ] {
            assert_eq!(axes.corner(is_right, is_top).0, name);
            assert_eq!(axes.is_best(is_right, is_top), is_best, "{name}");
        }
        assert_eq!(Axes::default().split(), (40.0, 40.0));
        assert_eq!(axes(Axis::Reach, Axis::Effort).split(), (60.0, 60.0));
    }

    #[test]
    fn no_axis_lies_along_both_sides_and_what_is_kept_comes_back() {
        let first = Axes::default();
        assert_eq!(first.with(Along::X, Axis::Impact), Axes { x: Axis::Impact, y: Axis::Effort });
        assert_eq!(first.with(Along::Y, Axis::Effort), Axes { x: Axis::Impact, y: Axis::Effort });
        let other = first.with(Along::Y, Axis::Reach);
        assert_eq!(other, Axes { x: Axis::Effort, y: Axis::Reach });
        assert_eq!(Axes::of(&other.kept()), other);
        assert!(first.kept().is_as_at_first());
        for (across, up) in [("colour", ""), ("impact", "impact"), ("impact", "")] {
            let kept = PictureAxes { across: across.to_owned(), up: up.to_owned() };
            assert_eq!(Axes::of(&kept), first, "{across} {up}");
        }
    }

    #[test]
    fn what_is_counted_says_where_its_fields_end() {
        let ice = PriorityFormula::Ice;
        let words = |axis: Axis, largest| -> Vec<String> {
            ticks(axis, &axis.scale([largest], ice), ice).into_iter().map(|it| it.1).collect()
        };
        assert_eq!(words(Axis::Reach, 9_900.0), ["100", "300", "1,000", "3,000"]);
        assert_eq!(words(Axis::Confidence, 1.0), ["20%", "40%", "60%", "80%"]);
        assert!(words(Axis::Impact, 5.0).is_empty());
    }
}
