//! Why a step is to be looked at again, put into words.

use super::{count, days_ago};
use crate::board::Board;
use crate::score::freshness::{Freshness, FreshnessState, SupportKind};
use crate::time::Timestamp;

/// The word for a state.
pub const fn fresh_word(state: FreshnessState) -> &'static str {
    match state {
        FreshnessState::Fresh => "Fresh",
        FreshnessState::Ageing => "Ageing",
        FreshnessState::Stale => "Stale",
        FreshnessState::Changed => "Changed",
    }
}

/// What makes a step as fresh as it is: what shipped on it since somebody looked, else its oldest support.
pub fn fresh_reason(board: &Board, freshness: &Freshness, now: Timestamp) -> String {
    if let Some(shipped) = freshness.changed_by.first() {
        let what = board.get(shipped.what).map(|it| it.title().to_owned()).unwrap_or_default();
        return format!("{what} shipped {}", days_ago(shipped.at, now));
    }
    let Some(oldest) = freshness.supports.first() else { return String::new() };
    let days = count(oldest.age_days.floor() as usize, "day", "days");
    match oldest.by {
        SupportKind::Review => format!("last checked {days} ago"),
        SupportKind::Making => format!("nobody has checked it for {days}"),
        SupportKind::Evidence => format!("newest evidence is {days} old"),
        SupportKind::Metric { metric } => {
            let name = board.metrics.get(&metric).map_or("a metric", |it| it.name.as_str());
            format!("{name} has no value for {days}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Metric, Solution};
    use crate::id::{MetricId, SolutionId};
    use crate::score::freshness::{Shipment, Support};

    #[test]
    fn the_oldest_support_is_the_reason_unless_something_shipped() {
        let (metric, solution) = (MetricId::from_parts(0, 1), SolutionId::from_parts(0, 2));
        let mut board = Board::default();
        board.put(Metric { name: "Crew invited".into(), ..Metric::new(metric) }.into());
        board.put(Solution { title: "Text invites".into(), ..Solution::new(solution) }.into());
        let now = Timestamp(40 * Timestamp::DAY_MILLIS);
        let shipped = Shipment { at: Timestamp(37 * Timestamp::DAY_MILLIS), what: solution.into() };
        for (by, changed_by, expected) in [
            (SupportKind::Review, vec![], "last checked 12 days ago"),
            (SupportKind::Making, vec![], "nobody has checked it for 12 days"),
            (SupportKind::Evidence, vec![], "newest evidence is 12 days old"),
            (SupportKind::Metric { metric }, vec![], "Crew invited has no value for 12 days"),
            (SupportKind::Review, vec![shipped], "Text invites shipped 3 days ago"),
        ] {
            let supports = vec![Support { by, age_days: 12.7, limit_days: 10.0 }];
            let freshness = Freshness { state: FreshnessState::Stale, share: 0.0, supports, changed_by };
            assert_eq!(fresh_reason(&board, &freshness, now), expected);
        }
    }
}
