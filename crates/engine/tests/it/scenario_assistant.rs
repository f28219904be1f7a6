//! The assistant's whole path: find friction, enrich an insight, create items, write an issue's text and make
//! the issue. Each write waits for a person; nothing goes out but what was shown before.

use std::collections::BTreeMap;

use crate::shared::{ask, board, dispatch, engine, journey, turn, use_model};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::ollama::{Ollama, Says};
use custory_testkit::vendors::{LINEAR_KEY, Linear};
use serde_json::{Value, json};

const ISSUE_TEXT: &str = "Invitations are not opened on phones. Show the code in the message itself.";

/// What the model does, by a word of the question.
fn model() -> Ollama {
    let change = |kind: &str, target: &str, text: &str| json!({ "cites": ["I1"], "kind": kind, "target": target, "text": text, "why": "customers say so" });
    Ollama::start(move |asked, _| {
        let text = asked["messages"][1]["content"].as_str().unwrap_or_default();
        let question = text.rsplit_once("The team asks: ").map_or("", |it| it.1);
        let propose = |changes: Value| Says::json(&turn("propose", json!({ "changes": changes })));
        if question.contains("struggle") {
            if !text.contains("list_friction:") {
                return Says::json(&turn("look", json!({ "tool": "list_friction" })));
            }
            let claim =
                json!({ "cites": ["I1", "S1"], "text": "Invitations get lost at Sign up, with severity 4." });
            return Says::json(&turn("answer", json!({ "claims": [claim] })));
        }
        if question.contains("enrich") {
            return propose(json!([change(
                "describe",
                "I1",
                "Seen on phones, in the message with the invitation."
            )]));
        }
        if question.contains("opportunity") {
            return propose(json!([
                change("add_opportunity", "I1", "How might we keep invitations from getting lost?"),
                change("add_solution", "S1", "Put the code into the message")
            ]));
        }
        let name = text.lines().find_map(|it| it.split_once(" opportunity “")).map_or("", |it| it.0.trim());
        propose(json!([change("describe", name, ISSUE_TEXT)]))
    })
}

fn accept_all(engine: &Engine, asked: &Asked) {
    let accept = (0..asked.answer.proposal.len()).collect();
    let request = Request::DecideProposal { asked: asked.id, accept, texts: BTreeMap::new() };
    engine.request_blocking(request).expect("accepted");
}

#[test]
fn friction_enriching_items_and_an_issue_are_four_decisions_of_a_person_and_no_silent_write() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    let insight = Insight {
        statement: "Invitations get lost".to_owned(),
        sort: InsightSort::Pain,
        severity: Some(4),
        steps: [StepId::from_parts(1, 1)].into(),
        ..Insight::new(InsightId::from_parts(1, 2))
    };
    let insight_id = insight.id;
    dispatch(&engine, journey, Command::add(insight));
    let (ollama, linear) = (model(), Linear::start());
    use_model(&engine, &ollama);
    let request = Request::Connectors(ConnectorsRequest::Connect {
        vendor: "linear".to_owned(),
        key: Hidden(LINEAR_KEY.to_owned()),
        settings: BTreeMap::new(),
        base_url: Some(linear.address()),
    });
    engine.request_blocking(request).expect("connected");

    let before = board(&engine, journey);
    let friction = ask(&engine, journey, "Where do customers struggle?");
    assert!(friction.answer.looked_at.iter().any(|it| it.contains("list_friction")), "{friction:?}");
    let cites = &friction.answer.claims[0].cites;
    assert!(cites.iter().any(|it| it.entity == insight_id.into()), "{friction:?}");
    assert_eq!(board(&engine, journey), before, "an answer changes nothing");

    for question in [
        "Please enrich the insight on invitations",
        "Which opportunity follows from lost invitations?",
        "Write the issue text on invitations",
    ] {
        let before = board(&engine, journey);
        let asked = ask(&engine, journey, question);
        assert!(!asked.answer.proposal.is_empty(), "{question}: {asked:?}");
        assert_eq!(board(&engine, journey), before, "{question}: proposing changes nothing");
        accept_all(&engine, &asked);
        assert_ne!(board(&engine, journey), before, "{question}");
    }
    let after = board(&engine, journey);
    let opportunity = after.opportunities.values().next().expect("it was created");
    assert_eq!(after.insights[&insight_id].notes, "Seen on phones, in the message with the invitation.");
    assert_eq!((opportunity.notes.as_str(), after.solutions.len()), (ISSUE_TEXT, 1));
    assert!(linear.issues().is_empty(), "no proposal goes out");

    let entity = opportunity.id.into();
    let shown =
        engine.request_blocking(Request::Connectors(ConnectorsRequest::PreviewIssue { journey, entity }));
    let Ok(Reply::IssuePreview { issue }) = shown else { panic!("{shown:?}") };
    assert!(issue.body.contains(ISSUE_TEXT), "{}", issue.body);
    assert!(linear.issues().is_empty(), "a look sends nothing");
    let (vendor, team) = ("linear".to_owned(), Linear::TEAM.to_owned());
    let send = Request::Connectors(ConnectorsRequest::SendToTracker {
        journey,
        entity,
        vendor,
        team,
        issue: Some(issue.clone()),
    });
    engine.request_blocking(send).expect("sent, once a person said so");
    let made: Vec<_> = linear.issues().into_iter().map(|it| (it.title, it.description)).collect();
    assert_eq!(made, [(issue.title, issue.body)], "what was shown is what was sent");
}
