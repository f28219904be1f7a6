//! Notices of the system: what the person wants to hear of at once, while they look elsewhere.
//!
//! There is one at a time: what comes while it stands there takes its place, with how much there is by then. A click
//! leads to what it is about, or to the inbox if that is more than one thing. Invariant: words of others are no markup,
//! whatever the system makes of markup.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use custory_engine::Workspaces;
use custory_ipc::{Event, INBOX_LINK};
use tauri::{AppHandle, Manager, WindowEvent};

use crate::window;

/// Letters of a notice's text, at most. Systems show fewer still.
const LETTERS_MAX: usize = 200;

/// Tells from now on, until the program ends.
pub(crate) fn tell(app: &AppHandle) {
    let unseen = Arc::new(AtomicUsize::new(0));
    if let Some(window) = app.get_webview_window(window::MAIN) {
        let unseen = unseen.clone();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::Focused(true)) {
                unseen.store(0, Ordering::Relaxed);
            }
        });
    }
    let mut events = app.state::<Workspaces>().events();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let bubble = Arc::new(Bubble::default());
        while let Some(event) = events.next().await {
            let Event::Told { title, text, link, count } = event else { continue };
            if is_looked_at(&app) {
                continue;
            }
            let before = unseen.fetch_add(count, Ordering::Relaxed);
            let (app, bubble) = (app.clone(), bubble.clone());
            // The system may take its time.
            let shown = tauri::async_runtime::spawn_blocking(move || {
                bubble.show(&app, Notice { title, text, link }.after(before, count))
            });
            match shown.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!("the system shows no notice: {error}"),
                Err(error) => tracing::error!("a notice broke off: {error}"),
            }
        }
    });
}

fn is_looked_at(app: &AppHandle) -> bool {
    app.get_webview_window(window::MAIN).is_some_and(|it| it.is_focused().unwrap_or(false))
}

/// What a notice says, and where a click on it leads.
struct Notice {
    title: String,
    text: String,
    link: String,
}

impl Notice {
    /// The one notice that tells this news of so many: itself if nothing stood there before, and otherwise how much there is
    /// by now, with it as the newest.
    fn after(self, before: usize, count: usize) -> Self {
        let Self { mut title, mut text, mut link } = self;
        if before > 0 {
            text = format!("{title}. {text}");
            title = format!("{} new for you in Custory", before + count);
            link = INBOX_LINK.to_owned();
        }
        Self { title: short(&title), text: short(&text), link }
    }
}

/// In one line, without what is no letter, as long as a notice may be.
fn short(text: &str) -> String {
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    match line.char_indices().nth(LETTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The notice on the screen.
#[derive(Debug, Default)]
struct Bubble {
    #[cfg(target_os = "linux")]
    at: linux::At,
}

impl Bubble {
    #[cfg(target_os = "linux")]
    fn show(&self, app: &AppHandle, notice: Notice) -> notify_rust::error::Result<()> {
        self.at.show(app, notice)
    }

    /// A click brings the window, which is the system's doing, and no further.
    #[cfg(not(target_os = "linux"))]
    fn show(&self, app: &AppHandle, Notice { title, text, .. }: Notice) -> notify_rust::error::Result<()> {
        let mut notice = notify_rust::Notification::new();
        notice.summary(&title).body(&text);
        // It is Custory's own, with its name and icon, only by what the system knows the program by.
        #[cfg(windows)]
        notice.app_id(&app.config().identifier);
        #[cfg(target_os = "macos")]
        if let Err(error) = notify_rust::set_application(&app.config().identifier) {
            tracing::debug!("notices have another program's name: {error}");
        }
        notice.show().map(drop)
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};

    use notify_rust::{Notification, get_capabilities};
    use tauri::{AppHandle, Manager};

    use super::Notice;
    use crate::links::Links;
    use crate::window;

    /// What a server of notices says that reads markup in their text.
    const READS_MARKUP: &str = "body-markup";
    /// What a click on the notice itself is called.
    const CLICK: &str = "default";

    /// The notice that the desktop shows, by its number.
    #[derive(Debug, Default)]
    pub(super) struct At {
        number: AtomicU32,
        /// Whether somebody waits for a click on it.
        is_awaited: Arc<AtomicBool>,
        /// The link that such a click follows.
        leads_to: Arc<Mutex<String>>,
    }

    impl At {
        pub(super) fn show(
            &self,
            app: &AppHandle,
            Notice { title, text, link }: Notice,
        ) -> notify_rust::error::Result<()> {
            let reads_markup = get_capabilities()?.iter().any(|it| it == READS_MARKUP);
            let text = if reads_markup { escaped(&text) } else { text };
            let mut notice = Notification::new();
            notice.appname("Custory").summary(&title).body(&text).icon("custory").action(CLICK, "Open");
            let number = self.number.load(Ordering::Relaxed);
            if number > 0 {
                notice.id(number);
            }
            let shown = notice.show()?;
            self.number.store(shown.id(), Ordering::Relaxed);
            *self.leads_to.lock().unwrap_or_else(PoisonError::into_inner) = link;
            if !self.is_awaited.swap(true, Ordering::AcqRel) {
                let (app, is_awaited) = (app.clone(), self.is_awaited.clone());
                let leads_to = self.leads_to.clone();
                tauri::async_runtime::spawn_blocking(move || {
                    shown.wait_for_action(|action| {
                        if action == CLICK {
                            app.state::<Links>()
                                .press(&leads_to.lock().unwrap_or_else(PoisonError::into_inner));
                            window::focus(&app);
                        }
                    });
                    is_awaited.store(false, Ordering::Release);
                });
            }
            Ok(())
        }
    }

    /// As text that markup is read in says the same.
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }
}
