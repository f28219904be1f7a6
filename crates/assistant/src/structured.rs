//! One valid answer out of a model, or none.
//!
//! The schema goes into the request and into the prompt, since servers ignore it in several cases and
//! then say nothing. What comes back is read strictly in any case; the model gets one try to mend it.

use serde_json::Value;

use crate::error::ModelError;
use crate::server::Server;
use crate::server::chat::{Message, Question, Role, Said};
use crate::stop::Stop;

/// Bytes of a failed answer that the model is shown again.
const SHOWN_BYTES_MAX: usize = 2_000;

/// A model with what it may use.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where it is.
    pub server: Server,
    /// Its name.
    pub name: String,
    /// What its weights are, where the server tells; see [`Model::checked`].
    pub digest: Option<String>,
    /// Context length, in tokens.
    pub context_tokens: u32,
    /// 0 takes the likeliest word each time. Any other number lets chance choose among likely ones, the
    /// same way for the same number, so that readings can be compared.
    pub chance: u32,
}

/// The form of an answer, as JSON schemas.
#[derive(Clone, Debug)]
pub struct Form {
    /// The form that is asked for.
    pub whole: Value,
    /// A form with room for less, asked for at the second try: an answer that did not come to an end would
    /// not do so again otherwise. Whatever has this form has the other one as well.
    pub short: Value,
}

impl Form {
    /// A form too small to be made smaller.
    pub fn small(schema: Value) -> Self {
        Self { short: schema.clone(), whole: schema }
    }
}

impl Model {
    /// The model as it can be used: there, able to answer, with no longer context than it was made for.
    /// Asked before long work, so that nobody waits for nothing.
    ///
    /// # Errors
    /// When the server or the model is not there, or it cannot answer.
    pub async fn checked(self, stop: &Stop) -> Result<Self, ModelError> {
        let details = tokio::select! {
            biased;
            () = stop.told() => return Err(ModelError::Stopped),
            details = self.server.show(&self.name) => details?,
        };
        if !details.can_chat {
            let reason = "it compares texts and answers nothing".to_owned();
            return Err(ModelError::NotUnderstood { model: self.name, reason });
        }
        let longest = details.context_tokens.unwrap_or(u32::MAX);
        let digest = self.server.digest(&self.name).await?;
        Ok(Self { context_tokens: self.context_tokens.min(longest), digest, ..self })
    }

    /// What tells this model from others in what is kept of its answers: its weights, else its name.
    pub fn identity(&self) -> &str {
        self.digest.as_deref().unwrap_or(&self.name)
    }
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens read, both tries together.
    pub prompt_tokens: u64,
    /// Tokens written, both tries together.
    pub answer_tokens: u64,
    /// Time by the server's own clock, in milliseconds; 0 where it tells none.
    pub millis: u64,
    /// It took a second try.
    pub was_mended: bool,
}

/// Asks for an answer of a form. `read` turns the answer into what is wanted, or says in a sentence
/// what is wrong with it, which the model is then told. `heard` is told the words so far as they come; a second
/// try begins with none.
///
/// # Errors
/// Whatever the server says; [`ModelError::NotUnderstood`] or [`ModelError::Cut`] when the second try
/// fails as well.
pub async fn ask<T>(
    model: &Model,
    messages: &[Message],
    form: &Form,
    answer_tokens: u32,
    stop: &Stop,
    heard: &mut (dyn FnMut(&str) + Send),
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<(T, Spent), ModelError> {
    let mut question = Question {
        model: model.name.clone(),
        messages: messages.to_vec(),
        format: Some(form.whole.clone()),
        context_tokens: model.context_tokens,
        answer_tokens,
        chance: model.chance,
    };
    let mut spent = Spent::default();
    let first = model.server.chat(&question, stop, heard).await;
    let (shown, problem) = match first {
        Ok(said) => {
            spent.add(&said);
            match read(json_in(&said.text)) {
                Ok(value) => return Ok((value, spent)),
                Err(reason) => (said.text, reason),
            }
        }
        Err(ModelError::Cut { .. }) => {
            (String::new(), "it was too long and did not come to an end".to_owned())
        }
        Err(other) => return Err(other),
    };
    spent.was_mended = true;
    heard("");
    if !shown.is_empty() {
        question.messages.push(Message::new(Role::Assistant, beginning(&shown, SHOWN_BYTES_MAX)));
    }
    let schema = &form.short;
    question.format = Some(schema.clone());
    question.messages.push(Message::new(
        Role::User,
        format!(
            "That answer cannot be used: {problem}. Answer again, shorter, with one JSON object that follows \
             this schema and with nothing around it: {schema}"
        ),
    ));
    let said = model.server.chat(&question, stop, heard).await?;
    spent.add(&said);
    match read(json_in(&said.text)) {
        Ok(value) => Ok((value, spent)),
        Err(reason) => Err(ModelError::NotUnderstood { model: model.name.clone(), reason }),
    }
}

impl Spent {
    fn add(&mut self, said: &Said) {
        self.prompt_tokens += u64::from(said.prompt_tokens.unwrap_or_default());
        self.answer_tokens += u64::from(said.answer_tokens.unwrap_or_default());
        self.millis += said.millis.unwrap_or_default();
    }
}

/// The object in an answer, without a fence of backticks or words around it.
fn json_in(text: &str) -> &str {
    match (text.find('{'), text.rfind('}')) {
        (Some(start), Some(end)) if start < end => &text[start..=end],
        _ => text.trim(),
    }
}

/// The beginning of a text, at most so many bytes, whole characters.
pub(crate) fn beginning(text: &str, bytes_max: usize) -> &str {
    let end = (0..=bytes_max.min(text.len())).rfind(|it| text.is_char_boundary(*it)).unwrap_or_default();
    &text[..end]
}

/// What is wrong with an answer that is not read, in words for a model.
pub(crate) fn problem(error: &serde_json::Error) -> String {
    if error.is_eof() {
        "the JSON ends in the middle".to_owned()
    } else {
        format!("the JSON is not as asked for: {error}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_in_what_models_put_around_it() {
        for (text, expected) in [
            ("{\"a\":1}", "{\"a\":1}"),
            ("```json\n{\"a\":{}}\n```", "{\"a\":{}}"),
            ("Sure! {\"a\":1} Anything else?", "{\"a\":1}"),
            ("  nothing ", "nothing"),
            ("} {", "} {"),
        ] {
            assert_eq!(json_in(text), expected);
        }
    }

    #[test]
    fn a_beginning_ends_between_characters() {
        assert_eq!(beginning("größe", 3), "gr");
        assert_eq!(beginning("abc", 9), "abc");
    }
}
