//! What is kept in the database, for those who answer apart from the loop that owns it.
//!
//! What models said about pieces of material, kept in the database so that a draft goes on where it
//! stopped, whatever stopped it.

use std::collections::BTreeMap;

use custory_assistant::facts::Kept;
use custory_assistant::tools::Sources;

use crate::apart::Way;

/// The database's answers, for threads apart from the loop that owns it.
pub(crate) struct KeptAnswers(pub Way);

impl Kept for KeptAnswers {
    fn get(&self, key: &str) -> Option<String> {
        let key = key.to_owned();
        let found = self.0.ask(move |core| core.store.model_answer(&key))?;
        found.inspect_err(|error| tracing::warn!("cannot read a kept answer: {error}")).ok().flatten()
    }

    fn put(&self, key: &str, answer: &str) {
        let (key, answer) = (key.to_owned(), answer.to_owned());
        if let Some(Err(error)) = self.0.ask(move |core| core.store.put_model_answer(&key, &answer)) {
            tracing::warn!("cannot keep an answer: {error}");
        }
    }
}

/// Texts of sources, for threads apart from the loop.
pub(crate) struct KeptSources(pub Way);

impl std::fmt::Debug for KeptSources {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("KeptSources")
    }
}

impl Sources for KeptSources {
    fn text(&self, hash: &str) -> Option<String> {
        let hash = hash.to_owned();
        let found = self.0.ask(move |core| core.store.source_text(&hash))?;
        found.inspect_err(|error| tracing::warn!("cannot read a source: {error}")).ok().flatten()
    }
}

/// Texts of sources that were looked up before, for the loop itself.
#[derive(Debug, Default)]
pub(crate) struct TheseSources(pub BTreeMap<String, String>);

impl Sources for TheseSources {
    fn text(&self, hash: &str) -> Option<String> {
        self.0.get(hash).cloned()
    }
}
