//! Turns a reviewed draft into commands: the only way from a draft onto a map.

use std::collections::BTreeMap;

use ulid::Ulid;

use super::{Citation, Decision, DraftItem, DraftItemKind, DraftKey, DraftReview, DraftStep, Locator};
use crate::board::Board;
use crate::command::{Change, Command};
use crate::entity::*;
use crate::id::{EntityRef, StageId, StepId};
use crate::time::Timestamp;

/// The commands that put what a person kept onto the map; nothing else gets there.
///
/// `board` is the map as it is: known steps keep their words and get only what is new. `mint` makes
/// ids. Steps begin as suspected and insights as assumptions: material says what a team meant to
/// offer, not what customers meet.
pub fn accept(
    review: &DraftReview,
    board: &Board,
    captured_at: Timestamp,
    mint: &mut dyn FnMut() -> Ulid,
) -> Vec<Command> {
    let mut acceptance = Acceptance { review, board, captured_at, mint, commands: Vec::new() };
    let mut placed: BTreeMap<&DraftKey, StepId> = BTreeMap::new();
    for stage in &review.draft.stages {
        let kept: Vec<_> = stage.steps.iter().filter(|it| acceptance.keeps(&it.key)).collect();
        let is_new = |it: &&&DraftStep| !review.known.contains_key(&it.key);
        let target = kept.iter().any(|it| is_new(&it)).then(|| acceptance.stage(&stage.title));
        for step in kept {
            let id = match (review.known.get(&step.key), target) {
                (Some(known), _) => *known,
                (None, Some(stage)) => acceptance.step(step, stage),
                (None, None) => continue,
            };
            placed.insert(&step.key, id);
            acceptance.hang(step, id);
        }
    }
    for step in review.draft.steps() {
        if let Some(Decision::MergeInto { step: target }) = review.decisions.get(&step.key)
            && let Some(id) = placed.get(target)
        {
            acceptance.hang(step, *id);
        }
        for item in &step.items {
            if let Some(Decision::MergeInto { step: target }) = review.decisions.get(&item.key)
                && let Some(id) = placed.get(target)
            {
                acceptance.hang_item(item, *id);
            }
        }
    }
    acceptance.commands
}

struct Acceptance<'a> {
    review: &'a DraftReview,
    board: &'a Board,
    captured_at: Timestamp,
    mint: &'a mut dyn FnMut() -> Ulid,
    commands: Vec<Command>,
}

