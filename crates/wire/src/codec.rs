//! CBOR in and out: everything on the wire and everything signed goes through here.
//!
//! Invariant: what is encoded is at once what is decoded; a message with bytes left over is refused.

use minicbor::{Decode, Encode};

/// Why bytes are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than it may be.
    #[error("{bytes} bytes where at most {max} may be")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        max: usize,
    },
    /// Not the structure that is expected here.
    #[error("not understood: {reason}")]
    Malformed {
        /// What the decoder says.
        reason: String,
    },
    /// Something follows that does not belong to it.
    #[error("{0} bytes too many at the end")]
    Trailing(usize),
    /// More parts than there may be.
    #[error("too many {0}")]
    TooMany(&'static str),
}

/// Encodes a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail, and no type here refuses to be written.
    minicbor::encode(value, &mut bytes).expect("encoding into memory does not fail");
    bytes
}

/// Decodes all of `bytes` as one value.
///
/// # Errors
/// When they are longer than `max`, are no such value, or hold more than it.
pub fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8], max: usize) -> Result<T, DecodeError> {
    if bytes.len() > max {
        return Err(DecodeError::TooLong { bytes: bytes.len(), max });
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|error| DecodeError::Malformed { reason: error.to_string() })?;
    match bytes.len() - decoder.position() {
        0 => Ok(value),
        rest => Err(DecodeError::Trailing(rest)),
    }
}

/// Lists of byte strings: records, as they were received.
pub(crate) mod byte_list {
    use minicbor::bytes::ByteVec;
    use minicbor::decode::Error;
    use minicbor::encode::Write;
    use minicbor::{Decoder, Encoder};

    pub fn encode<C, W: Write>(
        list: &[Vec<u8>],
        out: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        out.array(list.len() as u64)?;
        for bytes in list {
            out.bytes(bytes)?;
        }
        Ok(())
    }

    pub fn decode<C>(input: &mut Decoder<'_>, _: &mut C) -> Result<Vec<Vec<u8>>, Error> {
        let list: Vec<ByteVec> = input.decode()?;
        Ok(list.into_iter().map(Vec::from).collect())
    }
}
