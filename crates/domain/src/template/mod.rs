//! Journeys to begin with: stages and steps as customers of most products take them, what to ask at each, and where
//! it happens. A template claims nothing about anybody's customers: steps are *suspected* until somebody confirms
//! them, and all it says about them are questions.

mod texts;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::entity::*;
use crate::order::Order;
use crate::{Command, Journey};

/// A journey to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// From sign-up to the first value.
    Onboarding,
    /// From a trial to the first payment.
    TrialToPaid,
    /// From a problem to its solution.
    SupportEscalation,
    /// From the end of a contract in sight to the next one.
    Renewal,
    /// From the last good day to the way out.
    Churn,
    /// From one team to the whole company.
    Expansion,
}

/// A template's words.
#[derive(Clone, Copy, Debug)]
pub struct TemplateText {
    /// Title of the journey.
    pub title: &'static str,
    /// What it is good for, in a sentence.
    pub about: &'static str,
    /// Where the journey begins and where it ends.
    pub scope: (&'static str, &'static str),
    /// Its stages: title, goal, steps.
    pub stages: &'static [StageText],
}

/// A stage's words.
#[derive(Clone, Copy, Debug)]
pub struct StageText {
    /// Title.
    pub title: &'static str,
    /// What the customer wants to reach in it.
    pub goal: &'static str,
    /// Its steps.
    pub steps: &'static [StepText],
}

/// A step's words.
#[derive(Clone, Copy, Debug)]
pub struct StepText {
    /// Verb and object.
    pub title: &'static str,
    /// Where it usually happens, and how that is named.
    pub at: (Channel, &'static str),
    /// What to find out.
    pub question: &'static str,
    /// What is special about it.
    pub mark: StepMark,
}

/// What is special about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepMark {
    /// Nothing.
    None,
    /// Here customers first get what they came for.
    Value,
    /// Here customers decide to stay or go.
    Truth,
}

impl Template {
    /// All templates.
    pub const ALL: [Self; 6] = [
        Self::Onboarding,
        Self::TrialToPaid,
        Self::SupportEscalation,
        Self::Renewal,
        Self::Churn,
        Self::Expansion,
    ];

    /// The journey it begins, and the commands that fill it. `mint` makes fresh ids.
    pub fn begin(self, mint: &mut dyn FnMut() -> Ulid) -> (Journey, Vec<Command>) {
        let text = self.text();
        let journey = Journey {
            title: text.title.to_owned(),
            scenario: text.about.to_owned(),
            scope_from: text.scope.0.to_owned(),
            scope_to: text.scope.1.to_owned(),
            ..Journey::new(mint().into())
        };
        let mut commands = Vec::new();
        let orders = Order::series(None, text.stages.len());
        for (stage_text, order) in text.stages.iter().zip(orders) {
            let (title, goal) = (stage_text.title.to_owned(), stage_text.goal.to_owned());
            let stage = Stage { title, goal, order, ..Stage::new(mint().into()) };
            let id = stage.id;
            commands.push(Command::add(stage));
            let orders = Order::series(None, stage_text.steps.len());
            for (step_text, order) in stage_text.steps.iter().zip(orders) {
                let step = Step {
                    title: step_text.title.to_owned(),
                    is_value_moment: step_text.mark == StepMark::Value,
                    is_moment_of_truth: step_text.mark == StepMark::Truth,
                    lifecycle: StepLifecycle::Suspected,
                    stage: Some(id),
                    order,
                    ..Step::new(mint().into())
                };
                let items = on_step(step.id, step_text, mint);
                commands.push(Command::add(step));
                commands.extend(items);
            }
        }
        (journey, commands)
    }
}

/// The touchpoint and the question of a step.
fn on_step(step: crate::StepId, text: &StepText, mint: &mut dyn FnMut() -> Ulid) -> [Command; 2] {
    let (channel, title) = text.at;
    let touchpoint = Touchpoint {
        title: title.to_owned(),
        channel,
        steps: [step].into(),
        ..Touchpoint::new(mint().into())
    };
    let question = Insight {
        statement: text.question.to_owned(),
        sort: InsightSort::Question,
        steps: [step].into(),
        ..Insight::new(mint().into())
    };
    [Command::add(touchpoint), Command::add(question)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Board, Patch, Stamp, Timestamp, Via, carry_out};

    #[test]
    fn every_template_keeps_the_rules_and_claims_nothing() {
        for template in Template::ALL {
            let mut count = 0;
            let mut mint = || {
                count += 1;
                Ulid::from_parts(1, count)
            };
            let (journey, commands) = template.begin(&mut mint);
            let stamp = Stamp { by: crate::MemberId::from_parts(0, 1), at: Timestamp(1), via: Via::User };
            let mut board = Board::default();
            for command in [Command::add(journey), Command::Batch { label: "Begin".to_owned(), commands }] {
                let changes = carry_out(&board, command, stamp).expect("a template keeps the rules");
                board.apply(&Patch { put: changes.after, removed: Vec::new() });
            }
            let steps = board.steps_in_order();
            assert!((4..=7).contains(&board.stages_in_order().len()), "{template:?}");
            assert!((8..=20).contains(&steps.len()), "{template:?} has {} steps", steps.len());
            assert!(steps.iter().all(|it| it.lifecycle == StepLifecycle::Suspected && it.emotion.is_none()));
            assert_eq!(steps.iter().filter(|it| it.is_moment_of_truth).count(), 1, "{template:?}");
            assert!(
                board.insights.values().all(|it| it.sort == InsightSort::Question && it.severity.is_none())
            );
            assert!(board.insights.values().all(|it| it.statement.ends_with('?')), "{template:?}");
            assert!(board.metrics.is_empty() && board.evidence.is_empty());
        }
    }
}
