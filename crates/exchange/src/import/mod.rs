//! A journey from a file that [`to_json`](crate::to_json) wrote, or that somebody made or changed
//! by hand.
//!
//! The file is not trusted: its size and counts are limited, every entity goes through the rules
//! of the domain, and what does not fit is an error that names the line. What can be left out
//! without harm (kinds and fields of another version, references to what is not there) is left out
//! and listed. Nothing here panics, whatever the file says.
//!
//! Importing gives nobody a say: people who come along can look on until somebody decides otherwise.

mod error;
mod people;
mod read;

use std::collections::BTreeMap;

use custory_domain::{Board, Command, Entity, EntityRef, Journey, Member, Patch, Persona, Stamp, carry_out};
use ulid::Ulid;

use crate::adding::{commands_adding, keep_voice};
use crate::ids::{fresh, renew};
use crate::mend::mend;
pub use error::ImportError;
pub(crate) use error::{Losses, Place};
use read::File;

/// What a file may come to.
pub mod limits {
    /// Bytes of a file: a journey at every limit of the domain at once is about this big.
    pub const FILE_BYTES_MAX: usize = 256 << 20;
    /// Members and personas in a file.
    pub const PEOPLE_MAX: usize = 10_000;
    /// Losses that are listed one by one; the rest is counted.
    pub const LOSSES_MAX: usize = 100;
}

/// Whether an import is a new journey or the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// A new journey: everything gets a new id, references follow.
    Fresh,
    /// The same journey as in the file, to restore one that is gone. The caller makes sure that it
    /// *is* gone: an id must not be in use twice.
    Kept,
}

/// A journey read from a file, ready to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The journey itself.
    pub journey: Journey,
    /// Fills it: carried out as one batch on a board that has the journey, they are not refused.
    pub commands: Vec<Command>,
    /// Members to add to the workspace first, as viewers: those that the journey names and the
    /// workspace does not have.
    pub people: Vec<Member>,
    /// Personas to add to the workspace first.
    pub personas: Vec<Persona>,
    /// What was left out, one sentence each, at most [`limits::LOSSES_MAX`] and a last one that
    /// counts the rest.
    pub losses: Vec<String>,
}

/// Reads a journey from a file's text.
///
/// `workspace` is where it will live: people whom it has are recognised by id and, for a journey
/// with fresh ids, by name and title. Everything is stamped anew when it is added; comments keep
/// their author and time, evidence its `captured_at`.
///
/// # Errors
/// When the text is not a journey in this format, or something in it breaks a rule; with the line.
pub fn from_json(
    text: &str,
    workspace: &Board,
    ids: Ids,
    mint: &mut dyn FnMut() -> Ulid,
) -> Result<Imported, ImportError> {
    let mut losses = Losses::default();
    let File { mut journey, mut entities, people, lines } = read::read(text, &mut losses)?;
    let is_known = |it: EntityRef| people.contains_key(&it) || workspace.contains(it);
    let places: BTreeMap<EntityRef, Place> = entities
        .iter()
        .map(|(id, it)| (*id, Place::of(lines.get(id), it)))
        .chain([(journey.id.into(), Place::of(lines.get(&journey.id.into()), &journey.clone().into()))])
        .collect();
    mend(&mut journey, &mut entities, &is_known, &mut |id, what| match places.get(&id) {
        Some(place) => losses.add(format!("{place} {what}.")),
        None => losses.add(format!("{id} {what}.")),
    });

    if ids == Ids::Fresh {
        begin_anew(&mut journey, &places, &mut losses);
    }
    let mut everything: Vec<Entity> = entities.into_values().collect();
    everything.push(journey.into());
    everything.iter_mut().for_each(keep_voice);
    let mut renamed = match ids {
        Ids::Fresh => fresh(everything.iter().map(Entity::entity_ref), mint),
        Ids::Kept => BTreeMap::new(),
    };
    let newcomers = people::settle(&mut everything, people, workspace, ids, &mut renamed, mint);
    let mut placed = Vec::with_capacity(everything.len());
    for mut entity in everything {
        let place = places.get(&entity.entity_ref()).cloned();
        renew(&mut entity, &renamed);
        placed.push((entity, place.unwrap_or_default()));
    }
    finish(placed, newcomers, &lines, losses)
}

/// Takes from a journey what only the one in the file can be.
fn begin_anew(journey: &mut Journey, places: &BTreeMap<EntityRef, Place>, losses: &mut Losses) {
    journey.is_sample = false;
    if !std::mem::take(&mut journey.versions).is_empty() {
        let place = places.get(&journey.id.into()).cloned().unwrap_or_default();
        losses.add(format!("{place} begins a history of its own; names of older versions stay behind."));
    }
    if journey.to_be_of.take().is_some() {
        let place = places.get(&journey.id.into()).cloned().unwrap_or_default();
        losses.add(format!("{place} is no longer the to-be of another journey."));
    }
    if journey.parent_step.take().is_some() {
        let place = places.get(&journey.id.into()).cloned().unwrap_or_default();
        losses.add(format!("{place} is no longer the detail of a step of another journey."));
    }
}

/// A journey of entities from another program, with the personas that it speaks of.
pub(crate) fn assemble(
    placed: Vec<(Entity, Place)>,
    personas: Vec<Persona>,
    losses: Losses,
) -> Result<Imported, ImportError> {
    let newcomers = personas.into_iter().map(|it| (it.id.into(), it.into())).collect();
    finish(placed, newcomers, &BTreeMap::new(), losses)
}

/// Holds everything against the rules, one by one so that a refusal can be placed.
fn finish(
    placed: Vec<(Entity, Place)>,
    newcomers: Vec<(EntityRef, Entity)>,
    lines: &BTreeMap<EntityRef, usize>,
    losses: Losses,
) -> Result<Imported, ImportError> {
    let places: BTreeMap<EntityRef, Place> =
        placed.iter().map(|(it, place)| (it.entity_ref(), place.clone())).collect();
    let mut journey = None;
    let mut rest = Vec::with_capacity(placed.len());
    for (entity, _) in placed {
        match entity {
            Entity::Journey(it) => journey = Some(it),
            other => rest.push(other),
        }
    }
    let journey = journey.ok_or(ImportError::NoJourney)?;
    let mut board = Board::default();
    let place = places.get(&journey.id.into()).cloned().unwrap_or_default();
    obey(&mut board, Command::add(journey.clone()), place)?;
    let commands = commands_adding(rest);
    if commands.len() > custory_domain::carry_out::limits::BATCH_COMMANDS_MAX {
        return Err(ImportError::TooMuch { things: commands.len() });
    }
    for command in &commands {
        let about = match command {
            Command::Add { entity, .. } => entity.entity_ref(),
            Command::Set { change } => change.entity_ref(),
            _ => continue,
        };
        obey(&mut board, command.clone(), places.get(&about).cloned().unwrap_or_default())?;
    }
    let mut imported =
        Imported { journey, commands, people: Vec::new(), personas: Vec::new(), losses: losses.list() };
    for (old, person) in newcomers {
        obey(&mut Board::default(), Command::add(person.clone()), Place::of(lines.get(&old), &person))?;
        match person {
            Entity::Member(it) => imported.people.push(it),
            Entity::Persona(it) => imported.personas.push(it),
            _ => {}
        }
    }
    Ok(imported)
}

fn obey(board: &mut Board, command: Command, place: Place) -> Result<(), ImportError> {
    let changes = carry_out(board, command, Stamp::default())
        .map_err(|error| ImportError::Wrong { place, reason: error.to_string() })?;
    board.apply(&Patch { put: changes.after, removed: Vec::new() });
    Ok(())
}
