//! Around every call: the key, time limits, a cap on what is taken in, retries, a log.
//!
//! Invariant: only a temporary fault is tried again, and never sooner than the vendor asks. A call may be
//! repeated where what it makes carries an identifier that the vendor knows as one; where a vendor has none, it is
//! repeated only when the vendor says that it did nothing ([`Context::post_once`]).

use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use custory_domain::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use crate::address::{checked, is_loopback};
use crate::chat::Chat;
use crate::error::ConnectError;
use crate::key::Key;
use crate::log::{Log, Logged};
use crate::numbers::Numbers;
use crate::registry::{Account, Connector, Settings};
use crate::reply::{Reply, short};
use crate::sign_in::{Keeper, Tokens};
use crate::surroundings::Surroundings;
use crate::tracker::Tracker;

/// What a vendor is told: the product's name and version, nothing else.
const USER_AGENT: &str = concat!("Custory/", env!("CARGO_PKG_VERSION"));

/// What stands before a token that was given for signing in.
const BEARER: &str = "Bearer ";

/// How long and how often to try, and how much to take in.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Time for one try, from connecting to the last byte. Analytics count for a while.
    pub attempt_max: Duration,
    /// Tries after the first.
    pub retries: usize,
    /// The first wait; each further one is twice as long, and up to as much again by chance.
    pub first_wait: Duration,
    /// Longest wait. A vendor that asks for more is not tried again, and a person told when to.
    pub wait_max: Duration,
    /// Largest body.
    pub body_bytes_max: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempt_max: Duration::from_secs(60),
            retries: 4,
            first_wait: Duration::from_millis(500),
            wait_max: Duration::from_secs(60),
            body_bytes_max: 8 << 20,
        }
    }
}

/// A call to a vendor.
#[derive(Debug)]
pub(crate) struct Call {
    pub method: Method,
    /// Below the vendor's address, without a slash before it.
    pub path: String,
    pub body: Body,
    pub by: By,
    /// Whether asking twice does no more than asking once.
    pub is_repeatable: bool,
}

impl Call {
    fn new(method: Method, path: impl Into<String>, body: Body) -> Self {
        Self { method, path: path.into(), body, by: By::Key, is_repeatable: true }
    }
}

/// What is sent along.
#[derive(Debug)]
pub(crate) enum Body {
    None,
    Json(Value),
    /// As a browser sends a form.
    Form(Zeroizing<String>),
}

/// In whose name a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// By the key, or the first of two.
    Key,
    /// By the second.
    Second,
    /// By nobody: what is sent says enough.
    Nobody,
}

/// Tokens in use, and who keeps them.
struct Renewing {
    tokens: tokio::sync::Mutex<Tokens>,
    keeper: Arc<dyn Keeper>,
}

/// A connected vendor, ready to be called.
pub struct Context {
    connector: &'static Connector,
    http: reqwest::Client,
    address: Url,
    authorization: Mutex<HeaderValue>,
    second: Option<HeaderValue>,
    /// Where the key is a token that ends: how it is renewed.
    renewing: Option<Renewing>,
    key: Key,
    settings: Settings,
    patience: Patience,
    around: Arc<dyn Surroundings>,
    log: Log,
    /// How far the vendor's clock is ahead of ours, in milliseconds, once it is known.
    ahead: AtomicI64,
}

/// Nothing is known yet.
const UNKNOWN: i64 = i64::MIN;

