//! A local model in the real window: its server set, the model chosen and tried, asked, and what it
//! proposes put onto the map and taken back again. The model is a stand-in that says what the test tells it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use custory_testkit::ollama::{Ollama, Says, stream_of};
use serde_json::{Value, json};

use crate::screens::shoot_both;
use crate::window::{CONTROL, Display, ENTER, Window};

/// A turn of the model, as the assistant asks for it.
fn turn(act: &str, more: &Value) -> Value {
    let mut turn = json!({ "act": act, "changes": [], "claims": [], "name": "", "query": "", "tool": "" });
    for (name, value) in more.as_object().into_iter().flatten() {
        turn[name] = value.clone();
    }
    turn
}

/// What the stand-in says: to the test of the settings, to a question, to a wish.
fn model(asked: &Value, _nth: usize) -> Says {
    let text = asked["messages"].to_string();
    if text.contains("Which colour has grass") {
        return Says::json(&json!({ "colour": "green" }));
    }
    if text.contains("The team asks: What should we change") {
        let change = |kind: &str, text: &str| json!({ "cites": ["S1"], "kind": kind, "target": "S1", "text": text, "why": "" });
        let changes = [
            change("rename", "Hear about it from a friend"),
            change("add_pain", "Nobody knows what it is for"),
        ];
        return Says::json(&turn("propose", &json!({ "changes": changes })));
    }
    if text.contains("The team asks: Tell me at length") {
        // It begins, and then says nothing more.
        let begun = "{\"act\":\"answer\",\"changes\":[],\"claims\":[{\"cites\":[\"S1\"],\"text\":\"The journey begins with a search";
        let mut lines = stream_of(asked, begun, "stop");
        lines.pop();
        return Says::Hangs(lines);
    }
    if text.contains("The team asks: What does it cost") {
        return Says::json(&turn("not_in_journey", &json!({})));
    }
    let claims = json!([{ "cites": ["S1"], "text": "The journey begins with this step" }]);
    Says::json(&turn("answer", &json!({ "claims": claims })))
}

/// A field's text replaced, wherever the focus was.
async fn fill(window: &Window, css: &str, text: &str) {
    window.click(css).await;
    window.type_over(text).await;
}

