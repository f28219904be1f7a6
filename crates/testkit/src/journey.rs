//! Journeys of a given size, with texts, evidence and values as a real one has them.

use custory_domain::*;

use crate::Mint;

/// How large a journey is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Stages.
    pub stages: usize,
    /// Steps, spread over the stages.
    pub steps: usize,
    /// Items and evidence, spread over the steps: in 20 of them 6 touchpoints, 5 insights, 2
    /// opportunities, 1 solution, 1 metric and 5 pieces of evidence.
    pub items: usize,
}

impl Size {
    /// The large journey that performance is promised for.
    pub const LARGE: Self = Self { stages: 7, steps: 60, items: 2_000 };
}

/// Commands that make a journey from nothing. Long texts are as long as people write them: a
/// sentence on every fourth item.
pub fn commands(size: Size, mint: &mut Mint) -> Vec<Command> {
    let mut commands = Vec::with_capacity(1 + size.stages + size.steps + size.items);
    let title = "From sign-up to first invoice".to_owned();
    commands.push(Command::add(Journey { title, ..Journey::new(mint.id()) }));
    let orders = Order::series(None, size.stages.max(size.steps).max(size.items));
    let stages: Vec<StageId> = (0..size.stages).map(|_| mint.id()).collect();
    for (at, id) in stages.iter().enumerate() {
        let title = format!("Stage {}", at + 1);
        commands.push(Command::add(Stage { title, order: orders[at].clone(), ..Stage::new(*id) }));
    }
    let steps: Vec<StepId> = (0..size.steps).map(|_| mint.id()).collect();
    for (at, id) in steps.iter().enumerate() {
        commands.push(Command::add(Step {
            title: format!("Set up part {} of the account", at + 1),
            action: format!("Opens the page of part {} and fills in what is asked for there.", at + 1),
            emotion: Some(at as i8 % 5 - 2),
            events: [format!("part_{at}_saved")].into(),
            stage: Some(stages[at * size.stages / size.steps]),
            order: orders[at].clone(),
            ..Step::new(*id)
        }));
    }
    let mut last = EntityRef::from(steps[0]);
    for at in 0..size.items {
        let step = steps[at * size.steps / size.items];
        let entity = item(at, step, last, orders[at].clone(), mint);
        if !matches!(entity, Entity::Evidence(_)) {
            last = entity.entity_ref();
        }
        commands.push(Command::add(entity));
    }
    commands
}

fn item(at: usize, step: StepId, last: EntityRef, order: Order, mint: &mut Mint) -> Entity {
    let steps = [step].into();
    let notes = if at.is_multiple_of(4) {
        format!("Number {at}: seen in the sessions of last week, to be looked at again after the release.")
    } else {
        String::new()
    };
    match at % 20 {
        0..6 => Touchpoint {
            title: format!("Page {at} of the setup"),
            channel: Channel::App,
            url: format!("https://app.example.com/setup/{at}"),
            notes,
            steps,
            order,
            ..Touchpoint::new(mint.id())
        }
        .into(),
        6..11 => Insight {
            statement: format!("People do not see why part {at} is asked for"),
            severity: Some(1 + at as u8 % 5),
            notes,
            steps,
            order,
            ..Insight::new(mint.id())
        }
        .into(),
        11..13 => Opportunity {
            title: format!("Help people to finish part {at} on their own"),
            impact: Some(4),
            effort: Some(2),
            notes,
            steps,
            order,
            ..Opportunity::new(mint.id())
        }
        .into(),
        13 => Solution {
            title: format!("Explain part {at} where it is asked for"),
            notes,
            steps,
            order,
            ..Solution::new(mint.id())
        }
        .into(),
        14 => Metric {
            name: format!("Share that finishes part {at}"),
            formula: MetricFormula::Rate,
            points: (1..=7)
                .map(|day| {
                    let point =
                        MetricPoint { value: 0.5 + day as f64 / 100.0, n: Some(400), ..Default::default() };
                    (jiff::civil::date(2026, 3, day), point)
                })
                .collect(),
            notes,
            steps,
            order,
            ..Metric::new(mint.id())
        }
        .into(),
        _ => Evidence {
            excerpt: format!("“I was asked for {at} three times and still do not know what for.”"),
            author: "Customer".to_owned(),
            source: "intercom".to_owned(),
            claims: [(last, Stance::Supports)].into(),
            ..Evidence::new(mint.id())
        }
        .into(),
    }
}

/// The board that commands make of nothing.
pub fn board(commands: Vec<Command>, stamp: Stamp) -> Board {
    let batch = Command::Batch { label: "Build".to_owned(), commands };
    let changes = carry_out(&Board::default(), batch, stamp).expect("the commands keep the rules");
    changes.after.into()
}
