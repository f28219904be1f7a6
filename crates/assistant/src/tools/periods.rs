//! A metric in one period beside the period before: the arithmetic that a model must not do.

use custory_domain::{EntityKind, EntityRef, Metric, MetricPoint};

use super::{Desk, Names, number, per_cent};

/// Days compared unless others are asked for.
const DAYS_DEFAULT: u32 = 28;
/// Longest period, in days.
const DAYS_MAX: u32 = 366;

/// The points of a period, summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sum {
    points: usize,
    /// Cases, where every point says how many.
    cases: Option<u64>,
    /// Mean of the values, weighted by cases where every point says how many.
    mean: f64,
}

impl Desk {
    /// Compares the last days of a metric with as many days before. `query` may name how many.
    pub(super) fn periods(
        &self,
        entity: EntityRef,
        query: &str,
        names: &mut Names,
    ) -> Result<String, String> {
        let metric = self.board.metrics.get(&entity.id.into()).filter(|_| entity.kind == EntityKind::Metric);
        let metric = metric.ok_or_else(|| format!("“{}” is no metric.", self.title(entity)))?;
        let days = days(query)?;
        let mut lines = vec![self.line(entity, names)];
        lines.extend(compared(metric, days)?);
        names.show(entity, &lines.join("\n"));
        Ok(lines.join("\n"))
    }
}

/// The days that a query names.
fn days(query: &str) -> Result<u32, String> {
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let days = if digits.is_empty() { Ok(DAYS_DEFAULT) } else { digits.parse() };
    days.ok().filter(|it| (1..=DAYS_MAX).contains(it)).ok_or_else(|| format!("Name 1 to {DAYS_MAX} days."))
}

fn compared(metric: &Metric, days: u32) -> Result<Vec<String>, String> {
    let none = || "This metric has no values yet.".to_owned();
    let last = *metric.points.keys().next_back().ok_or_else(none)?;
    let before = |times: i64| last.checked_sub(jiff::Span::new().days(i64::from(days) * times)).ok();
    let sum = |from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>| {
        let inside = metric.points.iter().filter(|(day, _)| from.is_none_or(|it| **day > it));
        summed(inside.filter(|(day, _)| to.is_none_or(|it| **day <= it)).map(|it| it.1))
    };
    let (now, earlier) = (sum(before(1), Some(last)), sum(before(2), before(1)));
    let told = |what: &str, it: Option<Sum>| match it {
        None => format!("{what}: no values"),
        Some(Sum { points, cases, mean }) => {
            let cases = cases.map_or_else(String::new, |it| format!(", {it} cases"));
            format!("{what}: mean {} {} of {points} values{cases}", number(mean), metric.unit)
        }
    };
    let mut lines =
        vec![told(&format!("{days} days to {last}"), now), told(&format!("{days} days before"), earlier)];
    if let (Some(now), Some(earlier)) = (now, earlier) {
        let change = now.mean - earlier.mean;
        let share = if earlier.mean == 0.0 {
            String::new()
        } else {
            format!(" ({})", per_cent(change / earlier.mean))
        };
        lines.push(format!("change: {}{share}", number(change)));
        let enough = u64::from(metric.min_n());
        if [now.cases, earlier.cases].into_iter().flatten().any(|it| it < enough) {
            lines.push(format!("fewer than {enough} cases: too few to say that it changed"));
        }
    }
    Ok(lines)
}

fn summed<'a>(points: impl Iterator<Item = &'a MetricPoint>) -> Option<Sum> {
    let points: Vec<&MetricPoint> = points.collect();
    let cases: Option<u64> = points.iter().map(|it| it.n).sum();
    let weight =
        |it: &MetricPoint| if cases.is_some_and(|it| it > 0) { it.n.unwrap_or_default() as f64 } else { 1.0 };
    let whole: f64 = points.iter().map(|it| weight(it)).sum();
    let sum: f64 = points.iter().map(|it| it.value * weight(it)).sum();
    (!points.is_empty()).then(|| Sum { points: points.len(), cases, mean: sum / whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::MetricId;

    fn metric(points: &[(&str, f64, Option<u64>)]) -> Metric {
        let point = |value, n| MetricPoint { value, n, numerator: None, denominator: None };
        let points = points.iter().map(|(day, value, n)| (day.parse().expect(day), point(*value, *n)));
        Metric { points: points.collect(), ..Metric::new(MetricId::from_parts(1, 1)) }
    }

    #[test]
    fn a_period_is_held_against_as_many_days_before() {
        let weeks = [
            ("2026-05-01", 10.0, Some(100)),
            ("2026-05-08", 20.0, Some(300)),
            ("2026-05-15", 40.0, Some(400)),
        ];
        for (points, days, expected) in [
            (&weeks[..], 7, ["mean 40", "mean 20", "change: 20 (100 %)"]),
            (&weeks[..], 14, ["mean 31.43", "mean 10", "change: 21.43 (214 %)"]),
        ] {
            let lines = compared(&metric(points), days).expect("values");
            for (line, expected) in lines.iter().zip(expected) {
                assert!(line.contains(expected), "{line}: {expected}");
            }
        }
        assert!(compared(&metric(&weeks[2..]), 7).expect("a value")[1].ends_with("no values"));
        assert!(compared(&metric(&[]), 7).is_err());
    }

    #[test]
    fn days_are_read_from_words() {
        for (query, expected) in [("", Some(28)), ("last 7 days", Some(7)), ("0", None), ("9999", None)] {
            assert_eq!(days(query).ok(), expected, "{query}");
        }
    }
}
