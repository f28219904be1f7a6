//! Other tools: connected, asked, told. What is asked of them happens apart from the loop; what they
//! answer enters a journey as a command.
//!
//! Invariant: a key is in the keychain and in memory while it is used, nowhere else. Invariant: an issue
//! is noted before the first try to make it, and the note goes once the journey has the link.

pub(crate) mod chat;
mod issues;
mod numbers;
mod phrase;
mod pull;
mod schedule;
mod sign_in;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use custory_connectors::{
    ALL, Account, ConnectError, Connector, Context, Key, Patience, Surroundings, Tokens, find,
};
use custory_domain::Timestamp;
use custory_ipc::{ConnectionView, ConnectorView, ErrorCode, Event, Failure, Reply, SettingView, SignInView};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::apart::Later;
use crate::clock::Clock;
use crate::failure::{Fault, internal, not_found};
use crate::inbox::Core;
use sign_in::InKeychain;
pub(crate) use sign_in::SigningIn;

/// Setting of a connector that says which project is meant; filled in by the test call.
const PROJECT: &str = "project";

/// A connection as this device keeps it.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    account: String,
    account_name: String,
    person: String,
    settings: BTreeMap<String, String>,
    base_url: Option<String>,
    /// The name of the key in the keychain.
    key: String,
    connected_at: Timestamp,
    last_pull: Option<Timestamp>,
    #[serde(default)]
    problem: String,
    /// When it was last tried, by hand or by itself.
    #[serde(default)]
    tried_at: Option<Timestamp>,
    /// Failures since the last success.
    #[serde(default)]
    failures: u32,
    /// The vendor asked not to come back sooner.
    #[serde(default)]
    not_before: Option<Timestamp>,
    /// The key is refused: trying again by itself would change nothing.
    #[serde(default)]
    needs_person: bool,
    /// The newest change of an issue that was seen.
    #[serde(default)]
    seen_until: Option<Timestamp>,
    /// Until when everything that was said to us is heard.
    #[serde(default)]
    heard_until: Option<Timestamp>,
    /// Issues that were asked after; others are read whole.
    #[serde(default)]
    followed: BTreeSet<Uuid>,
}

/// What connectors need of the machine, out of the engine's own.
struct Around {
    clock: Arc<dyn Clock>,
    seed: u64,
}

impl Surroundings for Around {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn wait(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.clock.wait(time)
    }
}

impl From<ConnectError> for Fault {
    fn from(error: ConnectError) -> Self {
        Self(failure(&error))
    }
}

fn failure(error: &ConnectError) -> Failure {
    let code = match error {
        ConnectError::BadAddress { .. } | ConnectError::BadSetting(_) => ErrorCode::BadInput,
        _ => ErrorCode::Vendor,
    };
    Failure::new(code, error.to_string())
}

fn connector(vendor: &str) -> Result<&'static Connector, Fault> {
    let known: Vec<_> = ALL.iter().map(|it| it.key).collect();
    let message = || format!("There is no connector “{vendor}”; there are {}.", known.join(", "));
    find(vendor).ok_or_else(|| not_found(&message()))
}

pub(crate) fn stopped() -> Failure {
    Failure::new(ErrorCode::Internal, "The engine stopped before the answer came.")
}

impl Core {
    /// Where this device's keys are, and whether they can be used.
    pub(crate) fn keys(&mut self) -> Reply {
        self.secrets.look_again();
        Reply::Keys { place: self.secrets.place(), lock: self.secrets.lock() }
    }

    /// Unlocks the keys, and goes on with what needed them.
    pub(crate) fn unlock_keys(&mut self, passphrase: &str) -> Result<Reply, Fault> {
        self.secrets.unlock(passphrase)?;
        if self.team.is_none() {
            let started = self.start_team();
            self.tell_team();
            started?;
        }
        self.listen();
        Ok(self.keys())
    }

    /// All tools, and how each stands.
    pub(crate) fn connectors(&self) -> Result<Reply, Fault> {
        Ok(Reply::Connectors { connectors: self.connector_views()? })
    }

    fn connector_views(&self) -> Result<Vec<ConnectorView>, Fault> {
        let mut kept = self.all_kept()?;
        Ok(ALL.iter().map(|it| view(it, kept.remove(it.key))).collect())
    }

    fn all_kept(&self) -> Result<BTreeMap<String, Kept>, Fault> {
        let all = self.store.connections()?;
        // One that a newer version wrote is as good as none: connecting again mends it.
        Ok(all
            .into_iter()
            .filter_map(|(vendor, json)| Some((vendor, serde_json::from_str(&json).ok()?)))
            .collect())
    }

    fn kept(&self, vendor: &str) -> Result<Kept, Fault> {
        let name = connector(vendor)?.name;
        let message = format!(
            "{name} is not connected. Connect it in the settings, or with `custory connect {vendor}`."
        );
        self.all_kept()?.remove(vendor).ok_or_else(|| not_found(&message))
    }

    fn keep(&mut self, vendor: &str, kept: &Kept) -> Result<(), Fault> {
        self.store.put_connection(vendor, &json!(kept).to_string())?;
        self.emit(Event::Connectors { connectors: self.connector_views()? });
        Ok(())
    }

