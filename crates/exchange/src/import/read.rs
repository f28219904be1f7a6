//! From a text to entities, each with its line.
//!
//! The text is cut into one piece per entity first and each piece is read by itself: that is how a
//! mistake gets the line and name of the thing it is in, and how deep nesting costs no stack.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::carry_out::limits as domain_limits;
use custory_domain::*;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::{ImportError, Losses, Place, one_line, short};
use super::limits;
use crate::FORMAT_VERSION;

/// What stands in a file.
pub(super) struct File {
    pub journey: Journey,
    /// Everything on the journey.
    pub entities: BTreeMap<EntityRef, Entity>,
    /// Members and personas that came along.
    pub people: BTreeMap<EntityRef, Entity>,
    /// The line on which each of them begins.
    pub lines: BTreeMap<EntityRef, usize>,
}

/// Reads a text. What it does not understand but can do without goes to `losses`.
pub(super) fn read(text: &str, losses: &mut Losses) -> Result<File, ImportError> {
    if text.len() > limits::FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: text.len(), bytes_max: limits::FILE_BYTES_MAX });
    }
    let mut parts = envelope(text)?;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut reader = Reader { losses, lines: BTreeMap::new() };

    let journey = parts.remove("journey").filter(|it| it.get() != "null").ok_or(ImportError::NoJourney)?;
    let pieces = [
        ("journey", vec![journey]),
        ("entities", list(parts.remove("entities"), "entities", &mut lines)?),
        ("people", list(parts.remove("people"), "people", &mut lines)?),
    ];
    for name in parts.keys().take(limits::LOSSES_MAX) {
        reader.losses.add(format!("“{}” was left out: this program does not know it.", short(name)));
    }

    let (mut journey, mut entities, mut people) = (None, BTreeMap::new(), BTreeMap::new());
    for (part, pieces) in pieces {
        let mut counts: BTreeMap<EntityKind, usize> = BTreeMap::new();
        for piece in pieces {
            let line = lines.of(piece);
            let Some(entity) = reader.entity(piece, line, part)? else { continue };
            let id = entity.entity_ref();
            let count = counts.entry(id.kind).or_default();
            *count += 1;
            check_count(id.kind, *count, &Place::of(Some(&line), &entity))?;
            match entity {
                Entity::Journey(it) => journey = Some(it),
                Entity::Member(_) | Entity::Persona(_) => drop(people.insert(id, entity)),
                _ => drop(entities.insert(id, entity)),
            }
        }
    }
    let journey = journey.ok_or(ImportError::NoJourney)?;
    Ok(File { journey, entities, people, lines: reader.lines })
}

/// The top level: its parts by name, after a look at the version.
fn envelope(text: &str) -> Result<BTreeMap<String, &RawValue>, ImportError> {
    let parts: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            return ImportError::Foreign;
        }
        ImportError::NotJson { line: error.line(), column: error.column(), reason: reason(&error) }
    })?;
    let mut parts = parts;
    let version = parts.remove("custory").ok_or(ImportError::Foreign)?;
    match version.get().parse::<u64>() {
        Ok(it) if it > FORMAT_VERSION => Err(ImportError::Newer { version: it }),
        Ok(0) | Err(_) => Err(ImportError::Foreign),
        Ok(_) => Ok(parts),
    }
}

fn list<'a>(
    part: Option<&'a RawValue>,
    name: &str,
    lines: &mut Lines<'_>,
) -> Result<Vec<&'a RawValue>, ImportError> {
    let Some(part) = part else { return Ok(Vec::new()) };
    serde_json::from_str(part.get()).map_err(|error| ImportError::Wrong {
        place: Place { line: lines.once(part) + error.line().saturating_sub(1), what: name.to_owned() },
        reason: reason(&error),
    })
}

fn check_count(kind: EntityKind, count: usize, place: &Place) -> Result<(), ImportError> {
    let max = match kind {
        EntityKind::Member | EntityKind::Persona => Some(limits::PEOPLE_MAX),
        // They have no limit of their own; each belongs to an item.
        EntityKind::DeliveryLink | EntityKind::Verdict | EntityKind::Review => Some(domain_limits::ITEMS_MAX),
        other => domain_limits::of(other),
    };
    match max {
        Some(max) if count > max => Err(ImportError::Wrong {
            place: place.clone(),
            reason: format!("there can be at most {max} {}s", kind.word()),
        }),
        _ => Ok(()),
    }
}

struct Reader<'a> {
    losses: &'a mut Losses,
    lines: BTreeMap<EntityRef, usize>,
}

