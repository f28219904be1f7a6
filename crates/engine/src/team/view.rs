//! The team as windows and the command line see it.

use custory_domain::MemberId;
use custory_ipc::{JoinRequest, JourneySync, Team as TeamView, TeamDevice, TeamInvite, TeamRole, TeamState};
use custory_seal::Profile;
use custory_sync::{Hold, LogStatus};
use custory_wire::{NackReason, PublicKey, Role, Roster, Standing};
use ulid::Ulid;

use super::Team;
use super::acts::asking;
use crate::inbox::Core;

/// Bytes of a key that are shown to be compared by voice.
const CODE_BYTES: usize = 4;

/// The number of the record that every team begins with.
const GENESIS: u32 = 1;

pub(super) fn role_in(role: TeamRole) -> Role {
    match role {
        TeamRole::Viewer => Role::Viewer,
        TeamRole::Editor => Role::Editor,
        TeamRole::Admin => Role::Admin,
    }
}

fn role_out(role: Role) -> TeamRole {
    match role {
        Role::Viewer => TeamRole::Viewer,
        Role::Editor => TeamRole::Editor,
        Role::Admin => TeamRole::Admin,
    }
}

fn code(key: &PublicKey) -> String {
    let hash = custory_wire::Hash::of(&key.0);
    let digits: Vec<String> =
        hash.0[..CODE_BYTES].chunks(2).map(|it| format!("{:02x}{:02x}", it[0], it[1])).collect();
    digits.join(" ")
}

impl Core {
    /// The team, if there is one.
    pub(crate) fn team_view(&self) -> Option<TeamView> {
        let Some(team) = &self.team else { return self.locked_team() };
        let workspace = self.device.workspace.ulid();
        let status = |log| team.client.log(log);
        let journeys = team
            .documents
            .iter()
            .filter(|(_, document)| **document != workspace)
            .filter_map(|(log, document)| Some(journey(team, *document, &status(log)?)))
            .chain(team.glimpses.keys().map(|it| glimpse(*it)))
            .collect();
        let roster = team.client.roster();
        Some(TeamView {
            id: team.space.to_string(),
            relay: team.relay.to_string(),
            state: state(team),
            is_new: is_new(team),
            is_connected: team.client.standing().is_some(),
            problem: problem(team),
            role: team.client.role().map(role_out),
            code: code(&team.client.keys().sign_key()),
            key_place: self.secrets.place(),
            devices: roster.map(|it| devices(team, it)).unwrap_or_default(),
            invites: roster.map(invites).unwrap_or_default(),
            requests: roster.map(|it| requests(team, it)).unwrap_or_default(),
            journeys,
            workspace_waiting: status(&team.space.workspace_log()).map_or(0, |it| it.waiting),
            notices: team.notices.iter().cloned().collect(),
        })
    }

    /// A team that cannot be gone on with: all that is known of it without its key.
    fn locked_team(&self) -> Option<TeamView> {
        let remembered = self.remembered_team().ok().flatten()?;
        Some(TeamView {
            id: remembered.space,
            relay: remembered.relay,
            state: TeamState::Locked,
            is_new: false,
            is_connected: false,
            problem: self.team_trouble.clone(),
            role: None,
            code: String::new(),
            key_place: self.secrets.place(),
            devices: Vec::new(),
            invites: Vec::new(),
            requests: Vec::new(),
            journeys: Vec::new(),
            workspace_waiting: 0,
            notices: Vec::new(),
        })
    }

    /// What a device's person is called.
    pub(super) fn name_of(&self, device: u32) -> String {
        let found = self.team.as_ref().and_then(|team| {
            let device = team.client.roster()?.device(device)?;
            Profile::open(team.client.epochs(), device).ok()
        });
        found.map_or_else(|| format!("device {device}"), |it| it.person)
    }
}

fn state(team: &Team) -> TeamState {
    if team.is_removed {
        return TeamState::Removed;
    }
    let asks = team.client.device().is_none() && team.client.has_joined();
    match team.client.standing() {
        Some(Standing::Member { .. }) if team.client.is_in_step() => TeamState::InStep,
        Some(Standing::Member { .. } | Standing::Unknown) => TeamState::Syncing,
        Some(Standing::Waiting { .. }) => TeamState::Waiting,
        Some(Standing::Invited { .. }) => TeamState::Syncing,
        None if asks => TeamState::Waiting,
        None => TeamState::Offline,
    }
}

