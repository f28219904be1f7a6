//! The whole path from material to a map with a scripted model: from a website, a repository, a folder of
//! documents and a single file, everything on the map cites words that stand in its source.

use crate::shared::{Custory, elements, material};
use axum::Router;
use axum::http::Uri;
use custory_testkit::ollama::{Ollama, Says};
use serde_json::{Value, json};

/// A model that states, of the first line it is shown, what nobody wrote, and of each line its own words.
fn model() -> Ollama {
    Ollama::start(|asked, _| {
        let text = asked["messages"][1]["content"].as_str().unwrap_or_default();
        let lines = text.lines().filter_map(|it| it.split_once(": ")).filter(|it| it.0.starts_with('p'));
        let own = lines.clone().take(3).map(|(name, words)| {
            let quote: String = words.chars().take(200).collect();
            json!({ "from": name, "kind": "promise", "quote": quote, "stage": "use", "text": quote.chars().take(80).collect::<String>() })
        });
        let made_up = lines.take(1).map(|(name, _)| {
            json!({ "from": name, "kind": "action", "quote": "Customers adore paying 900 dollars", "stage": "pay", "text": "Pay 900 dollars" })
        });
        Says::json(&json!({ "facts": own.chain(made_up).collect::<Vec<_>>() }))
    })
}

async fn site() -> String {
    let root = material("site");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let page = move |uri: Uri| async move {
        let path = if uri.path() == "/" { "index.html" } else { uri.path().trim_start_matches('/') };
        std::fs::read_to_string(root.join(path))
            .map(axum::response::Html)
            .map_err(|_| axum::http::StatusCode::NOT_FOUND)
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(page)).await });
    format!("http://{address}/")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_each_kind_of_material_a_draft_with_a_model_becomes_a_map_with_citations() {
    let site = site().await;
    let path = |name: &str| material(name).to_str().expect("a path").to_owned();
    let sources = [site, path("repository"), path("repository/docs"), path("repository/README.md")];
    tokio::task::spawn_blocking(move || {
        for source in sources {
            let (custory, ollama) = (Custory::new(), model());
            custory.out(&["models", "use", "--url", ollama.address(), Ollama::MODEL]);
            let options = ["--model", "--accept", "--allow-private", "--json"];
            let draft = custory.json(&[&["draft", source.as_str()], &options[..]].concat());
            let stated = draft["model"]["believed"].as_u64().expect("a count");
            assert!(stated > 0 && draft["model"]["disbelieved"].as_u64() > Some(0), "{source}: {draft}");
            for (title, cites) in elements(&draft) {
                assert!(!cites.is_empty() && !title.contains("900"), "{source}: {title}");
            }
            let journey = draft["journey"].as_str().expect("a journey");
            let map = custory.json(&["export", journey]);
            let evidence = count(&map, "excerpt");
            assert!(evidence >= elements(&draft).len(), "{source}: {evidence}");
        }
    })
    .await
    .expect("the runs end");
}

/// How often a field is there.
fn count(value: &Value, field: &str) -> usize {
    match value {
        Value::Object(map) => {
            usize::from(map.contains_key(field)) + map.values().map(|it| count(it, field)).sum::<usize>()
        }
        Value::Array(all) => all.iter().map(|it| count(it, field)).sum(),
        _ => 0,
    }
}