impl Reader<'_> {
    /// Reads one entity of a part of the file; `None` if it does not belong there.
    fn entity(&mut self, piece: &RawValue, line: usize, part: &str) -> Result<Option<Entity>, ImportError> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object with a “kind”")]
        struct Kind {
            kind: String,
        }
        let wrong = |error: serde_json::Error| {
            let place = peek(piece, line + error.line().saturating_sub(1));
            ImportError::Wrong { place, reason: reason(&error) }
        };
        let Kind { kind } = serde_json::from_str(piece.get()).map_err(wrong)?;
        let Some(kind) = EntityKind::parse(&kind).filter(|it| belongs(*it, part)) else {
            let place = Place::named(line, "", "");
            self.losses.add(format!("{place} was left out: there is no “{}” in {part}.", short(&kind)));
            return Ok(None);
        };
        let mut ignored = BTreeSet::new();
        let entity = typed(kind, piece.get(), &mut ignored).map_err(wrong)?;
        ignored.remove("kind");
        let place = Place::of(Some(&line), &entity);
        for field in ignored {
            self.losses.add(format!("{place}: “{}” was left out, no {} has it.", short(&field), kind.word()));
        }
        match self.lines.insert(entity.entity_ref(), line) {
            None => Ok(Some(entity)),
            Some(first) => Err(ImportError::Wrong {
                place,
                reason: format!("the same id stands on line {first} already"),
            }),
        }
    }
}

fn belongs(kind: EntityKind, part: &str) -> bool {
    match kind {
        EntityKind::Journey => part == "journey",
        EntityKind::Member | EntityKind::Persona => part == "people",
        EntityKind::Workspace => false,
        _ => part == "entities",
    }
}

/// Reads an entity of a known kind and notes the fields that it does not have.
fn typed(kind: EntityKind, text: &str, ignored: &mut BTreeSet<String>) -> serde_json::Result<Entity> {
    fn one<T>(text: &str, ignored: &mut BTreeSet<String>) -> serde_json::Result<Entity>
    where
        T: for<'de> Deserialize<'de> + Into<Entity>,
    {
        let mut input = serde_json::Deserializer::from_str(text);
        let note = |path: serde_ignored::Path<'_>| {
            ignored.insert(path.to_string());
        };
        serde_ignored::deserialize::<_, _, T>(&mut input, note).map(Into::into)
    }
    match kind {
        EntityKind::Workspace => one::<Workspace>(text, ignored),
        EntityKind::Member => one::<Member>(text, ignored),
        EntityKind::Persona => one::<Persona>(text, ignored),
        EntityKind::Journey => one::<Journey>(text, ignored),
        EntityKind::Stage => one::<Stage>(text, ignored),
        EntityKind::Step => one::<Step>(text, ignored),
        EntityKind::Touchpoint => one::<Touchpoint>(text, ignored),
        EntityKind::Insight => one::<Insight>(text, ignored),
        EntityKind::Opportunity => one::<Opportunity>(text, ignored),
        EntityKind::Solution => one::<Solution>(text, ignored),
        EntityKind::Metric => one::<Metric>(text, ignored),
        EntityKind::Evidence => one::<Evidence>(text, ignored),
        EntityKind::DeliveryLink => one::<DeliveryLink>(text, ignored),
        EntityKind::Verdict => one::<Verdict>(text, ignored),
        EntityKind::Comment => one::<Comment>(text, ignored),
        EntityKind::Review => one::<Review>(text, ignored),
        EntityKind::Decision => one::<Decision>(text, ignored),
        EntityKind::SharedView => one::<SharedView>(text, ignored),
    }
}

/// The place of an entity that cannot be read, with its name if that much can be.
fn peek(piece: &RawValue, line: usize) -> Place {
    let value: serde_json::Value = serde_json::from_str(piece.get()).unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(|it| it.as_str()).unwrap_or_default();
    let names = ["title", "statement", "name", "excerpt", "external_id", "body", "what", "id"];
    let name = names.into_iter().map(text).find(|it| !it.is_empty()).unwrap_or_default();
    Place::named(line, text("kind"), name)
}

/// A parser's complaint without its own idea of the place.
fn reason(error: &serde_json::Error) -> String {
    const CHARS_MAX: usize = 160;
    let text = error.to_string();
    one_line(text.rsplit_once(" at line ").map_or(text.as_str(), |(before, _)| before), CHARS_MAX)
}

/// Counts lines up to pieces of a text, each line once as long as the pieces come in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line on which a piece of the text begins.
    fn of(&mut self, piece: &RawValue) -> usize {
        let start = self.start(piece);
        if start < self.at {
            (self.at, self.line) = (0, 1);
        }
        self.line += newlines(&self.text[self.at..start]);
        self.at = start;
        self.line
    }

    /// The same for a single piece, without moving on.
    fn once(&self, piece: &RawValue) -> usize {
        1 + newlines(&self.text[..self.start(piece)])
    }

    fn start(&self, piece: &RawValue) -> usize {
        let offset = (piece.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if self.text.is_char_boundary(offset) { offset } else { 0 }
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|it| *it == b'\n').count()
}
