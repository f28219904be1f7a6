//! Invitation links: `custory://join/<relay>/<workspace>#<secret>`.
//!
//! The secret is the invitation's seed and the first half of the relay's key, base64url, in the
//! fragment, which no browser sends anywhere. A chat keeps the whole link all the same, so a link
//! only lets somebody *ask*; an admin decides.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64UrlUnpadded, Encoding};
use custory_wire::{RelayKey, SpaceId};
use zeroize::Zeroizing;

use crate::keys::InviteSeed;

/// How a link begins.
const BEGINNING: &str = "custory://join/";

/// Before the host of a relay on another machine that is reached without encryption.
const PLAIN: &str = "plain:";

/// Before the host of a relay on this machine that is reached with encryption.
const ENCRYPTED: &str = "tls:";

/// Bytes of a link. One has about 150.
const LINK_BYTES_MAX: usize = 512;

/// Bytes of a relay's host name and port.
const HOST_BYTES_MAX: usize = 260;

/// Why a text is no link or no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It does not begin as one.
    #[error("an invitation link begins with {BEGINNING}")]
    NotALink,
    /// Something is missing, for instance because it was cut when it was copied.
    #[error("the link is not complete; copy all of it, with what follows the #")]
    Incomplete,
    /// Not an address of a relay.
    #[error("“{0}” is not the address of a relay; expected for instance relay.example.com")]
    Address(String),
}

/// Where a relay is: a host, perhaps a port, and whether the connection is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelayAddress {
    host: String,
    is_plain: bool,
}

impl RelayAddress {
    /// The host, with its port if it has one of its own.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        let scheme = if self.is_plain { "ws" } else { "wss" };
        format!("{scheme}://{}{}", self.host, custory_wire::SYNC_PATH)
    }

    /// This machine itself needs no encryption of the connection.
    fn is_loopback(host: &str) -> bool {
        let name = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|it| it.is_ascii_digit()) { name } else { host }
        });
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    }

    /// Whether the connection is encrypted as nobody would guess from the host: plain to another machine, or
    /// encrypted to this one.
    fn is_unusual(&self) -> bool {
        self.is_plain != Self::is_loopback(&self.host)
    }
}

/// As a person says it: the host, with `ws://` or `wss://` before it only where that is not the ordinary way.
impl fmt::Display for RelayAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unusual() {
            out.write_str(if self.is_plain { "ws://" } else { "wss://" })?;
        }
        out.write_str(&self.host)
    }
}

impl FromStr for RelayAddress {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let refused = || LinkError::Address(text.chars().take(80).collect());
        let text = text.trim();
        let (scheme, host) = text.split_once("://").unwrap_or(("", text));
        // A relay says where it listens with the path, and people paste that.
        let host = host.trim_end_matches('/');
        let host = host.strip_suffix(custory_wire::SYNC_PATH).unwrap_or(host);
        let is_plain = match scheme {
            "ws" | "http" => true,
            "wss" | "https" => false,
            "" => Self::is_loopback(host),
            _ => return Err(refused()),
        };
        let fits = |it: u8| it.is_ascii_alphanumeric() || b".-_:[]".contains(&it);
        if host.is_empty() || host.len() > HOST_BYTES_MAX || !host.bytes().all(fits) {
            return Err(refused());
        }
        Ok(Self { host: host.to_owned(), is_plain })
    }
}

/// What an invitation's link says.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteLink {
    /// Where the workspace's relay is.
    pub relay: RelayAddress,
    /// The first half of the relay's key: another relay at that address is refused.
    pub relay_key: [u8; 16],
    /// The workspace.
    pub space: SpaceId,
    /// The invitation.
    pub seed: InviteSeed,
}

impl fmt::Debug for InviteLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "InviteLink({}, {:?}, …)", self.relay, self.space)
    }
}

impl InviteLink {
    /// A link to an invitation.
    pub fn new(relay: RelayAddress, key: &RelayKey, space: SpaceId, seed: InviteSeed) -> Self {
        let mut relay_key = [0; 16];
        relay_key.copy_from_slice(&key.0[..16]);
        Self { relay, relay_key, space, seed }
    }

