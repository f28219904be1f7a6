//! A journey that grows from a file of another program, thing by thing in the order of the file.

use std::collections::BTreeMap;

use custory_domain::*;
use ulid::Ulid;

use crate::import::{ImportError, Imported, Losses, Place, assemble};

/// Where things go that their file puts on no step.
const NO_STAGE: &str = "To be placed";
const NO_STEP: &str = "Not on a step yet";

/// Longest titles, in characters, by what the domain allows.
const TITLE_CHARS_MAX: usize = 120;
const STAGE_CHARS_MAX: usize = 80;
const PERSONA_CHARS_MAX: usize = 80;
const ITEM_CHARS_MAX: usize = 240;

/// A journey in the making.
pub(super) struct Builder<'a> {
    mint: &'a mut dyn FnMut() -> Ulid,
    pub journey: Journey,
    stages: Vec<Stage>,
    steps: Vec<Step>,
    items: Vec<Entity>,
    evidence: Vec<Evidence>,
    personas: Vec<Persona>,
    lines: BTreeMap<EntityRef, usize>,
    /// The line that is being read, from 1; 0 where lines mean nothing.
    pub line: usize,
    losses: Losses,
}

impl<'a> Builder<'a> {
    /// An empty journey.
    pub fn new(title: &str, mint: &'a mut dyn FnMut() -> Ulid) -> Self {
        let mut journey = Journey::new(mint().into());
        journey.title = fit(title, TITLE_CHARS_MAX).0;
        Self {
            mint,
            journey,
            stages: Vec::new(),
            steps: Vec::new(),
            items: Vec::new(),
            evidence: Vec::new(),
            personas: Vec::new(),
            lines: BTreeMap::new(),
            line: 0,
            losses: Losses::default(),
        }
    }

    /// Says in a sentence what is not carried over.
    pub fn lose(&mut self, what: impl Into<String>) {
        self.losses.add(what.into());
    }

    /// The same, with the line being read before it.
    pub fn lose_here(&mut self, what: &str) {
        let line = self.line;
        self.losses.add(format!("Line {line}: {what}"));
    }

    /// Adds a stage.
    pub fn stage(&mut self, title: &str) -> StageId {
        let (title, whole) = fit(title, STAGE_CHARS_MAX);
        let goal = whole.map(|it| clip(&it, carry_out::limits::SHORT_TEXT_CHARS_MAX)).unwrap_or_default();
        let stage = Stage { title, goal, ..Stage::new((self.mint)().into()) };
        let id = stage.id;
        self.note_line(id.into());
        self.stages.push(stage);
        id
    }

    /// The stage of that title, made where there is none.
    pub fn stage_named(&mut self, title: &str) -> StageId {
        let short = fit(title, STAGE_CHARS_MAX).0;
        let found = self.stages.iter().find(|it| same(&it.title, &short)).map(|it| it.id);
        found.unwrap_or_else(|| self.stage(title))
    }

    /// The stage that was added last, or one for what has no place.
    pub fn last_stage(&mut self) -> StageId {
        match self.stages.last() {
            Some(it) => it.id,
            None => self.stage(NO_STAGE),
        }
    }

    /// Adds a step.
    pub fn step(&mut self, stage: StageId, title: &str) -> StepId {
        let (title, whole) = fit(title, TITLE_CHARS_MAX);
        let step = Step {
            title,
            action: whole.unwrap_or_default(),
            stage: Some(stage),
            ..Step::new((self.mint)().into())
        };
        let id = step.id;
        self.note_line(id.into());
        self.steps.push(step);
        id
    }

    /// The step of that title in a stage, made where there is none.
    pub fn step_named(&mut self, stage: StageId, title: &str) -> StepId {
        let short = fit(title, TITLE_CHARS_MAX).0;
        let found = self.steps.iter().find(|it| it.stage == Some(stage) && same(&it.title, &short));
        found.map(|it| it.id).unwrap_or_else(|| self.step(stage, title))
    }

    /// The step for what its file puts on none.
    pub fn no_step(&mut self) -> StepId {
        let stage = self.stage_named(NO_STAGE);
        self.step_named(stage, NO_STEP)
    }

    /// The step for what its file puts in a stage but on no step.
    pub fn no_step_in(&mut self, stage: StageId) -> StepId {
        self.step_named(stage, NO_STEP)
    }

    /// Changes a step.
    pub fn change_step(&mut self, id: StepId, change: impl FnOnce(&mut Step)) {
        if let Some(step) = self.steps.iter_mut().find(|it| it.id == id) {
            change(step);
        }
    }

