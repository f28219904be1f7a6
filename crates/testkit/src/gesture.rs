//! What people do on a map, at random: gestures that name their targets by chance and become
//! commands once there is a board to act on.

use std::collections::BTreeMap;

use custory_domain::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::Mint;
use crate::entity::text;

/// Something a person does, with targets still open.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the command of the same name, with targets still open")]
pub enum Gesture {
    AddStage { title: String, at: Index },
    AddStep { title: String, stage: Index, at: Index },
    AddItem { kind: ItemKind, title: String, step: Index, at: Index },
    AddEvidence { excerpt: String, claim: Index },
    AddComment { body: String, about: Index },
    Decide { what: String, about: Index, reason: Index },
    Rename { target: Index, title: String },
    Type { target: Index, at: Index, text: String },
    Clear { target: Index },
    Feel { step: Index, emotion: Option<i8> },
    Bind { step: Index, events: Vec<String> },
    MoveStage { stage: Index, at: Index },
    MoveStep { step: Index, stage: Index, at: Index },
    ShareView { name: String, stage: Index },
    Branch { from: Index, to: Index, label: Option<String>, share: Option<u8> },
    MoveItem { item: Index, from: Option<Index>, to: Index, at: Index },
    Unplace { item: Index, step: Index },
    Link { from: Index, to: Index },
    Unlink { from: Index, to: Index },
    Weigh { evidence: Index, claim: Index, stance: Option<Stance> },
    Record { metric: Index, day: i8, value: f64 },
    StillTrue { step: Index },
    Trash { targets: Vec<Index> },
    Restore { targets: Vec<Index> },
    Batch { gestures: Vec<Gesture> },
}

/// Any gesture; mostly such as build something up.
pub fn gesture() -> impl Strategy<Value = Gesture> {
    let one = single().boxed();
    prop_oneof![12 => one.clone(), 1 => vec(one, 1..6).prop_map(|gestures| Gesture::Batch { gestures })]
}

fn index() -> impl Strategy<Value = Index> {
    any::<Index>()
}

fn title() -> impl Strategy<Value = String> {
    "[A-Zé][a-z 😀]{0,10}"
}

fn single() -> impl Strategy<Value = Gesture> {
    let kind = proptest::sample::select(ItemKind::ALL);
    let stance = prop_oneof![Just(None), Just(Some(Stance::Supports)), Just(Some(Stance::Contradicts))];
    prop_oneof![
        2 => (title(), index()).prop_map(|(title, at)| Gesture::AddStage { title, at }),
        3 => (title(), index(), index()).prop_map(|(title, stage, at)| Gesture::AddStep { title, stage, at }),
        4 => (kind, title(), index(), index())
            .prop_map(|(kind, title, step, at)| Gesture::AddItem { kind, title, step, at }),
        1 => (title(), index()).prop_map(|(excerpt, claim)| Gesture::AddEvidence { excerpt, claim }),
        1 => (title(), index()).prop_map(|(body, about)| Gesture::AddComment { body, about }),
        1 => (title(), index(), index()).prop_map(|(what, about, reason)| Gesture::Decide { what, about, reason }),
        3 => (index(), title()).prop_map(|(target, title)| Gesture::Rename { target, title }),
        3 => (index(), index(), text()).prop_map(|(target, at, text)| Gesture::Type { target, at, text }),
        1 => index().prop_map(|target| Gesture::Clear { target }),
        1 => (index(), proptest::option::of(-2..=2i8)).prop_map(|(step, emotion)| Gesture::Feel { step, emotion }),
        1 => (index(), vec(text(), 0..3)).prop_map(|(step, events)| Gesture::Bind { step, events }),
        1 => (index(), index()).prop_map(|(stage, at)| Gesture::MoveStage { stage, at }),
        2 => (index(), index(), index()).prop_map(|(step, stage, at)| Gesture::MoveStep { step, stage, at }),
        1 => (title(), index()).prop_map(|(name, stage)| Gesture::ShareView { name, stage }),
        1 => (index(), index(), proptest::option::of(title()), proptest::option::of(0..60u8))
            .prop_map(|(from, to, label, share)| Gesture::Branch { from, to, label, share }),
        2 => (index(), proptest::option::of(index()), index(), index())
            .prop_map(|(item, from, to, at)| Gesture::MoveItem { item, from, to, at }),
        1 => (index(), index()).prop_map(|(item, step)| Gesture::Unplace { item, step }),
        1 => (index(), index()).prop_map(|(from, to)| Gesture::Link { from, to }),
        1 => (index(), index()).prop_map(|(from, to)| Gesture::Unlink { from, to }),
        1 => (index(), index(), stance)
            .prop_map(|(evidence, claim, stance)| Gesture::Weigh { evidence, claim, stance }),
        1 => (index(), 1..4i8, -9.0..9.0f64)
            .prop_map(|(metric, day, value)| Gesture::Record { metric, day, value }),
        1 => index().prop_map(|step| Gesture::StillTrue { step }),
        2 => vec(index(), 1..4).prop_map(|targets| Gesture::Trash { targets }),
        1 => vec(index(), 1..4).prop_map(|targets| Gesture::Restore { targets }),
    ]
}

