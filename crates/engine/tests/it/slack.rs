//! Whole paths with Slack: what is pinned there becomes an insight on its step, questions in its thread are answered
//! as in the windows, and channels hear what automations did. Each thing once, whatever ends in between.

use std::collections::BTreeMap;
use std::path::Path;

use crate::shared::automations::{ask, run, switch_on, view};
use crate::shared::{board, dispatch, engine, journey, seeded, turn, use_model};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::ollama::{Ollama, Says};
use custory_testkit::vendors::{Fault, POSTHOG_KEY, PostHog, Slack};
use serde_json::json;

const STEP: StepId = StepId::from_parts(1, 7);
const PINNED: &str = "The crew invitations never arrived, ask ana@bell.example or <@U0MAYA>";

fn connect(engine: &Engine, slack: &Slack) {
    ask(
        engine,
        Request::Connectors(ConnectorsRequest::Connect {
            vendor: "slack".to_owned(),
            key: Hidden(Slack::keys()),
            settings: BTreeMap::new(),
            base_url: Some(slack.address()),
        }),
    );
}

/// A journey with the step “Invite crew”.
fn crew(engine: &Engine) -> JourneyId {
    let journey = journey(engine, "Crew aboard");
    let stage = board(engine, journey).stages_in_order()[1].id;
    let step = Step {
        title: "Invite crew".to_owned(),
        action: "Sends invitations".to_owned(),
        stage: Some(stage),
        ..Step::new(STEP)
    };
    dispatch(engine, journey, Command::add(step));
    journey
}

fn signals(engine: &Engine, shelf: Shelf) -> Vec<SignalView> {
    match ask(engine, Request::Signals { shelf }) {
        Reply::Signals { signals, .. } => signals,
        other => panic!("{other:?}"),
    }
}

fn pull(engine: &Engine) -> Pulled {
    match ask(engine, Request::Connectors(ConnectorsRequest::Pull { vendor: Some("slack".to_owned()) })) {
        Reply::Pulled { pulled } => pulled.into_iter().next().expect("it was read"),
        other => panic!("{other:?}"),
    }
}

fn growth() -> ChosenChannel {
    ChosenChannel { vendor: "slack".to_owned(), id: Slack::GROWTH.to_owned(), name: "growth".to_owned() }
}

/// An engine on a folder, connected, listening, with what is pinned going onto the map.
fn listening(folder: &Path, slack: &Slack) -> (Engine, JourneyId) {
    let engine = engine(folder);
    let journey = crew(&engine);
    connect(&engine, slack);
    switch_on(&engine, "save", |_| {});
    engine.keep_up();
    slack.until_listened(1);
    (engine, journey)
}

#[test]
fn a_pinned_message_becomes_an_insight_on_its_step_and_its_thread_hears_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let (engine, journey) = listening(folder.path(), &slack);
    let pinned = slack.say(Slack::SUPPORT, None, Slack::ANA, PINNED);
    let envelope = slack.react(Slack::SUPPORT, &pinned, "pushpin");
    assert_eq!(slack.confirmed(&envelope), json!({ "envelope_id": envelope }));

    let answer = &slack.until_posts(1)[0];
    assert_eq!(answer.thread_ts.as_deref(), Some(pinned.as_str()));
    assert!(
        answer.text.contains("Saved as evidence for “The crew invitations never arrived"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("On the step “Invite crew” of Crew aboard"), "{}", answer.text);
    assert!(answer.text.contains(&format!("custory://item/{journey}/insight/")), "{}", answer.text);

    let read = board(&engine, journey);
    let insight = read.insights.values().next().unwrap();
    assert_eq!((insight.steps.clone(), insight.created.via), ([STEP].into(), Via::Automation));
    let [(evidence, Stance::Supports)] = read.evidence_for(insight.id.into())[..] else { panic!("{read:?}") };
    assert_eq!(evidence.excerpt, "The crew invitations never arrived, ask [e-mail] or @someone");
    assert_eq!((evidence.source.as_str(), evidence.weight), ("slack", WeightClass::PublicChat));
    assert!(evidence.locator.starts_with("https://acme.slack.com/archives/C0SUPPORT/p"), "{evidence:?}");
    assert!(!serde_json::to_string(&read).unwrap().contains("Ana Lopez"), "a name left this device");
    // The whole words stay here.
    let kept = &signals(&engine, Shelf::Attached)[0].signal;
    assert_eq!((kept.author.as_str(), kept.text.contains("ana@bell.example")), ("Ana Lopez", true));

    // The same wish again, by another way and by Slack's own repetition, is the same.
    slack.react(Slack::SUPPORT, &pinned, "pushpin");
    let again = slack.shortcut(Slack::SUPPORT, &pinned);
    slack.confirmed(&again);
    assert_eq!(pull(&engine).heard, 0);
    assert_eq!((board(&engine, journey), slack.posts().len()), (read, 1));
    assert_eq!(view(&engine, "save").runs.len(), 1);
}

