//! The source around a quote, as it was read on this device.

use custory_domain::{EntityKind, EntityRef};

use super::{Desk, Names};
use crate::fence::plain;
use crate::structured::beginning;

/// Bytes shown before a quote, and after its beginning.
const BEFORE_BYTES: usize = 500;
const AFTER_BYTES: usize = 1_500;

/// Texts of sources by the hash that a quote names.
pub trait Sources: std::fmt::Debug + Send + Sync {
    /// The text, if this device has it.
    fn text(&self, hash: &str) -> Option<String>;
}

impl Desk {
    /// What stands around a quote in its source.
    pub(super) fn source(&self, entity: EntityRef, names: &mut Names) -> Result<String, String> {
        if entity.kind != EntityKind::Evidence {
            return Err("Only a quote has a source; name one, such as E1.".to_owned());
        }
        let evidence = self.board.evidence.get(&entity.id.into());
        let evidence = evidence.ok_or_else(|| "There is no such quote.".to_owned())?;
        let kept = self.sources.as_ref().and_then(|it| it.text(&evidence.source_hash));
        let text = kept.ok_or_else(|| "The text of this source is not kept on this device.".to_owned())?;
        let around = around(&text, &evidence.excerpt);
        let line = self.line(entity, names);
        let told = format!("{line}\nin {}:\n{}", plain(&evidence.locator), plain(around));
        names.show(entity, &told);
        Ok(told)
    }
}

/// The part of a text around its first place that begins like a quote; its beginning where none does.
fn around<'a>(text: &'a str, quote: &str) -> &'a str {
    const WORDS: usize = 4;
    let mut words = quote.split_whitespace().take(WORDS);
    let first: Vec<&str> = words.by_ref().collect();
    let at = first.first().and_then(|it| {
        let starts = text.match_indices(it).map(|(at, _)| at);
        let begins = |at: &usize| text[*at..].split_whitespace().take(first.len()).eq(first.iter().copied());
        starts.into_iter().find(begins)
    });
    let at = at.unwrap_or_default();
    let from = (at.saturating_sub(BEFORE_BYTES)..=at).find(|it| text.is_char_boundary(*it)).unwrap_or(at);
    beginning(&text[from..], at - from + AFTER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_quote_is_found_however_its_words_are_spaced() {
        let text =
            format!("{}Größe: you can\n invite up to 25 people.{}", "é ".repeat(900), " x".repeat(2_000));
        let found = around(&text, "you can invite up to 25 people");
        assert!(found.contains("invite up to 25 people") && found.len() < 2_200, "{}", found.len());
        assert!(found.starts_with(['é', ' ']));
        assert!(around(&text, "nowhere at all").starts_with('é'));
        assert_eq!(around("", "x"), "");
    }
}
