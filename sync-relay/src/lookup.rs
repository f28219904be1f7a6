//! What connections want to know of the store: workspaces, logs, pages, snapshots.
//!
//! Everything here runs off the async threads where it touches the disk, and finds a workspace or log that
//! somebody has open already without touching it.

use std::sync::Arc;

use custory_wire::{
    Chain, Hash, LogId, LogTip, NackReason, SnapshotInfo, SpaceId, ToClient, Wrapped,
    limits::ROSTER_RECORDS_MAX,
};

use crate::hub::{Space, Topic, TopicState};
use crate::shared::Shared;
use crate::store::{Place, Progress, Records, StoreError, Upload, blocking};

type Result<T> = std::result::Result<T, StoreError>;

/// Bytes of roster records in one message, far enough below what a message may have.
const ROSTER_PAGE_BYTES_MAX: usize = 512 * 1024;

/// What became of a wish to open a log.
pub(crate) enum Opening {
    /// It is open.
    Opened {
        /// The log.
        topic: Arc<Topic>,
        /// How many statements the message has.
        seen_read: u64,
        /// `Opened`.
        message: ToClient,
    },
    /// It is not, for this reason.
    Refused(ToClient),
}

/// A workspace, from memory or disk.
pub(crate) async fn load_space(shared: &Shared, id: SpaceId) -> Result<Arc<Space>> {
    shared.hub.space(id, async |space| shared.store.space(space).await).await
}

/// A log, from memory or disk. One that does not exist is empty.
pub(crate) async fn load_topic(shared: &Shared, space: &Arc<Space>, log: LogId) -> Result<Arc<Topic>> {
    let load = async {
        let kept = shared.store.log(space, log).await?;
        Ok(kept.unwrap_or_else(|| TopicState::empty(&log)))
    };
    space.topic(log, load).await
}

/// Opens a log for a device that has come to a place. It is sent to none of the snapshots `without` as long as
/// there is another way.
pub(crate) async fn open_log(
    shared: &Shared,
    space: &Arc<Space>,
    log: LogId,
    device: u32,
    at: Chain,
    without: &[Hash],
) -> Result<Opening> {
    let topic = load_topic(shared, space, log).await?;
    let tip_of = |topic: &Topic| topic.live().tip;
    let is_ahead = |tip: Chain| at.seq > tip.seq || at.seq == tip.seq && at.head != tip.head;
    if is_ahead(tip_of(&topic)) {
        shared.store.refresh(&topic).await?;
    }
    let (mark, tip, end) = {
        let live = topic.live();
        (live.mark, live.tip, live.end)
    };
    let rolled_back = ToClient::RolledBack { log, tip };
    if is_ahead(tip) {
        return Ok(Opening::Refused(rolled_back));
    }
    let mut newest = None;
    if mark.is_some() {
        let (place, snapshots) =
            futures_util::try_join!(shared.store.place(&topic, at.seq), shared.store.snapshots(&topic))?;
        let mut confirmed = snapshots.iter().filter(|(_, is_confirmed)| *is_confirmed).map(|(info, _)| info);
        let newest_confirmed = confirmed.clone().next();
        let welcome = confirmed.find(|it| !without.contains(&it.hash));
        match (place, welcome) {
            (Place::Gone, _) => {
                let snapshot = welcome.or(newest_confirmed).cloned().ok_or_else(|| {
                    StoreError::Damaged("records are missing without a snapshot".to_owned())
                })?;
                return Ok(Opening::Refused(ToClient::GoneBelow { log, snapshot }));
            }
            (Place::At { head, .. }, _) if head != at.head => return Ok(Opening::Refused(rolled_back)),
            (Place::At { end: from, .. }, Some(snapshot)) if at.seq < snapshot.base.seq => {
                let until = match shared.store.place(&topic, snapshot.base.seq).await? {
                    Place::At { end, .. } => end,
                    Place::Gone => end,
                };
                if until.saturating_sub(from) > snapshot.bytes_len {
                    return Ok(Opening::Refused(ToClient::GoneBelow { log, snapshot: snapshot.clone() }));
                }
            }
            (Place::At { .. }, _) => {}
        }
        newest = snapshots.into_iter().next().map(|(info, _)| info);
    }
    let (message, seen_read) = {
        let live = topic.live();
        let mine = live.authors.get(&device).copied().unwrap_or_default();
        let seen = live.seen.after(0).map(|(device, bytes)| Wrapped { device, bytes: bytes.to_vec() });
        let seen = seen.collect();
        (ToClient::Opened { log, tip: live.tip, mine, snapshot: newest, seen }, live.seen.written())
    };
    Ok(Opening::Opened { topic, seen_read, message })
}

/// What to tell a reader whose next records were given up.
pub(crate) async fn gone_below(shared: &Shared, topic: &Arc<Topic>) -> Result<ToClient> {
    let log = topic.log();
    let snapshots = shared.store.snapshots(topic).await?;
    let confirmed = snapshots.into_iter().find(|(_, is_confirmed)| *is_confirmed);
    Ok(match confirmed {
        Some((snapshot, _)) => ToClient::GoneBelow { log, snapshot },
        None => ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::NotFound },
    })
}

/// All logs of a workspace.
pub(crate) async fn list_logs(shared: &Shared, space: &Space) -> Result<Vec<LogTip>> {
    shared.store.logs(space).await
}

/// Roster records after one, as many as fit into a message.
pub(crate) async fn next_roster_page(shared: &Shared, space: &Space, after: u32) -> Result<Vec<Vec<u8>>> {
    shared.store.roster_after(space, after, ROSTER_RECORDS_MAX, ROSTER_PAGE_BYTES_MAX).await
}

/// Records after a place; `None` if they were given up.
pub(crate) async fn next_page(
    shared: &Shared,
    topic: &Topic,
    after: u64,
    bytes_max: u64,
) -> Result<Option<Records>> {
    shared.store.page(topic, after, bytes_max).await
}

/// A snapshot of this log by its hash.
pub(crate) async fn find_snapshot(
    shared: &Shared,
    topic: &Topic,
    hash: Hash,
) -> Result<Option<SnapshotInfo>> {
    let snapshots = shared.store.snapshots(topic).await?;
    Ok(snapshots.into_iter().map(|(info, _)| info).find(|it| it.hash == hash))
}

/// A part of a blob; `None` if it is not there.
pub(crate) async fn read_part(
    shared: &Shared,
    space: &Space,
    hash: Hash,
    offset: u64,
    length: usize,
) -> Result<Option<Vec<u8>>> {
    shared.store.blob_part(space, hash, offset, length).await
}

/// Takes the next part of a blob that comes in. A complete one is kept when this returns.
pub(crate) async fn take_part(
    shared: &Shared,
    space: &Space,
    mut upload: Box<Upload>,
    offset: u64,
    bytes: Vec<u8>,
) -> Result<Taken> {
    let work = move || {
        let progress = upload.take(offset, &bytes)?;
        Ok((upload, progress))
    };
    Ok(match blocking(work).await? {
        (upload, Progress::More) => Taken::More(upload),
        (upload, Progress::Complete) => {
            shared.store.keep_blob(space, *upload).await?;
            Taken::Complete
        }
        (_, Progress::Wrong) => Taken::Wrong,
    })
}

/// What became of a part.
pub(crate) enum Taken {
    /// More is to come.
    More(Box<Upload>),
    /// That was the last; the blob is kept.
    Complete,
    /// Not what was announced.
    Wrong,
}
