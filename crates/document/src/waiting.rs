//! Changes that came before what they rest on. They wait here, outside Automerge: in its own queue
//! a crafted change would spoil the batch that brings what it waits for.

use std::collections::{BTreeMap, VecDeque};

use automerge::{Change, ChangeHash};

/// How many changes can wait. A device that was away for months has fewer to catch up on.
const CHANGES_MAX: usize = 20_000;

/// Bytes of changes that can wait.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// A change, and where it stood in the list that it came in.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub change: Change,
    pub index: Option<usize>,
}

/// Changes that wait for what they rest on.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    held: BTreeMap<ChangeHash, Held>,
    bytes: usize,
}

impl Waiting {
    pub fn len(&self) -> usize {
        self.held.len()
    }

    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.held.contains_key(hash)
    }

    /// Lets a change wait.
    pub fn hold(&mut self, held: Held) {
        self.bytes += held.change.raw_bytes().len();
        self.held.insert(held.change.hash(), held);
    }

    /// Takes out what no longer has to wait, each after what it rests on.
    pub fn take_ready(&mut self, is_known: impl Fn(&ChangeHash) -> bool) -> Vec<Held> {
        let mut missing: BTreeMap<ChangeHash, usize> = BTreeMap::new();
        let mut waits_for: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        let mut ready: VecDeque<ChangeHash> = VecDeque::new();
        for (hash, held) in &self.held {
            let unknown: Vec<_> = held.change.deps().iter().filter(|it| !is_known(it)).collect();
            if unknown.is_empty() {
                ready.push_back(*hash);
            }
            for dependency in &unknown {
                waits_for.entry(**dependency).or_default().push(*hash);
            }
            missing.insert(*hash, unknown.len());
        }
        let mut taken = Vec::new();
        while let Some(hash) = ready.pop_front() {
            for dependent in waits_for.remove(&hash).unwrap_or_default() {
                if let Some(count) = missing.get_mut(&dependent) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push_back(dependent);
                    }
                }
            }
            taken.extend(self.remove(&hash));
        }
        taken
    }

    /// Takes out what has just come and finds no room to wait.
    pub fn take_overflow(&mut self) -> Vec<Held> {
        let mut taken = Vec::new();
        while self.held.len() > CHANGES_MAX || self.bytes > BYTES_MAX {
            let newest = self.held.iter().filter(|(_, it)| it.index.is_some()).max_by_key(|(_, it)| it.index);
            let Some(hash) = newest.map(|(hash, _)| *hash) else { break };
            taken.extend(self.remove(&hash));
        }
        taken
    }

    /// Takes out what rests on a refused change, directly or through others: it can never be taken
    /// in.
    pub fn take_dependents(&mut self, refused: &[ChangeHash]) -> Vec<Held> {
        let mut gone: Vec<ChangeHash> = refused.to_vec();
        let mut taken = Vec::new();
        while let Some(hash) = gone.pop() {
            let rests = |it: &Held| it.change.deps().contains(&hash);
            let dependents: Vec<_> =
                self.held.iter().filter(|(_, it)| rests(it)).map(|(id, _)| *id).collect();
            for dependent in dependents {
                gone.push(dependent);
                taken.extend(self.remove(&dependent));
            }
        }
        taken
    }

    /// Forgets where changes stood in the list that they came in: the list has been dealt with.
    pub fn settle(&mut self) {
        self.held.values_mut().for_each(|it| it.index = None);
    }

    fn remove(&mut self, hash: &ChangeHash) -> Option<Held> {
        let held = self.held.remove(hash)?;
        self.bytes -= held.change.raw_bytes().len();
        Some(held)
    }
}
