//! Which source is about what: the one whose title says it, or the one that a link leads to.

use std::collections::BTreeMap;

use super::{Material, Proven};
use crate::find::Sign;
use crate::reading::stem;

/// Sources by the last part of their address; those that share one are left out.
pub(super) struct Pages {
    by_stem: BTreeMap<String, Option<usize>>,
}

impl Pages {
    pub fn of(material: &Material<'_>) -> Self {
        let mut by_stem: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (at, doc) in material.docs.iter().enumerate().filter(|it| !it.1.blocks.is_empty()) {
            by_stem.entry(stem(&doc.locator)).and_modify(|it| *it = None).or_insert(Some(at));
        }
        Self { by_stem }
    }

    /// The source that is about what the fact names.
    pub fn named_by(&self, material: &Material<'_>, fact: &Proven, sign: Sign) -> Option<usize> {
        if sign == Sign::Heading(1) {
            return Some(fact.doc);
        }
        let doc = &material.docs[fact.doc];
        let block = doc.blocks.iter().rfind(|it| it.span.start <= fact.span.start)?;
        let is_whole = |span: &std::ops::Range<usize>| {
            span.start <= fact.span.start && fact.span.end <= span.end.saturating_add(1)
        };
        let link = block.links.iter().find(|it| is_whole(&it.span))?;
        self.by_stem.get(&stem(&link.href)).copied().flatten()
    }
}
