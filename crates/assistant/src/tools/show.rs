//! Entities in lines that a model reads: name, kind, title, and what is known.

use custory_domain::score::funnel::FunnelStep;
use custory_domain::{Entity, EntityKind, EntityRef, ItemKind, StepId};

use super::{Desk, Names, TEXT_BYTES_MAX, TITLE_BYTES_MAX, number, per_cent, short};

/// Items of one kind shown on a step.
const ITEMS_MAX: usize = 12;
/// Quotes shown of a claim.
const QUOTES_MAX: usize = 6;
/// Steps shown of a journey.
const STEPS_MAX: usize = 80;

impl Desk {
    /// One line about something, under its name.
    pub(super) fn line(&self, entity: EntityRef, names: &mut Names) -> String {
        let name = names.name(entity);
        let mut line = format!("{name} {} “{}”", entity.kind.word(), self.title(entity));
        if let Some(found) = self.board.get(entity) {
            let more = self.more(&found);
            if !more.is_empty() {
                line.push_str(" · ");
                line.push_str(&more.join(" · "));
            }
        }
        names.show(entity, &line);
        line
    }

    /// What a line says beside the title.
    fn more(&self, entity: &Entity) -> Vec<String> {
        let mut more = Vec::new();
        let mut add = |label: &str, text: &str| {
            if !text.trim().is_empty() {
                more.push(format!("{label}{}", short(text, TEXT_BYTES_MAX)));
            }
        };
        match entity {
            Entity::Step(it) => {
                if let Some(stage) = it.stage.and_then(|stage| self.board.stages.get(&stage)) {
                    add("in stage ", &stage.title);
                }
                if let Some(funnel) = self.funnel_of(it.id) {
                    add("", &in_numbers(funnel));
                }
            }
            Entity::Insight(it) => {
                add("", &format!("{:?}", it.sort).to_lowercase());
                if let Some(severity) = it.severity {
                    add("severity ", &severity.to_string());
                }
                add("", &format!("{:?}", it.truth).to_lowercase());
                add("on ", &self.places(&it.steps));
            }
            Entity::Opportunity(it) => {
                add("", &format!("{:?}", it.state).to_lowercase());
                add("on ", &self.places(&it.steps));
            }
            Entity::Solution(it) => {
                add("", &format!("{:?}", it.state).to_lowercase());
                add("on ", &self.places(&it.steps));
            }
            Entity::Touchpoint(it) => {
                add("", &format!("{:?}", it.channel).to_lowercase());
                add("on ", &self.places(&it.steps));
            }
            Entity::Metric(it) => {
                if let Some((day, point)) = it.latest() {
                    add("", &format!("{} {} on {day}", number(point.value), it.unit));
                }
                add("on ", &self.places(&it.steps));
            }
            Entity::Evidence(it) => {
                add("from ", &it.source);
                add("", if it.is_verified { "verified" } else { "not verified" });
            }
            _ => {}
        }
        let evidence = self.index.evidence_count(entity.entity_ref());
        if evidence > 0 {
            more.push(format!("evidence {evidence}"));
        }
        more
    }

    pub(super) fn funnel_of(&self, step: StepId) -> Option<&FunnelStep> {
        self.scores.funnel.steps.iter().find(|it| it.step == step)
    }

    fn places(&self, steps: &std::collections::BTreeSet<StepId>) -> String {
        let shown = steps.iter().filter(|it| self.scores.steps.contains_key(it));
        shown.map(|it| format!("“{}”", self.title((*it).into()))).collect::<Vec<_>>().join(", ")
    }

    /// The journey as a whole.
    pub(super) fn journey(&self, names: &mut Names) -> String {
        let mut lines = Vec::new();
        if let Some(journey) = self.board.journey() {
            let mut line = self.line(journey.id.into(), names);
            if !journey.scenario.trim().is_empty() {
                line.push_str(&format!(" · {}", short(&journey.scenario, TEXT_BYTES_MAX)));
            }
            if let Some(health) = self.scores.health.score {
                line.push_str(&format!(" · health {health:.0} of 100"));
            }
            names.show(journey.id.into(), &line);
            lines.push(line);
        }
        let mut steps = 0;
        for stage in self.board.stages_in_order() {
            lines.push(self.line(stage.id.into(), names));
            for step in self.board.steps_of(stage.id) {
                steps += 1;
                if steps <= STEPS_MAX {
                    lines.push(format!("  {}", self.line(step.id.into(), names)));
                }
            }
        }
        if steps > STEPS_MAX {
            lines.push(format!("({} more steps; search for them)", steps - STEPS_MAX));
        }
        lines.join("\n")
    }

