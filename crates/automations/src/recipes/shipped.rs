//! What has shipped: an issue that is released ships its solution; one that is done is asked about, for a
//! tracker's “done” does not say that customers have it.

use custory_domain::*;

use crate::automation::RecipeKind;
use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Plan};

pub(super) fn plan(board: &Board) -> Plan {
    let mut plan = Plan::default();
    for link in board.delivery_links.values().filter(|it| it.trashed.is_none()) {
        let Some(solution) = link
            .delivers
            .filter(|it| it.kind == EntityKind::Solution)
            .and_then(|it| board.solutions.get(&it.id.into()))
            .filter(|it| {
                it.trashed.is_none() && it.shipped_at.is_none() && it.state != SolutionState::Rejected
            })
        else {
            continue;
        };
        match (link.status, link.released_at) {
            (DeliveryStatus::Released, Some(at)) => {
                plan.check(&link.external_id, "Released.".to_owned(), true);
                plan.effects.push(ship(board, solution, &link.external_id, at));
            }
            (DeliveryStatus::Done, _) => {
                let asked = ask(board, solution, link);
                plan.check(
                    &link.external_id,
                    "Done there; nobody has said that customers have it.".to_owned(),
                    asked.is_some(),
                );
                plan.effects.extend(asked);
            }
            _ => plan.check(&link.external_id, "Under way.".to_owned(), false),
        }
    }
    plan
}

fn ship(board: &Board, solution: &Solution, issue: &str, at: Timestamp) -> Effect {
    let set = |set| Command::set(Change::Solution { id: solution.id, set });
    let commands =
        vec![set(SolutionField::State(SolutionState::Shipped)), set(SolutionField::ShippedAt(Some(at)))];
    Effect::Change {
        says: format!("“{}” has shipped: {issue} is released", solution.title),
        adds: Vec::new(),
        command: Command::Batch { label: format!("Released: {issue}"), commands },
        about: About::of_solution(board, solution),
        settles: None,
    }
}

fn ask(board: &Board, solution: &Solution, link: &DeliveryLink) -> Option<Effect> {
    let id = CommentId::from(name(RecipeKind::Shipped.key(), &[&link.id]));
    if board.comments.contains_key(&id) {
        return None;
    }
    let comment = Comment {
        body: format!(
            "{} is done. Do customers have it? Set “Shipped” to the day on which they got it, and its metric is watched from then on.",
            link.external_id
        ),
        mentions: solution.owner.into_iter().collect(),
        about: Some(solution.id.into()),
        ..Comment::new(id)
    };
    Some(Effect::Change {
        says: format!("Question on “{}”: do customers have it?", solution.title),
        adds: vec![id.into()],
        command: Command::add(comment),
        about: About::of(board, &solution.steps, solution.owner),
        settles: None,
    })
}
