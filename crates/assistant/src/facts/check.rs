//! Believes what a piece proves, and nothing else. Pure.

use std::collections::BTreeSet;
use std::ops::Range;

use custory_domain::Channel;
use custory_drafting::{Fact, FactKind, Sign, StageKind, states_problem};

use super::answer::{Kind, Stage, Told};
use super::piece::{Piece, Unit};
use crate::words::{numbers, share_known, stems};

/// Words of a quote: fewer say nothing, more are no quote.
const QUOTE_WORDS: std::ops::RangeInclusive<usize> = 3..=40;
/// Share of a statement's words that its piece must know; the rest is phrasing.
const KNOWN_SHARE_MIN: f32 = 0.5;
/// Share of a misquoted quote's words that the line it names must have, to be meant.
const MEANT_SHARE_MIN: f32 = 0.75;
/// A title longer than this is a sentence.
const TITLE_WORDS_MAX: usize = 9;

/// The fact, if the piece proves it. `text` is the whole source.
pub(super) fn believed(told: &Told, piece: &Piece, text: &str) -> Option<Fact> {
    let unit = piece.unit(&told.from)?;
    let span = stands(&told.quote, unit, piece, text)?;
    let quote = text.get(span.clone())?;
    if !QUOTE_WORDS.contains(&quote.split_whitespace().count()) {
        return None;
    }
    let phrased = told.text.trim();
    let is_supported = is_supported(phrased, quote, piece);
    let fact = |kind: FactKind, words: &str| Fact {
        words: words.to_owned(),
        stage: stage(told.stage),
        is_from_model: true,
        ..Fact::quoted(kind, quote, span.start)
    };
    let stated = |kind: FactKind| Some(fact(kind, if is_supported { phrased } else { quote }));
    match told.kind {
        Kind::Action => {
            let is_title = (2..=TITLE_WORDS_MAX).contains(&phrased.split_whitespace().count());
            (is_supported && is_title).then(|| fact(FactKind::Action(Sign::Told), phrased))
        }
        Kind::Touchpoint => {
            let channel = channel(quote)?;
            is_supported.then(|| fact(FactKind::Surface(channel), phrased))
        }
        // Where the source complains of nothing, a model must not.
        Kind::Problem if piece.is_english && !states_problem(quote) => None,
        Kind::Problem => stated(FactKind::Problem { is_fixed: false }),
        Kind::Question if is_supported && phrased.ends_with('?') => Some(fact(FactKind::Question, phrased)),
        Kind::Question => quote.ends_with('?').then(|| fact(FactKind::Question, quote)),
        Kind::Promise => stated(FactKind::Gain),
        Kind::Requirement => stated(FactKind::Need),
    }
}

/// Where a quote stands: word for word in the line that it names, else anywhere in the piece. A
/// misquoted one counts as the whole line, if nearly all of its words are in it.
fn stands(quote: &str, unit: &Unit, piece: &Piece, text: &str) -> Option<Range<usize>> {
    let inside = |span: Range<usize>| {
        let found = find_words(text.get(span.clone())?, quote)?;
        Some(span.start + found.start..span.start + found.end)
    };
    inside(unit.span.clone()).or_else(|| inside(piece.span())).or_else(|| {
        let is_meant = share_known(quote, &stems(&unit.text)) >= MEANT_SHARE_MIN && !stems(quote).is_empty();
        (is_meant && numbers(quote).is_subset(&numbers(&unit.text))).then(|| unit.span.clone())
    })
}

/// Finds words whatever their case, white space and punctuation; gives where they stand.
fn find_words(text: &str, wanted: &str) -> Option<Range<usize>> {
    let (words, wanted) = (spans(text), spans(wanted));
    if wanted.is_empty() {
        return None;
    }
    let same = |a: &(Range<usize>, String), b: &(Range<usize>, String)| a.1 == b.1;
    let found = words.windows(wanted.len()).find(|it| it.iter().zip(&wanted).all(|(a, b)| same(a, b)))?;
    let (first, last) = (found.first()?, found.last()?);
    // The sentence's own end belongs to it: a question without its mark is none.
    let end = last.0.end;
    let mark = text[end..].chars().next().filter(|it| matches!(it, '.' | '?' | '!' | '。' | '？'));
    Some(first.0.start..end + mark.map_or(0, char::len_utf8))
}

