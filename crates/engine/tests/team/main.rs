//! The whole path of team sync: two real engines, a real relay, real sockets on loopback.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod news;
mod pictures;
mod side_by_side;
mod unreadable;
mod workspaces;

use std::path::Path;
use std::time::Duration;

use custory_domain::*;
use custory_engine::{Engine, Options, SystemClock, SystemEntropy, secrets};
use custory_ipc::*;
use custory_testkit::relay::TestRelay;
use custory_testkit::way::Way;

/// How long anything may take on a busy machine; what is waited for ends the wait at once.
const PATIENCE: Duration = Duration::from_secs(40);
/// How often to look when nothing is told.
const LOOK: Duration = Duration::from_millis(200);

fn engine(data_dir: &Path, person: &str) -> Engine {
    Engine::start(Options {
        data_dir: data_dir.to_owned(),
        clock: std::sync::Arc::new(SystemClock),
        entropy: Box::new(SystemEntropy),
        secrets: secrets::file(data_dir),
        person: person.to_owned(),
    })
    .unwrap()
}

fn ask(engine: &Engine, request: Request) -> Reply {
    engine.request_blocking(request).unwrap()
}

fn team(engine: &Engine) -> Option<Team> {
    match ask(engine, Request::Team(TeamRequest::Standing)) {
        Reply::Team { team } => team.map(|it| *it),
        other => panic!("{other:?}"),
    }
}

/// Waits for something to be so, woken by what the engine tells.
fn until<T>(engine: &Engine, what: &str, is_so: impl Fn(&Engine) -> Option<T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut events = engine.events();
    for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
        if let Some(so) = is_so(engine) {
            return so;
        }
        // Some things change without an event, such as a teammate's statement on its way.
        drop(runtime.block_on(async { tokio::time::timeout(LOOK, events.next()).await }));
    }
    panic!("waited in vain: {what}; {:#?}", team(engine))
}

fn in_step(engine: &Engine, what: &str) {
    until(engine, what, |it| {
        team(it).filter(|it| it.state == TeamState::InStep && it.journeys.iter().all(|it| it.waiting == 0))
    });
}

fn add_step(engine: &Engine, journey: JourneyId, number: u128, title: &str) -> StepId {
    let stage = board(engine, journey).stages_in_order()[0].id;
    let id = StepId::from_parts(7, number);
    let step = Step { title: title.to_owned(), stage: Some(stage), ..Step::new(id) };
    dispatch(engine, journey, Command::add(step));
    id
}

fn dispatch(engine: &Engine, journey: JourneyId, command: Command) {
    ask(engine, Request::Dispatch { journey, command, via: Via::User });
}

fn board(engine: &Engine, journey: JourneyId) -> Board {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { board, .. }) => board,
        _ => Board::default(),
    }
}

fn has_step(engine: &Engine, journey: JourneyId, title: &str) {
    until(engine, title, |it| board(it, journey).steps.values().any(|it| it.title == title).then_some(()));
}

fn make_journey(engine: &Engine, title: &str) -> JourneyId {
    let title = title.to_owned();
    match ask(engine, Request::CreateJourney { title, from: Beginning::Blank }) {
        Reply::Made { journey, .. } => journey,
        other => panic!("{other:?}"),
    }
}

