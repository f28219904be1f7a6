//! Going on without a window: what is due is done and the team syncs, until the person quits or opens the window again.
//!
//! An icon in the system's tray leads back, and so does starting Custory again; where a desktop has no tray, that is
//! the way.

use custory_engine::Workspaces;
use custory_ipc::{Reply, Request};
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, WindowEvent};

use crate::window;

/// Label of the icon, and the commands of its menu.
const ICON: &str = "custory";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// What is about to happen to a window: one that is closed is hidden instead, if the person wants Custory to stay.
pub(crate) fn on_window_event(window: &tauri::Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let app = window.app_handle();
    if !stays(app) {
        return;
    }
    match window.hide() {
        Ok(()) => {
            api.prevent_close();
            show_icon(app);
        }
        // Better closed than neither.
        Err(error) => tracing::warn!("the window cannot be hidden: {error}"),
    }
}

/// Whether the person wants it.
fn stays(app: &AppHandle) -> bool {
    let workspaces = app.state::<Workspaces>();
    let start = tauri::async_runtime::block_on(workspaces.request(Request::Start));
    matches!(start, Ok(Reply::Start { start }) if start.preferences.stays)
}

/// Puts the icon into the tray, where there is one.
fn show_icon(app: &AppHandle) {
    if app.tray_by_id(ICON).is_some() || !has_tray() {
        return;
    }
    if let Err(error) = build_icon(app) {
        tracing::warn!("there is no icon in the tray: {error}");
    }
}

fn build_icon(app: &AppHandle) -> tauri::Result<()> {
    let open = MenuItem::with_id(app, OPEN, "Open Custory", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "Quit", true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &quit])?;
    let mut icon = TrayIconBuilder::with_id(ICON)
        .tooltip("Custory goes on in the background")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::focus(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::focus(icon.app_handle());
            }
        });
    if let Some(picture) = app.default_window_icon() {
        icon = icon.icon(picture.clone());
    }
    icon.build(app)?;
    Ok(())
}

/// Whether the system has what an icon in the tray needs. On Linux that is a library that is looked for at run time;
/// building an icon without it would end the program.
#[cfg(target_os = "linux")]
fn has_tray() -> bool {
    const NAMES: [&str; 4] = [
        "libayatana-appindicator3.so.1",
        "libappindicator3.so.1",
        "libayatana-appindicator3.so",
        "libappindicator3.so",
    ];
    // SAFETY: these libraries do nothing when they are loaded but register their types, as they do when the icon's
    // own code loads them a moment later.
    NAMES.iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok())
}

#[cfg(not(target_os = "linux"))]
const fn has_tray() -> bool {
    true
}
