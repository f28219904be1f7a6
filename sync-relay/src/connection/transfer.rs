//! Snapshots on their way in and out.
//!
//! One comes in at a time on a connection, and not into memory; several may go out, part by part within credit.
//! The relay checks what a snapshot says about the log and who says it; whether its content is true only other
//! devices can, which is what confirming is for.

use axum::extract::ws::Message;
use custory_wire::limits::{SNAPSHOT_BYTES_MAX, SNAPSHOT_HEADER_BYTES_MAX, SNAPSHOT_PART_BYTES};
use custory_wire::{
    Hash, LogId, NackReason, Signature, SnapshotHeader, SnapshotInfo, ToClient, decode, is_signed,
    snapshot_signing_bytes,
};

use super::line::Line;
use super::requests::confirm_bytes;
use super::{Connection, Flow};
use crate::lookup::{Taken, find_snapshot, load_topic, read_part, take_part};
use crate::store::{Job, Upload};

/// Snapshots that one connection may be sent at once.
const DOWNLOADS_MAX: usize = 16;

/// A snapshot that comes in.
pub(super) struct Incoming {
    log: LogId,
    info: SnapshotInfo,
    upload: Box<Upload>,
}

/// A snapshot that goes out.
pub(super) struct Download {
    log: LogId,
    hash: Hash,
    offset: u64,
    length: u64,
}

impl Connection {
    pub(super) async fn offer_snapshot(&mut self, log: LogId, info: SnapshotInfo) -> Flow<()> {
        let refuse = |reason| ToClient::Nack { log: Some(log), dseq: None, reason };
        let Some(topic) = self.followed(&log).map(|it| it.topic.clone()) else {
            self.reply(&refuse(NackReason::NotOpen));
            return Ok(());
        };
        if let Some(reason) = self.objection_to(&log, &info) {
            self.reply(&refuse(reason));
            return Ok(());
        }
        if info.base.seq > topic.live().tip.seq {
            self.reply(&refuse(NackReason::NotFound));
            return Ok(());
        }
        if find_snapshot(&self.shared, &topic, info.hash).await?.is_some() {
            self.reply(&ToClient::SnapshotStored { log, info });
            return Ok(());
        }
        // One at a time: another that was not finished is forgotten.
        self.incoming = None;
        let upload = Box::new(self.shared.store.spool().begin(info.hash, info.bytes_len)?);
        self.reply(&ToClient::SnapshotWanted { hash: info.hash, offset: 0 });
        self.incoming = Some(Box::new(Incoming { log, info, upload }));
        Ok(())
    }

    fn objection_to(&self, log: &LogId, info: &SnapshotInfo) -> Option<NackReason> {
        let Some((device, _)) = self.member() else { return Some(NackReason::Denied) };
        if info.bytes_len > SNAPSHOT_BYTES_MAX {
            return Some(NackReason::TooBig);
        }
        if self.space.bytes().saturating_add(info.bytes_len) > self.shared.limits.workspace_bytes_max {
            return Some(NackReason::Quota);
        }
        let Ok(header) = decode::<SnapshotHeader>(&info.header, SNAPSHOT_HEADER_BYTES_MAX) else {
            return Some(NackReason::Malformed);
        };
        let is_told_alike = header.version == 1
            && header.log == *log
            && header.base == info.base
            && header.bytes_len == info.bytes_len
            && header.hash == info.hash
            && info.bytes_len > 0
            && info.base.seq > 0;
        if !is_told_alike || !is_signed(&self.key, &snapshot_signing_bytes(&info.header), &info.signature) {
            return Some(NackReason::Malformed);
        }
        (header.device != device).then_some(NackReason::Denied)
    }

    pub(super) async fn take_part(&mut self, hash: Hash, offset: u64, bytes: Vec<u8>) -> Flow<()> {
        let refuse = |log, reason| ToClient::Nack { log, dseq: None, reason };
        let Some(incoming) = self.incoming.take().filter(|it| it.upload.hash() == hash) else {
            self.reply(&refuse(None, NackReason::NotFound));
            return Ok(());
        };
        let Incoming { log, info, upload } = *incoming;
        match take_part(&self.shared, &self.space, upload, offset, bytes).await? {
            Taken::More(upload) => self.incoming = Some(Box::new(Incoming { log, info, upload })),
            Taken::Wrong => self.reply(&refuse(Some(log), NackReason::Malformed)),
            Taken::Complete => {
                let Some((device, _)) = self.member() else { return Ok(()) };
                let topic = load_topic(&self.shared, &self.space, log).await?;
                let to = self.mailbox.clone();
                self.enqueue(Job::Snapshot { topic, device, info, to }).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn get_snapshot(&mut self, log: LogId, hash: Hash, offset: u64) -> Flow<()> {
        let topic = load_topic(&self.shared, &self.space, log).await?;
        let found = find_snapshot(&self.shared, &topic, hash).await?;
        let reason = match found {
            Some(info) if offset < info.bytes_len && self.downloads.len() < DOWNLOADS_MAX => {
                self.downloads.push_back(Download { log, hash, offset, length: info.bytes_len });
                return Ok(());
            }
            Some(info) if offset < info.bytes_len => NackReason::Slow,
            _ => NackReason::NotFound,
        };
        self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason });
        Ok(())
    }

    pub(super) async fn confirm_snapshot(
        &mut self,
        log: LogId,
        hash: Hash,
        signature: Signature,
    ) -> Flow<()> {
        let Some((device, _)) = self.member() else { return Ok(()) };
        if !is_signed(&self.key, &confirm_bytes(&log, &hash), &signature) {
            self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::Malformed });
            return Ok(());
        }
        let topic = load_topic(&self.shared, &self.space, log).await?;
        let to = self.mailbox.clone();
        self.enqueue(Job::Confirm { topic, device, hash, to }).await
    }

    /// Sends parts, as far as credit goes.
    pub(super) async fn send_parts(&mut self, line: &mut Line) -> Flow<()> {
        while self.told.credit > 0
            && let Some(download) = self.downloads.front_mut()
        {
            let length = self.told.credit.min(SNAPSHOT_PART_BYTES as u64) as usize;
            let (log, hash, offset) = (download.log, download.hash, download.offset);
            let Some(bytes) =
                read_part(&self.shared, &self.space, hash, offset, length).await?.filter(|it| !it.is_empty())
            else {
                self.downloads.pop_front();
                self.reply(&ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::NotFound });
                continue;
            };
            self.told.credit -= bytes.len() as u64;
            download.offset += bytes.len() as u64;
            if download.offset >= download.length {
                self.downloads.pop_front();
            }
            let part = ToClient::SnapshotPart { hash, offset, bytes };
            line.send(Message::Binary(part.to_bytes().into())).await?;
        }
        Ok(())
    }
}
