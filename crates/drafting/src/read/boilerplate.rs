//! Drops what stands on most pages of a site: it belongs to the site's frame, not to the page.

use std::collections::BTreeMap;

use custory_domain::draft::SourceOrigin;

use crate::doc::{Body, RawDoc, Shape};

/// Fewer pages than this tell nothing about repetition.
const PAGES_MIN: usize = 4;

/// Drops repeated parts of a website's pages. Buttons stay on the first page that has them: "Start
/// free trial" in a frame is still how one starts.
pub(crate) fn drop_repeated(docs: &mut [RawDoc]) {
    let is_page = |it: &&RawDoc| it.origin == SourceOrigin::Website;
    let pages = docs.iter().filter(is_page).count();
    if pages < PAGES_MIN {
        return;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for doc in docs.iter().filter(is_page) {
        let Body::Blocks(blocks) = &doc.body else { continue };
        let mut own: Vec<&str> = blocks.iter().map(|it| it.text.as_str()).collect();
        own.sort_unstable();
        own.dedup();
        for text in own {
            *counts.entry(text.to_owned()).or_default() += 1;
        }
    }
    let often = (pages * 2 / 5).max(3);
    counts.retain(|_, count| *count >= often);
    let mut kept: Vec<String> = Vec::new();
    for doc in docs.iter_mut().filter(|it| it.origin == SourceOrigin::Website) {
        let Body::Blocks(blocks) = &mut doc.body else { continue };
        blocks.retain(|block| {
            if !counts.contains_key(&block.text) {
                return true;
            }
            let is_first_button = matches!(block.shape, Shape::Button) && !kept.contains(&block.text);
            if is_first_button {
                kept.push(block.text.clone());
            }
            is_first_button
        });
    }
}
