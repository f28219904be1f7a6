//! What there is to talk about in a review: five lists out of a journey as it stands and what was changed in it.
//!
//! The screen, the weekly automation's digest, chats and the command line all read these lists; nobody works them
//! out another way. Pure: what was changed comes in as [`Trace`]s, which whoever has the history reads off it.

mod changed;
mod keep;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use changed::{Changed, How, Maker, Trace};
pub use keep::{last_review, open_review, write_review};

use crate::board::{Board, BoardIndex};
use crate::entity::{AgendaList, EntityKind, Evidence, Solution, Stance};
use crate::id::{EntityRef, OpportunityId, ReviewId, StepId};
use crate::score::Scores;
use crate::score::freshness::FreshnessState;
use crate::time::Timestamp;
use crate::wording::{day, fresh_reason, fresh_word, priority_text, reason_sentence, verdict_word};
use changed::changed;

/// Days that a review looks back where there was none before.
pub const FIRST_DAYS: i64 = 7;
/// Opportunities to look at first.
const FIRST: usize = 5;
/// Reasons given for each of them.
const REASONS: usize = 2;

/// Since when a review looks at changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The review before; without one it looks back a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<ReviewId>,
    /// From then on.
    pub since: Timestamp,
}

impl Period {
    /// Since the last review that was finished, else the last week.
    pub fn of(board: &Board, now: Timestamp) -> Self {
        let last = last_review(board, now).and_then(|it| Some((it.id, it.finished?.at)));
        match last {
            Some((review, at)) => Self { last: Some(review), since: at },
            None => Self { last: None, since: Timestamp(now.0 - FIRST_DAYS * Timestamp::DAY_MILLIS) },
        }
    }
}

/// The lists of a review.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agenda {
    /// Since when.
    pub period: Period,
    /// What was added, changed or put into the trash, step by step as the customer takes them.
    pub changed: Vec<Changed>,
    /// Steps that went stale, or changed since somebody looked at them.
    pub stale: Vec<Topic>,
    /// Evidence that came, the newest first.
    pub evidence: Vec<Topic>,
    /// The opportunities that matter most, in the order of the priority list.
    pub first: Vec<Topic>,
    /// Open work that nobody owns.
    pub unowned: Vec<Topic>,
    /// Shipped solutions whose verdict came, is out, or is due.
    pub verdicts: Vec<Topic>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// What it is about.
    pub about: EntityRef,
    /// What that is called.
    pub title: String,
    /// The first step, as shown, that it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// What it comes to, in a word or a number.
    pub mark: String,
    /// Why it is in the list, in words.
    pub says: String,
}

impl Agenda {
    /// The lists in words, with their headings, in the order in which they are walked through; each with as many
    /// lines as asked for, and the rest counted.
    pub fn lists(&self, lines_max: usize) -> Vec<AgendaList> {
        let topics = |heading: &str, topics: &[Topic], says: fn(&Topic) -> String| {
            list(heading, topics.iter().map(|it| (it.about, says(it))).collect(), lines_max)
        };
        let mut newest: Vec<&Changed> = self.changed.iter().collect();
        newest.sort_by_key(|it| (std::cmp::Reverse(it.at), it.about));
        let changed = newest.into_iter().map(|it| (it.about, it.line())).collect();
        vec![
            list("Changed", changed, lines_max),
            topics("Steps to look at again", &self.stale, |it| {
                format!("{}: {}, {}", it.title, it.mark.to_lowercase(), it.says)
            }),
            topics("New evidence", &self.evidence, |it| format!("“{}”", it.title)),
            topics("First by priority", &self.first, |it| format!("{} ({}). {}", it.title, it.mark, it.says)),
            topics("Nobody owns", &self.unowned, |it| it.title.clone()),
            topics("Verdicts", &self.verdicts, |it| {
                format!("{}: {}, {}", it.title, it.mark.to_lowercase(), it.says)
            }),
        ]
    }
}

fn list(heading: &str, lines: Vec<(EntityRef, String)>, lines_max: usize) -> AgendaList {
    let more = lines.len().saturating_sub(lines_max);
    AgendaList { heading: heading.to_owned(), lines: lines.into_iter().take(lines_max).collect(), more }
}

