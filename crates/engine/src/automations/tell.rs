//! What a run did, told in the channel that was chosen for it: once, whichever device runs it.

use custory_automations::{Automation, Room, post_id};
use custory_connectors::{Part, Post, Words};
use custory_ipc::{JourneyReview, Run, RunResult};

use crate::connections::chat::Noted;
use crate::failure::Fault;
use crate::inbox::Core;

/// The beginning of what a log says about a post that is not there yet.
const TELLING: &str = "Telling the channel: ";

impl Core {
    /// Tells the channel, if the run did something.
    pub(super) fn tell_channel(&mut self, automation: &Automation, run: &Run) -> Result<(), Fault> {
        let Some(room) = automation.channel.as_ref().filter(|_| run.result == RunResult::Done) else {
            return Ok(());
        };
        let post = Post {
            id: post_id(automation, run.moment, &room.id),
            channel: room.id.clone(),
            thread: None,
            words: words(automation, run),
            since: run.moment,
        };
        let noted = Noted::new(&room.vendor, post, Some(run.id.clone()));
        if self.note_post(&noted)? {
            self.post_apart(noted)?;
        }
        Ok(())
    }

    /// Writes into a run's log how telling of it went; `problem` with whether it is tried again.
    pub(crate) fn run_posted(
        &mut self,
        id: &str,
        noted: &Noted,
        problem: Option<(String, bool)>,
    ) -> Result<(), Fault> {
        // A log that was cleared since says nothing more.
        let Ok(mut run) = self.logged(id) else { return Ok(()) };
        match problem {
            None => {
                run.did.push(format!("Told {}", self.room_name(&run, noted)));
                if matches!(&run.result, RunResult::Check { problem } if problem.starts_with(TELLING)) {
                    run.result = RunResult::Done;
                }
            }
            Some((problem, is_open)) => {
                let next = if is_open {
                    " It is looked for and, if it is not there, made with the next reading."
                } else {
                    ""
                };
                run.result = RunResult::Check { problem: format!("{TELLING}{problem}{next}") };
            }
        }
        self.log_run(&run)
    }

    fn room_name(&self, run: &Run, noted: &Noted) -> String {
        let kind = custory_automations::RecipeKind::parse(&run.automation);
        let room = kind.and_then(|it| self.automation(it).ok()).and_then(|it| it.channel);
        let room: Option<Room> = room.filter(|it| it.id == noted.post.channel);
        room.map_or_else(|| "the channel".to_owned(), |it| format!("#{}", it.name))
    }
}

fn words(automation: &Automation, run: &Run) -> Words {
    let name = automation.recipe.kind().name();
    match run.reviews.as_slice() {
        [] => Words::new(name, run.did.clone()),
        [one] => Words { title: format!("{name}: {}", one.title), parts: lists(one, "") },
        several => {
            let parts = several.iter().flat_map(|it| lists(it, &format!("{} · ", it.title)));
            Words { title: name.to_owned(), parts: parts.collect() }
        }
    }
}

fn lists(review: &JourneyReview, before: &str) -> Vec<Part> {
    let filled = review.lists.iter().filter(|it| !it.lines.is_empty());
    let mut parts: Vec<_> = filled
        .map(|it| {
            let mut lines: Vec<_> = it.lines.iter().map(|it| it.1.clone()).collect();
            if it.more > 0 {
                lines.push(format!("and {} more", it.more));
            }
            Part { heading: format!("{before}{}", it.heading), lines }
        })
        .collect();
    if parts.is_empty() {
        let quiet = "Nothing changed, and nothing waits.".to_owned();
        parts.push(Part { heading: before.trim_end_matches(" · ").to_owned(), lines: vec![quiet] });
    }
    parts
}
