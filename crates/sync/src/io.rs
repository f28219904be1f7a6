//! What goes into the client and what comes out.

use std::collections::BTreeSet;

use custory_seal::{InviteSeed, Profile};
use custory_wire::{Chain, ErrorCode, Hash, LeaseName, LogId, NackReason, PublicKey, Role, ToRelay};

use crate::receive::{Fork, Skipped};
use crate::snapshot::{RefusedSnapshot, SnapshotFault, Taking, WholeDocument};
use crate::state::LogState;

/// An edit in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its place in the outbox; edits of one log are sent in this order.
    pub id: u64,
    /// The change.
    pub bytes: Vec<u8>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection to the relay stands.
    Connected,
    /// The relay has sent a message.
    Received(Vec<u8>),
    /// The connection is gone.
    Disconnected,
    /// Edits are in the outbox, durably. Those that are known already are passed over.
    Edited {
        /// The log that they are for.
        log: LogId,
        /// The document that they are of.
        document: [u8; 16],
        /// The edits.
        edits: Vec<Edit>,
    },
    /// Take part in a log, from a state on ([`LogState::to_fill`] for one that is to be shared).
    Follow {
        /// The log.
        log: LogId,
        /// Its state, as it was kept.
        state: Box<LogState>,
    },
    /// It is time to bring back what the relay has lost of a log ([`Output::HealSoon`]).
    HealNow(LogId),
    /// A few seconds have passed: say what has been seen, and try again what was held.
    Tick,
    /// This device wants no part in a log any more.
    Forget(LogId),
    /// All that is wanted of a log is here or there: it is closed until it is followed again.
    Rest(LogId),
    /// Do something about the team. Answered by [`Output::Acted`] or [`Output::NotActed`].
    Act(Box<Act>),
    /// A document as it was at that place of its log ([`Output::Save`]).
    Saved {
        /// The log.
        log: LogId,
        /// The place.
        at: Chain,
        /// The document; `None` if it is not exactly what the log holds there, or cannot be read back.
        whole: Option<WholeDocument>,
    },
    /// What came of [`Output::Recall`].
    Recalled {
        /// The log.
        log: LogId,
        /// The place.
        at: Chain,
        /// The newest changes there, sorted; `None` if that cannot be told.
        heads: Option<Vec<[u8; 32]>>,
    },
    /// What came of [`Output::CheckSnapshot`].
    SnapshotChecked {
        /// The log.
        log: LogId,
        /// The snapshot.
        hash: Hash,
        /// Whether the document in it is what it says.
        checked: Result<(), SnapshotFault>,
    },
    /// What came of [`Output::TakeSnapshot`].
    SnapshotTaken {
        /// The log.
        log: LogId,
        /// The snapshot.
        hash: Hash,
        /// If its changes are in the document now, they, by BLAKE3 hash of each one's bytes: all of
        /// them or, where [`Taking::wants_hashes`] says that nobody asks for them, none.
        taken: Result<BTreeSet<Hash>, SnapshotFault>,
    },
    /// Tell those who have a log open where this person is.
    Present {
        /// The log.
        log: LogId,
        /// A few bytes, to be sealed.
        place: Vec<u8>,
    },
    /// Ask to be the only device that does something, for a while. Answered by [`Output::Leased`], unless the
    /// connection ends before.
    Lease(LeaseName),
}

/// Something to do about the team. All but `Rename` are for admins.
#[derive(Clone, Debug)]
pub enum Act {
    /// Make an invitation.
    Invite {
        /// Goes into the link.
        seed: InviteSeed,
        /// What those who join by it may do.
        role: Role,
        /// How many may.
        uses: u32,
    },
    /// Make one void.
    Revoke(u32),
    /// Let in the device that asks, with what its invitation grants.
    Approve {
        /// The request.
        join: u32,
        /// Who it is, as it says.
        profile: Profile,
    },
    /// Do not.
    Decline(u32),
    /// Remove devices, and begin a new epoch.
    Remove(Vec<u32>),
    /// Change what a device may do.
    SetRole(u32, Role),
    /// Change this device's own names.
    Rename(Profile),
    /// Add a device that this one speaks for.
    Add {
        /// Its signing key.
        sign: PublicKey,
        /// Its X25519 key.
        wrap: PublicKey,
        /// What it may do.
        role: Role,
        /// Its names.
        profile: Profile,
    },
    /// Make all skip one record.
    Quarantine(LogId, u32, u64),
}

