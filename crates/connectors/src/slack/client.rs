//! Asks Slack and reads its answers.
//!
//! Slack has no way to say that two posts are one. Each of ours carries its name as metadata; it is looked for
//! before it is posted, asked for once, and looked for again when nobody knows whether it was posted.

use std::collections::BTreeSet;

use custory_domain::Timestamp;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::text::{markup, plain};
use super::{REACTION, REACTION_USUALLY, frame};
use crate::chat::{Channel, Chat, Frame, Message, Place, Post, Told, Words};
use crate::context::Context;
use crate::error::ConnectError;
use crate::registry::Account;
use crate::reply::read;

/// Pages of one list; with more, something is wrong with the list.
const PAGES_MAX: usize = 50;
/// Entries of a page.
const PAGE: &str = "200";
/// Channels that are read for what was missed.
const CHANNELS_MAX: usize = 60;
/// People with one mark who are looked up.
const MARKERS_MAX: usize = 5;
/// Characters of a thread that are taken in.
const THREAD_CHARS_MAX: usize = 8_000;
/// How long before a post may have been made it is looked for, by the vendor's clock.
const OVERLAP_MILLIS: i64 = 5 * 60 * 1_000;
/// What our metadata is called.
const EVENT_TYPE: &str = "custory_post";

#[derive(Deserialize)]
struct Who {
    team_id: String,
    team: String,
    user_id: String,
    user: String,
}

#[derive(Deserialize)]
struct Room {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_member: bool,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    team_id: String,
    #[serde(default)]
    real_name: String,
    #[serde(default)]
    profile: Profile,
}

#[derive(Default, Deserialize)]
struct Profile {
    #[serde(default)]
    display_name: String,
}

/// The test call: whose tokens these are, and whether they may do what is needed.
pub(super) fn probe(context: &Context) -> BoxFuture<'_, Result<Account, ConnectError>> {
    Box::pin(async move {
        let slack = Slack(context);
        let who = slack.who().await?;
        slack.page::<Room>("conversations.list", "channels", &[("limit", "1")]).await?;
        slack.line().await?;
        Ok(Account { id: who.team_id, name: who.team, person: format!("@{}", who.user) })
    })
}

/// The talking half.
pub(super) fn chat(context: &Context) -> Box<dyn Chat + '_> {
    Box::new(Slack(context))
}

struct Slack<'a>(&'a Context);

