//! Workspaces that are not shown: kept in step from the start, counted at the switch, and taken off this computer.

use std::sync::atomic::{AtomicUsize, Ordering};

use custory_engine::take_off;
use custory_ipc::*;
use custory_testkit::relay::TestRelay;

use crate::workspaces::{begin_team, join, options, shows, titles, wish, workspaces};
use crate::{PATIENCE, ask, in_step, make_journey, until};

/// Waits until the list of workspaces is so.
fn until_listed(
    of: &custory_engine::Workspaces,
    what: &str,
    is_so: impl Fn(&[WorkspaceEntry]) -> bool,
) -> Vec<WorkspaceEntry> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut events = of.events();
    let look = std::time::Duration::from_millis(200);
    for _ in 0..PATIENCE.as_millis() / look.as_millis() {
        let list = wish(of, WorkspacesWish::List);
        if is_so(&list) {
            return list;
        }
        drop(runtime.block_on(async { tokio::time::timeout(look, events.next()).await }));
    }
    panic!("waited in vain: {what}; {:#?}", wish(of, WorkspacesWish::List))
}

fn refusal(of: &custory_engine::Workspaces, key: &str, typed: &str) -> Failure {
    let wish = WorkspacesWish::TakeOff { key: key.to_owned(), typed: typed.to_owned() };
    of.request_blocking(Request::Workspaces(wish)).unwrap_err()
}

#[test]
fn a_workspace_that_was_not_opened_in_this_run_syncs_and_says_what_is_new_in_it() {
    let (base, a) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = TestRelay::start();
    let (ana, link) = begin_team(&relay, a.path(), "Ana", "Ana's journey");
    let maya = workspaces(base.path());
    wish(&maya, WorkspacesWish::New { name: "With Ana".to_owned() });
    join(&maya, link, &ana);
    shows(&maya, &["Ana's journey"]);
    let key = wish(&maya, WorkspacesWish::List)[1].key.clone();
    wish(&maya, WorkspacesWish::Show { key: String::new() });
    drop(maya);

    // The program starts with the first one; what happens in the other is there without anybody opening it.
    make_journey(&ana, "Ana's second");
    in_step(&ana, "sent");
    let maya = workspaces(base.path());
    assert!(titles(&maya).is_empty(), "the first one is shown");
    let list = until_listed(&maya, "news of the other", |all| all[1].changed == 1);
    assert_eq!((list[0].changed, list[1].is_shown), (0, false));
    make_journey(&ana, "Ana's third");
    until_listed(&maya, "more news", |all| all[1].changed == 2);

    // It outlives a start, and is over once it has been looked at.
    drop(maya);
    let maya = workspaces(base.path());
    until_listed(&maya, "news are kept", |all| all[1].changed == 2);
    let list = wish(&maya, WorkspacesWish::Show { key });
    assert_eq!(list[1].changed, 0);
    assert_eq!(titles(&maya).len(), 3, "and its journeys are there at once");
}

#[test]
fn a_workspace_is_taken_off_with_nothing_left_behind_and_not_by_one_press_if_anything_would_be_gone() {
    let (base, a) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let (ana, link) = begin_team(&relay, a.path(), "Ana", "Ana's journey");
    let maya = workspaces(base.path());
    wish(&maya, WorkspacesWish::New { name: "With Ana".to_owned() });
    join(&maya, link, &ana);
    shows(&maya, &["Ana's journey"]);
    until(&ana, "Maya has all", |it| {
        in_step(it, "all is sent");
        let team = crate::team(it)?;
        team.journeys.iter().all(|it| !it.seen_by.is_empty()).then_some(())
    });
    let key = wish(&maya, WorkspacesWish::List)[1].key.clone();
    let folder = base.path().join("workspaces").join(&key);

    // What has not reached the relay is named, and goes only by the workspace's name.
    relay.kill();
    let ours = Request::CreateJourney { title: "Ours".to_owned(), from: Beginning::Blank };
    maya.request_blocking(ours).unwrap();
    let refused = refusal(&maya, &key, "");
    assert!(
        refused.message.contains("not reached the relay") && refused.message.contains("lost"),
        "{refused}"
    );
    assert_eq!(refusal(&maya, &key, "Without Ana").code, ErrorCode::Refused);
    assert!(titles(&maya).contains(&"Ours".to_owned()), "nothing has happened by then");
    relay.revive();
    until_listed(&maya, "all is on the relay", |all| all[1].waiting == 0);

    // Another program has it open.
    let beside = custory_engine::Engine::start(options(folder.clone())).unwrap();
    assert!(refusal(&maya, &key, "").message.contains("Another Custory program"));
    drop(beside);
    shows(&maya, &["Ana's journey", "Ours"]);

    let left = wish(&maya, WorkspacesWish::TakeOff { key: key.clone(), typed: String::new() });
    assert_eq!(left.len(), 1);
    assert!(left[0].is_shown && !folder.exists());
    assert_eq!(std::fs::read_dir(base.path().join("workspaces")).unwrap().count(), 0);
    assert!(titles(&maya).is_empty());
    until(&ana, "the team keeps what was shared", |it| {
        let Reply::Start { start } = ask(it, Request::Start) else { panic!("no start") };
        start.journeys.iter().any(|it| it.title == "Ours").then_some(())
    });
    drop(maya);
    assert_eq!(wish(&workspaces(base.path()), WorkspacesWish::List).len(), 1);
}

#[test]
fn the_first_workspace_goes_too_and_the_others_stay() {
    let base = tempfile::tempdir().unwrap();
    let maya = workspaces(base.path());
    let mine = Request::CreateJourney { title: "Mine alone".to_owned(), from: Beginning::Blank };
    maya.request_blocking(mine).unwrap();
    wish(&maya, WorkspacesWish::New { name: "Second".to_owned() });
    let refused = refusal(&maya, "", "");
    assert!(refused.message.contains("One journey is on this computer only"), "{refused}");
    let typed = "My workspace".to_owned();
    let left = wish(&maya, WorkspacesWish::TakeOff { key: String::new(), typed });
    assert_eq!(left.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Second"]);
    assert!(left[0].is_shown);
    assert!(!base.path().join("custory.db").exists());
    drop(maya);

    // On the command line it is the same; without any left one begins anew.
    assert!(take_off(base.path(), "Elsewhere", "", options).unwrap_err().message.contains("no workspace"));
    assert_eq!(take_off(base.path(), "second", "", options), Ok("Second".to_owned()));
    let maya = workspaces(base.path());
    assert_eq!(wish(&maya, WorkspacesWish::List).len(), 1);
    assert!(titles(&maya).is_empty());
}

#[test]
fn a_workspace_that_no_list_names_is_opened_once_to_be_taken_off() {
    let base = tempfile::tempdir().unwrap();
    drop(workspaces(base.path()));
    std::fs::remove_file(base.path().join("workspaces.json")).unwrap_or_default();
    let prepared = AtomicUsize::new(0);
    let counting = |folder| {
        prepared.fetch_add(1, Ordering::Relaxed);
        options(folder)
    };
    assert_eq!(take_off(base.path(), "My workspace", "", counting), Ok("My workspace".to_owned()));
    assert_eq!(prepared.into_inner(), 2, "once for its engine, once for its keys");
    assert!(!base.path().join("custory.db").exists());
}
