//! The checksum that ends every row which exists nowhere else.
//!
//! SQLite notices damage to the structure of its pages, not to what stands in them. A seal tells a
//! row that was written from one that was not, whatever happened to the file around it: reads check
//! it, and a rescue recognises rows by it. It guards against accidents, not against people.

/// One column of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Field<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
    /// A number with a fraction; no sealed table has one.
    Real,
}

/// The seal of a row of `table`: CRC-32 over the table's name and all other columns, each with its
/// type and length so that no two rows run into each other.
pub(crate) fn seal(table: &str, fields: &[Field<'_>]) -> i64 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(table.as_bytes());
    for field in fields {
        match field {
            Field::Null | Field::Real => crc.update(&[0]),
            Field::Int(it) => {
                crc.update(&[1]);
                crc.update(&it.to_le_bytes());
            }
            Field::Text(it) => sized(&mut crc, 2, it.as_bytes()),
            Field::Blob(it) => sized(&mut crc, 3, it),
        }
    }
    i64::from(crc.finalize())
}

fn sized(crc: &mut crc32fast::Hasher, tag: u8, bytes: &[u8]) {
    crc.update(&[tag]);
    crc.update(&(bytes.len() as u64).to_le_bytes());
    crc.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_differ_anywhere_have_different_seals() {
        let rows: [(&str, &[Field<'_>]); 6] = [
            ("setting", &[Field::Text("ab"), Field::Text("c")]),
            ("setting", &[Field::Text("a"), Field::Text("bc")]),
            ("setting", &[Field::Text("abc")]),
            ("draft", &[Field::Text("ab"), Field::Text("c")]),
            ("setting", &[Field::Blob(b"ab"), Field::Text("c")]),
            ("setting", &[Field::Int(1), Field::Text("c")]),
        ];
        let seals: std::collections::BTreeSet<i64> =
            rows.iter().map(|(table, row)| seal(table, row)).collect();
        assert_eq!(seals.len(), rows.len());
    }
}
