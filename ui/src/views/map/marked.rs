//! What differs between the version on screen and now, as cards and heads show it.

use custory_domain::EntityRef;
use dioxus::prelude::*;

use crate::state::{Difference, Drawn, Mark, Store};

/// What history says about a card or a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marked {
    mark: Option<Mark>,
    /// A value that is otherwise now.
    pub difference: Option<Difference>,
    /// It is the same as then, where only what differs counts.
    is_dim: bool,
}

impl Marked {
    /// Its classes on a card.
    pub const fn style(&self) -> &'static str {
        match self.mark {
            Some(Mark::Added) => " d-add",
            Some(Mark::Changed) => " d-chg",
            Some(Mark::Removed) => " d-del",
            None if self.is_dim => " dim",
            None => "",
        }
    }

    /// Its sign, that one's class, and the word for it.
    pub fn badge(&self) -> Option<(&'static str, &'static str, &'static str)> {
        self.mark.map(|it| match it {
            Mark::Added => ("+", "", "Added since"),
            Mark::Changed => ("~", "c", "Changed since"),
            Mark::Removed => ("−", "d", "Removed since"),
        })
    }
}

/// What history says, while an older version is on screen; nothing otherwise.
pub fn marked(store: Store, what: EntityRef) -> Marked {
    let history = store.history.read();
    let Some(history) = history.as_ref().filter(|it| it.at.is_some()) else { return Marked::default() };
    let differences = history.differences.get(&what);
    // The first that says something in a word.
    let difference =
        differences.and_then(|all| all.iter().find(|it| !(it.was.is_empty() && it.is.is_empty())));
    let mark = history.marks.get(&what).copied();
    let is_dim = mark.is_none() && history.drawn == Drawn::WhatChanged;
    Marked { mark, difference: difference.cloned(), is_dim }
}
