//! P5: a snapshot takes the place of records only when another device has found the same, and one that
//! is not what its log holds is named, never confirmed, never taken.

use std::collections::BTreeSet;

use custory_seal::{DeviceKeys, Snapshot, seal_snapshot};
use custory_sync::{Act, Hold, Input, SnapshotFault};
use custory_wire::*;

use crate::device::saved;
use crate::dice::Dice;
use crate::relay::Kept;
use crate::world::World;

const JOURNEY: [u8; 16] = [1; 16];

fn log_of(world: &World) -> LogId {
    world.devices[0].space.journey_log(&JOURNEY)
}

fn run(world: &mut World) {
    while world.step() {}
}

/// Device 1 writes that many records, which those that are connected read.
fn write(world: &mut World, count: usize) {
    for _ in 0..count {
        world.edit(1, JOURNEY);
        run(world);
    }
}

/// Time passes for one device.
fn wait(world: &mut World, device: usize) {
    for _ in 0..6 {
        world.devices[device].handle(Input::Tick, &mut world.dice);
        run(world);
    }
}

fn truth(world: &World) -> BTreeSet<Vec<u8>> {
    world.made[&JOURNEY].iter().cloned().collect()
}

fn has(world: &World, device: usize) -> BTreeSet<Vec<u8>> {
    world.devices[device].disk.documents.get(&JOURNEY).cloned().unwrap_or_default()
}

fn reasons(world: &World, device: usize) -> Vec<SnapshotFault> {
    world.devices[device].refused.iter().map(|it| it.reason.clone()).collect()
}

#[test]
fn p5_records_are_given_up_only_for_what_another_has_found_the_same() {
    let mut world = World::new(1, 3);
    world.connect(1);
    write(&mut world, 8);
    wait(&mut world, 1);
    let log = log_of(&world);
    assert_eq!(world.relay.disk.snapshots[&log].len(), 1);
    assert_eq!(world.relay.confirmations, 0, "nobody else is there, and nobody confirms their own");
    world.connect(0);
    run(&mut world);
    assert_eq!(world.relay.confirmations, 1, "who comes later and reads the same confirms it");
    write(&mut world, 8);
    wait(&mut world, 1);
    assert_eq!((world.relay.confirmations, world.relay.records_given_up), (2, 8));

    world.connect(2);
    write(&mut world, 2);
    assert_eq!(world.devices[2].snapshots_taken, 1);
    assert_eq!(has(&world, 2), truth(&world), "from the snapshot and what came after it");
    world.edit(2, JOURNEY);
    world.settle();
    (0..3).for_each(|it| assert_eq!(has(&world, it), truth(&world)));
    assert!(world.devices.iter().all(|it| it.skipped.is_empty() && it.refused.is_empty()));
}

#[test]
fn who_is_alone_confirms_what_they_have_read_again() {
    let mut world = World::new(2, 1);
    world.connect(0);
    for _ in 0..8 {
        world.edit(0, JOURNEY);
        run(&mut world);
    }
    wait(&mut world, 0);
    assert_eq!((world.relay.confirmations, world.relay.fetched.len()), (1, 1));
    world.begin_with_nothing(0);
    world.settle();
    assert_eq!((world.devices[0].snapshots_taken, has(&world, 0)), (1, truth(&world)));
}

#[test]
fn reading_goes_on_where_a_lost_connection_has_left_it() {
    let mut world = World::new(3, 3);
    (0..2).for_each(|it| world.connect(it));
    write(&mut world, 60);
    wait(&mut world, 1);
    world.relay.fetched.clear();
    world.connect(2);
    while world.relay.fetched.is_empty() {
        assert!(world.step());
    }
    // Two of several parts arrive before the line breaks.
    let parts = std::mem::take(&mut world.relay.out).into_iter().map(|it| it.1);
    let parts: Vec<_> = parts.filter(|it| matches!(it, ToClient::SnapshotPart { .. })).collect();
    assert!(parts.len() > 3, "{}", parts.len());
    for part in &parts[..2] {
        world.devices[2].handle(Input::Received(part.to_bytes()), &mut Dice(1));
    }
    world.disconnect(2);
    world.connect(2);
    run(&mut world);
    assert!(world.relay.fetched.len() == 2 && world.relay.fetched[1] > 0, "{:?}", world.relay.fetched);
    assert_eq!(has(&world, 2), truth(&world));
}

