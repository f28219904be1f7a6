//! Which documents are shared.

use custory_domain::JourneyId;
use custory_ipc::{Event, Reply, Whereabouts};
use custory_sync::{Input, LogState};
use ulid::Ulid;

use crate::failure::{Fault, no_such_journey, refused};
use crate::inbox::Core;

impl Core {
    /// Shares a document: everything in it goes to the relay, now and from here on.
    ///
    /// It begins as a log of which something is missing, so that whatever the relay lacks is found and
    /// sent, whether that is all of it or nothing.
    pub(crate) fn share(&mut self, document: Ulid) -> Result<(), Fault> {
        let workspace = self.device.workspace.ulid();
        let Some(team) = &mut self.team else { return Ok(()) };
        let log = team.log_of(document, workspace);
        team.documents.insert(log, document);
        self.store.share_document(document, log.0)?;
        let state = LogState::to_fill(&log, document.to_bytes());
        let bytes = state.to_bytes();
        self.store.put_log_state(custory_store::Reading { log: log.0, state: &bytes, settled: &[] })?;
        // One that was read without filling it begins anew.
        self.team_input(Input::Rest(log));
        self.team_input(Input::Follow { log, state: Box::new(state) });
        self.pictures_grew();
        Ok(())
    }

    /// A journey that is made while there is a team belongs to the team.
    pub(crate) fn share_if_in_team(&mut self, journey: JourneyId) -> Result<(), Fault> {
        if self.team.as_ref().is_some_and(|it| it.client.role().is_some()) {
            self.share(journey.ulid())?;
        }
        Ok(())
    }

    /// Shares a journey that is on this device only.
    pub(crate) fn share_journey(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        if self.team.is_none() {
            return Err(refused("There is no team yet. Make one, or join one by a link."));
        }
        if self.board(journey.ulid())?.journey().is_none() {
            return Err(no_such_journey());
        }
        self.share(journey.ulid())?;
        self.team_reply()
    }

    /// A journey was deleted here: it does not come back by the team.
    pub(crate) fn unshare(&mut self, journey: JourneyId) -> Result<(), Fault> {
        let Some(team) = &mut self.team else { return Ok(()) };
        let log = team.space.journey_log(&journey.ulid().to_bytes());
        if team.documents.remove(&log).is_some() {
            self.store.forget_log(log.0)?;
            self.team_input(Input::Forget(log));
        }
        Ok(())
    }

    /// Whether a teammate's role forbids changing a document.
    pub(crate) fn may_change(&self, document: Ulid) -> Result<(), Fault> {
        let Some(team) = &self.team else { return Ok(()) };
        self.may_not_be_glimpse(document)?;
        let is_shared = team.documents.values().any(|it| *it == document);
        if is_shared && team.client.role().is_some_and(|it| !it.may_write()) {
            return Err(refused("In this team you can look at everything and change nothing. Ask an admin."));
        }
        Ok(())
    }

    /// The outbox may have grown: tell the client, after what is under way.
    pub(crate) fn outbox_grew(&self) {
        if self.team.as_ref().is_some_and(|it| it.line.is_some()) {
            self.way().hand(|core| {
                if let Err(fault) = core.offer_outbox() {
                    tracing::error!("cannot read the outbox: {fault}");
                }
            });
        }
    }

    /// Tells teammates who have the journey open where this person is.
    pub(crate) fn present(&mut self, journey: JourneyId, whereabouts: &Whereabouts) -> Result<Reply, Fault> {
        if let Some(team) = &self.team {
            let log = team.space.journey_log(&journey.ulid().to_bytes());
            self.team_input(Input::Present { log, place: whereabouts.to_bytes() });
        }
        Ok(crate::inbox::done())
    }

    /// Tells every window how the team stands.
    pub(crate) fn tell_team(&self) {
        self.emit(Event::Team { team: self.team_view().map(Box::new) });
    }
}
