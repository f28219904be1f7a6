//! What each vendor's connector makes of what the vendor says.

use crate::shared::{NOW, StandIn, Vendor, run};
use custory_connectors::{ConnectError, Draft, closed_weeks, find, issue_id};
use custory_domain::*;
use custory_testkit::vendors::Fault;
use serde_json::json;

fn posthog() -> StandIn {
    let stand_in = StandIn::of(find("posthog").expect("it is registered"));
    let Vendor::PostHog(posthog) = &stand_in.vendor else { panic!("another vendor") };
    for (monday, people) in [("2026-11-09", 400), ("2026-11-16", 300)] {
        posthog.set(monday, "signed_up", people, people + 25);
        posthog.set(monday, "invited_crew", people / 4, people / 2);
    }
    stand_in
}

fn linear(stand_in: &StandIn) -> &custory_testkit::vendors::Linear {
    match &stand_in.vendor {
        Vendor::Linear(it) => it,
        _ => panic!("another vendor"),
    }
}

fn opportunity(number: u128) -> EntityRef {
    OpportunityId::from_parts(1, number).into()
}

fn draft(number: u128, team: &str) -> Draft {
    Draft {
        id: issue_id("linear", "acme", JourneyId::from_parts(1, 1), opportunity(number)),
        team: team.to_owned(),
        title: format!("Crew invitations get lost {number}"),
        body: "**Why now**\n\nMost stop here.".to_owned(),
        link: format!("custory://item/{number}"),
        about: "Invite crew".to_owned(),
    }
}

#[test]
fn events_are_listed_by_how_often_they_came() {
    let stand_in = posthog();
    let context = stand_in.context();
    let events = run(context.numbers().unwrap().events()).unwrap();
    let names: Vec<_> = events.iter().map(|it| (it.name.as_str(), it.times, it.people)).collect();
    assert_eq!(names, [("signed_up", 750, 700), ("invited_crew", 350, 175)]);
}

#[test]
fn people_events_and_funnels_are_counted_per_closed_week_with_their_cases() {
    let stand_in = posthog();
    let context = stand_in.context();
    let weeks = closed_weeks(NOW, 2);
    let weekly = |counted: Counted| {
        let points = run(context.numbers().unwrap().weekly(&counted, &weeks)).unwrap();
        points.into_values().map(|it| (it.value, it.n)).collect::<Vec<_>>()
    };
    let event = "signed_up".to_owned();
    assert_eq!(weekly(Counted::People { event: event.clone() }), [(400.0, Some(400)), (300.0, Some(300))]);
    assert_eq!(weekly(Counted::Events { event: event.clone() }), [(425.0, Some(425)), (325.0, Some(325))]);
    let funnel = Counted::Funnel { events: vec![event, "invited_crew".to_owned()] };
    assert_eq!(weekly(funnel), [(0.25, Some(400)), (0.25, Some(300))]);
}

#[test]
fn a_week_in_which_nobody_began_has_no_conversion() {
    let stand_in = posthog();
    let context = stand_in.context();
    let funnel = Counted::Funnel { events: vec!["other".to_owned(), "another".to_owned()] };
    assert!(run(context.numbers().unwrap().weekly(&funnel, &closed_weeks(NOW, 1))).unwrap().is_empty());
}

#[test]
fn a_count_that_takes_long_is_asked_after_until_it_is_there() {
    let stand_in = posthog();
    let later =
        json!({ "query_status": { "id": "abc-1", "team_id": 4711, "complete": false }, "results": null });
    let ready = json!({
        "query_status": { "id": "abc-1", "team_id": 4711, "complete": true,
                          "results": [{ "aggregated_value": 12 }] },
    });
    stand_in.fail([Fault::status(200, &later), Fault::status(200, &later), Fault::status(200, &ready)]);
    let context = stand_in.context();
    let people = Counted::People { event: "a".to_owned() };
    let points = run(context.numbers().unwrap().weekly(&people, &closed_weeks(NOW, 1))).unwrap();
    assert_eq!(points.into_values().map(|it| it.value).collect::<Vec<_>>(), [12.0]);
    assert_eq!(stand_in.waits().len(), 2);
}

#[test]
fn a_missing_scope_is_named_in_posthogs_words() {
    let stand_in = posthog();
    let detail = "API key missing required scope 'query:read'";
    let body = json!({ "type": "authentication_error", "code": "permission_denied", "detail": detail });
    stand_in.fail([Fault::status(403, &body)]);
    let error = run(stand_in.context().probe()).unwrap_err();
    assert!(error.to_string().contains(detail), "{error}");
}

