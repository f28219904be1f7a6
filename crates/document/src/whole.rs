//! Reads a document that somebody else has saved: what a teammate offers in place of many changes.
//!
//! It is untrusted like a change. What it claims to unpack to is added up before Automerge sees it
//! (`columns`), Automerge reads it where a panic can be caught, and all that comes out are its
//! changes: they go into a document the way every other change does ([`Document::merge`]).
//!
//! [`Document::merge`]: crate::Document::merge

use std::io::Read;

use automerge::Automerge;

use crate::apply::guarded;
use crate::chunk;
use crate::columns::{self, Reader, Room};
use crate::ingest::Refusal;
use crate::load::load_whole;

/// What a saved document of a teammate may come to: ten times what 100,000 changes do.
const ROOM: Room = Room { rows: 5_000_000, text_bytes: 128 << 20 };

/// Bytes that its columns may unpack to, all together.
const INFLATED_BYTES_MAX: u64 = 128 << 20;

const DOCUMENT: u8 = 0;

/// Bit of a column's name that says that it is compressed.
const DEFLATED: u64 = 0b1000;

/// The column of changes that numbers them among their actor's.
const NUMBERS: u64 = 0x03;

/// A saved document, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Its newest changes, sorted.
    pub heads: Vec<[u8; 32]>,
    /// All its changes, each after what it rests on, as chunks for [`crate::Document::merge`].
    pub changes: Vec<Vec<u8>>,
    /// The names of these, in the same order: whether one is in a document already is told by them.
    pub hashes: Vec<[u8; 32]>,
}

impl Whole {
    /// Takes a saved document apart.
    ///
    /// # Errors
    /// When it is not one whole document, claims to unpack to too much, or does not hold together.
    pub fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let (checksum, kind, body) = chunk::header(bytes).ok_or(Refusal::NotAChange)?;
        if kind != DOCUMENT {
            return Err(Refusal::NotAChange);
        }
        if checksum != chunk::checksum_of(DOCUMENT, body) {
            return Err(Refusal::Checksum);
        }
        if !fits(body).ok_or(Refusal::NotAChange)? {
            return Err(Refusal::TooMuch);
        }
        let doc = load_whole(bytes).map_err(|reason| Refusal::Malformed { reason })?;
        guarded(|| {
            let mut heads: Vec<[u8; 32]> = doc.get_heads().into_iter().map(|it| it.0).collect();
            heads.sort_unstable();
            let mut whole = Self { heads, changes: Vec::new(), hashes: Vec::new() };
            for mut change in doc.get_changes(&[]) {
                whole.hashes.push(change.hash().0);
                whole.changes.push(change.bytes().into_owned());
            }
            Ok(whole)
        })
    }
}

/// Every change of a document, each after what it rests on.
pub(crate) fn changes_of(doc: &Automerge) -> Vec<Vec<u8>> {
    doc.get_changes(&[]).into_iter().map(|mut it| it.bytes().into_owned()).collect()
}

/// Whether a document chunk's body unpacks to no more than it may; `None` if it is no document.
///
/// Layout: <https://automerge.org/automerge-binary-format-spec/#document-chunks>.
fn fits(body: &[u8]) -> Option<bool> {
    let mut reader = Reader(body);
    for _ in 0..reader.unsigned()? {
        reader.stretch()?; // actor
    }
    let heads = reader.unsigned()?;
    reader.take(heads.checked_mul(32)?)?;
    let changes = metadata(&mut reader)?;
    let operations = metadata(&mut reader)?;
    let mut room = INFLATED_BYTES_MAX;
    for (is_change, (specification, length)) in
        changes.into_iter().map(|it| (true, it)).chain(operations.into_iter().map(|it| (false, it)))
    {
        let mut inflated = Vec::new();
        let mut column = reader.take(length)?;
        if specification & DEFLATED != 0 {
            let decoder = flate2::bufread::DeflateDecoder::new(column);
            decoder.take(room + 1).read_to_end(&mut inflated).ok()?;
            column = &inflated;
        }
        let Some(left) = room.checked_sub(column.len() as u64) else { return Some(false) };
        room = left;
        let specification = specification & !DEFLATED;
        if !columns::column_fits(specification, column, &ROOM)?
            || is_change && specification == NUMBERS && !columns::counts_up(column)?
        {
            return Some(false);
        }
    }
    Some(true)
}

fn metadata(reader: &mut Reader<'_>) -> Option<Vec<(u64, u64)>> {
    let mut columns = Vec::new();
    for _ in 0..reader.unsigned()? {
        columns.push((reader.unsigned()?, reader.unsigned()?));
    }
    Some(columns)
}
