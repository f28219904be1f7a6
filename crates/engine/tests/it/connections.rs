//! The loop over real store, engine and stand-ins: numbers in, issues out, states back.

use std::collections::BTreeMap;

use crate::shared::{board, dispatch, engine, journey, seeded};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::vendors::{Fault, LINEAR_APP, LINEAR_KEY, Linear, POSTHOG_KEY, PostHog};
use serde_json::json;

const METRIC: MetricId = MetricId::from_parts(2, 1);
const OPPORTUNITY: OpportunityId = OpportunityId::from_parts(2, 2);

fn connect(engine: &Engine, vendor: &str, key: &str, address: String) -> Result<ConnectionView, Failure> {
    let request = Request::Connectors(ConnectorsRequest::Connect {
        vendor: vendor.to_owned(),
        key: Hidden(key.to_owned()),
        settings: BTreeMap::new(),
        base_url: Some(address),
    });
    match engine.request_blocking(request)? {
        Reply::Connectors { connectors } => {
            let found = connectors.into_iter().find(|it| it.vendor == vendor).expect("it is listed");
            Ok(found.connection.expect("it is connected"))
        }
        other => panic!("{other:?}"),
    }
}

fn pull(engine: &Engine) -> Vec<Pulled> {
    match engine.request_blocking(Request::Connectors(ConnectorsRequest::Pull { vendor: None })) {
        Ok(Reply::Pulled { pulled }) => pulled,
        other => panic!("{other:?}"),
    }
}

fn bound(engine: &Engine, journey: JourneyId, project: &str) {
    let counted = Counted::Funnel { events: vec!["signed_up".to_owned(), "invited_crew".to_owned()] };
    let source = MetricSource { provider: "posthog".to_owned(), project: project.to_owned(), counted };
    let metric = Metric {
        name: "Crew invited".to_owned(),
        formula: MetricFormula::Rate,
        window_days: 7,
        source: Some(source),
        steps: [StepId::from_parts(1, 1)].into(),
        ..Metric::new(METRIC)
    };
    dispatch(engine, journey, Command::add(metric));
}

fn opportunity(engine: &Engine, journey: JourneyId) {
    let opportunity = Opportunity {
        title: "Crew invitations get lost".to_owned(),
        steps: [StepId::from_parts(1, 1)].into(),
        ..Opportunity::new(OPPORTUNITY)
    };
    dispatch(engine, journey, Command::add(opportunity));
}

fn send(engine: &Engine, journey: JourneyId) -> Result<Reply, Failure> {
    let (vendor, team) = ("linear".to_owned(), Linear::TEAM.to_owned());
    let entity = OPPORTUNITY.into();
    engine.request_blocking(Request::Connectors(ConnectorsRequest::SendToTracker {
        journey,
        entity,
        vendor,
        team,
        issue: None,
    }))
}

/// Two closed weeks before the tests' own time, 24 November 2025.
fn busy() -> PostHog {
    let posthog = PostHog::start();
    for (monday, people) in [("2025-11-03", 400), ("2025-11-10", 200)] {
        posthog.set(monday, "signed_up", people, people);
        posthog.set(monday, "invited_crew", people / 4, people);
    }
    posthog
}

#[test]
fn a_bound_metric_gets_its_weeks_and_reading_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    let posthog = busy();
    let connection = connect(&engine, "posthog", POSTHOG_KEY, posthog.address()).unwrap();
    assert_eq!((connection.account.as_str(), connection.account_name.as_str()), ("4711", "Acme Onboarding"));
    bound(&engine, journey, &connection.account);

    assert_eq!(pull(&engine)[0].points, 2);
    let read = board(&engine, journey);
    let points: Vec<_> = read.metrics[&METRIC].points.values().map(|it| (it.value, it.n)).collect();
    assert_eq!(points, [(0.25, Some(400)), (0.25, Some(200))]);
    assert_eq!(read.metrics[&METRIC].updated.via, Via::Connector);

    let again = pull(&engine);
    assert_eq!((again[0].points, again[0].problem.as_str()), (0, ""));
    assert_eq!(board(&engine, journey), read, "nothing is written when nothing is new");

    posthog.set("2025-11-10", "invited_crew", 60, 60);
    assert_eq!(pull(&engine)[0].points, 1, "events that arrive late count");
}

#[test]
fn numbers_of_another_project_are_not_written_into_a_metric() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    let posthog = busy();
    connect(&engine, "posthog", POSTHOG_KEY, posthog.address()).unwrap();
    bound(&engine, journey, "a teammate's project");
    assert_eq!((pull(&engine)[0].metrics, pull(&engine)[0].points), (0, 0));
}

