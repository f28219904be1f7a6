//! Where things are in a NATS cluster, and what is written beside them.
//!
//! A workspace is in one stream, `CST_00` … `CST_63`, chosen by its id, so that what happens in it has one order.
//! Below `cst.<stream>.<workspace>` are the subjects
//!
//! - `roster.all`: its roster records, as they came;
//! - `log.<log>`: a log's records, as they came; with each message a [`LogStamp`], so the newest one says everything
//!   that appending needs;
//! - `shelf.<log>`: a log's snapshots ([`Shelf`]), replaced as a whole;
//! - `seen.<log>`: what devices stated to have seen ([`SeenMap`]), replaced as a whole;
//! - `lease.<name>`: who holds a lease ([`Lease`]), replaced as a whole;
//! - `blob.<hash>.<number>`: a snapshot's parts;
//! - `turn`: written to find out who leads the stream.
//!
//! What is written is published again below `live.`, to those who listen at that moment. What devices say in
//! passing ([`Whisper`]) is not kept at all and goes over `say.`.

use base64ct::{Base64Unpadded, Encoding};
use custory_wire::{
    Chain, DeviceChain, Hash, Incarnation, LeaseName, LogId, RelayKey, SnapshotInfo, SpaceId, decode, encode,
};
use minicbor::{Decode, Encode};

use super::StoreError;

/// The layout of this program. One version may be gone back, as with the database: a new version only adds subjects and
/// elements at the ends of values, which the version before passes over. A later one is refused.
pub(super) const VERSION: u32 = 1;

/// The header that holds a stamp.
pub(super) const STAMP: &str = "Custory-Stamp";

/// The stream that says whose cluster it is, and its only subject.
pub(super) const META_STREAM: &str = "CST_META";
pub(super) const META: &str = "cst.meta";

/// Bytes of a stamp at most: what a cluster sends is read with the same care as everything else.
const STAMP_BYTES_MAX: usize = 512 * 1024;

/// Bytes of a value that is replaced as a whole.
const VALUE_BYTES_MAX: usize = 1024 * 1024;

/// The name of a stream.
pub(super) fn stream_name(partition: u16) -> String {
    format!("CST_{partition:02}")
}

/// Everything in a stream.
pub(super) fn all_of(partition: u16) -> String {
    format!("cst.{partition:02}.>")
}

/// The rosters of all workspaces in a stream.
pub(super) fn all_rosters(partition: u16) -> String {
    format!("cst.{partition:02}.*.roster.all")
}

/// Where a workspace is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Its stream.
    pub(super) partition: u16,
    base: String,
}

impl Address {
    pub(super) fn new(space: &SpaceId, partitions: u16) -> Self {
        // An id is a hash, so any part of it is spread evenly.
        let partition = u16::from_be_bytes([space.0[0], space.0[1]]) % partitions;
        Self { partition, base: format!("cst.{partition:02}.{space}") }
    }

    pub(super) fn roster(&self) -> String {
        format!("{}.roster.all", self.base)
    }

    pub(super) fn log(&self, log: &LogId) -> String {
        format!("{}.log.{log}", self.base)
    }

    pub(super) fn shelf(&self, log: &LogId) -> String {
        format!("{}.shelf.{log}", self.base)
    }

    pub(super) fn seen(&self, log: &LogId) -> String {
        format!("{}.seen.{log}", self.base)
    }

    pub(super) fn lease(&self, name: &LeaseName) -> String {
        format!("{}.lease.{name}", self.base)
    }

    pub(super) fn all_leases(&self) -> String {
        format!("{}.lease.*", self.base)
    }

    pub(super) fn blob(&self, hash: &Hash, number: u64) -> String {
        format!("{}.blob.{hash}.{number}", self.base)
    }

    pub(super) fn whole_blob(&self, hash: &Hash) -> String {
        format!("{}.blob.{hash}.*", self.base)
    }

