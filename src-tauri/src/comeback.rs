//! The window comes back by itself when the process that draws it dies, which leaves it blank: the system may take that
//! process when memory is short, and the web view of Linux crashes now and then. Nothing that a person did is in it.

use tauri::WebviewWindow;

/// So often it is drawn anew while the program runs. A page that always dies would come back for ever.
#[cfg(target_os = "linux")]
const TIMES_MAX: u32 = 5;

/// Draws the window anew whenever its process has died.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    use std::cell::Cell;

    use webkit2gtk::WebViewExt as _;

    window.with_webview(|view| {
        let times = Cell::new(0);
        view.inner().connect_web_process_terminated(move |view, reason| {
            tracing::warn!("the process that draws the window has died: {reason:?}");
            times.set(times.get() + 1);
            if times.get() <= TIMES_MAX {
                view.reload();
            }
        });
    })
}

/// Elsewhere the process is not watched yet.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
