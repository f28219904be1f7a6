//! A stream of bytes as lines. Bytes, not text: a character may come in two pieces.

/// Longest line, in bytes: an answer comes word by word, so a longer one is none of a model.
pub(super) const LINE_BYTES_MAX: usize = 1 << 20;

/// Collects bytes until a line is whole.
#[derive(Debug, Default)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// Up to where there is no end of line.
    searched: usize,
}

impl Lines {
    /// Takes bytes in as they come. `false` when a line grows past [`LINE_BYTES_MAX`].
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        self.buffer.extend_from_slice(bytes);
        self.buffer.len() <= LINE_BYTES_MAX || self.buffer.contains(&b'\n')
    }

    /// The next whole line, without its end.
    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        let Some(at) = self.buffer[self.searched..].iter().position(|it| *it == b'\n') else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + at;
        let line = self.buffer[..end].to_vec();
        self.buffer.drain(..=end);
        self.searched = 0;
        Some(line)
    }

    /// What is left once everything has come: a last line that nobody ended.
    pub(super) fn rest(self) -> Vec<u8> {
        self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_the_same_however_the_bytes_are_cut(
            lines in prop::collection::vec("[^\n]{0,12}", 0..8),
            cuts in prop::collection::vec(1usize..7, 0..60),
        ) {
            let text = lines.join("\n") + "\n";
            let mut bytes = text.as_bytes();
            let (mut read, mut found) = (Lines::default(), Vec::new());
            let mut cuts = cuts.into_iter();
            while !bytes.is_empty() {
                let (piece, rest) = bytes.split_at(cuts.next().unwrap_or(5).min(bytes.len()));
                prop_assert!(read.feed(piece));
                found.extend(std::iter::from_fn(|| read.next()));
                bytes = rest;
            }
            let expected: Vec<&str> = if lines.is_empty() { vec![""] } else { lines.iter().map(String::as_str).collect() };
            prop_assert_eq!(found, expected.iter().map(|it| it.as_bytes().to_vec()).collect::<Vec<_>>());
            prop_assert!(read.rest().is_empty());
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut lines = Lines::default();
        assert!(lines.feed(&vec![b'x'; LINE_BYTES_MAX]));
        assert!(!lines.feed(b"x"));
    }
}
