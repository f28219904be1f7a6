//! The HTTP face: the WebSocket, the health checks, and the metrics on an address of their own.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use custory_wire::SYNC_PATH;
use custory_wire::limits::MESSAGE_BYTES_MAX;

use crate::connection;
use crate::metrics::Reason;
use crate::outlet::Outlet;
use crate::shared::{Counted, Phase, Shared};

/// Bytes read from a socket at once. Small, since most connections are silent, and the room is cleared before each
/// attempt; a large push takes more turns.
const READ_BUFFER_BYTES: usize = 2 * 1024;

/// Bytes gathered before they are written to a socket.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// Where a proxy says who the client is.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Prometheus' text form.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What clients reach.
pub(crate) fn public(shared: Arc<Shared>) -> Router {
    Router::new().route(SYNC_PATH, get(sync)).merge(health()).with_state(shared)
}

/// What only the operator reaches.
pub(crate) fn admin(shared: Arc<Shared>) -> Router {
    Router::new().route("/metrics", get(metrics)).merge(health()).with_state(shared)
}

fn health() -> Router<Arc<Shared>> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if shared.is_ready() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(header::CONTENT_TYPE, METRICS_TYPE)], shared.metrics.text()).into_response()
}

async fn sync(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(outlet): Extension<Outlet>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let refuse = |status, reason, text: &'static str| {
        shared.metrics.refuse(reason);
        (status, [(header::RETRY_AFTER, "2")], text).into_response()
    };
    if *shared.phase.borrow() != Phase::Open {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Reason::Full, "the relay is about to stop\n");
    }
    if !shared.addresses.allows_handshake(client(peer, &headers, shared.behind_proxy)) {
        return refuse(
            StatusCode::TOO_MANY_REQUESTS,
            Reason::Rate,
            "too many connections from this address\n",
        );
    }
    let handshake = shared.handshakes.clone().try_acquire_owned();
    let (Ok(handshake), Some(counted)) = (handshake, Counted::new(&shared)) else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Reason::Full, "the relay is full\n");
    };
    upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(2 * MESSAGE_BYTES_MAX + WRITE_BUFFER_BYTES)
        .on_upgrade(move |socket| connection::serve(socket, outlet, shared, handshake, counted))
}

/// The client's address. A proxy's word counts only if the host said that there is one; of a list, the last entry
/// is the one that our proxy has written.
fn client(peer: SocketAddr, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let forwarded = || {
        let list = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
        list.rsplit(',').next()?.trim().parse().ok()
    };
    behind_proxy.then(forwarded).flatten().unwrap_or(peer.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_address_counts_for_nothing() {
        let peer = SocketAddr::from(([192, 0, 2, 1], 5000));
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, "198.51.100.1, 203.0.113.9".parse().unwrap());
        assert_eq!(client(peer, &headers, false), peer.ip());
        assert_eq!(client(peer, &headers, true).to_string(), "203.0.113.9");
        headers.insert(FORWARDED_FOR, "nonsense".parse().unwrap());
        assert_eq!(client(peer, &headers, true), peer.ip());
    }
}