/// Ana's team with one journey, and Ben in it by a link.
fn ana_and_ben(relay: &TestRelay, ana: &Engine, ben: &Engine) -> JourneyId {
    let journey = make_journey(ana, "Canary journey");
    add_step(ana, journey, 1, "Canary step one");
    let (address, device) = (relay.address(), "Ana's laptop".to_owned());
    ask(ana, Request::Team(TeamRequest::CreateTeam { relay: address, token: None, device }));
    in_step(ana, "Ana's team is on the relay");
    let Reply::Invitation { link, .. } =
        ask(ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
    else {
        panic!("no invitation")
    };
    assert!(link.starts_with("custory://join/127.0.0.1:"), "{link}");
    ask(ben, Request::Team(TeamRequest::JoinTeam { link, device: "Ben's laptop".to_owned() }));
    let request = until(ana, "Ben asks", |it| team(it)?.requests.first().cloned());
    assert_eq!((request.person.as_str(), request.name.as_str()), ("Ben", "Ben's laptop"));
    until(ben, "Ben waits", |it| team(it).filter(|it| it.state == TeamState::Waiting));
    ask(ana, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
    in_step(ben, "Ben is in");
    journey
}

#[test]
fn an_edit_here_is_seen_there_and_both_work_offline_on_one_step() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    has_step(&ben, journey, "Canary step one");

    // Both directions.
    let step = add_step(&ben, journey, 2, "Canary step two");
    has_step(&ana, journey, "Canary step two");

    // The relay is gone; both change the same step.
    relay.kill();
    let rename = |engine: &Engine, title: &str| {
        let set = StepField::Title(title.to_owned());
        dispatch(engine, journey, Command::set(Change::Step { id: step, set }));
    };
    rename(&ana, "Canary by Ana");
    rename(&ben, "Canary by Ben");
    add_step(&ana, journey, 3, "Canary from Ana offline");
    add_step(&ben, journey, 4, "Canary from Ben offline");
    let waiting = |it: &Engine| team(it).unwrap().journeys[0].waiting;
    until(&ana, "two wait", |it| (waiting(it) == 2).then_some(()));
    until(&ben, "two wait", |it| (waiting(it) == 2).then_some(()));
    relay.revive();
    for it in [&ana, &ben] {
        ask(it, Request::Team(TeamRequest::SyncNow));
    }
    has_step(&ana, journey, "Canary from Ben offline");
    has_step(&ben, journey, "Canary from Ana offline");
    in_step(&ana, "Ana again");
    in_step(&ben, "Ben again");
    assert_eq!(board(&ana, journey), board(&ben, journey));

    // Who has seen it, by their own signature.
    let number = team(&ben).unwrap().devices.iter().find(|it| it.is_me).unwrap().device;
    until(&ana, "seen by Ben", |it| team(it)?.journeys[0].seen_by.contains(&number).then_some(()));
    // Both people are in the workspace.
    let members = |it: &Engine| match ask(it, Request::Start) {
        Reply::Start { start } => {
            start.workspace.members.values().map(|it| it.name.clone()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    until(&ana, "Ben is a member", |it| members(it).contains(&"Ben".to_owned()).then_some(()));
    assert!(members(&ben).contains(&"Ana".to_owned()));
}

#[test]
fn a_wiped_relay_is_filled_again_and_nothing_is_lost() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    in_step(&ana, "before");
    relay.kill();
    add_step(&ben, journey, 5, "Written while it was gone");
    relay.wipe();
    for it in [&ana, &ben] {
        ask(it, Request::Team(TeamRequest::SyncNow));
    }
    has_step(&ana, journey, "Written while it was gone");
    add_step(&ana, journey, 6, "And on it goes");
    has_step(&ben, journey, "And on it goes");
    in_step(&ana, "after");
    in_step(&ben, "after");
    assert_eq!(board(&ana, journey), board(&ben, journey));
    assert_eq!(team(&ana).unwrap().devices.len(), 2);
}

#[test]
fn a_removed_device_keeps_what_it_had_and_reads_nothing_new() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    let gone = team(&ben).unwrap().devices.iter().find(|it| it.is_me).unwrap().device;
    let not_allowed =
        ben.request_blocking(Request::Team(TeamRequest::Invite { role: TeamRole::Admin, uses: 1 }));
    assert_eq!(not_allowed.unwrap_err().code, ErrorCode::Refused);
    ask(&ana, Request::Team(TeamRequest::RemoveDevices { devices: vec![gone] }));
    until(&ben, "removed", |it| team(it).filter(|it| it.state == TeamState::Removed));
    add_step(&ana, journey, 8, "Only for those who stay");
    in_step(&ana, "after the removal");
    assert!(board(&ben, journey).steps.values().any(|it| it.title == "Canary step one"));
    assert!(!board(&ben, journey).steps.values().any(|it| it.title == "Only for those who stay"));
    assert_eq!(team(&ana).unwrap().devices.iter().filter(|it| it.role.is_some()).count(), 1);
    ask(&ben, Request::Team(TeamRequest::LeaveTeam));
    assert_eq!(team(&ben), None);
}

#[test]
fn edits_survive_a_restart_before_they_were_sent_and_a_recovery_file_lets_a_new_device_in() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let ana = engine(a.path(), "Ana");
    let journey = make_journey(&ana, "Mine");
    let (address, device) = (relay.address(), "Ana's laptop".to_owned());
    ask(&ana, Request::Team(TeamRequest::CreateTeam { relay: address, token: None, device }));
    in_step(&ana, "begun");
    let short =
        ana.request_blocking(Request::Team(TeamRequest::MakeRecovery { passphrase: "short".to_owned() }));
    assert!(short.is_err());
    let passphrase = "a long passphrase".to_owned();
    let made = ask(&ana, Request::Team(TeamRequest::MakeRecovery { passphrase: passphrase.clone() }));
    let Reply::Recovery { file, .. } = made else { panic!("{made:?}") };
    relay.kill();
    add_step(&ana, journey, 1, "Not sent yet");
    drop(ana);
    relay.revive();
    let ana = engine(a.path(), "Ana");
    in_step(&ana, "after the restart");
    drop(ana);

    let new = engine(b.path(), "Ana");
    let device = "New laptop".to_owned();
    let wrong = Request::Team(TeamRequest::RecoverTeam {
        file: file.clone(),
        passphrase: "x".to_owned(),
        device: device.clone(),
    });
    assert!(new.request_blocking(wrong).is_err());
    ask(&new, Request::Team(TeamRequest::RecoverTeam { file, passphrase, device }));
    has_step(&new, journey, "Not sent yet");
    assert_eq!(team(&new).unwrap().role, Some(TeamRole::Admin));
}

/// A small history that is still longer than the tail after which a snapshot is made.
fn edit_for_long(engine: &Engine, journey: JourneyId, step: StepId) {
    for number in 0..260 {
        let set = StepField::Title(format!("Canary title number {number}"));
        dispatch(engine, journey, Command::set(Change::Step { id: step, set }));
    }
}

#[test]
fn a_newcomer_reads_one_saved_state_in_place_of_a_long_history_which_the_relay_then_gives_up() {
    let (a, b, c) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = TestRelay::start();
    let (ana, ben, carl) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"), engine(c.path(), "Carl"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    let step = add_step(&ana, journey, 2, "Canary step two");
    edit_for_long(&ana, journey, step);
    in_step(&ana, "all is on the relay");
    let once = until(&ana, "one is confirmed", |_| Some(relay.kept()).filter(|it| it.snapshots == 1));
    assert!(once.record_bytes > 80_000, "nothing is given up after the first: {once:?}");
    add_step(&ana, journey, 3, "Canary after it was saved");
    in_step(&ana, "a tail");

    let way = Way::to(relay.socket());
    let Reply::Invitation { link, .. } =
        ask(&ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
    else {
        panic!("no invitation")
    };
    let link = link.replace(&relay.address(), &way.address());
    ask(&carl, Request::Team(TeamRequest::JoinTeam { link, device: "Carl's laptop".to_owned() }));
    let request = until(&ana, "Carl asks", |it| team(it)?.requests.first().cloned());
    ask(&ana, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
    has_step(&carl, journey, "Canary after it was saved");
    in_step(&carl, "Carl is in");
    assert_eq!(board(&carl, journey), board(&ana, journey));
    let (sent, records) = (way.bytes_sent(), once.record_bytes);
    println!("{sent} bytes to the newcomer, {records} of records, {} of snapshots", once.snapshot_bytes);
    assert!(sent * 3 < records, "{sent} bytes were sent in place of {records}");

    // Another one is confirmed, by now with three: what the first stands for is given up. Two devices whose turn it is
    // at once make one each, and both may be confirmed.
    edit_for_long(&carl, journey, step);
    in_step(&carl, "all is on the relay again");
    let twice = until(&ana, "two are confirmed", |_| Some(relay.kept()).filter(|it| it.snapshots >= 2));
    let more = twice.record_bytes.saturating_sub(once.record_bytes);
    assert!(twice.record_bytes < once.record_bytes + 60_000, "{once:?} {twice:?} {more}");
    add_step(&ben, journey, 4, "Canary by Ben");
    for it in [&ana, &ben, &carl] {
        has_step(it, journey, "Canary by Ben");
        in_step(it, "at the end");
        assert!(team(it).unwrap().notices.is_empty(), "{:?}", team(it).unwrap().notices);
    }
    assert_eq!(board(&carl, journey), board(&ana, journey));
    assert_eq!(board(&ben, journey), board(&ana, journey));
    way.close();
}

#[test]
fn a_team_whose_key_is_gone_is_still_one_and_can_be_left_and_joined_anew() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    drop(ben);
    std::fs::remove_file(b.path().join("team-keys")).unwrap();

    let ben = engine(b.path(), "Ben");
    let locked = team(&ben).unwrap();
    assert_eq!((locked.state, locked.relay.as_str()), (TeamState::Locked, relay.address().as_str()));
    assert!(locked.problem.contains("Leave the team here and join it anew"), "{}", locked.problem);
    let create = Request::Team(TeamRequest::CreateTeam {
        relay: relay.address(),
        token: None,
        device: "Laptop".to_owned(),
    });
    assert_eq!(ben.request_blocking(create).unwrap_err().code, ErrorCode::Refused);
    add_step(&ben, journey, 9, "Written without a key");
    ask(&ben, Request::Team(TeamRequest::LeaveTeam));
    assert_eq!(team(&ben), None);

    let Reply::Invitation { link, .. } =
        ask(&ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
    else {
        panic!("no invitation")
    };
    // What it is called is left to the machine.
    ask(&ben, Request::Team(TeamRequest::JoinTeam { link, device: " ".to_owned() }));
    let request = until(&ana, "Ben asks", |it| team(it)?.requests.first().cloned());
    assert!(!request.name.trim().is_empty() && !request.name.contains('.'), "{request:?}");
    ask(&ana, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
    in_step(&ben, "Ben is back");
    has_step(&ana, journey, "Written without a key");
}

#[test]
fn a_broken_link_is_named_and_there_is_one_team_at_a_time() {
    let a = tempfile::tempdir().unwrap();
    let ana = engine(a.path(), "Ana");
    let join = |link: &str| {
        ana.request_blocking(Request::Team(TeamRequest::JoinTeam {
            link: link.to_owned(),
            device: String::new(),
        }))
    };
    for link in ["", "https://example.org", "custory://join/relay.example.org/abc"] {
        assert_eq!(join(link).unwrap_err().code, ErrorCode::BadInput, "{link}");
    }
    let create = |relay: &str| {
        Request::Team(TeamRequest::CreateTeam {
            relay: relay.to_owned(),
            token: None,
            device: "Laptop".to_owned(),
        })
    };
    ask(&ana, create("127.0.0.1:1"));
    let offline = until(&ana, "it says what is wrong", |it| team(it).filter(|it| !it.problem.is_empty()));
    assert_eq!((offline.state, offline.is_new), (TeamState::Offline, true));
    assert!(offline.problem.contains("nothing answers there"), "{}", offline.problem);
    make_journey(&ana, "Work goes on");

    // No relay has taken that one, so another try takes its place; one that a relay has taken stays.
    assert_eq!(ana.request_blocking(create("a b")).unwrap_err().code, ErrorCode::BadInput);
    let relay = TestRelay::start();
    ask(&ana, create(&relay.address()));
    in_step(&ana, "the second try");
    assert!(!team(&ana).unwrap().is_new);
    assert_eq!(ana.request_blocking(create("127.0.0.1:1")).unwrap_err().code, ErrorCode::Refused);
    drop(ana);
    drop(relay);
    let ana = engine(a.path(), "Ana");
    assert!(!team(&ana).unwrap().is_new, "nor is it new when it cannot be reached later");
}

fn files_in(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files
}
