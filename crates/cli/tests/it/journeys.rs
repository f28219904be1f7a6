//! Journeys from draft to file and back, and beside an open window.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use crate::shared::{Custory, elements, material};
use custory_domain::{Board, Change, Command, JourneyId, StageField, Via};
use custory_engine::{Engine, Events, Options};
use custory_ipc::{Beginning, Event, Reply, Request};
use serde_json::Value;

/// Accepts the draft of the made-up repository; gives the new journey's id.
fn accepted(custory: &Custory, title: &str) -> String {
    let folder = material("repository");
    let out = custory.out(&["draft", folder.to_str().expect("a path"), "--accept", "--title", title]);
    out.trim().to_owned()
}

#[test]
fn an_accepted_draft_is_listed_shown_and_exported() {
    let custory = Custory::new();
    let folder = material("repository");
    let draft = custory.json(&["draft", folder.to_str().expect("a path"), "--json"]);
    let id = accepted(&custory, "Planner onboarding");

    let list = custory.out(&["list"]);
    assert!(list.contains(&id) && list.contains("Planner onboarding"), "{list}");
    let journeys = custory.json(&["list", "--json"]);
    let steps: usize =
        draft["stages"].as_array().unwrap().iter().map(|it| it["steps"].as_array().unwrap().len()).sum();
    assert_eq!((&journeys[0]["id"], &journeys[0]["steps"]), (&Value::from(id.as_str()), &Value::from(steps)));

    // By title, by the beginning of the title in any case, by id.
    let shown = custory.out(&["show", "Planner onboarding"]);
    assert_eq!(shown, custory.out(&["show", "planner"]));
    assert_eq!(shown, custory.out(&["export", &id, "--format", "markdown"]));
    let exported = custory.json(&["show", &id, "--json"]);
    for (title, sources) in elements(&draft) {
        assert!(shown.contains(title), "{title}");
        for cite in sources {
            let quote = &cite["quote"];
            let kept = exported["entities"].as_array().unwrap().iter().any(|it| it["excerpt"] == *quote);
            assert!(kept, "{quote} of {title}");
        }
    }
}

#[test]
fn accepting_with_json_prints_one_json_that_names_the_journey() {
    let custory = Custory::new();
    let run =
        custory.run_on(&["draft", "-", "--json", "--accept"], "1. Create a workspace\n2. Invite the team\n");
    let draft: Value = serde_json::from_str(&run.succeeded()).expect("one JSON");
    let id = draft["journey"].as_str().expect("its id");
    assert!(custory.out(&["show", id]).contains("Invite the team"));
}

#[test]
fn an_export_imported_elsewhere_is_an_equal_journey() {
    let (here, there) = (Custory::new(), Custory::new());
    let id = accepted(&here, "Planner onboarding");
    let files = tempfile::tempdir().expect("a folder");
    let file = files.path().join("journey.json");
    let file = file.to_str().expect("a path");
    assert_eq!(here.out(&["export", &id, "-o", file]), "");
    let imported = there.out(&["import", file]);
    let imported = imported.trim();
    assert_ne!(imported, id, "a journey of its own");
    assert_eq!(there.out(&["show", imported]), here.out(&["show", &id]));
    let text = |custory: &Custory, id: &str| custory.json(&["export", id]);
    assert_eq!(meaning(&text(&there, imported)), meaning(&text(&here, &id)));

    // And from standard input, back home beside the first.
    let text = there.out(&["export", imported]);
    let again = here.run_on(&["import", "-"], &text).succeeded();
    assert_eq!(here.out(&["show", again.trim()]), here.out(&["show", &id]));
    here.run(&["show", "planner"]).refused(1, &["may mean several journeys", &id, again.trim()]);
}

/// What an export says apart from ids and stamps: ids are replaced by what they name.
fn meaning(export: &Value) -> Vec<String> {
    let mut everything = export["entities"].as_array().expect("entities").clone();
    everything.push(export["journey"].clone());
    let name = |it: &Value| {
        let text = ["title", "statement", "excerpt"].iter().find_map(|key| it[key].as_str());
        format!("{} {}", it["kind"].as_str().unwrap_or_default(), text.unwrap_or_default())
    };
    let names: BTreeMap<String, String> =
        everything.iter().map(|it| (it["id"].as_str().expect("an id").to_owned(), name(it))).collect();
    let me = export["journey"]["owner"].as_str().unwrap_or_default().to_owned();
    let mut out: Vec<String> = everything
        .into_iter()
        .map(|mut it| {
            let fields = it.as_object_mut().expect("an entity");
            for key in ["id", "created", "updated"] {
                fields.remove(key);
            }
            let text = it.to_string().replace(&me, "me");
            names.iter().fold(text, |text, (id, name)| text.replace(id, name))
        })
        .collect();
    out.sort();
    out
}

fn engine(custory: &Custory) -> Engine {
    Engine::start(Options::system(custory.data.path().to_owned())).expect("an engine")
}

fn open(engine: &Engine, journey: JourneyId) -> Board {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { board, .. }) => board,
        other => panic!("{other:?}"),
    }
}

/// The first event that answers, within a time that only a failure takes.
fn heard<T: Send + 'static>(mut events: Events, wanted: impl Fn(&Event) -> Option<T> + Send + 'static) -> T {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        while let Some(event) = events.next_blocking() {
            if let Some(found) = wanted(&event) {
                return tell.send(found).ok();
            }
        }
        None
    });
    told.recv_timeout(Duration::from_secs(30)).expect("the engine hears of it")
}

#[test]
fn an_open_window_and_the_command_line_see_each_others_edits() {
    let custory = Custory::new();
    let engine = engine(&custory);
    let request = Request::CreateJourney { title: "Open journey".to_owned(), from: Beginning::Blank };
    let Ok(Reply::Made { journey, .. }) = engine.request_blocking(request) else { panic!("no journey") };
    let id = open(&engine, journey).stages_in_order()[0].id;
    let set = StageField::Title("Hear of it".to_owned());
    let command = Command::set(Change::Stage { id, set });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("a change");
    assert!(custory.out(&["show", "open"]).contains("## Hear of it"));

    // The command line writes; the window hears of it without asking.
    let events = engine.events();
    let run = custory.run_on(&["draft", "-", "--accept", "--onto", "open"], "1. Invite the whole team\n");
    assert_eq!(run.succeeded().trim(), journey.to_string());
    let patch = heard(events, move |event| match event {
        Event::Patched { journey: of, patch } if *of == journey => Some(patch.clone()),
        _ => None,
    });
    assert!(format!("{patch:?}").contains("Invite the whole team"), "{patch:?}");
    let steps = open(&engine, journey);
    assert_eq!(
        steps.steps_in_order().iter().map(|it| &*it.title).collect::<Vec<_>>(),
        ["Invite the whole team"]
    );

    // A journey made on the command line joins the window's list.
    let events = engine.events();
    custory.run_on(&["draft", "-", "--accept", "--title", "Second"], "1. Create a workspace\n").succeeded();
    heard(events, |event| match event {
        Event::Journeys { journeys } => journeys.iter().any(|it| it.title == "Second").then_some(()),
        _ => None,
    });
}
