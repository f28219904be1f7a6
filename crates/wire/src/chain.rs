//! Chains: what makes an order of records that nobody can change afterwards.
//!
//! The relay's chain, one per log: `head_n = BLAKE3(head_{n-1} | BLAKE3(record_n))`, cut to 16
//! bytes. It begins anew from the log's id, not from the relay's incarnation, so that a log restored
//! from a backup is the beginning of the one that clients remember.
//! A device's chain, one per log and device: numbers without gaps, each record naming the one before.

use minicbor::{Decode, Encode};

use crate::ids::{Hash, Head, LogId};

/// A place in a log: how many records there are, and what they hash to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chain {
    /// The number of the newest record; 0 before the first. Numbers have no gaps.
    #[n(0)]
    pub seq: u64,
    /// The chained hash of all records up to it.
    #[n(1)]
    pub head: Head,
}

impl Chain {
    /// Before the first record of a log.
    pub fn start(log: &LogId) -> Self {
        Self { seq: 0, head: Hash::of(&[b"custory/head/1\0".as_slice(), &log.0].concat()).head() }
    }

    /// After one more record.
    #[must_use]
    pub fn then(&self, record: &Hash) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.head.0).update(&record.0);
        Self { seq: self.seq + 1, head: Hash(*hasher.finalize().as_bytes()).head() }
    }
}

/// How far a device has come in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DeviceChain {
    /// The number of its newest record; 0 before the first.
    #[n(0)]
    pub dseq: u64,
    /// The hash of that record; [`Head::ZERO`] before the first.
    #[n(1)]
    pub last: Head,
}

impl Default for DeviceChain {
    fn default() -> Self {
        Self { dseq: 0, last: Head::ZERO }
    }
}

impl DeviceChain {
    /// Whether a record with this number and predecessor comes next.
    pub fn continues(&self, dseq: u64, prev: &Head) -> bool {
        dseq == self.dseq + 1 && *prev == self.last
    }

    /// After that record.
    #[must_use]
    pub fn then(&self, record: &Hash) -> Self {
        Self { dseq: self.dseq + 1, last: record.head() }
    }
}