#[test]
fn a_blob_that_was_damaged_on_its_way_is_asked_for_again() {
    let mut world = World::new(12, 3);
    (0..2).for_each(|it| world.connect(it));
    write(&mut world, 8);
    wait(&mut world, 1);
    world.relay.fetched.clear();
    world.connect(2);
    while world.relay.fetched.is_empty() {
        assert!(world.step());
    }
    for (_, message) in &mut world.relay.out {
        if let ToClient::SnapshotPart { bytes, .. } = message {
            bytes[0] ^= 1;
        }
    }
    run(&mut world);
    assert_eq!((world.relay.fetched.len(), world.devices[2].snapshots_taken), (2, 1));
    assert!(world.devices[2].refused.is_empty());
    assert_eq!(has(&world, 2), truth(&world));
}

#[test]
fn a_blob_that_stays_damaged_is_asked_for_by_the_next_connection() {
    let mut world = offered(13, |world| craft(world, |_, _| {}, |it| it.blob[100] ^= 1));
    let log = log_of(&world);
    world.relay.disk.given_up.insert(log, 8);
    world.connect(0);
    run(&mut world);
    assert_eq!((world.relay.fetched.len(), reasons(&world, 0)), (3, vec![SnapshotFault::OtherBytes]));
    assert_eq!(world.devices[0].client.log(&log).unwrap().hold, Some(Hold::Unreadable));
    world.relay.disk.snapshots.get_mut(&log).unwrap()[0].blob[100] ^= 1;
    world.disconnect(0);
    world.connect(0);
    run(&mut world);
    assert_eq!((world.devices[0].snapshots_taken, has(&world, 0)), (1, truth(&world)));
}

#[test]
fn a_newcomer_is_shown_what_is_then_checked_and_a_lie_is_never_taken() {
    for is_a_lie in [false, true] {
        let mut world = offered(14, |world| {
            craft(
                world,
                |_, it| {
                    if is_a_lie {
                        it.heads = vec![[1; 32]];
                    }
                },
                |_| {},
            )
        });
        let log = log_of(&world);
        world.relay.disk.given_up.insert(log, 8);
        world.connect(0);
        run(&mut world);
        let device = &world.devices[0];
        assert_eq!(device.glimpses, [JOURNEY]);
        assert_eq!(device.snapshots_taken, usize::from(!is_a_lie));
        assert_eq!(has(&world, 0).is_empty(), is_a_lie);
    }
}

#[test]
fn a_member_who_saves_something_else_than_the_log_holds_is_named_and_not_confirmed() {
    for lacks in [true, false] {
        let mut world = World::new(4, 3);
        (0..3).for_each(|it| world.connect(it));
        write(&mut world, 3);
        world.disconnect(2);
        write(&mut world, 5);
        let mut lie = truth(&world);
        if lacks {
            let first = lie.first().unwrap().clone();
            lie.remove(&first);
        } else {
            lie.insert(b"never written".to_vec());
        }
        world.devices[1].lie = Some(lie);
        wait(&mut world, 1);
        assert_eq!(world.relay.disk.snapshots[&log_of(&world)].len(), 1);
        assert_eq!((reasons(&world, 0), world.relay.confirmations), (vec![SnapshotFault::Differs], 0));
        assert_eq!(has(&world, 0), truth(&world));
        assert_eq!(world.devices[0].refused[0].by, Some(world.devices[1].number()));
        // A relay that lies as well offers it to one who was away: what it lacks is missed.
        world.relay.offers_unconfirmed = true;
        world.connect(2);
        run(&mut world);
        assert!(truth(&world).is_subset(&has(&world, 2)));
        if lacks {
            assert_eq!(
                (reasons(&world, 2), world.devices[2].snapshots_taken),
                (vec![SnapshotFault::Lacks], 0)
            );
        }
    }
}

