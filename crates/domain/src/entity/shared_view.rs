//! A way to look at a journey that is kept for everybody.

use super::entity;
use crate::filter::Filter;

entity! {
    /// A way to look at a journey under a name, for everybody on it. How a window draws it is the window's own matter:
    /// what one does not know, it leaves alone.
    SharedView(SharedViewId), SharedViewField {
        /// Name, at most 60 characters.
        Name => name: String,
        /// Through what it looks, by the window's name for it: `map`, `table`, `priority`, `tree`.
        Lens => lens: String,
        /// What it leaves out.
        Filter => filter: Filter,
        /// How its table is laid out, in the window's own words.
        Table => table: String,
        /// What its picture of opportunities is laid out by, in the window's own words.
        Picture => picture: String,
    }
    rules {}
}

impl SharedView {
    /// Longest name, in characters.
    pub const NAME_CHARS_MAX: usize = 60;
    /// Shared views of a journey.
    pub const VIEWS_MAX: usize = 200;
}
