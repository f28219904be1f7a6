//! Links that open the program: an invitation that somebody pressed in a chat or a mail, a thing on a journey, a view of
//! one.
//!
//! They come from outside, so a link changes nothing by itself: an invitation is shown where it can be used, and the
//! person decides; any other leads to what it names, if that is here.

use custory_ipc::INBOX_LINK;
use tauri::{App, Manager};
use tauri_plugin_deep_link::DeepLinkExt;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// What links that are taken begin with.
const TAKEN: [&str; 4] = ["custory://join/", "custory://item/", "custory://view/", INBOX_LINK];

/// Bytes of a link that are taken; a view with a long filter has some thousand.
const LINK_BYTES_MAX: usize = 16_000;

/// Links that were pressed and that no window has shown yet.
pub(crate) struct Links {
    pressed: UnboundedSender<String>,
    waiting: Mutex<UnboundedReceiver<String>>,
}

impl Default for Links {
    fn default() -> Self {
        let (pressed, waiting) = mpsc::unbounded_channel();
        Self { pressed, waiting: Mutex::new(waiting) }
    }
}

impl Links {
    /// Takes a link that was pressed, if it leads anywhere.
    pub(crate) fn press(&self, link: &str) {
        if TAKEN.iter().any(|it| link.starts_with(it)) && link.len() <= LINK_BYTES_MAX {
            // The receiver lives as long as this does.
            self.pressed.send(link.to_owned()).ok();
        } else {
            tracing::warn!("a link that leads nowhere was left alone");
        }
    }

    /// The next link that was pressed, once there is one.
    pub(crate) async fn next(&self) -> Option<String> {
        self.waiting.lock().await.recv().await
    }
}

/// Hears links from now on, the one that this program was started by too. The system is told to start it by
/// such links, unless it is for a folder of its own.
pub(crate) fn hear(app: &App, is_default_folder: bool) {
    app.manage(Links::default());
    let handle = app.handle().clone();
    let links = app.deep_link();
    links.on_open_url(move |event| {
        event.urls().iter().for_each(|it| handle.state::<Links>().press(it.as_str()));
        crate::window::focus(&handle);
    });
    match links.get_current() {
        Ok(pressed) => pressed.iter().flatten().for_each(|it| app.state::<Links>().press(it.as_str())),
        Err(error) => tracing::warn!("cannot tell by which link this was started: {error}"),
    }
    if is_default_folder
        && cfg!(any(target_os = "linux", windows))
        && let Err(error) = links.register_all()
    {
        tracing::info!("the system does not open links with this program: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_leads_somewhere_is_taken_in_its_order() {
        let links = Links::default();
        for pressed in ["custory://join/a#b", "custory://delete/all", "https://join/", "custory://item/c/d"] {
            links.press(pressed);
        }
        links.press(&format!("{}{}", TAKEN[0], "x".repeat(LINK_BYTES_MAX)));
        drop(links.pressed);
        let mut waiting = links.waiting.into_inner();
        let mut taken = Vec::new();
        while let Some(link) = waiting.recv().await {
            taken.push(link);
        }
        assert_eq!(taken, ["custory://join/a#b", "custory://item/c/d"]);
    }
}
