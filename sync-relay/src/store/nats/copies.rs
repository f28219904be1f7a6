//! What an operator does with a cluster: copy it while relays run, bring a copy back into an empty one, look for damage.
//!
//! A copy is a folder with the relay's key and, for each stream, what the servers themselves make of it, as NATS's own
//! tools write it: `backup.json` and `stream.tar.s2`. A workspace is in one stream, so of each there is one moment.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::path::Path;
use std::time::Duration;

use async_nats::Client;
use async_nats::jetstream::context;
use bytes::Bytes;
use custory_wire::{Chain, Hash, Incarnation, LogId, Roster, SpaceId};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::super::sqlite::Findings;
use super::super::{
    StoreError, lock_folder, make_folder, new_incarnation, records, refuse_filled, sync_folder_of,
};
use super::cluster::{Cluster, trouble};
use super::layout::{
    About, Address, LogStamp, META, META_STREAM, Meta, Shelf, VERSION, all_rosters, stream_name, value,
};
use super::{cluster, new_life};
use crate::config::{self, Config};
use crate::identity;

type Result<T> = std::result::Result<T, StoreError>;

/// What NATS's own tools call the two files of a stream.
const HEAD_FILE: &str = "backup.json";
const BODY_FILE: &str = "stream.tar.s2";

/// Whose cluster it was.
const META_FILE: &str = "meta";

/// Bytes of a stream's copy in one message.
const PART_BYTES: usize = 128 * 1024;

/// How long a server may take to answer, or to go on.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of records read at once.
const READ_BYTES: u64 = 8 << 20;

/// The servers that the settings name.
fn servers(config: &Config) -> Result<&str> {
    config.store.as_deref().ok_or_else(|| trouble("the settings name no cluster"))
}

/// Copies everything that relays keep in their cluster, and the relay's key, into a new folder. Relays may go on meanwhile.
///
/// # Errors
/// When the folder holds something already, the cluster has no relay, or anything cannot be read or written.
pub async fn backup_cluster(config: &Config, to: &Path) -> Result<()> {
    refuse_filled(to)?;
    let client = cluster::connect(servers(config)?, &config.nats, None).await?;
    let Some((meta, bytes)) = meta(&client).await? else { return Err(no_relay()) };
    make_folder(to)?;
    for partition in 0..meta.partitions {
        copy_out(&client, &stream_name(partition), to).await?;
    }
    copy_file(&config.data_dir.join(identity::FILE), &to.join(identity::FILE))?;
    // Last: a folder without it is no copy.
    write(&to.join(META_FILE), &bytes)
}

/// Brings a copy back into a cluster on which there is no relay, as a new life of it: clients then see that it may have
/// forgotten something, and bring it. No relay may run meanwhile.
///
/// # Errors
/// When there is a relay on the cluster, the folder is no copy, or anything cannot be read or written.
pub async fn restore_cluster(config: &Config, from: &Path) -> Result<()> {
    let file = from.join(META_FILE);
    let bytes = fs::read(&file).map_err(StoreError::io(&file))?;
    let known: Meta = value(&bytes)?;
    if known.version > VERSION + 1 {
        return Err(StoreError::Newer { found: known.version.into(), known: i64::from(VERSION) + 1 });
    }
    make_folder(&config.data_dir)?;
    let _lock = lock_folder(&config.data_dir)?;
    let client = cluster::connect(servers(config)?, &config.nats, None).await?;
    if meta(&client).await?.is_some() {
        return Err(trouble(
            "there is a relay on this cluster already; a restore never replaces what is there",
        ));
    }
    let key = config.data_dir.join(identity::FILE);
    if !key.exists() {
        copy_file(&from.join(identity::FILE), &key)?;
    }
    for partition in 0..known.partitions {
        copy_in(&client, &stream_name(partition), from, &config.nats).await?;
    }
    // Last, and by it the cluster is one: what was cut short is not taken for a whole.
    let incarnation = Incarnation(new_incarnation());
    new_life(servers(config)?, &config.nats, &Meta { incarnation, ..known }).await
}

/// Reads everything on a cluster and compares it with its hashes, chains and signatures. Relays may go on meanwhile.
///
/// # Errors
/// When it cannot be read at all.
pub async fn check_cluster(config: &Config) -> Result<Findings> {
    let client = cluster::connect(servers(config)?, &config.nats, None).await?;
    let Some((meta, _)) = meta(&client).await? else { return Err(no_relay()) };
    // Whether it could lose something is asked at a start of a relay; here it is what there is that counts.
    let settings = config::Nats { partitions: meta.partitions, allow_lossy: true, ..config.nats.clone() };
    let (cluster, _) = Cluster::open(servers(config)?, &settings).await?;
    let mut findings = Findings::default();
    for partition in 0..meta.partitions {
        for subject in cluster.subjects(partition, &all_rosters(partition)).await? {
            let space = subject.split('.').nth(2).and_then(|it| it.parse::<SpaceId>().ok());
            match space {
                Some(space) => {
                    check_space(&cluster, &space, &Address::new(&space, meta.partitions), &mut findings)
                        .await?;
                }
                None => findings.problems.push(format!("{subject} is no workspace’s")),
            }
        }
    }
    Ok(findings)
}

