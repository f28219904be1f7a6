//! Stand-ins for vendors on this machine. Each answers in the vendor's documented shapes, holds every
//! request against the vendor's own description, and has the faults that a test gives it.

mod linear;
mod posthog;
mod slack;
mod specs;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

pub use linear::{LINEAR_APP, LINEAR_KEY, Linear, LinearIssue};
pub use posthog::{POSTHOG_KEY, POSTHOG_PROJECT, PostHog, Week};
pub use slack::{SLACK_APP, SLACK_BOT, Slack, SlackMessage};

/// Something that goes wrong with one call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// This answer instead.
    Answer {
        /// Status.
        status: u16,
        /// Headers.
        headers: Vec<(&'static str, String)>,
        /// Body.
        body: String,
    },
    /// No answer ever.
    Silence,
    /// What is asked is done, but the line breaks before the answer.
    Drop,
    /// The answer ends in the middle.
    Cut,
}

impl Fault {
    /// A status with a body.
    pub fn status(status: u16, body: &Value) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.to_string() }
    }

    /// A status with a body and a header.
    pub fn header(status: u16, name: &'static str, value: impl Into<String>, body: &Value) -> Self {
        Self::Answer { status, headers: vec![(name, value.into())], body: body.to_string() }
    }
}

/// What a vendor does when it is asked properly.
trait Vendor: Send + 'static {
    /// What is wrong with a request by the vendor's own description; empty if nothing is.
    fn complaints(&self, request: &Request) -> Vec<String>;
    /// Status and body.
    fn answer(&mut self, request: &Request) -> (u16, Value);
    /// What time it is there, in seconds since 1970; that of the machine without.
    fn now(&self) -> Option<u64> {
        None
    }
}

struct Shared<V> {
    vendor: Mutex<V>,
    faults: Mutex<VecDeque<Option<Fault>>>,
    complaints: Mutex<Vec<String>>,
    calls: Mutex<Vec<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no stand-in panics")
}

/// A running stand-in; it ends when this is dropped, which also fails the test if a request was not as the
/// vendor describes it.
struct StandIn<V: Vendor> {
    server: MockServer,
    shared: Arc<Shared<V>>,
}

struct Breaks<V>(Arc<Shared<V>>);

impl<V: Vendor> Match for Breaks<V> {
    /// Takes the calls whose line is to break, and does what they ask.
    fn matches(&self, request: &Request) -> bool {
        let breaks = matches!(locked(&self.0.faults).front(), Some(Some(Fault::Drop)));
        if breaks {
            locked(&self.0.faults).pop_front();
            self.0.look_at(request);
            locked(&self.0.vendor).answer(request);
        }
        breaks
    }
}

struct Answers<V>(Arc<Shared<V>>);

impl<V: Vendor> Respond for Answers<V> {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        const NEVER: Duration = Duration::from_secs(3_600);
        self.0.look_at(request);
        let fault = locked(&self.0.faults).pop_front().flatten();
        match fault {
            Some(Fault::Answer { status, headers, body }) => headers.into_iter().fold(
                ResponseTemplate::new(status).set_body_raw(body, "application/json"),
                |answer, (name, value)| answer.insert_header(name, value.as_str()),
            ),
            Some(Fault::Silence) => ResponseTemplate::new(200).set_delay(NEVER),
            Some(Fault::Cut) => {
                let body = locked(&self.0.vendor).answer(request).1.to_string();
                let half = body[..body.len() / 2].to_owned();
                ResponseTemplate::new(200).set_body_raw(half, "application/json")
            }
            Some(Fault::Drop) | None => {
                let (status, body) = locked(&self.0.vendor).answer(request);
                let answer = ResponseTemplate::new(status).set_body_json(body);
                match locked(&self.0.vendor).now() {
                    Some(secs) => {
                        let now = std::time::UNIX_EPOCH + Duration::from_secs(secs);
                        answer.insert_header("date", httpdate::fmt_http_date(now).as_str())
                    }
                    None => answer,
                }
            }
        }
    }
}

impl<V: Vendor> Shared<V> {
    fn look_at(&self, request: &Request) {
        locked(&self.calls).push(format!("{} {}", request.method, request.url.path()));
        let complaints = locked(&self.vendor).complaints(request);
        locked(&self.complaints).extend(complaints);
    }
}

impl<V: Vendor> StandIn<V> {
    fn start(vendor: V) -> Self {
        let shared = Arc::new(Shared {
            vendor: Mutex::new(vendor),
            faults: Mutex::default(),
            complaints: Mutex::default(),
            calls: Mutex::default(),
        });
        let (breaks, answers) = (Breaks(Arc::clone(&shared)), Answers(Arc::clone(&shared)));
        // In a thread of its own, so that tests may start it in async code too.
        let starting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime for the stand-in").block_on(async move {
                // One of its own: a server that is shared out again may still hear from the last test's client.
                let server = MockServer::builder().start().await;
                let broken = |_: &Request| std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                server.register(Mock::given(breaks).respond_with_err(broken).with_priority(1)).await;
                server.register(Mock::given(any()).respond_with(answers)).await;
                server
            })
        });
        Self { server: starting.join().expect("the stand-in starts"), shared }
    }

    fn fail(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        locked(&self.shared.faults).extend(faults);
    }
}

impl<V: Vendor> Drop for StandIn<V> {
    fn drop(&mut self) {
        let complaints = locked(&self.shared.complaints);
        if !std::thread::panicking() {
            assert!(complaints.is_empty(), "not as the vendor describes it:\n{}", complaints.join("\n"));
        }
    }
}

macro_rules! stand_in {
    ($name:ident) => {
        impl $name {
            /// Where it is.
            pub fn address(&self) -> String {
                self.0.server.uri()
            }

            /// Has the next calls go wrong, one fault each.
            pub fn fail(&self, faults: impl IntoIterator<Item = super::Fault>) {
                self.0.fail(faults.into_iter().map(Some));
            }

            /// Has some of the next calls go wrong, those that have a fault.
            pub fn fail_at(&self, faults: impl IntoIterator<Item = Option<super::Fault>>) {
                self.0.fail(faults);
            }

            /// Lets everything go well from now on.
            pub fn mend(&self) {
                super::locked(&self.0.shared.faults).clear();
            }

            /// Everything that was asked so far, as method and path.
            pub fn calls(&self) -> Vec<String> {
                super::locked(&self.0.shared.calls).clone()
            }
        }
    };
}
use stand_in;

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap_or(Value::Null)
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// PostHog's way to say no.
fn posthog_error(kind: &str, code: &str, detail: &str) -> Value {
    json!({ "type": kind, "code": code, "detail": detail, "attr": null })
}
