//! A small journey for the table's tests: two stages with a step each, three opportunities, an
//! insight with evidence, and two people.

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::*;

use super::read::{Places, places};
use crate::state::{Numbers, OpenJourney};

/// When everything is said.
const NOW: Timestamp = Timestamp(1_763_640_000_000);

/// The journey, and what its tests name.
pub struct Fixture {
    /// The journey.
    pub open: OpenJourney,
    /// Where its steps stand.
    pub places: Places,
    /// Its steps, in order: “Invite crew” and “Pay”.
    pub steps: Vec<StepId>,
    /// Its opportunities: two on the first step, one on the second.
    pub opportunities: Vec<EntityRef>,
    /// An insight on both steps, of severity 4.
    pub insight: EntityRef,
    /// Maya Lindqvist and Tomás Rey.
    pub members: Vec<Member>,
}

/// Makes it.
pub fn fixture() -> Fixture {
    let mut board = Board::default();
    let mut orders = Order::series(None, 8).into_iter();
    let mut order = || orders.next().unwrap_or_default();
    board.put(Journey::new(JourneyId::from_parts(0, 1)).into());
    let members: Vec<Member> = ["Maya Lindqvist", "Tomás Rey"]
        .into_iter()
        .enumerate()
        .map(|(at, name)| Member { name: name.into(), ..Member::new(MemberId::from_parts(0, at as u128)) })
        .collect();
    let mut steps = Vec::new();
    for (at, (stage, step)) in [("Set up", "Invite crew"), ("Grow", "Pay")].into_iter().enumerate() {
        let id = StageId::from_parts(0, at as u128);
        board.put(Stage { title: stage.into(), order: order(), ..Stage::new(id) }.into());
        let step_id = StepId::from_parts(0, at as u128);
        let step = Step { title: step.into(), stage: Some(id), order: order(), ..Step::new(step_id) };
        board.put(step.into());
        steps.push(step_id);
    }
    let mut opportunities = Vec::new();
    for (at, (title, step, effort)) in
        [("Share a code", 0, Some(2)), ("A shorter form", 0, None), ("Bill later", 1, Some(4))]
            .into_iter()
            .enumerate()
    {
        let id = OpportunityId::from_parts(0, at as u128);
        let owner = (at == 0).then_some(members[0].id);
        let steps = [steps[step]].into();
        let it =
            Opportunity { title: title.into(), steps, effort, owner, order: order(), ..Opportunity::new(id) };
        board.put(it.into());
        opportunities.push(id.into());
    }
    let insight = InsightId::from_parts(0, 0);
    let statement = "No work e-mail".to_owned();
    let on = steps.iter().copied().collect();
    board.put(
        Insight { statement, steps: on, severity: Some(4), order: order(), ..Insight::new(insight) }.into(),
    );
    let insight: EntityRef = insight.into();
    let mut quote =
        Evidence { excerpt: "They have none".into(), ..Evidence::new(EvidenceId::from_parts(0, 0)) };
    quote.claims.insert(insight, Stance::Supports);
    board.put(quote.into());

    let index = BoardIndex::of(&board);
    let scores = Scores::of(&board, &index, NOW);
    let numbers = Numbers::of(&board, &scores);
    let open = OpenJourney {
        id: JourneyId::from_parts(0, 1),
        board,
        index,
        scores,
        numbers,
        revision: 0,
        counted: 0,
    };
    let places = places(&open);
    Fixture { open, places, steps, opportunities, insight, members }
}