    /// A connection, ready to be used.
    fn context(&mut self, vendor: &str, kept: &Kept) -> Result<Context, Fault> {
        let connector = connector(vendor)?;
        let lost = || {
            let name = connector.name;
            not_found(&format!("The key for {name} is not in the keychain any more. Connect {name} again."))
        };
        let secret = self.secrets.get(&kept.key)?.ok_or_else(lost)?;
        let secret = std::str::from_utf8(&secret).map_err(|_| lost())?;
        let base_url = kept.base_url.as_deref();
        let Some(tokens) = Tokens::from_secret(secret) else {
            return self.context_with(connector, Key::new(secret), &kept.settings, base_url);
        };
        let keeper = Arc::new(InKeychain { way: self.way(), name: kept.key.clone() });
        let (settings, around) = (kept.settings.clone(), self.around());
        Ok(Context::signed_in(connector, tokens, settings, base_url, around, Patience::default(), keeper)?)
    }

    /// The machine as connectors see it.
    fn around(&mut self) -> Arc<dyn Surroundings> {
        let mut seed = [0; 8];
        self.entropy.fill(&mut seed);
        Arc::new(Around { clock: Arc::clone(&self.clock), seed: u64::from_le_bytes(seed) })
    }

    fn context_with(
        &mut self,
        connector: &'static Connector,
        key: Key,
        settings: &BTreeMap<String, String>,
        base_url: Option<&str>,
    ) -> Result<Context, Fault> {
        let (settings, around) = (settings.clone(), self.around());
        Ok(Context::new(connector, key, settings, base_url, around, Patience::default())?)
    }

    /// Connects a tool, once a test call has shown that the key is right.
    pub(crate) fn connect_tool(
        &mut self,
        vendor: &str,
        key: &str,
        settings: BTreeMap<String, String>,
        base_url: Option<String>,
    ) -> Result<Later, Fault> {
        let connector = connector(vendor)?;
        let key = Key::new(key);
        let context = self.context_with(connector, key.clone(), &settings, base_url.as_deref())?;
        let way = self.way();
        Ok(Box::new(move || {
            Box::pin(async move {
                let account = context.probe().await.map_err(|it| failure(&it))?;
                let connected = move |core: &mut Core| {
                    core.connected(connector, key.reveal(), settings, base_url, account)
                };
                way.ask(connected).ok_or_else(stopped)?.map_err(|it| it.0)
            })
        }))
    }

    fn connected(
        &mut self,
        connector: &Connector,
        secret: &str,
        mut settings: BTreeMap<String, String>,
        base_url: Option<String>,
        account: Account,
    ) -> Result<Reply, Fault> {
        if connector.settings.iter().any(|it| it.key == PROJECT) {
            settings.insert(PROJECT.to_owned(), account.id.clone());
        }
        let before = self.all_kept()?.remove(connector.key);
        let kept = Kept {
            account: account.id,
            account_name: account.name,
            person: account.person,
            settings,
            base_url,
            key: self.keep_secret(connector.key, secret.as_bytes())?,
            connected_at: self.clock.now(),
            last_pull: None,
            problem: String::new(),
            tried_at: None,
            failures: 0,
            not_before: None,
            needs_person: false,
            seen_until: None,
            heard_until: None,
            followed: BTreeSet::new(),
        };
        self.keep(connector.key, &kept)?;
        if let Some(before) = before {
            self.secrets.forget(&before.key)?;
        }
        self.listen();
        self.connectors()
    }

    /// Forgets a connection and its key.
    pub(crate) fn disconnect(&mut self, vendor: &str) -> Result<Reply, Fault> {
        let kept = self.kept(vendor)?;
        self.store.delete_connection(vendor)?;
        self.secrets.forget(&kept.key)?;
        self.listen();
        self.emit(Event::Connectors { connectors: self.connector_views()? });
        self.connectors()
    }
}

fn view(it: &Connector, kept: Option<Kept>) -> ConnectorView {
    let owned = |lines: &[&str]| lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let auth = it.auth.first();
    let second = auth.and_then(|it| it.second.as_ref());
    let setting = |it: &custory_connectors::Setting| SettingView {
        key: it.key.to_owned(),
        name: it.name.to_owned(),
        help: it.help.to_owned(),
        default: it.default.to_owned(),
    };
    ConnectorView {
        vendor: it.key.to_owned(),
        name: it.name.to_owned(),
        purpose: it.purpose.to_owned(),
        key_name: auth.map_or("", |it| it.name).to_owned(),
        key_example: auth.map_or("", |it| it.example).to_owned(),
        create_at: auth.map_or("", |it| it.create_at).to_owned(),
        second_name: second.map_or("", |it| it.name).to_owned(),
        second_example: second.map_or("", |it| it.example).to_owned(),
        steps: auth.map(|it| owned(it.steps)).unwrap_or_default(),
        paste: auth.map_or("", |it| it.paste).to_owned(),
        scopes: auth.map(|it| owned(it.scopes)).unwrap_or_default(),
        sign_in: it.sign_in.map(|it| SignInView {
            create_at: it.create_at.to_owned(),
            steps: owned(it.steps),
            scopes: owned(it.scopes),
            client: custory_connectors::SignIn::CLIENT.to_owned(),
        }),
        settings: it.settings.iter().map(setting).collect(),
        reads: owned(it.reads),
        writes: owned(it.writes),
        limits: it.limits.to_owned(),
        docs: it.docs.to_owned(),
        is_source: it.is_source(),
        is_tracker: it.is_tracker(),
        is_chat: it.is_chat(),
        connection: kept.map(|it| ConnectionView {
            next_pull: schedule::due_at(&it),
            account: it.account,
            account_name: it.account_name,
            person: it.person,
            settings: it.settings,
            base_url: it.base_url,
            connected_at: it.connected_at,
            last_pull: it.last_pull,
            problem: it.problem,
        }),
    }
}

/// A half that the vendor of a connection does not have.
fn has_no(what: &str, vendor: &str) -> Failure {
    internal(&format!("“{vendor}” has no {what}.")).0
}
