//! A card in words, for those who hear the map: what a card shows by colour, place and small marks as well. It is the
//! label of one element, since words that only hide from the eye are a layer each for the web view, on every card.

use super::face::{Body, Face};
use crate::format::count;

/// What is said of a card. `before` are words on the state it is in, each with its own full stop or colon.
pub fn said(face: &Face, before: &str, owner: Option<&str>) -> String {
    let mut said = format!("{before}{}: {}", face.kind.spec().name, face.title);
    let mut add = |words: String| {
        said.push_str(", ");
        said.push_str(&words);
    };
    let evidence = |number: usize| count(number, "piece of evidence", "pieces of evidence");
    match &face.body {
        Body::Touchpoint => {}
        Body::Insight { evidence: number, severity, settled, .. } => {
            if let Some(word) = settled {
                add(word.to_lowercase());
            } else if let Some(of_five) = severity {
                add(format!("severity {of_five} of 5"));
            }
            if *number > 0 {
                add(evidence(*number));
            }
        }
        Body::Opportunity { score, effort, evidence: number, settled } => {
            if let Some(word) = settled {
                add(word.to_lowercase());
            } else {
                if let Some(score) = score {
                    add(format!("score {score:.0}"));
                }
                if let Some(effort) = effort {
                    add(format!("effort {effort} of 5"));
                }
            }
            if *number > 0 {
                add(evidence(*number));
            }
        }
        Body::Solution { issue, word, outcome, .. } => {
            if let Some(issue) = issue {
                add(issue.clone());
            }
            add(word.to_lowercase());
            if let Some(outcome) = outcome {
                add(format!("{}, {}", outcome.change, outcome.detail));
            }
        }
        Body::Metric { value, change, .. } => {
            add(value.clone().unwrap_or_else(|| "no values yet".to_owned()));
            if let Some((change, _)) = change {
                add(format!("changed by {change}"));
            }
        }
    }
    if let Some(owner) = owner {
        add(format!("owned by {owner}"));
    }
    said
}

#[cfg(test)]
mod tests {
    use custory_domain::{EntityRef, InsightId, ItemKind};

    use super::super::face::Tone;
    use super::*;
    use crate::components::Status;

    fn face(kind: ItemKind, body: Body) -> Face {
        let id: EntityRef = InsightId::from_parts(1, 1).into();
        let title = "Nobody finds the button".to_owned();
        Face { id, kind, title, owner: None, is_hot: false, is_done: false, body }
    }

    #[test]
    fn everything_that_a_card_shows_is_said() {
        let insight =
            |evidence, severity, settled| Body::Insight { evidence, severity, settled, sources: Vec::new() };
        let cases = [
            (ItemKind::Touchpoint, Body::Touchpoint, "Touchpoint: Nobody finds the button"),
            (
                ItemKind::Insight,
                insight(5, Some(4), None),
                "Insight: Nobody finds the button, severity 4 of 5, 5 pieces of evidence",
            ),
            (
                ItemKind::Insight,
                insight(1, Some(4), Some("Resolved")),
                "Insight: Nobody finds the button, resolved, 1 piece of evidence",
            ),
            (
                ItemKind::Opportunity,
                Body::Opportunity { score: Some(71.6), effort: Some(2), evidence: 0, settled: None },
                "Opportunity: Nobody finds the button, score 72, effort 2 of 5",
            ),
            (
                ItemKind::Solution,
                Body::Solution {
                    issue: Some("GRO-142".to_owned()),
                    status: Status::Shipped,
                    word: "Shipped",
                    outcome: None,
                },
                "Solution: Nobody finds the button, GRO-142, shipped",
            ),
            (
                ItemKind::Metric,
                Body::Metric {
                    value: Some("41%".to_owned()),
                    change: Some(("+3".to_owned(), Tone::Good)),
                    spark: Vec::new(),
                },
                "Metric: Nobody finds the button, 41%, changed by +3",
            ),
            (
                ItemKind::Metric,
                Body::Metric { value: None, change: None, spark: Vec::new() },
                "Metric: Nobody finds the button, no values yet",
            ),
        ];
        for (kind, body, expected) in cases {
            assert_eq!(said(&face(kind, body), "", None), expected);
        }
        let touchpoint = face(ItemKind::Touchpoint, Body::Touchpoint);
        assert_eq!(
            said(&touchpoint, "Selected. Added since: ", Some("Ana")),
            "Selected. Added since: Touchpoint: Nobody finds the button, owned by Ana"
        );
    }
}
