//! What there is to talk about in a review of a journey: the board as it is, with what its history says was changed.

use custory_document::Past;
use custory_domain::agenda::Period;
use custory_domain::{EntityRef, JourneyId, Timestamp, Trace, agenda};
use custory_ipc::Reply;

use crate::apart::Later;
use crate::failure::{Fault, no_such_journey};
use crate::inbox::Core;

/// Changes looked through, the newest first, so that no history is too long to ask.
const CHANGES_MAX: usize = 20_000;

impl Core {
    /// The lists of a review that would be finished now. Worked out apart from the loop.
    pub(crate) fn agenda(&mut self, journey: JourneyId) -> Result<Later, Fault> {
        let now = self.clock.now();
        let open = self.opened(journey.ulid())?;
        let board = open.document.board().clone();
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        let past = open.document.past();
        Ok(Box::new(move || {
            Box::pin(async move {
                let period = Period::of(&board, now);
                let agenda = agenda(&board, period, &traces(&past, period), now);
                Ok(Reply::Agenda { agenda: Box::new(agenda) })
            })
        }))
    }

    /// What was changed in a journey during a period.
    pub(crate) fn traces(&mut self, journey: JourneyId, period: Period) -> Result<Vec<Trace>, Fault> {
        Ok(traces(&self.opened(journey.ulid())?.document.past(), period))
    }
}

/// After a review that is everything which whoever finished it had not seen, whenever it was made: a teammate who was
/// offline then is not passed over. Without one it goes by time.
fn traces(past: &Past, period: Period) -> Vec<Trace> {
    // A document's changes are dated to the second.
    let second = Timestamp(period.since.0.div_euclid(1_000) * 1_000);
    let finish = period.last.and_then(|it| past.last_written(it.into(), "finished", second));
    let mut places = match finish {
        Some(place) => past.unseen_by(place),
        None => {
            let first = past.versions().partition_point(|it| it.at < second);
            (first..past.versions().len()).collect()
        }
    };
    places.drain(..places.len().saturating_sub(CHANGES_MAX));
    places.into_iter().flat_map(|it| of_change(past, it)).collect()
}

fn of_change(past: &Past, place: usize) -> Vec<Trace> {
    let version = &past.versions()[place];
    let trace = |(about, it): (EntityRef, custory_document::Touched)| Trace {
        about,
        how: it.how,
        fields: it.fields,
        at: version.at,
        by: version.by,
        via: version.via,
    };
    past.touched(place).into_iter().map(trace).collect()
}
