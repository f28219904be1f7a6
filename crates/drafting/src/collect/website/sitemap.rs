//! Sitemaps: which pages a site names itself.

use std::io::Read as _;

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

/// Addresses taken from one sitemap; more are not looked at, the best are picked anyway.
const ADDRESSES_MAX: usize = 5_000;
/// Bytes of an unpacked sitemap: what the protocol allows is 50 MB, what a draft needs is less.
const UNPACKED_BYTES_MAX: u64 = 8 << 20;

/// What a sitemap names.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sitemap {
    pub pages: Vec<Url>,
    /// Further sitemaps, of an index.
    pub sitemaps: Vec<Url>,
}

/// Reads a sitemap, packed or not. What is no sitemap names nothing.
pub(super) fn parse(bytes: &[u8], base: &Url) -> Sitemap {
    let mut unpacked = Vec::new();
    let xml = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut reader = flate2::read::GzDecoder::new(bytes).take(UNPACKED_BYTES_MAX);
        // A packed file that is cut still names pages up to there.
        let _ = reader.read_to_end(&mut unpacked).ok();
        &unpacked[..]
    } else {
        bytes
    };
    let mut sitemap = Sitemap::default();
    let xml = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&xml);
    let mut is_index = false;
    let mut in_loc = false;
    let mut words = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "sitemapindex" => is_index = true,
                "loc" => {
                    in_loc = true;
                    words.clear();
                }
                _ => {}
            },
            Ok(Event::Text(text)) if in_loc => words.push_str(&text),
            Ok(Event::CData(text)) if in_loc => words.push_str(&text),
            Ok(Event::GeneralRef(name)) if in_loc && &*name == "amp" => words.push('&'),
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "loc" => {
                in_loc = false;
                if let Ok(url) = base.join(words.trim()) {
                    if is_index { sitemap.sitemaps.push(url) } else { sitemap.pages.push(url) }
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if sitemap.pages.len() + sitemap.sitemaps.len() >= ADDRESSES_MAX {
            break;
        }
    }
    sitemap
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn pages_and_further_sitemaps_are_named() {
        let base = Url::parse("https://example.com/").expect("a url");
        let pages = br#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://example.com/a?x=1&amp;y=2 </loc><lastmod>2024</lastmod></url><url><loc><![CDATA[/b]]></loc></url></urlset>"#;
        let found = parse(pages, &base);
        let named: Vec<&str> = found.pages.iter().map(Url::as_str).collect();
        assert_eq!(named, ["https://example.com/a?x=1&y=2", "https://example.com/b"]);
        let index =
            b"<sitemapindex><sitemap><loc>https://example.com/s1.xml.gz</loc></sitemap></sitemapindex>";
        assert_eq!(parse(index, &base).sitemaps.len(), 1);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(pages).expect("packing");
        assert_eq!(parse(&packed.finish().expect("packing"), &base), found);
        assert_eq!(parse(b"not a sitemap", &base), Sitemap::default());
    }
}
