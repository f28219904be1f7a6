//! When an automation is due: by the clock, in a time zone of its own, or when something is heard.
//!
//! A schedule is a series of moments. What counts is the newest one that is over: after a night asleep an
//! hourly automation runs once, not nine times, and two devices agree on which moment it is.

use custory_domain::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Unit, ZonedDateTime, ZonedDateTimeRound};
use serde::{Deserialize, Serialize};

/// How often, and at which hour by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case")]
pub enum Rhythm {
    /// At every full hour.
    Hourly,
    /// Every day.
    Daily {
        /// 0 to 23.
        hour: i8,
    },
    /// Every week.
    Weekly {
        /// Which day.
        #[serde(with = "weekday")]
        day: Weekday,
        /// 0 to 23.
        hour: i8,
    },
    /// Whenever something is heard that it looks at; at no time by the clock.
    Heard,
    /// Whenever something on the map is other than before; at no time by the clock.
    Changed,
}

/// When an automation runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// How often.
    #[serde(flatten)]
    pub rhythm: Rhythm,
    /// The time zone's name, for example `Europe/Berlin`. One that this machine does not know is taken as UTC.
    pub zone: String,
}

impl Schedule {
    /// The newest moment of the series that is not after `now`; `None` where the clock has no say.
    pub fn last(&self, now: Timestamp) -> Option<Timestamp> {
        self.moments_back(now).next()
    }

    /// The next moment of the series after `now`; `None` where the clock has no say.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let step = match self.rhythm {
            Rhythm::Heard | Rhythm::Changed => return None,
            Rhythm::Hourly => 2.hours(),
            Rhythm::Daily { .. } => 50.hours(),
            Rhythm::Weekly { .. } => (8 * 24 + 2).hours(),
        };
        let far = self.local(now).checked_add(step).ok()?;
        let far = Timestamp(far.timestamp().as_millisecond());
        self.moments_back(far).take_while(|it| *it > now).last()
    }

    /// Moments of the series from the newest that is not after `now` on, backwards.
    pub fn moments_back(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let here = self.local(now);
        let mut back = 0;
        std::iter::from_fn(move || {
            loop {
                let moment = self.moment(&here, back)?;
                back += 1;
                if moment <= now {
                    return Some(moment);
                }
            }
        })
    }

    /// The moment so many periods before that of `here`'s own hour, day or week. An hour that the clock
    /// leaves out in spring is taken as the one after it.
    fn moment(&self, here: &ZonedDateTime, back: i32) -> Option<Timestamp> {
        let at = match self.rhythm {
            Rhythm::Heard | Rhythm::Changed => return None,
            Rhythm::Hourly => here
                .round(ZonedDateTimeRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc))
                .ok()?
                .checked_sub(back.hours())
                .ok()?,
            Rhythm::Daily { hour } => self.on(here.date().checked_sub(back.days()).ok()?, hour)?,
            Rhythm::Weekly { day, hour } => {
                let since = here.date().weekday().since(day);
                let day = here.date().checked_sub((i32::from(since) + 7 * back).days()).ok()?;
                self.on(day, hour)?
            }
        };
        Some(Timestamp(at.timestamp().as_millisecond()))
    }

    fn on(&self, day: jiff::civil::Date, hour: i8) -> Option<ZonedDateTime> {
        day.at(hour.clamp(0, 23), 0, 0, 0).to_zoned_datetime(self.zone()).ok()
    }

    fn local(&self, now: Timestamp) -> ZonedDateTime {
        jiff::Timestamp::from_millisecond(now.0).unwrap_or_default().to_zoned_datetime(self.zone())
    }

    /// The hour of a moment by the clock on the wall.
    pub(crate) fn hour(&self, moment: Timestamp) -> i8 {
        self.local(moment).hour()
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// A day of the week by its English name.
mod weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    pub fn serialize<S: Serializer>(day: &Weekday, out: S) -> Result<S::Ok, S::Error> {
        NAMES[usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()].serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Weekday, D::Error> {
        let name = String::deserialize(input)?;
        let at =
            NAMES.iter().position(|it| *it == name).ok_or_else(|| de::Error::custom("no day of the week"))?;
        Weekday::from_monday_zero_offset(i8::try_from(at).unwrap_or_default()).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn schedule(rhythm: Rhythm, zone: &str) -> Schedule {
        Schedule { rhythm, zone: zone.to_owned() }
    }

    #[test]
    fn the_wall_clock_counts_in_summer_and_in_winter() {
        let weekly = Rhythm::Weekly { day: Weekday::Monday, hour: 9 };
        for (rhythm, zone, now, last, next) in [
            // Berlin goes from UTC+2 to UTC+1 on 25 October 2026.
            (
                Rhythm::Daily { hour: 9 },
                "Europe/Berlin",
                "2026-10-25T12:00:00Z",
                "2026-10-25T08:00:00Z",
                "2026-10-26T08:00:00Z",
            ),
            (
                Rhythm::Daily { hour: 9 },
                "Europe/Berlin",
                "2026-10-25T07:59:59Z",
                "2026-10-24T07:00:00Z",
                "2026-10-25T08:00:00Z",
            ),
            // 02:00 does not exist in Berlin on 29 March 2026.
            (
                Rhythm::Daily { hour: 2 },
                "Europe/Berlin",
                "2026-03-29T12:00:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:00:00Z",
            ),
            (
                weekly,
                "America/New_York",
                "2026-11-24T00:00:00Z",
                "2026-11-23T14:00:00Z",
                "2026-11-30T14:00:00Z",
            ),
            (weekly, "UTC", "2026-11-23T08:59:59Z", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z"),
            (
                Rhythm::Hourly,
                "Asia/Kolkata",
                "2026-11-23T10:10:00Z",
                "2026-11-23T09:30:00Z",
                "2026-11-23T10:30:00Z",
            ),
            (
                Rhythm::Hourly,
                "Nowhere/Land",
                "2026-11-23T10:00:00Z",
                "2026-11-23T10:00:00Z",
                "2026-11-23T11:00:00Z",
            ),
        ] {
            let it = schedule(rhythm, zone);
            assert_eq!(it.last(at(now)), Some(at(last)), "last of {rhythm:?} in {zone} at {now}");
            assert_eq!(it.next(at(now)), Some(at(next)), "next of {rhythm:?} in {zone} at {now}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_and_nothing_comes_twice(millis in 1_700_000_000_000i64..1_900_000_000_000, hour in 0i8..24) {
            let now = Timestamp(millis);
            for rhythm in [Rhythm::Hourly, Rhythm::Daily { hour }, Rhythm::Weekly { day: Weekday::Friday, hour }] {
                let it = schedule(rhythm, "Europe/Berlin");
                let (last, next) = (it.last(now).unwrap(), it.next(now).unwrap());
                prop_assert!(last <= now && now < next);
                prop_assert_eq!(it.next(last), Some(next));
                prop_assert_eq!(it.last(next), Some(next));
                prop_assert_eq!(it.last(Timestamp(next.0 - 1)), Some(last));
            }
        }
    }
}
