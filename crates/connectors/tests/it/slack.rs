//! What the connector makes of what Slack says, and that a post is there once whatever breaks.

use crate::shared::{StandIn, Vendor, run};
use custory_connectors::{ConnectError, Context, Place, Post, Words, find};
use custory_domain::Timestamp;
use custory_testkit::vendors::{Fault, SLACK_BOT, Slack};
use serde_json::json;

/// Before anything is said at the stand-in.
const BEFORE: Timestamp = Timestamp(1_764_000_000_000);

fn stand_in() -> StandIn {
    StandIn::of(find("slack").expect("it is registered"))
}

fn slack(stand_in: &StandIn) -> &Slack {
    match &stand_in.vendor {
        Vendor::Slack(it) => it,
        _ => panic!("another vendor"),
    }
}

fn place(message: &str) -> Place {
    Place { channel: Slack::GROWTH.to_owned(), message: message.to_owned(), thread: None }
}

/// A post, tried from the first second on.
fn post(number: usize, channel: &str, thread: Option<&str>) -> Post {
    Post {
        id: format!("post-{number}"),
        channel: channel.to_owned(),
        thread: thread.map(str::to_owned),
        words: Words::new("Crew invited fell", vec!["<!channel> 37% to 25%".to_owned()]),
        since: BEFORE,
    }
}

fn sent(context: &Context, post: &Post) -> Result<Place, ConnectError> {
    run(context.chat().expect("it talks").post(post))
}

#[test]
fn channels_are_listed_with_those_first_that_it_is_in() {
    let stand_in = stand_in();
    let context = stand_in.context();
    let channels = run(context.chat().unwrap().channels()).unwrap();
    let told: Vec<_> = channels.iter().map(|it| (it.name.as_str(), it.is_ours)).collect();
    assert_eq!(told, [("bell-support", true), ("growth", true), ("random", false)]);
}

#[test]
fn a_message_and_a_thread_are_read_with_who_and_where_and_when() {
    let stand_in = stand_in();
    let at_slack = slack(&stand_in);
    let root =
        at_slack.say(Slack::GROWTH, None, Slack::ANA, "<@U0MAYA> the <https://a.example|invite> never came");
    let reply = at_slack.say(Slack::GROWTH, Some(&root), Slack::MAYA, "Which address &amp; when?");
    at_slack.say(Slack::GROWTH, Some(&root), Slack::MAYA, "<@U0CUSTORY> save");
    let context = stand_in.context();
    let chat = context.chat().unwrap();
    let first = run(chat.fetch(&place(&root), false)).unwrap().unwrap();
    assert_eq!((first.author.as_str(), first.is_outside), ("Ana Lopez", true));
    assert_eq!(first.text, "@someone the invite never came");
    assert_eq!(first.said_at, Timestamp(1_764_003_601_000));
    assert!(first.url.starts_with("https://acme.slack.com/archives/C0GROWTH/p"), "{}", first.url);
    // A reaction on a reply does not say that it is one.
    let second = run(chat.fetch(&place(&reply), false)).unwrap().unwrap();
    assert_eq!((second.text.as_str(), second.is_outside), ("Which address & when?", false));
    assert_eq!(second.place.thread.as_deref(), Some(root.as_str()));
    let thread =
        run(chat.fetch(&Place { thread: Some(root.clone()), ..place(&reply) }, true)).unwrap().unwrap();
    assert_eq!(thread.text, "@someone the invite never came\nWhich address & when?");
    assert_eq!((thread.place.message.as_str(), thread.author.as_str()), (root.as_str(), "Ana Lopez"));
    assert_eq!(run(chat.fetch(&place("1764003999.000001"), false)).unwrap(), None);
}

