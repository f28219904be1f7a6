//! Finds what a question is about by its words: rare words count most, a title's twice.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Entity, EntityKind, EntityRef};

use super::{Desk, Names};
use crate::words::stems;

/// Hits shown: what a small model takes in beside everything else.
const HITS_MAX: usize = 10;
/// Most words of a question that are looked for.
const WORDS_MAX: usize = 40;

/// What counts about an entity.
struct Sheet {
    entity: EntityRef,
    title: BTreeSet<String>,
    text: BTreeSet<String>,
}

impl Desk {
    /// The entities that a query is about, the best first.
    pub fn hits(&self, query: &str) -> Vec<EntityRef> {
        let wanted: BTreeSet<String> = stems(query).into_iter().take(WORDS_MAX).collect();
        let sheets: Vec<Sheet> = self.board.entities().filter_map(|it| self.sheet(&it)).collect();
        let mut common: BTreeMap<&str, usize> = BTreeMap::new();
        for sheet in &sheets {
            for word in wanted.iter().filter(|it| sheet.title.contains(*it) || sheet.text.contains(*it)) {
                *common.entry(word).or_default() += 1;
            }
        }
        let all = sheets.len().max(1) as f32;
        let score = |sheet: &Sheet| {
            wanted
                .iter()
                .map(|word| {
                    let rarity = common.get(word.as_str()).map_or(0.0, |it| (1.0 + all / *it as f32).ln());
                    let count = f32::from(u8::from(sheet.title.contains(word))) * 2.0
                        + f32::from(u8::from(sheet.text.contains(word)));
                    rarity * count
                })
                .sum::<f32>()
        };
        let mut scored: Vec<(f32, EntityRef)> = sheets.iter().map(|it| (score(it), it.entity)).collect();
        scored.retain(|it| it.0 > 0.0);
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        scored.into_iter().take(HITS_MAX).map(|it| it.1).collect()
    }

    pub(super) fn search(&self, query: &str, names: &mut Names) -> String {
        let hits = self.hits(query);
        if hits.is_empty() {
            return "Nothing on the board has these words.".to_owned();
        }
        hits.into_iter().map(|it| self.line(it, names)).collect::<Vec<_>>().join("\n")
    }

    /// The words of an entity; none for what is not shown or is not of the journey.
    fn sheet(&self, entity: &Entity) -> Option<Sheet> {
        let id = entity.entity_ref();
        let text = match entity {
            Entity::Stage(it) => it.goal.clone(),
            Entity::Step(it) => format!("{} {}", it.action, it.thought),
            Entity::Touchpoint(it) => format!("{} {}", it.notes, it.url),
            Entity::Insight(it) => format!("{} {}", it.notes, it.segment),
            Entity::Opportunity(it) => format!("{} {}", it.notes, it.reason),
            Entity::Solution(it) => it.notes.clone(),
            Entity::Metric(it) => it.notes.clone(),
            Entity::Evidence(it) => format!("{} {}", it.source, it.author),
            Entity::Comment(_) => String::new(),
            _ => return None,
        };
        let is_listed = self.shows(id) || id.kind == EntityKind::Stage && entity.trashed().is_none();
        is_listed.then(|| Sheet { entity: id, title: stems(entity.title()), text: stems(&text) })
    }
}
