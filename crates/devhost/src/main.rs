//! Serves the windows' files to a browser on this machine, with the real engine behind them.
//!
//! For development and for tests that a WebView's driver cannot do. Not shipped: it listens on
//! loopback only, and has no accounts.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event as Sse, KeepAlive, Sse as Stream};
use axum::routing::{get, post};
use axum::{Json, Router};
use custory_engine::{Events, Options, Workspaces};
use custory_ipc::Request;
use futures_util::stream;
use serde_json::{Value, json};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The windows' own policy, so that a page that works here works there.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'";

struct Arguments {
    data_dir: PathBuf,
    dist: PathBuf,
    port: u16,
}

fn arguments() -> anyhow::Result<Arguments> {
    let (mut data_dir, mut dist, mut port) = (None, PathBuf::from("dist"), 0);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--data-dir" => data_dir = Some(PathBuf::from(value()?)),
            "--dist" => dist = value()?.into(),
            "--port" => port = value()?.parse().context("--port needs a number")?,
            other => bail!("unknown argument {other}; known are --data-dir, --dist, --port"),
        }
    }
    Ok(Arguments { data_dir: data_dir.context("--data-dir FOLDER is needed")?, dist, port })
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { data_dir, dist, port } = arguments()?;
    let workspaces = Workspaces::start(data_dir, Options::system)?;
    let app = Router::new()
        .route("/request", post(request))
        .route("/events", get(events))
        .fallback_service(ServeDir::new(dist))
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .with_state(workspaces);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    // A test reads this line to learn the port.
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn request(State(workspaces): State<Workspaces>, Json(request): Json<Request>) -> Json<Value> {
    Json(match workspaces.request(request).await {
        Ok(reply) => json!({ "ok": reply }),
        Err(failure) => json!({ "err": failure }),
    })
}

async fn events(
    State(workspaces): State<Workspaces>,
) -> Stream<impl futures_util::Stream<Item = Result<Sse, Infallible>>> {
    let events = stream::unfold(workspaces.events(), |mut events: Events| async move {
        let event = events.next().await?;
        let text = serde_json::to_string(&event).unwrap_or_default();
        Some((Ok(Sse::default().data(text)), events))
    });
    Stream::new(events).keep_alive(KeepAlive::default())
}
