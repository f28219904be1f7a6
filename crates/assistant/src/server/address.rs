//! Which addresses a model may be asked at.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::error::ModelError;

/// Where Ollama listens unless told otherwise.
pub const DEFAULT_ADDRESS: &str = "http://127.0.0.1:11434";

/// Reads an address; without a scheme `http` is meant. Always ends in `/`, so that paths join onto it.
///
/// # Errors
/// When it is no address of a server, or one of another machine without `is_remote_allowed`.
pub fn address(text: &str, is_remote_allowed: bool) -> Result<Url, ModelError> {
    const CHARS_MAX: usize = 2_000;
    let bad = || ModelError::BadAddress { address: text.chars().take(CHARS_MAX).collect() };
    let trimmed = text.trim();
    let full = if trimmed.contains("://") { trimmed.to_owned() } else { format!("http://{trimmed}") };
    let mut url = Url::parse(&full).map_err(|_| bad())?;
    let is_server = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|it| !it.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    if !is_server || text.len() > CHARS_MAX {
        return Err(bad());
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    if !is_remote_allowed && !is_this_machine(&url) {
        return Err(ModelError::RemoteNotAllowed { host: url.host_str().unwrap_or_default().to_owned() });
    }
    Ok(url)
}

/// Whether what is sent there stays on this machine.
pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(it)) => it.is_loopback() || it == Ipv4Addr::UNSPECIFIED,
        Some(Host::Ipv6(it)) => {
            it.is_loopback()
                || it == Ipv6Addr::UNSPECIFIED
                || it.to_ipv4_mapped().is_some_and(|it| it.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked_unless_another_was_allowed() {
        for (text, expected) in [
            ("127.0.0.1:11434", Some("http://127.0.0.1:11434/")),
            ("http://localhost:11434", Some("http://localhost:11434/")),
            ("LOCALHOST", Some("http://localhost/")),
            ("http://[::1]:11434", Some("http://[::1]:11434/")),
            ("http://127.9.9.9/ollama", Some("http://127.9.9.9/ollama/")),
            ("http://0.0.0.0:11434", Some("http://0.0.0.0:11434/")),
            ("http://localhost.example.com", None),
            ("http://127.0.0.1.example.com", None),
            ("https://models.example.com", None),
            ("http://192.168.1.9:11434", None),
            ("http://2130706434", Some("http://127.0.0.2/")),
        ] {
            let found = address(text, false);
            match expected {
                Some(url) => assert_eq!(found.expect(text).as_str(), url),
                None => {
                    assert!(matches!(found, Err(ModelError::RemoteNotAllowed { .. })), "{text}");
                    assert!(address(text, true).is_ok(), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused_even_when_remote_is_allowed() {
        for text in
            ["", "  ", "ftp://127.0.0.1", "file:///etc/passwd", "http://user:secret@127.0.0.1", "http://"]
        {
            assert!(matches!(address(text, true), Err(ModelError::BadAddress { .. })), "{text}");
        }
    }
}
