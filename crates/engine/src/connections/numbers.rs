//! Numbers of bound metrics: which weeks are asked for, and what is written of the answers.

use std::collections::BTreeMap;

use custory_connectors::{ConnectError, Numbers, closed_weeks};
use custory_domain::{
    Board, Command, Counted, JourneyId, Metric, MetricId, MetricPoint, MetricState, Timestamp, Via,
};
use custory_ipc::{EventView, Reply};
use jiff::civil::Date;

use super::{failure, has_no};
use crate::apart::Later;
use crate::failure::Fault;
use crate::inbox::Core;

/// Weeks that a metric has from the beginning: enough for a verdict on what ships next.
const WEEKS: u16 = 12;
/// Newest weeks that are asked for again although they are there: events of phones arrive late.
const WEEKS_AGAIN: usize = 2;

/// A metric and the weeks to ask for.
pub(super) struct Wanted {
    pub journey: JourneyId,
    pub metric: MetricId,
    pub counted: Counted,
    pub mondays: Vec<Date>,
}

/// What a metric's source said.
pub(super) struct Counts {
    pub journey: JourneyId,
    pub metric: MetricId,
    pub points: BTreeMap<Date, MetricPoint>,
}

impl Core {
    /// Events of a connected tool.
    pub(crate) fn event_names(&mut self, vendor: &str) -> Result<Later, Fault> {
        let kept = self.kept(vendor)?;
        let (context, vendor) = (self.context(vendor, &kept)?, vendor.to_owned());
        Ok(Box::new(move || {
            Box::pin(async move {
                let numbers = context.numbers().ok_or_else(|| has_no("events", &vendor))?;
                let events = numbers.events().await.map_err(|it| failure(&it))?;
                let view = |it: custory_connectors::EventName| EventView {
                    name: it.name,
                    times: it.times,
                    people: it.people,
                };
                Ok(Reply::EventNames { events: events.into_iter().map(view).collect() })
            })
        }))
    }

    /// What to ask a source for, over all journeys.
    pub(super) fn wanted(&self, vendor: &str, project: &str) -> Result<Vec<Wanted>, Fault> {
        let now = self.clock.now();
        let mut wanted = Vec::new();
        for journey in self.summaries()?.into_iter().filter(|it| !it.is_archived) {
            let board = self.board(journey.id.ulid())?;
            wanted.extend(wanted_of(&board, journey.id, vendor, project, now));
        }
        Ok(wanted)
    }

    /// Writes what differs, one change per journey. Answers how many values that were.
    pub(super) fn take_counts(&mut self, name: &str, counts: Vec<Counts>) -> Result<usize, Fault> {
        let mut by_journey: BTreeMap<JourneyId, Vec<Command>> = BTreeMap::new();
        let mut new = 0;
        for Counts { journey, metric, mut points } in counts {
            let board = self.board(journey.ulid())?;
            // It may have been deleted or bound elsewhere while the source counted.
            let Some(known) = board.metrics.get(&metric).filter(|it| is_read(it)) else { continue };
            points.retain(|day, point| known.points.get(day) != Some(point));
            if !points.is_empty() {
                new += points.len();
                by_journey.entry(journey).or_default().push(Command::RecordPoints { metric, points });
            }
        }
        for (journey, commands) in by_journey {
            let label = format!("Read numbers from {name}");
            self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::Connector)?;
        }
        Ok(new)
    }
}

fn is_read(metric: &Metric) -> bool {
    metric.trashed.is_none() && metric.state != MetricState::Retired && metric.source.is_some()
}

fn wanted_of(board: &Board, journey: JourneyId, vendor: &str, project: &str, now: Timestamp) -> Vec<Wanted> {
    let weeks = closed_weeks(now, WEEKS);
    let again = weeks.len().saturating_sub(WEEKS_AGAIN);
    let metrics = board.metrics.values().filter(|it| is_read(it));
    metrics
        .filter_map(|metric| {
            let source =
                metric.source.as_ref().filter(|it| it.provider == vendor && it.project == project)?;
            let is_due = |(at, monday): &(usize, &Date)| *at >= again || !metric.points.contains_key(monday);
            let mondays = weeks.iter().enumerate().filter(is_due).map(|(_, it)| *it).collect();
            Some(Wanted { journey, metric: metric.id, counted: source.counted.clone(), mondays })
        })
        .collect()
}

/// Asks for everything that is wanted. What came before a fault is kept.
pub(super) async fn count(
    numbers: &dyn Numbers,
    wanted: Vec<Wanted>,
) -> (Vec<Counts>, Result<(), ConnectError>) {
    let mut counts = Vec::new();
    for it in wanted {
        match numbers.weekly(&it.counted, &it.mondays).await {
            Ok(points) => counts.push(Counts { journey: it.journey, metric: it.metric, points }),
            // One metric whose question is refused must not keep the others from theirs.
            Err(error @ (ConnectError::Refused { .. } | ConnectError::NotFound { .. })) => {
                tracing::warn!("a metric could not be counted: {error}");
            }
            Err(error) => return (counts, Err(error)),
        }
    }
    (counts, Ok(()))
}
