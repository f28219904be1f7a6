//! Journeys that are shown while they are still being checked.
//!
//! A newcomer's device has to take a teammate's saved document apart before it believes it, which takes a
//! second for a long history. Meanwhile it shows what the maker of that document says is in it. Invariant:
//! a glimpse is in memory only, nothing can be written on it, and it is gone when the document is there or
//! turns out to be none.

use custory_domain::{Board, ItemKind, JourneyId, Patch};
use custory_ipc::{Event, JourneySummary};
use ulid::Ulid;

use crate::failure::{Fault, refused};
use crate::inbox::Core;

/// Bytes of what is shown: six times a journey of 2,000 items.
const VIEW_BYTES_MAX: usize = 4 << 20;

/// What is shown of a document, for whoever has to wait for it.
pub(super) fn view_of(board: &Board) -> Vec<u8> {
    let view = serde_json::to_vec(board).unwrap_or_default();
    if view.len() > VIEW_BYTES_MAX { Vec::new() } else { view }
}

impl Core {
    /// Shows what a teammate says that a journey holds, if nothing of that journey is here.
    pub(super) fn show_glimpse(&mut self, document: [u8; 16], view: &[u8]) -> Result<(), Fault> {
        let id = Ulid::from_bytes(document);
        if view.len() > VIEW_BYTES_MAX || !self.store.board(id)?.is_empty() {
            return Ok(());
        }
        let Ok(board) = serde_json::from_slice::<Board>(view) else { return Ok(()) };
        if board.journey().is_none_or(|it| it.id.ulid() != id) {
            return Ok(());
        }
        if let Some(team) = &mut self.team {
            team.glimpses.insert(id, board);
        }
        self.tell_journeys()
    }

    /// What is shown of a journey that is not here yet.
    pub(crate) fn glimpse(&self, id: Ulid) -> Option<&Board> {
        self.team.as_ref()?.glimpses.get(&id)
    }

    /// Nothing is written on what has not been checked.
    pub(super) fn may_not_be_glimpse(&self, id: Ulid) -> Result<(), Fault> {
        match self.glimpse(id) {
            Some(_) => Err(refused("This journey is still being checked. You can change it in a moment.")),
            None => Ok(()),
        }
    }

    /// The document is there: what differs from what was shown, if something was.
    pub(super) fn after_glimpse(&mut self, id: Ulid, is: &Board) -> Patch {
        let shown = self.team.as_mut().and_then(|it| it.glimpses.remove(&id)).unwrap_or_default();
        Patch {
            put: is.entities().filter(|it| shown.get(it.entity_ref()).as_ref() != Some(it)).collect(),
            removed: shown.entities().map(|it| it.entity_ref()).filter(|it| !is.contains(*it)).collect(),
        }
    }

    /// The document is not what it was said to be: what was shown of it is not shown any more.
    pub(super) fn end_glimpse(&mut self, id: Ulid) -> Result<(), Fault> {
        let shown = self.team.as_mut().and_then(|it| it.glimpses.remove(&id));
        if shown.is_none() {
            return Ok(());
        }
        self.emit(Event::Missed);
        self.tell_journeys()
    }

    /// The journeys that are shown and not here yet, as the sidebar shows them.
    pub(crate) fn glimpsed(&self) -> impl Iterator<Item = JourneySummary> {
        self.team.iter().flat_map(|it| &it.glimpses).map(|(id, board)| summary((*id).into(), board))
    }
}

