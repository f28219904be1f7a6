//! A client: one connection, and what comes over it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use custory_wire::{
    Chain, ErrorCode, Handshake, LogId, NackReason, Offer, SYNC_PATH, Signature, SpaceId, Standing, ToClient,
    ToRelay,
};
use ed25519_dalek::{Signer, SigningKey};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::team::public;
use super::{Member, Team};

/// Longer than anything takes that goes well.
const PATIENCE: Duration = Duration::from_secs(20);

/// What comes over a connection.
#[expect(clippy::large_enum_variant, reason = "one at a time")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Message(ToClient),
    End,
}

/// A connection that is welcome.
pub struct Client {
    pub socket: WebSocketStream<TcpStream>,
    pub standing: Standing,
    pub incarnation: custory_wire::Incarnation,
    pub rseq: u32,
    /// What came while something else was waited for.
    pub aside: VecDeque<ToClient>,
}

impl Client {
    /// Connects as the holder of a key, or says why that was refused.
    pub async fn connect(address: SocketAddr, space: SpaceId, key: &SigningKey) -> Result<Self, ErrorCode> {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let url = format!("ws://{address}{SYNC_PATH}");
        let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        let ToClient::Challenge { relay, nonce, versions } = next(&mut socket).await.unwrap() else {
            panic!()
        };
        let offer = Offer { relay, nonce, versions };
        let handshake =
            Handshake { offer, version: 1, space, key: public(key), nonce: custory_wire::Nonce([6; 32]) };
        let signature = Signature(key.sign(&handshake.auth_bytes()).to_bytes());
        let auth = ToRelay::Auth { version: 1, space, key: public(key), nonce: handshake.nonce, signature };
        socket.send(Message::Binary(auth.to_bytes().into())).await.unwrap();
        match next(&mut socket).await.unwrap() {
            ToClient::Welcome { incarnation, standing, rseq, signature, .. } => {
                assert!(handshake.is_relay(&incarnation, &signature), "the relay proves its key");
                Ok(Self { socket, standing, incarnation, rseq, aside: VecDeque::new() })
            }
            ToClient::Error { code, .. } => Err(code),
            other => panic!("{other:?}"),
        }
    }

    /// Connects a member of a team.
    pub async fn member(address: SocketAddr, team: &Team, member: &Member) -> Self {
        Self::connect(address, team.space(), &member.key).await.unwrap()
    }

    /// Connects the admin of a team that the relay does not know, and makes it known.
    pub async fn founder(address: SocketAddr, team: &Team) -> Self {
        let mut client = Self::member(address, team, &team.admin).await;
        assert_eq!(client.standing, Standing::Unknown);
        client.send(ToRelay::Create { records: team.records.clone(), token: None }).await;
        let ToClient::Roster { first: 1, rseq, .. } = client.next().await else { panic!("not created") };
        assert_eq!(rseq, team.roster.rseq());
        client
    }

    pub async fn send(&mut self, message: ToRelay) {
        self.socket.send(Message::Binary(message.to_bytes().into())).await.unwrap();
    }

    /// Sends to a relay that may have gone meanwhile; that is noticed by listening.
    pub async fn send_if_open(&mut self, message: ToRelay) {
        self.socket.send(Message::Binary(message.to_bytes().into())).await.ok();
    }

    /// The next message.
    pub async fn next(&mut self) -> ToClient {
        match self.event().await {
            Event::Message(message) => message,
            Event::End => panic!("the relay has ended the connection"),
        }
    }

    /// The next message, or the end.
    pub async fn event(&mut self) -> Event {
        if let Some(message) = self.aside.pop_front() {
            return Event::Message(message);
        }
        next(&mut self.socket).await.map_or(Event::End, Event::Message)
    }

    /// The first message that is wanted; others are put aside in order.
    pub async fn wait_for<T>(&mut self, mut wanted: impl FnMut(&ToClient) -> Option<T>) -> T {
        let mut passed = VecDeque::new();
        loop {
            let message = self.next().await;
            if let Some(found) = wanted(&message) {
                passed.append(&mut self.aside);
                self.aside = passed;
                return found;
            }
            passed.push_back(message);
        }
    }

    /// Nothing more comes before a pong: everything that was sent before has been answered.
    pub async fn is_quiet(&mut self) -> bool {
        self.send(ToRelay::Ping { number: 77 }).await;
        self.next().await == ToClient::Pong { number: 77 }
    }

    /// Opens a log and returns its tip.
    pub async fn open(&mut self, log: LogId, at: Chain) -> Chain {
        self.send(ToRelay::Open { log, at, without: vec![] }).await;
        self.wait_for(|it| match it {
            ToClient::Opened { log: opened, tip, .. } if *opened == log => Some(*tip),
            ToClient::RolledBack { .. } | ToClient::GoneBelow { .. } | ToClient::Nack { .. } => {
                panic!("{it:?}")
            }
            _ => None,
        })
        .await
    }

    /// Opens a log from its beginning.
    pub async fn open_all(&mut self, log: LogId) -> Chain {
        self.open(log, Chain::start(&log)).await
    }

    /// Pushes records and waits until all are acknowledged, or one is refused.
    pub async fn push(&mut self, log: LogId, records: Vec<Vec<u8>>) -> Result<Vec<(u64, u64)>, NackReason> {
        let count = records.len();
        self.send(ToRelay::Push { log, records }).await;
        let mut acks = Vec::new();
        while acks.len() < count {
            let answer = self
                .wait_for(|it| match it {
                    ToClient::Ack { records, .. } => Some(Ok(records.clone())),
                    ToClient::Nack { reason, .. } => Some(Err(*reason)),
                    _ => None,
                })
                .await?;
            acks.extend(answer);
        }
        Ok(acks)
    }

    /// The next so many records of a log, which must be in a row from `first`.
    pub async fn read(&mut self, log: LogId, first: u64, count: usize) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        while all.len() < count {
            let expected = first + all.len() as u64;
            let records = self
                .wait_for(|it| match it {
                    ToClient::Records { log: of, first, records, .. } if *of == log => {
                        assert_eq!(*first, expected, "records are without gaps");
                        Some(records.clone())
                    }
                    _ => None,
                })
                .await;
            all.extend(records);
        }
        assert_eq!(all.len(), count);
        all
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<ToClient> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("the relay does not answer") {
            Some(Ok(Message::Binary(bytes))) => return Some(ToClient::from_bytes(&bytes).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}
