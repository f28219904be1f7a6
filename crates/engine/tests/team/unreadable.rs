//! What whoever hosts the relay, or listens to a line, gets to read: nothing of what anybody wrote.

use std::fs::File;
use std::sync::Arc;

use custory_domain::*;
use custory_ipc::*;
use custory_testkit::relay::TestRelay;
use custory_testkit::tap::Tap;
use tracing_subscriber::EnvFilter;

use crate::{add_step, ask, dispatch, engine, files_in, has_step, in_step, make_journey, team, until};

/// What people wrote, and what their devices and workspace are called.
const CANARIES: [&str; 8] = [
    "Canary journey",
    "Canary step",
    "Canary quote",
    "Canary opportunity",
    "Canary remark",
    "Ana's laptop",
    "Ben's laptop",
    "My workspace",
];

fn canary_in(bytes: &[u8]) -> Option<&'static str> {
    CANARIES.into_iter().find(|it| bytes.windows(it.len()).any(|found| found == it.as_bytes()))
}

#[test]
fn p9_no_word_of_anybody_is_on_the_relays_disk_in_any_log_or_on_the_wire() {
    // Relay and engines run in here: the log is of all of them, with everything that can be logged.
    let logs = tempfile::tempdir().unwrap();
    let log = File::create(logs.path().join("log")).unwrap();
    tracing_subscriber::fmt()
        .with_env_filter(custory_engine::silenced(EnvFilter::new("trace")))
        .with_ansi(false)
        .with_writer(Arc::new(log))
        .init();

    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let tap = Tap::to(relay.socket());
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = make_journey(&ana, "Canary journey");
    let step = add_step(&ana, journey, 1, "Canary step one");
    let item = OpportunityId::from_parts(7, 1);
    let opportunity = Opportunity {
        title: "Canary opportunity".to_owned(),
        steps: [step].into(),
        ..Opportunity::new(item)
    };
    let label = "Canary remark".to_owned();
    dispatch(&ana, journey, Command::Batch { label, commands: vec![Command::add(opportunity)] });
    let insight = Insight {
        statement: "Canary quote".to_owned(),
        steps: [step].into(),
        ..Insight::new(InsightId::from_parts(7, 2))
    };
    dispatch(&ana, journey, Command::add(insight));

    ask(
        &ana,
        Request::Team(TeamRequest::CreateTeam {
            relay: tap.address(),
            token: None,
            device: "Ana's laptop".to_owned(),
        }),
    );
    in_step(&ana, "Ana's team is on the relay");
    let Reply::Invitation { link, .. } =
        ask(&ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
    else {
        panic!("no invitation")
    };
    ask(&ben, Request::Team(TeamRequest::JoinTeam { link: link.clone(), device: "Ben's laptop".to_owned() }));
    let request = until(&ana, "Ben asks", |it| team(it)?.requests.first().cloned());
    ask(&ana, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
    has_step(&ben, journey, "Canary step one");
    add_step(&ben, journey, 2, "Canary step two");
    has_step(&ana, journey, "Canary step two");
    let whereabouts = Whereabouts::Here(Place { step: Some(step), ..Place::default() });
    ask(&ben, Request::Present { journey, whereabouts });
    in_step(&ana, "at the end");
    drop((ana, ben));
    relay.kill();

    let heard = tap.heard();
    assert!(heard.len() > 5_000, "{} bytes were heard", heard.len());
    assert_eq!(canary_in(&heard), None, "on the wire");
    let secret = link.rsplit('/').next().unwrap();
    assert!(
        !heard.windows(secret.len()).any(|it| it == secret.as_bytes()),
        "the link's secret is on the wire"
    );
    let log = std::fs::read(logs.path().join("log")).unwrap();
    assert!(log.len() > 1_000, "{} bytes were logged", log.len());
    let lines = log.split(|it| *it == b'\n').map(String::from_utf8_lossy);
    let told: Vec<_> = lines.filter(|it| canary_in(it.as_bytes()).is_some()).collect();
    assert!(told.is_empty(), "in the log: {told:#?}");
    assert!(!log.windows(secret.len()).any(|it| it == secret.as_bytes()), "the link's secret is in the log");
    let files = files_in(relay.folder());
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(canary_in(&std::fs::read(&file).unwrap()), None, "in {}", file.display());
    }
    let ours = std::fs::read(a.path().join("custory.db")).unwrap();
    assert!(canary_in(&ours).is_some(), "the search would find it");
    tap.close();
}
