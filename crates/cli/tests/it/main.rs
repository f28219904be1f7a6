//! Promises of the program for the terminal: each test runs the real one on a data folder of its own.

mod connectors;
mod draft;
mod drafts_with_model;
mod encrypted;
mod failures;
mod history;
mod journeys;
mod keychain;
mod mcp;
mod models;
mod offline;
mod real_model;
mod shared;
mod team;
mod the_loop;
