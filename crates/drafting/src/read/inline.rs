//! Collects the words of one part: single spaces, with the places of links and of what is set off
//! at the beginning.

use custory_domain::draft::Locator;

use crate::doc::{Link, Mark, RawBlock, Shape};

/// The words of a part while it is being read.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    links: Vec<Link>,
    open_link: Option<(usize, String)>,
    lead: Option<usize>,
    open_lead: bool,
}

impl Inline {
    /// Adds words; any white space counts as one space.
    pub(super) fn push(&mut self, words: &str) {
        for (at, piece) in words.split(|it: char| it.is_whitespace()).enumerate() {
            if at > 0 {
                self.space();
            }
            self.text.push_str(piece);
        }
    }

    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// A link, or bold text, begins.
    pub(super) fn begin_link(&mut self, href: &str) {
        self.open_link = Some((self.text.len(), href.to_owned()));
        self.begin_strong();
    }

    pub(super) fn end_link(&mut self) {
        if let Some((start, href)) = self.open_link.take() {
            let end = self.text.trim_end().len();
            if end > start {
                self.links.push(Link { span: start..end, href });
            }
        }
        self.end_strong();
    }

    pub(super) fn begin_strong(&mut self) {
        if self.text.is_empty() {
            self.open_lead = true;
        }
    }

    pub(super) fn end_strong(&mut self) {
        if self.open_lead {
            self.open_lead = false;
            self.lead = Some(self.text.trim_end().len());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Takes the part out; the next one begins empty. A link that is still open goes on in it.
    pub(super) fn take(&mut self, shape: Shape, place: Locator) -> Option<RawBlock> {
        let reopened = self.open_link.as_ref().map(|it| it.1.clone());
        self.end_link();
        let all = std::mem::take(self);
        if let Some(href) = reopened {
            self.begin_link(&href);
        }
        let len = all.text.trim_end().len();
        if len == 0 {
            return None;
        }
        let mut text = all.text;
        text.truncate(len);
        let mut block = RawBlock::new(shape, text, place);
        if let Some(end) = all.lead.filter(|it| *it > 0) {
            block.marks.push((Mark::Lead, 0..end.min(len)));
        }
        block.links = all.links.into_iter().filter(|it| it.span.end <= len && !it.span.is_empty()).collect();
        Some(block)
    }
}