#[test]
fn questions_in_the_thread_are_answered_as_in_the_windows() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let (engine, journey) = listening(folder.path(), &slack);
    let pinned = slack.say(Slack::GROWTH, None, Slack::MAYA, PINNED);
    slack.react(Slack::GROWTH, &pinned, "pushpin");
    slack.until_posts(1);

    slack.mention(Slack::GROWTH, Some(&pinned), Slack::MAYA, "step invite crew");
    let posts = slack.until_posts(2);
    let tool = "get_step".to_owned();
    let look =
        Request::Look { journey, tool, entity: EntityRef::from(STEP).to_string(), query: String::new() };
    let Reply::Looked { text } = ask(&engine, look) else { panic!("no answer") };
    for line in text.lines() {
        // Without the name that programs go by.
        let said = line.trim().split_once(' ').unwrap().1;
        assert!(posts[1].text.to_lowercase().contains(&said.to_lowercase()), "{said}\n{}", posts[1].text);
    }
    assert_eq!(posts[1].thread_ts.as_deref(), Some(pinned.as_str()));

    slack.mention(Slack::GROWTH, Some(&pinned), Slack::MAYA, "search invitations");
    let Reply::Found { hits } =
        ask(&engine, Request::Search { query: "invitations".to_owned(), journey: None })
    else {
        panic!("nothing")
    };
    let found = &slack.until_posts(3)[2].text;
    assert!(hits.len() >= 2 && hits.iter().all(|it| found.contains(&it.title)), "{found}\n{hits:?}");

    slack.mention(Slack::GROWTH, Some(&pinned), Slack::MAYA, "what changed?");
    let changed = &slack.until_posts(4)[3].text;
    assert!(changed.contains("New insight: The crew invitations never arrived"), "{changed}");

    // Who types the command alone sees the answer, at once.
    assert!(slack.slash("step Invite crew").contains("Invite crew · Crew aboard"));
    assert!(slack.slash("").contains("What you can say"));
    assert_eq!(slack.posts().len(), 4);

    let claims = json!([{ "text": "Invitations to the crew do not arrive", "cites": ["I1"] }]);
    let ollama = Ollama::start(move |_, nth| {
        let more = json!({ "claims": claims });
        if nth % 2 == 0 {
            Says::json(&turn("look", json!({ "tool": "list_friction" })))
        } else {
            Says::json(&turn("answer", more))
        }
    });
    use_model(&engine, &ollama);
    let question = "What goes wrong with invitations?";
    let in_app = crate::shared::ask(&engine, journey, question);
    slack.mention(Slack::GROWTH, Some(&pinned), Slack::MAYA, question);
    let answered = &slack.until_posts(5)[4].text;
    assert!(!in_app.answer.claims.is_empty(), "{in_app:?}");
    for claim in &in_app.answer.claims {
        assert!(answered.contains(&claim.text) && answered.contains(&claim.cites[0].title), "{answered}");
    }
}

#[test]
fn people_of_another_company_get_nothing_read_to_them_and_put_nothing_onto_the_map() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let (engine, journey) = listening(folder.path(), &slack);
    let (asked, envelope) = slack.mention(Slack::SUPPORT, None, Slack::ANA, "search invitations");
    slack.confirmed(&envelope);
    let said = slack.say(Slack::SUPPORT, None, Slack::ANA, PINNED);
    slack.confirmed(&slack.react_as(Slack::ANA, Slack::SUPPORT, &said, "pushpin"));
    slack.mention(Slack::SUPPORT, None, Slack::ANA, "The crew invitations are the best");
    // What was missed is looked through in the same way.
    assert_eq!(pull(&engine).problem, "");
    assert!(slack.posts().is_empty(), "{:?}", slack.posts());
    assert!(signals(&engine, Shelf::Review).is_empty() && board(&engine, journey).insights.is_empty());
    // Somebody of the team may keep what they said, and answer for them.
    slack.shortcut(Slack::SUPPORT, &said);
    slack.until_posts(1);
    assert_eq!(board(&engine, journey).insights.len(), 1);
    slack.mention(Slack::SUPPORT, Some(&asked), Slack::MAYA, "search invitations");
    slack.until_posts(2);
}

