//! Confirming a snapshot of another: by whoever has had the same document at its place.
//!
//! What this device had there is found by leaving out what has come since, and is written down before
//! the snapshot is asked for, so that work may go on meanwhile.

use custory_seal::{Snapshot, sign_confirmation};
use custory_wire::{Chain, Hash, LogId, SnapshotInfo, Standing, ToRelay};

use super::claim::{Objection, check};
use super::{Fetching, Making, SnapshotFault, WholeDocument, Why};
use crate::client::Client;
use crate::io::Output;
use crate::log::Phase;

impl Client {
    /// The relay has a snapshot of a log.
    pub(crate) fn snapshot_is_there(&mut self, id: &LogId, info: SnapshotInfo) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        if self.space.is_picture_log(id) {
            return;
        }
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return };
        let snapshots = &mut log.snapshots;
        snapshots
            .making
            .take_if(|it| matches!(it, Making::Offered { info: mine, .. } if mine.hash == info.hash));
        if snapshots.fault(&info.hash).is_some() || log.state.tail.settled == Some(info.hash) {
            return;
        }
        match check(roster, log, &log.state, &info) {
            Ok(header) => {
                if info.base.seq >= log.state.tail.base {
                    log.state.tail.shorten(log.state.at.seq, info.base.seq, info.bytes_len);
                }
                // One's own word is enough only where there is nobody else.
                if header.device != device || roster.present().count() == 1 {
                    log.snapshots.newest = Some(info);
                    self.consider_snapshot(id);
                }
            }
            Err(Objection::Fault(fault)) => self.refuse_snapshot(id, (info.hash, info.base.seq, None), fault),
            // It will be there again when this device knows more.
            Err(Objection::NeedsRoster | Objection::NeedsUpdate) => {}
        }
    }

    /// Begins to compare the newest snapshot, if this device stands at its place.
    pub(crate) fn consider_snapshot(&mut self, id: &LogId) {
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return };
        let Some(info) = &log.snapshots.newest else { return };
        if log.state.at.seq < info.base.seq {
            return;
        }
        let Some((then, since)) = log.recent.back_to(&log.state, info.base.seq) else {
            // Passed too long ago to be remembered. Another will come.
            log.snapshots.newest = None;
            return;
        };
        let is_open = matches!(log.phase, Phase::Open { .. }) && !log.state.is_healing;
        let is_busy = log.snapshots.fetching.is_some() || log.snapshots.making.is_some();
        let Some(document) = then.document().filter(|_| is_open && !is_busy) else { return };
        let Some(info) = log.snapshots.newest.take() else { return };
        let named = (info.hash, info.base.seq);
        let fault = match check(roster, log, &then, &info) {
            Ok(_) if info.base != then.at => SnapshotFault::OtherHistory,
            Ok(header) => {
                let why = Why::ToCompare { heads: None, rseq: then.rseq };
                let (bytes, is_asked) = (Vec::new(), false);
                log.snapshots.fetching = Some(Fetching { info, header, bytes, is_asked, why });
                self.out.push(Output::Recall { log: *id, document, at: then.at, since });
                return;
            }
            Err(Objection::Fault(fault)) => fault,
            Err(Objection::NeedsRoster | Objection::NeedsUpdate) => return,
        };
        self.refuse_snapshot(id, (named.0, named.1, None), fault);
    }

    /// The newest changes that this device had at the place of a snapshot that is to be compared.
    pub(crate) fn recalled(&mut self, id: &LogId, at: Chain, had: Option<Vec<[u8; 32]>>) {
        let Some(log) = self.logs.get_mut(id) else { return };
        let Some(fetching) = &mut log.snapshots.fetching else { return };
        let Why::ToCompare { heads: heads @ None, .. } = &mut fetching.why else { return };
        match had.filter(|_| fetching.info.base == at) {
            Some(had) => {
                *heads = Some(had);
                self.ask_for_snapshots();
            }
            // It cannot be told any more; whoever can will confirm it.
            None => log.snapshots.fetching = None,
        }
    }

    /// A snapshot to be compared is here and opened.
    pub(super) fn compare(
        &mut self,
        id: &LogId,
        fetched: Fetching,
        content: Snapshot,
        (heads, rseq): (Option<Vec<[u8; 32]>>, u32),
    ) {
        let Fetching { info, header, .. } = fetched;
        if heads.as_ref() != Some(&content.heads) || content.rseq != rseq {
            let named = (info.hash, info.base.seq, Some(header.device));
            return self.refuse_snapshot(id, named, SnapshotFault::Differs);
        }
        let whole = WholeDocument { heads: content.heads, saved: content.saved, view: content.view };
        let hash = info.hash;
        if let Some(log) = self.logs.get_mut(id) {
            log.snapshots.checking = Some((hash, info.base.seq, Some(header.device)));
        }
        self.out.push(Output::CheckSnapshot { log: *id, hash, whole, to_take: None });
    }

    /// Whether the document in a compared snapshot is really what it says.
    pub(crate) fn snapshot_checked(&mut self, id: &LogId, hash: Hash, checked: Result<(), SnapshotFault>) {
        let is_up = self.standing().is_some();
        let Some(log) = self.logs.get_mut(id) else { return };
        if let Some(arrived) = log.snapshots.looked_at.take_if(|it| it.header.hash == hash) {
            return self.looked_at(id, arrived, checked);
        }
        let Some(named) = log.snapshots.checking.take_if(|it| it.0 == hash) else { return };
        if let Err(fault) = checked {
            return self.refuse_snapshot(id, named, fault);
        }
        if !is_up {
            return;
        }
        log.state.tail.settled = Some(hash);
        let state = Box::new(log.state.clone());
        let (document, changes, settled) = (None, Vec::new(), Vec::new());
        self.out.push(Output::Take { log: *id, document, changes, settled, state });
        let signature = sign_confirmation(&self.keys, id, &hash);
        self.send(ToRelay::SnapshotConfirm { log: *id, hash, signature });
    }
}
