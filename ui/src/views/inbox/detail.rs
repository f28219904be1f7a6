//! The signal that is looked at: its own words, and exactly what attaching would share.

use custory_domain::WeightClass;
use custory_domain::wording::quoted;
use dioxus::prelude::*;

use crate::components::Icon;
use crate::format;
use crate::host;
use crate::state::use_store;
use crate::views::map::source_icon;

/// The signal that is looked at.
#[component]
pub fn Detail() -> Element {
    let store = use_store();
    let inbox = store.inbox.read();
    let Some(view) = inbox.shown() else { return rsx! {} };
    let it = &view.signal;
    let title = match (it.author.as_str(), it.account.as_str()) {
        ("", "") => it.locator.rsplit('/').next().unwrap_or_default().to_owned(),
        (who, "") | ("", who) => who.to_owned(),
        (who, account) => format!("{who}, {account}"),
    };
    let at = format::days_ago(it.said_at.unwrap_or(it.arrived_at), host::now());
    let kind = match it.weight {
        WeightClass::Interview => "Interview",
        WeightClass::Support => "Written to the team",
        WeightClass::Internal => "Team note",
        _ => "Heard",
    };
    let author = match view.shared_author.as_str() {
        "" => "No name is known.".to_owned(),
        name => format!("As said by {name}."),
    };
    rsx! {
        div { class: "det-b",
            div { class: "det-w",
                div { class: "det-h",
                    span { class: "tile lg", Icon { name: source_icon(&it.source) } }
                    div { class: "g",
                        h2 { "{title}" }
                        p { "{kind}, {at} · {it.locator}, {it.anchor}" }
                    }
                }
                p { class: "in-what", "On this computer" }
                p { class: "voice txt in-raw", "{it.text}" }
                div { class: "in-shared", id: "shared",
                    h3 { "What attaching shares" }
                    p { class: "voice txt", "{quoted(&view.excerpt)}" }
                    p {
                        "{author}"
                        if view.is_cut {
                            " The beginning alone."
                        }
                        if !view.removed.is_empty() {
                            " Taken out: {view.removed.join(\", \")}."
                        }
                    }
                }
            }
        }
    }
}
