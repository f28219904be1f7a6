//! The few things that markup cannot say: focus, timers, measuring, keys that no field has.

use std::cell::Cell;

use dioxus::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Element, HtmlElement, KeyboardEvent, Window};

/// Where `boot.js` finds the theme of the last start.
const THEME_KEY: &str = "theme";

/// The page's window.
pub fn window() -> Window {
    web_sys::window().expect("the interface runs in a page")
}

/// The page's document.
pub fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Waits.
pub async fn sleep(millis: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        // A page without timers cannot exist; should it refuse one, the wait is over at once.
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, millis));
    });
    drop(JsFuture::from(promise).await);
}

/// How long a frame is waited for, in milliseconds.
const FRAME_MILLIS_MAX: i32 = 100;

/// Waits until the page has been drawn once more, or until a frame has been waited for long enough: a web view
/// that has nothing to draw, or is out of sight, need not draw any, and nobody's focus may hang on that.
pub async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |done, _| {
        drop(window().request_animation_frame(&done));
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, FRAME_MILLIS_MAX));
    });
    drop(JsFuture::from(promise).await);
}

/// Waits until what has just changed is on the screen: the frame after begins once it was painted.
pub async fn painted() {
    next_frame().await;
    next_frame().await;
}

/// Notes in the page's timeline that something is there, for whoever measures.
pub fn mark(name: &str) {
    if let Some(timeline) = window().performance() {
        // Without a timeline nobody measures.
        drop(timeline.mark(name));
    }
}

/// Puts a text on the clipboard; answers whether it is there.
pub async fn copy_text(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Name and text of the file that was chosen in a field for files; `None` without one, and when it has more than
/// `bytes_max` bytes or cannot be read.
pub async fn chosen_file(id: &str, bytes_max: f64) -> Option<(String, String)> {
    let files = js_sys::Reflect::get(&by_id(id)?.into(), &"files".into()).ok()?;
    let file = js_sys::Reflect::get_u32(&files, 0).ok()?.dyn_into::<Blob>().ok()?;
    if file.size() > bytes_max {
        return None;
    }
    let name = js_sys::Reflect::get(&file, &"name".into()).ok()?.as_string()?;
    Some((name, JsFuture::from(file.text()).await.ok()?.as_string()?))
}

/// Where a page finds what the one before it has noted.
const NOTE_KEY: &str = "note";

/// Notes something for the page that comes when this one begins anew; nothing takes the note away.
pub fn note_for_next(text: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        // Without a store the next page begins as if nothing had been noted.
        drop(if text.is_empty() { storage.remove_item(NOTE_KEY) } else { storage.set_item(NOTE_KEY, text) });
    }
}

/// What the page before has noted, once.
pub fn take_note() -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    let note = storage.get_item(NOTE_KEY).ok().flatten();
    drop(storage.remove_item(NOTE_KEY));
    note
}

/// The element with that id.
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Gives the focus to the element with that id, without scrolling.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let options = js_sys::Object::new();
        drop(js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into()));
        let focus = js_sys::Reflect::get(&element, &"focus".into())
            .ok()
            .and_then(|it| it.dyn_into::<js_sys::Function>().ok());
        if let Some(focus) = focus {
            drop(focus.call1(&element, &options));
        }
    }
}

/// A wish to have the focus as soon as what is to have it has been drawn. The newest wish counts: one that comes true
/// late, where frames are slow, would otherwise take a person back to where they have been.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FocusWish(u32);

thread_local! {
    static NEWEST_WISH: Cell<u32> = const { Cell::new(0) };
}

impl FocusWish {
    /// A new one, in place of all before it.
    pub fn new() -> Self {
        let wish = NEWEST_WISH.get().wrapping_add(1);
        NEWEST_WISH.set(wish);
        Self(wish)
    }

    /// Whether nobody has wished for anything else since.
    pub fn is_newest(self) -> bool {
        NEWEST_WISH.get() == self.0
    }
}

