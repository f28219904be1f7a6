//! Who set the fields of the thing in the panel: asked when somebody wants to know, for that one thing.

use custory_domain::EntityRef;
use custory_ipc::{FieldSet, OnJourney, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::Store;
use crate::host;

/// Who set the fields of one thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blame {
    /// What it is about, as of which revision of the open journey.
    of: Option<(EntityRef, u64)>,
    /// Whether the answer has come.
    is_there: bool,
    /// Field by field the newest changes first.
    fields: Vec<FieldSet>,
}

impl Blame {
    /// The changes of a field of a thing, the newest first; `None` while they are not known.
    pub fn of_field(&self, about: EntityRef, field: &str) -> Option<Vec<FieldSet>> {
        let is_known = self.is_there && self.of.is_some_and(|it| it.0 == about);
        is_known.then(|| self.fields.iter().filter(|it| it.field == field).cloned().collect())
    }
}

impl Store {
    /// Asks who set the fields of something, unless that is known.
    pub fn ask_who_set(self, about: EntityRef) {
        spawn_forever(async move {
            self.who_set(about).await;
        });
    }

    /// Who set the fields of something, field by field the newest changes first.
    pub async fn who_set(mut self, about: EntityRef) -> Vec<FieldSet> {
        let here = self.open.peek().as_ref().map(|it| (it.id, it.revision));
        let Some((journey, revision)) = here else { return Vec::new() };
        let of = Some((about, revision));
        let known = self.blame.peek().clone();
        if known.of == of && known.is_there {
            return known.fields;
        }
        // What is known of it already stays on screen until the answer comes.
        let is_other = known.of.is_none_or(|it| it.0 != about);
        self.blame.set(if is_other { Blame { of, ..Blame::default() } } else { Blame { of, ..known } });
        let request = Request::Blame(OnJourney { journey, about });
        let Ok(Reply::Blame { fields, .. }) = host::request(request).await else { return Vec::new() };
        // Something may have changed while the answer was under way: it is shown all the same, and asked for again the next
        // time.
        let of = self.blame.peek().of;
        if of.is_some_and(|it| it.0 == about) {
            self.blame.set(Blame { of, is_there: true, fields: fields.clone() });
        }
        fields
    }

    /// Something has changed: what is known of it may be no more.
    pub fn forget_who_set(mut self) {
        let of = self.blame.peek().of;
        if let Some((about, _)) = of {
            self.blame.write().of = Some((about, u64::MAX));
        }
    }
}
