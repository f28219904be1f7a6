//! The document: commands become edits, edits and outside changes become patches.

use std::borrow::Cow;
use std::collections::BTreeSet;

use automerge::transaction::CommitOptions;
use automerge::{Automerge, ChangeHash, ReadDoc};
use custory_domain::{Board, Command, CommandError, EntityRef, MemberId, Patch, Stamp, Via, carry_out};

use crate::actor::{Actor, Turns};
use crate::apply::apply;
use crate::chunk::{chunk_of, open};
use crate::edit::{Edit, Prepared};
use crate::ingest::{CHUNK_BYTES_MAX, Ingest, Merged, max_op};
use crate::load::{LoadError, Loaded, load, load_whole};
use crate::model::Model;
use crate::numbers::Numbers;
use crate::undo::{Gesture, History, Turn, takes_away};
use crate::waiting::{Held, Waiting};
use crate::write::{EntityWrite, plan, write};

/// A journey, or the workspace: an Automerge document, its board, and this session's gestures.
#[derive(Debug)]
pub struct Document {
    pub(crate) doc: Automerge,
    pub(crate) model: Model,
    pub(crate) history: History,
    pub(crate) turns: Turns,
    pub(crate) waiting: Waiting,
    pub(crate) numbers: Numbers,
}

impl Document {
    /// An empty one.
    pub fn new(actor: Actor) -> Self {
        Self {
            doc: Automerge::new(),
            model: Model::default(),
            history: History::default(),
            turns: Turns::of(actor),
            waiting: Waiting::default(),
            numbers: Numbers::default(),
        }
    }

    /// Opens one from its own disk: the last snapshot and the changes since, in any order, also such
    /// as are in the snapshot already. `actor` must never have been used before.
    ///
    /// # Errors
    /// When the snapshot is damaged. Damaged changes are named and passed over instead.
    pub fn load(snapshot: Option<&[u8]>, changes: &[Vec<u8>], actor: Actor) -> Result<Loaded, LoadError> {
        load(snapshot, changes, actor)
    }

    /// Everything in it, ready to be read and drawn.
    pub fn board(&self) -> &Board {
        self.model.board()
    }

    /// Entities that are in the document and not on the board, because this version cannot read
    /// them, and why. They stay as they are.
    pub fn unreadable(&self) -> impl Iterator<Item = (EntityRef, &str)> {
        self.model.unreadable().iter().map(|(id, reason)| (*id, reason.as_str()))
    }

    /// Turns a command into an edit. The document stays as it is until the edit is adopted.
    ///
    /// # Errors
    /// When a rule is broken, or when the change would be longer than [`CHUNK_BYTES_MAX`], which no
    /// other device would take.
    pub fn prepare(&self, command: Command, stamp: Stamp) -> Result<Edit, CommandError> {
        let changes = carry_out(self.board(), command, stamp)?;
        let plan = plan(&self.model, &changes.after)?;
        let draft = Draft { turn: Turn::Do, label: changes.label.clone(), gesture: changes.label, stamp };
        let writer = self.turns.take();
        let edit = self.draft(&draft, &plan, &writer);
        self.give_back(&writer, edit.as_ref().ok());
        edit
    }

    /// Prepares taking back one's own last gesture of this session, as far as nobody has changed the
    /// same things since; `None` if there is nothing to take back. The change is labelled
    /// “Undo: …”.
    pub fn prepare_undo(&self, stamp: Stamp) -> Option<Edit> {
        self.reverse_first(self.history.done(), "Undo", stamp)
    }

    /// Prepares doing again what was taken back last; `None` if nothing was, or if something new has
    /// been done since.
    pub fn prepare_redo(&self, stamp: Stamp) -> Option<Edit> {
        self.reverse_first(self.history.undone(), "Redo", stamp)
    }

    /// Takes in an edit that is durable now; answers what differs on the board.
    ///
    /// Edits may be adopted in any order, also after merges: if the document has moved on since the
    /// edit was prepared, its change is merged like one from another replica, which is what every
    /// other device does with it. An edit of another document waits here, without effect.
    pub fn adopt(&mut self, edit: Edit) -> Patch {
        let Some(prepared) = edit.prepared else { return Patch::default() };
        let Prepared { doc, base, change, differences, turn, gesture, sibling, .. } = *prepared;
        self.turns.settle(sibling);
        let change = [change];
        if heads_of(&self.doc) == base {
            self.history.note(turn, gesture);
            self.numbers.count(&change);
            self.doc = doc;
            return self.model.apply(differences);
        }
        if change[0].deps().iter().any(|it| max_op(&self.doc, it).is_none()) {
            let [change] = change;
            self.waiting.hold(Held { change, index: None });
            return Patch::default();
        }
        // Made here, on what is here, under a number of its own: nothing is left that could fail.
        let Ok(applied) = apply(&self.doc, &self.model, &change) else { return Patch::default() };
        self.history.note(turn, gesture);
        self.numbers.count(&change);
        self.doc = applied.doc;
        self.model.apply(applied.differences)
    }

