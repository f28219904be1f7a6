//! What a client asks for, one message at a time. Answers go through the mailbox, so they keep their order with
//! the writer's.

use bytes::Bytes;
use custory_wire::{Chain, Hash, LeaseName, LogId, NackReason, Parsed, Standing, ToClient, ToRelay, limits};
use tokio::time::Instant;

use super::follow::Follow;
use super::{Connection, End, Flow};
use crate::clock;
use crate::hub::Subscriber;
use crate::lookup::{Opening, list_logs, open_log};
use crate::store::{Arrival, Job, PushJob, RosterJob, Said};

/// Bytes that a record costs in memory beside its own.
const RECORD_OVERHEAD_BYTES: usize = 256;

/// Credit that a client can pile up at most. More would only let a slow reader's socket fill.
const CREDIT_BYTES_MAX: u64 = 4 * limits::CREDIT_BYTES;

impl Connection {
    pub(super) async fn handle(&mut self, message: ToRelay) -> Flow<()> {
        if let Some(reason) = self.objection(&message) {
            self.reply(&ToClient::Nack { log: log_of(&message), dseq: None, reason });
            return Ok(());
        }
        match message {
            ToRelay::Auth { .. } => {
                return Err(End::Because(
                    custory_wire::ErrorCode::Malformed,
                    "said already who it is".to_owned(),
                ));
            }
            ToRelay::Ping { number } => self.reply(&ToClient::Pong { number }),
            ToRelay::Create { records, token } => {
                // Whoever may read it is told all of it.
                self.roster_sent = 0;
                let may_create = self.shared.may_create(token.as_deref());
                self.put_roster(records, may_create).await?;
            }
            ToRelay::RosterPut { records } => self.put_roster(records, false).await?,
            ToRelay::RosterGet { after } => self.get_roster(after),
            ToRelay::List => self.list().await?,
            ToRelay::Open { log, at, without } => self.open(log, at, &without).await?,
            ToRelay::Close { log } => self.close(&log),
            ToRelay::Push { log, records } => self.push(log, records).await?,
            ToRelay::Seen { log, statement } => self.state_seen(log, statement),
            ToRelay::Credit { bytes } => {
                self.told.credit = self.told.credit.saturating_add(bytes).min(CREDIT_BYTES_MAX);
            }
            ToRelay::Ephemeral { log, sealed } => self.show_presence(&log, sealed),
            ToRelay::SnapshotPut { log, info } => self.offer_snapshot(log, info).await?,
            ToRelay::SnapshotPart { hash, offset, bytes } => self.take_part(hash, offset, bytes).await?,
            ToRelay::SnapshotGet { log, hash, offset } => self.get_snapshot(log, hash, offset).await?,
            ToRelay::SnapshotConfirm { log, hash, signature } => {
                self.confirm_snapshot(log, hash, signature).await?;
            }
            ToRelay::Lease { name } => self.lease(name).await?,
        }
        Ok(())
    }

    /// Why this client may not ask for that, whatever it is about.
    fn objection(&self, message: &ToRelay) -> Option<NackReason> {
        let may = match (&self.standing, message) {
            (_, ToRelay::Ping { .. } | ToRelay::Auth { .. }) => true,
            (Standing::Unknown, ToRelay::Create { .. }) => true,
            (Standing::Unknown, _) => false,
            (Standing::Invited { .. } | Standing::Waiting { .. }, ToRelay::RosterGet { .. }) => true,
            (Standing::Invited { .. }, ToRelay::RosterPut { records }) => records.len() == 1,
            (Standing::Invited { .. } | Standing::Waiting { .. }, _) => false,
            (
                Standing::Member { role, .. },
                ToRelay::Push { .. } | ToRelay::SnapshotPut { .. } | ToRelay::Lease { .. },
            ) => role.may_write(),
            (Standing::Member { .. }, _) => true,
        };
        (!may).then_some(NackReason::Denied)
    }

