//! What the relay counts, in Prometheus' text form.
//!
//! Counts and durations only: no workspace, device, journey or address is ever a label, so metrics tell an
//! operator how the relay is doing and nothing about who works on what.

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Refusal {
    /// The reason.
    pub(crate) reason: Reason,
}

/// Reasons for refusing a connection before it has a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(crate) enum Reason {
    /// The relay is full.
    Full,
    /// Too many handshakes from one address.
    Rate,
    /// No proof in time.
    Timeout,
    /// The proof is wrong, or the device is not a member.
    Denied,
    /// Bytes that are no message.
    Malformed,
}

/// All metrics of one relay.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) connections: Gauge,
    pub(crate) handshakes_refused: Family<Refusal, Counter>,
    pub(crate) records_appended: Counter,
    pub(crate) record_bytes_appended: Counter,
    pub(crate) records_repeated: Counter,
    pub(crate) pushes_refused: Counter,
    pub(crate) commit_seconds: Histogram,
    pub(crate) commit_records: Histogram,
    pub(crate) records_delivered: Counter,
    pub(crate) pages_from_disk: Counter,
    pub(crate) presence_delivered: Counter,
    pub(crate) stalled: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("sync_relay");
        let seconds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];
        let counts = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];
        let commit_seconds = Histogram::new(seconds);
        let commit_records = Histogram::new(counts);
        registry.register("commit_seconds", "Time from begin to durable", commit_seconds.clone());
        registry.register("commit_records", "Records in one commit", commit_records.clone());
        let connections = Gauge::default();
        registry.register("connections", "Connections with a proved device", connections.clone());
        let handshakes_refused = Family::default();
        registry.register("handshakes_refused", "Connections refused", handshakes_refused.clone());
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        Self {
            connections,
            handshakes_refused,
            records_appended: counter("records_appended", "Records made durable"),
            record_bytes_appended: counter("record_bytes_appended", "Bytes of records made durable"),
            records_repeated: counter("records_repeated", "Pushed records that were there already"),
            pushes_refused: counter("pushes_refused", "Pushes answered with a refusal"),
            commit_seconds,
            commit_records,
            records_delivered: counter("records_delivered", "Records sent to readers"),
            pages_from_disk: counter("pages_from_disk", "Pages read from the database"),
            presence_delivered: counter("presence_delivered", "Presence messages sent to readers"),
            stalled: counter("stalled", "Connections dropped because they took nothing"),
            registry,
        }
    }

    pub(crate) fn refuse(&self, reason: Reason) {
        self.handshakes_refused.get_or_create(&Refusal { reason }).inc();
    }

    /// The whole exposition.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string fails only if a metric's own encoder does; half an exposition would mislead.
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}
