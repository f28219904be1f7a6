//! Identifiers of what automations do, made from what it is about: the same on every device.

use custory_domain::{SignalId, Timestamp};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::automation::Automation;

/// The identifier of something that a recipe adds.
pub(crate) fn name(recipe: &str, about: &[&dyn std::fmt::Display]) -> Ulid {
    let mut hash = Sha256::new().chain_update(recipe);
    for part in about {
        hash.update([0]);
        hash.update(part.to_string());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Ulid::from_bytes(bytes)
}

/// The identifier of the run of an automation for a moment of its schedule.
pub fn run_id(automation: &Automation, moment: Timestamp) -> String {
    let journey = automation.journey.map_or(String::new(), |it| it.to_string());
    name(automation.recipe.kind().key(), &[&automation.version, &journey, &moment.0]).to_string()
}

/// The name of the post that tells of a run: the same on every device that runs the automation for that moment.
pub fn post_id(automation: &Automation, moment: Timestamp, channel: &str) -> String {
    name("post", &[&automation.recipe.kind().key(), &moment.0, &channel]).to_string()
}

/// The identifier of the run of an automation for something that was heard.
pub fn signal_run_id(automation: &Automation, signal: SignalId) -> String {
    name(automation.recipe.kind().key(), &[&automation.version, &signal]).to_string()
}
