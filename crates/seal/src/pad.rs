//! Padding and packing of what is sealed, so that its length says little and costs little.

use std::io::Read;

use zeroize::Zeroizing;

use crate::aead::OpenError;

/// Shorter is not worth packing.
const PACK_FROM: usize = 200;

/// Speed before size: changes are packed once and read by everybody.
const LEVEL: i32 = 3;

const PLAIN: u8 = 0;
const PACKED: u8 = 1;

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
    let mut out = Zeroizing::new(Vec::with_capacity(padded_len(body.len() + 5)));
    out.push(how);
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(body);
    let padded = padded_len(out.len());
    out.resize(padded, 0);
    out
}

/// Takes padding and packing off, as long as that gives no more than `max` bytes.
pub(crate) fn unpack(bytes: &[u8], max: usize) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let ([how], rest) = bytes.split_first_chunk().ok_or(OpenError::Content)?;
    let (len, rest) = rest.split_first_chunk().ok_or(OpenError::Content)?;
    let body = rest.get(..u32::from_be_bytes(*len) as usize).ok_or(OpenError::Content)?;
    match *how {
        PLAIN => Ok(Zeroizing::new(body.to_vec())),
        PACKED => {
            let mut out = Zeroizing::new(Vec::new());
            let reader = zstd::stream::read::Decoder::new(body).map_err(|_| OpenError::Content)?;
            let limit = max as u64 + 1;
            reader.take(limit).read_to_end(&mut out).map_err(|_| OpenError::Content)?;
            if out.len() > max { Err(OpenError::TooLong) } else { Ok(out) }
        }
        _ => Err(OpenError::Content),
    }
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
        }
        assert!(pack(&[7; 5_000]).len() < 200);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let packed = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
        let mut bytes = vec![PACKED];
        bytes.extend((packed.len() as u32).to_be_bytes());
        bytes.extend(packed);
        assert_eq!(unpack(&bytes, MAX), Err(OpenError::TooLong));
        for bytes in [vec![], vec![PLAIN, 0, 0, 0], vec![PLAIN, 0, 0, 0, 9, 1], vec![2, 0, 0, 0, 0]] {
            assert_eq!(unpack(&bytes, MAX), Err(OpenError::Content), "{bytes:?}");
        }
    }
}
