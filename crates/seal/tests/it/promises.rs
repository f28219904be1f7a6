//! What is promised of records, keys, invitations and the recovery file.

use custory_seal::*;
use custory_wire::*;
use proptest::prelude::*;

/// Randomness that is the same in every run.
struct Dice(u64);

impl Random for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

fn keys(number: u8) -> DeviceKeys {
    DeviceKeys::of(&DeviceSecret::from_bytes([number; 32]))
}

fn profile(name: &str) -> Profile {
    Profile { member: [1; 16], person: name.to_owned(), device: format!("{name}'s laptop") }
}

/// A workspace with devices 1 (admin), 2 and 3 (editors), whose keys have the same numbers.
fn team(dice: &mut Dice) -> Roster {
    let mut roster = Roster::begin(&begin_space(&keys(1), &profile("Ana"), dice)).unwrap();
    for (number, name) in [(2, "Ben"), (3, "Cleo")] {
        let epochs = Epochs::of(&roster, 1, &keys(1));
        let (admin, new) = (keys(1), keys(number));
        let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
        let both = (&new.sign_key(), &new.wrap_key());
        let record = author.add(both, Role::Editor, &profile(name), None, dice).unwrap();
        roster.apply(&record).unwrap();
    }
    roster
}

fn header(roster: &Roster, device: u32, dseq: u64, dice: &mut Dice) -> Header {
    let mut nonce = [0; 16];
    dice.fill(&mut nonce);
    Header {
        version: Header::VERSION,
        suite: SUITE,
        log: LogId([7; 16]),
        device,
        dseq,
        prev: Head::ZERO,
        seen_seq: 0,
        seen_head: Chain::start(&LogId([7; 16])).head,
        rseq: roster.rseq(),
        rhead: roster.rhead(),
        epoch: roster.epoch(),
        kind: Kind::Changes,
        nonce,
    }
}

fn payload(text: &[u8]) -> Payload {
    Payload { document: [5; 16], changes: vec![text.to_vec(), vec![1, 2, 3]] }
}

#[test]
fn a_record_opens_for_every_device_as_it_was_written() {
    let dice = &mut Dice(1);
    let roster = team(dice);
    for length in [0, 1, 140, 5_000, 200_000] {
        let mut text = vec![0; length];
        dice.fill(&mut text);
        let header = header(&roster, 2, 1, dice);
        let epoch = Epochs::of(&roster, 2, &keys(2));
        let record = seal_record(&keys(2), epoch.get(1).unwrap(), &header, payload(&text));
        assert!(record.len() <= limits::RECORD_BYTES_MAX);
        let parsed = Parsed::parse(&record).unwrap();
        assert!(parsed.is_signed_by(&keys(2).sign_key()) && !parsed.is_signed_by(&keys(3).sign_key()));
        for device in [1, 2, 3] {
            let epochs = Epochs::of(&roster, device, &keys(device as u8));
            assert_eq!(open_record(&epochs, &parsed), Ok(payload(&text)));
        }
        let needle = text.get(length / 2..length / 2 + 16);
        assert!(needle.is_none_or(|needle| !record.windows(16).any(|it| it == needle)));
    }
}

#[test]
fn p16_an_edit_of_one_field_is_at_most_450_bytes() {
    let dice = &mut Dice(2);
    let roster = team(dice);
    let mut change = [0; 148];
    dice.fill(&mut change);
    let epochs = Epochs::of(&roster, 2, &keys(2));
    let mut header = header(&roster, 2, 70_000, dice);
    header.seen_seq = 200_000;
    let payload = Payload { document: [5; 16], changes: vec![change.to_vec()] };
    let record = seal_record(&keys(2), epochs.get(1).unwrap(), &header, payload);
    let message = ToRelay::Push { log: header.log, records: vec![record] }.to_bytes();
    assert!(message.len() <= 450, "{} bytes", message.len());
}

