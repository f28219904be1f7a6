//! Changes of teammates, taken into a document: guarded merge, disk, memory, windows.

use custory_domain::{Command, Member, MemberRole, Patch};
use custory_ipc::Event;
use custory_store::{Committed, DocumentKind, Effect, NewChange, Reading, StoreError};
use custory_sync::LogState;
use custory_wire::{LogId, Role};
use ulid::Ulid;

use crate::failure::{Fault, internal};
use crate::inbox::Core;

/// How often a change is tried anew because another program wrote in between.
const TRIES_MAX: usize = 16;

/// Changes to be taken in.
pub(super) struct Incoming<'a> {
    pub changes: &'a [Vec<u8>],
    /// Whether they are taken all or not at all. Otherwise bad ones are left out and named.
    pub is_whole: bool,
}

/// What became of changes.
pub(super) enum Took {
    /// They are in the document and on the disk.
    All,
    /// Another program came in between: try again.
    NotYet,
    /// They are not taken, for this reason.
    Nothing(String),
}

impl Core {
    /// Takes changes of one log, and keeps up to where it was read.
    pub(super) fn receive(
        &mut self,
        log: LogId,
        document: Option<[u8; 16]>,
        changes: &[Vec<u8>],
        settled: &[i64],
        state: &LogState,
    ) -> Result<(), Fault> {
        let bytes = state.to_bytes();
        let reading = Reading { log: log.0, state: &bytes, settled };
        if self.team.as_ref().is_some_and(|it| it.is_picture(&log)) {
            return self.take_picture(log, changes, reading);
        }
        let Some(document) = document.map(Ulid::from_bytes) else {
            return Ok(self.store.put_log_state(reading)?);
        };
        self.make_room(log, document)?;
        for _ in 0..TRIES_MAX {
            let incoming = Incoming { changes, is_whole: false };
            if let Took::All = self.take_once(log, document, &incoming, reading)? {
                return self.has_come(log, document);
            }
        }
        Err(internal("Another program keeps changing this journey, so a teammate's change found no gap."))
    }

    pub(super) fn is_workspace(&self, log: LogId) -> bool {
        self.team.as_ref().is_some_and(|it| it.space.workspace_log() == log)
    }

    /// Something of a log has been taken in.
    pub(super) fn has_come(&mut self, log: LogId, document: Ulid) -> Result<(), Fault> {
        let is_new = self.team.as_mut().is_some_and(|it| it.documents.insert(log, document).is_none());
        if is_new {
            self.pictures_grew();
            self.bring_what_was_apart(document);
        }
        if self.is_workspace(log) { self.move_into(document) } else { Ok(()) }
    }

    /// Whoever left the team and comes back has the journey already, and may have changed it meanwhile: the log is read
    /// once more, and what it lacks is sent.
    fn bring_what_was_apart(&mut self, document: Ulid) {
        let Some(team) = &mut self.team else { return };
        if team.apart.remove(&document) && team.client.role().is_some_and(Role::may_write) {
            self.way().hand(move |core| {
                if let Err(fault) = core.share(document) {
                    core.note(format!("What was changed here without the team is not sent: {fault}."));
                }
            });
        }
    }

    /// Tries to take changes in.
    pub(super) fn take_once(
        &mut self,
        log: LogId,
        document: Ulid,
        incoming: &Incoming<'_>,
        reading: Reading<'_>,
    ) -> Result<Took, Fault> {
        let open = self.opened(document)?;
        let seen = open.seq;
        let waited = open.document.pending();
        let merged = open.document.merge(incoming.changes);
        if incoming.is_whole && (!merged.refused.is_empty() || merged.pending > waited) {
            // What is in memory has part of it, so it is read from the disk again.
            self.open.remove(&document);
            let reason = merged.refused.first().map(|it| it.reason.to_string());
            return Ok(Took::Nothing(reason.unwrap_or_else(|| "something is missing in it".to_owned())));
        }
        let accepted = merged.accepted.iter().zip(&merged.chunks);
        let new: Vec<NewChange<'_>> = accepted.map(|(hash, bytes)| NewChange { hash, bytes }).collect();
        let notices =
            self.open.get(&document).map(|it| self.notices(document, it.document.board(), &merged.patch));
        let effect = Effect { patch: &merged.patch, notices: &notices.unwrap_or_default() };
        match self.store.commit_received(document, seen, &new, effect, reading) {
            Ok(Committed::Done(seq)) => {
                if let Some(open) = self.open.get_mut(&document) {
                    open.seq = seq;
                }
                for refused in &merged.refused {
                    self.note(format!("A teammate's change was left out: {}.", refused.reason));
                }
                tracing::debug!(%log, accepted = new.len(), pending = merged.pending, "took changes in");
                self.tell_received(log, document, merged.patch)?;
                self.save_if_long(document)?;
                Ok(Took::All)
            }
            // What is in memory is ahead of the disk now, so it is read from there again.
            Ok(Committed::Behind { .. }) | Err(StoreError::Superseded(_)) => {
                self.open.remove(&document);
                self.emit(Event::Missed);
                Ok(Took::NotYet)
            }
            Err(error) => {
                self.open.remove(&document);
                self.emit(Event::Missed);
                Err(error.into())
            }
        }
    }

    /// A workspace that this device is only about to move into is nobody's to see yet.
    pub(super) fn tell_received(&mut self, log: LogId, document: Ulid, patch: Patch) -> Result<(), Fault> {
        if self.is_workspace(log) && document != self.device.workspace.ulid() {
            return Ok(());
        }
        self.tell(document, patch)
    }

    /// Makes a document that a teammate has begun, and notes one that was here already.
    pub(super) fn make_room(&mut self, log: LogId, document: Ulid) -> Result<(), Fault> {
        let kind = if self.is_workspace(log) { DocumentKind::Workspace } else { DocumentKind::Journey };
        match self.store.create_document(document, kind) {
            Ok(()) => Ok(()),
            Err(StoreError::DocumentExists(_)) => {
                if let Some(team) = self.team.as_mut().filter(|it| !it.documents.contains_key(&log)) {
                    team.apart.insert(document);
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The team's workspace takes the place of the one that this device began with.
    fn move_into(&mut self, workspace: Ulid) -> Result<(), Fault> {
        if self.device.workspace.ulid() != workspace {
            self.set_workspace(workspace.into())?;
            self.emit(Event::Missed);
        }
        self.introduce()
    }

    /// Puts this device's person into the team's workspace, once it may be written.
    pub(super) fn introduce(&mut self) -> Result<(), Fault> {
        let Some(team) = &self.team else { return Ok(()) };
        let workspace = self.device.workspace.ulid();
        let has_moved = team.documents.get(&team.space.workspace_log()) == Some(&workspace);
        let role = team.client.role();
        if team.remembered.is_introduced || !has_moved || !role.is_some_and(Role::may_write) {
            return Ok(());
        }
        let me = self.device.me;
        let board = self.board(workspace)?;
        if !board.contains(me.into()) {
            // The next colour: whoever is on the map at the same time should look different there.
            let colour = u8::try_from(board.members.len()).unwrap_or_default();
            let role = if role == Some(Role::Admin) { MemberRole::Owner } else { MemberRole::Editor };
            let name = self.person.clone();
            let member = Command::add(Member { name, role, colour, ..Member::new(me) });
            self.dispatch(workspace, member, Default::default())?;
        }
        if let Some(team) = &mut self.team {
            team.remembered.is_introduced = true;
        }
        self.remember_team()
    }
}
