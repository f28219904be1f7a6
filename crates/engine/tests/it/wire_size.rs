//! P16: what an edit costs on the wire.

use std::path::Path;
use std::time::Duration;

use custory_domain::*;
use custory_engine::{Engine, Options, SystemClock, SystemEntropy, secrets};
use custory_ipc::*;
use custory_testkit::relay::{Kept, TestRelay};
use custory_wire::{LogId, ToRelay};

const PATIENCE: Duration = Duration::from_secs(40);
const LOOK: Duration = Duration::from_millis(200);

/// What a WebSocket puts before a short message from a client: two bytes, two of length, four of mask.
const FRAME_BYTES: u64 = 8;

/// What the relay's store keeps with each record.
const LENGTH_BYTES: u64 = 4;

/// What a change of one field may cost.
const FIELD_BYTES_MAX: u64 = 450;

/// What a single record may hold.
const RECORD_BYTES: u64 = 256 << 10;

fn engine(data_dir: &Path) -> Engine {
    Engine::start(Options {
        data_dir: data_dir.to_owned(),
        clock: std::sync::Arc::new(SystemClock),
        entropy: Box::new(SystemEntropy),
        secrets: secrets::file(data_dir),
        person: "Ana".to_owned(),
    })
    .unwrap()
}

fn dispatch(engine: &Engine, journey: JourneyId, command: Command) {
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).unwrap();
}

/// Waits until nothing waits to be sent.
fn in_step(engine: &Engine) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut events = engine.events();
    for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
        let Ok(Reply::Team { team }) = engine.request_blocking(Request::Team(TeamRequest::Standing)) else {
            panic!("no answer")
        };
        if team.is_some_and(|it| {
            it.state == TeamState::InStep
                && !it.journeys.is_empty()
                && it.journeys.iter().all(|it| it.waiting == 0)
        }) {
            return;
        }
        drop(runtime.block_on(async { tokio::time::timeout(LOOK, events.next()).await }));
    }
    panic!("waited in vain");
}

/// What came to be kept while something was done.
fn grown(relay: &TestRelay, engine: &Engine, work: impl FnOnce()) -> Kept {
    in_step(engine);
    let before = relay.kept();
    work();
    in_step(engine);
    let after = relay.kept();
    Kept {
        records: after.records - before.records,
        record_bytes: after.record_bytes - before.record_bytes,
        ..after
    }
}

#[test]
fn p16_a_field_is_450_bytes_and_a_thousand_items_are_one_record_for_each_256_kib() {
    let folder = tempfile::tempdir().unwrap();
    let relay = TestRelay::start();
    let ana = engine(folder.path());
    let from = Beginning::Blank;
    let made = ana.request_blocking(Request::CreateJourney { title: "Trial".to_owned(), from });
    let Ok(Reply::Made { journey, .. }) = made else { panic!("{made:?}") };
    let Ok(Reply::Board { board, .. }) = ana.request_blocking(Request::OpenJourney { journey }) else {
        panic!()
    };
    let step = StepId::from_parts(7, 1);
    let stage = board.stages_in_order()[0].id;
    dispatch(
        &ana,
        journey,
        Command::add(Step { title: "Sign up".to_owned(), stage: Some(stage), ..Step::new(step) }),
    );
    let (address, device) = (relay.address(), "Ana's laptop".to_owned());
    ana.request_blocking(Request::Team(TeamRequest::CreateTeam { relay: address, token: None, device }))
        .unwrap();

    let items = (0..1_000_u128).map(|number| {
        let id = InsightId::from_parts(8, number);
        let statement =
            format!("What customer {number} said about signing up, in a sentence of usual length");
        Command::add(Insight { statement, steps: [step].into(), ..Insight::new(id) })
    });
    let import = Command::Batch { label: "Import".to_owned(), commands: items.collect() };
    let imported = grown(&relay, &ana, || dispatch(&ana, journey, import));
    let most = imported.record_bytes.div_ceil(RECORD_BYTES);
    assert!((1..=most).contains(&imported.records), "{imported:?}");

    let set = StepField::Title("Sign up with a phone number".to_owned());
    let edit = Command::set(Change::Step { id: step, set });
    let edited = grown(&relay, &ana, || dispatch(&ana, journey, edit));
    assert_eq!(edited.records, 1);
    let record = vec![0; (edited.record_bytes - LENGTH_BYTES) as usize];
    let push = ToRelay::Push { log: LogId([0; 16]), records: vec![record] }.to_bytes().len() as u64;
    let bytes = push + FRAME_BYTES;
    eprintln!(
        "P16: a field {bytes} bytes; 1,000 items {} in {} record(s)",
        imported.record_bytes, imported.records
    );
    assert!(bytes <= FIELD_BYTES_MAX, "{bytes} bytes");
}
