//! Padding and packing of what is sealed, so that its length says little and costs little.

use std::io::Read;
use std::sync::LazyLock;

use zeroize::Zeroizing;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::aead::OpenError;

/// Shorter is not worth packing.
const PACK_FROM: usize = 200;

/// Speed before size: changes are packed once and read by everybody.
const LEVEL: i32 = 3;

/// What is short is packed with more effort: it is small work, and most edits are short.
const SHORT: usize = 4 << 10;

/// How hard that is tried.
const LEVEL_OF_SHORT: i32 = 19;

const PLAIN: u8 = 0;
const PACKED: u8 = 1;
const PACKED_CHANGES: u8 = 2;

/// What changes of journeys are made of: names of fields, words of gestures, columns of numbers. It is part of
/// the protocol; changes that look otherwise are only packed less well.
static USUAL: &[u8] = include_bytes!("../../../docs/protocol/usual-changes-1.bin");

/// The first bytes of every zstd frame, which are left out.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

static PACKER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(USUAL, LEVEL));
static PACKER_OF_SHORT: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(USUAL, LEVEL_OF_SHORT));
static UNPACKER: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(USUAL));

/// Length after padding (Padmé): at most an eighth more, and only the length's magnitude and a few
/// bits of it can be seen.
pub(crate) fn padded_len(len: usize) -> usize {
    if len < 2 {
        return len;
    }
    let magnitude = len.ilog2();
    let kept = magnitude.ilog2() + 1;
    let mask = (1usize << (magnitude - kept.min(magnitude))) - 1;
    (len + mask) & !mask
}

/// Packs if that makes it shorter, and pads: `how (1) | length (4) | bytes | zeros`.
pub(crate) fn pack(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let packed = (bytes.len() >= PACK_FROM).then(|| zstd::bulk::compress(bytes, LEVEL));
    let (how, body) = match &packed {
        Some(Ok(packed)) if packed.len() < bytes.len() => (PACKED, packed.as_slice()),
        _ => (PLAIN, bytes),
    };
    padded(&[&[how], &(body.len() as u32).to_be_bytes(), body])
}

/// Packs what holds changes, and pads: `2 | zstd frame without its first four bytes | zeros`.
pub(crate) fn pack_changes(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let packer = if bytes.len() < SHORT { &PACKER_OF_SHORT } else { &PACKER };
    let packed =
        zstd::bulk::Compressor::with_prepared_dictionary(packer).and_then(|mut it| it.compress(bytes));
    match packed.as_deref().ok().and_then(|it| it.strip_prefix(&MAGIC)) {
        Some(packed) if packed.len() < bytes.len() => padded(&[&[PACKED_CHANGES], packed]),
        _ => padded(&[&[PLAIN], &(bytes.len() as u32).to_be_bytes(), bytes]),
    }
}

fn padded(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let len = parts.iter().map(|it| it.len()).sum();
    let mut out = Zeroizing::new(Vec::with_capacity(padded_len(len)));
    parts.iter().for_each(|it| out.extend_from_slice(it));
    out.resize(padded_len(len), 0);
    out
}

/// Takes padding and packing off, as long as that gives no more than `max` bytes.
pub(crate) fn unpack(bytes: &[u8], max: usize) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let ([how], rest) = bytes.split_first_chunk().ok_or(OpenError::Content)?;
    if *how == PACKED_CHANGES {
        // The frame says itself where it ends.
        let reader = MAGIC.as_slice().chain(rest);
        let reader = zstd::stream::read::Decoder::with_prepared_dictionary(reader, &UNPACKER);
        return read_up_to(max, reader.map_err(|_| OpenError::Content)?.single_frame());
    }
    let (len, rest) = rest.split_first_chunk().ok_or(OpenError::Content)?;
    let body = rest.get(..u32::from_be_bytes(*len) as usize).ok_or(OpenError::Content)?;
    match *how {
        PLAIN => Ok(Zeroizing::new(body.to_vec())),
        PACKED => {
            let reader = zstd::stream::read::Decoder::new(body).map_err(|_| OpenError::Content)?;
            read_up_to(max, reader)
        }
        _ => Err(OpenError::Content),
    }
}

fn read_up_to(max: usize, reader: impl Read) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut out = Zeroizing::new(Vec::new());
    let limit = max as u64 + 1;
    reader.take(limit).read_to_end(&mut out).map_err(|_| OpenError::Content)?;
    if out.len() > max { Err(OpenError::TooLong) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: usize = 5 << 20;

    #[test]
    fn padding_costs_at_most_an_eighth_and_hides_the_exact_length() {
        let mut lengths = std::collections::BTreeSet::new();
        for len in 16..20_000 {
            let padded = padded_len(len);
            assert!(padded >= len && (padded - len) * 8 <= len, "{len} → {padded}");
            lengths.insert(padded);
        }
        assert!(lengths.len() < 200, "{} lengths can be told apart", lengths.len());
    }

    #[test]
    fn what_is_packed_comes_back() {
        for bytes in [vec![], vec![7], vec![7; 5_000], (0..=255).cycle().take(1_000).collect::<Vec<u8>>()] {
            assert_eq!(*unpack(&pack(&bytes), MAX).unwrap(), bytes);
            assert_eq!(*unpack(&pack_changes(&bytes), MAX).unwrap(), bytes);
        }
        assert_eq!(*unpack(&pack_changes(USUAL), MAX).unwrap(), USUAL);
        assert!(pack_changes(USUAL).len() < 100);
        assert!(pack(&[7; 5_000]).len() < 200);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let packed = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
        let mut bytes = vec![PACKED];
        bytes.extend((packed.len() as u32).to_be_bytes());
        bytes.extend(packed);
        assert_eq!(unpack(&bytes, MAX), Err(OpenError::TooLong));
        assert_eq!(unpack(&pack_changes(&vec![0; 64 << 20]), MAX), Err(OpenError::TooLong));
        let mut cut = pack_changes(USUAL).to_vec();
        cut.truncate(6);
        assert_eq!(unpack(&cut, MAX), Err(OpenError::Content));
        for bytes in [
            vec![],
            vec![PLAIN, 0, 0, 0],
            vec![PLAIN, 0, 0, 0, 9, 1],
            vec![2],
            vec![2, 0, 0, 0, 0],
            vec![3, 0, 0, 0, 0],
        ] {
            assert_eq!(unpack(&bytes, MAX), Err(OpenError::Content), "{bytes:?}");
        }
    }
}
