//! Names that the same material gives again.

use custory_domain::draft::DraftKey;
use sha2::{Digest, Sha256};

/// SHA-256 of a text, hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
        out
    })
}

/// A key from what names an element: what it is, what it says, where it was found.
pub(crate) fn key(kind: &str, parts: &[&str]) -> DraftKey {
    const DIGITS: usize = 16;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes()); // So that "ab" + "c" is not "a" + "bc".
        hash.update(part.as_bytes());
    }
    let digest = hex(&hash.finalize());
    DraftKey(format!("{kind}-{}", &digest[..DIGITS]))
}
