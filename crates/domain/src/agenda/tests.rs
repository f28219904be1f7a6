//! Promises of the lists.

use super::*;
use crate::carry_out::carry_out;
use crate::command::Command;
use crate::entity::*;
use crate::id::*;
use crate::patch::Patch;
use crate::time::{Stamp, Via};

const NOW: Timestamp = Timestamp(1_795_600_000_000);
const STAGE: StageId = StageId::from_parts(1, 1);
const SIGN_UP: StepId = StepId::from_parts(1, 2);
const INVITE: StepId = StepId::from_parts(1, 3);
const ANA: MemberId = MemberId::from_parts(9, 1);
const BO: MemberId = MemberId::from_parts(9, 2);

fn days_ago(days: i64) -> Timestamp {
    Timestamp(NOW.0 - days * Timestamp::DAY_MILLIS)
}

fn stamp(days: i64) -> Stamp {
    Stamp { at: days_ago(days), by: ANA, via: Via::User }
}

fn insight(number: u128) -> InsightId {
    InsightId::from_parts(2, number)
}

/// Two steps, made long ago: one checked lately, one never.
fn world() -> Board {
    let mut board = Board::default();
    let journey = Journey { review_every_days: 30, ..Journey::new(JourneyId::from_parts(1, 0)) };
    board.put(Journey { created: stamp(200), ..journey }.into());
    board.put(Stage { title: "Set up".into(), ..Stage::new(STAGE) }.into());
    let step = |id, title: &str, order, last_reviewed| Step {
        title: title.into(),
        stage: Some(STAGE),
        order,
        last_reviewed,
        created: stamp(200),
        ..Step::new(id)
    };
    let orders = crate::order::Order::series(None, 2);
    board.put(step(SIGN_UP, "Sign up", orders[0].clone(), Some(stamp(3))).into());
    board.put(step(INVITE, "Invite crew", orders[1].clone(), None).into());
    for (number, on) in [(1, INVITE), (2, SIGN_UP)] {
        let it = Insight {
            statement: format!("Insight {number}"),
            steps: [on].into(),
            ..Insight::new(insight(number))
        };
        board.put(it.into());
    }
    board
}

fn trace(about: impl Into<EntityRef>, how: How, fields: &[&str], days: i64, by: MemberId, via: Via) -> Trace {
    let fields = fields.iter().map(|it| (*it).to_owned()).collect();
    Trace { about: about.into(), how, fields, at: days_ago(days), by: Some(by), via }
}

fn of(board: &Board, traces: &[Trace]) -> Agenda {
    agenda(board, Period::of(board, NOW), traces, NOW)
}

#[test]
fn a_change_is_told_once_with_everybody_who_made_it_and_through_what() {
    use How::{Added, Changed, Removed};
    let one = insight(1);
    for (traces, is_trashed, expected) in [
        (vec![], false, None),
        (
            vec![trace(one, Changed, &["statement"], 2, ANA, Via::User)],
            false,
            Some((Changed, vec!["statement"], vec![(ANA, Via::User)])),
        ),
        // Several people and an automation: the last one first, each once.
        (
            vec![
                trace(one, Changed, &["severity"], 4, BO, Via::User),
                trace(one, Changed, &["statement"], 3, ANA, Via::User),
                trace(one, Changed, &["steps"], 2, ANA, Via::Automation),
                trace(one, Changed, &["severity"], 1, BO, Via::User),
            ],
            false,
            Some((
                Changed,
                vec!["place", "severity", "statement"],
                vec![(BO, Via::User), (ANA, Via::Automation), (ANA, Via::User)],
            )),
        ),
        // A draft made it, a person changed it since: it is new.
        (
            vec![
                trace(one, Added, &["statement"], 4, ANA, Via::Import),
                trace(one, Changed, &["statement"], 1, BO, Via::User),
            ],
            false,
            Some((Added, vec![], vec![(BO, Via::User), (ANA, Via::Import)])),
        ),
        (
            vec![trace(one, Removed, &[], 1, ANA, Via::User)],
            true,
            Some((Removed, vec![], vec![(ANA, Via::User)])),
        ),
        // It came and went.
        (
            vec![trace(one, Added, &[], 2, ANA, Via::User), trace(one, Removed, &[], 1, ANA, Via::User)],
            true,
            None,
        ),
        // It went and came back as it was.
        (
            vec![trace(one, Removed, &[], 2, ANA, Via::User), trace(one, Added, &[], 1, ANA, Via::User)],
            false,
            None,
        ),
        // What lies ahead is of the next review.
        (vec![trace(one, Changed, &["statement"], -1, ANA, Via::User)], false, None),
    ] {
        let mut board = world();
        board.insights.get_mut(&one).unwrap().trashed = is_trashed.then(|| stamp(1));
        let found = of(&board, &traces);
        let told = found.changed.first().map(|it| {
            let makers = it.makers.iter().map(|it| (it.by.unwrap(), it.via)).collect::<Vec<_>>();
            (it.how, it.fields.iter().map(String::as_str).collect::<Vec<_>>(), makers)
        });
        assert_eq!(told, expected, "{traces:?}");
        assert!(found.changed.len() <= 1);
    }
}

