//! What a journey can be saved as.

use custory_domain::JourneyId;
use custory_ipc::{ExportFormat, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::components::{Choice, Dialog};
use crate::host::{self, Content};
use crate::state::{Store, Toast, use_store};

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
            }
        }
    }
}

fn save(store: Store, journey: JourneyId, format: ExportFormat, content: Content) {
    spawn_forever(async move {
        let Some(Reply::Exported { file_name, text }) = store.ask(Request::Export { journey, format }).await
        else {
            return;
        };
        let file_name = match content {
            Content::Text => file_name,
            Content::Png => file_name.replace(".svg", ".png"),
            Content::Pdf => file_name.replace(".svg", ".pdf"),
        };
        match host::save_file(&file_name, &text, content).await {
            Ok(true) => store.toast(Toast::plain("check", format!("Saved {file_name}"))),
            Ok(false) => {}
            Err(failure) => store.fail(failure),
        }
    });
}