#[test]
fn what_was_marked_or_said_while_nobody_listened_is_found_once_over_all_pages() {
    let stand_in = stand_in();
    let at_slack = slack(&stand_in);
    let said: Vec<_> =
        (0..7).map(|it| at_slack.say(Slack::GROWTH, None, Slack::MAYA, &format!("word {it}"))).collect();
    at_slack.say(Slack::SUPPORT, None, Slack::ANA, "<@U0CUSTORY> search crew");
    at_slack.mark(Slack::GROWTH, &said[2], "pushpin");
    at_slack.mark(Slack::GROWTH, &said[3], "tada");
    at_slack.page_by(2);
    let context = stand_in.context();
    let told = run(context.chat().unwrap().missed(BEFORE)).unwrap();
    let ids: std::collections::BTreeSet<_> = told.into_iter().map(|it| it.id).collect();
    let save = format!("save/C0GROWTH/{}/{}", said[2], Slack::MAYA);
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(ids.contains(&save) && ids.iter().any(|it| it.starts_with("say/C0SUPPORT/")), "{ids:?}");
    let later = run(context.chat().unwrap().missed(Timestamp(crate::shared::NOW.0 + 60_000))).unwrap();
    assert!(later.is_empty(), "{later:?}");
}

#[test]
fn a_post_is_there_once_whatever_breaks_and_wherever() {
    let faults = [
        Fault::Drop,
        Fault::Silence,
        Fault::Cut,
        Fault::status(500, &json!({})),
        Fault::status(200, &json!({ "ok": false, "error": "fatal_error" })),
        Fault::status(200, &json!({ "ok": true })),
        Fault::header(429, "retry-after", "1", &json!({ "ok": false, "error": "ratelimited" })),
        Fault::status(200, &json!({ "ok": false, "error": "ratelimited" })),
    ];
    for thread in [false, true] {
        for fault in &faults {
            // While it is looked for, while it is posted, and both.
            for place in [vec![0], vec![1], vec![1, 2, 3, 4, 5, 6], vec![0, 1]] {
                let stand_in = stand_in();
                let root = slack(&stand_in).say(Slack::GROWTH, None, Slack::MAYA, "news?");
                let post = post(1, Slack::GROWTH, thread.then_some(root.as_str()));
                let last = place.iter().max().copied().unwrap_or(0);
                stand_in.fail_at((0..=last).map(|at| place.contains(&at).then(|| fault.clone())));
                let context = stand_in.impatient();
                let first = sent(&context, &post);
                // What is not known is asked after later, and then known.
                stand_in.fail_at([]);
                let mut tries = 0;
                let done = loop {
                    tries += 1;
                    match sent(&context, &post) {
                        Ok(place) => break place,
                        Err(error) => {
                            assert!(tries < 9 && error.is_temporary() || error.is_open(), "{error:?}")
                        }
                    }
                };
                let posts = slack(&stand_in).posts();
                assert_eq!(posts.len(), 1, "{fault:?} at {place:?}: {first:?}");
                assert_eq!(done.message, posts[0].ts);
                assert_eq!(posts[0].thread_ts.is_some(), thread);
                assert_eq!(posts[0].text, "*Crew invited fell*\n• &lt;!channel&gt; 37% to 25%");
            }
        }
    }
}

#[test]
fn clocks_that_differ_make_no_second_post_and_lose_nothing_that_was_said() {
    for ahead in [-400 * 86_400, -7_200, 7_200, 400 * 86_400] {
        let stand_in = stand_in();
        slack(&stand_in).set_ahead(ahead);
        let pinned = slack(&stand_in).say(Slack::GROWTH, None, Slack::MAYA, "news");
        slack(&stand_in).mark(Slack::GROWTH, &pinned, "pushpin");
        // By our own clock all of this is now.
        let post = Post { since: crate::shared::NOW, ..post(1, Slack::GROWTH, None) };
        let first = sent(&stand_in.context(), &post).unwrap();
        assert_eq!(sent(&stand_in.context(), &post).unwrap(), first, "{ahead} s");
        assert_eq!(slack(&stand_in).posts().len(), 1);
        let context = stand_in.context();
        let minute_ago = Timestamp(crate::shared::NOW.0 - 60_000);
        assert_eq!(run(context.chat().unwrap().missed(minute_ago)).unwrap().len(), 1, "{ahead} s");
    }
}

