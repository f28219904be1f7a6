//! The team and the state of sync as text.

use std::fmt::Write;

use custory_domain::JourneyId;
use custory_ipc::{KeyPlace, Team, TeamRole, TeamState};

fn role(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Viewer => "viewer",
        TeamRole::Editor => "editor",
        TeamRole::Admin => "admin",
    }
}

fn state(state: TeamState) -> &'static str {
    match state {
        TeamState::Offline => "offline; changes wait here",
        TeamState::Waiting => "waiting for an admin to agree",
        TeamState::Syncing => "connected, exchanging changes",
        TeamState::InStep => "connected, everything is sent and read",
        TeamState::Removed => "removed from the team",
        TeamState::Locked => "the key cannot be used; changes wait here",
    }
}

/// People and devices, invitations and requests.
pub(crate) fn team_page(team: &Team) -> String {
    let mut text = format!("Team on {}: {}\n", team.relay, state(team.state));
    if !team.problem.is_empty() {
        writeln!(text, "{}", team.problem).ok();
    }
    if team.key_place == KeyPlace::File {
        text.push_str("This device's key is in a file in the data folder, as CUSTORY_KEYS chooses.\n");
    }
    if team.key_place == KeyPlace::Sealed {
        text.push_str(
            "This device's key is in a sealed file in the data folder: there is no keychain here.\n",
        );
    }
    text.push_str("\nDevices\n");
    for it in &team.devices {
        let me = if it.is_me { " (this one)" } else { "" };
        let may = it.role.map_or("removed", role);
        writeln!(text, "{:>5}  {}, {}{me}: {may}  [{}]", it.device, it.person, it.name, it.code).ok();
    }
    if !team.requests.is_empty() {
        text.push_str("\nAsking to join (`custory team approve NUMBER`)\n");
        for it in &team.requests {
            let who = if it.person.is_empty() { "somebody" } else { &it.person };
            writeln!(text, "{:>5}  {who}, {}: {}  [{}]", it.request, it.name, role(it.role), it.code).ok();
        }
    }
    if !team.invites.is_empty() {
        text.push_str("\nOpen invitations\n");
        for it in &team.invites {
            writeln!(text, "{:>5}  {}, for {} more", it.invite, role(it.role), it.uses_left).ok();
        }
    }
    for notice in &team.notices {
        writeln!(text, "\n{notice}").ok();
    }
    text
}

/// How far each journey is shared.
pub(crate) fn status(team: &Team, titles: &[(JourneyId, String)]) -> String {
    let mut text = format!("{}\n", state(team.state));
    if !team.problem.is_empty() {
        writeln!(text, "{}", team.problem).ok();
    }
    let name = |device: &u32| {
        team.devices.iter().find(|it| it.device == *device).map_or("somebody", |it| it.person.as_str())
    };
    for it in &team.journeys {
        let title = titles.iter().find(|(id, _)| *id == it.journey).map_or("(not read yet)", |(_, it)| it);
        let place = match it.waiting {
            0 => "on the relay".to_owned(),
            1 => "one change only here".to_owned(),
            count => format!("{count} changes only here"),
        };
        write!(text, "{title}: {place}").ok();
        if it.unread > 0 {
            write!(text, ", {} to read", it.unread).ok();
        }
        let seen: Vec<&str> = it.seen_by.iter().map(name).collect();
        if !seen.is_empty() {
            write!(text, ", seen by {}", seen.join(" and ")).ok();
        }
        if !it.held.is_empty() {
            write!(text, ". {}", it.held).ok();
        }
        text.push('\n');
    }
    text
}