/// The lists of a journey for a period that ends now. Of what was changed, the rest of the lists reads nothing later
/// than now either; what is on the board counts as it is.
pub fn agenda(board: &Board, period: Period, traces: &[Trace], now: Timestamp) -> Agenda {
    let index = BoardIndex::of(board);
    let reader = Reader { board, scores: Scores::of(board, &index, now), places: Places::of(board), now };
    let traces: Vec<&Trace> = traces.iter().filter(|it| it.at <= now).collect();
    let changes = changed(board, &traces, &reader.places);
    let (evidence, verdicts) = (reader.evidence(&changes), reader.verdicts(&changes));
    Agenda {
        period,
        changed: changes.into_iter().filter(|it| changed::is_listed(it.about.kind)).collect(),
        stale: reader.stale(),
        evidence,
        first: reader.first(),
        unowned: reader.unowned(),
        verdicts,
    }
}

/// Where things stand on the map.
struct Places<'a> {
    board: &'a Board,
    order: std::collections::BTreeMap<StepId, usize>,
}

impl<'a> Places<'a> {
    fn of(board: &'a Board) -> Self {
        let order = board.steps_in_order().into_iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        Self { board, order }
    }

    /// The first step, as shown, that something is on or about.
    fn step_of(&self, about: EntityRef) -> Option<StepId> {
        use crate::entity::EntityKind::{Comment, Decision, DeliveryLink, Evidence, Step, Verdict};
        let board = self.board;
        let of =
            |it: Option<EntityRef>| it.filter(|it| it.kind != about.kind).and_then(|it| self.step_of(it));
        match about.kind {
            Step => Some(StepId::from(about.id)).filter(|it| self.order.contains_key(it)),
            Comment => of(board.comments.get(&about.id.into())?.about),
            Decision => of(board.decisions.get(&about.id.into())?.about),
            DeliveryLink => of(board.delivery_links.get(&about.id.into())?.delivers),
            Verdict => of(board.verdicts.get(&about.id.into())?.solution.map(EntityRef::from)),
            Evidence => {
                let claims = board.evidence.get(&about.id.into())?.claims.keys();
                self.first(claims.filter_map(|it| of(Some(*it))))
            }
            _ => self.first(board.item(about)?.steps.iter().copied()),
        }
    }

    fn first(&self, steps: impl Iterator<Item = StepId>) -> Option<StepId> {
        steps.filter_map(|it| Some((self.order.get(&it)?, it))).min().map(|it| it.1)
    }

    /// Where a step stands; what is on none comes first.
    fn rank(&self, step: Option<StepId>) -> Option<usize> {
        step.and_then(|it| self.order.get(&it).copied())
    }
}

struct Reader<'a> {
    board: &'a Board,
    scores: Scores,
    places: Places<'a>,
    now: Timestamp,
}

