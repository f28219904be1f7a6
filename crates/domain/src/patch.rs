//! What differs now: the only thing that changes a [`crate::Board`].

use serde::{Deserialize, Serialize};

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
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty()
    }
}
