//! Pictures on their way through a log of their own: cut into parts, put together again.
//!
//! A picture's log is an ordinary one, whose changes are parts of the file. Nothing here believes a part:
//! whoever puts a file together checks it against the hash that names it.

use custory_wire::encode;
use minicbor::{Decode, Encode};

use crate::aead::OpenError;

/// Bytes of one part: with what a record adds it is well below what a record may have.
const PART_BYTES: usize = 180 << 10;

/// Bytes of a part as it is written down, at most.
const WRITTEN_BYTES_MAX: usize = PART_BYTES + 64;

/// A part of a picture's file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PicturePart {
    /// Bytes of the whole file.
    #[n(0)]
    pub file_bytes: u32,
    /// Where in it the part goes.
    #[n(1)]
    pub at: u32,
    /// The part.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl PicturePart {
    /// The parts of a file, in order, as changes of a record. None for a file of no bytes, or of more than
    /// 4 GiB.
    pub fn of_file(file: &[u8]) -> Vec<Vec<u8>> {
        let Ok(file_bytes) = u32::try_from(file.len()) else { return Vec::new() };
        let parts = (0..file_bytes).step_by(PART_BYTES).zip(file.chunks(PART_BYTES));
        parts.map(|(at, bytes)| encode(&Self { file_bytes, at, bytes: bytes.to_vec() })).collect()
    }

    /// Reads a part.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_change(change: &[u8]) -> Result<Self, OpenError> {
        let part: Self = custory_wire::decode(change, WRITTEN_BYTES_MAX).map_err(|_| OpenError::Content)?;
        let end = (part.at as usize).checked_add(part.bytes.len());
        let fits = !part.bytes.is_empty() && end.is_some_and(|it| it <= part.file_bytes as usize);
        if fits { Ok(part) } else { Err(OpenError::Content) }
    }
}

/// A file that comes in, in parts. A part at its beginning begins it anew, one that goes on where it ended
/// is taken, and every other is passed over: so it also comes together when two send it at the same time.
#[derive(Clone, Debug, Default)]
pub struct PictureFile {
    bytes: Vec<u8>,
    file_bytes: usize,
}

impl PictureFile {
    /// Takes a part; answers the file once it is whole, and is empty again then. A file of more than `max`
    /// bytes is not begun.
    pub fn take(&mut self, part: &PicturePart, max: usize) -> Option<Vec<u8>> {
        let file_bytes = part.file_bytes as usize;
        if part.at == 0 {
            self.bytes.clear();
            self.file_bytes = if file_bytes <= max { file_bytes } else { 0 };
        }
        if part.at as usize != self.bytes.len() || file_bytes != self.file_bytes {
            return None;
        }
        self.bytes.extend_from_slice(&part.bytes);
        (self.bytes.len() == self.file_bytes).then(|| std::mem::take(self).bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(file: &[u8]) -> Vec<PicturePart> {
        PicturePart::of_file(file).iter().map(|it| PicturePart::from_change(it).expect("a part")).collect()
    }

    fn file(len: usize) -> Vec<u8> {
        (0..len).map(|it| (it % 251) as u8).collect()
    }

    #[test]
    fn a_file_comes_together_again_also_when_two_send_it_at_once() {
        for len in [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 7] {
            let file = file(len);
            let parts = parts(&file);
            let mut coming = PictureFile::default();
            let came: Vec<_> = parts.iter().filter_map(|it| coming.take(it, 1 << 30)).collect();
            assert_eq!(came, std::slice::from_ref(&file));
            let twice = parts.iter().flat_map(|it| [it, it]);
            assert_eq!(twice.filter_map(|it| coming.take(it, 1 << 30)).next(), Some(file));
        }
        assert!(PicturePart::of_file(&[]).is_empty());
    }

    #[test]
    fn what_is_too_long_or_does_not_go_on_is_passed_over() {
        let file = file(2 * PART_BYTES);
        let parts = parts(&file);
        let mut coming = PictureFile::default();
        assert_eq!(coming.take(&parts[1], 1 << 30), None);
        assert!(parts.iter().all(|it| coming.take(it, file.len() - 1).is_none()));
        let other = PicturePart { file_bytes: 9, ..parts[1].clone() };
        assert_eq!(coming.take(&parts[0], 1 << 30), None);
        assert_eq!(coming.take(&other, 1 << 30), None);
        assert_eq!(coming.take(&parts[1], 1 << 30), Some(file));
    }

    #[test]
    fn what_claims_to_reach_beyond_its_file_is_no_part() {
        let part =
            |file_bytes, at, bytes: &[u8]| encode(&PicturePart { file_bytes, at, bytes: bytes.to_vec() });
        for bad in [part(3, 1, b"abc"), part(3, u32::MAX, b"a"), part(3, 0, b""), b"\x83".to_vec()] {
            assert_eq!(PicturePart::from_change(&bad), Err(OpenError::Content));
        }
    }
}
