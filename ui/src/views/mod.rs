//! What can be on screen.

pub mod assistant;
pub mod automations;
pub mod choices;
pub mod draft;
pub mod export;
pub mod filter;
pub mod history;
pub mod import;
pub mod inbox;
pub mod integrations;
pub mod journey;
pub mod keys;
pub mod map;
pub mod mates;
pub mod models;
pub mod palette;
pub mod panel;
pub mod priority;
pub mod review;
pub mod settings;
pub mod sidebar;
pub mod table;
pub mod team;
pub mod templates;
pub mod tree;
pub mod welcome;
