//! Slack: what a team marks or says to Custory, and posts into its channels.
//!
//! Over Socket Mode, so that nothing has to be reachable from outside. The app is one that a person makes in
//! their own workspace from our manifest: only such an app may ask for a bot's scopes without a server, and it
//! keeps Slack's usual limits for reading channels.

mod client;
mod frame;
mod text;

use custory_domain::Timestamp;
use serde_json::Value;

use crate::registry::{Auth, Connector, Objection, SecondKey, Setting, Settings};
use crate::reply::{Reply, short};

/// Setting: the emoji that keeps a message.
const REACTION: &str = "reaction";
/// What it is unless somebody sets another.
const REACTION_USUALLY: &str = "pushpin";
/// What a shortcut is called in the manifest.
const SHORTCUT: &str = "custory_save";

pub(crate) static CONNECTOR: Connector = Connector {
    key: "slack",
    name: "Slack",
    purpose: "Messages that your team pins become signals, and channels hear what changed.",
    auth: &[Auth {
        name: "Bot token",
        create_at: "https://api.slack.com/apps?new_app=1",
        steps: &[
            "Choose “From a manifest”, pick your workspace, and paste the manifest below.",
            "Install the app to the workspace, open “OAuth & Permissions” and copy the bot token.",
            "Under “Basic Information”, generate an app-level token with connections:write and copy it too.",
            "In Slack, invite Custory to each channel that it should hear or post to: /invite @Custory",
        ],
        scopes: &[
            "app_mentions:read",
            "channels:history",
            "channels:read",
            "chat:write",
            "commands",
            "groups:history",
            "groups:read",
            "im:history",
            "reactions:read",
            "users:read",
            "connections:write",
        ],
        example: "xoxb-…",
        second: Some(SecondKey { name: "App-level token", example: "xapp-…" }),
        paste: include_str!("manifest.json"),
    }],
    sign_in: None,
    settings: &[Setting {
        key: REACTION,
        name: "Emoji",
        help: "the name of the emoji that keeps a message",
        default: REACTION_USUALLY,
    }],
    reads: &[
        "Messages that somebody marks with the emoji, saves by the shortcut, or says to @Custory, with who wrote them",
        "The thread that such a message is in, when somebody asks to save it",
        "Names of channels; since it last listened, the messages of channels that it is in, to find marked ones",
    ],
    writes: &[
        "Answers to what it is asked, in the thread",
        "What an automation did, into the channel that you choose for it",
    ],
    limits: "Slack allows about fifty calls of a kind a minute and a post a second in each channel.",
    docs: "https://docs.slack.dev/apis/events-api/using-socket-mode/",
    address,
    scheme: "Bearer ",
    objection,
    words,
    probe: client::probe,
    numbers: None,
    tracker: None,
    chat: Some(client::chat),
};

fn address(_: &Settings) -> String {
    "https://slack.com".to_owned()
}

/// Slack says no in the body, with status 200.
fn objection(reply: &Reply, now: Timestamp) -> Option<Objection> {
    let body = reply.json();
    let code = body["error"].as_str().filter(|_| body["ok"] == false)?;
    Some(match code {
        "invalid_auth" | "not_authed" | "account_inactive" | "token_revoked" | "token_expired"
        | "org_login_required" => Objection::Unauthorized,
        "missing_scope"
        | "not_allowed_token_type"
        | "no_permission"
        | "access_denied"
        | "ekm_access_denied"
        | "team_access_not_granted" => Objection::Forbidden,
        "channel_not_found" | "message_not_found" | "thread_not_found" | "user_not_found" => {
            Objection::NotFound
        }
        "ratelimited" | "rate_limited" => Objection::RateLimited(reply.retry_after(now)),
        "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout"
        | "team_added_to_org" => Objection::Unavailable,
        _ => Objection::Refused,
    })
}

/// Slack has codes in place of words; those that a person can do something about are put in words.
fn words(body: &Value) -> Option<String> {
    let code = body["error"].as_str()?;
    let said = match code {
        "missing_scope" => match body["needed"].as_str().filter(|it| !it.is_empty()) {
            Some(needed) => format!("the app lacks the scope {needed}"),
            None => "the app lacks a scope".to_owned(),
        },
        "not_allowed_token_type" => {
            "this kind of token cannot do it; the bot token begins with xoxb-".to_owned()
        }
        "not_in_channel" => "Custory is not in this channel; write /invite @Custory there".to_owned(),
        "channel_not_found" => "the channel is gone, or private and Custory is not in it".to_owned(),
        "is_archived" => "the channel is archived".to_owned(),
        "restricted_action" => "posting in this channel is restricted".to_owned(),
        "msg_too_long" => "the message is too long".to_owned(),
        other => short(other),
    };
    Some(said)
}
