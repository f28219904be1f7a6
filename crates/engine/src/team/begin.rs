//! Beginning: a team of this workspace, joining one by a link or a recovery file, and going on with it
//! when the program starts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::time::Duration;

use custory_domain::{MemberId, WorkspaceId};
use custory_ipc::{ErrorCode, Failure, Reply};
use custory_seal::{
    DeviceKeys, DeviceSecret, InviteLink, InviteSeed, Profile, Random, RelayAddress, begin_space,
    open_recovery,
};
use custory_sync::{Client, Compaction, LogState, Setup};
use custory_wire::{LogId, RelayKey, SpaceId};
use serde_json::json;

use super::carry_out::Dice;
use super::pictures::Traffic;
use super::view::is_new;
use super::{Remembered, TEAM_SETTING, Team};
use crate::failure::{Fault, internal, refused};
use crate::inbox::{Core, done};
use crate::secrets::SecretError;
use crate::start::DEVICE_SETTING;

/// Held by the one program that does the syncing of a data folder.
const LOCK_FILE: &str = "sync.lock";

/// How long until another look whether the program that does the syncing is gone.
const LOCK_PAUSE: Duration = Duration::from_secs(3);

impl From<SecretError> for Fault {
    fn from(error: SecretError) -> Self {
        Self(Failure::new(ErrorCode::Storage, error.to_string()))
    }
}

fn bad_input(message: impl Into<String>) -> Fault {
    Fault(Failure::new(ErrorCode::BadInput, message))
}

/// What this machine is called: as whoever started the program says, else as the system does.
pub(crate) fn machine_name() -> String {
    let said = std::env::var("HOSTNAME").ok();
    let name = said.unwrap_or_else(|| gethostname::gethostname().to_string_lossy().into_owned());
    // A name in a network has the network's behind it.
    let own = name.split('.').next().unwrap_or_default().trim().to_owned();
    if own.is_empty() { "Computer".to_owned() } else { own }
}

/// What a device is called: as its person says, else as the machine is.
fn device_name(said: &str) -> String {
    match said.trim() {
        "" => machine_name(),
        said => said.to_owned(),
    }
}

impl Core {
    /// Goes on with the team of this data folder, if there is one. Why it cannot is kept, to be said wherever the team
    /// is shown.
    pub(crate) fn start_team(&mut self) -> Result<(), Fault> {
        self.team_trouble.clear();
        let started = self.try_start_team();
        if let Err(fault) = &started {
            self.team_trouble = fault.to_string();
        }
        started
    }

    /// The team that this data folder belongs to, whether or not its key can be used.
    pub(super) fn remembered_team(&self) -> Result<Option<Remembered>, Fault> {
        let Some(text) = self.store.setting(TEAM_SETTING)? else { return Ok(None) };
        // “null” is a team that was left.
        serde_json::from_str(&text)
            .map_err(|error| internal(&format!("The note about the team cannot be read: {error}.")))
    }

    fn try_start_team(&mut self) -> Result<(), Fault> {
        self.team = None;
        let Some(remembered) = self.remembered_team()? else { return Ok(()) };
        let unreadable = |what: &str| internal(&format!("The note about the team has no {what}."));
        let space: SpaceId = remembered.space.parse().map_err(|_| unreadable("workspace"))?;
        let relay: RelayAddress = remembered.relay.parse().map_err(|_| unreadable("relay"))?;
        let Some(secret) = self.secrets.key(&remembered.key)? else {
            return Err(refused(
                "The key of this device for its team is not where keys are kept any more. Leave the team here and join \
                 it anew by a link; everything that is here stays.",
            ));
        };
        let keys = DeviceKeys::of(&DeviceSecret::from_bytes(secret));
        let invite = match &remembered.invite {
            Some(name) => self.secrets.key(name)?.map(InviteSeed::from_bytes),
            None => None,
        };
        let profile = self.profile(&remembered.device);
        let (mut logs, mut forgotten, mut documents) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let mut sending = Vec::new();
        for it in self.store.team_logs()? {
            let log = LogId(it.log);
            if it.is_forgotten {
                forgotten.insert(log);
                continue;
            }
            let fill = it.document.map(|document| LogState::to_fill(&log, document.to_bytes()));
            let state = it.state.and_then(|bytes| LogState::from_bytes(&bytes).ok()).or(fill);
            logs.push((log, state.unwrap_or_else(|| LogState::new(&log))));
            if space.is_picture_log(&log) {
                sending.push(log);
            } else {
                documents.extend(it.document.map(|document| (log, document)));
            }
        }
        let client = Client::new(Setup {
            keys,
            space,
            relay: remembered.relay_key.clone(),
            roster: self.store.team_roster()?,
            invite: invite.map(|seed| (seed, profile)),
            token: remembered.token.clone(),
            logs,
            forgotten,
            compaction: Compaction::default(),
        })
        .map_err(|error| internal(&format!("The list of the team's members cannot be read: {error}.")))?;
        self.team = Some(Team {
            remembered,
            space,
            relay,
            client,
            line: None,
            lock: None,
            documents,
            apart: BTreeSet::new(),
            glimpses: BTreeMap::new(),
            pictures: Traffic::going_on(sending),
            looked_at: BTreeMap::new(),
            offered: 0,
            problem: String::new(),
            is_removed: false,
            notices: VecDeque::new(),
            pending: None,
            turns: Default::default(),
        });
        self.take_over()
    }

