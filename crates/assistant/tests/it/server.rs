//! Promises of talking to a model server, whatever it does.

use std::time::Duration;

use custory_assistant::server::chat::{Message, Question, Role};
use custory_assistant::server::{Patience, Pulled};
use custory_assistant::structured::{Form, Model, ask};
use custory_assistant::{ModelError, Server, Stop};
use custory_testkit::ollama::{Ollama, Says, stream_of};
use serde_json::{Value, json};

fn model(ollama: &Ollama) -> Model {
    let server = Server::at(ollama.address(), false).expect("a loopback address");
    Model { server, name: Ollama::MODEL.to_owned(), digest: None, context_tokens: 4_096, chance: 0 }
}

fn question(content: &str) -> Question {
    Question {
        model: Ollama::MODEL.to_owned(),
        messages: vec![Message::new(Role::User, content)],
        format: None,
        context_tokens: 4_096,
        answer_tokens: 100,
        chance: 0,
    }
}

async fn said(says: Says) -> Result<String, ModelError> {
    let ollama = Ollama::start(move |_, _| says.clone());
    let said = model(&ollama).server.chat(&question("Hi"), &Stop::default(), &mut |_| {}).await;
    said.map(|it| it.text)
}

fn line(content: &str) -> Vec<u8> {
    format!("{}\n", json!({ "message": { "content": content }, "done": false })).into_bytes()
}

#[tokio::test]
async fn an_answer_is_whole_however_its_bytes_are_cut() {
    let text = "Zürich café 日本語 🚀 ok";
    for size in [1, 2, 3, 5, 64, 4_096] {
        let bytes = stream_of(&json!({}), text, "stop").concat();
        let cut = bytes.chunks(size).map(<[u8]>::to_vec).collect();
        assert_eq!(said(Says::Pieces(cut)).await.as_deref(), Ok(text), "in pieces of {size}");
    }
}

/// Whether an error is the expected one.
type Is = fn(&ModelError) -> bool;

#[tokio::test]
async fn half_an_answer_is_never_taken_for_one() {
    let good = line("half an ");
    let done = |reason: &str| format!("{}\n", json!({ "done": true, "done_reason": reason })).into_bytes();
    let error = format!("{}\n", json!({ "error": "llama runner process has terminated" })).into_bytes();
    let nested =
        format!("{}\n", json!({ "error": { "code": 500, "message": "out of memory" } })).into_bytes();
    let broke = |it: &ModelError| matches!(it, ModelError::Broke { .. });
    let cut = |it: &ModelError| matches!(it, ModelError::Cut { .. });
    let memory = |it: &ModelError| matches!(it, ModelError::OutOfMemory { .. });
    let cases: [(&str, Says, Is); 9] = [
        ("an error in the middle", Says::Pieces(vec![good.clone(), error]), broke),
        ("an error of another server", Says::Pieces(vec![good.clone(), nested]), memory),
        ("the end without a last line", Says::Pieces(vec![good.clone()]), broke),
        ("a dead line", Says::Breaks(vec![good.clone()]), broke),
        ("half a line", Says::Pieces(vec![good.clone(), b"{\"message\":{\"cont".to_vec()]), broke),
        ("no JSON", Says::Pieces(vec![b"<html>\n".to_vec()]), broke),
        ("its longest length", Says::Cut("half an ".into()), cut),
        ("being unloaded", Says::Pieces(vec![good, done("unload")]), broke),
        ("nothing at all", Says::Pieces(vec![]), broke),
    ];
    for (what, says, is_expected) in cases {
        let error = said(says).await.expect_err(what);
        assert!(is_expected(&error), "{what}: {error:?}");
    }
}

