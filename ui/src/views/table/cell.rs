//! What a cell says: a value with its kind, so that it can be drawn, sorted and copied without asking
//! the board again.

use std::cmp::Ordering;

use custory_domain::score::freshness::FreshnessState;
use custory_domain::wording::fresh_word;
use custory_domain::{ItemKind, MemberId, StepId, Timestamp};
use jiff::civil::Date;

use crate::components::Status;
use crate::format;
use crate::views::map::Tone;

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Rows of this kind have no such thing.
    Absent,
    /// Words.
    Text(String),
    /// A kind of item.
    Kind(ItemKind),
    /// A step, or a stage.
    Place(Place),
    /// So many pieces of evidence.
    Quotes(usize),
    /// So many.
    Count(usize),
    /// 1 to 5: as a person set it, and as the formulas suggest it.
    Rating {
        /// By a person.
        set: Option<u8>,
        /// By the formulas.
        suggested: Option<u8>,
    },
    /// How bad, 1 to 5.
    Severity(Option<u8>),
    /// 0 to 100.
    Score(Option<f64>),
    /// A number as it is written; `is_set` when a person wrote it, otherwise it follows from others.
    Number {
        /// The number.
        value: Option<f64>,
        /// How it is written.
        text: String,
        /// Whether a person wrote it.
        is_set: bool,
        /// Whether it asks for a look.
        is_bad: bool,
    },
    /// One of several words, by its position among them.
    Choice(usize, &'static str),
    /// Where work stands.
    Status(Status, &'static str),
    /// A day.
    Day(Option<Date>),
    /// A member of the team.
    Person(Option<MemberId>),
    /// An issue in a tracker.
    Issue(Option<String>),
    /// A change, and whether it is welcome.
    Moved(Option<(String, Tone)>),
    /// Whether something can still be believed.
    Fresh(FreshnessState),
    /// When it was.
    At(Timestamp),
}

/// A step or stage as a cell shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The step; none for a stage.
    pub step: Option<StepId>,
    /// Its title.
    pub title: String,
    /// The stage's colour, as a style value.
    pub colour: String,
    /// Its position in the journey.
    pub number: usize,
    /// How many more steps the row is placed on.
    pub more: usize,
}

impl Cell {
    /// Whether it certainly fits a column of that width; what may not is cut at its end.
    pub fn fits(&self, width: f64) -> bool {
        /// About how wide a letter is, and what a cell has beside its words: padding, an icon or a bar.
        const LETTER: f64 = 6.5;
        const BESIDE: f64 = 36.0;
        let letters = match self {
            Self::Absent | Self::Person(_) | Self::Score(_) | Self::Severity(_) => 0,
            Self::Place(place) => place.title.len() + if place.more > 0 { 4 } else { 0 },
            Self::Quotes(_) | Self::Count(_) => 3,
            Self::Rating { .. } => 5,
            Self::Kind(kind) => kind.spec().name.len(),
            Self::Choice(_, word) | Self::Status(_, word) => word.len(),
            Self::Text(text) | Self::Number { text, .. } => text.len(),
            Self::Issue(issue) => issue.as_ref().map_or(0, String::len),
            Self::Moved(moved) => moved.as_ref().map_or(0, |it| it.0.len()),
            Self::Fresh(state) => fresh_word(*state).len(),
            // These stand alone: what others have beside their words is theirs.
            Self::Day(_) => 7,
            Self::At(_) => 5,
        };
        letters as f64 * LETTER + BESIDE <= width
    }

