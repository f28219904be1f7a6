//! Records and roster records: judged, stamped, written with a fence, shown.
//!
//! Everything here may be tried again: what an attempt that failed has written after all is found by the next one
//! and answered as what is there already.

use std::sync::Arc;

use custory_wire::{DeviceChain, Hash, Head, NackReason, ToClient, limits::ROSTER_RECORDS_MAX};

use super::super::draft::{LogDraft, Run};
use super::super::job::{PushJob, RosterJob, WriterLimits};
use super::super::publish::Answer;
use super::super::rules::{self, Sizes, Verdict};
use super::super::{StoreError, records};
use super::Nats;
use super::cluster::{Entry, Put, Write, trouble};
use super::layout::{LogStamp, RosterStamp, RunStamp, all_rosters, stamp};
use crate::hub::Topic;

type Result<T> = std::result::Result<T, StoreError>;

/// Bytes of records in one message, unless a single one is longer.
const MESSAGE_BYTES_MAX: usize = 256 * 1024;

/// What became of pushes.
pub(super) struct Pushed {
    /// In the order of the pushes.
    pub(super) answers: Vec<Vec<bytes::Bytes>>,
    pub(super) records: usize,
    pub(super) bytes: u64,
    pub(super) repeated: u64,
    pub(super) refused: u64,
}

impl Nats {
    /// Records of pushes to one log: those that are taken are written and acknowledged, the first of each push that
    /// is not is named.
    pub(super) async fn push(
        &self,
        limits: &WriterLimits,
        topic: &Arc<Topic>,
        jobs: &[PushJob],
    ) -> Result<Pushed> {
        let space = topic.space();
        let newest_named = jobs.iter().flat_map(|job| &job.records).map(|it| it.rseq).max();
        if newest_named.is_some_and(|it| it > space.rseq()) {
            self.refresh_roster(space).await?;
        }
        let (roster, mut sizes) = (space.roster(), Sizes::of(space));
        let (rseq, mut draft) = (space.rseq(), LogDraft::of(topic));
        let mut pushed = Pushed { answers: Vec::new(), records: 0, bytes: 0, repeated: 0, refused: 0 };
        for job in jobs {
            let (mut acks, mut rest) = (Vec::with_capacity(job.records.len()), job.rest);
            for arrival in &job.records {
                let judged = match draft.judge(roster.as_deref(), sizes, limits, job.device, arrival) {
                    Verdict::Take => Ok(draft.take(&mut sizes, job.device, arrival.clone())),
                    Verdict::Refuse(reason) => Err(reason),
                    Verdict::LookUp => {
                        let found = match draft.authored(job.device, arrival.dseq) {
                            Some(found) => Some(found),
                            None => self.authored(topic, job.device, arrival.dseq).await?,
                        };
                        let known = rules::known(&draft.chain_of(job.device), arrival, found);
                        pushed.repeated += u64::from(matches!(known, Ok(seq) if seq > 0));
                        known
                    }
                };
                match judged {
                    Ok(seq) => acks.push((arrival.dseq, seq)),
                    Err(reason) => {
                        rest = Some((Some(arrival.dseq), reason));
                        break;
                    }
                }
            }
            pushed.refused += u64::from(rest.is_some());
            pushed.answers.push(messages(topic, acks, rest));
        }
        pushed.bytes = draft.runs.iter().map(|it| it.bytes as u64).sum();
        pushed.records = draft.runs.iter().map(|it| it.records.len()).sum();
        self.write_runs(topic, draft, rseq).await?;
        Ok(pushed)
    }

    async fn write_runs(&self, topic: &Arc<Topic>, draft: LogDraft, rseq: u32) -> Result<()> {
        let (space, log) = (topic.space(), topic.log());
        let subject = self.address(&space.id()).log(&log);
        let (mut after, mut authors) = (draft.mark.unwrap_or(0), topic.live().authors.clone());
        for runs in together(draft.runs) {
            let (Some(first), Some(last)) = (runs.first(), runs.last()) else { continue };
            for run in &runs {
                let dseq = run.dseq + run.records.len() as u64 - 1;
                let last = run.hashes.last().map_or(Head::ZERO, Hash::head);
                authors.insert(run.device, DeviceChain { dseq, last });
            }
            let written = LogStamp {
                before: first.before,
                start: first.start,
                tip: last.tip(),
                end: last.start + last.bytes as u64,
                rseq,
                runs: runs
                    .iter()
                    .map(|it| RunStamp { device: it.device, dseq: it.dseq, count: it.records.len() as u64 })
                    .collect(),
                authors: authors.iter().map(|(device, chain)| (*device, *chain)).collect(),
            };
            let records: Vec<_> = runs.into_iter().flat_map(|it| it.records).collect();
            let (stamp, body) = (stamp(&written), bytes::Bytes::from(records::join(&records)));
            let write = Write {
                subject: subject.clone(),
                stamp: Some(stamp.clone()),
                body: body.clone(),
                after: Some(after),
                replaces: false,
            };
            match self.cluster.put(write).await? {
                Put::Done(seq) => after = seq,
                Put::Overtaken => {
                    self.catch_up(topic).await?;
                    return Err(trouble("another relay has written to the same log"));
                }
            }
            self.hear_log(space, log, Entry::written(after, subject.clone(), stamp, body)).await?;
        }
        Ok(())
    }

