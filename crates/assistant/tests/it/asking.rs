//! Promises of answers about a journey: what is cited is there, and nothing changes by asking.

use crate::shared::{NOW, World, model, turn};
use custory_assistant::answering::{Maker, answer, is_allowed, is_current};
use custory_assistant::tools::{Desk, Names, Tool};
use custory_assistant::{ModelError, Stop};
use custory_domain::{
    Change, Command, Entity, EntityKind, Insight, InsightField, InsightId, Stamp, StepField, carry_out,
};
use custory_ipc::Answer;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::{Value, json};

async fn asked(world: &World, ollama: &Ollama, question: &str) -> Result<Answer, ModelError> {
    let desk = Desk::of(world.board.clone(), NOW);
    let mut next = 1_000_000u128;
    let mut mint = || {
        next += 1;
        ulid::Ulid::from_parts(NOW.0 as u64, next)
    };
    let mut maker = Maker { mint: &mut mint, stamp: Stamp { at: NOW, ..Stamp::default() } };
    answer(&model(ollama), &desk, question, &mut maker, &Stop::default(), &mut |_| {}).await
}

async fn said(world: &World, says: Value) -> Answer {
    let ollama = Ollama::start(move |_, _| Says::json(&says));
    asked(world, &ollama, "Where do people struggle?").await.expect("an answer")
}

fn claims(all: &[(&str, &[&str])]) -> Value {
    let claims: Vec<Value> =
        all.iter().map(|(text, cites)| json!({ "cites": cites, "text": text })).collect();
    turn("answer", json!({ "claims": claims }))
}

#[tokio::test]
async fn an_answer_keeps_what_the_journey_bears_out_and_says_what_went() {
    let world = World::new();
    let answer = said(
        &world,
        claims(&[
            ("People wait for the verification mail at S2", &["S2", "I1"]),
            ("62 % give up at the payment page", &["S2"]),
            ("Dolphins sleep with half a brain", &["S1"]),
            ("The mail does not arrive", &["I9", "S44"]),
            ("Severity is 4", &["I1"]),
        ]),
    )
    .await;
    let texts: Vec<&str> = answer.claims.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["People wait for the verification mail at “Verify the e-mail”", "Severity is 4"]);
    assert_eq!(answer.claims[0].cites.len(), 2);
    assert_eq!(answer.claims[0].cites[1].entity, world.pain.into());
    assert_eq!(answer.dropped.len(), 3, "{:?}", answer.dropped);
    assert!(answer.proposal.is_empty());
}

#[tokio::test]
async fn not_in_the_journey_is_an_answer() {
    let answer = said(&World::new(), turn("not_in_journey", json!({}))).await;
    assert!(answer.is_empty() && answer.dropped.is_empty());
    assert!(!answer.looked_at.is_empty());
}

#[tokio::test]
async fn of_a_thousand_made_up_citations_none_is_accepted() {
    let world = World::new();
    let desk = Desk::of(world.board.clone(), NOW);
    let mut given = Names::default();
    desk.answer(Tool::GetJourney, "", "", &mut given).expect("a journey");
    let mut made_up: Vec<String> = Vec::new();
    for at in 0..200u64 {
        made_up.push(format!("S{}", at + 100)); // a step that is not there
        made_up.push(custory_domain::StepId::from_parts(at, at.into()).to_string()); // an identifier
        made_up.push(format!("step/{}", custory_domain::StepId::from_parts(at, 7))); // one with its kind
        made_up.push(format!("s{at}")); // another case
        made_up.push(format!("I0{at}\u{200b}")); // hidden characters
        made_up.push(format!("⟦S{at}⟧")); // in brackets
    }
    made_up.push(world.trashed.to_string());
    assert!(made_up.len() >= 1_000);
    let mut accepted = 0;
    for some in made_up.chunks(20) {
        let claims: Vec<Value> = some
            .chunks(4)
            .map(|it| json!({ "cites": it, "text": "People wait for the verification mail" }))
            .collect();
        let answer = said(&world, turn("answer", json!({ "claims": claims }))).await;
        accepted += answer.claims.len();
    }
    assert_eq!(accepted, 0);
}