    /// Takes in changes from outside, one chunk each, in any order and any number of times. Bad ones
    /// are refused with a reason and do not hinder the others; those that rest on changes that are
    /// not here wait, and are not part of [`Document::save`] until these come.
    pub fn merge(&mut self, changes: &[Vec<u8>]) -> Merged {
        let Self { doc, model, waiting, turns, numbers, .. } = self;
        Ingest { doc, model, waiting, turns, numbers }.merge(changes)
    }

    /// The newest changes, sorted: two documents with equal heads are equal.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        heads_of(&self.doc).into_iter().map(|it| it.0).collect()
    }

    /// The newest changes, sorted, of the document as it would be without these, which are chunks as
    /// [`Document::merge`] takes them; `None` if something that stays rests on one of them, or something
    /// waits for an earlier change.
    pub fn heads_before(&self, without: &[Vec<u8>]) -> Option<Vec<[u8; 32]>> {
        if self.pending() > 0 {
            return None;
        }
        let left_out: BTreeSet<ChangeHash> =
            without.iter().filter_map(|it| Some(open(it, CHUNK_BYTES_MAX).ok()?.hash())).collect();
        let mut heads = BTreeSet::new();
        // Each comes after what it rests on.
        for change in self.doc.get_changes_meta(&[]) {
            if left_out.contains(&change.hash) {
                continue;
            }
            for before in &change.deps {
                if left_out.contains(before) {
                    return None;
                }
                heads.remove(before);
            }
            heads.insert(change.hash);
        }
        Some(heads.into_iter().map(|it| it.0).collect())
    }

    /// Whether a change is in the document. Changes that wait are not.
    pub fn has_change(&self, hash: &[u8; 32]) -> bool {
        max_op(&self.doc, &ChangeHash(*hash)).is_some()
    }

    /// How many changes wait for what they rest on.
    pub fn pending(&self) -> usize {
        self.waiting.len()
    }

    /// The whole document, compact. About 25 ms for 100,000 changes.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// The whole document, compact, after loading it again to see that it can be: before a snapshot
    /// takes the place of the changes it was made from.
    ///
    /// # Errors
    /// When it cannot be loaded again; keep the changes then.
    pub fn save_verified(&self) -> Result<Vec<u8>, LoadError> {
        self.still().save_verified()
    }

    /// The document as it is at this moment, to be saved elsewhere while it goes on.
    pub fn still(&self) -> Still {
        Still { doc: self.doc.clone() }
    }

    /// The changes that are not among the ancestors of `heads`, as chunks one after another.
    pub fn save_after(&self, heads: &[[u8; 32]]) -> Vec<u8> {
        let heads: Vec<ChangeHash> = heads.iter().map(|it| ChangeHash(*it)).collect();
        self.doc.save_after(&heads)
    }

    /// What [`Document::prepare_undo`] would take back, in the words of the gesture.
    pub fn undo_label(&self) -> Option<&str> {
        self.first_reversible(self.history.done())
    }

    /// What [`Document::prepare_redo`] would do again, in the words of the gesture.
    pub fn redo_label(&self) -> Option<&str> {
        self.first_reversible(self.history.undone())
    }
}

/// A document as it was at a moment.
#[derive(Clone, Debug)]
pub struct Still {
    doc: Automerge,
}

impl Still {
    /// Its newest changes, sorted.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        heads_of(&self.doc).into_iter().map(|it| it.0).collect()
    }

    /// See [`Document::save_verified`].
    ///
    /// # Errors
    /// When it cannot be loaded again.
    pub fn save_verified(&self) -> Result<Vec<u8>, LoadError> {
        let bytes = self.doc.save();
        let error = |reason| LoadError::Snapshot { reason };
        let loaded = load_whole(&bytes).map_err(error)?;
        if heads_of(&loaded) != heads_of(&self.doc) {
            return Err(error("it does not hold the newest changes".to_owned()));
        }
        Ok(bytes)
    }
}

/// What an edit is, beside what it writes.
struct Draft {
    turn: Turn,
    label: String,
    /// The words of the gesture that it is, or that it takes back.
    gesture: String,
    stamp: Stamp,
}

