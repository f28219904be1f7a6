//! Opens one change from outside: size, checksum and bounds first, Automerge's own parser last.
//!
//! `Change::from_bytes` does not look at the checksum and panics on some damaged bytes, so damage
//! is found here before it gets there.

use std::io::Read;

use automerge::Change;
use automerge::legacy::{ElementId, Key, ObjectId};
use sha2::{Digest, Sha256};

use crate::apply::guarded;
use crate::columns::{self, Reader};
use crate::ingest::Refusal;

/// Bytes that a compressed change can unpack to: sixty times the largest record. Real changes
/// shrink to between a half and a tenth.
const INFLATED_BYTES_MAX: usize = 16 * 1024 * 1024;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const COMPRESSED_CHANGE: u8 = 2;

/// Reads a change out of its chunk.
pub(crate) fn open(bytes: &[u8], bytes_max: usize) -> Result<Change, Refusal> {
    if bytes.len() > bytes_max {
        return Err(Refusal::TooLarge { bytes: bytes.len(), max: bytes_max });
    }
    let (checksum, kind, body) = header(bytes).ok_or(Refusal::NotAChange)?;
    let inflated;
    let body = match kind {
        CHANGE => body,
        COMPRESSED_CHANGE => {
            inflated = inflate(body)?;
            &inflated
        }
        _ => return Err(Refusal::NotAChange),
    };
    if checksum != checksum_of(CHANGE, body) {
        return Err(Refusal::Checksum);
    }
    if !columns::look(body).ok_or(Refusal::NotAChange)?.fits {
        return Err(Refusal::TooMuch);
    }
    guarded(|| Change::try_from(bytes).map_err(|error| Refusal::Malformed { reason: error.to_string() }))
}

/// Whether every operation refers only to operations with lower numbers, as all honest ones do: an
/// object is made before something is put into it. Automerge does not look; an object inside itself
/// would keep it walking in a circle until memory ends.
pub(crate) fn refers_back(change: &Change) -> bool {
    let operations = change.decode().operations;
    (change.start_op().get()..).zip(&operations).all(|(number, operation)| {
        let object = match &operation.obj {
            ObjectId::Id(id) => Some(id),
            ObjectId::Root => None,
        };
        let element = match &operation.key {
            Key::Seq(ElementId::Id(id)) => Some(id),
            Key::Seq(ElementId::Head) | Key::Map(_) => None,
        };
        object.into_iter().chain(element).chain(operation.pred.iter()).all(|it| it.counter() < number)
    })
}

/// Whether a change holds operations that this program never writes.
pub(crate) fn is_unusual(change: &Change) -> bool {
    let body = header(change.raw_bytes()).map(|(_, _, body)| body);
    body.and_then(columns::look).is_none_or(|it| it.is_unusual)
}

/// Checksum, kind and body of the one chunk that these bytes are.
pub(crate) fn header(bytes: &[u8]) -> Option<([u8; 4], u8, &[u8])> {
    let mut reader = Reader(bytes);
    let magic = reader.take(4)?;
    let checksum = reader.take(4)?.try_into().ok()?;
    let kind = reader.take(1)?[0];
    let length = reader.unsigned()?;
    let body = reader.take(length)?;
    (magic == MAGIC && reader.0.is_empty()).then_some((checksum, kind, body))
}

fn inflate(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut inflated = Vec::new();
    let decoder = flate2::bufread::DeflateDecoder::new(body);
    let read = decoder.take(INFLATED_BYTES_MAX as u64 + 1).read_to_end(&mut inflated);
    match read {
        Ok(length) if length <= INFLATED_BYTES_MAX => Ok(inflated),
        Ok(_) => Err(Refusal::TooMuch),
        Err(_) => Err(Refusal::NotAChange),
    }
}

/// The first four bytes of the hash of a chunk; that of a change is over the unpacked change.
pub(crate) fn checksum_of(kind: u8, body: &[u8]) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    hasher.update(unsigned(body.len() as u64));
    hasher.update(body);
    let hash = hasher.finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn unsigned(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(10);
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}
