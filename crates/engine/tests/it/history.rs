//! Promises of history: every version as it was, with its numbers; the way back as one change; the same for tools.

use crate::shared::{board, dispatch, engine, journey};
use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const STEP: StepId = StepId::from_parts(1, 1);
const PAIN: InsightId = InsightId::from_parts(2, 1);
const METRIC: MetricId = MetricId::from_parts(2, 2);

fn history(engine: &Engine, journey: JourneyId, about: Option<EntityRef>) -> History {
    match engine.request_blocking(Request::History { journey, about, before: None }) {
        Ok(Reply::History { history }) => history,
        other => panic!("{other:?}"),
    }
}

fn at(engine: &Engine, journey: JourneyId, when: When) -> PastJourney {
    match engine.request_blocking(Request::JourneyAt { journey, when }) {
        Ok(Reply::JourneyAt { past }) => *past,
        other => panic!("{other:?}"),
    }
}

fn go_back(engine: &Engine, journey: JourneyId, version: &str, only: Option<Vec<EntityRef>>) -> String {
    let version = version.to_owned();
    match engine.request_blocking(Request::GoBack { journey, version, only }) {
        Ok(Reply::Done { label, .. }) => label,
        other => panic!("{other:?}"),
    }
}

fn rename(title: &str) -> Command {
    Command::set(Change::Step { id: STEP, set: StepField::Title(title.to_owned()) })
}

fn point(day: i8, value: f64) -> Command {
    let point = MetricPoint { value, n: Some(400), ..MetricPoint::default() };
    Command::RecordPoints { metric: METRIC, points: [(jiff::civil::date(2026, 3, day), point)].into() }
}

/// A journey with a pain and a metric, and with the boards that it had, as each was when it was the newest.
fn lived(engine: &Engine) -> (JourneyId, Vec<(Board, String)>) {
    let journey = journey(engine, "Onboarding");
    let pain = Insight { statement: "The mail is late".into(), steps: [STEP].into(), ..Insight::new(PAIN) };
    let metric = Metric { name: "Signups".into(), steps: [STEP].into(), ..Metric::new(METRIC) };
    let mut was = Vec::new();
    for command in [
        Command::add(pain),
        Command::add(metric),
        point(1, 0.5),
        rename("Register"),
        point(2, 0.4),
        Command::Trash { entities: vec![PAIN.into()] },
    ] {
        dispatch(engine, journey, command);
        let now = board(engine, journey);
        was.push((now.clone(), scores(&now)));
    }
    (journey, was)
}

/// Everything that the formulas say, as of when the board was last changed.
fn scores(board: &Board) -> String {
    let at = board.entities().map(|it| it.updated().at).max().expect("something");
    format!("{:?}", Scores::of(board, &BoardIndex::of(board), at))
}

#[test]
fn every_version_comes_back_with_scores_and_numbers_as_they_were() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (journey, was) = lived(&engine);
    let told = history(&engine, journey, None);
    assert!(!told.has_more && told.versions.len() > was.len(), "{}", told.versions.len());
    for ((then, scored), version) in was.iter().rev().zip(&told.versions) {
        let past = at(&engine, journey, When::Version(version.id.clone()));
        assert_eq!((&past.board, &past.version), (then, version));
        assert_eq!(&scores(&past.board), scored, "computed anew, byte for byte");
    }
    let last = &told.versions[0];
    assert_eq!(
        (last.label.as_str(), last.removed, last.changed),
        ("Delete insight “The mail is late”", 1, 0)
    );
    assert_eq!((last.via, last.touched.as_slice()), (Via::User, [PAIN.into()].as_slice()));
    assert!(told.versions.iter().any(|it| it.via == Via::Import), "how the journey began");
    assert_eq!(told.busy.iter().map(|it| it.changes).sum::<usize>(), told.versions.len());
    assert_eq!(told.busy.last().map(|it| &it.version), Some(&last.id));

    let second = &told.versions[3];
    assert_eq!(at(&engine, journey, When::Time(second.at)).version.at, second.at);
    let before = engine.request_blocking(Request::JourneyAt { journey, when: When::Time(Timestamp(5)) });
    assert_eq!(before.expect_err("not begun").code, ErrorCode::NotFound);
    for stranger in ["", "0", "zz", &"0".repeat(64), &last.id[..7]] {
        let when = When::Version(stranger.to_owned());
        assert!(engine.request_blocking(Request::JourneyAt { journey, when }).is_err(), "{stranger}");
    }
    assert_eq!(at(&engine, journey, When::Version(last.id[..12].to_owned())).version, *last);

    let of_pain: Vec<_> = history(&engine, journey, Some(PAIN.into())).versions;
    let labels: Vec<&str> = of_pain.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["Delete insight “The mail is late”", "Add insight “The mail is late”"]);
}

