//! Sentences that state something of the customer: problems, questions, what makes it easy, what
//! is needed, prices. Only what is stated; nothing is concluded.

use std::sync::LazyLock;

use regex::Regex;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

static PROBLEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:can(?:'|’)?t|cannot|can not|couldn(?:'|’)t|unable to|doesn(?:'|’)t|does not|didn(?:'|’)t|did not|isn(?:'|’)t|aren(?:'|’)t|",
        r"won(?:'|’)t|will not|hasn(?:'|’)t|haven(?:'|’)t|don(?:'|’)t (?:see|get|receive|show|work|load|appear|match)|do not (?:see|get|receive|show|work|load|appear|match)|",
        r"(?:is|are|was|were|be|been)? ?not (?:showing|working|receiv\w+|load\w+|arriv\w+|appear\w+|updat\w+|sync\w*|found|visible|delivered|sent|displayed|detected|respond\w+|connect\w*|recogni[sz]ed|being|track\w+|record\w+|counted|able|allowed|supported|available|running|firing|match\w*)|",
        r"no longer|never (?:arriv|receiv|load|show)\w*|fail(?:s|ed|ing|ure)?\b|errors?\b|broken|stuck|crash\w*|missing|slow(?:ly)?\b|timed? ?out|timeouts?|wrong(?:ly)?|incorrect\w*|",
        r"lost|locked out|blocked|blank|duplicated?|delayed|rejected|declined|expired|too (?:slow|many|large|long)|problems? (?:with|when)|issues? (?:with|when)|trouble (?:with|\w+ing))"
    ))
});

/// Whether a text, wherever it stands, says that something goes wrong. English only.
pub fn states_problem(text: &str) -> bool {
    PROBLEM.is_match(text)
}

/// Headings that look like a problem and are a subject.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:error (?:handling|codes?|messages?|pages?|responses?|reference|tracking|types?|format)|errors?$|common (?:errors|problems|issues)|missing (?:values?|data handling)|handling|http |status codes?|known (?:issues|limitations)|limitations?|timeouts?$|blocked$|failed$|failure modes|lost and found|debugging|what (?:we|this|it) (?:don|do|does|is)|\d{3}\b)",
    )
});

/// A statement of a problem, in a place that is about problems or asks why.
pub(super) fn is_problem(text: &str, is_about_problems: bool) -> bool {
    let is_cut =
        [" with", " to", " for", " in", " on", ":", " a", " the"].iter().any(|it| text.ends_with(it));
    if is_cut || SUBJECT.is_match(text) || !PROBLEM.is_match(text) || text.split_whitespace().count() < 3 {
        return false;
    }
    let lower = text.to_lowercase();
    let asks_why =
        lower.starts_with("why ") && !lower.starts_with("why not") && !lower.starts_with("why choose");
    let complains = lower.starts_with("i ")
        || lower.starts_with("my ")
        || lower.starts_with("i'm")
        || lower.starts_with("i’m");
    let asks_leave = [
        "how do i",
        "how can i",
        "how to ",
        "have you",
        "did you",
        "do you",
        "are you",
        "can i ",
        "do i ",
        "does ",
        "is it",
        "is there",
        "will ",
        "what ",
        "how do you",
        "how does",
        "are ",
    ]
    .iter()
    .any(|it| lower.starts_with(it));
    // "Check the console for errors" is advice.
    let advises = crate::words::is_request(&lower) || lower.starts_with("if ");
    !asks_leave && !advises && (is_about_problems || asks_why || complains)
}

/// A question that customers ask.
pub(super) fn is_question(text: &str) -> bool {
    const WORDS_MIN: usize = 3;
    const CHARS_MAX: usize = 200;
    // What a page asks its reader ("Have you added it?") is no question of the reader's.
    const ASKED_BACK: &[&str] = &[
        "have you",
        "are you",
        "did you",
        "do you",
        "is your",
        "is the",
        "did the",
        "does the",
        "want ",
        "need ",
        "looking ",
        "ready ",
        "what's next",
        "what’s next",
        "what next",
        "still ",
        "questions",
        "got ",
        "interested",
        "what's new",
        "any ",
        "prefer",
        "wondering",
        "what are you",
        "what has changed",
        "does your",
        "did your",
        "did this",
        "was this",
        "tired ",
        "what's this",
    ];
    let lower = text.to_lowercase();
    let is_asked_back = ASKED_BACK.iter().any(|it| lower.starts_with(it));
    !is_asked_back
        && text.trim_end().ends_with('?')
        && text.split_whitespace().count() >= WORDS_MIN
        && text.chars().count() <= CHARS_MAX
}

static GAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:no (?:credit )?card|cancel (?:at )?any ?time|free forever|\d+[ -]day (?:free )?trial|free \d+[ -]day trial|money[- ]back|",
        r"no (?:setup|installation|sign[- ]?up|account|code|coding|login) (?:is )?(?:needed|required|necessary|fees?)|without (?:writing|any) code|",
        r"(?:in|takes?) (?:less than|under|about|only|just) (?:a|one|two|three|five|ten|\d+) (?:minutes?|seconds?|hours?)|free for (?:up to|open|non|teams|individuals|everyone)|no vendor lock[- ]in)\b"
    ))
});

/// What a document says of itself, and what a page asks its reader to do.
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:this|the|our) (?:\w+ )?(?:guide|page|article|tutorial|quick ?start|document|section|video|post)|you(?:(?:'|’)ll| will) (?:learn|see how)|we(?:(?:'|’)ll| will) (?:show|walk))\b",
    )
});

