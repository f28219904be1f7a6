//! What the product is called, as people write it.

use std::collections::BTreeMap;

use custory_domain::draft::SourceOrigin;

use crate::doc::{Body, RawBlock, RawDoc, Shape};
use crate::genre::Genre;
use crate::words::Casing;

/// Longest name, in characters.
const CHARS_MAX: usize = 30;

/// The product's name; empty if the material does not say it.
///
/// `declared` are names as programs spell them (manifests, folders, hosts), the most certain first.
/// The documents say how people write it; a name that no document uses is used only if nothing else
/// is known.
pub(crate) fn name(declared: &[String], raws: &[RawDoc]) -> String {
    let mut casing = Casing::default();
    for block in
        raws.iter().flat_map(blocks).filter(|it| matches!(it.shape, Shape::Paragraph | Shape::Item { .. }))
    {
        casing.learn(&block.text);
    }
    let heading =
        raws.iter().filter(|it| it.genre == Genre::Readme).find_map(first_heading).filter(|it| fits(it));
    if let Some(name) = &heading
        && (declared.iter().any(|it| is_same(it, name)) || declared.is_empty())
    {
        return name.clone();
    }
    if let Some(name) = of_site(raws) {
        return name;
    }
    declared
        .iter()
        .find_map(|it| as_written(it, raws, &casing))
        .or(heading)
        .or_else(|| declared.first().cloned())
        .filter(|it| fits(it))
        .unwrap_or_default()
}

fn blocks(raw: &RawDoc) -> &[RawBlock] {
    match &raw.body {
        Body::Blocks(blocks) => blocks,
        Body::Verbatim(_) => &[],
    }
}

fn fits(name: &str) -> bool {
    let is_generic = matches!(Genre::of_title(name), Some(genre) if genre != Genre::About);
    let has_generic = name.to_lowercase().split_whitespace().any(|it| {
        matches!(
            it,
            "docs"
                | "documentation"
                | "home"
                | "homepage"
                | "welcome"
                | "readme"
                | "blog"
                | "website"
                | "introduction"
        )
    });
    !name.trim().is_empty()
        && name.chars().count() <= CHARS_MAX
        && name.split_whitespace().count() <= 3
        && !name.contains('/')
        && !is_generic
        && !has_generic
}

fn is_same(a: &str, b: &str) -> bool {
    let letters = |it: &str| it.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect::<String>();
    letters(a) == letters(b)
}

/// "Acme – notes for teams" → "Acme".
fn first_heading(raw: &RawDoc) -> Option<String> {
    let heading = blocks(raw).iter().find(|it| it.shape == Shape::Heading(1))?;
    let name = heading.text.split([':', '—', '–', '|', '(']).next().unwrap_or_default().trim();
    Some(name.trim_matches(|it: char| !it.is_alphanumeric()).to_owned())
}

/// The name that most pages of a site give.
fn of_site(raws: &[RawDoc]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let is_page = |it: &&RawDoc| it.origin == SourceOrigin::Website;
    for name in raws.iter().filter(is_page).filter_map(|it| it.product.as_deref()) {
        *counts.entry(without_kind(name)).or_default() += 1;
    }
    counts.into_iter().filter(|it| fits(&it.0)).max_by_key(|it| it.1).map(|it| it.0)
}

/// "Acme Docs" → "Acme".
fn without_kind(name: &str) -> String {
    let is_kind = |it: &&str| {
        matches!(
            it.to_lowercase().as_str(),
            "docs"
                | "documentation"
                | "help"
                | "blog"
                | "website"
                | "guide"
                | "manual"
                | "user"
                | "/"
                | "|"
                | "-"
                | "–"
        )
    };
    name.split_whitespace().filter(|it| !is_kind(it)).collect::<Vec<_>>().join(" ")
}

/// Parts of names that say what kind of thing it is, not which.
const KINDS: &[&str] = &["cli", "api", "sdk", "app", "web", "ui", "server", "client", "core", "tool", "lib"];

