//! What is taken out of words before others get to see them.
//!
//! By form alone: addresses, numbers and tokens. Names of people are not recognised; whoever attaches a
//! signal sees the words as they will be shared.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

/// What was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Removed {
    /// A key, password or signed token.
    Token,
    /// An e-mail address.
    Email,
    /// A payment card's number: 13 to 19 digits with a right check digit.
    Card,
    /// A telephone number.
    Phone,
}

impl Removed {
    /// What stands in its place.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Token => "[token]",
            Self::Email => "[e-mail]",
            Self::Card => "[card number]",
            Self::Phone => "[phone number]",
        }
    }
}

/// Words without what identifies people or opens doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The words.
    pub text: String,
    /// How often what was taken out.
    pub removed: BTreeMap<Removed, usize>,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that the tests compile")
}

/// Keys by the prefixes of those who give them out, JSON web tokens, `Bearer …`, and long runs in which
/// letters and digits alternate.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        \b(?:sk|pk|rk|whsec|xox[abeprs]|xapp|gh[opsur]|github_pat|glpat|ph[cx]|lin_api|lin_oauth|secret|ntn|AKIA|AIza)
            [-_A-Za-z0-9]{12,}
        | \beyJ[-_A-Za-z0-9]{8,}\.[-_A-Za-z0-9]{8,}(?:\.[-_A-Za-z0-9]*)?
        | (?i:\bbearer\s+)[-._~+/=A-Za-z0-9]{12,}
        | \b[A-Za-z0-9_-]{32,}\b",
    )
});
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[\p{L}0-9._%+'-]+@[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.\p{L}{2,}"));
static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d(?:[ -]?\d){12,18}\b"));
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\+|\b00)?\(?\d{1,4}\)?(?:[\s./-]?\(?\d{1,5}\)?){2,6}\b"));
/// Dates, times and amounts look like telephone numbers to [`PHONE`].
static NO_PHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"));

/// Fewest digits of a telephone number; shorter numbers are amounts and years more often.
const PHONE_DIGITS_MIN: usize = 8;
/// Most digits of one, by the plan for the world's numbers (E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// Takes out what identifies people or opens doors.
pub fn redact(text: &str) -> Redacted {
    let mut redacted = Redacted { text: text.to_owned(), removed: BTreeMap::new() };
    redacted.take(&TOKEN, Removed::Token, |it| {
        let is_random = it.chars().any(|it| it.is_ascii_digit()) && it.chars().any(char::is_alphabetic);
        is_random || it.len() < 32
    });
    redacted.take(&EMAIL, Removed::Email, |_| true);
    redacted.take(&CARD, Removed::Card, is_card);
    redacted.take(&PHONE, Removed::Phone, |it| {
        let count = digits(it).count();
        (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&count) && !NO_PHONE.is_match(it)
    });
    redacted
}

impl Redacted {
    fn take(&mut self, pattern: &Regex, what: Removed, is_it: impl Fn(&str) -> bool) {
        let mut found = 0;
        let text = pattern.replace_all(&self.text, |it: &regex::Captures<'_>| {
            if is_it(&it[0]) {
                found += 1;
                what.mark().to_owned()
            } else {
                it[0].to_owned()
            }
        });
        self.text = text.into_owned();
        if found > 0 {
            self.removed.insert(what, found);
        }
    }
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|it| it.to_digit(10))
}

/// The check digit of payment cards (Luhn; ISO/IEC 7812-1, annex B).
fn is_card(text: &str) -> bool {
    let sum: u32 = digits(text)
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled @ 0..=9) => doubled,
            (_, doubled) => doubled - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_numbers_and_tokens_are_taken_out_and_other_words_stay() {
        for (text, expected) in [
            ("Write to ana.lópez+crew@acme.co.uk, please", "Write to [e-mail], please"),
            ("Call +49 (0)30 1234-5678 or 030 12345678.", "Call [phone number] or [phone number]."),
            ("Or 555-867-5309 x2", "Or [phone number] x2"),
            ("Card 4242 4242 4242 4242 was declined", "Card [card number] was declined"),
            ("key sk_live_abcdef1234567890 leaked", "key [token] leaked"),
            ("Authorization: Bearer abc.def-123456789", "Authorization: [token]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl end", "[token] end"),
            ("hash 0123456789abcdef0123456789abcdef", "hash [token]"),
            // What only looks like one of them.
            ("On 2026-11-24 at 14:05 we had 12,500 rows", "On 2026-11-24 at 14:05 we had 12,500 rows"),
            ("24.11.2026: 1 430 of 2 800", "24.11.2026: 1 430 of 2 800"),
            ("order 1234 5678 9012 3456 7", "order 1234 5678 9012 3456 7"),
            ("Nine phone numbers on the back", "Nine phone numbers on the back"),
            ("a-very-long-kebab-case-name-of-a-page-here", "a-very-long-kebab-case-name-of-a-page-here"),
        ] {
            assert_eq!(redact(text).text, expected);
        }
        let removed = redact("a@b.co, c@d.org, +15558675309").removed;
        assert_eq!(removed, [(Removed::Email, 2), (Removed::Phone, 1)].into());
    }

    proptest! {
        #[test]
        fn no_address_survives_whatever_stands_around_it(
            before in "[ -~]{0,20}", name in "[a-z]{1,8}", host in "[a-z]{1,8}", after in "[ -~]{0,20}",
        ) {
            let address = format!("{name}@{host}.com");
            let text = format!("{before} {address} {after}");
            prop_assert!(!redact(&text).text.contains(&address));
        }

        #[test]
        fn redacting_twice_changes_nothing_more(text in "[ -~]{0,120}") {
            let once = redact(&text).text;
            prop_assert_eq!(redact(&once).text, once);
        }
    }
}
