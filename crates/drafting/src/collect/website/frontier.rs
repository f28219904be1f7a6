//! Which page to read next: those that tell most about a customer's way through the product.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::genre::Genre;

/// Addresses remembered; a site with more has a loop.
const ADDRESSES_MAX: usize = 20_000;

/// Pages that are known and not yet read.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    seen: BTreeSet<String>,
    waiting: Vec<Waiting>,
    found: usize,
    /// Pages taken so far, by the group that they belong to.
    taken: BTreeMap<String, i32>,
}

/// How near a page is to the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearness {
    /// The start page's own text leads to it.
    Named,
    /// The start page's frame leads to it.
    Framed,
    /// Another page leads to it.
    Linked,
    /// Only the site's list of pages has it.
    Listed,
}

#[derive(Debug)]
struct Waiting {
    url: Url,
    score: i32,
    found: usize,
}

impl Frontier {
    /// Adds a page unless it is known or no page at all.
    pub(super) fn add(&mut self, url: Url, nearness: Nearness) {
        if self.seen.len() >= ADDRESSES_MAX {
            return;
        }
        let Some(url) = tidy(url) else { return };
        if self.seen.insert(name(&url)) {
            let of_nearness = match nearness {
                Nearness::Named => 8,
                Nearness::Framed => 0,
                Nearness::Linked => -2,
                Nearness::Listed => -4,
            };
            let score = score(&url) + of_nearness;
            self.found += 1;
            self.waiting.push(Waiting { url, score, found: self.found });
        }
    }

    /// Marks a page as read under another address (after a redirect); whether that is new.
    pub(super) fn mark(&mut self, url: &Url) -> bool {
        tidy(url.clone()).is_none_or(|it| self.seen.insert(name(&it)))
    }