#[test]
fn of_two_devices_that_post_at_the_same_moment_one_takes_its_post_back() {
    let stand_in = stand_in();
    slack(&stand_in).race();
    let context = stand_in.context();
    let place = sent(&context, &post(1, Slack::GROWTH, None)).unwrap();
    let posts = slack(&stand_in).posts();
    assert_eq!((posts.len(), posts[0].ts.as_str()), (1, place.message.as_str()));
}

#[test]
fn three_devices_that_end_anywhere_in_five_hundred_posts_make_each_once() {
    let stand_in = stand_in();
    let devices: Vec<_> = (0..3).map(|_| stand_in.context()).collect();
    // The same every time, and without a pattern.
    let mut chance = 7_u64;
    let mut roll = move |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    let (mut unknown, mut root) = (0, String::new());
    for number in 0..500 {
        if number % 10 == 0 {
            root = slack(&stand_in).say(Slack::GROWTH, None, Slack::MAYA, "news?");
        }
        let post = post(number, Slack::GROWTH, Some(&root));
        // The device ends at some call: what it asks is done or not, and it hears of nothing any more.
        let at = roll(6) as usize;
        let ends = [Fault::Drop, Fault::Cut, Fault::status(500, &json!({}))][roll(3) as usize].clone();
        stand_in.fail_at((0..at).map(|_| None).chain(std::iter::repeat_n(Some(ends), 12)));
        let first = sent(&devices[roll(3) as usize], &post);
        unknown += usize::from(first.is_err());
        slack(&stand_in).mend();
        // Whoever comes next, and it again.
        let done = sent(&devices[roll(3) as usize], &post).unwrap();
        assert_eq!(sent(&devices[roll(3) as usize], &post).unwrap(), done);
        assert!(first.is_err() || first == Ok(done), "post {number}");
    }
    assert!(unknown > 100, "{unknown} ends: too few to show anything");
    let posts = slack(&stand_in).posts();
    assert_eq!(posts.len(), 500);
}

#[test]
fn a_post_is_found_behind_many_others() {
    let stand_in = stand_in();
    let context = stand_in.context();
    let first = sent(&context, &post(1, Slack::GROWTH, None)).unwrap();
    for number in 2..9 {
        sent(&context, &post(number, Slack::GROWTH, None)).unwrap();
    }
    slack(&stand_in).page_by(2);
    assert_eq!(sent(&context, &post(1, Slack::GROWTH, None)).unwrap(), first);
    assert_eq!(slack(&stand_in).posts().len(), 8);
}

#[test]
fn what_a_person_can_do_is_said_in_words() {
    let stand_in = stand_in();
    let context = stand_in.context();
    let error = sent(&context, &post(1, Slack::RANDOM, None)).unwrap_err();
    assert!(error.to_string().contains("/invite @Custory"), "{error}");
    stand_in.fail([Fault::status(
        200,
        &json!({ "ok": false, "error": "missing_scope", "needed": "chat:write" }),
    )]);
    let error = run(context.probe()).unwrap_err();
    assert!(
        matches!(error, ConnectError::Forbidden { .. }) && error.to_string().contains("chat:write"),
        "{error}"
    );
}

#[test]
fn both_tokens_are_needed_and_neither_is_taken_for_the_other() {
    let stand_in = stand_in();
    let error = run(stand_in.context_with(SLACK_BOT).probe()).unwrap_err();
    assert!(error.to_string().contains("app-level token too"), "{error}");
    let wrong = format!("{SLACK_BOT}\n{SLACK_BOT}");
    let error = run(stand_in.context_with(&wrong).probe()).unwrap_err();
    assert_eq!(error, ConnectError::Unauthorized { vendor: "Slack" });
}

#[test]
fn nobody_listens_where_others_could_listen_in() {
    let stand_in = stand_in();
    let context = stand_in.context();
    for url in ["ws://wss.slack.example/link", "http://127.0.0.1/", "no address"] {
        stand_in.fail([Fault::status(200, &json!({ "ok": true, "url": url }))]);
        let error = run(context.chat().unwrap().line()).unwrap_err();
        assert!(matches!(error, ConnectError::Unexpected { .. }), "{url}: {error:?}");
    }
}
