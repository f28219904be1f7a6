//! Bounds what a change can unpack to, before Automerge unpacks it.
//!
//! The columns of a change are run-length encoded: a hundred bytes can claim a trillion operations,
//! or one long key a million times. Automerge would count them one by one or run out of memory,
//! and neither can be caught. So the runs are added up here first, without unpacking anything.
//!
//! Layout of a change: <https://automerge.org/automerge-binary-format-spec/#change-chunks>.

/// What a column can unpack to.
pub(crate) struct Room {
    /// Rows: operations, or predecessors of operations.
    pub rows: u64,
    /// Bytes of texts.
    pub text_bytes: u64,
}

/// The room of a change. An import of 2,000 items with their evidence has about 60,000 rows.
const CHANGE: Room = Room { rows: 500_000, text_bytes: 64 << 20 };

/// Reads numbers and stretches off the front of some bytes; `None` where they end too early.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned LEB128 number.
    pub fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return (shift < 63 || byte <= 1).then_some(value);
            }
        }
        None
    }

    /// A signed LEB128 number.
    pub fn signed(&mut self) -> Option<i64> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            value |= i64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0 && shift + 7 < 64;
                return Some(if is_negative { value | (-1i64 << (shift + 7)) } else { value });
            }
        }
        None
    }

    pub fn stretch(&mut self) -> Option<&'a [u8]> {
        let length = self.unsigned()?;
        self.take(length)
    }
}

/// What a look at the columns of a change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// It unpacks to no more than an honest change may.
    pub fits: bool,
    /// It holds operations that this program never writes: marks in rich texts, or such as this
    /// version of Automerge does not know.
    pub is_unusual: bool,
}

/// Looks at the body of a change chunk; `None` if it is no change.
pub(crate) fn look(body: &[u8]) -> Option<Look> {
    let mut reader = Reader(body);
    let dependencies = reader.unsigned()?;
    reader.take(dependencies.checked_mul(32)?)?;
    reader.stretch()?; // actor
    reader.unsigned()?; // number among the actor's changes
    reader.unsigned()?; // number of its first operation
    reader.signed()?; // time
    reader.stretch()?; // message
    for _ in 0..reader.unsigned()? {
        reader.stretch()?; // another actor
    }
    let mut columns = Vec::new();
    for _ in 0..reader.unsigned()? {
        columns.push((reader.unsigned()?, reader.unsigned()?));
    }
    let mut look = Look { fits: true, is_unusual: false };
    for (specification, length) in columns {
        let column = reader.take(length)?;
        look.fits &= column_fits(specification, column, &CHANGE)?;
        if specification == ACTIONS {
            look.is_unusual |= !runs(column, |reader| reader.unsigned().map(is_unusual))?.is_zero();
        }
    }
    Some(look)
}

/// The column that says what each operation does.
const ACTIONS: u64 = 0x42;

/// One if an operation is other than making a map, list, text or table, setting, deleting or
/// counting.
fn is_unusual(action: u64) -> u64 {
    const TABLE: u64 = 6;
    u64::from(action > TABLE)
}

/// Whether a column unpacks to no more than there is room for; `None` if it is none.
pub(crate) fn column_fits(specification: u64, column: &[u8], room: &Room) -> Option<bool> {
    let rows_fit = |it: Totals| it.rows <= room.rows;
    match specification & 0b111 {
        GROUP => {
            runs(column, |reader| reader.unsigned()).map(|it| it.rows <= room.rows && it.sum <= room.rows)
        }
        ACTOR | INTEGER | VALUE_METADATA => runs(column, |reader| reader.unsigned().map(|_| 0)).map(rows_fit),
        DELTA => runs(column, |reader| reader.signed().map(|_| 0)).map(rows_fit),
        BOOLEAN => {
            let mut reader = Reader(column);
            let mut rows = 0u64;
            while !reader.0.is_empty() {
                rows = rows.saturating_add(reader.unsigned()?);
            }
            Some(rows <= room.rows)
        }
        STRING => runs(column, |reader| reader.stretch().map(|it| it.len() as u64))
            .map(|it| it.rows <= room.rows && it.sum <= room.text_bytes),
        _ => Some(true), // raw values: as long as they are
    }
}

const GROUP: u64 = 0;
const ACTOR: u64 = 1;
const INTEGER: u64 = 2;
const DELTA: u64 = 3;
const BOOLEAN: u64 = 4;
const STRING: u64 = 5;
const VALUE_METADATA: u64 = 6;

/// How many rows a column has, and the sum of their measures.
#[derive(Default)]
struct Totals {
    rows: u64,
    sum: u64,
}

