//! Settings: how this device shows things, where it keeps them, which version this is.

use custory_domain::{Change, Command, MemberField, WorkspaceField};
use custory_ipc::{Preferences, Theme};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Avatar, Chip, Entry, Icon, InlineText, Menu, SettingRow};
use crate::dom;
use crate::state::{Store, percent, set_text_size, set_theme, use_store};
use crate::views::keys::Keys;
use crate::views::models::ModelsSection;
use crate::views::notices::NoticesSection;
use crate::views::shortcuts::ShortcutSettings;
use crate::views::team::TeamSections;

/// The element that scrolls.
const PAGE_ID: &str = "settings";

/// How far below the top of the page a part still begins there, in pixels.
const TOP: f64 = 90.0;

/// The settings.
#[component]
pub fn SettingsScreen() -> Element {
    let store = use_store();
    let about = store.about.read().clone();
    let me = *store.me.read();
    let my_name = store.member(me).map(|it| it.name).unwrap_or_default();
    let workspace = store.workspace.read().workspace().map(|it| (it.id, it.name.clone()));
    let folder = about.data_dir.clone();
    let mut chosen = store.settings_part;
    use_hook(move || chosen.set(Part::Appearance));
    rsx! {
        main { class: "sheet",
            header { class: "top", "data-tauri-drag-region": "true",
                div { class: "top-l",
                    h1 { class: "pt", "Settings" }
                }
            }
            div { class: "set",
                Parts { chosen }
                div {
                    id: PAGE_ID,
                    class: "set-b grow",
                    onscroll: move |_| {
                        let part = looked_at(*chosen.peek());
                        if let Some(part) = part.filter(|it| *it != *chosen.peek()) {
                            chosen.set(part);
                        }
                    },
                div { class: "set-w",
                    section { class: "sec", id: Part::Appearance.id(),
                        h2 { "Appearance" }
                        div { class: "box",
                            div { class: "rw",
                                div { class: "g",
                                    h3 { "Theme" }
                                    p { "Light, dark, or as the system says." }
                                }
                                Themes {}
                            }
                            TextSize {}
                            Stays {}
                        }
                    }
                    div { id: Part::Notices.id(), NoticesSection {} }
                    div { id: Part::Shortcuts.id(), ShortcutSettings {} }
                    div { id: Part::LocalAi.id(), ModelsSection {} }
                    div { id: Part::Team.id(), TeamSections {} }
                    section { class: "sec", id: Part::You.id(),
                        h2 { "You and your workspace" }
                        div { class: "box",
                            div { class: "rw",
                                Avatar { member: Some(me), class: "lg" }
                                div { class: "g",
                                    h3 {
                                        InlineText {
                                            value: my_name,
                                            label: "Your name",
                                            class: "one",
                                            onsave: move |name| {
                                                store.send_workspace(Command::set(Change::Member { id: me, set: MemberField::Name(name) }));
                                            },
                                        }
                                    }
                                    p { "Your name, as it stands beside what you own and change." }
                                }
                            }
                            if let Some((id, name)) = workspace {
                                div { class: "rw",
                                    span { class: "ws-tile", {name.chars().next().map(String::from).unwrap_or_default()} }
                                    div { class: "g",
                                        h3 {
                                            InlineText {
                                                value: name,
                                                label: "Name of the workspace",
                                                class: "one",
                                                onsave: move |name| {
                                                    store.send_workspace(Command::set(Change::Workspace { id, set: WorkspaceField::Name(name) }));
                                                },
                                            }
                                        }
                                        p { "The workspace holds your journeys, people and personas." }
                                    }
                                }
                            }
                        }
                    }
                    section { class: "sec", id: Part::Computer.id(),
                        h2 { "On this computer" }
                        div { class: "box",
                            div { class: "rw",
                                Icon { name: "laptop" }
                                div { class: "g",
                                    h3 { "Data folder" }
                                    p { class: "txt path", "{folder}" }
                                }
                            }
                            Keys {}
                            SettingRow {
                                icon: "info",
                                title: "Custory {about.version}",
                                about: "Everything is kept here and works without a network.",
                            }
                        }
                    }
                }
                }
            }
        }
    }
}

/// The parts of the settings, in their order on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Theme, size, the background.
    Appearance,
    /// What the person wants to hear of.
    Notices,
    /// Keys.
    Shortcuts,
    /// Models on this computer.
    LocalAi,
    /// The team that the workspace is shared with.
    Team,
    /// Names.
    You,
    /// Where everything is kept.
    Computer,
}

/// Shows a part of the settings.
pub fn go_to(mut store: Store, part: Part) {
    store.go(Screen::Settings);
    spawn_forever(async move {
        // The page is there after the next frame, and as high as it gets after another one.
        dom::next_frame().await;
        dom::next_frame().await;
        dom::to_top(part.id());
        store.settings_part.set(part);
    });
}

impl Part {
    const ALL: [Self; 7] = [
        Self::Appearance,
        Self::Notices,
        Self::Shortcuts,
        Self::LocalAi,
        Self::Team,
        Self::You,
        Self::Computer,
    ];

