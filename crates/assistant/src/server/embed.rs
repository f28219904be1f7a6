//! Texts as vectors, so that what means the same can be found in other words.

use std::time::Duration;

use ollama_rs::generation::embeddings::request::{EmbeddingsInput, GenerateEmbeddingsRequest};
use tokio::time::timeout;

use super::Server;
use crate::error::ModelError;
use crate::stop::Stop;

/// Texts sent at once: a server takes one after the other anyway.
const BATCH: usize = 16;
/// Longest vector believed.
const DIMENSIONS_MAX: usize = 16_384;

impl Server {
    /// A vector of length 1 for each text, in their order.
    ///
    /// # Errors
    /// When the server or model is not there, or gives something else than vectors.
    pub async fn embed(
        &self,
        model: &str,
        texts: &[String],
        stop: &Stop,
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            tokio::select! {
                biased;
                () = stop.told() => return Err(ModelError::Stopped),
                more = self.embed_batch(model, batch) => vectors.extend(more?),
            }
        }
        Ok(vectors)
    }

    async fn embed_batch(&self, model: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let secs = self.patience.first_word_secs;
        let input = EmbeddingsInput::Multiple(texts.to_vec());
        let request = GenerateEmbeddingsRequest::new(model.to_owned(), input);
        let answered = timeout(Duration::from_secs(secs), self.ollama.generate_embeddings(request)).await;
        let answer = answered
            .map_err(|_| ModelError::Silent { model: model.to_owned(), secs })?
            .map_err(|error| self.meaning(model, error))?;
        let unfit =
            |reason: &str| ModelError::NotUnderstood { model: model.to_owned(), reason: reason.to_owned() };
        if answer.embeddings.len() != texts.len() {
            return Err(unfit("it gave another number of vectors than texts"));
        }
        let dimensions = answer.embeddings.first().map_or(0, Vec::len);
        let is_fit = |it: &Vec<f32>| it.len() == dimensions && it.iter().all(|it| it.is_finite());
        if dimensions == 0 || dimensions > DIMENSIONS_MAX || !answer.embeddings.iter().all(is_fit) {
            return Err(unfit("its vectors are damaged"));
        }
        Ok(answer.embeddings.into_iter().map(unit).collect())
    }
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|it| *it /= length);
    }
    vector
}

/// How alike two vectors of length 1 are, −1 to 1; 0 where they are not of one kind.
pub fn likeness(a: &[f32], b: &[f32]) -> f32 {
    if a.len() == b.len() { a.iter().zip(b).map(|(a, b)| a * b).sum() } else { 0.0 }
}
