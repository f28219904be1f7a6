//! A NATS cluster as this store needs it: put with a fence, newest from the leader, ranges, a search by halves.
//!
//! What decides (the newest message of a subject) is asked of the stream's leader; what cannot change any more (an
//! older message) of any server. Whatever a cluster cannot do for a moment, as while it elects a leader, is tried
//! again for [`PATIENCE`].

use std::time::Duration;

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::stream::{
    Config, DirectGetErrorKind, DiscardPolicy, LastRawMessageErrorKind, Republish, StorageType, Stream,
};
use async_nats::jetstream::{Context, context};
use async_nats::{Client, ConnectOptions, Event, HeaderMap, ServerAddr};
use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use minicbor::Decode;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::timeout;

use super::layout::{META, META_STREAM, STAMP, all_of, stream_name, unstamp};
use super::{Complaint, StoreError, guard};
use crate::config;

type Result<T> = std::result::Result<T, StoreError>;

/// How long something is tried before it is given up. A cluster elects a new leader within some ten seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(25);

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(2);

/// How long the first connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Messages asked for at once.
const BATCH: usize = 256;

/// Streams made at once.
const MADE_AT_ONCE: usize = 8;

/// Where a message's number is.
const SEQUENCE: &str = "Nats-Sequence";

/// What only an answer to a batch has.
const PENDING: &str = "Nats-Num-Pending";

/// The end of a batch.
const END_OF_BATCH: u16 = 204;

/// A connection to a cluster, and its streams.
pub(super) struct Cluster {
    client: Client,
    jet: Context,
    meta: Stream<()>,
    streams: Vec<Stream<()>>,
    /// Counts connections: what was said while there was none was not heard.
    connected: watch::Receiver<u64>,
}

/// A message that is kept.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its number in the stream.
    pub(super) seq: u64,
    pub(super) subject: String,
    pub(super) body: Bytes,
    stamp: Option<String>,
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It is on the disks of most servers, with this number.
    Done(u64),
    /// Somebody else has written in between.
    Overtaken,
}

/// What is to be written.
pub(super) struct Write {
    pub(super) subject: String,
    pub(super) stamp: Option<String>,
    pub(super) body: Bytes,
    /// The number of the subject's newest message, 0 for none, unless it does not matter.
    pub(super) after: Option<u64>,
    /// Whether it takes the place of what the subject had.
    pub(super) replaces: bool,
}

/// Anything that a cluster cannot do.
pub(super) fn trouble(error: impl std::fmt::Display) -> StoreError {
    StoreError::Nats(error.to_string())
}

/// Whether trying again may help.
fn is_passing(error: &StoreError) -> bool {
    matches!(error, StoreError::Nats(_))
}

/// How to try again.
pub(super) fn patiently() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_millis(500))
        .with_factor(1.6)
        .with_jitter()
        .without_max_times()
        .with_total_delay(Some(PATIENCE))
}

/// Connects to the first of the servers that answers.
pub(super) async fn connect(
    servers: &str,
    settings: &config::Nats,
    connected: Option<watch::Sender<u64>>,
) -> Result<Client> {
    let servers: Vec<ServerAddr> =
        servers.split(',').map(|it| it.trim().parse()).collect::<std::io::Result<_>>().map_err(trouble)?;
    let mut options = ConnectOptions::new()
        .name("sync-relay")
        .connection_timeout(CONNECT)
        .request_timeout(Some(ATTEMPT))
        .event_callback(move |event| {
            if let (Event::Connected, Some(count)) = (event, &connected) {
                count.send_modify(|it| *it += 1);
            }
            std::future::ready(())
        });
    let known = servers.iter().find_map(|it| Some((it.username()?, it.password()?)));
    if let Some((user, password)) = known {
        options = options.user_and_password(user.to_owned(), password.to_owned());
    }
    if let Some(file) = &settings.ca_file {
        options = options.add_root_certificates(file.clone());
    }
    options.connect(servers).await.map_err(trouble)
}

