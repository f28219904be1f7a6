//! Why a vendor did not do it, in sentences that tell what to do.

use std::time::Duration;

/// Why a call to a vendor failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The address is none, or would send the key unencrypted.
    #[error("“{address}” cannot be the address of {vendor}: {reason}.")]
    BadAddress {
        /// Who.
        vendor: &'static str,
        /// As given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The key is not accepted.
    #[error(
        "{vendor} does not accept this key. It may have been revoked or copied only in part: connect again with a new one."
    )]
    Unauthorized {
        /// Who.
        vendor: &'static str,
    },
    /// The key is accepted, but may not do this.
    #[error("The key for {vendor} may not do this{}. Give it the scopes that connecting names, and connect again.", said(.detail))]
    Forbidden {
        /// Who.
        vendor: &'static str,
        /// In the vendor's words.
        detail: String,
    },
    /// Asked too often.
    #[error("{vendor} asks to slow down{}.", later(.retry_in))]
    RateLimited {
        /// Who.
        vendor: &'static str,
        /// How long to wait, if the vendor said so.
        retry_in: Option<Duration>,
    },
    /// It is not there, or hidden from this key.
    #[error("{vendor} does not find this{}. It may have been deleted, or the key may not see it.", said(.detail))]
    NotFound {
        /// Who.
        vendor: &'static str,
        /// In the vendor's words.
        detail: String,
    },
    /// The vendor understood and says no.
    #[error("{vendor} refused{}.", said(.detail))]
    Refused {
        /// Who.
        vendor: &'static str,
        /// In the vendor's words.
        detail: String,
    },
    /// No answer, or one that says that the vendor is not well.
    #[error("{vendor} is not available ({reason}). Try again later.")]
    Unavailable {
        /// Who.
        vendor: &'static str,
        /// What happened.
        reason: String,
        /// How long to wait, if the vendor said so.
        retry_in: Option<Duration>,
    },
    /// An answer of another form than the vendor documents.
    #[error("{vendor} answered in a way that this version of Custory does not understand ({reason}).")]
    Unexpected {
        /// Who.
        vendor: &'static str,
        /// What did not fit.
        reason: String,
    },
    /// A setting is missing or cannot be right.
    #[error("{0}")]
    BadSetting(String),
}

fn said(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {}", detail.trim_end_matches('.')) }
}

fn later(retry_in: &Option<Duration>) -> String {
    match retry_in.map(|it| it.as_secs().max(1)) {
        None => String::new(),
        Some(secs @ ..=119) => format!("; try again in {secs} s"),
        Some(secs) => format!("; try again in {} min", secs.div_ceil(60)),
    }
}

impl ConnectError {
    /// Whether the same call may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. })
    }

    /// Whether it leaves open if what was asked for has been done.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Unexpected { .. })
    }

    /// How long the vendor asks to wait.
    pub fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_in, .. } | Self::Unavailable { retry_in, .. } => *retry_in,
            _ => None,
        }
    }
}
