//! Which addresses may be connected to.
//!
//! The check is made on the resolved address, and the connection goes to that very address: there
//! is no second look-up that could answer otherwise. Addresses written as numbers never reach the
//! look-up, so [`Guard::check`] looks at them, for the first address and for every redirect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether addresses of this machine and of private networks are allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub allow_private: bool,
}

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0} is on this machine or in a private network")]
    Private(String),
    #[error("{0}")]
    Form(&'static str),
}

impl Guard {
    /// Checks an address before anything is looked up.
    pub(super) fn check(self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Form("only http and https are read"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Form("addresses with a user name or password are not read"));
        }
        let is_other_port = !self.allow_private && url.port().is_some_and(|it| !matches!(it, 80 | 443));
        let refuse = |ip: IpAddr| (!self.allows(ip)).then(|| Refusal::Private(ip.to_string()));
        let refusal = match url.host() {
            None => Some(Refusal::Form("it has no host")),
            Some(Host::Ipv4(ip)) => refuse(ip.into()),
            Some(Host::Ipv6(ip)) => refuse(ip.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_lowercase();
                let is_local = name == "localhost"
                    || [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet"]
                        .iter()
                        .any(|it| name.ends_with(it));
                (is_local && !self.allow_private).then_some(Refusal::Private(name))
            }
        };
        // The host first: that is what a person can allow.
        let refusal =
            refusal.or(is_other_port.then_some(Refusal::Form("only the usual ports of websites are read")));
        refusal.map_or(Ok(()), Err)
    }

    /// Whether an address may be connected to.
    pub(super) fn allows(self, ip: IpAddr) -> bool {
        if is_metadata(ip) {
            return false; // Answers with credentials of the machine; never material.
        }
        self.allow_private || is_public(ip)
    }
}

/// Where clouds tell a machine its credentials.
fn is_metadata(ip: IpAddr) -> bool {
    const METADATA: [IpAddr; 4] = [
        IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
        IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
        IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
        IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    ];
    METADATA.contains(&ip) || embedded(ip).is_some_and(|it| METADATA.contains(&it.into()))
}

/// The IPv4 address that an IPv6 address stands for (mapped, compatible, 6to4, NAT64).
fn embedded(ip: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(ip) = ip else { return None };
    let parts = ip.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] if (high, low) > (0, 1) => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        _ => None,
    }
}

fn is_public(ip: IpAddr) -> bool {
    if let Some(inner) = embedded(ip) {
        return is_public(inner.into());
    }
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let is_special = ip.is_unspecified()
                || ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b)) // Shared by carriers (RFC 6598).
                || (a == 192 && b == 0 && c == 0) // Protocol assignments (RFC 6890).
                || (a == 198 && (18..20).contains(&b)); // Benchmarks (RFC 2544).
            !is_special
        }
        IpAddr::V6(ip) => {
            let first = ip.segments()[0];
            let is_special = ip.is_unspecified()
                || ip.is_loopback()
                || ip.is_multicast()
                || (first & 0xfe00) == 0xfc00 // Unique local (RFC 4193).
                || (first & 0xffc0) == 0xfe80 // Link local.
                || (first & 0xffc0) == 0xfec0 // Site local, of old.
                || ip.segments()[..2] == [0x2001, 0xdb8] // Documentation.
                || ip.segments()[..4] == [0x64, 0xff9b, 1, 0] // Local NAT64 (RFC 8215).
                || ip.segments()[..4] == [0x100, 0, 0, 0]; // Discard (RFC 6666).
            !is_special
        }
    }
}

/// Looks names up and lets through only what the guard allows.
#[derive(Debug)]
pub(super) struct GuardedResolver(pub Guard);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found.iter().copied().filter(|it| guard.allows(it.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(Box::new(Refusal::Private(host)) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The refusal inside an error of the client, if that was the cause.
pub(super) fn refusal_in(error: &reqwest::Error) -> Option<Refusal> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(refusal) = cause.downcast_ref::<Refusal>() {
            return Some(refusal.clone());
        }
        source = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        let guard = Guard { allow_private: false };
        for ip in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "192.0.2.1",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001:db8::1",
            "100::1",
            "fd00:ec2::254",
        ] {
            assert!(!guard.allows(ip.parse().expect("an address")), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(guard.allows(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn credentials_of_a_cloud_are_never_read() {
        let guard = Guard { allow_private: true };
        for ip in ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "100.100.100.200"] {
            assert!(!guard.allows(ip.parse().expect("an address")), "{ip}");
        }
        assert!(guard.allows("127.0.0.1".parse().expect("an address")));
    }

    #[test]
    fn addresses_are_checked_as_written_too() {
        let guard = Guard { allow_private: false };
        for url in [
            "http://localhost/",
            "http://LOCALHOST./",
            "http://app.localhost/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://017700000001/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "https://user:secret@example.com/",
            "https://user@example.com/",
            "https://example.com:8443/",
            "http://example.com:22/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http://192.168.0.1/",
        ] {
            assert!(guard.check(&Url::parse(url).expect("a url")).is_err(), "{url}");
        }
        for url in [
            "https://example.com/",
            "http://example.com/",
            "https://example.com:443/",
            "http://example.com:80/x",
        ] {
            assert_eq!(guard.check(&Url::parse(url).expect("a url")), Ok(()), "{url}");
        }
        let open = Guard { allow_private: true };
        assert_eq!(open.check(&Url::parse("http://localhost:3000/").expect("a url")), Ok(()));
        assert!(open.check(&Url::parse("http://a:b@localhost:3000/").expect("a url")).is_err());
    }
}
