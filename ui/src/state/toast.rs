//! Messages at the bottom of the window: what happened, with at most one thing to do about it.

use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Run, Store};
use crate::dom;

/// How long a message stays, in milliseconds; while pointed at or focused it stays longer.
const STAY_MILLIS: i32 = 6_000;

/// Messages shown at once; the oldest makes room.
const SHOWN_MAX: usize = 3;

/// Whether a message is about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is not.
    Plain,
    /// It is.
    Bad,
}

/// What can be done about a message.
#[derive(Clone, PartialEq)]
pub struct ToastAction {
    /// A verb.
    pub label: String,
    /// The shortcut that does the same.
    pub keys: Vec<&'static str>,
    /// Does it.
    pub run: Run,
}

/// A message at the bottom of the window.
#[derive(Clone, PartialEq)]
pub struct Toast {
    /// Which one.
    pub id: u64,
    /// Its icon.
    pub icon: &'static str,
    /// What happened.
    pub text: String,
    /// What can be done about it.
    pub action: Option<ToastAction>,
    /// Whether it is about a fault.
    pub tone: Tone,
    /// Stays while somebody looks at it.
    pub is_held: bool,
}

impl Toast {
    /// Says what happened.
    pub fn plain(icon: &'static str, text: impl Into<String>) -> Self {
        Self { id: 0, icon, text: text.into(), action: None, tone: Tone::Plain, is_held: false }
    }

    /// Says what went wrong.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, ..Self::plain("warn", text) }
    }

    /// Offers something to do about it.
    pub fn with(self, action: ToastAction) -> Self {
        Self { action: Some(action), ..self }
    }
}

impl Store {
    /// Shows a message for a while.
    pub fn toast(mut self, mut toast: Toast) {
        let id = self.toasts.peek().iter().map(|it| it.id).max().unwrap_or(0) + 1;
        toast.id = id;
        let mut toasts = self.toasts.write();
        toasts.push(toast);
        while toasts.len() > SHOWN_MAX {
            toasts.remove(0);
        }
        drop(toasts);
        spawn_forever(async move {
            dom::sleep(STAY_MILLIS).await;
            while self.toasts.peek().iter().any(|it| it.id == id && it.is_held) {
                dom::sleep(STAY_MILLIS / 4).await;
            }
            self.dismiss(id);
        });
    }

    /// Takes a message away.
    pub fn dismiss(mut self, id: u64) {
        if self.toasts.peek().iter().any(|it| it.id == id) {
            self.toasts.write().retain(|it| it.id != id);
        }
    }
}
