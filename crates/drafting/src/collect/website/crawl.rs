//! Walks a site: robots.txt, sitemaps, then pages, the telling ones first.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use custory_domain::draft::{DraftPhase, SourceOrigin};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use texting_robots::Robot;
use tokio::time::{Sleep, sleep};
use url::Url;

use super::super::{Gathered, Skipped};
use super::address::{Guard, Refusal};
use super::client::{Client, Fetched, Missed, USER_AGENT};
use super::frontier::{Frontier, Nearness};
use super::sitemap;
use crate::error::DraftError;
use crate::genre::Genre;
use crate::limits::Limits;
use crate::read::{Format, Raw, html};
use crate::watch::{Watch, finished, progress};

/// Reads a website, from the given page on.
pub(crate) async fn collect(
    address: &str,
    allow_private: bool,
    limits: &Arc<Limits>,
    watch: &mut Watch<'_>,
) -> Result<Gathered, DraftError> {
    let guard = Guard { allow_private };
    let url = parse(address, guard)?;
    let client = Client::new(guard, limits).map_err(DraftError::Broken)?;
    watch.tell(progress(DraftPhase::Reading, 0, None, url.as_str()))?;
    let deadline = sleep(Duration::from_secs(limits.time_max_secs));
    let robots = watch.during(robots(&client, &url)).await??;
    if !robots.allowed(url.as_str()) {
        return Err(DraftError::Disallowed { url: url.to_string() });
    }
    let start = watch.during(client.page(&url, |next| is_same_site(&url, next))).await?;
    let start = start.map_err(|missed| unreachable(&url, &missed))?;
    let robots = if start.url.origin() == url.origin() {
        robots
    } else {
        watch.during(self::robots(&client, &start.url)).await??
    };
    if !robots.allowed(start.url.as_str()) {
        return Err(DraftError::Disallowed { url: start.url.to_string() });
    }
    let mut crawl = Crawl {
        client,
        limits: Arc::clone(limits),
        origin: start.url.clone(),
        robots,
        frontier: Frontier::default(),
        gathered: Gathered::default(),
        bytes: 0,
        elsewhere: BTreeSet::new(),
        watch,
    };
    crawl.frontier.mark(&start.url);
    crawl.take(start).await?;
    tokio::pin!(deadline);
    let is_late = crawl.run(deadline.as_mut()).await?;
    Ok(crawl.finish(is_late))
}

/// Reads an address as people write it.
fn parse(address: &str, guard: Guard) -> Result<Url, DraftError> {
    let address = address.trim();
    let wrong =
        |reason: &str| DraftError::NotAnAddress { url: address.to_owned(), reason: reason.to_owned() };
    let is_complete = address
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.chars().all(|it| it.is_ascii_alphanumeric()));
    let full = if is_complete { address.to_owned() } else { format!("https://{address}") };
    let mut url = Url::parse(&full).map_err(|it| wrong(&it.to_string()))?;
    url.set_fragment(None);
    match guard.check(&url) {
        Ok(()) => Ok(url),
        Err(Refusal::Private(host)) => Err(DraftError::RefusedAddress { host }),
        Err(Refusal::Form(reason)) => Err(wrong(reason)),
    }
}

fn unreachable(url: &Url, missed: &Missed) -> DraftError {
    match missed {
        Missed::Refused(Refusal::Private(host)) => DraftError::RefusedAddress { host: host.clone() },
        Missed::Elsewhere(other) => DraftError::Unreachable {
            url: url.to_string(),
            reason: format!("it leads to {other}; draft from there instead"),
        },
        other => DraftError::Unreachable { url: url.to_string(), reason: other.to_string() },
    }
}

/// With or without `www.`, from http to https: still the site that was asked for.
fn is_same_site(asked: &Url, next: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|it| it.trim_start_matches("www.").to_owned());
    let is_upgrade = asked.scheme() == next.scheme() || next.scheme() == "https";
    let same_port = asked.port() == next.port();
    host(asked) == host(next) && is_upgrade && same_port
}

/// What the site asks programs to leave alone. A server that fails to say is left alone (RFC 9309).
async fn robots(client: &Client, url: &Url) -> Result<Robot, DraftError> {
    let at = url.join("/robots.txt").map_err(|it| DraftError::Broken(it.to_string()))?;
    let text = match client.file(&at, |next| is_same_site(&at, next)).await {
        Ok(text) => text,
        Err(Missed::Status(status)) if (400..500).contains(&status) && status != 429 => Vec::new(),
        Err(Missed::Elsewhere(_) | Missed::LoginWall) => Vec::new(),
        Err(missed) => return Err(unreachable(&at, &missed)),
    };
    Robot::new(USER_AGENT, &text)
        .or_else(|_| Robot::new(USER_AGENT, b""))
        .map_err(|it| DraftError::Broken(it.to_string()))
}

