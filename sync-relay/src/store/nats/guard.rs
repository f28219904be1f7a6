//! Whether a NATS cluster can be trusted with what is acknowledged.
//!
//! JetStream's defaults acknowledge before anything is on a disk, and one replica is lost with its server. A relay
//! does not start on such a cluster, and says what to change.

use std::fmt;
use std::time::Duration;

use async_nats::Client;
use async_nats::jetstream::stream::{Config, PersistenceMode, StorageType};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::time::timeout;

use super::cluster::trouble;
use super::{StoreError, cluster};
use crate::config;

/// The first version that does not lose streams when its process crashes.
const VERSION_MIN: [u64; 3] = [2, 10, 23];

/// With fewer, the loss of one server is the loss of what it had, or of writing.
const REPLICAS_MIN: usize = 3;

/// A record and its stamp have to fit into one message.
const MESSAGE_BYTES_MIN: usize = 1024 * 1024;

/// How long servers may take to say how they are set up, and the others after the first. Who is down says nothing.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_AFTER_FIRST: Duration = Duration::from_millis(500);

/// Asks every server of the cluster how it keeps data. Only the system account gets an answer.
const QUESTION: &str = "$SYS.REQ.SERVER.PING.JSZ";

/// What is wrong with a cluster, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// A server is too old.
    Version {
        /// The server's name.
        server: String,
        /// What it runs.
        version: String,
    },
    /// A server acknowledges before it has written.
    NoSync {
        /// The server's name.
        server: String,
    },
    /// Nobody can say how servers keep data.
    Unknown {
        /// What is in the way.
        reason: String,
    },
    /// Too few copies.
    Replicas {
        /// Of what.
        of: String,
        /// How many there are.
        count: usize,
    },
    /// A stream is not on the disk when it acknowledges.
    Storage {
        /// The stream's name.
        stream: String,
    },
    /// Messages are too short for records.
    MessageSize {
        /// How long they may be.
        bytes: usize,
    },
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = VERSION_MIN;
        match self {
            Self::Version { server, version } => {
                write!(
                    out,
                    "server {server} runs {version}: install nats-server {major}.{minor}.{patch} or newer"
                )
            }
            Self::NoSync { server } => write!(
                out,
                "server {server} acknowledges before it has written: set `sync_interval: always` in its `jetstream` block"
            ),
            Self::Unknown { reason } => write!(
                out,
                "nobody can say how its servers keep data ({reason}): set nats.system to a user of the system account"
            ),
            Self::Replicas { of, count } => write!(
                out,
                "{of} has {count} of {REPLICAS_MIN} copies: run at least {REPLICAS_MIN} servers and set nats.replicas to {REPLICAS_MIN}"
            ),
            Self::Storage { stream } => write!(
                out,
                "stream {stream} does not write before it acknowledges: give it file storage and persist_mode default"
            ),
            Self::MessageSize { bytes } => {
                write!(
                    out,
                    "messages may have {bytes} bytes: set `max_payload` to {MESSAGE_BYTES_MIN} or more"
                )
            }
        }
    }
}

/// What one server says of itself.
#[derive(Clone, Debug, Deserialize)]
struct Told {
    server: Server,
    data: Option<Data>,
}

