//! `custory draft` from material to print-out: everything cites, and the words are really there.

use std::path::PathBuf;

use crate::shared::{Custory, assert_cited, elements, material, without_tags};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

fn titles(draft: &Value) -> Vec<&str> {
    elements(draft).into_iter().map(|it| it.0).collect()
}

#[test]
fn a_folder_gives_stages_steps_and_items_with_words_that_stand_in_its_files() {
    let custory = Custory::new();
    let folder = material("repository");
    let draft = custory.json(&["draft", folder.to_str().expect("a path"), "--json"]);
    assert_eq!(draft["title"], "Larkboard journey");
    let stages = draft["stages"].as_array().expect("stages");
    assert!((4..=7).contains(&stages.len()), "{stages:?}");
    assert!(stages.iter().all(|it| it["title"].is_string() && !it["steps"].as_array().unwrap().is_empty()));
    assert!(titles(&draft).contains(&"Create a board"), "{:?}", titles(&draft));
    assert_cited(&draft, |source| std::fs::read_to_string(folder.join(source)).expect("a file"));
    let kinds: std::collections::BTreeSet<&str> = (stages.iter())
        .flat_map(|it| it["steps"].as_array().unwrap())
        .flat_map(|it| it["items"].as_array().unwrap())
        .map(|it| it["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["insight", "touchpoint"].into());
}

#[test]
fn markdown_is_the_default_and_shows_the_same() {
    let custory = Custory::new();
    let folder = material("repository");
    let folder = folder.to_str().expect("a path");
    let draft = custory.json(&["draft", folder, "--json"]);
    let markdown = custory.out(&["draft", folder, "--markdown"]);
    assert_eq!(markdown, custory.out(&["draft", folder]));
    assert!(markdown.starts_with("# Larkboard journey\n"), "{markdown}");
    for stage in draft["stages"].as_array().expect("stages") {
        assert!(markdown.contains(&format!("\n## {}\n", stage["title"].as_str().expect("a title"))));
    }
    for (title, sources) in elements(&draft) {
        assert!(markdown.contains(title), "{title}");
        assert!(sources.iter().all(|it| markdown.contains(it["source"].as_str().expect("a source"))));
    }
}

#[test]
fn text_on_standard_input_is_material() {
    let custory = Custory::new();
    let text = "How it goes\n\n1. Sign up with the work address\n2. Create a workspace\n3. Invite the team\n";
    let run = custory.run_on(&["draft", "-", "--json"], text);
    let draft: Value = serde_json::from_str(&run.succeeded()).expect("JSON");
    assert_eq!(titles(&draft), ["Sign up with the work address", "Create a workspace", "Invite the team"]);
    for (title, sources) in elements(&draft) {
        assert_eq!(sources[0]["source"], "Standard input");
        assert!(text.contains(sources[0]["quote"].as_str().expect("a quote")), "{title}");
    }
}

#[test]
fn what_is_only_printed_leaves_nothing_behind_and_a_review_waits() {
    let custory = Custory::new();
    let folder = material("repository");
    let folder = folder.to_str().expect("a path");
    custory.out(&["draft", folder]);
    let waiting = || {
        let options = custory_engine::Options::system(custory.data.path().to_owned());
        let engine = custory_engine::Engine::start(options).expect("an engine");
        match engine.request_blocking(custory_ipc::Request::Start) {
            Ok(custory_ipc::Reply::Start { start }) => start.drafts.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(waiting(), 0);
    custory.out(&["draft", folder, "--review"]);
    assert_eq!(waiting(), 1);
    assert_eq!(custory.json(&["list", "--json"]), serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_website_on_this_machine_is_read_when_that_is_allowed() {
    let root = material("site");
    let address = serve(root.clone()).await;
    let url = format!("http://{address}/");
    let (draft, refused) = tokio::task::spawn_blocking(move || {
        let custory = Custory::new();
        (custory.json(&["draft", &url, "--allow-private", "--json"]), custory.run(&["draft", &url]))
    })
    .await
    .expect("the runs end");
    refused.refused(1, &["private network", "--allow-private"]);
    assert!(titles(&draft).contains(&"Create your account"), "{:?}", titles(&draft));
    assert_cited(&draft, |source| {
        let path = source.strip_prefix(&format!("http://{address}/")).expect("of this site");
        let path = if path.is_empty() { "index.html" } else { path };
        without_tags(&std::fs::read_to_string(root.join(path)).expect("a page"))
    });
}

async fn serve(root: PathBuf) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let page = move |uri: Uri| async move { page(root, &uri) };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(page)).await });
    address
}

fn page(root: PathBuf, uri: &Uri) -> Response {
    let path = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    match std::fs::read(root.join(path)) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
