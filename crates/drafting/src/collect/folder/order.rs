//! In which order a documentation is meant to be read: tables of contents of the usual tools, and
//! numbers in file names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::read::Format;

static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["'`]([A-Za-z0-9][\w./ -]{0,120})["'`]"#));
static LINKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(([^()\s]+\.mdx?)\)"));
static LISTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:-|:)\s*([\w./-]+\.mdx?)\s*$"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

/// Bytes of a table of contents; larger ones are something else.
const CONTENTS_BYTES_MAX: u64 = 512 << 10;

/// Documents in the order in which they are meant to be read; those without one are missing.
pub(super) fn of_documents(root: &Path, files: &[(String, u64)]) -> Vec<String> {
    let documents: Vec<&str> = files
        .iter()
        .map(|it| it.0.as_str())
        .filter(|it| matches!(Format::of_name(it), Some(Format::Markdown | Format::Html | Format::Plain)))
        .collect();
    let names = Names::of(&documents);
    let mut order = Vec::new();
    let mut tables: Vec<&(String, u64)> =
        files.iter().filter(|it| it.1 <= CONTENTS_BYTES_MAX && is_contents(&it.0)).collect();
    tables.sort_by_key(|it| (it.0.matches('/').count(), it.0.clone()));
    for (path, _) in tables {
        let Ok(text) = std::fs::read_to_string(root.join(path)) else { continue };
        let folder = path.rsplit_once('/').map_or("", |it| it.0);
        let mut found: Vec<(usize, &str)> = Vec::new();
        for pattern in [&*QUOTED, &*LINKED] {
            found.extend(
                pattern.captures_iter(&text).filter_map(|it| it.get(1)).map(|it| (it.start(), it.as_str())),
            );
        }
        for line in text.lines() {
            if let Some(it) = LISTED.captures(line).and_then(|it| it.get(1)) {
                found.push((line.as_ptr() as usize - text.as_ptr() as usize, it.as_str()));
            }
        }
        found.sort_unstable();
        order.extend(found.iter().filter_map(|(_, token)| names.resolve(folder, token)).map(str::to_owned));
    }
    let numbered = |path: &&&str| {
        path.split('/').any(|it| {
            it.split(['-', '_', '.'])
                .next()
                .is_some_and(|it| !it.is_empty() && it.len() <= 3 && it.chars().all(|c| c.is_ascii_digit()))
        })
    };
    order.extend(documents.iter().filter(numbered).map(|it| (*it).to_owned()));
    let mut seen = BTreeSet::new();
    order.retain(|it| seen.insert(it.clone()));
    order
}

fn is_contents(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        "sidebars.js"
            | "sidebars.ts"
            | "sidebars.json"
            | "docs.json"
            | "mint.json"
            | "mkdocs.yml"
            | "_sidebar.md"
            | "SUMMARY.md"
            | "meta.json"
            | "_meta.json"
            | "_meta.js"
            | "_meta.ts"
            | "toc.yml"
            | "sidebar.json"
            | "nav.json"
    )
}

/// Documents by what a table of contents may call them.
struct Names<'a> {
    by_path: BTreeMap<String, &'a str>,
    by_name: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Names<'a> {
    fn of(documents: &[&'a str]) -> Self {
        let mut names = Self { by_path: BTreeMap::new(), by_name: BTreeMap::new() };
        for document in documents {
            let stem = document.rsplit_once('.').map_or(*document, |it| it.0);
            names.by_path.insert(stem.to_owned(), document);
            if let Some(folder) = stem.strip_suffix("/index") {
                names.by_path.insert(folder.to_owned(), document);
            }
            names.by_name.entry(stem.rsplit('/').next().unwrap_or(stem)).or_default().push(document);
        }
        names
    }

    fn resolve(&self, folder: &str, token: &str) -> Option<&'a str> {
        let token = token.trim_start_matches("./").trim_matches('/');
        let stem = token.strip_suffix(".md").or_else(|| token.strip_suffix(".mdx")).unwrap_or(token);
        let beside = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
        if let Some(found) = self
            .by_path
            .get(&beside)
            .or_else(|| self.by_path.get(&format!("{folder}/docs/{stem}")))
            .or_else(|| self.by_path.get(&format!("docs/{stem}")))
            .or_else(|| self.by_path.get(stem))
        {
            return Some(found);
        }
        let last = stem.rsplit('/').next().unwrap_or(stem);
        let ending = format!("/{stem}");
        let candidates = self.by_name.get(last)?;
        candidates.iter().find(|it| it.rsplit_once('.').is_some_and(|it| it.0.ends_with(&ending))).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_contents_give_the_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        write("sidebars.js", "module.exports = { s: { 'Get started': ['register', 'sub/add-site'] } }");
        write("docs/guide/meta.json", r#"{"title":"Guide","pages":["second","first"]}"#);
        let files: Vec<(String, u64)> = [
            "docs/add.md",
            "docs/guide/first.mdx",
            "docs/guide/meta.json",
            "docs/guide/second.mdx",
            "docs/register.md",
            "docs/sub/add-site.md",
            "sidebars.js",
        ]
        .into_iter()
        .map(|it| (it.to_owned(), 10))
        .collect();
        assert_eq!(
            of_documents(folder.path(), &files),
            ["docs/register.md", "docs/sub/add-site.md", "docs/guide/second.mdx", "docs/guide/first.mdx"]
        );
    }
}