impl Cluster {
    /// Connects, makes what is not there, and says what is wrong with the cluster.
    pub(super) async fn open(servers: &str, settings: &config::Nats) -> Result<(Self, Vec<Complaint>)> {
        let (count, connected) = watch::channel(0);
        let client = connect(servers, settings, Some(count)).await?;
        let mut complaints = guard::servers(&client, settings).await;
        if !settings.allow_lossy && !complaints.is_empty() {
            return Err(StoreError::Unsafe(complaints));
        }
        let jet = context::ContextBuilder::new().timeout(ATTEMPT).ack_timeout(ATTEMPT).build(client.clone());
        let wanted = (0..settings.partitions).map(|partition| {
            let republish = Republish {
                source: all_of(partition),
                destination: format!("live.{}", all_of(partition)),
                headers_only: false,
            };
            stream_config(stream_name(partition), all_of(partition), settings, Some(republish))
        });
        let wanted = wanted.chain([stream_config(META_STREAM.to_owned(), META.to_owned(), settings, None)]);
        let made: Vec<(Stream<()>, Config)> =
            stream::iter(wanted.map(|it| make(&jet, it))).buffered(MADE_AT_ONCE).try_collect().await?;
        complaints.extend(made.iter().flat_map(|(_, config)| guard::stream(config)));
        let mut streams: Vec<_> = made.into_iter().map(|it| it.0).collect();
        let meta = streams.pop().ok_or_else(|| trouble("no stream was made"))?;
        Ok((Self { client, jet, meta, streams, connected }, complaints))
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Counts how often the connection was made.
    pub(super) fn connected(&self) -> watch::Receiver<u64> {
        self.connected.clone()
    }

    fn stream(&self, partition: u16) -> &Stream<()> {
        &self.streams[usize::from(partition)]
    }

    /// Writes, once: what becomes of it after an error is not known.
    pub(super) async fn put(&self, write: Write) -> Result<Put> {
        let mut message = PublishMessage::build().payload(write.body);
        if let Some(stamp) = write.stamp {
            message = message.header(STAMP, stamp);
        }
        if let Some(after) = write.after {
            message = message.expected_last_subject_sequence(after);
        }
        if write.replaces {
            message = message.header(async_nats::header::NATS_ROLLUP, "sub");
        }
        let acknowledged = match self.jet.send_publish(write.subject, message).await {
            Ok(acknowledged) => acknowledged.await,
            Err(error) => Err(error),
        };
        match acknowledged {
            Ok(acknowledged) => Ok(Put::Done(acknowledged.sequence)),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Ok(Put::Overtaken),
            Err(error) => Err(trouble(error)),
        }
    }

    /// Writes what may be written twice without harm, until it is written.
    pub(super) async fn put_surely(&self, subject: String, body: Bytes) -> Result<()> {
        let write = || async {
            let (subject, body) = (subject.clone(), body.clone());
            self.put(Write { subject, stamp: None, body, after: None, replaces: true }).await
        };
        write.retry(patiently()).sleep(tokio::time::sleep).when(is_passing).await.map(|_| ())
    }

    /// The newest message of a subject, as its leader knows it.
    pub(super) async fn newest(&self, partition: u16, subject: &str) -> Result<Option<Entry>> {
        newest_of(self.stream(partition), subject).await
    }

    /// Whose cluster it is.
    pub(super) async fn meta(&self) -> Result<Option<Entry>> {
        newest_of(&self.meta, META).await
    }

    /// The first message of a subject with this number or a later one.
    pub(super) async fn next(&self, partition: u16, subject: &str, from: u64) -> Result<Option<Entry>> {
        let stream = self.stream(partition);
        let get = || async {
            match stream.direct_get_next_for_subject(subject, Some(from)).await {
                Ok(message) => return Ok(Some(Entry::of(message))),
                Err(error) if error.kind() == DirectGetErrorKind::NotFound => {}
                Err(error) => return Err(trouble(error)),
            }
            // A server that is behind does not have it yet; the leader does.
            match stream.raw_message_builder().sequence(from).next_by_subject(subject).send().await {
                Ok(message) => Ok(Some(Entry::of(message))),
                Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
                Err(error) => Err(trouble(error)),
            }
        };
        get.retry(patiently()).sleep(tokio::time::sleep).when(is_passing).await
    }

    /// Messages of a subject in order, from one number up to another, until they have so many bytes.
    pub(super) async fn range(
        &self,
        partition: u16,
        subject: &str,
        (from, to): (u64, u64),
        bytes_max: u64,
    ) -> Result<Vec<Entry>> {
        let (mut all, mut bytes, mut from) = (Vec::new(), 0_u64, from);
        while from <= to && bytes < bytes_max {
            // A batch that is cut off somewhere is taken as far as it came.
            let mut more = self.batch(partition, subject, from, bytes_max - bytes).await.unwrap_or_default();
            if more.is_empty() {
                more.extend(self.next(partition, subject, from).await?);
            }
            let Some(last) = more.last().map(|it| it.seq) else { break };
            bytes += more.iter().map(|it| it.body.len() as u64).sum::<u64>();
            all.extend(more.into_iter().filter(|it| it.seq <= to));
            from = last + 1;
        }
        Ok(all)
    }

    /// Several messages with one question, which servers from 2.11 on understand; older ones answer with one.
    async fn batch(&self, partition: u16, subject: &str, from: u64, bytes_max: u64) -> Result<Vec<Entry>> {
        let question =
            json!({ "seq": from, "next_by_subj": subject, "batch": BATCH, "max_bytes": bytes_max });
        let inbox = self.client.new_inbox();
        let mut answers = self.client.subscribe(inbox.clone()).await.map_err(trouble)?;
        let api = format!("$JS.API.DIRECT.GET.{}", stream_name(partition));
        self.client.publish_with_reply(api, inbox, question.to_string().into()).await.map_err(trouble)?;
        let mut entries = Vec::new();
        while let Ok(Some(answer)) = timeout(ATTEMPT, answers.next()).await {
            if answer.status.is_some_and(|it| it.as_u16() == END_OF_BATCH) {
                break;
            }
            let headers = answer.headers.unwrap_or_default();
            let Some(seq) = header(&headers, SEQUENCE).and_then(|it| it.parse().ok()) else { break };
            let stamp = header(&headers, STAMP);
            entries.push(Entry { seq, subject: subject.to_owned(), body: answer.payload, stamp });
            if header(&headers, PENDING).is_none() {
                break;
            }
        }
        Ok(entries)
    }

    /// The first message of a subject, up to one with the number `to`, of which something is true that stays true
    /// of all after it. Found by halves.
    pub(super) async fn first_where(
        &self,
        partition: u16,
        subject: &str,
        to: u64,
        is_it: impl Fn(&Entry) -> Result<bool>,
    ) -> Result<Option<Entry>> {
        let (mut low, mut high, mut found) = (1, to, None);
        while low <= high {
            let middle = low + (high - low) / 2;
            match self.next(partition, subject, middle).await? {
                Some(entry) if entry.seq <= to && !is_it(&entry)? => low = entry.seq + 1,
                entry => {
                    found = entry.filter(|it| it.seq <= to).or(found);
                    high = middle - 1;
                }
            }
        }
        Ok(found)
    }

    /// Gives up all messages of a subject below a number.
    pub(super) async fn purge(&self, partition: u16, subject: &str, below: u64) -> Result<()> {
        self.stream(partition).purge().filter(subject).sequence(below).await.map(|_| ()).map_err(trouble)
    }

    /// Gives up all messages of subjects.
    pub(super) async fn purge_all(&self, partition: u16, subjects: &str) -> Result<()> {
        self.stream(partition).purge().filter(subjects).await.map(|_| ()).map_err(trouble)
    }

    /// The subjects that have messages.
    pub(super) async fn subjects(&self, partition: u16, filter: &str) -> Result<Vec<String>> {
        let ask = || async {
            let found = self.stream(partition).info_with_subjects(filter).await.map_err(trouble)?;
            found.map_ok(|(subject, _)| subject).try_collect().await.map_err(trouble)
        };
        ask.retry(patiently()).sleep(tokio::time::sleep).when(is_passing).await
    }
}

impl Entry {
    fn of(message: StreamMessage) -> Self {
        let stamp = header(&message.headers, STAMP);
        let (seq, subject) = (message.sequence, message.subject.to_string());
        Self { seq, subject, body: message.payload, stamp }
    }

