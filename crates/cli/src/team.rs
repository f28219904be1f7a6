//! `custory team` and `custory sync`: what people do about their team, on the command line.

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, bail};
use custory_engine::Engine;
use custory_ipc::{Event, Reply, Request, Team, TeamRequest, TeamRole, TeamState};

use crate::arguments::{RoleName, SyncWish, TeamVerb, TeamWish};
use crate::journey;
use crate::output::line;
use crate::team_text::{status, team_page};

/// How long to wait for the relay before saying that it cannot be reached.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often to look again when nothing is told.
const LOOK: Duration = Duration::from_millis(300);

pub(crate) fn team(engine: &Engine, wish: TeamWish) -> anyhow::Result<()> {
    let Some(verb) = wish.verb else { return show(engine, wish.json) };
    match verb {
        TeamVerb::Members => show(engine, wish.json),
        TeamVerb::Create { relay, token, device } => {
            ask(
                engine,
                Request::Team(TeamRequest::CreateTeam { relay, token, device: device.unwrap_or_default() }),
            )?;
            let team = wait(engine, PATIENCE, |it| it.state == TeamState::InStep)?;
            line(&format!("The team is on {}. Invite somebody with `custory team invite`.", team.relay))
        }
        TeamVerb::Join { link, device } => {
            ask(engine, Request::Team(TeamRequest::JoinTeam { link, device: device.unwrap_or_default() }))?;
            wait(engine, PATIENCE, is_settled)?;
            line("Asked to join. Once an admin has agreed, `custory sync` brings the team's journeys.")
        }
        TeamVerb::Recover { file, device } => {
            let passphrase = passphrase()?;
            let bytes =
                std::fs::read_to_string(&file).with_context(|| format!("Cannot read {}.", file.display()))?;
            ask(
                engine,
                Request::Team(TeamRequest::RecoverTeam {
                    file: bytes,
                    passphrase,
                    device: device.unwrap_or_default(),
                }),
            )?;
            wait(engine, PATIENCE, |it| it.state == TeamState::InStep)?;
            line("This device is in the team.")
        }
        TeamVerb::Leave => {
            ask(engine, Request::Team(TeamRequest::LeaveTeam))?;
            line("Left. Everything that was here is still here.")
        }
        TeamVerb::Share { journey } => {
            let journey = journey::find(engine, &journey)?.id;
            ask(engine, Request::Team(TeamRequest::ShareJourney { journey }))?;
            wait(engine, PATIENCE, is_settled)?;
            line("Shared.")
        }
        TeamVerb::Recovery { file } => recovery(engine, &file),
        verb => act(engine, verb),
    }
}

/// What needs a connection: waits for it first.
fn act(engine: &Engine, verb: TeamVerb) -> anyhow::Result<()> {
    wait(engine, PATIENCE, |it| matches!(it.state, TeamState::InStep | TeamState::Syncing))?;
    let (request, done) = match verb {
        TeamVerb::Invite { role, uses } => {
            let reply = ask(engine, Request::Team(TeamRequest::Invite { role: role_of(role), uses }))?;
            let Reply::Invitation { link, .. } = reply else { bail!("the engine answered something else") };
            eprintln!("Whoever has this link can ask to join; you decide with `custory team approve`.");
            return line(&link);
        }
        TeamVerb::Revoke { invite } => {
            (Request::Team(TeamRequest::RevokeInvite { invite }), "The invitation is void.")
        }
        TeamVerb::Approve { request } => (Request::Team(TeamRequest::ApproveJoin { request }), "Let in."),
        TeamVerb::Decline { request } => {
            (Request::Team(TeamRequest::DeclineJoin { request }), "Turned down.")
        }
        TeamVerb::Remove { devices } => (
            Request::Team(TeamRequest::RemoveDevices { devices }),
            "Removed. What is written from now on has a new key.",
        ),
        TeamVerb::Quarantine { change: (device, number), journey } => {
            let journey = journey.map(|it| journey::find(engine, &it)).transpose()?.map(|it| it.id);
            let done = "Taken out. Everybody leaves that change out, and the journey goes on.";
            (Request::Team(TeamRequest::Quarantine { journey, device, number }), done)
        }
        TeamVerb::Role { device, role } => {
            (Request::Team(TeamRequest::SetTeamRole { device, role: role_of(role) }), "Changed.")
        }
        TeamVerb::Create { .. }
        | TeamVerb::Join { .. }
        | TeamVerb::Members
        | TeamVerb::Share { .. }
        | TeamVerb::Recovery { .. }
        | TeamVerb::Recover { .. }
        | TeamVerb::Leave => return Ok(()),
    };
    ask(engine, request)?;
    line(done)
}