    /// Roster records that somebody brings: those that are known are skipped, those that fit are taken, and the
    /// first that does not fit ends it. The answer, if there is one beside the roster itself.
    pub(super) async fn put_roster(&self, limits: &WriterLimits, job: &RosterJob) -> Result<Option<Answer>> {
        let space = &job.space;
        let mut refused = (job.records.len() > ROSTER_RECORDS_MAX).then_some(NackReason::TooBig);
        let (mut is_new, mut rest) = (false, job.records.as_slice());
        while refused.is_none() && !rest.is_empty() {
            let may_create = space.roster().is_none()
                && job.may_create
                && self.count_spaces().await? < limits.spaces_max as usize;
            let (mut roster, mut sizes) = (space.roster(), Sizes::of(space));
            let (mut taken, mut bytes, mut invitations) = (Vec::new(), 0, Vec::new());
            while let Some((record, after)) = rest.split_first() {
                if bytes > 0 && bytes + record.len() > MESSAGE_BYTES_MAX {
                    break;
                }
                if !sizes.has_room(limits, record.len() as u64) {
                    refused = Some(NackReason::Quota);
                    break;
                }
                match rules::roster(roster.as_deref(), job, record, may_create) {
                    Ok(None) => {}
                    Ok(Some(next)) => {
                        invitations.extend(next.invitation);
                        roster = Some(Arc::new(next.roster));
                        (bytes, sizes.bytes) = (bytes + record.len(), sizes.bytes + record.len() as u64);
                        taken.push(record.clone());
                    }
                    Err(reason) => {
                        refused = Some(reason);
                        break;
                    }
                }
                rest = after;
            }
            let (Some(roster), false) = (roster, taken.is_empty()) else { continue };
            let last = roster.rseq();
            let stamped = RosterStamp { first: last + 1 - taken.len() as u32, last };
            let write = Write {
                subject: self.address(&space.id()).roster(),
                stamp: Some(stamp(&stamped)),
                body: records::join(&taken).into(),
                after: Some(space.mark().unwrap_or(0)),
                replaces: false,
            };
            let put = self.cluster.put(write).await?;
            self.refresh_roster(space).await?;
            if put == Put::Overtaken {
                return Err(trouble("another relay has written to the same roster"));
            }
            is_new = true;
        }
        if let Some(reason) = refused {
            return Ok(Some(Answer::new(&job.to, &ToClient::Nack { log: None, dseq: None, reason })));
        }
        let rseq = space.rseq();
        let nothing_new = ToClient::Roster { first: rseq + 1, records: Vec::new(), rseq };
        Ok((!is_new).then(|| Answer::new(&job.to, &nothing_new)))
    }

    async fn count_spaces(&self) -> Result<usize> {
        let mut count = 0;
        for partition in 0..self.partitions {
            count += self.cluster.subjects(partition, &all_rosters(partition)).await?.len();
        }
        Ok(count)
    }
}

fn messages(
    topic: &Topic,
    acks: Vec<(u64, u64)>,
    rest: Option<(Option<u64>, NackReason)>,
) -> Vec<bytes::Bytes> {
    let log = topic.log();
    let ack = (!acks.is_empty()).then_some(ToClient::Ack { log, records: acks });
    let nack = rest.map(|(dseq, reason)| ToClient::Nack { log: Some(log), dseq, reason });
    ack.into_iter().chain(nack).map(|it| it.to_bytes().into()).collect()
}

/// Runs that go into one message.
fn together(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let (mut all, mut bytes) = (Vec::<Vec<Run>>::new(), 0);
    for run in runs {
        match all.last_mut() {
            Some(open) if bytes + run.bytes <= MESSAGE_BYTES_MAX => {
                bytes += run.bytes;
                open.push(run);
            }
            _ => {
                bytes = run.bytes;
                all.push(vec![run]);
            }
        }
    }
    all
}
