//! What the palette can do: the actions that exist where one is.

use custory_domain::ItemKind;
use custory_ipc::{Beginning, Lens, Request, Theme};
use dioxus::prelude::*;

use crate::app::Screen;
use crate::state::{Overlay, Run, Store, set_theme};
use crate::views::journey::key_name;
use crate::views::map::{MapState, STEP_WIDTH, Zoom, begin_adding, step_at_hand};

/// Something that the palette can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What it says.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
    /// Its shortcut.
    pub keys: Vec<&'static str>,
    /// Does it.
    pub run: Run,
}

fn action(
    icon: &'static str,
    label: impl Into<String>,
    keys: &[&'static str],
    run: impl FnMut() + 'static,
) -> Action {
    Action { label: label.into(), icon, keys: keys.to_vec(), run: Run::new(run) }
}

/// Everything that can be done where one is.
pub fn actions(mut store: Store, mut map: MapState) -> Vec<Action> {
    let mut actions = Vec::new();
    if store.journey_on_screen().is_some() && store.open.peek().is_some() {
        actions.push(action("spark", "Ask the assistant", &["mod", "J"], move || store.open_assistant()));
        if let Some(step) = step_at_hand(store, map) {
            let title =
                store.open.peek().as_ref().and_then(|it| Some(it.board.steps.get(&step)?.title.clone()));
            let title = title.unwrap_or_default();
            for kind in ItemKind::ALL.iter().copied() {
                let name = kind.spec().name.to_lowercase();
                let article = if name.starts_with(['i', 'o']) { "an" } else { "a" };
                let label = format!("Add {article} {name} to {title}");
                actions.push(action("plus", label, &["C", key_name(kind)], move || {
                    begin_adding(store, map, kind)
                }));
            }
        }
        for (lens, icon, label, keys) in [
            (Lens::Map, "map", "Map view", ["G", "M"]),
            (Lens::Table, "table", "Table view", ["G", "T"]),
            (Lens::Priority, "matrix", "Priority view", ["G", "P"]),
            (Lens::Tree, "split", "Opportunity tree", ["G", "O"]),
        ] {
            if store.lens() != lens || store.review.peek().is_some() {
                actions.push(action(icon, label, &keys, move || store.look_through(lens)));
            }
        }
        let label = if store.history.peek().is_some() { "Close history" } else { "History" };
        actions.push(action("clock", label, &["G", "H"], move || store.toggle_history()));
        let label = if store.review.peek().is_some() { "Close the review" } else { "Weekly review" };
        actions.push(action("doc", label, &["G", "R"], move || store.toggle_review()));
        if store.review.peek().is_some() {
            let finish = move || store.finish_review();
            actions.push(action("check", "Finish the review", &["mod", "enter"], finish));
        }
        if store.lens() == Lens::Map {
            actions.push(action("fit", "Fit all steps", &["shift", "1"], move || map.zoom.set(Zoom::Fit)));
            actions.push(action("search", "Zoom to 100%", &["0"], move || {
                map.zoom.set(Zoom::Width(STEP_WIDTH))
            }));
        }
        let undo = store.undo.peek().clone();
        if let Some(what) = undo.undo {
            actions.push(action("undo", format!("Undo: {what}"), &["mod", "Z"], move || store.undo_last()));
        }
        if let Some(what) = undo.redo {
            actions.push(action("redo", format!("Redo: {what}"), &["mod", "shift", "Z"], move || {
                store.redo_last()
            }));
        }
        if let Some(journey) = store.journey_on_screen() {
            let duplicate = move || store.make(Request::DuplicateJourney { journey });
            actions.push(action("copy", "Duplicate this journey", &[], duplicate));
            let export = move || store.overlay.set(Some(Overlay::Export(journey)));
            actions.push(action("share", "Export this journey as PDF, picture, table or text", &[], export));
        }
    }
    actions.push(action("plus", "New blank journey", &[], move || {
        store.create_journey("New journey", Beginning::Blank)
    }));
    actions.push(action("fit", "New journey from a template", &[], move || {
        store.overlay.set(Some(Overlay::Templates));
    }));
    actions.push(action("archive", "Import a journey from a file", &[], move || {
        crate::views::import::begin(store);
    }));
    actions.push(action("globe", "Build a journey from your product", &[], move || {
        store.go(Screen::DraftSources)
    }));
    actions.push(action("map", "New journey from the sample", &[], move || {
        store.create_journey("", Beginning::Sample)
    }));
    for (theme, icon, label) in [
        (Theme::Light, "sun", "Light theme"),
        (Theme::Dark, "moon", "Dark theme"),
        (Theme::System, "laptop", "Theme of the system"),
    ] {
        if store.preferences.peek().theme != theme {
            actions.push(action(icon, label, &[], move || set_theme(store, theme)));
        }
    }
    if *store.screen.peek() != Screen::Inbox {
        actions.push(action("inbox", "Inbox", &[], move || store.go(Screen::Inbox)));
    }
    if *store.screen.peek() != Screen::Automations {
        actions.push(action("flow", "Automations", &[], move || store.go(Screen::Automations)));
    }
    actions.push(action("chip", "Local AI settings", &[], move || store.go_to_models()));
    actions.push(action("gear", "Settings", &[], move || store.go(Screen::Settings)));
    actions
        .push(action("keyb", "All shortcuts", &["?"], move || store.overlay.set(Some(Overlay::Shortcuts))));
    actions
}
