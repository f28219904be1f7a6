//! What a model only phrases: names of themes, the beginning of a review and of an issue. Facts are found by code,
//! and what they do not bear out is dropped.

use crate::shared::{board, dispatch, engine, journey, use_model};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::{Value, json};

const STEP: StepId = StepId::from_parts(1, 1);
const PAIN: InsightId = InsightId::from_parts(2, 1);

const NOTES: &str = "# Calls\n\nThe invite link opens the app store and nothing happens after that.\n\n\
    My crew clicked the invite link and only got the app store, jo@acme.example says.\n\n\
    Pricing page does not say whether taxes are included in the price.\n\n\
    Are taxes part of the price on the pricing page or not?\n\n\
    Thank you for the quick answer, great service all around.\n";

fn heard(engine: &Engine) -> tempfile::TempDir {
    let notes = tempfile::tempdir().expect("folder");
    std::fs::write(notes.path().join("calls.md"), NOTES).expect("a note");
    let path = notes.path().display().to_string();
    let read = engine.request_blocking(Request::WatchFolder { path });
    assert!(matches!(&read, Ok(Reply::SignalsRead { read }) if read.new == 5), "{read:?}");
    notes
}

fn themes(engine: &Engine) -> Vec<SignalTheme> {
    match engine.request_blocking(Request::Themes) {
        Ok(Reply::Themes { themes }) => themes,
        other => panic!("{other:?}"),
    }
}

fn texts(engine: &Engine, ids: &[SignalId]) -> Vec<String> {
    let Ok(Reply::Signals { signals, .. }) =
        engine.request_blocking(Request::Signals { shelf: Shelf::Review })
    else {
        panic!("no signals")
    };
    let of = |id: &SignalId| signals.iter().find(|it| it.signal.id == *id).map(|it| it.excerpt.clone());
    ids.iter().filter_map(of).collect()
}

#[test]
fn signals_that_speak_of_the_same_are_one_theme_with_or_without_a_model() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let _notes = heard(&engine);
    let found = themes(&engine);
    assert_eq!(found.len(), 2, "{found:?}");
    for theme in &found {
        assert_eq!((theme.signals.len(), &theme.named_by), (2, &None));
        let word = if theme.name.contains("invite") { "invite" } else { "taxes" };
        assert!(texts(&engine, &theme.signals).iter().all(|it| it.contains(word)), "{theme:?}");
    }

    let names = ["Taxes on the pricing page", "Invite link opens the app store"];
    let ollama = Ollama::start(move |asked, _| {
        let shown = asked["messages"][1]["content"].as_str().unwrap_or_default();
        assert!(!shown.contains("@acme"), "only redacted words are shown to a model");
        Says::json(&json!({ "name": names[usize::from(shown.contains("invite"))] }))
    });
    use_model(&engine, &ollama);
    let named = themes(&engine);
    let mut told: Vec<&str> = named.iter().map(|it| it.name.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, [names[1], names[0]]);
    assert!(named.iter().all(|it| it.named_by.as_deref() == Some(Ollama::MODEL)));
}

#[test]
fn a_name_that_nobody_said_is_not_taken() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let _notes = heard(&engine);
    for name in
        ["Users love our brand", "Invite link fails for 47 crews", "See https://evil.example", "x", ""]
    {
        let ollama = Ollama::start(move |_, _| Says::json(&json!({ "name": name })));
        use_model(&engine, &ollama);
        for theme in themes(&engine) {
            assert!(theme.named_by.is_none() && !theme.name.is_empty(), "{name}: {theme:?}");
        }
    }
}

#[test]
fn a_search_for_themes_that_is_stopped_ends_at_once_with_what_words_tell() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let _notes = heard(&engine);
    let (asked, is_asked) = std::sync::mpsc::channel();
    let ollama = Ollama::start(move |_, _| {
        asked.send(()).ok();
        Says::Nothing
    });
    use_model(&engine, &ollama);
    std::thread::scope(|scope| {
        let search = scope.spawn(|| themes(&engine));
        is_asked.recv().expect("the model is asked for a name");
        assert!(matches!(engine.request_blocking(Request::StopThemes), Ok(Reply::Done { .. })));
        let found = search.join().expect("it ends");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|it| it.named_by.is_none() && !it.name.is_empty()), "{found:?}");
    });
    assert_eq!(is_asked.try_iter().count(), 0, "nothing more is asked once it was stopped");
}

