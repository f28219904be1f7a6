//! Promises of the document: merging, undoing and looking back lose nothing that somebody did.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod convergence;
mod merging;
mod past;
mod undo;