    /// Does the syncing, unless another program does.
    fn take_over(&mut self) -> Result<(), Fault> {
        let lock = self.try_lock()?;
        let Some(team) = &mut self.team else { return Ok(()) };
        let Some(lock) = lock else {
            team.problem = "Another Custory program on this device does the syncing.".to_owned();
            self.later(LOCK_PAUSE, Self::look_at_lock);
            return Ok(());
        };
        team.lock = Some(lock);
        let url = team.relay.url();
        let line = self.connect(url)?;
        if let Some(team) = &mut self.team {
            team.line = Some(line);
        }
        self.outbox_grew();
        Ok(())
    }

    fn try_lock(&self) -> Result<Option<File>, Fault> {
        let path = self.device.data_dir.join(LOCK_FILE);
        let lock = File::create(&path).map_err(|source| SecretError::File { path, source })?;
        Ok(lock.try_lock().is_ok().then_some(lock))
    }

    /// Takes the syncing over once the program that did it is gone.
    fn look_at_lock(&mut self) {
        if self.team.as_ref().is_none_or(|it| it.line.is_some()) {
            return;
        }
        match self.try_lock() {
            Ok(None) => self.later(LOCK_PAUSE, Self::look_at_lock),
            // Read anew, since the other program has gone on; the lock is taken again on the way.
            Ok(Some(free)) => {
                drop(free);
                if let Err(fault) = self.start_team() {
                    tracing::error!("cannot go on with the team: {fault}");
                }
                self.tell_team();
            }
            Err(fault) => tracing::error!("cannot look who does the syncing: {fault}"),
        }
    }

    /// Something could not be kept: what the client believes is not what is on the disk.
    pub(super) fn begin_anew(&mut self, fault: &Fault) {
        let notice = fault.to_string();
        self.team = None;
        self.later(LOCK_PAUSE, move |core| {
            if core.team.is_some() {
                return;
            }
            match core.start_team() {
                Ok(()) => core.note(notice),
                Err(fault) => tracing::error!("cannot go on with the team: {fault}"),
            }
        });
    }

    /// Makes a team of this workspace.
    pub(crate) fn create_team(
        &mut self,
        relay: &str,
        token: Option<String>,
        device: String,
    ) -> Result<Reply, Fault> {
        let relay: RelayAddress = relay.parse().map_err(|error| bad_input(format!("{error}.")))?;
        self.must_be_alone()?;
        let device = device_name(&device);
        let secret = DeviceSecret::generate(&mut Dice(&mut *self.entropy));
        let keys = DeviceKeys::of(&secret);
        let profile = self.profile(&device);
        let genesis = begin_space(&keys, &profile, &mut Dice(&mut *self.entropy));
        let space = SpaceId::of_genesis(&genesis);
        let key = self.keep_secret("device", secret.expose().as_slice())?;
        self.store.put_team_roster(1, std::slice::from_ref(&genesis))?;
        let remembered = Remembered {
            space: space.to_string(),
            relay: relay.to_string(),
            relay_key: Vec::new(),
            key,
            invite: None,
            token,
            device,
            is_introduced: true,
        };
        self.begin_team(&remembered)?;
        let workspace = self.device.workspace.ulid();
        self.share(workspace)?;
        for journey in self.summaries()? {
            if !journey.is_sample {
                self.share(journey.id.ulid())?;
            }
        }
        self.team_reply()
    }

    /// Asks to be let into a team.
    pub(crate) fn join_team(&mut self, link: &str, device: String) -> Result<Reply, Fault> {
        let link: InviteLink = link.parse().map_err(|error| bad_input(format!("{error}.")))?;
        self.must_be_alone()?;
        let device = device_name(&device);
        let secret = DeviceSecret::generate(&mut Dice(&mut *self.entropy));
        let key = self.keep_secret("device", secret.expose().as_slice())?;
        let invite = self.keep_secret("invite", link.seed.expose().as_slice())?;
        self.begin_team(&Remembered {
            space: link.space.to_string(),
            relay: link.relay.to_string(),
            relay_key: link.relay_key.to_vec(),
            key,
            invite: Some(invite),
            token: None,
            device,
            is_introduced: false,
        })?;
        self.team_reply()
    }

