//! The review at hand: what is known of it, what is chosen on it, and how one gets about on it.

use custory_domain::draft::{Citation, DraftItem, DraftKey, DraftReview, DraftStep};
use custory_domain::{DraftId, JourneyId};
use custory_ipc::{Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::decisions::{self, Moves, OnMap, Standing};
use super::outbox::Outbox;
use super::rows::{self, Filter, Group};
use crate::state::Store;
use crate::{dom, host};

/// Id of the screen; it has the focus when nothing on it does.
pub const SCREEN: &str = "review";

/// A gesture that was made, and what takes it back.
#[derive(Clone, PartialEq)]
pub(super) struct Past {
    /// Takes it back.
    pub back: Moves,
    /// The step that was chosen.
    pub step: Option<DraftKey>,
    /// The item that was chosen.
    pub item: Option<DraftKey>,
}

/// Everything about the review on screen. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct Desk {
    pub(super) store: Store,
    /// Which draft.
    pub draft: DraftId,
    /// The draft with its decisions.
    pub review: Signal<DraftReview>,
    /// What is on the journey's map already.
    pub on_map: Signal<OnMap>,
    /// The step that is chosen.
    pub step: Signal<Option<DraftKey>>,
    /// The item of it that is chosen, if one is.
    pub item: Signal<Option<DraftKey>>,
    /// Which of the chosen element's citations is shown.
    pub cite: Signal<usize>,
    /// Which steps the list shows.
    pub filter: Signal<Filter>,
    /// The element whose title is being edited.
    pub editing: Signal<Option<DraftKey>>,
    /// The draft is on its way to the map.
    pub is_accepting: Signal<bool>,
    /// What was done last, for those who hear it.
    pub said: Signal<String>,
    /// The list as it is shown.
    pub groups: Memo<Vec<Group>>,
    pub(super) past: Signal<Vec<Past>>,
    pub(super) outbox: Signal<Outbox>,
}

/// Lays a review out; to be called once, where it is shown.
pub fn use_desk(store: Store, loaded: DraftReview, known: OnMap) -> Desk {
    let draft = loaded.id;
    let first = loaded.draft.steps().next().map(|it| it.key.clone());
    let review = use_signal(|| loaded);
    let on_map = use_signal(|| known);
    let filter = use_signal(Filter::default);
    let groups = use_memo(move || rows::groups(&review.read(), &on_map.read(), filter()));
    let desk = Desk {
        store,
        draft,
        review,
        on_map,
        step: use_signal(|| {
            let review = review.peek();
            let waits =
                |it: &&DraftStep| decisions::standing(&review, &on_map.peek(), it) == Standing::Waiting;
            review.draft.steps().find(waits).map(|it| it.key.clone()).or(first)
        }),
        item: use_signal(|| None),
        cite: use_signal(|| 0),
        filter,
        editing: use_signal(|| None),
        is_accepting: use_signal(|| false),
        said: use_signal(String::new),
        groups,
        past: use_signal(Vec::new),
        outbox: use_signal(|| {
            Outbox::open(draft, async move |failure| reload(store, review, draft, failure).await)
        }),
    };
    use_context_provider(|| desk)
}

/// The review at hand.
pub fn use_review() -> Desk {
    use_context()
}

/// After a decision did not arrive: says so, and shows what the engine has.
async fn reload(
    store: Store,
    mut review: Signal<DraftReview>,
    draft: DraftId,
    failure: custory_ipc::Failure,
) {
    store.fail(failure);
    if let Ok(Reply::Draft { review: kept }) = host::request(Request::OpenDraft { draft }).await
        && let Ok(mut shown) = review.try_write()
    {
        *shown = *kept;
    }
}

impl Desk {
    /// The journey that is drafted again.
    pub fn onto(self) -> Option<JourneyId> {
        self.review.read().onto
    }

    /// What is chosen: an item if one is, else the step.
    pub fn chosen(self) -> Option<DraftKey> {
        self.item.read().clone().or_else(|| self.step.read().clone())
    }

    /// The title of an element as it will stand on the map.
    pub(super) fn title_of(self, key: &DraftKey) -> String {
        let review = self.review.peek();
        let drafted = match (decisions::place_of(&review, key), item_of(&review, key)) {
            (Some((_, step)), _) => &step.title,
            (None, Some(item)) => &item.title,
            (None, None) => return String::new(),
        };
        decisions::title(&review, key, drafted).to_owned()
    }

