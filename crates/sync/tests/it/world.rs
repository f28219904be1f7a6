//! Devices and a relay, and everything that can go wrong between them, in an order from a seed.

use std::collections::BTreeMap;

use custory_seal::{Author, DeviceKeys, DeviceSecret, Epochs, Profile, begin_space};
use custory_sync::Input;
use custory_wire::*;

use crate::device::{Device, Disk, Document};
use crate::dice::Dice;
use crate::relay::{Disk as RelayDisk, Relay};

pub struct World {
    pub dice: Dice,
    pub devices: Vec<Device>,
    pub relay: Relay,
    /// Every edit that was ever made, by document.
    pub made: BTreeMap<Document, Vec<Vec<u8>>>,
    pub backups: Vec<RelayDisk>,
    count: u64,
}

pub fn profile(name: &str) -> Profile {
    Profile { member: [0; 16], person: name.to_owned(), device: "laptop".to_owned() }
}

/// A roster with that many devices, the first an admin, the others editors.
pub fn team(count: u8, dice: &mut Dice) -> (Vec<Vec<u8>>, Vec<DeviceSecret>) {
    let secrets: Vec<DeviceSecret> = (0..count).map(|it| DeviceSecret::from_bytes([it + 1; 32])).collect();
    let admin = DeviceKeys::of(&secrets[0]);
    let mut records = vec![begin_space(&admin, &profile("Ana"), dice)];
    for secret in &secrets[1..] {
        let roster = Roster::of(records.iter().map(Vec::as_slice)).unwrap();
        let epochs = Epochs::of(&roster, 1, &admin);
        let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
        let new = DeviceKeys::of(secret);
        let both = (&new.sign_key(), &new.wrap_key());
        records.push(author.add(both, Role::Editor, &profile("Ben"), None, dice).unwrap());
    }
    (records, secrets)
}

impl World {
    pub fn new(seed: u64, count: u8) -> Self {
        let mut dice = Dice(seed);
        let (roster, secrets) = team(count, &mut dice);
        let space = SpaceId::of_genesis(&roster[0]);
        let disk = Disk { roster, ..Disk::default() };
        let devices = secrets.into_iter().map(|it| Device::new(it, space, disk.clone(), &mut dice)).collect();
        Self { dice, devices, relay: Relay::new(99), made: BTreeMap::new(), backups: Vec::new(), count: 0 }
    }

    pub fn connect(&mut self, device: usize) {
        if self.devices[device].is_connected {
            return;
        }
        self.devices[device].is_connected = true;
        self.devices[device].ended = None;
        self.relay.disconnect(device);
        self.devices[device].handle(Input::Connected, &mut self.dice);
        self.relay.connect(device);
    }

    /// The line breaks; what was on its way is lost.
    pub fn disconnect(&mut self, device: usize) {
        self.relay.disconnect(device);
        let device = &mut self.devices[device];
        (device.is_connected, device.to_me, device.to_relay) = Default::default();
        device.handle(Input::Disconnected, &mut self.dice);
    }

    pub fn crash_relay(&mut self) {
        self.relay.crash();
        (0..self.devices.len()).for_each(|it| self.disconnect(it));
    }

    /// The device's disk is new: it has its keys and knows who belongs to the team.
    pub fn begin_with_nothing(&mut self, device: usize) {
        self.disconnect(device);
        let roster = self.devices[device].disk.roster.clone();
        self.devices[device].restart(Some(Disk { roster, ..Disk::default() }), &mut self.dice);
    }

    pub fn edit(&mut self, device: usize, document: Document) {
        self.count += 1;
        let mut change = self.count.to_be_bytes().to_vec();
        change.extend(format!(" canary {} of device {device}", self.count).bytes());
        self.made.entry(document).or_default().push(change.clone());
        self.devices[device].edit(document, change, &mut self.dice);
    }

