//! PostHog: what people do in the product, counted per closed week.

mod client;
mod query;

use custory_domain::Timestamp;
use serde_json::Value;

use crate::registry::{Auth, Connector, Objection, Setting, Settings};
use crate::reply::{Reply, short};

/// Setting: which PostHog.
const REGION: &str = "region";
/// Setting: which project there.
const PROJECT: &str = "project";

pub(crate) static CONNECTOR: Connector = Connector {
    key: "posthog",
    name: "PostHog",
    purpose: "Counts on steps come from what people do in the product.",
    auth: &[Auth {
        name: "Personal API key",
        create_at: "https://us.posthog.com/settings/user-api-keys",
        steps: &[
            "In PostHog, open Settings → Personal API keys and choose “Create personal API key”.",
            "Limit it to the project that you want to read.",
            "Choose the scopes below, all of them with Read, and copy the key.",
        ],
        scopes: &["query:read", "project:read", "user:read"],
        example: "phx_…",
        second: None,
        paste: "",
    }],
    sign_in: None,
    settings: &[
        Setting {
            key: REGION,
            name: "Region",
            help: "us, eu, or the address of your own PostHog",
            default: "us",
        },
        Setting {
            key: PROJECT,
            name: "Project",
            help: "its number, or empty for the one that is open",
            default: "",
        },
    ],
    reads: &["Names of events", "How many people and events there were in each week"],
    writes: &[],
    limits: "PostHog answers 2,400 questions an hour for a whole organisation; a bound metric asks one a week.",
    docs: "https://posthog.com/docs/api",
    address,
    scheme: "Bearer ",
    objection,
    words,
    probe: client::probe,
    numbers: Some(client::numbers),
    tracker: None,
    chat: None,
};

fn address(settings: &Settings) -> String {
    match settings.get(REGION).map_or("", |it| it.trim()) {
        "" | "us" => "https://us.posthog.com".to_owned(),
        "eu" => "https://eu.posthog.com".to_owned(),
        own => own.to_owned(),
    }
}

/// A key without the scope of a question is refused with the status, but a body may say it more exactly.
fn objection(reply: &Reply, _now: Timestamp) -> Option<Objection> {
    let is_no = reply.status.is_client_error();
    match is_no.then(|| reply.json())?["type"].as_str()? {
        "authentication_error" if reply.status.as_u16() != 403 => Some(Objection::Unauthorized),
        _ => None,
    }
}

fn words(body: &Value) -> Option<String> {
    body["detail"].as_str().or(body["error"].as_str()).map(short)
}
