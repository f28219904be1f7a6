//! Checks facts against their source: a quote is in it word for word, or the fact is dropped.

use std::ops::Range;

use crate::doc::QUOTE_CHARS_MAX;
use crate::find::{Fact, Passage};

/// The place of a fact's quote in the source's text, if it is there.
///
/// First at the place given, then anywhere in the passage, then with other white space and capitals
/// than the source's. The span is the source's own words in every case. Numbers that the quote does
/// not have are not believed.
pub(crate) fn prove(fact: &Fact, passage: &Passage<'_>) -> Option<Range<usize>> {
    let text = &passage.doc.text;
    let within = passage.span();
    let quote = fact.quote.as_str();
    if quote.trim().is_empty()
        || quote.chars().count() > QUOTE_CHARS_MAX
        || !numbers_stand(&fact.words, quote, fact.name.is_some())
    {
        return None;
    }
    let at_near = fact.near..fact.near.saturating_add(quote.len());
    if within.start <= at_near.start && at_near.end <= within.end && text.get(at_near.clone()) == Some(quote)
    {
        return Some(at_near);
    }
    let inside = text.get(within.clone())?;
    if let Some(at) = inside.find(quote) {
        return Some(within.start + at..within.start + at + quote.len());
    }
    loosely(inside, quote).map(|it| within.start + it.start..within.start + it.end)
}

/// Finds words whatever their white space and capitals.
fn loosely(text: &str, quote: &str) -> Option<Range<usize>> {
    let wanted: Vec<String> = quote.split_whitespace().map(str::to_lowercase).collect();
    let base = text.as_ptr() as usize;
    let words: Vec<(usize, &str)> =
        text.split_whitespace().map(|it| (it.as_ptr() as usize - base, it)).collect();
    let first = words
        .windows(wanted.len().max(1))
        .find(|window| window.iter().zip(&wanted).all(|(word, wanted)| word.1.to_lowercase() == *wanted))?;
    let (start, last) = (first.first()?.0, first.last()?);
    Some(start..last.0 + last.1.len())
}

/// Whether every number of the words is in the quote. Names of programs may hold their own.
fn numbers_stand(words: &str, quote: &str, is_named: bool) -> bool {
    let numbers = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let known = numbers(quote);
    is_named || numbers(words).iter().all(|it| known.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{Body, Doc, RawBlock, RawDoc, Shape};
    use crate::find::FactKind;
    use crate::genre::Genre;
    use custory_domain::draft::{Locator, SourceOrigin};

    #[test]
    fn only_words_of_the_source_count() {
        let block = |text: &str| RawBlock::new(Shape::Paragraph, text, Locator::Whole);
        let raw = RawDoc {
            locator: "x".into(),
            title: "x".into(),
            origin: SourceOrigin::File,
            genre: Genre::Guide,
            navigation: Vec::new(),
            product: None,
            route: None,
            body: Body::Blocks(vec![
                block("Grüße. Invite your\u{a0}Team today."),
                block("It costs 12 dollars."),
            ]),
        };
        let doc = Doc::assemble(raw);
        let passage = Passage { doc: &doc, blocks: 0..2 };
        let prove_words = |words: &str, quote: &str, near: usize| {
            let fact = Fact { words: words.to_owned(), ..Fact::quoted(FactKind::Question, quote, near) };
            prove(&fact, &passage).map(|it| doc.text[it].to_owned())
        };
        assert_eq!(prove_words("x", "Invite", 0).as_deref(), Some("Invite"));
        assert_eq!(prove_words("x", "invite your team", 3).as_deref(), Some("Invite your\u{a0}Team"));
        assert_eq!(prove_words("x", "Invite your boss", 0), None);
        assert_eq!(prove_words("costs 13", "It costs 12 dollars.", 0), None);
        assert_eq!(prove_words("x", " ", 0), None);
        assert_eq!(prove_words("x", "Invite", usize::MAX), Some("Invite".to_owned()));
    }
}
