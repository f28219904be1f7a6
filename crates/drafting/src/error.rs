//! Why no draft came out, in sentences that tell what to do.

/// Why reading stopped without a draft. A source that cannot be read is no error: it is listed in
/// the draft with the reason.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The request names no material.
    #[error("there is nothing to read: give a website, a folder, a file or a text")]
    NoMaterial,
    /// The address is not one of a website.
    #[error("“{url}” is not the address of a website ({reason}); it should look like https://example.com")]
    NotAnAddress {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address is on this machine or in a private network.
    #[error(
        "the address {host} is on this machine or in a private network, so it was not read; if it is your own \
         site, allow private addresses and start again"
    )]
    RefusedAddress {
        /// Its host.
        host: String,
    },
    /// The website did not answer, or not with a page.
    #[error("{url} could not be read: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The site asks programs not to read its start page.
    #[error("{url} asks programs not to read it (robots.txt); save its pages and draft from the files")]
    Disallowed {
        /// The address.
        url: String,
    },
    /// No such file or folder.
    #[error("there is no file or folder “{path}”")]
    NotFound {
        /// The path as given.
        path: String,
    },
    /// The path is of another kind than asked for, or may not be read.
    #[error("“{path}” could not be read: {reason}")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What happened.
        reason: String,
    },
    /// There was material, but no text in any of it.
    #[error("nothing in it could be read: {reason}")]
    NothingReadable {
        /// Why the first sources were skipped.
        reason: String,
    },
    /// The finder of facts gave up; says what to do.
    #[error("{0}")]
    Model(String),
    /// Whoever asked for the draft no longer wants it.
    #[error("the draft was cancelled")]
    Cancelled,
    /// A bug: a part of the reading stopped unexpectedly.
    #[error("reading stopped unexpectedly: {0}")]
    Broken(String),
}
