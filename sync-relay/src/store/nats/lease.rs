//! Leases of relays that share a cluster.
//!
//! Who holds one is written, with a fence; when it is over is not, since no two clocks agree. A relay that sees a lease
//! of another device takes it for over when it has stood unchanged for its whole time by this relay's own clock. That
//! is later than it was, never earlier. A device that comes to another relay goes on holding what it held.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use custory_wire::{LeaseName, SpaceId, encode};
use tokio::time::Instant;
use tracing::warn;

use super::super::StoreError;
use super::Nats;
use super::cluster::{Entry, Put, Write};
use super::layout::{Lease, value};
use crate::clock;
use crate::hub::{Space, lock};
use crate::leases::{OF_A_SPACE_MAX, SWEEP_AT, Standing};

/// How often another relay may be quicker before this one asks its device to wait.
const TRIES: usize = 3;

/// Leases that this relay has seen in another's hand: which writing, and since when.
#[derive(Default)]
pub(super) struct Observed(Mutex<HashMap<(SpaceId, LeaseName), (u64, Instant)>>);

impl Observed {
    /// For how long this writing has stood.
    fn age(&self, space: SpaceId, name: LeaseName, seq: u64) -> Duration {
        let now = clock::now();
        let mut seen = lock(&self.0);
        if seen.len() >= SWEEP_AT {
            // Whoever still waits for one begins to wait anew.
            seen.clear();
        }
        let known = seen.entry((space, name)).or_insert((seq, now));
        if known.0 != seq {
            *known = (seq, now);
        }
        now - known.1
    }
}

impl Nats {
    /// A device asks for a lease. What the cluster cannot say now, it may say a little later.
    pub(super) async fn ask_lease(
        &self,
        space: &Space,
        name: LeaseName,
        device: u32,
    ) -> Result<Standing, StoreError> {
        match self.try_lease(space, name, device).await {
            Err(error @ StoreError::Nats(_)) => {
                warn!(%error, "a lease could not be given");
                Ok(self.not_now())
            }
            result => result,
        }
    }

    fn not_now(&self) -> Standing {
        Standing { is_held: false, time: self.leases_last }
    }

    async fn try_lease(&self, space: &Space, name: LeaseName, device: u32) -> Result<Standing, StoreError> {
        let address = self.address(&space.id());
        let subject = address.lease(&name);
        for _ in 0..TRIES {
            let after = match self.cluster.newest(address.partition, &subject).await? {
                None if self.is_full(space).await? => return Ok(self.not_now()),
                None => 0,
                Some(entry) => match self.rest_of(space, name, device, &entry)? {
                    Some(time) => return Ok(Standing { is_held: false, time }),
                    None => entry.seq,
                },
            };
            let millis = u32::try_from(self.leases_last.as_millis()).unwrap_or(u32::MAX);
            let body = encode(&Lease { device, millis }).into();
            let write =
                Write { subject: subject.clone(), stamp: None, body, after: Some(after), replaces: true };
            if let Put::Done(_) = self.cluster.put(write).await? {
                return Ok(Standing { is_held: true, time: self.leases_last });
            }
        }
        Ok(self.not_now())
    }

    /// How long another device's lease still stands, as far as this relay can know.
    fn rest_of(
        &self,
        space: &Space,
        name: LeaseName,
        device: u32,
        entry: &Entry,
    ) -> Result<Option<Duration>, StoreError> {
        let lease: Lease = value(&entry.body)?;
        let lasts = Duration::from_millis(lease.millis.into());
        let age = self.observed.age(space.id(), name, entry.seq);
        Ok((lease.device != device && age < lasts).then(|| lasts - age))
    }

    /// Whether a workspace has all the leases that it may have. Those that are over are then given up, so that asking
    /// again helps.
    async fn is_full(&self, space: &Space) -> Result<bool, StoreError> {
        let address = self.address(&space.id());
        let subjects = self.cluster.subjects(address.partition, &address.all_leases()).await?;
        if subjects.len() < OF_A_SPACE_MAX {
            return Ok(false);
        }
        for subject in subjects {
            let name = subject.rsplit('.').next().and_then(|it| it.parse::<LeaseName>().ok());
            let newest = self.cluster.newest(address.partition, &subject).await?;
            if let (Some(name), Some(entry)) = (name, newest)
                && self.rest_of(space, name, 0, &entry)?.is_none()
            {
                self.cluster.purge(address.partition, &subject, entry.seq + 1).await?;
            }
        }
        Ok(true)
    }
}
