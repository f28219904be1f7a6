//! The two servers under load, behind one face: open a document, send edits, hear what was acknowledged and what
//! was delivered.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use custory_wire::limits::RECORDS_MAX;
use custory_wire::{Hash, LogId, SYNC_PATH, Signature, ToClient, ToRelay};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Author, Client, Process, Team};
use crate::{BODY_BYTES, bare, process};

/// What follows a record's body: a signature and the two bytes that say its length.
const SIGNATURE_BYTES: usize = Signature::LEN + 2;

/// Credit that lets a client forget about credit.
const CREDIT_BYTES: u64 = 1 << 24;

/// A document for warming up; others are numbered from one.
const WARM_DOCUMENT: u8 = u8::MAX;

/// Pushes in a row that must not make the log longer: enough that it cannot be chance.
const WARM_PUSHES: usize = 8;

/// A server in a process of its own.
pub enum Server {
    Relay { process: Process, team: Box<Team>, folder: tempfile::TempDir },
    Bare { child: Child, address: SocketAddr },
}

impl Server {
    /// The relay, with one team that it knows.
    pub async fn relay() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::start(folder.path(), SETTINGS);
        let team = Team::new();
        Client::founder(process.address, &team).await;
        Self::Relay { process, team: Box::new(team), folder }
    }

    /// The broadcaster.
    pub fn bare() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(bare::ARGUMENT)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self::Bare { child, address: line.trim().parse().unwrap() }
    }

    /// Brings the relay to where one is that has run for a while: its log is as long as it gets and is written over
    /// from its beginning. That is so for all edits but the first few thousand after a start.
    pub async fn warm_up(&self) {
        let Self::Relay { process, team, folder } = self else { return };
        let log = LogId([WARM_DOCUMENT; 16]);
        let mut client = Client::member(process.address, team, &team.admin).await;
        client.open_all(log).await;
        let mut author = Author::new(&team.admin, log, &team.roster);
        let length = || std::fs::metadata(folder.path().join("data/relay.db-wal")).unwrap().len();
        let (mut before, mut without_growth) = (0, 0);
        while without_growth < WARM_PUSHES {
            client.send(ToRelay::Credit { bytes: CREDIT_BYTES }).await;
            let records = (0..RECORDS_MAX).map(|_| author.write_unsigned(&body(0))).collect();
            client.push(log, records).await.unwrap();
            client.aside.clear();
            let now = length();
            without_growth = if now == before { without_growth + 1 } else { 0 };
            before = now;
        }
    }

    pub fn pid(&self) -> u32 {
        match self {
            Self::Relay { process, .. } => process.pid(),
            Self::Bare { child, .. } => child.id(),
        }
    }

    pub fn cpu_seconds(&self) -> f64 {
        process::cpu_seconds(self.pid())
    }

    /// Connects and opens a document. A writer may edit it; there is one for each document.
    pub async fn connect(&self, document: u8) -> (Sender, Receiver) {
        match self {
            Self::Relay { process, team, .. } => {
                let log = LogId([document; 16]);
                let mut client = Client::member(process.address, team, &team.admin).await;
                client.open_all(log).await;
                client.send(ToRelay::Credit { bytes: CREDIT_BYTES }).await;
                let author = Author::new(&team.admin, log, &team.roster);
                let (sink, source) = client.socket.split();
                (Sender::Relay { sink, author: Box::new(author) }, Receiver { source, is_relay: true })
            }
            Self::Bare { address, .. } => {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let url = format!("ws://{address}{SYNC_PATH}");
                let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
                let (mut sink, mut source) = socket.split();
                sink.send(Message::Binary(vec![document].into())).await.unwrap();
                source.next().await.unwrap().unwrap();
                (Sender::Bare { sink, document }, Receiver { source, is_relay: false })
            }
        }
    }
}

