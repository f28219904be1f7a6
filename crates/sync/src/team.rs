//! Acts about the team: written on top of the newest roster, and written anew when it has moved on.

use custory_seal::{Author, Random};
use custory_wire::{NackReason, Role, Roster, Standing, ToRelay};

use crate::client::Client;
use crate::io::{Act, Output};

/// How often an act is written anew because somebody else was faster.
const TRIES_MAX: u8 = 5;

impl Client {
    pub(crate) fn begin_act(&mut self, act: Act, random: &mut dyn Random) {
        let reason = if !matches!(self.standing(), Some(Standing::Member { .. })) {
            "This needs a connection to the relay. Try again once it stands."
        } else if self.act.is_some() {
            "Another change of the team is under way. Try again in a moment."
        } else if self.role() != Some(Role::Admin) && !matches!(act, Act::Rename(_)) {
            "Only an admin of the team can do this."
        } else {
            self.act = Some((act, None, 0));
            return self.put_act(random);
        };
        self.out.push(Output::NotActed { reason });
    }

    fn put_act(&mut self, random: &mut dyn Random) {
        let (Some(roster), Some(device), Some((act, ..))) = (&self.roster, self.device(), &self.act) else {
            return;
        };
        let author = Author { roster, device, keys: &self.keys, epochs: &self.epochs };
        let record = match act {
            Act::Invite { seed, role, uses } => Some(author.invite(seed, *role, *uses)),
            Act::Revoke(invite) => Some(author.revoke(*invite)),
            Act::Approve { join, profile } => {
                let role = roster.joins().get(join).map(|it| it.role);
                role.and_then(|role| author.approve(*join, role, profile, random))
            }
            Act::Decline(join) => Some(author.decline(*join)),
            Act::Remove(devices) => author.remove(devices, random),
            Act::SetRole(device, role) => Some(author.set_role(*device, *role)),
            Act::Rename(profile) => author.rename(profile, random),
            Act::Add { sign, wrap, role, profile } => author.add((sign, wrap), *role, profile, None, random),
            Act::Quarantine(log, device, dseq) => Some(author.quarantine(*log, *device, *dseq)),
        };
        // Said here rather than by the relay, which only knows that a rule is against it.
        let taken = record.filter(|it| roster.clone().apply(it).is_ok());
        match taken {
            Some(record) => {
                let rseq = roster.rseq() + 1;
                if let Some((_, at, tries)) = &mut self.act {
                    (*at, *tries) = (Some(rseq), *tries + 1);
                }
                self.send(ToRelay::RosterPut { records: vec![record] });
            }
            None => self.act_fails("The team does not allow this: it may have changed in the meantime."),
        }
    }

    /// The roster has grown: by this act's record, or by another's.
    pub(crate) fn go_on_with_act(&mut self, random: &mut dyn Random) {
        let Some((_, Some(rseq), _)) = &self.act else { return };
        let (rseq, now) = (*rseq, self.roster.as_ref().map_or(0, Roster::rseq));
        if now < rseq {
            return;
        }
        let signer = self.signer_of(rseq);
        if signer.is_some() && signer == self.device() {
            self.act = None;
            self.out.push(Output::Acted { rseq });
        } else {
            self.again(random);
        }
    }

    /// Who has signed a record of the roster.
    fn signer_of(&self, rseq: u32) -> Option<u32> {
        let record = self.records.get(rseq.checked_sub(1)? as usize)?;
        custory_wire::roster_signer(record)
    }

    fn again(&mut self, random: &mut dyn Random) {
        match self.act {
            Some((_, _, tries)) if tries < TRIES_MAX => self.put_act(random),
            _ => self.act_fails("Others keep changing the team. Try again in a moment."),
        }
    }

    pub(crate) fn act_refused(&mut self, _: &mut dyn Random) {
        if self.act.is_some() {
            // Whoever was faster shows in the roster, which is asked for; the act follows then.
            let after = self.roster.as_ref().map_or(0, Roster::rseq);
            match &mut self.act {
                Some((_, _, tries)) if *tries < TRIES_MAX => {
                    *tries += 1;
                    self.send(ToRelay::RosterGet { after });
                }
                _ => self.act_fails("The relay does not take this change of the team."),
            }
        }
    }

    fn act_fails(&mut self, reason: &'static str) {
        self.act = None;
        self.out.push(Output::NotActed { reason });
    }

    pub(crate) fn is_roster_stale(reason: &NackReason) -> bool {
        matches!(reason, NackReason::RosterStale { .. })
    }
}
