//! An engine with a clock and randomness of the test's own, and a scripted model beside it.

pub mod automations;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use custory_domain::*;
use custory_engine::{Clock, Engine, Entropy, Options};
use custory_ipc::*;
use custory_testkit::ollama::Ollama;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// A clock that goes on by a second at every look.
struct StepClock(AtomicI64);

impl Clock for StepClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1_000, Ordering::Relaxed))
    }
}

/// Bytes that never repeat within a process and are the same in every run for one seed.
struct CountingEntropy(u64);

impl Entropy for CountingEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A clock that stands still until a test moves it on.
pub struct HandClock {
    now: Mutex<HandTime>,
    waits: Condvar,
}

struct HandTime {
    now: i64,
    /// Until when somebody waits, and how to tell them.
    waiting: Vec<(i64, oneshot::Sender<()>)>,
}

impl HandClock {
    pub fn at(now: i64) -> Arc<Self> {
        Arc::new(Self { now: Mutex::new(HandTime { now, waiting: Vec::new() }), waits: Condvar::new() })
    }

    /// What time it is.
    pub fn time(&self) -> i64 {
        self.now.lock().expect("no panic").now
    }

    /// Ends when somebody waits.
    pub fn until_waited(&self) {
        let mut time = self.now.lock().expect("no panic");
        while time.waiting.is_empty() {
            time = self.waits.wait(time).expect("no panic");
        }
    }

    /// Moves on by minutes, once everybody who was woken before waits again.
    pub fn advance(&self, minutes: i64) {
        let mut time = self.now.lock().expect("no panic");
        while time.waiting.is_empty() {
            time = self.waits.wait(time).expect("no panic");
        }
        time.now += minutes * 60_000;
        let now = time.now;
        let (over, still): (Vec<_>, Vec<_>) =
            std::mem::take(&mut time.waiting).into_iter().partition(|it| it.0 <= now);
        time.waiting = still;
        // Whoever waited may have stopped.
        for (_, wake) in over {
            wake.send(()).ok();
        }
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.lock().expect("no panic").now)
    }

    fn wait(&self, time: Duration) -> BoxFuture<'static, ()> {
        let (wake, woken) = oneshot::channel();
        let mut inside = self.now.lock().expect("no panic");
        let until = inside.now + i64::try_from(time.as_millis()).expect("a short time");
        inside.waiting.push((until, wake));
        self.waits.notify_all();
        Box::pin(async move { drop(woken.await) })
    }
}

/// An engine with that clock.
pub fn with_clock(data_dir: &Path, clock: Arc<dyn Clock>) -> Engine {
    let entropy = Box::new(CountingEntropy(1));
    let secrets = custory_engine::secrets::file(data_dir);
    let (data_dir, person) = (data_dir.to_owned(), "Maya".to_owned());
    Engine::start(Options { data_dir, clock, entropy, secrets, person }).expect("engine starts")
}

/// An engine on a folder.
pub fn engine(data_dir: &Path) -> Engine {
    seeded(data_dir, 1)
}

/// One of several engines on a folder, each with a seed of its own.
pub fn seeded(data_dir: &Path, seed: u64) -> Engine {
    let clock = Arc::new(StepClock(AtomicI64::new(1_764_000_000_000)));
    let entropy = Box::new(CountingEntropy(seed));
    let person = "Maya".to_owned();
    let secrets = custory_engine::secrets::file(data_dir);
    let data_dir = data_dir.to_owned();
    Engine::start(Options { data_dir, clock, entropy, secrets, person }).expect("engine starts")
}

/// Chooses the scripted model.
pub fn use_model(engine: &Engine, ollama: &Ollama) {
    let settings = ModelSettings {
        address: ollama.address().to_owned(),
        model: Some(Ollama::MODEL.to_owned()),
        ..ModelSettings::default()
    };
    engine.request_blocking(Request::SetModels { settings }).expect("settings");
}

/// A journey with one step, “Sign up”.
pub fn journey(engine: &Engine, title: &str) -> JourneyId {
    let from = Beginning::Blank;
    let made = engine.request_blocking(Request::CreateJourney { title: title.to_owned(), from });
    let Ok(Reply::Made { journey, .. }) = made else { panic!("{made:?}") };
    let stage = board(engine, journey).stages_in_order()[1].id;
    let step =
        Step { title: "Sign up".to_owned(), stage: Some(stage), ..Step::new(StepId::from_parts(1, 1)) };
    dispatch(engine, journey, Command::add(step));
    journey
}

/// Carries a command out.
pub fn dispatch(engine: &Engine, journey: JourneyId, command: Command) {
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("a command");
}

/// A journey's board.
pub fn board(engine: &Engine, journey: JourneyId) -> Board {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { board, .. }) => board,
        other => panic!("{other:?}"),
    }
}

fn answered(engine: &Engine, journey: JourneyId, question: &str) -> Result<Asked, String> {
    let mut events = engine.events();
    let question = question.to_owned();
    engine.request_blocking(Request::Ask { journey, question, model: None }).map_err(|it| it.message)?;
    loop {
        match events.next_blocking().expect("the engine runs") {
            Event::Answered { asked } => return Ok(*asked),
            Event::AskFailed { message, .. } => return Err(message),
            _ => {}
        }
    }
}

/// Asks and waits for the answer.
pub fn ask(engine: &Engine, journey: JourneyId, question: &str) -> Asked {
    answered(engine, journey, question).expect("an answer")
}

/// Asks and waits for the reason why there is no answer.
pub fn failed(engine: &Engine, journey: JourneyId, question: &str) -> String {
    answered(engine, journey, question).expect_err("no answer")
}

/// A turn of the scripted model with what differs from an empty one.
pub fn turn(act: &str, more: Value) -> Value {
    let mut turn = json!({ "act": act, "changes": [], "claims": [], "name": "", "query": "", "tool": "" });
    if let (Some(turn), Some(more)) = (turn.as_object_mut(), more.as_object()) {
        turn.extend(more.clone());
    }
    turn
}
