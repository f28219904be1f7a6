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

/// The body of a change chunk, as far as its columns have to be looked at.
pub(crate) struct Body<'a> {
    /// The number of its first operation; the others follow one by one.
    first: u64,
    /// What each column is, and its bytes.
    columns: Vec<(u64, &'a [u8])>,
}

impl<'a> Body<'a> {
    /// Finds the columns in a body; `None` if it is no change.
    pub fn of(body: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(body);
        let dependencies = reader.unsigned()?;
        reader.take(dependencies.checked_mul(32)?)?;
        reader.stretch()?; // actor
        reader.unsigned()?; // number among the actor's changes
        let first = reader.unsigned()?;
        reader.signed()?; // time
        reader.stretch()?; // message
        for _ in 0..reader.unsigned()? {
            reader.stretch()?; // another actor
        }
        let mut lengths = Vec::new();
        for _ in 0..reader.unsigned()? {
            lengths.push((reader.unsigned()?, reader.unsigned()?));
        }
        let mut columns = Vec::with_capacity(lengths.len());
        for (specification, length) in lengths {
            columns.push((specification, reader.take(length)?));
        }
        Some(Self { first, columns })
    }

    /// Whether it unpacks to no more than an honest change may; `None` if it is no change.
    pub fn fits(&self) -> Option<bool> {
        let mut fits = true;
        for (specification, column) in &self.columns {
            fits &= column_fits(*specification, column, &CHANGE)?;
        }
        Some(fits)
    }

    /// Whether it holds operations that this program never writes: marks in rich texts, or such as this
    /// version of Automerge does not know; `None` if it is no change.
    pub fn is_unusual(&self) -> Option<bool> {
        let mut is_unusual = false;
        for column in self.named(ACTIONS) {
            is_unusual |= !runs(column, |reader| reader.unsigned().map(beyond_the_usual))?.is_zero();
        }
        Some(is_unusual)
    }

    /// Whether every operation refers only to operations with lower numbers, as all honest ones do: an
    /// object is made before something is put into it. Automerge does not look; an object inside itself
    /// would keep it walking in a circle until memory ends. `None` if it is no change.
    ///
    /// Takes a step per row, so [`Body::fits`] comes first.
    pub fn refers_back(&self) -> Option<bool> {
        let mut refers_back = true;
        for column in self.named(OBJECTS) {
            let mut own = self.first;
            each_row(
                column,
                |it| it.unsigned(),
                |it| {
                    refers_back &= it.is_none_or(|it| it < own);
                    own = own.checked_add(1)?;
                    Some(())
                },
            )?;
        }
        for column in self.named(ELEMENTS) {
            let mut own = self.first;
            each_number(column, |it| {
                refers_back &= it.is_none_or(|it| it < own);
                own = own.checked_add(1)?;
                Some(())
            })?;
        }
        for column in self.named(PREDECESSORS) {
            let mut numbers = Vec::new();
            each_number(column, |it| {
                numbers.push(it);
                Some(())
            })?;
            for counts in self.named(PREDECESSOR_COUNTS) {
                let (mut own, mut numbers) = (self.first, &numbers[..]);
                each_row(
                    counts,
                    |it| it.unsigned(),
                    |count| {
                        let count = usize::try_from(count.unwrap_or_default()).ok()?;
                        let (these, rest) = numbers.split_at_checked(count)?;
                        refers_back &= these.iter().all(|it| it.is_none_or(|it| it < own));
                        (own, numbers) = (own.checked_add(1)?, rest);
                        Some(())
                    },
                )?;
            }
        }
        Some(refers_back)
    }

    fn named(&self, specification: u64) -> impl Iterator<Item = &'a [u8]> {
        self.columns.iter().filter(move |it| it.0 == specification).map(|it| it.1)
    }
}

/// The column that says what each operation does.
const ACTIONS: u64 = 0x42;

/// Numbers of the operations that made the objects that are worked on.
const OBJECTS: u64 = 0x02;

/// Numbers of the operations that made the elements of lists that are worked on.
const ELEMENTS: u64 = 0x13;

