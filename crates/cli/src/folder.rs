//! `custory export --format folder`: a journey as files for version control.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use custory_domain::{EntityKind, JourneyId};
use custory_engine::Engine;
use custory_ipc::{Reply, Request};

/// Characters of an id.
const ID_CHARS: usize = 26;

/// Writes the folder. What it held of things that are gone goes; everything else in it stays.
pub(crate) fn export(engine: &Engine, journey: JourneyId, output: Option<&Path>) -> anyhow::Result<()> {
    let Some(root) = output else { bail!("A folder needs a place: --output DIR.") };
    let Reply::ExportedFolder { files, .. } = engine.request_blocking(Request::ExportFolder { journey })?
    else {
        bail!("the engine answered something else")
    };
    for path in left_over(root, &files)? {
        std::fs::remove_file(&path).with_context(|| format!("Cannot remove {}", path.display()))?;
    }
    for (name, text) in &files {
        let path = root.join(name);
        let write = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            // A file that says the same is left as it is, so that its time tells when it changed.
            if std::fs::read_to_string(&path).is_ok_and(|now| now == *text) {
                return Ok(());
            }
            std::fs::write(&path, text)
        };
        write().with_context(|| format!("Cannot write {}", path.display()))?;
    }
    eprintln!("Wrote {} files to {}.", files.len(), root.display());
    Ok(())
}

/// Files of an earlier export that this one does not have: `<kind>/<id>.json` and nothing else.
fn left_over(root: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for below in ["", "people/"] {
        for kind in EntityKind::ALL {
            let folder = format!("{below}{}", kind.as_str());
            let Ok(entries) = std::fs::read_dir(root.join(&folder)) else { continue };
            for entry in entries {
                let entry = entry.with_context(|| format!("Cannot read {}", root.join(&folder).display()))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_ours = name.strip_suffix(".json").is_some_and(|it| it.len() == ID_CHARS);
                if is_ours && !files.contains_key(&format!("{folder}/{name}")) {
                    found.push(entry.path());
                }
            }
        }
    }
    Ok(found)
}
