//! How spans of time are written. Numbers, values and days are worded as everywhere else.

use custory_domain::Timestamp;
pub use custory_domain::wording::{
    count, day, days_ago, metric_change, metric_value, number, percent, span, whole,
};

/// How long ago, in words that fit anywhere: `now`, `5 m`, `2 h`, `3 d`, then the day.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = (now.0 - at.0).max(0) / 60_000;
    match minutes {
        0 => "now".to_owned(),
        1..60 => format!("{minutes} m"),
        60..1_440 => format!("{} h", minutes / 60),
        1_440..43_200 => format!("{} d", minutes / 1_440),
        _ => day(at.date(), now.date()),
    }
}

/// How far ahead, as a sentence's end: `now`, `in 12 min`, `in 3 h`.
pub fn ahead(at: Timestamp, now: Timestamp) -> String {
    match (at.0 - now.0 + 59_999).div_euclid(60_000) {
        ..=0 => "now".to_owned(),
        minutes @ 1..60 => format!("in {minutes} min"),
        minutes => format!("in {} h", (minutes + 59) / 60),
    }
}

/// A text with its first letter as a sentence begins.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ahead_is_rounded_up() {
        for (millis, expected) in
            [(-5, "now"), (0, "now"), (1, "in 1 min"), (3_540_000, "in 59 min"), (3_600_001, "in 2 h")]
        {
            assert_eq!(ahead(Timestamp(1_000 + millis), Timestamp(1_000)), expected);
        }
    }
}
