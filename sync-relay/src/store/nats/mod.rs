//! The store of several relays: a NATS cluster with JetStream. A relay on it keeps nothing but its key; any number of
//! them serve the same workspaces, and one that is gone is missed by nobody.
//!
//! - Sequence numbers are ours and dense: the newest message of a log's subject says where the log stands, and a
//!   write is fenced with that message's number (`Nats-Expected-Last-Subject-Sequence`), so of two relays that
//!   append at once one is told to look again. The stream's own numbers are cursors.
//! - A record that comes again is known by its device's number, however late; the cluster's own window for repeats
//!   is not used.
//! - An answer leaves when most servers have the record on their disks.
//! - What is written is published again at once, and every relay listens to the workspaces that its clients have open
//!   ([`room`]). Who misses a message notices at the next one, or within [`room::POLL`].
//!
//! [`layout`] says what lies where, [`cluster`] is all that knows NATS, [`guard`] refuses clusters that lose what
//! they acknowledge.

mod ask;
mod blobs;
mod cluster;
mod copies;
mod guard;
mod layout;
mod lease;
mod room;
mod shelf;
mod write;
mod writer;

use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use custory_wire::{Incarnation, RelayKey, SpaceId, encode};
use tracing::warn;

use super::publish::Tail;
use super::{Opened, Spool, StoreError, lock_folder, make_folder, new_incarnation};
use crate::config::Config;
use crate::identity::{self, Identity};
use crate::metrics::Metrics;

use cluster::{Cluster, Put, Write};
pub use copies::{backup_cluster, check_cluster, restore_cluster};
pub use guard::Complaint;
use layout::{Address, META, Meta, VERSION, value};
use lease::Observed;
use room::Room;

/// A relay's side of the cluster.
struct Nats {
    me: Weak<Nats>,
    cluster: Cluster,
    partitions: u16,
    incarnation: Incarnation,
    /// This program among all that are on the cluster.
    node: Incarnation,
    rooms: Mutex<HashMap<SpaceId, Arc<Room>>>,
    tail: Mutex<Tail>,
    leases_last: Duration,
    observed: Observed,
    metrics: Arc<Metrics>,
    spool: Spool,
    _lock: File,
}

/// Opens the store in a cluster, and starts its writer.
pub(super) async fn open(
    config: &Config,
    servers: &str,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
) -> Result<Opened, StoreError> {
    make_folder(&config.data_dir)?;
    let lock = lock_folder(&config.data_dir)?;
    let (cluster, complaints) = Cluster::open(servers, &config.nats).await?;
    if !config.nats.allow_lossy && !complaints.is_empty() {
        return Err(StoreError::Unsafe(complaints));
    }
    for complaint in complaints {
        warn!(%complaint, "this cluster can lose acknowledged edits, which it was allowed to");
    }
    let known = cluster.meta().await?;
    if known.is_some() && !config.data_dir.join(identity::FILE).exists() {
        return Err(StoreError::Nats(format!(
            "this cluster has a relay already; copy its {} into {} to add another",
            identity::FILE,
            config.data_dir.display()
        )));
    }
    let identity = Identity::open(&config.data_dir, true)?;
    let meta = agree(&cluster, &identity.relay(), config.nats.partitions).await?;
    let spool = Spool::open(&config.data_dir)?;
    let nats = Arc::new_cyclic(|me| Nats {
        me: me.clone(),
        cluster,
        partitions: meta.partitions,
        incarnation: meta.incarnation,
        node: Incarnation(new_incarnation()),
        rooms: Mutex::default(),
        tail: Mutex::new(Tail::new(config.limits.tail_bytes_max)),
        leases_last: Duration::from_millis(config.limits.lease_millis.into()),
        observed: Observed::default(),
        metrics: metrics.clone(),
        spool,
        _lock: lock,
    });
    let (writer, queue) = writer::start(nats.clone(), (&config.limits).into(), metrics, is_healthy);
    Ok(Opened { store: nats, queue, writer, identity })
}

/// What the first relay of a cluster has said about it, if this one is the same relay.
async fn agree(cluster: &Cluster, relay: &RelayKey, partitions: u16) -> Result<Meta, StoreError> {
    let mine =
        Meta { version: VERSION, incarnation: Incarnation(new_incarnation()), relay: *relay, partitions };
    let known = match cluster.meta().await? {
        Some(known) => Some(known),
        None => match cluster.put(first_word(&mine)).await? {
            Put::Done(_) => return Ok(mine),
            Put::Overtaken => cluster.meta().await?,
        },
    };
    let known = known.ok_or_else(|| StoreError::Nats("the cluster does not say whose it is".to_owned()))?;
    let known: Meta = value(&known.body)?;
    if known.version > VERSION + 1 {
        return Err(StoreError::Newer { found: known.version.into(), known: i64::from(VERSION) + 1 });
    }
    if known.relay != *relay {
        return Err(StoreError::Nats(format!(
            "this cluster belongs to relay {}, and the key here is of {relay}; copy the {} of that relay",
            known.relay,
            identity::FILE
        )));
    }
    if known.partitions != partitions {
        return Err(StoreError::Nats(format!(
            "this cluster was set up with nats.partitions = {}, which cannot be changed",
            known.partitions
        )));
    }
    Ok(known)
}

/// Says whose cluster it is, of one of which nobody has said so yet.
async fn new_life(servers: &str, settings: &crate::config::Nats, meta: &Meta) -> Result<(), StoreError> {
    let settings = crate::config::Nats { partitions: meta.partitions, allow_lossy: true, ..settings.clone() };
    let (cluster, _) = Cluster::open(servers, &settings).await?;
    match cluster.put(first_word(meta)).await? {
        Put::Done(_) => Ok(()),
        Put::Overtaken => Err(StoreError::Nats("a relay was started on this cluster meanwhile".to_owned())),
    }
}

/// Whose cluster it is, to be written once.
fn first_word(meta: &Meta) -> Write {
    Write {
        subject: META.to_owned(),
        stamp: None,
        body: encode(meta).into(),
        after: Some(0),
        replaces: false,
    }
}

impl Nats {
    fn address(&self, space: &SpaceId) -> Address {
        Address::new(space, self.partitions)
    }
}
