//! Roster records: the rules themselves are the protocol's (`custory_wire::Roster`); here they meet the store.

use std::sync::Arc;

use custory_wire::{Action, Hash, NackReason, Roster, ToClient, limits::ROSTER_RECORDS_MAX};
use rusqlite::params;

use super::{Batch, Result, read};
use crate::store::writer::RosterJob;

impl Batch<'_> {
    /// Roster records that somebody brings: those that are known are skipped, those that fit are taken, and the
    /// first that does not fit ends it.
    pub(in crate::store) fn roster(&mut self, job: RosterJob) -> Result<()> {
        let at = self.space(&job.space);
        let mut refused = (job.records.len() > ROSTER_RECORDS_MAX).then_some(NackReason::TooBig);
        let mut is_new = false;
        for record in &job.records {
            if refused.is_some() {
                break;
            }
            match self.roster_record(at, &job, record)? {
                Ok(is_taken) => is_new |= is_taken,
                Err(reason) => refused = Some(reason),
            }
        }
        if let Some(reason) = refused {
            self.refused += 1;
            self.answer(&job.to, &ToClient::Nack { log: None, dseq: None, reason });
        } else if !is_new {
            let rseq = self.spaces[at].roster.as_ref().map_or(0, |it| it.rseq());
            self.answer(&job.to, &ToClient::Roster { first: rseq + 1, records: Vec::new(), rseq });
        }
        Ok(())
    }

    /// Whether a record was taken (`true`), was there already, or why it does not fit.
    fn roster_record(
        &mut self,
        at: usize,
        job: &RosterJob,
        record: &[u8],
    ) -> Result<std::result::Result<bool, NackReason>> {
        let space = &self.spaces[at];
        if space.bytes.saturating_add(record.len() as u64) > self.limits.space_bytes_max {
            return Ok(Err(NackReason::Quota));
        }
        let roster = match space.roster.as_deref() {
            None if !job.may_create || read::spaces(&self.transaction)? >= self.limits.spaces_max.into() => {
                return Ok(Err(NackReason::NotAdmitted));
            }
            None => match Roster::begin(record) {
                Ok(begun) if begun.space() == job.space.id() => begun,
                _ => return Ok(Err(NackReason::RosterRefused)),
            },
            Some(known) if is_known(known, record) => return Ok(Ok(false)),
            Some(known) => {
                let mut next = known.clone();
                let Ok(body) = next.apply(record) else { return Ok(Err(NackReason::RosterRefused)) };
                let is_join = |by: u32| matches!(body.action, Action::Join { invite, .. } if invite == by);
                if job.only_join.is_some_and(|by| !is_join(by)) {
                    return Ok(Err(NackReason::Denied));
                }
                if let Action::Invite { key, .. } = body.action {
                    self.spaces[at].invitations.push(key);
                }
                next
            }
        };
        let row = self.row_of_space(at)?;
        self.transaction.prepare_cached("INSERT INTO roster VALUES (?1, ?2, ?3)")?.execute(params![
            row,
            roster.rseq(),
            record
        ])?;
        let space = &mut self.spaces[at];
        space.bytes += record.len() as u64;
        space.kept_bytes += record.len() as i64;
        space.roster = Some(Arc::new(roster));
        space.has_new_roster = true;
        Ok(Ok(true))
    }
}

/// Whether a roster has this very record.
fn is_known(roster: &Roster, record: &[u8]) -> bool {
    let head = Some(Hash::of(record).head());
    (1..=roster.rseq()).rev().any(|rseq| roster.rhead_at(rseq) == head)
}