/// How many operations each takes the place of.
const PREDECESSOR_COUNTS: u64 = 0x70;

/// Numbers of these.
const PREDECESSORS: u64 = 0x73;

/// One if an operation is other than making a map, list, text or table, setting, deleting or
/// counting.
fn beyond_the_usual(action: u64) -> u64 {
    const TABLE: u64 = 6;
    u64::from(action > TABLE)
}

/// Unpacks a run-length encoded column row by row; `None` as soon as `visit` says so or it is none.
fn each_row<T: Copy>(
    column: &[u8],
    read: impl Fn(&mut Reader<'_>) -> Option<T>,
    mut visit: impl FnMut(Option<T>) -> Option<()>,
) -> Option<()> {
    let mut reader = Reader(column);
    while !reader.0.is_empty() {
        match reader.signed()? {
            0 => {
                for _ in 0..reader.unsigned()? {
                    visit(None)?;
                }
            }
            run @ 1.. => {
                let value = read(&mut reader)?;
                for _ in 0..run {
                    visit(Some(value))?;
                }
            }
            run => {
                for _ in 0..run.unsigned_abs() {
                    visit(Some(read(&mut reader)?))?;
                }
            }
        }
    }
    Some(())
}

/// Unpacks a column in which each number is told by how much it differs from the one before.
fn each_number(column: &[u8], mut visit: impl FnMut(Option<u64>) -> Option<()>) -> Option<()> {
    let mut at = 0i64;
    each_row(
        column,
        |it| it.signed(),
        |by| {
            let Some(by) = by else { return visit(None) };
            at = at.checked_add(by)?;
            visit(Some(u64::try_from(at).ok()?))
        },
    )
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
    fn rows_come_one_by_one() {
        let rows = |column: &[u8]| {
            let mut rows = Vec::new();
            let whole = each_number(column, |it| {
                rows.push(it);
                Some(())
            });
            whole.map(|()| rows)
        };
        for (column, expected) in [
            (&[][..], Some(vec![])),
            (&[3, 2][..], Some(vec![Some(2), Some(4), Some(6)])),
            (&[0x7f, 5, 0, 2, 0x7e, 1, 0x7f][..], Some(vec![Some(5), None, None, Some(6), Some(5)])),
            (&[0x7f, 0x7f][..], None),
            (&[3][..], None),
        ] {
            assert_eq!(rows(column), expected, "{column:?}");
        }
    }

    #[test]
    fn what_refers_to_its_own_number_or_a_later_one_does_not_refer_back() {
        let refers_back = |columns: &[(u64, &[u8])]| {
            let columns = columns.iter().map(|(specification, bytes)| (*specification, *bytes)).collect();
            Body { first: 5, columns }.refers_back()
        };
        // Of two operations, the fifth and the sixth.
        for (specification, column, expected) in [
            (OBJECTS, &[2, 4][..], Some(true)),
            (OBJECTS, &[2, 5][..], Some(false)),
            (OBJECTS, &[0, 1, 0x7f, 5][..], Some(true)),
            (ELEMENTS, &[0x7e, 4, 1][..], Some(true)),
            (ELEMENTS, &[0x7e, 4, 2][..], Some(false)),
            (ELEMENTS, &[0x7f, 0x7f][..], None),
        ] {
            assert_eq!(refers_back(&[(specification, column)]), expected, "{specification} {column:?}");
        }
        for (counts, numbers, expected) in [
            (&[0x7e, 1, 1][..], &[0x7e, 4, 1][..], Some(true)),
            (&[0x7e, 1, 1][..], &[0x7e, 5, 0][..], Some(false)),
            (&[0x7e, 0, 2][..], &[0x7e, 5, 0x7f][..], Some(true)),
            (&[0x7e, 0, 2][..], &[0x7e, 5, 1][..], Some(false)),
            (&[0x7e, 1, 1][..], &[0x7f, 4][..], None),
        ] {
            let columns = [(PREDECESSOR_COUNTS, counts), (PREDECESSORS, numbers)];
            assert_eq!(refers_back(&columns), expected, "{counts:?} {numbers:?}");
        }
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
