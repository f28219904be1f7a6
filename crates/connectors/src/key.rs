//! A vendor's key while it is in use. It is never printed, and wiped from memory afterwards.
//!
//! Some vendors need two: they are one text with white space between, which no token holds.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A key, token or password of a vendor.
#[derive(Clone)]
pub struct Key(Arc<Zeroizing<String>>, bool);

impl Key {
    /// Takes a key as a person pasted it; spaces and line ends around it are no part of it.
    pub fn new(text: &str) -> Self {
        Self(Arc::new(Zeroizing::new(text.trim().to_owned())), false)
    }

    /// Takes a token that a vendor gave when somebody signed in: it goes out as such, whatever the vendor does with
    /// keys.
    pub(crate) fn bearer(token: &str) -> Self {
        Self(Self::new(token).0, true)
    }

    pub(crate) fn is_bearer(&self) -> bool {
        self.1
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key itself: for the header that carries it and for the keychain, nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The first of two, or the only one.
    pub(crate) fn first(&self) -> &str {
        self.0.split_whitespace().next().unwrap_or_default()
    }

    /// The second of two.
    pub(crate) fn second(&self) -> Option<&str> {
        self.0.split_whitespace().nth(1)
    }

    /// A text in which the key does not occur, should a vendor say it back.
    pub(crate) fn absent_from(&self, text: &str) -> String {
        self.0.split_whitespace().fold(text.to_owned(), |text, it| text.replace(it, "[key]"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(hidden)")
    }
}
