//! The team: sync beside the engine's one loop.
//!
//! The client (`custory_sync::Client`) lives in the loop and owns what is said; a thread of its own
//! owns the socket (`line`) and hands over what it hears. What the client says is carried out here
//! (`carry_out`): records go through the document's guarded merge, then to the disk in one
//! transaction with the place up to which the log was read, then to the windows.
//!
//! Of several programs on one data folder one does the syncing: whoever holds `sync.lock`. The
//! others' changes reach it through the disk, as they reach a window.

mod acts;
mod begin;
mod carry_out;
mod glimpse;
mod line;
mod pictures;
mod receive;
mod share;
mod snapshots;
mod turns;
mod unreachable;
mod view;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;

use custory_domain::Board;
use custory_seal::RelayAddress;
use custory_sync::Client;
use custory_wire::{Hash, LogId, SpaceId};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::inbox::Answer;
pub(crate) use acts::Wish;
pub(crate) use begin::machine_name;
use line::Line;
use pictures::Traffic;
use snapshots::LookedAt;
pub(crate) use turns::Turn;
use turns::Turns;

/// Setting that remembers the team.
pub(crate) const TEAM_SETTING: &str = "team";

/// Notices kept for the team's page.
const NOTICES_MAX: usize = 50;

/// What is remembered of a team beside what the store keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// The workspace, in hexadecimal.
    pub space: String,
    /// The relay's address.
    pub relay: String,
    /// The beginning of the relay's key, in bytes.
    pub relay_key: Vec<u8>,
    /// The name of this device's key among the secrets.
    pub key: String,
    /// The name of the invitation's seed, until it was used.
    pub invite: Option<String>,
    /// What the relay's owner asks for.
    pub token: Option<String>,
    /// What this device is called.
    pub device: String,
    /// Whether this device's person has been put into the team's workspace.
    pub is_introduced: bool,
}

/// A team at work.
pub(crate) struct Team {
    pub remembered: Remembered,
    pub space: SpaceId,
    pub relay: RelayAddress,
    pub client: Client,
    /// The connection's thread; `None` while another program does the syncing.
    pub line: Option<Line>,
    /// Held while this program does the syncing.
    pub lock: Option<File>,
    /// Documents of logs, as far as known.
    pub documents: BTreeMap<LogId, Ulid>,
    /// Documents that come from the team and were here before, in none of its logs: what only this device has of them is
    /// brought to the team once something of them has been taken in.
    pub apart: BTreeSet<Ulid>,
    /// Journeys that are shown before they have been checked.
    pub glimpses: BTreeMap<Ulid, Board>,
    /// Pictures on their way.
    pub pictures: Traffic,
    /// Teammates' saved documents that were looked at and wait to be taken.
    pub looked_at: BTreeMap<Hash, LookedAt>,
    /// Up to where the outbox was handed to the client.
    pub offered: i64,
    /// Why there is no connection.
    pub problem: String,
    pub is_removed: bool,
    pub notices: VecDeque<String>,
    /// Who waits for what the client was told to do.
    pub pending: Option<Pending>,
    /// What only one device at a time does, as far as it was asked for.
    pub turns: Turns,
}

/// Who waits for an act, and what they are answered.
pub(crate) struct Pending {
    pub answer: Answer,
    /// For an invitation: its link.
    pub link: Option<String>,
    /// For a recovery file: the file.
    pub recovery: Option<Vec<u8>>,
}

impl Team {
    pub fn note(&mut self, notice: String) {
        tracing::warn!("{notice}");
        self.notices.push_back(notice);
        if self.notices.len() > NOTICES_MAX {
            self.notices.pop_front();
        }
    }

    pub fn log_of(&self, document: Ulid, workspace: Ulid) -> LogId {
        let picture = self.space.picture_log(&document.to_bytes());
        if self.is_being_sent(&picture) {
            picture
        } else if document == workspace {
            self.space.workspace_log()
        } else {
            self.space.journey_log(&document.to_bytes())
        }
    }
}
