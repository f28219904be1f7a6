//! Names the files of a folder, without opening any.

use std::path::Path;

use custory_domain::draft::DraftPhase;
use ignore::WalkBuilder;

use super::pick::{is_secret, is_set_aside};
use crate::error::DraftError;
use crate::limits::Limits;
use crate::watch::{Desk, progress};

/// Files named at most; a folder with more is a disk, not a product.
const FILES_MAX: usize = 200_000;

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Path within the folder with `/`, and size in bytes; sorted.
    pub paths: Vec<(String, u64)>,
    pub note: Option<String>,
}

/// Names the files.
pub(super) fn files(root: &Path, limits: &Limits, desk: &Desk) -> Result<Files, DraftError> {
    let mut files = Files::default();
    let at_root = root.to_path_buf();
    let walk = WalkBuilder::new(root)
        .follow_links(false) // A link may lead anywhere on this machine.
        .max_depth(Some(limits.depth_max))
        .require_git(false)
        .parents(false) // Rules from outside the folder are not the folder's.
        .git_global(false)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
            entry.path() == at_root || !is_folder || !is_set_aside(&entry.file_name().to_string_lossy())
        })
        .build();
    for entry in walk {
        desk.check()?;
        let Ok(entry) = entry else { continue };
        if !entry.file_type().is_some_and(|it| it.is_file())
            || is_secret(&entry.file_name().to_string_lossy())
        {
            continue;
        }
        let Ok(path) = entry.path().strip_prefix(root) else { continue };
        let Some(path) = path.to_str().map(|it| it.replace(std::path::MAIN_SEPARATOR, "/")) else { continue };
        let bytes = entry.metadata().map(|it| it.len()).unwrap_or(u64::MAX);
        files.paths.push((path, bytes));
        if files.paths.len() >= FILES_MAX {
            files.note = Some(format!("Only the first {FILES_MAX} files of the folder were considered."));
            break;
        }
        const BETWEEN: usize = 2_000;
        if files.paths.len() % BETWEEN == 0 {
            desk.tell(progress(DraftPhase::Reading, 0, None, "…"))?;
        }
    }
    files.paths.sort();
    Ok(files)
}