    async fn put_roster(&mut self, records: Vec<Vec<u8>>, may_create: bool) -> Flow<()> {
        let only_join = match self.standing {
            Standing::Invited { invite } => Some(invite),
            Standing::Unknown | Standing::Member { .. } | Standing::Waiting { .. } => None,
        };
        let (space, to) = (self.space.clone(), self.mailbox.clone());
        self.enqueue(Job::Roster(RosterJob { space, records, may_create, only_join, to })).await
    }

    fn get_roster(&mut self, after: u32) {
        let rseq = self.space.rseq();
        if after >= rseq {
            self.reply(&ToClient::Roster { first: rseq + 1, records: Vec::new(), rseq });
        } else {
            self.roster_sent = after;
        }
    }

    async fn list(&mut self) -> Flow<()> {
        // Before the reading: what comes to be meanwhile is told twice rather than never.
        self.births_sent = Some(self.space.births());
        let mut logs = list_logs(&self.shared, &self.space).await?;
        loop {
            let rest = logs.split_off(logs.len().min(limits::LOGS_LISTED_MAX));
            let is_complete = rest.is_empty();
            self.reply(&ToClient::Logs { logs, is_complete });
            if is_complete {
                return Ok(());
            }
            logs = rest;
        }
    }

    async fn open(&mut self, log: LogId, at: Chain, without: &[Hash]) -> Flow<()> {
        let Some((device, _)) = self.member() else { return Ok(()) };
        self.close(&log);
        if self.slots.len() >= self.shared.limits.connection_logs_max.min(limits::LOGS_OPEN_MAX) {
            self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::Quota });
            return Ok(());
        }
        match open_log(&self.shared, &self.space, log, device, at, without).await? {
            Opening::Opened { topic, seen_read, message } => {
                let slot = self.follows.iter().position(Option::is_none).unwrap_or(self.follows.len());
                if slot == self.follows.len() {
                    self.follows.push(None);
                }
                topic.subscribe(Subscriber { mailbox: self.mailbox.clone(), slot });
                self.follows[slot] = Some(Follow::new(topic, seen_read));
                self.told.open(slot, log, at.seq);
                self.slots.insert(log, slot);
                self.behind.insert(slot);
                self.reply(&message);
            }
            Opening::Refused(message) => self.reply(&message),
        }
        Ok(())
    }

    pub(super) fn close(&mut self, log: &LogId) {
        let Some(slot) = self.slots.remove(log) else { return };
        self.behind.remove(slot);
        self.told.close(slot);
        if let Some(follow) = self.follows.get_mut(slot).and_then(Option::take) {
            self.leave(&follow);
        }
    }

    /// Follows a log no longer, and takes back what its device said there in passing.
    pub(super) fn leave(&self, follow: &Follow) {
        let device = self.member().map(|it| it.0);
        let had_presence = follow.topic.unsubscribe(&self.mailbox, device);
        if let (Some(device), true) = (device, had_presence) {
            self.shared.store.say(&follow.topic, device, Said::Gone);
        }
    }

    pub(super) fn followed(&self, log: &LogId) -> Option<&Follow> {
        self.follows.get(*self.slots.get(log)?)?.as_ref()
    }

    async fn push(&mut self, log: LogId, records: Vec<Vec<u8>>) -> Flow<()> {
        let Some((device, _)) = self.member() else { return Ok(()) };
        let Some(topic) = self.followed(&log).map(|it| it.topic.clone()) else {
            self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::NotOpen });
            return Ok(());
        };
        let rates = self.rates.get_or_insert_with(|| self.space.rates(device, &self.shared.limits));
        if !records.is_empty()
            && let Err(wait) = rates.records(records.len() as u32)
        {
            let turn: Instant = clock::now() + wait;
            self.parked = Some(Box::new((ToRelay::Push { log, records }, turn)));
            return Ok(());
        }
        let (records, rest) = arrivals(&log, device, records);
        let bytes = records.iter().map(|it| it.bytes.len() + RECORD_OVERHEAD_BYTES).sum::<usize>();
        let memory = self.shared.push_memory.clone();
        // A push is at most 1 MiB, far below what all may use together.
        let Ok(permit) = memory.acquire_many_owned(bytes.div_ceil(1024) as u32).await else {
            return Err(End::Gone);
        };
        self.told.in_flight_bytes += bytes;
        let to = self.mailbox.clone();
        self.enqueue(Job::Push(PushJob { topic, device, records, rest, bytes, permit, to })).await
    }

    fn state_seen(&mut self, log: LogId, statement: Vec<u8>) {
        let Some((device, _)) = self.member() else { return };
        let Some(topic) = self.followed(&log).map(|it| it.topic.clone()) else {
            self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::NotOpen });
            return;
        };
        topic.show_seen(device, statement.clone().into());
        topic.stir(Some(&self.mailbox));
        self.shared.store.say(&topic, device, Said::Seen(statement.clone().into()));
        // Kept with the next commit; when the writer is behind, the next statement will do.
        self.shared.queue.try_send(Job::Seen { topic, device, statement }).ok();
    }

    fn show_presence(&mut self, log: &LogId, sealed: Vec<u8>) {
        let Some((device, _)) = self.member() else { return };
        let rates = self.rates.get_or_insert_with(|| self.space.rates(device, &self.shared.limits));
        if !rates.allows_presence() {
            return;
        }
        if let Some(follow) = self.followed(log) {
            let sealed = Bytes::from(sealed);
            follow.topic.show_presence(device, sealed.clone());
            follow.topic.stir(Some(&self.mailbox));
            self.shared.store.say(&follow.topic, device, Said::Presence(sealed));
        }
    }

    async fn lease(&mut self, name: LeaseName) -> Flow<()> {
        let Some((device, _)) = self.member() else { return Ok(()) };
        let found = self.shared.store.lease(&self.space, name, device).await?;
        let millis = u32::try_from(found.time.as_millis()).unwrap_or(limits::LEASE_MILLIS_MAX);
        self.reply(&ToClient::Leased { name, is_held: found.is_held, millis });
        Ok(())
    }

    pub(super) async fn enqueue(&self, job: Job) -> Flow<()> {
        self.shared.queue.send(job).await.map_err(|_| End::Gone)
    }
}

