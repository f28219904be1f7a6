//! News that a person hears of together, in one notice a day.
//!
//! Lines are in the inbox as they come. Each morning, or at the first look after it if the machine was asleep, those of
//! them that nobody has seen by then are told once.

use custory_automations::{Rhythm, Schedule};
use custory_domain::Timestamp;
use custory_domain::news::Route;
use custory_ipc::{Event, INBOX_LINK};
use custory_store::Line;
use serde::{Deserialize, Serialize};

use crate::automations::zone_here;
use crate::failure::Fault;
use crate::inbox::Core;
use crate::news::SHOWN_MAX;

/// The hour by the clock on the wall at which it is told.
const HOUR: i8 = 9;

/// Pieces of news that are named; of the others it is said how many there are.
const NAMED_MAX: usize = 3;

/// Where it is remembered what was told.
const SETTING: &str = "digest";

/// What was told, by whichever program had this data folder open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    /// The morning that it was told of.
    morning: Timestamp,
    /// The newest line of then.
    line: i64,
}

impl Core {
    /// Tells the news of a day if the morning has come.
    pub(crate) fn tell_digest(&mut self) {
        if let Err(fault) = self.look_for_digest() {
            tracing::error!("the news of the day are not told: {fault}");
        }
    }

    fn look_for_digest(&mut self) -> Result<(), Fault> {
        let routes = self.preferences()?.news;
        if !routes.have(Route::Daily) {
            return Ok(());
        }
        let schedule = Schedule { rhythm: Rhythm::Daily { hour: HOUR }, zone: zone_here() };
        let Some(morning) = schedule.last(self.clock.now()) else { return Ok(()) };
        let kept = self.store.setting(SETTING)?;
        let before: Option<Told> = kept.and_then(|it| serde_json::from_str(&it).ok());
        if before.is_some_and(|it| it.morning >= morning) {
            return Ok(());
        }
        let told = Told { morning, line: self.store.news_stand()?.1 };
        self.store.put_setting(SETTING, &serde_json::json!(told).to_string())?;
        // From when on there is a digest, there was none: what had come until then was there to be seen.
        let Some(before) = before else { return Ok(()) };
        let is_new = |it: &Line| it.id > before.line && !it.is_read;
        let mut lines = self.store.news(SHOWN_MAX)?;
        lines.retain(|it| is_new(it) && routes.for_news(&it.news) == Route::Daily);
        if let Some(event) = self.digest(lines)? {
            self.emit(event);
        }
        Ok(())
    }

    /// Lines as one; a single one is told as itself.
    fn digest(&self, lines: Vec<Line>) -> Result<Option<Event>, Fault> {
        let count = lines.len();
        let mut named = Vec::new();
        for line in lines.into_iter().take(NAMED_MAX) {
            let event = self.aloud(line)?;
            if count == 1 {
                return Ok(Some(event));
            }
            if let Event::Told { title, text, .. } = event {
                named.push(format!("{title}: {text}"));
            }
        }
        if count == 0 {
            return Ok(None);
        }
        if count > NAMED_MAX {
            named.push(format!("and {} more", count - NAMED_MAX));
        }
        let title = format!("{count} new for you since yesterday");
        Ok(Some(Event::Told { title, text: named.join("; "), link: INBOX_LINK.to_owned(), count }))
    }
}