/// Why there is no connection. A device that was removed knows it from the roster, before its relay has said so.
fn problem(team: &Team) -> String {
    match team.is_removed {
        true => "This device was removed from the team. What it had stays here.".to_owned(),
        false => team.problem.clone(),
    }
}

/// Whether no relay has taken the team yet, as far as this device knows.
pub(super) fn is_new(team: &Team) -> bool {
    let is_alone = team.client.roster().is_some_and(|it| it.rseq() == GENESIS);
    let is_taken = matches!(team.client.standing(), Some(Standing::Member { .. }));
    let is_unread = |log| team.client.log(log).is_none_or(|it| it.at.seq == 0);
    is_alone && !is_taken && team.documents.keys().all(is_unread)
}

fn journey(team: &Team, document: Ulid, status: &LogStatus) -> JourneySync {
    let me = team.client.device();
    let present = |device: u32| {
        team.client.roster().and_then(|it| it.device(device)?.role()).is_some() && Some(device) != me
    };
    let newest = status.tip.unwrap_or(status.at.seq).max(status.at.seq);
    // A journey that the relay has nothing of waits as a whole: its changes are counted once the relay is met.
    let is_here_only = newest == 0;
    let seen_by = status.seen.iter().filter(|(device, seq)| *seq >= newest && present(*device));
    JourneySync {
        journey: document.into(),
        waiting: status.waiting.max(usize::from(is_here_only)),
        unread: newest - status.at.seq,
        seen_by: if status.at.seq == 0 { Vec::new() } else { seen_by.map(|(device, _)| *device).collect() },
        held: status.hold.map(held).unwrap_or_default(),
        is_healing: status.is_healing,
        is_unchecked: false,
    }
}

fn glimpse(document: Ulid) -> JourneySync {
    JourneySync {
        journey: document.into(),
        waiting: 0,
        unread: 0,
        seen_by: Vec::new(),
        held: String::new(),
        is_healing: false,
        is_unchecked: true,
    }
}

fn held(hold: Hold) -> String {
    match hold {
        Hold::Viewer => "You can look at this team's journeys and not change them.",
        Hold::Forked => "The relay has shown a teammate another history of this journey.",
        Hold::NeedsUpdate => "A teammate's Custory is newer. Update this one.",
        Hold::Unreadable => "What the relay has of this journey cannot be read. Your work stays here.",
        Hold::Relay(NackReason::Quota) => "The relay has no more room for this team.",
        Hold::Relay(NackReason::TooBig) => "A change is larger than the relay takes.",
        Hold::Relay(_) => "The relay does not take changes at the moment.",
    }
    .to_owned()
}

fn devices(team: &Team, roster: &Roster) -> Vec<TeamDevice> {
    let me = team.client.device();
    let view = |(number, device): (&u32, &custory_wire::Device)| {
        let profile = Profile::open(team.client.epochs(), device).ok();
        let member = profile.as_ref().map(|it| MemberId::from(Ulid::from_bytes(it.member)));
        let (person, name) = profile.map(|it| (it.person, it.device)).unwrap_or_default();
        TeamDevice {
            device: *number,
            person,
            name,
            member,
            role: device.role().map(role_out),
            is_me: Some(*number) == me,
            code: code(&device.sign),
        }
    };
    roster.devices().iter().map(view).collect()
}

fn invites(roster: &Roster) -> Vec<TeamInvite> {
    let view = |(number, it): (&u32, &custory_wire::Invite)| TeamInvite {
        invite: *number,
        role: role_out(it.role),
        uses_left: it.uses_left,
        by: it.by,
    };
    roster.invites().iter().map(view).collect()
}

fn requests(team: &Team, roster: &Roster) -> Vec<JoinRequest> {
    let view = |(number, it): (&u32, &custory_wire::Join)| {
        let profile = asking(team, *number).unwrap_or_default();
        JoinRequest {
            request: *number,
            person: profile.person,
            name: profile.device,
            role: role_out(it.role),
            code: code(&it.sign),
        }
    };
    roster.joins().iter().map(view).collect()
}
