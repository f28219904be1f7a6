//! Snapshots of the team: a document saved for teammates, one of theirs looked at, one taken in.
//!
//! A teammate's snapshot is taken apart and checked beside the loop, each change as it would be in a record of
//! theirs. A document of which nothing is here is made there whole; of another, what is
//! missing is merged. Either goes to the disk in one transaction with the place that it stands for.

use std::collections::BTreeSet;

use custory_document::{Actor, Document, Refusal, Still, Whole};
use custory_domain::Board;
use custory_store::{Effect, Reading};
use custory_sync::{Input, RefusedSnapshot, SnapshotFault, Taking, WholeDocument};
use custory_wire::{Chain, Hash, LogId};
use ulid::Ulid;

use super::glimpse::view_of;
use super::receive::{Incoming, Took};
use crate::failure::{Fault, internal};
use crate::inbox::Core;
use crate::open::Open;

/// How often a snapshot is tried anew because another program wrote in between.
const TRIES_MAX: usize = 16;

/// A teammate's saved document, taken apart.
pub(crate) struct LookedAt {
    whole: Whole,
    /// What was made of it.
    made: Made,
}

/// What is wanted of a teammate's saved document.
enum Wanted {
    /// Nothing but that it is what it is said to be.
    Nothing,
    /// The document, with which this actor goes on; nothing is here of it.
    Document(Actor),
    /// To be merged into a document that is here.
    Changes,
}

enum Made {
    Nothing,
    Document(Box<Fresh>),
    /// By BLAKE3 hash, the changes in it.
    Hashes(BTreeSet<Hash>),
}

/// A document that nothing was here of.
struct Fresh {
    document: Document,
    saved: Vec<u8>,
}

impl Core {
    /// Saves a document whole if it is exactly what its log holds. The saving itself happens beside the loop.
    pub(super) fn save_for_team(&mut self, (log, at): (LogId, Chain), document: Ulid) -> Result<(), Fault> {
        match self.still_if_settled(document)? {
            None => self.team_input(Input::Saved { log, at, whole: None }),
            Some((still, board)) => self.apart("snapshot", move |way| async move {
                let whole = save(&still, board.as_ref());
                // When the loop has ended, nobody needs it any more.
                way.hand(move |core| core.team_input(Input::Saved { log, at, whole }));
            })?,
        }
        Ok(())
    }

