//! What an automation would have done: its schedule played again over the last 90 days.
//!
//! Only for recipes that read what is kept with its day: numbers, verdicts that follow from them, and signals. What
//! stood on the map on a day in the past is not kept for the others, and a rehearsal that guesses would be worse
//! than none. Signals are held against the steps as they are now.

use custory_domain::{Board, Stamp, Timestamp, Via, carry_out};

use crate::automation::{Automation, Recipe};
use crate::plan::{Effect, Heard, Known};
use crate::recipes::plan;

/// How far back a schedule is played.
pub const BACKTEST_DAYS: i64 = 90;

/// A moment at which something would have been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// When.
    pub at: Timestamp,
    /// What, in sentences.
    pub says: Vec<String>,
}

/// Every moment of the last 90 days at which the automation would have done something, the oldest first.
/// `None` for recipes that cannot be played again.
pub fn backtest(
    automation: &Automation,
    board: &Board,
    heard: &[Heard],
    now: Timestamp,
) -> Option<Vec<Firing>> {
    let oldest = Timestamp(now.0 - BACKTEST_DAYS * Timestamp::DAY_MILLIS);
    let heard: Vec<Heard> = heard.iter().filter(|it| it.at >= oldest).cloned().collect();
    let mut moments: Vec<Timestamp> = match automation.recipe {
        Recipe::FunnelWatch { .. } | Recipe::Verdicts => {
            automation.schedule.moments_back(now).take_while(|it| *it >= oldest).collect()
        }
        Recipe::Save => heard.iter().map(|it| it.at).filter(|it| *it <= now).collect(),
        _ => return None,
    };
    moments.sort_unstable();
    moments.dedup();
    // A board of its own, on which what it did before is there when it runs again.
    let mut played = board.clone();
    // What became of a signal since must not keep it from being found again.
    heard.iter().for_each(|it| played.remove(it.evidence.id.into()));
    let mut firings = Vec::new();
    for at in moments {
        let mut says = Vec::new();
        for effect in plan(automation, &played, Known { heard: &heard, ..Known::default() }, at).effects {
            says.push(effect.says().to_owned());
            if let Effect::Change { command, .. } = effect {
                let stamp = Stamp { at, via: Via::Automation, ..Stamp::default() };
                // What the rules refuse would not have been done either.
                if let Ok(changes) = carry_out(&played, command, stamp) {
                    changes.after.into_iter().for_each(|it| played.put(it));
                } else {
                    says.pop();
                }
            }
        }
        if !says.is_empty() {
            firings.push(Firing { at, says });
        }
    }
    Some(firings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automation::RecipeKind;
    use custory_domain::score::window::plus_days;
    use custory_domain::*;
    use jiff::civil::date;

    #[test]
    fn ninety_days_show_each_drop_once_and_change_nothing() {
        let (stage, step) = (StageId::from_parts(1, 1), StepId::from_parts(1, 2));
        let mut board = Board::default();
        board.put(Stage { title: "Set up".into(), ..Stage::new(stage) }.into());
        board.put(Step { title: "Invite".into(), stage: Some(stage), ..Step::new(step) }.into());
        let mut metric = Metric {
            name: "Crew invited".into(),
            formula: MetricFormula::Rate,
            window_days: 7,
            steps: [step].into(),
            ..Metric::new(MetricId::from_parts(1, 3))
        };
        // Two drops in twelve weeks, a third before the ninety days.
        for (week, hits) in [
            400.0, 250.0, 400.0, 400.0, 400.0, 250.0, 400.0, 400.0, 400.0, 300.0, 300.0, 300.0, 300.0, 400.0,
            250.0,
        ]
        .into_iter()
        .enumerate()
        {
            let point =
                MetricPoint { numerator: Some(hits), denominator: Some(1000.0), ..MetricPoint::default() };
            metric.points.insert(plus_days(date(2026, 8, 3), 7 * week as i64), point);
        }
        board.put(metric.into());
        let now = Timestamp("2026-11-24T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let before = board.clone();
        let found = backtest(&RecipeKind::FunnelWatch.offered("UTC"), &board, &[], now).unwrap();
        let days: Vec<_> = found.iter().map(|it| (it.at.date(), it.says.len())).collect();
        assert_eq!(
            days,
            [(date(2026, 9, 14), 1), (date(2026, 10, 12), 1), (date(2026, 11, 16), 1)].map(|it| it)
        );
        assert_eq!(board, before);
        assert_eq!(backtest(&RecipeKind::Verdicts.offered("UTC"), &board, &[], now), Some(Vec::new()));
        assert_eq!(backtest(&RecipeKind::StaleSteps.offered("UTC"), &board, &[], now), None);
        let heard = |number, day: &str, step| Heard {
            signal: SignalId::from_parts(9, number),
            at: Timestamp(day.parse::<jiff::Timestamp>().unwrap().as_millisecond()),
            evidence: Evidence {
                excerpt: "The invite never came".into(),
                ..Evidence::new(EvidenceId::from_parts(9, number))
            },
            step,
            insight: None,
        };
        let all = [
            heard(1, "2026-11-20T10:00:00Z", Some(step)),
            heard(2, "2026-11-21T10:00:00Z", None),
            heard(3, "2026-08-01T10:00:00Z", Some(step)),
        ];
        let found = backtest(&RecipeKind::Save.offered("UTC"), &board, &all, now).unwrap();
        let days: Vec<_> = found.iter().map(|it| (it.at.date(), it.says.len())).collect();
        assert_eq!(days, [(date(2026, 11, 20), 1)]);
    }
}
