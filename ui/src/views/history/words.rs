//! How versions and moments are written.

use custory_domain::wording::quoted;
use custory_domain::{Timestamp, Via};
use custory_ipc::Version;
use jiff::civil::DateTime;

use crate::{format, host};

/// What a version is called: its name, else what was done.
pub fn title(version: &Version) -> String {
    if version.name.is_empty() { format!("After {}", quoted(&version.label)) } else { version.name.clone() }
}

/// A moment, by the clock of this place.
pub fn moment(at: Timestamp) -> String {
    let local = host::local(at);
    format!("{} {}", format::day(local.date(), host::local(host::now()).date()), time(local))
}

/// A time of day.
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A day as a heading.
pub fn day(at: Timestamp) -> String {
    let (day, today) = (host::local(at).date(), host::local(host::now()).date());
    if day == today {
        "Today".to_owned()
    } else if today.yesterday().is_ok_and(|it| it == day) {
        "Yesterday".to_owned()
    } else {
        format::day(day, today)
    }
}

/// The icon that stands for who did it, where it was not a person by hand.
pub const fn icon(via: Via) -> Option<&'static str> {
    match via {
        Via::User => None,
        Via::Automation => Some("flow"),
        Via::Ai => Some("spark"),
        Via::Import => Some("doc"),
        Via::Connector => Some("sync"),
    }
}

/// Who did it, and through what.
pub fn who(name: Option<String>, via: Via) -> String {
    let name = name.unwrap_or_else(|| "Somebody".to_owned());
    match via {
        Via::User => name,
        Via::Automation => format!("Automation, for {name}"),
        Via::Ai => format!("Assistant, accepted by {name}"),
        Via::Import => format!("Import by {name}"),
        Via::Connector => format!("Connected tool, for {name}"),
    }
}
