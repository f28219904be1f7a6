//! One tool in detail: how its connection stands, what comes from there and goes there, and what it may do.

use custory_domain::wording::quoted;
use custory_domain::{DeliveryLink, Metric, MetricPurpose, StepId};
use custory_ipc::{ConnectionView, ConnectorView, ConnectorsRequest, Request};
use dioxus::prelude::*;

use super::bind::Picker;
use super::connect::Connect;
use super::pull;
use crate::components::{Button, Icon, Note};
use crate::format;
use crate::host;
use crate::state::{OpenJourney, Panel, stage_colour, use_store};
use crate::views::map::{delivery_status, source_icon};

/// The tool.
#[component]
pub fn Detail(connector: ConnectorView) -> Element {
    let store = use_store();
    let mut is_busy = use_signal(|| false);
    let mut is_again = use_signal(|| false);
    let vendor = connector.vendor.clone();
    let connection = connector.connection.clone();
    let about = match &connection {
        None => connector.purpose.clone(),
        Some(it) => {
            let since = format::day(it.connected_at.date(), host::now().date());
            format!("{}, connected as {} {since}", it.account_name, it.person)
        }
    };
    let problem = connection.as_ref().map(|it| it.problem.clone()).filter(|it| !it.is_empty());
    let is_connected = connection.is_some();
    let has_form = !is_connected || is_again();
    let read = {
        let vendor = vendor.clone();
        move |_| {
            let vendor = vendor.clone();
            async move {
                is_busy.set(true);
                pull(store, vendor).await;
                is_busy.set(false);
            }
        }
    };
    let disconnect = {
        let vendor = vendor.clone();
        move |_| store.order(Request::Connectors(ConnectorsRequest::Disconnect { vendor: vendor.clone() }))
    };
    rsx! {
        div { class: "det-b", id: "tool-shown",
            div { class: "det-w",
                div { class: "det-h",
                    span { class: "tile lg", Icon { name: source_icon(&vendor) } }
                    div { class: "grow",
                        h2 { "{connector.name}" }
                        p { "{about}" }
                    }
                    if is_connected {
                        Button {
                            label: "Pull now",
                            class: "sm",
                            icon: "sync",
                            id: "pull-{vendor}",
                            busy: is_busy().then(|| "Reading".to_owned()),
                            onclick: read,
                        }
                        Button { label: "Disconnect", class: "sm ghost", id: "disconnect-{vendor}", onclick: disconnect }
                    }
                }
                if let Some(problem) = problem {
                    div { class: "in-n",
                        Note { icon: "warn", tone: "bad", "{problem}" }
                        Button {
                            label: if is_again() { "Cancel" } else { "Connect again" },
                            class: "sm",
                            id: "again-{vendor}",
                            onclick: move |_| is_again.toggle(),
                        }
                    }
                }
                if let Some(connection) = connection {
                    Facts { connector: connector.clone(), connection }
                }
                if has_form {
                    Connect { connector: connector.clone(), onclose: move |()| is_again.set(false) }
                }
                if is_connected && connector.is_source {
                    Steps { vendor: vendor.clone(), name: connector.name.clone() }
                }
                if is_connected && connector.is_tracker {
                    Issues { vendor: vendor.clone() }
                }
                if is_connected {
                    div { class: "blk-h in-h", h3 { "What Custory may do" } }
                    div { class: "box",
                        for it in connector.reads.iter() {
                            Leave { key: "{it}", icon: "eye", verb: "Read", what: it.clone() }
                        }
                        for it in connector.writes.iter() {
                            Leave { key: "{it}", icon: "pen", verb: "Write", what: it.clone() }
                        }
                        if connector.writes.is_empty() {
                            Leave { icon: "lock", verb: "Write", what: "nothing" }
                        }
                    }
                }
                Note { icon: "key", "The key stays on this computer, and it alone asks the tool. Teammates get results, never the key." }
            }
        }
    }
}

/// Something that may be read or written.
#[component]
fn Leave(icon: &'static str, verb: &'static str, what: String) -> Element {
    rsx! {
        div { class: "rw",
            Icon { name: icon }
            div { class: "g",
                p { b { "{verb}: " } "{what}" }
            }
        }
    }
}

