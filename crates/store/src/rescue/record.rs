//! Rows as SQLite writes them (“Database File Format”, section 2.1), read without trust.

use crate::seal::Field;

/// Columns in the widest table, with room; more of them are damage.
const FIELDS_MAX: usize = 16;

/// The columns of a row.
pub(super) fn fields(payload: &[u8]) -> Option<Vec<Field<'_>>> {
    let (header, mut at) = varint(payload, 0)?;
    let header = usize::try_from(header).ok()?;
    let (mut fields, mut value) = (Vec::new(), header);
    while at < header {
        let (kind, after) = varint(payload, at)?;
        at = after;
        let (field, length) = field(kind, payload.get(value..)?)?;
        value += length;
        fields.push(field);
        if fields.len() > FIELDS_MAX {
            return None;
        }
    }
    Some(fields)
}

/// One column and how many bytes it takes.
fn field(kind: i64, from: &[u8]) -> Option<(Field<'_>, usize)> {
    let int = |length: usize| {
        let bytes = from.get(..length)?;
        let is_negative = bytes.first().is_some_and(|it| *it >= 0x80);
        let mut whole = if is_negative { [0xff; 8] } else { [0; 8] };
        whole[8 - length..].copy_from_slice(bytes);
        Some((Field::Int(i64::from_be_bytes(whole)), length))
    };
    let length = |kind: i64| usize::try_from((kind - 12) / 2).ok();
    match kind {
        0 => Some((Field::Null, 0)),
        1..=4 => int(usize::try_from(kind).ok()?),
        5 => int(6),
        6 => int(8),
        7 => Some((Field::Real, 8)),
        8 => Some((Field::Int(0), 0)),
        9 => Some((Field::Int(1), 0)),
        12.. if kind % 2 == 0 => {
            let bytes = from.get(..length(kind)?)?;
            Some((Field::Blob(bytes), bytes.len()))
        }
        13.. => {
            let bytes = from.get(..length(kind)?)?;
            Some((Field::Text(std::str::from_utf8(bytes).ok()?), bytes.len()))
        }
        _ => None,
    }
}

/// A number of one to nine bytes, and where it ends.
pub(super) fn varint(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut value: u64 = 0;
    for (index, byte) in bytes.get(at..)?.iter().take(9).enumerate() {
        if index == 8 {
            value = value << 8 | u64::from(*byte);
        } else {
            value = value << 7 | u64::from(byte & 0x7f);
        }
        if index == 8 || *byte < 0x80 {
            return Some((value.cast_signed(), at + index + 1));
        }
    }
    None
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}
