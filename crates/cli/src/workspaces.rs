//! `custory workspaces`: which there are on this computer, and taking one off it.

use std::path::Path;

use custory_engine::{Options, list_workspaces, take_off};

use crate::arguments::{WorkspacesVerb, WorkspacesWish};
use crate::output::line;

pub(crate) fn workspaces(base: &Path, wish: &WorkspacesWish) -> anyhow::Result<()> {
    if let Some(WorkspacesVerb::Remove { name, confirm }) = &wish.verb {
        let name = take_off(base, name, confirm, Options::system)?;
        return line(&format!("“{name}” is not on this computer any more."));
    }
    let all = list_workspaces(base);
    if wish.json {
        return line(&serde_json::to_string_pretty(&all)?);
    }
    for it in all {
        let name = if it.name.is_empty() { "(not opened yet)" } else { &it.name };
        let relay = if it.relay.is_empty() { "no team" } else { &it.relay };
        let shown = if it.is_shown { ", shown" } else { "" };
        line(&format!("{name}: {relay}{shown}"))?;
    }
    Ok(())
}
