//! Replicas of one journey that talk over a bad line: late, doubled, in any order, in part.

use custory_document::{Actor, Document};
use custory_domain::{Board, Command, CommandError, Patch};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::Mint;
use crate::gesture::{Gesture, gesture};

/// One device with one journey open.
#[derive(Debug)]
pub struct Replica {
    /// Its document.
    pub document: Document,
    /// Its ids and stamps.
    pub mint: Mint,
    /// A board that has seen nothing but this replica's patches.
    pub seen: Board,
    /// Changes made here, oldest first.
    pub made: Vec<Vec<u8>>,
}

impl Replica {
    /// An empty journey on a device.
    pub fn new(number: u8) -> Self {
        let mut mint = Mint::of(number);
        let document = Document::new(Actor(mint.actor()));
        Self { document, mint, seen: Board::default(), made: Vec::new() }
    }

    /// Carries out a command, as the engine does: prepare, make durable, adopt.
    ///
    /// # Errors
    /// When a rule is broken.
    pub fn run(&mut self, command: Command) -> Result<Patch, CommandError> {
        let stamp = self.mint.stamp();
        let edit = self.document.prepare(command, stamp)?;
        Ok(self.adopt(edit))
    }

    /// Does a gesture, if there is anything to do it to; whether something changed.
    pub fn act(&mut self, gesture: &Gesture) -> bool {
        let Some(command) = gesture.command(self.document.board(), &mut self.mint) else { return false };
        self.run(command).is_ok_and(|patch| !patch.is_empty())
    }

    /// Takes back the last gesture; whether there was one.
    pub fn undo(&mut self) -> bool {
        let stamp = self.mint.stamp();
        let edit = self.document.prepare_undo(stamp);
        edit.map(|it| self.adopt(it)).is_some()
    }

    /// Does again what was taken back last; whether there was anything.
    pub fn redo(&mut self) -> bool {
        let stamp = self.mint.stamp();
        let edit = self.document.prepare_redo(stamp);
        edit.map(|it| self.adopt(it)).is_some()
    }

    /// Takes changes in; all of them have to be accepted, be there already, or wait.
    pub fn receive(&mut self, changes: &[Vec<u8>]) {
        let merged = self.document.merge(changes);
        assert_eq!((&merged.refused[..], &merged.withdrawn[..]), (&[][..], &[][..]));
        self.seen.apply(&merged.patch);
    }

    /// Closes the journey and opens it again from its saved bytes.
    pub fn restart(&mut self) {
        let loaded = Document::load(Some(&self.document.save()), &[], Actor(self.mint.actor()));
        self.document = loaded.expect("a saved document opens again").document;
    }

    fn adopt(&mut self, edit: custory_document::Edit) -> Patch {
        if !edit.is_empty() {
            self.made.push(edit.change().to_vec());
        }
        let patch = self.document.adopt(edit);
        self.seen.apply(&patch);
        patch
    }
}

/// Something that happens in a team.
#[derive(Clone, Debug)]
pub enum Event {
    /// Somebody does something.
    Act(Index, Gesture),
    /// Somebody takes their last gesture back.
    Undo(Index),
    /// Somebody does it again.
    Redo(Index),
    /// Some changes reach somebody: any number of any, in any order, some twice.
    Deliver(Index, Vec<Index>),
    /// Everything that one has made reaches another.
    CatchUp(Index, Index),
    /// Somebody closes the journey and opens it again. What waited there is lost with it.
    Restart(Index),
}

/// Any events.
pub fn events(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Event>> {
    let who = any::<Index>;
    let event = prop_oneof![
        10 => (who(), gesture()).prop_map(|(who, it)| Event::Act(who, it)),
        2 => who().prop_map(Event::Undo),
        1 => who().prop_map(Event::Redo),
        3 => (who(), vec(any::<Index>(), 1..8)).prop_map(|(to, which)| Event::Deliver(to, which)),
        2 => (who(), who()).prop_map(|(from, to)| Event::CatchUp(from, to)),
        1 => who().prop_map(Event::Restart),
    ];
    vec(event, count)
}

/// Several replicas of one journey.
#[derive(Debug)]
pub struct Team {
    /// The replicas.
    pub replicas: Vec<Replica>,
}

impl Team {
    /// A team that shares an empty journey.
    pub fn of(count: u8) -> Self {
        Self { replicas: (0..count).map(|it| Replica::new(it + 1)).collect() }
    }

    /// Lets something happen; answers whom it happened to.
    pub fn play(&mut self, event: &Event) -> usize {
        let count = self.replicas.len();
        match event {
            Event::Act(who, gesture) => {
                self.replicas[who.index(count)].act(gesture);
                who.index(count)
            }
            Event::Undo(who) => {
                self.replicas[who.index(count)].undo();
                who.index(count)
            }
            Event::Redo(who) => {
                self.replicas[who.index(count)].redo();
                who.index(count)
            }
            Event::Deliver(to, which) => {
                let all = self.changes();
                if !all.is_empty() {
                    let some: Vec<_> = which.iter().map(|it| it.get(&all).clone()).collect();
                    self.replicas[to.index(count)].receive(&some);
                }
                to.index(count)
            }
            Event::CatchUp(from, to) => {
                let made = self.replicas[from.index(count)].made.clone();
                self.replicas[to.index(count)].receive(&made);
                to.index(count)
            }
            Event::Restart(who) => {
                self.replicas[who.index(count)].restart();
                who.index(count)
            }
        }
    }

    /// All changes that anybody made, replica by replica.
    pub fn changes(&self) -> Vec<Vec<u8>> {
        self.replicas.iter().flat_map(|it| it.made.iter().cloned()).collect()
    }

    /// Brings everybody up to date, each in another order.
    pub fn settle(&mut self) {
        let mut all = self.changes();
        for replica in &mut self.replicas {
            replica.receive(&all);
            let middle = all.len() / 2;
            all.rotate_left(middle);
            all[middle..].reverse();
        }
    }
}
