//! The window: its size, its way to the front, and the fault that comes before it.

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::comeback;

/// Label of the one window; the capability names it.
pub(crate) const MAIN: &str = "main";

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let url = WebviewUrl::App("index.html".into());
    let window = WebviewWindowBuilder::new(app, MAIN, url)
        .title("Custory")
        .inner_size(1440.0, 900.0)
        .min_inner_size(1024.0, 700.0)
        // The view takes file drops itself; without this the shell would swallow them.
        .disable_drag_drop_handler()
        // What is copied may have to be asked for first, and has then outlived the press that wanted it.
        .enable_clipboard_access()
        // Links in texts of others never navigate the window away from its own pages.
        .on_navigation(|url| matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost"))
        .build()?;
    comeback::watch(&window)
}

/// Brings the window to the front.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let focused = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        if let Err(error) = focused {
            tracing::warn!("cannot bring the window to the front: {error}");
        }
    }
}

/// Says why there is no window: to the terminal, and on the screen for those who have none.
pub(crate) fn tell_fault(message: &str) {
    eprintln!("Custory cannot start. {message}");
    let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error);
    dialog.set_title("Custory cannot start").set_description(message).show();
}

/// Asks whether what can be read of a damaged database should be brought into a new one.
pub(crate) fn offer_rescue(message: &str) -> bool {
    eprintln!("{message}");
    let question = "\n\nSave what can be read, and go on with it?";
    let dialog = rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Warning)
        .set_title("Custory’s data is damaged")
        .set_description(format!("{message}{question}"))
        .set_buttons(rfd::MessageButtons::YesNo);
    dialog.show() == rfd::MessageDialogResult::Yes
}
