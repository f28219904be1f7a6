//! The handshake: the client proves that it holds its key, the relay that it holds its own.
//!
//! Nothing of a workspace is looked at before the proof, so whoever has none learns nothing.

use std::sync::Arc;

use axum::extract::ws::Message;
use custory_wire::limits::{LOGS_OPEN_MAX, Limits, RECORD_BYTES_MAX, SNAPSHOT_BYTES_MAX};
use custory_wire::{
    ErrorCode, Handshake, Head, Offer, PROTOCOL_VERSION, PublicKey, Standing, ToClient, ToRelay,
};

use super::line::Line;
use super::{End, Flow};
use crate::hub::Space;
use crate::identity::nonce;
use crate::lookup::load_space;
use crate::shared::Shared;

/// Who the client is.
pub(super) struct Greeted {
    pub(super) space: Arc<Space>,
    pub(super) key: PublicKey,
    pub(super) standing: Standing,
    pub(super) rseq: u32,
}

/// Challenge, proof, welcome.
pub(super) async fn shake(line: &mut Line, shared: &Arc<Shared>) -> Flow<Greeted> {
    let offer = Offer { relay: shared.identity.relay(), nonce: nonce(), versions: vec![PROTOCOL_VERSION] };
    let challenge =
        ToClient::Challenge { relay: offer.relay, nonce: offer.nonce, versions: offer.versions.clone() };
    line.send(Message::Binary(challenge.to_bytes().into())).await?;
    line.flush().await?;
    let handshake = proof(line, offer).await?;
    let space = load_space(shared, handshake.space).await?;
    let rseq = space.rseq();
    let standing =
        space.standing(&handshake.key).map_err(|code| End::Because(code, text(code).to_owned()))?;
    let incarnation = shared.store.incarnation();
    let welcome = ToClient::Welcome {
        incarnation,
        standing,
        rseq,
        rhead: space.roster().and_then(|it| it.rhead_at(rseq)).unwrap_or(Head::ZERO),
        limits: limits_of(shared),
        signature: shared.identity.sign(&handshake.welcome_bytes(&incarnation)),
    };
    line.send(Message::Binary(welcome.to_bytes().into())).await?;
    line.flush().await?;
    Ok(Greeted { space, key: handshake.key, standing, rseq })
}

async fn proof(line: &mut Line, offer: Offer) -> Flow<Handshake> {
    let malformed = |text: String| End::Because(ErrorCode::Malformed, text);
    let bytes = loop {
        match line.receive().await {
            Some(Ok(Message::Binary(bytes))) => break bytes,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => return Err(malformed("text is no message here".to_owned())),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
        }
    };
    let message = ToRelay::from_bytes(&bytes).map_err(|error| malformed(error.to_string()))?;
    let ToRelay::Auth { version, space, key, nonce, signature } = message else {
        return Err(malformed("the first message says who it is".to_owned()));
    };
    let handshake = Handshake { offer, version, space, key, nonce };
    if !handshake.offer.versions.contains(&version) {
        return Err(End::Because(ErrorCode::Version, text(ErrorCode::Version).to_owned()));
    }
    if !handshake.is_client(&signature) {
        return Err(End::Because(ErrorCode::Unauthenticated, text(ErrorCode::Unauthenticated).to_owned()));
    }
    Ok(handshake)
}

fn limits_of(shared: &Shared) -> Limits {
    Limits {
        record_bytes_max: RECORD_BYTES_MAX as u32,
        logs_open_max: shared.limits.connection_logs_max.min(LOGS_OPEN_MAX) as u32,
        snapshot_bytes_max: SNAPSHOT_BYTES_MAX,
        space_bytes_max: shared.limits.workspace_bytes_max,
    }
}

/// What people are told.
pub(super) fn text(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Version => "this relay speaks another version; one side has to be updated",
        ErrorCode::Unauthenticated => "the signature is not the key's",
        ErrorCode::NotAMember => "this key does not belong to the workspace",
        ErrorCode::Removed => "this device was removed from the workspace",
        ErrorCode::InviteClosed => "this invitation was used up or revoked",
        ErrorCode::Malformed => "not what the protocol says",
        ErrorCode::Busy => "the relay is busy",
        ErrorCode::Internal => "the relay has a fault; come again a little later",
    }
}