#[tokio::test]
async fn what_a_server_refuses_is_said_with_what_to_do() {
    for (status, body, expected) in [
        (
            500,
            json!({ "error": "model requires more system memory (5.6 GiB) than is available (3.1 GiB)" }),
            "smaller model",
        ),
        (
            400,
            json!({ "error": "the prompt is longer than the context length currently available to the model" }),
            "context length",
        ),
        (
            400,
            json!({ "error": { "message": "request (9000 tokens) exceeds the context size" } }),
            "longer than",
        ),
        (404, json!({ "error": "model 'x' not found" }), "custory models pull"),
        (503, json!({ "error": "server busy, please try again" }), "server busy"),
        (502, Value::Null, "Ollama refused"),
    ] {
        let error = said(Says::Refuses(status, body.to_string())).await.expect_err("refused");
        assert!(error.to_string().contains(expected), "{status} {body}: {error}");
    }
}

#[tokio::test]
async fn a_prompt_that_the_server_cut_is_no_answer() {
    let ollama = Ollama::start(|_, _| {
        let last = json!({ "message": { "content": "{}" }, "done": true, "done_reason": "stop", "prompt_eval_count": 2_050 });
        Says::Pieces(vec![format!("{last}\n").into_bytes()])
    });
    let server = model(&ollama).server;
    let long = "word ".repeat(9_000);
    let error = server.chat(&question(&long), &Stop::default(), &mut |_| {}).await.expect_err("cut");
    assert!(matches!(error, ModelError::TooLong { context_tokens: 4_096, .. }), "{error:?}");
    assert!(server.chat(&question("short"), &Stop::default(), &mut |_| {}).await.is_ok());
    let asked = ollama.asked();
    assert!(asked.iter().all(|it| it["options"]["num_ctx"] == 4_096 && it["truncate"] == false), "{asked:?}");
}

#[tokio::test]
async fn stopping_ends_the_wait_at_once() {
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let stop = Stop::default();
    let (server, asked) = (model(&ollama).server, question("Hi"));
    let waiting = {
        let stop = stop.clone();
        tokio::spawn(async move { server.chat(&asked, &stop, &mut |_| {}).await })
    };
    while ollama.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.tell();
    let ended = tokio::time::timeout(Duration::from_secs(1), waiting).await.expect("within a second");
    assert_eq!(ended.expect("no panic"), Err(ModelError::Stopped));
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let patience = Patience { first_word_secs: 0, ..Patience::default() };
    let server = model(&ollama).server.with_patience(patience);
    let error = server.chat(&question("Hi"), &Stop::default(), &mut |_| {}).await.expect_err("silent");
    assert!(matches!(error, ModelError::Silent { .. }), "{error:?}");
}

#[tokio::test]
async fn where_nobody_listens_it_is_said_what_to_do() {
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    let server = Server::at(&format!("http://{free}"), false).expect("a loopback address");
    let error = server.list().await.expect_err("nobody there");
    assert!(matches!(error, ModelError::NotInstalled | ModelError::NotRunning { .. }), "{error:?}");
    let error = server.chat(&question("Hi"), &Stop::default(), &mut |_| {}).await.expect_err("nobody there");
    assert!(matches!(error, ModelError::NotInstalled | ModelError::NotRunning { .. }), "{error:?}");
}

#[tokio::test]
async fn models_are_listed_with_what_they_can_and_need() {
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let server = model(&ollama).server;
    let listed = server.list().await.expect("a list");
    assert_eq!(listed[0].name, Ollama::MODEL);
    let details = server.show(Ollama::MODEL).await.expect("details");
    assert_eq!(
        (details.context_tokens, details.can_chat, details.can_call_tools),
        (Some(32_768), true, false)
    );
    // 16 layers · 8 heads · 64 wide · keys and values of 2 bytes.
    assert_eq!(details.bytes_per_token, Some(32_768));
    assert_eq!(details.memory_bytes(1_000_000, 4_096), (1_000_000 + 32_768 * 4_096) / 10 * 11 + 8);
    assert!(matches!(server.show("other:1b").await, Err(ModelError::NoSuchModel { .. })));
    let vectors = server
        .embed(Ollama::MODEL, &["abc d".into(), "abc e".into()], &Stop::default())
        .await
        .expect("vectors");
    assert!(custory_assistant::server::embed::likeness(&vectors[0], &vectors[1]) > 0.99);
}

