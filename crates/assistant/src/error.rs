//! Why a model gave nothing, in sentences that tell what to do.

/// Why a model or its server gave nothing usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The address is not one.
    #[error("“{address}” is not the address of a model server; it should look like http://127.0.0.1:11434.")]
    BadAddress {
        /// As given.
        address: String,
    },
    /// The address is of another machine, and nobody said that this is meant.
    #[error(
        "{host} is not this machine, so what is read would leave it. If that is meant, allow it: in Settings, \
         Local AI, or with `custory models use --url … --allow-remote`."
    )]
    RemoteNotAllowed {
        /// Its host.
        host: String,
    },
    /// There is no Ollama on this machine.
    #[error(
        "Ollama is not installed on this machine. Get it from https://ollama.com/download, then get a \
         model: in Settings, Local AI, or with `custory models pull qwen3:4b`. Everything else works without it."
    )]
    NotInstalled,
    /// Nothing answers.
    #[error("Ollama does not answer at {address}. Start it: open the Ollama app, or run `ollama serve`.")]
    NotRunning {
        /// Where it was looked for.
        address: String,
    },
    /// Something answers, but not as a model server does.
    #[error("What answers at {address} is not Ollama ({reason}). Check the address.")]
    NotOllama {
        /// Where.
        address: String,
        /// What it said instead.
        reason: String,
    },
    /// No model was chosen.
    #[error("No model is chosen. Choose one in Settings, Local AI, or with `custory models use NAME`.")]
    NoModel,
    /// The model is not on that server.
    #[error(
        "The model {model} is not there yet. Get it in Settings, Local AI, or with `custory models pull {model}`, or \
         choose another one."
    )]
    NoSuchModel {
        /// Its name.
        model: String,
    },
    /// The model does not fit into memory.
    #[error(
        "{model} needs more memory than is free. Close other programs, choose a smaller model, or lower the \
         context length (now {context_tokens} tokens)."
    )]
    OutOfMemory {
        /// Its name.
        model: String,
        /// Context length that was asked for.
        context_tokens: u32,
    },
    /// The prompt is longer than the model's context, so that its beginning would be cut off.
    #[error(
        "The text is longer than {model} can take in ({context_tokens} tokens). Raise the context length or \
         choose a model with a longer one."
    )]
    TooLong {
        /// Its name.
        model: String,
        /// Context length that was asked for.
        context_tokens: u32,
    },
    /// The answer reached its length and ends in the middle.
    #[error("{model} did not come to an end within {tokens} tokens.")]
    Cut {
        /// Its name.
        model: String,
        /// The bound.
        tokens: u32,
    },
    /// The answer is not of the form that was asked for, also at the second try.
    #[error("{model} did not answer in the form that was asked for ({reason}). A larger model may.")]
    NotUnderstood {
        /// Its name.
        model: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The server said no.
    #[error("Ollama refused: {reason}")]
    Refused {
        /// In its words.
        reason: String,
    },
    /// The answer broke off.
    #[error("The answer of the model broke off: {reason}. Try again.")]
    Broke {
        /// What happened.
        reason: String,
    },
    /// Nothing came for too long.
    #[error(
        "{model} said nothing for {secs} seconds. It may be too large for this machine; try a smaller one."
    )]
    Silent {
        /// Its name.
        model: String,
        /// How long was waited.
        secs: u64,
    },
    /// Whoever asked no longer wants the answer.
    #[error("It was stopped.")]
    Stopped,
}

impl ModelError {
    /// Whether the same question may do better when asked again in other words; everything else needs
    /// a person or another model.
    pub fn is_about_the_answer(&self) -> bool {
        matches!(self, Self::Cut { .. } | Self::NotUnderstood { .. })
    }
}
