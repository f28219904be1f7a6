//! Roster records that somebody brings.

use std::sync::Arc;

use custory_wire::{NackReason, ToClient, limits::ROSTER_RECORDS_MAX};
use rusqlite::params;

use super::super::super::job::RosterJob;
use super::super::super::rules;
use super::{Batch, Result, read};

impl Batch<'_> {
    /// Roster records that somebody brings: those that are known are skipped, those that fit are taken, and the
    /// first that does not fit ends it.
    pub(in super::super) fn roster(&mut self, job: RosterJob) -> Result<()> {
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
        if !space.sizes.has_room(self.limits, record.len() as u64) {
            return Ok(Err(NackReason::Quota));
        }
        let may_create = space.roster.is_none()
            && job.may_create
            && read::spaces(&self.transaction)? < self.limits.spaces_max.into();
        let next = match rules::roster(space.roster.as_deref(), job, record, may_create) {
            Ok(Some(next)) => next,
            Ok(None) => return Ok(Ok(false)),
            Err(reason) => return Ok(Err(reason)),
        };
        let row = self.row_of_space(at)?;
        self.transaction.prepare_cached("INSERT INTO roster VALUES (?1, ?2, ?3)")?.execute(params![
            row as i64,
            next.roster.rseq(),
            record
        ])?;
        let space = &mut self.spaces[at];
        space.sizes.bytes += record.len() as u64;
        space.kept_bytes += record.len() as i64;
        space.roster = Some(Arc::new(next.roster));
        space.invitations.extend(next.invitation);
        space.has_new_roster = true;
        Ok(Ok(true))
    }
}
