//! The rules for records.
//!
//! The author may write, cites the newest roster record and its epoch, and continues its own chain. A record that
//! is there already is answered as if it were new, however old it is and whatever it cites, so that a lost answer
//! is never a conflict.

use custory_wire::{DeviceChain, Hash, NackReason, ToClient};

use super::{Answer, Batch, CHUNK_BYTES_MAX, Result, Run, SEQ_MAX, may_write, read};
use crate::store::writer::{Arrival, PushJob};

impl Batch<'_> {
    /// Records of one push: those that are taken are acknowledged, the first that is not is named.
    pub(in crate::store) fn push(&mut self, push: PushJob) -> Result<()> {
        let at = self.log(&push.topic);
        let log = push.topic.log();
        let (mut acks, mut rest) = (Vec::with_capacity(push.records.len()), push.rest);
        for arrival in push.records {
            let dseq = arrival.dseq;
            match self.append(at, push.device, arrival)? {
                Ok(seq) => acks.push((dseq, seq)),
                Err(reason) => {
                    rest = Some((Some(dseq), reason));
                    break;
                }
            }
        }
        let mut messages = Vec::with_capacity(1);
        if !acks.is_empty() {
            messages.push(ToClient::Ack { log, records: acks }.to_bytes().into());
        }
        if let Some((dseq, reason)) = rest {
            self.refused += 1;
            messages.push(ToClient::Nack { log: Some(log), dseq, reason }.to_bytes().into());
        }
        self.answers.push(Answer { to: push.to, messages, bytes: push.bytes });
        drop(push.permit);
        Ok(())
    }

    /// One record by the rules: its number in the log, or why it is not taken.
    fn append(
        &mut self,
        at: usize,
        device: u32,
        arrival: Arrival,
    ) -> Result<std::result::Result<u64, NackReason>> {
        let mine = self.device_chain(at, device);
        let pending = &self.logs[at];
        let space = &self.spaces[pending.space];
        let Some(roster) = &space.roster else { return Ok(Err(NackReason::Denied)) };
        if !may_write(roster, device) {
            return Ok(Err(NackReason::Denied));
        }
        if arrival.dseq <= mine.dseq {
            return Ok(match self.authored(at, device, arrival.dseq)? {
                Some((seq, hash)) if hash == arrival.hash => {
                    self.repeated += 1;
                    Ok(seq)
                }
                // Given up for a snapshot since, which has it: its number is not known any more.
                None if arrival.dseq > 0 => Ok(0),
                _ => Err(NackReason::ChainConflict { mine }),
            });
        }
        if (arrival.rseq, arrival.rhead, arrival.epoch) != (roster.rseq(), roster.rhead(), roster.epoch()) {
            return Ok(Err(NackReason::RosterStale { rseq: roster.rseq() }));
        }
        if !mine.continues(arrival.dseq, &arrival.prev) {
            return Ok(Err(NackReason::ChainGap { mine }));
        }
        let is_first = pending.row.is_none() && pending.runs.is_empty();
        if space.bytes.saturating_add(arrival.bytes.len() as u64) > self.limits.space_bytes_max
            || is_first && space.logs >= self.limits.space_logs_max
            || pending.tip.seq >= SEQ_MAX
        {
            return Ok(Err(NackReason::Quota));
        }
        Ok(Ok(self.take(at, device, &mine, is_first, arrival)))
    }

    fn take(&mut self, at: usize, device: u32, mine: &DeviceChain, is_first: bool, arrival: Arrival) -> u64 {
        let pending = &mut self.logs[at];
        let space = &mut self.spaces[pending.space];
        let bytes = arrival.bytes.len();
        space.bytes += bytes as u64;
        space.logs += u32::from(is_first);
        let before = pending.tip;
        pending.tip = before.then(&arrival.hash);
        pending.authors.insert(device, mine.then(&arrival.hash));
        match pending.runs.last_mut() {
            Some(run) if run.device == device && run.bytes + bytes <= CHUNK_BYTES_MAX => {
                run.bytes += bytes;
                run.records.push(arrival.bytes);
                run.hashes.push(arrival.hash);
            }
            _ => pending.runs.push(Run {
                device,
                dseq: arrival.dseq,
                before,
                start: pending.end,
                bytes,
                records: vec![arrival.bytes],
                hashes: vec![arrival.hash],
            }),
        }
        pending.end += bytes as u64;
        pending.tip.seq
    }

    fn device_chain(&self, at: usize, device: u32) -> DeviceChain {
        let pending = &self.logs[at];
        let known = || pending.topic.live().authors.get(&device).copied();
        pending.authors.get(&device).copied().or_else(known).unwrap_or_default()
    }

    /// A device's record by its own number, in this batch or before.
    fn authored(&self, at: usize, device: u32, dseq: u64) -> Result<Option<(u64, Hash)>> {
        let pending = &self.logs[at];
        for run in pending.runs.iter().filter(|it| it.device == device && it.dseq <= dseq) {
            let offset = dseq - run.dseq;
            if let Some(hash) = run.hashes.get(offset as usize) {
                return Ok(Some((run.before.seq + 1 + offset, *hash)));
            }
        }
        pending.row.map_or(Ok(None), |row| read::authored(&self.transaction, row, device, dseq))
    }
}