#[tokio::test]
async fn what_is_in_the_trash_is_neither_shown_nor_found() {
    let world = World::new();
    let desk = Desk::of(world.board.clone(), NOW);
    let mut names = Names::default();
    for tool in Tool::ALL {
        for name in ["", "S1", "S2", "I1", "O1", "M1"] {
            let said = desk.answer(tool, name, "secret old step pain", &mut names).unwrap_or_else(|it| it);
            assert!(!said.contains("Secret"), "{}: {said}", tool.name());
        }
    }
    assert_eq!(names.of(world.trashed.into()), None);
}

#[tokio::test]
async fn a_model_may_look_and_then_answers_from_what_it_saw() {
    let world = World::new();
    let ollama = Ollama::start(|_, nth| {
        Says::json(&match nth {
            0 => turn("look", json!({ "tool": "list_friction" })),
            1 => turn("look", json!({ "tool": "get_metric", "name": "M1" })),
            2 => turn("look", json!({ "tool": "delete_everything", "name": "S1" })),
            3 => turn("look", json!({ "tool": "search", "query": "metric" })),
            _ => claims(&[("Signups went from 400 to 300", &["M1"])]),
        })
    });
    let answer = asked(&world, &ollama, "How did signups change?").await.expect("an answer");
    assert_eq!(answer.claims.len(), 1, "{answer:?}");
    let asked = ollama.asked();
    let shown = asked.last().expect("asked")["messages"][1]["content"].as_str().expect("text").to_owned();
    assert!(shown.contains("change to the value before: -100 (-25 %)"), "{shown}");
    assert!(answer.looked_at.iter().any(|it| it.starts_with("list_friction")), "{:?}", answer.looked_at);
}

#[tokio::test]
async fn a_model_that_only_looks_is_made_to_answer() {
    let world = World::new();
    let ollama = Ollama::start(|_, _| Says::json(&turn("look", json!({ "tool": "list_stale" }))));
    let error = asked(&world, &ollama, "And?").await.expect_err("it never answers");
    assert!(error.is_about_the_answer(), "{error:?}");
    assert!(ollama.asked().len() <= 6, "{}", ollama.asked().len());
}

#[tokio::test]
async fn a_change_is_proposed_once_and_without_numbers_of_its_own() {
    let change = |kind: &str, text: &str| json!({ "cites": ["I1"], "kind": kind, "target": "S2", "text": text, "why": "" });
    let changes = json!([
        change("rename", "Confirm the e-mail"),
        change("rename", "Check the mail"),
        change("add_pain", "The mail is late"),
        change("add_pain", "the mail is LATE"),
        change("add_gain", "The mail comes within 30 seconds"),
    ]);
    let answer = said(&World::new(), turn("propose", json!({ "changes": changes }))).await;
    let after: Vec<&str> = answer.proposal.iter().map(|it| it.after.as_str()).collect();
    assert_eq!(after, ["Confirm the e-mail", "The mail is late"]);
    assert_eq!(answer.dropped.len(), 3, "{:?}", answer.dropped);
}

