//! What is known of an item in a few words each, the same in every kind of file. Plain text: whoever writes a file
//! makes it safe for that file.

use custory_domain::wording::metric_value;
use custory_domain::*;

/// A word of the vocabulary for people: `in_progress` becomes `in progress`.
pub(crate) fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

/// Everything known of an item that has no text of its own.
pub(crate) fn facts(board: &Board, entity: &Entity) -> Vec<String> {
    let scale = |name: &str, value: Option<u8>| value.map(|it| format!("{name} {it} of 5"));
    let facts = match entity {
        Entity::Touchpoint(it) => vec![Some(word(it.channel))],
        Entity::Insight(it) => vec![
            Some(word(it.sort)),
            Some(word(it.truth)),
            Some(word(it.state)),
            scale("severity", it.severity),
            Some(it.segment.clone()),
        ],
        Entity::Opportunity(it) => vec![
            Some(word(it.state)),
            scale("impact", it.impact),
            scale("effort", it.effort),
            it.due.map(|it| format!("due {it}")),
        ],
        Entity::Solution(it) => vec![
            Some(word(it.sort)),
            // The date says it already.
            Some(word(it.state)).filter(|_| it.state != SolutionState::Shipped || it.shipped_at.is_none()),
            it.shipped_at.map(|it| format!("shipped {}", it.date())),
            it.target.map(|it| format!("planned for {it}")),
            it.success_metric
                .and_then(|it| board.metrics.get(&it))
                .map(|it| format!("to move “{}”", it.name)),
        ],
        Entity::Metric(it) => vec![
            it.latest().map(|(_, point)| metric_value(it, point.value)),
            it.target.map(|value| format!("target {}", metric_value(it, value))),
        ],
        _ => Vec::new(),
    };
    facts.into_iter().flatten().filter(|it| !it.trim().is_empty()).collect()
}

/// What people wrote about an item besides its title.
pub(crate) fn notes(entity: &Entity) -> &str {
    match entity {
        Entity::Touchpoint(it) => &it.notes,
        Entity::Insight(it) => &it.notes,
        Entity::Opportunity(it) => &it.notes,
        Entity::Solution(it) => &it.notes,
        Entity::Metric(it) => &it.notes,
        _ => "",
    }
}

/// Where some go from a step instead of to the next one: `7. Pay, 30%, if invited`.
pub(crate) fn branches(board: &Board, step: &Step) -> Vec<String> {
    let steps = board.steps_in_order();
    let way = |(to, branch): (StepId, &Branch)| {
        let at = steps.iter().position(|it| it.id == to)?;
        let share = branch.share.map(|it| format!("{}%", (it * 100.0).round()));
        let label = Some(branch.label.trim().to_owned()).filter(|it| !it.is_empty());
        let title = format!("{}. {}", at + 1, steps[at].title);
        Some([Some(title), share, label].into_iter().flatten().collect::<Vec<_>>().join(", "))
    };
    board.branches_of(step).into_iter().filter_map(way).collect()
}

/// What happens at a step on lanes of words: the lane's name and the words.
pub(crate) fn cells(board: &Board, step: &Step) -> Vec<(String, String)> {
    let named = board.lanes().into_iter().filter_map(|(id, name)| Some((name, step.cells.get(&id)?.clone())));
    named.collect()
}
