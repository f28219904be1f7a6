//! A model server that says what a test tells it to: it speaks Ollama's API on this machine and has the
//! faults that a real model shows only now and then.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

/// What the model does when it is asked.
#[derive(Clone, Debug)]
pub enum Says {
    /// Answers, a few bytes at a time, whole.
    Text(String),
    /// Answers up to its longest length and ends there in the middle.
    Cut(String),
    /// Sends exactly these pieces, then ends.
    Pieces(Vec<Vec<u8>>),
    /// Sends these pieces, then the line is dead.
    Breaks(Vec<Vec<u8>>),
    /// Refuses with a status and a body.
    Refuses(u16, String),
    /// Takes the question and never answers.
    Nothing,
    /// Sends these pieces, and then nothing more, for ever.
    Hangs(Vec<Vec<u8>>),
}

impl Says {
    /// Answers with JSON.
    pub fn json(value: &Value) -> Self {
        Self::Text(value.to_string())
    }
}

type Script = dyn Fn(&Value, usize) -> Says + Send + Sync;

/// A running server; it ends when this is dropped.
pub struct Ollama {
    address: String,
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
}

struct Shared {
    script: Box<Script>,
    asked: Mutex<Vec<Value>>,
    /// Paths of everything that was asked for, in order.
    paths: Mutex<Vec<String>>,
    /// What the model's weights are.
    digest: Mutex<String>,
    pulls: Vec<String>,
    /// A download that has not succeeded goes on for ever.
    pulls_go_on: bool,
}

impl Ollama {
    /// The model that it has.
    pub const MODEL: &'static str = "scripted:1b";

    /// Starts; `script` is given each question's body and how many came before it.
    pub fn start(script: impl Fn(&Value, usize) -> Says + Send + Sync + 'static) -> Self {
        let pulls = vec![
            json!({ "status": "pulling manifest" }).to_string(),
            json!({ "status": "pulling aaa", "digest": "aaa", "total": 100, "completed": 40 }).to_string(),
            json!({ "status": "success" }).to_string(),
        ];
        Self::start_with_pulls(script, pulls)
    }

    /// Starts, with the lines that a download says before it says nothing more and does not end.
    pub fn start_with_a_long_pull(
        script: impl Fn(&Value, usize) -> Says + Send + Sync + 'static,
        pulls: Vec<String>,
    ) -> Self {
        Self::start_server(Box::new(script), pulls, true)
    }

    /// Starts, with the lines that a download says.
    pub fn start_with_pulls(
        script: impl Fn(&Value, usize) -> Says + Send + Sync + 'static,
        pulls: Vec<String>,
    ) -> Self {
        Self::start_server(Box::new(script), pulls, false)
    }

    fn start_server(script: Box<Script>, pulls: Vec<String>, pulls_go_on: bool) -> Self {
        let digest = Mutex::new("sha256:one".to_owned());
        let (asked, paths) = (Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared { script, asked, paths, digest, pulls, pulls_go_on });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime for the stand-in");
        let app = Router::new()
            .route("/api/tags", get(tags))
            .route("/api/show", post(show))
            .route("/api/pull", post(pull))
            .route("/api/embed", post(embed))
            .route("/api/chat", post(chat))
            .fallback(other)
            .with_state(Arc::clone(&shared));
        // Bound without waiting, so that tests may start it in async code too.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port for the stand-in");
        listener.set_nonblocking(true).expect("a port that does not block");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("the port is open");
            axum::serve(listener, app).await
        });
        Self { address, shared, runtime: Some(runtime) }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Puts other weights under the model's name.
    pub fn replace_weights(&self, digest: &str) {
        digest.clone_into(&mut self.shared.digest.lock().expect("no test panics in here"));
    }

    /// The questions so far.
    pub fn asked(&self) -> Vec<Value> {
        self.shared.asked.lock().expect("no test panics in here").clone()
    }

    /// Paths of everything that was asked for, in order.
    pub fn paths(&self) -> Vec<String> {
        self.shared.paths.lock().expect("no test panics in here").clone()
    }
}

