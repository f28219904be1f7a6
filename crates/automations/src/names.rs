//! Identifiers of what automations do, made from what it is about: the same on every device.

use custory_domain::{EntityRef, SignalId, Timestamp};
use custory_ipc::Deed;
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::automation::{Automation, Recipe};

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
    name(automation.key(), &[&automation.version, &journey, &moment.0]).to_string()
}

/// The name of the post that tells of a run: the same on every device that runs the automation for that moment.
pub fn post_id(automation: &Automation, moment: Timestamp, channel: &str) -> String {
    name("post", &[&automation.key(), &moment.0, &channel]).to_string()
}

/// The identifier of the run of an automation for something that was heard.
pub fn signal_run_id(automation: &Automation, signal: SignalId) -> String {
    name(automation.key(), &[&automation.version, &signal]).to_string()
}

/// What an automation does outside of the map, as devices of a team name it among themselves: one at a time does it.
/// `None` if it changes the map and nothing else, which any number of devices may do at once.
pub fn duty(automation: &Automation) -> Option<String> {
    let room = automation.channel.as_ref().map(|it| format!("{}/{}", it.vendor, it.id));
    let trackers: Vec<String> = match &automation.recipe {
        Recipe::Delivery { vendor, team } => vec![format!("{vendor}/{team}")],
        Recipe::Watch { deeds, .. } => {
            let issue = |it: &Deed| match it {
                Deed::Issue { vendor, team } => Some(format!("{vendor}/{team}")),
                _ => None,
            };
            deeds.iter().filter_map(issue).collect()
        }
        _ => Vec::new(),
    };
    let places: Vec<String> = trackers.into_iter().chain(room).collect();
    (!places.is_empty()).then(|| format!("{} {}", automation.key(), places.join(" ")))
}

/// The identifier of the run of an automation for items that came in, each with when it was changed to be so.
pub fn incoming_run_id(automation: &Automation, items: &[(EntityRef, Timestamp)]) -> String {
    let parts: Vec<String> = items.iter().map(|(item, at)| format!("{item} {}", at.0)).collect();
    name(automation.key(), &[&automation.version, &parts.join("\n")]).to_string()
}
