//! The recipes: each looks at a board and says what it would do.

mod delivery;
mod funnel;
mod save;
mod shipped;
mod stale;
mod verdicts;

use custory_domain::{Board, Timestamp};

use crate::automation::{Automation, Recipe};
use crate::plan::{Heard, Plan};
use crate::review::review;

/// What a run for `moment` would do on a journey. Numbers, changes and what was heard after that moment do not
/// count.
pub fn plan(automation: &Automation, board: &Board, heard: &[Heard], moment: Timestamp) -> Plan {
    match &automation.recipe {
        Recipe::FunnelWatch { points, cases } => funnel::plan(board, *points, *cases, moment),
        Recipe::Verdicts => verdicts::plan(board, moment),
        Recipe::Shipped => shipped::plan(board),
        Recipe::StaleSteps => stale::plan(board, moment),
        Recipe::WeeklyReview => {
            let before = automation.schedule.last(Timestamp(moment.0 - 1));
            let since = before.unwrap_or(Timestamp(moment.0 - 7 * Timestamp::DAY_MILLIS));
            Plan { review: Some(review(board, since, moment)), ..Plan::default() }
        }
        Recipe::Delivery { vendor, team } => delivery::plan(board, vendor, team, moment),
        Recipe::Save => save::plan(board, heard, moment),
    }
}
