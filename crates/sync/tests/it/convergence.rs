//! P1–P4, P6, P7: everybody ends with everything, whatever goes wrong.

use custory_sync::{Input, RefusedSnapshot, SnapshotFault};
use custory_wire::*;

use crate::device::Document;
use crate::dice::Dice;
use crate::world::World;

const DOCUMENTS: [Document; 3] = [[0; 16], [1; 16], [2; 16]];

fn seeds(count: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    match number("SEED") {
        Some(seed) => vec![seed],
        None => {
            let first = number("SEEDS_FROM").unwrap_or_default();
            (first..first + number("SEEDS").unwrap_or(count)).collect()
        }
    }
}

fn assert_all_is_well(world: &World, seed: u64) {
    for document in DOCUMENTS {
        let made = world.made.get(&document).cloned().unwrap_or_default();
        for (number, device) in world.devices.iter().enumerate() {
            let has = device.disk.documents.get(&document).cloned().unwrap_or_default();
            let lost = made.iter().filter(|it| !has.contains(*it)).count();
            assert_eq!((lost, has.len()), (0, made.len()), "SEED={seed}: device {number}, {document:?}");
            assert!(device.disk.outbox.is_empty(), "SEED={seed}: device {number} has something to send");
            assert!(device.forks.is_empty(), "SEED={seed}: {:?}", device.forks);
            assert!(device.client.is_in_step(), "SEED={seed}: device {number}");
            // A relay that was restored and has given up records since looks like a liar; nothing is lost.
            let may_be =
                |it: &RefusedSnapshot| matches!(it.reason, SnapshotFault::Lacks | SnapshotFault::Contradicts);
            assert!(device.refused.iter().all(may_be), "SEED={seed}: {:?}", device.refused);
        }
    }
}

/// P1, P2, P3, P5: lines break, programs and the relay crash, the relay is restored from backups of any
/// age or wiped, snapshots are made, confirmed and take the place of records meanwhile; in the end every
/// device has every edit that was ever made, and so has one that begins with nothing but the relay.
#[test]
fn p1_p2_p3_p5_every_device_ends_with_every_edit_whatever_goes_wrong() {
    let (mut confirmed, mut given_up, mut taken) = (0, 0, 0);
    for seed in seeds(40) {
        let count = 2 + (seed % 4) as u8;
        let mut world = World::new(seed, count);
        for _ in 0..3 {
            for _ in 0..100 {
                world.mishap(&DOCUMENTS);
                world.steps_below(12);
            }
            world.settle();
            let document = DOCUMENTS[world.dice.below(DOCUMENTS.len())];
            (0..2).for_each(|_| world.work_for_long(document));
        }
        world.settle();
        assert_all_is_well(&world, seed);
        assert!(world.devices.iter().all(|it| it.skipped.is_empty()), "SEED={seed}: nobody lied");
        confirmed += world.relay.confirmations;
        given_up += world.relay.records_given_up;
        world.begin_with_nothing(0);
        world.settle();
        assert_all_is_well(&world, seed);
        taken += world.devices.iter().map(|it| it.snapshots_taken).sum::<usize>();
    }
    println!("{confirmed} confirmed, {taken} taken, {given_up} records given up");
    if std::env::var_os("SEED").is_none() {
        assert!(confirmed > 40 && taken > 20 && given_up > 100, "{confirmed}, {taken}, {given_up}");
    }
}

/// P4: without a relay that forgets, each edit is in the log once, however often lines and programs
/// break while it is pushed.
#[test]
fn p4_every_edit_is_in_the_log_exactly_once() {
    for seed in seeds(20) {
        let mut world = World::new(seed, 2);
        for _ in 0..150 {
            let device = world.dice.below(2);
            match world.dice.below(8) {
                0 | 1 => world.edit(device, DOCUMENTS[1]),
                2 | 3 => world.connect(device),
                4 => world.disconnect(device),
                5 => {
                    world.disconnect(device);
                    world.devices[device].restart(None, &mut world.dice);
                }
                6 if world.dice.one_in(3) => world.crash_relay(),
                _ => {}
            }
            world.steps_below(6);
        }
        world.settle();
        assert_all_is_well(&world, seed);
        let space = world.devices[0].space;
        let client = &world.devices[0].client;
        let records = &world.relay.disk.logs[&space.journey_log(&DOCUMENTS[1])];
        let mut changes = Vec::new();
        for record in records {
            let parsed = Parsed::parse(record).unwrap();
            changes.extend(custory_seal::open_record(client.epochs(), &parsed).unwrap().changes);
        }
        let mut made = world.made[&DOCUMENTS[1]].clone();
        changes.sort();
        made.sort();
        assert_eq!(changes, made, "SEED={seed}");
    }
}

