//! What people say about a step or an item, in threads; and saying something, to somebody by name.

use custory_domain::{Change, Command, Comment, CommentField, CommentId, EntityRef, Member};
use custory_ipc::NewsView;
use dioxus::prelude::*;

use super::mentions;
use crate::components::{Avatar, Button, IconButton, Kbd};
use crate::dom;
use crate::format;
use crate::host;
use crate::state::use_store;

/// Id of the field in which a comment is typed.
pub const COMPOSER_ID: &str = "comment";
/// Names that are offered at once.
const OFFERED_MAX: usize = 6;

/// Threads about something, oldest first; settled ones are quiet.
#[component]
pub fn Comments(about: EntityRef) -> Element {
    let store = use_store();
    let replying = use_signal(|| None::<CommentId>);
    // What stands on screen has been seen.
    use_effect(use_reactive!(|(about,)| {
        let is_seen = |it: &&NewsView| !it.is_read && it.news.about == about && it.news.said.is_some();
        let seen: Vec<i64> = store.news.read().lines.iter().filter(is_seen).map(|it| it.id).collect();
        if !seen.is_empty() {
            store.mark_news(Some(seen), true);
        }
    }));
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let mut all: Vec<&Comment> =
        open.board.comments.values().filter(|it| it.trashed.is_none() && it.about == Some(about)).collect();
    all.sort_by_key(|it| (it.said_at(), it.id));
    // An answer to what is gone stands by itself.
    let is_there = |id: CommentId| all.iter().any(|it| it.id == id);
    let (answers, threads): (Vec<&Comment>, Vec<&Comment>) =
        all.iter().copied().partition(|it| it.reply_to.is_some_and(&is_there));
    rsx! {
        div { class: "blk cms",
            for thread in threads {
                div { key: "{thread.id}", class: "cm-g", role: "group", "aria-label": "Thread",
                    Said { comment: thread.clone(), replying: Some(replying) }
                    for answer in answers.iter().filter(|it| root(it, &all) == thread.id) {
                        Said { key: "{answer.id}", comment: (*answer).clone() }
                    }
                    if replying() == Some(thread.id) {
                        Field { about, reply_to: thread.id, id: "reply", placeholder: "Reply", ondone: move |()| {
                            let mut replying = replying;
                            replying.set(None);
                        } }
                    }
                }
            }
        }
    }
}

/// The comment that a thread begins with. One that leads round in a circle, which only a broken merge makes, is its own.
fn root(answer: &Comment, all: &[&Comment]) -> CommentId {
    let mut at = answer;
    for _ in 0..all.len() {
        match at.reply_to.and_then(|id| all.iter().find(|it| it.id == id)) {
            Some(above) => at = above,
            None => return at.id,
        }
    }
    answer.id
}

