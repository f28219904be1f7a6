//! One person in a workspace of their own and in two teams on different relays, on one computer.

use std::path::{Path, PathBuf};

use custory_domain::{Change, Command, WorkspaceField};
use custory_engine::{Options, SystemClock, SystemEntropy, Workspaces, find_workspace, secrets};
use custory_ipc::*;
use custory_testkit::relay::TestRelay;

use crate::{PATIENCE, ask, engine, in_step, make_journey, team, until};

pub fn options(data_dir: PathBuf) -> Options {
    Options {
        secrets: secrets::file(&data_dir),
        data_dir,
        clock: std::sync::Arc::new(SystemClock),
        entropy: Box::new(SystemEntropy),
        person: "Maya".to_owned(),
    }
}

pub fn workspaces(base: &Path) -> Workspaces {
    Workspaces::start(base.to_owned(), options).unwrap()
}

pub fn wish(of: &Workspaces, wish: WorkspacesWish) -> Vec<WorkspaceEntry> {
    match of.request_blocking(Request::Workspaces(wish)).unwrap() {
        Reply::Workspaces { workspaces } => workspaces,
        other => panic!("{other:?}"),
    }
}

pub fn titles(of: &Workspaces) -> Vec<String> {
    match of.request_blocking(Request::Start).unwrap() {
        Reply::Start { start } => start.journeys.into_iter().map(|it| it.title).collect(),
        other => panic!("{other:?}"),
    }
}

/// Waits until the workspace that is shown has these journeys.
pub fn shows(of: &Workspaces, wanted: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut events = of.events();
    let look = std::time::Duration::from_millis(200);
    for _ in 0..PATIENCE.as_millis() / look.as_millis() {
        if titles(of) == wanted {
            return;
        }
        drop(runtime.block_on(async { tokio::time::timeout(look, events.next()).await }));
    }
    panic!("waited in vain for {wanted:?}, there is {:?}", titles(of));
}

/// A team with one journey; answers an invitation to it.
pub fn begin_team(
    relay: &TestRelay,
    folder: &Path,
    person: &str,
    title: &str,
) -> (custory_engine::Engine, String) {
    let admin = engine(folder, person);
    make_journey(&admin, title);
    ask(
        &admin,
        Request::Team(TeamRequest::CreateTeam {
            relay: relay.address(),
            token: None,
            device: "Laptop".to_owned(),
        }),
    );
    in_step(&admin, "the team is on its relay");
    match ask(&admin, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 })) {
        Reply::Invitation { link, .. } => (admin, link),
        other => panic!("{other:?}"),
    }
}

pub fn join(of: &Workspaces, link: String, admin: &custory_engine::Engine) {
    of.request_blocking(Request::Team(TeamRequest::JoinTeam { link, device: "Maya's laptop".to_owned() }))
        .unwrap();
    let request = until(admin, "she asks", |it| team(it)?.requests.first().cloned());
    ask(admin, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
}

#[test]
fn one_person_works_alone_and_in_two_teams_on_different_relays_and_switching_loses_nothing() {
    let (base, a, b) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, other) = (TestRelay::start(), TestRelay::start());
    let (ana, to_ana) = begin_team(&one, a.path(), "Ana", "Ana's journey");
    let (ben, to_ben) = begin_team(&other, b.path(), "Ben", "Ben's journey");

    let maya = workspaces(base.path());
    let mine = Request::CreateJourney { title: "Mine alone".to_owned(), from: Beginning::Blank };
    maya.request_blocking(mine).unwrap();
    assert_eq!(wish(&maya, WorkspacesWish::List).len(), 1);

    // Two more, each with a team on a relay of its own.
    let name = |it: &str| WorkspacesWish::New { name: it.to_owned() };
    wish(&maya, name("With Ana"));
    assert!(titles(&maya).is_empty(), "a new one is empty");
    join(&maya, to_ana, &ana);
    shows(&maya, &["Ana's journey"]);
    wish(&maya, name("With Ben"));
    join(&maya, to_ben, &ben);
    shows(&maya, &["Ben's journey"]);

    // Back and forth: each has its own, and nothing of another.
    let all = wish(&maya, WorkspacesWish::List);
    assert_eq!(all.len(), 3);
    assert_eq!(
        all.iter().map(|it| it.relay.as_str()).collect::<Vec<_>>(),
        ["", &one.address(), &other.address()]
    );
    let show = |it: &WorkspaceEntry| WorkspacesWish::Show { key: it.key.clone() };
    wish(&maya, show(&all[0]));
    assert_eq!(titles(&maya), ["Mine alone"]);

    // What happens in a workspace that is not shown is there when it is: its engine goes on.
    make_journey(&ana, "Ana's second");
    in_step(&ana, "sent");
    wish(&maya, show(&all[1]));
    shows(&maya, &["Ana's journey", "Ana's second"]);
    let ours = Request::CreateJourney { title: "From Maya".to_owned(), from: Beginning::Blank };
    maya.request_blocking(ours).unwrap();
    until(&ana, "Maya's journey", |it| {
        let Reply::Start { start } = ask(it, Request::Start) else { return None };
        start.journeys.iter().any(|it| it.title == "From Maya").then_some(())
    });

    // The program ends and starts again with the one that was shown; no relay has seen another's team.
    drop(maya);
    let maya = workspaces(base.path());
    assert_eq!(titles(&maya).len(), 3);
    let again = wish(&maya, WorkspacesWish::List);
    assert_eq!(
        again.iter().map(|it| (&it.key, it.is_shown)).collect::<Vec<_>>(),
        [(&all[0].key, false), (&all[1].key, true), (&all[2].key, false)]
    );
    wish(&maya, show(&all[2]));
    shows(&maya, &["Ben's journey"]);
    assert!(
        maya.request_blocking(Request::Workspaces(WorkspacesWish::Show { key: "../x".to_owned() })).is_err()
    );

    // The command line finds each by its name.
    let folder = |name: &str| find_workspace(base.path(), name);
    assert_eq!(folder(&all[2].key).unwrap(), base.path().join("workspaces").join(&all[2].key));
    // Teams bring their own names; nobody has given these any.
    assert!(folder("My workspace").unwrap_err().contains(&all[1].key));
    let called = |name: &str| {
        let Reply::Start { start } = maya.request_blocking(Request::Start).unwrap() else {
            panic!("no start")
        };
        let id = start.workspace.workspace().unwrap().id;
        let set = WorkspaceField::Name(name.to_owned());
        let command = Command::set(Change::Workspace { id, set });
        maya.request_blocking(Request::DispatchWorkspace { command }).unwrap();
        wish(&maya, WorkspacesWish::List);
    };
    called("Ben & Maya");
    assert_eq!(folder("ben & maya").unwrap(), base.path().join("workspaces").join(&all[2].key));
    assert!(find_workspace(base.path(), "Nowhere").unwrap_err().contains("There is no workspace"));
}
