//! A website: what a careful visitor with an hour would read of it.
//!
//! Asks robots.txt first, stays on the origin it began at, never sends cookies or credentials, and
//! never connects to an address that [`address`] refuses.

mod address;
mod client;
mod crawl;
mod frontier;
mod sitemap;

pub(super) use crawl::collect;
