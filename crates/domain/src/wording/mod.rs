//! How numbers, reasons and verdicts are put into words: once, for windows, files, issues and lines alike.

mod fresh;
mod number;
mod quoted;
mod reason;
mod verdict;

pub use fresh::{fresh_reason, fresh_word};
pub use number::{
    count, day, days_ago, metric_change, metric_value, number, percent, priority_text, span, whole,
};
pub use quoted::{quoted, quoted_short};
pub use reason::reason_sentence;
pub use verdict::{verdict_sentence, verdict_word};
