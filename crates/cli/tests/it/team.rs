//! A team on the command line, from nothing to a journey on two machines.

use crate::shared::{Custory, material};
use custory_testkit::relay::TestRelay;

#[test]
fn two_people_share_a_journey_by_the_command_line() {
    let relay = TestRelay::start();
    let (ana, ben) = (Custory::new(), Custory::new());
    let nobody = ana.run(&["team"]);
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("There is no team yet"), "{nobody:?}");

    let folder = material("repository");
    ana.out(&["draft", folder.to_str().expect("a path"), "--accept", "--title", "Onboarding"]);
    ana.out(&["team", "create", &relay.address(), "--device", "Ana's laptop"]);
    let link = ana.out(&["team", "invite"]);
    let link = link.trim();
    assert!(link.starts_with("custory://join/"), "{link}");

    ben.out(&["team", "join", link, "--device", "Ben's laptop"]);
    let waiting = ben.out(&["sync", "--status"]);
    assert!(waiting.contains("waiting for an admin"), "{waiting}");
    let team = ana.json(&["team", "--json"]);
    let request = team["requests"][0]["request"].as_u64().expect("a request").to_string();
    assert!(ana.out(&["team"]).contains("Ben's laptop"));
    ana.out(&["team", "approve", &request]);

    ben.out(&["sync", "--once"]);
    assert!(ben.out(&["list"]).contains("Onboarding"));
    assert!(ben.out(&["sync"]).contains("Onboarding: on the relay"));

    ana.out(&["team", "remove", &(request.parse::<u32>().expect("a number") + 1).to_string()]);
    let removed = ben.run(&["sync", "--once"]);
    assert_eq!(removed.code, Some(1));
    assert!(removed.err.contains("removed from the team"), "{removed:?}");
    assert!(ben.out(&["list"]).contains("Onboarding"), "what it had stays");
    ben.out(&["team", "leave"]);
}
