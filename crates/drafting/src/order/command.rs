//! Which command of a command-line tool does what a document tells: the one that stands in the code
//! below a heading, if a program declares it.

use std::collections::BTreeSet;

use super::{Material, Proven};
use crate::doc::Shape;
use crate::find::{FactKind, Sign};

/// The commands that the material's programs declare.
pub(super) struct Commands {
    names: BTreeSet<String>,
}

impl Commands {
    pub fn of(proven: &[Proven]) -> Self {
        let is_command = |it: &&Proven| it.fact.kind == FactKind::Action(Sign::Command);
        Self { names: proven.iter().filter(is_command).filter_map(|it| it.fact.name.clone()).collect() }
    }

    /// The command that a fact is about.
    pub fn named_by(&self, material: &Material<'_>, fact: &Proven, sign: Sign) -> Option<String> {
        match sign {
            Sign::Command => fact.fact.name.clone(),
            Sign::Heading(2..) if !self.names.is_empty() => self.below(material, fact),
            _ => None,
        }
    }

    /// The command that the first code below a heading runs.
    fn below(&self, material: &Material<'_>, heading: &Proven) -> Option<String> {
        const PARTS: usize = 4;
        let doc = &material.docs[heading.doc];
        let at = doc.blocks.iter().rposition(|it| it.span.start <= heading.span.start)?;
        let is_heading = |shape: Shape| matches!(shape, Shape::Heading(_));
        let mut below = doc.blocks.iter().skip(at + 1).take(PARTS).take_while(|it| !is_heading(it.shape));
        let code = doc.words(below.find(|it| it.shape == Shape::Code)?);
        let line = code.lines().map(|it| it.trim_start_matches(['$', '>', ' '])).find(|it| !it.is_empty())?;
        // "cargo deny check licenses" runs `check` of `cargo-deny`.
        let product = material.product.to_lowercase().replace('-', " ");
        let said = line.to_lowercase().replace('-', " ");
        let rest = said.strip_prefix(product.as_str()).filter(|_| !product.is_empty())?;
        rest.split_whitespace().next().filter(|it| self.names.contains(*it)).map(str::to_owned)
    }
}