/// A snapshot by device 1 of everything, as it should be until `spoil` has seen it.
fn craft(
    world: &World,
    spoil: impl FnOnce(&mut SnapshotHeader, &mut Snapshot),
    spoil_kept: impl FnOnce(&mut Kept),
) -> Kept {
    let log = log_of(world);
    let roster = world.relay.disk.roster().unwrap();
    let keys = DeviceKeys::of(&world.devices[1].secret);
    let device = roster.find(&keys.sign_key()).unwrap().0;
    let records = &world.relay.disk.logs[&log];
    let base = records.iter().fold(Chain::start(&log), |at, it| at.then(&Hash::of(it)));
    let last = records.iter().fold(DeviceChain::default(), |at, it| at.then(&Hash::of(it)));
    let mut header = SnapshotHeader {
        version: SnapshotHeader::VERSION,
        log,
        device,
        base,
        devices: vec![(device, last)],
        rseq: roster.rseq(),
        rhead: roster.rhead(),
        epoch: roster.epoch(),
        bytes_len: 0,
        hash: Hash([0; 32]),
        nonce: [1; 24],
    };
    let whole = saved(&truth(world));
    let mut content = Snapshot {
        document: JOURNEY,
        heads: whole.heads,
        rseq: header.rseq,
        saved: whole.saved,
        view: whole.view,
    };
    spoil(&mut header, &mut content);
    let epochs = world.devices[0].client.epochs();
    let (info, blob) = seal_snapshot(&keys, epochs.get(header.epoch).unwrap(), header, content);
    let mut kept = Kept { info, blob, maker: device, is_confirmed: true };
    spoil_kept(&mut kept);
    kept
}

/// A world in which device 1 wrote eight records that device 0 has not read, and the relay offers a
/// snapshot instead.
fn offered(seed: u64, make: impl FnOnce(&World) -> Kept) -> World {
    let mut world = World::new(seed, 3);
    world.connect(1);
    write(&mut world, 8);
    world.disconnect(1);
    let (log, kept) = (log_of(&world), make(&world));
    world.relay.disk.snapshots.insert(log, vec![kept]);
    world
}

fn assert_named_and_not_taken(mut world: World, fault: &SnapshotFault) {
    world.connect(0);
    run(&mut world);
    assert_eq!(reasons(&world, 0), std::slice::from_ref(fault));
    assert_eq!((world.devices[0].snapshots_taken, has(&world, 0)), (0, truth(&world)), "{fault:?}");
    assert!(world.devices[0].skipped.is_empty(), "the records are as good as ever");
    assert_eq!(world.relay.confirmations, 0);
    // Without records nothing can be read, and that is said.
    world.begin_with_nothing(0);
    let log = log_of(&world);
    world.relay.disk.given_up.insert(log, 8);
    world.connect(0);
    run(&mut world);
    assert_eq!((world.devices[0].snapshots_taken, has(&world, 0).len()), (0, 0), "{fault:?}");
    assert_eq!(world.devices[0].client.log(&log).unwrap().hold, Some(Hold::Unreadable), "{fault:?}");
}

#[test]
fn a_sound_snapshot_is_taken() {
    let mut world = offered(5, |world| craft(world, |_, _| {}, |_| {}));
    world.connect(0);
    run(&mut world);
    assert_eq!((world.devices[0].snapshots_taken, has(&world, 0)), (1, truth(&world)));
    assert!(world.devices[0].refused.is_empty());
    world.edit(0, JOURNEY);
    world.settle();
    (0..3).for_each(|it| assert_eq!(has(&world, it), truth(&world)));
}

