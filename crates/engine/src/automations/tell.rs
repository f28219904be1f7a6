//! What a run did, told in the channel that was chosen for it: once, whichever device runs it.

use custory_automations::{Automation, Room, post_id};
use custory_connectors::{Part, Post, Words};
use custory_domain::{EvidenceId, Timestamp};
use custory_ipc::{JourneyReview, Run, RunResult};

use crate::connections::chat::{Noted, note_id};
use crate::failure::Fault;
use crate::inbox::Core;

/// Threads that hear of one effect.
const THREADS_MAX: usize = 5;

/// What is being told.
pub(super) struct Telling {
    noted: Noted,
    /// An earlier try noted it, and ended before it was told.
    is_known: bool,
}

/// The beginning of what a log says about a post that is not there yet.
const TELLING: &str = "Telling the channel: ";

impl Core {
    /// Notes what will be told, before any of it is done: an end in the middle loses nothing. `None` where nobody is
    /// told.
    pub(super) fn begin_telling(
        &mut self,
        automation: &Automation,
        run: &Run,
        would: Vec<String>,
    ) -> Result<Option<Telling>, Fault> {
        let Some(room) = automation.channel.as_ref().filter(|_| !would.is_empty() || !run.reviews.is_empty())
        else {
            return Ok(None);
        };
        let post = Post {
            id: post_id(automation, run.moment, &room.id),
            channel: room.id.clone(),
            thread: None,
            words: words(automation, &would, &run.reviews),
            since: run.moment,
        };
        let is_known = self.store.post(&post.id)?.is_some();
        let noted = Noted::of_changes(&room.vendor, post, Some(run.id.clone()));
        Ok(self.note_post(&noted)?.then_some(Telling { noted, is_known }))
    }

    /// Tells it, as it came out. Where all was there already, by another device, nothing is told; but what an earlier
    /// try had noted is.
    pub(super) fn finish_telling(
        &mut self,
        automation: &Automation,
        run: &Run,
        telling: Telling,
    ) -> Result<(), Fault> {
        let Telling { mut noted, is_known } = telling;
        let has_news = !run.did.is_empty() || !run.reviews.is_empty();
        if has_news && !is_known {
            noted.post.words = words(automation, &run.did, &run.reviews);
            self.reword_post(&noted)?;
        } else if !has_news && !is_known {
            self.store.delete_post(&noted.post.id)?;
            return Ok(());
        }
        self.post_apart(noted)
    }

    /// Tells of an effect in the threads in which what it rests on was said, if the automation tells anybody.
    pub(super) fn tell_threads(
        &mut self,
        automation: &Automation,
        says: &str,
        evidence: &[EvidenceId],
    ) -> Result<(), Fault> {
        if automation.channel.is_none() {
            return Ok(());
        }
        let mut told = 0;
        for it in evidence {
            let Some(signal) = self.store.signal(it.ulid().into())? else { continue };
            let is_chat = custory_connectors::find(&signal.source).is_some_and(|it| it.is_chat());
            // `account/channel/message`, as it was taken in.
            let mut parts = signal.external_id.trim_end_matches("#thread").split('/').skip(1);
            let (Some(channel), Some(message)) = (parts.next(), parts.next()) else { continue };
            if !is_chat || told == THREADS_MAX {
                continue;
            }
            told += 1;
            let post = Post {
                id: note_id(&format!("thread\n{}\n{says}\n{}", automation.key(), signal.id)),
                channel: channel.to_owned(),
                thread: Some(message.to_owned()),
                words: Words::new(says, Vec::new()),
                since: Timestamp(self.clock.now().0 - Timestamp::DAY_MILLIS),
            };
            let noted = Noted::of_changes(&signal.source, post, None);
            if self.note_post(&noted)? {
                self.post_apart(noted)?;
            }
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
        let room = self.automation(&run.automation).ok().and_then(|it| it.channel);
        let room: Option<Room> = room.filter(|it| it.id == noted.post.channel);
        room.map_or_else(|| "the channel".to_owned(), |it| format!("#{}", it.name))
    }
}

fn words(automation: &Automation, did: &[String], reviews: &[JourneyReview]) -> Words {
    let name = automation.name();
    match reviews {
        [] => Words::new(name, did.to_vec()),
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