    /// Moves one message, if there is one; which, the dice say.
    pub fn step(&mut self) -> bool {
        for (line, message) in std::mem::take(&mut self.relay.out) {
            if self.devices[line].is_connected {
                self.devices[line].to_me.push_back(message.to_bytes());
            }
        }
        let ready: Vec<(usize, bool)> = (0..self.devices.len())
            .flat_map(|it| [(it, true), (it, false)])
            .filter(|(it, is_up)| {
                let device = &self.devices[*it];
                if *is_up { !device.to_relay.is_empty() } else { !device.to_me.is_empty() }
            })
            .collect();
        if ready.is_empty() {
            return false;
        }
        let (device, is_up) = ready[self.dice.below(ready.len())];
        if is_up {
            let message = self.devices[device].to_relay.pop_front().unwrap();
            let bytes = message.to_bytes();
            assert!(bytes.len() <= limits::MESSAGE_BYTES_MAX);
            self.relay.hear(device, ToRelay::from_bytes(&bytes).unwrap());
        } else {
            let bytes = self.devices[device].to_me.pop_front().unwrap();
            self.devices[device].handle(Input::Received(bytes), &mut self.dice);
            if !self.devices[device].is_connected {
                self.disconnect(device);
            }
        }
        true
    }

    /// Moves that many messages, as far as there are any.
    pub fn steps(&mut self, count: usize) {
        for _ in 0..count {
            if !self.step() {
                return;
            }
        }
    }

    /// Moves a few messages, fewer than `count`.
    pub fn steps_below(&mut self, count: usize) {
        let count = self.dice.below(count);
        self.steps(count);
    }

    /// Something goes wrong, or somebody works.
    pub fn mishap(&mut self, documents: &[Document]) {
        let device = self.dice.below(self.devices.len());
        match self.dice.below(24) {
            0..=9 => {
                let document = documents[self.dice.below(documents.len())];
                self.edit(device, document);
            }
            10..=12 => self.disconnect(device),
            13..=16 => self.connect(device),
            17 => {
                self.disconnect(device);
                let (it, dice) = (&mut self.devices[device], &mut self.dice);
                it.restart(None, dice);
            }
            18 => self.crash_relay(),
            19 => self.backups.push(self.relay.disk.clone()),
            20 if self.dice.one_in(3) => {
                let says_so = self.dice.one_in(2);
                let backup = match self.backups.len() {
                    0 => RelayDisk::default(),
                    count => self.backups[self.dice.below(count)].clone(),
                };
                self.crash_relay();
                self.relay.restore(backup, says_so);
            }
            21 => self.heal(),
            // A while passes.
            22 | 23 => {
                for _ in 0..5 {
                    self.devices[device].handle(Input::Tick, &mut self.dice);
                    self.steps_below(6);
                }
            }
            _ => {}
        }
    }

    /// Nothing goes wrong for so long that a snapshot of a document is worth it.
    pub fn work_for_long(&mut self, document: Document) {
        for _ in 0..8 {
            let device = self.dice.below(self.devices.len());
            self.edit(device, document);
            while self.step() {}
        }
        for _ in 0..6 {
            for device in 0..self.devices.len() {
                self.devices[device].handle(Input::Tick, &mut self.dice);
                while self.step() {}
            }
        }
    }

    fn heal(&mut self) {
        for device in &mut self.devices {
            for log in std::mem::take(&mut device.heals) {
                device.handle(Input::HealNow(log), &mut self.dice);
            }
        }
    }

    /// Everybody is connected and nothing more goes wrong, until nothing moves.
    pub fn settle(&mut self) {
        for _ in 0..50 {
            (0..self.devices.len()).for_each(|it| self.connect(it));
            let mut moved = false;
            for _ in 0..200_000 {
                if !self.step() {
                    break;
                }
                moved = true;
            }
            let heals = self.devices.iter().any(|it| !it.heals.is_empty());
            self.heal();
            for device in &mut self.devices {
                device.handle(Input::Tick, &mut self.dice);
            }
            let sends = self.devices.iter().any(|it| !it.to_relay.is_empty() || !it.is_connected);
            if !moved && !heals && !sends {
                return;
            }
        }
    }
}
