//! What concerns a person in a workspace without a team: what an automation or another program does in their name.

use std::sync::Arc;

use crate::shared::{HandClock, board, dispatch, engine, journey, seeded, with_clock};
use custory_domain::news::{Route, Routes, Topic, Why};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const BEGIN: i64 = 1_764_000_000_000;
const STEP: StepId = StepId::from_parts(1, 1);
const PAIN: InsightId = InsightId::from_parts(2, 1);

fn wish(engine: &Engine, wish: NewsWish) -> (Vec<NewsView>, usize) {
    match engine.request_blocking(Request::News(wish)).unwrap() {
        Reply::News { news, unread } => (news, unread),
        other => panic!("{other:?}"),
    }
}

fn news(engine: &Engine) -> (Vec<NewsView>, usize) {
    wish(engine, NewsWish::List)
}

fn whys(engine: &Engine) -> Vec<Why> {
    news(engine).0.into_iter().map(|it| it.news.why).collect()
}

fn watch(
    engine: &Engine,
    journey: JourneyId,
    about: EntityRef,
    choice: Option<bool>,
) -> Vec<(EntityRef, bool)> {
    match engine.request_blocking(Request::News(NewsWish::Watch { journey, about, choice })).unwrap() {
        Reply::Watching { choices } => choices,
        other => panic!("{other:?}"),
    }
}

fn me(engine: &Engine) -> MemberId {
    match engine.request_blocking(Request::Start).unwrap() {
        Reply::Start { start } => start.me,
        other => panic!("{other:?}"),
    }
}

/// What nobody does by hand here.
fn by_itself(engine: &Engine, journey: JourneyId, command: Command) {
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::Automation }).unwrap();
}

fn said(number: u128, body: &str, mentions: &[MemberId], reply_to: Option<u128>) -> Command {
    let id = |it| CommentId::from_parts(3, it);
    Command::add(Comment {
        body: body.to_owned(),
        mentions: mentions.iter().copied().collect(),
        about: Some(PAIN.into()),
        reply_to: reply_to.map(id),
        ..Comment::new(id(number))
    })
}

fn state(to: InsightState) -> Command {
    Command::set(Change::Insight { id: PAIN, set: InsightField::State(to) })
}

fn with_pain(engine: &Engine) -> JourneyId {
    let journey = journey(engine, "Crew");
    let pain = Insight { statement: "Codes come late".into(), steps: [STEP].into(), ..Insight::new(PAIN) };
    dispatch(engine, journey, Command::add(pain));
    journey
}

#[test]
fn whoever_is_named_finds_it_in_the_inbox_with_who_what_and_where_and_it_stays_read_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let (journey, me) = (with_pain(&engine), me(&engine));
    assert_eq!(news(&engine), (Vec::new(), 0));
    let mut events = engine.events();
    by_itself(&engine, journey, said(1, "@Maya is this still so?", &[me], None));
    let told = std::iter::from_fn(|| events.next_blocking()).find_map(|it| match it {
        Event::News { unread } => Some(unread),
        _ => None,
    });
    assert_eq!(told, Some(1));
    let (lines, unread) = news(&engine);
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((unread, line.is_read, line.news.why, line.news.via), (1, false, Why::Named, Via::Automation));
    assert_eq!(
        (line.journey, line.news.about, line.news.said),
        (journey, PAIN.into(), Some(CommentId::from_parts(3, 1).into()))
    );
    let words = [&line.journey_title, &line.step_title, &line.title, &line.words].map(String::as_str);
    assert_eq!(words, ["Crew", "Sign up", "Codes come late", "@Maya is this still so?"]);

    let id = line.id;
    assert_eq!(wish(&engine, NewsWish::Mark { which: Some(vec![id]), is_read: true }).1, 0);
    drop(engine);
    let engine = seeded(folder.path(), 5);
    let (lines, unread) = news(&engine);
    assert_eq!((lines.len(), lines[0].is_read, unread), (1, true, 0));
    assert_eq!(wish(&engine, NewsWish::Mark { which: Some(vec![id]), is_read: false }).1, 1);
    assert_eq!(wish(&engine, NewsWish::Mark { which: None, is_read: true }).1, 0);

    // What was read is in no document: no change tells of it.
    let before = board(&engine, journey);
    wish(&engine, NewsWish::Mark { which: None, is_read: false });
    assert_eq!(board(&engine, journey), before);
}

