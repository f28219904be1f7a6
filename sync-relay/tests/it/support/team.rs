//! Keys, rosters and records.

use custory_wire::{
    Action, DeviceChain, Hash, Head, Header, Kind, LogId, PublicKey, Role, Roster, RosterBody, Rotation,
    SUITE, Signature, SpaceId, Wrapped, encode, join_proof_bytes, record_bytes, record_signing_bytes,
    roster_record, roster_signing_bytes,
};
use ed25519_dalek::{Signer, SigningKey};

/// A device of the team, with its secret.
#[derive(Clone)]
pub struct Member {
    pub device: u32,
    pub key: SigningKey,
}

impl Member {
    pub fn public(&self) -> PublicKey {
        public(&self.key)
    }
}

/// A workspace, as its first admin knows it.
#[derive(Clone)]
pub struct Team {
    pub roster: Roster,
    pub records: Vec<Vec<u8>>,
    pub admin: Member,
}

pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

pub fn fresh_key() -> SigningKey {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    SigningKey::from_bytes(&bytes)
}

impl Team {
    pub fn new() -> Self {
        let admin = Member { device: 1, key: fresh_key() };
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).unwrap();
        let sign = admin.public();
        let action = Action::Genesis { sign, wrap: PublicKey([7; 32]), profile: vec![1], key: vec![2], salt };
        let body = RosterBody {
            version: 1,
            space: SpaceId([0; 32]),
            rseq: 1,
            prev: Hash([0; 32]),
            signer: 1,
            action,
        };
        let record = signed(&body, &admin.key);
        Self { roster: Roster::begin(&record).unwrap(), records: vec![record], admin }
    }

    pub fn space(&self) -> SpaceId {
        self.roster.space()
    }

    /// A roster record that comes next, without taking it.
    pub fn next(&self, signer: u32, key: &SigningKey, action: Action) -> Vec<u8> {
        let (space, rseq, prev) = (self.space(), self.roster.rseq() + 1, self.roster.prev());
        signed(&RosterBody { version: 1, space, rseq, prev, signer, action }, key)
    }

    /// Takes what the admin does next, and returns the record.
    pub fn act(&mut self, action: Action) -> Vec<u8> {
        let record = self.next(self.admin.device, &self.admin.key.clone(), action);
        self.take(record.clone());
        record
    }

    pub fn take(&mut self, record: Vec<u8>) {
        self.roster.apply(&record).unwrap();
        self.records.push(record);
    }

    /// Adds a device.
    pub fn add(&mut self, role: Role) -> Member {
        let key = fresh_key();
        self.act(Action::Add {
            sign: public(&key),
            wrap: PublicKey([7; 32]),
            role,
            profile: vec![1],
            key: vec![2],
            join: None,
        });
        Member { device: self.roster.rseq(), key }
    }

    /// Removes a device and begins a new epoch; returns the record.
    pub fn remove(&mut self, device: u32) -> Vec<u8> {
        let stay = self.roster.present().map(|it| it.0).filter(|it| *it != device);
        let keys = stay.map(|device| Wrapped { device, bytes: vec![3] }).collect();
        let rotation = Rotation { epoch: self.roster.epoch() + 1, keys, before: vec![4] };
        self.act(Action::Remove { devices: vec![device], rotation })
    }

    /// An invitation and its key.
    pub fn invite(&mut self) -> (u32, SigningKey) {
        let key = fresh_key();
        self.act(Action::Invite { key: public(&key), role: Role::Editor, uses: 1 });
        (self.roster.rseq(), key)
    }

    /// A request to join by an invitation, and the key of the device that asks.
    pub fn join(&self, invite: u32, invite_key: &SigningKey) -> (Vec<u8>, SigningKey) {
        let key = fresh_key();
        let (sign, wrap) = (public(&key), PublicKey([7; 32]));
        let proof = join_proof_bytes(&self.space(), &public(invite_key), &sign, &wrap);
        let proof = Signature(key.sign(&proof).to_bytes());
        let action = Action::Join { invite, sign, wrap, proof, names: Vec::new() };
        (self.next(invite, invite_key, action), key)
    }
}

fn signed(body: &RosterBody, key: &SigningKey) -> Vec<u8> {
    let body = encode(body);
    let signature = Signature(key.sign(&roster_signing_bytes(&body)).to_bytes());
    roster_record(body, signature)
}

/// A device that writes records of one log.
#[derive(Clone)]
pub struct Author {
    pub member: Member,
    pub log: LogId,
    pub mine: DeviceChain,
    rseq: u32,
    rhead: Head,
    epoch: u32,
}

impl Author {
    pub fn new(member: &Member, log: LogId, roster: &Roster) -> Self {
        let mine = DeviceChain::default();
        let (rseq, rhead, epoch) = (roster.rseq(), roster.rhead(), roster.epoch());
        Self { member: member.clone(), log, mine, rseq, rhead, epoch }
    }

    /// Cites another roster from here on.
    pub fn cite(&mut self, roster: &Roster) {
        (self.rseq, self.rhead, self.epoch) = (roster.rseq(), roster.rhead(), roster.epoch());
    }

    /// The next record, signed.
    pub fn write(&mut self, body: &[u8]) -> Vec<u8> {
        let header = encode(&header(self));
        let signature = Signature(self.member.key.sign(&record_signing_bytes(&header, body)).to_bytes());
        self.put(record_bytes(&header, body.to_vec(), signature))
    }

    /// The next record with a signature that is none. A relay does not look at it, and signing would be most of
    /// what a benchmark measures.
    pub fn write_unsigned(&mut self, body: &[u8]) -> Vec<u8> {
        let header = encode(&header(self));
        self.put(record_bytes(&header, body.to_vec(), Signature([9; 64])))
    }

    fn put(&mut self, record: Vec<u8>) -> Vec<u8> {
        self.mine = self.mine.then(&Hash::of(&record));
        record
    }

    /// So many records, signed.
    pub fn write_many(&mut self, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|n| self.write(format!("body {n}").as_bytes())).collect()
    }
}

/// The header of the author's next record.
pub fn header(author: &Author) -> Header {
    Header {
        version: Header::VERSION,
        suite: SUITE,
        log: author.log,
        device: author.member.device,
        dseq: author.mine.dseq + 1,
        prev: author.mine.last,
        seen_seq: 0,
        seen_head: Head::ZERO,
        rseq: author.rseq,
        rhead: author.rhead,
        epoch: author.epoch,
        kind: Kind::Changes,
        nonce: [5; 16],
    }
}
