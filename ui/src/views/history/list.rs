//! The list of changes: day by day, who did what and through what, with names that versions were given.

use custory_domain::MemberId;
use custory_domain::wording::quoted;
use custory_ipc::{Version, When};
use dioxus::prelude::*;

use super::words;
use crate::components::{Avatar, Button, Chip, Entry, Icon, IconButton, Menu};
use crate::host;
use crate::state::{Store, use_store};

/// The panel at the right.
#[component]
pub fn HistoryPanel() -> Element {
    let mut store = use_store();
    let history = store.history.read();
    let Some(history) = history.as_ref() else { return rsx! {} };
    let at = history.at.as_ref().map(|it| it.id.clone());
    let who = history.who;
    let name = who.and_then(|it| store.member(it)).map_or_else(|| "Everyone".to_owned(), |it| it.name);
    let shown: Vec<Version> =
        history.versions.iter().filter(|it| who.is_none() || it.by == who).cloned().collect();
    let last = history.versions.last().map(|it| it.id.clone());
    let named = if history.about.is_none() && who.is_none() { history.named.clone() } else { Vec::new() };
    rsx! {
        style { dangerous_inner_html: super::STYLE }
        aside { class: "hs", id: "history", "aria-label": "Changes",
            div { class: "lst-h hs-h",
                h2 { "Changes" }
                span { class: "sp" }
                Chip {
                    class: "quiet",
                    id: "history-who",
                    label: "Changes by {name}",
                    opens_menu: true,
                    onclick: move |event| {
                        let entries = people(store);
                        store.menu.set(Some(Menu::below(&event, "Changes by", entries)));
                    },
                    "{name}"
                    Icon { name: "down", class: "xs" }
                }
                IconButton {
                    icon: "x",
                    class: "sm",
                    label: "Close history",
                    onclick: move |_| store.leave_history(),
                }
            }
            if let Some((_, title)) = history.about.clone() {
                div { class: "hs-f",
                    Chip {
                        class: "on",
                        label: "Show changes of everything again",
                        onclick: move |_| {
                            if let Some(history) = store.history.write().as_mut() {
                                history.about = None;
                            }
                            store.list_history(None);
                        },
                        "Only {quoted(&title)}"
                        Icon { name: "x", class: "xs" }
                    }
                }
            }
            div { class: "scroll hs-l", tabindex: "0", role: "group", "aria-label": "Versions",
                if !named.is_empty() {
                    h3 { class: "hs-d", "Named versions" }
                    for version in named {
                        Line { key: "n{version.id}", is_on: at.as_ref() == Some(&version.id), version, onlook: move |id| store.look_back(When::Version(id)) }
                    }
                }
                for (day , versions) in days(shown) {
                    h3 { key: "{day}", class: "hs-d", "{day}" }
                    for version in versions {
                        Line { key: "{version.id}", is_on: at.as_ref() == Some(&version.id), version, onlook: move |id| store.look_back(When::Version(id)) }
                    }
                }
                if history.has_more {
                    Button {
                        label: "Show older changes",
                        class: "sm ghost hs-m",
                        onclick: move |_| store.list_history(last.clone()),
                    }
                }
            }
        }
    }
}

/// A change: who made it and through what, when, and what it was.
#[component]
pub fn Line(
    version: Version,
    is_on: bool,
    /// How the moment is written; the time of day without.
    #[props(default)]
    when: Option<String>,
    onlook: EventHandler<String>,
) -> Element {
    let store = use_store();
    let who = words::who(version.by.and_then(|it| store.member(it)).map(|it| it.name), version.via);
    let counts =
        [("good", "+", version.added), ("warn", "~", version.changed), ("bad", "−", version.removed)];
    let has_counts = counts.iter().any(|it| it.2 > 0);
    let is_named = !version.name.is_empty();
    let id = version.id.clone();
    rsx! {
        button {
            class: if is_on { "hv on" } else { "hv" },
            r#type: "button",
            "aria-pressed": is_on,
            onclick: move |_| onlook.call(id.clone()),
            if is_named {
                span { class: "ai", Icon { name: "flag" } }
            } else if let Some(icon) = words::icon(version.via) {
                span { class: "ai", Icon { name: icon } }
            } else {
                Avatar { member: version.by }
            }
            h4 { if is_named { "{version.name}" } else { "{who}" } }
            time { {when.unwrap_or_else(|| words::time(host::local(version.at)))} }
            p { class: "hv-l", "{version.label}" }
            if is_named {
                p { "Named version, after a change by {who}" }
            }
            if has_counts {
                div { class: "dd",
                    for (class , sign , count) in counts.into_iter().filter(|it| it.2 > 0) {
                        span { key: "{sign}", class: "{class}", "{sign}{count}" }
                    }
                }
            }
        }
    }
}

/// Versions by day, in their order.
fn days(versions: Vec<Version>) -> Vec<(String, Vec<Version>)> {
    let mut days: Vec<(String, Vec<Version>)> = Vec::new();
    for version in versions {
        let day = words::day(version.at);
        match days.last_mut().filter(|it| it.0 == day) {
            Some((_, of_day)) => of_day.push(version),
            None => days.push((day, vec![version])),
        }
    }
    days
}

fn people(store: Store) -> Vec<Entry> {
    let now = store.history.peek().as_ref().and_then(|it| it.who);
    let choose = move |who: Option<MemberId>| {
        let mut store = store;
        if let Some(history) = store.history.write().as_mut() {
            history.who = who;
        }
    };
    let everyone = Entry::act("Everyone", move || choose(None)).icon("peers").on(now.is_none());
    let person = |it: custory_domain::Member| {
        let id = it.id;
        Entry::act(it.name, move || choose(Some(id))).person(Some(id)).on(now == Some(id))
    };
    [everyone].into_iter().chain(store.members().into_iter().map(person)).collect()
}
