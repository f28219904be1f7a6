//! What can be asked of a journey, as pure functions over its board. The same for the assistant, the
//! command line and other programs.
//!
//! Every tool reads. There is none that writes, sends or fetches: a model that was talked into
//! something finds nothing to do it with. Numbers come from the formulas of `domain`.
//!
//! Invariant: a [`Name`](Names) is only given to what is on the board and not in the trash, and only
//! when it has been shown.

mod explain;
mod history;
mod lists;
mod names;
mod periods;
mod search;
mod show;
mod source;

use std::sync::Arc;

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::{Board, EntityKind, EntityRef, Timestamp};

pub use history::{Deed, Past};
pub use names::Names;
pub use source::Sources;

use crate::fence::plain;
use crate::structured::beginning;

/// A journey with everything that is computed about it.
#[derive(Debug)]
pub struct Desk {
    /// Everything on it.
    pub board: Board,
    /// That board's index.
    pub index: BoardIndex,
    /// Its scores.
    pub scores: Scores,
    /// As of when.
    pub now: Timestamp,
    /// What it was before, where that can be read.
    pub past: Option<Arc<dyn Past>>,
    /// Texts of sources, where they can be read.
    pub sources: Option<Arc<dyn Sources>>,
}

/// The tools, by the names under which they are known everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Finds entities by words.
    Search,
    /// The journey as a whole: stages, steps, health.
    GetJourney,
    /// A step with everything on it.
    GetStep,
    /// An item with what it rests on.
    GetItem,
    /// A metric with its values, and how the last compares with the one before.
    GetMetric,
    /// A metric in one period beside the period before.
    ComparePeriods,
    /// Where a score comes from.
    ExplainScore,
    /// Steps that can no longer be believed without a look.
    ListStale,
    /// Where customers struggle: pains and drop-offs, the worst first.
    ListFriction,
    /// Open opportunities, ranked.
    ListPriorities,
    /// The journey, or one thing on it, as it was, and what was done since.
    HistoryAt,
    /// The source around a quote.
    ReadSource,
}

impl Tool {
    /// All of them.
    pub const ALL: [Tool; 12] = [
        Self::Search,
        Self::GetJourney,
        Self::GetStep,
        Self::GetItem,
        Self::GetMetric,
        Self::ComparePeriods,
        Self::ExplainScore,
        Self::ListStale,
        Self::ListFriction,
        Self::ListPriorities,
        Self::HistoryAt,
        Self::ReadSource,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::GetJourney => "get_journey",
            Self::GetStep => "get_step",
            Self::GetItem => "get_item",
            Self::GetMetric => "get_metric",
            Self::ComparePeriods => "compare_periods",
            Self::ExplainScore => "explain_score",
            Self::ListStale => "list_stale",
            Self::ListFriction => "list_friction",
            Self::ListPriorities => "list_priorities",
            Self::HistoryAt => "history_at",
            Self::ReadSource => "read_source",
        }
    }

    /// What it gives, for whoever chooses one.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Search => "finds stages, steps, items, quotes and comments by words; needs query",
            Self::GetJourney => "the journey as a whole: stages, steps, health",
            Self::GetStep => "a step with everything on it; needs name",
            Self::GetItem => {
                "an insight, opportunity, solution, touchpoint or quote with what it rests on; needs name"
            }
            Self::GetMetric => {
                "a metric with its values and how the last compares with the one before; needs name"
            }
            Self::ComparePeriods => {
                "a metric's last days beside as many days before, with the change; needs name, query may be a number of days"
            }
            Self::ExplainScore => "where the score of a step, insight or opportunity comes from; needs name",
            Self::ListStale => "steps that nobody has looked at for too long or that changed",
            Self::ListFriction => "where customers struggle: pains and drop-offs, the worst first",
            Self::ListPriorities => "open opportunities, ranked, with their values",
            Self::HistoryAt => {
                "the journey as it was on a day, with its numbers as known then, and what was done since; needs query, name for one thing only"
            }
            Self::ReadSource => "the text of the source around a quote; needs name of a quote",
        }
    }

    /// Whether it is about one thing, which has to be named.
    pub const fn needs_name(self) -> bool {
        matches!(
            self,
            Self::GetStep
                | Self::GetItem
                | Self::GetMetric
                | Self::ComparePeriods
                | Self::ExplainScore
                | Self::ReadSource
        )
    }

    /// Whether it can be about one thing.
    pub const fn takes_name(self) -> bool {
        self.needs_name() || matches!(self, Self::HistoryAt)
    }

    /// Whether it has to be given words.
    pub const fn needs_query(self) -> bool {
        matches!(self, Self::Search | Self::HistoryAt)
    }

    /// What its query is; empty where it takes none.
    pub const fn about_query(self) -> &'static str {
        match self {
            Self::Search => "words to look for",
            Self::ComparePeriods => "number of days, 28 without",
            Self::HistoryAt => "a day, as 2026-05-31, or a number of days ago",
            _ => "",
        }
    }

    /// The tool of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Longest title that is shown, in bytes.
