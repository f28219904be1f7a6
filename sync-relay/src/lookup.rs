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
use crate::store::{LogRow, Place, Progress, Records, StoreError, Upload, read};

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
    shared.hub.space(id, shared.store.read(move |conn| read::space(conn, &id))).await
}

/// A log, from memory or disk. One that does not exist is empty.
pub(crate) async fn load_topic(shared: &Shared, space: &Arc<Space>, log: LogId) -> Result<Arc<Topic>> {
    let load = async {
        let kept = match space.row() {
            Some(row) => shared.store.read(move |conn| read::log(conn, row, &log)).await?,
            None => None,
        };
        Ok(match kept {
            Some(LogRow { row, tip, end, authors, seen }) => {
                let seen = seen.into_iter().map(|(device, statement)| (device, statement.into())).collect();
                TopicState { row: Some(row), tip, end, authors, seen }
            }
            None => TopicState::empty(&log),
        })
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
    let (row, tip, end) = {
        let live = topic.live();
        (live.row, live.tip, live.end)
    };
    let rolled_back = ToClient::RolledBack { log, tip };
    if at.seq > tip.seq || at.seq == tip.seq && at.head != tip.head {
        return Ok(Opening::Refused(rolled_back));
    }
    let mut newest = None;
    if let Some(row) = row {
        let ask = move |conn: &_| Ok((read::place(conn, row, at.seq)?, read::snapshots(conn, row)?));
        let (place, snapshots) = shared.store.read(ask).await?;
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
                let base = snapshot.base.seq;
                let until = match shared.store.read(move |conn| read::place(conn, row, base)).await? {
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
    let row = topic.live().row;
    let snapshots = match row {
        Some(row) => shared.store.read(move |conn| read::snapshots(conn, row)).await?,
        None => Vec::new(),
    };
    let confirmed = snapshots.into_iter().find(|(_, is_confirmed)| *is_confirmed);
    Ok(match confirmed {
        Some((snapshot, _)) => ToClient::GoneBelow { log, snapshot },
        None => ToClient::Nack { log: Some(log), dseq: None, reason: NackReason::NotFound },
    })
}

/// All logs of a workspace.
pub(crate) async fn list_logs(shared: &Shared, space: &Space) -> Result<Vec<LogTip>> {
    match space.row() {
        Some(row) => shared.store.read(move |conn| read::logs(conn, row)).await,
        None => Ok(Vec::new()),
    }
}

/// Roster records after one, as many as fit into a message.
pub(crate) async fn next_roster_page(shared: &Shared, space: &Space, after: u32) -> Result<Vec<Vec<u8>>> {
    let Some(row) = space.row() else { return Ok(Vec::new()) };
    let ask = move |conn: &_| read::roster_after(conn, row, after, ROSTER_RECORDS_MAX, ROSTER_PAGE_BYTES_MAX);
    shared.store.read(ask).await
}

/// Records after a place; `None` if they were given up.
pub(crate) async fn next_page(
    shared: &Shared,
    row: i64,
    after: u64,
    bytes_max: u64,
) -> Result<Option<Records>> {
    shared.store.read(move |conn| read::page(conn, row, after, bytes_max)).await
}

/// A snapshot of this log by its hash.
pub(crate) async fn find_snapshot(
    shared: &Shared,
    topic: &Topic,
    hash: Hash,
) -> Result<Option<SnapshotInfo>> {
    let row = topic.live().row;
    let Some(row) = row else { return Ok(None) };
    let snapshots = shared.store.read(move |conn| read::snapshots(conn, row)).await?;
    Ok(snapshots.into_iter().map(|(info, _)| info).find(|it| it.hash == hash))
}

/// A part of a blob; `None` if it is not there.
pub(crate) async fn read_part(
    shared: &Shared,
    hash: Hash,
    offset: u64,
    length: usize,
) -> Result<Option<Vec<u8>>> {
    let store = shared.store.clone();
    blocking(move || store.blobs().part(&hash, offset, length)).await
}

/// Writes the next part of a blob that comes in.
pub(crate) async fn take_part(mut upload: Upload, offset: u64, bytes: Vec<u8>) -> Result<(Upload, Progress)> {
    blocking(move || {
        let progress = upload.take(offset, &bytes)?;
        Ok((upload, progress))
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
        Err(_) => Err(StoreError::Damaged("the relay stops".to_owned())),
    }
}
