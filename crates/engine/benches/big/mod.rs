//! The journey that promises of speed are about: 60 steps and 2,000 items, with a quote on every second.

use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

/// Steps of the journey.
pub const STEPS: usize = 60;
/// Items on them.
pub const ITEMS: usize = 2_000;

/// The id of the entity with that number.
pub fn id<T: From<EntityIdParts>>(number: usize) -> T {
    EntityIdParts(number as u128 + 1).into()
}

/// A number on its way to becoming an id.
pub struct EntityIdParts(u128);

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<EntityIdParts> for $id {
            fn from(parts: EntityIdParts) -> Self {
                $id::from_parts(1_764_000_000_000, parts.0)
            }
        }
    )*};
}
ids!(StageId, StepId, TouchpointId, InsightId, OpportunityId, SolutionId, EvidenceId);

/// Makes the journey.
pub fn fill(engine: &Engine) -> JourneyId {
    let create = Request::CreateJourney { title: "Big".to_owned(), from: Beginning::Blank };
    let Ok(Reply::Made { journey, .. }) = engine.request_blocking(create) else { panic!("a journey") };
    let mut commands = Vec::new();
    for (at, order) in Order::series(None, 6).into_iter().enumerate() {
        commands.push(Command::add(Stage { title: format!("Stage {at}"), order, ..Stage::new(id(at)) }));
    }
    for (at, order) in Order::series(None, STEPS).into_iter().enumerate() {
        let step = Step { title: format!("Do the thing number {at}"), order, ..Step::new(id(at)) };
        commands.push(Command::add(Step { stage: Some(id(at / 10)), ..step }));
    }
    for (at, order) in Order::series(None, ITEMS).into_iter().enumerate() {
        let steps = [id(at % STEPS)].into();
        let title = format!("People say that thing {at} takes them longer than it should");
        let notes = "What is worth knowing about it, in a sentence of middling length.".to_owned();
        let entity: Entity = match at % 4 {
            0 => Touchpoint { title, steps, order, ..Touchpoint::new(id(at)) }.into(),
            1 => Insight { statement: title, notes, steps, order, severity: Some(3), ..Insight::new(id(at)) }
                .into(),
            2 => {
                // All over the picture of impact and effort.
                let (impact, effort) = (Some((at / 20 % 5) as u8 + 1), Some((at / 4 % 5) as u8 + 1));
                Opportunity { title, notes, steps, order, impact, effort, ..Opportunity::new(id(at)) }.into()
            }
            _ => Solution { title, steps, order, ..Solution::new(id(at)) }.into(),
        };
        let claim = entity.entity_ref();
        commands.push(Command::Add { entity: Box::new(entity), index: None });
        if at % 2 == 1 {
            let excerpt = format!("“It took me {at} minutes and I gave up.”");
            let claims = [(claim, Stance::Supports)].into();
            commands.push(Command::add(Evidence { excerpt, claims, ..Evidence::new(id(at)) }));
        }
    }
    let command = Command::Batch { label: "Fill".to_owned(), commands };
    let filled = engine.request_blocking(Request::Dispatch { journey, command, via: Via::Import });
    filled.expect("the journey is filled");
    journey
}
