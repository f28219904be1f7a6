//! The recipes: each looks at a board and says what it would do.

mod delivery;
mod funnel;
mod save;
mod shipped;
mod stale;
mod verdicts;
mod watch;

use custory_domain::agenda::{Period, agenda};
use custory_domain::{Board, Timestamp};

use crate::automation::{Automation, Recipe};
use crate::condition::hold;
use crate::plan::{Effect, Known, Plan};

/// What a run for `moment` would do on a journey. Numbers, changes and what was heard after that moment do not
/// count.
pub fn plan(automation: &Automation, board: &Board, known: Known<'_>, moment: Timestamp) -> Plan {
    let mut plan = planned(automation, board, known, moment);
    leave_out(automation, board, moment, &mut plan);
    plan
}

/// Leaves out what the conditions that a person set do not hold for.
fn leave_out(automation: &Automation, board: &Board, moment: Timestamp, plan: &mut Plan) {
    let Some(conditions) = automation.conditions.as_ref().filter(|it| !it.of.is_empty()) else { return };
    let hour = automation.schedule.hour(moment);
    let (kept, left): (Vec<Effect>, Vec<Effect>) = std::mem::take(&mut plan.effects)
        .into_iter()
        .partition(|it| hold(conditions, board, it.about(), hour));
    plan.effects = kept;
    for it in left {
        plan.check(it.says(), format!("Left out: it is not {}.", conditions.words()), false);
    }
}

fn planned(automation: &Automation, board: &Board, known: Known<'_>, moment: Timestamp) -> Plan {
    match &automation.recipe {
        Recipe::FunnelWatch { points, cases } => funnel::plan(board, *points, *cases, moment),
        Recipe::Verdicts => verdicts::plan(board, moment),
        Recipe::Shipped => shipped::plan(board),
        Recipe::StaleSteps => stale::plan(board, moment),
        Recipe::WeeklyReview => {
            let review = agenda(board, Period::of(board, moment), known.traces, moment);
            Plan { review: Some(review), ..Plan::default() }
        }
        Recipe::Delivery { vendor, team } => delivery::plan(board, vendor, team, moment),
        Recipe::Save => save::plan(board, known.heard, moment),
        Recipe::Watch { key, watch, deeds } => watch::plan(board, key, watch, deeds, known.found, moment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automation::RecipeKind;
    use crate::plan::Heard;
    use custory_domain::*;
    use custory_ipc::{Condition, Conditions};

    #[test]
    fn what_a_persons_conditions_do_not_hold_for_is_left_out_and_the_log_says_so() {
        let mut board = Board::default();
        let stages = [StageId::from_parts(1, 1), StageId::from_parts(1, 2)];
        let steps = [StepId::from_parts(2, 1), StepId::from_parts(2, 2)];
        for (stage, step) in stages.into_iter().zip(steps) {
            board.put(Stage { title: "Stage".into(), ..Stage::new(stage) }.into());
            board.put(Step { title: "Step".into(), stage: Some(stage), ..Step::new(step) }.into());
        }
        let heard: Vec<Heard> = [1, 2]
            .map(|number| Heard {
                signal: SignalId::from_parts(9, number),
                at: Timestamp(5),
                evidence: Evidence {
                    excerpt: "It broke".into(),
                    ..Evidence::new(EvidenceId::from_parts(9, number))
                },
                step: Some(steps[number as usize - 1]),
                insight: None,
            })
            .into();
        let mut automation = RecipeKind::Save.offered("UTC");
        let known = Known { heard: &heard, ..Known::default() };
        assert_eq!(plan(&automation, &board, known, Timestamp(9)).effects.len(), 2);
        let on = Condition::OnStage { stage: stages[0], title: "Set up".to_owned() };
        automation.conditions = Some(Conditions { of: vec![on], ..Conditions::default() });
        let found = plan(&automation, &board, known, Timestamp(9));
        assert_eq!(found.effects.len(), 1);
        let left = found.checks.last().unwrap();
        assert_eq!((left.found.as_str(), left.holds), ("Left out: it is not on the stage “Set up”.", false));
    }
}