impl Drop for Ollama {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Shared {
    fn note(&self, path: &str) {
        self.paths.lock().expect("no test panics in here").push(path.to_owned());
    }
}

async fn other(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> StatusCode {
    shared.note(request.uri().path());
    StatusCode::NOT_FOUND
}

async fn tags(State(shared): State<Arc<Shared>>) -> String {
    shared.note("/api/tags");
    let digest = shared.digest.lock().expect("no test panics in here").clone();
    let model = json!({
        "name": Ollama::MODEL, "modified_at": "2026-01-01T00:00:00Z", "size": 1_000_000, "digest": digest,
    });
    json!({ "models": [model] }).to_string()
}

async fn show(State(shared): State<Arc<Shared>>, body: String) -> Response {
    shared.note("/api/show");
    if !body.contains(Ollama::MODEL) {
        return no_such_model(&body);
    }
    json!({
        "capabilities": ["completion", "embedding"],
        "model_info": {
            "general.architecture": "scripted",
            "general.parameter_count": 1_000_000_000u64,
            "scripted.context_length": 32_768,
            "scripted.block_count": 16,
            "scripted.attention.head_count": 32,
            "scripted.attention.head_count_kv": 8,
            "scripted.embedding_length": 2_048,
        },
    })
    .to_string()
    .into_response()
}

async fn pull(State(shared): State<Arc<Shared>>) -> Response {
    shared.note("/api/pull");
    let lines: Vec<Vec<u8>> = shared.pulls.iter().map(|it| format!("{it}\n").into_bytes()).collect();
    if !shared.pulls_go_on {
        return pieces(lines, true);
    }
    let said = stream::iter(lines.into_iter().map(|it| Ok::<_, std::io::Error>(Bytes::from(it))));
    Body::from_stream(said.chain(stream::pending())).into_response()
}

/// Vectors that are the same where texts begin with the same word, and have nothing in common otherwise.
async fn embed(State(shared): State<Arc<Shared>>, body: String) -> String {
    shared.note("/api/embed");
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let texts = body["input"].as_array().cloned().unwrap_or_default();
    let vector = |text: &Value| {
        const DIMENSIONS: usize = 97;
        let word =
            text.as_str().and_then(|it| it.split_whitespace().next()).unwrap_or_default().to_lowercase();
        let place = word.bytes().fold(7, |sum: usize, it| (sum * 31 + usize::from(it)) % DIMENSIONS);
        (0..DIMENSIONS).map(|it| if it == place { 1.0 } else { 0.0 }).collect::<Vec<f32>>()
    };
    json!({ "embeddings": texts.iter().map(vector).collect::<Vec<_>>() }).to_string()
}

async fn chat(State(shared): State<Arc<Shared>>, body: String) -> Response {
    shared.note("/api/chat");
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let nth = {
        let mut asked = shared.asked.lock().expect("no test panics in here");
        asked.push(body.clone());
        asked.len() - 1
    };
    if body["model"] != Ollama::MODEL {
        return no_such_model(&body.to_string());
    }
    match (shared.script)(&body, nth) {
        Says::Text(text) => pieces(stream_of(&body, &text, "stop"), true),
        Says::Cut(text) => pieces(stream_of(&body, &text, "length"), true),
        Says::Pieces(all) => pieces(all, true),
        Says::Breaks(all) => pieces(all, false),
        Says::Refuses(status, text) => {
            (StatusCode::from_u16(status).expect("a status"), text).into_response()
        }
        Says::Hangs(all) => {
            let said = stream::iter(all.into_iter().map(|it| Ok::<_, std::io::Error>(Bytes::from(it))));
            Body::from_stream(said.chain(stream::pending())).into_response()
        }
        Says::Nothing => {
            Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()).into_response()
        }
    }
}

fn no_such_model(body: &str) -> Response {
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    let name = asked["model"].as_str().or(asked["name"].as_str()).unwrap_or_default();
    let error = json!({ "error": format!("model '{name}' not found") });
    (StatusCode::NOT_FOUND, error.to_string()).into_response()
}

/// An answer as Ollama streams it: a line for every few characters, and a last one with the counts.
pub fn stream_of(asked: &Value, text: &str, reason: &str) -> Vec<Vec<u8>> {
    const CHARS: usize = 7;
    let chars: Vec<char> = text.chars().collect();
    let mut lines: Vec<Vec<u8>> = chars
        .chunks(CHARS)
        .map(|it| {
            let content: String = it.iter().collect();
            let message = json!({ "role": "assistant", "content": content });
            format!("{}\n", json!({ "model": asked["model"], "message": message, "done": false }))
                .into_bytes()
        })
        .collect();
    let prompt: usize = asked["messages"]
        .as_array()
        .map_or(0, |it| it.iter().filter_map(|it| it["content"].as_str()).map(str::len).sum());
    let last = json!({
        "message": { "role": "assistant", "content": "" }, "done": true, "done_reason": reason,
        "prompt_eval_count": prompt / 4, "eval_count": text.len() / 4, "total_duration": 1_000_000_000u64,
    });
    lines.push(format!("{last}\n").into_bytes());
    lines
}

fn pieces(all: Vec<Vec<u8>>, ends_well: bool) -> Response {
    let good = all.into_iter().map(|it| Ok(Bytes::from(it)));
    let end = (!ends_well).then(|| Err(std::io::Error::other("the line is dead")));
    Body::from_stream(stream::iter(good.chain(end))).into_response()
}