/// A journey with a pain whose quote was verified.
fn map(engine: &Engine) -> JourneyId {
    let journey = journey(engine, "Onboarding");
    let pain = Insight { statement: "Codes come late".into(), steps: [STEP].into(), ..Insight::new(PAIN) };
    dispatch(engine, journey, Command::add(pain));
    let quote = Evidence {
        excerpt: "I waited 20 minutes for the code".into(),
        is_verified: true,
        claims: [(PAIN.into(), Stance::Supports)].into(),
        ..Evidence::new(EvidenceId::from_parts(2, 2))
    };
    dispatch(engine, journey, Command::add(quote));
    journey
}

fn told(claims: &Value) -> impl Fn(&Value, usize) -> Says + Send + Sync + 'static {
    let claims = claims.clone();
    move |_, _| Says::json(&json!({ "claims": claims }))
}

#[test]
fn a_review_begins_with_what_its_lines_bear_out_and_with_nothing_else() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = map(&engine);
    let claims = json!([
        { "cites": ["I1"], "text": "Codes come late, which is new" },
        { "cites": ["I1"], "text": "Conversion fell by 12 points" },
        { "cites": ["S99"], "text": "Codes come late" },
    ]);
    let ollama = Ollama::start(told(&claims));
    use_model(&engine, &ollama);
    let before = board(&engine, journey);
    let mut events = engine.events();
    let key = "weekly-review".to_owned();
    let ran = engine.request_blocking(Request::Automations(AutomationsRequest::RunAutomation {
        key,
        is_unbraked: false,
    }));
    let Ok(Reply::Ran { run }) = ran else { panic!("{ran:?}") };
    assert!(run.reviews[0].summary.is_none(), "nobody waits for the model");
    let summary = loop {
        let Event::Automations { automations } = events.next_blocking().expect("the engine runs") else {
            continue;
        };
        let mut runs = automations.iter().flat_map(|it| &it.runs);
        let kept = runs.find(|it| it.id == run.id);
        if let Some(summary) = kept.and_then(|it| it.reviews[0].summary.clone()) {
            break summary;
        }
    };
    let texts: Vec<&str> = summary.claims.iter().map(|it| it.text.as_str()).collect();
    assert_eq!((texts, summary.dropped), (vec!["Codes come late, which is new"], 2));
    assert_eq!(summary.claims[0].cites[0].title, "Codes come late");
    assert_eq!(board(&engine, journey), before, "a review changes nothing");
}

#[test]
fn a_review_is_as_good_without_a_model() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    map(&engine);
    let key = "weekly-review".to_owned();
    let ran = engine.request_blocking(Request::Automations(AutomationsRequest::RunAutomation {
        key,
        is_unbraked: false,
    }));
    let Ok(Reply::Ran { run }) = ran else { panic!("{ran:?}") };
    assert!(run.reviews[0].lists.iter().any(|it| !it.lines.is_empty()));
    let asked =
        engine.request_blocking(Request::Automations(AutomationsRequest::SummarizeRun { run: run.id }));
    assert_eq!(asked.expect_err("no model").code, ErrorCode::Model);
}

#[test]
fn an_issue_is_opened_by_words_that_the_map_bears_out_and_is_sent_by_nobody() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = map(&engine);
    let entity = PAIN.into();
    let preview = |request: Request| match engine.request_blocking(request) {
        Ok(Reply::IssuePreview { issue }) => Ok(issue),
        Ok(other) => panic!("{other:?}"),
        Err(failure) => Err(failure.message),
    };
    let plain =
        preview(Request::Connectors(ConnectorsRequest::PreviewIssue { journey, entity })).expect("an issue");
    let claims = json!([
        { "cites": ["E1", "S1"], "text": "At Sign up a customer waited 20 minutes for the code" },
        { "cites": ["I1"], "text": "Most customers give up after 5 minutes" },
    ]);
    let ollama = Ollama::start(told(&claims));
    use_model(&engine, &ollama);
    let before = board(&engine, journey);
    let phrased =
        preview(Request::Connectors(ConnectorsRequest::PhraseIssue { journey, entity })).expect("an issue");
    assert_eq!(phrased.title, plain.title);
    let opening = "At Sign up a customer waited 20 minutes for the code";
    assert_eq!(phrased.body, format!("{opening}\n\n{}", plain.body));
    assert_eq!(board(&engine, journey), before);

    let nothing = Ollama::start(told(&json!([{ "cites": ["I1"], "text": "Most give up after 5 minutes" }])));
    use_model(&engine, &nothing);
    let error = preview(Request::Connectors(ConnectorsRequest::PhraseIssue { journey, entity }))
        .expect_err("nothing is left");
    assert!(error.contains("stays as it is"), "{error}");
}
