//! Identifiers, hashes, keys and signatures: byte strings that cannot be mistaken for one another.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::Error as CborError;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// Why a text is not such a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of {0} bytes in hexadecimal")]
pub struct InvalidText(pub usize);

macro_rules! bytes {
    ($($(#[$doc:meta])* $name:ident[$len:literal],)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// How many bytes it has.
            pub const LEN: usize = $len;
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                out: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                out.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(input: &mut Decoder<'b>, _: &mut C) -> Result<Self, CborError> {
                let at = input.position();
                let bytes = input.bytes()?;
                let wrong = || CborError::message(concat!("not ", $len, " bytes")).at(at);
                bytes.try_into().map(Self).map_err(|_| wrong())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!(stringify!($name), "("))?;
                self.0.iter().take(6).try_for_each(|byte| write!(out, "{byte:02x}"))?;
                write!(out, "…)")
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;
            fn from_str(text: &str) -> Result<Self, InvalidText> {
                let mut bytes = [0; $len];
                from_hex(text, &mut bytes).ok_or(InvalidText($len))?;
                Ok(Self(bytes))
            }
        }
    )*};
}

bytes! {
    /// A workspace: the BLAKE3 hash of its first roster record, so that it certifies itself.
    SpaceId[32],
    /// A log of a workspace: one journey, or the workspace's own document.
    LogId[16],
    /// One life of a relay's store. Making, wiping or restoring one begins a new one.
    Incarnation[16],
    /// A BLAKE3 hash.
    Hash[32],
    /// The first half of a BLAKE3 hash, where it stands for a place in a chain.
    Head[16],
    /// An Ed25519 public key of a device or an invitation.
    PublicKey[32],
    /// An Ed25519 public key of a relay.
    RelayKey[32],
    /// An Ed25519 signature.
    Signature[64],
    /// Fresh randomness of one side of a handshake.
    Nonce[32],
    /// What a lease is for; a relay cannot tell what that is.
    LeaseName[16],
}

fn from_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let text = text.as_bytes();
    if text.len() != bytes.len() * 2 {
        return None;
    }
    let digit = |it: u8| (it as char).to_digit(16);
    for (pair, byte) in text.chunks_exact(2).zip(bytes) {
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(())
}

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Its first half.
    pub fn head(&self) -> Head {
        let mut head = [0; 16];
        head.copy_from_slice(&self.0[..16]);
        Head(head)
    }
}

impl SpaceId {
    /// The workspace that a genesis record begins.
    pub fn of_genesis(record: &[u8]) -> Self {
        Self(Hash::of(record).0)
    }

    /// The log of the workspace's own document: its name, people and personas.
    pub fn workspace_log(&self) -> LogId {
        self.derive_log("custory/log/workspace/1", &[])
    }

    /// The log of a journey. The journey's own id cannot be learned from it.
    pub fn journey_log(&self, journey: &[u8; 16]) -> LogId {
        self.derive_log("custory/log/journey/1", journey)
    }

    /// The log of a picture, by the first half of its file's SHA-256 hash. Its own second half says that it
    /// is one, so that a device can leave it until it needs the picture.
    pub fn picture_log(&self, picture: &[u8; 16]) -> LogId {
        let LogId(log) = self.derive_log("custory/log/picture/1", picture);
        self.marked_as_picture(&log)
    }

    /// Whether a log is a picture's.
    pub fn is_picture_log(&self, log: &LogId) -> bool {
        self.marked_as_picture(&log.0) == *log
    }

    fn marked_as_picture(&self, log: &[u8; 16]) -> LogId {
        let LogId(mut marked) = self.derive_log("custory/log/picture/mark/1", &log[..8]);
        marked.copy_within(..8, 8);
        marked[..8].copy_from_slice(&log[..8]);
        LogId(marked)
    }

    fn derive_log(&self, context: &str, of: &[u8]) -> LogId {
        let mut hasher = blake3::Hasher::new_derive_key(context);
        hasher.update(&self.0).update(of);
        let mut log = [0; 16];
        log.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        LogId(log)
    }
}

impl Head {
    /// Before the first of anything.
    pub const ZERO: Self = Self([0; 16]);
}
