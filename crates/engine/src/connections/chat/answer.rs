//! Answers to what is asked in a chat: read from the journeys by the functions that the windows ask, without a
//! model, and put into words for a channel.
//!
//! Nothing here writes. What is shown is what teammates see on the map; raw words of signals are not among it. Only
//! people of the team's own workspace are answered, in the channel in which they ask.

use custory_assistant::tools::{Desk, Names, Tool};
use custory_connectors::{Part, Words};
use custory_domain::agenda::Period;
use custory_domain::{EntityKind, EntityRef, JourneyId, Timestamp, agenda};
use custory_ipc::{Asked, JourneySummary, Reply};

use super::wish::Wish;
use crate::failure::Fault;
use crate::inbox::Core;

/// Hits that are shown.
const HITS_MAX: usize = 8;
/// Changes of a journey that are told; the rest is counted.
const CHANGED_MAX: usize = 12;
/// How far back changes are told.
const CHANGED_DAYS: i64 = 7;

/// What can be asked.
pub(super) fn help() -> Words {
    let lines = [
        "Mark a message with the emoji, or say “save” in a thread: it becomes a signal in Custory.",
        "“search words” finds steps, insights and quotes.",
        "“step title” shows a step with everything on it.",
        "“changed” tells what changed this week.",
        "A question is answered by the assistant, from the journey, if a model is set up.",
    ];
    Words::new("What you can say to Custory", lines.map(str::to_owned).to_vec())
}

fn in_words(fault: &Fault) -> Words {
    Words::new(fault.0.message.clone(), Vec::new())
}

impl Core {
    /// What is read for a wish; `None` where it is one to keep something, or a question.
    pub(super) fn read_for(&mut self, wish: &Wish) -> Option<Words> {
        let read = match wish {
            Wish::Search(query) => self.found_words(query),
            Wish::Step(title) => self.step_words(title),
            Wish::Changed => self.changed_words(),
            Wish::Help => Ok(help()),
            Wish::SaveThread | Wish::SaveThis | Wish::Ask(_) => return None,
        };
        Some(read.unwrap_or_else(|fault| in_words(&fault)))
    }

    /// An answer that somebody waits for and only they see: a wish that needs more than reading is explained.
    pub(super) fn slash_answer(&mut self, words: &str) -> Words {
        self.read_for(&Wish::of(words)).unwrap_or_else(help)
    }

    fn found_words(&mut self, query: &str) -> Result<Words, Fault> {
        let Reply::Found { hits } = self.search(query, None)? else { return Ok(help()) };
        let titles = self.summaries()?;
        let title = |id| titles.iter().find(|it| it.id == id).map_or("", |it| it.title.as_str());
        let line = |it: &custory_ipc::Hit| {
            let kind = it.entity.kind.word();
            let excerpt = if it.excerpt.is_empty() { String::new() } else { format!(" — {}", it.excerpt) };
            format!("{} “{}” on {}{excerpt}", capital(kind), it.title, title(it.journey))
        };
        let lines: Vec<_> = hits.iter().take(HITS_MAX).map(line).collect();
        if lines.is_empty() {
            return Ok(Words::new(format!("Nothing has the words “{query}”"), Vec::new()));
        }
        Ok(Words::new(format!("Found for “{query}”"), lines))
    }

    fn step_words(&mut self, title: &str) -> Result<Words, Fault> {
        let Some((journey, step)) = self.step_called(title)? else {
            return Ok(Words::new(format!("No step is called “{title}”"), Vec::new()));
        };
        let board = self.board(journey.ulid())?;
        let on = board.journey().map_or(String::new(), |it| it.title.clone());
        let desk = Desk::of(board, self.clock.now());
        let read = desk.answer(Tool::GetStep, &step.to_string(), "", &mut Names::identifiers());
        let text = read.unwrap_or_else(|problem| problem);
        // Names are for programs that ask again; people know titles.
        let line = |line: &str| {
            let line = line.trim();
            let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
            if first.parse::<EntityRef>().is_ok() { capital(rest) } else { line.to_owned() }
        };
        Ok(Words::new(format!("{} · {on}", desk.title(step)), text.lines().map(line).collect()))
    }

    /// The step that is meant: of that title, else the one that is found first.
    fn step_called(&mut self, title: &str) -> Result<Option<(JourneyId, EntityRef)>, Fault> {
        let Reply::Found { hits } = self.search(title, None)? else { return Ok(None) };
        let steps: Vec<_> = hits.into_iter().filter(|it| it.entity.kind == EntityKind::Step).collect();
        let same = steps.iter().find(|it| it.title.eq_ignore_ascii_case(title));
        Ok(same.or(steps.first()).map(|it| (it.journey, it.entity)))
    }

    fn changed_words(&mut self) -> Result<Words, Fault> {
        let now = self.clock.now();
        let since = Timestamp(now.0 - CHANGED_DAYS * Timestamp::DAY_MILLIS);
        let mut parts = Vec::new();
        for it in self.journeys_to_tell_of()? {
            let (title, board) = (it.title, self.board(it.id.ulid())?);
            let period = Period { last: None, since };
            let traces = self.traces(it.id, period)?;
            let Some(changed) = agenda(&board, period, &traces, now).lists(CHANGED_MAX).into_iter().next()
            else {
                continue;
            };
            let mut lines: Vec<_> = changed.lines.into_iter().map(|it| it.1).collect();
            if changed.more > 0 {
                lines.push(format!("and {} more", changed.more));
            }
            if !lines.is_empty() {
                parts.push(Part { heading: title, lines });
            }
        }
        let title = if parts.is_empty() { "Nothing changed this week" } else { "Changed this week" };
        Ok(Words { title: title.to_owned(), parts })
    }

    fn journeys_to_tell_of(&self) -> Result<Vec<JourneySummary>, Fault> {
        let all = self.summaries()?.into_iter();
        let mut told: Vec<_> = all.filter(|it| !it.is_archived && !it.is_sample).collect();
        told.sort_by_key(|it| std::cmp::Reverse(it.updated_at));
        Ok(told)
    }

    /// The journey that a question is about: the one whose title it says, else the one that changed last.
    pub(super) fn journey_asked_about(&self, question: &str) -> Result<Option<JourneyId>, Fault> {
        let question = question.to_lowercase();
        let all = self.journeys_to_tell_of()?;
        let named = all.iter().find(|it| question.contains(&it.title.to_lowercase()));
        Ok(named.or(all.first()).map(|it| it.id))
    }
}

/// The assistant's answer, as the windows show it: every statement with what it rests on.
pub(super) fn answered(asked: &Asked) -> Words {
    let claim = |it: &custory_ipc::Claim| {
        let cites: Vec<_> = it.cites.iter().map(|it| format!("“{}”", it.title)).collect();
        format!("{} ({})", it.text, cites.join(", "))
    };
    let mut lines: Vec<_> = asked.answer.claims.iter().map(claim).collect();
    if asked.answer.is_empty() {
        lines.push("That is not in the journey.".to_owned());
    }
    if !asked.answer.proposal.is_empty() {
        lines.push("It proposes changes; they wait in Custory for somebody to accept them.".to_owned());
    }
    Words::new(asked.question.clone(), lines)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |it| it.to_uppercase().chain(letters).collect())
}
