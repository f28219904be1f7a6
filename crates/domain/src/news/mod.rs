//! What of a change concerns a person: a comment that names them, an answer where they spoke, work that becomes theirs,
//! and what becomes of things that they watch.
//!
//! Whoever answers for a thing, spoke of it or was named there watches it without being asked, until they say otherwise.
//! What somebody watches by their own word is nobody else's business, so it comes in from outside and is on no board.
//! Invariant: what a person did by their own hand is never news to them.

mod route;

use std::collections::{BTreeMap, BTreeSet};

pub use route::{Route, Routes, Topic};
use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::carry_out::placed_on;
use crate::common::{ItemState, owner_of};
use crate::entity::*;
use crate::id::{CommentId, EntityRef, MemberId, StepId};
use crate::patch::Patch;
use crate::time::{Stamp, Timestamp, Via};

/// What a person watches, or does not, by their own word. A journey that is not watched is muted.
pub type Choices = BTreeMap<EntityRef, bool>;

/// Answers that are followed up to where a thread begins. Only a hostile thread is deeper.
const ANSWERS_MAX: usize = 1_000;

/// Why something is news to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// A comment names them.
    Named,
    /// A comment answers in a thread that they began or took part in.
    Answered,
    /// A comment on something that they watch.
    Said,
    /// They answer for it from now on.
    Given,
    /// Work that they watch stands elsewhere.
    Moved {
        /// Where it stood.
        from: ItemState,
        /// Where it stands.
        to: ItemState,
    },
    /// There is a verdict on a fix that they watch.
    Judged {
        /// What the numbers say.
        outcome: VerdictOutcome,
    },
}

/// Something that is news to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What it is about.
    pub about: EntityRef,
    /// Why it is news.
    #[serde(flatten)]
    pub why: Why,
    /// The comment or verdict that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<EntityRef>,
    /// Whose doing it is.
    pub by: MemberId,
    /// Through what.
    #[serde(default)]
    pub via: Via,
    /// When.
    pub at: Timestamp,
}

/// What a change does to a person's news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Names a line of the inbox: something that happens again takes the place of what happened before.
    pub key: String,
    /// What stands there now; `None` if that is no news any more.
    pub news: Option<News>,
}

/// A person before a board, with what they watch by their own word.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Who.
    pub me: MemberId,
    /// What they watch by their own word.
    pub choices: &'a Choices,
    /// What there is, before or after a change.
    pub board: &'a Board,
}

impl Reader<'_> {
    /// Whether something that changed could be news to this person, without looking at what it was. Most is their own.
    pub fn may_be_news(&self, entity: &Entity) -> bool {
        let is_others = match entity {
            Entity::Comment(it) => !self.is_own_comment(it),
            Entity::Step(_)
            | Entity::Touchpoint(_)
            | Entity::Insight(_)
            | Entity::Opportunity(_)
            | Entity::Solution(_)
            | Entity::Metric(_)
            | Entity::Verdict(_) => !self.is_own(entity.updated()),
            _ => false,
        };
        is_others && entity.trashed().is_none()
    }

    /// What a change does to this person's news. `before` tells each entity as it was.
    pub fn notices(&self, patch: &Patch, before: impl Fn(EntityRef) -> Option<Entity>) -> Vec<Notice> {
        let now = Now { reader: self, patch: patch.put.iter().map(|it| (it.entity_ref(), it)).collect() };
        let part = self.part(&now);
        let is_muted = self.is_muted();
        let watches = |it: EntityRef| !is_muted && self.watches_in(&now, &part, it);
        let mut notices = Vec::new();
        for entity in patch.put.iter().filter(|it| self.may_be_news(it)) {
            let was = before(entity.entity_ref());
            match entity {
                Entity::Comment(it) => {
                    let was = was.and_then(|it| match it {
                        Entity::Comment(it) => Some(it),
                        _ => None,
                    });
                    notices.extend(self.of_comment(it, was.as_ref(), &now, &part, &watches));
                }
                Entity::Verdict(it) => notices.extend(of_verdict(it, was.as_ref(), &now, &watches)),
                _ => {
                    let stamp = if was.is_some() { entity.updated() } else { entity.created() };
                    notices.extend(self.of_owner(entity, was.as_ref(), stamp));
                    notices.extend(of_state(entity, was.as_ref(), stamp, &watches));
                }
            }
        }
        notices
    }

    /// Whether this person hears what becomes of something, by their own word or without.
    pub fn watches(&self, entity: EntityRef) -> bool {
        let now = Now { reader: self, patch: BTreeMap::new() };
        self.watches_in(&now, &self.part(&now), entity)
    }

    /// Whether only what names this person, or is given to them, is news of this journey.
    pub fn is_muted(&self) -> bool {
        self.board.journey().is_some_and(|it| self.choices.get(&it.id.into()) == Some(&false))
    }

    fn watches_in(&self, now: &Now<'_>, part: &Part, entity: EntityRef) -> bool {
        if let Some(choice) = self.choices.get(&entity) {
            return *choice;
        }
        let is_mine = |it: EntityRef| now.entity(it).is_some_and(|it| owner_of(&it) == Some(self.me));
        let is_watched = |step: &StepId| {
            let step = EntityRef::from(*step);
            self.choices.get(&step).copied().unwrap_or_else(|| is_mine(step))
        };
        // Whoever watches a step watches what stands on it.
        part.about.contains(&entity) || is_mine(entity) || now.steps_of(entity).iter().any(is_watched)
    }

    /// What this person did by hand, or had read from a file.
    fn is_own(&self, stamp: Stamp) -> bool {
        stamp.by == self.me && matches!(stamp.via, Via::User | Via::Import)
    }

    fn is_own_comment(&self, comment: &Comment) -> bool {
        comment.author == Some(self.me) || self.is_own(comment.created)
    }

    /// Where this person spoke or was named: one look at every comment.
    fn part(&self, now: &Now<'_>) -> Part {
        let mut part = Part::default();
        let new = now.patch.values().filter_map(|it| match it {
            Entity::Comment(it) => Some(it),
            _ => None,
        });
        for comment in self.board.comments.values().chain(new).filter(|it| it.trashed.is_none()) {
            let is_own = self.is_own_comment(comment);
            if is_own {
                part.threads.insert(now.root(comment.id));
            }
            if let Some(about) = comment.about.filter(|_| is_own || comment.mentions.contains(&self.me)) {
                part.about.insert(about);
            }
        }
        part
    }

    fn of_comment(
        &self,
        comment: &Comment,
        was: Option<&Comment>,
        now: &Now<'_>,
        part: &Part,
        watches: &impl Fn(EntityRef) -> bool,
    ) -> Option<Notice> {
        let about = comment.about?;
        let is_named = comment.mentions.contains(&self.me)
            && was.is_none_or(|it| it.trashed.is_some() || !it.mentions.contains(&self.me));
        let is_heard = || self.choices.get(&about) != Some(&false) && !self.is_muted();
        let why = if is_named {
            Why::Named
        } else if was.is_some() {
            return None;
        } else if is_heard() && comment.reply_to.is_some_and(|it| part.threads.contains(&now.root(it))) {
            Why::Answered
        } else if watches(about) {
            Why::Said
        } else {
            return None;
        };
        let (by, at, via) = (comment.said_by(), comment.said_at(), comment.created.via);
        let news = News { about, why, said: Some(comment.id.into()), by, via, at };
        Some(Notice { key: EntityRef::from(comment.id).to_string(), news: Some(news) })
    }

    fn of_owner(&self, entity: &Entity, was: Option<&Entity>, stamp: Stamp) -> Option<Notice> {
        let is_mine = |it: &Entity| owner_of(it) == Some(self.me);
        let (was, is) = (was.is_some_and(is_mine), is_mine(entity));
        let about = entity.entity_ref();
        let given =
            || News { about, why: Why::Given, said: None, by: stamp.by, via: stamp.via, at: stamp.at };
        (was != is).then(|| Notice { key: format!("owner/{about}"), news: is.then(given) })
    }
}

