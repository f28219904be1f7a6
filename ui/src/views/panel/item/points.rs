//! The values of a metric, newest first, and adding one by hand.

use custory_domain::{Command, Metric, MetricFormula, MetricPoint};
use dioxus::prelude::*;
use jiff::civil::Date;

use crate::components::{Button, IconButton, TextField};
use crate::format;
use crate::host;
use crate::state::use_store;

/// Values listed.
const LISTED: usize = 8;

/// The values of a metric.
#[component]
pub fn Points(metric: Metric) -> Element {
    let mut is_adding = use_signal(|| false);
    let today = host::now().date();
    let listed: Vec<(Date, MetricPoint)> =
        metric.points.iter().rev().take(LISTED).map(|(day, it)| (*day, *it)).collect();
    rsx! {
        div { class: "blk",
            div { class: "blk-h",
                h3 { "Values" }
                small { "{metric.points.len()}" }
                IconButton { icon: "plus", class: "xs", label: "Add a value", onclick: move |_| is_adding.set(true) }
            }
            if is_adding() {
                NewPoint { metric: metric.clone(), today, ondone: move |()| is_adding.set(false) }
            }
            dl { class: "kv",
                for (day , point) in listed {
                    dt { key: "d{day}", {format::day(day, today)} }
                    dd { class: "num",
                        {format::metric_value(&metric, point.value)}
                        if let Some(n) = point.n {
                            span { class: "t3", " of {format::whole(n as f64)}" }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn NewPoint(metric: Metric, today: Date, ondone: EventHandler<()>) -> Element {
    let store = use_store();
    let mut day = use_signal(|| today);
    let mut typed = use_signal(String::new);
    let mut cases = use_signal(String::new);
    let is_rate = metric.formula == MetricFormula::Rate;
    let id = metric.id;
    let parse = |text: &str| {
        text.trim().trim_end_matches('%').replace(',', "").replace('−', "-").trim().parse::<f64>().ok()
    };
    let value = parse(&typed.read());
    let is_wrong = value.is_none() && !typed.read().trim().is_empty();
    let save = move || {
        let Some(value) = parse(&typed.peek()) else { return };
        let value = if is_rate { value / 100.0 } else { value };
        let n = cases.peek().trim().replace(',', "").parse::<u64>().ok();
        let point = MetricPoint { value, n, ..MetricPoint::default() };
        store.send(Command::RecordPoints { metric: id, points: [(*day.peek(), point)].into() });
        ondone.call(());
    };
    rsx! {
        div { class: "ef",
            div { class: "ef-r",
                input {
                    class: "date",
                    r#type: "date",
                    "aria-label": "Day",
                    value: "{day}",
                    onchange: move |event| {
                        if let Ok(date) = event.value().parse() {
                            day.set(date);
                        }
                    },
                }
                TextField {
                    value: typed(),
                    label: "Value",
                    placeholder: if is_rate { "Value in %" } else { "Value" },
                    autofocus: true,
                    error: is_wrong.then(|| "This is not a number.".to_owned()),
                    oninput: move |text| typed.set(text),
                    onsubmit: move |()| save(),
                }
                TextField { value: cases(), label: "Cases", placeholder: "Cases", oninput: move |text| cases.set(text), onsubmit: move |()| save() }
            }
            div { class: "ef-f",
                span { class: "sp" }
                Button { label: "Cancel", class: "ghost sm", onclick: move |_| ondone.call(()) }
                Button { label: "Add", class: "pri sm", disabled: value.is_none(), onclick: move |_| save() }
            }
        }
    }
}
