//! The talking half of a connector: what a team says in channels and to us, and posts into them.

use custory_domain::Timestamp;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::error::ConnectError;

/// A vendor in which a team talks.
pub trait Chat: Send + Sync {
    /// Channels that can be posted to, by name.
    fn channels(&self) -> BoxFuture<'_, Result<Vec<Channel>, ConnectError>>;

    /// Where the vendor tells what happens while somebody listens: the address of a WebSocket, good for one
    /// connection.
    fn line(&self) -> BoxFuture<'_, Result<String, ConnectError>>;

    /// What a frame of that line says.
    fn read(&self, frame: &str) -> Frame;

    /// Confirms a frame by its envelope; with an answer where it asks for one.
    fn confirm(&self, envelope: &str, answer: Option<&Words>) -> String;

    /// What was said to us or marked for us since, in channels that we are in. For times at which nobody listened.
    fn missed(&self, since: Timestamp) -> BoxFuture<'_, Result<Vec<Told>, ConnectError>>;

    /// Whether somebody is of our own workspace, by the vendor's identifier: channels may be shared with other
    /// companies, whose people get nothing read to them and put nothing onto the map.
    fn is_ours<'a>(&'a self, person: &'a str) -> BoxFuture<'a, Result<bool, ConnectError>>;

    /// A message, or the whole thread that it is in; `None` if it is gone.
    fn fetch<'a>(
        &'a self,
        place: &'a Place,
        is_thread: bool,
    ) -> BoxFuture<'a, Result<Option<Message>, ConnectError>>;

    /// Posts, or finds what an earlier try has posted. Asks once: after an error that leaves open whether it was
    /// posted, the same post may be handed in again a while later, and is looked for first.
    fn post<'a>(&'a self, post: &'a Post) -> BoxFuture<'a, Result<Place, ConnectError>>;
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The vendor's identifier.
    pub id: String,
    /// Its name, without a sign before it.
    pub name: String,
    /// Whether we are in it: only then can it be read and posted to.
    pub is_ours: bool,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The channel's identifier.
    pub channel: String,
    /// The message's name in the channel.
    pub message: String,
    /// The name of the message that began the thread, if it is known to be in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
}

impl Place {
    /// The message under which an answer to this one belongs.
    pub fn root(&self) -> &str {
        self.thread.as_deref().unwrap_or(&self.message)
    }
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The line is open.
    Ready,
    /// The line is about to end.
    Closing {
        /// Why there is no use in opening another one; `None` if there is.
        refused: Option<String>,
    },
    /// Something happened. To be confirmed once it cannot be lost any more; nothing in it for us if `told` is none.
    Told {
        /// What to confirm.
        envelope: String,
        /// What happened.
        told: Option<Told>,
    },
    /// Somebody asks, and waits for the confirmation with the answer.
    Asked {
        /// What to confirm.
        envelope: String,
        /// Who asks, by the vendor's identifier.
        by: String,
        /// Their words.
        words: String,
    },
    /// Nothing that we know.
    Other,
}

/// Something that somebody did in a channel and that is meant for us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What it is called: the same however often and by whatever way it is heard of.
    pub id: String,
    /// The message that it is about.
    pub place: Place,
    /// Who wants it, by the vendor's identifier.
    pub by: String,
    /// What they want.
    pub act: Act,
}

impl Told {
    /// What it is about, whoever wants it: that is answered once.
    pub fn topic(&self) -> String {
        let act = match self.act {
            Act::Save => "save",
            Act::Say { .. } => "say",
        };
        format!("{act}/{}/{}", self.place.channel, self.place.message)
    }
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Keep the message.
    Save,
    /// They speak to us.
    Say {
        /// Their words, without our name.
        words: String,
    },
}

/// A message, or a thread as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is called: for a thread its first message.
    pub place: Place,
    /// The vendor's identifier of the workspace in which its author is at home.
    pub home: String,
    /// Whether that is another one than ours.
    pub is_outside: bool,
    /// Who wrote it, by name; empty if unknown.
    pub author: String,
    /// The words, plain: links by their labels, people without their names.
    pub text: String,
    /// Its address.
    pub url: String,
    /// When it was written.
    pub said_at: Timestamp,
}

/// Something to be posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What it is called: two posts of one name are one.
    pub id: String,
    /// The channel's identifier.
    pub channel: String,
    /// The message that it answers; a message of its own without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// What it says.
    pub words: Words,
    /// Since when it may have been posted.
    pub since: Timestamp,
}

/// Words for a channel, without any markup of a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The first line.
    pub title: String,
    /// What follows it.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// Some lines under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The heading; none if empty.
    pub heading: String,
    /// The lines.
    pub lines: Vec<String>,
}

impl Words {
    /// A line, and lines under it.
    pub fn new(title: impl Into<String>, lines: Vec<String>) -> Self {
        let parts = if lines.is_empty() { Vec::new() } else { vec![Part { heading: String::new(), lines }] };
        Self { title: title.into(), parts }
    }
}
