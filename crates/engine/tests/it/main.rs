//! Promises of the engine: what it answers, keeps, brings up to date and does, over its own requests.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod assistant;
mod automations;
mod connections;
mod exports;
mod history;
mod meaning;
mod nested;
mod news;
mod once;
mod own_automations;
mod phrasing;
mod promises;
mod red_team;
mod review;
mod scenario_assistant;
mod shared;
mod signals;
mod slack;
mod upkeep;
mod verdicts;
mod wire_size;