impl Slack<'_> {
    async fn who(&self) -> Result<Who, ConnectError> {
        self.read(self.0.get("api/auth.test").await?)
    }

    async fn ask(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, ConnectError> {
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        self.0.get(format!("api/{method}?{query}")).await
    }

    /// One page of a list, and where the next begins.
    async fn page<T: DeserializeOwned>(
        &self,
        method: &str,
        field: &str,
        query: &[(&str, &str)],
    ) -> Result<(Vec<T>, Option<String>), ConnectError> {
        let mut answer = self.ask(method, query).await?;
        let list = answer.get_mut(field).map(Value::take).unwrap_or_default();
        let next = answer["response_metadata"]["next_cursor"].as_str().filter(|it| !it.is_empty());
        Ok((self.read(list)?, next.map(str::to_owned)))
    }

    /// All pages of a list.
    async fn pages<T: DeserializeOwned>(
        &self,
        method: &str,
        field: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ConnectError> {
        let (mut all, mut seen, mut cursor) = (Vec::new(), BTreeSet::new(), String::new());
        for _ in 0..PAGES_MAX {
            let mut query = query.to_vec();
            query.push(("limit", PAGE));
            if !cursor.is_empty() {
                query.push(("cursor", &cursor));
            }
            let (list, next) = self.page(method, field, &query).await?;
            all.extend(list);
            match next {
                None => return Ok(all),
                Some(next) if seen.insert(next.clone()) => cursor = next,
                Some(_) => break,
            }
        }
        Err(self.unexpected("a list that does not end"))
    }

    async fn rooms(&self) -> Result<Vec<Room>, ConnectError> {
        let query = [("types", "public_channel,private_channel"), ("exclude_archived", "true")];
        self.pages("conversations.list", "channels", &query).await
    }

    /// Messages of a thread, the one that began it first; by the name of any of them.
    async fn thread(&self, channel: &str, ts: &str) -> Result<Vec<Value>, ConnectError> {
        self.pages("conversations.replies", "messages", &[("channel", channel), ("ts", ts)]).await
    }

    /// A message by its name, wherever in its channel it stands.
    async fn message(&self, place: &Place) -> Result<Option<Value>, ConnectError> {
        let Place { channel, message: ts, thread } = place;
        let is_it = |it: &Value| it["ts"] == ts.as_str();
        if thread.as_ref().is_none_or(|it| it == ts) {
            let query =
                [("channel", channel.as_str()), ("latest", ts), ("inclusive", "true"), ("limit", "1")];
            let (found, _) = self.page::<Value>("conversations.history", "messages", &query).await?;
            if let Some(found) = found.into_iter().find(is_it) {
                return Ok(Some(found));
            }
        }
        // A reply is in no channel's list, only in its thread's.
        match self.thread(channel, ts).await {
            Ok(all) => Ok(all.into_iter().find(is_it)),
            Err(ConnectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn user(&self, id: &str) -> Result<User, ConnectError> {
        let mut answer = match self.ask("users.info", &[("user", id)]).await {
            Ok(answer) => answer,
            // Somebody of another workspace may be hidden from us.
            Err(ConnectError::NotFound { .. } | ConnectError::Refused { .. }) => json!({ "user": {} }),
            Err(error) => return Err(error),
        };
        self.read(answer.get_mut("user").map(Value::take).unwrap_or_default())
    }

    /// Somebody of ours who has marked a message with the emoji.
    async fn marked_by(&self, message: &Value) -> Result<Option<String>, ConnectError> {
        let mut reactions = message["reactions"].as_array().into_iter().flatten();
        let Some(found) = reactions.find(|it| it["name"] == self.reaction()) else { return Ok(None) };
        let people = found["users"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for person in people.take(MARKERS_MAX) {
            if self.is_ours(person).await? {
                return Ok(Some(person.to_owned()));
            }
        }
        Ok(None)
    }

    async fn permalink(&self, place: &Place) -> Result<String, ConnectError> {
        let query = [("channel", place.channel.as_str()), ("message_ts", &place.message)];
        let answer = self.ask("chat.getPermalink", &query).await?;
        let url = answer["permalink"].as_str().unwrap_or_default();
        // It is shown as a link.
        Ok(if url.starts_with("https://") { url.to_owned() } else { String::new() })
    }

    async fn as_message(&self, place: &Place, first: &Value, text: String) -> Result<Message, ConnectError> {
        let who = self.who().await?;
        let user = match first["user"].as_str().filter(|it| !it.is_empty()) {
            Some(user) => self.user(user).await?,
            None => User { team_id: String::new(), real_name: String::new(), profile: Profile::default() },
        };
        let home = [user.team_id.as_str(), first["team"].as_str().unwrap_or_default()];
        let home = home.into_iter().find(|it| !it.is_empty()).unwrap_or(&who.team_id).to_owned();
        let author =
            if user.profile.display_name.is_empty() { user.real_name } else { user.profile.display_name };
        let thread = first["thread_ts"].as_str().map(str::to_owned).or_else(|| place.thread.clone());
        let place = Place { thread, ..place.clone() };
        let (url, said_at) = (self.permalink(&place).await?, said_at(&place.message));
        Ok(Message { is_outside: home != who.team_id, home, author, text, url, said_at, place })
    }

    /// A moment of ours as Slack writes times, which its messages are named by.
    async fn their_time(&self, moment: Timestamp) -> Result<String, ConnectError> {
        let there = match self.0.by_their_clock(moment) {
            Some(there) => there,
            None => {
                self.who().await?;
                self.0.by_their_clock(moment).unwrap_or(moment)
            }
        };
        Ok(format!("{:.6}", there.0.max(0) as f64 / 1_000.0))
    }

    /// A post that an earlier try made, or another device; the first, if there are several.
    async fn posted(&self, post: &Post) -> Result<Option<Place>, ConnectError> {
        let oldest = self.their_time(Timestamp(post.since.0 - OVERLAP_MILLIS)).await?;
        let mut query =
            vec![("channel", post.channel.as_str()), ("oldest", &oldest), ("include_all_metadata", "true")];
        let method = match &post.thread {
            Some(thread) => {
                query.push(("ts", thread));
                "conversations.replies"
            }
            None => "conversations.history",
        };
        let all: Vec<Value> = self.pages(method, "messages", &query).await?;
        let is_it = |it: &&Value| {
            it["metadata"]["event_type"] == EVENT_TYPE
                && it["metadata"]["event_payload"]["id"] == post.id.as_str()
        };
        let first = all.iter().filter(is_it).filter_map(|it| it["ts"].as_str()).min_by(|a, b| by_time(a, b));
        Ok(first.map(|ts| self.place_of(post, ts)))
    }

    async fn make(&self, post: &Post) -> Result<Place, ConnectError> {
        let mut body = json!({
            "channel": post.channel,
            "text": markup(&post.words),
            "unfurl_links": false,
            "unfurl_media": false,
            "metadata": { "event_type": EVENT_TYPE, "event_payload": { "id": post.id } },
        });
        if let Some(thread) = &post.thread {
            body["thread_ts"] = thread.as_str().into();
        }
        let answer = self.0.post_once("api/chat.postMessage", body).await?;
        match answer["ts"].as_str() {
            Some(ts) => Ok(self.place_of(post, ts)),
            None => Err(self.unexpected("it does not say where it posted")),
        }
    }

    /// Two devices may have looked at the same moment and both have posted: the later one takes its post back.
    async fn settled(&self, post: &Post, ours: Place) -> Place {
        let first = match self.posted(post).await {
            Ok(Some(first)) if first != ours => first,
            // Whoever comes later will see both.
            _ => return ours,
        };
        let body = json!({ "channel": ours.channel, "ts": ours.message });
        if let Err(error) = self.0.post("api/chat.delete", body).await {
            tracing::warn!("a post is there twice: {error}");
        }
        first
    }

    fn place_of(&self, post: &Post, ts: &str) -> Place {
        Place { channel: post.channel.clone(), message: ts.to_owned(), thread: post.thread.clone() }
    }

    fn reaction(&self) -> &str {
        let set = self.0.setting(REACTION).trim_matches(':');
        if set.is_empty() { REACTION_USUALLY } else { set }
    }

    fn read<T: DeserializeOwned>(&self, value: Value) -> Result<T, ConnectError> {
        read(self.0.vendor(), value)
    }

    fn unexpected(&self, reason: &str) -> ConnectError {
        ConnectError::Unexpected { vendor: self.0.vendor(), reason: reason.to_owned() }
    }
}

/// Orders messages by when they were written.
fn by_time(a: &str, b: &str) -> std::cmp::Ordering {
    let parts = |it: &str| {
        let (secs, rest) = it.split_once('.').unwrap_or((it, "0"));
        (secs.parse::<u64>().unwrap_or(0), rest.parse::<u64>().unwrap_or(0))
    };
    parts(a).cmp(&parts(b))
}

/// When a message was written, which is its name.
fn said_at(ts: &str) -> Timestamp {
    let (secs, rest) = ts.split_once('.').unwrap_or((ts, "0"));
    let millis = format!("{rest:0<3}")[..3].parse().unwrap_or(0);
    Timestamp(secs.parse::<i64>().unwrap_or(0).saturating_mul(1_000).saturating_add(millis))
}

fn is_by_a_program(message: &Value) -> bool {
    message["bot_id"].as_str().is_some_and(|it| !it.is_empty())
}

/// What people said in a thread, without what they said to us.
fn thread_text(messages: &[Value], we: &str) -> String {
    let ours = format!("<@{we}>");
    let said = messages.iter().filter(|it| !is_by_a_program(it)).filter_map(|it| it["text"].as_str());
    let said: Vec<_> = said.filter(|it| !it.contains(&ours)).map(plain).filter(|it| !it.is_empty()).collect();
    said.join("\n").chars().take(THREAD_CHARS_MAX).collect()
}

impl Chat for Slack<'_> {
    fn channels(&self) -> BoxFuture<'_, Result<Vec<Channel>, ConnectError>> {
        Box::pin(async move {
            let rooms = self.rooms().await?.into_iter();
            let mut all: Vec<_> =
                rooms.map(|it| Channel { id: it.id, name: it.name, is_ours: it.is_member }).collect();
            all.sort_by(|a, b| b.is_ours.cmp(&a.is_ours).then_with(|| a.name.cmp(&b.name)));
            Ok(all)
        })
    }

    fn line(&self) -> BoxFuture<'_, Result<String, ConnectError>> {
        Box::pin(async move {
            let answer = self.0.post_by_second("api/apps.connections.open").await?;
            let url =
                answer["url"].as_str().ok_or_else(|| self.unexpected("there is no address to listen at"))?;
            self.0.checked_line(url)
        })
    }

    fn read(&self, text: &str) -> Frame {
        frame::read(text, self.reaction())
    }

    fn confirm(&self, envelope: &str, answer: Option<&Words>) -> String {
        frame::confirm(envelope, answer)
    }

    fn missed(&self, since: Timestamp) -> BoxFuture<'_, Result<Vec<Told>, ConnectError>> {
        Box::pin(async move {
            let ours = format!("<@{}>", self.who().await?.user_id);
            let oldest = self.their_time(since).await?;
            let mut told = Vec::new();
            for room in self.rooms().await?.into_iter().filter(|it| it.is_member).take(CHANNELS_MAX) {
                let query = [("channel", room.id.as_str()), ("oldest", &oldest)];
                let messages: Vec<Value> = self.pages("conversations.history", "messages", &query).await?;
                for message in messages.iter().filter(|it| !is_by_a_program(it)) {
                    let text = message["text"].as_str().unwrap_or_default();
                    if let Some(by) = self.marked_by(message).await? {
                        let said = frame::said(message, &room.id);
                        told.extend(said.and_then(|it| frame::saved(it.place, &by)));
                    }
                    if text.contains(&ours) {
                        told.extend(frame::said(message, &room.id));
                    }
                }
            }
            Ok(told)
        })
    }

    fn is_ours<'a>(&'a self, person: &'a str) -> BoxFuture<'a, Result<bool, ConnectError>> {
        Box::pin(async move {
            if person.is_empty() {
                return Ok(false);
            }
            // One who is hidden from us has no workspace here.
            let home = self.user(person).await?.team_id;
            Ok(!home.is_empty() && home == self.who().await?.team_id)
        })
    }

    fn fetch<'a>(
        &'a self,
        place: &'a Place,
        is_thread: bool,
    ) -> BoxFuture<'a, Result<Option<Message>, ConnectError>> {
        Box::pin(async move {
            if !is_thread {
                let Some(found) = self.message(place).await? else { return Ok(None) };
                let text = plain(found["text"].as_str().unwrap_or_default());
                return self.as_message(place, &found, text).await.map(Some);
            }
            let messages = match self.thread(&place.channel, place.root()).await {
                Ok(messages) => messages,
                Err(ConnectError::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let Some(first) = messages.iter().find(|it| it["ts"] == place.root()) else { return Ok(None) };
            let text = thread_text(&messages, &self.who().await?.user_id);
            let root = Place { message: place.root().to_owned(), ..place.clone() };
            self.as_message(&root, first, text).await.map(Some)
        })
    }

    fn post<'a>(&'a self, post: &'a Post) -> BoxFuture<'a, Result<Place, ConnectError>> {
        Box::pin(async move {
            if let Some(place) = self.posted(post).await? {
                return Ok(place);
            }
            match self.make(post).await {
                Ok(place) => Ok(self.settled(post, place).await),
                // It may have been posted all the same.
                Err(error) if error.is_open() => self.posted(post).await.ok().flatten().ok_or(error),
                Err(error) => Err(error),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messages_name_is_its_time() {
        assert_eq!(said_at("1610241741.000200"), Timestamp(1_610_241_741_000));
        assert_eq!(said_at("1610241741.9"), Timestamp(1_610_241_741_900));
        assert_eq!(said_at("x"), Timestamp(0));
    }
}