#[test]
fn what_i_write_myself_is_no_news_and_what_is_said_in_my_thread_is() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let (journey, me) = (with_pain(&engine), me(&engine));
    dispatch(&engine, journey, said(1, "Note to @Maya", &[me], None));
    dispatch(&engine, journey, Command::set(owner_change(PAIN.into(), Some(me)).unwrap()));
    dispatch(&engine, journey, state(InsightState::Triaged));
    assert_eq!(news(&engine), (Vec::new(), 0));
    by_itself(&engine, journey, said(2, "Looked into it", &[], Some(1)));
    assert_eq!(whys(&engine), [Why::Answered]);

    // Deleted, it is out of sight, and back again with it.
    let comment = vec![CommentId::from_parts(3, 2).into()];
    dispatch(&engine, journey, Command::Trash { entities: comment.clone() });
    assert_eq!(news(&engine), (Vec::new(), 0));
    dispatch(&engine, journey, Command::Restore { entities: comment });
    assert_eq!(news(&engine).1, 1);
    engine.request_blocking(Request::DeleteJourney { journey }).unwrap();
    assert_eq!(news(&engine), (Vec::new(), 0));
}

fn route(engine: &Engine, routes: &[(Topic, Route)]) {
    let mut news = Routes::default();
    routes.iter().for_each(|(topic, route)| news.set(*topic, *route));
    let preferences = Preferences { news, ..Preferences::default() };
    engine.request_blocking(Request::SetPreferences { preferences }).unwrap();
}

/// What is told aloud, up to the piece that ends with some words.
fn told_until(events: &mut custory_engine::Events, last: &str) -> Vec<(String, String)> {
    let mut told = Vec::new();
    while let Some(event) = events.next_blocking() {
        let Event::Told { title, text, link, .. } = event else { continue };
        assert!(link == INBOX_LINK || Link::parse(&link).is_some(), "it leads somewhere: {link}");
        told.push((title, text));
        if told.last().is_some_and(|(_, text)| text.ends_with(last)) {
            break;
        }
    }
    told
}

#[test]
fn what_is_sent_nowhere_leaves_no_line_and_what_is_to_be_told_aloud_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let window = engine(folder.path());
    let (journey, me) = (with_pain(&window), me(&window));
    by_itself(&window, journey, said(1, "@Maya before", &[me], None));

    route(&window, &[(Topic::Mentions, Route::Aloud), (Topic::Watched, Route::Nowhere)]);
    let mut events = window.events();
    by_itself(&window, journey, said(2, "@Maya <b>look</b>", &[me], None));
    by_itself(&window, journey, state(InsightState::Triaged));
    by_itself(&window, journey, said(3, "for whoever watches", &[], None));
    by_itself(&window, journey, Command::set(owner_change(PAIN.into(), Some(me)).unwrap()));
    assert_eq!(whys(&window), [Why::Given, Why::Named, Why::Named], "what is watched is sent nowhere");
    // By another program on this computer, and of a muted journey: what names a person is told all the same.
    watch(&window, journey, journey.into(), Some(false));
    by_itself(&seeded(folder.path(), 9), journey, said(4, "@Maya last", &[me], None));
    let told = told_until(&mut events, "last");
    let aloud =
        |words: &str| ("An automation mentioned you".to_owned(), format!("Codes come late: @Maya {words}"));
    assert_eq!(told, [aloud("<b>look</b>"), aloud("last")], "not what was there before, and each once");

    // What is there stays, wherever news go from now on; and it is not told again after a restart.
    route(&window, &[(Topic::Mentions, Route::Nowhere)]);
    assert_eq!(news(&window).1, 4);
    route(&window, &[(Topic::Mentions, Route::Aloud)]);
    drop(window);
    let window = seeded(folder.path(), 5);
    let mut events = window.events();
    by_itself(&window, journey, said(5, "@Maya again", &[me], None));
    assert_eq!(told_until(&mut events, "again"), [aloud("again")]);
}