impl Context {
    /// Gets ready; nothing is sent yet. `base_url` takes the place of the vendor's own address.
    ///
    /// # Errors
    /// When the address is none or would send the key unencrypted to another machine, or the key is empty.
    pub fn new(
        connector: &'static Connector,
        key: Key,
        settings: Settings,
        base_url: Option<&str>,
        around: Arc<dyn Surroundings>,
        patience: Patience,
    ) -> Result<Self, ConnectError> {
        const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
        let vendor = connector.name;
        let address = base_url.map_or_else(|| (connector.address)(&settings), str::to_owned);
        let address = checked(vendor, &address)?;
        if key.is_empty() {
            return Err(ConnectError::BadSetting(format!("Paste the key for {vendor}.")));
        }
        let has_two = connector.auth.iter().any(|it| it.second.is_some());
        if !has_two && key.second().is_some() {
            let message = format!("This is no key of {vendor}: it holds spaces or line ends.");
            return Err(ConnectError::BadSetting(message));
        }
        let scheme = if key.is_bearer() { BEARER } else { connector.scheme };
        let authorization = Mutex::new(header(vendor, scheme, key.first())?);
        let second = key.second().map(|it| header(vendor, scheme, it)).transpose()?;
        // Another part of the program may have chosen a provider already; either is fine.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none()) // Would carry the key to wherever it leads.
            .referer(false)
            .connect_timeout(CONNECT_TIME_MAX)
            .timeout(patience.attempt_max);
        if is_loopback(&address) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| ConnectError::Unavailable {
            vendor,
            reason: short(&error.to_string()),
            retry_in: None,
        })?;
        let log = Log::default();
        let renewing = None;
        Ok(Self {
            connector,
            http,
            address,
            authorization,
            second,
            renewing,
            key,
            settings,
            patience,
            around,
            log,
            ahead: AtomicI64::new(UNKNOWN),
        })
    }

    /// Gets ready with tokens in place of a key; they are renewed in time.
    ///
    /// # Errors
    /// As [`Context::new`].
    pub fn signed_in(
        connector: &'static Connector,
        tokens: Tokens,
        settings: Settings,
        base_url: Option<&str>,
        around: Arc<dyn Surroundings>,
        patience: Patience,
        keeper: Arc<dyn Keeper>,
    ) -> Result<Self, ConnectError> {
        let context = Self::new(connector, tokens.key(), settings, base_url, around, patience)?;
        Ok(Self { renewing: Some(Renewing { tokens: tokio::sync::Mutex::new(tokens), keeper }), ..context })
    }

    /// Whose key this is: the test call.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn probe(&self) -> Result<Account, ConnectError> {
        (self.connector.probe)(self).await
    }

    /// The source half, if the vendor has one.
    pub fn numbers(&self) -> Option<Box<dyn Numbers + '_>> {
        self.connector.numbers.map(|it| it(self))
    }

    /// The sink half, if the vendor has one.
    pub fn tracker(&self) -> Option<Box<dyn Tracker + '_>> {
        self.connector.tracker.map(|it| it(self))
    }

    /// The talking half, if the vendor has one.
    pub fn chat(&self) -> Option<Box<dyn Chat + '_>> {
        self.connector.chat.map(|it| it(self))
    }

    /// The newest calls, the oldest first.
    pub fn log(&self) -> Vec<Logged> {
        self.log.all()
    }

    /// A moment of ours by the vendor's clock; `None` before it has said what time it is.
    pub(crate) fn by_their_clock(&self, moment: Timestamp) -> Option<Timestamp> {
        let ahead = Some(self.ahead.load(Ordering::Relaxed)).filter(|it| *it != UNKNOWN)?;
        Some(Timestamp(moment.0.saturating_add(ahead)))
    }

    pub(crate) fn vendor(&self) -> &'static str {
        self.connector.name
    }

    pub(crate) fn setting(&self, key: &str) -> &str {
        self.settings.get(key).map_or("", |it| it.trim())
    }

    pub(crate) async fn wait(&self, time: Duration) {
        self.around.wait(time).await;
    }

    pub(crate) async fn get(&self, path: impl Into<String>) -> Result<Value, ConnectError> {
        self.call(&Call::new(Method::GET, path, Body::None)).await
    }

    pub(crate) async fn post(&self, path: impl Into<String>, body: Value) -> Result<Value, ConnectError> {
        self.call(&Call::new(Method::POST, path, Body::Json(body))).await
    }

    /// Asks for what would be done twice if it were asked for twice.
    pub(crate) async fn post_once(&self, path: &str, body: Value) -> Result<Value, ConnectError> {
        let call = Call::new(Method::POST, path, Body::Json(body));
        self.call(&Call { is_repeatable: false, ..call }).await
    }

    /// Asks by the second key.
    pub(crate) async fn post_by_second(&self, path: &str) -> Result<Value, ConnectError> {
        let call = Call::new(Method::POST, path, Body::None);
        self.call(&Call { by: By::Second, ..call }).await
    }

    /// Asks by nobody's key, with a form. Not again by itself: a code or token may be good for once.
    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> Result<Value, ConnectError> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let call = Call::new(Method::POST, path, Body::Form(Zeroizing::new(form)));
        // Boxed, since what renews a key calls from within a call.
        Box::pin(self.retried(&Call { by: By::Nobody, is_repeatable: false, ..call })).await
    }

    pub(crate) fn connector(&self) -> &'static Connector {
        self.connector
    }

    /// Sees to it that the token is good; after it was refused, that it is another one.
    async fn renew(&self, was_refused: bool) -> Result<bool, ConnectError> {
        let Some(renewing) = &self.renewing else { return Ok(false) };
        let now = self.around.now();
        let mut tokens = renewing.tokens.lock().await;
        if !was_refused && !tokens.is_over(now) {
            return Ok(false);
        }
        let latest = renewing.keeper.latest().filter(|it| *it != *tokens && !it.is_over(now));
        let new = match latest {
            // Somebody else has renewed them.
            Some(latest) => latest,
            None => {
                let new = self.renewed(&tokens, now).await?;
                renewing.keeper.keep(&new);
                new
            }
        };
        let header = header(self.vendor(), BEARER, new.key().first())?;
        *self.authorization.lock().unwrap_or_else(PoisonError::into_inner) = header;
        *tokens = new;
        Ok(true)
    }

    /// The address of a WebSocket that a vendor names, if what is said there is safe on its way: it holds a ticket.
    pub(crate) fn checked_line(&self, text: &str) -> Result<String, ConnectError> {
        let bad = || ConnectError::Unexpected {
            vendor: self.vendor(),
            reason: "the address to listen at is not encrypted".to_owned(),
        };
        let url = Url::parse(text).map_err(|_| bad())?;
        let is_safe = url.scheme() == "wss" || url.scheme() == "ws" && is_loopback(&url);
        if is_safe { Ok(url.into()) } else { Err(bad()) }
    }

    /// Calls, with a token that is good.
    async fn call(&self, call: &Call) -> Result<Value, ConnectError> {
        self.renew(false).await?;
        match self.retried(call).await {
            // Somebody may have ended it early.
            Err(ConnectError::Unauthorized { .. }) if self.renew(true).await? => self.retried(call).await,
            done => done,
        }
    }

    /// Calls, again and again while that helps.
    async fn retried(&self, call: &Call) -> Result<Value, ConnectError> {
        let mut waits = ExponentialBuilder::new()
            .with_min_delay(self.patience.first_wait)
            .with_max_delay(self.patience.wait_max)
            .with_max_times(self.patience.retries)
            .with_jitter()
            .with_jitter_seed(self.around.seed())
            .build();
        loop {
            let error = match self.attempt(call).await {
                Err(error) if error.is_temporary() && (call.is_repeatable || !error.is_open()) => error,
                done => return done,
            };
            let asked = error.retry_in().unwrap_or_default();
            match waits.next() {
                Some(planned) if asked <= self.patience.wait_max => self.wait(planned.max(asked)).await,
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, call: &Call) -> Result<Value, ConnectError> {
        let at = self.around.now();
        let reply = self.reply(call).await;
        let outcome = match &reply {
            Ok(reply) => reply.status.as_u16().to_string(),
            Err(error) => error.to_string(),
        };
        let (now, vendor) = (self.around.now(), self.connector.key);
        if let Some(there) = reply.as_ref().ok().and_then(Reply::date) {
            self.ahead.store(there.0.saturating_sub(now.0), Ordering::Relaxed);
        }
        let path = call.path.split('?').next().unwrap_or_default().to_owned();
        tracing::debug!(vendor, method = %call.method, path, outcome, "called");
        let method = call.method.to_string();
        self.log.push(Logged { at, millis: now.0 - at.0, method, path, outcome });
        reply?.judged(self.connector, &self.key, now)
    }

    async fn reply(&self, call: &Call) -> Result<Reply, ConnectError> {
        let url = self.address.join(&call.path).map_err(|error| ConnectError::BadAddress {
            vendor: self.vendor(),
            address: call.path.clone(),
            reason: error.to_string(),
        })?;
        let authorization = match call.by {
            By::Nobody => None,
            By::Second => Some(self.second.clone().ok_or_else(|| self.needs_second())?),
            By::Key => Some(self.authorization.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        };
        let mut request = self.http.request(call.method.clone(), url).header(ACCEPT, "application/json");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request = match &call.body {
            Body::None => request,
            Body::Json(json) => request.header(CONTENT_TYPE, "application/json").body(json.to_string()),
            Body::Form(form) => {
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.to_string())
            }
        };
        let mut response = request.send().await.map_err(|it| self.missed(&it))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|it| self.missed(&it))? {
            if body.len() + chunk.len() > self.patience.body_bytes_max {
                let reason = format!("more than {} MB", self.patience.body_bytes_max >> 20);
                return Err(ConnectError::Unexpected { vendor: self.vendor(), reason });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body })
    }

    fn needs_second(&self) -> ConnectError {
        let second = self.connector.auth.iter().find_map(|it| it.second.as_ref());
        let name = second.map_or("second key", |it| it.name);
        ConnectError::BadSetting(format!("{} needs the {} too.", self.vendor(), name.to_lowercase()))
    }

    fn missed(&self, error: &reqwest::Error) -> ConnectError {
        let reason = if error.is_timeout() {
            "it did not answer in time"
        } else if is_certificate(error) {
            "its certificate is not trusted by this machine"
        } else if error.is_connect() {
            "it could not be reached"
        } else {
            "the line broke"
        };
        ConnectError::Unavailable { vendor: self.vendor(), reason: reason.to_owned(), retry_in: None }
    }
}

fn header(vendor: &str, scheme: &str, token: &str) -> Result<HeaderValue, ConnectError> {
    let header = HeaderValue::from_str(&format!("{scheme}{token}"));
    let mut header = header.map_err(|_| {
        ConnectError::BadSetting(format!("This is no key of {vendor}: it holds signs that none has."))
    })?;
    // Kept out of what the client itself logs.
    header.set_sensitive(true);
    Ok(header)
}

fn is_certificate(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error.to_string().contains("certificate") {
            return true;
        }
        source = error.source();
    }
    false
}
