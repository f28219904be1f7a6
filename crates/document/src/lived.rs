//! What became of one thing, change by change.
//!
//! Every edit of an entity writes its stamp of last change, and Automerge knows which change wrote a value that it
//! shows. So the stamp names the last change of the entity, the stamp before that one names the change before, and so on:
//! what it costs goes by how often the entity was changed, not by how long the document is, but for one look at the order
//! of all changes.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, ChangeHash, ObjId};
use custory_domain::{Entity, EntityRef};

use crate::apply::guarded;
use crate::layout::UPDATED;
use crate::past::Past;
use crate::read::{Reading, read};
use crate::sight::Sight;

/// A change of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The place of the change in the past.
    pub place: usize,
    /// The entity as it was; `None` where the change made it.
    pub before: Option<Entity>,
    /// The entity as it was from then on, until the next of its changes.
    pub after: Entity,
}

impl Past {
    /// The changes of an entity, the newest first, at most so many; and whether there are more. None for what is not there
    /// or cannot be read.
    pub fn lived(&self, entity: EntityRef, most: usize) -> (Vec<Turn>, bool) {
        guarded(|| Ok(self.walk_back(entity, most))).unwrap_or_default()
    }

    fn walk_back(&self, entity: EntityRef, most: usize) -> (Vec<Turn>, bool) {
        let writers = Writers::of(self);
        let mut back = WayBack::from_now(self);
        let mut turns: Vec<Turn> = Vec::new();
        let mut after = at(self, entity, &back.heads());
        let mut places = writers.places(self, entity, &back.heads());
        while let Some(place) = places.pop_last() {
            if turns.len() == most {
                return (turns, true);
            }
            let Some(then) = after.take() else { break };
            back.leave_out_from(self, place);
            let heads = back.heads();
            let before = at(self, entity, &heads);
            places.extend(writers.places(self, entity, &heads).into_iter().filter(|it| *it < place));
            turns.push(Turn { place, before: before.clone(), after: then });
            after = before;
        }
        (turns, false)
    }
}

fn at(past: &Past, entity: EntityRef, heads: &[ChangeHash]) -> Option<Entity> {
    match read(Sight::at(past.doc(), heads), entity).reading {
        Reading::Here(it) => Some(it),
        Reading::Undone(_) | Reading::Unreadable(_) | Reading::Nothing => None,
    }
}

/// Which change wrote which operations.
struct Writers {
    /// By actor: where a change's operations begin, where they end, and its place; in order.
    spans: BTreeMap<ActorId, Vec<(u64, u64, usize)>>,
}

impl Writers {
    fn of(past: &Past) -> Self {
        let places: BTreeMap<[u8; 32], usize> =
            past.versions().iter().enumerate().map(|(place, it)| (it.hash, place)).collect();
        let mut spans: BTreeMap<ActorId, Vec<(u64, u64, usize)>> = BTreeMap::new();
        for meta in past.doc().get_changes_meta(&[]) {
            if let Some(place) = places.get(&meta.hash.0) {
                let span = (meta.start_op, meta.max_op, *place);
                spans.entry(meta.actor.into_owned()).or_default().push(span);
            }
        }
        spans.values_mut().for_each(|it| it.sort_unstable());
        Self { spans }
    }

    fn place(&self, op: &ObjId) -> Option<usize> {
        let ObjId::Id(counter, actor, _) = op else { return None };
        let spans = self.spans.get(actor)?;
        let (_, end, place) = spans[spans.partition_point(|it| it.0 <= *counter).checked_sub(1)?];
        (*counter <= end).then_some(place)
    }

    /// Places of the changes whose stamps stand in an entity: one, or several that were made at the same time.
    fn places(&self, past: &Past, entity: EntityRef, heads: &[ChangeHash]) -> BTreeSet<usize> {
        let sight = Sight::at(past.doc(), heads);
        let Some(object) = sight.object(entity) else { return BTreeSet::new() };
        sight.all(&object, UPDATED).iter().filter_map(|it| self.place(&it.1)).collect()
    }
}

/// The newest changes up to a place, which only ever goes back.
struct WayBack {
    /// How many places there are still.
    end: usize,
    heads: BTreeSet<ChangeHash>,
    /// How many of the changes that are still there rest on a change.
    resting: BTreeMap<ChangeHash, usize>,
}

impl WayBack {
    fn from_now(past: &Past) -> Self {
        let mut resting: BTreeMap<ChangeHash, usize> = BTreeMap::new();
        past.deps().iter().flatten().for_each(|it| *resting.entry(*it).or_default() += 1);
        let hashes = past.versions().iter().map(|it| ChangeHash(it.hash));
        let heads = hashes.filter(|it| !resting.contains_key(it)).collect();
        Self { end: past.versions().len(), heads, resting }
    }

    /// Leaves out the change at a place and all after it.
    fn leave_out_from(&mut self, past: &Past, place: usize) {
        while self.end > place {
            self.end -= 1;
            self.heads.remove(&ChangeHash(past.versions()[self.end].hash));
            for dep in &past.deps()[self.end] {
                if let Some(count) = self.resting.get_mut(dep) {
                    *count -= 1;
                    if *count == 0 {
                        self.heads.insert(*dep);
                    }
                }
            }
        }
    }

    fn heads(&self) -> Vec<ChangeHash> {
        self.heads.iter().copied().collect()
    }
}