fn of_state(
    entity: &Entity,
    was: Option<&Entity>,
    stamp: Stamp,
    watches: &impl Fn(EntityRef) -> bool,
) -> Option<Notice> {
    let about = entity.entity_ref();
    let (from, to) = (was.and_then(ItemState::at)?, ItemState::at(entity)?);
    let why = Why::Moved { from, to };
    let moved = || News { about, why, said: None, by: stamp.by, via: stamp.via, at: stamp.at };
    (from != to && watches(about)).then(|| Notice { key: format!("state/{about}"), news: Some(moved()) })
}

fn of_verdict(
    verdict: &Verdict,
    was: Option<&Entity>,
    now: &Now<'_>,
    watches: &impl Fn(EntityRef) -> bool,
) -> Option<Notice> {
    let is_same =
        |was: &Entity| matches!(was, Entity::Verdict(it) if !it.is_interim && it.outcome == verdict.outcome);
    if verdict.is_interim || was.is_some_and(is_same) {
        return None;
    }
    let about = EntityRef::from(verdict.solution?);
    // Whoever watches a problem wants to know whether what was done about it helped.
    let answered = match now.entity(about) {
        Some(Entity::Solution(it)) => it.opportunities,
        _ => BTreeSet::new(),
    };
    if !watches(about) && !answered.into_iter().any(|it| watches(it.into())) {
        return None;
    }
    let (stamp, why) = (verdict.updated, Why::Judged { outcome: verdict.outcome });
    let said = EntityRef::from(verdict.id);
    let news = News { about, why, said: Some(said), by: stamp.by, via: stamp.via, at: stamp.at };
    Some(Notice { key: said.to_string(), news: Some(news) })
}

/// Where a person spoke or was named.
#[derive(Default)]
struct Part {
    /// First comments of the threads in which they spoke.
    threads: BTreeSet<CommentId>,
    /// What their own comments, and those that name them, are about.
    about: BTreeSet<EntityRef>,
}

/// The board with a change laid over it.
struct Now<'a> {
    reader: &'a Reader<'a>,
    patch: BTreeMap<EntityRef, &'a Entity>,
}

impl Now<'_> {
    fn entity(&self, entity: EntityRef) -> Option<Entity> {
        self.patch.get(&entity).map(|it| (*it).clone()).or_else(|| self.reader.board.get(entity))
    }

    fn comment(&self, id: CommentId) -> Option<&Comment> {
        match self.patch.get(&id.into()) {
            Some(Entity::Comment(it)) => Some(it),
            _ => self.reader.board.comments.get(&id),
        }
    }

    /// The steps that an item stands on.
    fn steps_of(&self, entity: EntityRef) -> BTreeSet<StepId> {
        let entity = self.entity(entity);
        entity.as_ref().and_then(placed_on).map(|it| it.0.clone()).unwrap_or_default()
    }

    /// The comment that a thread begins with.
    fn root(&self, mut at: CommentId) -> CommentId {
        for _ in 0..ANSWERS_MAX {
            match self.comment(at).and_then(|it| it.reply_to) {
                Some(above) => at = above,
                None => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests;
