//! What differs between the two states of the journey that are compared, as cards and heads show it.

use custory_domain::EntityRef;
use dioxus::prelude::*;

use crate::state::{Difference, Drawn, Mark, Store, With};

/// What a comparison says about a card or a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marked {
    mark: Option<Mark>,
    /// A value that is otherwise now.
    pub difference: Option<Difference>,
    /// It is the same on both, where only what differs counts.
    is_dim: bool,
    /// It is compared with the journey as it is, not as it was.
    is_beside: bool,
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
        self.mark.map(|it| match (it, self.is_beside) {
            (Mark::Added, false) => ("+", "", "Added since"),
            (Mark::Changed, false) => ("~", "c", "Changed since"),
            (Mark::Removed, false) => ("−", "d", "Removed since"),
            (Mark::Added, true) => ("+", "", "To come"),
            (Mark::Changed, true) => ("~", "c", "To change"),
            (Mark::Removed, true) => ("−", "d", "To go"),
        })
    }

    /// What the line with the two values is about.
    pub const fn about(&self) -> &'static str {
        if self.is_beside { "As it is, and as it should be" } else { "Since then" }
    }
}

/// What is said of it while a comparison is on screen; nothing otherwise.
pub fn marked(store: Store, what: EntityRef) -> Marked {
    let comparison = store.comparison.read();
    let Some(comparison) = comparison.as_ref() else { return Marked::default() };
    let difference = comparison.telling(what).cloned();
    let mark = comparison.marks.get(&what).copied();
    let is_dim = mark.is_none() && comparison.drawn != Drawn::Other;
    let is_beside = matches!(comparison.with, With::AsIs(_));
    Marked { mark, difference, is_dim, is_beside }
}
