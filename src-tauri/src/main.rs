//! `custory-desktop`: starts the desktop shell.

// Without this a release build opens a console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    custory_app::run()
}
