//! Facts to stages and steps: same things together, in the order in which a customer meets them,
//! within the bounds of a draft. Pure; the same facts give the same draft.

mod anchor;
mod arrange;
mod assemble;
mod audience;
mod cluster;
mod command;
mod items;
mod page;
mod stage;
mod support;
mod title;
mod touchpoint;
mod trace;

pub(crate) use assemble::assemble;
pub use stage::StageKind;

use std::ops::Range;

use crate::doc::Doc;
use crate::find::Fact;

/// A fact whose quote stands in its source.
#[derive(Clone, Debug)]
pub(crate) struct Proven {
    pub fact: Fact,
    /// Index of the source.
    pub doc: usize,
    /// Where the quote stands.
    pub span: Range<usize>,
}

/// What the facts were found in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Material<'a> {
    pub docs: &'a [Doc],
    /// The product's name; empty if unknown.
    pub product: &'a str,
    /// One sentence: what the journey is about; may be empty.
    pub scope: &'a str,
}
