//! Records of one chunk as one blob: each with its length before it.
//!
//! Invariant: taking apart what was put together gives the same records; anything else is damage, never a panic.

use super::StoreError;

/// Bytes of a record's length: little-endian.
const LENGTH_BYTES: usize = 4;

/// Puts records together.
pub(crate) fn join(records: &[Vec<u8>]) -> Vec<u8> {
    let mut blob = Vec::with_capacity(records.iter().map(|it| it.len() + LENGTH_BYTES).sum());
    for record in records {
        blob.extend((record.len() as u32).to_le_bytes());
        blob.extend(record);
    }
    blob
}

/// Takes them apart.
pub(crate) fn split(blob: &[u8]) -> impl Iterator<Item = Result<&[u8], StoreError>> {
    let mut rest = blob;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let record = next(&mut rest);
        if record.is_none() {
            rest = &[];
        }
        Some(record.ok_or_else(|| StoreError::Damaged("a chunk of records is cut off".to_owned())))
    })
}

fn next<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<LENGTH_BYTES>()?;
    let (record, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = after;
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_together_comes_apart(records: Vec<Vec<u8>>) {
            let blob = join(&records);
            let apart: Vec<Vec<u8>> = split(&blob).map(|it| it.unwrap().to_vec()).collect();
            prop_assert_eq!(apart, records);
        }

        #[test]
        fn damage_is_found_and_ends_the_reading(blob: Vec<u8>) {
            let apart: Result<Vec<_>, _> = split(&blob).collect();
            if let Ok(records) = apart {
                prop_assert_eq!(join(&records.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()), blob);
            }
        }
    }
}
