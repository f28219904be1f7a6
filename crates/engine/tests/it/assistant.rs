//! Promises of local models in the engine: drafts that go on, answers that change nothing, proposals
//! that one undo takes back.

use crate::shared::{ask, board, engine, failed, journey, turn, use_model};
use custory_domain::draft::{DraftRequest, Material};
use custory_domain::{AskId, Change, Command, JourneyId, StepField, Via};
use custory_engine::Engine;
use custory_ipc::{Asked, ErrorCode, Event, ModelSettings, Reply, Request};
use custory_testkit::ollama::{Ollama, Says, stream_of};
use serde_json::{Value, json};

fn draft(engine: &Engine, text: &str) -> Result<Vec<String>, String> {
    let mut events = engine.events();
    let materials = vec![Material::Pasted { title: "Guide".to_owned(), text: text.to_owned() }];
    let request = DraftRequest { materials, scope: String::new(), onto: None };
    let started = engine.request_blocking(Request::StartDraftWithModel { request, model: None, chance: 0 });
    let Ok(Reply::DraftStarted { draft }) = started else { return Err(format!("{started:?}")) };
    loop {
        match events.next_blocking().expect("the engine runs") {
            Event::DraftReady { .. } => break,
            Event::DraftFailed { failure, .. } => return Err(failure.message),
            _ => {}
        }
    }
    match engine.request_blocking(Request::OpenDraft { draft }) {
        Ok(Reply::Draft { review }) => Ok(review.draft.notes),
        other => panic!("{other:?}"),
    }
}

/// A text of so many pieces.
fn guide(pieces: usize) -> String {
    let filler = "This part tells at length of colours and of the weather in spring. ".repeat(33);
    (0..pieces)
        .map(|at| format!("# Chapter {at}\n\nPeople archive list {at} every week. {filler}\n\n"))
        .collect()
}

#[test]
fn models_are_listed_tried_and_chosen() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let ollama = Ollama::start(|_, _| Says::Text("{\"colour\":\"green\"}".into()));
    use_model(&engine, &ollama);
    let Ok(Reply::Models { models }) = engine.request_blocking(Request::Models) else { panic!("models") };
    assert_eq!((models.problem.as_str(), models.models.len()), ("", 1));
    assert!(models.models[0].can_chat && models.models[0].memory_bytes > models.models[0].bytes);
    assert_eq!(models.settings.model.as_deref(), Some(Ollama::MODEL));
    for (model, is_good) in [(Ollama::MODEL, true), ("other:1b", false)] {
        let tried = engine.request_blocking(Request::TryModel { model: model.to_owned() });
        let Ok(Reply::ModelTried { trial }) = tried else { panic!("{tried:?}") };
        assert_eq!(trial.problem.is_empty(), is_good, "{trial:?}");
    }
    let mut events = engine.events();
    engine.request_blocking(Request::PullModel { model: "new:1b".to_owned() }).expect("a download");
    let mut heard = 0;
    loop {
        match events.next_blocking().expect("the engine runs") {
            Event::ModelPulling { .. } => heard += 1,
            Event::ModelPulled { problem, .. } => break assert_eq!(problem, ""),
            _ => {}
        }
    }
    assert!(heard >= 2, "{heard}");
}

#[test]
fn another_machine_is_asked_only_when_that_was_allowed() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let settings = |is_remote_allowed| ModelSettings {
        address: "https://models.example.com".to_owned(),
        is_remote_allowed,
        ..ModelSettings::default()
    };
    let refused = engine.request_blocking(Request::SetModels { settings: settings(false) });
    assert_eq!(refused.expect_err("refused").code, ErrorCode::BadInput);
    engine.request_blocking(Request::SetModels { settings: settings(true) }).expect("allowed");
}

#[test]
fn without_a_server_it_is_said_what_to_do_and_everything_else_works() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let nobody =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    let settings = ModelSettings {
        address: format!("http://{nobody}"),
        model: Some("qwen3:4b".to_owned()),
        ..ModelSettings::default()
    };
    engine.request_blocking(Request::SetModels { settings }).expect("set");
    let Ok(Reply::Models { models }) = engine.request_blocking(Request::Models) else { panic!("models") };
    assert!(models.problem.contains("Ollama"), "{}", models.problem);
    // Found out before anything is read.
    let error = draft(&engine, &guide(2)).expect_err("no model");
    assert!(error.contains("Ollama"), "{error}");
    let journey = journey(&engine, "Onboarding");
    assert!(failed(&engine, journey, "Hello?").contains("Ollama"));
}

