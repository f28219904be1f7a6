//! All that a window can call.

#![allow(clippy::let_underscore_must_use, reason = "the command macro writes such a line")]

use custory_engine::Workspaces;
use custory_ipc::{ErrorCode, Event, Failure, Reply, Request};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use crate::links::Links;

/// Asks the workspace that is shown, or about all of them.
#[tauri::command]
pub(crate) async fn request(workspaces: State<'_, Workspaces>, request: Request) -> Result<Reply, Failure> {
    workspaces.request(request).await
}

/// Sends every event from now on through `events`, until the window is gone.
#[tauri::command]
pub(crate) fn subscribe(workspaces: State<'_, Workspaces>, events: Channel<Event>) {
    let mut heard = workspaces.events();
    tauri::async_runtime::spawn(async move {
        while let Some(event) = heard.next().await {
            if events.send(event).is_err() {
                break;
            }
        }
    });
}

/// Lets the person pick a folder; `None` when they change their mind.
#[tauri::command]
pub(crate) async fn pick_folder(app: AppHandle) -> Option<String> {
    let (picked, folder) = oneshot::channel();
    app.dialog().file().pick_folder(move |path| {
        picked.send(path).ok();
    });
    folder.await.ok().flatten().map(|it| it.to_string())
}

/// Lets the person pick files that can be read into a draft, or pictures; none when they change their mind.
#[tauri::command]
pub(crate) async fn pick_files(app: AppHandle) -> Vec<String> {
    let (picked, files) = oneshot::channel();
    let dialog = app.dialog().file();
    let kinds = ["md", "markdown", "html", "htm", "txt", "csv", "pdf", "json"];
    let pictures = ["png", "jpg", "jpeg", "webp", "gif"];
    dialog.add_filter("Documents", &kinds).add_filter("Pictures", &pictures).pick_files(move |paths| {
        picked.send(paths).ok();
    });
    files.await.ok().flatten().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// What a file is to hold.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// The text itself.
    Text,
    /// The picture that the text, as SVG, describes.
    Png,
    /// A page with that picture.
    Pdf,
}

/// Lets the person choose where to save `text`, as it is or drawn; answers where, or `None` when they change their
/// mind.
#[tauri::command]
pub(crate) async fn save_file(
    app: AppHandle,
    name: String,
    text: String,
    content: Content,
) -> Result<Option<String>, Failure> {
    let (picked, file) = oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |path| {
        picked.send(path).ok();
    });
    let Some(path) = file.await.ok().flatten() else { return Ok(None) };
    let unwritable = |error: String| Failure::new(ErrorCode::Storage, format!("Cannot save there: {error}."));
    let path = path.into_path().map_err(|error| unwritable(error.to_string()))?;
    let drawn = match content {
        Content::Text => Ok(text.into_bytes()),
        Content::Png => custory_printing::png(&text),
        Content::Pdf => custory_printing::pdf(&text),
    };
    let bytes = drawn.map_err(|error| unwritable(error.to_string()))?;
    std::fs::write(&path, bytes).map_err(|error| unwritable(error.to_string()))?;
    Ok(Some(path.display().to_string()))
}

/// Opens a web page in the person's browser. Nothing but `http` and `https` leaves the window.
#[tauri::command]
pub(crate) fn open_external(app: AppHandle, url: String) -> Result<(), Failure> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err(Failure::new(ErrorCode::BadInput, "Only web addresses can be opened."));
    }
    let opened = app.opener().open_url(url, None::<&str>);
    opened.map_err(|error| Failure::new(ErrorCode::Unreadable, format!("No browser opened: {error}.")))
}

/// Shows everything in the window larger or smaller.
#[tauri::command]
pub(crate) fn scale(webview: tauri::Webview, factor: f64) -> Result<(), Failure> {
    // What the settings offer; beyond it nothing could be pressed any more to go back.
    let factor = factor.clamp(0.5, 3.0);
    let scaled = webview.set_zoom(factor);
    scaled.map_err(|error| Failure::new(ErrorCode::Internal, format!("The window kept its size: {error}.")))
}

/// The next invitation that was pressed elsewhere, once there is one.
#[tauri::command]
pub(crate) async fn next_link(links: State<'_, Links>) -> Result<Option<String>, Failure> {
    Ok(links.next().await)
}
