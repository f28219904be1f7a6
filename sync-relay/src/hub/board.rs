//! The newest statement of each device, and who has not read it yet.
//!
//! A slow reader costs nothing: statements replace each other here, and a reader only remembers how far it read.

use std::collections::BTreeMap;

use bytes::Bytes;

/// Statements by device. Each write gets the next number.
#[derive(Default)]
pub(crate) struct Board {
    written: u64,
    newest: BTreeMap<u32, (u64, Bytes)>,
}

impl Board {
    /// Replaces what the device said before.
    pub(crate) fn write(&mut self, device: u32, statement: Bytes) {
        self.written += 1;
        self.newest.insert(device, (self.written, statement));
    }

    /// Takes a device's statement away: whether there was one.
    pub(crate) fn erase(&mut self, device: u32) -> bool {
        self.newest.remove(&device).is_some()
    }

    /// How many writes there were.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// What was written after the first `read` writes, by device.
    pub(crate) fn after(&self, read: u64) -> impl Iterator<Item = (u32, &Bytes)> {
        self.newest
            .iter()
            .filter(move |(_, (number, _))| *number > read)
            .map(|(device, (_, it))| (*device, it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_the_newest_of_each_device_once() {
        let mut board = Board::default();
        for round in 0..100_u8 {
            board.write(1, Bytes::from(vec![round]));
        }
        board.write(2, Bytes::from_static(b"two"));
        let all: Vec<_> = board.after(0).map(|(device, it)| (device, it.to_vec())).collect();
        assert_eq!(all, [(1, vec![99]), (2, b"two".to_vec())]);
        assert_eq!(board.after(board.written()).count(), 0);
        board.erase(1);
        assert_eq!(board.after(0).count(), 1);
    }
}
