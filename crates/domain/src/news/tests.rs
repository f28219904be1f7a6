//! What is news to whom, case by case.

use super::*;
use crate::id::{InsightId, OpportunityId, SolutionId, StepId, VerdictId};
use crate::{Journey, JourneyId, Step};

const ME: MemberId = MemberId::from_parts(0, 1);
const BEN: MemberId = MemberId::from_parts(0, 2);
const STEP: StepId = StepId::from_parts(1, 1);
const PAIN: InsightId = InsightId::from_parts(1, 2);
const FIX: SolutionId = SolutionId::from_parts(1, 3);
const PROBLEM: OpportunityId = OpportunityId::from_parts(1, 4);
const JOURNEY: JourneyId = JourneyId::from_parts(1, 5);

fn stamp(by: MemberId, via: Via) -> Stamp {
    Stamp { by, at: Timestamp(7), via }
}

fn stamped(mut entity: Entity, by: MemberId, via: Via) -> Entity {
    entity.set_created(stamp(by, via));
    entity
}

/// A step with a pain on it, a problem, and a fix for that.
fn scene() -> Board {
    let mut board = Board::default();
    board.put(Journey::new(JOURNEY).into());
    board.put(Step::new(STEP).into());
    board.put(Insight { steps: [STEP].into(), ..Insight::new(PAIN) }.into());
    board.put(Opportunity { steps: [STEP].into(), ..Opportunity::new(PROBLEM) }.into());
    board.put(Solution { opportunities: [PROBLEM].into(), ..Solution::new(FIX) }.into());
    board
}

fn comment(number: u128, by: MemberId, names: &[MemberId], reply_to: Option<u128>) -> Comment {
    let id = |it| CommentId::from_parts(2, it);
    Comment {
        body: "Look at this".to_owned(),
        mentions: names.iter().copied().collect(),
        about: Some(PAIN.into()),
        reply_to: reply_to.map(id),
        created: stamp(by, Via::User),
        updated: stamp(by, Via::User),
        ..Comment::new(id(number))
    }
}

fn why(board: &Board, choices: &Choices, put: Vec<Entity>) -> Vec<Option<Why>> {
    let reader = Reader { me: ME, choices, board };
    let patch = Patch { put, removed: Vec::new() };
    let notices = reader.notices(&patch, |it| board.get(it));
    assert!(notices.is_empty() || patch.put.iter().any(|it| reader.may_be_news(it)));
    notices.into_iter().map(|it| it.news.map(|it| it.why)).collect()
}

#[test]
fn a_comment_is_news_where_it_names_or_answers_me_or_is_on_what_i_watch_and_never_where_it_is_mine() {
    let nothing = Choices::new();
    let mut board = scene();
    let of = |board: &Board, it: Comment| why(board, &nothing, vec![it.into()]);
    assert_eq!(of(&board, comment(1, BEN, &[ME], None)), [Some(Why::Named)]);
    assert_eq!(of(&board, comment(1, BEN, &[], None)), [], "of something that is not mine to follow");
    assert_eq!(of(&board, comment(1, ME, &[ME], None)), [], "nobody calls themselves");
    let said_by_me = Comment { author: Some(ME), ..comment(1, BEN, &[ME], None) };
    assert_eq!(of(&board, said_by_me), [], "whoever put it here");
    let by_automation = Comment { created: stamp(ME, Via::Automation), ..comment(1, ME, &[ME], None) };
    assert_eq!(of(&board, by_automation), [Some(Why::Named)], "that is not my own hand");
    let imported = Comment { created: stamp(ME, Via::Import), ..comment(1, ME, &[ME], None) };
    assert_eq!(of(&board, imported), [], "old words of a file");

    // Ben begins, I answer, and he goes on, in the thread and beside it.
    board.put(comment(1, BEN, &[], None).into());
    board.put(comment(2, ME, &[], Some(1)).into());
    assert_eq!(of(&board, comment(3, BEN, &[], Some(1))), [Some(Why::Answered)]);
    assert_eq!(of(&board, comment(3, BEN, &[], Some(2))), [Some(Why::Answered)]);
    assert_eq!(of(&board, comment(3, BEN, &[], None)), [Some(Why::Said)], "whoever spoke of it watches it");

    // Named later on, and not again because of another letter.
    let named = comment(1, BEN, &[ME], None);
    assert_eq!(of(&board, named.clone()), [Some(Why::Named)]);
    board.put(named.clone().into());
    assert_eq!(of(&board, Comment { body: "Look here".to_owned(), ..named.clone() }), []);
    assert_eq!(of(&board, Comment { trashed: Some(stamp(BEN, Via::User)), ..named }), []);
}

