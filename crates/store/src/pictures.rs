//! Pictures that journeys show: files beside the database, each named by what is in it, so that the same picture is
//! kept once and no document carries it.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::paths::{sync_folder, unfinished};

/// The folder that they are in, beside the database.
const FOLDER: &str = "pictures";
/// Characters of a name: SHA-256, hexadecimal.
const NAME_CHARS: usize = 64;

/// The pictures of this device.
#[derive(Clone, Debug)]
pub struct Pictures {
    folder: PathBuf,
}

impl Pictures {
    /// Those in a data folder.
    pub fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER) }
    }

    /// Keeps a picture; answers its name, the SHA-256 of its bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let name = name_of(bytes);
        let target = self.folder.join(&name);
        if self.read(&name)?.is_some() {
            return Ok(name);
        }
        put(&target, bytes)?;
        Ok(name)
    }

    /// Keeps a picture that has come from elsewhere, if it is the one of that name; whether it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_as(&self, name: &str, bytes: &[u8]) -> io::Result<bool> {
        if name_of(bytes) != name.to_lowercase() {
            return Ok(false);
        }
        self.keep(bytes).map(|_| true)
    }

    /// The picture whose hash begins so; `None` if there is none.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn beginning_with(&self, hash: &[u8; 16]) -> io::Result<Option<Vec<u8>>> {
        let begin: String = hash.iter().map(|it| format!("{it:02x}")).collect();
        let names = match std::fs::read_dir(&self.folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        for name in names {
            let name = name?.file_name();
            if let Some(name) = name.to_str().filter(|it| it.starts_with(&begin))
                && let Some(bytes) = self.read(name)?
            {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// A picture's bytes; `None` if it is not on this device, is no name of a picture, or is no longer what its name
    /// says.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        // A name comes from a document that teammates write to: it must not be a path.
        if name.len() != NAME_CHARS || !name.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let file = self.folder.join(name);
        match std::fs::read(&file) {
            Ok(bytes) => Ok((name_of(&bytes) == name.to_lowercase()).then_some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What a picture is called: SHA-256 of its bytes, hexadecimal.
fn name_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// Writes a file so that it is there whole or not at all, also after a power cut.
fn put(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = unfinished(target)?;
    std::fs::write(&file, bytes)?;
    std::fs::File::open(&file)?.sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    sync_folder(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_picture_is_kept_once_and_comes_back_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Pictures::of(folder.path());
        let name = pictures.keep(b"a picture").expect("it is kept");
        assert_eq!(pictures.keep(b"a picture").expect("it is kept"), name);
        assert_eq!(pictures.read(&name).expect("it is read").as_deref(), Some(&b"a picture"[..]));
        assert_eq!(std::fs::read_dir(folder.path().join(FOLDER)).expect("a folder").count(), 1);
    }

    #[test]
    fn a_picture_from_elsewhere_is_kept_only_under_its_own_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Pictures::of(folder.path());
        assert_eq!(pictures.beginning_with(&[0; 16]).expect("no fault"), None);
        let name = name_of(b"a picture");
        assert!(!pictures.keep_as(&name, b"another").expect("no fault"));
        assert_eq!(pictures.read(&name).expect("no fault"), None);
        assert!(pictures.keep_as(&name, b"a picture").expect("it is kept"));
        let half = Sha256::digest(b"a picture")[..16].try_into().expect("half a hash");
        assert_eq!(pictures.beginning_with(&half).expect("no fault").as_deref(), Some(&b"a picture"[..]));
        assert_eq!(pictures.beginning_with(&[0; 16]).expect("no fault"), None);
    }

    #[test]
    fn a_name_that_is_a_path_and_a_picture_that_was_changed_are_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Pictures::of(folder.path());
        std::fs::write(folder.path().join("secret"), "x").expect("a file");
        assert_eq!(pictures.read("../secret").expect("no fault"), None);
        assert_eq!(pictures.read(&"0".repeat(64)).expect("no fault"), None);
        let name = pictures.keep(b"a picture").expect("it is kept");
        std::fs::write(folder.path().join(FOLDER).join(&name), "another").expect("a file");
        assert_eq!(pictures.read(&name).expect("no fault"), None);
    }
}
