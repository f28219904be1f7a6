//! The interface's one door to what it runs in: the desktop shell, or a plain browser page.
//!
//! Requests go out, events come in, files are picked; the time and fresh ids come from here as
//! well. Nothing else in the interface knows which host it has. There are two transports, chosen
//! once at the start: the shell's own bridge, and HTTP to the page's origin, behind which the same
//! engine answers.

mod shell;
mod web;

use std::sync::OnceLock;

use custory_domain::Timestamp;
use custory_ipc::{ErrorCode, Event, Failure, Reply, Request};

/// Whether the desktop shell is there. Asked once: it does not come or go while the page lives.
fn is_shell() -> bool {
    static IS_SHELL: OnceLock<bool> = OnceLock::new();
    *IS_SHELL.get_or_init(shell::is_present)
}

/// Asks the engine.
///
/// # Errors
/// The engine's own no, or that it could not be reached.
pub async fn request(request: Request) -> Result<Reply, Failure> {
    let text = serde_json::to_string(&request).map_err(garbled)?;
    if is_shell() { shell::request(&text).await } else { web::request(&text).await }
}

/// Hears everything the engine tells, from now until the page goes.
pub fn listen(hear: impl FnMut(Event) + 'static) {
    if is_shell() {
        shell::listen(hear);
    } else {
        web::listen(hear);
    }
}

/// Lets the person choose a folder of this machine; `None` if they chose none.
pub async fn pick_folder() -> Option<String> {
    if is_shell() { shell::pick_folder().await } else { web::ask_path("Path of the folder") }
}

/// Lets the person choose files of this machine; none if they chose none.
pub async fn pick_files() -> Vec<String> {
    if is_shell() {
        shell::pick_files().await
    } else {
        web::ask_path("Path of the file").into_iter().collect()
    }
}

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The text itself.
    Text,
    /// The picture that the text, as SVG, describes.
    Png,
    /// A page with that picture.
    Pdf,
}

/// Lets the person choose where to keep a text, as it is or drawn; answers whether it was kept.
///
/// # Errors
/// When the file could not be written, or the host draws no pictures.
pub async fn save_file(name: &str, text: &str, content: Content) -> Result<bool, Failure> {
    match content {
        _ if is_shell() => shell::save_file(name, text, content).await,
        Content::Text => web::save_file(name, text),
        Content::Png | Content::Pdf => {
            let message =
                "Only the desktop application draws this. Save an SVG here, or open the application.";
            Err(Failure::new(ErrorCode::BadInput, message))
        }
    }
}

/// Shows everything larger or smaller.
pub async fn scale(factor: f64) {
    if is_shell() {
        shell::scale(factor).await;
    } else {
        web::scale(factor);
    }
}

/// The next invitation that was pressed elsewhere, once there is one; a page in a browser hears of none.
pub async fn next_link() -> Option<String> {
    if is_shell() { shell::next_link().await } else { None }
}

/// Opens an address outside of the application.
pub async fn open_external(url: &str) {
    if is_shell() {
        shell::open_external(url).await;
    } else {
        web::open_external(url);
    }
}

/// The present time.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// A moment by the clock of this place.
pub fn local(at: Timestamp) -> jiff::civil::DateTime {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    let (year, month, day) = (date.get_full_year() as i16, date.get_month() as i8 + 1, date.get_date() as i8);
    let (hour, minute, second) = (date.get_hours() as i8, date.get_minutes() as i8, date.get_seconds() as i8);
    jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0)
        .unwrap_or_else(|_| at.date().to_datetime(jiff::civil::Time::midnight()))
}

/// Parts of a fresh id: the time in milliseconds, and 80 random bits.
fn fresh_parts() -> (u64, u128) {
    let mut random = [0; 16];
    getrandom::fill(&mut random).expect("every web view has a source of randomness");
    // An id keeps 80 of the bits and ignores the rest.
    (js_sys::Date::now() as u64, u128::from_le_bytes(random) >> 48)
}

/// A fresh id of any kind: `fresh(StepId::from_parts)`.
pub fn fresh<Id>(make: impl FnOnce(u64, u128) -> Id) -> Id {
    let (at_millis, random) = fresh_parts();
    make(at_millis, random)
}

fn garbled(error: impl std::fmt::Display) -> Failure {
    Failure::new(ErrorCode::Internal, format!("The program does not understand itself: {error}."))
}

fn unreachable(what: impl std::fmt::Display) -> Failure {
    Failure::new(
        ErrorCode::Internal,
        format!("The program does not answer ({what}). Try again, or restart it."),
    )
}
