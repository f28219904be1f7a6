//! Vendors' stand-ins, and surroundings in which time stands still and no wait is waited for.

use std::future::Future;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use custory_connectors::{Connector, Context, Key, Patience, Settings, Surroundings};
use custory_domain::Timestamp;
use custory_testkit::vendors::{
    Fault, LINEAR_KEY, Linear, POSTHOG_KEY, POSTHOG_PROJECT, PostHog, SLACK_BOT, Slack,
};
use futures_util::future::BoxFuture;

/// 24 November 2026, a Tuesday.
pub const NOW: Timestamp = Timestamp(1_795_530_000_000);

/// Remembers the waits.
#[derive(Default)]
pub struct Still(Mutex<Vec<Duration>>);

impl Surroundings for Still {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn seed(&self) -> u64 {
        7
    }

    fn wait(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.0.lock().expect("as it was set up").push(time);
        Box::pin(std::future::ready(()))
    }
}

pub enum Vendor {
    PostHog(PostHog),
    Linear(Linear),
    Slack(Slack),
}

/// The stand-in for a connector's vendor.
pub struct StandIn {
    connector: &'static Connector,
    pub vendor: Vendor,
    still: Arc<Still>,
}

impl StandIn {
    /// A connector without a stand-in fails here: it has to bring one.
    pub fn of(connector: &'static Connector) -> Self {
        let vendor = match connector.key {
            "posthog" => Vendor::PostHog(PostHog::start()),
            "linear" => Vendor::Linear(Linear::start()),
            "slack" => Vendor::Slack(Slack::start()),
            other => panic!("{other} has no stand-in in custory-testkit"),
        };
        Self { connector, vendor, still: Arc::default() }
    }

    /// The key, or the first of two.
    pub fn key(&self) -> &'static str {
        match self.vendor {
            Vendor::PostHog(_) => POSTHOG_KEY,
            Vendor::Linear(_) => LINEAR_KEY,
            Vendor::Slack(_) => SLACK_BOT,
        }
    }

    /// Everything that a person pastes.
    fn keys(&self) -> String {
        if matches!(self.vendor, Vendor::Slack(_)) { Slack::keys() } else { self.key().to_owned() }
    }

    pub fn address(&self) -> String {
        match &self.vendor {
            Vendor::PostHog(it) => it.address(),
            Vendor::Linear(it) => it.address(),
            Vendor::Slack(it) => it.address(),
        }
    }

    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        match &self.vendor {
            Vendor::PostHog(it) => it.fail(faults),
            Vendor::Linear(it) => it.fail(faults),
            Vendor::Slack(it) => it.fail(faults),
        }
    }

    pub fn fail_at(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        match &self.vendor {
            Vendor::PostHog(it) => it.fail_at(faults),
            Vendor::Linear(it) => it.fail_at(faults),
            Vendor::Slack(it) => it.fail_at(faults),
        }
    }

    pub fn calls(&self) -> usize {
        match &self.vendor {
            Vendor::PostHog(it) => it.calls().len(),
            Vendor::Linear(it) => it.calls().len(),
            Vendor::Slack(it) => it.calls().len(),
        }
    }

    pub fn waits(&self) -> Vec<Duration> {
        self.still.0.lock().expect("as it was set up").clone()
    }

    pub fn context(&self) -> Context {
        self.context_with(&self.keys())
    }

    pub fn context_with(&self, key: &str) -> Context {
        self.made(key, Patience::default())
    }

    /// Gives up on an answer soon.
    pub fn impatient(&self) -> Context {
        self.made(&self.keys(), Patience { attempt_max: Duration::from_millis(50), ..Patience::default() })
    }

    fn made(&self, key: &str, patience: Patience) -> Context {
        let settings = Settings::from([("project".to_owned(), POSTHOG_PROJECT.to_owned())]);
        let still = Arc::clone(&self.still) as Arc<dyn Surroundings>;
        let address = self.address();
        Context::new(self.connector, Key::new(key), settings, Some(&address), still, patience)
            .expect("as it was set up")
    }
}

/// A connector at any address.
pub fn context_at(connector: &'static Connector, address: &str) -> Context {
    let still = Arc::new(Still::default());
    let patience = Patience::default();
    Context::new(connector, Key::new("key"), Settings::new(), Some(address), still, patience)
        .expect("as it was set up")
}

/// A server that promises more than it sends, five times.
pub fn broken_line() -> (String, JoinHandle<usize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("as it was set up");
    let address = format!("http://{}", listener.local_addr().expect("as it was set up"));
    let served = std::thread::spawn(move || {
        let mut served = 0;
        for stream in listener.incoming().take(5) {
            let mut stream = stream.expect("as it was set up");
            let mut request = [0; 4_096];
            assert!(stream.read(&mut request).expect("as it was set up") > 0);
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"data\":";
            stream.write_all(answer.as_bytes()).expect("as it was set up");
            served += 1;
        }
        served
    });
    (address, served)
}

/// Waits for a future.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("as it was set up")
        .block_on(future)
}