    /// Adds an item. A title that is too long is cut, and stands whole in the notes.
    pub fn item(&mut self, step: StepId, kind: ItemKind, title: &str, notes: &str) -> EntityRef {
        let max = match kind {
            ItemKind::Touchpoint | ItemKind::Metric => TITLE_CHARS_MAX,
            _ => ITEM_CHARS_MAX,
        };
        let (title, whole) = fit(title, max);
        let notes = [whole.as_deref().unwrap_or_default(), notes.trim()].join("\n\n");
        let notes = clip(notes.trim(), carry_out::limits::LONG_TEXT_CHARS_MAX);
        let steps = [step].into();
        let id = (self.mint)();
        let entity: Entity = match kind {
            ItemKind::Touchpoint => Touchpoint { title, notes, steps, ..Touchpoint::new(id.into()) }.into(),
            ItemKind::Insight => Insight { statement: title, notes, steps, ..Insight::new(id.into()) }.into(),
            ItemKind::Opportunity => {
                Opportunity { title, notes, steps, ..Opportunity::new(id.into()) }.into()
            }
            ItemKind::Solution => Solution { title, notes, steps, ..Solution::new(id.into()) }.into(),
            ItemKind::Metric => Metric { name: title, notes, steps, ..Metric::new(id.into()) }.into(),
        };
        let id = entity.entity_ref();
        self.note_line(id);
        self.items.push(entity);
        id
    }

    /// Changes an item.
    pub fn change_item(&mut self, id: EntityRef, change: impl FnOnce(&mut Entity)) {
        if let Some(item) = self.items.iter_mut().rev().find(|it| it.entity_ref() == id) {
            change(item);
        }
    }

    /// Adds what somebody said about something. What is longer than a quote may be is cut, and said.
    pub fn quote(&mut self, about: EntityRef, words: &str, source: &str, said_at: Option<Timestamp>) {
        let excerpt = clip(words.trim(), Evidence::EXCERPT_CHARS_MAX);
        if excerpt.len() < words.trim().len() {
            self.lose(format!(
                "A quote was cut after {} characters: “{}”.",
                Evidence::EXCERPT_CHARS_MAX,
                clip(words, 60)
            ));
        }
        let evidence = Evidence {
            excerpt,
            source: "file".to_owned(),
            locator: clip(source, carry_out::limits::ADDRESS_CHARS_MAX),
            captured_at: said_at,
            claims: [(about, Stance::Supports)].into(),
            ..Evidence::new((self.mint)().into())
        };
        self.note_line(evidence.id.into());
        self.evidence.push(evidence);
    }

    /// Adds somebody whom the journey is about.
    pub fn persona(&mut self, name: &str) {
        let name = fit(name, PERSONA_CHARS_MAX).0;
        let persona = Persona { name, ..Persona::new((self.mint)().into()) };
        self.journey.personas.insert(persona.id);
        self.personas.push(persona);
    }

    /// Says more about the persona that was added last.
    pub fn tell_persona(&mut self, words: &str) {
        if let Some(persona) = self.personas.last_mut() {
            let more = format!("{}\n{}", persona.description, words.trim());
            persona.description = clip(more.trim(), carry_out::limits::SHORT_TEXT_CHARS_MAX);
        }
    }

    fn note_line(&mut self, id: EntityRef) {
        if self.line > 0 {
            self.lines.insert(id, self.line);
        }
    }

    /// How many things there are so far.
    pub fn len(&self) -> usize {
        self.stages.len() + self.steps.len() + self.items.len() + self.evidence.len()
    }

    /// The journey, checked against the rules.
    ///
    /// # Errors
    /// When there is nothing in it, or more than a journey holds.
    pub fn finish(mut self) -> Result<Imported, ImportError> {
        if self.len() == 0 {
            return Err(ImportError::NoJourney);
        }
        let orders = Order::series(None, self.stages.len());
        self.stages.iter_mut().zip(orders).for_each(|(stage, order)| stage.order = order);
        let stages: Vec<StageId> = self.stages.iter().map(|it| it.id).collect();
        for stage in stages {
            let mut steps: Vec<_> = self.steps.iter_mut().filter(|it| it.stage == Some(stage)).collect();
            let orders = Order::series(None, steps.len());
            steps.iter_mut().zip(orders).for_each(|(step, order)| step.order = order);
        }
        let orders = Order::series(None, self.items.len());
        self.items.iter_mut().zip(orders).for_each(|(item, order)| put_in_order(item, order));

        let mut entities: Vec<Entity> = vec![self.journey.into()];
        entities.extend(self.stages.into_iter().map(Entity::from));
        entities.extend(self.steps.into_iter().map(Entity::from));
        entities.extend(self.items);
        entities.extend(self.evidence.into_iter().map(Entity::from));
        let lines = self.lines;
        let placed = entities.into_iter().map(|it| {
            let place = Place::of(lines.get(&it.entity_ref()), &it);
            (it, place)
        });
        assemble(placed.collect(), self.personas, self.losses)
    }
}

fn put_in_order(item: &mut Entity, order: Order) {
    match item {
        Entity::Touchpoint(it) => it.order = order,
        Entity::Insight(it) => it.order = order,
        Entity::Opportunity(it) => it.order = order,
        Entity::Solution(it) => it.order = order,
        Entity::Metric(it) => it.order = order,
        _ => {}
    }
}

/// Whether two titles are the same to a reader.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A text on one line, cut to fit, and the whole where it was cut.
fn fit(text: &str, chars_max: usize) -> (String, Option<String>) {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|it| !it.is_control()).collect();
    if line.is_empty() {
        return ("Untitled".to_owned(), None);
    }
    let short = clip(&line, chars_max);
    let whole = (short.len() < line.len()).then(|| text.trim().to_owned());
    (short, whole)
}

/// A text cut after so many characters, with dots where something is missing.
pub(super) fn clip(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
