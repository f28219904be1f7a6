//! Keeps the claims that the journey bears out, and says why the others went. Pure.

use std::collections::BTreeSet;

use custory_domain::EntityRef;
use custory_ipc::{Answer, Cited, Claim};

use super::turn::TurnClaim;
use crate::fence::plain;
use crate::tools::{Desk, Names};
use crate::words::{numbers, share_known, stems};

/// Share of a claim's words that what it cites must know. Low, since claims are phrased freely and in
/// other languages than the journey's; it takes out what speaks of something else altogether.
const KNOWN_SHARE_MIN: f32 = 0.2;

/// Adds the claims that hold to an answer.
pub(super) fn claims(desk: &Desk, names: &Names, told: &[TurnClaim], answer: &mut Answer) {
    for claim in told {
        match believed(desk, names, claim) {
            Ok(claim) => {
                if !answer.claims.iter().any(|it| it.text.eq_ignore_ascii_case(&claim.text)) {
                    answer.claims.push(claim);
                }
            }
            Err(reason) => answer.dropped.push(reason),
        }
    }
}

fn believed(desk: &Desk, names: &Names, told: &TurnClaim) -> Result<Claim, String> {
    let cites = cited(desk, names, &told.cites).ok_or("A statement named nothing that is in the journey.")?;
    let text = names.spelled_out(&plain(&told.text), |it| desk.title(it));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = cites.iter().map(|it| names.shown_of(it.entity)).collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        return Err("A statement was empty.".to_owned());
    }
    // An address that nobody showed could carry away what was shown, were it ever followed.
    let is_shown = |it: &str| shown.contains(it.trim_matches(|it: char| !it.is_alphanumeric()));
    if text.split_whitespace().filter(|it| it.contains("://") || it.contains("](")).any(|it| !is_shown(it)) {
        return Err("A statement had an address that is not in what it named.".to_owned());
    }
    if !numbers(&without_quoted(&text)).is_subset(&numbers(&shown)) {
        return Err("A statement had a number that is not in what it named.".to_owned());
    }
    if share_known(&text, &stems(&shown)) < KNOWN_SHARE_MIN && text.is_ascii() {
        return Err("A statement spoke of something else than what it named.".to_owned());
    }
    Ok(Claim { text, cites })
}

/// What is named, each once, if at least one of it is on the board and in sight.
pub(super) fn cited(desk: &Desk, names: &Names, told: &[String]) -> Option<Vec<Cited>> {
    let entities: BTreeSet<EntityRef> =
        told.iter().filter_map(|it| names.find(it)).filter(|it| desk.is_on_board(*it)).collect();
    let cites: Vec<Cited> =
        entities.into_iter().map(|entity| Cited { entity, title: desk.title(entity) }).collect();
    (!cites.is_empty()).then_some(cites)
}

/// Titles that were spelled out may have numbers of their own.
fn without_quoted(text: &str) -> String {
    let mut is_quoted = false;
    text.chars()
        .filter(|it| {
            is_quoted = match it {
                '“' => true,
                '”' => false,
                _ => is_quoted,
            };
            !is_quoted
        })
        .collect()
}
