//! Reasons to take an opportunity up, or not to, put into sentences.

use super::number;
use crate::board::Board;
use crate::id::StepId;
use crate::score::opportunity::Reason;

/// One reason as a sentence.
pub fn reason_sentence(board: &Board, reason: &Reason) -> String {
    let step = |id: &StepId| board.steps.get(id).map_or("a step", |it| it.title.as_str()).to_owned();
    let accounts = |count: f64| {
        let count = count.round().max(0.0);
        if count == 1.0 { "1 account".to_owned() } else { format!("{} accounts", number::whole(count)) }
    };
    let stop = |count: f64| if count.round() == 1.0 { "stops" } else { "stop" };
    match reason {
        Reason::LargestLeak { step: at, lost } => {
            format!("{} {} before {}, more than at any other step.", accounts(*lost), stop(*lost), step(at))
        }
        Reason::BelowTarget { step: at, conversion, target, .. } => {
            format!(
                "{} get to {}; the target is {}.",
                number::percent(*conversion),
                step(at),
                number::percent(*target)
            )
        }
        Reason::Fell { step: at, difference, .. } => {
            let points = number::number((difference * 100.0).abs(), 1);
            format!("{points} points fewer get to {} than in the window before.", step(at))
        }
        Reason::Stops { step: at, lost } => {
            format!("{} {} before {}.", accounts(*lost), stop(*lost), step(at))
        }
        Reason::Reopened => "It shipped, and the numbers did not move for the better.".to_owned(),
        Reason::Voices { items, source_kinds } => {
            let said = number::count(*items, "piece of evidence speaks", "pieces of evidence speak");
            match source_kinds {
                0 | 1 => format!("{said} for it."),
                kinds => format!("{said} for it, from {kinds} kinds of source."),
            }
        }
        Reason::Doubted { supporting, contradicting } => format!(
            "As much speaks against it as for it: {} to {}.",
            number::number(*contradicting, 1),
            number::number(*supporting, 1)
        ),
        Reason::Severe { insight, severity } => {
            let statement = board.insights.get(insight).map_or("An insight", |it| it.statement.as_str());
            format!("“{}” is severe, {severity} of 5.", statement.trim_end_matches('.'))
        }
        Reason::LowEffort { effort } => format!("It takes little: effort {effort} of 5."),
        Reason::HighEffort { effort } => format!("It takes a lot: effort {effort} of 5."),
        Reason::Assumption => "Nothing verified speaks for it yet: it is an assumption.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Insight, Step};
    use crate::id::InsightId;

    #[test]
    fn reasons_read_as_sentences() {
        let mut board = Board::default();
        let step = StepId::from_parts(0, 1);
        board.put(Step { title: "Invite crew".into(), ..Step::new(step) }.into());
        let insight = InsightId::from_parts(0, 2);
        board.put(Insight { statement: "Codes arrive late.".into(), ..Insight::new(insight) }.into());
        for (reason, expected) in [
            (
                Reason::LargestLeak { step, lost: 1627.4 },
                "1,627 accounts stop before Invite crew, more than at any other step.",
            ),
            (Reason::Stops { step, lost: 1.0 }, "1 account stops before Invite crew."),
            (
                Reason::BelowTarget { step, conversion: 0.42, target: 0.6, lost: 10.0 },
                "42% get to Invite crew; the target is 60%.",
            ),
            (Reason::Voices { items: 1, source_kinds: 1 }, "1 piece of evidence speaks for it."),
            (
                Reason::Voices { items: 54, source_kinds: 3 },
                "54 pieces of evidence speak for it, from 3 kinds of source.",
            ),
            (Reason::Severe { insight, severity: 4 }, "“Codes arrive late” is severe, 4 of 5."),
            (Reason::Assumption, "Nothing verified speaks for it yet: it is an assumption."),
        ] {
            assert_eq!(reason_sentence(&board, &reason), expected);
        }
    }
}