#[test]
fn a_thread_is_saved_as_one_and_what_is_about_no_step_waits_in_the_inbox() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let (engine, journey) = listening(folder.path(), &slack);
    let root = slack.say(Slack::GROWTH, None, Slack::MAYA, "Bell cannot park their car");
    slack.say(Slack::GROWTH, Some(&root), Slack::MAYA, "Neither can Acme");
    slack.mention(Slack::GROWTH, Some(&root), Slack::MAYA, "save");
    let answer = &slack.until_posts(1)[0].text;
    assert!(answer.contains("Kept in the inbox"), "{answer}");
    let waiting = signals(&engine, Shelf::Review);
    assert_eq!(waiting[0].signal.text, "Bell cannot park their car\nNeither can Acme");
    assert!(board(&engine, journey).insights.is_empty());
    // Words that are no order are themselves what is to be kept.
    slack.mention(Slack::GROWTH, None, Slack::MAYA, "crew invitations are slow today");
    slack.until_posts(2);
    assert_eq!(board(&engine, journey).insights.len(), 1);
}

#[test]
fn what_was_pinned_while_nobody_listened_is_found_and_a_line_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let journey = {
        let (_engine, journey) = listening(folder.path(), &slack);
        journey
    };
    let pinned = slack.say(Slack::GROWTH, None, Slack::MAYA, PINNED);
    slack.mark(Slack::GROWTH, &pinned, "pushpin");
    let engine = seeded(folder.path(), 4);
    engine.keep_up();
    slack.until_posts(1);
    assert_eq!(board(&engine, journey).insights.len(), 1);
    slack.until_listened(2);
    slack.refresh();
    slack.until_listened(3);
    let other = slack.say(Slack::GROWTH, None, Slack::MAYA, "No invitations for our crew either");
    slack.confirmed(&slack.react(Slack::GROWTH, &other, "pushpin"));
    slack.until_posts(2);
}

#[test]
fn an_end_after_it_is_confirmed_loses_nothing_and_doubles_nothing() {
    for broken in 0..9 {
        let folder = tempfile::tempdir().unwrap();
        let slack = Slack::start();
        let (engine, journey) = listening(folder.path(), &slack);
        // Let what happens at the beginning be over.
        pull(&engine);
        let pinned = slack.say(Slack::GROWTH, None, Slack::MAYA, PINNED);
        // From some call on nothing is heard of Slack any more; what it is asked is done.
        let fine = std::iter::repeat_n(None, broken);
        let gone = [Fault::Drop].into_iter().chain(std::iter::repeat_n(Fault::status(503, &json!({})), 40));
        slack.fail_at(fine.chain(gone.map(Some)));
        slack.confirmed(&slack.react(Slack::GROWTH, &pinned, "pushpin"));
        drop(engine);
        slack.mend();

        let engine = seeded(folder.path(), 6);
        for _ in 0..3 {
            pull(&engine);
        }
        assert_eq!(board(&engine, journey).insights.len(), 1, "after {broken} calls");
        assert_eq!(slack.posts().len(), 1, "after {broken} calls");
        assert_eq!(pull(&engine).problem, "");
    }
}

