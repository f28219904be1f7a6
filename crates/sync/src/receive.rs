//! Records as they arrive: which are taken in, and what each that is not is guilty of.
//!
//! Rules, in this order: known version · this log · known author, who might write at the roster
//! record that it names · that roster record is of this roster, and no older than the last one named ·
//! its epoch is that of the roster record · signature · next of its author's chain · not quarantined ·
//! the place that its author had seen is on this history · the seal opens · the document is the log's.

use custory_seal::{Epochs, Payload, open_record};
use custory_wire::{Chain, DeviceChain, LogId, Parsed, RecordError, Roster};

use crate::log::Log;

/// A record that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The log.
    pub log: LogId,
    /// Its place.
    pub seq: u64,
    /// Who is named as its author, if anybody, and the number among their records.
    pub by: Option<(u32, u64)>,
    /// Why.
    pub reason: Skip,
}

/// Why a record is not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skip {
    /// Not a record.
    #[error("it is not a record")]
    Malformed,
    /// It belongs to another log.
    #[error("it belongs to another log")]
    OtherLog,
    /// Its author is not in the roster, or might not write.
    #[error("its author might not write then")]
    NotAllowed,
    /// It names a roster record that is not in this roster.
    #[error("it names another roster")]
    OtherRoster,
    /// It names an older roster record than one before it, or another epoch than that record's.
    #[error("it was written before a change of the team that came before it")]
    Late,
    /// The signature is not its author's.
    #[error("it is not signed by whom it says")]
    Forged,
    /// It was there before.
    #[error("it was there before")]
    Replayed,
    /// Records of its author are missing before it, or differ from what it follows.
    #[error("it does not follow its author's record before")]
    BrokenChain,
    /// An admin had all skip it.
    #[error("an admin took it out")]
    Quarantined,
    /// It does not open.
    #[error("it does not open: {0}")]
    Sealed(custory_seal::OpenError),
    /// Its content is of another document than the log.
    #[error("its content is of another journey")]
    OtherDocument,
}

/// Proof that the relay has shown two histories of one log: the record's author signed to have seen
/// another head at a place than this device has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The log.
    pub log: LogId,
    /// The record, as received.
    pub record: Vec<u8>,
    /// Its author, and the number among their records.
    pub by: (u32, u64),
    /// The place that its author had seen.
    pub theirs: Chain,
    /// What this device had come to.
    pub ours: Chain,
}

/// What comes of one record.
pub(crate) enum Taken {
    /// Its changes belong into the document.
    Changes { payload: Payload },
    /// It is skipped, and the log goes on after it.
    Skipped(Skipped),
    /// The roster must be asked for first.
    NeedsRoster,
    /// This program is too old.
    NeedsUpdate,
    /// The relay has lied.
    Forked(Fork),
}

/// What is known when a record arrives.
pub(crate) struct Reader<'a> {
    pub roster: &'a Roster,
    pub epochs: &'a Epochs,
    pub device: Option<u32>,
}

impl Reader<'_> {
    /// Takes the next record of a log.
    pub fn take(&self, log: &mut Log, bytes: &[u8]) -> Taken {
        let seq = log.state.at.seq + 1;
        let parsed = match Parsed::parse(bytes) {
            Ok(parsed) => parsed,
            Err(RecordError::OtherVersion) => return Taken::NeedsUpdate,
            Err(RecordError::Decode(_)) => {
                log.state.step(bytes);
                return Taken::Skipped(Skipped { log: log.id, seq, by: None, reason: Skip::Malformed });
            }
        };
        let header = &parsed.header;
        if header.log == log.id && header.rseq > self.roster.rseq() && !log.asked_roster {
            return Taken::NeedsRoster;
        }
        let by = Some((header.device, header.dseq));
        let id = log.id;
        let skipped = |reason| Skipped { log: id, seq, by, reason };
        let outcome = match self.admit(log, &parsed) {
            Err(reason) => Err(skipped(reason)),
            Ok(chain) => {
                let is_quarantined = self.roster.is_quarantined(&log.id, header.device, header.dseq);
                let theirs = Chain { seq: header.seen_seq, head: header.seen_head };
                if !is_quarantined && log.state.agrees(theirs.seq, &theirs.head) == Some(false) {
                    let (record, ours) = (bytes.to_vec(), log.state.at);
                    let by = (header.device, header.dseq);
                    return Taken::Forked(Fork { log: log.id, record, by, theirs, ours });
                }
                let outcome = if is_quarantined { Err(Skip::Quarantined) } else { self.open(log, &parsed) };
                // From here on its author has written it, whatever is in it.
                log.state.devices.insert(header.device, chain);
                log.state.rseq = header.rseq;
                log.state.note_seen(header.device, theirs);
                outcome.map_err(skipped)
            }
        };
        log.state.step(bytes);
        let is_own = self.device == Some(header.device);
        match outcome {
            Ok(payload) => {
                if is_own {
                    log.state.own_seq = seq;
                }
                Taken::Changes { payload }
            }
            Err(skipped) => Taken::Skipped(skipped),
        }
    }

    /// Whether its author might write it, here; the author's chain with it.
    fn admit(&self, log: &Log, record: &Parsed) -> Result<DeviceChain, Skip> {
        let header = &record.header;
        if header.log != log.id {
            return Err(Skip::OtherLog);
        }
        if self.roster.rhead_at(header.rseq) != Some(header.rhead) {
            return Err(Skip::OtherRoster);
        }
        let role = self.roster.role_at(header.device, header.rseq);
        let device = self.roster.device(header.device).filter(|_| role.is_some_and(|it| it.may_write()));
        let device = device.ok_or(Skip::NotAllowed)?;
        if !record.is_signed_by(&device.sign) {
            return Err(Skip::Forged);
        }
        if header.rseq < log.state.rseq || self.roster.epoch_at(header.rseq) != Some(header.epoch) {
            return Err(Skip::Late);
        }
        let chain = log.state.devices.get(&header.device).copied().unwrap_or_default();
        if header.dseq <= chain.dseq {
            return Err(Skip::Replayed);
        }
        if !chain.continues(header.dseq, &header.prev) {
            return Err(Skip::BrokenChain);
        }
        Ok(chain.then(&record.hash))
    }

    fn open(&self, log: &mut Log, record: &Parsed) -> Result<Payload, Skip> {
        let payload = open_record(self.epochs, record).map_err(Skip::Sealed)?;
        let space = self.roster.space();
        let fits = if log.id == space.workspace_log() {
            log.state.document().is_none_or(|it| it == payload.document)
        } else {
            log.id == space.journey_log(&payload.document) || log.id == space.picture_log(&payload.document)
        };
        if !fits {
            return Err(Skip::OtherDocument);
        }
        log.state.document = Some(payload.document.into());
        Ok(payload)
    }
}
