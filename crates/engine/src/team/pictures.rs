//! Pictures of the team: each in a log of its own, sent by a device that has the file, read by one that a
//! journey makes look for it.
//!
//! Whether the relay has a picture's log is known from its list of logs, and which pictures there are is
//! what the journeys say. So nothing is remembered but what is under way: what the relay lacks and this
//! device has is sent, what it has and this device lacks is read, after every list and every change.
//! Invariant: a file is kept only under the hash of its bytes, whoever sent it.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Entity, Patch, Touchpoint};
use custory_ipc::Event;
use custory_seal::{PictureFile, PicturePart};
use custory_store::{Pictures, Reading};
use custory_sync::{Input, LogState};
use custory_wire::{Hash, LogId, Role};
use ulid::Ulid;

use super::Team;
use crate::failure::Fault;
use crate::inbox::Core;
use crate::pictures::{BYTES_MAX, unusable};

/// Pictures that are read at once.
const COMING_MAX: usize = 4;

/// Bytes that are read of a picture's log before it is given up: several may have sent it.
const READ_BYTES_MAX: usize = 6 * BYTES_MAX;

/// Pictures on their way.
#[derive(Default)]
pub(crate) struct Traffic {
    /// Whether those that the journeys name were looked at since the relay's list came.
    is_looked_at: bool,
    /// Those that a journey shows and that are not here.
    wanted: BTreeMap<LogId, String>,
    coming: BTreeMap<LogId, Coming>,
    /// Those being sent.
    going: BTreeSet<LogId>,
    /// Those added here: nobody else sends them, so they need not wait for others.
    own: BTreeSet<LogId>,
    /// Logs that hold no picture.
    bad: BTreeSet<LogId>,
}

impl Traffic {
    /// Goes on with pictures that were being sent when the program ended.
    pub(super) fn going_on(sending: Vec<LogId>) -> Self {
        Self { going: sending.into_iter().collect(), ..Self::default() }
    }
}

struct Coming {
    name: String,
    file: PictureFile,
    read: usize,
    /// Read to its end, and not there yet: whoever sends it may go on.
    is_stuck: bool,
}

/// What stands for a picture in its log: the first half of its hash. `None` if this names no picture.
fn document_of(name: &str) -> Option<[u8; 16]> {
    let hash: Hash = name.parse().ok()?;
    hash.0.first_chunk().copied()
}

impl Team {
    /// Whether a log is of a picture and not of a document.
    pub(super) fn is_picture(&self, log: &LogId) -> bool {
        self.space.is_picture_log(log)
    }

    /// Whether a log is a picture's that this device is sending.
    pub(super) fn is_being_sent(&self, log: &LogId) -> bool {
        self.pictures.going.contains(log)
    }

    /// Whether a picture has nobody else who could be bringing it to the relay.
    pub(super) fn is_own_picture(&self, log: &LogId) -> bool {
        self.pictures.own.contains(log)
    }

    fn has_document(&self, document: Ulid) -> bool {
        self.documents.values().any(|it| *it == document)
    }
}

impl Core {
    fn pictures(&self) -> Pictures {
        Pictures::of(&self.device.data_dir)
    }

    /// The relay may have said which logs there are: see to all pictures, once.
    pub(super) fn look_after_pictures(&mut self) -> Result<(), Fault> {
        let Some(team) = &mut self.team else { return Ok(()) };
        if !team.client.has_listed() {
            team.pictures.is_looked_at = false;
            return Ok(());
        }
        if std::mem::replace(&mut team.pictures.is_looked_at, true) {
            return Ok(());
        }
        let names = self.store.pictures_of_team()?;
        self.see_to_pictures(names)
    }

    /// More is shared than was: all pictures are looked at anew, after what is under way.
    pub(super) fn pictures_grew(&mut self) {
        if let Some(team) = &mut self.team {
            team.pictures.is_looked_at = false;
        }
        self.way().hand(|core| {
            if let Err(fault) = core.look_after_pictures() {
                tracing::error!("cannot look after pictures: {fault}");
            }
        });
    }

    /// Something changed in a document: see to the pictures that it shows.
    pub(crate) fn see_to_pictures_in(&mut self, document: Ulid, patch: &Patch) -> Result<(), Fault> {
        let is_shared = self.team.as_ref().is_some_and(|it| it.has_document(document));
        let shown = |it: &Entity| match it {
            Entity::Touchpoint(it) => shown(it),
            _ => None,
        };
        let names: Vec<String> = patch.put.iter().filter_map(shown).collect();
        if is_shared && !names.is_empty() { self.see_to_pictures(names) } else { Ok(()) }
    }

    /// A picture was added on this device.
    pub(crate) fn picture_is_own(&mut self, name: &str) {
        if let (Some(team), Some(document)) = (&mut self.team, document_of(name)) {
            let log = team.space.picture_log(&document);
            team.pictures.own.insert(log);
        }
    }