#[test]
fn finished_pieces_of_a_draft_are_there_after_the_engine_is_gone() {
    let folder = tempfile::tempdir().expect("folder");
    let text = guide(5);
    let none = Says::json(&json!({ "facts": [] }));
    let dies =
        {
            let none = none.clone();
            Ollama::start(move |_, nth| {
                if nth < 3 { none.clone() } else { Says::Refuses(500, "{\"error\":\"gone\"}".into()) }
            })
        };
    {
        let engine = engine(folder.path());
        use_model(&engine, &dies);
        let error = draft(&engine, &text).expect_err("the model died");
        assert!(error.contains("gone"), "{error}");
    }
    let again = Ollama::start(move |_, _| none.clone());
    let engine = engine(folder.path());
    use_model(&engine, &again);
    let notes = draft(&engine, &text).expect("a draft").join("\n");
    assert!(notes.contains("read 5 pieces of text (3 of them kept from before)"), "{notes}");
    assert_eq!(again.asked().len(), 2);
}

#[test]
fn a_draft_stops_within_a_second_while_the_model_is_silent() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let ollama = Ollama::start(|_, _| Says::Nothing);
    use_model(&engine, &ollama);
    let mut events = engine.events();
    let materials = vec![Material::Pasted { title: "Guide".to_owned(), text: guide(3) }];
    let request = DraftRequest { materials, scope: String::new(), onto: None };
    let started = engine.request_blocking(Request::StartDraftWithModel { request, model: None, chance: 0 });
    let Ok(Reply::DraftStarted { draft }) = started else { panic!("{started:?}") };
    let (told, stopped) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        while let Some(event) = events.next_blocking() {
            if matches!(event, Event::DraftFailed { .. }) {
                told.send(()).expect("the test waits");
                break;
            }
        }
    });
    while ollama.asked().is_empty() {
        std::thread::yield_now();
    }
    engine.request_blocking(Request::CancelDraft { draft }).expect("cancel");
    stopped.recv_timeout(std::time::Duration::from_secs(1)).expect("stopped within a second");
}

#[test]
fn other_weights_under_the_same_name_are_asked_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let ollama = Ollama::start(|_, _| Says::json(&json!({ "facts": [] })));
    use_model(&engine, &ollama);
    let text = guide(3);
    for (digest, expected) in [("sha256:one", 3), ("sha256:one", 3), ("sha256:two", 6), ("sha256:one", 6)] {
        ollama.replace_weights(digest);
        draft(&engine, &text).expect("a draft");
        assert_eq!(ollama.asked().len(), expected, "{digest}");
    }
}

#[test]
fn an_answer_is_heard_while_it_is_written_and_counts_only_once_it_is_checked() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let claim = |text: &str| json!({ "cites": ["S1"], "text": text });
    let claims = json!([claim("S1 is a step: Sign up"), claim("Of 99 people 12 sign up")]);
    let ollama = Ollama::start(move |_, _| Says::json(&turn("answer", json!({ "claims": claims }))));
    use_model(&engine, &ollama);
    let mut events = engine.events();
    let question = "What is Sign up?".to_owned();
    engine.request_blocking(Request::Ask { journey, question, model: None }).expect("asked");
    let mut heard: Vec<Vec<String>> = Vec::new();
    let asked = loop {
        match events.next_blocking().expect("the engine runs") {
            Event::Saying { words, .. } => heard.push(words),
            Event::Answered { asked } => break asked,
            _ => {}
        }
    };
    assert!(heard.len() > 5, "{heard:?}");
    let grows = |it: &[Vec<String>]| it[0].iter().zip(&it[1]).all(|(old, new)| new.starts_with(old.as_str()));
    assert!(heard.windows(2).all(grows), "{heard:?}");
    let last = heard.last().expect("words");
    assert_eq!(last.as_slice(), ["“Sign up” is a step: Sign up", "Of 99 people 12 sign up"]);
    let kept: Vec<&str> = asked.answer.claims.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(kept, ["“Sign up” is a step: Sign up"], "{:?}", asked.answer.dropped);
}

#[test]
fn an_answer_that_is_being_written_stops_within_a_second() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let ollama = Ollama::start(|asked, _| {
        let begun = "{\"act\":\"answer\",\"changes\":[],\"claims\":[{\"cites\":[\"S1\"],\"text\":\"They";
        let mut lines = stream_of(asked, begun, "stop");
        lines.pop();
        Says::Hangs(lines)
    });
    use_model(&engine, &ollama);
    let mut events = engine.events();
    let question = "What is Sign up?".to_owned();
    let started = engine.request_blocking(Request::Ask { journey, question, model: None });
    let Ok(Reply::AskStarted { ask }) = started else { panic!("{started:?}") };
    let (told, stopped) = std::sync::mpsc::channel();
    let teller = engine.clone();
    std::thread::spawn(move || {
        while let Some(event) = events.next_blocking() {
            match event {
                Event::Saying { words, .. } if words == ["They"] => {
                    teller.request_blocking(Request::CancelAsk { asked: ask }).expect("stop");
                    told.send(false).expect("the test waits");
                }
                Event::AskFailed { .. } => return told.send(true).expect("the test waits"),
                _ => {}
            }
        }
    });
    assert!(!stopped.recv().expect("its first word is heard"));
    let is_over = stopped.recv_timeout(std::time::Duration::from_secs(1));
    assert!(is_over.expect("stopped within a second"));
}

