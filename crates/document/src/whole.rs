//! Reads a document that somebody else has saved: what a teammate offers in place of many changes.
//!
//! It is untrusted like a change. What it claims to unpack to is added up before Automerge sees it
//! (`columns`), Automerge reads it where a panic can be caught, and all that comes out are its
//! changes. A document is only ever made of these, by the rules for every other change ([`Document::merge`]):
//! how the bytes lay the operations out is believed nowhere, since Automerge does not check their order and
//! passes over operations that are in no change.

use std::io::Read;

use automerge::{Automerge, Change};

use crate::actor::Actor;
use crate::apply::{apply_own, gives_back, guarded};
use crate::chunk::{self, chunk_of, look_at_change};
use crate::columns::{self, Reader, Room};
use crate::document::{Document, heads_of};
use crate::ingest::Refusal;
use crate::kinds;
use crate::load::load_whole;
use crate::model::Model;
use crate::numbers::Counted;

/// What a saved document of a teammate may come to: ten times what 100,000 changes do.
const ROOM: Room = Room { rows: 5_000_000, text_bytes: 128 << 20 };

/// Bytes that its columns may unpack to, all together.
const INFLATED_BYTES_MAX: u64 = 128 << 20;

const DOCUMENT: u8 = 0;

/// Bit of a column's name that says that it is compressed.
const DEFLATED: u64 = 0b1000;

/// The column of changes that numbers them among their actor's.
const NUMBERS: u64 = 0x03;

/// A saved document, taken apart into changes that are still to be looked at.
#[derive(Clone, Debug)]
pub struct Whole {
    /// As Automerge has loaded it.
    loaded: Automerge,
    heads: Vec<[u8; 32]>,
    changes: Vec<Change>,
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
        if !Parts::of(body).and_then(|it| it.fits()).ok_or(Refusal::NotAChange)? {
            return Err(Refusal::TooMuch);
        }
        let loaded = load_whole(bytes).map_err(|reason| Refusal::Malformed { reason })?;
        guarded(|| {
            let heads = heads_of(&loaded).into_iter().map(|it| it.0).collect();
            let changes = loaded.get_changes(&[]);
            Ok(Self { loaded, heads, changes })
        })
    }

    /// Its newest changes, sorted.
    pub fn heads(&self) -> &[[u8; 32]] {
        &self.heads
    }

    /// How many changes are in it.
    pub fn count(&self) -> usize {
        self.changes.len()
    }

    /// All its changes, each after what it rests on, as chunks for [`Document::merge`].
    pub fn chunks(&self) -> Vec<Vec<u8>> {
        self.changes.iter().map(chunk_of).collect()
    }

    /// Those of its changes that a document does not have, as [`Whole::chunks`].
    pub fn missing_in(&self, document: &Document) -> Vec<Vec<u8>> {
        self.changes.iter().filter(|it| !document.has_change(&it.hash().0)).map(chunk_of).collect()
    }

    /// Makes a document of it, with its own saved form, and answers as [`Document::merge`] into an empty
    /// document would; all changes are taken in or none. `saved` is what it was taken apart from.
    ///
    /// # Errors
    /// When one of the changes is not to be taken in, or what comes of them does not read back.
    pub fn to_document(&self, saved: &[u8], actor: Actor) -> Result<(Document, Vec<u8>), Refusal> {
        match self.at_once(saved, actor) {
            Ok(made) => Ok(made),
            // One by one tells which is bad, and what is wrong with it.
            Err(_) => self.one_by_one(actor),
        }
    }

    /// Takes all changes in together. Each is looked at as if it came by itself, and Automerge makes the
    /// document of them by its rules for changes. What is left to be seen is that the document gives the changes
    /// back and opens again. If what was loaded holds the same operations in the same order, it does: that has
    /// been opened, and these changes are what it gave. Then its bytes are kept, if this program would write them too.
    fn at_once(&self, saved: &[u8], actor: Actor) -> Result<(Document, Vec<u8>), Refusal> {
        let mut document = Document::new(actor);
        {
            let mut counted = Counted::on(&document.doc, &document.numbers);
            for change in &self.changes {
                look_at_change(change)?;
                if document.turns.is_own(change.actor_id()) {
                    return Err(Refusal::NotOurs);
                }
                if !counted.takes(change) {
                    return Err(Refusal::Miscounted);
                }
            }
        }
        if !guarded(|| Ok(kinds::fit(&document.doc, &self.changes)))? {
            return Err(Refusal::Mistaken);
        }
        document.doc = apply_own(&document.doc, &self.changes)?;
        if document.heads() != self.heads {
            return Err(Refusal::NotReproducible);
        }
        guarded(|| {
            let own = if hold_the_same(&document.doc, &self.loaded) && self.loaded.save() == saved {
                saved.to_vec()
            } else if gives_back(&document.doc, &self.changes, &[]) {
                document.save_verified().map_err(|_| Refusal::NotReproducible)?
            } else {
                return Err(Refusal::NotReproducible);
            };
            document.model = Model::of(&document.doc);
            document.numbers.count(&self.changes);
            Ok((document, own))
        })
    }

    fn one_by_one(&self, actor: Actor) -> Result<(Document, Vec<u8>), Refusal> {
        let mut document = Document::new(actor);
        let merged = document.merge(&self.chunks());
        if let Some(refused) = merged.refused.into_iter().next() {
            return Err(refused.reason);
        }
        if merged.pending > 0 || document.heads() != self.heads {
            return Err(Refusal::NotReproducible);
        }
        let own = document.save_verified().map_err(|_| Refusal::NotReproducible)?;
        Ok((document, own))
    }
}

