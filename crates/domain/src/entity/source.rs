//! Where the values of a metric come from: what another tool counts.

use serde::{Deserialize, Serialize};

use super::item::MetricFormula;

/// Where the values of a metric are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricSource {
    /// The connector, for example `posthog`.
    pub provider: String,
    /// The project there, so that a device with another one does not write its numbers here.
    pub project: String,
    /// What is counted.
    pub counted: Counted,
}

/// What a source counts, week by week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "count", rename_all = "snake_case")]
pub enum Counted {
    /// Distinct people with an event.
    People {
        /// The event's name.
        event: String,
    },
    /// How often an event came.
    Events {
        /// The event's name.
        event: String,
    },
    /// The share of people with the first event who come to the last one in the same week.
    Funnel {
        /// The events' names, at least two, in their order.
        events: Vec<String>,
    },
}

impl Counted {
    /// Most events in a funnel.
    pub const EVENTS_MAX: usize = 20;

    /// The formula of a metric that is counted so.
    pub const fn formula(&self) -> MetricFormula {
        match self {
            Self::People { .. } | Self::Events { .. } => MetricFormula::Count,
            Self::Funnel { .. } => MetricFormula::Rate,
        }
    }

    /// The names of the events, in their order.
    pub fn events(&self) -> Vec<&str> {
        match self {
            Self::People { event } | Self::Events { event } => vec![event],
            Self::Funnel { events } => events.iter().map(String::as_str).collect(),
        }
    }
}
