//! An automation as a sentence: when, if, then. What a person may choose stands in pieces of its own.

use custory_domain::wording::number;
use custory_ipc::{Choice, Clause, Deed, Piece};
use jiff::civil::Weekday;

use crate::automation::{Automation, Recipe};
use crate::schedule::Rhythm;

fn plain(text: &str) -> Piece {
    Piece { text: text.to_owned(), choice: None }
}

fn chosen(choice: Choice, text: impl Into<String>) -> Piece {
    Piece { text: text.into(), choice: Some(choice) }
}

/// What an automation does and when, as one reads it. `journey` is the title of the one it looks at alone.
pub fn sentence(it: &Automation, journey: Option<&str>) -> Vec<Clause> {
    let place = chosen(Choice::Journey, journey.map_or("every journey".to_owned(), |it| format!("“{it}”")));
    let mut condition = vec![plain("on "), place, plain(" ")];
    let (mut given, mut then) = parts(&it.recipe);
    condition.append(&mut given);
    let more = it.conditions.as_ref().filter(|it| !it.of.is_empty());
    condition.push(plain(if more.is_some() { ", and it is " } else { ", " }));
    condition
        .push(chosen(Choice::Conditions, more.map_or("whatever it is about".to_owned(), |it| it.words())));
    let mode = chosen(Choice::Mode, if it.asks_first { "once you say so" } else { "by itself" });
    then.splice(0..0, [mode, plain(", ")]);
    let told = match &it.channel {
        Some(room) => format!("#{} in {}", room.name, vendor_name(&room.vendor)),
        None => "nobody".to_owned(),
    };
    let is_news = matches!(it.recipe, Recipe::Shipped | Recipe::Verdicts) && it.channel.is_some();
    let threads =
        if is_news { " what it did, and the threads in which it was first said" } else { " what it did" };
    let tell = vec![chosen(Choice::Channel, told), plain(threads)];
    [("When", when(it)), ("If", condition), ("Then", then), ("Tell", tell)]
        .into_iter()
        .map(|(word, pieces)| Clause { word: word.to_owned(), pieces })
        .collect()
}

fn vendor_name(vendor: &str) -> &str {
    match vendor {
        "slack" => "Slack",
        other => other,
    }
}

fn parts(recipe: &Recipe) -> (Vec<Piece>, Vec<Piece>) {
    match recipe {
        Recipe::FunnelWatch { points, cases } => (
            vec![
                plain("a rate got worse by at least "),
                chosen(Choice::Points, format!("{} points", number(*points, 1))),
                plain(" from one week to the next, with "),
                chosen(Choice::Cases, format!("{cases} cases")),
                plain(" in both, and more than chance"),
            ],
            vec![plain("add an insight on its step with the numbers as evidence, and begin a thread")],
        ),
        Recipe::Verdicts => (
            vec![plain("the weeks after a ship are over")],
            vec![plain("keep the verdict, and move the solution and its opportunities on")],
        ),
        Recipe::Shipped => (
            vec![plain("the issue of a solution is released or done")],
            vec![plain("note that it has shipped if it is released; else ask whether customers have it")],
        ),
        Recipe::StaleSteps => (
            vec![plain("a step went stale, or changed since somebody looked at it")],
            vec![plain("ask its owner whether it is still true")],
        ),
        Recipe::WeeklyReview => (
            vec![plain("there is anything to talk about")],
            vec![plain("write the review: what changed, what is stale, what comes first, what nobody owns")],
        ),
        Recipe::Delivery { vendor, team } => (
            vec![plain("an opportunity is prioritised, owned, and its confidence is at least 50%")],
            vec![
                plain(if vendor == "linear" { "make an issue in Linear for " } else { "make an issue for " }),
                chosen(Choice::Team, if team.is_empty() { "no team yet" } else { team }),
                plain(", with why and what it rests on"),
            ],
        ),
        Recipe::Watch { watch, deeds, .. } => {
            let what = if deeds.is_empty() {
                "nothing more".to_owned()
            } else {
                deeds.iter().map(Deed::words).collect::<Vec<_>>().join(", and ")
            };
            (
                vec![plain("something comes into "), chosen(Choice::View, format!("“{}”", watch.name))],
                vec![chosen(Choice::Deeds, what)],
            )
        }
        Recipe::Save => (
            vec![plain("it shares two or more telling words with a step")],
            vec![plain(
                "put it there as evidence, for the insight that says the same or a new one, and answer in the thread",
            )],
        ),
    }
}

fn when(it: &Automation) -> Vec<Piece> {
    let every = match it.schedule.rhythm {
        Rhythm::Hourly => return vec![chosen(Choice::Every, "every hour")],
        Rhythm::Changed => return vec![plain("something on the map changes")],
        Rhythm::Heard => {
            return vec![plain("somebody marks a message in Slack, saves it, or says it to @Custory")];
        }
        Rhythm::Daily { .. } => "every day",
        Rhythm::Weekly { day, .. } => name(day),
    };
    let (Rhythm::Daily { hour } | Rhythm::Weekly { hour, .. }) = it.schedule.rhythm else {
        return Vec::new();
    };
    let zone = match it.schedule.zone.trim_start_matches("Etc/") {
        "UTC" => " UTC".to_owned(),
        zone => format!(", {} time", zone.replace('_', " ")),
    };
    vec![
        chosen(Choice::Every, every),
        plain(" at "),
        chosen(Choice::Hour, format!("{hour:02}:00")),
        plain(&zone),
    ]
}

const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "every Monday",
        Weekday::Tuesday => "every Tuesday",
        Weekday::Wednesday => "every Wednesday",
        Weekday::Thursday => "every Thursday",
        Weekday::Friday => "every Friday",
        Weekday::Saturday => "every Saturday",
        Weekday::Sunday => "every Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automation::RecipeKind;

    #[test]
    fn every_recipe_reads_as_when_if_then() {
        for kind in RecipeKind::ALL {
            let clauses = sentence(&kind.offered("America/New_York"), Some("Crew"));
            let words: Vec<_> = clauses.iter().map(|it| it.word.as_str()).collect();
            assert_eq!(words, ["When", "If", "Then", "Tell"]);
            let text: String = clauses.iter().flat_map(|it| &it.pieces).map(|it| it.text.as_str()).collect();
            let begins = ["every ", "somebody "].iter().any(|it| text.starts_with(it));
            assert!(begins && text.contains("“Crew”") && !text.contains("  "), "{text}");
        }
    }
}
