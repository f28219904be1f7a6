//! Whether what was typed can be a website's address, said in words before anything is read.
//!
//! Pure. It catches slips of the hand; the reader itself is what keeps private addresses unread.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name or number of the machine, lower case.
    pub host: String,
    /// Whether it is on this machine or on the person's own network.
    pub is_private: bool,
}

/// Reads an address as a person types it: without a scheme `https` is meant.
///
/// # Errors
/// What is wrong with it, for the line below the field.
pub fn read(typed: &str) -> Result<Address, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("Enter the address of a page, for example fieldnote.app.".into());
    }
    let rest = match typed.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) => rest,
        Some((scheme, _)) => {
            return Err(format!(
                "“{scheme}://” can not be read. Use an address that begins with https:// or http://."
            ));
        }
        None if typed.starts_with("mailto:") || typed.contains('@') => {
            return Err("That is an e-mail address. Enter the address of a page.".into());
        }
        None if looks_like_path(typed) => {
            return Err("That is a path on this computer. Use “Repository or folder” for it.".into());
        }
        None => typed,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("Leave the name and password out of the address.".into());
    }
    let (host, port) = split_port(authority);
    if host.is_empty() {
        return Err("The name of the site is missing.".into());
    }
    if !port.is_none_or(|it| it.parse::<u16>().is_ok_and(|it| it > 0)) {
        return Err("The number after “:” is not a port. Ports go from 1 to 65535.".into());
    }
    let host = host.to_lowercase();
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(Address { is_private: is_private(address), host });
    }
    check_name(&host)?;
    let is_private = is_private_name(&host);
    if !host.contains('.') && !is_private {
        return Err(format!("“{host}” is not a whole address. Did you mean {host}.com?"));
    }
    Ok(Address { host, is_private })
}

/// The start page of a web page's site; `None` for what is no address.
pub fn site(locator: &str) -> Option<&str> {
    let (scheme, rest) = locator.split_once("://").filter(|it| ["http", "https"].contains(&it.0))?;
    let host = rest.split(['/', '?', '#']).next().filter(|it| !it.is_empty())?;
    locator.get(..scheme.len() + "://".len() + host.len())
}

fn looks_like_path(typed: &str) -> bool {
    let drive = typed.as_bytes();
    typed.starts_with(['/', '~', '.', '\\']) || (drive.len() > 2 && drive[1] == b':' && drive[2] == b'\\')
}

/// Host and, where one is given, port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, _)) if host.starts_with('[') && !host.ends_with(']') => (authority, None),
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

/// A name as the domain name system has them; letters of other scripts are allowed.
fn check_name(host: &str) -> Result<(), String> {
    if host.contains(char::is_whitespace) {
        return Err("An address has no spaces.".into());
    }
    if let Some(strange) = host.chars().find(|it| !(it.is_alphanumeric() || ".-_".contains(*it))) {
        return Err(format!("“{strange}” can not be part of a site’s name."));
    }
    let labels: Vec<_> = host.trim_end_matches('.').split('.').collect();
    if labels.iter().any(|it| it.is_empty() || it.starts_with('-') || it.ends_with('-')) {
        return Err(format!("“{host}” has a dot or a hyphen too many."));
    }
    let is_number = |it: &&str| it.chars().all(|it| it.is_ascii_digit());
    if labels.last().is_some_and(is_number) {
        return Err(format!("“{host}” is neither a name nor a whole number address."));
    }
    Ok(())
}

/// Names that only mean something on this machine or network.
fn is_private_name(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost"
        || [".localhost", ".local", ".internal", ".home.arpa", ".lan"].iter().any(|it| host.ends_with(it))
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => is_private_v4(it),
        IpAddr::V6(it) => it.to_ipv4_mapped().map_or_else(|| is_private_v6(it), is_private_v4),
    }
}

fn is_private_v4(it: Ipv4Addr) -> bool {
    // 100.64.0.0/10 is what providers and private networks of machines give out (RFC 6598).
    let is_shared = it.octets()[0] == 100 && (64..128).contains(&it.octets()[1]);
    it.is_loopback() || it.is_private() || it.is_link_local() || it.is_unspecified() || is_shared
}

fn is_private_v6(it: Ipv6Addr) -> bool {
    it.is_loopback() || it.is_unspecified() || it.is_unique_local() || it.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (typed, host, is_private) in [
            ("fieldnote.app", "fieldnote.app", false),
            (" https://Fieldnote.app/help?x=1#y ", "fieldnote.app", false),
            ("http://docs.fieldnote.app:8080/", "docs.fieldnote.app", false),
            ("bücher.example", "bücher.example", false),
            ("localhost:3000", "localhost", true),
            ("app.localhost", "app.localhost", true),
            ("nas.local/docs", "nas.local", true),
            ("http://127.0.0.1:8080/docs", "127.0.0.1", true),
            ("192.168.1.20", "192.168.1.20", true),
            ("172.32.0.1", "172.32.0.1", false),
            ("169.254.1.1", "169.254.1.1", true),
            ("100.100.0.1", "100.100.0.1", true),
            ("http://[::1]:8080/", "[::1]", true),
            ("http://[fd00::1]", "[fd00::1]", true),
            ("http://[2001:db8::1]", "[2001:db8::1]", false),
            ("http://[::ffff:10.0.0.1]", "[::ffff:10.0.0.1]", true),
            ("8.8.8.8", "8.8.8.8", false),
        ] {
            assert_eq!(read(typed), Ok(Address { host: host.into(), is_private }), "{typed}");
        }
    }

    #[test]
    fn a_site_is_what_its_pages_have_in_common() {
        for (locator, expected) in [
            ("https://fieldnote.app/help/seats?x#y", Some("https://fieldnote.app")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("https:///help", None),
            ("docs/start.md", None),
            ("file:///home/me", None),
        ] {
            assert_eq!(site(locator), expected, "{locator}");
        }
    }

    #[test]
    fn what_can_not_be_an_address_is_refused_with_the_reason() {
        for (typed, reason) in [
            ("", "Enter the address"),
            ("ftp://fieldnote.app", "“ftp://” can not be read"),
            ("file:///home/me", "“file://” can not be read"),
            ("maya@fieldnote.app", "e-mail address"),
            ("~/code/fieldnote", "path on this computer"),
            ("C:\\code", "path on this computer"),
            ("https://", "name of the site is missing"),
            ("https://maya:secret@fieldnote.app", "name and password"),
            ("field note.app", "no spaces"),
            ("fieldnote..app", "too many"),
            ("-fieldnote.app", "too many"),
            ("fieldnote", "Did you mean fieldnote.com?"),
            ("fieldnote.app:99999", "not a port"),
            ("fieldnote.app:", "not a port"),
            ("1.2.3", "neither a name nor a whole number"),
            ("field“note.app", "can not be part"),
        ] {
            let refusal = read(typed).expect_err(typed);
            assert!(refusal.contains(reason), "{typed}: {refusal}");
        }
    }
}