const TITLE_BYTES_MAX: usize = 160;
/// Longest text that is shown, in bytes.
const TEXT_BYTES_MAX: usize = 400;

impl Desk {
    /// A journey, and everything computed about it.
    pub fn of(board: Board, now: Timestamp) -> Self {
        let index = BoardIndex::of(&board);
        let scores = Scores::of(&board, &index, now);
        Self { board, index, scores, now, past: None, sources: None }
    }

    /// The same, with what the journey was before.
    pub fn with_past(self, past: Arc<dyn Past>) -> Self {
        Self { past: Some(past), ..self }
    }

    /// The same, with the texts of sources.
    pub fn with_sources(self, sources: Arc<dyn Sources>) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// Whether something is on the board and neither it nor all that it hangs on is in the trash.
    pub fn shows(&self, entity: EntityRef) -> bool {
        let Some(found) = self.board.get(entity) else { return false };
        let is_step_shown = |id: &custory_domain::StepId| self.scores.steps.contains_key(id);
        let hangs = match entity.kind {
            EntityKind::Step => is_step_shown(&entity.id.into()),
            EntityKind::Evidence => {
                let evidence = self.board.evidence.get(&entity.id.into());
                evidence.is_some_and(|it| {
                    it.claims.keys().any(|claim| {
                        !matches!(claim.kind, EntityKind::Evidence | EntityKind::Comment)
                            && self.shows(*claim)
                    })
                })
            }
            EntityKind::Comment => {
                let about = self.board.comments.get(&entity.id.into()).and_then(|it| it.about);
                about.is_some_and(|it| it.kind != EntityKind::Comment && self.shows(it))
            }
            _ => self.board.item(entity).is_none_or(|it| it.steps.iter().any(is_step_shown)),
        };
        found.trashed().is_none() && hangs
    }

    /// Whether something may be spoken of: shown, or the journey itself, or one of its stages.
    pub fn is_on_board(&self, entity: EntityRef) -> bool {
        match entity.kind {
            EntityKind::Journey | EntityKind::Stage => {
                self.board.get(entity).is_some_and(|it| it.trashed().is_none())
            }
            _ => self.shows(entity),
        }
    }

    /// What something is called, short enough for a line.
    pub fn title(&self, entity: EntityRef) -> String {
        self.board.get(entity).map_or_else(String::new, |it| short(it.title(), TITLE_BYTES_MAX))
    }

    /// Answers a tool. `name` is one of `names`, `query` are words; each only where the tool needs it.
    ///
    /// # Errors
    /// When it needs what was not given, in a sentence.
    pub fn answer(&self, tool: Tool, name: &str, query: &str, names: &mut Names) -> Result<String, String> {
        let named = |names: &Names| {
            let found = names.find(name).filter(|it| self.is_on_board(*it));
            found.ok_or_else(|| format!("Nothing is called “{}”; search for it first.", plain(name)))
        };
        match tool {
            Tool::Search => Ok(self.search(query, names)),
            Tool::GetJourney => Ok(self.journey(names)),
            Tool::GetStep | Tool::GetItem => {
                let entity = named(names)?;
                Ok(self.whole(entity, names))
            }
            Tool::GetMetric => {
                let entity = named(names)?;
                self.metric(entity, names)
            }
            Tool::ComparePeriods => {
                let entity = named(names)?;
                self.periods(entity, query, names)
            }
            Tool::ExplainScore => {
                let entity = named(names)?;
                self.explain(entity, names)
            }
            Tool::ListStale => Ok(self.stale(names)),
            Tool::ListFriction => Ok(self.friction(names)),
            Tool::ListPriorities => Ok(self.priorities(names)),
            Tool::HistoryAt => {
                let about = if name.trim().is_empty() { None } else { Some(named(names)?) };
                self.history(about, query, names)
            }
            Tool::ReadSource => {
                let entity = named(names)?;
                self.source(entity, names)
            }
        }
    }
}

/// A text on one line, without what could pass for a fence, cut to a length.
fn short(text: &str, bytes_max: usize) -> String {
    let line = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= bytes_max { line } else { format!("{}…", beginning(&line, bytes_max)) }
}

/// A share as per cent, as people read it.
fn per_cent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A number without decimals that say nothing.
fn number(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.2}") }
}
