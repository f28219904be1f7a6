//! How a review's periods, people and changes are written.

use custory_domain::agenda::{Changed, How, Maker, Period};
use custory_domain::{EntityKind, MemberId, Review, Timestamp};

use crate::state::{List, Row, Store};
use crate::views::history;
use crate::{format, host};

/// Since when it looks.
pub fn since(period: &Period) -> String {
    match period.last {
        Some(_) => format!("Since the last review, {}", day(period.since)),
        None => "The last 7 days; no review was finished before".to_owned(),
    }
}

/// The same, at the end of a sentence.
pub fn since_when(period: &Period) -> String {
    match period.last {
        Some(_) => format!("since the last review, {}", day(period.since)),
        None => "in the last 7 days".to_owned(),
    }
}

/// A day, by the clock of this place.
pub fn day(at: Timestamp) -> String {
    format::day(host::local(at).date(), host::local(host::now()).date())
}

/// Who began it.
pub fn begun(store: Store, review: &Review) -> String {
    format!("begun {} by {}", day(review.created.at), name(store, Some(review.created.by)))
}

/// A member's name.
pub fn name(store: Store, member: Option<MemberId>) -> String {
    member.and_then(|it| store.member(it)).map_or_else(|| "somebody".to_owned(), |it| it.name)
}

/// Who made a change and through what.
pub fn made_by(store: Store, maker: &Maker) -> String {
    let known = maker.by.and_then(|it| store.member(it)).map(|it| it.name);
    history::words::who(known, maker.via)
}

/// What became of something.
pub const fn how(how: How) -> &'static str {
    match how {
        How::Added => "New",
        How::Changed => "Changed",
        How::Removed => "Deleted",
    }
}

/// What of it was changed.
pub fn what(it: &Changed) -> String {
    let kind = it.about.kind.word();
    if it.fields.is_empty() {
        return format::capital(kind);
    }
    format!("{}: {}", format::capital(kind), it.fields.join(", "))
}

/// The plural of a kind, as a choice.
pub fn kinds(kind: EntityKind) -> String {
    let word = format::capital(kind.word());
    match word.strip_suffix('y') {
        Some(stem) if kind == EntityKind::Opportunity => format!("{stem}ies"),
        _ => format!("{word}s"),
    }
}

/// Id of a line in the page.
pub fn row_id(row: Row) -> String {
    let list = match row.list {
        List::Changed => "changed",
        List::Stale => "stale",
        List::Evidence => "evidence",
        List::First => "first",
        List::Unowned => "unowned",
        List::Verdicts => "verdicts",
    };
    format!("rv-{list}-{}-{}", row.about.kind.as_str(), row.about.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_their_plurals() {
        for (kind, expected) in [
            (EntityKind::Opportunity, "Opportunities"),
            (EntityKind::Journey, "Journeys"),
            (EntityKind::Step, "Steps"),
            (EntityKind::DeliveryLink, "Linked issues"),
        ] {
            assert_eq!(kinds(kind), expected);
        }
    }
}