fn pick<T: Clone>(from: Vec<T>, at: &Index) -> Option<T> {
    if from.is_empty() { None } else { Some(at.get(&from).clone()) }
}

fn ids<K: Copy, V>(map: &BTreeMap<K, V>) -> Vec<K> {
    map.keys().copied().collect()
}

impl Gesture {
    /// The command it comes to on a board; `None` where there is nothing to do it to.
    pub fn command(&self, board: &Board, mint: &mut Mint) -> Option<Command> {
        match self {
            Self::AddStage { title, at } => {
                let stage = Stage { title: title.clone(), ..Stage::new(mint.id()) };
                Some(Command::add_at(stage, at.index(board.stages.len() + 1)))
            }
            Self::AddStep { title, stage, at } => {
                let stage = pick(ids(&board.stages), stage)?;
                let step = Step { title: title.clone(), stage: Some(stage), ..Step::new(mint.id()) };
                Some(Command::add_at(step, at.index(board.steps.len() + 1)))
            }
            Self::AddItem { kind, title, step, at } => {
                let step = pick(ids(&board.steps), step)?;
                Some(Command::add_at(new_item(*kind, title, step, mint), at.index(5)))
            }
            Self::AddEvidence { excerpt, claim } => {
                let claims = [(pick(claimable(board), claim)?, Stance::Supports)].into();
                let excerpt = excerpt.clone();
                Some(Command::add(Evidence { excerpt, claims, ..Evidence::new(mint.id()) }))
            }
            Self::AddComment { body, about } => {
                let about = Some(pick(claimable(board), about)?);
                Some(Command::add(Comment { body: body.clone(), about, ..Comment::new(mint.id()) }))
            }
            Self::Branch { from, to, label, share } => {
                let steps = ids(&board.steps);
                let (from, to) = (pick(steps.clone(), from)?, pick(steps, to)?);
                let share = share.map(|it| f64::from(it) / 100.0);
                let branch = label.clone().map(|label| Branch { label, share });
                Some(Command::Branch { from, to, branch })
            }
            Self::ShareView { name, stage } => {
                let stages = [pick(ids(&board.stages), stage)?].into();
                let test = custory_domain::filter::Criterion::Stage { stages }.into();
                let parts = vec![custory_domain::filter::Part::Test(test)];
                let filter = custory_domain::filter::Filter { parts, ..Default::default() };
                let lens = "map".to_owned();
                Some(Command::add(SharedView {
                    name: name.clone(),
                    lens,
                    filter,
                    ..SharedView::new(mint.id())
                }))
            }
            Self::Decide { what, about, reason } => {
                let about = Some(pick(claimable(board), about)?);
                let based_on = pick(claimable(board), reason).into_iter().collect();
                let decision = Decision { what: what.clone(), about, based_on, ..Decision::new(mint.id()) };
                Some(Command::add(decision))
            }
            Self::Rename { target, title } => rename(pick(named(board), target)?, title),
            Self::Type { target, at, text } => {
                let (entity, mut long) = pick(typed(board), target)?;
                let places: Vec<usize> = long.char_indices().map(|(it, _)| it).chain([long.len()]).collect();
                long.insert_str(*at.get(&places), text);
                set_long_text(entity, long)
            }
            Self::Clear { target } => {
                let (entity, _) = pick(typed(board), target)?;
                set_long_text(entity, String::new())
            }
            Self::Feel { step, emotion } => {
                let id = pick(ids(&board.steps), step)?;
                Some(Command::set(Change::Step { id, set: StepField::Emotion(*emotion) }))
            }
            Self::Bind { step, events } => {
                let id = pick(ids(&board.steps), step)?;
                let events = events.iter().cloned().collect();
                Some(Command::set(Change::Step { id, set: StepField::Events(events) }))
            }
            Self::MoveStage { stage, at } => {
                let stage = pick(ids(&board.stages), stage)?;
                Some(Command::MoveStage { stage, index: at.index(board.stages.len()) })
            }
            Self::MoveStep { step, stage, at } => Some(Command::MoveStep {
                step: pick(ids(&board.steps), step)?,
                stage: pick(ids(&board.stages), stage)?,
                index: at.index(4),
            }),
            Self::MoveItem { item, from, to, at } => {
                let item = pick(items(board), item)?;
                let on: Vec<_> = board.item(item)?.steps.iter().copied().collect();
                let from = from.as_ref().and_then(|it| pick(on, it));
                let to = pick(ids(&board.steps), to)?;
                Some(Command::MoveItem { item, from, to, index: at.index(4) })
            }
            Self::Unplace { item, step } => {
                let item = pick(items(board), item)?;
                let on: Vec<_> = board.item(item)?.steps.iter().copied().collect();
                Some(Command::Unplace { item, step: pick(on, step)? })
            }
            Self::Link { from, to } => Some(Command::Link {
                from: pick(ids(&board.insights), from)?.into(),
                to: pick(ids(&board.opportunities), to)?.into(),
            }),
            Self::Unlink { from, to } => Some(Command::Unlink {
                from: pick(ids(&board.insights), from)?.into(),
                to: pick(ids(&board.opportunities), to)?.into(),
            }),
            Self::Weigh { evidence, claim, stance } => Some(Command::Weigh {
                evidence: pick(ids(&board.evidence), evidence)?,
                claim: pick(claimable(board), claim)?,
                stance: *stance,
            }),
            Self::Record { metric, day, value } => {
                let metric = pick(ids(&board.metrics), metric)?;
                let point = MetricPoint { value: *value, n: Some(9), ..MetricPoint::default() };
                let points = [(jiff::civil::date(2026, 5, *day), point)].into();
                Some(Command::RecordPoints { metric, points })
            }
            Self::StillTrue { step } => Some(Command::StillTrue { step: pick(ids(&board.steps), step)? }),
            Self::Trash { targets } => Some(Command::Trash { entities: several(board, targets)? }),
            Self::Restore { targets } => Some(Command::Restore { entities: several(board, targets)? }),
            Self::Batch { gestures } => batch(gestures, board, mint),
        }
    }
}