/// Gives the focus after the next drawing, when what is to have it is there; whoever asks may be gone by then.
/// The last one to ask gets it, and nobody takes it from a field that a person has gone into meanwhile: where
/// frames are slow, half of what they type would otherwise go elsewhere.
pub fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    let wish = FocusWish::new();
    let before = focused();
    dioxus::core::spawn_forever(async move {
        next_frame().await;
        let went_into_a_field = focused() != before && is_typing();
        if wish.is_newest() && !went_into_a_field {
            focus(&id);
        }
    });
}

/// Frames to wait for a place to be drawn: half a second.
const DRAWING_FRAMES_MAX: usize = 30;

/// How a wish to go to a place has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// The focus is there.
    There,
    /// The place was not drawn.
    Missing,
    /// The person has gone on meanwhile.
    Overtaken,
}

/// Gives the focus to the element with that id as soon as it is drawn: what was just changed comes back as an event, a
/// few frames later. The wish is the one that was made when the person asked for it.
pub async fn focus_when_drawn(wish: FocusWish, id: &str) -> Landing {
    for _ in 0..DRAWING_FRAMES_MAX {
        next_frame().await;
        if !wish.is_newest() {
            return Landing::Overtaken;
        }
        if by_id(id).is_some() {
            focus(id);
            return Landing::There;
        }
    }
    Landing::Missing
}

/// Scrolls what scrolls up or down, so that an element in it is not under the heads, which are so high and stay in
/// sight, or below its edge.
pub fn reveal_below(scrolling: &HtmlElement, heads: f64, element: &HtmlElement) {
    let (outer, inner) = (scrolling.get_bounding_client_rect(), element.get_bounding_client_rect());
    let over = outer.top() + heads - inner.top();
    let under = inner.bottom() + 10.0 - outer.bottom();
    if over > 0.0 {
        scrolling.set_scroll_top(scrolling.scroll_top() - over as i32);
    } else if under > 0.0 {
        scrolling.set_scroll_top(scrolling.scroll_top() + under as i32);
    }
}

/// Presses the button with that id; answers whether there is one.
pub fn press(id: &str) -> bool {
    by_id(id).map(|it| it.click()).is_some()
}

/// Brings an element to the top of what scrolls around it.
pub fn to_top(id: &str) {
    if let Some(element) = by_id(id) {
        element.scroll_into_view_with_bool(true);
    }
}

/// Scrolls as little as it takes to bring the element with that id into sight.
pub fn reveal(id: &str) {
    if let Some(element) = by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The element that has the focus.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether any element has the focus; otherwise the page as a whole has it.
pub fn has_focus() -> bool {
    focused().is_some_and(|it| it.tag_name() != "BODY")
}

/// Whether the element, or something in it, has the focus.
pub fn holds_focus(element: &HtmlElement) -> bool {
    document().active_element().is_some_and(|it| element.contains(Some(&it)))
}

/// Whether typed letters go into a field right now.
pub fn is_typing() -> bool {
    document().active_element().is_some_and(|it| is_field(&it))
}

fn is_field(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.get_attribute("contenteditable").is_some_and(|it| it != "false")
}

/// Should the interface ever break: says so in the page and in the console, with a way to begin anew.
/// Nothing is lost by it; everything that was done is with the engine.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|broken| {
        web_sys::console::error_1(&broken.to_string().into());
        let notice = document().create_element("div").ok();
        if let (Some(notice), Some(body)) = (notice, document().body()) {
            notice.set_class_name("broken note bad");
            notice.set_inner_html(
                "<span>This window stopped working. Your journeys are safe. <a href=\"/\">Open it again</a></span>",
            );
            drop(body.append_child(&notice));
        }
    }));
}

/// Whether this is an Apple machine, whose shortcuts use ⌘.
pub fn is_apple() -> bool {
    window().navigator().platform().is_ok_and(|it| it.starts_with("Mac") || it.starts_with("iP"))
}

