//! How faults of the rooms below become answers that a person can act on.

use custory_ipc::{ErrorCode, Failure};

/// What was named is not here.
pub(crate) fn not_found(message: &str) -> Failure {
    Failure::new(ErrorCode::NotFound, message)
}

/// A journey that is not on this device.
pub(crate) fn no_such_journey() -> Failure {
    not_found("This journey is not on this device. It may have been deleted in another window.")
}

/// A draft that is not on this device.
pub(crate) fn no_such_draft() -> Failure {
    not_found("This draft is not here any more. It was accepted or discarded.")
}

/// Something that cannot happen did; says what, so that it can be reported.
pub(crate) fn internal(what: &str) -> Failure {
    tracing::error!("{what}");
    Failure::new(ErrorCode::Internal, format!("{what} Nothing was changed. Please report this."))
}
