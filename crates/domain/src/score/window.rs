//! The days that a metric's points cover: how long a window is and where it ends.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::entity::{Metric, MetricState};

/// Days a point covers when its metric does not say: points are daily or weekly, and a week holds
/// every weekday once.
pub const WINDOW_DAYS_DEFAULT: u16 = 7;

/// Whole days from `from` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// How many days.
    pub days: u16,
}

impl Window {
    /// The last day in it.
    pub fn to(self) -> Date {
        plus_days(self.from, i64::from(self.days) - 1)
    }

    /// Whether all of `other` lies in it.
    pub fn holds(self, other: Window) -> bool {
        self.from <= other.from && other.to() <= self.to()
    }
}

/// Days that one point of the metric covers.
pub fn window_days(metric: &Metric) -> u16 {
    if metric.window_days == 0 { WINDOW_DAYS_DEFAULT } else { metric.window_days }
}

/// Whether the metric gives numbers: it was made active or has values, and is neither retired nor
/// in the trash.
pub fn gives_numbers(metric: &Metric) -> bool {
    let is_out = metric.trashed.is_some() || metric.state == MetricState::Retired;
    !is_out && (metric.state == MetricState::Active || !metric.points.is_empty())
}

/// The day `days` after `date`, or before it if negative; the ends of the calendar beyond it.
pub fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(SignedDuration::from_hours(24 * days))
}

/// Days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_counted_across_months_and_leap_days() {
        for (from, days, to) in [
            (date(2024, 2, 26), 7, date(2024, 3, 4)),
            (date(2025, 2, 26), 7, date(2025, 3, 5)),
            (date(2025, 1, 1), -1, date(2024, 12, 31)),
        ] {
            assert_eq!(plus_days(from, days), to);
            assert_eq!(days_between(from, to), days);
        }
        let week = Window { from: date(2025, 11, 17), days: 7 };
        assert_eq!(week.to(), date(2025, 11, 23));
        assert!(week.holds(Window { from: date(2025, 11, 23), days: 1 }));
        assert!(!week.holds(Window { from: date(2025, 11, 23), days: 2 }));
    }
}
