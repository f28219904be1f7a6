//! Did it work? Verdicts that are final are kept, and the work they are about says so.

use custory_domain::board::BoardIndex;
use custory_domain::score::keep::{keep, verdict_id};
use custory_domain::score::results::{results, settled};
use custory_domain::wording::{day, verdict_word};
use custory_domain::{Board, Timestamp};

use crate::condition::About;
use crate::plan::{Effect, Plan};

pub(super) fn plan(board: &Board, moment: Timestamp) -> Plan {
    let mut plan = Plan::default();
    for (id, judged) in results(board, &BoardIndex::of(board), &settled(board), moment) {
        let Some(solution) = board.solutions.get(&id) else { continue };
        if judged.is_interim {
            let due = day(judged.due, moment.date());
            plan.check(&solution.title, format!("The verdict is there on {due}."), false);
            continue;
        }
        let verdict = verdict_id(solution);
        // One that a person threw away is not kept again by itself.
        let is_gone = board.verdicts.contains_key(&verdict);
        plan.check(&solution.title, format!("{}.", verdict_word(judged.outcome)), !is_gone);
        if let Some(command) = keep(board, solution, &judged, verdict).filter(|_| !is_gone) {
            plan.effects.push(Effect::Change {
                says: format!(
                    "Verdict on “{}”: {}",
                    solution.title,
                    verdict_word(judged.outcome).to_lowercase()
                ),
                adds: vec![verdict.into()],
                command,
                about: About::of_solution(board, solution),
                settles: None,
            });
        }
    }
    plan
}