/// One comment. A thread's first one can be answered and settled.
#[component]
fn Said(comment: Comment, #[props(default)] replying: Option<Signal<Option<CommentId>>>) -> Element {
    let mut store = use_store();
    let (id, is_resolved) = (comment.id, comment.is_resolved);
    let mut is_led_to = use_signal(|| false);
    let element = format!("comment-{id}");
    let wanted = element.clone();
    use_effect(move || {
        if store.news.read().sought == Some(id) {
            store.news.write().sought = None;
            is_led_to.set(true);
            dom::focus_soon(wanted.clone());
        }
    });
    let author = store.member(comment.said_by());
    let name = author.as_ref().map_or("Someone", |it| it.name.as_str()).to_owned();
    let (icon, settle) = if is_resolved { ("undo", "Open again") } else { ("check", "Resolve") };
    let me = *store.me.read();
    let pieces = mentions::pieces(&comment.body, &store.members());
    let class = match (replying.is_some(), is_resolved) {
        (true, true) => "cm done",
        (true, false) => "cm",
        (false, _) => "cm answer",
    };
    rsx! {
        article { class, id: element, tabindex: "-1", "data-here": if is_led_to() { "true" },
            Avatar { member: Some(comment.said_by()), class: "md" }
            div { class: "g",
                p { class: "cm-h",
                    b { "{name}" }
                    time { {format::ago(comment.said_at(), host::now())} }
                }
                p { class: "txt",
                    for (at , (text , who)) in pieces.into_iter().enumerate() {
                        if who.is_some() {
                            b { key: "{at}", class: if who == Some(me) { "cm-at me-at" } else { "cm-at" }, "{text}" }
                        } else {
                            span { key: "{at}", "{text}" }
                        }
                    }
                }
                if let Some(mut replying) = replying {
                    Button { label: "Reply", class: "xs ghost cm-r", onclick: move |_| replying.set(Some(id)) }
                }
            }
            if replying.is_some() {
                IconButton {
                    icon,
                    class: "xs",
                    label: settle,
                    onclick: move |_| {
                        let set = CommentField::IsResolved(!is_resolved);
                        store.send(Command::set(Change::Comment { id, set }));
                    },
                }
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

/// The line at the bottom in which a comment is typed.
#[component]
pub fn Composer(about: EntityRef) -> Element {
    rsx! {
        Field { about, id: COMPOSER_ID, placeholder: "Comment, or type @ to mention" }
    }
}

/// Where a comment or an answer is typed; after an @ it offers names.
#[component]
fn Field(
    about: EntityRef,
    #[props(default)] reply_to: Option<CommentId>,
    id: &'static str,
    placeholder: &'static str,
    /// It is said, or given up.
    #[props(default)]
    ondone: EventHandler<()>,
) -> Element {
    let store = use_store();
    let mut text = use_signal(String::new);
    let mut chosen = use_signal(|| 0_usize);
    // Esc lets the names be until more is typed.
    let mut is_quiet = use_signal(|| false);
    let me = *store.me.read();
    let offered = use_memo(move || -> Vec<Member> {
        let text = text.read();
        let Some(beginning) = mentions::being_typed(&text).filter(|_| !is_quiet()) else { return Vec::new() };
        let members = store.members();
        mentions::meant(beginning, &members).into_iter().take(OFFERED_MAX).cloned().collect()
    });
    let mut send = move || {
        let body = text.peek().trim().to_owned();
        if body.is_empty() {
            return;
        }
        let mentions = mentions::spoken_to(&body, &store.members());
        let new = Comment::new(host::fresh(CommentId::from_parts));
        let comment = Comment { body, mentions, reply_to, about: Some(about), ..new };
        text.set(String::new());
        ondone.call(());
        dioxus::core::spawn_forever(async move {
            store.dispatch(Command::add(comment)).await;
        });
    };
    let mut name = move |at: usize| {
        let member = offered.peek().get(at).map(|it| it.name.clone());
        if let Some(member) = member {
            let named = mentions::with_name(&text.peek(), &member);
            text.set(named);
            chosen.set(0);
        }
    };
    let press = move |event: KeyboardEvent| {
        let count = offered.peek().len();
        let now = *chosen.peek();
        match event.key() {
            _ if event.is_composing() => return,
            Key::ArrowDown if count > 0 => chosen.set((now + 1) % count),
            Key::ArrowUp if count > 0 => chosen.set((now + count - 1) % count),
            Key::Enter | Key::Tab if count > 0 => name(now),
            Key::Escape if count > 0 => is_quiet.set(true),
            Key::Escape if reply_to.is_some() => ondone.call(()),
            Key::Enter if !event.modifiers().shift() => send(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    use_hook(move || {
        if reply_to.is_some() {
            dom::focus_soon(id);
        }
    });
    let active = format!("{id}-name-{chosen}");
    rsx! {
        div { class: if reply_to.is_some() { "cmt answer" } else { "cmt" },
            if !offered.read().is_empty() {
                div { class: "cm-n", id: "{id}-names", role: "listbox", "aria-label": "People",
                    for (at , member) in offered().into_iter().enumerate() {
                        button {
                            key: "{member.id}",
                            id: "{id}-name-{at}",
                            r#type: "button",
                            role: "option",
                            tabindex: "-1",
                            "aria-selected": at == chosen(),
                            // The field keeps the focus.
                            onmousedown: move |event| event.prevent_default(),
                            onclick: move |_| name(at),
                            Avatar { member: Some(member.id) }
                            span { "{member.name}" }
                            if !member.title.is_empty() {
                                small { class: "t3", "{member.title}" }
                            }
                        }
                    }
                }
            }
            Avatar { member: Some(me) }
            textarea {
                id,
                class: "f",
                rows: "1",
                "aria-label": placeholder,
                role: "combobox",
                "aria-expanded": !offered.read().is_empty(),
                "aria-controls": "{id}-names",
                "aria-activedescendant": if !offered.read().is_empty() { active },
                placeholder,
                value: "{text}",
                oninput: move |event| {
                    text.set(event.value());
                    chosen.set(0);
                    is_quiet.set(false);
                },
                onkeydown: press,
            }
            if text.read().trim().is_empty() {
                if reply_to.is_none() {
                    Kbd { keys: vec!["M"] }
                }
            } else {
                IconButton { icon: "send", class: "sm", label: "Send comment", onclick: move |_| send() }
            }
        }
    }
}