#[test]
fn an_issue_is_made_once_however_often_it_is_sent() {
    let stand_in = StandIn::of(find("linear").unwrap());
    let context = stand_in.context();
    let tracker = context.tracker().unwrap();
    let teams = run(tracker.teams()).unwrap();
    assert_eq!(teams[0].key, "ACM");
    assert_eq!(teams[0].states[3], ("In Review".to_owned(), DeliveryStatus::InReview));
    let draft = draft(1, &teams[0].id);
    let first = run(tracker.send(&draft)).unwrap();
    let again = run(tracker.send(&draft)).unwrap();
    assert_eq!(first, again);
    let issues = linear(&stand_in).issues();
    assert_eq!(issues.len(), 1);
    assert_eq!((issues[0].description.as_str(), issues[0].links.len()), (draft.body.as_str(), 1));
}

#[test]
fn whatever_breaks_while_an_issue_is_made_there_is_one_issue() {
    let team = {
        let stand_in = StandIn::of(find("linear").unwrap());
        let context = stand_in.context();
        run(context.tracker().unwrap().teams()).unwrap()[0].id.clone()
    };
    let faults = [
        Fault::Drop,
        Fault::Silence,
        Fault::Cut,
        Fault::status(500, &json!({})),
        Fault::status(200, &json!({ "data": { "issueCreate": { "success": true, "issue": null } } })),
    ];
    for fault in faults {
        // At every place: looking for it, making it, adding the link.
        for place in 0..3 {
            let stand_in = StandIn::of(find("linear").unwrap());
            let context = stand_in.impatient();
            let tracker = context.tracker().unwrap();
            let fine = (0..place).map(|_| None).chain([Some(fault.clone())]);
            stand_in.fail_at(fine);
            let sent = run(tracker.send(&draft(1, &team)));
            let sent = sent.or_else(|_| run(tracker.send(&draft(1, &team))));
            assert_eq!(linear(&stand_in).issues().len(), 1, "{fault:?} at {place}: {sent:?}");
            assert_eq!(sent.unwrap().name, "ACM-1");
        }
    }
}

#[test]
fn only_issues_that_changed_are_read_and_each_once_over_all_pages() {
    let stand_in = StandIn::of(find("linear").unwrap());
    let context = stand_in.context();
    let tracker = context.tracker().unwrap();
    let team = run(tracker.teams()).unwrap()[0].id.clone();
    let drafts: Vec<_> = (0..7).map(|it| draft(it, &team)).collect();
    for it in &drafts {
        run(tracker.send(it)).unwrap();
    }
    linear(&stand_in).page_by(3);
    let ids: Vec<_> = drafts.iter().map(|it| it.id).collect();
    let all = run(tracker.states(&ids, None)).unwrap();
    assert_eq!(all.len(), 7);
    let newest = all.iter().map(|it| it.updated_at).max();
    assert!(run(tracker.states(&ids, newest)).unwrap().is_empty());

    linear(&stand_in).advance(2, "In Review", "started", Some("Ana"));
    linear(&stand_in).advance(4, "Shipped it", "a type of the future", None);
    let changed = run(tracker.states(&ids, newest)).unwrap();
    let mut told: Vec<_> =
        changed.iter().map(|it| (it.name.as_str(), it.status, it.assignee.as_str())).collect();
    told.sort_unstable();
    assert_eq!(told, [("ACM-3", DeliveryStatus::InReview, "Ana"), ("ACM-5", DeliveryStatus::Backlog, "")]);
}

#[test]
fn linears_own_way_to_ask_for_patience_is_understood() {
    let stand_in = StandIn::of(find("linear").unwrap());
    let body = json!({ "errors": [{ "message": "slow", "extensions": { "code": "RATELIMITED" } }] });
    let reset = (NOW.0 + 9_000).to_string();
    let headers = vec![
        ("date", "Tue, 24 Nov 2026 14:20:00 GMT".to_owned()),
        ("x-ratelimit-requests-remaining", "0".to_owned()),
        ("x-ratelimit-requests-reset", reset),
    ];
    stand_in.fail([Fault::Answer { status: 400, headers, body: body.to_string() }]);
    run(stand_in.context().probe()).unwrap();
    assert!(stand_in.waits()[0] >= std::time::Duration::from_secs(9));
}

#[test]
fn a_list_that_never_ends_is_given_up() {
    let stand_in = StandIn::of(find("linear").unwrap());
    let page = json!({ "data": { "teams": { "nodes": [], "pageInfo": { "hasNextPage": true, "endCursor": "x" } } } });
    stand_in.fail([Fault::status(200, &page), Fault::status(200, &page)]);
    let context = stand_in.context();
    let error = run(context.tracker().unwrap().teams()).unwrap_err();
    assert!(matches!(error, ConnectError::Unexpected { .. }), "{error:?}");
}
