//! How many tests ran, read from the closing lines of the test runners.

use std::sync::Mutex;

/// The sum over all runners so far.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Adds the line if it is a closing line.
    pub fn notice(&self, line: &str) {
        if let Some(counts) = Counts::parse(line)
            && let Ok(mut sum) = self.0.lock()
        {
            sum.passed += counts.passed;
            sum.failed += counts.failed;
            sum.skipped += counts.skipped;
        }
    }

    /// Prints the sum, unless no runner came to its end.
    pub fn print(&self) {
        let Ok(sum) = self.0.lock() else { return };
        if *sum != Counts::default() {
            anstream::eprintln!(
                "\nTests: {} passed, {} failed, {} skipped",
                sum.passed,
                sum.failed,
                sum.skipped
            );
        }
    }
}

impl Counts {
    /// Understands cargo's `test result: …` and nextest's `Summary …`. nextest shows the output of a failing test
    /// indented, with cargo's closing line in it; that one is already in the summary.
    fn parse(line: &str) -> Option<Self> {
        if !line.starts_with("test result: ") && !line.trim_start().starts_with("Summary [") {
            return None;
        }
        let mut counts = Self::default();
        for part in line.split([',', ';', ':', '.']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word)) = (words.next(), words.next()) else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => counts.passed += number,
                "failed" | "timed" | "exec" => counts.failed += number,
                "skipped" | "ignored" => counts.skipped += number,
                _ => {}
            }
        }
        Some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_runners_are_understood() {
        for (line, expected) in [
            (
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
                (3, 0, 1),
            ),
            (
                "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.12s",
                (3, 2, 0),
            ),
            ("     Summary [  90.002s] 4 tests run: 4 passed (1 slow), 19 skipped", (4, 0, 19)),
            (
                "     Summary [   1.002s] 5/9 tests run: 3 passed (1 flaky), 1 failed, 1 timed out, 0 skipped",
                (3, 2, 0),
            ),
        ] {
            let (passed, failed, skipped) = expected;
            assert_eq!(Counts::parse(line), Some(Counts { passed, failed, skipped }), "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "running 3 tests",
            "PASS [   0.005s] it::a_test",
            "error: 2 failed",
            "    test result: FAILED. 0 passed; 1 failed",
            "",
        ] {
            assert_eq!(Counts::parse(line), None, "{line}");
        }
    }

    #[test]
    fn runners_add_up() {
        let tally = Tally::default();
        tally.notice(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        tally.notice("     Summary [   1.0s] 2 tests run: 1 passed, 1 failed, 4 skipped");
        assert_eq!(*tally.0.lock().expect("not poisoned"), Counts { passed: 4, failed: 1, skipped: 5 });
    }
}