    /// Lets this device in with a recovery file: it writes as the device that the file stands for.
    pub(crate) fn recover_team(
        &mut self,
        file: &str,
        passphrase: &str,
        device: String,
    ) -> Result<Reply, Fault> {
        use base64ct::{Base64, Encoding};
        let bytes = Base64::decode_vec(file.trim())
            .map_err(|_| bad_input("This is not a recovery file of Custory."))?;
        let recovery = open_recovery(&bytes, passphrase)
            .map_err(|error| bad_input(format!("Cannot recover: {error}.")))?;
        self.must_be_alone()?;
        let device = device_name(&device);
        let RelayKey(relay_key) = recovery.relay_key;
        let key = self.keep_secret("device", recovery.secret.expose().as_slice())?;
        self.begin_team(&Remembered {
            space: recovery.space.to_string(),
            relay: recovery.relay,
            relay_key: relay_key.to_vec(),
            key,
            invite: None,
            token: None,
            device,
            is_introduced: false,
        })?;
        self.team_reply()
    }

    /// Takes no part in the team any more, on this device. Without its keys neither: they would stay behind.
    pub(crate) fn leave_team(&mut self) -> Result<Reply, Fault> {
        let Some(remembered) = self.remembered_team()? else { return Ok(done()) };
        self.secrets.forget(&remembered.key)?;
        if let Some(invite) = &remembered.invite {
            self.secrets.forget(invite)?;
        }
        self.team = None;
        self.team_trouble.clear();
        self.store.leave_team()?;
        self.store.put_setting(TEAM_SETTING, "null")?;
        self.tell_team();
        Ok(done())
    }

    /// Refuses what only somebody without a team can do. A team that no relay has taken is none yet: its address or
    /// token was wrong, and the next try takes its place.
    fn must_be_alone(&mut self) -> Result<(), Fault> {
        if self.team.as_ref().is_some_and(is_new) {
            self.leave_team()?;
        }
        if self.team.is_some() {
            return Err(refused("This workspace belongs to a team already. Leave it first."));
        }
        if self.remembered_team()?.is_some() {
            return Err(refused(
                "This workspace belongs to a team, and its key cannot be used. Unlock the keys first, in the settings \
                 under “On this computer”, or leave the team.",
            ));
        }
        Ok(())
    }

    fn begin_team(&mut self, remembered: &Remembered) -> Result<(), Fault> {
        self.store.put_setting(TEAM_SETTING, &json!(remembered).to_string())?;
        self.start_team()
    }

    /// Keeps a secret under a new name and answers the name.
    pub(crate) fn keep_secret(&mut self, what: &str, secret: &[u8]) -> Result<String, Fault> {
        let mut random = [0; 16];
        Dice(&mut *self.entropy).fill(&mut random);
        let name = format!("{what}-{}", custory_wire::Head(random));
        self.secrets.put(&name, secret)?;
        Ok(name)
    }

    pub(super) fn remember_team(&mut self) -> Result<(), Fault> {
        let Some(team) = &self.team else { return Ok(()) };
        Ok(self.store.put_setting(TEAM_SETTING, &json!(team.remembered).to_string())?)
    }

    /// Who this device is of, as teammates see it.
    pub(super) fn profile(&self, device: &str) -> Profile {
        let workspace = self.device.workspace.ulid();
        let board = self.board(workspace).unwrap_or_default();
        let member = board.members.get(&self.device.me).map(|it| it.name.clone());
        Profile {
            member: self.device.me.ulid().to_bytes(),
            person: member.unwrap_or_else(|| self.person.clone()),
            device: device.to_owned(),
        }
    }

    pub(super) fn set_workspace(&mut self, workspace: WorkspaceId) -> Result<(), Fault> {
        // The person keeps the name that they had in the workspace that is left.
        let me: MemberId = self.device.me;
        let left = self.board(self.device.workspace.ulid())?;
        if let Some(member) = left.members.get(&me) {
            self.person = member.name.clone();
        }
        self.store.put_setting(DEVICE_SETTING, &json!([me, workspace]).to_string())?;
        self.device.workspace = workspace;
        let log = self.team.as_ref().map(|it| it.space.workspace_log());
        if let Some(log) = log {
            self.store.share_document(workspace.ulid(), log.0)?;
        }
        Ok(())
    }

    /// The roster or this device's standing is not what it was.
    pub(super) fn team_changed(&mut self) -> Result<(), Fault> {
        let Some(team) = &mut self.team else { return Ok(()) };
        let mut is_news = false;
        if let Some(key) = team.client.relay_key().filter(|it| it.0.as_slice() != team.remembered.relay_key) {
            team.remembered.relay_key = key.0.to_vec();
            is_news = true;
        }
        let has_asked = team.client.has_joined();
        let used = team.remembered.invite.take_if(|_| has_asked);
        team.is_removed = team.client.device().is_some() && team.client.role().is_none();
        if let Some(used) = &used {
            self.secrets.forget(used)?;
        }
        if is_news || used.is_some() {
            self.remember_team()?;
        }
        self.look_after_pictures()?;
        self.introduce()
    }
}
