//! The review of a draft: what was found at the left, where it was found at the right, and for each
//! a decision. Nothing enters the map that a person has not let in.

mod bar;
mod decisions;
mod desk;
mod found;
mod gestures;
mod known;
mod list;
mod outbox;
mod paper;
mod passage;
mod rows;
mod source;
mod step;

use custory_domain::DraftId;
use custory_domain::draft::DraftReview;
use custory_ipc::{Failure, Reply, Request};
use dioxus::prelude::*;

use super::head;
use crate::app::Screen;
use crate::components::{Button, Empty};
use crate::state::{Store, use_store};
use crate::{dom, host};
use bar::Bar;
use decisions::OnMap;
use desk::{Desk, use_desk};
use list::List;
use source::SourcePanel;

/// The screen: asks for the draft, then lays it out.
#[component]
pub(super) fn ReviewScreen(draft: DraftId) -> Element {
    let store = use_store();
    let loaded = use_resource(move || load(draft));
    let answer = loaded.read().clone();
    match answer {
        None => rsx! {
            main { class: "sheet",
                head::Head { at: 3 }
            }
        },
        Some(Ok((review, on_map))) if review.draft.stages.is_empty() => {
            rsx! { NothingFound { review, on_map } }
        }
        Some(Ok((review, on_map))) => rsx! { Laid { review, on_map } },
        Some(Err(failure)) => rsx! {
            main { class: "sheet",
                head::Head { at: 3 }
                div { class: "rd-no centre",
                    Empty { icon: "warn", title: "This draft is not here", text: failure.message,
                        Button { label: "Back to your journeys", class: "sm", onclick: move |_| head::leave(store) }
                    }
                }
            }
        },
    }
}

/// The draft, and what of it the journey has already.
async fn load(draft: DraftId) -> Result<(DraftReview, OnMap), Failure> {
    let Reply::Draft { review } = host::request(Request::OpenDraft { draft }).await? else {
        return Err(another_question());
    };
    let Some(journey) = review.onto else { return Ok((*review, OnMap::new())) };
    let Reply::Board { board, .. } = host::request(Request::OpenJourney { journey }).await? else {
        return Err(another_question());
    };
    let on_map = known::on_map(&review, &board);
    Ok((*review, on_map))
}

fn another_question() -> Failure {
    Failure::new(custory_ipc::ErrorCode::Internal, "The program gave an answer to another question.")
}

/// The material says nothing of how customers move through a product.
#[component]
fn NothingFound(review: DraftReview, on_map: OnMap) -> Element {
    let store = use_store();
    let draft = review.id;
    let text = match review.draft.notes.first() {
        Some(note) => note.clone(),
        None => {
            "Nothing in it says what customers do. Help pages, a pricing page or onboarding emails say more."
                .to_owned()
        }
    };
    let leave = move |screen: Option<Screen>| {
        store.order(Request::DiscardDraft { draft });
        match screen {
            Some(screen) => store.go(screen),
            None => head::leave(store),
        }
    };
    rsx! {
        main { class: "sheet",
            head::Head { at: 3 }
            div { class: "rd-no centre",
                Empty { icon: "doc", title: "No steps were found", text,
                    div { class: "btns",
                        Button { label: "Change sources", class: "pri sm", onclick: move |_| leave(Some(Screen::DraftSources)) }
                        Button { label: "Discard", class: "sm ghost", onclick: move |_| leave(None) }
                    }
                }
            }
        }
    }
}

#[component]
fn Laid(review: DraftReview, on_map: OnMap) -> Element {
    let store = use_store();
    let desk = use_desk(store, review, on_map);
    use_hook(|| desk.bring_into_view());
    // What had the focus may have left the list; the keys stay with the screen.
    use_effect(move || {
        desk.groups.read();
        spawn(async {
            dom::next_frame().await;
            if dom::focused().is_none_or(|it| it.tag_name() == "BODY") {
                dom::focus(desk::SCREEN);
            }
        });
    });
    let is_onto = desk.onto().is_some();
    rsx! {
        main { class: "sheet", id: desk::SCREEN, tabindex: "-1", onkeydown: move |event| hear(desk, &event),
            head::Head { at: 3,
                Button { label: "Discard", class: "sm ghost", onclick: move |_| desk.discard() }
                Button {
                    label: if is_onto { "Keep rest and add" } else { "Keep rest and create" },
                    class: "sm pri",
                    id: "accept",
                    keys: vec!["mod", "enter"],
                    busy: (desk.is_accepting)().then(|| "Putting it on the map".to_owned()),
                    onclick: move |_| desk.accept(),
                }
            }
            Bar { title: title(store, desk) }
            div { class: "rv",
                List {}
                SourcePanel {}
            }
            div { class: "vh", role: "status", "aria-live": "polite", {(desk.said)()} }
        }
    }
}

/// The journey's title, or what the new one is going to be called.
fn title(store: Store, desk: Desk) -> String {
    let journeys = store.journeys.read();
    let known = desk.onto().and_then(|id| journeys.iter().find(|it| it.id == id));
    known.map_or_else(|| desk.review.read().draft.title.clone(), |it| it.title.clone())
}

/// The keys of the review. Buttons keep Enter and Space for themselves, fields keep every key.
fn hear(desk: Desk, event: &KeyboardEvent) {
    let modifiers = event.modifiers();
    let is_command = modifiers.intersects(Modifiers::CONTROL | Modifiers::META);
    let key = match event.key() {
        Key::Character(letter) => Key::Character(letter.to_lowercase()),
        key => key,
    };
    if is_command && key == Key::Enter {
        event.prevent_default();
        return desk.accept();
    }
    // The letter after G says where to go.
    if dom::is_typing() || *desk.store.is_going_next.peek() {
        return;
    }
    if is_command {
        if key == Key::Character("z".to_owned()) && !modifiers.shift() {
            event.prevent_default();
            event.stop_propagation();
            desk.undo_last();
        }
        return;
    }
    let is_on_button = dom::focused().is_some_and(|it| it.tag_name() == "BUTTON");
    if modifiers.alt() || (is_on_button && (key == Key::Enter || key == Key::Character(" ".to_owned()))) {
        return;
    }
    if gesture(desk, &key) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Does what a key stands for; answers whether it stands for anything.
fn gesture(desk: Desk, key: &Key) -> bool {
    let on_chosen = |act: fn(Desk, &custory_domain::draft::DraftKey)| {
        if let Some(key) = desk.chosen() {
            act(desk, &key);
        }
    };
    let letter = match key {
        Key::Character(letter) => letter.as_str(),
        _ => "",
    };
    match (key, letter) {
        (Key::ArrowDown, _) | (_, "j") => desk.go(1),
        (Key::ArrowUp, _) | (_, "k") => desk.go(-1),
        (Key::Home, _) => desk.go(isize::MIN),
        (Key::End, _) => desk.go(isize::MAX),
        (Key::ArrowRight, _) => desk.go_to_items(),
        (Key::ArrowLeft | Key::Escape, _) => desk.go_to_step(),
        (Key::Enter, _) | (_, "a") => on_chosen(|desk, key| desk.keep(key)),
        (Key::Backspace | Key::Delete, _) | (_, "x") => on_chosen(|desk, key| desk.leave_out(key)),
        (Key::F2, _) | (_, "e") => on_chosen(|mut desk, key| desk.editing.set(Some(key.clone()))),
        (_, "m") => on_chosen(|desk, key| desk.pick_target(key)),
        (_, "u") => desk.undo(),
        (_, "[") => desk.turn_place(-1),
        (_, "]") => desk.turn_place(1),
        _ => return false,
    }
    true
}
