//! A Slack with three channels, whose people a test has say and mark things, over Socket Mode as over the wire.

mod line;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use wiremock::Request;

use line::{Line, listen};

use super::{StandIn, Vendor, body, header, locked, specs, stand_in};

/// The bot token that it accepts.
pub const SLACK_BOT: &str = "xoxb-stand-in-0123456789";
/// The app-level token that it accepts.
pub const SLACK_APP: &str = "xapp-stand-in-0123456789";

/// The workspace, and another one whose people are in a shared channel.
const TEAM: &str = "T0ACME";
const OTHER_TEAM: &str = "T0BELL";
/// The bot's user.
const BOT: &str = "U0CUSTORY";
/// Seconds since 1970 of the first message, an hour into the engine's tests' own time.
const BEGIN: u64 = 1_764_003_600;

/// A message as it keeps it.
#[derive(Clone, Debug)]
pub struct SlackMessage {
    /// In which channel.
    pub channel: String,
    /// Its name.
    pub ts: String,
    /// The message that began its thread.
    pub thread_ts: Option<String>,
    /// Who wrote it.
    pub user: String,
    /// Whether the bot wrote it.
    pub is_ours: bool,
    /// The words, in Slack's markup.
    pub text: String,
    /// Emoji on it, and who put them there.
    pub reactions: BTreeSet<(String, String)>,
    metadata: Value,
}

struct Inside {
    messages: Vec<SlackMessage>,
    ticks: u64,
    /// Seconds by which its clock differs from what it usually is.
    skew: i64,
    /// Has the next post made by another device, too, at the same moment.
    races: bool,
    tickets: u64,
    page: usize,
    repeats: bool,
    /// Address of the WebSocket.
    line: String,
    /// Where it is told that something was posted.
    told: Arc<Line>,
}

/// A running Slack; it ends when this is dropped.
pub struct Slack(StandIn<Inside>, Arc<Line>);

stand_in!(Slack);

impl Slack {
    /// A channel that the bot is in.
    pub const GROWTH: &'static str = "C0GROWTH";
    /// One that it is in too, shared with another company.
    pub const SUPPORT: &'static str = "C0SUPPORT";
    /// One that it is not in.
    pub const RANDOM: &'static str = "C0RANDOM";
    /// Somebody of the team.
    pub const MAYA: &'static str = "U0MAYA";
    /// Somebody of the other company.
    pub const ANA: &'static str = "U0ANA";

    /// Starts with empty channels.
    pub fn start() -> Self {
        let line = Arc::new(Line::default());
        let address = listen(Arc::clone(&line));
        let inside = Inside {
            messages: Vec::new(),
            ticks: 0,
            skew: 0,
            races: false,
            tickets: 0,
            page: 200,
            repeats: false,
            line: address,
            told: Arc::clone(&line),
        };
        Self(StandIn::start(inside), line)
    }

    /// Both tokens, as a person pastes them.
    pub fn keys() -> String {
        format!("{SLACK_BOT}\n{SLACK_APP}")
    }

    /// Somebody writes in a channel, or in the thread of a message. Answers the message's name.
    pub fn say(&self, channel: &str, thread: Option<&str>, user: &str, text: &str) -> String {
        let mut inside = locked(&self.0.shared.vendor);
        inside.add(channel, thread, user, text, Value::Null)
    }

    /// Somebody speaks to the bot, which hears of it. Answers message and envelope.
    pub fn mention(&self, channel: &str, thread: Option<&str>, user: &str, words: &str) -> (String, String) {
        let text = format!("<@{BOT}> {words}");
        let ts = self.say(channel, thread, user, &text);
        let envelope = self.tell(json!({
            "client_msg_id": "f0582a78-72db-4feb-b2f3-1e47d66365c8", "type": "app_mention", "text": text,
            "user": user, "ts": ts, "thread_ts": thread, "team": TEAM, "channel": channel, "event_ts": ts,
        }));
        (ts, envelope)
    }

    /// Somebody marks a message; who listens hears of it. Answers the envelope.
    pub fn react(&self, channel: &str, ts: &str, emoji: &str) -> String {
        self.react_as(Self::MAYA, channel, ts, emoji)
    }

    /// The same, by whoever is named.
    pub fn react_as(&self, user: &str, channel: &str, ts: &str, emoji: &str) -> String {
        self.mark_as(user, channel, ts, emoji);
        self.tell(json!({
            "type": "reaction_added", "user": user, "reaction": emoji, "item_user": Self::MAYA,
            "item": { "type": "message", "channel": channel, "ts": ts }, "event_ts": ts,
        }))
    }

