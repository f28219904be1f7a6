//! Where a step happens: the screens, e-mails, commands and pages in which a customer meets the
//! product. A page that only mentions the step is a source, not a touchpoint.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::Channel;
use custory_domain::draft::{Citation, DraftItem, DraftItemKind, SourceOrigin};

use super::cluster::Cluster;
use super::items::cite;
use super::trace::Trace;
use super::{Material, Proven};
use crate::doc::{Doc, Shape};
use crate::find::{FactKind, Sign};
use crate::genre::Genre;
use crate::key::key;

/// Touchpoints of one step: more is a list of places, not a step.
const TOUCHPOINTS_MAX: usize = 4;
/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 80;

/// Places of one channel on one step. One page tells how it is done; the rest repeats it.
fn places_max(channel: Channel) -> usize {
    match channel {
        Channel::App | Channel::Email => 2,
        _ => 1,
    }
}

/// Touchpoints of a step, different channels first.
pub(super) fn touchpoints(material: &Material<'_>, proven: &[Proven], cluster: &Cluster) -> Vec<DraftItem> {
    let mut found: Vec<(Channel, DraftItem)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut counts: BTreeMap<Channel, usize> = BTreeMap::new();
    let mut traces: Vec<&Trace> = cluster.traces.iter().collect();
    // The page that is about nothing else comes first, then one with a part about it.
    traces.sort_by_key(|it| match it.sign {
        Sign::Heading(1) => 0,
        Sign::Link if it.page.is_some() => 1,
        Sign::Heading(_) => 2,
        _ => 3,
    });
    for trace in traces {
        let Some((channel, url, title, cite)) = place(material, proven, cluster, trace) else { continue };
        let title: String = title.chars().take(TITLE_CHARS_MAX).collect();
        let count = counts.entry(channel).or_default();
        if *count < places_max(channel) && !title.trim().is_empty() && seen.insert(title.to_lowercase()) {
            *count += 1;
            let item = DraftItem {
                key: key("touchpoint", &[&cluster.title, &title]),
                what: DraftItemKind::Touchpoint { channel, url },
                title,
                cites: vec![cite],
                is_from_model: proven[trace.fact].fact.is_from_model,
            };
            found.push((channel, item));
        }
    }
    one_of_each_first(found)
}

/// Where a trace leads a customer: channel, address, name, and the words that show it.
fn place(
    material: &Material<'_>,
    proven: &[Proven],
    cluster: &Cluster,
    trace: &Trace,
) -> Option<(Channel, String, String, Citation)> {
    let fact = &proven[trace.fact];
    let named = |channel: Channel, title: String| {
        Some((channel, String::new(), title, cite(material, fact.doc, &fact.span)))
    };
    match trace.sign {
        Sign::Route => named(Channel::App, screen(fact.fact.name.as_deref()?)?),
        Sign::Event | Sign::Test | Sign::Click | Sign::Label | Sign::Cell => None,
        Sign::Subject => named(Channel::Email, format!("E-mail “{}”", fact.fact.words)),
        Sign::Command => {
            let is_same = |it: &&Proven| {
                it.doc == fact.doc && it.span == fact.span && matches!(it.fact.kind, FactKind::Surface(_))
            };
            named(Channel::Other, proven.iter().find(is_same)?.fact.words.clone())
        }
        _ => {
            // A link is where one finds the page; the page is where it happens.
            let at = trace.page.unwrap_or(trace.doc);
            let doc = &material.docs[at];
            let is_about_it = trace.page.is_some()
                || !matches!(trace.sign, Sign::Link | Sign::Bullet)
                || !matches!(doc.genre, Genre::Guide | Genre::Integration);
            if is_about_it { page(material, cluster, doc, at) } else { None }
        }
    }
}

/// A page or document as a touchpoint, unless it is for those who build or run the product.
fn page(
    material: &Material<'_>,
    cluster: &Cluster,
    doc: &Doc,
    at: usize,
) -> Option<(Channel, String, String, Citation)> {
    let runs_it = cluster.anchor.is_some_and(|it| matches!(it.key, "host" | "install"));
    let is_for_customers = match doc.genre {
        Genre::Data | Genre::Contributing | Genre::Legal | Genre::Changelog | Genre::Blog => false,
        Genre::Reference | Genre::Developer => false,
        Genre::Hosting => runs_it,
        _ => doc.origin != SourceOrigin::Pasted,
    };
    if !is_for_customers || doc.title.trim().is_empty() && doc.genre != Genre::Home {
        return None;
    }
    let named = doc.blocks.iter().find(|it| matches!(it.shape, Shape::Heading(_))).or(doc.blocks.first())?;
    const CHARS_MAX: usize = 200;
    let words = &doc.text[named.span.clone()];
    let len = words.char_indices().nth(CHARS_MAX).map_or(words.len(), |it| it.0);
    let cite = cite(material, at, &(named.span.start..named.span.start + len));
    let is_document = is_among_documents(doc);
    let channel = if is_document { Channel::Docs } else { Channel::Site };
    let title = match doc.genre {
        Genre::Home => "Home page".to_owned(),
        Genre::Readme => "README".to_owned(),
        Genre::Pricing if !is_document && is_short(&doc.title) => "Pricing page".to_owned(),
        Genre::Help | Genre::Faq => format!("Help page “{}”", name_of(doc)),
        _ if is_document => format!("Guide “{}”", name_of(doc)),
        _ => format!("Page “{}”", name_of(doc)),
    };
    let url = if doc.origin == SourceOrigin::Website { doc.locator.clone() } else { String::new() };
    Some((channel, url, title, cite))
}

