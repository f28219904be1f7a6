//! How fast addresses and devices may go.
//!
//! Too many records of a device are not refused but taken more slowly: its connection is not read until its turn
//! comes. Too many handshakes and presence messages are turned away, since nothing is lost with them.

use std::net::IpAddr;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::limits::{Limits, rate};

/// Addresses remembered before those without a recent handshake are forgotten.
const ADDRESSES_KEPT: usize = 10_000;

/// Rates of one device.
pub(crate) struct DeviceRates {
    records: DefaultDirectRateLimiter,
    presence: DefaultDirectRateLimiter,
    clock: DefaultClock,
}

impl DeviceRates {
    pub(crate) fn new(limits: &Limits) -> Self {
        let records = Quota::per_second(rate(limits.device_records_per_sec))
            .allow_burst(rate(limits.device_records_burst));
        Self {
            records: RateLimiter::direct(records),
            presence: RateLimiter::direct(Quota::per_second(rate(limits.device_presence_per_sec))),
            clock: DefaultClock::default(),
        }
    }

    /// Takes the turn of so many records, or says how long to wait before asking again.
    pub(crate) fn records(&self, count: u32) -> Result<(), Duration> {
        match self.records.check_n(rate(count)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_yet)) => Err(not_yet.wait_time_from(self.clock.now())),
            // More at once than the burst: `Limits::validate` allows every push, so this is none.
            Err(_) => Ok(()),
        }
    }

    /// Whether one more presence message may pass.
    pub(crate) fn allows_presence(&self) -> bool {
        self.presence.check().is_ok()
    }
}

/// Rates of handshakes by address.
pub(crate) struct AddressRates {
    handshakes: DefaultKeyedRateLimiter<IpAddr>,
}

impl AddressRates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { handshakes: RateLimiter::keyed(Quota::per_second(rate(limits.handshakes_per_sec))) }
    }

    /// Whether one more handshake may begin.
    pub(crate) fn allows_handshake(&self, address: IpAddr) -> bool {
        if self.handshakes.len() > ADDRESSES_KEPT {
            self.handshakes.retain_recent();
        }
        self.handshakes.check_key(&network(address)).is_ok()
    }
}

/// Who gets one rate: an IPv4 address, or the IPv6 network that is given to one customer.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_has_one_rate() {
        let limits = Limits { handshakes_per_sec: 2, ..Limits::default() };
        let rates = AddressRates::new(&limits);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(rates.allows_handshake(address("2001:db8::1")));
        assert!(rates.allows_handshake(address("2001:db8::2")));
        assert!(!rates.allows_handshake(address("2001:db8::3")));
        assert!(rates.allows_handshake(address("2001:db8:0:1::1")));
        assert!(rates.allows_handshake(address("192.0.2.1")));
        assert!(rates.allows_handshake(address("::ffff:192.0.2.1")));
        assert!(!rates.allows_handshake(address("192.0.2.1")));
    }

    #[test]
    fn a_device_waits_after_its_burst() {
        let limits = Limits { device_records_per_sec: 10, device_records_burst: 300, ..Limits::default() };
        let rates = DeviceRates::new(&limits);
        assert_eq!(rates.records(256), Ok(()));
        assert!(rates.records(256).unwrap_err() > Duration::from_secs(15));
    }
}