    /// Somebody marks a message while nobody listens.
    pub fn mark(&self, channel: &str, ts: &str, emoji: &str) {
        self.mark_as(Self::MAYA, channel, ts, emoji);
    }

    fn mark_as(&self, user: &str, channel: &str, ts: &str, emoji: &str) {
        let mut inside = locked(&self.0.shared.vendor);
        let found = inside.messages.iter_mut().find(|it| it.channel == channel && it.ts == ts);
        found.expect("it was said").reactions.insert((emoji.to_owned(), user.to_owned()));
    }

    /// Somebody uses the message shortcut. Answers the envelope.
    pub fn shortcut(&self, channel: &str, ts: &str) -> String {
        let text = self.messages().into_iter().find(|it| it.ts == ts).expect("it was said").text;
        self.send(json!({
            "type": "interactive", "accepts_response_payload": false,
            "payload": {
                "type": "message_action", "callback_id": "custory_save", "trigger_id": "1.2.x", "message_ts": ts,
                "team": { "id": TEAM, "domain": "acme" }, "user": { "id": Self::MAYA, "username": "maya" },
                "channel": { "id": channel, "name": "growth" },
                "message": { "type": "message", "user": Self::MAYA, "ts": ts, "text": text },
            },
        }))
    }

    /// Somebody uses the slash command. Answers what they are shown.
    pub fn slash(&self, words: &str) -> String {
        let envelope = self.send(json!({
            "type": "slash_commands", "accepts_response_payload": true,
            "payload": {
                "token": "verification-token", "team_id": TEAM, "team_domain": "acme", "channel_id": Self::GROWTH,
                "channel_name": "growth", "user_id": Self::MAYA, "user_name": "maya", "command": "/custory",
                "text": words, "api_app_id": "A0CUSTORY", "trigger_id": "1.2.x",
            },
        }));
        self.confirmed(&envelope)["payload"]["text"].as_str().expect("an answer").to_owned()
    }

    /// An event, in an envelope of its own. Answers the envelope's name.
    pub fn tell(&self, event: Value) -> String {
        let payload = json!({
            "token": "verification-token", "team_id": TEAM, "api_app_id": "A0CUSTORY", "event": event,
            "type": "event_callback", "event_id": "Ev0", "event_time": BEGIN,
            "authorizations": [{ "enterprise_id": null, "team_id": TEAM, "user_id": BOT, "is_bot": true }],
            "is_ext_shared_channel": false,
        });
        let frame = json!({
            "type": "events_api", "payload": payload, "accepts_response_payload": false, "retry_attempt": 0,
            "retry_reason": "",
        });
        self.send(frame)
    }

    /// Sends a frame to the newest connection, as soon as there is one.
    fn send(&self, mut frame: Value) -> String {
        let envelope = {
            let mut inside = locked(&self.0.shared.vendor);
            inside.tickets += 1;
            format!("envelope-{}", inside.tickets)
        };
        frame["envelope_id"] = envelope.as_str().into();
        self.1.wait(|heard| {
            let (_, open) = heard.open.last()?;
            open.send(frame.to_string()).ok()
        });
        envelope
    }

    /// Sends every listener away, as Slack does every few hours.
    pub fn refresh(&self) {
        let goodbye =
            json!({ "type": "disconnect", "reason": "refresh_requested", "debug_info": {} }).to_string();
        for (_, open) in locked(&self.1.heard).open.drain(..) {
            // It may have gone by itself.
            open.send(goodbye.clone()).ok();
        }
    }

    /// Waits until so many connections were opened since the start.
    pub fn until_listened(&self, times: u64) {
        self.1.wait(|heard| (heard.count >= times && !heard.open.is_empty()).then_some(()));
    }

    /// What an envelope was confirmed with, as soon as it was.
    pub fn confirmed(&self, envelope: &str) -> Value {
        self.1.wait(|heard| heard.confirmed.iter().find(|it| it["envelope_id"] == envelope).cloned())
    }

    /// Everything that was said.
    pub fn messages(&self) -> Vec<SlackMessage> {
        locked(&self.0.shared.vendor).messages.clone()
    }

    /// What the bot posted, as soon as it is so many.
    pub fn until_posts(&self, count: usize) -> Vec<SlackMessage> {
        self.1.wait(|heard| (heard.posts >= count).then_some(()));
        self.posts()
    }

