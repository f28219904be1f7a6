//! The source half of a connector: numbers per week.

use std::collections::BTreeMap;

use custory_domain::{Counted, MetricPoint, Timestamp};
use futures_util::future::BoxFuture;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::error::ConnectError;

/// A vendor that counts what people do in the product.
pub trait Numbers: Send + Sync {
    /// The events that there are, the most frequent first.
    fn events(&self) -> BoxFuture<'_, Result<Vec<EventName>, ConnectError>>;

    /// What was counted in each week, by its Monday.
    fn weekly<'a>(
        &'a self,
        counted: &'a Counted,
        mondays: &'a [Date],
    ) -> BoxFuture<'a, Result<BTreeMap<Date, MetricPoint>, ConnectError>>;
}

/// An event by the name that the product sends it under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName {
    /// The name.
    pub name: String,
    /// How often it came in the last 30 days.
    pub times: u64,
    /// From how many people.
    pub people: u64,
}

/// The Mondays of the last `count` weeks that are over everywhere on earth, the oldest first.
///
/// A project counts in its own time zone, up to half a day behind UTC, and events arrive late: a week is
/// taken once a whole day has passed since its Sunday.
pub fn closed_weeks(now: Timestamp, count: u16) -> Vec<Date> {
    let today = now.date();
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    // On a Monday the week that ended yesterday has not been over for a whole day.
    let weeks_back = if since_monday == 0 { 2 } else { 1 };
    let newest = today.saturating_sub((since_monday + 7 * weeks_back).days());
    (0..i64::from(count)).rev().map(|back| newest.saturating_sub((7 * back).days())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(at: &str, count: u16) -> Vec<String> {
        let at: jiff::Timestamp = at.parse().unwrap();
        closed_weeks(Timestamp(at.as_millisecond()), count).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_weeks_that_are_over_everywhere_are_counted() {
        assert_eq!(weeks("2026-11-24T15:00:00Z", 2), ["2026-11-09", "2026-11-16"]); // Tuesday.
        assert_eq!(weeks("2026-11-23T23:59:00Z", 2), ["2026-11-02", "2026-11-09"]); // Monday.
        assert_eq!(weeks("2026-11-22T12:00:00Z", 1), ["2026-11-09"]); // Sunday.
        assert!(weeks("2026-11-24T15:00:00Z", 0).is_empty());
    }
}
