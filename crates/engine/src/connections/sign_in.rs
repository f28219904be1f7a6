//! Signing in at a vendor in the browser: this machine waits for the browser to come back, on a port of its own that
//! nobody else can reach, for as long as a person needs to say yes.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use custory_connectors::{ConnectError, Connector, Context, FLOW_BYTES, Flow, Keeper, Patience, Tokens};
use custory_ipc::{ErrorCode, Failure, Reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{connector, failure, stopped};
use crate::apart::{Later, Way};
use crate::failure::{Fault, not_found, refused};
use crate::inbox::Core;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How long a browser may take to say what it wants.
const READ: Duration = Duration::from_secs(5);
/// Most that it may say.
const HEAD_BYTES_MAX: usize = 16 << 10;

/// A signing in that was begun, and the port that waits for its end.
pub(crate) struct SigningIn {
    connector: &'static Connector,
    listener: TcpListener,
    flow: Flow,
    settings: BTreeMap<String, String>,
    base_url: Option<String>,
}

/// Tokens are kept in the keychain under the name that the connection knows.
pub(super) struct InKeychain {
    pub way: Way,
    pub name: String,
}

impl Keeper for InKeychain {
    fn latest(&self) -> Option<Tokens> {
        let name = self.name.clone();
        let kept = self.way.ask(move |core| core.secrets.get(&name).ok().flatten()).flatten()?;
        Tokens::from_secret(std::str::from_utf8(&kept).ok()?)
    }

    fn keep(&self, tokens: &Tokens) {
        let (name, secret) = (self.name.clone(), tokens.to_secret());
        let kept = self.way.ask(move |core| core.secrets.put(&name, secret.as_bytes()));
        if let Some(Err(error)) = kept {
            tracing::error!("renewed tokens could not be kept, so signing in again will be needed: {error}");
        }
    }
}

/// While it is not known yet whose they are, nobody keeps them.
struct Nowhere;

impl Keeper for Nowhere {
    fn latest(&self) -> Option<Tokens> {
        None
    }

    fn keep(&self, _: &Tokens) {}
}

impl Core {
    /// Begins to sign in: answers where a person says yes.
    pub(crate) fn begin_sign_in(
        &mut self,
        vendor: &str,
        settings: BTreeMap<String, String>,
        base_url: Option<String>,
    ) -> Result<Reply, Fault> {
        let connector = connector(vendor)?;
        let no = || refused(&format!("{} is connected with a key.", connector.name));
        let sign_in = connector.sign_in.ok_or_else(no)?;
        // An earlier one that was left gives way, and its port.
        self.signing_in.remove(vendor);
        // At a stand-in no app has named a port.
        let port = if base_url.is_some() { 0 } else { sign_in.port };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
            refused(&format!(
                "Port {port} of this machine is not free ({error}). End what uses it, and try again."
            ))
        })?;
        let mut random = [0; FLOW_BYTES];
        self.entropy.fill(&mut random);
        let port = listener.local_addr().map_or(port, |it| it.port());
        let flow = Flow::begin(connector, &settings, base_url.as_deref(), port, &random)?;
        let url = flow.url().to_owned();
        self.signing_in
            .insert(vendor.to_owned(), SigningIn { connector, listener, flow, settings, base_url });
        Ok(Reply::SignIn { url })
    }

    /// Waits for the person to say yes, and connects.
    pub(crate) fn finish_sign_in(&mut self, vendor: &str) -> Result<Later, Fault> {
        let none = || not_found("Nobody began to sign in. Begin again.");
        let SigningIn { connector, listener, flow, settings, base_url } =
            self.signing_in.remove(vendor).ok_or_else(none)?;
        let (way, around) = (self.way(), self.around());
        Ok(Box::new(move || {
            Box::pin(async move {
                let code = timeout(PATIENCE, come_back(listener, &flow)).await;
                let late = || Failure::new(ErrorCode::Vendor, "Nobody said yes in ten minutes. Begin again.");
                let code = code.map_err(|_| late())?.map_err(|it| failure(&it))?;
                let base = base_url.as_deref();
                let tokens = flow.finish(&code, &settings, base, around.clone()).await;
                let tokens = tokens.map_err(|it| failure(&it))?;
                let secret = tokens.to_secret();
                let context = Context::signed_in(
                    connector,
                    tokens,
                    settings.clone(),
                    base,
                    around,
                    Patience::default(),
                    std::sync::Arc::new(Nowhere),
                );
                let account = context.map_err(|it| failure(&it))?.probe().await.map_err(|it| failure(&it))?;
                let connected =
                    move |core: &mut Core| core.connected(connector, &secret, settings, base_url, account);
                way.ask(connected).ok_or_else(stopped)?.map_err(|it| it.0)
            })
        }))
    }
}

/// Waits until the browser brings the code.
async fn come_back(listener: TcpListener, flow: &Flow) -> Result<String, ConnectError> {
    let broken = |error: std::io::Error| ConnectError::BadSetting(format!("Nobody can come back: {error}."));
    listener.set_nonblocking(true).map_err(broken)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(broken)?;
    loop {
        let (mut stream, _) = listener.accept().await.map_err(broken)?;
        let Ok(Some(path)) = timeout(READ, asked_for(&mut stream)).await else { continue };
        match flow.code(&path) {
            // A browser asks for an icon, too.
            None => say(&mut stream, "404 Not Found", "There is nothing here.").await,
            Some(Ok(code)) => {
                say(
                    &mut stream,
                    "200 OK",
                    "You are signed in. You can close this page and go back to Custory.",
                )
                .await;
                return Ok(code);
            }
            Some(Err(error)) => {
                say(
                    &mut stream,
                    "200 OK",
                    "You said no, and nothing was connected. You can close this page.",
                )
                .await;
                return Err(error);
            }
        }
    }
}

/// What a browser asks for: path and query of a GET.
async fn asked_for(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 2_048];
    while !head.windows(4).any(|it| it == b"\r\n\r\n") && head.len() < HEAD_BYTES_MAX {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => break,
            Ok(read) => head.extend_from_slice(&chunk[..read]),
        }
    }
    let line = head.split(|it| *it == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let path = line.strip_prefix("GET ")?.split(' ').next()?;
    path.starts_with('/').then(|| path.to_owned())
}

async fn say(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Custory</title>\
         <body style=\"font:16px system-ui;margin:20vh auto;max-width:32em;text-align:center\"><p>{words}</p>"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         referrer-policy: no-referrer\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    // Whether the page is seen or not: the code is here.
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}
