//! The example that ships with the program: a whole journey of a made-up product, Fieldnote (time
//! tracking for field crews), with evidence, metrics and finished verdicts.
//!
//! Its content is data, in `assets/sample`; here it only becomes commands. Dates are kept as days
//! before today, so the example looks fresh whenever it is opened.

mod add;
mod file;
mod measure;
mod voices;

use custory_domain::{Command, Journey, Member, MemberId, Persona, Timestamp};
use ulid::Ulid;

/// The example, ready to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The journey itself.
    pub journey: Journey,
    /// Fills it: carried out as one batch on a board that has the journey, they are not refused.
    pub commands: Vec<Command>,
    /// The colleagues in it, to add to the workspace first.
    pub people: Vec<Member>,
    /// Whom it is about, to add to the workspace first.
    pub personas: Vec<Persona>,
}

/// Makes the example as of `now`. `me` owns what the product manager in it owns.
///
/// Everything gets a new id from `mint`, so making it twice makes two journeys, each with people
/// of its own.
pub fn sample(now: Timestamp, me: MemberId, mint: &mut dyn FnMut() -> Ulid) -> Sample {
    add::Builder::new(file::content(), now, me, mint).build()
}