fn recovery(engine: &Engine, path: &Path) -> anyhow::Result<()> {
    let passphrase = passphrase()?;
    wait(engine, PATIENCE, |it| matches!(it.state, TeamState::InStep | TeamState::Syncing))?;
    let Reply::Recovery { file, .. } = ask(engine, Request::Team(TeamRequest::MakeRecovery { passphrase }))?
    else {
        bail!("the engine answered something else")
    };
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("Cannot make {}.", path.display()))?;
    out.write_all(file.as_bytes())?;
    out.write_all(b"\n")?;
    out.sync_all()?;
    line("Keep the file and the passphrase apart. Whoever has both is an admin of the team.")
}

pub(crate) fn sync(engine: &Engine, wish: &SyncWish) -> anyhow::Result<()> {
    let print = |team: &Team| match wish.json {
        true => line(&serde_json::to_string_pretty(team)?),
        false => line(&status(team, &titles(engine)?)),
    };
    if wish.status {
        // The connection may take a moment; without one, what is known without it is said.
        let team = wait(engine, Duration::from_secs(3), is_settled).or_else(|_| now(engine))?;
        return print(&team);
    }
    ask(engine, Request::Team(TeamRequest::SyncNow))?;
    let team = wait(engine, Duration::from_secs(wish.wait_secs), is_settled)?;
    print(&team)?;
    if !wish.follow {
        return Ok(());
    }
    let mut events = engine.events();
    while let Some(event) = events.next_blocking() {
        if let Event::Team { team: Some(team) } = event
            && team.state == TeamState::Removed
        {
            bail!("{}", team.problem);
        }
    }
    Ok(())
}

/// Nothing more to send or to read for now.
fn is_settled(team: &Team) -> bool {
    team.state == TeamState::Waiting && team.is_connected
        || team.state == TeamState::InStep
            && team.workspace_waiting == 0
            && team.journeys.iter().all(|it| it.waiting == 0 && it.unread == 0 || !it.held.is_empty())
}

fn show(engine: &Engine, json: bool) -> anyhow::Result<()> {
    // What the relay knows newer than this device is worth a moment.
    let team = wait(engine, Duration::from_secs(3), is_settled).or_else(|_| now(engine))?;
    if json { line(&serde_json::to_string_pretty(&team)?) } else { line(&team_page(&team)) }
}

fn now(engine: &Engine) -> anyhow::Result<Team> {
    match ask(engine, Request::Team(TeamRequest::Standing))? {
        Reply::Team { team: Some(team) } => Ok(*team),
        _ => bail!("There is no team yet. Make one with `custory team create`, or `custory team join` one."),
    }
}

/// Waits until the team is so, or says why it does not come to be.
fn wait(engine: &Engine, patience: Duration, is_so: impl Fn(&Team) -> bool) -> anyhow::Result<Team> {
    let (told, heard) = mpsc::channel();
    let mut events = engine.events();
    std::thread::spawn(move || {
        while let Some(event) = events.next_blocking() {
            if matches!(event, Event::Team { .. } | Event::Missed) && told.send(()).is_err() {
                return;
            }
        }
    });
    let mut left = patience;
    loop {
        let team = now(engine)?;
        if is_so(&team) {
            return Ok(team);
        }
        // A team that no relay has taken yet waits for nothing but a better address or token.
        let is_in_vain = team.is_new && !team.problem.is_empty();
        if matches!(team.state, TeamState::Removed | TeamState::Locked) || is_in_vain {
            bail!("{}", team.problem);
        }
        if left.is_zero() {
            match team.problem.as_str() {
                "" => bail!("The relay {} has not answered in time. Try again.", team.relay),
                problem => bail!("{problem}"),
            }
        }
        // Told something or not: look again.
        if heard.recv_timeout(LOOK).is_err() {
            left = left.saturating_sub(LOOK);
        }
    }
}

fn titles(engine: &Engine) -> anyhow::Result<Vec<(custory_domain::JourneyId, String)>> {
    match ask(engine, Request::Start)? {
        Reply::Start { start } => Ok(start.journeys.into_iter().map(|it| (it.id, it.title)).collect()),
        _ => bail!("the engine answered something else"),
    }
}

fn ask(engine: &Engine, request: Request) -> anyhow::Result<Reply> {
    Ok(engine.request_blocking(request)?)
}

fn role_of(role: RoleName) -> TeamRole {
    match role {
        RoleName::Viewer => TeamRole::Viewer,
        RoleName::Editor => TeamRole::Editor,
        RoleName::Admin => TeamRole::Admin,
    }
}

fn passphrase() -> anyhow::Result<String> {
    eprint!("Passphrase: ");
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text)?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}