/// How the connection stands, in four numbers.
#[component]
fn Facts(connector: ConnectorView, connection: ConnectionView) -> Element {
    let store = use_store();
    let now = host::now();
    let open = store.open.read();
    let last = connection.last_pull.map_or("Not yet".to_owned(), |at| format::days_ago(at, now));
    let next = match connection.next_pull {
        Some(at) => format::ahead(at, now),
        None => "When you pull".to_owned(),
    };
    let bound = open.as_ref().filter(|_| connector.is_source).map(|open| {
        let steps = open.board.steps_in_order();
        let is_bound = |step: StepId| bound(open, step).is_some_and(|it| is_from(it, &connector.vendor));
        (steps.iter().filter(|it| is_bound(it.id)).count(), steps.len())
    });
    let linked =
        open.as_ref().filter(|_| connector.is_tracker).map(|open| issues(open, &connector.vendor).len());
    rsx! {
        div { class: "facts",
            div { b { {format::capital(&last)} } "Last read" }
            div { b { {format::capital(&next)} } "Read again" }
            if let Some((bound, all)) = bound {
                div { b { "{bound} of {all}" } "Steps with an event" }
            }
            if let Some(linked) = linked {
                div { b { "{linked}" } "Issues on the journey" }
            }
        }
    }
}

/// Whether a metric's values come from there.
fn is_from(metric: &Metric, vendor: &str) -> bool {
    metric.source.as_ref().is_some_and(|it| it.provider == vendor)
}

/// The number that draws the funnel at a step: the one whose values are read, where there are several.
fn bound(open: &OpenJourney, step: StepId) -> Option<&Metric> {
    let all = open.board.metrics.values().filter(|it| {
        it.trashed.is_none() && it.purpose == MetricPurpose::StepEntrants && it.steps.contains(&step)
    });
    all.max_by_key(|it| it.source.is_some())
}

/// What the steps of the journey are counted by.
#[component]
fn Steps(vendor: String, name: String) -> Element {
    let store = use_store();
    let mut picking = use_signal(|| None::<Metric>);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let days = open.numbers.flow_days;
    let outline = open.outline();
    let count = outline.len();
    let rows = outline.iter().enumerate().flat_map(|(position, (_, steps))| {
        steps.iter().map(move |it| (it.id, it.title.clone(), stage_colour(position, count)))
    });
    let journey = open.id;
    let project = store
        .connectors
        .read()
        .iter()
        .find(|it| it.vendor == vendor)
        .and_then(|it| it.connection.as_ref().map(|it| it.account.clone()))
        .unwrap_or_default();
    rsx! {
        div { class: "blk-h in-h",
            h3 { "Steps and events" }
            small { "The funnel of {quoted(open.title())} comes from these" }
        }
        table { class: "mapt", id: "steps-and-events",
            thead {
                tr {
                    th { "Step" }
                    th { "{name} event" }
                    th { if let Some(days) = days { "Accounts, {days} days" } else { "Accounts" } }
                }
            }
            tbody {
                for (step , title , colour) in rows {
                    tr { key: "{step}",
                        td {
                            span { class: "stepchip", style: "--c:{colour}",
                                i {}
                                "{title}"
                            }
                        }
                        td {
                            match bound(open, step).cloned() {
                                Some(metric) if is_from(&metric, &vendor) => rsx! {
                                    code { {events(&metric)} }
                                },
                                Some(metric) => rsx! {
                                    Button {
                                        label: "Pick event…",
                                        class: "xs ghost",
                                        icon: "plus",
                                        onclick: move |_| picking.set(Some(metric.clone())),
                                    }
                                },
                                None => rsx! {
                                    button {
                                        class: "lk t3",
                                        r#type: "button",
                                        onclick: move |_| store.go_to(journey, Panel { step, item: None }),
                                        "No number that counts who enters"
                                    }
                                },
                            }
                        }
                        td { class: "tn", {open.numbers.flow.get(&step).map(|it| format::whole(it.count)).unwrap_or_default()} }
                    }
                }
            }
        }
        if let Some(metric) = picking() {
            Picker { metric, vendor, project, onclose: move |()| picking.set(None) }
        }
    }
}

fn events(metric: &Metric) -> String {
    metric.source.as_ref().map(|it| it.counted.events().join(" → ")).unwrap_or_default()
}

fn issues<'a>(open: &'a OpenJourney, vendor: &str) -> Vec<&'a DeliveryLink> {
    open.board.delivery_links.values().filter(|it| it.trashed.is_none() && it.provider == vendor).collect()
}

/// Issues of the journey that stand there.
#[component]
fn Issues(vendor: String) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let all = issues(open, &vendor);
    rsx! {
        div { class: "blk-h in-h",
            h3 { "Issues" }
            small { "What was sent from {quoted(open.title())}, and where it stands" }
        }
        if all.is_empty() {
            p { class: "none", "Nothing was sent yet. Open an opportunity or a solution and choose “Send to”." }
        } else {
            table { class: "mapt", id: "issues-there",
                thead {
                    tr {
                        th { "Issue" }
                        th { "Title" }
                        th { "Status" }
                    }
                }
                tbody {
                    for it in all {
                        tr { key: "{it.id}",
                            td { code { "{it.external_id}" } }
                            td { "{it.title}" }
                            td { {delivery_status(it.status).1} }
                        }
                    }
                }
            }
        }
    }
}
