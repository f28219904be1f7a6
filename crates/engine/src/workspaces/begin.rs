//! Workspaces that go on without being shown, begun one after the other once the shown one is there.

use std::path::Path;
use std::sync::Weak;

use custory_store::Store;

use super::list::{FOLDER, folder_of};
use super::remove::LEFTOVER;
use super::{Inner, Workspaces};
use crate::start::database;
use crate::team::TEAM_SETTING;

impl Workspaces {
    /// Begins all that have something to do by themselves, in a thread of its own: nobody waits for them.
    pub(super) fn begin_others(&self) {
        let state = self.state();
        let others = state.list.all().filter(|(key, _)| *key != state.list.shown);
        let others: Vec<String> = others.map(|(key, _)| key.to_owned()).collect();
        drop(state);
        // Not held: a program that ends does not wait for workspaces that have not begun.
        let inner = std::sync::Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("others".to_owned());
        if let Err(error) = thread.spawn(move || begin_all(&inner, &others)) {
            tracing::error!("no other workspace is kept in step: {error}");
        }
    }
}

fn begin_all(inner: &Weak<Inner>, keys: &[String]) {
    for key in keys {
        let Some(inner) = inner.upgrade() else { return };
        let workspaces = Workspaces(inner);
        let folder = folder_of(&workspaces.0.base, key);
        if !has_work(&folder) {
            continue;
        }
        match workspaces.open(key) {
            // It may have been shown meanwhile.
            Ok(engine) if workspaces.state().list.shown != *key => engine.be_shown(false),
            Ok(_) => {}
            Err(error) => {
                tracing::error!("the workspace in {} is not kept in step: {error}", folder.display())
            }
        }
    }
    if let Some(inner) = inner.upgrade() {
        clear_leftovers(&inner.base);
    }
}

/// Whether a workspace does anything while nobody looks: a team, connected tools, automations. One that does not is not
/// opened before it is shown.
fn has_work(folder: &Path) -> bool {
    let file = database(folder);
    if !file.exists() {
        return false;
    }
    let look = || -> Result<bool, Box<dyn std::error::Error>> {
        let store = Store::open(&file)?;
        let is_in_team = store.setting(TEAM_SETTING)?.is_some_and(|it| it != "null");
        Ok(is_in_team || !store.connections()?.is_empty() || !store.automations()?.is_empty())
    };
    look().unwrap_or_else(|error| {
        tracing::warn!("cannot look into {}: {error}", folder.display());
        false
    })
}

/// Removes what a removal has left because the program ended in it.
fn clear_leftovers(base: &Path) {
    for entry in std::fs::read_dir(base.join(FOLDER)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(LEFTOVER)
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!("{} cannot be removed: {error}", entry.path().display());
        }
    }
}
