//! What people do about their team: inviting, letting in, removing, roles, a recovery file.

use custory_domain::JourneyId;
use custory_ipc::{PASSPHRASE_CHARS_MIN, Reply, TeamRole};
use custory_seal::{DeviceKeys, DeviceSecret, InviteLink, InviteSeed, Profile, Recovery, seal_recovery};
use custory_sync::{Act, Input};
use custory_wire::Role;

use super::carry_out::Dice;
use super::view::role_in;
use super::{Pending, Team};
use crate::apart::reply;
use crate::failure::{Fault, refused};
use crate::inbox::{Answer, Core};

/// What is wanted.
pub(crate) enum Wish {
    Invite { role: TeamRole, uses: u32 },
    Revoke(u32),
    Approve(u32),
    Decline(u32),
    Remove(Vec<u32>),
    SetRole(u32, TeamRole),
    Quarantine { journey: Option<JourneyId>, device: u32, number: u64 },
    Recovery { passphrase: String },
}

impl Core {
    /// Does it and answers once the relay has it; answers at once if it cannot be.
    pub(crate) fn act(&mut self, wish: Wish, answer: Answer) {
        match self.prepare_act(wish) {
            Ok((act, link, recovery)) => {
                if let Some(team) = &mut self.team {
                    if team.pending.is_some() {
                        return reply(answer, Err(refused("Another change of the team is under way.").0));
                    }
                    team.pending = Some(Pending { answer, link, recovery });
                }
                self.team_input(Input::Act(Box::new(act)));
            }
            Err(fault) => reply(answer, Err(fault.0)),
        }
    }

    #[expect(clippy::type_complexity, reason = "three things that belong to one answer")]
    fn prepare_act(&mut self, wish: Wish) -> Result<(Act, Option<String>, Option<Vec<u8>>), Fault> {
        let Some(team) = &self.team else {
            return Err(refused("There is no team yet. Make one, or join one by a link."));
        };
        if team.line.is_none() {
            return Err(refused(
                "Another Custory program on this device is connected to the team. Do it there, or close it first.",
            ));
        }
        let mut link = None;
        let mut recovery = None;
        let act = match wish {
            Wish::Invite { role, uses } => {
                let seed = InviteSeed::generate(&mut Dice(&mut *self.entropy));
                link = Some(invite_link(team, seed.clone())?);
                Act::Invite { seed, role: role_in(role), uses }
            }
            Wish::Revoke(invite) => Act::Revoke(invite),
            Wish::Approve(join) => {
                let profile =
                    asking(team, join).ok_or_else(|| refused("Nobody waits under this number any more."))?;
                Act::Approve { join, profile }
            }
            Wish::Decline(join) => Act::Decline(join),
            Wish::Remove(devices) => Act::Remove(devices),
            Wish::SetRole(device, role) => Act::SetRole(device, role_in(role)),
            Wish::Quarantine { journey, device, number } => {
                let log = journey.map(|it| team.space.journey_log(&it.ulid().to_bytes()));
                Act::Quarantine(log.unwrap_or_else(|| team.space.workspace_log()), device, number)
            }
            Wish::Recovery { passphrase } => {
                if passphrase.chars().count() < PASSPHRASE_CHARS_MIN {
                    return Err(refused("A passphrase of a recovery file has at least eight characters."));
                }
                let secret = DeviceSecret::generate(&mut Dice(&mut *self.entropy));
                let keys = DeviceKeys::of(&secret);
                recovery = Some(recovery_file(team, secret, &passphrase, &mut Dice(&mut *self.entropy))?);
                let profile = Profile { device: "Recovery file".to_owned(), ..self.profile("") };
                let (sign, wrap) = (keys.sign_key(), keys.wrap_key());
                Act::Add { sign, wrap, role: Role::Admin, profile }
            }
        };
        Ok((act, link, recovery))
    }

    /// Connects now instead of a little later.
    pub(crate) fn sync_now(&mut self) -> Result<Reply, Fault> {
        if let Some(line) = self.team.as_ref().and_then(|it| it.line.as_ref()) {
            line.wake();
        }
        self.team_reply()
    }

    pub(crate) fn team_reply(&self) -> Result<Reply, Fault> {
        Ok(Reply::Team { team: self.team_view().map(Box::new) })
    }
}

fn met(team: &Team) -> Result<custory_wire::RelayKey, Fault> {
    team.client.relay_key().ok_or_else(|| refused("This needs a connection to the relay first."))
}

fn invite_link(team: &Team, seed: InviteSeed) -> Result<String, Fault> {
    Ok(InviteLink::new(team.relay.clone(), &met(team)?, team.space, seed).expose())
}

fn recovery_file(
    team: &Team,
    secret: DeviceSecret,
    passphrase: &str,
    dice: &mut Dice<'_>,
) -> Result<Vec<u8>, Fault> {
    let (relay, relay_key) = (team.relay.to_string(), met(team)?);
    Ok(seal_recovery(&Recovery { relay, relay_key, space: team.space, secret }, passphrase, dice))
}

/// Who asks, as they say; as far as this device can read it.
pub(super) fn asking(team: &Team, join: u32) -> Option<Profile> {
    let asks = team.client.roster()?.joins().get(&join)?;
    let me = team.client.device()?;
    let sealed = asks.names.iter().find(|it| it.device == me)?;
    Profile::unwrap(team.client.keys(), &asks.sign, &sealed.bytes).ok()
}
