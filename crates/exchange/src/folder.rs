//! A journey as a folder, for version control: one file for each thing, named by its id, one field a line, and beside
//! them a document for people. The same state gives the same files; a changed field is a changed line of one file.
//!
//! ```text
//! journey.md                 to be read; nothing reads it back
//! journey.json               the journey itself, and the format's version
//! step/01J….json             everything else on it, by kind
//! people/member/01J….json    who is named
//! pictures/9f86….png         what touchpoints show, named by what is in it
//! ```

use std::collections::BTreeMap;

use custory_domain::{Board, Entity};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::export::{envelope, file};
use crate::images::Images;
use crate::import::ImportError;
use crate::markdown::illustrated;

/// Where the journey itself stands.
pub const JOURNEY_FILE: &str = "journey.json";
/// The document for people.
const DOCUMENT_FILE: &str = "journey.md";
/// Below it are members and personas.
const PEOPLE_FOLDER: &str = "people/";

/// Files by path, with `/` between folders whatever the system.
pub type Folder = BTreeMap<String, String>;

#[derive(Serialize)]
struct Head {
    custory: u64,
    journey: Option<Entity>,
}

/// Writes a journey as a folder.
///
/// Pictures are files of their own, which `images` says are there; the document shows them.
pub fn to_folder(board: &Board, workspace: &Board, images: &Images) -> Folder {
    let envelope = envelope(board, workspace);
    let document = illustrated(board, workspace, &|name| images.get(name).map(|it| it.path(name)));
    let mut folder = Folder::new();
    folder.insert(DOCUMENT_FILE.to_owned(), document);
    let head = Head { custory: envelope.custory, journey: envelope.journey };
    folder.insert(JOURNEY_FILE.to_owned(), file(&head));
    for (entities, below) in [(envelope.entities, ""), (envelope.people, PEOPLE_FOLDER)] {
        for entity in entities {
            let id = entity.entity_ref();
            folder.insert(format!("{below}{}/{}.json", id.kind.as_str(), id.id), file(&entity));
        }
    }
    folder
}

/// The one file that a folder stands for, as [`from_json`](crate::from_json) reads it. Files that are not JSON are
/// passed over: people keep notes beside.
///
/// # Errors
/// When there is no journey in the folder, or a file in it is not JSON; with its path.
pub fn from_folder(folder: &Folder) -> Result<String, ImportError> {
    let head = folder.get(JOURNEY_FILE).ok_or(ImportError::NoJourney)?;
    let head: BTreeMap<String, Box<RawValue>> = parsed(JOURNEY_FILE, head)?;
    let mut entities: Vec<Box<RawValue>> = Vec::new();
    let mut people: Vec<Box<RawValue>> = Vec::new();
    for (path, text) in folder.iter().filter(|it| it.0.as_str() != JOURNEY_FILE && it.0.ends_with(".json")) {
        let list = if path.starts_with(PEOPLE_FOLDER) { &mut people } else { &mut entities };
        list.push(parsed(path, text)?);
    }
    let part = |name: &str| head.get(name).map_or("null", |it| it.get());
    let list = |all: &[Box<RawValue>]| all.iter().map(|it| it.get()).collect::<Vec<_>>().join(",\n");
    Ok(format!(
        "{{\n\"custory\": {},\n\"journey\": {},\n\"entities\": [\n{}\n],\n\"people\": [\n{}\n]\n}}\n",
        part("custory"),
        part("journey"),
        list(&entities),
        list(&people)
    ))
}

fn parsed<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, ImportError> {
    serde_json::from_str(text)
        .map_err(|error| ImportError::BrokenFile { path: path.to_owned(), reason: error.to_string() })
}
