//! Promises of filters.

use ulid::Ulid;

use super::*;

const NOW: Timestamp = Timestamp(100 * Timestamp::DAY_MILLIS);

fn days_ago(days: i64) -> crate::Stamp {
    crate::Stamp { at: Timestamp(NOW.0 - days * Timestamp::DAY_MILLIS), ..crate::Stamp::default() }
}

/// A stage with one step, on it an insight (severity 4, open), an opportunity (effort 2, closed, Ana's) and a
/// touchpoint that is nobody's.
fn board() -> (Board, [EntityRef; 3], MemberId, StageId) {
    let mut last = 0;
    let mut mint = || {
        last += 1;
        Ulid::from_parts(last, 0)
    };
    let ana: MemberId = mint().into();
    let stage = Stage { title: "Set up".to_owned(), ..Stage::new(mint().into()) };
    let step = Step { stage: Some(stage.id), ..Step::new(mint().into()) };
    let steps: BTreeSet<StepId> = [step.id].into();
    let insight = Insight {
        statement: "The code never arrives".to_owned(),
        severity: Some(4),
        steps: steps.clone(),
        ..Insight::new(mint().into())
    };
    let opportunity = Opportunity {
        title: "Invites get lost".to_owned(),
        effort: Some(2),
        owner: Some(ana),
        state: OpportunityState::Closed,
        steps: steps.clone(),
        ..Opportunity::new(mint().into())
    };
    let touchpoint =
        Touchpoint { title: "Invite screen".to_owned(), steps, ..Touchpoint::new(mint().into()) };
    let ids = [insight.id.into(), opportunity.id.into(), touchpoint.id.into()];
    let id = stage.id;
    let entities: Vec<Entity> =
        vec![stage.into(), step.into(), insight.into(), opportunity.into(), touchpoint.into()];
    (Board::from(entities), ids, ana, id)
}

fn stay(filter: &Filter) -> [bool; 3] {
    let (board, ids, ..) = board();
    let index = BoardIndex::of(&board);
    ids.map(|it| filter.passes(&board, &index, NOW, it))
}

fn of(join: Join, tests: impl IntoIterator<Item = Criterion>) -> Filter {
    Filter { join, parts: tests.into_iter().map(|it| Part::Test(it.into())).collect() }
}

#[test]
fn each_test_keeps_what_it_says_and_what_it_says_nothing_about() {
    let (_, _, ana, stage) = board();
    let stages = BTreeSet::from([stage]);
    for (criterion, expected) in [
        (Criterion::Kind { kinds: [ItemKind::Insight].into() }, [true, false, false]),
        (Criterion::Owner { owners: [Some(ana)].into() }, [false, true, false]),
        (Criterion::Owner { owners: [None].into() }, [true, false, true]),
        (Criterion::Stage { stages }, [true, true, true]),
        (Criterion::Stage { stages: BTreeSet::new() }, [false, false, false]),
        (Criterion::Open, [true, false, true]),
        (Criterion::Evidence { least: 1 }, [false, false, true]),
        (Criterion::Severity { least: 4 }, [true, true, true]),
        (Criterion::Severity { least: 5 }, [false, true, true]),
        (Criterion::Impact { least: 1 }, [true, false, true]),
        (Criterion::Effort { most: 2 }, [true, true, true]),
        (Criterion::Effort { most: 1 }, [true, false, true]),
        (Criterion::Truth { truths: [Truth::Validated].into() }, [false, true, true]),
        (
            Criterion::State { states: [ItemState::Opportunity(OpportunityState::Closed)].into() },
            [false, true, true],
        ),
        (Criterion::Text { words: " CODE ".to_owned() }, [true, false, false]),
    ] {
        assert_eq!(stay(&of(Join::All, [criterion.clone()])), expected, "{criterion:?}");
    }
}

#[test]
fn time_is_asked_of_what_was_added_changed_and_last_said() {
    use Age::{Before, Within};
    let mut world = crate::score::fixture::World::new();
    let step = world.step("Invite crew");
    let insight = world.insight(step, |it| (it.created, it.updated) = (days_ago(40), days_ago(3)));
    let opportunity = world.opportunity(step, |it| {
        (it.created, it.updated) = (days_ago(7), days_ago(7));
        it.insights = [insight].into();
    });
    let touchpoint =
        Touchpoint { created: days_ago(90), updated: days_ago(30), ..Touchpoint::new(world.id()) };
    let bare = Insight { created: days_ago(1), updated: days_ago(-1), ..Insight::new(world.id()) };
    let ids: [EntityRef; 4] = [insight.into(), opportunity.into(), touchpoint.id.into(), bare.id.into()];
    world.board.put(touchpoint.into());
    world.board.put(bare.into());
    for days in [20, 60] {
        world.quote(insight, |it| it.captured_at = Some(days_ago(days).at));
    }
    world.quote(opportunity, |it| (it.captured_at, it.created) = (None, days_ago(10)));
    let index = world.index();
    for (criterion, expected) in [
        (Criterion::Added { age: Within(7) }, [false, true, false, true]),
        (Criterion::Added { age: Before(7) }, [true, false, true, false]),
        (Criterion::Added { age: Within(90) }, [true, true, true, true]),
        (Criterion::Changed { age: Within(7) }, [true, true, false, true]),
        (Criterion::Changed { age: Before(28) }, [false, false, true, false]),
        // A touchpoint has no evidence to ask about; an insight without any was last spoken of never.
        (Criterion::LastEvidence { age: Within(20) }, [true, true, true, false]),
        (Criterion::LastEvidence { age: Within(12) }, [false, true, true, false]),
        (Criterion::LastEvidence { age: Before(12) }, [true, false, true, false]),
    ] {
        let filter = of(Join::All, [criterion.clone()]);
        let stay = ids.map(|it| filter.passes(&world.board, &index, NOW, it));
        assert_eq!(stay, expected, "{criterion:?}");
        let later = Timestamp(NOW.0 + 100 * Timestamp::DAY_MILLIS);
        let is_recent = matches!(criterion, Criterion::Changed { age: Within(_) });
        let stays = filter.passes(&world.board, &index, later, insight.into());
        assert!(!is_recent || !stays, "what was changed lately was so long ago, later");
    }
    let said = of(Join::All, [Criterion::LastEvidence { age: Within(12) }]);
    assert!(said.passes(&world.board, &index, NOW, step.into()), "a step has what is on it");
}