    /// What was just written.
    pub(super) fn written(seq: u64, subject: String, stamp: String, body: Bytes) -> Self {
        Self { seq, subject, body, stamp: Some(stamp) }
    }

    /// What was published again as it was written.
    pub(super) fn of_live(message: async_nats::Message) -> Option<Self> {
        let headers = message.headers.as_ref()?;
        let seq = header(headers, SEQUENCE)?.parse().ok()?;
        let stamp = header(headers, STAMP);
        Some(Self { seq, subject: message.subject.to_string(), body: message.payload, stamp })
    }

    /// What was written beside it.
    pub(super) fn stamp<T: for<'b> Decode<'b, ()>>(&self) -> Result<T> {
        let text = self.stamp.as_deref();
        unstamp(text.ok_or_else(|| StoreError::Damaged("a message in the cluster has no stamp".to_owned()))?)
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.as_str().to_owned())
}

async fn newest_of(stream: &Stream<()>, subject: &str) -> Result<Option<Entry>> {
    let get = || async {
        match stream.get_last_raw_message_by_subject(subject).await {
            Ok(message) => Ok(Some(Entry::of(message))),
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(trouble(error)),
        }
    };
    get.retry(patiently()).sleep(tokio::time::sleep).when(is_passing).await
}

fn stream_config(
    name: String,
    subjects: String,
    settings: &config::Nats,
    republish: Option<Republish>,
) -> Config {
    Config {
        name,
        subjects: vec![subjects],
        storage: StorageType::File,
        num_replicas: settings.replicas,
        // What does not fit is refused; nothing makes way for it.
        discard: DiscardPolicy::New,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        allow_rollup: true,
        allow_direct: true,
        republish,
        ..Config::default()
    }
}

/// A stream, made if it is not there, and how it is set up.
async fn make(jet: &Context, wanted: Config) -> Result<(Stream<()>, Config)> {
    let make = || async { jet.get_or_create_stream(&wanted).await.map_err(trouble) };
    let stream = make.retry(patiently()).sleep(tokio::time::sleep).when(is_passing).await?;
    let config = stream.cached_info().config.clone();
    let stream = jet.get_stream_no_info(&wanted.name).await.map_err(trouble)?;
    Ok((stream, config))
}
