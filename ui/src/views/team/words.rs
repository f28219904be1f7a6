//! How sync stands, in words.

use custory_domain::JourneyId;
use custory_ipc::{JourneySync, Team, TeamRole, TeamState};

use crate::format;

/// How sync stands, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Style of the chip; empty if all is well.
    pub class: &'static str,
    /// In one to four words.
    pub label: String,
    /// In a sentence or two.
    pub detail: String,
}

impl Standing {
    fn well(label: &str, detail: String) -> Self {
        Self { class: "", label: label.to_owned(), detail }
    }

    fn off(label: String, detail: String) -> Self {
        Self { class: "sync-off", label, detail }
    }
}

/// How sync stands for a journey, or for the whole workspace without one.
pub fn standing(team: &Team, journey: Option<JourneyId>) -> Standing {
    let shared = team.journeys.iter().find(|it| Some(it.journey) == journey);
    let waiting = match shared {
        Some(it) => it.waiting,
        None => team.waiting(),
    };
    match team.state {
        TeamState::Removed => Standing::off(
            "Removed from the team".to_owned(),
            "What was here stays here; nothing more is shared with this device.".to_owned(),
        ),
        TeamState::Locked => Standing::off("Key needed".to_owned(), team.problem.clone()),
        TeamState::Waiting => Standing::well(
            "Waiting to be let in",
            "An admin of the team has to agree. You can go on working meanwhile.".to_owned(),
        ),
        TeamState::Offline => offline(team, waiting),
        TeamState::Syncing | TeamState::InStep => connected(team, journey, shared, waiting),
    }
}

/// Somebody asks to be let in, and this device can do so: what it says until somebody has decided.
pub fn asking(team: &Team) -> Option<Standing> {
    let first = team.requests.first().filter(|_| team.role == Some(TeamRole::Admin))?;
    let who = if first.person.is_empty() { "Somebody" } else { &first.person };
    let label = match team.requests.len() {
        1 => format!("{who} asks to join"),
        several => format!("{several} ask to join"),
    };
    Some(Standing::off(label, "Compare the code with theirs, then let them in or turn them down.".to_owned()))
}

fn offline(team: &Team, waiting: usize) -> Standing {
    let why = if team.problem.is_empty() { "There is no connection to the relay." } else { &team.problem };
    if waiting == 0 {
        return Standing::off("Offline".to_owned(), format!("{why} You can go on working."));
    }
    let waits = format::count(waiting, "change waits", "changes wait");
    Standing::off(
        format!("Offline, {waits}"),
        format!("{why} {waits} here and will be sent once there is one."),
    )
}

fn connected(
    team: &Team,
    journey: Option<JourneyId>,
    shared: Option<&JourneySync>,
    waiting: usize,
) -> Standing {
    match shared {
        None if journey.is_some() => Standing::well(
            "On this computer only",
            "This journey is not shared with the team yet.".to_owned(),
        ),
        Some(it) if it.is_unchecked => Standing::well(
            "Checking",
            "This is what a teammate’s computer says is in it. You can change it once it has been checked."
                .to_owned(),
        ),
        Some(it) if !it.held.is_empty() => Standing::off("Changes are held".to_owned(), it.held.clone()),
        Some(it) if it.is_healing => Standing::well(
            "Restoring the relay",
            "The relay had lost something. It is being brought back from this team’s computers.".to_owned(),
        ),
        _ if team.state == TeamState::Syncing => {
            let waits = format::count(waiting, "change waits", "changes wait");
            Standing::well("Syncing", format!("Connected to {}. {waits}.", team.relay))
        }
        Some(it) => Standing::well("Synced", format!("Saved here and on the relay.{}", seen(team, it))),
        None => Standing::well("Synced", format!("Encrypted. Connected to {}.", team.relay)),
    }
}

/// Who has seen everything, in a sentence of its own; empty if that is nobody.
pub fn seen(team: &Team, it: &JourneySync) -> String {
    let mut people: Vec<&str> = Vec::new();
    for device in team.devices.iter().filter(|device| it.seen_by.contains(&device.device) && !device.is_me) {
        if !device.person.is_empty() && !people.contains(&device.person.as_str()) {
            people.push(&device.person);
        }
    }
    match people.as_slice() {
        [] => String::new(),
        [one] => format!(" Seen by {one}."),
        [first @ .., last] => format!(" Seen by {} and {last}.", first.join(", ")),
    }
}

