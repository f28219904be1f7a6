//! What people say about a step or an item, and saying something.

use custory_domain::{Change, Command, Comment, CommentField, CommentId, EntityRef};
use dioxus::prelude::*;

use crate::components::{Avatar, IconButton, Kbd};
use crate::format;
use crate::host;
use crate::state::use_store;

/// Id of the field in which a comment is typed.
pub const COMPOSER_ID: &str = "comment";

/// Comments about something, oldest first; settled ones are quiet.
#[component]
pub fn Comments(about: EntityRef) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let mut comments: Vec<Comment> = open
        .board
        .comments
        .values()
        .filter(|it| it.trashed.is_none() && it.about == Some(about))
        .cloned()
        .collect();
    comments.sort_by_key(|it| (it.created.at, it.id));
    let now = host::now();
    rsx! {
        div { class: "blk cms",
            for comment in comments {
                {
                    let author = store.member(comment.created.by);
                    let name = author.as_ref().map_or("Someone", |it| it.name.as_str()).to_owned();
                    let (id, is_resolved) = (comment.id, comment.is_resolved);
                    let (icon, settle) = if is_resolved { ("undo", "Open again") } else { ("check", "Resolve") };
                    rsx! {
                        article { key: "{comment.id}", class: if is_resolved { "cm done" } else { "cm" },
                            Avatar { member: Some(comment.created.by), class: "md" }
                            div { class: "g",
                                p { class: "cm-h",
                                    b { "{name}" }
                                    time { {format::ago(comment.created.at, now)} }
                                }
                                p { class: "txt", "{comment.body}" }
                            }
                            IconButton {
                                icon,
                                class: "xs",
                                label: settle,
                                onclick: move |_| {
                                    let set = CommentField::IsResolved(!is_resolved);
                                    store.send(Command::set(Change::Comment { id, set }));
                                },
                            }
                            IconButton {
                                icon: "trash",
                                class: "xs",
                                label: "Delete comment",
                                onclick: move |_| store.trash(vec![id.into()]),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The line at the bottom in which a comment is typed.
#[component]
pub fn Composer(about: EntityRef) -> Element {
    let store = use_store();
    let mut text = use_signal(String::new);
    let me = *store.me.read();
    let mut send = move || {
        let body = text.peek().trim().to_owned();
        if body.is_empty() {
            return;
        }
        let comment =
            Comment { body, about: Some(about), ..Comment::new(host::fresh(CommentId::from_parts)) };
        text.set(String::new());
        dioxus::core::spawn_forever(async move {
            store.dispatch(Command::add(comment)).await;
        });
    };
    rsx! {
        div { class: "cmt",
            Avatar { member: Some(me) }
            textarea {
                id: COMPOSER_ID,
                class: "f",
                rows: "1",
                "aria-label": "Comment",
                placeholder: "Comment",
                value: "{text}",
                oninput: move |event| text.set(event.value()),
                onkeydown: move |event| {
                    if event.key() == Key::Enter && !event.modifiers().shift() && !event.is_composing() {
                        event.prevent_default();
                        send();
                    }
                },
            }
            if text.read().trim().is_empty() {
                Kbd { keys: vec!["M"] }
            } else {
                IconButton { icon: "send", class: "sm", label: "Send comment", onclick: move |_| send() }
            }
        }
    }
}
