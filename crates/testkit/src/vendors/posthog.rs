//! A PostHog with one project, in which people do what a test says.

use std::collections::BTreeMap;

use custory_domain::{Counted, Metric, MetricFormula, MetricId, MetricSource, MetricState, StepId};
use serde_json::{Value, json};
use wiremock::Request;

use super::{StandIn, Vendor, body, header, locked, posthog_error, specs, stand_in};

/// The key that it accepts.
pub const POSTHOG_KEY: &str = "phx_stand_in_0123456789";
/// Its project.
pub const POSTHOG_PROJECT: &str = "4711";

/// What happened in a week: by the name of an event, how many people, and how often.
pub type Week = BTreeMap<String, (u64, u64)>;

struct Inside {
    /// By Monday.
    weeks: BTreeMap<String, Week>,
    /// Every week of which nothing else is said.
    usually: Week,
}

/// A running PostHog; it ends when this is dropped.
pub struct PostHog(StandIn<Inside>);

stand_in!(PostHog);

impl PostHog {
    /// Starts with a project in which nothing has happened.
    pub fn start() -> Self {
        Self(StandIn::start(Inside { weeks: BTreeMap::new(), usually: Week::new() }))
    }

    /// One in which the share that goes on from signing up to inviting a crew fell from 37 to 25 of a hundred, among so
    /// many people, in the weeks of 3 and 10 November 2025.
    pub fn dropped(people: u64) -> Self {
        let posthog = Self::start();
        for (monday, share) in [("2025-11-03", 37), ("2025-11-10", 25)] {
            posthog.set(monday, "signed_up", people, people);
            posthog.set(monday, "invited_crew", people * share / 100, people);
        }
        posthog
    }

    /// A metric that reads that share.
    pub fn crew_invited(id: MetricId, step: StepId) -> Metric {
        let counted = Counted::Funnel { events: vec!["signed_up".to_owned(), "invited_crew".to_owned()] };
        Metric {
            name: "Crew invited".to_owned(),
            formula: MetricFormula::Rate,
            window_days: 7,
            state: MetricState::Active,
            source: Some(MetricSource {
                provider: "posthog".to_owned(),
                project: POSTHOG_PROJECT.to_owned(),
                counted,
            }),
            steps: [step].into(),
            ..Metric::new(id)
        }
    }

    /// Says what happens in every week of which nothing else is said.
    pub fn usually(&self, event: &str, people: u64, times: u64) {
        locked(&self.0.shared.vendor).usually.insert(event.to_owned(), (people, times));
    }

    /// Says what happened in the week that begins on a Monday.
    pub fn set(&self, monday: &str, event: &str, people: u64, times: u64) {
        let mut inside = locked(&self.0.shared.vendor);
        inside.weeks.entry(monday.to_owned()).or_default().insert(event.to_owned(), (people, times));
    }
}

impl Vendor for Inside {
    fn complaints(&self, request: &Request) -> Vec<String> {
        if request.method.as_str() == "POST" { specs::posthog(&body(request)) } else { Vec::new() }
    }

    fn answer(&mut self, request: &Request) -> (u16, Value) {
        if header(request, "authorization") != format!("Bearer {POSTHOG_KEY}") {
            let no = "Personal API key found in request Authorization header is invalid.";
            return (401, posthog_error("authentication_error", "authentication_failed", no));
        }
        match request.url.path() {
            "/api/users/@me/" => (
                200,
                json!({
                    "uuid": "0195d0c3-0000-7000-8000-000000000001",
                    "first_name": "Maya",
                    "email": "maya@acme.example",
                    "team": { "id": 4711, "name": "Acme Onboarding" },
                    "organization": { "id": "0195d0c3-0000-7000-8000-000000000002", "name": "Acme" },
                }),
            ),
            "/api/projects/4711/" => {
                (200, json!({ "id": 4711, "name": "Acme Onboarding", "timezone": "Europe/Berlin" }))
            }
            "/api/projects/4711/query/" => self.query(&body(request)["query"]),
            _ => (404, posthog_error("invalid_request", "not_found", "Not found.")),
        }
    }
}

impl Inside {
    fn query(&self, query: &Value) -> (u16, Value) {
        let from = query["dateRange"]["date_from"].as_str().unwrap_or_default();
        let week = from.get(..10).and_then(|it| self.weeks.get(it)).unwrap_or(&self.usually);
        let of =
            |node: &Value| week.get(node["event"].as_str().unwrap_or_default()).copied().unwrap_or_default();
        let empty = Vec::new();
        let series = query["series"].as_array().unwrap_or(&empty);
        match query["kind"].as_str().unwrap_or_default() {
            "HogQLQuery" if query["query"] == "select 1" => {
                (200, json!({ "columns": ["1"], "results": [[1]], "types": [["1", "UInt8"]] }))
            }
            "HogQLQuery" => {
                let mut all: BTreeMap<&String, (u64, u64)> = BTreeMap::new();
                for (event, (people, times)) in self.weeks.values().chain([&self.usually]).flatten() {
                    let sum = all.entry(event).or_default();
                    (sum.0, sum.1) = (sum.0 + people, sum.1 + times);
                }
                let mut rows: Vec<_> = all.into_iter().collect();
                rows.sort_by_key(|(_, (_, times))| std::cmp::Reverse(*times));
                let rows: Vec<_> = rows.iter().map(|(event, it)| json!([event, it.1, it.0])).collect();
                (200, json!({ "columns": ["event", "times", "people"], "results": rows }))
            }
            "TrendsQuery" => {
                let (people, times) = series.first().map(of).unwrap_or_default();
                let value = if series[0]["math"] == "dau" { people } else { times };
                let label = series[0]["event"].clone();
                let trend =
                    json!({ "label": label, "count": 0, "data": [], "days": [], "aggregated_value": value });
                (200, json!({ "results": [trend], "hasMore": false }))
            }
            "FunnelsQuery" => {
                let step = |(order, node): (usize, &Value)| {
                    json!({
                        "action_id": node["event"], "name": node["event"], "custom_name": null, "order": order,
                        "type": "events", "count": of(node).0, "people": [], "average_conversion_time": null,
                        "median_conversion_time": null,
                    })
                };
                (200, json!({ "results": series.iter().enumerate().map(step).collect::<Vec<_>>() }))
            }
            _ => (400, posthog_error("validation_error", "invalid_input", "Unknown query kind.")),
        }
    }
}
