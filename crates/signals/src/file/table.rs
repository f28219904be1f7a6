//! Tables of answers: every row is a passage; its columns are recognised by what they are called.

use custory_domain::{Timestamp, WeightClass};

use super::{FileError, Passage};

/// Names of columns that hold what was said, the surest first.
const TEXT: [&str; 12] = [
    "text",
    "quote",
    "comment",
    "feedback",
    "message",
    "answer",
    "response",
    "review",
    "verbatim",
    "body",
    "description",
    "note",
];
const AUTHOR: [&str; 7] = ["name", "author", "customer", "user", "respondent", "email", "from"];
const ACCOUNT: [&str; 5] = ["account", "company", "organization", "organisation", "workspace"];
const DATE: [&str; 7] = ["date", "created_at", "created", "timestamp", "submitted", "submitted_at", "time"];
const KEY: [&str; 3] = ["id", "response_id", "key"];

pub(super) fn passages(text: &str) -> Result<Vec<Passage>, FileError> {
    let bad = |error: csv::Error| FileError::Table(error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().map_err(bad)?.iter().map(column).collect();
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(bad)?;
    let at = |names: &[&str]| names.iter().find_map(|name| headers.iter().position(|it| it == name));
    let Some(said) = at(&TEXT).or_else(|| longest(&rows, headers.len())) else { return Ok(Vec::new()) };
    let (author, account, date, key) = (at(&AUTHOR), at(&ACCOUNT), at(&DATE), at(&KEY));
    let passage = |(row, it): (usize, &csv::StringRecord)| {
        let cell = |at: Option<usize>| at.and_then(|at| it.get(at)).unwrap_or_default().trim().to_owned();
        Passage {
            text: cell(Some(said)),
            author: cell(author),
            account: cell(account),
            // The header is the first row that people see.
            anchor: format!("row {}", row + 2),
            said_at: moment(&cell(date)),
            weight: WeightClass::Support,
            key: cell(key),
        }
    };
    Ok(rows.iter().enumerate().map(passage).collect())
}

fn column(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// The column with most letters in it.
fn longest(rows: &[csv::StringRecord], columns: usize) -> Option<usize> {
    let letters = |at: usize| -> usize {
        rows.iter()
            .filter_map(|it| it.get(at))
            .map(|it| it.chars().filter(|it| it.is_alphabetic()).count())
            .sum()
    };
    (0..columns).max_by_key(|it| letters(*it))
}

fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_millisecond()));
    }
    let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let noon = day.at(12, 0, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(noon.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_names_or_by_what_is_in_them() {
        let found = passages(
            "Response ID,Company,Created At,Comment\n7,Bell Paving,2026-11-20,\"No, the code\nnever came\"\n",
        )
        .unwrap();
        let [it] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (it.text.as_str(), it.account.as_str(), it.key.as_str()),
            ("No, the code\nnever came", "Bell Paving", "7")
        );
        assert_eq!((it.anchor.as_str(), it.said_at), ("row 2", Some(Timestamp(1_795_176_000_000))));
        let found = passages("a,b\n1,I cannot find the button\n2,Where is the invite\n").unwrap();
        assert_eq!(found[1].text, "Where is the invite");
        assert_eq!(passages("").unwrap(), []);
    }
}
