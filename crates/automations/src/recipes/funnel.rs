//! Conversion watch: the newest week of every measured rate against the week before it.
//!
//! A drop is one of at least so many points whose 95 % interval (Newcombe's) lies below zero, with so many
//! cases in both weeks. Each week of each metric gives at most one insight.

use custory_domain::score::interval::{Proportion, Sign, newcombe};
use custory_domain::score::window::{days_between, plus_days, window_days};
use custory_domain::wording::{day, metric_value, number, whole};
use custory_domain::*;
use jiff::civil::Date;

use crate::automation::RecipeKind;
use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Plan};

/// Days after which a week is no news any more: it would frame a problem that may be over.
const NEWS_DAYS: i64 = 21;

/// A week of a rate.
struct Week {
    from: Date,
    rate: Proportion,
}

pub(super) fn plan(board: &Board, points: f64, cases: u32, moment: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let today = moment.date();
    let is_watched = |it: &&Metric| {
        it.trashed.is_none()
            && it.formula == MetricFormula::Rate
            && it.state != MetricState::Retired
            && !it.points.is_empty()
    };
    for metric in board.metrics.values().filter(is_watched) {
        let Some((before, now)) = newest_two(metric, today) else {
            plan.check(&metric.name, "No two weeks of numbers to compare.".to_owned(), false);
            continue;
        };
        if days_between(now.from, today) > NEWS_DAYS {
            plan.check(&metric.name, format!("No new numbers since {}.", day(now.from, today)), false);
            continue;
        }
        let fewest = before.rate.n().min(now.rate.n());
        if fewest < f64::from(cases) {
            let found = format!("Not enough data: {} cases, {cases} are needed.", whole(fewest));
            plan.check(&metric.name, found, false);
            continue;
        }
        let interval = newcombe(now.rate, before.rate);
        let fell = (before.rate.share() - now.rate.share()) * 100.0;
        // Where less is better a fall is good news, and a rise the problem.
        let (worse, sign) = match metric.direction {
            Direction::Up => (fell, Sign::Below),
            Direction::Down => (-fell, Sign::Above),
        };
        let range = format!("{} to {}", number(interval.low * 100.0, 1), number(interval.high * 100.0, 1));
        let moved = format!(
            "{} to {} in the week of {}",
            metric_value(metric, before.rate.share()),
            metric_value(metric, now.rate.share()),
            day(now.from, today)
        );
        let found = format!("{moved}; the change is likely {range} points.");
        let holds = worse >= points && interval.sign() == Some(sign);
        plan.check(&metric.name, found, holds);
        if holds {
            plan.effects.extend(insight(board, metric, &now, &moved, &range));
        }
    }
    plan
}

/// The newest week that is over and the one right before it.
fn newest_two(metric: &Metric, today: Date) -> Option<(Week, Week)> {
    let span = i64::from(window_days(metric));
    let over = metric.points.range(..=plus_days(today, -span));
    let mut weeks = over.rev().filter_map(|(from, point)| Some(Week { from: *from, rate: rate(point)? }));
    let now = weeks.next()?;
    let before = weeks.find(|it| days_between(it.from, now.from) >= span)?;
    (days_between(before.from, now.from) == span).then_some((before, now))
}

fn rate(point: &MetricPoint) -> Option<Proportion> {
    match (point.numerator, point.denominator, point.n) {
        (Some(hits), Some(n), _) => Proportion::new(hits, n),
        (_, _, Some(n)) => Proportion::new(point.value * n as f64, n as f64),
        _ => None,
    }
}

