//! Where a score comes from: its inputs, as the formulas of `domain` used them.

use custory_domain::score::claim::ClaimScore;
use custory_domain::{EntityKind, EntityRef};

use super::show::in_numbers;
use super::{Desk, Names, number, per_cent};

impl Desk {
    /// Where a score comes from.
    pub(super) fn explain(&self, entity: EntityRef, names: &mut Names) -> Result<String, String> {
        let mut lines = vec![self.line(entity, names)];
        match entity.kind {
            EntityKind::Step => {
                let score = self.scores.steps.get(&entity.id.into());
                let score = score.ok_or_else(|| "This step is not on the map.".to_owned())?;
                lines.push(format!("freshness: {}", format!("{:?}", score.freshness.state).to_lowercase()));
                lines.push(format!("evidence on it and its items: {}", score.evidence));
                if let Some(friction) = score.friction {
                    let severity =
                        friction.severity.map_or_else(String::new, |it| format!(", worst severity {it}"));
                    lines.push(format!("friction: {} open pains{severity}", friction.pains));
                }
                if let Some(funnel) = self.funnel_of(entity.id.into()) {
                    lines.push(format!("funnel: {}", in_numbers(funnel)));
                }
            }
            EntityKind::Insight => {
                let score = self.scores.insights.get(&entity.id.into());
                lines.push(claim(score.ok_or_else(|| "This insight is on no step of the map.".to_owned())?));
            }
            EntityKind::Opportunity => {
                let score = self.scores.opportunities.get(&entity.id.into());
                let score = score.ok_or_else(|| "This opportunity is on no step of the map.".to_owned())?;
                lines.push(claim(&score.claim));
                let formula = self.scores.ranking.formula;
                let value = formula.value(&score.inputs).map_or_else(|| "unknown".to_owned(), number);
                lines.push(format!("{} = {} = {value}", formula.name(), formula.text()));
                let known = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), number);
                lines.push(format!(
                    "reach {}, impact {}, confidence {}, effort {}",
                    known(score.inputs.reach),
                    known(score.inputs.impact.map(f64::from)),
                    per_cent(score.inputs.confidence),
                    known(score.inputs.effort.map(f64::from)),
                ));
            }
            _ => return Err(format!("A {} has no score.", entity.kind.word())),
        }
        names.show(entity, &lines.join("\n"));
        Ok(lines.join("\n"))
    }
}

fn claim(score: &ClaimScore) -> String {
    let kind = if score.confidence.is_assumption {
        "an assumption: nothing verified speaks for it"
    } else {
        "supported"
    };
    format!(
        "confidence {} ({kind}); evidence for it {}, against it {}, from {} kinds of source",
        per_cent(score.confidence.value),
        number(score.evidence.supporting),
        number(score.evidence.contradicting),
        score.confidence.source_kinds,
    )
}