#[test]
fn whatever_is_wrong_with_a_snapshot_is_named_and_it_is_not_taken() {
    type Spoil = fn(&mut SnapshotHeader, &mut Snapshot);
    let made: [(SnapshotFault, Spoil); 10] = [
        (SnapshotFault::OtherHistory, |it, _| it.base.head = Hash::of(b"another past").head()),
        (SnapshotFault::OtherHistory, |it, _| it.base.seq += 1),
        (SnapshotFault::OtherDevices, |it, _| it.devices[0].1.dseq += 1),
        (SnapshotFault::OtherDevices, |it, _| {
            it.devices.push((99, DeviceChain { dseq: 1, last: Head::ZERO }))
        }),
        (SnapshotFault::OtherRoster, |it, _| it.rhead = Head::ZERO),
        (SnapshotFault::OtherRoster, |it, _| it.rseq += 1),
        (SnapshotFault::OtherRoster, |_, it| it.rseq += 1),
        (SnapshotFault::OtherDocument, |_, it| it.document = [7; 16]),
        (SnapshotFault::Differs, |_, it| it.heads = vec![[1; 32]]),
        (SnapshotFault::NotAllowed, |it, _| it.device = 1_000),
    ];
    for (fault, spoil) in made {
        assert_named_and_not_taken(offered(6, |world| craft(world, spoil, |_| {})), &fault);
    }
    type SpoilKept = fn(&mut Kept);
    let on_the_way: [(SnapshotFault, SpoilKept); 4] = [
        (SnapshotFault::OtherBytes, |it| it.blob[100] ^= 1),
        (SnapshotFault::Forged, |it| it.info.signature.0[9] ^= 1),
        (SnapshotFault::Malformed, |it| it.info.base.seq -= 1),
        (SnapshotFault::Malformed, |it| it.info.header.push(0)),
    ];
    for (fault, spoil) in on_the_way {
        assert_named_and_not_taken(offered(7, |world| craft(world, |_, _| {}, spoil)), &fault);
    }
}

#[test]
fn a_viewer_and_a_removed_device_make_none_that_anybody_takes() {
    for is_removed in [false, true] {
        let mut world = World::new(8, 3);
        (0..3).for_each(|it| world.connect(it));
        run(&mut world);
        write(&mut world, 8);
        let them = world.devices[1].number();
        let act = if is_removed { Act::Remove(vec![them]) } else { Act::SetRole(them, Role::Viewer) };
        world.devices[0].handle(Input::Act(Box::new(act)), &mut world.dice);
        run(&mut world);
        let (log, kept) = (log_of(&world), craft(&world, |_, _| {}, |_| {}));
        world.relay.disk.snapshots.insert(log, vec![kept]);
        world.begin_with_nothing(2);
        world.connect(2);
        run(&mut world);
        assert_eq!(reasons(&world, 2), [SnapshotFault::NotAllowed]);
        assert_eq!((world.devices[2].snapshots_taken, has(&world, 2)), (0, truth(&world)));
    }
}

#[test]
fn who_has_gone_on_past_a_snapshots_place_confirms_it_all_the_same_and_a_lie_not() {
    for lacks in [false, true] {
        let mut world = World::new(16, 3);
        (0..2).for_each(|it| world.connect(it));
        write(&mut world, 8);
        let kept = craft(
            &world,
            |_, it| {
                if lacks {
                    let mut changes = truth(&world);
                    changes.pop_first();
                    let whole = saved(&changes);
                    (it.heads, it.saved) = (whole.heads, whole.saved);
                }
            },
            |it| it.is_confirmed = false,
        );
        write(&mut world, 3);
        world.disconnect(0);
        world.edit(0, JOURNEY);
        let log = log_of(&world);
        world.relay.disk.snapshots.insert(log, vec![kept]);
        world.connect(0);
        run(&mut world);
        let named = if lacks { vec![SnapshotFault::Differs] } else { Vec::new() };
        assert_eq!((world.relay.confirmations, reasons(&world, 0)), (usize::from(!lacks), named));
        assert_eq!(has(&world, 0), truth(&world));
    }
}

