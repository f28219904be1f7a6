//! Opens a data folder: makes it on the first start, finds out who and where this device is.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use custory_document::{Actor, Document};
use custory_domain::{Board, Command, Member, MemberId, MemberRole, Workspace, WorkspaceId};
use custory_ipc::{Event, Failure};
use custory_store::{DocumentKind, OpenError, Rescued, Store};
use serde_json::json;
use tokio::sync::broadcast;

use crate::Options;
use crate::clock::mint;
use crate::drafts::Jobs;
use crate::failure::Fault;
use crate::inbox::{Core, Device, Inbox};

/// Name of the database file in the data folder.
pub(crate) const DATABASE_FILE: &str = "custory.db";
/// Held while a data folder is made, so that two first starts do not make two workspaces.
const LOCK_FILE: &str = "start.lock";
/// Held, together with others, by every program that has a data folder open.
pub(crate) const OPEN_LOCK_FILE: &str = "open.lock";
/// Setting that says who and where this device is.
pub(crate) const DEVICE_SETTING: &str = "device";

/// Why an engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made or locked.
    #[error("Cannot use the folder {}: {source}. Choose another one with --data-dir.", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The first entries could not be written.
    #[error("Cannot set up the workspace: {0}")]
    Setup(Failure),
    /// No thread could be started.
    #[error("Cannot start the engine's thread: {0}")]
    Thread(std::io::Error),
}

impl StartError {
    /// Whether the database is damaged, so that [`rescue`] may help.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Store(OpenError::Damaged { .. }))
    }
}

/// Brings everything that can still be read of a damaged database into a new one. The damaged file
/// is kept beside it.
///
/// # Errors
/// When nothing can be read or the new file cannot be written.
pub fn rescue(data_dir: &Path) -> Result<Rescued, StartError> {
    let file = data_dir.join(DATABASE_FILE);
    let report = custory_store::rescue(&file)?;
    let setup = |error: custory_store::StoreError| StartError::Setup(Fault::from(error).0);
    let mut store = Store::open(&file)?;
    project(&mut store).map_err(setup)?;
    Ok(report)
}

/// Makes the projections that are missing, as they are after a rescue that was cut short.
fn project(store: &mut Store) -> Result<(), custory_store::StoreError> {
    for id in store.documents_without_board()? {
        let Some(stored) = store.load(id)? else { continue };
        // The actor only reads here: no change is ever made under it.
        let actor = Actor([0; 16]);
        match Document::load(stored.snapshot.as_deref(), &stored.changes, actor) {
            Ok(loaded) => {
                // Another program that wrote in between has made the projection itself.
                store.replace_board(id, stored.seq, loaded.document.board())?;
            }
            Err(error) => tracing::error!(%id, "a journey cannot be read: {error}"),
        }
    }
    Ok(())
}

/// Where everything is kept when nobody says otherwise: the platform's own place for data.
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("app", "custory", "Custory").map(|it| it.data_dir().to_owned())
}

/// Opens the data folder and gets everything ready for the loop.
pub(crate) fn core(
    options: Options,
    inbox: mpsc::Sender<Inbox>,
    events: broadcast::Sender<Event>,
) -> Result<Core, StartError> {
    let Options { data_dir, clock, mut entropy, secrets, person } = options;
    let folder = |source| StartError::Folder { path: data_dir.clone(), source };
    std::fs::create_dir_all(&data_dir).map_err(folder)?;
    let lock = File::create(data_dir.join(LOCK_FILE)).map_err(folder)?;
    lock.lock().map_err(folder)?;

    let in_use = File::create(data_dir.join(OPEN_LOCK_FILE)).map_err(folder)?;
    in_use.try_lock_shared().map_err(|error| folder(error.into()))?;

    let mut store = Store::open(&data_dir.join(DATABASE_FILE))?;
    let setup = |error: custory_store::StoreError| StartError::Setup(Fault::from(error).0);
    project(&mut store).map_err(setup)?;
    let known = store.setting(DEVICE_SETTING).map_err(setup)?;
    let known = known.and_then(|it| serde_json::from_str::<(MemberId, WorkspaceId)>(&it).ok());
    let (me, workspace) = match known {
        Some(known) => known,
        None => (mint(&*clock, &mut *entropy).into(), mint(&*clock, &mut *entropy).into()),
    };
    let watcher = crate::disk::watch(&data_dir, inbox.clone());
    let device = Device { me, workspace, data_dir, watcher };
    let data_version = store.data_version().map_err(setup)?;
    // What came before is in the inbox, and is told aloud no more.
    let news_told = store.news_stand().map_err(setup)?;
    let open = BTreeMap::new();
    let mut core = Core {
        store,
        device,
        clock,
        entropy,
        inbox,
        events,
        open,
        jobs: Jobs::default(),
        pulls: Default::default(),
        asks: Default::default(),
        theming: Default::default(),
        team: None,
        pulling: Default::default(),
        posting: Default::default(),
        held_up: Default::default(),
        listening: Default::default(),
        hearing: Default::default(),
        asked_here: Default::default(),
        signing_in: Default::default(),
        folders: Default::default(),
        is_kept_up: false,
        secrets,
        team_trouble: String::new(),
        person: person.clone(),
        data_version,
        news_told,
        is_shown: true,
        _in_use: in_use,
        ending: None,
    };
    if known.is_none() {
        first_start(&mut core, person).map_err(|fault| StartError::Setup(fault.0))?;
    }
    drop(lock);
    // A team that cannot be gone on with must not keep anybody from their journeys.
    if let Err(fault) = core.start_team() {
        tracing::error!("cannot go on with the team: {fault}");
    }
    Ok(core)
}

/// Writes the workspace with its one member.
fn first_start(core: &mut Core, person: String) -> Result<(), Fault> {
    let (me, workspace) = (core.device.me, core.device.workspace);
    core.store.create_document(workspace.ulid(), DocumentKind::Workspace)?;
    let name = "My workspace".to_owned();
    let commands = vec![
        Command::add(Workspace { name, currency: "USD".to_owned(), ..Workspace::new(workspace) }),
        Command::add(Member { name: person, role: MemberRole::Owner, ..Member::new(me) }),
    ];
    let label = "Set up the workspace".to_owned();
    core.dispatch(workspace.ulid(), Command::Batch { label, commands }, Default::default())?;
    core.store.put_setting(DEVICE_SETTING, &json!([me, workspace]).to_string())?;
    Ok(())
}

/// The workspace's board, for those who need names of people.
pub(crate) fn people(core: &Core) -> Result<Board, Fault> {
    Ok(core.store.board(core.device.workspace.ulid())?)
}

/// The database file of a data folder.
pub(crate) fn database(data_dir: &Path) -> PathBuf {
    data_dir.join(DATABASE_FILE)
}
