//! The team as windows and the command line see it: people and their devices, invitations, and per
//! journey who has what.

use custory_domain::{JourneyId, MemberId};
use serde::{Deserialize, Serialize};

/// Fewest characters of a recovery file's passphrase.
pub const PASSPHRASE_CHARS_MIN: usize = 8;

/// What somebody may do in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamRole {
    /// Reads.
    Viewer,
    /// Reads and writes.
    Editor,
    /// Also decides who belongs to the team.
    Admin,
}

/// The team that this workspace is shared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Names it: 64 hexadecimal digits.
    pub id: String,
    /// Where its relay is.
    pub relay: String,
    /// How this device stands with it.
    pub state: TeamState,
    /// No relay has taken it yet, so nobody can have joined it: it can be made anew, elsewhere or with another token.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_new: bool,
    /// Whether there is a connection to the relay.
    pub is_connected: bool,
    /// Why there is no connection, or why it does not help, in a sentence; empty if nothing is wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// What this device may do; `None` before it was let in and after it was removed.
    pub role: Option<TeamRole>,
    /// The beginning of this device's key, to be read to whoever lets it in.
    #[serde(default)]
    pub code: String,
    /// Where this device's key is kept.
    pub key_place: KeyPlace,
    /// Devices of the team, removed ones too, in the order in which they came.
    pub devices: Vec<TeamDevice>,
    /// Invitations that are open.
    pub invites: Vec<TeamInvite>,
    /// Who asks to be let in.
    pub requests: Vec<JoinRequest>,
    /// Journeys on this device that are shared, and how far.
    pub journeys: Vec<JourneySync>,
    /// Changes of the workspace itself (people, personas) that wait for the relay.
    pub workspace_waiting: usize,
    /// What happened that an admin should know of, newest last; at most fifty.
    pub notices: Vec<String>,
}

impl Team {
    /// Changes that are on this device only.
    pub fn waiting(&self) -> usize {
        self.workspace_waiting + self.journeys.iter().map(|it| it.waiting).sum::<usize>()
    }
}

/// How this device stands with its team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamState {
    /// No connection to the relay; changes wait here, and go as soon as there is one.
    Offline,
    /// It has asked to join; an admin has to agree.
    Waiting,
    /// Connected, with something to send or to read.
    Syncing,
    /// Connected, and everything is sent and read.
    InStep,
    /// It was removed from the team; everything that it had stays.
    Removed,
    /// Its key cannot be used: it is locked, or gone. Changes wait here until then; only `problem` says more.
    Locked,
}

/// Where a device's keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// The system's keychain.
    Keychain,
    /// A file that only this user can read, as whoever runs a server has chosen.
    File,
    /// A file sealed with a passphrase, because the system offers no keychain.
    Sealed,
}

/// Whether a device's keys can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyLock {
    /// They can.
    Open,
    /// Not before their passphrase is given.
    Locked,
    /// Not before a passphrase is chosen for them.
    NoPassphrase,
    /// Not before the system's keychain lets itself be used.
    KeychainShut,
}

/// A device of a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDevice {
    /// Its number in the team.
    pub device: u32,
    /// The person's name; empty if it cannot be read.
    pub person: String,
    /// The device's name.
    pub name: String,
    /// The member of the workspace that it writes as.
    pub member: Option<MemberId>,
    /// What it may do; `None` once it was removed.
    pub role: Option<TeamRole>,
    /// This one.
    pub is_me: bool,
    /// The beginning of its key, to compare by voice.
    pub code: String,
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamInvite {
    /// Its number.
    pub invite: u32,
    /// What those who join by it may do.
    pub role: TeamRole,
    /// How many may still ask.
    pub uses_left: u32,
    /// The device that made it.
    pub by: u32,
}

/// Somebody asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// Its number.
    pub request: u32,
    /// The person's name, as they say; empty unless this device is an admin's.
    pub person: String,
    /// The device's name, as they say.
    pub name: String,
    /// What the invitation grants.
    pub role: TeamRole,
    /// The beginning of the device's key, to compare by voice.
    pub code: String,
}

/// How far a journey is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneySync {
    /// Which one.
    pub journey: JourneyId,
    /// Changes that are on this device only. None means: everything is on the relay.
    pub waiting: usize,
    /// Changes of others that the relay has and this device does not yet.
    pub unread: u64,
    /// Devices that have seen everything that this device knows of; signed by them.
    pub seen_by: Vec<u32>,
    /// Why changes stay here although the connection stands; empty if they do not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub held: String,
    /// What the relay has lost is being brought back.
    pub is_healing: bool,
    /// It is shown as a teammate says that it is, and still being checked: nothing can be changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unchecked: bool,
}