#[test]
fn an_age_reads_as_one_says_it_and_keeps_to_its_limits() {
    for (age, words) in [
        (Age::Within(1), "in the last day"),
        (Age::Within(28), "in the last 28 days"),
        (Age::Before(1), "more than 1 day ago"),
        (Age::Before(90), "more than 90 days ago"),
    ] {
        assert_eq!(age.words(), words);
    }
    assert_eq!(Age::Within(7).with(0), Age::Within(1));
    assert_eq!(Age::Before(7).with(u16::MAX), Age::Before(Age::DAYS_MAX));
    let text = r#"{"is":"last_evidence","age":{"before":28}}"#;
    let test: Test = serde_json::from_str(text).expect("as it is written");
    assert_eq!(test.what, Criterion::LastEvidence { age: Age::Before(28) });
    assert_eq!(serde_json::to_string(&test).expect("it"), text);
}

#[test]
fn what_is_looked_for_is_found_only_where_every_test_has_something_to_say() {
    let (board, ids, ..) = board();
    let index = BoardIndex::of(&board);
    let found = |filter: &Filter| ids.map(|it| filter.finds(&board, &index, NOW, it));
    let effort = Criterion::Effort { most: 2 };
    assert_eq!(found(&of(Join::All, [effort.clone()])), [false, true, false]);
    assert_eq!(found(&of(Join::All, [effort.clone(), Criterion::Open])), [false, false, false]);
    assert_eq!(
        found(&of(Join::Any, [effort.clone(), Criterion::Severity { least: 4 }])),
        [true, true, false]
    );
    let mut not = of(Join::All, [effort]);
    not.test_mut(At { part: 0, within: None }).expect("a test").not = true;
    assert_eq!(found(&not), [false, false, false], "what has no effort is not of another effort");
    assert_eq!(found(&Filter::default()), [true, true, true]);
}

#[test]
fn not_turns_what_was_said_and_leaves_what_was_not() {
    let mut filter = of(Join::All, [Criterion::Severity { least: 5 }]);
    filter.test_mut(At { part: 0, within: None }).expect("a test").not = true;
    assert_eq!(stay(&filter), [true, true, true]);
    filter.test_mut(At { part: 0, within: None }).expect("a test").what = Criterion::Severity { least: 4 };
    assert_eq!(stay(&filter), [false, true, true]);
}

#[test]
fn all_and_any_and_groups_go_together() {
    let (_, _, ana, _) = board();
    let owner = Criterion::Owner { owners: [Some(ana)].into() };
    let severe = Criterion::Severity { least: 4 };
    assert_eq!(stay(&of(Join::All, [owner.clone(), severe.clone()])), [false, true, false]);
    assert_eq!(stay(&of(Join::Any, [owner.clone(), severe.clone()])), [true, true, false]);
    // Open, and (Ana's or severe).
    let mut filter = of(Join::All, [Criterion::Open, owner]);
    filter.add_beside(At { part: 1, within: None }, severe.into()).expect("room");
    assert_eq!(stay(&filter), [true, false, false]);
    filter.turn(Some(1));
    assert_eq!(stay(&filter), [false, false, false]);
    assert_eq!(stay(&Filter::default()), [true, true, true]);
}

#[test]
fn brackets_come_with_a_second_test_and_go_with_it() {
    let mut filter = of(Join::All, [Criterion::Open]);
    let at = filter.add_beside(At { part: 0, within: None }, Criterion::Impact { least: 3 }.into());
    assert_eq!(at, Some(At { part: 0, within: Some(1) }));
    assert_eq!(filter.tests(), 2);
    filter.remove(At { part: 0, within: Some(0) });
    assert_eq!(filter, of(Join::All, [Criterion::Impact { least: 3 }]));
    filter.remove(At { part: 0, within: None });
    assert!(!filter.is_on());
    for _ in 0..TESTS_MAX {
        assert!(filter.add(Criterion::Open.into()).is_some());
    }
    assert_eq!(filter.add(Criterion::Open.into()), None);
}

#[test]
fn a_filter_is_the_same_after_being_kept() {
    let (_, _, ana, stage) = board();
    let mut filter = of(
        Join::Any,
        [
            Criterion::Owner { owners: [None, Some(ana)].into() },
            Criterion::Stage { stages: [stage].into() },
            Criterion::Text { words: "code".to_owned() },
        ],
    );
    filter.add_beside(At { part: 1, within: None }, Test { what: Criterion::Open, not: true });
    let text = serde_json::to_string(&filter).expect("it");
    assert_eq!(serde_json::from_str::<Filter>(&text).expect("it"), filter);
}