fn no_relay() -> StoreError {
    trouble("there is no relay on this cluster")
}

/// Whose cluster it is, and the same as it is kept; `None` if no relay was ever started on it.
async fn meta(client: &Client) -> Result<Option<(Meta, Vec<u8>)>> {
    let jet = context::ContextBuilder::new().timeout(PATIENCE).build(client.clone());
    let question = json!({ "last_by_subj": META });
    let answer =
        request(client, format!("$JS.API.STREAM.MSG.GET.{META_STREAM}"), question.to_string()).await?;
    if answer.get("error").is_some() {
        return Ok(None);
    }
    let stream = jet.get_stream_no_info(META_STREAM).await.map_err(trouble)?;
    let message = stream.get_last_raw_message_by_subject(META).await.map_err(trouble)?;
    Ok(Some((value(&message.payload)?, message.payload.to_vec())))
}

/// Asks the cluster about a stream.
async fn ask(client: &Client, what: &str, name: &str, question: &Value) -> Result<Value> {
    let answer = request(client, format!("$JS.API.STREAM.{what}.{name}"), question.to_string()).await?;
    match complaint(&answer) {
        Some(complaint) => Err(trouble(format!("{name}: {complaint}"))),
        None => Ok(answer),
    }
}

/// Asks; an answer without words is as good as none.
async fn request(client: &Client, subject: String, payload: impl Into<Bytes>) -> Result<Value> {
    let request = async_nats::Request::new().payload(payload.into()).timeout(Some(PATIENCE));
    let answer = client.send_request(subject, request).await.map_err(trouble)?;
    if answer.payload.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&answer.payload).map_err(trouble)
}

fn complaint(answer: &Value) -> Option<String> {
    let error = answer.get("error")?;
    Some(error.get("description").and_then(Value::as_str).unwrap_or("it says no").to_owned())
}

async fn copy_out(client: &Client, name: &str, to: &Path) -> Result<()> {
    let folder = to.join(name);
    make_folder(&folder)?;
    let inbox = client.new_inbox();
    let mut parts = client.subscribe(inbox.clone()).await.map_err(trouble)?;
    let question = json!({ "deliver_subject": inbox, "no_consumers": true, "chunk_size": PART_BYTES });
    let answer = ask(client, "SNAPSHOT", name, &question).await?;
    let body = folder.join(BODY_FILE);
    let mut file = File::create(&body).map_err(StoreError::io(&body))?;
    loop {
        let part = timeout(PATIENCE, parts.next()).await;
        let part = part.ok().flatten().ok_or_else(|| trouble(format!("{name}: the copy breaks off")))?;
        if part.payload.is_empty() {
            match part.status {
                Some(status) if status.as_u16() >= 300 => {
                    return Err(trouble(format!("{name}: the copy breaks off ({status})")));
                }
                _ => break,
            }
        }
        file.write_all(&part.payload).map_err(StoreError::io(&body))?;
        if let Some(reply) = part.reply {
            client.publish(reply, Vec::new().into()).await.map_err(trouble)?;
        }
    }
    file.sync_all().map_err(StoreError::io(&body))?;
    let head = json!({ "config": answer.get("config"), "state": answer.get("state") });
    write(&folder.join(HEAD_FILE), head.to_string().as_bytes())
}

