//! A journey as an Automerge document: commands in, patches out.
