//! What a document was: its changes in an order that is the same on every device, and its board as of each.
//!
//! The order puts a change after all that it rests on, and otherwise goes by time. Clocks of devices may be
//! wrong, so a change counts as no earlier than what it rests on; that is why everything up to a moment is
//! always whole.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use automerge::{Automerge, ChangeHash};
use custory_domain::{Board, EntityRef, MemberId, Timestamp, Via};

use crate::apply::guarded;
use crate::document::{Document, Note};
use crate::model::Model;
use crate::sight::Sight;
use crate::touched::{Touched, touched_by};

/// A change, and with it the document as it was right after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Names the change, the same on every device.
    pub hash: [u8; 32],
    /// When, to the second; no earlier than what it rests on.
    pub at: Timestamp,
    /// Who answers for it; unknown for a change that no version of this program made.
    pub by: Option<MemberId>,
    /// Through what it came about.
    pub via: Via,
    /// What was done, in words.
    pub label: String,
}

/// Everything that a document was. A snapshot: what comes later is not in it.
#[derive(Clone, Debug)]
pub struct Past {
    doc: Automerge,
    versions: Vec<Version>,
    /// What each rests on.
    deps: Vec<Vec<ChangeHash>>,
}

impl Document {
    /// What the document was until now. Looks at every change once, without reading what is in it.
    pub fn past(&self) -> Past {
        Past::of(self.doc.clone())
    }
}

impl Past {
    fn of(doc: Automerge) -> Self {
        let (mut versions, mut deps) = (Vec::new(), Vec::new());
        {
            let metas = doc.get_changes_meta(&[]);
            let order = order(metas.iter().map(|it| (it.hash, it.timestamp, &it.deps[..])));
            for (place, secs) in order {
                let meta = &metas[place];
                versions.push(version(meta.hash, secs, meta.message.as_deref()));
                deps.push(meta.deps.clone());
            }
        }
        Self { doc, versions, deps }
    }

    /// The document that has all this behind it.
    pub(crate) fn doc(&self) -> &Automerge {
        &self.doc
    }

    /// What each change rests on, in the order of [`Past::versions`].
    pub(crate) fn deps(&self) -> &[Vec<ChangeHash>] {
        &self.deps
    }

    /// All of them, the oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The place of a change.
    pub fn place(&self, hash: &[u8; 32]) -> Option<usize> {
        self.versions.iter().position(|it| it.hash == *hash)
    }

    /// The place of the last change up to a moment; `None` before the first one.
    pub fn place_at(&self, at: Timestamp) -> Option<usize> {
        // Times never go back along the order.
        self.versions.partition_point(|it| it.at <= at).checked_sub(1)
    }

    /// The board as it was after the change at a place and all before it. `None` if there is no such place, or
    /// if the document holds something made to be unreadable.
    pub fn board(&self, place: usize) -> Option<Board> {
        let heads = self.heads(place)?;
        guarded(|| Ok(Model::of(Sight::at(&self.doc, &heads)).into_board())).ok()
    }

    /// What the change at a place touched, and how; empty if there is no such place.
    pub fn touched(&self, place: usize) -> BTreeMap<EntityRef, Touched> {
        let Some(version) = self.versions.get(place) else { return BTreeMap::new() };
        guarded(|| Ok(touched_by(&self.doc, &ChangeHash(version.hash)))).unwrap_or_default()
    }

    /// The last change that wrote a field of an entity, looked for from the end back to a moment.
    pub fn last_written(&self, entity: EntityRef, field: &str, not_before: Timestamp) -> Option<usize> {
        let first = self.versions.partition_point(|it| it.at < not_before);
        let wrote =
            |place: &usize| self.touched(*place).get(&entity).is_some_and(|it| it.fields.contains(field));
        (first..self.versions.len()).rev().find(wrote)
    }

    /// Places of the changes that whoever made the one at a place had not seen, the oldest first: later ones, and
    /// such as were made before, but came afterwards from somewhere else.
    pub fn unseen_by(&self, place: usize) -> Vec<usize> {
        let Some(version) = self.versions.get(place) else { return Vec::new() };
        let mut seen: BTreeSet<ChangeHash> = [ChangeHash(version.hash)].into();
        // A change comes after all that it rests on, so one look back finds them all.
        for at in (0..=place).rev() {
            if seen.contains(&ChangeHash(self.versions[at].hash)) {
                seen.extend(self.deps[at].iter().copied());
            }
        }
        let is_unseen = |at: &usize| !seen.contains(&ChangeHash(self.versions[*at].hash));
        (0..self.versions.len()).filter(is_unseen).collect()
    }

    /// The newest changes up to a place.
    fn heads(&self, place: usize) -> Option<Vec<ChangeHash>> {
        let deps = self.deps.get(..=place)?;
        let mut heads: BTreeSet<ChangeHash> = BTreeSet::new();
        for (version, deps) in self.versions.iter().zip(deps) {
            deps.iter().for_each(|it| {
                heads.remove(it);
            });
            heads.insert(ChangeHash(version.hash));
        }
        Some(heads.into_iter().collect())
    }
}

/// Places of changes, each after what it rests on and otherwise by time, with the time that each counts as.
fn order<'a>(
    changes: impl Iterator<Item = (ChangeHash, i64, &'a [ChangeHash])> + Clone,
) -> Vec<(usize, i64)> {
    let places: BTreeMap<ChangeHash, usize> =
        changes.clone().enumerate().map(|(place, (hash, ..))| (hash, place)).collect();
    let mut missing: Vec<usize> = Vec::with_capacity(places.len());
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    let mut times: Vec<i64> = Vec::with_capacity(places.len());
    let mut hashes: Vec<ChangeHash> = Vec::with_capacity(places.len());
    for (place, (hash, time, deps)) in changes.enumerate() {
        missing.push(deps.len());
        times.push(time);
        hashes.push(hash);
        for dep in deps {
            if let Some(at) = places.get(dep) {
                dependents[*at].push(place);
            }
        }
    }
    let mut ready: BinaryHeap<Reverse<(i64, ChangeHash, usize)>> = BinaryHeap::new();
    for (place, count) in missing.iter().enumerate() {
        if *count == 0 {
            ready.push(Reverse((times[place], hashes[place], place)));
        }
    }
    let mut ordered = Vec::with_capacity(hashes.len());
    while let Some(Reverse((time, _, place))) = ready.pop() {
        ordered.push((place, time));
        for next in std::mem::take(&mut dependents[place]) {
            times[next] = times[next].max(time);
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(Reverse((times[next], hashes[next], next)));
            }
        }
    }
    ordered
}

fn version(hash: ChangeHash, secs: i64, message: Option<&str>) -> Version {
    let note: Option<Note<'_>> = message.and_then(|it| serde_json::from_str(it).ok());
    let at = Timestamp(secs.saturating_mul(1_000));
    match note {
        Some(it) => Version { hash: hash.0, at, by: Some(it.by), via: it.via, label: it.label.into_owned() },
        None => Version {
            hash: hash.0,
            at,
            by: None,
            via: Via::default(),
            label: "Change by another program".to_owned(),
        },
    }
}
