//! Promises of the connectors, held against recorded replies and the vendors' own descriptions.

mod conformance;
mod shared;
mod slack;
mod vendors;
