//! P10, P11: a relay that lies is noticed, and what it altered is named and not taken.

use custory_sync::{Act, Ended, Hold, Input, Skip};
use custory_wire::*;

use crate::dice::Dice;
use crate::relay::Relay;
use crate::world::World;

const JOURNEY: [u8; 16] = [1; 16];

/// A world in which device 1 wrote five records and device 0 has not read any.
fn five_records(seed: u64) -> (World, LogId) {
    let mut world = World::new(seed, 2);
    world.connect(1);
    for _ in 0..5 {
        world.edit(1, JOURNEY);
        while world.step() {}
    }
    let log = world.devices[0].space.journey_log(&JOURNEY);
    assert_eq!(world.relay.disk.logs[&log].len(), 5);
    world.disconnect(1);
    (world, log)
}

fn taken(world: &World) -> usize {
    world.devices[0].disk.documents.get(&JOURNEY).map_or(0, |it| it.len())
}

#[test]
fn p10_any_altered_swapped_or_repeated_record_is_named_and_not_taken() {
    for seed in 0..120 {
        let (mut world, log) = five_records(seed);
        let mut dice = Dice(seed);
        let honest = world.relay.disk.logs[&log].clone();
        let records = world.relay.disk.logs.get_mut(&log).unwrap();
        let which = dice.below(4);
        match which {
            0 => {
                let record = &mut records[2];
                let bit = dice.below(record.len() * 8);
                record[bit / 8] ^= 1 << (bit % 8);
            }
            1 => records.swap(1, 3),
            2 => records[3] = honest[1].clone(),
            _ => {
                records.remove(2);
            }
        }
        world.connect(0);
        while world.step() {}
        let device = &world.devices[0];
        // A version that is not known here may be a newer program's: the log waits, and says so.
        let waits = device.client.log(&log).unwrap().hold == Some(Hold::NeedsUpdate);
        let noticed = !device.skipped.is_empty() || !device.forks.is_empty() || waits;
        assert!(noticed, "SEED={seed} ({which})");
        let honest_only = world.made[&JOURNEY].clone();
        assert!(device.disk.documents.get(&JOURNEY).into_iter().flatten().all(|it| honest_only.contains(it)));
        assert!(taken(&world) < 5, "SEED={seed} ({which})");
    }
}

#[test]
fn a_record_of_another_log_is_named() {
    let (mut world, log) = five_records(1);
    let record = world.relay.disk.logs[&log][0].clone();
    let other = world.devices[0].space.journey_log(&[9; 16]);
    world.relay.disk.logs.insert(other, vec![record]);
    world.connect(0);
    while world.step() {}
    let reasons: Vec<&Skip> = world.devices[0].skipped.iter().map(|it| &it.reason).collect();
    assert_eq!(reasons, [&Skip::OtherLog]);
}

/// P11: two devices that are shown different tails notice at the first record that crosses over.
#[test]
fn p11_a_relay_that_shows_two_histories_is_found_out() {
    let (mut world, log) = five_records(2);
    world.settle();
    let before = world.relay.disk.clone();
    // Device 1 is shown one tail …
    world.disconnect(0);
    world.edit(1, JOURNEY);
    while world.step() {}
    let seen_by_one = world.relay.disk.clone();
    world.disconnect(1);
    // … and device 0 another.
    world.relay.disk = before;
    world.connect(0);
    world.edit(0, JOURNEY);
    world.edit(0, JOURNEY);
    while world.step() {}
    let seen_by_zero = world.relay.disk.clone();
    world.disconnect(0);
    // Device 1 writes on its own, and that record is put after what device 0 has.
    world.relay.disk = seen_by_one;
    world.connect(1);
    world.edit(1, JOURNEY);
    while world.step() {}
    let crossing = world.relay.disk.logs[&log].last().unwrap().clone();
    let hidden = world.relay.disk.logs[&log][5].clone();
    world.relay.disk = seen_by_zero;
    world.relay.disk.logs.get_mut(&log).unwrap().extend([hidden, crossing]);
    world.disconnect(1);
    world.connect(0);
    while world.step() {}
    let forks = &world.devices[0].forks;
    assert_eq!(forks.len(), 1, "{:?}", world.devices[0].skipped);
    // The evidence stands by itself: a record, signed by its author.
    let record = Parsed::parse(&forks[0].record).unwrap();
    let author = world.devices[0].client.roster().unwrap().device(record.header.device).unwrap().sign;
    assert!(record.is_signed_by(&author));
    assert_ne!(forks[0].theirs.head, forks[0].ours.head);
    let waiting = world.devices[0].client.log(&log).unwrap();
    assert_eq!(waiting.hold, Some(Hold::Forked));
    // An admin has all go on without that record, and nothing else that was written is lost.
    let (device, dseq) = forks[0].by;
    let quarantine = Act::Quarantine(log, device, dseq);
    world.devices[0].handle(Input::Act(Box::new(quarantine)), &mut world.dice);
    while world.step() {}
    assert_eq!(world.devices[0].client.log(&log).unwrap().hold, None);
    assert_eq!(world.devices[0].skipped.last().unwrap().reason, Skip::Quarantined);
    world.edit(0, JOURNEY);
    while world.step() {}
    assert!(world.devices[0].disk.outbox.is_empty(), "and it can be written again");
}

#[test]
fn another_relay_at_the_same_address_is_refused() {
    let mut world = World::new(3, 2);
    world.settle();
    world.crash_relay();
    world.relay = Relay::new(98);
    world.connect(0);
    while world.step() {}
    assert_eq!(world.devices[0].ended, Some(Ended::WrongRelay));
}

#[test]
fn what_is_not_the_protocol_ends_the_connection() {
    let mut world = World::new(4, 2);
    for bytes in [vec![], vec![0xff; 40], ToClient::Pong { number: 1 }.to_bytes()] {
        world.connect(0);
        world.devices[0].handle(Input::Received(bytes), &mut Dice(1));
        assert_eq!(world.devices[0].ended, Some(Ended::Malformed));
        world.disconnect(0);
    }
    let relay = RelayKey([1; 32]);
    world.connect(0);
    let newer = ToClient::Challenge { relay, nonce: Nonce([0; 32]), versions: vec![2, 3] };
    world.devices[0].handle(Input::Received(newer.to_bytes()), &mut Dice(1));
    assert_eq!(world.devices[0].ended, Some(Ended::Version), "an old client says that it is old");
}