/// The words that say what makes it easy, with their place in the text: a sentence, or of a call to
/// do something only the part that promises ("no card needed").
pub(super) fn gain(text: &str) -> Option<(usize, &str)> {
    let (at, sentence) = sentence_with(text, &GAIN, 160)?;
    if SELF.is_match(sentence) {
        return None;
    }
    if !calls(sentence) {
        return Some((at, sentence));
    }
    const PROMISE_WORDS: std::ops::RangeInclusive<usize> = 2..=8;
    let base = sentence.as_ptr() as usize;
    let promise = sentence
        .split([',', ';', '–', '—', '(', ')', ':'])
        .map(|it| it.trim().trim_end_matches(['.', '!']))
        .find(|it| {
            GAIN.is_match(it) && !calls(it) && PROMISE_WORDS.contains(&it.split_whitespace().count())
        })?;
    Some((at + (promise.as_ptr() as usize - base), promise))
}

/// Whether a sentence asks its reader to do something. That one can cancel is no request.
fn calls(sentence: &str) -> bool {
    crate::words::is_request(sentence) && !sentence.to_lowercase().starts_with("cancel")
}

static NEED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:you(?:(?:'|’)ll| will)? need (?:an?|at least|your|the|admin\w*|owner\w*|to be (?:an?|the)) |you must (?:have|be) (?:an?|the|logged|signed|at least)|(?:make sure|ensure) (?:that )?you have (?:an?|the) |(?:this|it) requires (?:an?|at least) |only (?:admins|owners|administrators) can )",
    )
});

/// The sentence that says what is needed.
pub(super) fn need(text: &str) -> Option<(usize, &str)> {
    let found = sentence_with(text, &NEED, 160)?;
    let is_prose = !found.1.contains(['{', '`', '=', '<', '$']) && found.1.split_whitespace().count() >= 4;
    is_prose.then_some(found)
}

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|USD|GBP))(?:\s*(?:/|per|a)\s*\w+(?:\s*(?:/|per)\s*\w+)?)?",
    )
});

/// A price as written.
pub(super) fn price(text: &str) -> Option<(usize, &str)> {
    PRICE.find(text).map(|it| (it.start(), it.as_str()))
}

static FIXED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:\[?bug ?fix(?:es)?\]?:?|fix(?:ed|es)?:?|resolved:?|🐛)\s+"));
static DEVELOPERS_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:bump|deps?|dependenc\w+|ci|lint\w*|refactor\w*|typos?|unit tests?|tests?|clippy|eslint|typescript|types?|docs?|changelog|compil\w+|build|docker\w*|workflow|migration|README|CVE-\S+|webpack|vite|panic\w*|regex\w*|struct|impl|macro|trait|features? flags?|crate|npm|pnpm|yarn)\b|[`{}<>=_#\[\]\\]|::|\(\)|->|--",
    )
});

/// A changelog's line that says which problem is over.
pub(super) fn fixed(text: &str, is_under_fixes: bool) -> bool {
    const WORDS: std::ops::RangeInclusive<usize> = 5..=40;
    let words = text.split_whitespace().count();
    (is_under_fixes || FIXED.is_match(text)) && WORDS.contains(&words) && !DEVELOPERS_ONLY.is_match(text)
}

/// The sentence that a pattern is found in, if it is short enough to be read at a glance.
fn sentence_with<'a>(text: &'a str, pattern: &Regex, chars_max: usize) -> Option<(usize, &'a str)> {
    let mut at = 0;
    for sentence in text.split_inclusive(['.', '!', '?', '|', '•', '·']) {
        let lead = sentence.len() - sentence.trim_start().len();
        let words = sentence.trim().trim_end_matches(['|', '•', '·']).trim_end();
        if pattern.is_match(words) && words.chars().count() <= chars_max {
            return Some((at + lead, words));
        }
        at += sentence.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_only_what_is_stated_as_one() {
        for (text, about_problems, expected) in [
            ("Why can't I log in?", false, true),
            ("Invitations are not arriving", true, true),
            ("Invitations are not arriving", false, false),
            ("My dashboard is empty and stuck", false, true),
            ("Error handling in forms", true, false),
            ("How do I search files that aren't UTF-8?", true, false),
            ("Have you blocked traffic by mistake?", true, false),
            ("Can I cancel if it doesn't fit?", true, false),
            ("Why choose us over slow tools", false, false),
            ("Tracking 404 error pages", false, false),
            ("The import fails with large files", true, true),
            ("Check the console for errors that stop the script", true, false),
            ("If you see duplicates, check for a missing key", true, false),
        ] {
            assert_eq!(is_problem(text, about_problems), expected, "{text}");
        }
    }

    #[test]
    fn sentences_carry_their_place() {
        let text = "Start today. No credit card required. Cancel when you like.";
        let (at, sentence) = gain(text).expect("a gain");
        assert_eq!(&text[at..at + sentence.len()], "No credit card required.");
        for (text, expected) in [
            ("Start a free trial, no card needed.", Some("no card needed")),
            ("Try it free for 14 days – no credit card required!", Some("no credit card required")),
            ("Create your first survey in under 5 minutes.", None),
            ("This quickstart guide will show you how in under 5 minutes.", None),
            ("Cancel any time.", Some("Cancel any time.")),
            ("It takes less than a minute.", Some("It takes less than a minute.")),
        ] {
            assert_eq!(gain(text).map(|it| it.1), expected, "{text}");
        }
        assert_eq!(price("Team costs $12 per member / month"), Some((11, "$12 per member / month")));
        assert_eq!(price("12 boards"), None);
        assert!(fixed("Fixed invitations that were sent twice", false));
        assert!(!fixed("Fixed clippy warnings in the build script again", false));
        assert!(!fixed("Added dark mode to all of the boards", false));
    }
}
