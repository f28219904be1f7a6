//! Signing in at a vendor in a browser: OAuth 2.0 for programs that can keep no secret (RFC 8252), with a proof that
//! only whoever began can finish (PKCE, RFC 7636), and a way back to this machine alone.
//!
//! Whoever begins gets a [`Flow`]; the vendor sends the browser back to a port of this machine with a code, which the
//! flow turns into [`Tokens`]. They are renewed in time by the [`Context`] that uses them, and told to a [`Keeper`].

use std::fmt;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use custory_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;
use zeroize::Zeroizing;

use crate::context::{Context, Patience};
use crate::error::ConnectError;
use crate::key::Key;
use crate::registry::{Connector, Settings, SignIn};
use crate::reply::short;
use crate::surroundings::Surroundings;

/// How long before its end a token counts as over: clocks differ, and calls take time.
const EARLY_MILLIS: i64 = 5 * 60 * 1_000;

/// Random bytes that a flow is begun with.
pub const FLOW_BYTES: usize = 64;

/// What a vendor gave in place of a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    access: String,
    #[serde(default)]
    refresh: Option<String>,
    /// When the first is over; it never is without.
    #[serde(default)]
    until: Option<Timestamp>,
    /// Which app they were given to.
    client: String,
}

impl Tokens {
    /// Reads what [`Tokens::to_secret`] wrote; `None` if it is a plain key.
    pub fn from_secret(secret: &str) -> Option<Self> {
        secret.starts_with('{').then(|| serde_json::from_str(secret).ok())?
    }

    /// For the keychain, and nothing else.
    pub fn to_secret(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(self).expect("tokens are plain data"))
    }

    pub(crate) fn key(&self) -> Key {
        Key::bearer(&self.access)
    }

    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|it| it.0 - EARLY_MILLIS <= now.0)
    }

    fn read(answer: &Value, client: &str, before: Option<&Self>, now: Timestamp) -> Option<Self> {
        let text = |name: &str| answer[name].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        let secs = answer["expires_in"].as_i64().filter(|it| *it > 0);
        Some(Self {
            access: text("access_token")?,
            // Where the vendor gives no new one, the old one stays good.
            refresh: text("refresh_token").or_else(|| before.and_then(|it| it.refresh.clone())),
            until: secs.map(|it| Timestamp(now.0.saturating_add(it.saturating_mul(1_000)))),
            client: client.to_owned(),
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Tokens(hidden)")
    }
}

/// Keeps tokens when they are renewed. Several may use the same ones at once: before renewing, each looks whether
/// another one has.
pub trait Keeper: Send + Sync {
    /// The newest ones.
    fn latest(&self) -> Option<Tokens>;
    /// Takes new ones, durably.
    fn keep(&self, tokens: &Tokens);
}

/// A signing in that was begun.
pub struct Flow {
    connector: &'static Connector,
    client: String,
    /// Where a person says yes.
    url: Url,
    redirect: String,
    state: String,
    verifier: Zeroizing<String>,
}

impl Flow {
    /// Begins. `port` is where this machine waits for the browser; `base_url` takes the place of the vendor's address.
    ///
    /// # Errors
    /// When the vendor knows no signing in, the app's identifier is missing, or the address is none.
    pub fn begin(
        connector: &'static Connector,
        settings: &Settings,
        base_url: Option<&str>,
        port: u16,
        random: &[u8; FLOW_BYTES],
    ) -> Result<Self, ConnectError> {
        let sign_in = sign_in_of(connector)?;
        let client = settings.get(SignIn::CLIENT).map_or("", |it| it.trim()).to_owned();
        if client.is_empty() {
            return Err(ConnectError::BadSetting(format!(
                "Give the client ID of the app at {}.",
                connector.name
            )));
        }
        let address = match base_url {
            Some(base) => format!("{}/oauth/authorize", base.trim_end_matches('/')),
            None => sign_in.authorize.to_owned(),
        };
        let mut url = Url::parse(&address).map_err(|error| ConnectError::BadAddress {
            vendor: connector.name,
            address,
            reason: error.to_string(),
        })?;
        let verifier = Zeroizing::new(Base64UrlUnpadded::encode_string(&random[..32]));
        let state = Base64UrlUnpadded::encode_string(&random[32..]);
        let redirect = format!("http://localhost:{port}{}", SignIn::PATH);
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &client)
            .append_pair("redirect_uri", &redirect)
            .append_pair("scope", &sign_in.scopes.join(","))
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge(&verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(Self { connector, client, url, redirect, state, verifier })
    }

    /// Where a person says yes.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The code that the browser brings back; `None` if this is another request than that.
    ///
    /// # Errors
    /// When the person said no.
    pub fn code(&self, path_and_query: &str) -> Option<Result<String, ConnectError>> {
        let url = Url::parse("http://localhost").and_then(|it| it.join(path_and_query)).ok()?;
        let of = |name: &str| url.query_pairs().find(|it| it.0 == name).map(|it| it.1.into_owned());
        // Whoever does not know the state is not the vendor.
        if url.path() != SignIn::PATH || of("state").as_ref() != Some(&self.state) {
            return None;
        }
        let vendor = self.connector.name;
        Some(match (of("code"), of("error")) {
            (Some(code), None) => Ok(code),
            (_, error) => {
                let detail = short(&of("error_description").or(error).unwrap_or_default());
                Err(ConnectError::Refused { vendor, detail })
            }
        })
    }

    /// Turns the code into tokens.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn finish(
        self,
        code: &str,
        settings: &Settings,
        base_url: Option<&str>,
        around: Arc<dyn Surroundings>,
    ) -> Result<Tokens, ConnectError> {
        let connector = self.connector;
        let sign_in = sign_in_of(connector)?;
        let now = around.now();
        // Nothing is called by a key yet.
        let key = Key::bearer("no-key-yet");
        let context = Context::new(connector, key, settings.clone(), base_url, around, Patience::default())?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect),
            ("client_id", &self.client),
            ("code_verifier", &self.verifier),
        ];
        let answer = context.form(sign_in.token, &form).await?;
        Tokens::read(&answer, &self.client, None, now).ok_or_else(|| no_tokens(connector))
    }
}

