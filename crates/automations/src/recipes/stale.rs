//! Steps nobody looked at: the owner of a step that went stale is asked whether it is still true, once for
//! each time it goes stale.

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::score::freshness::FreshnessState;
use custory_domain::*;

use crate::automation::RecipeKind;
use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Plan};

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
        let is_asked = board.comments.contains_key(&id);
        plan.check(&step.title, format!("It {word}."), !is_asked);
        if is_asked {
            continue;
        }
        let owner = step.owner.or(board.journey().and_then(|it| it.owner));
        let comment = Comment {
            body: format!("This step {word}. Is it still true?"),
            mentions: owner.into_iter().collect(),
            about: Some(step.id.into()),
            ..Comment::new(id)
        };
        plan.effects.push(Effect::Change {
            says: format!("Question on “{}”: is it still true?", step.title),
            adds: vec![id.into()],
            command: Command::add(comment),
            about: About::of(board, &[step.id].into(), step.owner),
            settles: None,
        });
    }
    plan
}
