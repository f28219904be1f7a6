//! Promises of search by meaning: it finds what words do not, it never finds less, and nobody notices where
//! there is no model for it.

use crate::shared::{dispatch, engine, journey};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::ollama::{Ollama, Says};

fn add(engine: &Engine, journey: JourneyId, at: u64, statement: &str) {
    let steps = [StepId::from_parts(1, 1)].into();
    let insight =
        Insight { statement: statement.into(), steps, ..Insight::new(InsightId::from_parts(at, 2)) };
    dispatch(engine, journey, Command::add(insight));
}

fn use_for_meaning(engine: &Engine, address: &str) {
    let settings = ModelSettings {
        address: address.to_owned(),
        meaning_model: Some(Ollama::MODEL.to_owned()),
        ..ModelSettings::default()
    };
    engine.request_blocking(Request::SetModels { settings }).expect("settings");
}

fn found(engine: &Engine, query: &str, kind: Option<EntityKind>) -> Vec<String> {
    let request = Request::SearchMeaning { query: query.to_owned(), journey: None, kind };
    match engine.request_blocking(request) {
        Ok(Reply::Found { hits }) => hits.into_iter().map(|it| it.title).collect(),
        other => panic!("{other:?}"),
    }
}

fn twins(engine: &Engine, journey: JourneyId) -> Vec<(String, String)> {
    match engine.request_blocking(Request::Twins { journey }) {
        Ok(Reply::Twins { twins }) => twins.into_iter().map(|it| (it.one.title, it.other.title)).collect(),
        other => panic!("{other:?}"),
    }
}

fn nobody() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    format!("http://{}", free.expect("a free port"))
}

/// The stand-in says that texts mean the same that begin with the same word.
#[test]
fn what_means_the_same_is_found_beside_what_has_the_words_and_each_text_is_asked_about_once() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let journey = journey(&engine, "Onboarding");
    add(&engine, journey, 1, "Lost passwords hurt");
    add(&engine, journey, 2, "Secret notes stay hidden");
    let insights = |query: &str| found(&engine, query, Some(EntityKind::Insight));
    use_for_meaning(&engine, &nobody());
    assert_eq!(insights("secret key"), [""; 0], "no text has both words");
    use_for_meaning(&engine, ollama.address());
    assert_eq!(insights("secret key"), ["Secret notes stay hidden"]);
    assert_eq!(insights("hurt"), ["Lost passwords hurt"], "what words find is found with a model too");
    let asked = || ollama.paths().iter().filter(|it| *it == "/api/embed").count();
    let before = asked();
    insights("secret key");
    assert_eq!(asked(), before + 1, "only the query is asked about again");
}

#[test]
fn without_a_model_search_by_meaning_is_search_by_words() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    add(&engine, journey, 1, "The password is lost");
    use_for_meaning(&engine, &nobody());
    for (query, kind, expected) in [
        ("password", None, vec!["The password is lost"]),
        ("password", Some(EntityKind::Step), vec![]),
        ("secret", None, vec![]),
        ("sign", Some(EntityKind::Step), vec!["Sign up"]),
    ] {
        assert_eq!(found(&engine, query, kind), expected, "{query}");
    }
}

#[test]
fn what_says_the_same_twice_is_found_by_its_words_and_by_its_meaning() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Onboarding");
    let same = ("The form is long".to_owned(), "the form is LONG!".to_owned());
    for (at, text) in
        (1..).zip(["The form is long", "the form is LONG!", "Prices are hidden", "Prices cannot be found"])
    {
        add(&engine, journey, at, text);
    }
    use_for_meaning(&engine, &nobody());
    assert_eq!(twins(&engine, journey), std::slice::from_ref(&same));
    let ollama = Ollama::start(|_, _| Says::Nothing);
    use_for_meaning(&engine, ollama.address());
    let all = twins(&engine, journey);
    assert_eq!(all[0], same);
    assert!(all.contains(&("Prices are hidden".to_owned(), "Prices cannot be found".to_owned())), "{all:?}");
}
