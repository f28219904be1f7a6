//! Settings of what a person wants to hear of: for each topic nowhere, in the inbox, once a day, or aloud.

use custory_domain::news::{Route, Topic};
use dioxus::prelude::*;

use crate::components::{Chip, Entry, Icon, Menu};
use crate::state::{Store, use_store};

const ROUTES: [Route; 4] = [Route::Inbox, Route::Daily, Route::Aloud, Route::Nowhere];

/// The part of the settings.
#[component]
pub fn NoticesSection() -> Element {
    rsx! {
        section { class: "sec",
            h2 { "Notices" }
            p { class: "t3",
                "How you hear of what concerns you, on this computer. A notice comes while you look elsewhere; a daily \
                 one at nine, about all that you have not seen by then. Of a journey that you muted you hear only what names you or becomes yours. Nobody else sees what you choose."
            }
            div { class: "box",
                for topic in Topic::ALL {
                    Row { key: "{id(topic)}", topic }
                }
            }
        }
    }
}

#[component]
fn Row(topic: Topic) -> Element {
    let mut store = use_store();
    let now = store.preferences.read().news.of(topic);
    let (icon, title, about) = words(topic);
    rsx! {
        div { class: "rw",
            Icon { name: icon }
            div { class: "g",
                h3 { "{title}" }
                p { "{about}" }
            }
            Chip {
                class: "val",
                id: id(topic),
                label: format!("{title}: {}", name(now)),
                opens_menu: true,
                onclick: move |event| {
                    let entries = ROUTES
                        .into_iter()
                        .map(|it| Entry::act(name(it), move || send(store, topic, it)).on(it == now))
                        .collect();
                    store.menu.set(Some(Menu::below(&event, title, entries)));
                },
                {name(now)}
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

fn send(mut store: Store, topic: Topic, route: Route) {
    store.preferences.write().news.set(topic, route);
    store.keep_preferences();
}

const fn id(topic: Topic) -> &'static str {
    match topic {
        Topic::Mentions => "notices-mentions",
        Topic::Answers => "notices-answers",
        Topic::Ownership => "notices-ownership",
        Topic::Watched => "notices-watched",
    }
}

const fn name(route: Route) -> &'static str {
    match route {
        Route::Nowhere => "Nowhere",
        Route::Inbox => "Inbox",
        Route::Daily => "Inbox and a daily notice",
        Route::Aloud => "Inbox and a notice",
    }
}

const fn words(topic: Topic) -> (&'static str, &'static str, &'static str) {
    match topic {
        Topic::Mentions => ("mail", "Mentions", "Somebody names you in a comment."),
        Topic::Answers => {
            ("comment", "Answers", "Somebody answers in a thread that you began or took part in.")
        }
        Topic::Ownership => {
            ("user", "What becomes yours", "Somebody makes you the owner of a step or an item.")
        }
        Topic::Watched => (
            "eye",
            "What you watch",
            "Comments, changes of state and verdicts on steps and items that you watch.",
        ),
    }
}
