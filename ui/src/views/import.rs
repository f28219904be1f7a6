//! A journey from a file: what it would become, what the columns of a table mean, and what cannot come along; before
//! anything is made.

use custory_domain::import::{ColumnRole, ImportPreview, TableColumn};
use custory_ipc::{ImportFile, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Button, Dialog, Entry, Icon, Menu, Note};
use crate::format::count;
use crate::host;
use crate::state::{Overlay, Store, Toast, use_store};

/// Losses that are listed before the rest is only counted.
const LOSSES_SHOWN: usize = 40;

/// What is being brought in. It outlives the dialog only until the next file is chosen.
static LOOK: GlobalSignal<Look> = Signal::global(Look::default);

/// A look at a file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Look {
    path: String,
    /// What columns become, once the person has said so of one.
    columns: Option<Vec<ColumnRole>>,
    preview: Option<ImportPreview>,
    refused: Option<String>,
    is_making: bool,
    /// An exported journey that is gone is wanted as a copy all the same.
    is_copy: bool,
}

/// Lets the person choose a file and shows what it would become.
pub fn begin(store: Store) {
    spawn_forever(async move {
        let Some(path) = host::pick_files().await.into_iter().next() else { return };
        show(store, path).await;
    });
}

/// The same for the folder of an exported journey.
pub fn begin_folder(store: Store) {
    spawn_forever(async move {
        if let Some(path) = host::pick_folder().await {
            show(store, path).await;
        }
    });
}

async fn show(mut store: Store, path: String) {
    {
        *LOOK.write() = Look { path, ..Look::default() };
        store.overlay.set(Some(Overlay::Import));
    }
    look().await;
}

/// Asks the engine what the file would become.
async fn look() {
    let (file, columns) = wanted();
    let answer = host::request(Request::LookAtImport { file, columns }).await;
    let mut look = LOOK.write();
    match answer {
        Ok(Reply::ImportLooked { preview }) => {
            look.preview = Some(preview);
            look.refused = None;
        }
        Ok(_) => look.refused = Some("The program gave an answer to another question.".to_owned()),
        Err(failure) => look.refused = Some(failure.message),
    }
}

fn wanted() -> (ImportFile, Option<Vec<ColumnRole>>) {
    let look = LOOK.peek();
    (ImportFile::Path { path: look.path.clone() }, look.columns.clone())
}

/// Makes the journey and goes there.
fn make(mut store: Store) {
    if std::mem::replace(&mut LOOK.write().is_making, true) {
        return;
    }
    spawn_forever(async move {
        let (file, columns) = wanted();
        let restore = comes_back(&LOOK.peek());
        let answer = host::request(Request::Import { file, restore, columns }).await;
        LOOK.write().is_making = false;
        match answer {
            Ok(Reply::Made { journey, losses }) => {
                store.overlay.set(None);
                store.go(Screen::Journey(journey));
                let words = match losses.len() {
                    0 => "Everything came along".to_owned(),
                    some => format!("Imported; {} left out", count(some, "thing", "things")),
                };
                store.toast(Toast::plain("check", words));
            }
            Ok(_) => {
                LOOK.write().refused = Some("The program gave an answer to another question.".to_owned())
            }
            Err(failure) => LOOK.write().refused = Some(failure.message),
        }
    });
}

/// Whether the same journey comes back, instead of a copy.
fn comes_back(look: &Look) -> bool {
    !look.is_copy && look.preview.as_ref().is_some_and(|it| it.can_come_back)
}

/// The dialog.
#[component]
pub fn Import() -> Element {
    let mut store = use_store();
    let look = LOOK.read().clone();
    let name = look.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let can_make = look.preview.is_some() && look.refused.is_none();
    rsx! {
        Dialog { title: "Import a journey", class: "imp-d", onclose: move |()| store.overlay.set(None),
            div { class: "imp-f",
                Icon { name: "doc" }
                b { "{name}" }
                if let Some(preview) = &look.preview {
                    span { class: "t3", {preview.shape.name()} }
                }
                span { class: "sp" }
                Button { label: "Another file", class: "xs ghost", onclick: move |_| begin(store) }
                Button { label: "A folder", class: "xs ghost", onclick: move |_| begin_folder(store) }
            }
            if let Some(message) = look.refused.clone() {
                Note { icon: "warn", tone: "bad", "{message}" }
            }
            if let Some(preview) = look.preview.clone() {
                Becomes { preview: preview.clone() }
                if !preview.columns.is_empty() {
                    Columns { columns: preview.columns.clone() }
                }
                if preview.can_come_back {
                    ComesBack { is_copy: look.is_copy }
                }
                Losses { losses: preview.losses.clone() }
            } else if look.refused.is_none() {
                p { class: "t3", role: "status", "Reading the file…" }
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| store.overlay.set(None) }
                Button {
                    label: if comes_back(&look) { "Bring it back" } else { "Make this journey" },
                    class: "pri",
                    id: "import-make",
                    disabled: !can_make,
                    busy: look.is_making.then(|| "Making it".to_owned()),
                    onclick: move |_| make(store),
                }
            }
        }
    }
}

