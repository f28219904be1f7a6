//! What people say elsewhere, made ready for triage: files split into passages, each with a name that is
//! the same on every device, words that may be shared, and words to look for on the map.
//!
//! Pure: bytes in, values out. Keeps nothing, asks nobody. Invariant: [`excerpt()`] gives no e-mail address,
//! telephone number, card number or token, and at most what a piece of evidence can hold.

mod excerpt;
pub mod file;
mod name;
mod redact;
pub mod themes;
mod words;

pub use excerpt::{Excerpt, excerpt};
pub use name::{content_hash, pseudonym, signal_id};
pub use redact::{Redacted, Removed, redact};
pub use words::{Stem, stems};
