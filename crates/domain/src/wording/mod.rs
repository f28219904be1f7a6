//! How numbers, reasons and verdicts are put into words: once, for windows, files, issues and lines alike.

mod number;
mod reason;
mod verdict;

pub use number::{count, day, metric_change, metric_value, number, percent, span, whole};
pub use reason::reason_sentence;
pub use verdict::{verdict_sentence, verdict_word};