struct Crawl<'a, 'w> {
    client: Client,
    limits: Arc<Limits>,
    origin: Url,
    robots: Robot,
    frontier: Frontier,
    gathered: Gathered,
    bytes: usize,
    /// Neighbouring sites that pages lead to (docs.example.com).
    elsewhere: BTreeSet<String>,
    watch: &'a mut Watch<'w>,
}

impl Crawl<'_, '_> {
    /// Reads until there is nothing left or a limit is reached; whether it was the time.
    async fn run(&mut self, mut deadline: std::pin::Pin<&mut Sleep>) -> Result<bool, DraftError> {
        if self.sitemaps(deadline.as_mut()).await? {
            return Ok(true);
        }
        const PAUSE_SECS_MAX: f32 = 10.0;
        let pause = self
            .robots
            .delay
            .map(|it| Duration::from_secs_f32(it.clamp(0.0, PAUSE_SECS_MAX)))
            .filter(|it| !it.is_zero());
        let at_once = if pause.is_some() { 1 } else { self.limits.concurrent_max.max(1) };
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < at_once && self.has_room(under_way.len()) {
                let Some(url) = self.next() else { break };
                let (client, origin) = (self.client.clone(), self.origin.origin());
                under_way.push(async move {
                    if let Some(pause) = pause {
                        sleep(pause).await;
                    }
                    let got = client.page(&url, |next| next.origin() == origin).await;
                    (url, got)
                });
            }
            if under_way.is_empty() {
                return Ok(false);
            }
            let next = async {
                tokio::select! {
                    biased;
                    () = deadline.as_mut() => None,
                    got = under_way.next() => got,
                }
            };
            let Some((url, got)) = self.watch.during(next).await? else { return Ok(true) };
            match got {
                Ok(page) if page.url != url && !self.frontier.mark(&page.url) => {} // Read under its own address.
                Ok(page) => self.take(page).await?,
                Err(missed) => self.skip(&url, &missed.to_string())?,
            }
        }
    }

    fn has_room(&self, under_way: usize) -> bool {
        self.gathered.raws.len() + under_way < self.limits.pages_max
            && self.bytes < self.limits.total_bytes_max
    }

    fn next(&mut self) -> Option<Url> {
        while let Some(url) = self.frontier.next() {
            if self.robots.allowed(url.as_str()) {
                return Some(url);
            }
            let reason = "the site asks programs not to read it".to_owned();
            self.note_skipped(url.to_string(), reason);
        }
        None
    }

    /// Follows the site's own list of pages; whether time ran out.
    async fn sitemaps(&mut self, mut deadline: std::pin::Pin<&mut Sleep>) -> Result<bool, DraftError> {
        const SITEMAPS_MAX: usize = 12;
        let mut waiting: Vec<Url> =
            self.robots.sitemaps.iter().rev().filter_map(|it| Url::parse(it).ok()).collect();
        if waiting.is_empty() {
            waiting.extend(self.origin.join("/sitemap.xml").ok());
        }
        let mut seen = BTreeSet::new();
        while let Some(at) = waiting.pop() {
            if seen.len() >= SITEMAPS_MAX
                || at.origin() != self.origin.origin()
                || !seen.insert(at.to_string())
            {
                continue;
            }
            let origin = self.origin.origin();
            let get = async {
                tokio::select! {
                    biased;
                    () = deadline.as_mut() => None,
                    got = self.client.file(&at, |next| next.origin() == origin) => Some(got),
                }
            };
            let Some(got) = self.watch.during(get).await? else { return Ok(true) };
            let Ok(bytes) = got else { continue };
            let found = sitemap::parse(&bytes, &at);
            for page in found.pages {
                if page.origin() == self.origin.origin() {
                    self.frontier.add(page, Nearness::Listed);
                }
            }
            waiting.extend(found.sitemaps.into_iter().rev());
        }
        Ok(false)
    }

    /// Keeps a page and the links on it.
    async fn take(&mut self, page: Fetched) -> Result<(), DraftError> {
        self.bytes += page.bytes.len();
        let locator = page.url.to_string();
        if page.is_cut {
            let mb = self.limits.page_bytes_max >> 20;
            self.gathered.notes.push(format!("Only the first {mb} MB of {locator} were read."));
        }
        let is_start = self.gathered.raws.is_empty();
        if page.format == Format::Html {
            let (text, url) = (String::from_utf8_lossy(&page.bytes).into_owned(), page.url.clone());
            let links = self.watch.apart(move |_| Ok(links_of(&text, &url))).await?;
            for (link, is_named) in links {
                let nearness = match (is_start, is_named) {
                    (true, true) => Nearness::Named,
                    (true, false) => Nearness::Framed,
                    (false, _) => Nearness::Linked,
                };
                self.meet(link, nearness);
            }
        }
        let path = page.url.path();
        let genre = match Genre::of_path(path) {
            Some(genre) => genre,
            None if is_start || path == "/" => Genre::Home,
            None => Genre::Guide,
        };
        let charset = page.charset.clone();
        self.gathered.raws.push(Raw {
            locator: locator.clone(),
            origin: SourceOrigin::Website,
            format: page.format,
            genre,
            bytes: page.bytes,
            charset,
            route: None,
        });
        let done = self.gathered.raws.len();
        let outcome = if page.is_cut { "read in part" } else { "read" };
        self.watch.tell(finished(DraftPhase::Reading, done, Some(self.expected()), &locator, outcome, false))
    }

    fn meet(&mut self, link: Url, nearness: Nearness) {
        if link.origin() == self.origin.origin() {
            self.gathered.order.push(link.to_string());
            self.frontier.add(link, nearness);
        } else if let (Some(own), Some(other)) = (self.origin.host_str(), link.host_str()) {
            let domain = own.trim_start_matches("www.");
            if other.ends_with(&format!(".{domain}")) || domain.ends_with(&format!(".{other}")) {
                self.elsewhere.insert(link.origin().ascii_serialization());
            }
        }
    }

    fn skip(&mut self, url: &Url, reason: &str) -> Result<(), DraftError> {
        self.note_skipped(url.to_string(), reason.to_owned());
        let done = self.gathered.raws.len();
        self.watch.tell(finished(
            DraftPhase::Reading,
            done,
            Some(self.expected()),
            url.as_str(),
            reason,
            true,
        ))
    }

    fn note_skipped(&mut self, locator: String, reason: String) {
        const SKIPPED_MAX: usize = 60;
        if self.gathered.skipped.len() < SKIPPED_MAX {
            self.gathered.skipped.push(Skipped { locator, origin: SourceOrigin::Website, reason });
        }
    }

    fn expected(&self) -> usize {
        (self.gathered.raws.len() + self.frontier.waiting()).min(self.limits.pages_max)
    }

    fn finish(mut self, is_late: bool) -> Gathered {
        // "docs.acme.com" → "acme".
        let host = self.origin.domain().unwrap_or_default();
        let mut parts = host.split('.').rev().skip(1);
        self.gathered.names.extend(parts.next().filter(|it| it.len() > 3).map(str::to_owned));
        let waiting = self.frontier.waiting();
        if is_late {
            let secs = self.limits.time_max_secs;
            self.gathered.notes.push(format!("Stopped after {secs} s; {waiting} known pages were not read."));
        } else if waiting > 0 {
            let pages = self.gathered.raws.len();
            self.gathered
                .notes
                .push(format!("Read {pages} pages, those that tell most first; {waiting} more are known."));
        }
        if !self.elsewhere.is_empty() {
            const NAMED_MAX: usize = 5;
            let named: Vec<&str> = self.elsewhere.iter().take(NAMED_MAX).map(String::as_str).collect();
            self.gathered.notes.push(format!(
                "Pages lead to {}; add it as material of its own to have it read.",
                named.join(", ")
            ));
        }
        self.gathered
    }
}

/// The links of a page, and whether its own text has them.
fn links_of(text: &str, url: &Url) -> Vec<(Url, bool)> {
    let page = html::read(text);
    let base = page.base.as_deref().and_then(|it| url.join(it).ok()).unwrap_or_else(|| url.clone());
    let to_url = |href: &str| {
        let mut link = base.join(href).ok().filter(|it| matches!(it.scheme(), "http" | "https"))?;
        link.set_fragment(None);
        Some(link)
    };
    // The frame and the text may write the same address in two ways.
    let place = |it: &Url| it.path().trim_end_matches('/').to_owned();
    let named: BTreeSet<String> = (page.blocks.iter())
        .flat_map(|it| &it.links)
        .filter_map(|it| to_url(&it.href))
        .map(|it| place(&it))
        .collect();
    let links = page.navigation.iter().filter_map(|(_, href)| to_url(href));
    let known = |it: Url| {
        let is_named = named.contains(&place(&it));
        (it, is_named)
    };
    links.map(known).collect()
}
