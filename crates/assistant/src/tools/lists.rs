//! Lists over a whole journey: what is stale, where customers struggle, what comes first.

use custory_domain::score::freshness::FreshnessState;
use custory_domain::{EntityRef, InsightSort, ItemKind, StepId};

use super::{Desk, Names, number};

/// Entries of a list.
const ENTRIES_MAX: usize = 12;

impl Desk {
    /// Steps that need a look.
    pub(super) fn stale(&self, names: &mut Names) -> String {
        let needs_look = |it: &StepId| {
            self.scores.steps.get(it).is_some_and(|it| {
                matches!(it.freshness.state, FreshnessState::Stale | FreshnessState::Changed)
            })
        };
        let steps: Vec<StepId> =
            self.board.steps_in_order().iter().map(|it| it.id).filter(needs_look).collect();
        let lines = steps.iter().take(ENTRIES_MAX).map(|it| {
            let line = self.line((*it).into(), names);
            let state = self.scores.steps.get(it).map(|it| it.freshness.state);
            let why = match state {
                Some(FreshnessState::Changed) => "something shipped here that nobody has looked at since",
                _ => "nobody has looked at it for too long",
            };
            names.show((*it).into(), why);
            format!("{line} · {why}")
        });
        listed(lines.collect(), steps.len(), "No step needs a look.")
    }

    /// Where customers struggle.
    pub(super) fn friction(&self, names: &mut Names) -> String {
        let steps = self.scores.friction_first();
        let mut lines = Vec::new();
        for step in steps.iter().take(ENTRIES_MAX) {
            lines.push(self.line((*step).into(), names));
            for pain in self.pains(*step) {
                let line = self.line(pain, names);
                names.show((*step).into(), &line);
                lines.push(format!("  {line}"));
            }
        }
        listed(lines, steps.len().min(ENTRIES_MAX), "Nothing on the board says that customers struggle.")
    }

    fn pains(&self, step: StepId) -> Vec<EntityRef> {
        const PAINS_MAX: usize = 3;
        let is_pain = |it: &&EntityRef| {
            self.board.insights.get(&it.id.into()).is_some_and(|it| it.sort == InsightSort::Pain)
        };
        let mut pains: Vec<EntityRef> =
            self.index.cell(step, ItemKind::Insight).iter().filter(is_pain).copied().collect();
        let severity = |it: &EntityRef| self.board.insights.get(&it.id.into()).and_then(|it| it.severity);
        pains.sort_by_key(|it| std::cmp::Reverse(severity(it)));
        pains.truncate(PAINS_MAX);
        pains
    }

    /// Open opportunities, ranked.
    pub(super) fn priorities(&self, names: &mut Names) -> String {
        let ranking = &self.scores.ranking;
        let lines = ranking.entries.iter().take(ENTRIES_MAX).enumerate().map(|(at, it)| {
            let entity: EntityRef = it.opportunity.into();
            let value = it.value.map_or_else(|| "an input is missing".to_owned(), number);
            let line =
                format!("{}. {} · {} {value}", at + 1, self.line(entity, names), ranking.formula.name());
            names.show(entity, &line);
            line
        });
        listed(lines.collect(), ranking.entries.len(), "There is no open opportunity.")
    }
}

fn listed(lines: Vec<String>, all: usize, none: &str) -> String {
    if lines.is_empty() {
        return none.to_owned();
    }
    let more = all.saturating_sub(ENTRIES_MAX);
    let rest = if more > 0 { format!("\n({more} more)") } else { String::new() };
    lines.join("\n") + &rest
}
