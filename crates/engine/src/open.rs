//! Boards in use: read from the projection at once, their documents loaded when first needed.

use custory_document::{Actor, Document};
use custory_domain::{Board, JourneyId};
use custory_ipc::{Reply, UndoState};
use custory_store::{Seq, Stored};
use ulid::Ulid;

use crate::failure::{Fault, internal, no_such_journey};
use crate::inbox::{Core, Inbox};

/// A document in use.
pub(crate) struct Open {
    pub document: Document,
    /// Up to where in the store it has everything.
    pub seq: Seq,
}

impl Open {
    /// What can be taken back and repeated.
    pub fn undo_state(&self) -> UndoState {
        let owned = |it: Option<&str>| it.map(str::to_owned);
        UndoState { undo: owned(self.document.undo_label()), redo: owned(self.document.redo_label()) }
    }
}

/// Length of the tail of changes after which a document is saved whole, so that it loads fast.
const TAIL_CHANGES_MAX: usize = 500;
/// The same in bytes.
const TAIL_BYTES_MAX: usize = 1 << 20;

impl Core {
    /// Answers a journey's board from the projection, and loads its document afterwards.
    pub(crate) fn open_journey(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        if let Some(open) = self.open.get(&journey.ulid()) {
            let (board, undo) = (open.document.board().clone(), open.undo_state());
            return self.shown(journey, board, undo);
        }
        let board = self.store.board(journey.ulid())?;
        if let Some(board) = self.glimpse(journey.ulid()).cloned() {
            return self.shown(journey, board, UndoState::default());
        }
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        self.load_soon(journey);
        self.shown(journey, board, UndoState::default())
    }

    /// Has a document loaded once nobody waits for an answer: from then on what others do to it is told.
    pub(crate) fn load_soon(&self, journey: JourneyId) {
        if !self.open.contains_key(&journey.ulid()) && self.inbox.send(Inbox::Load(journey)).is_err() {
            tracing::debug!("the loop is stopping");
        }
    }

    /// A board with what other journeys say of it.
    fn shown(&self, journey: JourneyId, board: Board, undo: UndoState) -> Result<Reply, Fault> {
        let (shown_in, to_be) = (self.shown_in(journey)?, self.store.to_be_of(journey)?);
        Ok(Reply::Board { journey, board, undo, shown_in, to_be })
    }

    /// Loads a document while nobody waits for it.
    pub(crate) fn load_ahead(&mut self, journey: JourneyId) {
        if let Err(failure) = self.opened(journey.ulid()) {
            tracing::warn!(%journey, "cannot load a journey ahead: {failure}");
        }
    }

    /// The document, loaded.
    pub(crate) fn opened(&mut self, id: Ulid) -> Result<&mut Open, Fault> {
        if !self.open.contains_key(&id) {
            let open = self.load(id)?;
            self.open.insert(id, open);
        }
        self.open.get_mut(&id).ok_or_else(no_such_journey)
    }

    /// The board as it is now, without loading the document for it.
    pub(crate) fn board(&self, id: Ulid) -> Result<Board, Fault> {
        match self.open.get(&id) {
            Some(open) => Ok(open.document.board().clone()),
            None => Ok(self.store.board(id)?),
        }
    }

    fn load(&mut self, id: Ulid) -> Result<Open, Fault> {
        let stored = self.store.load(id)?.ok_or_else(no_such_journey)?;
        let mut actor = [0; 16];
        self.entropy.fill(&mut actor);
        let read = |it: &Stored| Document::load(it.snapshot.as_deref(), &it.changes, Actor(actor));
        let loaded = match read(&stored) {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(%id, "the newest snapshot does not read, trying the one before: {error}");
                let unreadable = || internal(&format!("A journey on this device cannot be read: {error}."));
                let older = self.store.load_without_newest_snapshot(id)?.ok_or_else(unreadable)?;
                read(&older).map_err(|_| unreadable())?
            }
        };
        for damage in &loaded.damaged {
            tracing::error!(%id, "left out a damaged change: {damage:?}");
        }
        // The projection is made anew where it does not agree, so that what is drawn is what is true.
        if *loaded.document.board() != self.store.board(id)? {
            tracing::warn!(%id, "made the projection of a journey anew");
            self.store.replace_board(id, stored.seq, loaded.document.board())?;
        }
        Ok(Open { document: loaded.document, seq: stored.seq })
    }

    /// Saves a document whole when its tail of changes has grown long.
    pub(crate) fn save_if_long(&mut self, id: Ulid) -> Result<(), Fault> {
        let (changes, bytes) = self.store.tail_len(id)?;
        if changes <= TAIL_CHANGES_MAX && bytes <= TAIL_BYTES_MAX {
            return Ok(());
        }
        let Some(open) = self.open.get(&id) else { return Ok(()) };
        // What cannot be read back must never take the place of changes that can.
        match open.document.save_verified() {
            Ok(saved) => self.store.put_snapshot(id, open.seq, &saved)?,
            Err(error) => tracing::error!(%id, "kept the changes, for the whole does not read back: {error}"),
        }
        Ok(())
    }
}
