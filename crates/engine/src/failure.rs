//! How faults of the rooms below become answers that a person can act on.

use std::fmt;

use custory_domain::CommandError;
use custory_ipc::{ErrorCode, Failure};
use custory_store::StoreError;

/// A [`Failure`] on its way out; the rooms below turn into one by `?`.
#[derive(Debug)]
pub(crate) struct Fault(pub Failure);

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        Self(error.into())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::NoDocument(_) => ErrorCode::NotFound,
            _ => {
                tracing::error!("{error:?}");
                ErrorCode::Storage
            }
        };
        Self(Failure::new(code, error.to_string()))
    }
}

/// What was named is not here.
pub(crate) fn not_found(message: &str) -> Fault {
    Fault(Failure::new(ErrorCode::NotFound, message))
}

/// A journey that is not on this device.
pub(crate) fn no_such_journey() -> Fault {
    not_found("This journey is not on this device. It may have been deleted in another window.")
}

/// A draft that is not on this device.
pub(crate) fn no_such_draft() -> Fault {
    not_found("This draft is not here any more. It was accepted or discarded.")
}

/// A rule of the engine forbids it.
pub(crate) fn refused(message: &str) -> Fault {
    Fault(Failure::new(ErrorCode::Refused, message))
}

/// Something that cannot happen did; says what, so that it can be reported.
pub(crate) fn internal(what: &str) -> Fault {
    tracing::error!("{what}");
    Fault(Failure::new(ErrorCode::Internal, format!("{what} Nothing was changed. Please report this.")))
}
