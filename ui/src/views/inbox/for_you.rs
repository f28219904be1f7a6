//! What concerns the person at this window: who said or did what, where, and the way there.

use custory_domain::{EntityKind, ItemKind, Via};
use custory_ipc::NewsView;
use dioxus::prelude::*;

use super::LIST_ID;
use crate::components::{Avatar, Button, Empty, Icon, Kbd, KindIcon};
use crate::dom;
use crate::format;
use crate::host;
use crate::state::{Store, use_store};
use crate::views::history::words;
use crate::views::map::{MapState, use_map};
use crate::views::palette::go_to;

/// The lines, one beneath the other.
#[component]
pub fn ForYou() -> Element {
    let store = use_store();
    let news = store.news.read();
    if news.lines.is_empty() {
        return rsx! {
            div { class: "grow", id: LIST_ID, tabindex: "0",
                Empty {
                    icon: "bell",
                    title: "Nothing for you yet",
                    text: "When somebody mentions you, answers you or makes you an owner, it is listed here. So is what \
                           becomes of the steps and items that you watch.",
                    span { class: "fy-w t3", "Watch one with " Kbd { keys: vec!["W"] } }
                }
            }
        };
    }
    let active = news.at.map(row_id);
    let counted = match news.unread {
        0 => "All read".to_owned(),
        many => format!("{many} unread"),
    };
    rsx! {
        div { class: "fy",
            div { class: "lst-h",
                span { id: "news-unread", "{counted}" }
                span { class: "sp" }
                if news.unread > 0 {
                    Button {
                        label: "Mark all read",
                        class: "xs",
                        id: "news-all",
                        keys: vec!["shift", "R"],
                        onclick: move |_| {
                            store.mark_news(None, true);
                            dom::focus(LIST_ID);
                        },
                    }
                }
            }
            div {
                class: "scroll grow fy-l",
                id: LIST_ID,
                role: "listbox",
                tabindex: "0",
                "aria-label": "For you",
                "aria-activedescendant": active,
                for line in news.lines.iter().cloned() {
                    Row { key: "{line.id}", line }
                }
            }
            div { class: "foot keys in-keys",
                span { Kbd { keys: vec!["J", "K"] } " next, previous" }
                span { Kbd { keys: vec!["enter"] } " open" }
                span { Kbd { keys: vec!["R"] } " read, unread" }
            }
        }
    }
}

/// The element of a line.
fn row_id(line: i64) -> String {
    format!("news-{line}")
}

#[component]
fn Row(line: NewsView) -> Element {
    let mut store = use_store();
    let map = use_map();
    let is_on = store.news.read().at == Some(line.id);
    let id = line.id;
    let who = line.news.who(store.member(line.news.by).map(|it| it.name).as_deref());
    let what = line.news.why.words();
    let place = match line.step_title.as_str() {
        "" => line.journey_title.clone(),
        step => format!("{}, {step}", line.journey_title),
    };
    let is_person = matches!(line.news.via, Via::User | Via::Import);
    let kind = ItemKind::of(line.news.about.kind);
    rsx! {
        div {
            class: match (is_on, line.is_read) {
                (true, true) => "sig on",
                (true, false) => "sig on new",
                (false, true) => "sig",
                (false, false) => "sig new",
            },
            id: row_id(id),
            role: "option",
            "aria-selected": is_on,
            onclick: move |_| {
                store.news.write().at = Some(id);
                open(store, map);
            },
            if is_person {
                span { class: "tile fy-p", Avatar { member: Some(line.news.by), class: "md" } }
            } else {
                span { class: "tile", Icon { name: words::icon(line.news.via).unwrap_or("user") } }
            }
            h3 { b { "{who}" } span { " {what}" } }
            span { class: "fy-t",
                if !line.is_read {
                    i { class: "dot", style: "--c:var(--accent-solid)" }
                    span { class: "vh", "Unread" }
                }
                time { title: words::moment(line.news.at), {format::ago(line.news.at, host::now())} }
            }
            if !line.words.is_empty() {
                p { class: "fy-q txt", "{line.words}" }
            }
            p { class: "m fy-m",
                match kind {
                    Some(kind) => rsx! { KindIcon { kind } },
                    None => rsx! { Icon { name: "map", class: "sm" } },
                }
                b { "{line.title}" }
                span { class: "t3", "{place}" }
            }
        }
    }
}

/// Opens what the line is about, at the comment if there is one, and notes that it was seen.
fn open(store: Store, map: MapState) {
    let line = store.news.peek().line().cloned();
    let Some(line) = line else { return };
    store.mark_news(Some(vec![line.id]), true);
    let comment = line.news.said.filter(|it| it.kind == EntityKind::Comment);
    go_to(store, map, line.journey, comment.unwrap_or(line.news.about));
}

/// A key was pressed among the lines; whether it meant something.
pub fn press(letter: &str, is_shift: bool, mut store: Store, map: MapState) -> bool {
    match (letter, is_shift) {
        ("j" | "k", false) => {
            store.news.write().walk(if letter == "j" { 1 } else { -1 });
            if let Some(at) = store.news.peek().at {
                dom::reveal(&row_id(at));
            }
        }
        ("enter", _) => open(store, map),
        ("r", true) => store.mark_news(None, true),
        ("r", false) => {
            let line = store.news.peek().line().map(|it| (it.id, it.is_read));
            if let Some((id, is_read)) = line {
                store.mark_news(Some(vec![id]), !is_read);
            }
        }
        _ => return false,
    }
    true
}