/// How the documents write a name, if they use it. Folders and packages may add words
/// ("acme-docs").
fn as_written(declared: &str, raws: &[RawDoc], casing: &Casing) -> Option<String> {
    const USES_MIN: usize = 2;
    let parts: Vec<String> = std::iter::once(declared.to_lowercase())
        .chain(declared.to_lowercase().split(['-', '_', '.', ' ']).map(str::to_owned))
        .collect();
    let is_whole = |word: &str| parts.first().is_some_and(|it| it == word);
    let named = casing
        .names()
        .filter(|(word, _)| parts.iter().any(|it| it == word) && !KINDS.contains(word))
        .max_by_key(|(word, count)| (is_whole(word), *count));
    // Some products are written in small letters always; then the part that is used most counts.
    let uses = |part: &&String| {
        let words = |it: &RawBlock| {
            it.text
                .split(|it: char| !it.is_alphanumeric() && it != '-')
                .filter(|it| it.eq_ignore_ascii_case(part))
                .count()
        };
        raws.iter().flat_map(blocks).map(words).sum::<usize>()
    };
    let is_telling = |it: &&String| {
        it.len() > 3
            && !matches!(
                it.as_str(),
                "docs" | "site" | "main" | "tool" | "desktop" | "server" | "core" | "community"
            )
    };
    let used = || parts.iter().filter(is_telling).max_by_key(uses).cloned();
    let wanted = named.map(|it| it.0.to_owned()).or_else(used)?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for block in raws.iter().flat_map(blocks).filter(|it| it.shape == Shape::Paragraph) {
        let words = block
            .text
            .split(|it: char| !it.is_alphanumeric() && !matches!(it, '-' | '.' | '_'))
            .map(|it| it.trim_matches(['.', '-']));
        for word in words.filter(|it| it.eq_ignore_ascii_case(&wanted)) {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|it| it.1).filter(|it| it.1 >= USES_MIN).map(|it| it.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::draft::Locator;

    fn raw(genre: Genre, site: Option<&str>, parts: &[(Shape, &str)]) -> RawDoc {
        let blocks = parts.iter().map(|(shape, text)| RawBlock::new(*shape, *text, Locator::Whole)).collect();
        RawDoc {
            locator: "x".into(),
            title: String::new(),
            origin: SourceOrigin::Website,
            genre,
            body: Body::Blocks(blocks),
            navigation: Vec::new(),
            product: site.map(str::to_owned),
            route: None,
        }
    }

    #[test]
    fn the_name_is_written_as_people_write_it() {
        let readme = |heading: &str| raw(Genre::Readme, None, &[(Shape::Heading(1), heading)]);
        let prose =
            raw(Genre::Guide, None, &[(Shape::Paragraph, "With Tidewater you plan. Ask Tidewater for it.")]);
        for (declared, raws, expected) in [
            (vec!["tide-water"], vec![readme("TideWater – plans for teams")], "TideWater"),
            (vec!["root", "tidewater"], vec![readme("Demo environment"), prose.clone()], "Tidewater"),
            (vec!["tidewater-docs"], vec![prose.clone()], "Tidewater"),
            (
                vec!["tidewater-cli"],
                vec![raw(
                    Genre::Guide,
                    None,
                    &[(
                        Shape::Paragraph,
                        "With the Tidewater CLI you plan. Ask the Tidewater CLI, use the CLI.",
                    )],
                )],
                "Tidewater",
            ),
            (vec!["x1"], vec![raw(Genre::Home, Some("Tidewater Docs"), &[])], "Tidewater"),
            (vec![], vec![readme("Getting started")], ""),
        ] {
            let declared: Vec<String> = declared.into_iter().map(str::to_owned).collect();
            assert_eq!(name(&declared, &raws), expected, "{declared:?}");
        }
    }
}
