//! A small board that tests build up in a few words.

use jiff::civil::Date;

use super::window::plus_days;
use crate::board::{Board, BoardIndex};
use crate::entity::*;
use crate::id::*;
use crate::order::Order;
use crate::time::{Stamp, Timestamp};

/// Thursday, 20 November 2025, noon UTC.
pub const NOW: Timestamp = Timestamp(1_763_640_000_000);

/// The day of [`NOW`].
pub fn today() -> Date {
    NOW.date()
}

/// So many days before [`NOW`].
pub fn days_ago(days: f64) -> Timestamp {
    Timestamp(NOW.0 - (days * Timestamp::DAY_MILLIS as f64) as i64)
}

/// Steps of a funnel: title, target, entrants by how many windows ago, newest first.
pub type StepNumbers<'a> = (&'a str, Option<f64>, &'a [f64]);

/// A board in the making. Ids count up from 1 in the order in which things are added.
#[derive(Default)]
pub struct World {
    pub board: Board,
    next: u128,
    orders: Vec<Order>,
}

impl World {
    /// A journey with one stage.
    pub fn new() -> Self {
        let mut world = Self { orders: Order::series(None, 400), ..Self::default() };
        let journey = Journey::new(world.id());
        world.board.put(journey.into());
        let stage = Stage::new(world.id());
        world.board.put(stage.into());
        world
    }

    pub fn id<T: From<ulid::Ulid>>(&mut self) -> T {
        self.next += 1;
        ulid::Ulid::from_parts(0, self.next).into()
    }

    pub fn created() -> Stamp {
        Stamp { at: days_ago(10.0), ..Stamp::default() }
    }

    fn order(&self) -> Order {
        self.orders[usize::try_from(self.next).unwrap() % self.orders.len()].clone()
    }

    /// A step at the end of the journey, made ten days ago.
    pub fn step(&mut self, title: &str) -> StepId {
        let stage = self.board.stages.keys().next().copied();
        let id = self.id();
        let step = Step {
            title: title.into(),
            stage,
            order: self.order(),
            created: Self::created(),
            ..Step::new(id)
        };
        self.board.put(step.into());
        id
    }

    pub fn edit_step(&mut self, step: StepId, edit: impl FnOnce(&mut Step)) {
        edit(self.board.steps.get_mut(&step).unwrap());
    }

    /// A metric that counts the step's entrants in windows of `days`, the newest ending yesterday.
    pub fn entrants(&mut self, step: StepId, days: u16, newest_first: &[f64]) -> MetricId {
        let id = self.id();
        let points = (1..).zip(newest_first).map(|(windows, value)| {
            let from = plus_days(today(), -i64::from(days) * windows);
            (from, MetricPoint { value: *value, ..MetricPoint::default() })
        });
        let metric = Metric {
            purpose: MetricPurpose::StepEntrants,
            window_days: days,
            state: MetricState::Active,
            steps: [step].into(),
            points: points.collect(),
            order: self.order(),
            ..Metric::new(id)
        };
        self.board.put(metric.into());
        id
    }

    /// Steps one after another, each with its numbers for windows of 28 days.
    pub fn funnel(&mut self, steps: &[StepNumbers<'_>]) -> Vec<StepId> {
        let mut made = Vec::new();
        for (title, target, newest_first) in steps {
            let step = self.step(title);
            self.edit_step(step, |it| it.target_conversion = *target);
            if !newest_first.is_empty() {
                self.entrants(step, 28, newest_first);
            }
            made.push(step);
        }
        made
    }

    pub fn insight(&mut self, step: StepId, edit: impl FnOnce(&mut Insight)) -> InsightId {
        let id = self.id();
        let mut it = Insight { steps: [step].into(), order: self.order(), ..Insight::new(id) };
        edit(&mut it);
        self.board.put(it.into());
        id
    }

    pub fn opportunity(&mut self, step: StepId, edit: impl FnOnce(&mut Opportunity)) -> OpportunityId {
        let id = self.id();
        let mut it = Opportunity { steps: [step].into(), order: self.order(), ..Opportunity::new(id) };
        edit(&mut it);
        self.board.put(it.into());
        id
    }

    pub fn solution(&mut self, step: StepId, edit: impl FnOnce(&mut Solution)) -> SolutionId {
        let id = self.id();
        let mut it = Solution { steps: [step].into(), order: self.order(), ..Solution::new(id) };
        edit(&mut it);
        self.board.put(it.into());
        id
    }

    /// A verified support quote from an account of its own, said today, for `claim`.
    pub fn quote(&mut self, claim: impl Into<EntityRef>, edit: impl FnOnce(&mut Evidence)) -> EvidenceId {
        let id: EvidenceId = self.id();
        let mut it = Evidence {
            account: format!("account {id}"),
            excerpt: "It did not work.".into(),
            captured_at: Some(NOW),
            weight: WeightClass::Support,
            is_verified: true,
            claims: [(claim.into(), Stance::Supports)].into(),
            ..Evidence::new(id)
        };
        edit(&mut it);
        self.board.put(it.into());
        id
    }

    pub fn index(&self) -> BoardIndex {
        BoardIndex::of(&self.board)
    }
}