/// Words with where they stand, in lower case.
fn spans(text: &str) -> Vec<(Range<usize>, String)> {
    let base = text.as_ptr() as usize;
    text.split(|it: char| !it.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(|it| {
            let start = it.as_ptr() as usize - base;
            (start..start + it.len(), it.to_lowercase())
        })
        .collect()
}

/// Whether a statement says no more than its quote: numbers from the quote, names from the piece, and
/// at least half of its words from either.
fn is_supported(statement: &str, quote: &str, piece: &Piece) -> bool {
    let around: String = piece.units.iter().map(|it| it.text.as_str()).chain([piece.trail.as_str()]).fold(
        String::new(),
        |mut all, it| {
            all.push_str(it);
            all.push(' ');
            all
        },
    );
    let known = stems(&around);
    let has_name = |it: &str| {
        let bare = it.trim_matches(|it: char| !it.is_alphanumeric());
        !bare.chars().next().is_some_and(char::is_uppercase) || stems(bare).is_subset(&known)
    };
    !statement.is_empty()
        && !statement.contains(['⟦', '⟧', '{', '}', '<', '>', '\n'])
        && !statement.contains("://")
        && numbers(statement).is_subset(&numbers(quote))
        && statement.split_whitespace().skip(1).all(has_name)
        && share_known(statement, &stems(quote).union(&known).cloned().collect::<BTreeSet<_>>())
            >= KNOWN_SHARE_MIN
        && shares_a_word(statement, quote)
}

fn shares_a_word(statement: &str, quote: &str) -> bool {
    let (own, quoted) = (stems(statement), stems(quote));
    own.is_empty() || own.iter().any(|it| quoted.contains(it))
}

/// The channel that a quote names; none where it names none.
fn channel(quote: &str) -> Option<Channel> {
    const NAMES: &[(Channel, &[&str])] = &[
        (Channel::Email, &["email", "emails", "mail", "inbox", "newsletter"]),
        (Channel::Chat, &["chat", "messenger", "intercom"]),
        (Channel::Community, &["community", "forum", "discord", "discussions", "slack"]),
        (Channel::Call, &["call", "phone", "demo"]),
        (Channel::Docs, &["docs", "documentation", "guide", "manual", "tutorial"]),
        (Channel::Store, &["store", "marketplace", "play"]),
        (Channel::App, &["app", "dashboard", "screen", "settings", "sidebar", "page", "menu"]),
        (Channel::Site, &["website", "site", "homepage", "pricing"]),
    ];
    let words = crate::words::words(&quote.replace("e-mail", "email").replace("E-mail", "email"));
    NAMES.iter().find(|(_, names)| names.iter().any(|name| words.iter().any(|it| it == name))).map(|it| it.0)
}

fn stage(told: Stage) -> Option<StageKind> {
    Some(match told {
        Stage::Discover => StageKind::Discover,
        Stage::Compare => StageKind::Compare,
        Stage::Start => StageKind::Start,
        Stage::SetUp => StageKind::SetUp,
        Stage::FirstValue => StageKind::FirstValue,
        Stage::Use => StageKind::Use,
        Stage::Pay => StageKind::Pay,
        Stage::Help => StageKind::Help,
        Stage::Share => StageKind::Share,
        Stage::Leave => StageKind::Leave,
        Stage::Other => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "Invite your team\n\nClick Invite in the sidebar and add up to 25 e-mail addresses. \
        Invitations expire after 7 days.\n\nWhy can't my colleague log in?";

    fn piece() -> Piece {
        let unit = |words: &str| {
            let start = TEXT.find(words).expect(words);
            Unit { span: start..start + words.len(), text: words.to_owned() }
        };
        Piece {
            trail: "Guide › Teams".to_owned(),
            units: vec![
                unit("Invite your team"),
                unit("Click Invite in the sidebar and add up to 25 e-mail addresses."),
                unit("Invitations expire after 7 days."),
                unit("Why can't my colleague log in?"),
            ],
            is_english: true,
        }
    }

    fn told(from: &str, kind: Kind, quote: &str, text: &str) -> Told {
        Told { from: from.into(), kind, quote: quote.into(), stage: Stage::Other, text: text.into() }
    }

    #[test]
    fn only_what_the_piece_proves_is_believed() {
        let whole = "Click Invite in the sidebar and add up to 25 e-mail addresses.";
        for (told, expected) in [
            (told("p1", Kind::Action, "Invite your team", "Invite your team"), Some("Invite your team")),
            (
                told("p2", Kind::Action, "click invite in  the SIDEBAR", "Click invite"),
                Some("Click Invite in the sidebar"),
            ),
            // A wrong line does no harm where the words are right.
            (
                told("p1", Kind::Action, "Click Invite in the sidebar", "Click invite"),
                Some("Click Invite in the sidebar"),
            ),
            // Nearly right words mean the line that they name.
            (
                told("p2", Kind::Action, "Invite 25 addresses in the sidebar", "Invite people by e-mail"),
                Some(whole),
            ),
            (told("p2", Kind::Action, "Invite 30 addresses in the sidebar", "Invite people by e-mail"), None),
            (told("p2", Kind::Action, "Choose a plan and pay by card", "Choose a plan"), None),
            (told("p9", Kind::Action, "Invite your team", "Invite your team"), None),
            (told("p1", Kind::Action, "Invite your", "Invite your team"), None),
            (told("p2", Kind::Action, whole, "Add 40 e-mail addresses"), None),
            (told("p2", Kind::Action, whole, "Invite people with Okta"), None),
            (told("p2", Kind::Action, whole, "Delete the account forever now"), None),
            (told("p3", Kind::Problem, "Invitations expire after 7 days.", "Invitations expire"), None),
            (
                told("p4", Kind::Problem, "Why can't my colleague log in?", "A colleague cannot log in"),
                Some("Why can't my colleague log in?"),
            ),
            (
                told("p4", Kind::Question, "why can't my colleague log in", "Why can't my colleague log in?"),
                Some("Why can't my colleague log in?"),
            ),
            (told("p3", Kind::Question, "Invitations expire after 7 days.", "When do they expire"), None),
            (told("p2", Kind::Touchpoint, whole, "Sidebar with invite"), Some(whole)),
            (told("p3", Kind::Touchpoint, "Invitations expire after 7 days.", "Invitations"), None),
        ] {
            let found = believed(&told, &piece(), TEXT);
            assert_eq!(found.map(|it| it.quote).as_deref(), expected, "{told:?}");
        }
    }

    #[test]
    fn a_phrasing_that_says_more_gives_way_to_the_quote() {
        let requirement =
            told("p3", Kind::Requirement, "Invitations expire after 7 days.", "Renew within 30 days");
        let fact = believed(&requirement, &piece(), TEXT).expect("the quote stands");
        assert_eq!(fact.words, "Invitations expire after 7 days.");
    }

    proptest! {
        #[test]
        fn whatever_a_model_says_a_quote_is_a_slice_of_the_text(
            from in "p[0-9]{1,2}|\\PC{0,4}",
            quote in "\\PC{0,60}|(Invite|your|team|Click|25|days|in|the|sidebar| |\n){1,12}",
            text in "\\PC{0,40}|(Invite|team|25|days| ){1,6}",
            kind in prop::sample::select(vec![
                Kind::Action, Kind::Touchpoint, Kind::Problem, Kind::Question, Kind::Promise, Kind::Requirement,
            ]),
        ) {
            if let Some(fact) = believed(&told(&from, kind, &quote, &text), &piece(), TEXT) {
                prop_assert_eq!(&TEXT[fact.near..fact.near + fact.quote.len()], fact.quote.as_str());
                prop_assert!(numbers(&fact.words).is_subset(&numbers(&fact.quote)));
                prop_assert!(QUOTE_WORDS.contains(&fact.quote.split_whitespace().count()));
            }
        }
    }
}
