//! The weekly review: the lists that a team walks through, out of the map as it stands.

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::score::freshness::FreshnessState;
use custory_domain::wording::{day, number, verdict_word};
use custory_domain::*;
use serde::{Deserialize, Serialize};

/// Opportunities to look at first.
const FIRST: usize = 5;
/// Lines of a list; the rest is counted.
const LINES_MAX: usize = 12;

/// A list of the review, each line about something on the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// What it is about and what it says, at most a dozen.
    pub lines: Vec<(EntityRef, String)>,
    /// How many more there are.
    pub more: usize,
}

impl List {
    fn of(lines: Vec<(EntityRef, String)>) -> Self {
        let more = lines.len().saturating_sub(LINES_MAX);
        Self { lines: lines.into_iter().take(LINES_MAX).collect(), more }
    }
}

/// What there is to talk about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What was added or changed since the last review, the newest first.
    pub changed: List,
    /// Steps that went stale, or changed since somebody looked at them.
    pub stale: List,
    /// Evidence since the last review.
    pub evidence: List,
    /// The opportunities that matter most, in the order of the priority list.
    pub first: List,
    /// Open opportunities that nobody owns.
    pub unowned: List,
    /// Shipped solutions whose verdict is out, or due.
    pub verdicts: List,
}

impl Review {
    /// The lists with their headings, in the order in which they are walked through.
    pub fn lists(&self) -> [(&'static str, &List); 6] {
        [
            ("Changed", &self.changed),
            ("Steps to look at again", &self.stale),
            ("New evidence", &self.evidence),
            ("First by priority", &self.first),
            ("Nobody owns", &self.unowned),
            ("Verdicts", &self.verdicts),
        ]
    }
}

/// The review of a journey for the time from `since` to `now`.
pub fn review(board: &Board, since: Timestamp, now: Timestamp) -> Review {
    let index = BoardIndex::of(board);
    let scores = Scores::of(board, &index, now);
    let is_in_time = |at: Timestamp| since < at && at <= now;
    let items = ItemKind::ALL.iter().flat_map(|it| board.items(*it)).map(|it| it.id);
    let steps = board.steps_in_order().into_iter().map(|it| EntityRef::from(it.id));
    let mut changed: Vec<Entity> =
        items.chain(steps).filter_map(|it| board.get(it)).filter(|it| it.trashed().is_none()).collect();
    changed.retain(|it| is_in_time(it.updated().at));
    changed.sort_by_key(|it| (std::cmp::Reverse(it.updated().at), it.entity_ref()));
    let said = |it: &Entity| {
        let verb = if it.created().at > since { "New" } else { "Changed" };
        let name = it.entity_ref();
        (name, format!("{verb} {}: {}", name.kind.word(), it.title()))
    };
    let stale = board.steps_in_order().into_iter().filter_map(|step| {
        let word = match scores.steps.get(&step.id)?.freshness.state {
            FreshnessState::Stale => "stale",
            FreshnessState::Changed => "changed since it was looked at",
            _ => return None,
        };
        Some((step.id.into(), format!("{}: {word}", step.title)))
    });
    let mut evidence: Vec<&Evidence> =
        board.evidence.values().filter(|it| it.trashed.is_none() && is_in_time(it.created.at)).collect();
    evidence.sort_by_key(|it| (std::cmp::Reverse(it.created.at), it.id));
    let ranked = scores.ranking.entries.iter().filter(|it| it.value.is_some()).take(FIRST);
    let first = ranked.filter_map(|it| {
        let title = &board.opportunities.get(&it.opportunity)?.title;
        Some((it.opportunity.into(), format!("{title} ({})", number(it.value?, 1))))
    });
    let is_open = |it: &&Opportunity| {
        it.trashed.is_none() && it.owner.is_none() && custory_domain::score::opportunity::is_open(it.state)
    };
    let unowned = board.opportunities.values().filter(is_open).map(|it| (it.id.into(), it.title.clone()));
    let verdicts = scores.results.iter().filter_map(|(id, it)| {
        let title = &board.solutions.get(id)?.title;
        let says = if it.is_interim {
            format!("there on {}", day(it.due, now.date()))
        } else {
            format!("{}, not kept yet", verdict_word(it.outcome).to_lowercase())
        };
        Some(((*id).into(), format!("{title}: {says}")))
    });
    Review {
        changed: List::of(changed.iter().map(said).collect()),
        stale: List::of(stale.collect()),
        evidence: List::of(evidence.iter().map(|it| (it.id.into(), format!("“{}”", it.excerpt))).collect()),
        first: List::of(first.collect()),
        unowned: List::of(unowned.collect()),
        verdicts: List::of(verdicts.collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_600_000_000);

    fn days_ago(days: i64) -> Stamp {
        Stamp { at: Timestamp(NOW.0 - days * Timestamp::DAY_MILLIS), ..Stamp::default() }
    }

    #[test]
    fn each_list_holds_what_belongs_there_and_nothing_older_than_the_last_review() {
        let (stage, step) = (StageId::from_parts(1, 1), StepId::from_parts(1, 2));
        let mut board = Board::default();
        board.put(
            Journey {
                review_every_days: 30,
                created: days_ago(200),
                ..Journey::new(JourneyId::from_parts(1, 0))
            }
            .into(),
        );
        board.put(Stage { title: "Set up".into(), created: days_ago(200), ..Stage::new(stage) }.into());
        let old = days_ago(200);
        board.put(
            Step {
                title: "Invite crew".into(),
                stage: Some(stage),
                created: old,
                updated: old,
                ..Step::new(step)
            }
            .into(),
        );
        for (number, days) in [(3, 2), (4, 20)] {
            let made = days_ago(days);
            let it = Insight {
                statement: format!("Insight {days}"),
                steps: [step].into(),
                created: made,
                updated: made,
                ..Insight::new(InsightId::from_parts(1, number))
            };
            board.put(it.into());
            let it = Evidence {
                excerpt: format!("Words {days}"),
                created: made,
                claims: [(InsightId::from_parts(1, number).into(), Stance::Supports)].into(),
                ..Evidence::new(EvidenceId::from_parts(2, number))
            };
            board.put(it.into());
        }
        for (number, owner, state) in [
            (5, None, OpportunityState::Open),
            (6, Some(MemberId::from_parts(1, 9)), OpportunityState::Open),
            (7, None, OpportunityState::Closed),
        ] {
            let it = Opportunity {
                title: format!("Problem {number}"),
                owner,
                state,
                impact: Some(4),
                effort: Some(2),
                reach: Some(300.0),
                steps: [step].into(),
                created: old,
                updated: old,
                ..Opportunity::new(OpportunityId::from_parts(1, number))
            };
            board.put(it.into());
        }
        let found = review(&board, days_ago(7).at, NOW);
        let lines = |list: &List| list.lines.iter().map(|it| it.1.clone()).collect::<Vec<_>>();
        assert_eq!(lines(&found.changed), ["New insight: Insight 2"]);
        assert_eq!(lines(&found.stale), ["Invite crew: stale"]);
        assert_eq!(lines(&found.evidence), ["“Words 2”"]);
        assert_eq!(lines(&found.unowned), ["Problem 5"]);
        assert!(lines(&found.verdicts).is_empty());
        let first = lines(&found.first);
        assert!(first.len() == 2 && first.iter().all(|it| it.starts_with("Problem ")), "{first:?}");
        assert_eq!(review(&board, days_ago(30).at, NOW).evidence.lines.len(), 2);
    }

    #[test]
    fn a_long_list_counts_what_it_leaves_out() {
        let lines = (0..30).map(|it| (StepId::from_parts(1, it).into(), it.to_string())).collect();
        let list = List::of(lines);
        assert_eq!((list.lines.len(), list.more), (12, 18));
    }
}
