//! Gets single pages: bounded in bytes, time and redirects, and says why one was not read.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION};
use url::Url;

use super::address::{Guard, GuardedResolver, Refusal, refusal_in};
use crate::limits::Limits;
use crate::read::Format;

/// What the server is told: the product's name and version, nothing else.
pub(super) const USER_AGENT: &str = concat!("Custory/", env!("CARGO_PKG_VERSION"));

/// A page as it came.
#[derive(Debug)]
pub(super) struct Fetched {
    /// Where it was found in the end.
    pub url: Url,
    pub format: Format,
    pub charset: Option<String>,
    pub bytes: Vec<u8>,
    /// It goes on after the bytes that were taken.
    pub is_cut: bool,
}

/// Why a page did not come.
#[derive(Debug)]
pub(super) enum Missed {
    /// The address is refused.
    Refused(Refusal),
    /// The server answered with this status.
    Status(u16),
    /// It leads to another site.
    Elsewhere(Url),
    /// Only who is logged in may read it.
    LoginWall,
    /// A reason in a few words.
    Other(String),
}

impl std::fmt::Display for Missed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(out, "{refusal}"),
            Self::Status(401 | 403) => write!(out, "not open to visitors"),
            Self::Status(404 | 410) => write!(out, "there is no such page"),
            Self::Status(429) => write!(out, "the server asked to slow down"),
            Self::Status(status) => write!(out, "the server answered with status {status}"),
            Self::Elsewhere(url) => {
                write!(out, "it leads to another site ({})", url.host_str().unwrap_or_default())
            }
            Self::LoginWall => write!(out, "only for those who are logged in"),
            Self::Other(reason) => write!(out, "{reason}"),
        }
    }
}

/// Gets pages of one site.
#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    guard: Guard,
    limits: Arc<Limits>,
}

impl Client {
    pub(super) fn new(guard: Guard, limits: &Arc<Limits>) -> Result<Self, String> {
        const CONNECT_TIME_MAX: Duration = Duration::from_secs(8);
        // Another part of the program may have chosen a provider already; either is fine.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none()) // Followed here, where each is checked.
            .no_proxy() // A proxy would look names up itself, past the guard.
            .referer(false)
            .dns_resolver(Arc::new(GuardedResolver(guard)))
            .connect_timeout(CONNECT_TIME_MAX)
            .timeout(Duration::from_secs(limits.page_time_max_secs))
            .build()
            .map_err(|it| it.to_string())?;
        Ok(Self { http, guard, limits: Arc::clone(limits) })
    }

    /// Gets a page; redirects are followed as long as `stays` likes where they lead.
    pub(super) async fn page(&self, url: &Url, stays: impl Fn(&Url) -> bool) -> Result<Fetched, Missed> {
        let (url, response) = self.open(url, stays).await?;
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|it| it.to_str().ok())
            .unwrap_or("text/html")
            .to_lowercase();
        let mut parts = kind.split(';').map(str::trim);
        let format = match parts.next().unwrap_or_default() {
            "text/html" | "application/xhtml+xml" => Format::Html,
            "text/markdown" | "text/x-markdown" => Format::Markdown,
            "text/plain" => Format::Plain,
            "application/pdf" => Format::Pdf,
            other => return Err(Missed::Other(format!("not a page ({other})"))),
        };
        let charset =
            parts.find_map(|it| it.strip_prefix("charset=")).map(|it| it.trim_matches('"').to_owned());
        let (bytes, is_cut) = self.body(response).await?;
        if is_cut && format == Format::Pdf {
            return Err(Missed::Other(format!("larger than {} MB", self.limits.page_bytes_max >> 20)));
        }
        Ok(Fetched { url, format, charset, bytes, is_cut })
    }

    /// Gets a file of the site's own machinery (robots.txt, a sitemap), whatever its type.
    pub(super) async fn file(&self, url: &Url, stays: impl Fn(&Url) -> bool) -> Result<Vec<u8>, Missed> {
        let (_, response) = self.open(url, stays).await?;
        Ok(self.body(response).await?.0)
    }

    async fn open(
        &self,
        url: &Url,
        stays: impl Fn(&Url) -> bool,
    ) -> Result<(Url, reqwest::Response), Missed> {
        let mut url = url.clone();
        for _ in 0..=self.limits.redirects_max {
            self.guard.check(&url).map_err(Missed::Refused)?;
            let request = self
                .http
                .get(url.clone())
                .header(ACCEPT, "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.5")
                .header(ACCEPT_LANGUAGE, "en,*;q=0.5");
            let response = request.send().await.map_err(missed)?;
            let status = response.status();
            if status.is_redirection() {
                let next = response
                    .headers()
                    .get(LOCATION)
                    .and_then(|it| it.to_str().ok())
                    .and_then(|it| url.join(it).ok());
                let Some(mut next) = next else { return Err(Missed::Status(status.as_u16())) };
                next.set_fragment(None);
                self.guard.check(&next).map_err(Missed::Refused)?;
                if !is_login(&url) && is_login(&next) {
                    return Err(Missed::LoginWall);
                }
                if !stays(&next) {
                    return Err(Missed::Elsewhere(next));
                }
                url = next;
                continue;
            }
            return if status.is_success() {
                Ok((url, response))
            } else {
                Err(Missed::Status(status.as_u16()))
            };
        }
        Err(Missed::Other(format!("redirected more than {} times", self.limits.redirects_max)))
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<(Vec<u8>, bool), Missed> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(missed)? {
            let room = self.limits.page_bytes_max - bytes.len();
            if chunk.len() >= room {
                bytes.extend_from_slice(&chunk[..room]);
                return Ok((bytes, true));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes, false))
    }
}

fn missed(error: reqwest::Error) -> Missed {
    if let Some(refusal) = refusal_in(&error) {
        return Missed::Refused(refusal);
    }
    Missed::Other(if error.is_timeout() {
        "it took too long".to_owned()
    } else if error.is_connect() {
        "the server could not be reached".to_owned()
    } else if error.is_decode() || error.is_body() {
        "its content could not be received".to_owned()
    } else {
        "the request failed".to_owned()
    })
}

/// Whether an address is where one logs in.
fn is_login(url: &Url) -> bool {
    let path = url.path().to_lowercase();
    path.split('/').any(|it| {
        matches!(
            it.split('.').next().unwrap_or(it),
            "login"
                | "log-in"
                | "log_in"
                | "signin"
                | "sign-in"
                | "sign_in"
                | "sso"
                | "auth"
                | "authorize"
                | "session"
        )
    })
}