/// P7: a device whose disk was restored from a backup goes on from where the log says it was.
#[test]
fn p7_a_restored_laptop_loses_nothing_and_disturbs_nobody() {
    for seed in seeds(20) {
        let mut world = World::new(seed, 3);
        (0..3).for_each(|it| world.connect(it));
        (0..10).for_each(|it| world.edit(it % 3, DOCUMENTS[1 + it % 2]));
        world.steps(seed as usize % 60);
        let backup = world.devices[1].disk.clone();
        (0..10).for_each(|it| world.edit(it % 3, DOCUMENTS[1 + it % 2]));
        world.settle();
        world.disconnect(1);
        world.devices[1].restart(Some(backup), &mut world.dice);
        world.edit(1, DOCUMENTS[1]);
        world.edit(0, DOCUMENTS[1]);
        world.settle();
        assert_all_is_well(&world, seed);
        assert!(world.devices.iter().all(|it| it.skipped.is_empty()), "SEED={seed}");
    }
}

/// Two programs that write as one device at once, as after cloning a disk.
#[test]
fn p7_a_cloned_disk_is_no_conflict_either() {
    for seed in seeds(12) {
        let mut world = World::new(seed, 2);
        let clone = world.devices[1].secret.clone();
        let (space, disk) = (world.devices[1].space, world.devices[1].disk.clone());
        let clone = crate::device::Device::new(clone, space, disk, &mut world.dice);
        world.devices.push(clone);
        for _ in 0..60 {
            let device = world.dice.below(3);
            world.connect(device);
            world.edit(device, DOCUMENTS[1]);
            world.steps_below(8);
        }
        world.settle();
        assert_all_is_well(&world, seed);
    }
}

/// P3 in the small: the relay is wiped while everybody is away.
#[test]
fn p3_a_wiped_relay_is_filled_again_by_whoever_comes_back() {
    let mut world = World::new(7, 3);
    (0..9).for_each(|it| world.edit(it % 3, DOCUMENTS[it % 3]));
    world.settle();
    world.crash_relay();
    world.relay.restore(Default::default(), true);
    world.edit(2, DOCUMENTS[0]);
    world.settle();
    assert_all_is_well(&world, 7);
    assert_eq!(world.relay.disk.roster.len(), 3);
}

/// Statements of what was seen reach the others.
#[test]
fn each_knows_what_the_others_have_seen() {
    let mut world = World::new(3, 3);
    world.edit(0, DOCUMENTS[1]);
    world.settle();
    let log = world.devices[0].space.journey_log(&DOCUMENTS[1]);
    let status = world.devices[0].client.log(&log).unwrap();
    assert_eq!((status.waiting, status.at.seq, status.own_seq), (0, 1, 1));
    for device in [1, 2] {
        let number = world.devices[device].number();
        assert!(status.seen.contains(&(number, 1)), "{:?}", status.seen);
    }
}

/// P6: nothing in a client takes the time, so a wrong clock cannot matter: the same inputs give the
/// same outputs, to the byte.
#[test]
fn p6_the_same_inputs_give_the_same_outputs() {
    let run = || {
        let mut world = World::new(11, 3);
        for _ in 0..200 {
            world.mishap(&DOCUMENTS);
            world.steps(1);
        }
        world.settle();
        (world.relay.disk.logs.clone(), world.dice.0)
    };
    assert!(run() == run());
}

/// A person's place is told to the others and kept nowhere.
#[test]
fn presence_needs_an_open_log() {
    let mut world = World::new(5, 2);
    world.edit(0, DOCUMENTS[1]);
    let log = world.devices[0].space.journey_log(&DOCUMENTS[1]);
    world.devices[0].handle(Input::Present { log, place: b"step 1".to_vec() }, &mut Dice(1));
    assert!(world.devices[0].to_relay.is_empty(), "offline, nobody is told");
}
