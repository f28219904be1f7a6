//! Bytes of a source to plain text with a map: one reader per format, no network, no clock.
//!
//! Never runs anything it reads, and never follows a link.

mod boilerplate;
mod csv;
pub(crate) mod html;
mod inline;
mod jsx;
mod markdown;
mod pdf;
mod plain;

use std::borrow::Cow;

use custory_domain::draft::SourceOrigin;

use crate::doc::{Body, RawDoc, Shape};
use crate::genre::Genre;
use crate::limits::Limits;

pub(crate) use boilerplate::drop_repeated;

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Markdown,
    Html,
    Plain,
    Csv,
    Pdf,
    Code,
}

impl Format {
    /// By the ending of a file's name; nothing for files that are not read.
    pub(crate) fn of_name(name: &str) -> Option<Format> {
        let lower = name.to_lowercase();
        Some(match lower.rsplit_once('.').map_or("", |it| it.1) {
            "md" | "mdx" | "markdown" | "mdown" => Format::Markdown,
            "html" | "htm" | "xhtml" => Format::Html,
            "txt" | "text" | "rst" | "adoc" | "asciidoc" | "log" => Format::Plain,
            "csv" | "tsv" => Format::Csv,
            "pdf" => Format::Pdf,
            _ => return None,
        })
    }
}

/// A source as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub locator: String,
    pub origin: SourceOrigin,
    pub format: Format,
    pub genre: Genre,
    pub bytes: Vec<u8>,
    /// Character set named beside it, as in a `Content-Type`.
    pub charset: Option<String>,
    /// The path that its place in a folder of routes stands for.
    pub route: Option<String>,
}

/// Reads a source; the reason, in a few words, if there is nothing to read in it.
pub(crate) fn read(raw: &Raw, limits: &Limits) -> Result<RawDoc, String> {
    let guarded = std::panic::AssertUnwindSafe(|| read_unguarded(raw, limits));
    // The parsers are other people's and the bytes may be hostile: one bad source is not the end.
    std::panic::catch_unwind(guarded).unwrap_or_else(|_| Err("its reader gave up on it".to_owned()))
}

fn read_unguarded(raw: &Raw, limits: &Limits) -> Result<RawDoc, String> {
    let mut doc = RawDoc {
        locator: raw.locator.clone(),
        title: String::new(),
        origin: raw.origin,
        genre: raw.genre,
        body: Body::Blocks(Vec::new()),
        navigation: Vec::new(),
        product: None,
        route: raw.route.clone(),
    };
    match raw.format {
        Format::Pdf => doc.body = Body::Blocks(pdf::read(&raw.bytes, limits)?),
        Format::Code => doc.body = Body::Verbatim(text_of(raw)?.replace("\r\n", "\n")),
        Format::Markdown => {
            let page = markdown::read(&text_of(raw)?);
            doc.title = page.title.unwrap_or_default();
            doc.body = Body::Blocks(page.blocks);
        }
        Format::Plain => doc.body = Body::Blocks(plain::read(&text_of(raw)?)),
        Format::Csv => doc.body = Body::Blocks(csv::read(&text_of(raw)?, raw.locator.ends_with(".tsv"))?),
        Format::Html => {
            let page = html::read(&text_of(raw)?);
            doc.title = page.title.unwrap_or_default();
            doc.product = page.product;
            doc.navigation = page.navigation;
            doc.body = Body::Blocks(page.blocks);
        }
    }
    if let Body::Blocks(blocks) = &mut doc.body {
        blocks.retain(|it| !it.text.trim().is_empty());
        let heading = blocks.iter().find(|it| matches!(it.shape, Shape::Heading(1 | 2)));
        if doc.title.is_empty() {
            doc.title = heading.map(|it| it.text.clone()).unwrap_or_default();
        }
        let is_of_law = |it: &str| {
            let lower = it.to_lowercase();
            [
                "terms and conditions",
                "terms of",
                "privacy policy",
                "license agreement",
                "apache license",
                "mit license",
            ]
            .iter()
            .any(|it| lower.contains(it))
        };
        if doc.genre == Genre::Guide && is_of_law(&doc.title) {
            doc.genre = Genre::Legal;
        }
        // The home page of a documentation is where people begin, not where they are won.
        let names_documents = |it: &str| {
            it.to_lowercase()
                .split(|it: char| !it.is_alphanumeric())
                .any(|it| matches!(it, "docs" | "documentation" | "handbook" | "manual"))
        };
        if doc.genre == Genre::Home
            && (names_documents(&doc.title) || heading.is_some_and(|it| names_documents(&it.text)))
        {
            doc.genre = Genre::Start;
        }
    }
    let is_empty = match &doc.body {
        Body::Blocks(blocks) => blocks.is_empty(),
        Body::Verbatim(text) => text.trim().is_empty(),
    };
    if is_empty { Err("it has no text".to_owned()) } else { Ok(doc) }
}

fn text_of(raw: &Raw) -> Result<Cow<'_, str>, String> {
    const PROBE_BYTES: usize = 8_000;
    let probe = &raw.bytes[..raw.bytes.len().min(PROBE_BYTES)];
    let is_wide = raw.bytes.starts_with(&[0xff, 0xfe]) || raw.bytes.starts_with(&[0xfe, 0xff]);
    if probe.contains(&0) && !is_wide {
        return Err("it is not text".to_owned());
    }
    let named = raw
        .charset
        .as_deref()
        .or_else(|| if raw.format == Format::Html { meta_charset(probe) } else { None });
    let encoding = named
        .and_then(|it| encoding_rs::Encoding::for_label(it.trim().as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    let (text, _, has_errors) = encoding.decode(&raw.bytes);
    if has_errors && named.is_none() {
        // Text without a declared character set that is no UTF-8 is most likely Western European.
        return Ok(encoding_rs::WINDOWS_1252.decode(&raw.bytes).0);
    }
    Ok(text)
}

/// The character set that a page names in its head.
fn meta_charset(probe: &[u8]) -> Option<&str> {
    let at = probe.windows(8).position(|it| it.eq_ignore_ascii_case(b"charset="))?;
    let rest = &probe[at + 8..];
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'-' | b'_'))?;
    std::str::from_utf8(&rest[..end]).ok()
}
