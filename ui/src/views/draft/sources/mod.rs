//! “What should we read?”: the first screen of a draft.

mod address;
mod card;
mod form;
mod model;

use custory_domain::JourneyId;
use custory_domain::draft::Material;
use custory_ipc::{Beginning, Reply};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::head::Head;
use crate::app::Screen;
use crate::components::{Button, Note, TextField};
use crate::state::{Store, use_store};
use crate::{dom, host};
use card::SourceCard;
use form::{Card, Form, SCOPE_CHARS_MAX};
use model::ModelRow;

/// The fields as they are. They outlive the screen: stopping a reading brings them back.
static FORM: GlobalSignal<Form> = Signal::global(Form::default);

/// What the screen knows besides the fields.
#[derive(Clone, Copy, PartialEq)]
struct Sources {
    store: Store,
    /// The engine has been asked to begin.
    is_starting: Signal<bool>,
    /// The person has asked to begin: from then on everything that is wrong is said.
    has_tried: Signal<bool>,
    /// Why the engine would not begin.
    refused: Signal<Option<String>>,
}

impl Sources {
    /// Asks the engine to begin, if there is something to read and nothing wrong with it.
    fn begin(mut self) {
        if *self.is_starting.peek() {
            return;
        }
        let (request, problems) = {
            let form = FORM.peek();
            (form.request(), form.problems())
        };
        let Some(request) = request else {
            self.has_tried.set(true);
            match problems.keys().next() {
                Some(card) => dom::focus_soon(card.field(&FORM.peek())),
                None => self.refused.set(Some("Choose at least one thing to read.".to_owned())),
            }
            return;
        };
        self.is_starting.set(true);
        self.refused.set(None);
        let model = model::wanted(self.store);
        spawn(async move {
            match host::request(model::order(request, model.clone())).await {
                Ok(Reply::DraftStarted { draft }) => {
                    model::note(self.store, draft, model);
                    self.store.go(Screen::DraftReading(draft));
                }
                Ok(_) => self.refuse("The program gave an answer to another question.".to_owned()),
                Err(failure) => self.refuse(failure.message),
            }
        });
    }

    fn refuse(mut self, message: String) {
        self.is_starting.set(false);
        self.refused.set(Some(message));
    }
}

/// Opens the sources for a second reading of what a journey grew from. Its website is filled in if
/// the journey is open and names one; paths of folders are not kept with a journey.
pub fn read_again(store: Store, journey: JourneyId) {
    let mut form = Form { onto: Some(journey), ..Form::default() };
    let open = store.open.peek();
    let evidence = open.iter().filter(|it| it.id == journey).flat_map(|it| it.board.evidence.values());
    if let Some(site) = evidence.filter_map(|it| address::site(&it.locator)).next() {
        form.url = site.to_owned();
        form.turn(Card::Website, true);
    }
    drop(open);
    *FORM.write() = form;
    store.go(Screen::DraftSources);
}

/// Begins the same reading again; answers whether there was one to begin.
pub(super) fn begin_again(store: Store) -> bool {
    let Some(request) = FORM.peek().request() else { return false };
    spawn_forever(async move {
        let model = model::wanted(store);
        if let Some(Reply::DraftStarted { draft }) = store.ask(model::order(request, model.clone())).await {
            model::note(store, draft, model);
            store.go(Screen::DraftReading(draft));
        }
    });
    true
}

/// Whether the fields say what to read, so that the same reading can be begun again.
pub(super) fn can_begin_again() -> bool {
    FORM.read().request().is_some()
}

/// Lets rules alone read from now on.
pub(super) fn leave_the_model() {
    FORM.write().reader = form::Reader::Rules;
}

/// Lets the next visit ask whether the person's own network may be read.
pub(super) fn ask_private() {
    FORM.write().asks_private = true;
}

/// Empties the fields: what they asked for is on the map.
pub(super) fn forget() {
    *FORM.write() = Form::default();
}

