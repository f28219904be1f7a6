//! How a step feels, from the scales that other programs use.

/// Words for feelings, from −2 to 2.
const WORDS: [(i8, &[&str]); 5] = [
    (
        -2,
        &[
            "very sad",
            "very unhappy",
            "very negative",
            "angry",
            "frustrated",
            "furious",
            "terrible",
            "😡",
            "😠",
            "😢",
        ],
    ),
    (-1, &["sad", "unhappy", "negative", "annoyed", "worried", "confused", "bad", "🙁", "☹", "😕", "😟"]),
    (0, &["neutral", "ok", "okay", "indifferent", "calm", "😐"]),
    (1, &["happy", "positive", "satisfied", "good", "interested", "curious", "🙂", "☺", "😊"]),
    (2, &["very happy", "very positive", "delighted", "excited", "great", "joyful", "😀", "😃", "😄", "😍"]),
];

/// The scale that numbers of a column are on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// −2 to 2: ours.
    Two,
    /// 1 to 5.
    Five,
    /// −100 to 100.
    Hundred,
}

impl Scale {
    /// The scale that all of these could be on; numbers that fit several are taken for the narrowest that has a middle
    /// at zero, as soon as one of them is zero or less.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Self> {
        let numbers: Vec<f64> = cells.filter_map(number).collect();
        let within = |low: f64, high: f64| numbers.iter().all(|it| (low..=high).contains(it));
        let has_low = numbers.iter().any(|it| *it <= 0.0);
        match () {
            () if numbers.is_empty() => None,
            () if within(-2.0, 2.0) && has_low => Some(Self::Two),
            () if within(1.0, 5.0) => Some(Self::Five),
            () if within(-100.0, 100.0) => Some(Self::Hundred),
            () => None,
        }
    }
}

/// A cell's feeling from −2 to 2; `None` where it says nothing that is known here.
pub(super) fn read(cell: &str, scale: Option<Scale>) -> Option<i8> {
    if let Some(value) = number(cell) {
        let value = match scale? {
            Scale::Two => value,
            Scale::Five => value - 3.0,
            Scale::Hundred => value / 50.0,
        };
        return Some(value.round().clamp(-2.0, 2.0) as i8);
    }
    let word = cell.trim().to_lowercase();
    let word = word.trim_end_matches('\u{fe0f}');
    WORDS.iter().find(|it| it.1.contains(&word)).map(|it| it.0)
}

fn number(cell: &str) -> Option<f64> {
    let value: f64 = cell.trim().replace('−', "-").replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value)
}
