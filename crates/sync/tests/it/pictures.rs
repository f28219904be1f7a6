//! Pictures have logs of their own: who needs one reads it, nobody else does, and nothing is saved in its place.

use custory_sync::{Input, LogState};

use crate::device::Document;
use crate::world::World;

/// The log of this document is a picture's; see `Device::log_of`.
const PICTURE: Document = [0xff; 16];

fn run(world: &mut World) {
    while world.step() {}
}

fn has(world: &World, device: usize) -> usize {
    world.devices[device].disk.documents.get(&PICTURE).map_or(0, |it| it.len())
}

#[test]
fn a_picture_is_read_by_whoever_follows_it_and_by_nobody_else() {
    let mut world = World::new(1, 3);
    (0..3).for_each(|it| world.connect(it));
    run(&mut world);
    let log = world.devices[0].space.picture_log(&PICTURE);
    for _ in 0..8 {
        world.edit(1, PICTURE);
        run(&mut world);
    }
    assert_eq!(world.devices[0].pictures_there, [log], "told once");
    assert_eq!((has(&world, 0), has(&world, 1), has(&world, 2)), (0, 8, 0));
    assert!(world.devices[0].client.knows_picture(&log));

    let follow = |world: &mut World, device: usize| {
        let state = world.devices[device].disk.logs.get(&log);
        let state = state.map_or_else(|| LogState::new(&log), |it| LogState::from_bytes(it).unwrap());
        world.devices[device].handle(Input::Follow { log, state: Box::new(state) }, &mut world.dice);
        run(world);
    };
    follow(&mut world, 0);
    assert_eq!((has(&world, 0), has(&world, 2)), (8, 0));
    world.devices[0].handle(Input::Rest(log), &mut world.dice);
    world.edit(1, PICTURE);
    run(&mut world);
    assert_eq!(has(&world, 0), 8, "it rests");
    follow(&mut world, 0);
    assert_eq!(has(&world, 0), 9);

    // Another connection names it again, and does not read it either.
    world.disconnect(2);
    world.connect(2);
    run(&mut world);
    assert_eq!((world.devices[2].pictures_there.len(), has(&world, 2)), (2, 0));
    assert!((0..3).all(|it| world.devices[it].skipped.is_empty()));
}

#[test]
fn nothing_is_saved_in_place_of_a_picture() {
    let mut world = World::new(2, 2);
    (0..2).for_each(|it| world.connect(it));
    for _ in 0..40 {
        world.edit(1, PICTURE);
        run(&mut world);
    }
    for _ in 0..12 {
        world.devices[1].handle(Input::Tick, &mut world.dice);
        run(&mut world);
    }
    let log = world.devices[0].space.picture_log(&PICTURE);
    assert!(!world.relay.disk.snapshots.contains_key(&log));
}