/// Whether a journey that is gone comes back as the same one.
#[component]
fn ComesBack(is_copy: bool) -> Element {
    let ways = [
        (false, "The same journey", "It was deleted here: links to it hold again, and a team knows it."),
        (true, "A copy", "A new journey with the same in it."),
    ];
    rsx! {
        div { class: "seg whom", role: "radiogroup", "aria-label": "What it becomes", id: "import-way",
            for (copies , label , _) in ways {
                button {
                    key: "{label}",
                    class: if is_copy == copies { "seg-i on" } else { "seg-i" },
                    r#type: "button",
                    role: "radio",
                    "aria-checked": is_copy == copies,
                    onclick: move |_| LOOK.write().is_copy = copies,
                    span { "{label}" }
                }
            }
        }
        for (copies , _ , about) in ways {
            if is_copy == copies {
                p { key: "{about}", class: "t3", "{about}" }
            }
        }
    }
}

/// What comes of it, in numbers.
#[component]
fn Becomes(preview: ImportPreview) -> Element {
    let mut parts = vec![count(preview.stages, "stage", "stages"), count(preview.steps, "step", "steps")];
    parts.extend(preview.items.iter().map(|(kind, many)| {
        let spec = kind.spec();
        count(*many, &spec.name.to_lowercase(), &spec.plural.to_lowercase())
    }));
    if preview.evidence > 0 {
        parts.push(count(preview.evidence, "quote", "quotes"));
    }
    rsx! {
        div { class: "imp-b", role: "status",
            b { "{preview.title}" }
            span { class: "t2", {parts.join(" · ")} }
        }
    }
}

/// What each column becomes.
#[component]
fn Columns(columns: Vec<TableColumn>) -> Element {
    let mut store = use_store();
    rsx! {
        h3 { class: "imp-h", "What the columns are" }
        div { class: "imp-c", role: "table", "aria-label": "Columns of the file",
            for (at , column) in columns.iter().cloned().enumerate() {
                div { key: "{at}", class: "imp-r", role: "row",
                    div { class: "g", role: "rowheader",
                        b { if column.head.is_empty() { "Column {at + 1}" } else { "{column.head}" } }
                        span { class: "t3", {column.samples.join(" · ")} }
                    }
                    div { role: "cell",
                        button {
                            class: if column.role == ColumnRole::LeftOut { "btn sm ghost imp-o" } else { "btn sm" },
                            r#type: "button",
                            id: "import-column-{at}",
                            "aria-haspopup": "menu",
                            "aria-label": "{column.head}: {column.role.name()}",
                            onclick: move |event| {
                                store.menu.set(Some(Menu::below(&event, "What this column is", roles(at, column.role))));
                            },
                            span { {column.role.name()} }
                            Icon { name: "down", class: "sm" }
                        }
                    }
                }
            }
        }
    }
}

/// What a column can become.
fn roles(at: usize, now: ColumnRole) -> Vec<Entry> {
    let entry = |role: ColumnRole| {
        Entry::act(role.name(), move || {
            {
                let mut look = LOOK.write();
                let mut roles: Vec<ColumnRole> = match (&look.columns, &look.preview) {
                    (Some(chosen), _) => chosen.clone(),
                    (None, Some(preview)) => preview.columns.iter().map(|it| it.role).collect(),
                    (None, None) => return,
                };
                // What a row has once, one column says.
                let is_single =
                    role != ColumnRole::LeftOut && role != ColumnRole::Quote && role.items().is_none();
                for other in roles.iter_mut().filter(|it| is_single && **it == role) {
                    *other = ColumnRole::LeftOut;
                }
                if let Some(it) = roles.get_mut(at) {
                    *it = role;
                }
                look.columns = Some(roles);
            }
            spawn_forever(look());
        })
        .on(role == now)
    };
    ColumnRole::ALL.into_iter().map(entry).collect()
}

/// What cannot come along.
#[component]
fn Losses(losses: Vec<String>) -> Element {
    if losses.is_empty() {
        return rsx! {
            p { class: "imp-ok",
                Icon { name: "check", class: "sm" }
                "Everything in the file comes along."
            }
        };
    }
    let more = losses.len().saturating_sub(LOSSES_SHOWN);
    rsx! {
        h3 { class: "imp-h", "What does not come along as it is" }
        ul { class: "imp-l", tabindex: "0", "aria-label": "What does not come along as it is",
            for loss in losses.iter().take(LOSSES_SHOWN) {
                li { "{loss}" }
            }
            if more > 0 {
                li { "And {more} more." }
            }
        }
    }
}