#[test]
fn a_drop_is_told_in_the_channel_once_with_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let posthog = PostHog::dropped(900);
    let engine = engine(folder.path());
    let journey = crew(&engine);
    connect(&engine, &slack);
    let settings = BTreeMap::new();
    let (vendor, key) = ("posthog".to_owned(), Hidden(POSTHOG_KEY.to_owned()));
    ask(
        &engine,
        Request::Connectors(ConnectorsRequest::Connect {
            vendor,
            key,
            settings,
            base_url: Some(posthog.address()),
        }),
    );
    let metric = PostHog::crew_invited(MetricId::from_parts(2, 1), STEP);
    dispatch(&engine, journey, Command::add(metric));
    ask(&engine, Request::Connectors(ConnectorsRequest::Pull { vendor: Some("posthog".to_owned()) }));
    switch_on(&engine, "funnel-watch", |it| it.channel = Some(growth()));
    let sentence = view(&engine, "funnel-watch").sentence;
    let tell = sentence.last().unwrap();
    assert_eq!((tell.word.as_str(), tell.pieces[0].text.as_str()), ("Tell", "#growth in Slack"));

    let mut events = engine.events();
    run(&engine, "funnel-watch", false);
    let posts = slack.until_posts(1);
    assert_eq!((posts[0].channel.as_str(), posts[0].thread_ts.as_deref()), (Slack::GROWTH, None));
    assert!(posts[0].text.contains("Crew invited fell from 37% to 25%"), "{}", posts[0].text);
    assert_eq!(board(&engine, journey).comments.len(), 1, "a thread is begun on the map");
    let logged = loop {
        if let Event::Automations { automations } = events.next_blocking().unwrap() {
            let run = automations.into_iter().find(|it| it.key == "funnel-watch").unwrap().runs.remove(0);
            if run.did.len() == 2 {
                break run;
            }
        }
    };
    assert_eq!((logged.did[1].as_str(), &logged.result), ("Told #growth", &RunResult::Done));
    assert_eq!(run(&engine, "funnel-watch", false).result, RunResult::Nothing);
    assert_eq!(slack.posts().len(), 1, "where nothing was done nothing is told");
}

#[test]
fn whoever_said_it_first_hears_in_their_thread_that_it_has_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let (engine, journey) = listening(folder.path(), &slack);
    let pinned = slack.say(Slack::SUPPORT, None, Slack::ANA, PINNED);
    slack.react(Slack::SUPPORT, &pinned, "pushpin");
    slack.until_posts(1);
    let insight = *board(&engine, journey).insights.keys().next().unwrap();
    let opportunity = Opportunity {
        title: "Invitations get lost".to_owned(),
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(2, 5))
    };
    let solution = Solution {
        title: "Invite by text".to_owned(),
        steps: [STEP].into(),
        ..Solution::new(SolutionId::from_parts(2, 6))
    };
    let (problem, solved): (EntityRef, EntityRef) = (opportunity.id.into(), solution.id.into());
    let link = DeliveryLink {
        provider: "linear".to_owned(),
        external_id: "ACM-1".to_owned(),
        status: DeliveryStatus::Released,
        released_at: Some(Timestamp(1_764_000_000_000)),
        delivers: Some(solved),
        ..DeliveryLink::new(DeliveryLinkId::from_parts(2, 7))
    };
    for command in [
        Command::add(opportunity),
        Command::add(solution),
        Command::Link { from: insight.into(), to: problem },
        Command::Link { from: problem, to: solved },
        Command::add(link),
    ] {
        dispatch(&engine, journey, command);
    }
    switch_on(&engine, "shipped", |it| it.channel = Some(growth()));
    assert_eq!(run(&engine, "shipped", false).did.len(), 1);
    let posts = slack.until_posts(3);
    let said =
        |it: &&custory_testkit::vendors::SlackMessage| it.text.contains("“Invite by text” has shipped");
    let told: Vec<_> = posts.iter().filter(said).collect();
    let threads: Vec<_> = told.iter().map(|it| (it.channel.as_str(), it.thread_ts.clone())).collect();
    assert_eq!(told.len(), 2, "{posts:?}");
    assert!(threads.contains(&(Slack::GROWTH, None)), "{threads:?}");
    assert!(threads.contains(&(Slack::SUPPORT, Some(pinned))), "{threads:?}");
}