/// The actor that writes an edit, and its place in line.
type Writer = (automerge::ActorId, u32);

impl Document {
    fn first_reversible<'a>(
        &'a self,
        mut candidates: impl Iterator<Item = (Turn, &'a Gesture)>,
    ) -> Option<&'a str> {
        candidates.find(|(_, it)| it.is_reversible(&self.doc)).map(|(_, it)| it.label.as_str())
    }

    /// Gives a turn back if no edit came of it.
    fn give_back(&self, writer: &Writer, edit: Option<&Edit>) {
        if edit.is_none_or(Edit::is_empty) {
            self.turns.settle(writer.1);
        }
    }

    /// An edit that takes back the first gesture of which something can still be taken back.
    fn reverse_first<'a>(
        &self,
        mut candidates: impl Iterator<Item = (Turn, &'a Gesture)>,
        verb: &str,
        stamp: Stamp,
    ) -> Option<Edit> {
        let writer = self.turns.take();
        let edit = candidates.find_map(|(turn, gesture)| {
            let label = format!("{verb}: {}", gesture.label);
            let draft = Draft { turn, label, gesture: gesture.label.clone(), stamp };
            self.reverse(&draft, gesture, &writer).filter(|it| !it.patch().is_empty())
        });
        self.give_back(&writer, edit.as_ref());
        edit
    }

    /// Takes a gesture back. An added entity that something of others rests on stays: the change is
    /// drafted again without it until all that is taken away does go out of view.
    fn reverse(&self, draft: &Draft, gesture: &Gesture, writer: &Writer) -> Option<Edit> {
        let mut kept: Vec<EntityRef> = Vec::new();
        loop {
            let plan = gesture.reversed(&self.doc, draft.stamp, |it| kept.contains(&it));
            let edit = self.draft(draft, &plan, writer).ok()?;
            let is_gone = |it: &EntityRef| edit.patch().removed.contains(it);
            let taken = plan.iter().filter(|it| takes_away(it)).map(|it| it.entity);
            let still_here: Vec<_> = taken.filter(|it| !is_gone(it)).collect();
            if still_here.is_empty() {
                return Some(edit);
            }
            kept.extend(still_here);
        }
    }

    /// Writes a plan into a copy of the document.
    fn draft(&self, draft: &Draft, plan: &[EntityWrite], writer: &Writer) -> Result<Edit, CommandError> {
        let nothing = || Ok(Edit { label: draft.label.clone(), prepared: None });
        if plan.is_empty() {
            return nothing();
        }
        let (actor, sibling) = writer;
        let mut doc = self.doc.clone();
        doc.set_actor(actor.clone());
        let mut tx = doc.transaction();
        write(&mut tx, plan).map_err(|error| unfit(format!("The journey cannot be written: {error}.")))?;
        let (Some(hash), _) = tx.commit_with(note(&draft.label, draft.stamp)) else { return nothing() };
        let Some(change) = doc.get_change_by_hash(&hash) else { return nothing() };
        let chunk = chunk_of(&change);
        if chunk.len() > CHUNK_BYTES_MAX {
            return Err(unfit("This is too much for one step. Do it in several parts.".to_owned()));
        }
        let differences = self.model.differences(&doc, plan.iter().map(|it| it.entity).collect());
        let prepared = Prepared {
            doc,
            base: heads_of(&self.doc),
            change,
            chunk,
            differences,
            turn: draft.turn,
            gesture: Gesture::of(draft.gesture.clone(), plan),
            sibling: *sibling,
        };
        Ok(Edit { label: draft.label.clone(), prepared: Some(Box::new(prepared)) })
    }
}

fn unfit(reason: String) -> CommandError {
    CommandError::Unfit { reason }
}

pub(crate) fn heads_of(doc: &Automerge) -> Vec<ChangeHash> {
    let mut heads = doc.get_heads();
    heads.sort();
    heads
}

/// What is written beside a change, for history. Its fields stand in this order in every build: a JSON
/// value would put them in another one wherever some crate turns on `serde_json/preserve_order`.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Note<'a> {
    pub by: MemberId,
    #[serde(rename = "do", borrow)]
    pub label: Cow<'a, str>,
    pub via: Via,
}

/// Who did what, and through what. Automerge's time is in seconds; the stamps inside have the
/// milliseconds.
fn note(label: &str, stamp: Stamp) -> CommitOptions {
    let note = Note { by: stamp.by, label: Cow::Borrowed(label), via: stamp.via };
    let message = serde_json::to_string(&note).expect("ids and texts are JSON");
    CommitOptions::default().with_message(message).with_time(stamp.at.0.div_euclid(1_000))
}