    /// The citations of what is chosen.
    pub fn cites(self) -> Vec<Citation> {
        let review = self.review.read();
        let item = self.item.read();
        if let Some(item) = item.as_ref().and_then(|it| item_of(&review, it)) {
            return item.cites.clone();
        }
        let step = self.step.read();
        let step = step.as_ref().and_then(|it| review.draft.step(it));
        step.map(|it| it.cites.clone()).unwrap_or_default()
    }

    /// Chooses a step and shows where it was found.
    pub fn choose(mut self, step: DraftKey) {
        self.cite.set(0);
        self.item.set(None);
        self.step.set(Some(step));
        self.bring_into_view();
    }

    /// Chooses one of a step's places.
    pub fn choose_place(mut self, step: DraftKey, cite: usize) {
        self.choose(step);
        self.cite.set(cite);
    }

    /// Chooses an item of the chosen step.
    pub fn choose_item(mut self, item: Option<DraftKey>) {
        self.cite.set(0);
        self.item.set(item);
        self.bring_into_view();
    }

    /// Gives what is chosen the focus, and scrolls to it.
    pub fn bring_into_view(self) {
        let id = self.element_id();
        // Whatever asked for it may be gone by the next frame: a field that closes, for one.
        spawn_forever(async move {
            dom::next_frame().await;
            let id = if dom::by_id(&id).is_some() { &id } else { SCREEN };
            dom::focus(id);
            reveal(id, "nearest");
        });
    }

    /// The id of the element that stands for what is chosen.
    pub fn element_id(self) -> String {
        let review = self.review.peek();
        let step = self.step.peek();
        let item = self.item.peek();
        if let Some(item) = item.as_ref() {
            let step = step.as_ref().and_then(|it| review.draft.step(it));
            let at = step.and_then(|step| step.items.iter().position(|it| it.key == *item));
            return item_id(at.unwrap_or_default());
        }
        let at = step.as_ref().and_then(|step| review.draft.steps().position(|it| it.key == *step));
        row_id(at.map_or(0, |it| it + 1))
    }

    /// Goes up or down by so many rows.
    pub fn go(self, by: isize) {
        let item = self.item.peek().clone();
        if item.is_some() {
            return self.choose_item(rows::moved(&self.item_keys(), item.as_ref(), by));
        }
        let step = self.step.peek().clone();
        let next = rows::moved(&rows::keys(&self.groups.peek()), step.as_ref(), by);
        if let Some(next) = next {
            self.choose(next);
        }
    }

    fn item_keys(self) -> Vec<DraftKey> {
        let review = self.review.peek();
        let step = self.step.peek();
        let step = step.as_ref().and_then(|it| review.draft.step(it));
        step.map(|it| it.items.iter().map(|it| it.key.clone()).collect()).unwrap_or_default()
    }

    /// Goes to what was also found on the step.
    pub fn go_to_items(self) {
        let is_on_step = self.item.peek().is_none();
        let first = self.item_keys().into_iter().next().filter(|_| is_on_step);
        if first.is_some() {
            self.choose_item(first);
        }
    }

    /// Goes back from an item to its step.
    pub fn go_to_step(self) {
        let is_on_item = self.item.peek().is_some();
        if is_on_item {
            self.choose_item(None);
        }
    }

    /// Shows the next or the previous place where the chosen element was found.
    pub fn turn_place(mut self, by: isize) {
        let count = self.cites().len() as isize;
        if count > 1 {
            let next = (*self.cite.peek() as isize + by).rem_euclid(count);
            self.cite.set(next as usize);
        }
    }
}

/// A number of steps, in words.
pub fn steps(count: usize) -> String {
    if count == 1 { "1 step".to_owned() } else { format!("{count} steps") }
}

/// An item of the draft.
pub(super) fn item_of<'a>(review: &'a DraftReview, key: &DraftKey) -> Option<&'a DraftItem> {
    decisions::step_of_item(review, key)?.items.iter().find(|it| it.key == *key)
}

/// Id of the element of a step, by its number from 1.
pub fn row_id(number: usize) -> String {
    format!("step-{number}")
}

/// Id of the element of an item, by its number from 0.
pub fn item_id(number: usize) -> String {
    format!("item-{number}")
}

/// Scrolls so that the element with that id can be seen; `block` as in the web's `scrollIntoView`.
pub fn reveal(id: &str, block: &str) {
    use wasm_bindgen::JsCast as _;
    let Some(element) = dom::by_id(id) else { return };
    let options = js_sys::Object::new();
    drop(js_sys::Reflect::set(&options, &"block".into(), &block.into()));
    let scroll = js_sys::Reflect::get(&element, &"scrollIntoView".into()).ok();
    if let Some(scroll) = scroll.and_then(|it| it.dyn_into::<js_sys::Function>().ok()) {
        drop(scroll.call1(&element, &options));
    }
}
