//! What the engine does by itself: connected tools are read when they are due, by a clock of the test's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::shared::{HandClock, with_clock};
use custory_domain::Timestamp;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::vendors::{POSTHOG_KEY, PostHog};

const BEGIN: i64 = 1_764_000_000_000;
const MINUTE: i64 = 60_000;

fn connect(engine: &Engine, posthog: &PostHog) {
    let request = Request::Connectors(ConnectorsRequest::Connect {
        vendor: "posthog".to_owned(),
        key: Hidden(POSTHOG_KEY.to_owned()),
        settings: BTreeMap::new(),
        base_url: Some(posthog.address()),
    });
    engine.request_blocking(request).expect("it is connected");
}

/// The connection as the next event about it says.
fn heard(events: &mut custory_engine::Events) -> ConnectionView {
    loop {
        if let Event::Connectors { connectors } = events.next_blocking().expect("the engine runs") {
            let found = connectors.into_iter().find(|it| it.vendor == "posthog").expect("it is listed");
            return found.connection.expect("it is connected");
        }
    }
}

fn minutes(at: Option<Timestamp>) -> Option<i64> {
    at.map(|it| (it.0 - BEGIN) / MINUTE)
}

#[test]
fn a_tool_is_read_at_once_every_half_hour_and_after_a_night_asleep() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let posthog = PostHog::start();
    connect(&engine, &posthog);
    let mut events = engine.events();
    engine.keep_up();
    let read = heard(&mut events);
    assert_eq!((minutes(read.last_pull), minutes(read.next_pull)), (Some(0), Some(30)));

    // One look a minute: the first that finds it due is that of the thirtieth.
    for _ in 0..30 {
        clock.advance(1);
    }
    assert_eq!(minutes(heard(&mut events).last_pull), Some(30));
    // Twelve hours with the lid closed are one look, and one reading.
    clock.advance(12 * 60);
    let read = heard(&mut events);
    assert_eq!((minutes(read.last_pull), minutes(read.next_pull)), (Some(750), Some(780)));
}
