//! What teammates say and do comes to the inbox of whom it concerns, and nobody learns whether it was read.

use custory_domain::news::Why;
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::relay::TestRelay;

use crate::{add_step, ana_and_ben, ask, board, dispatch, engine, has_step, in_step, team, until};

fn news(engine: &Engine) -> (Vec<NewsView>, usize) {
    match ask(engine, Request::News(NewsWish::List)) {
        Reply::News { news, unread } => (news, unread),
        other => panic!("{other:?}"),
    }
}

fn member(engine: &Engine, name: &str) -> MemberId {
    until(engine, name, |it| match ask(it, Request::Start) {
        Reply::Start { start } => start.workspace.members.values().find(|it| it.name == name).map(|it| it.id),
        other => panic!("{other:?}"),
    })
}

fn say(
    engine: &Engine,
    journey: JourneyId,
    number: u128,
    about: EntityRef,
    names: &[MemberId],
    to: Option<u128>,
) {
    let id = |it| CommentId::from_parts(8, it);
    let comment = Comment {
        body: format!("Word {number}"),
        mentions: names.iter().copied().collect(),
        about: Some(about),
        reply_to: to.map(id),
        ..Comment::new(id(number))
    };
    dispatch(engine, journey, Command::add(comment));
}

fn whys(engine: &Engine, count: usize) -> Vec<Why> {
    until(engine, "news", |it| Some(news(it)).filter(|it| it.1 == count));
    news(engine).0.iter().map(|it| it.news.why).collect()
}

#[test]
fn a_teammates_word_comes_by_sync_to_whom_it_names_and_what_is_read_is_told_to_nobody() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    let step = add_step(&ana, journey, 2, "Canary step two");
    has_step(&ben, journey, "Canary step two");
    let (for_ana, for_ben) = (member(&ben, "Ana"), member(&ana, "Ben"));

    // Ben names Ana; Ana answers; Ben goes on without naming anybody.
    say(&ben, journey, 1, step.into(), &[for_ana], None);
    assert_eq!(whys(&ana, 1), [Why::Named]);
    let line = news(&ana).0.remove(0);
    assert_eq!(
        (line.news.by, line.words.as_str(), line.title.as_str()),
        (for_ben, "Word 1", "Canary step two")
    );
    say(&ana, journey, 2, step.into(), &[], Some(1));
    assert_eq!(whys(&ben, 1), [Why::Answered]);
    say(&ben, journey, 3, step.into(), &[], Some(1));
    assert_eq!(whys(&ana, 2), [Why::Answered, Why::Named]);
    assert_eq!(news(&ben).1, 1, "his own word is no news to him");

    // Made the owner, she hears of the step without having asked.
    dispatch(&ben, journey, Command::set(owner_change(step.into(), Some(for_ana)).unwrap()));
    assert_eq!(whys(&ana, 3)[0], Why::Given);

    // She reads it all. Nothing goes out for that: everything that she has to send is what she wrote.
    in_step(&ana, "before she reads");
    let before = (board(&ben, journey), relay.kept());
    ask(&ana, Request::News(NewsWish::Mark { which: None, is_read: true }));
    ask(&ana, Request::News(NewsWish::Watch { journey, about: step.into(), choice: Some(false) }));
    assert_eq!(team(&ana).unwrap().journeys[0].waiting, 0);
    say(&ben, journey, 4, step.into(), &[], None);
    until(&ana, "Ben's last word", |it| {
        board(it, journey).comments.contains_key(&CommentId::from_parts(8, 4)).then_some(())
    });
    assert_eq!(news(&ana).1, 0, "she does not watch it any more");
    let after = relay.kept();
    assert_eq!(before.0.comments.len() + 1, board(&ben, journey).comments.len());
    assert_eq!(after.records, before.1.records + 1, "one record more, for Ben's word");
}
