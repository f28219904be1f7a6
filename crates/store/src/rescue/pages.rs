//! The pages of a database file, with the newer ones of its log, whatever state they are in.
//!
//! Layout as in SQLite's “Database File Format”, sections 1.3 (header), 1.6 (b-tree pages) and 4
//! (the log). Nothing here trusts a number it reads: what points outside is passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::log;
use super::record::{self, be16, be32};
use crate::rows::Row;

/// Page size of this program's databases, for when the header is lost.
const PAGE_BYTES: usize = 4096;
/// Page sizes that SQLite knows.
const PAGE_BYTES_RANGE: std::ops::RangeInclusive<usize> = 512..=65536;
/// Length of the header of the file, with which the first page begins.
const FILE_HEADER: usize = 100;
/// First byte of a page that holds rows of a table.
const TABLE_LEAF: u8 = 0x0d;

/// Hands over every row in a database file and its log whose seal is right.
pub(super) fn rows(file: &[u8], log: &[u8], mut found: impl FnMut(Row<'_>)) {
    for page_bytes in page_sizes(file, log) {
        Pages { file, log: log::committed(log, page_bytes), page_bytes }.rows(&mut found);
    }
}

/// What the page size may be: as the header says, as the log says, as it always is. A wrong one
/// yields no row with a right seal.
fn page_sizes(file: &[u8], log: &[u8]) -> BTreeSet<usize> {
    let in_header = be16(file, 16).map(|it| if it == 1 { 65536 } else { usize::from(it) });
    let in_log = be32(log, 8).and_then(|it| usize::try_from(it).ok());
    let is_sound = |it: &usize| it.is_power_of_two() && PAGE_BYTES_RANGE.contains(it);
    [in_header, in_log, Some(PAGE_BYTES)].into_iter().flatten().filter(is_sound).collect()
}

/// All pages, by number from 1.
struct Pages<'a> {
    file: &'a [u8],
    log: BTreeMap<u32, &'a [u8]>,
    page_bytes: usize,
}

impl<'a> Pages<'a> {
    fn rows(&self, found: &mut impl FnMut(Row<'_>)) {
        let in_file = u32::try_from(self.file.len() / self.page_bytes).unwrap_or(u32::MAX);
        let in_log = self.log.keys().next_back().copied().unwrap_or(0);
        for page in (1..=in_file).chain(in_file.saturating_add(1)..=in_log) {
            for (number, payload) in self.payloads(page) {
                if let Some(row) = record::fields(&payload).and_then(|it| Row::recognise(number, &it)) {
                    found(row);
                }
            }
        }
    }

    fn page(&self, number: u32) -> Option<&'a [u8]> {
        if let Some(page) = self.log.get(&number) {
            return Some(page);
        }
        let start = usize::try_from(number).ok()?.checked_sub(1)?.checked_mul(self.page_bytes)?;
        self.file.get(start..start.checked_add(self.page_bytes)?)
    }

    /// The rows on a page, as numbers and bytes; none if it is no page with rows.
    fn payloads(&self, number: u32) -> Vec<(i64, Vec<u8>)> {
        let start = if number == 1 { FILE_HEADER } else { 0 };
        let Some(page) = self.page(number).filter(|it| it[start] == TABLE_LEAF) else { return Vec::new() };
        let cells = usize::from(be16(page, start + 3).unwrap_or(0));
        let places = (0..cells).filter_map(|cell| be16(page, start + 8 + 2 * cell));
        places.filter_map(|at| self.payload(page, usize::from(at))).collect()
    }

    /// Number and bytes of the row that begins at `at`, from all pages that it stretches over.
    fn payload(&self, page: &[u8], at: usize) -> Option<(i64, Vec<u8>)> {
        let (length, at) = record::varint(page, at)?;
        let (number, at) = record::varint(page, at)?;
        let length = usize::try_from(length).ok()?;
        // A wrong length must not ask for all memory there is.
        if length > self.file.len() + self.log.len() * self.page_bytes {
            return None;
        }
        let here = self.length_here(length);
        let mut payload = page.get(at..at + here)?.to_vec();
        let mut next = if here < length { be32(page, at + here)? } else { 0 };
        while payload.len() < length {
            let more = self.page(next)?;
            let rest = (length - payload.len()).min(self.page_bytes - 4);
            payload.extend_from_slice(more.get(4..4 + rest)?);
            next = be32(more, 0)?;
        }
        Some((number, payload))
    }

    /// How much of a row stands on its own page; the rest has pages of its own (section 1.6).
    fn length_here(&self, length: usize) -> usize {
        let most = self.page_bytes - 35;
        if length <= most {
            return length;
        }
        let least = (self.page_bytes - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.page_bytes - 4);
        if fitting <= most { fitting } else { least }
    }
}
