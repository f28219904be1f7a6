//! Entities with any fields set: every field of every kind is named here, so that a new one cannot
//! be forgotten by what promises to keep all of them.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::{Age, Criterion, Filter, Join, Part, Test};
use custory_domain::*;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::*;
use ulid::Ulid;

/// Any entity of any kind.
pub fn entity() -> impl Strategy<Value = Entity> {
    let kind = proptest::sample::select(EntityKind::ALL);
    (kind, vec(any::<u32>(), 48), vec(text(), 6)).prop_map(|(kind, numbers, texts)| {
        let mut dice = Dice { numbers, texts, at: 0 };
        build(kind, &mut dice)
    })
}

/// A short text as people write them, and as they should not have to care not to.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-zé 0-9]{0,12}", 1 => "[.#{}/“”😀e\u{301}\"\\\\]{1,6}"]
}

/// Numbers and texts to be used up one after another, again from the first at the end.
struct Dice {
    numbers: Vec<u32>,
    texts: Vec<String>,
    at: usize,
}

impl Dice {
    fn number(&mut self) -> u32 {
        self.at += 1;
        self.numbers[self.at % self.numbers.len()]
    }

    fn text(&mut self) -> String {
        let at = self.number() as usize;
        self.texts[at % self.texts.len()].clone()
    }

    fn texts(&mut self) -> BTreeSet<String> {
        (0..self.number() % 4).map(|_| self.text()).collect()
    }

    fn flag(&mut self) -> bool {
        self.number().is_multiple_of(2)
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.number() as usize % of.len()]
    }

    fn perhaps<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn float(&mut self) -> f64 {
        f64::from(self.number()) / 7.0 - 100_000_000.0
    }

    fn small(&mut self) -> u8 {
        self.number() as u8
    }

    fn id<T: From<Ulid>>(&mut self) -> T {
        Ulid::from_parts(u64::from(self.number()), u128::from(self.number())).into()
    }

    fn ids<T: From<Ulid> + Ord>(&mut self) -> BTreeSet<T> {
        (0..self.number() % 4).map(|_| self.id()).collect()
    }

    fn entity_ref(&mut self) -> EntityRef {
        EntityRef { kind: self.one_of(EntityKind::ALL), id: self.id() }
    }

    fn time(&mut self) -> Timestamp {
        Timestamp(i64::from(self.number()) * 1_000)
    }

    fn stamp(&mut self) -> Stamp {
        let via = self.one_of(&[Via::User, Via::Automation, Via::Ai, Via::Import]);
        Stamp { by: self.id(), at: self.time(), via }
    }

    fn date(&mut self) -> Date {
        let day = 1 + (self.number() % 28) as i8;
        jiff::civil::date(2026, 1 + (self.number() % 12) as i8, day)
    }

    fn order(&mut self) -> Order {
        let count = (self.number() % 5) as usize;
        Order::series(None, count).pop().unwrap_or_default()
    }

    fn point(&mut self) -> MetricPoint {
        MetricPoint {
            value: self.float(),
            n: self.perhaps(|it| u64::from(it.number()) << 32),
            numerator: self.perhaps(Self::float),
            denominator: self.perhaps(Self::float),
        }
    }

    fn source(&mut self) -> MetricSource {
        let counted = match self.number() % 3 {
            0 => Counted::People { event: self.text() },
            1 => Counted::Events { event: self.text() },
            _ => Counted::Funnel { events: vec![self.text(), self.text()] },
        };
        MetricSource { provider: self.text(), project: self.text(), counted }
    }

    fn agenda(&mut self) -> ReviewAgenda {
        let line = |it: &mut Self| (it.entity_ref(), it.text());
        let list = |it: &mut Self| AgendaList {
            heading: it.text(),
            lines: (0..it.number() % 3).map(|_| line(it)).collect(),
            more: it.number() as usize,
        };
        ReviewAgenda { lists: (0..self.number() % 3).map(|_| list(self)).collect() }
    }

    fn words(&mut self) -> BTreeMap<String, String> {
        (0..self.number() % 3).map(|_| (format!("l{}", self.number()), self.text())).collect()
    }

    fn filter(&mut self) -> Filter {
        let owners = [None, Some(self.id())].into();
        let owner = Test { what: Criterion::Owner { owners }, not: self.flag() };
        let stage = Test::from(Criterion::Stage { stages: [self.id()].into() });
        let days = 1 + (self.number() % 90) as u16;
        let age = if self.flag() { Age::Within(days) } else { Age::Before(days) };
        let said = Test::from(Criterion::LastEvidence { age });
        let parts = vec![Part::Test(owner), Part::Group { join: Join::Any, tests: vec![stage, said] }];
        Filter { join: Join::All, parts }
    }

    fn branches(&mut self) -> BTreeMap<StepId, Branch> {
        let branch = |it: &mut Self| Branch { label: it.text(), share: it.perhaps(Self::float) };
        (0..self.number() % 3).map(|_| (self.id(), branch(self))).collect()
    }

    fn window(&mut self) -> VerdictWindow {
        VerdictWindow {
            from: self.date(),
            to: self.date(),
            value: self.float(),
            n: u64::MAX - u64::from(self.number()),
        }
    }
}