    fn see_to_pictures(&mut self, names: Vec<String>) -> Result<(), Fault> {
        let pictures = self.pictures();
        for name in names {
            let Some(team) = &mut self.team else { return Ok(()) };
            let Some(document) = document_of(&name) else { continue };
            let log = team.space.picture_log(&document);
            // What cannot be read here is looked for like what is not here.
            match pictures.read(&name).ok().flatten() {
                None => {
                    team.pictures.wanted.insert(log, name);
                }
                Some(_) => {
                    let lacks = team.client.has_listed() && !team.client.knows_picture(&log);
                    if lacks
                        && team.client.role().is_some_and(Role::may_write)
                        && team.pictures.going.insert(log)
                    {
                        self.send_picture(log, document)?;
                    }
                }
            }
        }
        self.read_pictures();
        Ok(())
    }

    /// Brings a picture's log to the relay: read to its end, then filled up with what it lacks, like any log.
    fn send_picture(&mut self, log: LogId, document: [u8; 16]) -> Result<(), Fault> {
        let state = LogState::to_fill(&log, document);
        let bytes = state.to_bytes();
        self.store.share_document(Ulid::from_bytes(document), log.0)?;
        self.store.put_log_state(Reading { log: log.0, state: &bytes, settled: &[] })?;
        // After what is under way.
        self.way().hand(move |core| core.team_input(Input::Follow { log, state: Box::new(state) }));
        Ok(())
    }

    /// What a picture's log is to be filled with.
    pub(super) fn parts_of_picture(&self, document: [u8; 16]) -> Result<Vec<Vec<u8>>, Fault> {
        let file = self.pictures().beginning_with(&document).map_err(unusable)?;
        Ok(file.map(|it| PicturePart::of_file(&it)).unwrap_or_default())
    }

    /// Reads the next pictures that are wanted and on the relay.
    pub(super) fn read_pictures(&mut self) {
        let way = self.way();
        let Some(team) = &mut self.team else { return };
        let traffic = &mut team.pictures;
        let mut busy = traffic.coming.values().filter(|it| !it.is_stuck).count();
        for (log, name) in &traffic.wanted {
            if busy >= COMING_MAX {
                break;
            }
            let is_there = team.client.knows_picture(log);
            if !is_there || traffic.coming.contains_key(log) || traffic.bad.contains(log) {
                continue;
            }
            let coming =
                Coming { name: name.clone(), file: PictureFile::default(), read: 0, is_stuck: false };
            traffic.coming.insert(*log, coming);
            busy += 1;
            let (log, state) = (*log, Box::new(LogState::new(log)));
            // After what is under way.
            way.hand(move |core| core.team_input(Input::Follow { log, state }));
        }
    }

    /// Parts of a picture have come, or parts that were sent are in its log.
    pub(super) fn take_picture(
        &mut self,
        log: LogId,
        changes: &[Vec<u8>],
        reading: Reading<'_>,
    ) -> Result<(), Fault> {
        let Some(team) = &mut self.team else { return Ok(()) };
        if team.pictures.going.contains(&log) {
            self.store.put_log_state(reading)?;
            return Ok(());
        }
        let Some(coming) = team.pictures.coming.get_mut(&log) else { return Ok(()) };
        for change in changes {
            coming.read += change.len();
            let Ok(part) = PicturePart::from_change(change) else { continue };
            let Some(file) = coming.file.take(&part, BYTES_MAX) else { continue };
            let name = coming.name.clone();
            // Another may have sent it as well, as it is.
            if Pictures::of(&self.device.data_dir).keep_as(&name, &file).map_err(unusable)? {
                self.picture_came(log, name);
                return Ok(());
            }
        }
        if coming.read > READ_BYTES_MAX {
            team.pictures.coming.remove(&log);
            team.pictures.bad.insert(log);
            self.rest_picture(log);
            self.note("A screenshot was left out: what a teammate’s device sent is none.".to_owned());
        }
        Ok(())
    }

    fn picture_came(&mut self, log: LogId, name: String) {
        if let Some(team) = &mut self.team {
            team.pictures.coming.remove(&log);
            team.pictures.wanted.remove(&log);
        }
        self.rest_picture(log);
        self.emit(Event::PictureCame { name });
        self.read_pictures();
    }

    fn rest_picture(&self, log: LogId) {
        self.way().hand(move |core| core.team_input(Input::Rest(log)));
    }

    /// Where a picture's log stands has changed: it may be done with.
    pub(super) fn picture_moved(&mut self, log: LogId) -> Result<(), Fault> {
        let Some(team) = &mut self.team else { return Ok(()) };
        let Some(status) = team.client.log(&log) else { return Ok(()) };
        let is_at_end = status.tip.is_some_and(|tip| status.at.seq >= tip);
        if !is_at_end || status.is_healing {
            return Ok(());
        }
        if let Some(coming) = team.pictures.coming.get_mut(&log) {
            coming.is_stuck = true;
            self.read_pictures();
            return Ok(());
        }
        let is_sent = status.waiting == 0 && status.at.seq > 0 && team.pictures.going.contains(&log);
        if is_sent {
            team.pictures.going.remove(&log);
            team.pictures.own.remove(&log);
            self.store.drop_log(log.0)?;
            self.rest_picture(log);
        }
        Ok(())
    }
}

fn shown(it: &Touchpoint) -> Option<String> {
    (!it.picture.is_empty() && it.trashed.is_none()).then(|| it.picture.clone())
}
