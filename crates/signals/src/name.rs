//! Names that every device comes to by itself: of signals, of texts, of people.

use custory_domain::{SignalId, WorkspaceId};
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// The identifier of what a source calls `external_id`. The same on every device, so that what two of them
/// attach is one piece of evidence.
pub fn signal_id(source: &str, external_id: &str) -> SignalId {
    // The length first: no two pairs of names run together to the same text.
    let begin = format!("{}:{source}", source.len());
    let hash = Sha256::new().chain_update(begin).chain_update(external_id).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Ulid::from_bytes(bytes).into()
}

/// SHA-256 of a text, hexadecimal.
pub fn content_hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|it| format!("{it:02x}")).collect()
}

/// What a person or account outside is called in a shared journey. The same for the whole team, so that each
/// counts once; who does not know the workspace cannot find a name by trying names.
pub fn pseudonym(workspace: WorkspaceId, kind: &str, name: &str) -> String {
    let name = name.trim().to_lowercase();
    if name.is_empty() {
        return String::new();
    }
    let hash = content_hash(&format!("{workspace}\0{kind}\0{name}"));
    format!("{kind} {}", hash[..6].to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere_and_differ_where_they_should() {
        assert_eq!(signal_id("file", "a"), signal_id("file", "a"));
        assert_ne!(signal_id("file", "a"), signal_id("slack", "a"));
        assert_ne!(signal_id("file", "a\0b"), signal_id("file\0a", "b"));
        let workspace = WorkspaceId::from_parts(1, 1);
        let of = |name| pseudonym(workspace, "Customer", name);
        assert_eq!(of("Ana Lopez "), of("ana lopez"));
        assert_ne!(of("Ana"), of("Bo"));
        assert_ne!(of("Ana"), pseudonym(WorkspaceId::from_parts(1, 2), "Customer", "Ana"));
        assert_eq!(of("  "), "");
        assert!(!of("Ana").contains("Ana"));
    }
}