impl Acceptance<'_> {
    fn keeps(&self, key: &DraftKey) -> bool {
        matches!(self.review.decisions.get(key), Some(Decision::Keep { .. }))
    }

    fn title(&self, key: &DraftKey, drafted: &str) -> String {
        match self.review.decisions.get(key) {
            Some(Decision::Keep { title: Some(title) }) => title.clone(),
            _ => drafted.to_owned(),
        }
    }

    /// The stage of that title: the one on the map, or a new one.
    fn stage(&mut self, title: &str) -> StageId {
        let same = |it: &&&Stage| it.title.eq_ignore_ascii_case(title);
        if let Some(stage) = self.board.stages_in_order().iter().find(same) {
            return stage.id;
        }
        let stage = Stage { title: title.to_owned(), ..Stage::new((self.mint)().into()) };
        let id = stage.id;
        self.commands.push(Command::add(stage));
        id
    }

    fn step(&mut self, drafted: &DraftStep, stage: StageId) -> StepId {
        let step = Step {
            title: self.title(&drafted.key, &drafted.title),
            action: drafted.action.clone().unwrap_or_default(),
            events: drafted.events.clone(),
            paths: drafted.paths.clone(),
            lifecycle: StepLifecycle::Suspected,
            stage: Some(stage),
            ..Step::new((self.mint)().into())
        };
        let id = step.id;
        self.commands.push(Command::add(step));
        id
    }

    /// Hangs a drafted step's citations and items on a step of the map.
    fn hang(&mut self, drafted: &DraftStep, step: StepId) {
        self.bind(drafted, step);
        self.cite(&drafted.cites, step.into());
        for item in &drafted.items {
            let decision = self.review.decisions.get(&item.key);
            let stays_away = matches!(decision, Some(Decision::LeaveOut | Decision::MergeInto { .. }));
            if !stays_away {
                self.hang_item(item, step);
            }
        }
    }

    /// Hangs an item on a step of the map, unless it hangs there already.
    fn hang_item(&mut self, item: &DraftItem, step: StepId) {
        if !self.is_on_map(item, step) {
            let id = self.item(item, step);
            self.cite(&item.cites, id);
        }
    }

    /// Adds newly found events and routes to a step that is on the map already.
    fn bind(&mut self, drafted: &DraftStep, step: StepId) {
        let Some(known) = self.board.steps.get(&step) else { return };
        if !drafted.events.is_subset(&known.events) {
            let events = known.events.union(&drafted.events).cloned().collect();
            self.commands.push(Command::set(Change::Step { id: step, set: StepField::Events(events) }));
        }
        if !drafted.paths.is_subset(&known.paths) {
            let paths = known.paths.union(&drafted.paths).cloned().collect();
            self.commands.push(Command::set(Change::Step { id: step, set: StepField::Paths(paths) }));
        }
    }

    fn is_on_map(&self, item: &DraftItem, step: StepId) -> bool {
        let kind = match item.what {
            DraftItemKind::Touchpoint { .. } => crate::ItemKind::Touchpoint,
            DraftItemKind::Insight { .. } => crate::ItemKind::Insight,
        };
        let on_step = self.board.items(kind);
        on_step.iter().any(|it| it.steps.contains(&step) && it.title.eq_ignore_ascii_case(&item.title))
    }

    fn item(&mut self, drafted: &DraftItem, step: StepId) -> EntityRef {
        let title = self.title(&drafted.key, &drafted.title);
        let id = (self.mint)();
        let entity: Entity = match &drafted.what {
            DraftItemKind::Touchpoint { channel, url } => Touchpoint {
                title,
                channel: *channel,
                url: url.clone(),
                steps: [step].into(),
                ..Touchpoint::new(id.into())
            }
            .into(),
            DraftItemKind::Insight { sort } => {
                Insight { statement: title, sort: *sort, steps: [step].into(), ..Insight::new(id.into()) }
                    .into()
            }
        };
        let entity_ref = entity.entity_ref();
        self.commands.push(Command::add(entity));
        entity_ref
    }

    /// Adds each citation as evidence, unless the same words are on the map already.
    fn cite(&mut self, cites: &[Citation], claim: EntityRef) {
        for cite in cites {
            let Some(source) = self.review.draft.sources.get(cite.source) else { continue };
            let excerpt: String = cite.quote.chars().take(Evidence::EXCERPT_CHARS_MAX).collect();
            let same = |it: &&Evidence| {
                it.locator == source.locator && it.excerpt == excerpt && it.claims.contains_key(&claim)
            };
            if self.board.evidence.values().find(same).is_some() {
                continue;
            }
            let sort = if matches!(cite.locator, Locator::Anchor(_)) {
                EvidenceSort::Link
            } else {
                EvidenceSort::File
            };
            self.commands.push(Command::add(Evidence {
                sort,
                excerpt,
                source: match source.origin {
                    super::SourceOrigin::Website => "web",
                    super::SourceOrigin::Repository => "repository",
                    super::SourceOrigin::File => "file",
                    super::SourceOrigin::Pasted => "pasted",
                }
                .to_owned(),
                locator: source.locator.clone(),
                anchor: cite.locator.to_string(),
                source_hash: source.hash.clone(),
                captured_at: Some(self.captured_at),
                weight: WeightClass::Internal,
                is_verified: true,
                claims: [(claim, Stance::Supports)].into(),
                ..Evidence::new((self.mint)().into())
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Draft, DraftSource, DraftStage, SourceOrigin};
    use crate::id::DraftId;

    fn key(name: &str) -> DraftKey {
        DraftKey(name.to_owned())
    }

    fn step(name: &str, item: &str) -> DraftStep {
        let cite = Citation { source: 0, quote: "words".into(), start: 0, locator: Locator::Whole };
        let item = DraftItem {
            is_from_model: false,
            key: key(item),
            what: DraftItemKind::Insight { sort: InsightSort::Pain },
            title: item.to_owned(),
            cites: vec![cite.clone()],
        };
        DraftStep {
            is_from_model: false,
            key: key(name),
            title: name.to_owned(),
            action: None,
            cites: vec![cite],
            items: vec![item],
            events: Default::default(),
            paths: Default::default(),
        }
    }

    /// Titles of the steps that an accepted draft makes, each with its insights.
    fn accepted(decisions: &[(&str, Decision)]) -> Vec<(String, Vec<String>)> {
        let steps = vec![step("a", "a1"), step("b", "b1")];
        let source = DraftSource {
            locator: "help.md".into(),
            title: "Help".into(),
            origin: SourceOrigin::File,
            hash: "aa".into(),
            skipped: String::new(),
        };
        let draft = Draft {
            title: "Draft".into(),
            scope: String::new(),
            sources: vec![source],
            stages: vec![DraftStage { key: key("s"), title: "Stage".into(), steps }],
            notes: vec![],
            model: None,
        };
        let decisions = decisions.iter().map(|(name, it)| (key(name), it.clone())).collect();
        let id = DraftId::from_parts(1, 1);
        let review = DraftReview { id, draft, decisions, onto: None, known: BTreeMap::new() };
        let mut next = 0;
        let commands = accept(&review, &Board::default(), Timestamp(0), &mut || {
            next += 1;
            Ulid::from_parts(0, next)
        });
        let mut board = Board::default();
        for command in commands {
            if let Command::Add { entity, .. } = command {
                board.put(*entity);
            }
        }
        let insights = |step: &Step| {
            let on_step = board.insights.values().filter(|it| it.steps.contains(&step.id));
            on_step.map(|it| it.statement.clone()).collect()
        };
        board.steps.values().map(|it| (it.title.clone(), insights(it))).collect()
    }

    #[test]
    fn items_go_with_their_step_unless_a_person_moved_or_left_them_out() {
        let keep = || Decision::Keep { title: None };
        let into_b = || Decision::MergeInto { step: key("b") };
        let on = |name: &str, items: &[&str]| {
            (name.to_owned(), items.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        for (decisions, map) in [
            (vec![("a", keep())], vec![on("a", &["a1"])]),
            (vec![("a", keep()), ("a1", Decision::LeaveOut)], vec![on("a", &[])]),
            (
                vec![("a", keep()), ("b", keep()), ("a1", into_b())],
                vec![on("a", &[]), on("b", &["b1", "a1"])],
            ),
            (vec![("a", Decision::LeaveOut), ("b", keep()), ("a1", into_b())], vec![on("b", &["b1", "a1"])]),
            (vec![("a", into_b()), ("b", keep())], vec![on("b", &["b1", "a1"])]),
            (vec![("a", keep()), ("a1", into_b())], vec![on("a", &[])]),
        ] {
            assert_eq!(accepted(&decisions), map, "{decisions:?}");
        }
    }
}