    /// The link, to be passed on. Whoever has it can ask to join.
    pub fn expose(&self) -> String {
        let mut secret = Zeroizing::new([0; 48]);
        secret[..32].copy_from_slice(&*self.seed.expose());
        secret[32..].copy_from_slice(&self.relay_key);
        let way = match (self.relay.is_unusual(), self.relay.is_plain) {
            (false, _) => "",
            (true, true) => PLAIN,
            (true, false) => ENCRYPTED,
        };
        let space = Base64UrlUnpadded::encode_string(&self.space.0);
        let secret = Base64UrlUnpadded::encode_string(&*secret);
        format!("{BEGINNING}{way}{}/{space}#{secret}", self.relay.host())
    }
}

impl FromStr for InviteLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let rest = text.strip_prefix(BEGINNING).ok_or(LinkError::NotALink)?;
        if text.len() > LINK_BYTES_MAX {
            return Err(LinkError::NotALink);
        }
        let (place, secret) = rest.split_once('#').ok_or(LinkError::Incomplete)?;
        let (relay, space) = place.split_once('/').ok_or(LinkError::Incomplete)?;
        let relay = match (relay.strip_prefix(PLAIN), relay.strip_prefix(ENCRYPTED)) {
            (Some(host), _) => format!("ws://{host}").parse()?,
            (None, Some(host)) => format!("wss://{host}").parse()?,
            (None, None) => relay.parse()?,
        };
        let mut space_bytes = [0; 32];
        let mut bytes = Zeroizing::new([0; 48]);
        let complete = |it: Result<&[u8], _>, len| it.is_ok_and(|it: &[u8]| it.len() == len);
        if !complete(Base64UrlUnpadded::decode(space.trim_end_matches('/'), &mut space_bytes), 32)
            || !complete(Base64UrlUnpadded::decode(secret, &mut *bytes), 48)
        {
            return Err(LinkError::Incomplete);
        }
        let (mut seed, mut relay_key) = ([0; 32], [0; 16]);
        seed.copy_from_slice(&bytes[..32]);
        relay_key.copy_from_slice(&bytes[32..]);
        Ok(Self { relay, relay_key, space: SpaceId(space_bytes), seed: InviteSeed::from_bytes(seed) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back_as_it_was_written_and_a_cut_one_is_named() {
        for relay in [
            "relay.example.com",
            "localhost:7878",
            "wss://localhost:7878",
            "relay.example.com:8443",
            "ws://10.0.0.5:7878",
        ] {
            let address: RelayAddress = relay.parse().unwrap();
            let seed = InviteSeed::from_bytes([7; 32]);
            let link = InviteLink::new(address, &RelayKey([9; 32]), SpaceId([3; 32]), seed);
            let text = link.expose();
            assert_eq!(text.parse(), Ok(link), "{text}");
            for cut in BEGINNING.len()..text.len() {
                let error = text[..cut].parse::<InviteLink>();
                assert!(matches!(error, Err(LinkError::Incomplete | LinkError::Address(_))), "{cut}");
            }
        }
        assert_eq!("https://example.com".parse::<InviteLink>(), Err(LinkError::NotALink));
    }

    #[test]
    fn only_this_machine_is_reached_without_encryption_unless_one_says_so() {
        for (text, url) in [
            ("relay.example.com", "wss://relay.example.com/sync/1"),
            ("https://relay.example.com/", "wss://relay.example.com/sync/1"),
            ("127.0.0.1:7878", "ws://127.0.0.1:7878/sync/1"),
            ("localhost", "ws://localhost/sync/1"),
            ("[::1]:7878", "ws://[::1]:7878/sync/1"),
            ("ws://10.0.0.5:7878", "ws://10.0.0.5:7878/sync/1"),
            ("wss://localhost:7878", "wss://localhost:7878/sync/1"),
            ("ws://127.0.0.1:7741/sync/1", "ws://127.0.0.1:7741/sync/1"),
            ("wss://relay.example.com/sync/1/", "wss://relay.example.com/sync/1"),
        ] {
            let address: RelayAddress = text.parse().unwrap();
            assert_eq!(address.url(), url);
            assert_eq!(address.to_string().parse(), Ok(address), "{text} is remembered as it was meant");
        }
        for bad in ["", "ftp://x", "a/b", "a b", "a@b", "a?b", "http://"] {
            assert!(bad.parse::<RelayAddress>().is_err(), "{bad}");
        }
    }
}