#[test]
fn a_wrong_key_connects_nothing_and_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let linear = Linear::start();
    let failure = connect(&engine, "linear", "lin_api_wrong_and_secret", linear.address()).unwrap_err();
    assert_eq!(failure.code, ErrorCode::Vendor);
    assert!(!failure.message.contains("wrong_and_secret"), "{failure}");
    assert_eq!(send(&engine, journey(&engine, "Crew")).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_key_is_in_no_file_but_the_keys_own_and_gone_after_disconnecting() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let linear = Linear::start();
    connect(&engine, "linear", LINEAR_KEY, linear.address()).unwrap();
    let hex: String = LINEAR_KEY.bytes().map(|it| format!("{it:02x}")).collect();
    let holders = |text: &str| {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap());
        let holds = |it: &std::fs::DirEntry| {
            let bytes = std::fs::read(it.path()).unwrap();
            bytes.windows(text.len()).any(|it| it == text.as_bytes())
        };
        files.filter(holds).map(|it| it.file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((holders(LINEAR_KEY), holders(&hex)), (vec![], vec!["team-keys".to_owned()]));
    engine
        .request_blocking(Request::Connectors(ConnectorsRequest::Disconnect { vendor: "linear".to_owned() }))
        .unwrap();
    assert!(holders(&hex).is_empty());
}

#[test]
fn an_opportunity_becomes_one_issue_and_its_state_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    opportunity(&engine, journey);
    let linear = Linear::start();
    connect(&engine, "linear", LINEAR_KEY, linear.address()).unwrap();

    let Ok(Reply::IssuePreview { issue }) =
        engine.request_blocking(Request::Connectors(ConnectorsRequest::PreviewIssue {
            journey,
            entity: OPPORTUNITY.into(),
        }))
    else {
        panic!("no preview");
    };
    let Ok(Reply::Sent { name, .. }) = send(&engine, journey) else { panic!("not sent") };
    assert_eq!(name, "ACM-1");
    let made = &linear.issues()[0];
    assert_eq!(
        (&made.title, &made.description),
        (&issue.title, &issue.body),
        "what was shown is what is sent"
    );
    assert_eq!(send(&engine, journey).unwrap_err().code, ErrorCode::Refused);
    assert_eq!(linear.issues().len(), 1);

    assert_eq!(pull(&engine)[0].issues, 0);
    linear.advance(0, "In Progress", "started", Some("Ana"));
    assert_eq!(pull(&engine)[0].issues, 1);
    let link = board(&engine, journey).delivery_links.into_values().next().unwrap();
    assert_eq!(link.status, DeliveryStatus::InProgress);
    assert_eq!((link.assignee.as_str(), link.delivers), ("Ana", Some(OPPORTUNITY.into())));

    linear.advance(0, "Done", "completed", Some("Ana"));
    pull(&engine);
    let read = board(&engine, journey);
    let link = read.delivery_links.values().next().unwrap();
    assert_eq!((link.status, link.released_at), (DeliveryStatus::Done, None), "done is not released");
    assert_eq!(pull(&engine)[0].issues, 0);
    assert_eq!(board(&engine, journey), read);
}

#[test]
fn an_end_between_making_an_issue_and_hearing_of_it_leads_to_no_second_one() {
    let folder = tempfile::tempdir().unwrap();
    let linear = Linear::start();
    let journey = {
        let engine = engine(folder.path());
        let journey = journey(&engine, "Crew");
        opportunity(&engine, journey);
        connect(&engine, "linear", LINEAR_KEY, linear.address()).unwrap();
        // The issue is made, and from then on nothing is heard of Linear: as if the machine had gone.
        let fine = [None, None];
        let gone = std::iter::once(Some(Fault::Drop))
            .chain(std::iter::repeat_n(Some(Fault::status(503, &json!({}))), 9));
        linear.fail_at(fine.into_iter().chain(gone));
        let failure = send(&engine, journey).unwrap_err();
        assert!(failure.message.contains("never makes a second one"), "{failure}");
        assert!(board(&engine, journey).delivery_links.is_empty());
        journey
    };
    assert_eq!(linear.issues().len(), 1);
    let engine = seeded(folder.path(), 9);
    let pulled = pull(&engine);
    assert_eq!((pulled[0].resumed, pulled[0].problem.as_str()), (1, ""));
    assert_eq!(linear.issues().len(), 1);
    let links = board(&engine, journey).delivery_links;
    assert_eq!(links.into_values().map(|it| it.external_id).collect::<Vec<_>>(), ["ACM-1"]);
    assert_eq!(pull(&engine)[0].resumed, 0);
}

