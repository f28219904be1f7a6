//! Numbers, values of metrics and days, as people read them.

use jiff::civil::Date;

use crate::entity::{Metric, MetricFormula};
use crate::score::priority::PriorityFormula;
use crate::time::Timestamp;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A whole number with thousands apart: 1,430.
pub fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs().round());
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && text != "0" { format!("−{text}") } else { text }
}

/// A number with as many decimals as it needs, at most `decimals`, and a real minus sign.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let text = match text.split_once('.') {
        Some((whole_part, part)) => {
            let part = part.trim_end_matches('0');
            let whole_part = whole(whole_part.parse().unwrap_or_default());
            if part.is_empty() { whole_part } else { format!("{whole_part}.{part}") }
        }
        None => whole(text.parse().unwrap_or_default()),
    };
    if value < 0.0 && text != "0" { format!("−{text}") } else { text }
}

/// A share from 0 to 1 in per cent; small ones with a decimal.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    let decimals = if value.abs() < 9.95 && (value - value.round()).abs() > 0.05 { 1 } else { 0 };
    format!("{}%", number(value, decimals))
}

/// Seconds as people say them: `48 s`, `3 m 10 s`, `2 h 5 m`, `3 d 4 h`.
pub fn span(secs: f64) -> String {
    let secs = secs.abs().round() as u64;
    let pair = |big: u64, big_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{big} {big_unit}"),
        _ => format!("{big} {big_unit} {small} {small_unit}"),
    };
    match secs {
        0..60 => format!("{secs} s"),
        60..3_600 => pair(secs / 60, "m", secs % 60, "s"),
        3_600..86_400 => pair(secs / 3_600, "h", secs % 3_600 / 60, "m"),
        _ => pair(secs / 86_400, "d", secs % 86_400 / 3_600, "h"),
    }
}

fn money(value: f64, unit: &str) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let amount = if value.abs() >= 100.0 { whole(value.abs()) } else { number(value.abs(), 2) };
    match unit {
        "" | "USD" => format!("{sign}${amount}"),
        "EUR" => format!("{sign}€{amount}"),
        "GBP" => format!("{sign}£{amount}"),
        other => format!("{sign}{amount} {other}"),
    }
}

/// A metric's value, as its formula and unit ask for.
pub fn metric_value(metric: &Metric, value: f64) -> String {
    match metric.formula {
        MetricFormula::Rate => percent(value),
        MetricFormula::Duration => span(value),
        MetricFormula::Money => money(value, &metric.unit),
        // What is counted is said by the metric's name.
        MetricFormula::Count => whole(value),
        MetricFormula::Mean | MetricFormula::Score => with_unit(number(value, 1), &metric.unit),
    }
}

fn with_unit(text: String, unit: &str) -> String {
    match unit {
        "" => text,
        "%" => format!("{text}%"),
        unit => format!("{text} {unit}"),
    }
}

/// A change of a metric, with its sign: `+5`, `−22 s`, `+$180`. Rates change by points.
pub fn metric_change(metric: &Metric, change: f64) -> String {
    let sign = if change > 0.0 { "+" } else { "−" };
    let size = change.abs();
    let text = match metric.formula {
        MetricFormula::Rate => {
            let points = size * 100.0;
            number(points, if points < 1.0 { 1 } else { 0 })
        }
        MetricFormula::Duration => span(size),
        MetricFormula::Money => money(size, &metric.unit),
        MetricFormula::Count => whole(size),
        MetricFormula::Mean | MetricFormula::Score => number(size, 1),
    };
    let is_nothing = text.chars().all(|it| !it.is_ascii_digit() || it == '0');
    if is_nothing { "0".to_owned() } else { format!("{sign}{text}") }
}

/// A day: `18 Nov`, with the year if it is not this one.
pub fn day(date: Date, today: Date) -> String {
    let month = MONTHS[usize::try_from(date.month() - 1).unwrap_or(0).min(11)];
    if date.year() == today.year() {
        format!("{} {month}", date.day())
    } else {
        format!("{} {month} {}", date.day(), date.year())
    }
}

/// A number of things: `1 step`, `3 steps`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", whole(number as f64)) }
}

/// A priority's value, with as many digits as tell two of them apart.
pub fn priority_text(formula: PriorityFormula, value: f64) -> String {
    match formula {
        PriorityFormula::Rice if value.abs() >= 10.0 => whole(value),
        _ => number(value, 1),
    }
}

/// How many days ago, as a sentence's end: `today`, `yesterday`, `3 days ago`.
pub fn days_ago(at: Timestamp, now: Timestamp) -> String {
    match now.days_since(at).floor() as i64 {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days @ 2..60 => format!("{days} days ago"),
        _ => format!("on {}", day(at.date(), now.date())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MetricId;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        for (value, expected) in
            [(0.0, "0"), (999.4, "999"), (1430.0, "1,430"), (-9240.0, "−9,240"), (-0.2, "0")]
        {
            assert_eq!(whole(value), expected);
        }
        for (share, expected) in [(0.42, "42%"), (0.069, "6.9%"), (0.05, "5%"), (0.856, "86%"), (1.0, "100%")]
        {
            assert_eq!(percent(share), expected);
        }
        for (secs, expected) in [(48.0, "48 s"), (190.0, "3 m 10 s"), (120.0, "2 m"), (7_500.0, "2 h 5 m")] {
            assert_eq!(span(secs), expected);
        }
    }

    #[test]
    fn changes_carry_their_sign_and_unit() {
        let metric = |formula, unit: &str| Metric {
            formula,
            unit: unit.to_owned(),
            ..Metric::new(MetricId::from_parts(0, 0))
        };
        for (formula, unit, change, expected) in [
            (MetricFormula::Rate, "%", 0.05, "+5"),
            (MetricFormula::Rate, "%", -0.03, "−3"),
            (MetricFormula::Rate, "%", 0.004, "+0.4"),
            (MetricFormula::Rate, "%", 0.0, "0"),
            (MetricFormula::Duration, "s", -22.0, "−22 s"),
            (MetricFormula::Money, "USD", 180.0, "+$180"),
            (MetricFormula::Count, "", 365.0, "+365"),
        ] {
            assert_eq!(metric_change(&metric(formula, unit), change), expected);
        }
    }

    #[test]
    fn days_name_the_year_only_when_it_is_another() {
        let today = jiff::civil::date(2026, 11, 20);
        assert_eq!(day(jiff::civil::date(2026, 11, 18), today), "18 Nov");
        assert_eq!(day(jiff::civil::date(2025, 1, 2), today), "2 Jan 2025");
    }
}