#[test]
fn what_is_to_be_told_once_a_day_is_told_in_the_morning_in_one() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let window = with_clock(folder.path(), Arc::clone(&clock) as _);
    let (journey, me) = (with_pain(&window), me(&window));
    route(&window, &[(Topic::Mentions, Route::Daily), (Topic::Watched, Route::Nowhere)]);
    by_itself(&window, journey, said(1, "before there was a digest", &[me], None));
    let mut events = window.events();
    window.keep_up();
    clock.until_waited();
    let mut next_day = |mentions: std::ops::Range<u128>, last: &str| {
        for number in mentions {
            by_itself(&window, journey, said(number, &format!("number {number}"), &[me], None));
        }
        clock.advance(24 * 60);
        told_until(&mut events, last)
    };
    let one = |number: u128| format!("Codes come late: number {number}");
    let by = "An automation mentioned you";
    assert_eq!(next_day(2..3, "number 2"), [(by.to_owned(), one(2))], "one is told as itself");
    let four = format!("{by}: {}; {by}: {}; {by}: {}; and 1 more", one(6), one(5), one(4));
    assert_eq!(next_day(3..7, "more"), [("4 new for you since yesterday".to_owned(), four)]);

    // Nothing of a day on which nothing came, nor of what was seen by then.
    by_itself(&window, journey, said(7, "number 7", &[me], None));
    wish(&window, NewsWish::Mark { which: None, is_read: true });
    clock.advance(24 * 60);
    clock.advance(24 * 60);
    assert_eq!(next_day(8..9, "number 8"), [(by.to_owned(), one(8))]);

    // Another program with the same folder tells nothing of it again.
    drop(window);
    let window = with_clock(folder.path(), Arc::clone(&clock) as _);
    let mut events = window.events();
    window.keep_up();
    by_itself(&window, journey, said(9, "number 9", &[me], None));
    clock.advance(24 * 60);
    assert_eq!(told_until(&mut events, "number 9"), [(by.to_owned(), one(9))]);
}

#[test]
fn what_another_program_on_this_computer_does_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let window = engine(folder.path());
    let (journey, me) = (with_pain(&window), me(&window));
    let program = seeded(folder.path(), 9);
    by_itself(&program, journey, said(1, "@Maya look", &[me], None));
    by_itself(&program, journey, Command::set(owner_change(PAIN.into(), Some(me)).unwrap()));
    for engine in [&window, &program] {
        assert_eq!(board(engine, journey).insights[&PAIN].owner, Some(me));
        assert_eq!(whys(engine), [Why::Given, Why::Named]);
    }
    by_itself(&program, journey, Command::set(owner_change(PAIN.into(), None).unwrap()));
    assert_eq!(whys(&window), [Why::Named], "it is not mine any more");
}

#[test]
fn what_is_watched_tells_where_it_stands_once_however_often_it_moved_and_can_be_unwatched() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = with_pain(&engine);
    by_itself(&engine, journey, state(InsightState::Triaged));
    assert_eq!(news(&engine).1, 0, "nobody asked");
    assert_eq!(watch(&engine, journey, STEP.into(), Some(true)), [(STEP.into(), true)]);
    by_itself(&engine, journey, state(InsightState::Archived));
    by_itself(&engine, journey, state(InsightState::Resolved));
    let moved = |from, to| Why::Moved { from: ItemState::Insight(from), to: ItemState::Insight(to) };
    assert_eq!(whys(&engine), [moved(InsightState::Triaged, InsightState::Resolved)]);
    by_itself(&engine, journey, state(InsightState::Triaged));
    assert_eq!(news(&engine).1, 0, "it is where it was");

    by_itself(&engine, journey, state(InsightState::Resolved));
    wish(&engine, NewsWish::Mark { which: None, is_read: true });
    by_itself(&engine, journey, state(InsightState::New));
    assert_eq!(news(&engine).1, 1, "seen is seen, and this is new");
    assert_eq!(whys(&engine), [moved(InsightState::Resolved, InsightState::New)]);
    wish(&engine, NewsWish::Mark { which: None, is_read: true });

    watch(&engine, journey, PAIN.into(), Some(false));
    by_itself(&engine, journey, state(InsightState::Triaged));
    by_itself(&engine, journey, said(1, "Well", &[], None));
    assert_eq!(news(&engine).1, 0);
    assert_eq!(watch(&engine, journey, PAIN.into(), None), [(STEP.into(), true)]);
    by_itself(&engine, journey, said(2, "Well, well", &[], None));
    assert_eq!(news(&engine).1, 1);
    let stranger = NewsWish::Watch { journey, about: InsightId::from_parts(9, 9).into(), choice: Some(true) };
    assert!(engine.request_blocking(Request::News(stranger)).is_err());
}

#[test]
fn a_muted_journey_lets_through_what_names_or_is_given_to_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let (journey, me) = (with_pain(&engine), me(&engine));
    watch(&engine, journey, PAIN.into(), Some(true));
    watch(&engine, journey, journey.into(), Some(false));
    by_itself(&engine, journey, state(InsightState::Triaged));
    by_itself(&engine, journey, said(1, "Anybody?", &[], None));
    assert_eq!(news(&engine).1, 0);
    by_itself(&engine, journey, said(2, "@Maya?", &[me], None));
    by_itself(&engine, journey, Command::set(owner_change(PAIN.into(), Some(me)).unwrap()));
    assert_eq!(whys(&engine), [Why::Given, Why::Named]);
}
