//! All connectors, and what each is.

use std::collections::BTreeMap;

use custory_domain::Timestamp;
use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::chat::Chat;
use crate::context::Context;
use crate::error::ConnectError;
use crate::numbers::Numbers;
use crate::reply::Reply;
use crate::tracker::Tracker;

/// Every connector. Adding one is its folder and its line here.
pub static ALL: &[&Connector] =
    &[&crate::posthog::CONNECTOR, &crate::linear::CONNECTOR, &crate::slack::CONNECTOR];

/// The connector of that key.
pub fn find(key: &str) -> Option<&'static Connector> {
    ALL.iter().copied().find(|it| it.key == key)
}

/// What a person set, by the key of the setting.
pub type Settings = BTreeMap<String, String>;

/// A vendor, and what we can do with it.
#[derive(Debug)]
pub struct Connector {
    /// Its name in commands and files, lower case.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it is good for, in a sentence.
    pub purpose: &'static str,
    /// What may be given to connect it. The first is the usual one.
    pub auth: &'static [Auth],
    /// How a person may sign in there in a browser instead.
    pub sign_in: Option<&'static SignIn>,
    /// What else is asked for when it is connected.
    pub settings: &'static [Setting],
    /// What is read, as lines for people.
    pub reads: &'static [&'static str],
    /// What is written, as lines for people.
    pub writes: &'static [&'static str],
    /// How much the vendor allows, in a sentence.
    pub limits: &'static str,
    /// Where the vendor explains its keys.
    pub docs: &'static str,
    /// Where it is, for these settings.
    pub(crate) address: fn(&Settings) -> String,
    /// What stands before the key in the `Authorization` header.
    pub(crate) scheme: &'static str,
    /// How it says no where it does not use the status for it.
    pub(crate) objection: fn(&Reply, Timestamp) -> Option<Objection>,
    /// Its words for a fault, out of the body that tells of it.
    pub(crate) words: fn(&Value) -> Option<String>,
    /// The test call: whose key this is. Also calls what later calls need, so that a missing scope shows.
    pub(crate) probe: for<'a> fn(&'a Context) -> BoxFuture<'a, Result<Account, ConnectError>>,
    /// Its source half.
    pub(crate) numbers: Option<SourceOf>,
    /// Its sink half.
    pub(crate) tracker: Option<SinkOf>,
    /// Its talking half.
    pub(crate) chat: Option<ChatOf>,
}

/// Makes a vendor's source half for one connection.
pub(crate) type SourceOf = for<'a> fn(&'a Context) -> Box<dyn Numbers + 'a>;
/// Makes a vendor's sink half for one connection.
pub(crate) type SinkOf = for<'a> fn(&'a Context) -> Box<dyn Tracker + 'a>;
/// Makes a vendor's talking half for one connection.
pub(crate) type ChatOf = for<'a> fn(&'a Context) -> Box<dyn Chat + 'a>;

impl Connector {
    /// Whether it gives numbers.
    pub fn is_source(&self) -> bool {
        self.numbers.is_some()
    }

    /// Whether it takes issues.
    pub fn is_tracker(&self) -> bool {
        self.tracker.is_some()
    }

    /// Whether a team talks there.
    pub fn is_chat(&self) -> bool {
        self.chat.is_some()
    }
}

/// Something that may be given to connect a vendor.
#[derive(Debug)]
pub struct Auth {
    /// What it is called there.
    pub name: &'static str,
    /// Where it is created.
    pub create_at: &'static str,
    /// What to do there, a line each.
    pub steps: &'static [&'static str],
    /// Scopes that it needs.
    pub scopes: &'static [&'static str],
    /// What it looks like, for a field's placeholder.
    pub example: &'static str,
    /// What has to be given beside it.
    pub second: Option<SecondKey>,
    /// A text that is pasted there; empty where none is.
    pub paste: &'static str,
}

/// Signing in at a vendor in a browser, by an app that the person's own workspace has there.
#[derive(Debug)]
pub struct SignIn {
    /// Where the app is created.
    pub create_at: &'static str,
    /// What to do there, a line each.
    pub steps: &'static [&'static str],
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// Where this machine waits for the browser: the app names the whole address, so it is always the same.
    pub port: u16,
    /// Where a person says yes.
    pub(crate) authorize: &'static str,
    /// Where tokens are given, below the vendor's address.
    pub(crate) token: &'static str,
}

impl SignIn {
    /// Setting that names the app.
    pub const CLIENT: &'static str = "client_id";
    /// Where the browser comes back to.
    pub(crate) const PATH: &'static str = "/callback";
}

/// A key that is needed beside the first.
#[derive(Debug)]
pub struct SecondKey {
    /// What it is called there.
    pub name: &'static str,
    /// What it looks like, for a field's placeholder.
    pub example: &'static str,
}

/// Something that is asked for when a vendor is connected.
#[derive(Debug)]
pub struct Setting {
    /// Its name in commands and files.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What to put in.
    pub help: &'static str,
    /// What it looks like, for a field's placeholder; what is taken when it is left empty.
    pub default: &'static str,
}

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The vendor's identifier of the project or workspace that is connected.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whom the key belongs to, as named there.
    pub person: String,
}

/// How a vendor says no in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    Unauthorized,
    Forbidden,
    NotFound,
    RateLimited(Option<std::time::Duration>),
    Unavailable,
    Refused,
}
