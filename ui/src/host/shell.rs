//! The desktop shell's bridge: one command for requests, one channel for events.

use std::collections::BTreeMap;

use custory_ipc::{ErrorCode, Event, Failure, Reply};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Content, garbled, unreachable};

/// Where the shell puts its bridge.
const BRIDGE: &str = "__TAURI_INTERNALS__";

/// How the shell recognises a channel among a command's arguments; the callback's id follows.
const CHANNEL_PREFIX: &str = "__CHANNEL__:";

pub(super) fn is_present() -> bool {
    bridge().is_some()
}

fn bridge() -> Option<Object> {
    let bridge = Reflect::get(&js_sys::global(), &BRIDGE.into()).ok()?;
    bridge.dyn_into::<Object>().ok()
}

/// Calls a command of the shell.
async fn invoke(command: &str, arguments: &Object) -> Result<JsValue, JsValue> {
    let bridge = bridge().ok_or(JsValue::NULL)?;
    let invoke: Function = Reflect::get(&bridge, &"invoke".into())?.dyn_into()?;
    let answer: Promise = invoke.call2(&bridge, &command.into(), arguments)?.dyn_into()?;
    JsFuture::from(answer).await
}

fn arguments<const N: usize>(pairs: [(&str, JsValue); N]) -> Object {
    let arguments = Object::new();
    for (name, value) in pairs {
        Reflect::set(&arguments, &name.into(), &value).expect("a fresh object takes any property");
    }
    arguments
}

/// Reads a value of the shell by way of text, so that numbers and maps mean what they mean in files.
fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, Failure> {
    let text = JSON::stringify(value).map_err(|_| garbled("not a plain value"))?;
    serde_json::from_str(&String::from(text)).map_err(garbled)
}

fn refusal(error: &JsValue) -> Failure {
    match read::<Failure>(error) {
        Ok(failure) => failure,
        Err(_) => unreachable(error.as_string().unwrap_or_else(|| "no reason given".to_owned())),
    }
}

pub(super) async fn request(text: &str) -> Result<Reply, Failure> {
    let request = JSON::parse(text).map_err(|_| garbled("not a request"))?;
    match invoke("request", &arguments([("request", request)])).await {
        Ok(reply) => read(&reply),
        Err(error) => Err(refusal(&error)),
    }
}

pub(super) async fn pick_folder() -> Option<String> {
    invoke("pick_folder", &Object::new()).await.ok()?.as_string()
}

pub(super) async fn pick_files() -> Vec<String> {
    let picked = invoke("pick_files", &Object::new()).await;
    picked.ok().and_then(|it| read(&it).ok()).unwrap_or_default()
}

pub(super) async fn save_file(name: &str, text: &str, content: Content) -> Result<bool, Failure> {
    let content = match content {
        Content::Text => "text",
        Content::Png => "png",
        Content::Pdf => "pdf",
    };
    let arguments = arguments([("name", name.into()), ("text", text.into()), ("content", content.into())]);
    match invoke("save_file", &arguments).await {
        Ok(path) => Ok(path.is_string()),
        Err(error) => Err(Failure::new(ErrorCode::Storage, refusal(&error).message)),
    }
}

pub(super) async fn scale(factor: f64) {
    if let Err(error) = invoke("scale", &arguments([("factor", factor.into())])).await {
        web_sys::console::warn_2(&"could not scale".into(), &error);
    }
}

pub(super) async fn next_link() -> Option<String> {
    invoke("next_link", &Object::new()).await.ok()?.as_string()
}

pub(super) async fn open_external(url: &str) {
    let opened = invoke("open_external", &arguments([("url", url.into())])).await;
    if let Err(error) = opened {
        web_sys::console::warn_2(&"could not open".into(), &error);
    }
}

/// Messages of a channel may overtake one another; each says its number.
#[derive(Default)]
struct InOrder {
    next: u64,
    early: BTreeMap<u64, JsValue>,
}

impl InOrder {
    /// Takes one message and answers all that can be heard now.
    fn take(&mut self, index: u64, message: JsValue) -> Vec<JsValue> {
        self.early.insert(index, message);
        let mut ready = Vec::new();
        while let Some(message) = self.early.remove(&self.next) {
            self.next += 1;
            ready.push(message);
        }
        ready
    }
}

pub(super) fn listen(mut hear: impl FnMut(Event) + 'static) {
    let mut order = InOrder::default();
    let take = Closure::<dyn FnMut(JsValue)>::new(move |packet: JsValue| {
        let index = Reflect::get(&packet, &"index".into()).ok().and_then(|it| it.as_f64());
        let message = Reflect::get(&packet, &"message".into());
        let (Some(index), Ok(message)) = (index, message) else { return };
        for message in order.take(index as u64, message) {
            match read(&message) {
                Ok(event) => hear(event),
                Err(error) => web_sys::console::warn_1(&error.message.into()),
            }
        }
    });
    let subscribe = move || -> Option<Object> {
        let bridge = bridge()?;
        let transform: Function = Reflect::get(&bridge, &"transformCallback".into()).ok()?.dyn_into().ok()?;
        // The closure lives as long as the page: events are heard until then.
        let id = transform.call1(&bridge, &take.into_js_value()).ok()?.as_f64()?;
        Some(arguments([("events", format!("{CHANNEL_PREFIX}{id}").into())]))
    };
    if let Some(arguments) = subscribe() {
        spawn_local(async move {
            if let Err(error) = invoke("subscribe", &arguments).await {
                web_sys::console::warn_2(&"no events".into(), &error);
            }
        });
    }
}