    /// What the bot posted.
    pub fn posts(&self) -> Vec<SlackMessage> {
        self.messages().into_iter().filter(|it| it.is_ours).collect()
    }

    /// Sets its clock ahead, or behind.
    pub fn set_ahead(&self, secs: i64) {
        locked(&self.0.shared.vendor).skew = secs;
    }

    /// Has another device make the next post, too, at the same moment.
    pub fn race(&self) {
        locked(&self.0.shared.vendor).races = true;
    }

    /// Answers lists in small pages that overlap.
    pub fn page_by(&self, page: usize) {
        let mut inside = locked(&self.0.shared.vendor);
        (inside.page, inside.repeats) = (page, true);
    }
}

impl Vendor for Inside {
    fn complaints(&self, request: &Request) -> Vec<String> {
        let query: Vec<_> =
            request.url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
        specs::slack(request.url.path(), request.method.as_str(), &query, &body(request))
    }

    fn answer(&mut self, request: &Request) -> (u16, Value) {
        let path = request.url.path();
        let token = if path == "/api/apps.connections.open" { SLACK_APP } else { SLACK_BOT };
        if header(request, "authorization") != format!("Bearer {token}") {
            return (200, no("invalid_auth"));
        }
        let of = |name: &str| {
            let found = request.url.query_pairs().find(|it| it.0 == name);
            found.map_or(String::new(), |it| it.1.into_owned())
        };
        let answer = match path {
            "/api/auth.test" => json!({
                "ok": true, "url": "https://acme.slack.com/", "team": "Acme", "user": "custory", "team_id": TEAM,
                "user_id": BOT, "bot_id": "B0CUSTORY", "is_enterprise_install": false,
            }),
            "/api/apps.connections.open" => {
                self.tickets += 1;
                json!({ "ok": true, "url": format!("{}/link/?ticket={}", self.line, self.tickets) })
            }
            "/api/conversations.list" => channels(),
            "/api/conversations.history" => self.history(&of),
            "/api/conversations.replies" => self.replies(&of),
            "/api/users.info" => user(&of("user")),
            "/api/chat.getPermalink" => {
                let (channel, ts) = (of("channel"), of("message_ts"));
                let permalink = format!("https://acme.slack.com/archives/{channel}/p{}", ts.replace('.', ""));
                json!({ "ok": true, "channel": channel, "permalink": permalink })
            }
            "/api/chat.postMessage" => self.post(&body(request)),
            "/api/chat.delete" => {
                let body = body(request);
                let before = self.messages.len();
                self.messages
                    .retain(|it| !(it.is_ours && it.channel == body["channel"] && it.ts == body["ts"]));
                if self.messages.len() < before {
                    json!({ "ok": true, "channel": body["channel"], "ts": body["ts"] })
                } else {
                    no("message_not_found")
                }
            }
            _ => no("unknown_method"),
        };
        (200, answer)
    }

    fn now(&self) -> Option<u64> {
        Some(self.secs())
    }
}

impl Inside {
    fn secs(&self) -> u64 {
        BEGIN.saturating_add_signed(self.skew) + self.ticks
    }

    fn add(
        &mut self,
        channel: &str,
        thread: Option<&str>,
        user: &str,
        text: &str,
        metadata: Value,
    ) -> String {
        self.ticks += 1;
        let ts = format!("{}.{:06}", self.secs(), self.ticks);
        self.messages.push(SlackMessage {
            channel: channel.to_owned(),
            ts: ts.clone(),
            thread_ts: thread.map(str::to_owned),
            user: user.to_owned(),
            is_ours: user == BOT,
            text: text.to_owned(),
            reactions: BTreeSet::new(),
            metadata,
        });
        ts
    }

    fn history(&self, of: &impl Fn(&str) -> String) -> Value {
        let channel = of("channel");
        if let Some(no) = no_entry(&channel) {
            return no;
        }
        let is_root = |it: &&SlackMessage| it.thread_ts.as_ref().is_none_or(|thread| *thread == it.ts);
        let mut found: Vec<_> =
            self.messages.iter().filter(|it| it.channel == channel).filter(is_root).collect();
        found.reverse();
        self.list(&found, of)
    }

    fn replies(&self, of: &impl Fn(&str) -> String) -> Value {
        let (channel, ts) = (of("channel"), of("ts"));
        if let Some(no) = no_entry(&channel) {
            return no;
        }
        let Some(one) = self.messages.iter().find(|it| it.channel == channel && it.ts == ts) else {
            return no("thread_not_found");
        };
        let root = one.thread_ts.clone().unwrap_or(ts);
        let is_in = |it: &&SlackMessage| {
            it.channel == channel && (it.ts == root || it.thread_ts.as_ref() == Some(&root))
        };
        let found: Vec<_> = self.messages.iter().filter(is_in).collect();
        self.list(&found, of)
    }

