//! `custory export --format folder`: a journey as files for version control.

use std::path::Path;

use anyhow::{Context as _, bail};
use custory_domain::JourneyId;
use custory_engine::Engine;
use custory_ipc::{FolderPlace, Reply, Request};

/// Writes the folder. What it held of things that are gone goes; everything else in it stays.
pub(crate) fn export(engine: &Engine, journey: JourneyId, output: Option<&Path>) -> anyhow::Result<()> {
    let Some(root) = output else { bail!("A folder needs a place: --output DIR.") };
    let root = std::path::absolute(root)?;
    let path = root.to_str().with_context(|| format!("{} is not text", root.display()))?.to_owned();
    let request = Request::ExportFolder { journey, place: FolderPlace { path, within: false } };
    let Reply::ExportedFolder { path, files, losses } = engine.request_blocking(request)? else {
        bail!("the engine answered something else")
    };
    eprintln!("Wrote {files} files to {path}.");
    for loss in losses {
        eprintln!("Left out: {loss}.");
    }
    Ok(())
}