#[test]
fn a_tool_that_is_down_says_so_and_what_came_before_stays() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    let posthog = busy();
    let connection = connect(&engine, "posthog", POSTHOG_KEY, posthog.address()).unwrap();
    bound(&engine, journey, &connection.account);
    pull(&engine);
    let read = board(&engine, journey);
    posthog.fail(std::iter::repeat_n(Fault::status(503, &json!({})), 5));
    assert!(pull(&engine)[0].problem.contains("PostHog is not available"));
    assert_eq!(board(&engine, journey), read);
    let Ok(Reply::Connectors { connectors }) =
        engine.request_blocking(Request::Connectors(ConnectorsRequest::List))
    else {
        panic!("no connectors");
    };
    assert!(connectors[0].connection.as_ref().unwrap().problem.contains("not available"));
    assert_eq!(pull(&engine)[0].problem, "");
}

/// A browser that goes where it is sent.
fn go(url: &str) -> String {
    use std::io::{Read, Write};
    let rest = url.strip_prefix("http://localhost:").expect("it comes back to this machine");
    let (port, path) = rest.split_once('/').expect("a path");
    let mut stream =
        std::net::TcpStream::connect(("127.0.0.1", port.parse().expect("a port"))).expect("it waits");
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it listens");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("it answers");
    page
}

#[test]
fn signing_in_takes_the_place_of_a_key_and_is_renewed_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let linear = Linear::start();
    let vendor = || "linear".to_owned();
    let journey = {
        let engine = engine(folder.path());
        let journey = journey(&engine, "Crew");
        opportunity(&engine, journey);
        let settings = BTreeMap::from([("client_id".to_owned(), LINEAR_APP.to_owned())]);
        let begin = Request::Connectors(ConnectorsRequest::BeginSignIn {
            vendor: vendor(),
            settings,
            base_url: Some(linear.address()),
        });
        let Ok(Reply::SignIn { url }) = engine.request_blocking(begin) else { panic!("not begun") };
        let back = linear.consent(&url);
        let finish = std::thread::spawn({
            let engine = engine.clone();
            move || {
                engine.request_blocking(Request::Connectors(ConnectorsRequest::FinishSignIn {
                    vendor: "linear".to_owned(),
                }))
            }
        });
        let guessed = go(&back.replace("state=", "state=x"));
        assert!(guessed.starts_with("HTTP/1.1 404"), "{guessed}");
        assert!(go(&back).contains("You are signed in"));
        let Ok(Reply::Connectors { .. }) = finish.join().unwrap() else { panic!("not connected") };
        assert_eq!(linear.tokens(), 1);
        assert!(send(&engine, journey).is_ok());
        // Ended early: renewed once, and what was asked is done.
        linear.end_token();
        assert_eq!(pull(&engine)[0].problem, "");
        assert_eq!(linear.tokens(), 2);
        journey
    };
    // The renewed ones are kept.
    let engine = seeded(folder.path(), 7);
    assert_eq!((pull(&engine)[0].problem.as_str(), linear.tokens()), ("", 2));
    assert_eq!(board(&engine, journey).delivery_links.len(), 1);
    let left = std::fs::read(folder.path().join("custory.db")).unwrap();
    assert!(!left.windows(9).any(|it| it == b"refresh-2"), "a token is in the database");
}

#[test]
fn whoever_says_no_in_the_browser_connects_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let linear = Linear::start();
    let begin = |client: &str| {
        Request::Connectors(ConnectorsRequest::BeginSignIn {
            vendor: "linear".to_owned(),
            settings: BTreeMap::from([("client_id".to_owned(), client.to_owned())]),
            base_url: Some(linear.address()),
        })
    };
    assert_eq!(engine.request_blocking(begin(" ")).unwrap_err().code, ErrorCode::BadInput);
    let Ok(Reply::SignIn { url }) = engine.request_blocking(begin(LINEAR_APP)) else { panic!("not begun") };
    let back = linear.consent(&url).replace("code=code-0", "error=access_denied");
    let finish = std::thread::spawn({
        let engine = engine.clone();
        move || {
            engine.request_blocking(Request::Connectors(ConnectorsRequest::FinishSignIn {
                vendor: "linear".to_owned(),
            }))
        }
    });
    assert!(go(&back).contains("You said no"));
    let failure = finish.join().unwrap().unwrap_err();
    assert!(failure.message.contains("access_denied"), "{failure}");
    assert_eq!(linear.tokens(), 0);
}
