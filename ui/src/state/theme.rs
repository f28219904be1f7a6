//! Light, dark, or as the system says: an attribute on the page's root that the style sheet reads.

use custory_ipc::Theme;
use dioxus::prelude::*;

use super::Store;
use crate::dom;

/// Keeps the page's theme equal to the preference.
pub fn use_theme(store: Store) {
    use_effect(move || {
        if *store.phase.read() != super::Phase::Ready {
            return;
        }
        let word = match store.preferences.read().theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        dom::set_theme(word);
    });
}

/// Chooses a theme.
pub fn set_theme(mut store: Store, theme: Theme) {
    store.preferences.write().theme = theme;
    store.keep_preferences();
}
