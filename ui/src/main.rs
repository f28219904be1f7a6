//! The windows of Custory: draws the state, sends commands, decides nothing about journeys.
//!
//! Journey data has one writer, [`state`], and it writes only what the engine tells it. Everything
//! else here reads it, and asks the engine for what the person wants.

mod app;
mod components;
mod dom;
mod format;
mod host;
mod keys;
mod state;
mod views;

fn main() {
    dom::show_panics();
    dioxus::launch(app::App);
}
