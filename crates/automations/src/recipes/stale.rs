//! Steps nobody looked at: the owner of a step that went stale is asked whether it is still true, once for
//! each time it goes stale; a week later, if nobody has looked, whoever answers for the journey is asked.

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::score::freshness::FreshnessState;
use custory_domain::*;

use crate::automation::RecipeKind;
use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Plan};

/// Days after which whoever answers for the journey is asked.
const PATIENCE_DAYS: i64 = 7;

pub(super) fn plan(board: &Board, moment: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let scores = Scores::of(board, &BoardIndex::of(board), moment);
    for step in board.steps_in_order() {
        let Some(score) = scores.steps.get(&step.id) else { continue };
        let word = match score.freshness.state {
            FreshnessState::Stale => "went stale",
            FreshnessState::Changed => "changed since it was looked at",
            _ => continue,
        };
        // Who looked at it last makes the question new after each look.
        let looked = step.last_reviewed.map_or(0, |it| it.at.0);
        let id = CommentId::from(name(RecipeKind::StaleSteps.key(), &[&step.id, &looked, &word]));
        let journey_owner = board.journey().and_then(|it| it.owner);
        let question = match board.comments.get(&id) {
            None => Question {
                id,
                body: format!("This step {word}. Is it still true?"),
                to: step.owner.or(journey_owner),
                says: format!("Question on “{}”: is it still true?", step.title),
            },
            Some(asked) => {
                let days = (moment.0 - asked.created.at.0) / Timestamp::DAY_MILLIS;
                let again = CommentId::from(name(RecipeKind::StaleSteps.key(), &[&id, &"again"]));
                // Whoever settled the question, or put it into the trash, wants to hear no more of it.
                let is_open = asked.trashed.is_none() && !asked.is_resolved;
                let has_other = journey_owner.is_some() && journey_owner != step.owner;
                if days < PATIENCE_DAYS || !is_open || !has_other || board.comments.contains_key(&again) {
                    plan.check(&step.title, format!("It {word}, and its owner is asked."), false);
                    continue;
                }
                Question {
                    id: again,
                    body: format!(
                        "This step {word}, and nobody has said for {PATIENCE_DAYS} days whether it is still true."
                    ),
                    to: journey_owner,
                    says: format!("Question on “{}” for the journey’s owner: is it still true?", step.title),
                }
            }
        };
        plan.check(&step.title, format!("It {word}."), true);
        let Question { id, body, to, says } = question;
        let comment = Comment {
            body,
            mentions: to.into_iter().collect(),
            about: Some(step.id.into()),
            ..Comment::new(id)
        };
        plan.effects.push(Effect::Change {
            says,
            adds: vec![id.into()],
            command: Command::add(comment),
            about: About::of(board, &[step.id].into(), step.owner),
            settles: None,
        });
    }
    plan
}

/// What somebody is asked.
struct Question {
    id: CommentId,
    body: String,
    to: Option<MemberId>,
    says: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: MemberId = MemberId::from_parts(1, 1);
    const BEN: MemberId = MemberId::from_parts(1, 2);
    const DAY: i64 = Timestamp::DAY_MILLIS;

    fn board() -> Board {
        let mut board = Board::default();
        let stage = StageId::from_parts(1, 3);
        board.put(Journey { owner: Some(BEN), ..Journey::new(JourneyId::from_parts(1, 0)) }.into());
        board.put(Stage { title: "Set up".into(), ..Stage::new(stage) }.into());
        let step = StepId::from_parts(1, 4);
        let looked = Stamp { by: ANA, at: Timestamp(0), via: Via::User };
        board.put(
            Step {
                title: "Invite".into(),
                stage: Some(stage),
                owner: Some(ANA),
                last_reviewed: Some(looked),
                created: looked,
                ..Step::new(step)
            }
            .into(),
        );
        board
    }

    /// Carries the plan of a day out, and answers whom it asks.
    fn asked(board: &mut Board, day: i64) -> Vec<MemberId> {
        let at = Timestamp(day * DAY);
        let mut asked = Vec::new();
        for effect in plan(board, at).effects {
            let Effect::Change { command, .. } = effect else { panic!("{effect:?}") };
            let stamp = Stamp { by: ANA, at, via: Via::Automation };
            for entity in carry_out(board, command, stamp).unwrap().after {
                if let Entity::Comment(it) = &entity {
                    asked.extend(it.mentions.iter().copied());
                }
                board.put(entity);
            }
        }
        asked
    }

    #[test]
    fn the_owner_is_asked_once_and_after_a_week_whoever_answers_for_the_journey() {
        let mut board = board();
        assert_eq!(asked(&mut board, 1000), [ANA]);
        assert_eq!(asked(&mut board, 1006), []);
        assert_eq!(asked(&mut board, 1007), [BEN]);
        assert_eq!(asked(&mut board, 1100), []);
    }

    #[test]
    fn a_question_in_the_trash_is_not_asked_again() {
        let mut board = board();
        asked(&mut board, 1000);
        let asked_once = board.comments.values().next().unwrap().clone();
        board.put(Comment { trashed: Some(Stamp::default()), ..asked_once }.into());
        assert_eq!(asked(&mut board, 1100), []);
    }
}
