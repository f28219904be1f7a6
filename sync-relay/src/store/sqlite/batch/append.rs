//! Records that devices push.

use custory_wire::{NackReason, ToClient};

use super::super::super::job::{Arrival, PushJob};
use super::super::super::rules::{self, Verdict};
use super::{Answer, Batch, Result, read};

impl Batch<'_> {
    /// Records of one push: those that are taken are acknowledged, the first that is not is named.
    pub(in super::super) fn push(&mut self, push: PushJob) -> Result<()> {
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
        let pending = &mut self.logs[at];
        let (draft, space) = (&mut pending.draft, &mut self.spaces[pending.space]);
        match draft.judge(space.roster.as_deref(), space.sizes, self.limits, device, &arrival) {
            Verdict::Take => Ok(Ok(draft.take(&mut space.sizes, device, arrival))),
            Verdict::Refuse(reason) => Ok(Err(reason)),
            Verdict::LookUp => {
                let found = match (draft.authored(device, arrival.dseq), draft.mark) {
                    (None, Some(row)) => read::authored(&self.transaction, row, device, arrival.dseq)?,
                    (found, _) => found,
                };
                let known = rules::known(&draft.chain_of(device), &arrival, found);
                self.repeated += u64::from(matches!(known, Ok(seq) if seq > 0));
                Ok(known)
            }
        }
    }
}