    /// How it is written in a spreadsheet; `name` says how people are called.
    pub fn plain(&self, name: impl Fn(MemberId) -> String) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Text(text) => text.clone(),
            Self::Kind(kind) => kind.spec().name.to_owned(),
            Self::Place(place) => place.title.clone(),
            Self::Quotes(count) | Self::Count(count) => count.to_string(),
            Self::Rating { set, suggested } => {
                set.or(*suggested).map(|it| it.to_string()).unwrap_or_default()
            }
            Self::Severity(value) => value.map(|it| it.to_string()).unwrap_or_default(),
            Self::Score(value) => value.map(|it| format!("{it:.0}")).unwrap_or_default(),
            Self::Number { text, .. } => text.replace('−', "-"),
            Self::Choice(_, word) | Self::Status(_, word) => (*word).to_owned(),
            Self::Day(day) => day.map(|it| it.to_string()).unwrap_or_default(),
            Self::Person(member) => member.map(name).unwrap_or_default(),
            Self::Issue(issue) => issue.clone().unwrap_or_default(),
            Self::Moved(moved) => moved.as_ref().map(|it| it.0.replace('−', "-")).unwrap_or_default(),
            Self::Fresh(state) => fresh_word(*state).to_owned(),
            Self::At(at) => at.date().to_string(),
        }
    }

    /// What it sorts by; what says nothing sorts last, whichever way.
    pub fn key(&self, name: impl Fn(MemberId) -> String) -> Key {
        match self {
            Self::Absent => Key::Nothing,
            Self::Place(place) => Key::Number(place.number as f64),
            Self::Quotes(count) | Self::Count(count) => Key::Number(*count as f64),
            Self::Rating { set, suggested } => Key::of(set.or(*suggested).map(f64::from)),
            Self::Severity(value) => Key::of(value.map(f64::from)),
            Self::Score(value) | Self::Number { value, .. } => Key::of(*value),
            Self::Choice(position, _) => Key::Number(*position as f64),
            Self::Status(status, word) => Key::Words(format!("{} {word}", *status as u8)),
            Self::Day(day) => day.map_or(Key::Nothing, |it| Key::Words(it.to_string())),
            Self::At(at) => Key::Number(at.0 as f64),
            Self::Fresh(state) => Key::Number(*state as u8 as f64),
            Self::Text(_) | Self::Kind(_) | Self::Person(_) | Self::Issue(_) | Self::Moved(_) => {
                match self.plain(name) {
                    text if text.is_empty() => Key::Nothing,
                    text => Key::Words(text.to_lowercase()),
                }
            }
        }
    }

    /// A number that a person wrote or may write.
    pub fn number(value: Option<f64>, text: Option<String>) -> Self {
        Self::Number { value, text: text.unwrap_or_default(), is_set: true, is_bad: false }
    }

    /// A number that follows from others.
    pub fn computed(value: Option<f64>, text: Option<String>) -> Self {
        Self::Number { value, text: text.unwrap_or_default(), is_set: false, is_bad: false }
    }

    /// A share that follows from others, in per cent.
    pub fn share(value: Option<f64>) -> Self {
        Self::computed(value, value.map(format::percent))
    }

    /// A position among words.
    pub fn choice<T: PartialEq + Copy>(words: &[(T, &'static str)], value: T) -> Self {
        let found = words.iter().enumerate().find(|(_, (it, _))| *it == value);
        found.map_or(Self::Absent, |(at, (_, word))| Self::Choice(at, word))
    }
}

/// What a cell sorts by.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// By its size.
    Number(f64),
    /// By its letters.
    Words(String),
    /// Last.
    Nothing,
}

impl Key {
    fn of(value: Option<f64>) -> Self {
        value.map_or(Self::Nothing, Self::Number)
    }

    /// The order of two keys; with `falls` the greater one comes first, and nothing stays last.
    pub fn order(&self, other: &Self, falls: bool) -> Ordering {
        let turned = |it: Ordering| if falls { it.reverse() } else { it };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Words(a), Self::Words(b)) => turned(a.cmp(b)),
            (Self::Nothing, Self::Nothing) => Ordering::Equal,
            (Self::Nothing, _) => Ordering::Greater,
            (_, Self::Nothing) => Ordering::Less,
            (Self::Number(_), Self::Words(_)) => Ordering::Less,
            (Self::Words(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_sorts_last_whichever_way() {
        let nobody = |_| String::new();
        let cells = [Cell::Score(None), Cell::Score(Some(33.0)), Cell::Score(Some(89.0))];
        for (falls, expected) in [(false, [33.0, 89.0]), (true, [89.0, 33.0])] {
            let mut sorted = cells.to_vec();
            sorted.sort_by(|a, b| a.key(nobody).order(&b.key(nobody), falls));
            assert_eq!(sorted[..2], expected.map(|it| Cell::Score(Some(it))));
            assert_eq!(sorted[2], Cell::Score(None));
        }
    }

    #[test]
    fn what_may_be_too_long_for_its_column_is_known_by_its_letters() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, width, expected) in [
            (text("Ana"), 60.0, true),
            (text("People say that it takes them longer than it should"), 220.0, false),
            (Cell::Kind(ItemKind::Opportunity), 108.0, true),
            (Cell::Kind(ItemKind::Opportunity), 60.0, false),
            (Cell::Number { value: None, text: String::new(), is_set: false, is_bad: false }, 44.0, true),
            (Cell::Person(None), 44.0, true),
        ] {
            assert_eq!(cell.fits(width), expected, "{cell:?} in {width}");
        }
    }

    #[test]
    fn a_spreadsheet_gets_plain_words() {
        let maya = |_| "Maya Lindqvist".to_owned();
        for (cell, expected) in [
            (Cell::Absent, ""),
            (Cell::Rating { set: None, suggested: Some(4) }, "4"),
            (Cell::Rating { set: Some(2), suggested: Some(4) }, "2"),
            (Cell::Person(Some(MemberId::from_parts(0, 1))), "Maya Lindqvist"),
            (Cell::Day(Some(jiff::civil::date(2026, 11, 18))), "2026-11-18"),
            (Cell::number(Some(-0.5), Some("−0.5".into())), "-0.5"),
        ] {
            assert_eq!(cell.plain(maya), expected);
        }
    }
}