fn new_item(kind: ItemKind, title: &str, step: StepId, mint: &mut Mint) -> Entity {
    let (title, steps) = (title.to_owned(), [step].into());
    match kind {
        ItemKind::Touchpoint => Touchpoint { title, steps, ..Touchpoint::new(mint.id()) }.into(),
        ItemKind::Insight => Insight { statement: title, steps, ..Insight::new(mint.id()) }.into(),
        ItemKind::Opportunity => Opportunity { title, steps, ..Opportunity::new(mint.id()) }.into(),
        ItemKind::Solution => Solution { title, steps, ..Solution::new(mint.id()) }.into(),
        ItemKind::Metric => Metric { name: title, steps, ..Metric::new(mint.id()) }.into(),
    }
}

fn items(board: &Board) -> Vec<EntityRef> {
    ItemKind::ALL.iter().flat_map(|kind| board.items(*kind)).map(|it| it.id).collect()
}

fn claimable(board: &Board) -> Vec<EntityRef> {
    board.steps.keys().map(|it| EntityRef::from(*it)).chain(items(board)).collect()
}

fn named(board: &Board) -> Vec<EntityRef> {
    board.stages.keys().map(|it| EntityRef::from(*it)).chain(claimable(board)).collect()
}

fn several(board: &Board, targets: &[Index]) -> Option<Vec<EntityRef>> {
    let all = named(board);
    targets.iter().map(|it| pick(all.clone(), it)).collect()
}

fn rename(target: EntityRef, title: &str) -> Option<Command> {
    let (id, title) = (target.id, title.to_owned());
    let change = match target.kind {
        EntityKind::Stage => Change::Stage { id: id.into(), set: StageField::Title(title) },
        EntityKind::Step => Change::Step { id: id.into(), set: StepField::Title(title) },
        EntityKind::Touchpoint => Change::Touchpoint { id: id.into(), set: TouchpointField::Title(title) },
        EntityKind::Insight => Change::Insight { id: id.into(), set: InsightField::Statement(title) },
        EntityKind::Opportunity => Change::Opportunity { id: id.into(), set: OpportunityField::Title(title) },
        EntityKind::Solution => Change::Solution { id: id.into(), set: SolutionField::Title(title) },
        EntityKind::Metric => Change::Metric { id: id.into(), set: MetricField::Name(title) },
        _ => return None,
    };
    Some(Command::set(change))
}

/// What has a long text, and the text.
fn typed(board: &Board) -> Vec<(EntityRef, String)> {
    let steps = board.steps.values().map(|it| (it.id.into(), it.action.clone()));
    let insights = board.insights.values().map(|it| (it.id.into(), it.notes.clone()));
    let solutions = board.solutions.values().map(|it| (it.id.into(), it.notes.clone()));
    steps.chain(insights).chain(solutions).collect()
}

fn set_long_text(entity: EntityRef, text: String) -> Option<Command> {
    let id = entity.id;
    let change = match entity.kind {
        EntityKind::Step => Change::Step { id: id.into(), set: StepField::Action(text) },
        EntityKind::Insight => Change::Insight { id: id.into(), set: InsightField::Notes(text) },
        EntityKind::Solution => Change::Solution { id: id.into(), set: SolutionField::Notes(text) },
        _ => return None,
    };
    Some(Command::set(change))
}

/// The commands of a batch, each made for the board that those before it leave.
fn batch(gestures: &[Gesture], board: &Board, mint: &mut Mint) -> Option<Command> {
    let mut board = board.clone();
    let mut commands = Vec::new();
    for gesture in gestures {
        let Some(command) = gesture.command(&board, mint) else { continue };
        if let Ok(changes) = carry_out(&board, command.clone(), Stamp::default()) {
            board.apply(&Patch { put: changes.after, removed: Vec::new() });
            commands.push(command);
        }
    }
    (!commands.is_empty()).then(|| Command::Batch { label: "Several at once".to_owned(), commands })
}
