//! Tables that look like a map: a column for each step, a row for each lane. They are turned, so that one reader does.

use custory_domain::import::ColumnRole;

use super::columns::lane;
use super::table::Table;

/// Fewest heads of rows that must be lanes.
const LANES_MIN: usize = 2;

/// The table with rows and columns exchanged, if its first column names lanes and its heads do not.
pub(super) fn turned(table: &Table) -> Option<Table> {
    if table.heads.iter().skip(1).any(|it| lane(it).is_some()) {
        return None;
    }
    let first = table.rows.iter().map(|row| row.first().map_or("", String::as_str));
    if first.filter(|it| lane(it).is_some()).count() < LANES_MIN {
        return None;
    }
    // The heads are the first row of the map: what they are is said by the first of them, or they are stages above
    // a row of steps, or steps.
    let corner = table.heads.first().filter(|it| lane(it).is_some()).cloned();
    let has_steps =
        || table.rows.iter().any(|row| row.first().and_then(|it| lane(it)) == Some(ColumnRole::Step));
    let corner = corner.unwrap_or_else(|| if has_steps() { "Stage" } else { "Step" }.to_owned());
    let mut heads = vec![corner];
    heads.extend(table.rows.iter().map(|row| row.first().cloned().unwrap_or_default()));
    let rows = (1..table.heads.len()).map(|at| {
        let mut row = vec![table.heads[at].clone()];
        row.extend(table.rows.iter().map(|it| it[at].clone()));
        row
    });
    let rows: Vec<_> = rows.filter(|row| row.iter().any(|it| !it.is_empty())).collect();
    // A column of the file has no line of its own.
    let lines = vec![0; rows.len()];
    Some(Table { heads, rows, lines })
}