#[tokio::test]
async fn a_model_is_checked_before_long_work() {
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let long = Model { context_tokens: 100_000, ..model(&ollama) };
    let checked = long.clone().checked(&Stop::default()).await.expect("it is there");
    assert_eq!(checked.context_tokens, 32_768, "no longer than it was made for");
    let missing = Model { name: "other:1b".to_owned(), ..long };
    let error = missing.checked(&Stop::default()).await.expect_err("it is not there");
    assert!(matches!(error, ModelError::NoSuchModel { .. }), "{error:?}");
}

#[tokio::test]
async fn a_download_tells_how_far_it_is_and_whether_it_arrived() {
    let ollama = Ollama::start(|_, _| Says::Nothing);
    let mut heard: Vec<Pulled> = Vec::new();
    let pulled = model(&ollama).server.pull("new:1b", &Stop::default(), &mut |it| heard.push(it)).await;
    assert_eq!(pulled, Ok(()));
    assert!(heard.iter().any(|it| (it.done_bytes, it.total_bytes) == (40, 100)), "{heard:?}");

    for (lines, expected) in [
        (vec![json!({ "error": "pull model manifest: file does not exist" })], "no model called new:1b"),
        (vec![json!({ "status": "pulling manifest" })], "start it again"),
    ] {
        let lines = lines.iter().map(Value::to_string).collect();
        let ollama = Ollama::start_with_pulls(|_, _| Says::Nothing, lines);
        let error =
            model(&ollama).server.pull("new:1b", &Stop::default(), &mut |_| {}).await.expect_err("failed");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn an_answer_of_another_form_gets_one_try_to_be_mended() {
    let number = |text: &str| {
        let value: Value = serde_json::from_str(text).map_err(|it| it.to_string())?;
        value["n"].as_u64().ok_or_else(|| "n is no number".to_owned())
    };
    let cases: [(&str, Vec<Says>, Option<u64>, usize); 5] = [
        ("a good one", vec![Says::Text("{\"n\":1}".into())], Some(1), 1),
        ("one in a fence, format ignored", vec![Says::Text("```json\n{\"n\":2}\n```".into())], Some(2), 1),
        (
            "prose, then a good one",
            vec![Says::Text("Sure!".into()), Says::Text("{\"n\":3}".into())],
            Some(3),
            2,
        ),
        (
            "a cut one, then a good one",
            vec![Says::Cut("{\"n\":".into()), Says::Text("{\"n\":4}".into())],
            Some(4),
            2,
        ),
        ("two bad ones", vec![Says::Text("{\"n\":\"x\"}".into()), Says::Text("{\"n\":".into())], None, 2),
    ];
    for (what, script, expected, tries) in cases {
        let ollama = Ollama::start(move |_, nth| script.get(nth).cloned().expect("no third try"));
        let form = Form {
            whole: json!({ "type": "object" }),
            short: json!({ "type": "object", "maxProperties": 1 }),
        };
        let messages = [Message::new(Role::User, "Give me a number")];
        let answer = ask(&model(&ollama), &messages, &form, 100, &Stop::default(), &mut |_| {}, number).await;
        match expected {
            Some(n) => assert_eq!(answer.expect(what).0, n, "{what}"),
            None => assert!(answer.expect_err(what).is_about_the_answer(), "{what}"),
        }
        let asked = ollama.asked();
        assert_eq!(asked.len(), tries, "{what}");
        let forms: Vec<_> = asked.iter().map(|it| it["format"].clone()).collect();
        assert_eq!(forms, [form.whole, form.short][..tries], "{what}: the second try has room for less");
    }
}