fn change(kind: &str, text: &str) -> Value {
    json!({ "cites": ["S1"], "kind": kind, "target": "S1", "text": text, "why": "" })
}

fn proposal(engine: &Engine, journey: JourneyId) -> (Asked, Ollama) {
    let changes = json!([
        change("rename", "Sign up for free"),
        change("add_pain", "The form is long"),
        change("add_need", "An e-mail address")
    ]);
    let ollama = Ollama::start(move |_, _| Says::json(&turn("propose", json!({ "changes": changes }))));
    use_model(engine, &ollama);
    (ask(engine, journey, "What could be better at Sign up?"), ollama)
}

fn decided(asked: AskId, accept: Vec<usize>, texts: &[(usize, &str)]) -> Request {
    let texts = texts.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
    Request::DecideProposal { asked, accept, texts }
}

#[test]
fn a_proposal_is_accepted_in_the_words_of_the_person_who_accepts_it() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let (asked, _ollama) = proposal(&engine, journey);
    let empty = engine.request_blocking(decided(asked.id, vec![0], &[(0, "  ")]));
    assert_eq!(empty.expect_err("no words").code, ErrorCode::Refused);
    let texts = [(0, "Sign up in a minute"), (1, "The form asks\n too much")];
    engine.request_blocking(decided(asked.id, vec![0, 1], &texts)).expect("accept");
    let after = board(&engine, journey);
    assert_eq!(after.steps_in_order()[0].title, "Sign up in a minute");
    assert!(after.insights.values().any(|it| it.statement == "The form asks too much"));
}

#[test]
fn what_is_accepted_of_a_proposal_is_one_change_and_the_rest_is_not_made() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let before = board(&engine, journey);
    let (asked, _ollama) = proposal(&engine, journey);
    assert_eq!(asked.answer.proposal.len(), 3, "{asked:?}");
    assert_eq!(board(&engine, journey), before, "asking changes nothing");

    let decide = |accept: Vec<usize>| engine.request_blocking(decided(asked.id, accept, &[]));
    decide(vec![0, 2]).expect("accept");
    let after = board(&engine, journey);
    assert_eq!(after.steps_in_order()[0].title, "Sign up for free");
    let statements: Vec<_> =
        after.insights.values().map(|it| (it.statement.clone(), it.created.via)).collect();
    assert_eq!(statements, [("An e-mail address".to_owned(), Via::Ai)]);
    assert_eq!(decide(vec![1]).expect_err("decided").code, ErrorCode::Refused);

    engine.request_blocking(Request::Undo { journey }).expect("undo");
    let undone = board(&engine, journey);
    assert_eq!((undone.steps_in_order()[0].title.as_str(), undone.insights.len()), ("Sign up", 0));
    let listed = engine.request_blocking(Request::AskedSoFar { journey: Some(journey) });
    let Ok(Reply::AskedSoFar { asked: listed }) = listed else { panic!("{listed:?}") };
    assert_eq!((listed.len(), listed[0].accepted.as_slice()), (1, [0, 2].as_slice()));
    engine.request_blocking(Request::ForgetAsk { asked: asked.id }).expect("forget");
    let listed = engine.request_blocking(Request::AskedSoFar { journey: None });
    assert!(matches!(listed, Ok(Reply::AskedSoFar { asked }) if asked.is_empty()));
}

#[test]
fn a_proposal_never_overwrites_what_somebody_changed_since() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let (asked, _ollama) = proposal(&engine, journey);
    let id = board(&engine, journey).steps_in_order()[0].id;
    let command = Command::set(Change::Step { id, set: StepField::Title("Register".to_owned()) });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("rename");
    let before = board(&engine, journey);
    let decide = |accept: Vec<usize>| engine.request_blocking(decided(asked.id, accept, &[]));
    assert_eq!(decide(vec![0, 1]).expect_err("changed since").code, ErrorCode::Refused);
    assert_eq!(board(&engine, journey), before);
    decide(vec![1]).expect("the other one is still possible");
    assert_eq!(board(&engine, journey).steps_in_order()[0].title, "Register");
}
