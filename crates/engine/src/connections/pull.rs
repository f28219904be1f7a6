//! Reading what is new from all connected tools.

use std::collections::BTreeSet;

use custory_connectors::{ConnectError, Context, Issue, Place, Told};
use custory_domain::{DeliveryLinkId, Timestamp};
use custory_ipc::{Pulled, Reply};
use uuid::Uuid;

use super::chat::{Noted, make};
use super::issues::{Followed, Sending, deliver, issue_of};
use super::numbers::{Counts, Wanted, count};
use super::{Kept, stopped};
use crate::apart::Later;
use crate::failure::Fault;
use crate::inbox::Core;

/// How far back a tracker is asked beyond the newest change that was seen: clocks differ, and a list
/// that is read in pages may miss what moves meanwhile.
const OVERLAP_MILLIS: i64 = 5 * 60 * 1_000;

/// One tool's work, ready to be done apart.
struct Work {
    vendor: String,
    kept: Kept,
    context: Context,
    wanted: Vec<Wanted>,
    pending: Vec<Sending>,
    followed: Vec<Followed>,
    posts: Vec<Noted>,
    /// When it was begun.
    at: Timestamp,
}

/// What a tool said.
#[derive(Default)]
struct Said {
    counts: Vec<Counts>,
    sent: Vec<(Sending, Result<Issue, ConnectError>)>,
    issues: Vec<Issue>,
    /// Issues that were asked after.
    asked: BTreeSet<Uuid>,
    posted: Vec<(Noted, Result<Place, ConnectError>)>,
    told: Vec<Told>,
    problem: Option<ConnectError>,
}

impl Core {
    /// Reads from one tool, or from all that are connected.
    pub(crate) fn pull(&mut self, vendor: Option<&str>) -> Result<Later, Fault> {
        let vendors: Vec<(String, Kept)> = match vendor {
            Some(vendor) => vec![(vendor.to_owned(), self.kept(vendor)?)],
            None => self.all_kept()?.into_iter().collect(),
        };
        let mut works = Vec::new();
        for (vendor, kept) in vendors {
            works.push(self.work(vendor, kept)?);
        }
        let way = self.way();
        Ok(Box::new(move || {
            Box::pin(async move {
                let mut pulled = Vec::new();
                for mut work in works {
                    let said = work.ask().await;
                    let taken = way.ask(move |core| {
                        let taken = core.take_said(&work, said);
                        (work, taken)
                    });
                    let (work, taken) = taken.ok_or_else(stopped)?;
                    pulled.push(taken.map_err(|it| it.0)?);
                    if work.context.chat().is_some() {
                        super::chat::deal_with_heard(&way, &work.vendor, &work.kept, &work.context).await;
                    }
                }
                Ok(Reply::Pulled { pulled })
            })
        }))
    }

    fn work(&mut self, vendor: String, kept: Kept) -> Result<Work, Fault> {
        let context = self.context(&vendor, &kept)?;
        let wanted = self.wanted(&vendor, &kept.account)?;
        let (pending, followed) = (self.pending(&vendor)?, self.followed(&vendor)?);
        let (posts, at) = (self.posts_due(&vendor)?, self.clock.now());
        Ok(Work { vendor, kept, context, wanted, pending, followed, posts, at })
    }

    fn take_said(&mut self, work: &Work, said: Said) -> Result<Pulled, Fault> {
        let (vendor, followed) = (&work.vendor, &work.followed);
        // Whoever hears of the result may find it due again.
        self.pulling.remove(vendor);
        let name = custory_connectors::find(vendor).map_or(vendor.as_str(), |it| it.name).to_owned();
        let mut pulled = Pulled { vendor: vendor.clone(), metrics: said.counts.len(), ..Pulled::default() };
        pulled.points = self.take_counts(&name, said.counts)?;
        for (sending, outcome) in said.sent {
            match self.sent(&sending, outcome) {
                Ok(_) => pulled.resumed += 1,
                Err(fault) => pulled.problem = fault.0.message,
            }
        }
        for (noted, outcome) in said.posted {
            match self.posted(noted, outcome) {
                Ok(()) => pulled.resumed += 1,
                Err(fault) => pulled.problem = fault.0.message,
            }
        }
        for told in &said.told {
            pulled.heard += usize::from(self.hear(vendor, told)?);
        }
        pulled.issues = self.take_states(vendor, followed, &said.issues)?;
        if let Some(problem) = &said.problem {
            pulled.problem = problem.to_string();
        }
        // It may have been disconnected, or connected anew, while it was read.
        if let Some(mut kept) = self.all_kept()?.remove(vendor).filter(|it| it.key == work.kept.key) {
            let newest = said.issues.iter().map(|it| it.updated_at).max();
            kept.seen_until = newest.max(kept.seen_until);
            kept.followed.extend(said.asked);
            if said.problem.is_none() {
                kept.heard_until = Some(work.at);
            }
            kept.problem.clone_from(&pulled.problem);
            kept.tried(self.clock.now(), said.problem.as_ref(), pulled.problem.is_empty());
            self.keep(vendor, &kept)?;
        }
        Ok(pulled)
    }
}

impl Work {
    async fn ask(&mut self) -> Said {
        let mut said = Said::default();
        if let Some(numbers) = self.context.numbers() {
            let (counts, outcome) = count(numbers.as_ref(), std::mem::take(&mut self.wanted)).await;
            (said.counts, said.problem) = (counts, outcome.err());
        }
        for sending in std::mem::take(&mut self.pending) {
            let outcome = deliver(&self.context, &sending).await;
            said.sent.push((sending, outcome));
        }
        for noted in std::mem::take(&mut self.posts) {
            let outcome = make(&self.context, &noted).await;
            said.posted.push((noted, outcome));
        }
        if let Some(chat) = self.context.chat() {
            match chat.missed(self.kept.missed_since(self.at)).await {
                Ok(told) => said.told = told,
                Err(error) => said.problem = Some(error),
            }
        }
        match self.issues().await {
            Ok((issues, asked)) => (said.issues, said.asked) = (issues, asked),
            Err(error) => said.problem = Some(error),
        }
        said
    }

    /// Issues that changed since they were last read, and those never read, whole.
    async fn issues(&self) -> Result<(Vec<Issue>, BTreeSet<Uuid>), ConnectError> {
        let ids: Vec<Uuid> = self.followed.iter().map(|it: &Followed| id(it.link)).collect();
        let Some(tracker) = self.context.tracker().filter(|_| !ids.is_empty()) else {
            return Ok((Vec::new(), BTreeSet::new()));
        };
        let (known, new): (Vec<Uuid>, Vec<Uuid>) = ids
            .iter()
            .copied()
            .partition(|it| self.kept.followed.contains(it) && self.kept.seen_until.is_some());
        let since = self.kept.seen_until.map(|it| Timestamp(it.0 - OVERLAP_MILLIS));
        let mut issues = tracker.states(&known, since).await?;
        issues.extend(tracker.states(&new, None).await?);
        Ok((issues, ids.into_iter().collect()))
    }
}

fn id(link: DeliveryLinkId) -> Uuid {
    issue_of(link)
}
