//! P12, P13: inviting, letting in, removing; and what a removed device can still do.

use custory_seal::{DeviceSecret, InviteLink, InviteSeed, RelayAddress};
use custory_sync::{Act, Ended, Input};
use custory_wire::*;

use crate::device::{Device, Disk};
use crate::dice::Dice;
use crate::world::{World, profile};

const JOURNEY: [u8; 16] = [1; 16];

fn act(world: &mut World, device: usize, act: Act) -> Result<u32, &'static str> {
    world.devices[device].answers.clear();
    world.devices[device].handle(Input::Act(Box::new(act)), &mut world.dice);
    world.settle();
    world.devices[device].answers.pop().unwrap()
}

fn invite(world: &mut World, role: Role) -> String {
    let seed = InviteSeed::generate(&mut world.dice);
    let made = act(world, 0, Act::Invite { seed: seed.clone(), role, uses: 1 });
    made.unwrap();
    let client = &world.devices[0].client;
    let address: RelayAddress = "localhost:7878".parse().unwrap();
    InviteLink::new(address, &client.relay_key().unwrap(), world.devices[0].space, seed).expose()
}

fn join(world: &mut World, link: &str, name: &str) -> usize {
    let link: InviteLink = link.parse().unwrap();
    let secret = DeviceSecret::generate(&mut world.dice);
    let disk =
        Disk { relay: link.relay_key.to_vec(), invite: Some((link.seed, profile(name))), ..Disk::default() };
    world.devices.push(Device::new(secret, link.space, disk, &mut world.dice));
    world.devices.len() - 1
}

fn approve(world: &mut World, name: &str) -> Result<u32, &'static str> {
    let join = *world.devices[0].client.roster().unwrap().joins().keys().next().unwrap();
    act(world, 0, Act::Approve { join, profile: profile(name) })
}

#[test]
fn p13_by_a_link_one_asks_is_let_in_and_has_everything() {
    let mut world = World::new(1, 2);
    world.edit(1, JOURNEY);
    world.settle();
    let link = invite(&mut world, Role::Editor);
    let dia = join(&mut world, &link, "Dia");
    world.settle();
    assert!(matches!(world.devices[dia].client.standing(), Some(Standing::Waiting { .. })));
    assert!(world.devices[dia].disk.documents.is_empty(), "nothing is read before an admin agrees");
    approve(&mut world, "Dia").unwrap();
    world.settle();
    assert_eq!(world.devices[dia].client.role(), Some(Role::Editor));
    world.edit(dia, JOURNEY);
    world.settle();
    for device in &world.devices {
        assert_eq!(device.disk.documents[&JOURNEY].len(), 2);
    }
    // The link was for one.
    let eve = join(&mut world, &link, "Eve");
    world.connect(eve);
    while world.step() {}
    let ended = world.devices[eve].ended.clone();
    assert!(
        matches!(&ended, Some(Ended::Told { code: ErrorCode::NotAMember | ErrorCode::InviteClosed, .. })),
        "{ended:?}"
    );
    assert!(world.devices[eve].disk.roster.is_empty());
}

#[test]
fn a_viewer_reads_and_does_not_write() {
    let mut world = World::new(2, 2);
    world.edit(0, JOURNEY);
    world.settle();
    let viewer = world.devices[1].number();
    act(&mut world, 0, Act::SetRole(viewer, Role::Viewer)).unwrap();
    world.edit(1, JOURNEY);
    world.edit(0, JOURNEY);
    world.settle();
    assert_eq!(world.devices[0].disk.documents[&JOURNEY].len(), 2);
    assert_eq!(world.devices[1].disk.outbox.len(), 1, "it stays on the device");
    act(&mut world, 0, Act::SetRole(viewer, Role::Editor)).unwrap();
    world.settle();
    assert_eq!(world.devices[0].disk.documents[&JOURNEY].len(), 3, "and goes once it may");
}

#[test]
fn p12_a_removed_device_reads_nothing_new_and_its_late_edits_go_nowhere() {
    let mut world = World::new(3, 3);
    world.edit(0, JOURNEY);
    world.settle();
    let gone = world.devices[2].number();
    act(&mut world, 0, Act::Remove(vec![gone])).unwrap();
    world.edit(0, JOURNEY);
    world.edit(2, JOURNEY);
    world.settle();
    assert_eq!(world.devices[1].disk.documents[&JOURNEY].len(), 2);
    assert_eq!(world.devices[2].disk.documents[&JOURNEY].len(), 2, "its own two");
    assert!(matches!(world.devices[2].ended, Some(Ended::Told { code: ErrorCode::Removed, .. })));
    // Even with everything that the relay has, it has no key.
    let log = world.devices[0].space.journey_log(&JOURNEY);
    let newest = Parsed::parse(world.relay.disk.logs[&log].last().unwrap()).unwrap();
    let roster = world.relay.disk.roster().unwrap();
    let keys = custory_seal::DeviceKeys::of(&world.devices[2].secret);
    let epochs = custory_seal::Epochs::of(&roster, gone, &keys);
    assert!(custory_seal::open_record(&epochs, &newest).is_err());
}

#[test]
fn edits_made_while_the_team_changed_are_sealed_anew_and_arrive() {
    for seed in 0..12 {
        let mut world = World::new(seed, 3);
        world.settle();
        let gone = world.devices[2].number();
        for _ in 0..6 {
            world.edit(1, JOURNEY);
            world.steps_below(4);
        }
        world.devices[0].handle(Input::Act(Box::new(Act::Remove(vec![gone]))), &mut world.dice);
        for _ in 0..6 {
            world.edit(1, JOURNEY);
            world.steps_below(4);
        }
        world.settle();
        assert_eq!(world.devices[0].disk.documents[&JOURNEY].len(), 12, "SEED={seed}");
        assert!(world.devices[1].disk.outbox.is_empty());
    }
}

#[test]
fn two_admins_at_once_both_get_their_way() {
    for seed in 0..12 {
        let mut world = World::new(seed, 3);
        world.settle();
        let other = world.devices[1].number();
        act(&mut world, 0, Act::SetRole(other, Role::Admin)).unwrap();
        for device in [0, 1] {
            let seed = InviteSeed::generate(&mut world.dice);
            let invite = Act::Invite { seed, role: Role::Viewer, uses: 1 };
            world.devices[device].answers.clear();
            world.devices[device].handle(Input::Act(Box::new(invite)), &mut world.dice);
        }
        world.settle();
        for device in [0, 1] {
            assert!(matches!(world.devices[device].answers[..], [Ok(_)]), "SEED={seed}");
            assert_eq!(world.devices[device].client.roster().unwrap().invites().len(), 2, "SEED={seed}");
        }
    }
}

#[test]
fn acts_that_cannot_be_are_answered_at_once() {
    let mut world = World::new(4, 2);
    let invite = || Act::Invite { seed: InviteSeed::from_bytes([1; 32]), role: Role::Editor, uses: 1 };
    world.devices[0].handle(Input::Act(Box::new(invite())), &mut Dice(1));
    assert!(matches!(world.devices[0].answers.pop(), Some(Err(_))), "offline");
    world.settle();
    assert!(act(&mut world, 1, invite()).is_err(), "not an admin");
    assert!(act(&mut world, 0, Act::Remove(vec![1])).is_err(), "the last admin stays");
    assert!(act(&mut world, 0, Act::Approve { join: 9, profile: profile("x") }).is_err());
    assert!(act(&mut world, 0, invite()).is_ok());
}