    /// Where it is on the page.
    const fn id(self) -> &'static str {
        match self {
            Self::Appearance => "set-appearance",
            Self::Notices => "set-notices",
            Self::Shortcuts => "set-keys",
            Self::LocalAi => "set-ai",
            Self::Team => "set-team",
            Self::You => "set-you",
            Self::Computer => "set-computer",
        }
    }

    /// Its icon and what it is called.
    const fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Appearance => ("sun", "Appearance"),
            Self::Notices => ("bell", "Notices"),
            Self::Shortcuts => ("keyb", "Shortcuts"),
            Self::LocalAi => ("chip", "Local AI"),
            Self::Team => ("peers", "Team and sync"),
            Self::You => ("share", "You"),
            Self::Computer => ("laptop", "This computer"),
        }
    }
}

/// Leads to each part of the page, and marks the one that is looked at.
#[component]
fn Parts(chosen: Signal<Part>) -> Element {
    rsx! {
        nav { class: "set-n", "aria-label": "Parts of the settings",
            div { class: "navs",
                for part in Part::ALL {
                    button {
                        key: "{part.id()}",
                        class: "nav",
                        r#type: "button",
                        "aria-current": if chosen() == part { "true" },
                        onclick: move |_| {
                            chosen.set(part);
                            dom::to_top(part.id());
                        },
                        Icon { name: part.look().0 }
                        span { {part.look().1} }
                    }
                }
            }
        }
    }
}

/// How large everything is.
#[component]
fn TextSize() -> Element {
    let mut store = use_store();
    let preferences = store.preferences.read();
    let (now, chosen) = (percent(&preferences), preferences.text_percent);
    rsx! {
        div { class: "rw",
            div { class: "g",
                h3 { "Size" }
                p { "How large text and everything else is, here and on every screen of Custory." }
            }
            Chip {
                class: "val",
                id: "text-size",
                opens_menu: true,
                onclick: move |event| {
                    let mut entries: Vec<Entry> = Preferences::TEXT_PERCENTS
                        .into_iter()
                        .map(|it| Entry::act(format!("{it}%"), move || set_text_size(store, Some(it))).on(it == chosen))
                        .collect();
                    entries.push(Entry::Line);
                    let automatic = move || set_text_size(store, None);
                    entries.push(Entry::act("As the screen asks for", automatic).keys(&["mod", "0"]).on(chosen == 0));
                    store.menu.set(Some(Menu::below(&event, "Size", entries)));
                },
                "{now}%"
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

/// Whether Custory goes on when its window is closed.
#[component]
fn Stays() -> Element {
    let mut store = use_store();
    let is_on = store.preferences.read().stays;
    rsx! {
        div { class: "rw",
            div { class: "g",
                h3 { "In the background" }
                p {
                    "When the window is closed, automations, connected tools and the team go on. The icon in the tray, or \
                     starting Custory again, brings the window back."
                }
            }
            button {
                class: if is_on { "sw on" } else { "sw" },
                r#type: "button",
                role: "switch",
                id: "stays",
                "aria-checked": is_on,
                "aria-label": "Go on in the background",
                onclick: move |_| {
                    store.preferences.write().stays = !is_on;
                    store.keep_preferences();
                },
            }
        }
    }
}

/// The part that is looked at: the one chosen as long as its beginning is in sight, for the last parts cannot
/// come to the top; else the last one that begins at the top or above it.
fn looked_at(chosen: Part) -> Option<Part> {
    let page = dom::by_id(PAGE_ID)?.get_bounding_client_rect();
    let line = page.top() + TOP;
    let rect = |part: Part| dom::by_id(part.id()).map(|it| it.get_bounding_client_rect());
    let begins_in_sight =
        |part: Part| rect(part).is_some_and(|it| it.top() > page.top() - 1.0 && it.top() < page.bottom());
    let last = Part::ALL.into_iter().rfind(|part| rect(*part).is_some_and(|it| it.top() <= line));
    if begins_in_sight(chosen) && (last == Some(chosen) || is_at_end()) {
        return Some(chosen);
    }
    last
}

/// Whether the page cannot be scrolled on.
fn is_at_end() -> bool {
    dom::by_id(PAGE_ID).is_some_and(|it| it.scroll_top() + it.client_height() >= it.scroll_height() - 1)
}

/// The three themes.
#[component]
fn Themes() -> Element {
    let store = use_store();
    let now = store.preferences.read().theme;
    let themes =
        [(Theme::System, "laptop", "System"), (Theme::Light, "sun", "Light"), (Theme::Dark, "moon", "Dark")];
    rsx! {
        div { class: "seg", role: "radiogroup", "aria-label": "Theme",
            for (theme , icon , label) in themes {
                button {
                    key: "{label}",
                    class: if theme == now { "seg-i on" } else { "seg-i" },
                    r#type: "button",
                    role: "radio",
                    "aria-checked": theme == now,
                    onclick: move |_| set_theme(store, theme),
                    Icon { name: icon, class: "sm" }
                    span { "{label}" }
                }
            }
        }
    }
}
