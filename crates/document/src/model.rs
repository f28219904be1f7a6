//! The read model: a board kept current by looking again at what a change touched, nothing else.
//!
//! Invariant (a property test holds it): after any changes in any order the board equals the one
//! read from the document from scratch.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Patch as Differing, PatchAction, Prop, ROOT};
use custory_domain::{Board, Entity, EntityRef, Patch};

use crate::needs::needed;
use crate::read::{Read, Reading, entity_ref, entity_refs, read};
use crate::sight::Sight;

/// The board and what is kept beside it to keep it current.
#[derive(Debug, Default)]
pub(crate) struct Model {
    board: Board,
    /// Entities that were taken back by whoever added them, shown or not.
    undone: BTreeMap<EntityRef, Entity>,
    /// Entities that this version cannot read, and why.
    unreadable: BTreeMap<EntityRef, String>,
    /// Entities with a text put together from conflicting ones. Automerge tells of no change within
    /// the losing text, so these are looked at after every merge.
    joined: BTreeSet<EntityRef>,
}

/// What a change comes to for the model. Nothing has happened yet.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub patch: Patch,
    reads: Vec<Read>,
}

impl Model {
    /// Reads a whole document.
    pub fn of<'a>(doc: impl Into<Sight<'a>>) -> Self {
        let doc = doc.into();
        let mut model = Self::default();
        let differences = model.differences(doc, entity_refs(doc).collect());
        model.apply(differences);
        model
    }

    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The board, without what is only needed to keep it current.
    pub fn into_board(self) -> Board {
        self.board
    }

    pub fn undone(&self, entity: EntityRef) -> Option<&Entity> {
        self.undone.get(&entity)
    }

    pub fn unreadable(&self) -> &BTreeMap<EntityRef, String> {
        &self.unreadable
    }

    pub fn joined(&self) -> &BTreeSet<EntityRef> {
        &self.joined
    }

    /// What differs in `doc`, where only `touched` can have changed.
    pub fn differences<'a>(&self, doc: impl Into<Sight<'a>>, touched: BTreeSet<EntityRef>) -> Differences {
        let doc = doc.into();
        let reads: Vec<Read> = touched.iter().map(|it| read(doc, *it)).collect();
        let mut put: BTreeMap<EntityRef, &Entity> = BTreeMap::new();
        let mut removed: BTreeSet<EntityRef> = BTreeSet::new();
        let mut undone: BTreeMap<EntityRef, &Entity> =
            self.undone.iter().filter(|(id, _)| !touched.contains(id)).map(|(id, it)| (*id, it)).collect();
        for it in &reads {
            match &it.reading {
                Reading::Here(entity) => {
                    put.insert(it.entity, entity);
                }
                Reading::Undone(entity) => {
                    undone.insert(it.entity, entity);
                }
                Reading::Unreadable(_) | Reading::Nothing => {
                    removed.insert(it.entity);
                }
            }
        }
        if !undone.is_empty() {
            let hidden = |it| touched.contains(&it) || undone.contains_key(&it);
            let shown: Vec<&Entity> = put.values().copied().collect();
            let needed = needed(&self.board, &hidden, &shown, &undone);
            for (id, entity) in undone {
                if needed.contains(&id) {
                    put.insert(id, entity);
                } else {
                    removed.insert(id);
                }
            }
        }
        let put = put.into_iter().filter(|(id, it)| self.board.get(*id).as_ref() != Some(*it));
        let put = put.map(|(_, it)| it.clone()).collect();
        let removed = removed.into_iter().filter(|it| self.board.contains(*it)).collect();
        Differences { patch: Patch { put, removed }, reads }
    }

    /// Brings the model up to date; answers what differs on the board.
    pub fn apply(&mut self, differences: Differences) -> Patch {
        for it in differences.reads {
            self.undone.remove(&it.entity);
            self.unreadable.remove(&it.entity);
            match it.reading {
                Reading::Undone(entity) => {
                    self.undone.insert(it.entity, entity);
                }
                Reading::Unreadable(reason) => {
                    self.unreadable.insert(it.entity, reason);
                }
                Reading::Here(_) | Reading::Nothing => {}
            }
            if it.is_joined {
                self.joined.insert(it.entity);
            } else {
                self.joined.remove(&it.entity);
            }
        }
        self.board.apply(&differences.patch);
        differences.patch
    }
}

/// The entities that Automerge's patches are about.
pub(crate) fn touched(patches: &[Differing]) -> BTreeSet<EntityRef> {
    patches.iter().filter_map(root_key).filter_map(entity_ref).collect()
}

fn root_key(patch: &Differing) -> Option<&str> {
    let prop = match patch.path.first() {
        Some((_, Prop::Map(key))) => return Some(key),
        Some((_, Prop::Seq(_))) => return None,
        None if patch.obj == ROOT => &patch.action,
        None => return None,
    };
    match prop {
        PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key } => Some(key),
        PatchAction::Increment { prop: Prop::Map(key), .. }
        | PatchAction::Conflict { prop: Prop::Map(key) } => Some(key),
        _ => None,
    }
}
