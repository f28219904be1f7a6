//! Whether changes write into things as what they are: fields by their names, into texts and lists by places.
//!
//! Automerge does not look, except in a build with debug assertions. A field that is written into a text becomes a part of
//! the text, and no patch tells of it; one that is put between others makes a document that cannot be opened again.

use std::collections::HashMap;

use automerge::legacy::{ElementId, Key, ObjectId, OpId, OpType};
use automerge::{Automerge, Change, ObjId, ObjType, ReadDoc};

/// Whether changes, each after what it rests on, write into everything as what it is. `doc` is what they come to.
pub(crate) fn fit(doc: &Automerge, changes: &[Change]) -> bool {
    let mut known: HashMap<OpId, Option<ObjType>> = HashMap::new();
    changes.iter().all(|change| {
        let actor = change.actor_id();
        (change.start_op().get()..).zip(change.decode().operations).all(|(number, operation)| {
            let is_named = matches!(operation.key, Key::Map(_));
            // Only what is new is put between others, and only where there are places.
            if operation.insert
                && (is_named || matches!(operation.action, OpType::Delete | OpType::Increment(_)))
            {
                return false;
            }
            // Before the first place there is nothing that could become something else.
            if !operation.insert && operation.key == Key::Seq(ElementId::Head) {
                return false;
            }
            let fits = match &operation.obj {
                ObjectId::Root => is_named,
                ObjectId::Id(id) => {
                    let kind = *known.entry(id.clone()).or_insert_with(|| {
                        // The index is only a hint; Automerge looks the actor up.
                        doc.object_type(ObjId::Id(id.counter(), id.actor().clone(), 0)).ok()
                    });
                    // What nobody has made is for Automerge to refuse.
                    kind.is_none_or(|it| it.is_sequence() != is_named)
                }
            };
            if let OpType::Make(kind) = operation.action {
                known.insert(OpId::new(number, actor), Some(kind));
            }
            fits
        })
    })
}