/// A workspace beside others on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceEntry {
    /// Names it on this device; empty for the first.
    pub key: String,
    /// What it is called, as far as known.
    pub name: String,
    /// The address of its team's relay; empty without a team.
    pub relay: String,
    /// It is the one that is shown.
    pub is_shown: bool,
    /// Journeys that changed since it was shown.
    #[serde(default)]
    pub changed: usize,
    /// Changes that wait for the relay.
    #[serde(default)]
    pub waiting: usize,
}

/// What is nowhere but in a workspace on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceLoss {
    /// What the workspace is called.
    pub name: String,
    /// Journeys that no relay has.
    pub journeys: usize,
    /// Changes of shared journeys that wait for the relay.
    pub changes: usize,
    /// No other device can open what the relay has.
    pub is_last_device: bool,
}

impl WorkspaceLoss {
    /// Whether anything would be gone for good.
    pub fn is_any(&self) -> bool {
        self.journeys > 0 || self.changes > 0 || self.is_last_device
    }

    /// What would be gone, in sentences; empty if nothing would be.
    pub fn sentences(&self) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("One {one}"),
            _ => format!("{number} {many}"),
        };
        let mut sentences = Vec::new();
        if self.journeys > 0 {
            let it = count(self.journeys, "journey is", "journeys are");
            sentences.push(format!("{it} on this computer only and would be gone for good."));
        }
        if self.changes > 0 {
            let it = count(self.changes, "change has", "changes have");
            sentences.push(format!("{it} not reached the relay yet and would be lost."));
        }
        if self.is_last_device {
            sentences.push(
                "No other device is in its team, so nobody could open what the relay has of it any more."
                    .to_owned(),
            );
        }
        sentences.join(" ")
    }
}

/// What is wanted of the workspaces side by side on this device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum WorkspacesWish {
    /// Which there are.
    #[default]
    List,
    /// Another one shown.
    Show {
        /// Which one.
        key: String,
    },
    /// One more, beside the others, and shown.
    New {
        /// Its name.
        name: String,
    },
    /// What would be gone if it were taken off this computer. → `WorkspaceLoss`
    WhatIsLost {
        /// Which one.
        key: String,
    },
    /// Taken off this computer, with its keys. Of the first one an empty one may take the place.
    TakeOff {
        /// Which one.
        key: String,
        /// Its name, given by the person if anything would be gone.
        typed: String,
    },
}

/// What is asked of the team that this workspace is shared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum TeamRequest {
    /// The team that this workspace is shared with, and how sync stands. → `Team`
    Standing,
    /// Makes a team of this workspace: all journeys but the sample are shared with it. → `Team`
    CreateTeam {
        /// Address of its relay, for instance `relay.example.com`.
        relay: String,
        /// What the relay's owner asks for, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// What to call this device; empty: as the machine is called.
        device: String,
    },
    /// Makes an invitation. → `Invitation`
    Invite {
        /// What those who join by it may do.
        role: TeamRole,
        /// How many may ask with it.
        uses: u32,
    },
    /// Makes an invitation void. → `Team`
    RevokeInvite {
        /// Which.
        invite: u32,
    },
    /// Asks to be let into a team. Journeys of this device stay as they are and are not shared. → `Team`
    JoinTeam {
        /// The whole link.
        link: String,
        /// What to call this device; empty: as the machine is called.
        device: String,
    },
    /// Lets somebody in. → `Team`
    ApproveJoin {
        /// Whose request.
        request: u32,
    },
    /// Turns somebody down. → `Team`
    DeclineJoin {
        /// Whose request.
        request: u32,
    },
    /// Removes devices from the team; everything from then on is sealed with a key that they lack. → `Team`
    RemoveDevices {
        /// Which.
        devices: Vec<u32>,
    },
    /// Changes what a device may do. → `Team`
    SetTeamRole {
        /// Which.
        device: u32,
        /// What it may do.
        role: TeamRole,
    },
    /// Has everybody leave one record out, for instance one that stops a journey's sync. → `Team`
    Quarantine {
        /// The journey; the team's list of journeys and people if there is none.
        journey: Option<JourneyId>,
        /// The device that wrote it.
        device: u32,
        /// Its number among that device's records of the journey.
        number: u64,
    },
    /// Shares a journey that is on this device only. → `Team`
    ShareJourney {
        /// Which one.
        journey: JourneyId,
    },
    /// Connects now instead of a little later. → `Team`
    SyncNow,
    /// Takes no part in the team any more, on this device. Everything that is here stays. → `Done`
    LeaveTeam,
    /// Makes a recovery file: with it and its passphrase a new device is let in as an admin. → `Recovery`
    MakeRecovery {
        /// At least eight characters.
        passphrase: String,
    },
    /// Lets this device into a team with a recovery file. → `Team`
    RecoverTeam {
        /// The file, in base64.
        file: String,
        /// Its passphrase.
        passphrase: String,
        /// What to call this device; empty: as the machine is called.
        device: String,
    },
}