/// Something to be done, in the order in which it is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this.
    Send(ToRelay),
    /// End the connection.
    End(Ended),
    /// Keep roster records.
    KeepRoster {
        /// The number of the first.
        first: u32,
        /// The records.
        records: Vec<Vec<u8>>,
    },
    /// Take changes into a document, drop edits from the outbox and keep the log's state: all of it
    /// or nothing. If that fails, throw the client away and begin again from what was kept.
    Take {
        /// The log.
        log: LogId,
        /// The document; `None` if there are no changes.
        document: Option<[u8; 16]>,
        /// Changes, in order.
        changes: Vec<Vec<u8>>,
        /// Outbox edits that are in the log now.
        settled: Vec<u64>,
        /// The log's state with them.
        state: Box<LogState>,
    },
    /// A relay has lost part of a log. After a short while, different on every device so that not all
    /// bring back the same, answer with [`Input::HealNow`].
    HealSoon(LogId),
    /// Put everything into the outbox that the document holds and that is not among these (by BLAKE3
    /// hash of the change's bytes), keep the state with it, and answer with [`Input::Edited`].
    Heal {
        /// The log.
        log: LogId,
        /// The document; `None` if nothing has been read of it, so that it must be known here.
        document: Option<[u8; 16]>,
        /// What the log has.
        has: BTreeSet<Hash>,
        /// The log's state, no longer healing.
        state: Box<LogState>,
    },
    /// Save a document whole, as it is now, if, with an empty outbox and nothing that waits for an earlier change, it is
    /// exactly what its log holds; answer with [`Input::Saved`] in any case.
    Save {
        /// The log.
        log: LogId,
        /// The document.
        document: [u8; 16],
        /// The place that the log was read up to.
        at: Chain,
    },
    /// Say which changes of a document were its newest when its log was at an earlier place: without what
    /// waits in the outbox, and without these. Answer with [`Input::Recalled`].
    Recall {
        /// The log.
        log: LogId,
        /// The document.
        document: [u8; 16],
        /// The place.
        at: Chain,
        /// What has come since.
        since: Vec<Vec<u8>>,
    },
    /// Show what a snapshot is said to hold, of which nothing has been checked but who says it: a
    /// journey of which this device has nothing. It must not be kept, nor taken for what the log holds.
    Glimpse {
        /// The log.
        log: LogId,
        /// The document.
        document: [u8; 16],
        /// What its maker's program shows of it.
        view: Vec<u8>,
    },
    /// See whether a saved document can be read and has just these newest changes; answer with
    /// [`Input::SnapshotChecked`]. It may take a while.
    CheckSnapshot {
        /// The log.
        log: LogId,
        /// The snapshot.
        hash: Hash,
        /// What it holds.
        whole: WholeDocument,
        /// The document that [`Output::TakeSnapshot`] will be about, if it is to be taken and not only to
        /// be confirmed: it can be got ready.
        to_take: Option<[u8; 16]>,
    },
    /// Take the changes of a snapshot into a document, drop from the outbox what is among them and keep
    /// the log's state: all of it or nothing. Answer with [`Input::SnapshotTaken`] in any case, before
    /// anything else that has come.
    TakeSnapshot(Box<Taking>),
    /// A snapshot was not taken, or not confirmed.
    SnapshotRefused(Box<RefusedSnapshot>),
    /// The act is in the roster.
    Acted {
        /// The number of its record.
        rseq: u32,
    },
    /// It is not.
    NotActed {
        /// Why, for people.
        reason: &'static str,
    },
    /// The team is not what it was: the roster, or this device's standing.
    TeamChanged,
    /// A log's status is not what it was.
    LogChanged(LogId),
    /// The relay has the log of a picture; follow it if the picture is wanted.
    PictureThere(LogId),
    /// A record was not taken in.
    Skipped(Box<Skipped>),
    /// The relay has shown teammates another history. Nothing more is taken from this log.
    Forked(Box<Fork>),
    /// Somebody says where they are.
    Presence {
        /// In which log.
        log: LogId,
        /// Which device.
        device: u32,
        /// What was sealed.
        place: Vec<u8>,
    },
    /// How a lease stands.
    Leased {
        /// Which.
        name: LeaseName,
        /// Whether it is this device's.
        is_held: bool,
        /// Milliseconds that are left of it, from when it was asked for at the earliest: of this device's own, or
        /// until it is worth asking again.
        millis: u32,
    },
}

/// Why the client wants the connection to end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The relay said so.
    #[error("the relay says: {text}")]
    Told {
        /// Which, for programs.
        code: ErrorCode,
        /// For people.
        text: String,
    },
    /// This program is too old or too new for it.
    #[error("the relay speaks another version of the protocol; update Custory or the relay")]
    Version,
    /// It is not the relay that the team chose.
    #[error("this is not the relay that the team uses, or its key was changed")]
    WrongRelay,
    /// What it sent is not the protocol.
    #[error("the relay sent something that is not understood")]
    Malformed,
    /// The relay takes no new workspace.
    #[error("the relay takes no new team without its owner's token")]
    NotAdmitted,
    /// The relay's roster and this device's have a different past.
    #[error("the relay has another list of members than this device")]
    RosterFork,
    /// It is about to stop.
    #[error("the relay is about to stop for a while")]
    GoingAway,
    /// The invitation is used up, revoked, or for another team.
    #[error("this invitation cannot be used any more; ask for a new one")]
    InviteClosed,
    /// The device now has another standing; connect again.
    #[error("connect again as a device of the team")]
    Again,
}

impl Ended {
    /// Whether it makes sense to try again by itself.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Told { code, .. } => {
                matches!(code, ErrorCode::Busy | ErrorCode::Internal | ErrorCode::NotAMember)
            }
            Self::Malformed | Self::GoingAway | Self::Again => true,
            Self::Version | Self::WrongRelay | Self::NotAdmitted | Self::RosterFork | Self::InviteClosed => {
                false
            }
        }
    }
}

/// Why records wait although the connection stands, as a relay says it.
pub(crate) fn is_hold(reason: &NackReason) -> bool {
    matches!(
        reason,
        NackReason::TooBig
            | NackReason::Quota
            | NackReason::Slow
            | NackReason::Denied
            | NackReason::Malformed
    )
}