#[test]
fn what_was_decided_about_an_item_stands_in_its_history_and_is_undone_like_any_change() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (journey, _) = lived(&engine);
    let decision = Decision {
        what: "Text them".into(),
        about: Some(METRIC.into()),
        based_on: [PAIN.into()].into(),
        ..Decision::new(DecisionId::from_parts(3, 1))
    };
    dispatch(&engine, journey, Command::add(decision.clone()));
    let labels = |about: EntityRef| -> Vec<String> {
        history(&engine, journey, Some(about)).versions.into_iter().map(|it| it.label).collect()
    };
    assert_eq!(labels(METRIC.into())[0], "Add decision “Text them”");
    assert!(!labels(PAIN.into()).iter().any(|it| it.contains("decision")), "it is not about its reasons");

    // Going back to an earlier version keeps it: it was decided, whatever the map says.
    let version = history(&engine, journey, None).versions[2].id.clone();
    go_back(&engine, journey, &version, None);
    assert_eq!(board(&engine, journey).decisions_about(METRIC.into()).len(), 1);
    engine.request_blocking(Request::Undo { journey }).expect("going back is undone");
    engine.request_blocking(Request::Undo { journey }).expect("the decision is undone");
    assert!(board(&engine, journey).decisions_about(METRIC.into()).is_empty());
    engine.request_blocking(Request::Redo { journey }).expect("and done again");
    assert_eq!(board(&engine, journey).decisions[&decision.id].based_on, [PAIN.into()].into());
}

#[test]
fn a_version_is_restored_as_one_change_that_can_be_undone_and_what_was_measured_stays() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (journey, was) = lived(&engine);
    let version = history(&engine, journey, None).versions[3].id.clone();
    let label = go_back(&engine, journey, &version, None);
    assert!(label.starts_with("Go back to version “"), "{label}");
    let now = board(&engine, journey);
    assert_eq!(now.steps[&STEP].title, "Sign up");
    assert!(now.insights[&PAIN].trashed.is_none());
    assert_eq!(now.metrics[&METRIC].points.len(), 2, "a value that was measured since is no less true");
    assert_eq!(go_back(&engine, journey, &version, None), "", "it is so already");

    engine.request_blocking(Request::Undo { journey }).expect("undo");
    let undone = board(&engine, journey);
    assert_eq!(undone.steps[&STEP].title, was.last().expect("boards").0.steps[&STEP].title);
    assert!(undone.insights[&PAIN].trashed.is_some());

    go_back(&engine, journey, &version, Some(vec![PAIN.into()]));
    let part = board(&engine, journey);
    assert!(part.insights[&PAIN].trashed.is_none());
    assert_eq!(part.steps[&STEP].title, "Register", "only what was asked for");
}

#[test]
fn a_version_keeps_the_name_that_it_is_given_and_another_device_knows_it() {
    let folder = tempfile::tempdir().expect("folder");
    let first = engine(folder.path());
    let (journey, _) = lived(&first);
    let version = history(&first, journey, None).versions[2].id.clone();
    let name = |name: &str| Command::NameVersion { version: version.clone(), name: name.to_owned() };
    dispatch(&first, journey, name("Before the workshop"));
    let stranger = Command::NameVersion { version: "x".to_owned(), name: "No".to_owned() };
    let refused = first.request_blocking(Request::Dispatch { journey, command: stranger, via: Via::User });
    assert_eq!(refused.expect_err("no such version").code, ErrorCode::Refused);

    let second = crate::shared::seeded(folder.path(), 7);
    let told = history(&second, journey, None);
    let named: Vec<(&str, &str)> = told.named.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
    assert_eq!(named, [(version.as_str(), "Before the workshop")]);
    go_back(&second, journey, &version, None);
    assert_eq!(history(&second, journey, None).named.len(), 1, "going back forgets no name");
    dispatch(&second, journey, name(""));
    assert!(history(&second, journey, None).named.is_empty());
}