/// P10: any single bit.
#[test]
fn p10_any_bit_changed_in_a_record_is_noticed() {
    let dice = &mut Dice(3);
    let roster = team(dice);
    let epochs = Epochs::of(&roster, 3, &keys(3));
    let record =
        seal_record(&keys(2), epochs.get(1).unwrap(), &header(&roster, 2, 1, dice), payload(b"canary"));
    for bit in 0..record.len() * 8 {
        let mut changed = record.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let Ok(parsed) = Parsed::parse(&changed) else { continue };
        assert!(!parsed.is_signed_by(&keys(2).sign_key()), "bit {bit} and still signed");
        assert!(
            open_record(&epochs, &parsed).is_err()
                || (parsed.body == Parsed::parse(&record).unwrap().body && parsed.header.device == 2),
            "bit {bit} opened to something else"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// P10: swaps between logs, devices, epochs and positions, by somebody who signs what they made.
    #[test]
    fn p10_a_body_put_under_another_header_never_opens(
        log in any::<[u8; 16]>(), device in 1u32..4, dseq in 1u64..9, seen in 0u64..9, epoch in 1u32..3,
        kind in prop_oneof![Just(Kind::Changes), Just(Kind::Healed)], seed in any::<u64>(),
    ) {
        let dice = &mut Dice(seed);
        let mut roster = team(dice);
        let epochs = Epochs::of(&roster, 1, &keys(1));
        let admin = keys(1);
        let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
        let rotated = author.rotate(dice).unwrap();
        let original = header(&roster, 2, 1, dice);
        let record = seal_record(&keys(2), epochs.get(1).unwrap(), &original, payload(b"canary"));
        roster.apply(&rotated).unwrap();
        let epochs = Epochs::of(&roster, 3, &keys(3));
        let moved = Header { log: LogId(log), device, dseq, seen_seq: seen, epoch, kind, ..original.clone() };
        let parsed = Parsed::parse(&record).unwrap();
        let header_bytes = encode(&moved);
        let signature = keys(3).sign(&record_signing_bytes(&header_bytes, &parsed.body));
        let forged = Parsed::parse(&record_bytes(&header_bytes, parsed.body, signature)).unwrap();
        prop_assert_eq!(open_record(&epochs, &forged).is_ok(), moved == original);
    }

    #[test]
    fn p8_nothing_from_outside_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".{0,80}") {
        let dice = &mut Dice(4);
        let roster = team(dice);
        let epochs = Epochs::of(&roster, 1, &keys(1));
        let log = LogId([1; 16]);
        prop_assert!(open_presence(&epochs, &log, 1, &bytes).is_err());
        prop_assert!(open_seen(&keys(1).sign_key(), &log, 1, &bytes).is_err());
        prop_assert!(open_recovery(&bytes, "x").is_err());
        prop_assert!(Profile::unwrap(&keys(1), &keys(2).sign_key(), &bytes).is_err());
        drop(text.parse::<InviteLink>());
    }
}

/// P12: a removed device holds no key for what comes after, and history stays readable for all others.
#[test]
fn p12_a_removed_device_has_no_key_for_later_epochs_and_a_newcomer_has_all() {
    let dice = &mut Dice(5);
    let mut roster = team(dice);
    let old = seal_record(
        &keys(2),
        Epochs::of(&roster, 2, &keys(2)).get(1).unwrap(),
        &header(&roster, 2, 1, dice),
        payload(b"before"),
    );
    let admin = keys(1);
    for _ in 0..2 {
        let epochs = Epochs::of(&roster, 1, &admin);
        let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
        let record = match roster.device(2).unwrap().role() {
            Some(_) => author.remove(&[2], dice).unwrap(),
            None => author.rotate(dice).unwrap(),
        };
        roster.apply(&record).unwrap();
    }
    let epochs = Epochs::of(&roster, 1, &admin);
    let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
    let new = keys(9);
    let both = (&new.sign_key(), &new.wrap_key());
    let record = author.add(both, Role::Viewer, &profile("Dia"), None, dice).unwrap();
    let newcomer = roster.apply(&record).unwrap().rseq;

    let fresh = header(&roster, 1, 1, dice);
    let new_record = seal_record(&admin, epochs.get(3).unwrap(), &fresh, payload(b"after"));
    let (old, new_record) = (Parsed::parse(&old).unwrap(), Parsed::parse(&new_record).unwrap());
    let removed = Epochs::of(&roster, 2, &keys(2));
    assert_eq!(open_record(&removed, &old), Ok(payload(b"before")), "they keep what they had");
    for epoch in [2, 3] {
        assert_eq!(removed.get(epoch), Err(OpenError::NoKey(epoch)));
    }
    assert_eq!(open_record(&removed, &new_record), Err(OpenError::NoKey(3)));
    for (device, keys) in [(1, &admin), (3, &keys(3)), (newcomer, &new)] {
        let epochs = Epochs::of(&roster, device, keys);
        assert_eq!(open_record(&epochs, &old), Ok(payload(b"before")), "device {device}");
        assert_eq!(open_record(&epochs, &new_record), Ok(payload(b"after")), "device {device}");
        assert_eq!(Profile::open(&epochs, roster.device(3).unwrap()), Ok(profile("Cleo")));
    }
    assert!(Profile::open(&removed, roster.device(newcomer).unwrap()).is_err());
}

/// P13 in small: a link lets one ask once, an admin sees who asks, and a used link yields nothing.
#[test]
fn p13_a_link_lets_somebody_ask_and_an_admin_lets_them_in() {
    let dice = &mut Dice(6);
    let mut roster = team(dice);
    let admin = keys(1);
    let epochs = Epochs::of(&roster, 1, &admin);
    let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
    let seed = InviteSeed::generate(dice);
    let record = author.invite(&seed, Role::Editor, 1);
    let invite = roster.apply(&record).unwrap().rseq;
    let relay: RelayAddress = "relay.example.com".parse().unwrap();
    let link = InviteLink::new(relay, &RelayKey([4; 32]), roster.space(), seed).expose();

    let link: InviteLink = link.parse().unwrap();
    let asks = keys(20);
    let record = join_record(&roster, invite, &link.seed, &asks, &profile("Dia"), dice);
    let join = roster.apply(&record).unwrap().rseq;
    let late = join_record(&roster, invite, &link.seed, &keys(21), &profile("Eve"), dice);
    assert!(roster.clone().apply(&late).is_err(), "used up");

    let waiting = roster.joins()[&join].clone();
    assert_eq!(waiting.names.len(), 1, "only admins are told");
    let name = Profile::unwrap(&admin, &waiting.sign, &waiting.names[0].bytes).unwrap();
    assert_eq!(name, profile("Dia"));
    assert!(Profile::unwrap(&keys(2), &waiting.sign, &waiting.names[0].bytes).is_err());
    let author = Author { roster: &roster, device: 1, keys: &admin, epochs: &epochs };
    let record = author.approve(join, waiting.role, &name, dice).unwrap();
    let device = roster.apply(&record).unwrap().rseq;
    assert!(Epochs::of(&roster, device, &asks).get(1).is_ok());
}

#[test]
fn a_statement_of_what_was_seen_is_only_good_for_its_device_and_log() {
    let (log, other) = (LogId([1; 16]), LogId([2; 16]));
    let at = Chain::start(&log).then(&Hash::of(b"x"));
    let statement = seal_seen(&keys(2), &log, 2, at);
    assert_eq!(open_seen(&keys(2).sign_key(), &log, 2, &statement), Ok(at));
    assert!(open_seen(&keys(2).sign_key(), &other, 2, &statement).is_err());
    assert!(open_seen(&keys(2).sign_key(), &log, 3, &statement).is_err());
    assert!(open_seen(&keys(3).sign_key(), &log, 2, &statement).is_err());
}

#[test]
fn presence_is_for_the_team_and_for_its_place() {
    let dice = &mut Dice(7);
    let roster = team(dice);
    let epochs = Epochs::of(&roster, 2, &keys(2));
    let log = LogId([1; 16]);
    let sealed = seal_presence(&epochs, 1, &log, 2, b"step 4", dice).unwrap();
    assert_eq!(open_presence(&epochs, &log, 2, &sealed), Ok(b"step 4".to_vec()));
    assert!(open_presence(&epochs, &log, 3, &sealed).is_err());
    assert!(open_presence(&epochs, &LogId([2; 16]), 2, &sealed).is_err());
    assert_eq!(open_presence(&Epochs::default(), &log, 2, &sealed), Err(OpenError::NoKey(1)));
}

#[test]
fn a_recovery_file_opens_with_its_passphrase_and_no_other() {
    let dice = &mut Dice(8);
    let recovery = Recovery {
        relay: "relay.example.com".to_owned(),
        relay_key: RelayKey([1; 32]),
        space: SpaceId([2; 32]),
        secret: DeviceSecret::from_bytes([3; 32]),
    };
    let file = seal_recovery(&recovery, "correct horse", dice);
    assert_eq!(open_recovery(&file, "correct horse"), Ok(recovery));
    assert_eq!(open_recovery(&file, "battery staple"), Err(RecoveryError::Passphrase));
    assert_eq!(open_recovery(b"something else", "x"), Err(RecoveryError::NotOne));
    let mut greedy = file.clone();
    let at = file.windows(5).position(|it| it == [0x1a, 0, 1, 0, 0]).unwrap();
    greedy[at + 1] = 0x7f;
    assert_eq!(open_recovery(&greedy, "x"), Err(RecoveryError::Cost));
    assert!(!format!("{:?}", DeviceSecret::from_bytes([3; 32])).contains('3'));
}
