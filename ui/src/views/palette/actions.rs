//! What the palette can do: the actions that exist where one is.

use custory_domain::wording::quoted;
use custory_domain::{EntityKind, EntityRef, ItemKind};
use custory_ipc::{Beginning, Lens, Request, Theme};
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Entry, Menu};
use crate::dom;
use crate::state::{Overlay, Run, Store, set_theme};
use crate::views::compare::other_side;
use crate::views::journey::key_name;
use crate::views::map::{MapState, STEP_WIDTH, Zoom, at_hand, begin_adding, step_at_hand, trash, zoom_to};
use crate::views::priority::axes::{self, Along};
use crate::views::selection::{self, about};
use crate::views::table::Column;
use crate::views::workspaces::show_list;

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

/// About how wide a menu is, and where the palette begins, in pixels.
const MENU_WIDTH: f64 = 240.0;
const MENU_TOP: f64 = 96.0;

fn action(
    icon: &'static str,
    label: impl Into<String>,
    keys: &[&'static str],
    run: impl FnMut() + 'static,
) -> Action {
    Action { label: label.into(), icon, keys: keys.to_vec(), run: Run::new(run) }
}

/// Everything that can be done where one is.
pub fn actions(mut store: Store, map: MapState) -> Vec<Action> {
    let mut actions = Vec::new();
    if store.journey_on_screen().is_some() && store.open.peek().is_some() {
        actions.extend(at_hand_actions(store, map));
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
        let label =
            if *store.is_presenting.peek() { "Stop presenting" } else { "Present: the journey alone" };
        actions.push(action("play", label, &["shift", "P"], move || store.is_presenting.toggle()));
        if store.as_is().is_some() || !store.to_be().is_empty() {
            let other =
                if store.as_is().is_some() { "The journey as it is" } else { "The journey as it should be" };
            actions.push(action("flag", other, &["G", "B"], move || {
                other_side(store);
            }));
            let label = "Compare as is and to be";
            actions.push(action("diff", label, &["G", "C"], move || store.toggle_as_is()));
        }
        if store.review.peek().is_some() {
            let finish = move || store.finish_review();
            actions.push(action("check", "Finish the review", &["mod", "enter"], finish));
        }
        if store.lens() == Lens::Map {
            actions.push(action("fit", "Fit all steps", &["shift", "1"], move || zoom_to(map, Zoom::Fit)));
            actions.push(action("search", "Zoom to 100%", &["0"], move || {
                zoom_to(map, Zoom::Width(STEP_WIDTH))
            }));
        }
        if store.lens() == Lens::Priority && store.review.peek().is_none() {
            for (along, keys) in [(Along::X, ["X"]), (Along::Y, ["Y"])] {
                let label = format!("Axis {}…", along.heading().to_lowercase());
                let choose = move || at_top(store, along.heading(), move || axes::entries(store, along));
                actions.push(action("matrix", label, &keys, choose));
            }
        }
        for above in store.shown_in.peek().iter() {
            let journey = above.journey;
            let up = move || store.go(Screen::Journey(journey));
            actions.push(action("left", format!("Up to {}", quoted(&above.title)), &["shift", "⌫"], up));
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
            let about = move || store.overlay.set(Some(Overlay::About));
            actions.push(action(
                "info",
                "About this journey: whose, from where to where, as is or to be",
                &[],
                about,
            ));
            let is_muted = store.news.peek().is_muted(journey);
            let label = if is_muted { "Hear of this journey again" } else { "Mute this journey" };
            actions.push(action("bell", label, &[], move || store.toggle_mute(journey)));
            let duplicate = move || store.make(Request::DuplicateJourney { journey });
            actions.push(action("copy", "Duplicate this journey", &[], duplicate));
            let export = move || store.overlay.set(Some(Overlay::Export(journey)));
            actions.push(action("share", "Export this journey as PDF, picture, table or text", &[], export));
        }
    }
    actions.push(action("updown", "Switch workspace", &[], move || show_list(store)));
    actions
        .push(action("plus", "New workspace", &[], move || store.overlay.set(Some(Overlay::NewWorkspace))));
    actions.push(action("plus", "New blank journey", &[], move || {
        store.create_journey("New journey", Beginning::Blank)
    }));
    actions.push(action("fit", "New journey from a template", &[], move || {
        store.overlay.set(Some(Overlay::Templates));
    }));
    actions.push(action("archive", "Import a journey from a file", &[], move || {
        crate::views::import::begin(store);
    }));
    actions.push(action("folder", "Bring a journey back from its folder", &[], move || {
        crate::views::import::begin_folder(store);
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
        actions.push(action("inbox", "Inbox", &["G", "I"], move || store.go(Screen::Inbox)));
    }
    if *store.screen.peek() != Screen::Automations {
        actions.push(action("flow", "Automations", &["G", "A"], move || store.go(Screen::Automations)));
    }
    if *store.screen.peek() != Screen::Integrations {
        actions.push(action("plug", "Integrations", &["G", "N"], move || store.go(Screen::Integrations)));
    }
    actions.push(action("chip", "Local AI settings", &[], move || store.go_to_models()));
    actions.push(action("gear", "Settings", &[], move || store.go(Screen::Settings)));
    actions
        .push(action("keyb", "All shortcuts", &["?"], move || store.overlay.set(Some(Overlay::Shortcuts))));
    actions
}

/// What can be done to what is selected, or to the step or item that the keyboard is on.
fn at_hand_actions(store: Store, map: MapState) -> Vec<Action> {
    let has_rows = matches!(store.lens(), Lens::Map | Lens::Table) && store.review.peek().is_none();
    let rows = at_hand(store, map);
    if rows.is_empty() || !has_rows || rows.iter().any(|it| it.kind == EntityKind::Stage) {
        return Vec::new();
    }
    let what = match rows.as_slice() {
        [one] => store.open.peek().as_ref().and_then(|it| it.board.get(*one)).map(|it| quoted(it.title())),
        _ => Some(about(&rows)),
    };
    let Some(what) = what else { return Vec::new() };
    let mut actions = Vec::new();
    let mut offer = |icon, label: String, keys: &[&'static str], menu: &'static str, entries: Entries| {
        let rows = rows.clone();
        actions.push(action(icon, label, keys, move || ask(store, menu, entries, rows.clone())));
    };
    offer("user", format!("Owner of {what}…"), &["A"], "Owner", selection::people);
    if selection::statuses(store, &rows).is_some() {
        offer("check", format!("Status of {what}…"), &["S"], "Status", statuses);
    }
    if selection::are_items(&rows) {
        offer("move", format!("Move {what} to step…"), &[], "Move to step", selection::steps);
    }
    if selection::can_link(&rows) {
        let label = format!("Link {what} to opportunity…");
        offer("k-opp", label, &[], "Link to opportunity", selection::opportunities);
    }
    if let [one] = rows[..] {
        let label =
            if store.is_watched(one) { format!("No longer watch {what}") } else { format!("Watch {what}") };
        actions.push(action("eye", label, &["W"], move || store.toggle_watching(one)));
    }
    let these = rows.clone();
    let copy = move || selection::copy_as_markdown(store, these.clone());
    actions.push(action("copy", format!("Copy {what} as Markdown"), &[], copy));
    let delete = move || trash(store, map, map.model);
    actions.push(action("trash", format!("Delete {what}"), &["⌫"], delete));
    actions
}

/// Makes the choices for several steps and items.
type Entries = fn(Store, Vec<EntityRef>) -> Vec<Entry>;

fn statuses(store: Store, rows: Vec<EntityRef>) -> Vec<Entry> {
    let words = selection::statuses(store, &rows).unwrap_or_default();
    selection::choices(store, rows, Column::Status, &words)
}

/// Asks for a choice about what is selected.
fn ask(store: Store, label: &'static str, entries: Entries, rows: Vec<EntityRef>) {
    at_top(store, label, move || entries(store, rows));
}

/// Asks for a choice where the palette was, once it is gone and the focus is back where it came from.
fn at_top(mut store: Store, label: &'static str, entries: impl FnOnce() -> Vec<Entry> + 'static) {
    dioxus::core::spawn_forever(async move {
        dom::next_frame().await;
        let (width, _) = dom::page_size();
        let at = (width / 2.0 - MENU_WIDTH / 2.0, MENU_TOP);
        store.menu.set(Some(Menu { label: label.to_owned(), at, entries: entries() }));
    });
}
