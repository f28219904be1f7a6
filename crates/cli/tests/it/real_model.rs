//! The whole path with a real small model: nothing is expected of what it says, everything of what
//! becomes of it.
//!
//! `CUSTORY_MODEL_SERVER` is the address of an Ollama that is running, or `CUSTORY_MODEL_START` a program
//! that starts one and prints its address; without either, `../shared/llm/setup.sh` beside the repository is
//! such a program if it is there. Without any, or without a model there, this is left out, and says so.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::shared::{Custory, elements};
use custory_domain::draft::{DraftPhase, DraftRequest, Material};
use custory_engine::{Engine, Options};
use custory_ipc::{Event, Reply, Request};
use serde_json::Value;

const MATERIAL: &str = "\
# Boardly

Boardly is a shared board for small product teams. Sign up with your e-mail and create your first board.

## Get started

1. Create an account with your e-mail address.
2. Create your first board and name it.
3. Invite your team. You can invite up to 25 people on the free plan.

## Pricing

The free plan has 3 boards. Pro costs $12 per member per month. Upgrade to Pro when you need more boards.

## Help

Why can't my colleague log in? Invitations expire after 7 days; send a new one from the settings page.
";

/// A server for the time of the test.
struct Server {
    address: String,
    /// What started it, and on which port, if this test did.
    started: Option<(PathBuf, String)>,
}

impl Server {
    /// The server that this machine is to have, if any.
    fn wanted() -> Option<Self> {
        if let Ok(address) = std::env::var("CUSTORY_MODEL_SERVER") {
            return Some(Self { address, started: None });
        }
        if let Some(start) = std::env::var_os("CUSTORY_MODEL_START") {
            return Some(Self::start(start.into()).expect("the model server starts"));
        }
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/llm/setup.sh");
        if !beside.is_file() {
            eprintln!("LEFT OUT: no real model; set CUSTORY_MODEL_SERVER or CUSTORY_MODEL_START");
            return None;
        }
        // What it downloads may be out of reach here, which says nothing about us.
        Self::start(beside).inspect_err(|error| eprintln!("LEFT OUT: no real model: {error}")).ok()
    }

    fn start(program: PathBuf) -> Result<Self, String> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
        let port = free.port().to_string();
        let started = Command::new(&program).env("LLM_PORT", &port).output().map_err(|it| it.to_string())?;
        if !started.status.success() {
            return Err(String::from_utf8_lossy(&started.stderr).into_owned());
        }
        let said = String::from_utf8_lossy(&started.stdout);
        let address = said.lines().last().ok_or("it prints no address")?.trim().to_owned();
        Ok(Self { address, started: Some((program, port)) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((program, port)) = &self.started {
            Command::new(program).arg("stop").env("LLM_PORT", port).output().ok();
        }
    }
}

#[test]
fn a_real_model_drafts_and_answers_and_nothing_unproven_stays() {
    let Some(server) = Server::wanted() else { return };
    let address = server.address.as_str();
    let custory = Custory::new();
    custory.out(&["models", "use", "--url", address]);
    let models = custory.json(&["models", "--json"]);
    let chats = |it: &&Value| it["can_chat"] == true;
    let models = models["models"].as_array().expect("a list");
    let Some(model) = models.iter().filter(chats).min_by_key(|it| it["bytes"].as_u64()) else {
        eprintln!("LEFT OUT: the server at {address} has no model that answers");
        return;
    };
    let model = model["name"].as_str().expect("a name");
    custory.out(&["models", "use", model, "--context", "4096"]);

    let file = custory.data.path().join("material.md");
    std::fs::write(&file, MATERIAL).expect("a file");
    let draft = custory.json(&["draft", file.to_str().expect("a path"), "--model", "--accept", "--json"]);
    let notes = draft["notes"].to_string();
    assert!(notes.contains(&format!("{model} read ")), "{notes}");
    // The gates that hold with any model: the form is kept, and what is not proven is gone.
    let work = &draft["model"];
    assert_eq!((work["unusable"].as_u64(), work["pieces"].as_u64() > Some(0)), (Some(0), true), "{work}");
    let spoken = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace("**", "");
    let material = spoken(MATERIAL);
    for (title, sources) in elements(&draft) {
        assert!(!sources.is_empty(), "{title} cites nothing");
        for source in sources {
            let quote = spoken(source["quote"].as_str().expect("a quote"));
            let is_there = quote.split(['#', '\n']).all(|it| material.contains(it.trim()));
            assert!(is_there, "{title}: “{quote}” is not in the material");
        }
    }

    stops_within_a_second(&custory);

    // A small model may fail to answer in the form; then it says so, and nothing else happens.
    let asked = custory.run(&["ask", "What does the customer do first?", "--json"]);
    if asked.code != Some(0) {
        assert!(asked.err.contains(model) && !asked.err.contains("panicked"), "{}", asked.err);
        return;
    }
    let asked: Value = serde_json::from_str(&asked.out).expect("JSON");
    for claim in asked["answer"]["claims"].as_array().expect("claims") {
        assert!(!claim["cites"].as_array().expect("cites").is_empty(), "{claim}");
    }
}

/// A draft that a real model is reading for ends within a second of being told to, and its thread with it.
fn stops_within_a_second(custory: &Custory) {
    let engine = Engine::start(Options::system(custory.data.path().to_owned())).expect("the engine starts");
    let mut events = engine.events();
    let text: String = (0..40).map(|at| format!("# Part {at}\n\n{MATERIAL}\n\n")).collect();
    let materials = vec![Material::Pasted { title: "Long guide".to_owned(), text }];
    let request = DraftRequest { materials, scope: String::new(), onto: None };
    let begun = engine.request_blocking(Request::StartDraftWithModel { request, model: None, chance: 0 });
    let Ok(Reply::DraftStarted { draft }) = begun else { panic!("{begun:?}") };
    let (told, stopped) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        while let Some(event) = events.next_blocking() {
            let ended = match event {
                Event::DraftProgressed { progress, .. } if progress.phase == DraftPhase::Finding => false,
                Event::DraftFailed { .. } => true,
                _ => continue,
            };
            // The test may have seen enough.
            if told.send(ended).is_err() || ended {
                break;
            }
        }
    });
    assert!(!stopped.recv().expect("it reads"), "it is not stopped yet");
    engine.request_blocking(Request::CancelDraft { draft }).expect("stop");
    while !stopped.recv_timeout(Duration::from_secs(1)).expect("stopped within a second") {}
}
