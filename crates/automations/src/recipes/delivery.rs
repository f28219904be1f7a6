//! Priority to delivery: an opportunity that was prioritised, has an owner and enough behind it becomes an
//! issue.

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::wording::percent;
use custory_domain::*;

use crate::condition::About;
use crate::plan::{Effect, Plan};

/// Least confidence of what is sent by itself: below it, somebody should look first.
const CONFIDENCE_MIN: f64 = 0.5;

pub(super) fn plan(board: &Board, vendor: &str, team: &str, moment: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let scores = Scores::of(board, &BoardIndex::of(board), moment);
    let chosen = board
        .opportunities
        .values()
        .filter(|it| it.trashed.is_none() && it.state == OpportunityState::Prioritised);
    for it in chosen {
        let is_sent = board.delivery_links.values().any(|link| {
            link.trashed.is_none() && link.provider == vendor && link.delivers == Some(it.id.into())
        });
        let confidence = scores.opportunities.get(&it.id).map_or(0.0, |it| it.inputs.confidence);
        let (found, holds) = match () {
            () if is_sent => ("It has an issue.".to_owned(), false),
            () if it.owner.is_none() => ("Nobody owns it.".to_owned(), false),
            () if confidence < CONFIDENCE_MIN => (
                format!("Confidence is {}, {} are needed.", percent(confidence), percent(CONFIDENCE_MIN)),
                false,
            ),
            () if team.is_empty() => ("No team is chosen.".to_owned(), false),
            () => (format!("Owned, and confidence is {}.", percent(confidence)), true),
        };
        plan.check(&it.title, found, holds);
        if holds {
            plan.effects.push(Effect::Send {
                says: format!("Issue “{}” for {team}", it.title),
                entity: it.id.into(),
                about: About::of(board, &it.steps, it.owner),
                vendor: vendor.to_owned(),
                team: team.to_owned(),
            });
        }
    }
    plan
}