/// Sets the theme for the style sheet, and for the next start.
pub fn set_theme(word: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let storage = window().local_storage().ok().flatten();
    let result = match word {
        Some(word) => {
            if let Some(storage) = storage {
                drop(storage.set_item(THEME_KEY, word));
            }
            root.set_attribute("data-theme", word)
        }
        None => {
            if let Some(storage) = storage {
                drop(storage.remove_item(THEME_KEY));
            }
            root.remove_attribute("data-theme")
        }
    };
    drop(result);
}

/// Hears every key pressed in the page that nothing else took. For as long as the page lives.
pub fn use_keys(hear: impl FnMut(KeyboardEvent) + 'static) {
    hear_keys(hear, false);
}

/// Hears every key pressed in the page, before anything else does. For as long as the page lives.
pub fn use_first_keys(hear: impl FnMut(KeyboardEvent) + 'static) {
    hear_keys(hear, true);
}

fn hear_keys(mut hear: impl FnMut(KeyboardEvent) + 'static, is_first: bool) {
    use_hook(move || {
        let call = Callback::new(move |event: KeyboardEvent| hear(event));
        let closure = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event| call.call(event));
        let hearer = closure.as_ref().unchecked_ref();
        let added = window().add_event_listener_with_callback_and_bool("keydown", hearer, is_first);
        if let Err(error) = added {
            web_sys::console::warn_1(&error);
        }
        closure.forget();
    });
}

/// Keeps width and height of the page current, for as long as the page lives.
pub fn use_page_size(mut size: Signal<(f64, f64)>) {
    use_hook(move || {
        let call = Callback::new(move |()| size.set(page_size()));
        let closure = Closure::<dyn FnMut()>::new(move || call.call(()));
        let added = window().add_event_listener_with_callback("resize", closure.as_ref().unchecked_ref());
        if let Err(error) = added {
            web_sys::console::warn_1(&error);
        }
        closure.forget();
    });
}

thread_local! {
    static IS_COARSE: bool = sets_letters_on_whole_pixels();
}

/// Whether letters stand whole pixels apart, as the web view of Linux has them on screens without fine pixels.
pub fn is_coarse() -> bool {
    IS_COARSE.with(|it| *it)
}

/// Lets the style sheet know.
pub fn mark_coarse() {
    if is_coarse()
        && let Some(root) = document().document_element()
    {
        drop(root.set_attribute("data-letters", "coarse"));
    }
}

fn sets_letters_on_whole_pixels() -> bool {
    // Tests run where there is no page at all.
    if !cfg!(target_arch = "wasm32") {
        return false;
    }
    let canvas = document().create_element("canvas").ok();
    let canvas = canvas.and_then(|it| it.dyn_into::<web_sys::HtmlCanvasElement>().ok());
    let context = canvas.and_then(|it| it.get_context("2d").ok().flatten());
    let Some(context) = context.and_then(|it| it.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()) else {
        return false;
    };
    context.set_font("13px sans-serif");
    let is_whole = |letter: &str| {
        context.measure_text(letter).is_ok_and(|it| (it.width() - it.width().round()).abs() < 0.001)
    };
    ["a", "e", "m", "n", "s", "w"].into_iter().all(is_whole)
}

/// Width of the screen, in points of the system; what the window shows larger counts as it is.
pub fn screen_width() -> f64 {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into());
    let width = property(&window(), "screen").and_then(|it| property(&it, "width"));
    width.ok().and_then(|it| it.as_f64()).unwrap_or_default()
}

/// Width and height of the page, in pixels.
pub fn page_size() -> (f64, f64) {
    let measure = |value: Result<JsValue, JsValue>| value.ok().and_then(|it| it.as_f64()).unwrap_or_default();
    (measure(window().inner_width()), measure(window().inner_height()))
}
