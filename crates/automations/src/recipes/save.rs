//! Save from chat: what somebody marked becomes evidence on the step that it is about, for the insight that says
//! the same or for a new one. What is about no step waits in the inbox.

use custory_domain::*;

use crate::automation::RecipeKind;
use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Heard, Plan};

/// Characters of a statement that is made of a quote.
const STATEMENT_CHARS_MAX: usize = 160;

pub(super) fn plan(board: &Board, heard: &[Heard], moment: Timestamp) -> Plan {
    let mut plan = Plan::default();
    for it in heard.iter().filter(|it| it.at <= moment) {
        let quote = format!("“{}”", statement(&it.evidence.excerpt));
        let on_map = |id: &StepId| board.steps.get(id).filter(|it| it.trashed.is_none());
        let Some(step) = it.step.as_ref().and_then(on_map) else {
            plan.check(
                &quote,
                "No step shares enough of its words; it waits in the inbox.".to_owned(),
                false,
            );
            continue;
        };
        // What a person took away does not come back by itself.
        if board.evidence.contains_key(&it.evidence.id) {
            plan.check(&quote, "It is on the map already.".to_owned(), false);
            continue;
        }
        plan.check(&quote, format!("It is about “{}”.", step.title), true);
        plan.effects.push(effect(board, it, step, &quote));
    }
    plan
}

fn effect(board: &Board, it: &Heard, step: &Step, quote: &str) -> Effect {
    let known = it.insight.and_then(|id| board.insights.get(&id)).filter(|it| it.trashed.is_none());
    let (to, first, says) = match known {
        Some(insight) => (insight.id, None, format!("{quote} as evidence for “{}”", insight.statement)),
        None => {
            let insight = Insight {
                statement: statement(&it.evidence.excerpt),
                sort: InsightSort::Pain,
                truth: Truth::Observed,
                steps: [step.id].into(),
                ..Insight::new(name(RecipeKind::Save.key(), &[&it.signal]).into())
            };
            (insight.id, Some(insight), format!("Insight {quote} on “{}”", step.title))
        }
    };
    let evidence = Evidence { claims: [(to.into(), Stance::Supports)].into(), ..it.evidence.clone() };
    let mut adds: Vec<EntityRef> = first.iter().map(|it| it.id.into()).collect();
    adds.push(evidence.id.into());
    let commands = first.into_iter().map(Command::add).chain([Command::add(evidence)]).collect();
    Effect::Change {
        says,
        adds,
        command: Command::Batch { label: "Save from chat".to_owned(), commands },
        about: About::of(board, &[step.id].into(), step.owner),
        settles: Some((it.signal, to.into())),
    }
}

/// The first sentence of a quote, or as much of it as fits.
fn statement(excerpt: &str) -> String {
    let end = excerpt.find(['.', '!', '?']).map_or(excerpt.len(), |it| it + 1);
    let sentence = excerpt[..end].trim();
    if sentence.chars().count() <= STATEMENT_CHARS_MAX {
        return sentence.trim_end_matches('.').to_owned();
    }
    let room: String = sentence.chars().take(STATEMENT_CHARS_MAX - 1).collect();
    format!("{}…", room.rsplit_once(' ').map_or(room.as_str(), |it| it.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: StepId = StepId::from_parts(1, 2);

    fn board() -> Board {
        let mut board = Board::default();
        let stage = StageId::from_parts(1, 1);
        board.put(Stage { title: "Set up".into(), ..Stage::new(stage) }.into());
        board.put(Step { title: "Invite crew".into(), stage: Some(stage), ..Step::new(STEP) }.into());
        board
    }

    fn heard(number: u128, step: Option<StepId>, insight: Option<InsightId>) -> Heard {
        let evidence = Evidence {
            excerpt: "The invite never came. We gave up".into(),
            ..Evidence::new(EvidenceId::from_parts(9, number))
        };
        Heard { signal: SignalId::from_parts(9, number), at: Timestamp(5), evidence, step, insight }
    }

    fn carry_out_all(board: &mut Board, heard: &[Heard]) -> usize {
        let effects = plan(board, heard, Timestamp(10)).effects;
        let count = effects.len();
        for it in effects {
            let Effect::Change { command, .. } = it else { panic!("{it:?}") };
            let stamp = Stamp { via: Via::Automation, ..Stamp::default() };
            carry_out(board, command, stamp).unwrap().after.into_iter().for_each(|it| board.put(it));
        }
        count
    }

    #[test]
    fn what_is_about_a_step_is_put_there_once_and_the_rest_waits() {
        let mut board = board();
        let mut late = heard(3, Some(STEP), None);
        late.at = Timestamp(11);
        let all = [heard(1, Some(STEP), None), heard(2, None, None), late];
        assert_eq!(carry_out_all(&mut board, &all), 1);
        let insight = board.insights.values().next().unwrap().clone();
        assert_eq!(
            (insight.statement.as_str(), insight.steps.clone()),
            ("The invite never came", [STEP].into())
        );
        assert_eq!(board.evidence_for(insight.id.into()).len(), 1);
        assert_eq!(carry_out_all(&mut board, &all), 0);
        // Another one says the same.
        assert_eq!(carry_out_all(&mut board, &[heard(4, Some(STEP), Some(insight.id))]), 1);
        assert_eq!((board.insights.len(), board.evidence_for(insight.id.into()).len()), (1, 2));
    }
}