impl Totals {
    fn is_zero(&self) -> bool {
        self.sum == 0
    }
}

/// Whether a column of numbers goes no higher than it has rows, as where everybody counts one by one;
/// `None` if it is none. Automerge keeps a table up to the highest number.
pub(crate) fn counts_up(column: &[u8]) -> Option<bool> {
    let mut reader = Reader(column);
    let (mut at, mut highest, mut rows) = (0i64, 0i64, 0i64);
    while !reader.0.is_empty() {
        match reader.signed()? {
            0 => rows = rows.saturating_add_unsigned(reader.unsigned()?),
            run @ 1.. => {
                at = at.saturating_add(reader.signed()?.saturating_mul(run));
                rows = rows.saturating_add(run);
                highest = highest.max(at);
            }
            run => {
                for _ in 0..run.unsigned_abs() {
                    at = at.saturating_add(reader.signed()?);
                    highest = highest.max(at);
                }
                rows = rows.saturating_sub(run);
            }
        }
    }
    Some(highest <= rows)
}

/// Adds up a run-length encoded column. `measure` reads one value and says what it counts for.
fn runs(column: &[u8], measure: impl Fn(&mut Reader<'_>) -> Option<u64>) -> Option<Totals> {
    let mut reader = Reader(column);
    let mut totals = Totals::default();
    while !reader.0.is_empty() {
        let run = reader.signed()?;
        let rows = match run {
            0 => reader.unsigned()?, // rows without a value
            1.. => {
                let measured = measure(&mut reader)?;
                totals.sum = totals.sum.saturating_add(measured.saturating_mul(run.unsigned_abs()));
                run.unsigned_abs()
            }
            _ => {
                for _ in 0..run.unsigned_abs() {
                    totals.sum = totals.sum.saturating_add(measure(&mut reader)?);
                }
                run.unsigned_abs()
            }
        };
        totals.rows = totals.rows.saturating_add(rows);
    }
    Some(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(column: &[u8]) -> Option<(u64, u64)> {
        runs(column, |reader| reader.unsigned()).map(|it| (it.rows, it.sum))
    }

    #[test]
    fn runs_are_added_up() {
        for (column, expected) in [
            (&[][..], Some((0, 0))),
            (&[3, 5][..], Some((3, 15))),
            (&[0x7e, 1, 2, 2, 9][..], Some((4, 21))),
            (&[0, 7][..], Some((7, 0))),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1][..], Some((1 << 40, 1 << 40))),
            (&[3][..], None),
            (&[0x7e, 1][..], None),
        ] {
            assert_eq!(totals(column), expected, "{column:?}");
        }
    }

    #[test]
    fn numbers_are_read_to_their_ends() {
        for (bytes, unsigned, signed) in [
            (&[0x7f][..], Some(127), Some(-1)),
            (&[0x80, 0x01][..], Some(128), Some(128)),
            (&[0xff; 9][..], None, None),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01][..], Some(u64::MAX), Some(-1)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02][..], None, Some(i64::MAX)),
        ] {
            assert_eq!(Reader(bytes).unsigned(), unsigned, "{bytes:?}");
            assert_eq!(Reader(bytes).signed(), signed, "{bytes:?}");
        }
    }

    #[test]
    fn a_column_that_claims_too_much_does_not_fit() {
        let trillion = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1];
        for kind in [GROUP, ACTOR, INTEGER, DELTA, BOOLEAN, VALUE_METADATA] {
            assert_eq!(column_fits(0x70 | kind, &trillion, &CHANGE), Some(false), "{kind}");
        }
        let members = [2, 0x80, 0x80, 0x80, 0x01];
        assert_eq!(column_fits(0x70 | GROUP, &members, &CHANGE), Some(false));
        let mut texts = vec![0x80, 0x80, 0x02, 0x80, 0x80, 0x01];
        texts.extend([b'x'; 16_384]);
        assert_eq!(column_fits(0x10 | STRING, &texts, &CHANGE), Some(false));
        assert_eq!(column_fits(0x10 | STRING, &[2, 1, b'x'], &CHANGE), Some(true));
    }

    #[test]
    fn a_number_beyond_the_count_of_changes_does_not_count_up() {
        for (column, expected) in [
            (&[4, 1][..], Some(true)),
            (&[0x7e, 1, 1, 1, 0x7f][..], Some(true)),
            (&[0x7f, 0x80, 0x80, 0x80, 0x80, 0x01][..], Some(false)),
            (&[3, 2][..], Some(false)),
            (&[3][..], None),
        ] {
            assert_eq!(counts_up(column), expected, "{column:?}");
        }
    }
}
