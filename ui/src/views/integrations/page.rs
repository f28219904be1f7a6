//! Other tools, on a page of their own: those that are connected and those that could be at the left, one of them in
//! detail at the right.

use custory_ipc::ConnectorView;
use dioxus::prelude::*;

use super::STYLE;
use super::detail::Detail;
use crate::components::Icon;
use crate::format;
use crate::host;
use crate::state::use_store;
use crate::views::map::source_icon;
use crate::views::palette::Find;
use crate::views::team::SyncChip;

/// The page.
#[component]
pub fn IntegrationsScreen() -> Element {
    let store = use_store();
    let all = store.connectors.read().clone();
    let shown = shown(&all, store.tool.read().as_deref()).cloned();
    let at = shown.as_ref().map(|it| it.vendor.clone());
    let (connected, available): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.connection.is_some());
    let is_at = |it: &ConnectorView| at.as_ref() == Some(&it.vendor);
    rsx! {
        main { class: "sheet",
            style { dangerous_inner_html: STYLE }
            header { class: "top", "data-tauri-drag-region": "true",
                div { class: "top-l", "data-tauri-drag-region": "true", h1 { class: "pt", "Integrations" } }
                div { class: "top-r", "data-tauri-drag-region": "true",
                    Find {}
                    SyncChip {}
                }
            }
            div { class: "cols in-c", id: "integrations",
                nav { class: "lst", "aria-label": "Tools",
                    div { class: "scroll",
                        if !connected.is_empty() {
                            h2 { class: "lg-h", "Connected " span { "{connected.len()}" } }
                        }
                        for connector in connected {
                            Line { key: "{connector.vendor}", is_on: is_at(&connector), connector }
                        }
                        if !available.is_empty() {
                            h2 { class: "lg-h", "Available" }
                        }
                        for connector in available {
                            Line { key: "{connector.vendor}", is_on: is_at(&connector), connector }
                        }
                    }
                }
                for connector in shown {
                    Detail { key: "{connector.vendor}", connector }
                }
            }
        }
    }
}

/// The tool that is shown in detail: the one that was chosen, else one that needs help, else the first connected one.
fn shown<'a>(all: &'a [ConnectorView], chosen: Option<&str>) -> Option<&'a ConnectorView> {
    let has_problem = |it: &&ConnectorView| it.connection.as_ref().is_some_and(|it| !it.problem.is_empty());
    all.iter()
        .find(|it| chosen == Some(it.vendor.as_str()))
        .or_else(|| all.iter().find(has_problem))
        .or_else(|| all.iter().find(|it| it.connection.is_some()))
        .or(all.first())
}

/// A tool in the list: how it stands, in a line.
#[component]
fn Line(connector: ConnectorView, is_on: bool) -> Element {
    let mut store = use_store();
    let vendor = connector.vendor.clone();
    let now = host::now();
    let (about, class) = match &connector.connection {
        None => (connector.purpose.clone(), ""),
        Some(it) if !it.problem.is_empty() => (it.problem.clone(), "bad"),
        Some(it) => match it.last_pull {
            Some(at) => (format!("{}, read {}", it.account_name, format::days_ago(at, now)), ""),
            None => (format!("{}, not read yet", it.account_name), ""),
        },
    };
    let state = match &connector.connection {
        None => rsx! { span { class: "btn xs", "aria-hidden": "true", span { "Connect" } } },
        Some(it) if !it.problem.is_empty() => rsx! {
            span { class: "in-s bad", i { class: "dot", style: "--c:var(--insight-solid)" } "Stopped" }
        },
        Some(it) => rsx! {
            span { class: "in-s",
                i { class: "dot", style: "--c:var(--sol-solid)" }
                {it.last_pull.map_or("new".to_owned(), |at| format::ago(at, now))}
            }
        },
    };
    rsx! {
        button {
            class: if is_on { "ig on" } else { "ig" },
            id: "tool-{vendor}",
            r#type: "button",
            "aria-current": if is_on { "page" },
            onclick: move |_| store.tool.set(Some(vendor.clone())),
            span { class: "tile lg", Icon { name: source_icon(&connector.vendor) } }
            span { class: "g",
                b { "{connector.name}" }
                span { class: "ig-p {class}", title: "{about}", "{about}" }
            }
            {state}
        }
    }
}