    fn list(&self, found: &[&SlackMessage], of: &impl Fn(&str) -> String) -> Value {
        let number = |text: &str| text.parse::<f64>().ok();
        let (oldest, latest) =
            (number(&of("oldest")).unwrap_or(0.0), number(&of("latest")).unwrap_or(f64::MAX));
        let is_meant = |it: &&&SlackMessage| {
            let at = number(&it.ts).unwrap_or(0.0);
            let is_inclusive = of("inclusive") == "true";
            if is_inclusive { (oldest..=latest).contains(&at) } else { oldest < at && at < latest }
        };
        let found: Vec<_> = found.iter().filter(is_meant).collect();
        let limit = of("limit").parse().unwrap_or(100).min(self.page);
        let after: usize = of("cursor").parse().unwrap_or(0);
        let end = (after + limit).min(found.len());
        let begin = if self.repeats { after.saturating_sub(1) } else { after };
        let has_metadata = of("include_all_metadata") == "true";
        let has_more = end < found.len();
        let next = if has_more { end.to_string() } else { String::new() };
        json!({
            "ok": true,
            "messages": found[begin..end].iter().map(|it| message(it, has_metadata)).collect::<Vec<_>>(),
            "has_more": has_more,
            "response_metadata": { "next_cursor": next },
        })
    }

    fn post(&mut self, body: &Value) -> Value {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let channel = text("channel");
        if let Some(no) = no_entry(channel) {
            return no;
        }
        if std::mem::take(&mut self.races) {
            self.add(channel, body["thread_ts"].as_str(), BOT, text("text"), body["metadata"].clone());
        }
        let ts = self.add(channel, body["thread_ts"].as_str(), BOT, text("text"), body["metadata"].clone());
        self.told.stir(|heard| heard.posts += 1);
        let posted = self.messages.last().map(|it| message(it, false));
        json!({ "ok": true, "channel": channel, "ts": ts, "message": posted })
    }
}

fn no(code: &str) -> Value {
    json!({ "ok": false, "error": code })
}

/// Why nothing can be read or posted in a channel.
fn no_entry(channel: &str) -> Option<Value> {
    match channel {
        Slack::GROWTH | Slack::SUPPORT => None,
        Slack::RANDOM => Some(no("not_in_channel")),
        _ => Some(no("channel_not_found")),
    }
}

fn message(it: &SlackMessage, has_metadata: bool) -> Value {
    let team = if it.user == Slack::ANA { OTHER_TEAM } else { TEAM };
    let mut message =
        json!({ "type": "message", "user": it.user, "text": it.text, "ts": it.ts, "team": team });
    if it.is_ours {
        message["bot_id"] = "B0CUSTORY".into();
    }
    if let Some(thread) = &it.thread_ts {
        message["thread_ts"] = thread.as_str().into();
    }
    if !it.reactions.is_empty() {
        let reaction = |(name, user): &(String, String)| json!({ "name": name, "users": [user], "count": 1 });
        message["reactions"] = it.reactions.iter().map(reaction).collect();
    }
    if has_metadata && !it.metadata.is_null() {
        message["metadata"] = it.metadata.clone();
    }
    message
}

fn channels() -> Value {
    let channel = |(id, name, is_member): (&str, &str, bool)| {
        json!({
            "id": id, "name": name, "is_channel": true, "is_archived": false, "is_private": false,
            "is_member": is_member, "is_ext_shared": id == Slack::SUPPORT,
        })
    };
    let all = [
        (Slack::GROWTH, "growth", true),
        (Slack::RANDOM, "random", false),
        (Slack::SUPPORT, "bell-support", true),
    ];
    json!({ "ok": true, "channels": all.map(channel), "response_metadata": { "next_cursor": "" } })
}

fn user(id: &str) -> Value {
    let (name, team) = match id {
        Slack::MAYA => ("Maya Okafor", TEAM),
        Slack::ANA => ("Ana Lopez", OTHER_TEAM),
        _ => return no("user_not_found"),
    };
    json!({
        "ok": true,
        "user": {
            "id": id, "team_id": team, "name": "name", "real_name": name, "is_bot": false,
            "profile": { "display_name": "", "real_name": name },
        },
    })
}
