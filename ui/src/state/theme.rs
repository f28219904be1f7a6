//! How the window looks on this device: light, dark, or as the system says, which is an attribute on the page's root
//! that the style sheet reads; and how large everything is.

use custory_ipc::{Preferences, Theme};
use dioxus::prelude::*;

use super::Store;
use crate::dom;
use crate::host;

/// Everything on a screen of so many pixels across, each as large as a point, would be too small to read.
const WIDE_SCREEN: f64 = 3840.0;
/// What it is then shown at, in per cent.
const WIDE_SCREEN_PERCENT: u16 = 130;

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

/// Keeps everything as large as the preference says.
pub fn use_text_size(store: Store) {
    let percent = use_memo(move || match *store.phase.read() {
        super::Phase::Ready => Some(percent(&store.preferences.read())),
        _ => None,
    });
    let mut is_scaled = use_signal(|| false);
    use_effect(move || {
        // As it is at first, nothing has to be done.
        let Some(percent) = percent().filter(|it| *it != 100 || *is_scaled.peek()) else { return };
        is_scaled.set(true);
        dioxus::core::spawn_forever(async move { host::scale(f64::from(percent) / 100.0).await });
    });
}

/// How large everything is, in per cent.
pub fn percent(preferences: &Preferences) -> u16 {
    match preferences.text_percent {
        0 if dom::screen_width() >= WIDE_SCREEN => WIDE_SCREEN_PERCENT,
        0 => 100,
        chosen => chosen.clamp(Preferences::TEXT_PERCENTS[0], 200),
    }
}

/// Chooses how large everything is; `None` leaves it to the screen.
pub fn set_text_size(mut store: Store, percent: Option<u16>) {
    store.preferences.write().text_percent = percent.unwrap_or_default();
    store.keep_preferences();
}

/// The next larger or smaller size that can be chosen.
pub fn step_text_size(store: Store, is_larger: bool) {
    let now = percent(&store.preferences.peek());
    let mut sizes = Preferences::TEXT_PERCENTS.into_iter();
    let next = if is_larger { sizes.find(|it| *it > now) } else { sizes.rfind(|it| *it < now) };
    if next.is_some() {
        set_text_size(store, next);
    }
}
