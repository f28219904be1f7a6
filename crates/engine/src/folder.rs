//! A journey's folder on the disk: written so that what did not change is left as it is, and what an earlier export left
//! behind goes; everything else in it stays.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use custory_domain::EntityKind;
use custory_exchange::{JOURNEY_FILE, PICTURES_FOLDER};

/// Characters of an id, and of a picture's name.
const ID_CHARS: usize = 26;
const PICTURE_CHARS: usize = 64;

/// Where a journey's files go: the folder itself if it is empty or theirs already, else one in it that is called `name`.
///
/// # Errors
/// When that one belongs to another journey, or cannot be looked at; in words for a person.
pub fn place(root: &Path, name: &str, journey: &str) -> Result<PathBuf, String> {
    let holds = |folder: &Path| -> Result<Option<bool>, String> {
        match std::fs::read_to_string(folder.join(JOURNEY_FILE)) {
            Ok(text) => Ok(Some(text.contains(journey))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    };
    let is_empty = std::fs::read_dir(root).map_err(|error| error.to_string())?.next().is_none();
    if is_empty || holds(root)? == Some(true) {
        return Ok(root.to_owned());
    }
    let own = root.join(name);
    match holds(&own)? {
        Some(false) => Err(format!("the folder “{name}” in it is that of another journey")),
        Some(true) | None => Ok(own),
    }
}

/// Writes the files.
///
/// # Errors
/// When one cannot be written or removed; with its path.
pub fn write(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let said = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    for path in left_over(root, files).map_err(|error| said(root, error))? {
        std::fs::remove_file(&path).map_err(|error| said(&path, error))?;
    }
    for (name, bytes) in files {
        let path = root.join(name);
        let put = || -> io::Result<()> {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            // A file that says the same is left as it is, so that its time tells when it changed.
            if std::fs::read(&path).is_ok_and(|now| now == *bytes) {
                return Ok(());
            }
            std::fs::write(&path, bytes)
        };
        put().map_err(|error| said(&path, error))?;
    }
    Ok(())
}

/// Files of an earlier export that this one does not have: `<kind>/<id>.json`, `pictures/<name>.<ending>`, nothing else.
fn left_over(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<Vec<PathBuf>> {
    let kinds = |below: &str| -> Vec<(String, usize)> {
        EntityKind::ALL.iter().map(|kind| (format!("{below}{}/", kind.as_str()), ID_CHARS)).collect()
    };
    let mut found = Vec::new();
    let pictures = vec![(PICTURES_FOLDER.to_owned(), PICTURE_CHARS)];
    for (folder, chars) in [kinds(""), kinds("people/"), pictures].concat() {
        let Ok(entries) = std::fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = name.split_once('.').is_some_and(|(stem, ending)| {
                stem.len() == chars
                    && stem.bytes().all(|it| it.is_ascii_alphanumeric())
                    && (ending == "json") == (chars == ID_CHARS)
            });
            if is_ours && !files.contains_key(&format!("{folder}{name}")) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_export_left_behind_goes() {
        let root = tempfile::tempdir().expect("a folder");
        let old = format!("step/{}.json", "0".repeat(ID_CHARS));
        let picture = format!("{PICTURES_FOLDER}{}.png", "a".repeat(PICTURE_CHARS));
        for name in [old.as_str(), &picture, "step/notes.json", "README.md"] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, "x").expect("a file");
        }
        let files = BTreeMap::from([(JOURNEY_FILE.to_owned(), b"{}".to_vec())]);
        write(root.path(), &files).expect("written");
        for (name, is_there) in [
            (old.as_str(), false),
            (&picture, false),
            ("step/notes.json", true),
            ("README.md", true),
            (JOURNEY_FILE, true),
        ] {
            assert_eq!(root.path().join(name).exists(), is_there, "{name}");
        }
    }

    #[test]
    fn a_journey_goes_into_its_own_folder_and_never_over_another_one() {
        let root = tempfile::tempdir().expect("a folder");
        let here = |journey: &str| place(root.path(), "onboarding", journey);
        assert_eq!(here("J1"), Ok(root.path().to_owned()), "an empty one");
        std::fs::write(root.path().join("notes.txt"), "x").expect("a file");
        let own = root.path().join("onboarding");
        assert_eq!(here("J1"), Ok(own.clone()), "beside other things");
        std::fs::create_dir(&own).expect("a folder");
        std::fs::write(own.join(JOURNEY_FILE), "{\"id\": \"J1\"}").expect("a file");
        assert_eq!(here("J1"), Ok(own.clone()));
        assert!(here("J2").expect_err("refused").contains("another journey"));
        assert_eq!(place(&own, "onboarding", "J1"), Ok(own), "itself");
    }
}
