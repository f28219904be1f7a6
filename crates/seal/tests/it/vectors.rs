//! Vectors that another implementation can be checked against: `docs/protocol/vectors/version-1.txt`.
//!
//! `CUSTORY_WRITE_VECTORS=1 cargo test -p custory-seal --test it` writes the file anew, which is right
//! only before a version is released.

use std::fmt::Write;
use std::path::PathBuf;

use custory_seal::*;
use custory_wire::*;

/// The bytes 0, 1, 2 … in place of randomness, so that the vectors can be made again.
struct Counting(u8);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, it| {
        write!(text, "{it:02x}").unwrap();
        text
    })
}

fn vectors() -> String {
    let mut text = String::from(
        "# Vectors of the sync protocol, version 1. Each line: a name, then bytes in hexadecimal.\n\
         # Randomness is 00 01 02 … in the order in which it is used. See docs/protocol.md.\n",
    );
    let mut line = |name: &str, bytes: &[u8]| writeln!(text, "{name} {}", hex(bytes)).unwrap();
    let dice = &mut Counting(0);
    let (first, second) = (DeviceSecret::from_bytes([1; 32]), DeviceSecret::from_bytes([2; 32]));
    let (ana, ben) = (DeviceKeys::of(&first), DeviceKeys::of(&second));
    for (name, secret, keys) in [("device-1", &first, &ana), ("device-2", &second, &ben)] {
        line(&format!("{name}-secret"), &*secret.expose());
        line(&format!("{name}-sign-key"), &keys.sign_key().0);
        line(&format!("{name}-wrap-key"), &keys.wrap_key().0);
    }
    let profile =
        |name: &str| Profile { member: [3; 16], person: name.to_owned(), device: "laptop".to_owned() };

    let genesis = begin_space(&ana, &profile("Ana"), dice);
    line("roster-1-genesis", &genesis);
    let mut roster = Roster::begin(&genesis).unwrap();
    line("space", &roster.space().0);
    line("rhead-1", &roster.rhead().0);
    line("log-workspace", &roster.space().workspace_log().0);
    let document = [9; 16];
    let log = roster.space().journey_log(&document);
    line("document", &document);
    line("log-journey", &log.0);

    let seed = InviteSeed::from_bytes([4; 32]);
    line("invite-seed", &*seed.expose());
    line("invite-key", &seed.key().0);
    let epochs = Epochs::of(&roster, 1, &ana);
    let invite =
        Author { roster: &roster, device: 1, keys: &ana, epochs: &epochs }.invite(&seed, Role::Editor, 1);
    line("roster-2-invite", &invite);
    roster.apply(&invite).unwrap();
    let join = join_record(&roster, 2, &seed, &ben, &profile("Ben"), dice);
    line("roster-3-join", &join);
    roster.apply(&join).unwrap();
    let author = Author { roster: &roster, device: 1, keys: &ana, epochs: &epochs };
    let add = author.approve(3, Role::Editor, &profile("Ben"), dice).unwrap();
    line("roster-4-add", &add);
    roster.apply(&add).unwrap();

    let start = Chain::start(&log);
    line("head-0", &start.head.0);
    let header = Header {
        version: Header::VERSION,
        suite: SUITE,
        log,
        device: 4,
        dseq: 1,
        prev: Head::ZERO,
        seen_seq: 0,
        seen_head: start.head,
        rseq: roster.rseq(),
        rhead: roster.rhead(),
        epoch: roster.epoch(),
        kind: Kind::Changes,
        nonce: [5; 16],
    };
    let payload = Payload { document, changes: vec![b"a change".to_vec(), b"another".to_vec()] };
    let bens = Epochs::of(&roster, 4, &ben);
    let record = seal_record(&ben, bens.get(1).unwrap(), &header, payload.clone());
    line("record-header", &encode(&header));
    line("record", &record);
    let parsed = Parsed::parse(&record).unwrap();
    line("record-hash", &parsed.hash.0);
    let tip = start.then(&parsed.hash);
    line("head-1", &tip.head.0);
    line("seen", &seal_seen(&ben, &log, 4, tip));
    assert_eq!(open_record(&epochs, &parsed), Ok(payload));

    let picture = [12; 16];
    line("picture", &picture);
    line("log-picture", &roster.space().picture_log(&picture).0);
    line("picture-part", &PicturePart::of_file(b"a picture's file")[0]);

    let header = SnapshotHeader {
        version: SnapshotHeader::VERSION,
        log,
        device: 4,
        base: tip,
        devices: vec![(4, DeviceChain::default().then(&parsed.hash))],
        rseq: roster.rseq(),
        rhead: roster.rhead(),
        epoch: roster.epoch(),
        bytes_len: 0,
        hash: Hash([0; 32]),
        nonce: [10; 24],
    };
    let snapshot = Snapshot {
        document,
        heads: vec![[11; 32]],
        rseq: roster.rseq(),
        saved: b"a saved document".to_vec(),
        view: b"[]".to_vec(),
    };
    line("snapshot-place", &encode(&header));
    let (info, blob) = seal_snapshot(&ben, bens.get(1).unwrap(), header, snapshot.clone());
    line("snapshot-blob", &blob);
    line("snapshot-header", &info.header);
    line("snapshot-signature", &info.signature.0);
    line("snapshot-confirm-signature", &sign_confirmation(&ana, &log, &info.hash).0);
    let header: SnapshotHeader = decode(&info.header, limits::SNAPSHOT_HEADER_BYTES_MAX).unwrap();
    assert_eq!(open_snapshot(&epochs, &header, &blob), Ok(snapshot));

    let author = Author { roster: &roster, device: 1, keys: &ana, epochs: &epochs };
    let remove = author.remove(&[4], dice).unwrap();
    line("roster-5-remove", &remove);
    roster.apply(&remove).unwrap();
    line("rhead-5", &roster.rhead().0);

    let offer = Offer { relay: RelayKey(ana.sign_key().0), nonce: Nonce([6; 32]), versions: vec![1] };
    let (space, key) = (roster.space(), ben.sign_key());
    let handshake = Handshake { offer, version: 1, space, key, nonce: Nonce([7; 32]) };
    line("auth-signed-bytes", &handshake.auth_bytes());
    let signature = ben.sign(&handshake.auth_bytes());
    let auth = ToRelay::Auth { version: 1, space, key, nonce: handshake.nonce, signature };
    line("message-auth", &auth.to_bytes());
    line("message-open", &ToRelay::Open { log, at: tip, without: vec![] }.to_bytes());
    line("message-snapshot-put", &ToRelay::SnapshotPut { log, info: info.clone() }.to_bytes());
    line("message-open-without", &ToRelay::Open { log, at: start, without: vec![info.hash] }.to_bytes());
    line("message-push", &ToRelay::Push { log, records: vec![record] }.to_bytes());
    let relay: RelayAddress = "relay.example.com".parse().unwrap();
    let link = InviteLink::new(relay, &RelayKey([8; 32]), space, seed).expose();
    writeln!(text, "link {link}").unwrap();
    text
}

#[test]
fn the_vectors_are_what_this_version_makes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/vectors/version-1.txt");
    let made = vectors();
    if std::env::var_os("CUSTORY_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    for (made, kept) in made.lines().zip(kept.lines()) {
        assert_eq!(made, kept);
    }
    assert_eq!(made.lines().count(), kept.lines().count());
}
