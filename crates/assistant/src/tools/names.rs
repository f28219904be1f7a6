//! Short names for what has been shown: a model can repeat `S3`, but not 26 letters of an identifier.

use std::collections::BTreeMap;

use custory_domain::{EntityKind, EntityRef};

use crate::words::numbers;

/// Names given so far, with the lines in which each entity was shown.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, EntityRef>,
    by_entity: BTreeMap<EntityRef, String>,
    shown: BTreeMap<EntityRef, String>,
    are_identifiers: bool,
}

impl Names {
    /// Identifiers in place of short names, for programs that come back later: `step/01J…`.
    pub fn identifiers() -> Self {
        Self { are_identifiers: true, ..Self::default() }
    }

    /// The name of something that is being shown.
    pub(super) fn name(&mut self, entity: EntityRef) -> String {
        if let Some(known) = self.by_entity.get(&entity) {
            return known.clone();
        }
        let name = if self.are_identifiers {
            entity.to_string()
        } else {
            let nth = self.by_entity.keys().filter(|it| it.kind == entity.kind).count() + 1;
            format!("{}{nth}", letter(entity.kind))
        };
        self.by_name.insert(name.clone(), entity);
        self.by_entity.insert(entity, name.clone());
        name
    }

    /// Remembers what was shown of something, so that statements about it can be held against it.
    pub(super) fn show(&mut self, entity: EntityRef, line: &str) {
        let known = self.shown.entry(entity).or_default();
        known.push_str(line);
        known.push('\n');
    }

    /// Shows a line about something: gives it a name and remembers what was said.
    pub(crate) fn tell(&mut self, entity: EntityRef, line: &str) -> String {
        let line = super::short(line, super::TEXT_BYTES_MAX);
        self.show(entity, &line);
        format!("{} {line}", self.name(entity))
    }

    /// What goes by that name. An identifier stands for itself, whether or not it was shown.
    pub fn find(&self, name: &str) -> Option<EntityRef> {
        let name = name.trim();
        if self.are_identifiers { name.parse().ok() } else { self.by_name.get(name).copied() }
    }

    /// The name that something goes by, if it was shown.
    pub fn of(&self, entity: EntityRef) -> Option<&str> {
        self.by_entity.get(&entity).map(String::as_str)
    }

    /// All names, in an order that stays.
    pub fn all(&self) -> Vec<&str> {
        self.by_name.keys().map(String::as_str).collect()
    }

    /// Everything that was shown of something.
    pub fn shown_of(&self, entity: EntityRef) -> &str {
        self.shown.get(&entity).map_or("", String::as_str)
    }

    /// A text with titles in place of names: people do not know `S3`.
    pub fn spelled_out(&self, text: &str, title: impl Fn(EntityRef) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let is_word = |it: char| it.is_alphanumeric() || it == '_';
            let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            match self.find(word).filter(|_| !word.is_empty() && !numbers(word).is_empty()) {
                Some(entity) => out.push_str(&format!("“{}”", title(entity))),
                None => out.push_str(word),
            }
            let other = after.find(is_word).unwrap_or(after.len());
            out.push_str(&after[..other]);
            rest = &after[other..];
        }
        out
    }
}

const fn letter(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Workspace => "W",
        EntityKind::Member => "P",
        EntityKind::Persona => "R",
        EntityKind::Journey => "J",
        EntityKind::Stage => "G",
        EntityKind::Step => "S",
        EntityKind::Touchpoint => "T",
        EntityKind::Insight => "I",
        EntityKind::Opportunity => "O",
        EntityKind::Solution => "L",
        EntityKind::Metric => "M",
        EntityKind::Evidence => "E",
        EntityKind::DeliveryLink => "D",
        EntityKind::Verdict => "V",
        EntityKind::Comment => "C",
        EntityKind::Review => "Q",
        EntityKind::Decision => "N",
        EntityKind::SharedView => "F",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::StepId;

    #[test]
    fn names_are_spelled_out_and_nothing_else_is() {
        let mut names = Names::default();
        let step: EntityRef = StepId::from_parts(1, 1).into();
        assert_eq!((names.name(step), names.name(step)), ("S1".to_owned(), "S1".to_owned()));
        let text = names.spelled_out("At S1, not S12 or MS1: (S1)", |_| "Sign up".to_owned());
        assert_eq!(text, "At “Sign up”, not S12 or MS1: (“Sign up”)");
    }
}