#[test]
fn the_weekly_review_is_a_digest_in_the_channel_and_unknown_posts_are_checked_not_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let engine = engine(folder.path());
    let journey = crew(&engine);
    connect(&engine, &slack);
    let opportunity = Opportunity {
        title: "Invitations get lost".to_owned(),
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(2, 5))
    };
    dispatch(&engine, journey, Command::add(opportunity));
    switch_on(&engine, "weekly-review", |it| it.channel = Some(growth()));
    let mut events = engine.events();
    // Its clock is asked for, it is looked for, it is posted and the line breaks; looking again is cut off, too.
    slack.fail_at([None, None, Some(Fault::Drop), Some(Fault::Cut)]);
    run(&engine, "weekly-review", false);
    loop {
        if let Event::Automations { automations } = events.next_blocking().unwrap() {
            let run = &automations.iter().find(|it| it.key == "weekly-review").unwrap().runs[0];
            if let RunResult::Check { problem } = &run.result {
                assert!(problem.contains("It is looked for"), "{problem}");
                break;
            }
        }
    }
    slack.mend();
    assert_eq!(slack.posts().len(), 1);
    // Within a minute it is left alone; the tests' clock goes on by a second at each look.
    while pull(&engine).resumed == 0 {}
    assert_eq!(slack.posts().len(), 1, "it was found, not made again");
    assert_eq!(view(&engine, "weekly-review").runs[0].result, RunResult::Done);
    let text = &slack.posts()[0].text;
    assert!(
        text.starts_with("*Weekly review: Crew aboard*")
            && text.contains("*Nobody owns*\n• Invitations get lost"),
        "{text}"
    );
}

#[test]
fn what_asks_first_does_nothing_before_somebody_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let engine = engine(folder.path());
    let journey = crew(&engine);
    connect(&engine, &slack);
    switch_on(&engine, "save", |it| it.asks_first = true);
    let pinned = slack.say(Slack::GROWTH, None, Slack::MAYA, PINNED);
    slack.mark(Slack::GROWTH, &pinned, "pushpin");
    assert_eq!(pull(&engine).heard, 1);
    let asks = view(&engine, "save").runs.remove(0);
    let RunResult::Asks { would } = &asks.result else { panic!("{asks:?}") };
    assert!(would[0].contains("on “Invite crew”"), "{would:?}");
    assert!(board(&engine, journey).insights.is_empty());
    assert!(slack.posts()[0].text.contains("Kept in the inbox"), "{:?}", slack.posts());

    let ran = run(&engine, "save", true);
    assert_eq!((ran.result, board(&engine, journey).insights.len()), (RunResult::Done, 1));
    assert_eq!(signals(&engine, Shelf::Attached).len(), 1);
    // Taken back, the signal waits again.
    ask(&engine, Request::Automations(AutomationsRequest::UndoRun { run: ran.id }));
    assert!(board(&engine, journey).insights.values().all(|it| it.trashed.is_some()));
    assert_eq!(signals(&engine, Shelf::Review).len(), 1);
}

#[test]
fn a_rehearsal_tells_what_pins_would_have_done_in_ninety_days() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let engine = engine(folder.path());
    let journey = crew(&engine);
    connect(&engine, &slack);
    for text in [PINNED, "Bell cannot park their car", "Our crew got no invitations"] {
        let pinned = slack.say(Slack::GROWTH, None, Slack::MAYA, text);
        slack.mark(Slack::GROWTH, &pinned, "pushpin");
    }
    assert_eq!(pull(&engine).heard, 3);
    let before = board(&engine, journey);
    let Reply::Rehearsed { rehearsal } =
        ask(&engine, Request::Automations(AutomationsRequest::RehearseAutomation { key: "save".to_owned() }))
    else {
        panic!("no rehearsal")
    };
    assert_eq!((rehearsal.would.len(), rehearsal.checks.len()), (2, 3), "{rehearsal:?}");
    let past = rehearsal.past.unwrap();
    assert_eq!(past.iter().map(|it| it.1.len()).sum::<usize>(), 2, "{past:?}");
    assert_eq!(board(&engine, journey), before);
}

#[test]
fn a_refused_token_is_said_beside_the_connection_and_not_tried_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let slack = Slack::start();
    let engine = engine(folder.path());
    connect(&engine, &slack);
    let mut events = engine.events();
    slack
        .fail(std::iter::repeat_n(Fault::status(200, &json!({ "ok": false, "error": "token_revoked" })), 50));
    engine.keep_up();
    loop {
        if let Event::Connectors { connectors } = events.next_blocking().unwrap() {
            let it = connectors.into_iter().find(|it| it.vendor == "slack").unwrap().connection.unwrap();
            if it.next_pull.is_none() {
                assert!(it.problem.contains("does not accept this key"), "{}", it.problem);
                break;
            }
        }
    }
}