#[tokio::test]
async fn a_model_is_set_up_asked_and_its_proposal_accepted_in_part_and_undone() {
    let pulls = vec![
        json!({ "status": "pulling manifest" }).to_string(),
        json!({ "status": "pulling aaa", "digest": "aaa", "total": 2_500_000_000u64, "completed": 1_000_000_000u64 })
            .to_string(),
    ];
    let ollama = Ollama::start_with_a_long_pull(model, pulls);
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;

    // Without a model the assistant leads to the settings. Without a server these say what to do; with one
    // the model is there to be chosen and tried.
    window.press_with(CONTROL, "j").await;
    window.see("#assistant-setup").await;
    window.shoot("assistant-none").await;
    window.click("#assistant-setup").await;
    window.until("document.activeElement.id === 'local-ai'").await;
    fill(&window, "#model-address", "http://127.0.0.1:1").await;
    window.click("#model-address-save").await;
    window.until("document.querySelector('#models-standing')?.innerText.includes('Not found')").await;
    window.until("document.querySelector('#local-ai').innerText.includes('rules alone')").await;
    window.value("document.querySelector('#local-ai').scrollIntoView()").await;
    window.shoot("models-none").await;
    fill(&window, "#model-address", ollama.address()).await;
    window.click("#model-address-save").await;
    window.until("document.querySelector('#models-standing')?.innerText.includes('Running')").await;
    window.click(&format!("#local-ai [role=radio][aria-label='Use {}']", Ollama::MODEL)).await;
    window.until("document.querySelector('#local-ai .tag')?.innerText === 'In use'").await;
    window.click("#model-test").await;
    window.until("!!document.querySelector('#local-ai p.good')").await;

    // Another one is on its way until it is stopped.
    fill(&window, "#model-name", "qwen3:4b").await;
    window.press(ENTER).await;
    window.until("document.querySelector('.mdl-p')?.innerText.includes('1.0 GB of 2.5 GB')").await;
    shoot_both(&window, "models").await;

    window.click("[aria-label='Stop the download of qwen3:4b']").await;
    window.until("!document.querySelector('.mdl-p')").await;
    assert_eq!(window.value("document.querySelectorAll('#local-ai [role=alert]').length").await, json!(0));

    // Asked by keyboard; the answer leads to what it rests on.
    window.click(".side .nav[title='Owner onboarding']").await;
    window.see(".mapv .stp").await;
    window.until("document.activeElement.id === 'assistant-q'").await;
    shoot_both(&window, "assistant-begin").await;
    window.press("How does it begin?").await;
    window.press(ENTER).await;
    window.click("#assistant .cits button").await;
    let first = "document.querySelector('.mapv .stp[role=columnheader]')";
    window.until(&format!("{first}.contains(document.activeElement)")).await;

    // What the journey does not say is said to be missing.
    window.press_with(CONTROL, "j").await;
    window.until("document.activeElement.id === 'assistant-q'").await;
    window.press("What does it cost to run a server?").await;
    window.press(ENTER).await;
    window
        .until("document.querySelector('#assistant .asst-e')?.innerText.includes('Not in the journey')")
        .await;

    // An answer is seen while it is written, and stopping it is at once.
    window.press("Tell me at length").await;
    window.press(ENTER).await;
    window
        .until("document.querySelector('#assistant .asst-g')?.innerText.includes('begins with a search')")
        .await;
    window.until("document.querySelector('#assistant .asst-g').innerText.includes('before it counts')").await;
    shoot_both(&window, "assistant-writing").await;
    window.click("#assistant-stop").await;
    window.until("!document.querySelector('#assistant .asst-g')").await;
    window.until("document.querySelector('#assistant-q').value === 'Tell me at length'").await;
    window.click("#assistant-q").await;
    window.press_with(CONTROL, "a").await;

    // Of two changes one is accepted and one rejected: that is one change on the map.
    window.press("What should we change first?").await;
    window.press(ENTER).await;
    window.until("document.querySelectorAll('#assistant .dif-i').length === 2").await;
    let before = window.value(&format!("{first}.innerText")).await;
    let row = |at: usize, verb: &str| {
        format!(
            "[...document.querySelectorAll('#assistant .dif-i')[{at}].querySelectorAll('button')].find(it => it.textContent === '{verb}').click()"
        )
    };
    window.value(&row(0, "Accept")).await;
    window.until("document.querySelectorAll('#assistant .dif-i.yes').length === 1").await;
    shoot_both(&window, "assistant").await;
    assert_eq!(window.value(&format!("{first}.innerText")).await, before, "nothing is changed yet");
    window.value(&row(1, "Reject")).await;
    window.click("#assistant .dif-f .btn.pri").await;
    window.until(&format!("{first}.innerText.includes('Hear about it from a friend')")).await;
    window.until("!document.querySelector('.mapv').innerText.includes('Nobody knows what it is for')").await;
    window.shoot("assistant-decided").await;

    // One undo takes it back.
    window.click(".mapv .stp[role=columnheader]").await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("!{first}.innerText.includes('Hear about it from a friend')")).await;

    // Questions are kept, found and deleted.
    window.press_with(CONTROL, "j").await;
    window.click("#assistant-past").await;
    window.until("document.querySelectorAll('#assistant .asst-r').length === 3").await;
    window.press("cost").await;
    window.until("document.querySelectorAll('#assistant .asst-r').length === 1").await;
    window.shoot("assistant-past").await;
    window.click("#assistant .asst-r [aria-label^=Delete]").await;
    window.click(".dlg .btn.danger").await;
    window.until("document.querySelectorAll('#assistant .asst-r').length === 0").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}

/// What a guide says, in words that rules alone do not make a step of.
const GUIDE: &str = "# Boardly guide\n\nBoardly is a shared board for small product teams.\n\n## Archive\n\n\
    You need an admin to archive list zero when the week is over.\n\n## Create a board\n\n\
    1. Create your first board.\n2. Invite your team.\n\n## Pricing\n\nPro costs $12 per month.\n\n\
    ## Sign up\n\nSign up with your e-mail. Upgrade to Pro when you need more boards.\n";

