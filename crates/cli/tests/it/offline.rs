//! Everything works without any network but this machine's own: proven in a network namespace that has no way
//! out, where the kernel allows one.

#![cfg(target_os = "linux")]

use crate::shared::{Custory, material};
use custory_domain::{Change, Command as Edit, StepField, Via};
use custory_engine::{Engine, Options};
use custory_ipc::{Beginning, Reply, Request};
use custory_testkit::offline::without_network;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::json;

#[test]
fn first_start_sample_edit_draft_with_a_model_and_export_need_no_network() {
    without_network(everything);
}

/// The whole path; every step must succeed.
fn everything() {
    let custory = Custory::new();
    let sample = {
        let engine = Engine::start(Options::system(custory.data.path().to_owned())).expect("a first start");
        let asked = |request| engine.request_blocking(request).expect("no action fails");
        let made = asked(Request::CreateJourney { title: String::new(), from: Beginning::Sample });
        let Reply::Made { journey, .. } = made else { panic!("{made:?}") };
        let opened = asked(Request::OpenJourney { journey });
        let Reply::Board { board, .. } = opened else { panic!("no board") };
        let id = board.steps_in_order()[0].id;
        let command = Edit::set(Change::Step { id, set: StepField::Title("Hear of it offline".to_owned()) });
        asked(Request::Dispatch { journey, command, via: Via::User });
        journey.to_string()
    };
    let ollama = Ollama::start(|_, _| Says::json(&json!({ "facts": [] })));
    custory.out(&["models", "use", "--url", ollama.address(), Ollama::MODEL]);
    let folder = material("repository");
    let folder = folder.to_str().expect("a path");
    custory.out(&["draft", folder, "--model", "--accept", "--title", "Drafted offline"]);
    assert!(!ollama.asked().is_empty(), "the model was asked");
    custory.out(&["search", "offline"]);
    for (journey, format) in [(sample.as_str(), "json"), ("Drafted offline", "markdown")] {
        let file = custory.data.path().join(format!("export.{format}"));
        let path = file.to_str().expect("a path");
        custory.out(&["export", journey, "--format", format, "--output", path]);
        let text = std::fs::read_to_string(&file).expect("an export");
        assert!(text.to_lowercase().contains("offline"), "{format}");
    }
}
