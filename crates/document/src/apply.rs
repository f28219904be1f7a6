//! Applies changes to a copy, so that whatever goes wrong goes wrong there.
//!
//! Automerge panics on some crafted changes, and some that it takes make a document that cannot be
//! loaded again. A panic is caught here and the copy thrown away. A change that Automerge gives
//! back other than it came is refused, which finds almost all of those that spoil a document. Those
//! that it does not find have marks that end before they begin; this program makes no marks, so a
//! change that does is tried out by saving and loading (about 70 ms for a large journey).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change, ChangeHash, PatchLog, ReadDoc};

use crate::chunk::is_unusual;
use crate::ingest::Refusal;
use crate::kinds;
use crate::model::{Differences, Model, touched};
use crate::read::entity_refs;

/// A document with changes in it, and what differs.
pub(crate) struct Applied {
    pub doc: Automerge,
    pub differences: Differences,
}

/// Applies changes whose dependencies are all there, and looks at what came of them.
pub(crate) fn apply(doc: &Automerge, model: &Model, changes: &[Change]) -> Result<Applied, Refusal> {
    guarded(|| {
        if !kinds::fit(doc, changes) {
            return Err(Refusal::Mistaken);
        }
        let mut next = doc.clone();
        // In an empty document everything differs: what does need not be written down.
        let is_first = doc.get_heads().is_empty();
        let mut log = if is_first { PatchLog::inactive() } else { PatchLog::active() };
        next.apply_changes_log_patches(changes.to_vec(), &mut log).map_err(rejected)?;
        if !gives_back(&next, changes, &doc.get_heads()) {
            return Err(Refusal::NotReproducible);
        }
        if changes.iter().any(is_unusual) {
            next.save_and_verify().map_err(|_| Refusal::NotReproducible)?;
        }
        let mut touched =
            if is_first { entity_refs(&next).collect() } else { touched(&next.make_patches(&mut log)) };
        touched.extend(model.joined());
        let differences = model.differences(&next, touched);
        Ok(Applied { doc: next, differences })
    })
}

/// Whether a document gives back changes that came after `before`, as they came.
pub(crate) fn gives_back(doc: &Automerge, changes: &[Change], before: &[ChangeHash]) -> bool {
    if let [change] = changes {
        let derived = doc.get_change_by_hash(&change.hash());
        return derived.is_some_and(|it| it.raw_bytes() == change.raw_bytes());
    }
    // Each by itself would look through the document once.
    let derived = doc.get_changes(before);
    let derived: BTreeMap<ChangeHash, &[u8]> = derived.iter().map(|it| (it.hash(), it.raw_bytes())).collect();
    changes.iter().all(|it| derived.get(&it.hash()) == Some(&it.raw_bytes()))
}

/// Applies changes from the own disk, which were looked at when they first came.
pub(crate) fn apply_own(doc: &Automerge, changes: &[Change]) -> Result<Automerge, Refusal> {
    guarded(|| {
        let mut next = doc.clone();
        next.apply_changes(changes.to_vec()).map_err(rejected)?;
        Ok(next)
    })
}

fn rejected(error: automerge::AutomergeError) -> Refusal {
    Refusal::Rejected { reason: error.to_string() }
}

/// Runs something that may panic on hostile input. What it works on must be its own, to be thrown
/// away if it does.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Panicked))
}
