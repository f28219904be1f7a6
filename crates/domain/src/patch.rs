//! What differs now: the only thing that changes a [`crate::Board`].

use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::entity::Entity;
use crate::id::EntityRef;

/// Entities as they are now, whole; and those that are no longer there.
///
/// Applying a patch twice, or after a later one about other entities, does no harm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// New or changed entities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put: Vec<Entity>,
    /// Entities whose making was undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<EntityRef>,
}

impl Patch {
    /// What makes `after` of `before`.
    pub fn between(before: &Board, after: &Board) -> Self {
        let put = after.entities().filter(|it| before.get(it.entity_ref()).as_ref() != Some(it)).collect();
        let removed = before.entities().map(|it| it.entity_ref()).filter(|it| !after.contains(*it)).collect();
        Self { put, removed }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{JourneyId, Stage, StageId};

    fn stage(random: u128, title: &str) -> Stage {
        Stage { title: title.to_owned(), ..Stage::new(StageId::from_parts(1, random)) }
    }

    #[test]
    fn a_patch_between_two_boards_makes_the_second_of_the_first() {
        let mut before = Board::default();
        before.put(crate::Journey::new(JourneyId::from_parts(1, 1)).into());
        before.put(stage(1, "Discover").into());
        before.put(stage(2, "Sign up").into());
        let mut after = before.clone();
        after.put(stage(1, "Hear of it").into());
        after.put(stage(3, "Grow").into());
        after.remove(StageId::from_parts(1, 2).into());
        let patch = Patch::between(&before, &after);
        assert_eq!((patch.put.len(), patch.removed.len()), (2, 1), "and nothing that stayed as it was");
        before.apply(&patch);
        assert_eq!(before, after);
        assert!(Patch::between(&before, &after).is_empty());
    }
}
