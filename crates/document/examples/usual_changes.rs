//! Makes `docs/protocol/usual-changes-1.bin`: what records of a few changes are packed against. What people write
//! is left out of it; what stays are the parts that every change of its kind has.
//!
//! `cargo run -p custory-document --example usual_changes` writes it anew, which is right only before a version is
//! released: whoever has another file can open no record.

use std::path::Path;

use custory_domain::*;
use custory_testkit::replica::Replica;

/// Bytes of a change that are another's in every change: its mark and its checksum.
const MARK_BYTES: usize = 8;

fn main() -> std::io::Result<()> {
    let mut replica = Replica::new(1);
    // What is usual comes last, where it is referred to in the fewest bits.
    let mut commands = vec![];
    let mint = &mut replica.mint;
    let (stage, step, other): (StageId, StepId, StepId) = (mint.id(), mint.id(), mint.id());
    let (touchpoint, insight, opportunity): (TouchpointId, InsightId, OpportunityId) =
        (mint.id(), mint.id(), mint.id());
    let (solution, metric, evidence, comment): (SolutionId, MetricId, EvidenceId, CommentId) =
        (mint.id(), mint.id(), mint.id(), mint.id());
    // Another text at each call, so that each sets something.
    let mut count = 0;
    let mut text = || {
        count += 1;
        if count % 2 == 0 { "–".to_owned() } else { "—".to_owned() }
    };
    let steps: std::collections::BTreeSet<StepId> = [step].into();
    commands.push(Command::add(Stage { title: text(), ..Stage::new(stage) }));
    for id in [step, other] {
        commands.push(Command::add(Step { title: text(), stage: Some(stage), ..Step::new(id) }));
    }
    commands.extend([
        Command::add(Metric { name: text(), steps: steps.clone(), ..Metric::new(metric) }),
        Command::add(Touchpoint { title: text(), steps: steps.clone(), ..Touchpoint::new(touchpoint) }),
        Command::add(Solution { title: text(), steps: steps.clone(), ..Solution::new(solution) }),
        Command::add(Opportunity { title: text(), steps: steps.clone(), ..Opportunity::new(opportunity) }),
        Command::add(Insight { statement: text(), steps, ..Insight::new(insight) }),
        Command::add(Evidence {
            excerpt: text(),
            claims: [(insight.into(), Stance::Supports)].into(),
            ..Evidence::new(evidence)
        }),
        Command::add(Comment { body: text(), about: Some(insight.into()), ..Comment::new(comment) }),
        Command::MoveStep { step: other, stage, index: 0 },
        Command::MoveItem { item: insight.into(), from: Some(step), to: other, index: 0 },
        Command::Link { from: insight.into(), to: opportunity.into() },
        Command::Link { from: opportunity.into(), to: solution.into() },
        Command::Weigh { evidence, claim: opportunity.into(), stance: Some(Stance::Supports) },
        Command::StillTrue { step },
        Command::Trash { entities: vec![touchpoint.into()] },
        Command::Restore { entities: vec![touchpoint.into()] },
    ]);
    let fields = [
        Change::Stage { id: stage, set: StageField::Title(text()) },
        Change::Comment { id: comment, set: CommentField::IsResolved(true) },
        Change::Metric { id: metric, set: MetricField::Name(text()) },
        Change::Metric { id: metric, set: MetricField::Target(Some(1.0)) },
        Change::Touchpoint { id: touchpoint, set: TouchpointField::Title(text()) },
        Change::Solution { id: solution, set: SolutionField::Title(text()) },
        Change::Solution { id: solution, set: SolutionField::Notes(text()) },
        Change::Solution { id: solution, set: SolutionField::Effort(Some(1)) },
        Change::Opportunity { id: opportunity, set: OpportunityField::Title(text()) },
        Change::Opportunity { id: opportunity, set: OpportunityField::Notes(text()) },
        Change::Opportunity { id: opportunity, set: OpportunityField::Impact(Some(1)) },
        Change::Opportunity { id: opportunity, set: OpportunityField::Effort(Some(1)) },
        Change::Step { id: step, set: StepField::Action(text()) },
        Change::Step { id: step, set: StepField::Thought(text()) },
        Change::Step { id: step, set: StepField::Emotion(Some(1)) },
        Change::Insight { id: insight, set: InsightField::Notes(text()) },
        Change::Insight { id: insight, set: InsightField::Severity(Some(1)) },
    ];
    commands.extend(fields.map(Command::set));
    for again in ["–", "—", "–"] {
        let statement = InsightField::Statement(again.to_owned());
        commands.push(Command::set(Change::Insight { id: insight, set: statement }));
        let title = StepField::Title(again.to_owned());
        commands.push(Command::set(Change::Step { id: step, set: title }));
    }
    for command in commands {
        replica.run(command).map_err(std::io::Error::other)?;
    }
    let usual: Vec<u8> = replica.made.iter().flat_map(|it| &it[MARK_BYTES..]).copied().collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/usual-changes-1.bin");
    std::fs::write(&path, &usual)?;
    println!("{} bytes of {} changes", usual.len(), replica.made.len());
    Ok(())
}
