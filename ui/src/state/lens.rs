//! Through what a journey is looked at: map, table or priority. Remembered per journey, on this
//! device.

use custory_ipc::{JourneyView, Lens};
use dioxus::prelude::*;

use super::Store;

impl Store {
    /// How the journey on screen is looked at; as at first for one that has never been looked at.
    pub fn journey_view(self) -> JourneyView {
        let journey = self.journey_on_screen();
        let preferences = self.preferences.read();
        journey.and_then(|it| preferences.views.get(&it)).cloned().unwrap_or_default()
    }

    /// Through what the journey on screen is looked at.
    pub fn lens(self) -> Lens {
        let journey = self.journey_on_screen();
        let preferences = self.preferences.read();
        journey.and_then(|it| preferences.views.get(&it)).map_or(Lens::Map, |it| it.lens)
    }

    /// Looks at the journey on screen through another lens.
    pub fn look_through(self, lens: Lens) {
        self.leave_review();
        self.change_view(|it| it.lens = lens);
    }

    /// Changes how the journey on screen is looked at, and remembers it.
    pub fn change_view(mut self, change: impl FnOnce(&mut JourneyView)) {
        let Some(journey) = self.journey_on_screen() else { return };
        let present = self.preferences.peek().views.get(&journey).cloned().unwrap_or_default();
        let mut next = present.clone();
        change(&mut next);
        if next == present {
            return;
        }
        let mut preferences = self.preferences.write();
        // Views of journeys that are gone would stay for ever.
        let journeys = self.journeys.peek();
        preferences.views.retain(|id, _| journeys.iter().any(|it| it.id == *id));
        if next == JourneyView::default() {
            preferences.views.remove(&journey);
        } else {
            preferences.views.insert(journey, next);
        }
        drop(preferences);
        self.keep_preferences();
    }
}
