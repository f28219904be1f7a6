//! Ids and stamps that differ, the same on every run.

use custory_domain::{MemberId, Stamp, Timestamp, Via};
use ulid::Ulid;

/// Makes ids and stamps for one replica; no two replicas make the same.
#[derive(Clone, Debug)]
pub struct Mint {
    replica: u8,
    made: u64,
    now: i64,
}

impl Mint {
    /// 2026-01-01, as good a day as any.
    const START_MILLIS: i64 = 1_767_225_600_000;

    /// The mint of a replica.
    pub fn of(replica: u8) -> Self {
        Self { replica, made: 0, now: Self::START_MILLIS }
    }

    /// A new id.
    pub fn id<T: From<Ulid>>(&mut self) -> T {
        self.made += 1;
        let at = Self::START_MILLIS.unsigned_abs();
        Ulid::from_parts(at, u128::from(self.replica) << 64 | u128::from(self.made)).into()
    }

    /// Who works on this replica.
    pub fn member(&self) -> MemberId {
        MemberId::from_parts(1, u128::from(self.replica))
    }

    /// Now, by this replica's clock, which goes on by a second at each look.
    pub fn stamp(&mut self) -> Stamp {
        self.now += 1_000;
        Stamp { by: self.member(), at: Timestamp(self.now), via: Via::User }
    }

    /// Sixteen bytes that name a writer; new ones on every call.
    pub fn actor(&mut self) -> [u8; 16] {
        self.made += 1;
        (u128::from(self.replica) << 64 | u128::from(self.made)).to_be_bytes()
    }
}