impl Context {
    /// New tokens for old ones.
    pub(crate) async fn renewed(&self, tokens: &Tokens, now: Timestamp) -> Result<Tokens, ConnectError> {
        let connector = self.connector();
        let sign_in = sign_in_of(connector)?;
        let Some(refresh) = &tokens.refresh else {
            return Err(ConnectError::Unauthorized { vendor: connector.name });
        };
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
            ("client_id", &tokens.client),
        ];
        match self.form(sign_in.token, &form).await {
            Ok(answer) => {
                Tokens::read(&answer, &tokens.client, Some(tokens), now).ok_or_else(|| no_tokens(connector))
            }
            // What cannot be renewed is over: a person signs in again.
            Err(ConnectError::Refused { .. }) => Err(ConnectError::Unauthorized { vendor: connector.name }),
            Err(error) => Err(error),
        }
    }
}

fn sign_in_of(connector: &Connector) -> Result<&'static SignIn, ConnectError> {
    connector
        .sign_in
        .ok_or_else(|| ConnectError::BadSetting(format!("Connect {} with a key.", connector.name)))
}

fn no_tokens(connector: &Connector) -> ConnectError {
    let reason = "there is no token in the answer".to_owned();
    ConnectError::Unexpected { vendor: connector.name, reason }
}

fn challenge(verifier: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow() -> Flow {
        let settings = Settings::from([(SignIn::CLIENT.to_owned(), "app-1".to_owned())]);
        let random = std::array::from_fn(|at| at as u8);
        Flow::begin(crate::find("linear").unwrap(), &settings, None, 4711, &random).unwrap()
    }

    #[test]
    fn the_challenge_is_the_one_of_the_standards_example() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn the_way_out_says_who_asks_for_what_and_where_to_come_back() {
        let flow = flow();
        let begins = "https://linear.app/oauth/authorize?response_type=code&client_id=app-1";
        assert!(flow.url().starts_with(begins), "{}", flow.url());
        assert!(flow.url().contains("redirect_uri=http%3A%2F%2Flocalhost%3A4711%2Fcallback"));
        assert!(!flow.url().contains(flow.verifier.as_str()), "the proof leaves with the code alone");
        let none = Flow::begin(crate::find("posthog").unwrap(), &Settings::new(), None, 1, &[0; FLOW_BYTES]);
        assert!(none.is_err());
    }

    #[test]
    fn only_whoever_was_asked_can_bring_the_code() {
        let flow = flow();
        let state = flow.state.clone();
        let back = |query: &str| flow.code(&format!("/callback?{query}"));
        assert_eq!(back(&format!("code=c1&state={state}")), Some(Ok("c1".to_owned())));
        assert!(matches!(back(&format!("error=access_denied&state={state}")), Some(Err(_))));
        for other in ["code=c1".to_owned(), "code=c1&state=guess".to_owned()] {
            assert_eq!(back(&other), None, "{other}");
        }
        assert_eq!(flow.code(&format!("/favicon.ico?code=c1&state={state}")), None);
        assert_eq!(flow.code(&format!("http://elsewhere.example/?state={state}&code=c")), None);
    }

    #[test]
    fn tokens_are_over_a_little_early_and_never_printed() {
        let answer = serde_json::json!({ "access_token": "secret-1", "expires_in": 3600, "refresh_token": "secret-2" });
        let tokens = Tokens::read(&answer, "app-1", None, Timestamp(0)).unwrap();
        assert!(!tokens.is_over(Timestamp(54 * 60_000)) && tokens.is_over(Timestamp(55 * 60_000)));
        assert_eq!(format!("{tokens:?}"), "Tokens(hidden)");
        assert_eq!(Tokens::from_secret(&tokens.to_secret()), Some(tokens.clone()));
        assert_eq!(Tokens::from_secret("lin_api_1"), None);
        let next = serde_json::json!({ "access_token": "secret-3" });
        let next = Tokens::read(&next, "app-1", Some(&tokens), Timestamp(0)).unwrap();
        assert_eq!((next.refresh, next.until), (Some("secret-2".to_owned()), None));
    }
}
