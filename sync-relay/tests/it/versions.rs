//! Programs of different versions meet: they find the version that both speak, or say that one has to be updated.

use custory_wire::{
    ErrorCode, Handshake, Nonce, Offer, PROTOCOL_VERSION, SYNC_PATH, Signature, ToClient, ToRelay,
};
use ed25519_dalek::Signer;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::home::fresh;
use crate::support::{Client, Team};

#[tokio::test]
async fn p20_a_client_of_another_version_is_told_to_update_and_the_others_notice_nothing() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut witness = Client::founder(relay.address(), &team).await;
    let stream = TcpStream::connect(relay.address()).await.unwrap();
    let url = format!("ws://{}{SYNC_PATH}", relay.address());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let mut next = async || match socket.next().await {
        Some(Ok(Message::Binary(bytes))) => Some(ToClient::from_bytes(&bytes).unwrap()),
        _ => None,
    };
    let Some(ToClient::Challenge { relay: key, nonce, versions }) = next().await else {
        panic!("no challenge")
    };
    assert_eq!(versions, [PROTOCOL_VERSION], "the relay says what it speaks before anything else");
    let version = PROTOCOL_VERSION + 1;
    let (space, key_of_client) = (team.space(), team.admin.public());
    let offer = Offer { relay: key, nonce, versions };
    let handshake = Handshake { offer, version, space, key: key_of_client, nonce: Nonce([6; 32]) };
    let signature = Signature(team.admin.key.sign(&handshake.auth_bytes()).to_bytes());
    let auth = ToRelay::Auth { version, space, key: key_of_client, nonce: handshake.nonce, signature };
    socket.send(Message::Binary(auth.to_bytes().into())).await.unwrap();
    let mut next = async || match socket.next().await {
        Some(Ok(Message::Binary(bytes))) => Some(ToClient::from_bytes(&bytes).unwrap()),
        _ => None,
    };
    let Some(ToClient::Error { code: ErrorCode::Version, text }) = next().await else { panic!("not told") };
    assert!(text.contains("updated"), "{text}");
    assert_eq!(next().await, None, "and it ends");
    assert!(witness.is_quiet().await);
}