    pub(super) fn turn(&self) -> String {
        format!("{}.turn", self.base)
    }

    /// Roster, logs, shelves, statements: all but the parts of blobs.
    pub(super) fn all_but_blobs(&self) -> String {
        format!("{}.*.*", self.base)
    }

    /// What is written from now on, parts of blobs apart.
    pub(super) fn live(&self) -> String {
        format!("live.{}", self.all_but_blobs())
    }

    /// What is said from now on in a log.
    pub(super) fn say(&self, log: &LogId) -> String {
        format!("say.{}.{log}", self.base)
    }

    /// What is said from now on.
    pub(super) fn all_said(&self) -> String {
        format!("say.{}.*", self.base)
    }
}

/// What a subject of a workspace is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Roster,
    Log(LogId),
    Shelf(LogId),
    Other,
}

impl About {
    pub(super) fn of(subject: &str) -> Self {
        let mut parts = subject.rsplit('.');
        let (Some(name), Some(kind)) = (parts.next(), parts.next()) else { return Self::Other };
        match (kind, name.parse::<LogId>()) {
            ("roster", _) => Self::Roster,
            ("log", Ok(log)) => Self::Log(log),
            ("shelf", Ok(log)) => Self::Shelf(log),
            _ => Self::Other,
        }
    }
}

/// Beside records of a log: where they stand, and the log as it is with them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct LogStamp {
    /// The place before the first.
    #[n(0)]
    pub(super) before: Chain,
    /// Bytes of all records before the first.
    #[n(1)]
    pub(super) start: u64,
    /// The place after the last.
    #[n(2)]
    pub(super) tip: Chain,
    /// Bytes of all records up to the last.
    #[n(3)]
    pub(super) end: u64,
    /// The roster record that they name.
    #[n(4)]
    pub(super) rseq: u32,
    /// Whose they are.
    #[n(5)]
    pub(super) runs: Vec<RunStamp>,
    /// How far all devices have come, ascending.
    #[n(6)]
    pub(super) authors: Vec<(u32, DeviceChain)>,
}

/// Records of one device in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct RunStamp {
    #[n(0)]
    pub(super) device: u32,
    /// The device's own number of the first.
    #[n(1)]
    pub(super) dseq: u64,
    #[n(2)]
    pub(super) count: u64,
}

impl LogStamp {
    /// How far a device had come.
    pub(super) fn dseq_of(&self, device: u32) -> u64 {
        self.authors.iter().find(|it| it.0 == device).map_or(0, |it| it.1.dseq)
    }

    /// Which of these records is a device's with this number.
    pub(super) fn position(&self, device: u32, dseq: u64) -> Option<usize> {
        let mut first = 0;
        for run in &self.runs {
            if run.device == device && (run.dseq..run.dseq + run.count).contains(&dseq) {
                return Some((first + dseq - run.dseq) as usize);
            }
            first += run.count;
        }
        None
    }
}

/// Beside roster records: the numbers of the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct RosterStamp {
    #[n(0)]
    pub(super) first: u32,
    #[n(1)]
    pub(super) last: u32,
}

/// The snapshots of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Shelf {
    #[n(0)]
    pub(super) snapshots: Vec<Shelved>,
    /// Bytes of all records that were given up.
    #[n(1)]
    pub(super) given_up: u64,
    /// The snapshot that is new, and the relay that took it.
    #[n(2)]
    pub(super) news: Option<(Hash, Incarnation)>,
}

/// One snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Shelved {
    #[n(0)]
    pub(super) info: SnapshotInfo,
    #[n(1)]
    pub(super) device: u32,
    #[n(2)]
    pub(super) confirmed_by: Option<u32>,
}

impl Shelf {
    /// Bytes of all snapshots.
    pub(super) fn bytes(&self) -> u64 {
        self.snapshots.iter().map(|it| it.info.bytes_len).sum()
    }
}