/// Parses and hashes records up to the first that cannot be taken, and says why that one cannot.
fn arrivals(
    log: &LogId,
    device: u32,
    records: Vec<Vec<u8>>,
) -> (Vec<Arrival>, Option<(Option<u64>, NackReason)>) {
    let mut arrivals = Vec::with_capacity(records.len());
    for bytes in records {
        if bytes.len() > limits::RECORD_BYTES_MAX {
            return (arrivals, Some((None, NackReason::TooBig)));
        }
        let Ok(Parsed { header, hash, .. }) = Parsed::parse(&bytes) else {
            return (arrivals, Some((None, NackReason::Malformed)));
        };
        if header.log != *log || header.device != device {
            return (arrivals, Some((Some(header.dseq), NackReason::Denied)));
        }
        arrivals.push(Arrival {
            dseq: header.dseq,
            prev: header.prev,
            rseq: header.rseq,
            rhead: header.rhead,
            epoch: header.epoch,
            hash,
            bytes,
        });
    }
    (arrivals, None)
}

fn log_of(message: &ToRelay) -> Option<LogId> {
    match message {
        ToRelay::Open { log, .. }
        | ToRelay::Close { log }
        | ToRelay::Push { log, .. }
        | ToRelay::Seen { log, .. }
        | ToRelay::Ephemeral { log, .. }
        | ToRelay::SnapshotPut { log, .. }
        | ToRelay::SnapshotGet { log, .. }
        | ToRelay::SnapshotConfirm { log, .. } => Some(*log),
        ToRelay::Auth { .. }
        | ToRelay::Create { .. }
        | ToRelay::RosterPut { .. }
        | ToRelay::RosterGet { .. }
        | ToRelay::List
        | ToRelay::Credit { .. }
        | ToRelay::SnapshotPart { .. }
        | ToRelay::Lease { .. }
        | ToRelay::Ping { .. } => None,
    }
}

/// A hash's place in a signature: see the protocol's confirm context.
pub(super) fn confirm_bytes(log: &LogId, hash: &Hash) -> Vec<u8> {
    custory_wire::signing_bytes(custory_wire::Context::Confirm, &[&log.0, &hash.0])
}
