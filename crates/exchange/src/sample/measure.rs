//! The example's numbers: weekly values, each over the 28 days before.

use std::collections::BTreeMap;

use custory_domain::*;

use super::add::Builder;
use super::file::MetricText;

/// Days that one value covers.
const WINDOW_DAYS: u16 = 28;
/// Days from one value to the next.
const PACE_DAYS: f64 = 7.0;

impl Builder<'_> {
    /// Adds the numbers that draw the funnel, and those that are watched for themselves.
    pub(super) fn metrics(&mut self) {
        let metrics = std::mem::take(&mut self.content.metrics.watched);
        for text in metrics {
            let points = match text.formula {
                MetricFormula::Rate => shares(&text),
                _ => values(&text),
            };
            let (owner, step) = (self.member(&text.owner), self.step(&text.step));
            let metric = Metric {
                name: text.name,
                class: text.class,
                formula: text.formula,
                unit: text.unit,
                direction: text.direction,
                baseline: points.first().map(|it| it.value),
                target: text.target,
                notes: text.notes,
                owner: Some(owner),
                points: self.weekly(points),
                ..self.measured(&text.key, step)
            };
            self.add(metric);
        }
        let entrants = std::mem::take(&mut self.content.metrics.entrants);
        for (key, counts) in entrants {
            let point = |it: &u64| MetricPoint { value: *it as f64, n: Some(*it), ..Default::default() };
            let points = self.weekly(counts.iter().map(point).collect());
            let step = self.step(&key);
            let metric = Metric {
                name: "Accounts that get here".to_owned(),
                formula: MetricFormula::Count,
                purpose: MetricPurpose::StepEntrants,
                unit: "accounts".to_owned(),
                notes: "Distinct accounts, from PostHog.".to_owned(),
                points,
                ..self.measured(&format!("entrants of {key}"), step)
            };
            self.add(metric);
        }
    }

    fn measured(&mut self, key: &str, step: StepId) -> Metric {
        Metric {
            window_days: WINDOW_DAYS,
            state: MetricState::Active,
            steps: [step].into(),
            ..Metric::new(self.id(key))
        }
    }

    /// Points by the first day they cover; the last one ends today.
    fn weekly(&self, points: Vec<MetricPoint>) -> BTreeMap<jiff::civil::Date, MetricPoint> {
        let back = |weeks: usize| weeks as f64 * PACE_DAYS + f64::from(WINDOW_DAYS) - 1.0;
        points.into_iter().rev().enumerate().map(|(weeks, it)| (self.ago(back(weeks)).date(), it)).collect()
    }
}

fn shares(text: &MetricText) -> Vec<MetricPoint> {
    let share = |(hits, of): (&u64, &u64)| MetricPoint {
        value: *hits as f64 / *of as f64,
        n: Some(*of),
        numerator: Some(*hits as f64),
        denominator: Some(*of as f64),
    };
    text.hits.iter().zip(&text.of).map(share).collect()
}

fn values(text: &MetricText) -> Vec<MetricPoint> {
    let value = |(at, value): (usize, &f64)| MetricPoint {
        value: *value,
        n: text.n.get(at).copied(),
        ..Default::default()
    };
    text.values.iter().enumerate().map(value).collect()
}