/// A role, as people call it.
pub const fn role(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Viewer => "Viewer",
        TeamRole::Editor => "Editor",
        TeamRole::Admin => "Admin",
    }
}

/// What a role may do.
pub const fn may(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Viewer => "reads everything",
        TeamRole::Editor => "reads and changes everything",
        TeamRole::Admin => "also decides who belongs to the team",
    }
}

#[cfg(test)]
mod tests {
    use custory_ipc::{KeyPlace, TeamDevice};

    use super::*;

    fn device(number: u32, person: &str, is_me: bool) -> TeamDevice {
        TeamDevice {
            device: number,
            person: person.to_owned(),
            name: "Laptop".to_owned(),
            member: None,
            role: Some(TeamRole::Editor),
            is_me,
            code: "7QF4".to_owned(),
        }
    }

    fn journey() -> JourneyId {
        JourneyId::from_parts(1, 1)
    }

    fn team(state: TeamState, waiting: usize) -> Team {
        Team {
            id: "00".to_owned(),
            relay: "relay.example.com".to_owned(),
            state,
            is_new: false,
            is_connected: !matches!(state, TeamState::Offline | TeamState::Removed),
            problem: String::new(),
            role: Some(TeamRole::Editor),
            code: "7QF4".to_owned(),
            key_place: KeyPlace::Keychain,
            devices: vec![device(0, "Maya", true), device(1, "Ana", false), device(2, "Ben", false)],
            invites: Vec::new(),
            requests: Vec::new(),
            journeys: vec![JourneySync {
                journey: journey(),
                waiting,
                unread: 0,
                seen_by: vec![0, 1, 2],
                held: String::new(),
                is_healing: false,
                is_unchecked: false,
            }],
            workspace_waiting: 0,
            notices: Vec::new(),
        }
    }

    #[test]
    fn people_read_how_far_their_changes_got() {
        for (state, waiting, label, detail) in [
            (TeamState::InStep, 0, "Synced", "Saved here and on the relay. Seen by Ana and Ben."),
            (TeamState::Syncing, 2, "Syncing", "Connected to relay.example.com. 2 changes wait."),
            (
                TeamState::Offline,
                12,
                "Offline, 12 changes wait",
                "There is no connection to the relay. 12 changes wait here and will be sent once there is one.",
            ),
        ] {
            let found = standing(&team(state, waiting), Some(journey()));
            assert_eq!((found.label.as_str(), found.detail.as_str()), (label, detail));
        }
    }

    #[test]
    fn what_has_not_been_checked_is_not_said_to_be_synced() {
        let mut newcomer = team(TeamState::Syncing, 0);
        newcomer.journeys[0].is_unchecked = true;
        assert_eq!(standing(&newcomer, Some(journey())).label, "Checking");
        newcomer.state = TeamState::InStep;
        assert_eq!(standing(&newcomer, Some(journey())).label, "Checking");
    }

    #[test]
    fn an_admin_reads_who_asks_to_join_wherever_they_are() {
        let mut team = team(TeamState::InStep, 0);
        let ask = |request, person: &str| custory_ipc::JoinRequest {
            request,
            person: person.to_owned(),
            name: "Laptop".to_owned(),
            role: TeamRole::Editor,
            code: "7QF4".to_owned(),
        };
        team.requests = vec![ask(1, "Carl")];
        assert_eq!(asking(&team), None, "an editor cannot let anybody in");
        team.role = Some(TeamRole::Admin);
        assert_eq!(asking(&team).map(|it| it.label), Some("Carl asks to join".to_owned()));
        team.requests.push(ask(2, "Dora"));
        assert_eq!(asking(&team).map(|it| it.label), Some("2 ask to join".to_owned()));
        team.requests.clear();
        assert_eq!(asking(&team), None);
    }

    #[test]
    fn a_journey_that_is_not_shared_says_so() {
        let other = JourneyId::from_parts(1, 2);
        assert_eq!(standing(&team(TeamState::InStep, 0), Some(other)).label, "On this computer only");
    }

    #[test]
    fn nobody_is_said_to_have_seen_what_only_this_device_has() {
        let mut alone = team(TeamState::InStep, 0);
        alone.journeys[0].seen_by = vec![0];
        assert_eq!(standing(&alone, Some(journey())).detail, "Saved here and on the relay.");
    }
}
