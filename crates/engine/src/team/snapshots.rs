//! Snapshots of the team: a document saved for teammates, one of theirs looked at, one taken in.
//!
//! What is in a teammate's snapshot goes into a document as single changes, through the same guarded
//! merge as their records, and to the disk in one transaction with the place that it stands for.

use std::collections::BTreeSet;

use custory_document::Whole;
use custory_store::Reading;
use custory_sync::{Input, RefusedSnapshot, SnapshotFault, Taking, WholeDocument};
use custory_wire::{Chain, Hash, LogId};
use ulid::Ulid;

use super::receive::{Incoming, Took};
use crate::failure::{Fault, internal};
use crate::inbox::Core;

/// How often a snapshot is tried anew because another program wrote in between.
const TRIES_MAX: usize = 16;

impl Core {
    /// Saves a document whole if it is exactly what its log holds.
    pub(super) fn save_for_team(&mut self, log: LogId, document: [u8; 16], at: Chain) -> Result<(), Fault> {
        let whole = self.whole_if_settled(Ulid::from_bytes(document))?;
        self.team_input(Input::Saved { log, at, whole });
        Ok(())
    }

    fn whole_if_settled(&mut self, document: Ulid) -> Result<Option<WholeDocument>, Fault> {
        // What another program wrote here, and the relay has, may not be in memory yet.
        self.follow(document)?;
        if self.store.has_waiting(document)? {
            return Ok(None);
        }
        let document = &self.opened(document)?.document;
        if document.pending() > 0 {
            return Ok(None);
        }
        match document.save_verified() {
            Ok(saved) => Ok(Some(WholeDocument { heads: document.heads(), saved })),
            Err(error) => {
                tracing::error!("made no snapshot, for it does not read back: {error}");
                Ok(None)
            }
        }
    }

    /// Looks at a teammate's snapshot, apart from the loop: it may take a while.
    pub(super) fn check_snapshot(
        &mut self,
        log: LogId,
        hash: Hash,
        whole: WholeDocument,
    ) -> Result<(), Fault> {
        self.apart("snapshot", move |way| async move {
            let checked = open(&whole).map(drop);
            // When the loop has ended, nobody needs it any more.
            way.hand(move |core| core.team_input(Input::SnapshotChecked { log, hash, checked }));
        })
    }

    /// Takes a teammate's snapshot into a document.
    pub(super) fn take_snapshot(&mut self, taking: &Taking) -> Result<(), Fault> {
        let taken = self.try_snapshot(taking)?;
        let (log, hash) = (taking.log, taking.hash);
        self.team_input(Input::SnapshotTaken { log, hash, taken });
        Ok(())
    }

    fn try_snapshot(&mut self, taking: &Taking) -> Result<Result<BTreeSet<Hash>, SnapshotFault>, Fault> {
        let whole = match open(&taking.whole) {
            Ok(whole) => whole,
            Err(fault) => return Ok(Err(fault)),
        };
        let has: BTreeSet<Hash> = whole.changes.iter().map(|it| Hash::of(it)).collect();
        let (log, document) = (taking.log, Ulid::from_bytes(taking.document));
        let state = taking.state.to_bytes();
        self.make_room(document, self.is_workspace(log))?;
        for _ in 0..TRIES_MAX {
            self.follow(document)?;
            let waiting: Vec<(i64, Hash)> = self
                .store
                .outbox_after(0)?
                .into_iter()
                .filter(|it| it.document == document)
                .map(|it| (it.id, Hash::of(&it.bytes)))
                .collect();
            if taking.must_hold_all {
                let waits: BTreeSet<Hash> = waiting.iter().map(|it| it.1).collect();
                let here = self.opened(document)?.document.changes();
                if here.iter().map(|it| Hash::of(it)).any(|it| !has.contains(&it) && !waits.contains(&it)) {
                    return Ok(Err(SnapshotFault::Lacks));
                }
            }
            let settled: Vec<i64> =
                waiting.into_iter().filter(|(_, it)| has.contains(it)).map(|(id, _)| id).collect();
            let reading = Reading { log: log.0, state: &state, settled: &settled };
            let incoming = Incoming { changes: &whole.changes, is_whole: true };
            match self.take_once(log, document, &incoming, reading)? {
                Took::All => {
                    self.has_come(log, document)?;
                    return Ok(Ok(has));
                }
                Took::Nothing(reason) => return Ok(Err(SnapshotFault::Unreadable(reason))),
                Took::NotYet => {}
            }
        }
        Err(internal(
            "Another program keeps changing this journey, so a teammate's state of it found no gap.",
        ))
    }

    pub(super) fn snapshot_refused(&mut self, refused: &RefusedSnapshot) {
        let who = refused.by.map(|it| format!(" by {}", self.name_of(it))).unwrap_or_default();
        self.note(format!("A journey's saved state{who} was left out: {}.", refused.reason));
    }
}

/// Takes a snapshot's document apart and sees whether it is the one that it should be.
fn open(whole: &WholeDocument) -> Result<Whole, SnapshotFault> {
    let opened = Whole::open(&whole.saved).map_err(|it| SnapshotFault::Unreadable(it.to_string()))?;
    if opened.heads == whole.heads { Ok(opened) } else { Err(SnapshotFault::Differs) }
}
