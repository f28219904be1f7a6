//! What a vendor answered, and what that means. Read the same way for every vendor; where one says no
//! in its own way, its [`Connector`] knows.

use std::time::Duration;

use custory_domain::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::ConnectError;
use crate::key::Key;
use crate::registry::{Connector, Objection};

/// Characters of a vendor's own words that are passed on.
const WORDS_CHARS_MAX: usize = 300;

/// Longest wait that a header is believed: a day.
const WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// An answer as it came.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; `Null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What time it is at the vendor, as it says: clocks differ, and its dates are by its own.
    pub fn date(&self) -> Option<Timestamp> {
        let date = httpdate::parse_http_date(self.headers.get(DATE)?.to_str().ok()?).ok()?;
        let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(Timestamp(i64::try_from(since.as_millis()).ok()?))
    }

    /// What `Retry-After` says: seconds, or a date.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(secs) = text.parse::<f64>() {
            return Duration::try_from_secs_f64(secs).ok().map(|it| it.min(WAIT_MAX));
        }
        let at = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        until(Timestamp(i64::try_from(at.as_millis()).ok()?), now)
    }

    /// The JSON that a success holds, or what kind of no it is.
    pub fn judged(&self, by: &Connector, key: &Key, now: Timestamp) -> Result<Value, ConnectError> {
        let now = self.date().unwrap_or(now);
        let body: Result<Value, _> = serde_json::from_slice(&self.body);
        let words = body.as_ref().ok().and_then(by.words).unwrap_or_default();
        let words = key.absent_from(&short(&words));
        let objection = (by.objection)(self, now).or_else(|| self.objection(now));
        match objection {
            Some(objection) => Err(self.fault(by.name, objection, words, now)),
            None if self.status.is_redirection() => {
                let to = self.headers.get(LOCATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
                let to = key.absent_from(&short(to));
                let reason = format!("it sends on to {to}; use that address if it is the right one");
                Err(ConnectError::Unexpected { vendor: by.name, reason })
            }
            None => body.map_err(|error| unexpected(by.name, &error)),
        }
    }

    /// What the status says by the rules of HTTP.
    fn objection(&self, now: Timestamp) -> Option<Objection> {
        match self.status {
            StatusCode::UNAUTHORIZED => Some(Objection::Unauthorized),
            StatusCode::FORBIDDEN => Some(Objection::Forbidden),
            StatusCode::NOT_FOUND | StatusCode::GONE => Some(Objection::NotFound),
            StatusCode::TOO_MANY_REQUESTS => Some(Objection::RateLimited(self.retry_after(now))),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Some(Objection::Unavailable),
            status if status.is_server_error() => Some(Objection::Unavailable),
            status if status.is_client_error() => Some(Objection::Refused),
            _ => None,
        }
    }

    fn fault(
        &self,
        vendor: &'static str,
        objection: Objection,
        detail: String,
        now: Timestamp,
    ) -> ConnectError {
        match objection {
            Objection::Unauthorized => ConnectError::Unauthorized { vendor },
            Objection::Forbidden => ConnectError::Forbidden { vendor, detail },
            Objection::NotFound => ConnectError::NotFound { vendor, detail },
            Objection::RateLimited(retry_in) => ConnectError::RateLimited { vendor, retry_in },
            Objection::Refused => ConnectError::Refused { vendor, detail },
            Objection::Unavailable => {
                let reason = format!("status {}", self.status.as_u16());
                ConnectError::Unavailable { vendor, reason, retry_in: self.retry_after(now) }
            }
        }
    }
}

/// The time until a moment, no longer than is believed; `None` if it has passed.
pub(crate) fn until(moment: Timestamp, now: Timestamp) -> Option<Duration> {
    let millis = u64::try_from(moment.0.checked_sub(now.0)?).ok().filter(|it| *it > 0)?;
    Some(Duration::from_millis(millis).min(WAIT_MAX))
}

/// Reads a part of an answer as what it should be.
pub(crate) fn read<T: DeserializeOwned>(vendor: &'static str, value: Value) -> Result<T, ConnectError> {
    serde_json::from_value(value).map_err(|error| unexpected(vendor, &error))
}

fn unexpected(vendor: &'static str, error: &serde_json::Error) -> ConnectError {
    ConnectError::Unexpected { vendor, reason: short(&error.to_string()) }
}

/// One line of a vendor's words.
pub(crate) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|it| !it.is_control()).take(WORDS_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(retry_after: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        Reply { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Vec::new() }
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date_and_never_believed_without_end() {
        // 21 October 2015, 07:28:00.
        let now = Timestamp(1_445_412_480_000);
        let secs = |text: &str| reply(text).retry_after(now).map(|it| it.as_secs());
        assert_eq!(secs("7"), Some(7));
        assert_eq!(secs("0.5"), Some(0));
        assert_eq!(secs("Wed, 21 Oct 2015 07:28:30 GMT"), Some(30));
        assert_eq!(secs("Wed, 21 Oct 2015 07:27:00 GMT"), None);
        assert_eq!(secs("99999999999"), Some(86_400));
        assert_eq!((secs("-4"), secs("NaN"), secs("soon")), (None, None, None));
    }
}
