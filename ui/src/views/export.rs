//! What a journey can be saved as.

use custory_domain::JourneyId;
use custory_ipc::{ExportFormat, FolderPlace, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::components::{Button, Choice, Dialog};
use crate::format::count;
use crate::host::{self, Content};
use crate::state::{Overlay, Store, Toast, use_store};

/// A way to save a journey: icon, name, what it is good for, what the engine writes, what the file holds.
type Way = (&'static str, &'static str, &'static str, ExportFormat, Content);

const WAYS: [Way; 8] = [
    ("doc", "PDF", "The whole map on one page, to print or to send", ExportFormat::Svg, Content::Pdf),
    ("eye", "PNG picture", "The whole map, for a slide or a chat", ExportFormat::Svg, Content::Png),
    ("fit", "SVG picture", "The whole map at any size, to be drawn on", ExportFormat::Svg, Content::Text),
    (
        "globe",
        "Web page",
        "The map and everything on it in one file, for people without Custory",
        ExportFormat::Html,
        Content::Text,
    ),
    ("pen", "Markdown", "A document with every quote and source", ExportFormat::Markdown, Content::Text),
    ("table", "CSV table", "One row per step and item, for spreadsheets", ExportFormat::Csv, Content::Text),
    (
        "flow",
        "Mermaid diagram",
        "Stages, steps and how they feel, for a README or a wiki",
        ExportFormat::Mermaid,
        Content::Text,
    ),
    ("archive", "JSON", "Everything, to be imported again", ExportFormat::Json, Content::Text),
];

/// The choice.
#[component]
pub fn Export(journey: JourneyId) -> Element {
    let mut store = use_store();
    rsx! {
        Dialog { title: "Export this journey", class: "opts-d", onclose: move |()| store.overlay.set(None),
            div { class: "opts",
                for (icon , name , about , format , content) in WAYS {
                    Choice {
                        key: "{name}",
                        icon,
                        name,
                        about,
                        onchoose: move |()| {
                            store.overlay.set(None);
                            save(store, journey, format, content);
                        },
                    }
                }
                Choice {
                    icon: "folder",
                    name: "Folder",
                    about: "A file for each thing, with its pictures, for version control; a deleted journey comes back from it",
                    onchoose: move |()| {
                        store.overlay.set(None);
                        save_folder(store, journey);
                    },
                }
            }
        }
    }
}

fn save(store: Store, journey: JourneyId, format: ExportFormat, content: Content) {
    spawn_forever(async move {
        let reply = store.ask(Request::Export { journey, format }).await;
        let Some(Reply::Exported { file_name, text, losses }) = reply else { return };
        let file_name = match content {
            Content::Text => file_name,
            Content::Png => file_name.replace(".svg", ".png"),
            Content::Pdf => file_name.replace(".svg", ".pdf"),
        };
        match host::save_file(&file_name, &text, content).await {
            Ok(true) => saved(store, &file_name, losses),
            Ok(false) => {}
            Err(failure) => store.fail(failure),
        }
    });
}

/// Lets the person choose a folder and writes the journey there.
fn save_folder(store: Store, journey: JourneyId) {
    spawn_forever(async move {
        let Some(path) = host::pick_folder().await else { return };
        let reply =
            store.ask(Request::ExportFolder { journey, place: FolderPlace { path, within: true } }).await;
        if let Some(Reply::ExportedFolder { path, files, losses }) = reply {
            saved(store, &format!("{} in {path}", count(files, "file", "files")), losses);
        }
    });
}

/// Says what was saved, and what is not in it: at length where there is something.
fn saved(mut store: Store, what: &str, losses: Vec<String>) {
    if losses.is_empty() {
        store.toast(Toast::plain("check", format!("Saved {what}")));
    } else {
        store.overlay.set(Some(Overlay::Saved));
        *SAVED.write() = (what.to_owned(), losses);
    }
}

/// What was saved last, and what is not in it.
static SAVED: GlobalSignal<(String, Vec<String>)> = Signal::global(Default::default);

/// What is not in a file that was saved.
#[component]
pub fn Saved() -> Element {
    let mut store = use_store();
    let (what, losses) = SAVED.read().clone();
    rsx! {
        Dialog { title: "Saved", onclose: move |()| store.overlay.set(None),
            p { class: "t2", "Saved {what}. Not in it:" }
            ul { class: "imp-l", tabindex: "0", id: "saved-losses", "aria-label": "What is not in it",
                for loss in losses {
                    li { key: "{loss}", "{loss}." }
                }
            }
            div { class: "dlg-f",
                Button { label: "Close", class: "pri", id: "saved-close", onclick: move |_| store.overlay.set(None) }
            }
        }
    }
}