#[test]
fn the_assistants_tool_tells_what_was_known_on_a_day_and_what_was_done_since() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (journey, _) = lived(&engine);
    let look = |entity: &str, query: &str| {
        let (entity, query) = (entity.to_owned(), query.to_owned());
        let request = Request::Look { journey, tool: "history_at".to_owned(), entity, query };
        match engine.request_blocking(request) {
            Ok(Reply::Looked { text }) => Ok(text),
            Ok(other) => panic!("{other:?}"),
            Err(failure) => Err(failure.message),
        }
    };
    let first = history(&engine, journey, None).versions.last().expect("a beginning").at;
    let today = look("", &first.date().to_string()).expect("an answer");
    assert!(today.contains("“Register”") && today.contains("nothing was changed since"), "{today}");
    let before = look("", "2020-01-01").expect("an answer");
    assert!(before.contains("had not begun yet"), "{before}");
    assert!(before.contains("Maya: Rename step “Sign up”"), "{before}");
    assert!(before.contains("Maya (an import): "), "{before}");
    let step = look(&format!("step/{STEP}"), "2020-01-01").expect("an answer");
    assert!(
        step.contains("(2)") && step.contains("Rename step") && !step.contains("Record values"),
        "{step}"
    );
    assert!(look("", "last week").is_err());
    assert!(look("step/01ARZ3NDEKTSV4RRFFQ69G5FAV", "2020-01-01").is_err());
}

fn blame(engine: &Engine, journey: JourneyId, about: EntityRef, field: &str) -> Vec<FieldSet> {
    match engine.request_blocking(Request::Blame(OnJourney { journey, about })) {
        Ok(Reply::Blame { fields, has_more: false }) => {
            fields.into_iter().filter(|it| it.field == field).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_field_tells_who_set_it_through_what_and_what_it_was_and_comes_back_by_one_command() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (journey, _) = lived(&engine);
    engine.request_blocking(Request::Undo { journey }).expect("the pain is back");
    let set = |set: InsightField, via: Via| {
        let command = Command::set(Change::Insight { id: PAIN, set });
        engine.request_blocking(Request::Dispatch { journey, command, via }).expect("a command");
    };
    set(InsightField::Severity(Some(2)), Via::User);
    set(InsightField::State(InsightState::Triaged), Via::Connector);
    set(InsightField::Severity(Some(4)), Via::Ai);
    set(InsightField::Notes("Ask Ben".to_owned()), Via::User);
    set(InsightField::Notes("Ask Ben and Ana".to_owned()), Via::Automation);
    set(InsightField::Severity(None), Via::User);
    // Something else that happened meanwhile is not in the way.
    dispatch(&engine, journey, rename("Join"));

    let of = |field: &str| blame(&engine, journey, PAIN.into(), field);
    let severity = of("severity");
    let was: Vec<_> = severity.iter().map(|it| (it.via, it.before.clone())).collect();
    let before = |it| Some(Change::Insight { id: PAIN, set: InsightField::Severity(it) });
    assert_eq!(was, [(Via::User, before(Some(4))), (Via::Ai, before(Some(2))), (Via::User, before(None))]);
    assert!(severity.iter().all(|it| it.by.is_some() && it.label.starts_with("Change severity of insight")));
    let state = of("state");
    assert_eq!((state.len(), state[0].via), (1, Via::Connector));
    let notes = Change::Insight { id: PAIN, set: InsightField::Notes("Ask Ben".to_owned()) };
    assert_eq!((of("notes")[0].via, of("notes")[0].before.as_ref()), (Via::Automation, Some(&notes)));
    assert_eq!(of("segment"), [], "nobody ever set it");
    let statement = of("statement");
    assert_eq!((statement.len(), statement[0].before.is_none()), (1, true), "it was made with it");
    assert!(statement[0].at <= state[0].at && state[0].at <= severity[0].at);

    // What it was comes back by the usual command, is undone like any, and tells of itself.
    dispatch(&engine, journey, Command::set(severity[0].before.clone().expect("a value")));
    assert_eq!(board(&engine, journey).insights[&PAIN].severity, Some(4));
    assert_eq!(of("severity")[0].before, before(None));
    engine.request_blocking(Request::Undo { journey }).expect("undone");
    assert_eq!(board(&engine, journey).insights[&PAIN].severity, None);
    let title = blame(&engine, journey, STEP.into(), "title");
    let title: Vec<_> = title.iter().map(|it| it.before.clone()).collect();
    let named = |it: &str| Some(Change::Step { id: STEP, set: StepField::Title(it.to_owned()) });
    assert_eq!(title, [named("Register"), named("Sign up"), None]);
    let stranger = OnJourney { journey, about: InsightId::from_parts(9, 9).into() };
    let nothing = engine.request_blocking(Request::Blame(stranger)).expect("an answer");
    assert_eq!(nothing, Reply::Blame { fields: Vec::new(), has_more: false });
}
