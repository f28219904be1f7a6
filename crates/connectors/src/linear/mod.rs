//! Linear: issues made from the map, and how they stand.

mod client;

use std::time::Duration;

use custory_domain::Timestamp;
use serde_json::Value;

use crate::registry::{Auth, Connector, Objection, Settings, SignIn};
use crate::reply::{Reply, short, until};

pub(crate) static CONNECTOR: Connector = Connector {
    key: "linear",
    name: "Linear",
    purpose: "Opportunities become issues with their reasons, and the map says how they stand.",
    auth: &[Auth {
        name: "Personal API key",
        create_at: "https://linear.app/settings/account/security",
        steps: &[
            "In Linear, open Settings → Security & access and choose “New API key”.",
            "Give it Read and Write, for the teams that issues should go to.",
            "Copy the key; Linear shows it once.",
        ],
        scopes: &["Read", "Write"],
        example: "lin_api_…",
        second: None,
        paste: "",
    }],
    sign_in: Some(&SIGN_IN),
    settings: &[],
    reads: &["Names of teams, projects and states", "State, title and assignee of issues that Custory made"],
    writes: &["Issues that you send, each with a link back to the map"],
    limits: "Linear allows some thousand calls an hour; all issues together are asked for in one.",
    docs: "https://linear.app/developers/graphql",
    address,
    scheme: "",
    objection,
    words,
    probe: client::probe,
    numbers: None,
    tracker: Some(client::tracker),
    chat: None,
};

static SIGN_IN: SignIn = SignIn {
    create_at: "https://linear.app/settings/api/applications/new",
    steps: &[
        "In Linear, open Settings → API → OAuth applications and create one for your workspace.",
        "Give it the callback URL http://localhost:47811/callback, and leave webhooks off.",
        "Copy its client ID; no client secret is needed.",
    ],
    scopes: &["read", "write"],
    port: 47_811,
    authorize: "https://linear.app/oauth/authorize",
    token: "oauth/token",
};

fn address(_: &Settings) -> String {
    "https://api.linear.app".to_owned()
}

/// Linear says no in the body, with status 200 or 400.
fn objection(reply: &Reply, now: Timestamp) -> Option<Objection> {
    let body = reply.json();
    let error = body["errors"].as_array()?.first()?;
    let extensions = &error["extensions"];
    let code = extensions["code"].as_str().unwrap_or_default().to_ascii_uppercase();
    Some(match code.as_str() {
        "RATELIMITED" => Objection::RateLimited(wait(reply, now)),
        "AUTHENTICATION_ERROR" => Objection::Unauthorized,
        "FORBIDDEN" => Objection::Forbidden,
        "INTERNAL_SERVER_ERROR" | "LOCK_TIMEOUT" => Objection::Unavailable,
        _ if reply.status.as_u16() == 401 => Objection::Unauthorized,
        _ if reply.status.as_u16() == 403 => Objection::Forbidden,
        _ if reply.status.as_u16() == 429 => Objection::RateLimited(wait(reply, now)),
        _ if reply.status.is_server_error() => Objection::Unavailable,
        _ => Objection::Refused,
    })
}

/// What the limits' headers say: the bucket that is empty, in milliseconds since 1970.
fn wait(reply: &Reply, now: Timestamp) -> Option<Duration> {
    let reset = |bucket: &str| {
        let is_empty = reply.header(&format!("x-ratelimit-{bucket}-remaining"))?.parse::<f64>().ok()? < 1.0;
        let at = reply.header(&format!("x-ratelimit-{bucket}-reset"))?.parse().ok()?;
        if is_empty { until(Timestamp(at), now) } else { None }
    };
    let waits = ["requests", "complexity"].into_iter().filter_map(reset);
    waits.max().or_else(|| reply.retry_after(now))
}

fn words(body: &Value) -> Option<String> {
    // Where tokens are given, as OAuth has it.
    if let Some(said) = body["error_description"].as_str().or(body["error"].as_str()) {
        return Some(short(said));
    }
    let error = body["errors"].as_array()?.first()?;
    let for_people = error["extensions"]["userPresentableMessage"].as_str();
    for_people.or(error["message"].as_str()).map(short)
}
