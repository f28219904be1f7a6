//! What Slack sends over Socket Mode: envelopes, each to be confirmed by its name within three seconds.

use serde::Deserialize;
use serde_json::{Value, json};

use super::SHORTCUT;
use super::text::{markup, without_mentions};
use crate::chat::{Act, Frame, Place, Told, Words};

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type", default)]
    sort: String,
    #[serde(default)]
    envelope_id: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    payload: Value,
}

/// Reads a frame. `reaction` is the emoji that keeps a message.
pub(super) fn read(frame: &str, reaction: &str) -> Frame {
    let Ok(it) = serde_json::from_str::<Envelope>(frame) else { return Frame::Other };
    let envelope = it.envelope_id;
    match it.sort.as_str() {
        "hello" => Frame::Ready,
        "disconnect" => {
            let is_off = it.reason == "link_disabled";
            let refused = "Socket Mode is switched off for the app; switch it on in its settings at Slack";
            Frame::Closing { refused: is_off.then(|| refused.to_owned()) }
        }
        // Without a name nothing can be confirmed.
        _ if envelope.is_empty() => Frame::Other,
        "events_api" => Frame::Told { envelope, told: event(&it.payload["event"], reaction) },
        "interactive" => Frame::Told { envelope, told: shortcut(&it.payload) },
        "slash_commands" => {
            let words = it.payload["text"].as_str().unwrap_or_default().trim().to_owned();
            let by = it.payload["user_id"].as_str().unwrap_or_default().to_owned();
            Frame::Asked { envelope, by, words }
        }
        _ => Frame::Told { envelope, told: None },
    }
}

/// The confirmation of an envelope.
pub(super) fn confirm(envelope: &str, answer: Option<&Words>) -> String {
    match answer {
        None => json!({ "envelope_id": envelope }),
        Some(words) => json!({
            "envelope_id": envelope,
            "payload": { "response_type": "ephemeral", "text": markup(words) },
        }),
    }
    .to_string()
}

fn event(event: &Value, reaction: &str) -> Option<Told> {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    // Our own posts, and those of other programs, are nobody's word.
    if !text("bot_id").is_empty() || !text("subtype").is_empty() {
        return None;
    }
    match text("type") {
        "reaction_added" if text("reaction") == reaction && event["item"]["type"] == "message" => {
            saved(place(&event["item"], None)?, text("user"))
        }
        "app_mention" => said(event, text("channel")),
        "message" if text("channel_type") == "im" => said(event, text("channel")),
        _ => None,
    }
}

fn shortcut(payload: &Value) -> Option<Told> {
    if payload["type"] != "message_action" || payload["callback_id"] != SHORTCUT {
        return None;
    }
    let by = payload["user"]["id"].as_str().unwrap_or_default();
    saved(place(&payload["message"], payload["channel"]["id"].as_str())?, by)
}

/// Somebody wants a message kept: one wish of theirs, by whatever way they say it.
pub(super) fn saved(place: Place, by: &str) -> Option<Told> {
    let id = format!("save/{}/{}/{by}", place.channel, place.message);
    Some(Told { id, place, by: by.to_owned(), act: Act::Save })
}

/// Somebody speaks to us.
pub(super) fn said(message: &Value, channel: &str) -> Option<Told> {
    let place = place(message, Some(channel))?;
    let words = without_mentions(message["text"].as_str().unwrap_or_default());
    let by = message["user"].as_str().unwrap_or_default().to_owned();
    Some(Told { id: format!("say/{}/{}", place.channel, place.message), place, by, act: Act::Say { words } })
}

fn place(message: &Value, channel: Option<&str>) -> Option<Place> {
    let channel = channel.or(message["channel"].as_str()).filter(|it| is_id(it))?;
    let name = message["ts"].as_str().filter(|it| is_ts(it))?;
    let thread = message["thread_ts"].as_str().filter(|it| is_ts(it));
    Some(Place { channel: channel.to_owned(), message: name.to_owned(), thread: thread.map(str::to_owned) })
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|it| it.is_ascii_alphanumeric())
}

/// `1610241741.000200`: seconds and millionths.
fn is_ts(text: &str) -> bool {
    let digits = |it: &str| !it.is_empty() && it.len() <= 12 && it.bytes().all(|it| it.is_ascii_digit());
    text.split_once('.').is_some_and(|(secs, rest)| digits(secs) && digits(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(payload: Value) -> Option<Told> {
        let frame = json!({ "type": "events_api", "envelope_id": "e", "payload": { "event": payload } });
        match read(&frame.to_string(), "pushpin") {
            Frame::Told { told, .. } => told,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_wish_of_a_person_is_left_out() {
        let item = json!({ "type": "message", "channel": "C1", "ts": "1.2" });
        let good = json!({ "type": "reaction_added", "reaction": "pushpin", "item": item, "user": "U1" });
        assert_eq!(told(good.clone()).unwrap().id, "save/C1/1.2/U1");
        for (field, value) in [
            ("reaction", json!("tada")),
            ("item", json!({ "type": "file", "file": "F1" })),
            ("item", json!({ "type": "message", "channel": "C1/../x", "ts": "1.2" })),
            ("item", json!({ "type": "message", "channel": "C1", "ts": "1&x=2" })),
            ("type", json!("team_join")),
        ] {
            let mut other = good.clone();
            other[field] = value;
            assert_eq!(told(other), None);
        }
        let mention = json!({ "type": "app_mention", "channel": "C1", "ts": "1.2", "text": "<@U9> hi", "thread_ts": "1.0" });
        let heard = told(mention.clone()).unwrap();
        assert_eq!((heard.act, heard.place.root()), (Act::Say { words: "hi".to_owned() }, "1.0"));
        for (field, value) in [("bot_id", "B1"), ("subtype", "message_changed")] {
            let mut other = mention.clone();
            other[field] = value.into();
            assert_eq!(told(other), None);
        }
    }

    #[test]
    fn frames_of_any_kind_are_survived() {
        for frame in ["", "null", "[]", "{}", "{\"type\":7}", "{\"type\":\"events_api\"}", "<html>"] {
            assert_eq!(read(frame, "pushpin"), Frame::Other, "{frame}");
        }
        let odd = json!({ "type": "of the future", "envelope_id": "e" }).to_string();
        assert_eq!(read(&odd, "pushpin"), Frame::Told { envelope: "e".to_owned(), told: None });
    }
}