    /// The newest changes of a document before these came and before those that wait were made; `None` if
    /// that cannot be told.
    pub(super) fn heads_before(
        &mut self,
        document: Ulid,
        mut since: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<[u8; 32]>>, Fault> {
        // What another program wrote here, and the relay has, may not be in memory yet.
        self.follow(document)?;
        let waiting = self.store.outbox_after(0)?.into_iter().filter(|it| it.document == document);
        since.extend(waiting.map(|it| it.bytes));
        Ok(self.opened(document)?.document.heads_before(&since))
    }

    /// The document as it is, and the board of a journey.
    fn still_if_settled(&mut self, document: Ulid) -> Result<Option<(Still, Option<Board>)>, Fault> {
        // What another program wrote here, and the relay has, may not be in memory yet.
        self.follow(document)?;
        if self.store.has_waiting(document)? {
            return Ok(None);
        }
        let document = &self.opened(document)?.document;
        if document.pending() > 0 {
            return Ok(None);
        }
        let board = document.board();
        Ok(Some((document.still(), board.journey().is_some().then(|| board.clone()))))
    }

    /// Looks at a teammate's snapshot, apart from the loop: it may take a while. One that is to be taken is
    /// kept until the client says so.
    pub(super) fn check_snapshot(
        &mut self,
        (log, hash): (LogId, Hash),
        whole: WholeDocument,
        to_take: Option<Ulid>,
    ) -> Result<(), Fault> {
        let mut actor = [0; 16];
        self.entropy.fill(&mut actor);
        let wanted = match to_take {
            Some(document) if self.store.board(document)?.is_empty() => Wanted::Document(Actor(actor)),
            Some(_) => Wanted::Changes,
            None => Wanted::Nothing,
        };
        self.apart("snapshot", move |way| async move {
            let looked = look_at(&whole, wanted);
            way.hand(move |core| {
                let checked = looked.map(|it| {
                    if let (Some(_), Some(team)) = (to_take, &mut core.team) {
                        team.looked_at.insert(hash, it);
                    }
                });
                if let (Err(_), Some(document)) = (&checked, to_take)
                    && let Err(fault) = core.end_glimpse(document)
                {
                    tracing::error!("cannot say that a journey is not there: {fault}");
                }
                core.team_input(Input::SnapshotChecked { log, hash, checked });
            });
        })
    }

    /// Takes a teammate's snapshot into a document.
    pub(super) fn take_snapshot(&mut self, taking: &Taking) -> Result<(), Fault> {
        let (log, hash) = (taking.log, taking.hash);
        let taken = self.try_snapshot(taking)?;
        if taken.is_err() {
            self.end_glimpse(Ulid::from_bytes(taking.document))?;
        }
        self.team_input(Input::SnapshotTaken { log, hash, taken });
        Ok(())
    }

    fn try_snapshot(&mut self, taking: &Taking) -> Result<Result<BTreeSet<Hash>, SnapshotFault>, Fault> {
        let kept = self.team.as_mut().and_then(|it| {
            let kept = it.looked_at.remove(&taking.hash);
            // Others belong to snapshots that were given up since.
            it.looked_at.clear();
            kept
        });
        let looked = match kept.map_or_else(|| look_at(&taking.whole, Wanted::Changes), Ok) {
            Ok(looked) => looked,
            Err(fault) => return Ok(Err(fault)),
        };
        let LookedAt { whole, made } = looked;
        let (log, document) = (taking.log, Ulid::from_bytes(taking.document));
        let state = taking.state.to_bytes();
        self.make_room(log, document)?;
        let has = match made {
            Made::Document(fresh) => {
                if self.take_fresh(log, document, *fresh, (whole.count(), &state))? {
                    let has = taking.wants_hashes.then(|| hashes_of(&whole));
                    return Ok(Ok(has.unwrap_or_default()));
                }
                hashes_of(&whole)
            }
            Made::Hashes(has) => has,
            Made::Nothing => hashes_of(&whole),
        };
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
            let missing = whole.missing_in(&self.opened(document)?.document);
            let reading = Reading { log: log.0, state: &state, settled: &settled };
            let incoming = Incoming { changes: &missing, is_whole: true };
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

    /// Takes a document of which nothing is here as it is; `false` if something is.
    fn take_fresh(
        &mut self,
        log: LogId,
        id: Ulid,
        fresh: Fresh,
        (changes, state): (usize, &[u8]),
    ) -> Result<bool, Fault> {
        let Fresh { document, saved } = fresh;
        let reading = Reading { log: log.0, state, settled: &[] };
        let everything =
            custory_domain::Patch { put: document.board().entities().collect(), removed: Vec::new() };
        let notices = self.notices(id, document.board(), &everything);
        let effect = Effect { patch: &everything, notices: &notices };
        let Some(seq) = self.store.commit_whole(id, (changes, &saved), effect, reading)? else {
            return Ok(false);
        };
        let differs = self.after_glimpse(id, document.board());
        self.open.insert(id, Open { document, seq });
        self.tell_received(log, id, differs)?;
        self.tell_journeys()?;
        self.has_come(log, id)?;
        Ok(true)
    }

    pub(super) fn snapshot_refused(&mut self, refused: &RefusedSnapshot) {
        let who = refused.by.map(|it| format!(" by {}", self.name_of(it))).unwrap_or_default();
        self.note(format!("A journey's saved state{who} was left out: {}.", refused.reason));
    }
}

/// Saves a document for teammates, with what is shown of it.
fn save(still: &Still, board: Option<&Board>) -> Option<WholeDocument> {
    match still.save_verified() {
        Ok(saved) => {
            Some(WholeDocument { heads: still.heads(), saved, view: board.map(view_of).unwrap_or_default() })
        }
        Err(error) => {
            tracing::error!("made no snapshot, for it does not read back: {error}");
            None
        }
    }
}

/// Takes a snapshot's document apart, sees whether it is the one that it should be, and makes of it what is
/// wanted.
fn look_at(whole: &WholeDocument, wanted: Wanted) -> Result<LookedAt, SnapshotFault> {
    let unreadable = |it: Refusal| SnapshotFault::Unreadable(it.to_string());
    let opened = Whole::open(&whole.saved).map_err(unreadable)?;
    if opened.heads() != whole.heads {
        return Err(SnapshotFault::Differs);
    }
    let made = match wanted {
        Wanted::Nothing => Made::Nothing,
        Wanted::Changes => Made::Hashes(hashes_of(&opened)),
        Wanted::Document(actor) => {
            // Its own saved form, and not the teammate's, is what this device goes on from.
            let (document, saved) = opened.to_document(&whole.saved, actor).map_err(unreadable)?;
            Made::Document(Box::new(Fresh { document, saved }))
        }
    };
    Ok(LookedAt { whole: opened, made })
}

fn hashes_of(whole: &Whole) -> BTreeSet<Hash> {
    whole.chunks().iter().map(|it| Hash::of(it)).collect()
}
