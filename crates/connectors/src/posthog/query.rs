//! The questions that are put to PostHog, as values of its query language.

use custory_domain::Counted;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Days that a funnel gives people for all of its steps. It is asked for a week at a time.
const FUNNEL_DAYS: u8 = 7;
/// Events that are listed.
const EVENTS_MAX: usize = 500;

/// The question about one week.
pub(super) fn week(counted: &Counted, monday: Date) -> Value {
    let sunday = monday.saturating_add(6.days());
    // Without a zone these are times of the project, as everything that PostHog shows.
    let dates = json!({
        "date_from": format!("{monday}T00:00:00"),
        "date_to": format!("{sunday}T23:59:59"),
        "explicitDate": true,
    });
    match counted {
        Counted::People { event } => trend(event, "dau", &dates),
        Counted::Events { event } => trend(event, "total", &dates),
        Counted::Funnel { events } => json!({
            "kind": "FunnelsQuery",
            "series": events.iter().map(|it| node(it)).collect::<Vec<_>>(),
            "dateRange": dates,
            "filterTestAccounts": true,
            "funnelsFilter": {
                "funnelVizType": "steps",
                "funnelOrderType": "ordered",
                "funnelWindowInterval": FUNNEL_DAYS,
                "funnelWindowIntervalUnit": "day",
            },
        }),
    }
}

/// One number for the whole time: people who come on several days are counted once.
fn trend(event: &str, math: &str, dates: &Value) -> Value {
    let mut node = node(event);
    node["math"] = math.into();
    json!({
        "kind": "TrendsQuery",
        "series": [node],
        "interval": "week",
        "dateRange": dates,
        "filterTestAccounts": true,
        "trendsFilter": { "display": "BoldNumber" },
    })
}

fn node(event: &str) -> Value {
    json!({ "kind": "EventsNode", "event": event, "name": event })
}

/// The question for the events that there are.
pub(super) fn events() -> Value {
    let query = format!(
        "select event, count() as times, uniq(person_id) as people from events \
         where timestamp > now() - interval 30 day group by event order by times desc limit {EVENTS_MAX}"
    );
    json!({ "kind": "HogQLQuery", "query": query })
}

/// A question that costs nothing: whether the key may ask at all.
pub(super) fn trial() -> Value {
    json!({ "kind": "HogQLQuery", "query": "select 1" })
}