#[derive(Clone, Debug, Deserialize)]
struct Server {
    name: String,
    ver: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Data {
    config: Option<Keeping>,
    meta_cluster: Option<MetaCluster>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Keeping {
    #[serde(default)]
    sync_always: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct MetaCluster {
    #[serde(default)]
    cluster_size: usize,
}

/// What is wrong with the servers of a cluster.
pub(super) async fn servers(client: &Client, settings: &config::Nats) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let info = client.server_info();
    complaints.extend(version(&info.server_name, &info.version));
    if info.max_payload < MESSAGE_BYTES_MIN {
        complaints.push(Complaint::MessageSize { bytes: info.max_payload });
    }
    if settings.replicas < REPLICAS_MIN {
        complaints
            .push(Complaint::Replicas { of: "this relay's setting".to_owned(), count: settings.replicas });
    }
    let told = match &settings.system {
        Some(system) => ask(system, settings).await.map_err(|error| error.to_string()),
        None => Err("nats.system is not set".to_owned()),
    };
    match told {
        Ok(told) => told.iter().for_each(|it| complaints.extend(server(it))),
        Err(reason) => complaints.push(Complaint::Unknown { reason }),
    }
    complaints.sort_by_key(ToString::to_string);
    complaints.dedup();
    complaints
}

/// What is wrong with a stream.
pub(super) fn stream(config: &Config) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if config.num_replicas < REPLICAS_MIN {
        complaints
            .push(Complaint::Replicas { of: format!("stream {}", config.name), count: config.num_replicas });
    }
    if config.storage != StorageType::File || config.persist_mode == Some(PersistenceMode::Async) {
        complaints.push(Complaint::Storage { stream: config.name.clone() });
    }
    complaints
}

fn server(told: &Told) -> Vec<Complaint> {
    let mut complaints: Vec<_> = version(&told.server.name, &told.server.ver).into_iter().collect();
    // A server without JetStream keeps nothing.
    if let Some(keeping) = told.data.as_ref().and_then(|it| it.config.as_ref())
        && !keeping.sync_always
    {
        complaints.push(Complaint::NoSync { server: told.server.name.clone() });
    }
    complaints
}

fn version(server: &str, version: &str) -> Option<Complaint> {
    let release = version.split('-').next().unwrap_or_default();
    let mut parts = release.split('.').map(|it| it.parse::<u64>().unwrap_or(0));
    let parts = [0; 3].map(|_: i32| parts.next().unwrap_or(0));
    let complaint = || Complaint::Version { server: server.to_owned(), version: version.to_owned() };
    (parts < VERSION_MIN).then(complaint)
}

/// Asks all servers, and waits for as many as they say there are.
async fn ask(system: &str, settings: &config::Nats) -> Result<Vec<Told>, StoreError> {
    let client = cluster::connect(system, settings, None).await?;
    let inbox = client.new_inbox();
    let mut answers = client.subscribe(inbox.clone()).await.map_err(trouble)?;
    client.publish_with_reply(QUESTION, inbox, "".into()).await.map_err(trouble)?;
    let (mut told, mut expected, mut patience) = (Vec::<Told>::new(), 1, PATIENCE);
    while told.len() < expected
        && let Ok(Some(answer)) = timeout(patience, answers.next()).await
    {
        patience = PATIENCE_AFTER_FIRST;
        if answer.status.is_some() {
            return Err(StoreError::Nats("its user is not of the system account".to_owned()));
        }
        let one: Told = serde_json::from_slice(&answer.payload).map_err(trouble)?;
        let cluster = one.data.as_ref().and_then(|it| it.meta_cluster.as_ref());
        expected = expected.max(cluster.map_or(1, |it| it.cluster_size));
        told.push(one);
    }
    if told.is_empty() {
        return Err(StoreError::Nats("no server answers the system account".to_owned()));
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Told {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_server_that_keeps_what_it_acknowledges_is_fine() {
        let good = told(r#"{"server":{"name":"a","ver":"2.11.0"},"data":{"config":{"sync_always":true}}}"#);
        assert_eq!(server(&good), []);
        let without_jetstream = told(r#"{"server":{"name":"a","ver":"2.11.0"},"data":{"disabled":true}}"#);
        assert_eq!(server(&without_jetstream), []);
    }

    #[test]
    fn old_servers_and_those_that_sync_later_are_named_with_what_to_do() {
        let bad = told(r#"{"server":{"name":"old","ver":"2.10.22"},"data":{"config":{"sync_interval":1}}}"#);
        let texts: Vec<String> = server(&bad).iter().map(ToString::to_string).collect();
        assert!(texts[0].contains("old") && texts[0].contains("2.10.23"), "{texts:?}");
        assert!(texts[1].contains("sync_interval: always"), "{texts:?}");
    }

    #[test]
    fn versions_are_compared_by_number() {
        for (text, is_fine) in
            [("2.9.10", false), ("2.10.22", false), ("2.10.23", true), ("2.12.0-RC.1", true), ("3.0.0", true)]
        {
            assert_eq!(version("a", text).is_none(), is_fine, "{text}");
        }
    }

    #[test]
    fn a_stream_with_few_copies_or_late_writing_is_named() {
        let good = Config { num_replicas: 3, storage: StorageType::File, ..Config::default() };
        assert_eq!(stream(&good), []);
        let single = Config { num_replicas: 1, ..good.clone() };
        assert!(matches!(stream(&single)[..], [Complaint::Replicas { count: 1, .. }]));
        let late = Config { persist_mode: Some(PersistenceMode::Async), ..good.clone() };
        assert!(matches!(stream(&late)[..], [Complaint::Storage { .. }]));
        let in_memory = Config { storage: StorageType::Memory, ..good };
        assert!(matches!(stream(&in_memory)[..], [Complaint::Storage { .. }]));
    }
}
