//! A journey as a document to be read: mailed, printed, put beside a specification.
//!
//! Says what people wrote and what it rests on, in the order of the map. Leaves out the trash, and
//! scores, which a reader could not check. Nothing reads it back; that is what JSON is for.

mod beside;
mod item;
mod map;
mod people;
pub(crate) mod text;

pub(crate) use item::measured;
pub(crate) use map::{BRANCH, illustrated};
pub use map::{these_to_markdown, to_markdown};

/// Adds a quoted text with a line that says whose it is, every line begun with `indent`.
pub(crate) fn quote(out: &mut String, indent: &str, words: &str, from: &str) {
    let inner = format!("{indent}> ");
    let words = text::block(words, &inner);
    out.push_str(&words);
    if !from.is_empty() {
        if !words.is_empty() {
            out.push_str(inner.trim_end());
            out.push('\n');
        }
        out.push_str(&format!("{inner}— {from}\n"));
    }
    out.push('\n');
}