/// What devices stated to have seen of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct SeenMap {
    #[n(0)]
    pub(super) statements: Vec<Statement>,
}

/// What one device stated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Statement {
    #[n(0)]
    pub(super) device: u32,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(super) bytes: Vec<u8>,
}

/// Who holds a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Lease {
    #[n(0)]
    pub(super) device: u32,
    /// For how long, from when it was written.
    #[n(1)]
    pub(super) millis: u32,
}

/// What a device says in passing, from one relay to the others.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Whisper {
    /// The relay that says so: it does not listen to itself.
    #[n(0)]
    pub(super) node: Incarnation,
    #[n(1)]
    pub(super) device: u32,
    #[n(2)]
    pub(super) kind: WhisperKind,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub(super) bytes: Vec<u8>,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum WhisperKind {
    #[n(0)]
    Presence,
    #[n(1)]
    Gone,
    #[n(2)]
    Seen,
}

/// Whose cluster it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Meta {
    #[n(0)]
    pub(super) version: u32,
    #[n(1)]
    pub(super) incarnation: Incarnation,
    #[n(2)]
    pub(super) relay: RelayKey,
    #[n(3)]
    pub(super) partitions: u16,
}

/// A stamp as a header's text.
pub(super) fn stamp<T: Encode<()>>(value: &T) -> String {
    Base64Unpadded::encode_string(&encode(value))
}

/// A stamp from a header's text.
pub(super) fn unstamp<T: for<'b> Decode<'b, ()>>(text: &str) -> Result<T, StoreError> {
    let damaged = |error: String| StoreError::Damaged(format!("a stamp in the cluster: {error}"));
    let bytes = Base64Unpadded::decode_vec(text).map_err(|error| damaged(error.to_string()))?;
    decode(&bytes, STAMP_BYTES_MAX).map_err(|error| damaged(error.to_string()))
}

/// A value that is replaced as a whole.
pub(super) fn value<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, StoreError> {
    decode(bytes, VALUE_BYTES_MAX).map_err(|error| StoreError::Damaged(format!("in the cluster: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_wire::Head;

    #[test]
    fn a_stamp_survives_its_header_and_finds_records_of_a_device() {
        let chain = |dseq| DeviceChain { dseq, last: Head([7; 16]) };
        let place = |seq| Chain { seq, head: Head([8; 16]) };
        let written = LogStamp {
            before: place(10),
            start: 100,
            tip: place(15),
            end: 200,
            rseq: 3,
            runs: vec![
                RunStamp { device: 2, dseq: 5, count: 2 },
                RunStamp { device: 9, dseq: 1, count: 1 },
                RunStamp { device: 2, dseq: 7, count: 2 },
            ],
            authors: vec![(2, chain(8)), (9, chain(1))],
        };
        let text = stamp(&written);
        assert!(text.is_ascii() && !text.contains(['\r', '\n']));
        assert_eq!(unstamp::<LogStamp>(&text).unwrap(), written);
        assert_eq!(written.position(2, 6), Some(1));
        assert_eq!(written.position(9, 1), Some(2));
        assert_eq!(written.position(2, 8), Some(4));
        assert_eq!(
            (written.position(2, 4), written.position(2, 9), written.position(3, 1)),
            (None, None, None)
        );
        assert_eq!((written.dseq_of(2), written.dseq_of(3)), (8, 0));
    }

    #[test]
    fn a_subject_says_what_it_is_about() {
        let (space, log) = (SpaceId([255; 32]), LogId([3; 16]));
        let address = Address::new(&space, 64);
        assert_eq!(address.partition, 63);
        assert_eq!(About::of(&address.roster()), About::Roster);
        assert_eq!(About::of(&format!("live.{}", address.log(&log))), About::Log(log));
        assert_eq!(About::of(&address.shelf(&log)), About::Shelf(log));
        assert_eq!(About::of(&address.seen(&log)), About::Other);
        assert_eq!(About::of("log.nonsense"), About::Other);
    }
}
