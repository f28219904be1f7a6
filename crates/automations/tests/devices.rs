//! Three devices share a journey and run the same automation, in any order, with any of each other's changes,
//! ended at any point and started again: everything is there once.

use custory_automations::{Effect, Known, RecipeKind, plan};
use custory_domain::*;
use custory_testkit::replica::Team;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;

/// Noon of 17 November 2026, UTC: the weeks of 2 and 9 November are over.
const NOW: Timestamp = Timestamp(1_794_916_800_000);
const STEP: StepId = StepId::from_parts(1, 2);

/// Something that happens to one of the devices.
#[derive(Clone, Debug)]
enum Happening {
    /// It runs the automation, and ends after so many effects.
    Run(Index, usize),
    /// It gets everything that another one has made.
    CatchUp(Index, Index),
    /// It ends and starts again.
    Restart(Index),
    /// Somebody there puts an insight into the trash.
    Tidy(Index),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let who = any::<Index>;
    let one = prop_oneof![
        4 => (who(), 0..4usize).prop_map(|(who, effects)| Happening::Run(who, effects)),
        2 => (who(), who()).prop_map(|(from, to)| Happening::CatchUp(from, to)),
        2 => who().prop_map(Happening::Restart),
        1 => who().prop_map(Happening::Tidy),
    ];
    proptest::collection::vec(one, 1..12)
}

/// Three devices with a journey on which two rates fell.
fn team() -> Team {
    let mut team = Team::of(3);
    let point = |hits: f64| MetricPoint {
        value: hits / 900.0,
        numerator: Some(hits),
        denominator: Some(900.0),
        ..MetricPoint::default()
    };
    let metric = |number| Metric {
        name: format!("Rate {number}"),
        formula: MetricFormula::Rate,
        window_days: 7,
        steps: [STEP].into(),
        points: [(date(2026, 11, 2), point(333.0)), (date(2026, 11, 9), point(225.0))].into(),
        ..Metric::new(MetricId::from_parts(1, number))
    };
    let stage = StageId::from_parts(1, 1);
    let step = Step { title: "Invite crew".to_owned(), stage: Some(stage), ..Step::new(STEP) };
    for command in [
        Command::add(Journey { title: "Crew".to_owned(), ..Journey::new(JourneyId::from_parts(1, 0)) }),
        Command::add(Stage { title: "Set up".to_owned(), ..Stage::new(stage) }),
        Command::add(step),
        Command::add(metric(3)),
        Command::add(metric(4)),
    ] {
        team.replicas[0].run(command).expect("the rules allow it");
    }
    team.settle();
    team
}

/// Carries a plan out as the engine does: what is there is not added again.
fn run(team: &mut Team, who: usize, effects: usize) {
    let automation = RecipeKind::FunnelWatch.offered("UTC");
    let device = &mut team.replicas[who];
    let planned = plan(&automation, device.document.board(), Known::default(), NOW).effects;
    for effect in planned.into_iter().take(effects) {
        let Effect::Change { adds, command, .. } = effect else { continue };
        if adds.iter().all(|it| !device.document.board().contains(*it)) {
            device.run(command).expect("the rules allow it");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn each_effect_is_there_once(happenings in happenings()) {
        let mut team = team();
        for it in happenings {
            match it {
                Happening::Run(who, effects) => run(&mut team, who.index(3), effects),
                Happening::CatchUp(from, to) => {
                    let made = team.replicas[from.index(3)].made.clone();
                    team.replicas[to.index(3)].receive(&made);
                }
                Happening::Restart(who) => team.replicas[who.index(3)].restart(),
                Happening::Tidy(who) => {
                    let device = &mut team.replicas[who.index(3)];
                    let insights = device.document.board().insights.keys();
                    let entities: Vec<EntityRef> = insights.map(|it| (*it).into()).take(1).collect();
                    if !entities.is_empty() {
                        device.run(Command::Trash { entities }).expect("the rules allow it");
                    }
                }
            }
        }
        for who in 0..3 {
            run(&mut team, who, usize::MAX);
        }
        team.settle();
        let boards: Vec<&Board> = team.replicas.iter().map(|it| it.document.board()).collect();
        for board in &boards {
            prop_assert_eq!((board.insights.len(), board.evidence.len(), board.comments.len()), (2, 2, 2));
            for insight in board.insights.values() {
                prop_assert_eq!(&insight.steps, &[STEP].into());
                prop_assert_eq!(board.evidence_for(insight.id.into()).len(), 1);
            }
        }
        prop_assert!(boards.windows(2).all(|it| it[0] == it[1]), "the devices differ");
    }
}
