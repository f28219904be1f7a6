//! The path of every change: rules, disk, memory, windows. In that order, always.

use custory_document::{Document, Edit};
use custory_domain::{Command, JourneyId, Patch, Stamp, Via};
use custory_ipc::{Event, Reply};
use custory_store::{Committed, Effect, NewChange, StoreError};
use ulid::Ulid;

use crate::failure::{Fault, internal};
use crate::inbox::{Core, done};

/// How often a change is tried anew because another program wrote in between.
const TRIES_MAX: usize = 16;

impl Core {
    /// Carries a command out on a document.
    pub(crate) fn dispatch(&mut self, id: Ulid, command: Command, via: Via) -> Result<Reply, Fault> {
        self.may_tie(id, &command)?;
        self.change(id, via, |document, stamp| Ok(Some(document.prepare(command.clone(), stamp)?)))
    }

    /// Takes back the last own gesture.
    pub(crate) fn undo(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        self.change(journey.ulid(), Via::User, |document, stamp| Ok(document.prepare_undo(stamp)))
    }

    /// Repeats what was last taken back.
    pub(crate) fn redo(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        self.change(journey.ulid(), Via::User, |document, stamp| Ok(document.prepare_redo(stamp)))
    }

    fn change(
        &mut self,
        id: Ulid,
        via: Via,
        prepare: impl Fn(&Document, Stamp) -> Result<Option<Edit>, Fault>,
    ) -> Result<Reply, Fault> {
        self.may_change(id)?;
        let stamp = self.stamp(via);
        for _ in 0..TRIES_MAX {
            let open = self.opened(id)?;
            let Some(edit) = prepare(&open.document, stamp)? else { return Ok(done()) };
            if edit.is_empty() {
                let undo = Some(open.undo_state());
                return Ok(Reply::Done { label: String::new(), undo });
            }
            let seen = open.seq;
            let change = NewChange { hash: &edit.hash(), bytes: edit.change() };
            let notices = self.open.get(&id).map(|it| self.notices(id, it.document.board(), edit.patch()));
            let effect = Effect { patch: edit.patch(), notices: &notices.unwrap_or_default() };
            match self.store.commit(id, seen, &[change], effect) {
                Ok(Committed::Done(seq)) => return self.adopt(id, edit, seq),
                Ok(Committed::Behind { changes, seq }) => self.merge(id, &changes, seq)?,
                // Another program saved the document whole and gave up changes not yet seen here.
                Err(StoreError::Superseded(_)) => self.read_anew(id)?,
                Err(error) => return Err(error.into()),
            }
        }
        Err(internal("Another program keeps changing this journey, so this change found no gap."))
    }

    fn adopt(&mut self, id: Ulid, edit: Edit, seq: custory_store::Seq) -> Result<Reply, Fault> {
        let label = edit.label().to_owned();
        let open = self.opened(id)?;
        let patch = open.document.adopt(edit);
        open.seq = seq;
        let undo = Some(open.undo_state());
        self.tell(id, patch)?;
        self.save_if_long(id)?;
        self.outbox_grew();
        Ok(Reply::Done { label, undo })
    }

    /// Takes in what another program on this device wrote. The projection has it already.
    pub(crate) fn merge(
        &mut self,
        id: Ulid,
        changes: &[Vec<u8>],
        seq: custory_store::Seq,
    ) -> Result<(), Fault> {
        let open = self.opened(id)?;
        let merged = open.document.merge(changes);
        open.seq = seq;
        for refused in &merged.refused {
            tracing::error!(%id, "left out a damaged change: {refused:?}");
        }
        self.tell(id, merged.patch)
    }

    /// Tells every window what differs.
    pub(crate) fn tell(&mut self, id: Ulid, patch: Patch) -> Result<(), Fault> {
        if patch.is_empty() {
            return Ok(());
        }
        if id == self.device.workspace.ulid() {
            self.emit(Event::WorkspacePatched { patch });
            return Ok(());
        }
        self.see_to_pictures_in(id, &patch)?;
        self.emit(Event::Patched { journey: id.into(), patch });
        self.tell_news()?;
        self.tell_journeys()
    }
}