/// Every change of a document, each after what it rests on.
pub(crate) fn changes_of(doc: &Automerge) -> Vec<Vec<u8>> {
    doc.get_changes(&[]).iter().map(chunk_of).collect()
}

/// The body of a document chunk, as far as its parts have to be told apart.
///
/// Layout: <https://automerge.org/automerge-binary-format-spec/#document-chunks>.
struct Parts<'a> {
    actors: Vec<&'a [u8]>,
    /// What each column of the table of changes is, and its bytes.
    changes: Vec<(u64, &'a [u8])>,
    /// The same of the table of operations.
    operations: Vec<(u64, &'a [u8])>,
}

impl<'a> Parts<'a> {
    /// Tells them apart; `None` if it is no document.
    fn of(body: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(body);
        let mut actors = Vec::new();
        for _ in 0..reader.unsigned()? {
            actors.push(reader.stretch()?);
        }
        let heads = reader.unsigned()?;
        reader.take(heads.checked_mul(32)?)?;
        let (changes, operations) = (metadata(&mut reader)?, metadata(&mut reader)?);
        let mut columns = |metadata: Vec<(u64, u64)>| {
            metadata.into_iter().map(|(it, length)| Some((it, reader.take(length)?))).collect()
        };
        let changes: Option<Vec<_>> = columns(changes);
        Some(Self { actors, changes: changes?, operations: columns(operations)? })
    }

    /// Whether it unpacks to no more than it may; `None` if it is no document.
    fn fits(&self) -> Option<bool> {
        let mut room = INFLATED_BYTES_MAX;
        let columns =
            self.changes.iter().map(|it| (true, it)).chain(self.operations.iter().map(|it| (false, it)));
        for (is_change, (specification, column)) in columns {
            let (mut column, mut inflated) = (*column, Vec::new());
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
}

fn metadata(reader: &mut Reader<'_>) -> Option<Vec<(u64, u64)>> {
    let mut columns = Vec::new();
    for _ in 0..reader.unsigned()? {
        columns.push((reader.unsigned()?, reader.unsigned()?));
    }
    Some(columns)
}

/// Whether two documents hold the same operations in the same order. Their changes may stand in another one.
fn hold_the_same(one: &Automerge, other: &Automerge) -> bool {
    let (one, other) = (one.save_nocompress(), other.save_nocompress());
    let parts = |bytes| chunk::header(bytes).and_then(|(_, _, body)| Parts::of(body));
    match (parts(&one), parts(&other)) {
        (Some(one), Some(other)) => (one.actors, one.operations) == (other.actors, other.operations),
        _ => false,
    }
}