impl Reader<'_> {
    fn topic(
        &self,
        about: EntityRef,
        title: &str,
        mark: impl Into<String>,
        says: impl Into<String>,
    ) -> Topic {
        let step = self.places.step_of(about);
        Topic { about, title: title.to_owned(), step, mark: mark.into(), says: says.into() }
    }

    fn stale(&self) -> Vec<Topic> {
        let is_due = |it: FreshnessState| matches!(it, FreshnessState::Stale | FreshnessState::Changed);
        let steps = self.board.steps_in_order().into_iter();
        let stale = steps.filter_map(|step| {
            let freshness = &self.scores.steps.get(&step.id)?.freshness;
            let why = fresh_reason(self.board, freshness, self.now);
            let topic = || self.topic(step.id.into(), &step.title, fresh_word(freshness.state), why);
            is_due(freshness.state).then(topic)
        });
        stale.collect()
    }

    fn evidence(&self, changes: &[Changed]) -> Vec<Topic> {
        let added = changes.iter().filter(|it| it.how == How::Added);
        let added = added.filter(|it| it.about.kind == EntityKind::Evidence);
        let mut found: Vec<(Timestamp, &Evidence)> =
            added.filter_map(|it| Some((it.at, self.board.evidence.get(&it.about.id.into())?))).collect();
        found.sort_by_key(|(at, it)| (std::cmp::Reverse(*at), it.id));
        found.into_iter().map(|(_, it)| self.said(it)).collect()
    }

    fn said(&self, evidence: &Evidence) -> Topic {
        let claim = evidence.claims.iter().next();
        let about = claim.and_then(|(it, _)| self.board.get(*it)).map(|it| it.title().to_owned());
        let mark = match claim {
            Some((_, Stance::Contradicts)) => "Against",
            Some((_, Stance::Supports)) => "For",
            None => "For nothing yet",
        };
        let who = [&evidence.author, &evidence.account, &evidence.source];
        let who = who.into_iter().find(|it| !it.is_empty()).cloned();
        let says: Vec<String> = about.into_iter().chain(who).collect();
        self.topic(evidence.id.into(), &evidence.excerpt, mark, says.join(" · "))
    }

    fn first(&self) -> Vec<Topic> {
        let ranking = &self.scores.ranking;
        let ranked = ranking.entries.iter().filter_map(|it| Some((it.opportunity, it.value?))).take(FIRST);
        let topics = ranked.filter_map(|(id, value)| {
            let title = &self.board.opportunities.get(&id)?.title;
            let value = format!("{} {}", ranking.formula.name(), priority_text(ranking.formula, value));
            Some(self.topic(id.into(), title, value, self.why_now(id)))
        });
        topics.collect()
    }

    fn why_now(&self, opportunity: OpportunityId) -> String {
        let reasons = self.scores.opportunities.get(&opportunity).map(|it| it.reasons.as_slice());
        let reasons = reasons.unwrap_or_default().iter().take(REASONS);
        let sentences: Vec<String> = reasons.map(|it| reason_sentence(self.board, it)).collect();
        if sentences.is_empty() {
            return "Nothing is known yet that would speak for it or against it.".to_owned();
        }
        sentences.join(" ")
    }

    fn unowned(&self) -> Vec<Topic> {
        let is_open = crate::score::opportunity::is_open;
        let board = self.board;
        let problems =
            board.opportunities.values().filter(|it| is_open(it.state)).map(|it| EntityRef::from(it.id));
        let fixes = board.solutions.values().filter(|it| is_under_way(it)).map(|it| EntityRef::from(it.id));
        let mut topics: Vec<Topic> = problems
            .chain(fixes)
            .filter_map(|it| board.item(it))
            .filter(|it| it.trashed.is_none() && it.owner.is_none())
            .map(|it| self.topic(it.id, it.title, it.kind.spec().name, ""))
            .filter(|it| it.step.is_some())
            .collect();
        topics.sort_by_key(|it| (self.places.rank(it.step), it.about));
        topics
    }

    fn verdicts(&self, changes: &[Changed]) -> Vec<Topic> {
        let kept = changes.iter().filter(|it| it.how == How::Added && it.about.kind == EntityKind::Verdict);
        let arrived = kept.filter_map(|it| {
            let verdict = self.board.verdicts.get(&it.about.id.into()).filter(|it| !it.is_interim)?;
            let solution = self.board.solutions.get(&verdict.solution?)?;
            let says = if verdict.summary.is_empty() { "kept" } else { verdict.summary.as_str() };
            Some(self.topic(solution.id.into(), &solution.title, verdict_word(verdict.outcome), says))
        });
        let waiting = self.scores.results.iter().filter_map(|(id, it)| {
            let title = &self.board.solutions.get(id)?.title;
            let (mark, says) = if it.is_interim {
                ("Waits", format!("there on {}", day(it.due, self.now.date())))
            } else {
                (verdict_word(it.outcome), "not kept yet".to_owned())
            };
            Some(self.topic((*id).into(), title, mark, says))
        });
        let mut topics: Vec<Topic> = Vec::new();
        for it in arrived.chain(waiting) {
            if !topics.iter().any(|before| before.about == it.about) {
                topics.push(it);
            }
        }
        topics
    }
}

/// Whether somebody should be working on it.
fn is_under_way(it: &Solution) -> bool {
    use crate::entity::SolutionState::{InProgress, Planned};
    matches!(it.state, Planned | InProgress)
}