fn build(kind: EntityKind, dice: &mut Dice) -> Entity {
    match kind {
        EntityKind::Workspace => workspace(dice).into(),
        EntityKind::Member => member(dice).into(),
        EntityKind::Persona => persona(dice).into(),
        EntityKind::Journey => journey(dice).into(),
        EntityKind::Stage => stage(dice).into(),
        EntityKind::Step => step(dice).into(),
        EntityKind::Touchpoint => touchpoint(dice).into(),
        EntityKind::Insight => insight(dice).into(),
        EntityKind::Opportunity => opportunity(dice).into(),
        EntityKind::Solution => solution(dice).into(),
        EntityKind::Metric => metric(dice).into(),
        EntityKind::Evidence => evidence(dice).into(),
        EntityKind::DeliveryLink => delivery_link(dice).into(),
        EntityKind::Verdict => verdict(dice).into(),
        EntityKind::Comment => comment(dice).into(),
        EntityKind::Review => review(dice).into(),
        EntityKind::Decision => decision(dice).into(),
        EntityKind::SharedView => shared_view(dice).into(),
    }
}

/// Each kind with all its fields; the common ones are the same for all.
macro_rules! build {
    ($($function:ident: $kind:ident { $($field:ident: $make:expr,)* })*) => {$(
        fn $function(dice: &mut Dice) -> $kind {
            $kind {
                id: dice.id(),
                created: dice.stamp(),
                updated: dice.stamp(),
                trashed: dice.perhaps(Dice::stamp),
                $($field: $make(dice),)*
            }
        }
    )*};
}

