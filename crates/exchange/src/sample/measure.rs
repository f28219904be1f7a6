//! The example's numbers: a value a week over the 28 days before; a value a day where a fix that has
//! just shipped is being watched.

use std::collections::BTreeMap;

use custory_domain::*;

use super::add::Builder;
use super::file::{DaysAgo, MetricText, month_days, week_days};

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
                points: self.dated(points, text.window_days, text.every_days, text.until_days_ago),
                ..self.measured(&text.key, step, text.window_days)
            };
            self.add(metric);
        }
        let entrants = std::mem::take(&mut self.content.metrics.entrants);
        for (key, counts) in entrants {
            let point = |it: &u64| MetricPoint { value: *it as f64, n: Some(*it), ..Default::default() };
            let points = counts.iter().map(point).collect();
            let points = self.dated(points, month_days(), week_days(), 0.0);
            let step = self.step(&key);
            let metric = Metric {
                name: "Accounts that get here".to_owned(),
                formula: MetricFormula::Count,
                purpose: MetricPurpose::StepEntrants,
                unit: "accounts".to_owned(),
                notes: "Distinct accounts, from PostHog.".to_owned(),
                points,
                ..self.measured(&format!("entrants of {key}"), step, month_days())
            };
            self.add(metric);
        }
    }

    fn measured(&mut self, key: &str, step: StepId, window_days: u16) -> Metric {
        Metric { window_days, state: MetricState::Active, steps: [step].into(), ..Metric::new(self.id(key)) }
    }

    /// Points by the first day they cover.
    fn dated(
        &self,
        points: Vec<MetricPoint>,
        window_days: u16,
        every_days: u16,
        until: DaysAgo,
    ) -> BTreeMap<jiff::civil::Date, MetricPoint> {
        let last = until + f64::from(window_days) - 1.0;
        let dated = |(back, point): (usize, MetricPoint)| {
            (self.ago(last + back as f64 * f64::from(every_days)).date(), point)
        };
        points.into_iter().rev().enumerate().map(dated).collect()
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