#[test]
fn a_thread_that_leads_round_in_a_circle_ends() {
    let mut board = scene();
    board.put(comment(1, ME, &[], Some(2)).into());
    board.put(comment(2, ME, &[], Some(1)).into());
    let answer = comment(3, BEN, &[], Some(1)).into();
    assert_eq!(why(&board, &Choices::new(), vec![answer]).len(), 1);
}

#[test]
fn work_that_becomes_mine_is_news_and_no_more_when_it_is_given_to_somebody_else() {
    let nothing = Choices::new();
    let mut board = scene();
    let given = |owner, by, via| {
        let it = Insight { owner, steps: [STEP].into(), ..Insight::new(PAIN) };
        stamped(it.into(), by, via)
    };
    assert_eq!(why(&board, &nothing, vec![given(Some(ME), BEN, Via::User)]), [Some(Why::Given)]);
    assert_eq!(why(&board, &nothing, vec![given(Some(ME), ME, Via::Automation)]), [Some(Why::Given)]);
    assert_eq!(why(&board, &nothing, vec![given(Some(ME), ME, Via::User)]), []);
    assert_eq!(why(&board, &nothing, vec![given(Some(BEN), BEN, Via::User)]), []);
    board.put(given(Some(ME), BEN, Via::User));
    assert_eq!(why(&board, &nothing, vec![given(Some(ME), BEN, Via::User)]), [], "it was mine already");
    assert_eq!(
        why(&board, &nothing, vec![given(None, BEN, Via::User)]),
        [None],
        "what was said of it is taken back"
    );
}

#[test]
fn what_is_watched_tells_where_it_stands_and_my_word_goes_before_everything_else() {
    let mut board = scene();
    let moved = || {
        let it = Insight { state: InsightState::Resolved, steps: [STEP].into(), ..Insight::new(PAIN) };
        vec![stamped(it.into(), BEN, Via::User)]
    };
    let (from, to) = (ItemState::Insight(InsightState::New), ItemState::Insight(InsightState::Resolved));
    let news = [Some(Why::Moved { from, to })];
    let choice = |of: &[(EntityRef, bool)]| of.iter().copied().collect::<Choices>();
    assert_eq!(why(&board, &choice(&[]), moved()), []);
    assert_eq!(why(&board, &choice(&[(PAIN.into(), true)]), moved()), news);
    assert_eq!(why(&board, &choice(&[(STEP.into(), true)]), moved()), news, "a step with what stands on it");
    assert_eq!(why(&board, &choice(&[(STEP.into(), true), (PAIN.into(), false)]), moved()), []);
    board.put(comment(1, BEN, &[ME], None).into());
    assert_eq!(why(&board, &choice(&[]), moved()), news, "whoever was named watches");
    assert_eq!(why(&board, &choice(&[(PAIN.into(), false)]), moved()), [], "until they say otherwise");
    let answer = || vec![comment(2, BEN, &[], None).into()];
    assert_eq!(why(&board, &choice(&[(PAIN.into(), false)]), answer()), []);

    // Muted, only what is meant for me comes through.
    let muted = choice(&[(JOURNEY.into(), false), (PAIN.into(), true)]);
    assert_eq!(why(&board, &muted, moved()), []);
    assert_eq!(why(&board, &muted, answer()), []);
    assert_eq!(why(&board, &muted, vec![comment(3, BEN, &[ME], None).into()]), [Some(Why::Named)]);
}

#[test]
fn a_verdict_is_news_to_whoever_watches_the_fix_or_the_problem() {
    let board = scene();
    let verdict = |outcome, is_interim| {
        let it =
            Verdict { solution: Some(FIX), outcome, is_interim, ..Verdict::new(VerdictId::from_parts(3, 1)) };
        vec![stamped(it.into(), ME, Via::Automation)]
    };
    let outcome = VerdictOutcome::Improved;
    for watched in [EntityRef::from(FIX), PROBLEM.into()] {
        let choices: Choices = [(watched, true)].into();
        assert_eq!(why(&board, &choices, verdict(outcome, false)), [Some(Why::Judged { outcome })]);
        assert_eq!(why(&board, &choices, verdict(outcome, true)), [], "an early look is no verdict");
        let mut judged = board.clone();
        judged.put(verdict(outcome, false).remove(0));
        assert_eq!(why(&judged, &choices, verdict(outcome, false)), [], "nothing has changed");
    }
    assert_eq!(why(&board, &Choices::new(), verdict(outcome, false)), []);
}
