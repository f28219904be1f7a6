//! A document as it is, or as it was at some heads: one way to read both.
//!
//! Reading at heads costs a look at the change graph for each object, which Automerge keeps short; a fork of
//! the document at the same heads takes five times as long.

use automerge::iter::MapRange;
use automerge::{Automerge, ChangeHash, ObjId, ROOT, ReadDoc, Value};
use custory_domain::EntityRef;

use crate::read::a_map;

/// What is read, and as of when.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    doc: &'a Automerge,
    /// Now without any.
    heads: Option<&'a [ChangeHash]>,
}

impl<'a> From<&'a Automerge> for Sight<'a> {
    fn from(doc: &'a Automerge) -> Self {
        Self { doc, heads: None }
    }
}

impl<'a> Sight<'a> {
    /// The document as it was when these were its newest changes.
    pub fn at(doc: &'a Automerge, heads: &'a [ChangeHash]) -> Self {
        Self { doc, heads: Some(heads) }
    }

    /// What stands in a map, by key.
    pub fn map(self, object: &ObjId) -> MapRange<'a> {
        match self.heads {
            Some(heads) => self.doc.map_range_at(object, .., heads),
            None => self.doc.map_range(object, ..),
        }
    }

    /// A text that is merged letter by letter.
    pub fn text(self, object: &ObjId) -> Option<String> {
        match self.heads {
            Some(heads) => self.doc.text_at(object, heads),
            None => self.doc.text(object),
        }
        .ok()
    }

    /// Everything that stands under a key, also what others wrote at the same time.
    pub fn all(self, object: &ObjId, key: &str) -> Vec<(Value<'a>, ObjId)> {
        match self.heads {
            Some(heads) => self.doc.get_all_at(object, key, heads),
            None => self.doc.get_all(object, key),
        }
        .unwrap_or_default()
    }

    /// The map that holds an entity.
    pub fn object(self, entity: EntityRef) -> Option<ObjId> {
        let key = entity.to_string();
        let found = match self.heads {
            Some(heads) => self.doc.get_at(ROOT, key, heads),
            None => self.doc.get(ROOT, key),
        };
        a_map(found.ok()?)
    }
}
