//! From product material to a draft journey in which every element cites its source.
//!
//! A website, a folder, files or pasted text go in; a [`Draft`](custory_domain::draft::Draft) and
//! the texts that its citations point into come out. No language model is needed: structure does
//! the work. What the material does not say stays empty.
//!
//! Straight path: [`read()`] collects material (`collect`, the only part with network and files),
//! makes plain text with a map of it (`read`), finds facts passage by passage ([`FactFinder`]),
//! proves each against its source (`verify`), gathers them into steps and stages (`order`) and
//! checks the whole once more.
//!
//! Invariant: [`Draft::unproven`](custory_domain::draft::Draft::unproven) is empty for every draft.
//! Invariant: the same material gives the same draft, keys included.

mod collect;
mod doc;
mod error;
mod find;
mod genre;
mod key;
mod limits;
mod order;
mod product;
mod read;
mod reading;
mod verify;
mod watch;
mod words;

pub use doc::{Block, Doc, Link, Mark, Shape};
pub use error::DraftError;
pub use find::{Fact, FactFinder, FactKind, Far, Passage, Rules, Sign, states_problem};
pub use genre::Genre;
pub use limits::Limits;
pub use order::StageKind;
pub use reading::{Reading, read, read_with};
