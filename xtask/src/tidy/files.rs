//! The text files of the repository, as far as the rules look at them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that are built, downloaded or not ours.
const SKIPPED_FOLDERS: &[&str] = &["target", "dist", "gen", "node_modules", ".git"];

/// Whole sites and documents of others that tests read as they are.
const FIXTURES: &str = "fixtures";

/// Kinds of text whose words are ours.
const TEXT: &[&str] = &["css", "html", "js", "json", "md", "rs", "sh", "toml", "yaml", "yml"];

/// A text file and where it is, with `/` between folders on every system.
pub struct File {
    /// Path from the root of the repository.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// Reads every text file below `root` that the rules apply to, in the order of their paths.
pub fn read(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if entry.file_type()?.is_dir() {
                if !SKIPPED_FOLDERS.contains(&name.as_str()) && name != FIXTURES {
                    folders.push(path);
                }
            } else if is_text(&path) {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("{} is not UTF-8", path.display()))?;
                files.push(File { path: relative(root, &path), text });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn is_text(path: &Path) -> bool {
    let known = path.extension().is_some_and(|extension| TEXT.iter().any(|known| extension == *known));
    known || path.parent().and_then(Path::file_name).is_some_and(|folder| folder == ".ci")
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
