//! `custory-desktop`: starts the desktop shell.

// Without this a release build opens a console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    #[cfg(target_os = "linux")]
    paint_without_layers_where_there_is_no_graphics_card();
    custory_app::run(tauri::generate_context!())
}

/// Where there is no graphics card, putting layers together on an emulated one takes ten times as long as painting
/// without any (`docs/performance.md`). The web view reads this when it starts.
#[cfg(target_os = "linux")]
fn paint_without_layers_where_there_is_no_graphics_card() {
    const CHOICE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
    if std::env::var_os(CHOICE).is_none() && !std::path::Path::new("/dev/dri").exists() {
        // SAFETY: nothing else runs yet that could read the environment; this is the first line of the program.
        unsafe { std::env::set_var(CHOICE, "1") };
    }
}
