//! Promises of local models on the command line: drafts that outlive a kill, answers, proposals.

use std::process::{Command, Stdio};

use crate::shared::Custory;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::{Value, json};

/// A text of so many pieces.
fn guide(pieces: usize) -> String {
    let filler = "This part tells at length of colours and of the weather in spring. ".repeat(33);
    (0..pieces)
        .map(|at| format!("# Chapter {at}\n\nPeople archive list {at} every week. {filler}\n\n"))
        .collect()
}

fn use_model(custory: &Custory, ollama: &Ollama) {
    custory.out(&["models", "use", Ollama::MODEL, "--url", ollama.address()]);
}

fn turn(act: &str, more: Value) -> Value {
    let mut turn = json!({ "act": act, "changes": [], "claims": [], "name": "", "query": "", "tool": "" });
    if let (Some(turn), Some(more)) = (turn.as_object_mut(), more.as_object()) {
        turn.extend(more.clone());
    }
    turn
}

#[test]
fn a_draft_that_was_killed_goes_on_without_asking_twice() {
    let custory = Custory::new();
    let file = custory.data.path().join("guide.md");
    std::fs::write(&file, guide(8)).expect("a file");
    let file = file.to_str().expect("a path");
    let none = Says::json(&json!({ "facts": [] }));
    let stuck = {
        let none = none.clone();
        Ollama::start(move |_, nth| if nth < 3 { none.clone() } else { Says::Nothing })
    };
    use_model(&custory, &stuck);
    let mut child = Command::new(env!("CARGO_BIN_EXE_custory"))
        .arg("--data-dir")
        .arg(custory.data.path())
        .args(["draft", file, "--model"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while stuck.asked().len() < 4 {
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("ended");

    let again = Ollama::start(move |_, _| none.clone());
    use_model(&custory, &again);
    let draft = custory.json(&["draft", file, "--model", Ollama::MODEL, "--json"]);
    let notes = draft["notes"].to_string();
    assert!(notes.contains("read 8 pieces of text (3 of them kept from before)"), "{notes}");
    assert_eq!(again.asked().len(), 5);
}

#[test]
fn models_are_listed_tried_and_missed_with_advice() {
    let custory = Custory::new();
    let ollama = Ollama::start(|_, _| Says::Text("{\"colour\":\"green\"}".into()));
    use_model(&custory, &ollama);
    let listed = custory.out(&["models"]);
    assert!(listed.starts_with("* scripted:1b"), "{listed}");
    assert!(custory.out(&["models", "try"]).contains("answers as drafts need it"));
    custory.run(&["models", "try", "other:1b"]).refused(1, &["custory models pull other:1b"]);
    custory
        .run(&["models", "use", "x", "--url", "http://models.example.com"])
        .refused(1, &["--allow-remote"]);
    custory.run(&["models", "use", "not a name"]).refused(1, &["qwen3:4b"]);
    custory.out(&["models", "pull", "new:1b"]);
    drop(ollama);
    custory.run(&["models"]).refused(1, &["Ollama"]);
    custory.run_on(&["draft", "-", "--model", "--json"], &guide(1)).refused(1, &["Ollama"]);
}

#[test]
fn answers_cite_and_proposals_wait_until_accepted() {
    let custory = Custory::new();
    let text = "# Start\n\n1. Create an account with your e-mail.\n2. Invite your team.\n\n## Pricing\n\nPro costs $12 per month. Upgrade to Pro when you need more.\n";
    let draft = custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], text);
    let journey = draft.succeeded();
    let ollama = Ollama::start(|asked, _| {
        let text = asked["messages"][1]["content"].as_str().unwrap_or_default();
        let change = json!({ "cites": ["S1"], "kind": "add_pain", "target": "S1", "text": "The form is long", "why": "" });
        Says::json(&match text {
            it if it.contains("asks: What is missing?") => turn("propose", json!({ "changes": [change] })),
            it if it.contains("asks: Is there a moon?") => turn("not_in_journey", json!({})),
            _ => turn("answer", json!({ "claims": [{ "cites": ["S1"], "text": "It begins with S1" }] })),
        })
    });
    use_model(&custory, &ollama);
    let answer = custory.out(&["ask", "How does it begin?"]);
    assert!(answer.contains("- It begins with “") && answer.contains("[step “"), "{answer}");
    assert!(custory.out(&["ask", "Is there a moon?"]).contains("says nothing"));
    let before = custory.out(&["show", journey.trim(), "--json"]);
    let asked = custory.json(&["ask", "What is missing?", "--json"]);
    assert_eq!(custory.out(&["show", journey.trim(), "--json"]), before);
    let id = asked["id"].as_str().expect("an id");
    assert!(custory.out(&["proposals"]).contains("The form is long"));
    custory.run(&["proposals", "accept", id, "7"]).refused(1, &["from 1 to 1"]);
    custory.out(&["proposals", "accept", id]);
    assert!(custory.out(&["show", journey.trim()]).contains("The form is long"));
    custory.run(&["proposals", "reject", id]).refused(1, &["custory proposals"]);
}

#[test]
fn the_model_that_finds_what_means_the_same_is_chosen_by_itself_or_by_name() {
    let custory = Custory::new();
    let ollama = Ollama::start(|_, _| Says::Nothing);
    use_model(&custory, &ollama);
    let chosen = || custory.json(&["models", "--json"])["settings"]["meaning_model"].clone();
    assert_eq!(chosen(), Value::Null);
    custory.out(&["models", "use", "--meaning", Ollama::MODEL]);
    assert_eq!(chosen(), Ollama::MODEL);
    custory.run(&["models", "use", "--meaning", "no such name"]).refused(1, &["is not the name of a model"]);
    custory.out(&["models", "use", "--meaning", "auto"]);
    assert_eq!(chosen(), Value::Null);
}
