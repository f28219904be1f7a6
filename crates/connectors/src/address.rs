//! Addresses that something secret may be sent to: encrypted, or on this very machine.

use url::{Host, Url};

use crate::error::ConnectError;
use crate::reply::short;

/// An address that a key may be sent to, with a slash at its end so that paths go below it.
pub(crate) fn checked(vendor: &'static str, text: &str) -> Result<Url, ConnectError> {
    let bad =
        |reason: &str| ConnectError::BadAddress { vendor, address: short(text), reason: reason.to_owned() };
    let mut url = Url::parse(text.trim()).map_err(|_| bad("it should look like https://example.com"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(bad("without https anyone on the way could read the key")),
        _ => return Err(bad("it should begin with https://")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(bad("it may hold no user name, password or question mark"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether it leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        Some(Host::Domain(it)) => it == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_only_where_nobody_on_the_way_can_read_it() {
        let ok = |text: &str| checked("Acme", text).map(|it| it.to_string()).ok();
        assert_eq!(ok("https://eu.posthog.com"), Some("https://eu.posthog.com/".to_owned()));
        assert_eq!(ok(" https://a.example/posthog "), Some("https://a.example/posthog/".to_owned()));
        assert_eq!(ok("http://127.0.0.1:8000"), Some("http://127.0.0.1:8000/".to_owned()));
        for bad in [
            "http://posthog.example",
            "ftp://a.example",
            "eu",
            "https://me:pw@a.example",
            "https://a.example/?k=1",
        ] {
            assert_eq!(ok(bad), None, "{bad}");
        }
    }
}