/// The screen.
#[component]
pub(super) fn SourcesScreen() -> Element {
    let store = use_store();
    let sources = use_context_provider(|| Sources {
        store,
        is_starting: Signal::new(false),
        has_tried: Signal::new(false),
        refused: Signal::new(None),
    });
    use_hook(|| dom::focus_soon("sources"));
    rsx! {
        main {
            class: "sheet",
            id: "sources",
            tabindex: "-1",
            onkeydown: move |event| {
                let is_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
                if is_command && event.key() == Key::Enter {
                    event.prevent_default();
                    sources.begin();
                }
            },
            Head { at: 1,
                if FORM.read().onto.is_some() {
                    Button {
                        label: "Cancel",
                        class: "sm ghost",
                        onclick: move |_| {
                            FORM.write().onto = None;
                            super::head::leave(store);
                        },
                    }
                }
            }
            div { class: "ctr",
                div { class: "ctr-w",
                    h2 { class: "hero", "What should we read?" }
                    p { class: "lead", {lead(store)} }
                    div { class: "srcp",
                        for card in Card::ALL {
                            SourceCard { key: "{card:?}", card, shows_all: *sources.has_tried.read(), onsubmit: move |()| sources.begin() }
                        }
                    }
                    div { class: "box src-scope",
                        div { class: "rw",
                            div { class: "g",
                                h3 { "What is this journey about?" }
                                p { "One sentence keeps the draft on topic" }
                            }
                            div { class: "scope",
                                TextField {
                                    value: FORM.read().scope.clone(),
                                    label: "What is this journey about?",
                                    placeholder: "How a new customer gets to first value",
                                    oninput: move |text: String| {
                                        FORM.write().scope = text.chars().take(SCOPE_CHARS_MAX).collect();
                                    },
                                    onsubmit: move |()| sources.begin(),
                                }
                            }
                        }
                        ModelRow {}
                    }
                    if let Some(message) = sources.refused.read().clone() {
                        div { class: "src-no",
                            Note { icon: "warn", tone: "bad", "{message}" }
                        }
                    }
                    div { class: "src-f",
                        span { class: "t3", {summary(&FORM.read())} }
                        span { class: "sp" }
                        if FORM.read().onto.is_none() {
                            Button {
                                label: "Start with a blank journey",
                                class: "ghost lg",
                                onclick: move |_| store.create_journey("New journey", Beginning::Blank),
                            }
                        }
                        Button {
                            label: "Read and draft",
                            class: "pri lg",
                            id: "read-and-draft",
                            keys: vec!["mod", "enter"],
                            busy: sources.is_starting.read().then(|| "Starting to read".to_owned()),
                            onclick: move |_| sources.begin(),
                        }
                    }
                }
            }
        }
    }
}

fn lead(store: Store) -> String {
    let onto = FORM.read().onto;
    let journeys = store.journeys.read();
    match onto.and_then(|id| journeys.iter().find(|it| it.id == id)) {
        Some(journey) => format!(
            "Read again what “{}” grew from. Only what is new is offered, and nothing changes until you keep it.",
            journey.title
        ),
        None => {
            "Pick anything that shows how customers move through your product. You get a draft journey with a \
             source for every step, and nothing is saved until you keep it."
                .to_owned()
        }
    }
}

/// What is going to be read, in words.
fn summary(form: &Form) -> String {
    let Some(request) = form.request() else {
        return match (form.is_on.contains(&true), form.problems().len()) {
            (false, _) => "Choose at least one thing to read".to_owned(),
            (true, 1) => "One thing is missing above".to_owned(),
            (true, count) => format!("{count} things are missing above"),
        };
    };
    let count = |is: fn(&Material) -> bool| request.materials.iter().filter(|it| is(it)).count();
    let parts = [
        (count(|it| matches!(it, Material::Website { .. })), "1 website", "websites"),
        (count(|it| matches!(it, Material::Folder { .. })), "1 folder", "folders"),
        (count(|it| matches!(it, Material::File { .. })), "1 document", "documents"),
        (count(|it| matches!(it, Material::Pasted { .. })), "pasted text", "pasted texts"),
    ];
    let named = |(count, one, many): (usize, &str, &str)| match count {
        0 => None,
        1 => Some(one.to_owned()),
        _ => Some(format!("{count} {many}")),
    };
    let named: Vec<_> = parts.into_iter().filter_map(named).collect();
    match named.as_slice() {
        [] => String::new(),
        [one] => format!("Reads {one}"),
        [first @ .., last] => format!("Reads {} and {last}", first.join(", ")),
    }
}
