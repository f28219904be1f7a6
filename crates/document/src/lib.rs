//! A journey, or the workspace, as one Automerge document with a plain read model beside it.
//!
//! A [`Document`] turns a command into an [`Edit`] (one change, nothing has happened yet), takes an
//! edit in once it is durable, and merges changes from outside. Each of these answers with a
//! [`Patch`](custory_domain::Patch), and patches alone keep the [`Board`](custory_domain::Board)
//! current: reading it never walks the CRDT. A [`Past`] has the boards that were, and who made what of them.
//!
//! Pure: no disk, network, clock or randomness. Whoever calls passes stamps and the actor's random
//! bytes in.
//!
//! Invariants: one gesture is one change. Nothing from outside can panic or spoil a document
//! (`ingest`). What this version does not understand stays in the document as it is
//! (`layout`, and docs/decisions/0004-document-layout.md for how things are laid out and why).

mod actor;
mod apply;
mod chunk;
mod columns;
mod document;
mod edit;
mod ingest;
mod kinds;
mod layout;
mod lived;
mod load;
mod model;
mod needs;
mod numbers;
mod past;
mod read;
mod share;
mod sight;
mod touched;
mod undo;
mod waiting;
mod whole;
mod write;

pub use actor::Actor;
pub use document::{Document, Still};
pub use edit::Edit;
pub use ingest::{CHUNK_BYTES_MAX, Merged, Refusal, Refused};
pub use lived::Turn;
pub use load::{Damaged, LoadError, Loaded};
pub use past::{Past, Version};
pub use touched::Touched;
pub use whole::Whole;
