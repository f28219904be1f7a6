//! What the drafter knows of English: verbs, word forms, capitals, and how a heading becomes the
//! title of a step.
//!
//! Never adds a word that the material does not have, except the articles of a fixed table and the
//! product's name after a lone verb ("Installation" of Acme → "Install Acme").

mod casing;
mod grammar;
mod lemma;
mod lexicon;
mod nominal;
mod phrase;
mod trim;
mod verb;

pub(crate) use casing::Casing;
pub(crate) use lemma::{content_words, looks_english};
pub(crate) use phrase::{Phrase, Phrasing};
pub(crate) use trim::{first_sentence, squeeze};
pub(crate) use verb::{Leaning, is_request};