fn summary(id: JourneyId, board: &Board) -> JourneySummary {
    let journey = board.journey();
    JourneySummary {
        id,
        title: journey.map(|it| it.title.clone()).unwrap_or_default(),
        is_archived: journey.is_some_and(|it| it.is_archived),
        is_sample: false,
        steps: board.steps.len(),
        items: ItemKind::ALL
            .iter()
            .map(|it| board.items(*it).iter().filter(|it| it.trashed.is_none()).count())
            .sum(),
        updated_at: journey.map(|it| it.updated.at).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use custory_document::{Actor, Document};
    use custory_domain::{Command, Journey, Stage, StageId, Stamp, Via};
    use custory_ipc::Reply;
    use custory_sync::{LogState, Taking, WholeDocument};
    use custory_wire::{Hash, LogId};
    use tokio::sync::broadcast;

    use super::*;
    use crate::inbox::Inbox;
    use crate::{Options, SystemClock, SystemEntropy, secrets};

    const JOURNEY: JourneyId = JourneyId::from_parts(5, 5);

    struct Newcomer {
        core: Core,
        inbox: mpsc::Receiver<Inbox>,
        log: LogId,
        _folder: tempfile::TempDir,
    }

    /// A device in a team whose relay is not there.
    fn newcomer() -> Newcomer {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            data_dir: folder.path().to_owned(),
            clock: Arc::new(SystemClock),
            entropy: Box::new(SystemEntropy),
            secrets: secrets::file(folder.path()),
            person: "Ana".to_owned(),
        };
        let (sender, inbox) = mpsc::channel();
        let (events, _) = broadcast::channel(64);
        let mut core = crate::start::core(options, sender, events).expect("a core");
        core.create_team("127.0.0.1:1", None, "Laptop".to_owned()).expect("a team");
        let log = core.team.as_ref().expect("a team").space.journey_log(&JOURNEY.ulid().to_bytes());
        Newcomer { core, inbox, log, _folder: folder }
    }

    fn teammates() -> Document {
        let mut document = Document::new(Actor([7; 16]));
        let stamp = Stamp { via: Via::User, ..Stamp::default() };
        let journey = Journey { title: "Theirs".to_owned(), ..Journey::new(JOURNEY) };
        let stage = Stage { title: "First".to_owned(), ..Stage::new(StageId::from_parts(5, 6)) };
        for command in [Command::add(journey), Command::add(stage)] {
            let edit = document.prepare(command, stamp).expect("it keeps the rules");
            document.adopt(edit);
        }
        document
    }

    fn shown(newcomer: &mut Newcomer) -> Option<Board> {
        match newcomer.core.open_journey(JOURNEY) {
            Ok(Reply::Board { board, .. }) => Some(board),
            _ => None,
        }
    }

    /// What is done beside the loop until it has come to an end.
    fn look_at(newcomer: &mut Newcomer, hash: Hash, whole: WholeDocument) {
        let log = newcomer.log;
        newcomer.core.check_snapshot((log, hash), whole, Some(JOURNEY.ulid())).expect("a thread");
        loop {
            match newcomer.inbox.recv().expect("the loop's inbox") {
                Inbox::Errand(errand) => errand(&mut newcomer.core),
                _ => continue,
            }
            let team = newcomer.core.team.as_ref().expect("a team");
            if team.looked_at.contains_key(&hash) || !team.glimpses.contains_key(&JOURNEY.ulid()) {
                return;
            }
        }
    }

    #[test]
    fn a_newcomer_sees_a_journey_at_once_and_may_change_it_once_it_is_checked() {
        let mut newcomer = newcomer();
        let theirs = teammates();
        let document = JOURNEY.ulid().to_bytes();
        let rename = || {
            let title = custory_domain::StageField::Title("Changed".to_owned());
            Command::set(custory_domain::Change::Stage { id: StageId::from_parts(5, 6), set: title })
        };
        newcomer.core.show_glimpse(document, &view_of(theirs.board())).expect("shown");
        assert_eq!(shown(&mut newcomer).as_ref(), Some(theirs.board()));
        assert_eq!(newcomer.core.summaries().expect("a list")[0].title, "Theirs");
        assert!(newcomer.core.dispatch(JOURNEY.ulid(), rename(), Via::User).is_err());
        assert!(newcomer.core.store.board(JOURNEY.ulid()).expect("readable").is_empty(), "nothing is kept");

        let (hash, saved) = (Hash([1; 32]), theirs.save());
        let whole = WholeDocument { heads: theirs.heads(), saved, view: Vec::new() };
        look_at(&mut newcomer, hash, whole.clone());
        let (log, state) = (newcomer.log, Box::new(LogState::new(&newcomer.log)));
        let taking = Taking { log, hash, document, whole, must_hold_all: false, wants_hashes: false, state };
        newcomer.core.take_snapshot(&taking).expect("taken");
        assert_eq!(newcomer.core.store.board(JOURNEY.ulid()).expect("readable"), *theirs.board());
        newcomer.core.dispatch(JOURNEY.ulid(), rename(), Via::User).expect("it may be changed now");
        // It comes back from the disk as it was left.
        let before = shown(&mut newcomer).expect("a board");
        newcomer.core.open.clear();
        newcomer.core.opened(JOURNEY.ulid()).expect("loaded");
        assert_eq!(shown(&mut newcomer), Some(before));
        newcomer.core.store.check().expect("sound");
    }

    #[test]
    fn what_turns_out_to_be_a_lie_is_not_shown_any_more_and_was_never_kept() {
        let mut newcomer = newcomer();
        let theirs = teammates();
        newcomer.core.show_glimpse(JOURNEY.ulid().to_bytes(), &view_of(theirs.board())).expect("shown");
        let lie = WholeDocument { heads: vec![[3; 32]], saved: theirs.save(), view: Vec::new() };
        look_at(&mut newcomer, Hash([2; 32]), lie);
        assert_eq!(shown(&mut newcomer), None);
        assert!(newcomer.core.store.board(JOURNEY.ulid()).expect("readable").is_empty());
    }

    #[test]
    fn what_differs_from_the_document_is_set_right() {
        let mut newcomer = newcomer();
        let theirs = teammates();
        let mut lie = theirs.board().clone();
        lie.put(Stage { title: "Made up".to_owned(), ..Stage::new(StageId::from_parts(5, 6)) }.into());
        lie.put(Stage { title: "Not there".to_owned(), ..Stage::new(StageId::from_parts(5, 7)) }.into());
        newcomer.core.show_glimpse(JOURNEY.ulid().to_bytes(), &view_of(&lie)).expect("shown");
        let patch = newcomer.core.after_glimpse(JOURNEY.ulid(), theirs.board());
        lie.apply(&patch);
        assert_eq!(lie, *theirs.board());
    }

    #[test]
    fn a_view_of_another_journey_or_of_none_shows_nothing() {
        let mut newcomer = newcomer();
        for view in [&b"[]"[..], b"{", &view_of(teammates().board())] {
            newcomer.core.show_glimpse([9; 16], view).expect("no fault");
        }
        assert!(newcomer.core.summaries().expect("a list").is_empty());
    }
}
