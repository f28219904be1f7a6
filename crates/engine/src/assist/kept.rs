//! What models said about pieces of material, kept in the database so that a draft goes on where it
//! stopped, whatever stopped it.

use custory_assistant::facts::Kept;

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