build! {
    workspace: Workspace {
        name: Dice::text,
        currency: Dice::text,
    }
    member: Member {
        name: Dice::text,
        title: Dice::text,
        colour: Dice::small,
        role: |it: &mut Dice| it.one_of(&[MemberRole::Owner, MemberRole::Viewer]),
    }
    persona: Persona {
        name: Dice::text,
        description: Dice::text,
        part: |it: &mut Dice| it.one_of(&[PersonaPart::Buyer, PersonaPart::EndUser]),
        goals: Dice::text,
        frustrations: Dice::text,
        job_when: Dice::text,
        job_want: Dice::text,
        job_so: Dice::text,
        basis: |it: &mut Dice| it.one_of(&[Basis::Assumed, Basis::Observed]),
    }
    journey: Journey {
        title: Dice::text,
        scenario: Dice::text,
        expectation: Dice::text,
        scope_from: Dice::text,
        scope_to: Dice::text,
        state: |it: &mut Dice| it.one_of(&[JourneyState::AsIs, JourneyState::ToBe]),
        to_be_of: |it: &mut Dice| it.perhaps(Dice::id),
        outcome_metric: |it: &mut Dice| it.perhaps(Dice::id),
        review_every_days: |it: &mut Dice| it.number() as u16,
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        personas: Dice::ids,
        lanes: Dice::words,
        is_archived: Dice::flag,
        is_sample: Dice::flag,
        parent_step: |it: &mut Dice| it.perhaps(Dice::id),
        versions: |it: &mut Dice| {
            (0..it.number() % 3).map(|_| (format!("{:064x}", it.number()), it.text())).collect()
        },
    }
    stage: Stage {
        title: Dice::text,
        goal: Dice::text,
        order: Dice::order,
    }
    step: Step {
        title: Dice::text,
        action: Dice::text,
        thought: Dice::text,
        emotion: |it: &mut Dice| it.perhaps(|it| it.small() as i8),
        emotion_basis: |it: &mut Dice| it.one_of(&[Basis::Assumed, Basis::Observed]),
        is_value_moment: Dice::flag,
        is_moment_of_truth: Dice::flag,
        is_optional: Dice::flag,
        events: Dice::texts,
        paths: Dice::texts,
        target_conversion: |it: &mut Dice| it.perhaps(Dice::float),
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        cells: Dice::words,
        detail: |it: &mut Dice| it.perhaps(Dice::id),
        branches: Dice::branches,
        lifecycle: |it: &mut Dice| it.one_of(&[StepLifecycle::Suspected, StepLifecycle::Live]),
        stage: |it: &mut Dice| it.perhaps(Dice::id),
        order: Dice::order,
        last_reviewed: |it: &mut Dice| it.perhaps(Dice::stamp),
    }
    touchpoint: Touchpoint {
        title: Dice::text,
        channel: |it: &mut Dice| it.one_of(&[Channel::Site, Channel::Other]),
        url: Dice::text,
        picture: Dice::text,
        side: |it: &mut Dice| it.one_of(&[Side::Front, Side::Back]),
        notes: Dice::text,
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        steps: Dice::ids,
        order: Dice::order,
    }
    insight: Insight {
        statement: Dice::text,
        sort: |it: &mut Dice| it.one_of(&[InsightSort::Pain, InsightSort::Question]),
        truth: |it: &mut Dice| it.one_of(&[Truth::Assumption, Truth::Refuted]),
        severity: |it: &mut Dice| it.perhaps(Dice::small),
        segment: Dice::text,
        personas: Dice::ids,
        notes: Dice::text,
        state: |it: &mut Dice| it.one_of(&[InsightState::New, InsightState::Archived]),
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        steps: Dice::ids,
        order: Dice::order,
    }
    opportunity: Opportunity {
        title: Dice::text,
        notes: Dice::text,
        reach: |it: &mut Dice| it.perhaps(Dice::float),
        impact: |it: &mut Dice| it.perhaps(Dice::small),
        effort: |it: &mut Dice| it.perhaps(Dice::small),
        confidence: |it: &mut Dice| it.perhaps(Dice::float),
        reason: Dice::text,
        due: |it: &mut Dice| it.perhaps(Dice::date),
        state: |it: &mut Dice| it.one_of(&[OpportunityState::Open, OpportunityState::Reopened]),
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        parent: |it: &mut Dice| it.perhaps(Dice::id),
        steps: Dice::ids,
        order: Dice::order,
        insights: Dice::ids,
    }
    solution: Solution {
        title: Dice::text,
        sort: |it: &mut Dice| it.one_of(&[SolutionSort::Idea, SolutionSort::Service]),
        notes: Dice::text,
        effort: |it: &mut Dice| it.perhaps(Dice::small),
        target: |it: &mut Dice| it.perhaps(Dice::date),
        success_metric: |it: &mut Dice| it.perhaps(Dice::id),
        expected_change: |it: &mut Dice| it.perhaps(Dice::float),
        state: |it: &mut Dice| it.one_of(&[SolutionState::Idea, SolutionState::Rejected]),
        shipped_at: |it: &mut Dice| it.perhaps(Dice::time),
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        steps: Dice::ids,
        order: Dice::order,
        opportunities: Dice::ids,
        assumptions: Dice::ids,
    }
    metric: Metric {
        name: Dice::text,
        class: |it: &mut Dice| it.one_of(&[MetricClass::Customer, MetricClass::Operational]),
        formula: |it: &mut Dice| it.one_of(&[MetricFormula::Rate, MetricFormula::Count]),
        purpose: |it: &mut Dice| it.one_of(&[MetricPurpose::Watched, MetricPurpose::StepEntrants]),
        unit: Dice::text,
        direction: |it: &mut Dice| it.one_of(&[Direction::Up, Direction::Down]),
        baseline: |it: &mut Dice| it.perhaps(Dice::float),
        target: |it: &mut Dice| it.perhaps(Dice::float),
        window_days: |it: &mut Dice| it.number() as u16,
        min_n: Dice::number,
        notes: Dice::text,
        source: |it: &mut Dice| it.perhaps(Dice::source),
        state: |it: &mut Dice| it.one_of(&[MetricState::Draft, MetricState::Retired]),
        owner: |it: &mut Dice| it.perhaps(Dice::id),
        steps: Dice::ids,
        order: Dice::order,
        points: |it: &mut Dice| (0..it.number() % 4).map(|_| (it.date(), it.point())).collect(),
    }
    evidence: Evidence {
        sort: |it: &mut Dice| it.one_of(&[EvidenceSort::Quote, EvidenceSort::Observation]),
        excerpt: Dice::text,
        author: Dice::text,
        account: Dice::text,
        source: Dice::text,
        locator: Dice::text,
        anchor: Dice::text,
        source_hash: Dice::text,
        captured_at: |it: &mut Dice| it.perhaps(Dice::time),
        weight: |it: &mut Dice| it.one_of(&[WeightClass::Behavioural, WeightClass::Internal]),
        sentiment: |it: &mut Dice| it.perhaps(Dice::float),
        is_verified: Dice::flag,
        claims: |it: &mut Dice| {
            let stances = [Stance::Supports, Stance::Contradicts];
            (0..it.number() % 4).map(|_| (it.entity_ref(), it.one_of(&stances))).collect()
        },
    }
    delivery_link: DeliveryLink {
        provider: Dice::text,
        external_id: Dice::text,
        url: Dice::text,
        title: Dice::text,
        status: |it: &mut Dice| it.one_of(&[DeliveryStatus::Backlog, DeliveryStatus::Cancelled]),
        provider_status: Dice::text,
        assignee: Dice::text,
        merged_at: |it: &mut Dice| it.perhaps(Dice::time),
        released_at: |it: &mut Dice| it.perhaps(Dice::time),
        last_synced: |it: &mut Dice| it.perhaps(Dice::time),
        delivers: |it: &mut Dice| it.perhaps(Dice::entity_ref),
    }
    verdict: Verdict {
        summary: Dice::text,
        solution: |it: &mut Dice| it.perhaps(Dice::id),
        metric: |it: &mut Dice| it.perhaps(Dice::id),
        shipped_at: |it: &mut Dice| it.perhaps(Dice::time),
        before: |it: &mut Dice| it.perhaps(Dice::window),
        after: |it: &mut Dice| it.perhaps(Dice::window),
        low: |it: &mut Dice| it.perhaps(Dice::float),
        high: |it: &mut Dice| it.perhaps(Dice::float),
        outcome: |it: &mut Dice| it.one_of(&[VerdictOutcome::Improved, VerdictOutcome::NotEnough]),
        confounders: Dice::texts,
        is_interim: Dice::flag,
    }
    comment: Comment {
        body: Dice::text,
        mentions: Dice::ids,
        is_resolved: Dice::flag,
        about: |it: &mut Dice| it.perhaps(Dice::entity_ref),
        reply_to: |it: &mut Dice| it.perhaps(Dice::id),
        author: |it: &mut Dice| it.perhaps(Dice::id),
        said_at: |it: &mut Dice| it.perhaps(Dice::time),
    }
    decision: Decision {
        what: Dice::text,
        why: Dice::text,
        rejected: Dice::text,
        about: |it: &mut Dice| it.perhaps(Dice::entity_ref),
        based_on: |it: &mut Dice| (0..it.number() % 4).map(|_| it.entity_ref()).collect(),
        author: |it: &mut Dice| it.perhaps(Dice::id),
        decided_at: |it: &mut Dice| it.perhaps(Dice::time),
    }
    shared_view: SharedView {
        name: Dice::text,
        lens: Dice::text,
        filter: Dice::filter,
        table: Dice::text,
        picture: Dice::text,
    }
    review: Review {
        notes: Dice::text,
        decisions: |it: &mut Dice| (0..it.number() % 4).map(|_| (format!("d{}", it.number()), it.text())).collect(),
        since: |it: &mut Dice| it.perhaps(Dice::time),
        finished: |it: &mut Dice| it.perhaps(Dice::stamp),
        agenda: |it: &mut Dice| it.perhaps(Dice::agenda),
    }
}
