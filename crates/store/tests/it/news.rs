//! Lines of the inbox are there with the change that they come from, or not at all, and do not grow for ever.

use custory_domain::news::{News, Notice, Why};
use custory_domain::{MemberId, Patch, StageId, Timestamp, Via};
use custory_store::{Committed, DocumentKind, Effect, Seq};

use crate::home::{Change, Home, ulid};

fn notice(key: usize, news: Option<Why>) -> Notice {
    let about = StageId::from_parts(1, 1).into();
    let (by, via, at) = (MemberId::from_parts(1, 1), Via::User, Timestamp(1));
    Notice { key: key.to_string(), news: news.map(|why| News { about, why, said: None, by, via, at }) }
}

#[test]
fn a_line_comes_with_its_change_takes_the_place_of_what_was_and_goes_when_there_are_too_many() {
    let home = Home::new();
    let mut store = home.open();
    store.create_document(ulid(2), DocumentKind::Journey).unwrap();
    let about = custory_domain::Stage::new(StageId::from_parts(1, 1));
    let patch = Patch { put: vec![about.into()], removed: Vec::new() };
    let first = Change::new(1, patch.clone());
    let named = [notice(1, Some(Why::Named)), notice(2, Some(Why::Said))];
    let effect = Effect { patch: &patch, notices: &named };
    let done = store.commit(ulid(2), Seq(0), &[first.borrow()], effect).unwrap();
    let Committed::Done(seen) = done else { panic!("{done:?}") };
    assert_eq!(store.unread_news().unwrap(), 2);

    // Whoever has not seen what another program did writes neither the change nor its news.
    let late = Change::new(2, patch.clone());
    let effect = Effect { patch: &patch, notices: &[notice(3, Some(Why::Given))] };
    let refused = store.commit(ulid(2), Seq(0), &[late.borrow()], effect).unwrap();
    assert!(matches!(refused, Committed::Behind { .. }));
    assert_eq!(store.unread_news().unwrap(), 2);

    store.mark_news(None, true).unwrap();
    let again = [notice(1, Some(Why::Given)), notice(2, None)];
    let effect = Effect { patch: &patch, notices: &again };
    let done = store.commit(ulid(2), seen, &[late.borrow()], effect).unwrap();
    let Committed::Done(seen) = done else { panic!("{done:?}") };
    let lines = store.news(9).unwrap();
    assert_eq!(lines.iter().map(|it| (it.news.why, it.is_read)).collect::<Vec<_>>(), [(Why::Given, false)]);

    let many: Vec<Notice> = (10..2_110).map(|it| notice(it, Some(Why::Named))).collect();
    let third = Change::new(3, patch.clone());
    let effect = Effect { patch: &patch, notices: &many };
    store.commit(ulid(2), seen, &[third.borrow()], effect).unwrap();
    let lines = store.news(usize::MAX).unwrap();
    assert_eq!((lines.len(), store.unread_news().unwrap()), (2_000, 2_000));
    assert!(lines.iter().all(|it| it.news.why == Why::Named), "the oldest went");
    store.delete_document(ulid(2)).unwrap();
    assert_eq!(store.news(9).unwrap(), []);
}
