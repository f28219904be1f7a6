//! How what a run set is put back: the fields that recipes set, as they were before.

use custory_domain::{Board, Change, Command, ItemState, SolutionField, owner_change};

/// What a command sets of what is there, and how that was: pairs of commands, the last first. What it adds is not
/// among them. `None` if it does something that cannot be put back; recipes do nothing of the kind.
pub fn back(board: &Board, command: &Command) -> Option<Vec<(Command, Command)>> {
    match command {
        Command::Add { .. } => Some(Vec::new()),
        Command::Batch { commands, .. } => {
            let mut all = Vec::new();
            for it in commands.iter().rev() {
                all.extend(back(board, it)?);
            }
            Some(all)
        }
        Command::Set { change } => {
            let was = before(board, change)?;
            Some(vec![(Command::set(was), command.clone())])
        }
        _ => None,
    }
}

fn before(board: &Board, change: &Change) -> Option<Change> {
    match change {
        Change::Solution { id, set: SolutionField::ShippedAt(_) } => {
            let was = board.solutions.get(id)?.shipped_at;
            Some(Change::Solution { id: *id, set: SolutionField::ShippedAt(was) })
        }
        _ => shared_before(board, change),
    }
}

/// The same for what several kinds of things have: an owner, and where the work on them stands.
fn shared_before(board: &Board, change: &Change) -> Option<Change> {
    let item = change.entity_ref();
    let state = ItemState::of(board, item).and_then(|it| it.change(item));
    let owner = board.item(item).and_then(|it| owner_change(item, it.owner));
    state.into_iter().chain(owner).find(|it| it.field_name() == change.field_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::*;

    #[test]
    fn what_was_set_is_put_back_in_the_order_that_undoes_it() {
        let mut board = Board::default();
        let solution = Solution { title: "Fix".into(), ..Solution::new(SolutionId::from_parts(1, 1)) };
        let set = |set| Command::set(Change::Solution { id: solution.id, set });
        let (state, shipped) = (
            set(SolutionField::State(SolutionState::Shipped)),
            set(SolutionField::ShippedAt(Some(Timestamp(5)))),
        );
        board.put(solution.clone().into());
        let comment = Command::add(Comment::new(CommentId::from_parts(1, 2)));
        let commands = vec![comment, state.clone(), shipped.clone()];
        let found = back(&board, &Command::Batch { label: String::new(), commands }).unwrap();
        let was = |set| Command::set(Change::Solution { id: solution.id, set });
        assert_eq!(
            found,
            [
                (was(SolutionField::ShippedAt(None)), shipped),
                (was(SolutionField::State(SolutionState::Idea)), state),
            ]
        );
        let trash = Command::Trash { entities: vec![solution.id.into()] };
        assert_eq!(back(&board, &trash), None);
    }
}