/// P10 for snapshots.
#[test]
fn p10_any_bit_changed_in_a_snapshot_is_noticed_and_the_records_are_read_instead() {
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let mut flip = |bytes: &mut [u8]| {
            let bit = dice.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        };
        let mut world = offered(seed, |world| {
            craft(
                world,
                |_, _| {},
                |it| match seed % 3 {
                    0 => flip(&mut it.blob),
                    1 => flip(&mut it.info.header),
                    _ => flip(&mut it.info.signature.0),
                },
            )
        });
        world.connect(0);
        run(&mut world);
        let device = &world.devices[0];
        // A version that is not known here may be a newer program's: the log waits, and says so.
        let waits = device.client.log(&log_of(&world)).unwrap().hold == Some(Hold::NeedsUpdate);
        assert!(waits || device.refused.len() == 1, "SEED={seed}");
        assert_eq!(device.snapshots_taken, 0, "SEED={seed}");
        assert!(waits || has(&world, 0) == truth(&world), "SEED={seed}");
    }
}

/// A snapshot that contradicts what a device knows gets a second look, as after a relay that was restored;
/// if it is bad in itself as well, that is the end of it.
#[test]
fn a_snapshot_that_is_bad_twice_over_is_read_once_and_what_is_here_stays() {
    let mut world = World::new(10, 3);
    (0..3).for_each(|it| world.connect(it));
    write(&mut world, 3);
    world.disconnect(2);
    write(&mut world, 5);
    let spoil = |header: &mut SnapshotHeader, content: &mut Snapshot| {
        header.devices[0].1.dseq = 2;
        content.heads = vec![[1; 32]];
    };
    let (log, kept) = (log_of(&world), craft(&world, spoil, |_| {}));
    world.relay.disk.snapshots.insert(log, vec![kept]);
    world.relay.disk.given_up.insert(log, 8);
    let before = has(&world, 2);
    world.connect(2);
    run(&mut world);
    assert_eq!(reasons(&world, 2), [SnapshotFault::Contradicts, SnapshotFault::Differs]);
    assert_eq!((world.relay.fetched.len(), world.devices[2].snapshots_taken), (1, 0));
    assert_eq!((has(&world, 2), before.len()), (before, 3));
    assert_eq!(world.devices[2].client.log(&log).unwrap().hold, Some(Hold::Unreadable));
}

/// A line that breaks while a snapshot is read, and a relay that has the records after all.
#[test]
fn a_snapshot_that_is_not_needed_any_more_takes_nothing_back() {
    let mut world = World::new(11, 3);
    (0..2).for_each(|it| world.connect(it));
    write(&mut world, 30);
    wait(&mut world, 1);
    world.connect(2);
    while world.relay.fetched.len() < 2 {
        assert!(world.step());
    }
    world.disconnect(2);
    world.relay.disk.snapshots.clear();
    world.connect(2);
    write(&mut world, 2);
    wait(&mut world, 2);
    assert_eq!((world.devices[2].snapshots_taken, has(&world, 2)), (0, truth(&world)));
    let at = world.devices[2].client.log(&log_of(&world)).unwrap().at.seq;
    assert_eq!(at, 32);
}

/// The relay has nothing but a snapshot that lacks what a device still has: it is brought back.
#[test]
fn p5_what_a_snapshot_lacks_and_a_device_has_is_not_lost() {
    let mut world = World::new(9, 3);
    (0..3).for_each(|it| world.connect(it));
    write(&mut world, 3);
    world.disconnect(2);
    world.disconnect(0);
    write(&mut world, 5);
    world.disconnect(1);
    let log = log_of(&world);
    let lacking = craft(
        &world,
        |_, it| {
            let mut changes = truth(&world);
            changes.pop_first();
            let whole = saved(&changes);
            (it.heads, it.saved) = (whole.heads, whole.saved);
        },
        |_| {},
    );
    world.relay.disk.snapshots.insert(log, vec![lacking]);
    world.relay.disk.given_up.insert(log, 8);
    world.begin_with_nothing(0);
    world.settle();
    assert_eq!(reasons(&world, 2), [SnapshotFault::Lacks]);
    (0..3).for_each(|it| assert_eq!(has(&world, it), truth(&world), "{it}"));
}