    /// The best page that waits. Each further one of a group counts less: the twentieth guide to an
    /// integration tells less than the first page on something else.
    pub(super) fn next(&mut self) -> Option<Url> {
        const OF_EACH_TAKEN: i32 = 2;
        let worth = |it: &Waiting| {
            let taken: i32 = groups(&it.url).iter().filter_map(|it| self.taken.get(it)).sum();
            it.score - OF_EACH_TAKEN * taken
        };
        let best = (0..self.waiting.len()).max_by_key(|at| {
            let it = &self.waiting[*at];
            (worth(it), std::cmp::Reverse(it.found))
        })?;
        let url = self.waiting.swap_remove(best).url;
        for group in groups(&url) {
            *self.taken.entry(group).or_default() += 1;
        }
        Some(url)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// What a page has in common with others of which a few are enough: its folder below the second
/// level, and its genre where sites have many of it.
fn groups(url: &Url) -> Vec<String> {
    let folder = url.path().trim_end_matches('/').rsplit_once('/').map_or("", |it| it.0);
    let is_deep = folder.trim_matches('/').contains('/');
    let genre = Genre::of_path(url.path()).filter(|it| {
        matches!(
            it,
            Genre::Integration
                | Genre::Changelog
                | Genre::Hosting
                | Genre::Developer
                | Genre::Reference
                | Genre::Blog
        )
    });
    is_deep.then(|| folder.to_owned()).into_iter().chain(genre.map(|it| format!("{it:?}"))).collect()
}

/// The address of the page itself: no fragment, no query, no file that is no page.
fn tidy(mut url: Url) -> Option<Url> {
    url.set_fragment(None);
    url.set_query(None);
    let last = url.path().rsplit('/').next().unwrap_or_default().to_lowercase();
    if let Some((_, ending)) = last.rsplit_once('.') {
        let is_page = matches!(ending, "html" | "htm" | "xhtml" | "php" | "aspx" | "md" | "txt" | "pdf")
            || ending.len() > 5
            || ending.chars().any(|it| it.is_ascii_digit());
        if !is_page || last == "robots.txt" || last == "llms.txt" || last == "llms-full.txt" {
            return None;
        }
    }
    const PATH_CHARS_MAX: usize = 200;
    const DEPTH_MAX: usize = 9;
    (url.path().len() <= PATH_CHARS_MAX && url.path().matches('/').count() <= DEPTH_MAX).then_some(url)
}

/// Names that are the same page: with or without the last slash, or `index.html`.
fn name(url: &Url) -> String {
    let path = url.path().trim_end_matches("index.html").trim_end_matches("index.htm").trim_end_matches('/');
    format!("{}{}", url.origin().ascii_serialization(), path)
}

fn score(url: &Url) -> i32 {
    let path = url.path();
    let by_genre = match Genre::of_path(path) {
        Some(Genre::Start | Genre::Signup | Genre::Pricing) => 40,
        Some(Genre::Install | Genre::Billing) => 34,
        Some(Genre::Help | Genre::Faq | Genre::Integration) => 28,
        Some(Genre::Guide) => 24,
        Some(Genre::Changelog) => 22,
        Some(Genre::Hosting | Genre::Developer) => 14,
        Some(Genre::About) => 6,
        Some(Genre::Reference | Genre::Blog) => 2,
        Some(Genre::Legal | Genre::Contributing) => -10,
        _ => 18,
    };
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let depth = i32::try_from(segments.len()).unwrap_or(i32::MAX).min(10);
    let is_old = segments.iter().any(|it| is_version(it));
    let is_translated = segments.first().is_some_and(|it| is_language(it));
    let is_list = segments.iter().any(|it| {
        matches!(
            *it,
            "tag"
                | "tags"
                | "category"
                | "categories"
                | "author"
                | "page"
                | "archive"
                | "search"
                | "genindex.html"
        )
    });
    by_genre
        - depth
        - if is_old { 15 } else { 0 }
        - if is_translated { 25 } else { 0 }
        - if is_list { 15 } else { 0 }
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or(segment);
    digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.chars().all(|it| it.is_ascii_digit() || matches!(it, '.' | 'x' | '-'))
}

/// A translation into another language than English.
fn is_language(segment: &str) -> bool {
    const CODES: &[&str] = &[
        "de", "fr", "es", "it", "pt", "pt-br", "ja", "zh", "zh-cn", "zh-hans", "zh-tw", "ko", "ru", "nl",
        "pl", "tr", "sv", "da", "fi", "nb", "cs", "uk", "vi", "id", "ar", "he", "hi", "th", "ro", "hu", "el",
        "bg", "fa",
    ];
    CODES.contains(&segment.to_lowercase().replace('_', "-").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_pages_come_first_and_nothing_twice() {
        let mut frontier = Frontier::default();
        for path in [
            "/blog/2024/hello",
            "/de/pricing",
            "/privacy",
            "/about",
            "/docs/goals",
            "/pricing",
            "/pricing/",
            "/pricing#faq",
            "/logo.png",
            "/docs/quickstart",
            "/docs/v1/goals",
        ] {
            frontier.add(
                Url::parse("https://example.com").and_then(|it| it.join(path)).expect("a url"),
                Nearness::Linked,
            );
        }
        let order: Vec<String> =
            std::iter::from_fn(|| frontier.next()).map(|it| it.path().to_owned()).collect();
        assert_eq!(
            order,
            [
                "/pricing",
                "/docs/quickstart",
                "/docs/goals",
                "/de/pricing",
                "/docs/v1/goals",
                "/about",
                "/privacy",
                "/blog/2024/hello"
            ]
        );
    }

    #[test]
    fn one_kind_of_page_does_not_crowd_out_the_others() {
        let mut frontier = Frontier::default();
        let add = |frontier: &mut Frontier, path: &str, nearness| {
            frontier.add(
                Url::parse("https://example.com").and_then(|it| it.join(path)).expect("a url"),
                nearness,
            );
        };
        for number in 0..20 {
            add(&mut frontier, &format!("/acme{number}-integration"), Nearness::Framed);
        }
        add(&mut frontier, "/add-a-site", Nearness::Framed);
        add(&mut frontier, "/goals", Nearness::Named);
        let first: Vec<Url> = std::iter::from_fn(|| frontier.next()).take(8).collect();
        for path in ["/add-a-site", "/goals"] {
            assert!(first.iter().any(|it| it.path() == path), "{path} in {first:?}");
        }
    }
}
