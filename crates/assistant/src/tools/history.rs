//! What a journey was: as of a day, with its scores and numbers as known then, and what was done since.

use custory_domain::{Board, EntityRef, Timestamp, Via};
use jiff::civil::Date;

use super::{Desk, Names, short};

/// Deeds that are listed.
const DEEDS_MAX: usize = 15;
/// How far back a number of days may go: ten years.
const DAYS_MAX: i64 = 3_660;

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// By whom; empty if nobody knows.
    pub who: String,
    /// Through what.
    pub via: Via,
    /// What.
    pub label: String,
}

/// A journey's past. Read only.
pub trait Past: std::fmt::Debug + Send + Sync {
    /// Everything on it as it was at a moment; `None` before it began.
    fn board_at(&self, at: Timestamp) -> Option<Board>;

    /// What was done after a moment, the newest first; only to one thing, if it is named.
    fn since(&self, at: Timestamp, about: Option<EntityRef>) -> Vec<Deed>;
}

impl Desk {
    /// The journey, or one thing on it, as it was.
    pub(super) fn history(
        &self,
        about: Option<EntityRef>,
        query: &str,
        names: &mut Names,
    ) -> Result<String, String> {
        let past = self.past.as_ref().ok_or("Nothing older than the journey as it is can be read here.")?;
        let (day, at) = moment(query, self.now)?;
        let deeds = past.since(at, about);
        let then = past.board_at(at).filter(|it| it.journey().is_some());
        let was = match then {
            None => format!("as of {day}: the journey had not begun yet."),
            Some(board) => {
                let then = Desk::of(board, at);
                let told = match about {
                    None => then.journey(names),
                    Some(it) if then.is_on_board(it) => then.whole(it, names),
                    Some(_) => "it was not in the journey.".to_owned(),
                };
                format!("as of {day}:\n{told}")
            }
        };
        let listed: Vec<String> = deeds.iter().take(DEEDS_MAX).map(deed).collect();
        let since = match (deeds.len(), about) {
            (0, _) => "nothing was changed since.".to_owned(),
            (count, _) => {
                let more = count.saturating_sub(DEEDS_MAX);
                let more = if more > 0 { format!("\n({more} older ones)") } else { String::new() };
                format!("changes since, the newest first ({count}):\n{}{more}", listed.join("\n"))
            }
        };
        let whom = about.or_else(|| self.board.journey().map(|it| it.id.into()));
        if let Some(whom) = whom {
            // Given a name as well, so that what was said of the past can be cited.
            names.name(whom);
            names.show(whom, &since);
            names.show(whom, &was);
        }
        Ok(format!("{was}\n\n{since}"))
    }
}

fn deed(deed: &Deed) -> String {
    const LABEL_BYTES_MAX: usize = 200;
    let via = match deed.via {
        Via::User => "",
        Via::Automation => " (an automation)",
        Via::Ai => " (a proposal, accepted)",
        Via::Import => " (an import)",
        Via::Connector => " (another tool)",
    };
    let who = if deed.who.is_empty() { "somebody".to_owned() } else { short(&deed.who, 80) };
    format!("{} {who}{via}: {}", deed.at.date(), short(&deed.label, LABEL_BYTES_MAX))
}

/// The day that words name, and its last moment. A number counts days back from now.
fn moment(query: &str, now: Timestamp) -> Result<(String, Timestamp), String> {
    let words = || query.split(|it: char| !(it.is_ascii_alphanumeric() || it == '-'));
    if let Some(day) = words().find_map(|it| it.parse::<Date>().ok()) {
        let next = day.tomorrow().map_err(|_| "There is no such day.".to_owned())?;
        let end = next
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .map_err(|_| "There is no such day.".to_owned())?;
        return Ok((day.to_string(), Timestamp(end.timestamp().as_millisecond() - 1)));
    }
    let days = words().find_map(|it| it.parse::<i64>().ok()).filter(|it| (0..=DAYS_MAX).contains(it));
    let days = days.ok_or("Say which day, as 2026-05-31, or how many days ago.")?;
    let at = Timestamp(now.0 - days * Timestamp::DAY_MILLIS);
    Ok((format!("{} ({days} days ago)", at.date()), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_from_words() {
        let now = Timestamp(10 * Timestamp::DAY_MILLIS);
        for (query, expected) in [
            ("1970-01-03", Some(3 * Timestamp::DAY_MILLIS - 1)),
            ("on 1970-01-03, please", Some(3 * Timestamp::DAY_MILLIS - 1)),
            ("4 days ago", Some(6 * Timestamp::DAY_MILLIS)),
            ("", None),
            ("last week", None),
            ("99999", None),
        ] {
            assert_eq!(moment(query, now).ok().map(|it| it.1), expected.map(Timestamp), "{query}");
        }
    }
}
