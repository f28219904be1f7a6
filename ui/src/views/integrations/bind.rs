//! Binding a metric to what a tool counts: picked from the events that really come in.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, Counted, Metric, MetricField, MetricSource, MetricState};
use custory_ipc::{ConnectorsRequest, EventView, Reply, Request};
use dioxus::prelude::*;

use super::{STYLE, connected, pull};
use crate::components::{Button, Dialog, Icon, TextField};
use crate::format;
use crate::state::use_store;

/// Days that a value of a bound metric covers.
const WEEK_DAYS: u16 = 7;
/// Events that are shown at once; typing narrows them down.
const SHOWN_MAX: usize = 60;

/// Where a metric's values come from, and changing that.
#[component]
pub fn BindMetric(metric: Metric) -> Element {
    let store = use_store();
    let mut is_open = use_signal(|| false);
    let Some(tool) = connected(store, |it| it.is_source) else { return rsx! {} };
    let id = metric.id;
    let said = metric.source.as_ref().map(|it| match &it.counted {
        Counted::People { event } => format!("People with “{event}”, weekly"),
        Counted::Events { event } => format!("“{event}”, how often in a week"),
        Counted::Funnel { events } => format!("{}, weekly", events.join(" → ")),
    });
    rsx! {
        div { class: "blk",
            style { dangerous_inner_html: STYLE }
            div { class: "blk-h", h3 { "Source" } }
            if let Some(said) = said {
                p { class: "txt", "{tool.name}: {said}" }
            }
            div { class: "in-go",
                Button {
                    label: if metric.source.is_some() { "Change…".to_owned() } else { format!("Bind to {}…", tool.name) },
                    class: "sm ghost",
                    icon: "s-posthog",
                    id: "bind",
                    onclick: move |_| is_open.set(true),
                }
                if metric.source.is_some() {
                    Button {
                        label: "Unbind",
                        class: "sm ghost",
                        onclick: move |_| store.send(Command::set(Change::Metric { id, set: MetricField::Source(None) })),
                    }
                }
            }
        }
        if is_open() {
            Picker { metric, vendor: tool.vendor.clone(), project: tool.connection.map(|it| it.account).unwrap_or_default(), onclose: move |()| is_open.set(false) }
        }
    }
}

/// Picks one event for a count, several for a funnel.
#[component]
pub fn Picker(metric: Metric, vendor: String, project: String, onclose: EventHandler<()>) -> Element {
    let store = use_store();
    let mut chosen = use_signal(Vec::<String>::new);
    let mut wish = use_signal(String::new);
    let asked = vendor.clone();
    let events = use_resource(move || {
        let vendor = asked.clone();
        async move {
            match store.ask(Request::Connectors(ConnectorsRequest::EventNames { vendor })).await {
                Some(Reply::EventNames { events }) => events,
                _ => Vec::new(),
            }
        }
    });
    let id = metric.id;
    let bind = move |counted: Counted| {
        let set = |set| Command::set(Change::Metric { id, set });
        let formula = counted.formula();
        let source = MetricSource { provider: vendor.clone(), project: project.clone(), counted };
        let commands = vec![
            set(MetricField::Source(Some(source))),
            set(MetricField::Formula(formula)),
            set(MetricField::WindowDays(WEEK_DAYS)),
            set(MetricField::State(MetricState::Active)),
        ];
        let command = Command::Batch { label: "Bind metric".to_owned(), commands };
        let vendor = vendor.clone();
        // Only a binding that is written is read for.
        dioxus::core::spawn_forever(async move {
            if store.dispatch(command).await {
                pull(store, vendor).await;
            }
        });
        onclose.call(());
    };
    let names = chosen();
    let shown: Vec<EventView> = match &*events.read() {
        Some(all) => {
            let wish = wish.read().to_lowercase();
            all.iter().filter(|it| it.name.to_lowercase().contains(&wish)).take(SHOWN_MAX).cloned().collect()
        }
        None => Vec::new(),
    };
    let is_loading = events.read().is_none();
    let people = bind.clone();
    let times = bind.clone();
    rsx! {
        Dialog { title: "What does {quoted(&metric.name)} count?", class: "wide", onclose,
            p { "Pick one event to count it, or several in their order for the share that gets through." }
            TextField { id: "event-search", value: wish(), label: "Find an event", placeholder: "Find an event", icon: "search", autofocus: true, oninput: move |text| wish.set(text) }
            div { class: "in-l", id: "events",
                if is_loading {
                    p { class: "none", "Reading events…" }
                } else if shown.is_empty() {
                    p { class: "none", "No event of the last 30 days has that in its name." }
                }
                for event in shown {
                    button {
                        key: "{event.name}",
                        class: "ln lk-row",
                        r#type: "button",
                        "aria-pressed": names.contains(&event.name),
                        onclick: {
                            let name = event.name.clone();
                            move |_| {
                                let mut chosen = chosen.write();
                                match chosen.iter().position(|it| *it == name) {
                                    Some(at) => { chosen.remove(at); }
                                    None => chosen.push(name.clone()),
                                }
                            }
                        },
                        if let Some(at) = names.iter().position(|it| *it == event.name) {
                            b { "{at + 1}" }
                        } else {
                            Icon { name: "plus", class: "sm" }
                        }
                        div { class: "g",
                            h4 { "{event.name}" }
                            p {
                                span { "{format::whole(event.times as f64)} times" }
                                span { "{format::whole(event.people as f64)} people" }
                            }
                        }
                    }
                }
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| onclose.call(()) }
                if let [event] = names.as_slice() {
                    Button {
                        label: "Count how often",
                        class: "ghost",
                        onclick: { let event = event.clone(); move |_| times(Counted::Events { event: event.clone() }) },
                    }
                    Button {
                        label: "Count people",
                        class: "pri",
                        id: "bind-people",
                        onclick: { let event = event.clone(); move |_| people(Counted::People { event: event.clone() }) },
                    }
                } else {
                    Button {
                        label: "Use as a funnel",
                        class: "pri",
                        id: "bind-funnel",
                        disabled: names.len() < 2,
                        onclick: { let events = names.clone(); move |_| bind(Counted::Funnel { events: events.clone() }) },
                    }
                }
            }
        }
    }
}