/// "Pricing" and "Plans and pricing" are the pricing page; "Discounts for schools" is another one.
fn is_short(title: &str) -> bool {
    const WORDS_MAX: usize = 3;
    title.split_whitespace().count() <= WORDS_MAX
}

/// Whether a page belongs to the documentation rather than to the site that sells.
fn is_among_documents(doc: &Doc) -> bool {
    let is_folder = |it: &str| {
        matches!(
            it,
            "docs" | "doc" | "documentation" | "help" | "support" | "guide" | "guides" | "kb" | "learn"
        ) || it.starts_with("docs.")
            || it.starts_with("help.")
    };
    let sells =
        matches!(doc.genre, Genre::Home | Genre::Pricing | Genre::Signup | Genre::About | Genre::Blog);
    doc.origin != SourceOrigin::Website && !matches!(doc.genre, Genre::Home)
        || doc.locator.split('/').any(is_folder)
        || !sells
}

/// Names of pages that say nothing without the folder that they stand in.
const GENERIC: &[&str] = &[
    "overview",
    "introduction",
    "intro",
    "index",
    "configuration",
    "settings",
    "getting started",
    "welcome",
    "basics",
    "general",
    "setup",
    "usage",
    "home",
];

/// A page's name: with its folder where many pages are called so.
fn name_of(doc: &Doc) -> String {
    let title = doc.title.trim();
    if !GENERIC.contains(&title.to_lowercase().as_str()) {
        return title.to_owned();
    }
    let path = doc.locator.split_once("://").map_or(doc.locator.as_str(), |it| it.1);
    let mut folders: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let file = folders.pop().unwrap_or_default();
    if file.starts_with("index.") && folders.len() > 1 {
        folders.pop();
    }
    let is_telling = |it: &&&str| {
        !it.contains('.')
            && !matches!(**it, "docs" | "doc" | "content" | "documentation" | "pages" | "src" | "en")
    };
    match folders.last().filter(is_telling) {
        Some(folder) => format!("{}: {title}", capitalised(&spaced(folder))),
        None => title.to_owned(),
    }
}

/// What a person would call the screen at a path: `/o/:org/settings/billing` → "Billing settings screen".
fn screen(path: &str) -> Option<String> {
    const FRAMES: &[&str] =
        &["auth", "accounts", "account", "app", "dashboard", "setup", "user", "users", "en"];
    const WORDS: &[(&str, &str)] = &[
        ("signup", "sign-up"),
        ("sign up", "sign-up"),
        ("register", "sign-up"),
        ("login", "log-in"),
        ("signin", "log-in"),
        ("sign in", "log-in"),
    ];
    let is_variable = |it: &&str| it.contains([':', '<', '{', '[', '*', '$', '(']);
    let mut parts: Vec<String> =
        path.split('/').filter(|it| it.len() > 1 && !is_variable(it)).map(spaced).collect();
    while parts.len() > 1 && FRAMES.contains(&parts[0].as_str()) {
        parts.remove(0);
    }
    const PARTS_MAX: usize = 2;
    let mut parts = parts.split_off(parts.len().saturating_sub(PARTS_MAX));
    if parts.first().is_some_and(|it| it == "settings") {
        parts.reverse();
    }
    let words: Vec<String> = parts
        .into_iter()
        .map(|it| WORDS.iter().find(|word| word.0 == it).map_or(it.clone(), |word| word.1.to_owned()))
        .collect();
    (!words.is_empty()).then(|| format!("{} screen", capitalised(&words.join(" "))))
}

fn spaced(name: &str) -> String {
    name.to_lowercase().split(['-', '_', '.', '+']).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

fn one_of_each_first(found: Vec<(Channel, DraftItem)>) -> Vec<DraftItem> {
    let mut rounds: BTreeMap<Channel, usize> = BTreeMap::new();
    let mut ordered: Vec<(usize, usize, DraftItem)> = Vec::new();
    for (at, (channel, item)) in found.into_iter().enumerate() {
        let round = rounds.entry(channel).or_default();
        ordered.push((*round, at, item));
        *round += 1;
    }
    ordered.sort_by_key(|it| (it.0, it.1));
    ordered.into_iter().map(|it| it.2).take(TOUCHPOINTS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_are_called_as_people_call_them() {
        for (path, expected) in [
            ("/signup", Some("Sign-up screen")),
            ("/accounts/login", Some("Log-in screen")),
            ("/o/:orgUrl/settings/billing", Some("Billing settings screen")),
            ("/organisation/invite/:token", Some("Organisation invite screen")),
            ("/projects/<uuid:code>/settings", Some("Projects settings screen")),
            ("/verify-email", Some("Verify email screen")),
            ("/:slug", None),
            ("/", None),
        ] {
            assert_eq!(screen(path).as_deref(), expected, "{path}");
        }
    }
}