#[tokio::test]
async fn changes_are_proposed_and_never_made() {
    let world = World::new();
    let change = |kind: &str, target: &str, text: &str| json!({ "cites": ["I1"], "kind": kind, "target": target, "text": text, "why": "I1 says so" });
    let answer = said(
        &world,
        turn(
            "propose",
            json!({ "changes": [
        change("rename", "S2", "Confirm the e-mail"),
        change("add_opportunity", "I1", "Send the mail at once"),
        change("describe", "S2", "They click the link in the mail"),
        change("rename", "M1", "Another metric"),
        change("add_pain", "S99", "Nowhere"),
        change("rename", "S1", "Sign up"),
    ] }),
        ),
    )
    .await;
    let labels: Vec<&str> = answer.proposal.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(answer.proposal.len(), 3, "{labels:?}");
    assert_eq!(answer.dropped.len(), 3, "{:?}", answer.dropped);
    let rename = &answer.proposal[0];
    assert_eq!((rename.before.as_str(), rename.after.as_str()), ("Verify the e-mail", "Confirm the e-mail"));
    assert!(rename.why.contains("“The mail does not arrive"), "{}", rename.why);
    let Command::Add { entity, .. } = &answer.proposal[1].command else { panic!("{answer:?}") };
    assert_eq!(entity.entity_ref().kind, EntityKind::Opportunity);
    assert!(answer.proposal.iter().all(|it| is_allowed(&it.command) && is_current(&world.board, it)));

    // Somebody else renamed the step since.
    let set = StepField::Title("Check the mail".to_owned());
    let command = Command::set(Change::Step { id: world.verify, set });
    let changed = carry_out(&world.board, command, Stamp::default()).expect("a rename");
    let mut board = world.board.clone();
    changed.after.into_iter().for_each(|it| board.put(it));
    assert!(!is_current(&board, rename));
    assert!(is_current(&board, &answer.proposal[1]));
}

#[tokio::test]
async fn an_opportunity_is_drafted_from_pains_and_linked_to_all_that_it_rests_on() {
    let mut world = World::new();
    let doubt = Insight {
        statement: "People take the mail for spam".to_owned(),
        steps: [world.verify].into(),
        ..Insight::new(InsightId::from_parts(1, 20))
    };
    world.board.put(doubt.clone().into());
    let drafted = json!([
        { "cites": ["I1", "I2"], "kind": "add_opportunity", "target": "S2",
          "text": "How might we make the mail arrive and be trusted", "why": "I1 and I2 stop people" },
        { "cites": ["I1"], "kind": "add_opportunity", "target": "S2",
          "text": "How might we win back 40 % of them", "why": "" },
    ]);
    let answer = said(&world, turn("propose", json!({ "changes": drafted }))).await;
    let [proposed] = answer.proposal.as_slice() else { panic!("{answer:?}") };
    let Command::Add { entity, .. } = &proposed.command else { panic!("{proposed:?}") };
    let Entity::Opportunity(opportunity) = &**entity else { panic!("{entity:?}") };
    assert_eq!(opportunity.insights, [world.pain, doubt.id].into());
    assert_eq!(opportunity.steps, [world.verify].into());
    assert_eq!((opportunity.impact, opportunity.effort), (None, None), "what nobody has said stays open");
    assert!(answer.dropped[0].contains("number"), "a share that is nowhere in the journey: {answer:?}");
}

#[tokio::test]
async fn an_insight_is_enriched_from_what_the_journey_says_and_keeps_its_own_words() {
    let world = World::new();
    let told = |text: &str, cites: &[&str]| json!({ "cites": cites, "kind": "describe", "target": "I1", "text": text, "why": "" });
    let changes = json!([
        told("A customer waited an hour for it", &["E1"]),
        told("It happens to 9 of 10 people", &["E1"]),
        told("Everybody says so", &["E77"]),
    ]);
    let ollama = Ollama::start(move |_, nth| {
        Says::json(&match nth {
            0 => turn("look", json!({ "tool": "get_item", "name": "I1" })),
            _ => turn("propose", json!({ "changes": changes })),
        })
    });
    let answer = asked(&world, &ollama, "Where does the mail not arrive?").await.expect("an answer");
    let [proposed] = answer.proposal.as_slice() else { panic!("{answer:?}") };
    let set = InsightField::Notes("A customer waited an hour for it".to_owned());
    assert_eq!(proposed.command, Command::set(Change::Insight { id: world.pain, set }));
    assert_eq!(proposed.cites.iter().map(|it| it.entity).collect::<Vec<_>>(), [world.quote.into()]);
    assert_eq!(answer.dropped.len(), 2, "{answer:?}");
    let now = world.board.insights[&world.pain].statement.as_str();
    assert_eq!(now, "The mail does not arrive, people wait for verification");
}
