//! What a language model on this machine may do: find facts that are then proven, answer questions
//! about a journey with citations that are then checked, and propose changes that a person accepts.
//!
//! Nothing that a model says is believed. Code gives it the text, code checks every quote, number
//! and citation it names, and what does not hold is dropped and counted. No function here changes a
//! journey: a proposal is a value. Text that was read anywhere is fenced (`fence`) and can at most
//! make a model say something; it cannot make anything happen.
//!
//! Straight path: [`Server`] is one Ollama; [`structured::ask`] gets one valid answer out of a model;
//! [`facts`] finds facts in material, as [`custory_drafting::FactFinder`]; [`tools`] reads a journey;
//! [`answering`] answers a question with them. Time comes in as an argument.

pub mod answering;
mod error;
pub mod facts;
mod fence;
pub mod server;
mod stop;
pub mod structured;
pub mod themes;
pub mod tools;
mod words;

pub use error::ModelError;
pub use server::Server;
pub use stop::Stop;
