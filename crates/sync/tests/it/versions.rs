//! P20: a relay of another version is never a silent stop.

use custory_sync::{Ended, Input};
use custory_wire::{Nonce, PROTOCOL_VERSION, RelayKey, ToClient};

use crate::world::World;

const JOURNEY: [u8; 16] = [1; 16];

fn challenge(relay: RelayKey, versions: Vec<u16>) -> Input {
    Input::Received(ToClient::Challenge { relay, nonce: Nonce([3; 32]), versions }.to_bytes())
}

#[test]
fn p20_a_relay_without_a_common_version_is_named_and_no_work_is_lost() {
    let mut world = World::new(1, 2);
    world.edit(1, JOURNEY);
    world.settle();
    let relay = world.devices[1].client.relay_key().unwrap();
    let waiting = world.devices[1].disk.outbox.len();
    for versions in [vec![], vec![PROTOCOL_VERSION + 1], vec![PROTOCOL_VERSION + 7, PROTOCOL_VERSION + 1]] {
        let (device, dice) = (&mut world.devices[1], &mut world.dice);
        device.handle(Input::Disconnected, dice);
        device.handle(Input::Connected, dice);
        device.handle(challenge(relay, versions), dice);
        let ended = device.ended.take().unwrap();
        assert_eq!(ended, Ended::Version);
        assert!(ended.to_string().contains("update"), "people are told what to do: {ended}");
        assert!(!ended.may_pass(), "trying again would not help");
    }
    assert_eq!(world.devices[1].disk.outbox.len(), waiting);
    // Among several versions the one that both speak is taken.
    let (device, dice) = (&mut world.devices[1], &mut world.dice);
    device.handle(Input::Disconnected, dice);
    device.handle(Input::Connected, dice);
    device.to_relay.clear();
    device.handle(challenge(relay, vec![PROTOCOL_VERSION + 1, PROTOCOL_VERSION]), dice);
    let answer = device.to_relay.pop_back().unwrap();
    assert!(matches!(answer, custory_wire::ToRelay::Auth { version: PROTOCOL_VERSION, .. }), "{answer:?}");
}
