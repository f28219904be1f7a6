//! Promises of the store, kept with real files.

mod commit;
mod crash;
mod damage;
mod drafts;
mod format;
mod home;
mod open;
mod projection;
mod search;
mod snapshots;
