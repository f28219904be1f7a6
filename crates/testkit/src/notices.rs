//! A desktop that shows notices, as far as a program on its message bus can tell: it keeps what it is asked to show.
//!
//! By the [Desktop Notifications Specification](https://specifications.freedesktop.org/notification-spec/latest/), 1.2.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use zbus::blocking::{Connection, connection};
use zbus::zvariant::Value;

use crate::bus::Bus;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How long a notice is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A notice that a program has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub number: u32,
    /// The notice whose place it takes; 0 for none.
    pub replaces: u32,
    /// Its first line.
    pub title: String,
    /// Its text, in which markup is read.
    pub text: String,
}

/// The desktop.
pub struct Notices {
    connection: Connection,
    shown: Receiver<Shown>,
}

impl Notices {
    /// Shows notices for whoever is on a bus.
    pub fn on(bus: &Bus) -> Self {
        let (sender, shown) = channel();
        let connection = connection::Builder::address(bus.address())
            .and_then(|it| it.serve_at(PATH, Desk { sender, last: 0 }))
            .and_then(|it| it.name(NAME))
            .and_then(|it| it.build())
            .expect("a place on the bus");
        Self { connection, shown }
    }

    /// The next notice.
    pub fn next(&self) -> Shown {
        self.shown.recv_timeout(PATIENCE).expect("a notice")
    }

    /// A notice that is there already.
    pub fn shown_by_now(&self) -> Option<Shown> {
        self.shown.try_recv().ok()
    }

    /// As when a person clicks on a notice, which goes away by that.
    pub fn click(&self, number: u32) {
        self.emit("ActionInvoked", &(number, "default"));
        // 2: by the person.
        self.emit("NotificationClosed", &(number, 2_u32));
    }

    fn emit(&self, signal: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        let sent = self.connection.emit_signal(None::<&str>, PATH, NAME, signal, body);
        sent.expect("the bus takes a signal");
    }
}

/// What answers on the bus.
struct Desk {
    sender: Sender<Shown>,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desk {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &mut self,
        _program: &str,
        replaces: u32,
        _icon: &str,
        title: &str,
        text: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, Value<'_>>,
        _millis: i32,
    ) -> u32 {
        let number = if replaces > 0 { replaces } else { self.last + 1 };
        self.last = self.last.max(number);
        let shown = Shown { number, replaces, title: title.to_owned(), text: text.to_owned() };
        // A test that is over asks for no more.
        self.sender.send(shown).ok();
        number
    }

    fn close_notification(&self, _number: u32) {}

    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "body-markup"]
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("A desktop for tests", "Custory", "1", "1.2")
    }
}