/// An insight with the numbers as its evidence, and a thread to talk about it.
fn insight(board: &Board, metric: &Metric, now: &Week, moved: &str, range: &str) -> Option<Effect> {
    let key = RecipeKind::FunnelWatch.key();
    let of = |what: &str| name(key, &[&metric.id, &now.from, &what]);
    let id = InsightId::from(of("insight"));
    if board.insights.contains_key(&id) {
        return None;
    }
    let verb = if metric.direction == Direction::Up { "fell from" } else { "rose from" };
    let statement: String = format!("{} {verb} {moved}", metric.name).chars().take(240).collect();
    let insight = Insight {
        statement: statement.clone(),
        sort: InsightSort::Pain,
        truth: Truth::Observed,
        steps: metric.steps.clone(),
        ..Insight::new(id)
    };
    let source = metric.source.as_ref();
    let evidence = Evidence {
        sort: EvidenceSort::Metric,
        excerpt: format!("{}: {moved}, {} cases (likely {range} points)", metric.name, whole(now.rate.n())),
        source: source.map_or("metric".to_owned(), |it| it.provider.clone()),
        locator: source.map_or(String::new(), |it| it.counted.events().join(" → ")),
        anchor: now.from.to_string(),
        captured_at: now.from.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|it| {
            Timestamp(
                it.timestamp().as_millisecond() + i64::from(window_days(metric)) * Timestamp::DAY_MILLIS,
            )
        }),
        weight: WeightClass::Behavioural,
        // The numbers are the metric's own.
        is_verified: true,
        claims: [(id.into(), Stance::Supports)].into(),
        ..Evidence::new(of("evidence").into())
    };
    let comment = Comment {
        body: "What else changed that week?".to_owned(),
        about: Some(id.into()),
        ..Comment::new(of("thread").into())
    };
    let adds = vec![id.into(), evidence.id.into(), comment.id.into()];
    let commands = vec![Command::add(insight), Command::add(evidence), Command::add(comment)];
    let label = format!("Conversion watch: {}", metric.name);
    Some(Effect::Change {
        says: format!("Insight “{statement}”, with its numbers and a thread"),
        adds,
        command: Command::Batch { label, commands },
        about: About::of(board, &metric.steps, None),
        settles: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Monday, 16 November 2026; weekly numbers of the two weeks before.
    fn board(before: (f64, f64), now: (f64, f64), direction: Direction) -> Board {
        let mut board = Board::default();
        let point = |(hits, n): (f64, f64)| MetricPoint {
            value: hits / n,
            numerator: Some(hits),
            denominator: Some(n),
            ..MetricPoint::default()
        };
        let metric = Metric {
            name: "Crew invited".to_owned(),
            formula: MetricFormula::Rate,
            window_days: 7,
            direction,
            steps: [StepId::from_parts(1, 1)].into(),
            points: [(date(2026, 11, 2), point(before)), (date(2026, 11, 9), point(now))].into(),
            ..Metric::new(MetricId::from_parts(1, 2))
        };
        board.put(metric.into());
        board
    }

    fn at(day: Date) -> Timestamp {
        Timestamp(day.to_zoned_datetime(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond())
    }

    #[test]
    fn a_clear_drop_with_enough_cases_and_nothing_else_gives_an_insight() {
        let monday = date(2026, 11, 16);
        for (before, now, direction, today, holds, says) in [
            ((333.0, 900.0), (225.0, 900.0), Direction::Up, monday, true, "37% to 25%"),
            ((15.0, 40.0), (10.0, 40.0), Direction::Up, monday, false, "Not enough data: 40 cases"),
            ((333.0, 900.0), (300.0, 900.0), Direction::Up, monday, false, "37% to 33%"),
            ((45.0, 120.0), (38.0, 120.0), Direction::Up, monday, false, "likely"),
            ((225.0, 900.0), (333.0, 900.0), Direction::Up, monday, false, "25% to 37%"),
            ((225.0, 900.0), (333.0, 900.0), Direction::Down, monday, true, "25% to 37%"),
            // The second week is not over; three weeks later it is no news.
            ((333.0, 900.0), (225.0, 900.0), Direction::Up, date(2026, 11, 15), false, "No two weeks"),
            ((333.0, 900.0), (225.0, 900.0), Direction::Up, date(2026, 12, 1), false, "No new numbers"),
        ] {
            let found = plan(&board(before, now, direction), 5.0, 100, at(today));
            assert_eq!(found.effects.len(), usize::from(holds), "{found:?}");
            let [check] = found.checks.as_slice() else { panic!("{found:?}") };
            assert!(check.holds == holds && check.found.contains(says), "{check:?}");
        }
    }

    #[test]
    fn a_week_gives_one_insight_that_the_rules_accept() {
        let mut board = board((333.0, 900.0), (225.0, 900.0), Direction::Up);
        let stage = Stage { title: "Set up".to_owned(), ..Stage::new(StageId::from_parts(1, 8)) };
        let step =
            Step { title: "Invite".to_owned(), stage: Some(stage.id), ..Step::new(StepId::from_parts(1, 1)) };
        board.put(stage.into());
        board.put(step.into());
        let moment = at(date(2026, 11, 17));
        let found = plan(&board, 5.0, 100, moment);
        let [Effect::Change { command, .. }] = found.effects.as_slice() else { panic!("{found:?}") };
        let stamp = Stamp { via: Via::Automation, ..Stamp::default() };
        carry_out(&board, command.clone(), stamp).unwrap().after.into_iter().for_each(|it| board.put(it));
        assert_eq!((board.insights.len(), board.evidence.len(), board.comments.len()), (1, 1, 1));
        let again = plan(&board, 5.0, 100, at(date(2026, 11, 18)));
        assert!(again.effects.is_empty() && again.checks[0].holds, "{again:?}");
    }
}