/// Facts about the guide, as a draft asks for them.
fn facts(asked: &Value) -> Says {
    let text = asked["messages"][1]["content"].as_str().unwrap_or_default();
    let lines = text.lines().filter_map(|it| it.split_once(": ")).filter(|it| it.0.starts_with('p'));
    let fact = |(from, _): (&str, &str)| {
        let quote = "You need an admin to archive list zero";
        json!({ "from": from, "kind": "action", "quote": quote, "stage": "use", "text": "Archive a list" })
    };
    let facts: Vec<Value> = lines.filter(|it| it.1.contains("archive list")).map(fact).collect();
    Says::json(&json!({ "facts": facts }))
}

#[tokio::test]
async fn a_draft_with_a_model_is_stopped_goes_on_and_says_what_the_model_found() {
    let is_silent = Arc::new(AtomicBool::new(true));
    let silent = Arc::clone(&is_silent);
    let ollama = Ollama::start(move |asked, _| {
        let is_check = !asked["messages"].to_string().contains("archive list");
        if silent.load(Ordering::Relaxed) && !is_check { Says::Nothing } else { facts(asked) }
    });
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let material = tempfile::tempdir().expect("a folder");
    std::fs::write(material.path().join("guide.md"), GUIDE).expect("a guide");
    let window = Window::open(&display, folder.path()).await;
    window.click("#begin-blank").await;
    window.see(".mapv .stg").await;
    window.click(".side .nav[title='Settings']").await;
    fill(&window, "#model-address", ollama.address()).await;
    window.click("#model-address-save").await;
    window.click(&format!("#local-ai [role=radio][aria-label='Use {}']", Ollama::MODEL)).await;
    window.until("document.querySelector('#local-ai .tag')?.innerText === 'In use'").await;

    // What it costs is said before; then the model says nothing, and Stop ends it.
    window.click(".side .nav[title='Build from your product']").await;
    window.until("document.querySelector('#draft-model')?.innerText.includes('scripted:1b')").await;
    shoot_both(&window, "draft-model").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    window.see("#src-folder").await.send_keys(&material.path().to_string_lossy()).await.expect("a field");
    window.until("document.querySelector('#draft-model')?.innerText.includes('scripted:1b')").await;
    window.until("document.querySelector('.src-scope').innerText.includes('240 pieces')").await;
    window.click("#read-and-draft").await;
    window.until("/0 of \\d/.test(document.querySelector('.rd-p .pg[aria-current]')?.innerText)").await;
    window.until("document.querySelector('#reading').innerText.includes('scripted:1b')").await;
    shoot_both(&window, "reading-model").await;
    window.click("#stop-reading").await;
    window.see("#sources").await;

    // Begun again it comes to an end, and what only the model found is marked, with its proof.
    is_silent.store(false, Ordering::Relaxed);
    window.click("#read-and-draft").await;
    window.see("#accept").await;
    window.until("document.querySelector('[role=grid]').innerText.includes('Archive a list')").await;
    let marked =
        "[...document.querySelectorAll('.rs')].filter(it => it.innerText.includes('Found by the model'))";
    window.until(&format!("{marked}.length === 1 && {marked}[0].innerText.includes('Archive a list')")).await;
    window.value(&format!("{marked}[0].click()")).await;
    window.until("document.querySelector('mark')?.innerText.includes('archive list zero')").await;
    shoot_both(&window, "review-model").await;

    // Accepted; then the guide says more, and a second reading offers what is new and nothing else.
    window.click("#accept").await;
    window.see("#assistant-open").await;
    window.see(".mapv .stp").await;
    let more = format!("{GUIDE}\n## Export\n\n1. Export your board as a picture.\n");
    std::fs::write(material.path().join("guide.md"), more).expect("a guide");
    window.click(".top .jt").await;
    window.see("[role=menu]").await;
    window.value("[...document.querySelectorAll('[role=menu] button, [role=menuitem]')].find(it => it.textContent.includes('Read your product again')).click()").await;
    window.see("#sources").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    window.see("#src-folder").await.send_keys(&material.path().to_string_lossy()).await.expect("a field");
    window.until("document.querySelector('.src-scope').innerText.includes('240 pieces')").await;
    window.click("#read-and-draft").await;
    window.see("#accept").await;
    window.until("document.querySelector('.rv-c').innerText.includes('on the map already')").await;
    window.until("document.querySelector('[role=grid]').innerText.includes('Export')").await;
    shoot_both(&window, "redraft").await;
    window.click("#accept").await;
    window.see(".mapv .stp").await;
    window.until("document.querySelector('.mapv').innerText.includes('Export')").await;
    window.close().await;
}