/// Rates that a load from one address and one device does not meet.
pub const SETTINGS: &[(&str, &str)] = &[
    ("SYNC_RELAY_LIMITS__HANDSHAKES_PER_SEC", "1000000"),
    ("SYNC_RELAY_LIMITS__DEVICE_RECORDS_PER_SEC", "10000000"),
    ("SYNC_RELAY_LIMITS__DEVICE_RECORDS_BURST", "10000000"),
    ("SYNC_RELAY_LOG", "info"),
];

impl Drop for Server {
    fn drop(&mut self) {
        if let Self::Bare { child, .. } = self {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

type Sink = SplitSink<WebSocketStream<TcpStream>, Message>;

/// The sending half of a connection.
pub enum Sender {
    Relay { sink: Sink, author: Box<Author> },
    Bare { sink: Sink, document: u8 },
}

impl Sender {
    /// Sends edits, each with its number in its body. Together they go as an outbox sends what has piled up.
    pub async fn edit(&mut self, stamps: impl IntoIterator<Item = u64>, together: bool) {
        match self {
            Self::Relay { sink, author } => {
                let records: Vec<_> = stamps.into_iter().map(|it| author.write_unsigned(&body(it))).collect();
                let log = author.log;
                let pushes =
                    if together { vec![records] } else { records.into_iter().map(|it| vec![it]).collect() };
                for records in pushes {
                    let push = ToRelay::Push { log, records };
                    sink.feed(Message::Binary(push.to_bytes().into())).await.unwrap();
                }
                sink.flush().await.unwrap();
            }
            Self::Bare { sink, document } => {
                for stamp in stamps {
                    // As many bytes as a record has on the wire, so that both move the same.
                    let mut frame = vec![*document];
                    frame.extend(body(stamp));
                    frame.resize(record_bytes(), 7);
                    sink.feed(Message::Binary(frame.into())).await.unwrap();
                }
                sink.flush().await.unwrap();
            }
        }
    }

    /// Allows the relay to go on sending.
    pub async fn grant(&mut self, bytes: u64) {
        if let Self::Relay { sink, .. } = self {
            sink.send(Message::Binary(ToRelay::Credit { bytes }.to_bytes().into())).await.unwrap();
        }
    }
}

/// The receiving half of a connection.
pub struct Receiver {
    source: SplitStream<WebSocketStream<TcpStream>>,
    is_relay: bool,
}

/// What was received.
#[derive(Default)]
pub struct Received {
    /// Edits that were acknowledged.
    pub acked: usize,
    /// Numbers in the bodies of edits that were delivered.
    pub stamps: Vec<u64>,
    /// Their bytes.
    pub bytes: u64,
}

impl Receiver {
    /// The next frame; `None` at the end.
    pub async fn next(&mut self) -> Option<Received> {
        loop {
            let bytes = match self.source.next().await? {
                Ok(Message::Binary(bytes)) => bytes,
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => continue,
            };
            let mut received = Received::default();
            if !self.is_relay {
                match bytes.len() {
                    1 => received.acked = 1,
                    _ => received.stamps.push(stamp(&bytes[1..])),
                }
                return Some(received);
            }
            match ToClient::from_bytes(&bytes).unwrap() {
                ToClient::Ack { records, .. } => received.acked = records.len(),
                ToClient::Records { records, .. } => {
                    for record in records {
                        received.bytes += record.len() as u64;
                        received.stamps.push(stamp(&record[record.len() - SIGNATURE_BYTES - BODY_BYTES..]));
                    }
                }
                other => panic!("{other:?}"),
            }
            return Some(received);
        }
    }
}

fn body(stamp: u64) -> Vec<u8> {
    let mut body = vec![7; BODY_BYTES];
    body[..8].copy_from_slice(&stamp.to_be_bytes());
    body
}

fn stamp(body: &[u8]) -> u64 {
    u64::from_be_bytes(body[..8].try_into().unwrap())
}

/// Bytes of one record with such a body.
pub fn record_bytes() -> usize {
    let team = Team::new();
    let mut author = Author::new(&team.admin, LogId([1; 16]), &team.roster);
    (author.mine.dseq, author.mine.last) = (1_000, Hash::of(b"before").head());
    author.write_unsigned(&body(0)).len()
}