#[test]
fn looking_at_a_step_is_no_change_of_it() {
    let traces = [trace(INVITE, How::Changed, &["last_reviewed"], 1, ANA, Via::User)];
    assert_eq!(of(&world(), &traces).changed, []);
}

#[test]
fn changes_go_step_by_step_as_the_customer_takes_them_and_the_whole_journey_comes_first() {
    let mut board = world();
    let comment = CommentId::from_parts(3, 1);
    board.put(Comment { body: "Is it?".into(), about: Some(INVITE.into()), ..Comment::new(comment) }.into());
    let traces = [
        trace(comment, How::Added, &["body"], 1, BO, Via::User),
        trace(insight(1), How::Changed, &["statement"], 2, ANA, Via::User),
        trace(insight(2), How::Changed, &["statement"], 1, ANA, Via::User),
        trace(INVITE, How::Changed, &["title"], 3, ANA, Via::User),
        trace(STAGE, How::Changed, &["title"], 5, ANA, Via::User),
        trace(board.journey().unwrap().id, How::Changed, &["title"], 6, ANA, Via::User),
    ];
    let found: Vec<_> = of(&board, &traces).changed.into_iter().map(|it| (it.about, it.step)).collect();
    let expected: [(EntityRef, Option<StepId>); 6] = [
        (board.journey().unwrap().id.into(), None),
        (STAGE.into(), None),
        (insight(2).into(), Some(SIGN_UP)),
        (INVITE.into(), Some(INVITE)),
        (comment.into(), Some(INVITE)),
        (insight(1).into(), Some(INVITE)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn each_list_holds_what_belongs_there() {
    let mut board = world();
    let evidence = |number, days| Evidence {
        excerpt: format!("Words {number}"),
        account: "Bell Paving".into(),
        created: stamp(days),
        claims: [(insight(1).into(), Stance::Supports)].into(),
        ..Evidence::new(EvidenceId::from_parts(4, number))
    };
    board.put(evidence(1, 2).into());
    board.put(evidence(2, 20).into());
    for (number, owner, state) in [
        (5, None, OpportunityState::Open),
        (6, Some(ANA), OpportunityState::Open),
        (7, None, OpportunityState::Closed),
    ] {
        let it = Opportunity {
            title: format!("Problem {number}"),
            owner,
            state,
            impact: Some(4),
            effort: Some(2),
            reach: Some(300.0),
            steps: [INVITE].into(),
            ..Opportunity::new(OpportunityId::from_parts(5, number))
        };
        board.put(it.into());
    }
    for (number, state) in [(1, SolutionState::InProgress), (2, SolutionState::Idea)] {
        let it = Solution {
            title: format!("Fix {number}"),
            state,
            steps: [SIGN_UP].into(),
            ..Solution::new(SolutionId::from_parts(6, number))
        };
        board.put(it.into());
    }
    let fix = SolutionId::from_parts(6, 3);
    let it = Solution {
        title: "Text invites".into(),
        owner: Some(ANA),
        steps: [INVITE].into(),
        ..Solution::new(fix)
    };
    board.put(it.into());
    let verdict = VerdictId::from_parts(7, 1);
    let it = Verdict {
        solution: Some(fix),
        outcome: VerdictOutcome::Improved,
        summary: "It rose.".into(),
        ..Verdict::new(verdict)
    };
    board.put(it.into());
    let traces = [
        trace(EvidenceId::from_parts(4, 1), How::Added, &["excerpt"], 2, ANA, Via::User),
        trace(verdict, How::Added, &["summary"], 1, ANA, Via::Automation),
    ];
    let found = of(&board, &traces);
    let lines = |topics: &[Topic]| {
        topics.iter().map(|it| format!("{} | {} | {}", it.title, it.mark, it.says)).collect::<Vec<_>>()
    };
    assert_eq!(found.changed, [], "evidence and verdicts have lists of their own");
    assert_eq!(lines(&found.stale), ["Invite crew | Stale | nobody has checked it for 200 days"]);
    assert_eq!(lines(&found.evidence), ["Words 1 | For | Insight 1 · Bell Paving"]);
    assert_eq!(lines(&found.unowned), ["Fix 1 | Solution | ", "Problem 5 | Opportunity | "]);
    assert_eq!(lines(&found.verdicts), ["Text invites | Improved | It rose."]);
    assert_eq!(found.first.len(), 2, "{:?}", found.first);
    assert!(found.first.iter().all(|it| it.mark.starts_with("RICE ") && !it.says.is_empty()));
    let headings: Vec<_> = found.lists(12).into_iter().map(|it| it.heading).collect();
    assert_eq!(
        headings,
        ["Changed", "Steps to look at again", "New evidence", "First by priority", "Nobody owns", "Verdicts"]
    );
}

#[test]
fn a_long_list_counts_what_it_leaves_out() {
    let lines = (0..30).map(|it| (StepId::from_parts(1, it).into(), it.to_string())).collect();
    let list = list("Changed", lines, 12);
    assert_eq!((list.lines.len(), list.more), (12, 18));
}

fn run(board: &mut Board, command: Command, days: i64) {
    let changes = carry_out(board, command, stamp(days)).unwrap();
    board.apply(&Patch { put: changes.after, removed: Vec::new() });
}

#[test]
fn a_review_looks_back_to_the_last_one_that_was_finished_else_a_week() {
    let mut board = world();
    assert_eq!(Period::of(&board, NOW), Period { last: None, since: days_ago(7) });
    let (one, two) = (ReviewId::from_parts(8, 1), ReviewId::from_parts(8, 2));
    // Written into, but not finished.
    let begin = write_review(&board, one, ReviewField::Notes("So far".into()));
    run(&mut board, begin, 6);
    assert_eq!(Period::of(&board, NOW).last, None);
    let finish = of(&board, &[]).finish(&board, two);
    run(&mut board, finish, 5);
    assert_eq!(board.reviews.len(), 1, "what was open is finished");
    assert_eq!(Period::of(&board, NOW), Period { last: Some(one), since: days_ago(5) });
    let kept = &board.reviews[&one];
    assert_eq!((kept.notes.as_str(), kept.since), ("So far", Some(days_ago(7))));
    assert_eq!(
        kept.agenda.as_ref().unwrap().lists[1].lines[0].1,
        "Invite crew: stale, nobody has checked it for 200 days"
    );

    // One that is finished later is no past of an earlier moment.
    let finish = of(&board, &[]).finish(&board, two);
    run(&mut board, finish, 1);
    assert_eq!(Period::of(&board, days_ago(3)).last, Some(one));
    assert_eq!(Period::of(&board, NOW), Period { last: Some(two), since: days_ago(1) });
    let again = Command::FinishReview { review: two, since: NOW, agenda: ReviewAgenda::default() };
    let refused = carry_out(&board, again, stamp(0)).unwrap_err();
    assert_eq!(refused.to_string(), "This review is finished already.");
    board.reviews.get_mut(&two).unwrap().trashed = Some(stamp(0));
    assert_eq!(Period::of(&board, NOW).last, Some(one));
}

#[test]
fn of_two_reviews_that_were_begun_at_once_the_first_is_written_into() {
    let mut board = world();
    for (number, days) in [(1, 2), (2, 3)] {
        let it = Review { created: stamp(days), ..Review::new(ReviewId::from_parts(8, number)) };
        board.put(it.into());
    }
    assert_eq!(open_review(&board).unwrap().id, ReviewId::from_parts(8, 2));
    let decision = [("01".to_owned(), "Ship it".to_owned())];
    let write = write_review(&board, ReviewId::from_parts(8, 3), ReviewField::Decisions(decision.into()));
    run(&mut board, write, 0);
    assert_eq!(board.reviews[&ReviewId::from_parts(8, 2)].decisions.len(), 1);
}
