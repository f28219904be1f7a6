//! When a connection is read next without anybody asking.
//!
//! Looked at every minute by the wall clock, not slept for: after a night with the lid closed everything
//! that is due is read at the first look, once.

use std::time::Duration;

use custory_connectors::ConnectError;
use custory_domain::Timestamp;

use super::Kept;
use crate::inbox::Core;

/// How often a connection is read that works.
const EVERY: Duration = Duration::from_secs(30 * 60);
/// How long one rests after its first failure; each further one doubles it.
const REST: Duration = Duration::from_secs(5 * 60);
/// The longest rest, so that a vendor that is well again is found within half a working day.
const REST_MAX: Duration = Duration::from_secs(4 * 60 * 60);

fn after(at: Timestamp, time: Duration) -> Timestamp {
    Timestamp(at.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
}

/// When a connection is to be read next; `None` once only a person can help.
pub(super) fn due_at(kept: &Kept) -> Option<Timestamp> {
    let Some(tried_at) = kept.tried_at.filter(|_| !kept.needs_person) else {
        return (!kept.needs_person).then_some(kept.connected_at);
    };
    let rest = match kept.failures {
        0 => EVERY,
        failures => REST.saturating_mul(1 << (failures - 1).min(16)).min(REST_MAX),
    };
    Some(after(tried_at, rest).max(kept.not_before.unwrap_or(Timestamp(0))))
}

impl Kept {
    /// Notes how a try went.
    pub(super) fn tried(&mut self, now: Timestamp, problem: Option<&ConnectError>, is_well: bool) {
        self.tried_at = Some(now);
        self.failures = if is_well { 0 } else { self.failures.saturating_add(1) };
        self.not_before = problem.and_then(ConnectError::retry_in).map(|it| after(now, it));
        self.needs_person =
            matches!(problem, Some(ConnectError::Unauthorized { .. } | ConnectError::Forbidden { .. }));
        if is_well {
            self.last_pull = Some(now);
        }
    }
}

impl Core {
    /// Reads from every connection that is due and not being read already.
    pub(crate) fn pull_what_is_due(&mut self) {
        let kept = match self.all_kept() {
            Ok(kept) => kept,
            Err(fault) => return tracing::error!("cannot look at the connections: {fault}"),
        };
        let now = self.clock.now();
        for (vendor, kept) in kept {
            let is_due = due_at(&kept).is_some_and(|it| it <= now);
            if is_due && self.pulling.insert(vendor.clone()) {
                self.pull_apart(vendor);
            }
        }
    }

    pub(super) fn pull_apart(&mut self, vendor: String) {
        let work = match self.pull(Some(&vendor)) {
            Ok(work) => work,
            // Its key is gone, for instance: the next look may find it mended.
            Err(fault) => {
                tracing::warn!("{vendor} is not read: {fault}");
                self.pulling.remove(&vendor);
                return;
            }
        };
        let started = self.apart("pull", {
            let vendor = vendor.clone();
            move |way| async move {
                // What went wrong stands beside the connection.
                work().await.map_err(|it| tracing::warn!("{vendor} could not be read: {it}")).ok();
                way.hand(move |core| {
                    core.pulling.remove(&vendor);
                });
            }
        });
        if let Err(fault) = started {
            tracing::error!("{vendor} is not read: {fault}");
            self.pulling.remove(&vendor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn kept() -> Kept {
        let json = serde_json::json!({
            "account": "1", "account_name": "Acme", "person": "maya", "settings": {}, "base_url": null,
            "key": "k", "connected_at": 1_000, "last_pull": null,
        });
        serde_json::from_value(json).unwrap()
    }

    fn unavailable(retry_in: Option<u64>) -> ConnectError {
        let retry_in = retry_in.map(Duration::from_secs);
        ConnectError::Unavailable { vendor: "Acme", reason: "503".to_owned(), retry_in }
    }

    #[test]
    fn a_connection_is_read_at_once_then_every_half_hour_and_rests_longer_with_each_failure() {
        let mut it = kept();
        assert_eq!(due_at(&it), Some(Timestamp(1_000)));
        let now = Timestamp(100 * MINUTE);
        let minutes = |it: &Kept| due_at(it).map(|due| (due.0 - now.0) / MINUTE);
        it.tried(now, None, true);
        assert_eq!(minutes(&it), Some(30));
        for expected in [5, 10, 20, 40, 80, 160, 240, 240] {
            it.tried(now, Some(&unavailable(None)), false);
            assert_eq!(minutes(&it), Some(expected));
        }
        it.tried(now, None, true);
        assert_eq!(minutes(&it), Some(30), "one success ends the rest");
    }

    #[test]
    fn a_vendor_that_says_when_is_not_asked_sooner_and_a_key_that_is_refused_waits_for_a_person() {
        let mut it = kept();
        let now = Timestamp(0);
        it.tried(now, Some(&unavailable(Some(3_600))), false);
        assert_eq!(due_at(&it), Some(Timestamp(60 * MINUTE)));
        it.tried(now, Some(&ConnectError::Unauthorized { vendor: "Acme" }), false);
        assert_eq!(due_at(&it), None);
        it.tried(now, None, true);
        assert!(due_at(&it).is_some(), "asking by hand found it mended");
    }
}