    /// Something with everything that hangs on it or that it rests on.
    pub(super) fn whole(&self, entity: EntityRef, names: &mut Names) -> String {
        let mut lines = vec![self.line(entity, names)];
        let mut add = |label: &str, text: &str, names: &mut Names| {
            if !text.trim().is_empty() {
                let line = format!("{label}: {}", short(text, TEXT_BYTES_MAX));
                names.show(entity, &line);
                lines.push(line);
            }
        };
        match self.board.get(entity) {
            Some(Entity::Step(it)) => {
                add("what the customer does", &it.action, names);
                add("what the customer thinks", &it.thought, names);
            }
            Some(Entity::Insight(it)) => add("notes", &it.notes, names),
            Some(Entity::Opportunity(it)) => {
                add("notes", &it.notes, names);
                add("reason", &it.reason, names);
            }
            Some(Entity::Solution(it)) => add("notes", &it.notes, names),
            Some(Entity::Touchpoint(it)) => {
                add("address", &it.url, names);
                add("notes", &it.notes, names);
            }
            Some(Entity::Metric(it)) => add("notes", &it.notes, names),
            Some(Entity::Stage(it)) => add("goal", &it.goal, names),
            _ => {}
        }
        if entity.kind == EntityKind::Step {
            for kind in ItemKind::ALL {
                let items = self.index.cell(entity.id.into(), *kind);
                lines.extend(items.iter().take(ITEMS_MAX).map(|it| self.line(*it, names)));
                if items.len() > ITEMS_MAX {
                    lines.push(format!(
                        "({} more {})",
                        items.len() - ITEMS_MAX,
                        kind.spec().plural.to_lowercase()
                    ));
                }
            }
        }
        for (evidence, stance) in self.board.evidence_for(entity).into_iter().take(QUOTES_MAX) {
            let line = self.line(evidence.id.into(), names);
            let line = format!("{line} · {}", format!("{stance:?}").to_lowercase());
            names.show(entity, &short(&evidence.excerpt, TITLE_BYTES_MAX));
            lines.push(line);
        }
        lines.join("\n")
    }

    /// A metric with its last values, and what changed between the last two.
    pub(super) fn metric(&self, entity: EntityRef, names: &mut Names) -> Result<String, String> {
        const POINTS_MAX: usize = 12;
        let metric = self.board.metrics.get(&entity.id.into()).filter(|_| entity.kind == EntityKind::Metric);
        let metric = metric.ok_or_else(|| format!("“{}” is no metric.", self.title(entity)))?;
        let mut lines = vec![self.line(entity, names)];
        for (day, point) in metric.points.iter().rev().take(POINTS_MAX) {
            let n = point.n.map_or_else(String::new, |it| format!(" · n {it}"));
            lines.push(format!("{day}: {} {}{n}", number(point.value), metric.unit));
        }
        let mut last = metric.points.values().rev();
        if let (Some(now), Some(before)) = (last.next(), last.next()) {
            let difference = now.value - before.value;
            let share = if before.value == 0.0 {
                String::new()
            } else {
                format!(" ({})", per_cent(difference / before.value))
            };
            lines.push(format!("change to the value before: {}{share}", number(difference)));
            let enough = u64::from(metric.min_n());
            if [now.n, before.n].into_iter().flatten().any(|it| it < enough) {
                lines.push(format!("fewer than {enough} cases: too few to say that it changed"));
            }
        }
        names.show(entity, &lines.join("\n"));
        Ok(lines.join("\n"))
    }
}

/// What the funnel says of a step.
pub(super) fn in_numbers(it: &FunnelStep) -> String {
    let mut parts = Vec::new();
    if let Some(entrants) = it.entrants {
        parts.push(format!("{} enter", number(entrants)));
    }
    if let Some(conversion) = it.conversion {
        let target = it.target.map_or_else(String::new, |it| format!(" (target {})", per_cent(it)));
        parts.push(format!("conversion {}{target}", per_cent(conversion)));
    }
    if let Some(lost) = it.lost.filter(|it| *it > 0.0) {
        let most = if it.is_largest_leak { ", more than before any other step" } else { "" };
        parts.push(format!("{} stop before it{most}", number(lost)));
    }
    if it.has_fallen() {
        parts.push("conversion fell".to_owned());
    }
    parts.join(", ")
}
