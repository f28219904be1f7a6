//! A plain browser page: HTTP to its own origin, behind which the same engine answers.

use custory_ipc::{ErrorCode, Event, Failure, Reply};
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, EventSource, HtmlAnchorElement, MessageEvent, RequestInit, Response, Url};

use super::{garbled, unreachable};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Box<Reply>),
    Err(Failure),
}

pub(super) async fn request(text: &str) -> Result<Reply, Failure> {
    let answer = fetch(text).await.map_err(|_| unreachable("connection lost"))?;
    match serde_json::from_str(&answer).map_err(garbled)? {
        Answer::Ok(reply) => Ok(*reply),
        Answer::Err(failure) => Err(failure),
    }
}

async fn fetch(text: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&text.into());
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    init.set_headers(&headers);
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init("/request", &init)).await?.dyn_into()?;
    JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)
}

pub(super) fn listen(mut hear: impl FnMut(Event) + 'static) {
    let Ok(source) = EventSource::new("/events") else {
        web_sys::console::warn_1(&"no events".into());
        return;
    };
    let mut was_open = false;
    let take = Closure::<dyn FnMut(MessageEvent)>::new({
        move |message: MessageEvent| {
            let Some(text) = message.data().as_string() else { return };
            match serde_json::from_str(&text) {
                Ok(event) => hear(event),
                Err(error) => web_sys::console::warn_1(&error.to_string().into()),
            }
        }
    });
    source.set_onmessage(Some(take.as_ref().unchecked_ref()));
    // After a lost connection events may have been missed: begin anew, as the shell would.
    let opened = Closure::<dyn FnMut()>::new(move || {
        if was_open && let Some(window) = web_sys::window() {
            drop(window.location().reload());
        }
        was_open = true;
    });
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    // Both live as long as the page.
    take.forget();
    opened.forget();
}

/// A page cannot browse the machine's folders; a person who runs one knows the path.
pub(super) fn ask_path(question: &str) -> Option<String> {
    let answer = web_sys::window()?.prompt_with_message(question).ok()??;
    let path = answer.trim();
    (!path.is_empty()).then(|| path.to_owned())
}

pub(super) fn save_file(name: &str, text: &str) -> Result<bool, Failure> {
    let save = || -> Result<(), JsValue> {
        let document = web_sys::window().and_then(|it| it.document()).ok_or(JsValue::NULL)?;
        let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&url)
    };
    save().map_err(|_| Failure::new(ErrorCode::Storage, "The browser would not save the file."))?;
    Ok(true)
}

/// As far as a page can; a browser has a zoom of its own.
pub(super) fn scale(factor: f64) {
    let root = web_sys::window().and_then(|it| it.document()).and_then(|it| it.document_element());
    if let Some(root) = root.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(root.style().set_property("zoom", &factor.to_string()));
    }
}

pub(super) fn open_external(url: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.open_with_url_and_target(url, "_blank"));
    }
}
