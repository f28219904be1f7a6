//! What has been committed to the log of a database and not yet moved into its file.
//!
//! Layout as in SQLite's “Database File Format”, section 4.

use std::collections::BTreeMap;

use super::record::be32;

/// Length of the header of the log, and of the header of each page in it.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// How the log begins, by the order of bytes in which its checksums are made.
const LITTLE_ENDIAN: u32 = 0x377f_0682;
const BIG_ENDIAN: u32 = 0x377f_0683;

/// The newest committed state of every page in the log, by number.
///
/// A page's checksum goes on from that of the page before it, which is written down there: so a
/// damaged page does not hide those after it.
pub(super) fn committed(log: &[u8], page_bytes: usize) -> BTreeMap<u32, &[u8]> {
    let mut pages = BTreeMap::new();
    let word = match be32(log, 0) {
        Some(LITTLE_ENDIAN) => u32::from_le_bytes,
        Some(BIG_ENDIAN) => u32::from_be_bytes,
        _ => return pages,
    };
    let (Some(salts), Some(mut sum)) = (log.get(16..24), Sum::at(log, 24)) else { return pages };
    let mut waiting = Vec::new();
    for frame in log[LOG_HEADER..].chunks_exact(FRAME_HEADER + page_bytes) {
        let (header, page) = frame.split_at(FRAME_HEADER);
        // Pages of an earlier round have other salts; none of this round comes after them.
        if &header[8..16] != salts {
            break;
        }
        let expected = sum.over(&header[..8], word).over(page, word);
        let Some(stated) = Sum::at(header, 16) else { break };
        sum = stated;
        if expected != stated {
            continue;
        }
        waiting.extend(be32(header, 0).map(|number| (number, page)));
        let is_commit = be32(header, 4).is_some_and(|pages_then| pages_then > 0);
        if is_commit {
            pages.extend(waiting.drain(..));
        }
    }
    pages
}

/// A checksum on its way through the log.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sum(u32, u32);

impl Sum {
    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self(be32(bytes, at)?, be32(bytes, at + 4)?))
    }

    fn over(self, bytes: &[u8], word: fn([u8; 4]) -> u32) -> Self {
        let Self(mut first, mut second) = self;
        for pair in bytes.chunks_exact(8) {
            let [a, b, c, d, e, f, g, h] = pair else { continue };
            first = first.wrapping_add(word([*a, *b, *c, *d])).wrapping_add(second);
            second = second.wrapping_add(word([*e, *f, *g, *h])).wrapping_add(first);
        }
        Self(first, second)
    }
}
