//! Opens one change from outside: size, checksum and bounds first, Automerge's own parser last.
//!
//! `Change::from_bytes` does not look at the checksum and panics on some damaged bytes, so damage
//! is found here before it gets there.

use std::io::Read;

use automerge::Change;
use sha2::{Digest, Sha256};

use crate::apply::guarded;
use crate::columns::{Body, Reader};
use crate::ingest::{CHUNK_BYTES_MAX, Refusal};

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
    look_at(body)?;
    guarded(|| Change::try_from(bytes).map_err(malformed))
}

/// Looks at a change that a saved document was taken apart into, as [`open`] does at one that came by itself.
pub(crate) fn look_at_change(change: &Change) -> Result<(), Refusal> {
    let raw = change.raw_bytes();
    if raw.len() > INFLATED_BYTES_MAX {
        return Err(Refusal::TooMuch);
    }
    // It is packed to be sent, which only one that is close to the limit can notice.
    if raw.len() > CHUNK_BYTES_MAX - PACKING_BYTES_MAX {
        let bytes = chunk_of(change).len();
        if bytes > CHUNK_BYTES_MAX {
            return Err(Refusal::TooLarge { bytes, max: CHUNK_BYTES_MAX });
        }
    }
    let (_, _, body) = header(raw).ok_or(Refusal::NotAChange)?;
    look_at(body)?;
    guarded(|| Change::try_from(raw).map_err(malformed)).map(drop)
}

/// From how many bytes on a change is packed by itself. What is shorter is packed with the record that it
/// travels in, which comes to less: names and words stand in several changes, or are known beforehand.
const PACKED_FROM: usize = 4 << 10;

/// A change as it is kept and sent: the same bytes for the same change, wherever it comes from.
pub(crate) fn chunk_of(change: &Change) -> Vec<u8> {
    let raw = change.raw_bytes();
    if raw.len() < PACKED_FROM { raw.to_vec() } else { change.clone().bytes().into_owned() }
}

/// Bytes that packing can add to what cannot be made smaller: five for each 16 KiB, and some.
const PACKING_BYTES_MAX: usize = 1_024;

fn look_at(body: &[u8]) -> Result<(), Refusal> {
    let body = Body::of(body).ok_or(Refusal::NotAChange)?;
    if !body.fits().ok_or(Refusal::NotAChange)? {
        return Err(Refusal::TooMuch);
    }
    if !body.refers_back().ok_or(Refusal::NotAChange)? {
        return Err(Refusal::RefersAhead);
    }
    Ok(())
}

fn malformed(error: automerge::LoadChangeError) -> Refusal {
    Refusal::Malformed { reason: error.to_string() }
}

/// Whether a change holds operations that this program never writes.
pub(crate) fn is_unusual(change: &Change) -> bool {
    let body = header(change.raw_bytes()).and_then(|(_, _, body)| Body::of(body));
    body.and_then(|it| it.is_unusual()).unwrap_or(true)
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