async fn copy_in(client: &Client, name: &str, from: &Path, settings: &config::Nats) -> Result<()> {
    let (head, body) = (from.join(name).join(HEAD_FILE), from.join(name).join(BODY_FILE));
    let text = fs::read(&head).map_err(StoreError::io(&head))?;
    let mut question: Value = serde_json::from_slice(&text)
        .map_err(|error| StoreError::Damaged(format!("{}: {error}", head.display())))?;
    // As many copies as this cluster is to have, not as the one that it came from had.
    if let Some(config) = question.get_mut("config").and_then(Value::as_object_mut) {
        config.insert("num_replicas".to_owned(), settings.replicas.into());
    }
    let answer = ask(client, "RESTORE", name, &question).await?;
    let place = answer.get("deliver_subject").and_then(Value::as_str);
    let place = place.ok_or_else(|| trouble(format!("{name}: it does not say where to")))?.to_owned();
    let mut file = File::open(&body).map_err(StoreError::io(&body))?;
    loop {
        let mut part = Vec::with_capacity(PART_BYTES);
        let read = (&mut file).take(PART_BYTES as u64).read_to_end(&mut part);
        read.map_err(StoreError::io(&body))?;
        let is_end = part.is_empty();
        let answer = request(client, place.clone(), part).await?;
        if let Some(complaint) = complaint(&answer) {
            return Err(trouble(format!("{name}: {complaint}")));
        }
        if is_end {
            return Ok(());
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(StoreError::io(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(StoreError::io(path))?;
    sync_folder_of(path)
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map_err(StoreError::io(from))?;
    File::open(to).and_then(|it| it.sync_all()).map_err(StoreError::io(to))
}

async fn check_space(
    cluster: &Cluster,
    space: &SpaceId,
    address: &Address,
    findings: &mut Findings,
) -> Result<()> {
    findings.workspaces += 1;
    if let Err(problem) = check_roster(cluster, space, address).await? {
        findings.problems.push(format!("the roster of workspace {space}: {problem}"));
    }
    for subject in cluster.subjects(address.partition, &address.all_but_blobs()).await? {
        match About::of(&subject) {
            About::Log(log) => {
                findings.logs += 1;
                if let Err(problem) = check_log(cluster, &log, address, &mut findings.records).await? {
                    findings.problems.push(format!("log {log}: {problem}"));
                }
            }
            About::Shelf(_) => check_shelf(cluster, &subject, address, findings).await?,
            About::Roster | About::Other => {}
        }
    }
    Ok(())
}

/// What was found wrong, in words.
type Sound = std::result::Result<(), String>;

async fn check_roster(cluster: &Cluster, space: &SpaceId, address: &Address) -> Result<Sound> {
    let entries = cluster.range(address.partition, &address.roster(), (1, u64::MAX), u64::MAX).await?;
    let mut all = Vec::new();
    for entry in &entries {
        match records::split(&entry.body).collect::<Result<Vec<_>>>() {
            Ok(records) => all.extend(records),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    Ok(match Roster::of(all) {
        Ok(roster) if roster.space() == *space => Ok(()),
        Ok(_) => Err("it is another workspace's".to_owned()),
        Err(error) => Err(error.to_string()),
    })
}

async fn check_log(cluster: &Cluster, log: &LogId, address: &Address, count: &mut u64) -> Result<Sound> {
    let subject = address.log(log);
    let (mut from, mut chain) = (1, None::<Chain>);
    loop {
        let entries = cluster.range(address.partition, &subject, (from, u64::MAX), READ_BYTES).await?;
        let Some(last) = entries.last() else { break };
        from = last.seq + 1;
        for entry in &entries {
            let stamp: LogStamp = match entry.stamp() {
                Ok(stamp) => stamp,
                Err(error) => return Ok(Err(error.to_string())),
            };
            let expected = match chain {
                None if stamp.before.seq == 0 => Chain::start(log),
                None => stamp.before,
                Some(chain) => chain,
            };
            if stamp.before != expected {
                return Ok(Err(format!("the chain breaks after record {}", expected.seq)));
            }
            let mut at = stamp.before;
            for record in records::split(&entry.body) {
                let Ok(record) = record else {
                    return Ok(Err(format!("record {} is cut off", at.seq + 1)));
                };
                at = at.then(&Hash::of(record));
                *count += 1;
            }
            if at != stamp.tip {
                return Ok(Err(format!("a record up to {} is not what was written", stamp.tip.seq)));
            }
            chain = Some(at);
        }
    }
    Ok(chain.map(|_| ()).ok_or_else(|| "it has no records".to_owned()))
}

async fn check_shelf(
    cluster: &Cluster,
    subject: &str,
    address: &Address,
    findings: &mut Findings,
) -> Result<()> {
    let Some(newest) = cluster.newest(address.partition, subject).await? else { return Ok(()) };
    let shelf: Shelf = match value(&newest.body) {
        Ok(shelf) => shelf,
        Err(error) => {
            findings.problems.push(format!("{subject}: {error}"));
            return Ok(());
        }
    };
    let named: BTreeSet<Hash> = shelf.snapshots.iter().map(|it| it.info.hash).collect();
    for hash in named {
        findings.blobs += 1;
        let mut bytes = Vec::new();
        for number in 0.. {
            let Some(part) = cluster.next(address.partition, &address.blob(&hash, number), 1).await? else {
                break;
            };
            bytes.extend_from_slice(&part.body);
        }
        if Hash::of(&bytes) != hash {
            findings.problems.push(format!("snapshot {hash}: its content is not what its name says"));
        }
    }
    Ok(())
}
