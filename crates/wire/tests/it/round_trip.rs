//! What is encoded is what is decoded, and nothing that comes from outside does harm.

use custory_wire::limits::{self, Limits};
use custory_wire::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn array<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    vec(any::<u8>(), N).prop_map(|it| it.try_into().unwrap())
}

fn log() -> impl Strategy<Value = LogId> {
    array().prop_map(LogId)
}

fn hash() -> impl Strategy<Value = Hash> {
    array().prop_map(Hash)
}

fn key() -> impl Strategy<Value = PublicKey> {
    array().prop_map(PublicKey)
}

fn signature() -> impl Strategy<Value = Signature> {
    array().prop_map(Signature)
}

fn chain() -> impl Strategy<Value = Chain> {
    (any::<u64>(), array()).prop_map(|(seq, head)| Chain { seq, head: Head(head) })
}

fn mine() -> impl Strategy<Value = DeviceChain> {
    (any::<u64>(), array()).prop_map(|(dseq, last)| DeviceChain { dseq, last: Head(last) })
}

fn blob(max: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..max)
}

fn records() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(blob(40), 0..6)
}

fn wrapped() -> impl Strategy<Value = Wrapped> {
    (any::<u32>(), blob(60)).prop_map(|(device, bytes)| Wrapped { device, bytes })
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Viewer), Just(Role::Editor), Just(Role::Admin)]
}

fn snapshot() -> impl Strategy<Value = SnapshotInfo> {
    (chain(), 0..limits::SNAPSHOT_BYTES_MAX, hash(), blob(90), signature()).prop_map(
        |(base, bytes_len, hash, header, signature)| SnapshotInfo {
            base,
            bytes_len,
            hash,
            header,
            signature,
        },
    )
}

fn to_relay() -> impl Strategy<Value = ToRelay> {
    prop_oneof![
        (any::<u16>(), array(), key(), array(), signature()).prop_map(
            |(version, space, key, nonce, signature)| {
                ToRelay::Auth { version, space: SpaceId(space), key, nonce: Nonce(nonce), signature }
            }
        ),
        (records(), proptest::option::of("[a-z]{0,20}"))
            .prop_map(|(records, token)| ToRelay::Create { records, token }),
        records().prop_map(|records| ToRelay::RosterPut { records }),
        any::<u32>().prop_map(|after| ToRelay::RosterGet { after }),
        Just(ToRelay::List),
        (log(), chain(), proptest::collection::vec(hash(), 0..3))
            .prop_map(|(log, at, without)| ToRelay::Open { log, at, without }),
        log().prop_map(|log| ToRelay::Close { log }),
        (log(), records()).prop_map(|(log, records)| ToRelay::Push { log, records }),
        (log(), blob(99)).prop_map(|(log, statement)| ToRelay::Seen { log, statement }),
        any::<u64>().prop_map(|bytes| ToRelay::Credit { bytes }),
        (log(), blob(99)).prop_map(|(log, sealed)| ToRelay::Ephemeral { log, sealed }),
        (log(), snapshot()).prop_map(|(log, info)| ToRelay::SnapshotPut { log, info }),
        (hash(), any::<u64>(), blob(99)).prop_map(|(hash, offset, bytes)| ToRelay::SnapshotPart {
            hash,
            offset,
            bytes
        }),
        (log(), hash(), any::<u64>()).prop_map(|(log, hash, offset)| ToRelay::SnapshotGet {
            log,
            hash,
            offset
        }),
        (log(), hash(), signature()).prop_map(|(log, hash, signature)| ToRelay::SnapshotConfirm {
            log,
            hash,
            signature
        }),
        any::<u32>().prop_map(|number| ToRelay::Ping { number }),
        array().prop_map(|name| ToRelay::Lease { name: LeaseName(name) }),
    ]
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(Standing::Unknown),
        (any::<u32>(), role()).prop_map(|(device, role)| Standing::Member { device, role }),
        any::<u32>().prop_map(|invite| Standing::Invited { invite }),
        any::<u32>().prop_map(|join| Standing::Waiting { join }),
    ]
}

fn reason() -> impl Strategy<Value = NackReason> {
    prop_oneof![
        any::<u32>().prop_map(|rseq| NackReason::RosterStale { rseq }),
        mine().prop_map(|mine| NackReason::ChainGap { mine }),
        mine().prop_map(|mine| NackReason::ChainConflict { mine }),
        proptest::sample::select(vec![
            NackReason::TooBig,
            NackReason::Quota,
            NackReason::Slow,
            NackReason::Denied,
            NackReason::Malformed,
            NackReason::NotOpen,
            NackReason::NotAdmitted,
            NackReason::RosterRefused,
            NackReason::NotFound,
        ]),
    ]
}

fn to_client() -> impl Strategy<Value = ToClient> {
    prop_oneof![
        (array(), array(), vec(any::<u16>(), 0..5)).prop_map(|(relay, nonce, versions)| {
            ToClient::Challenge { relay: RelayKey(relay), nonce: Nonce(nonce), versions }
        }),
        (array(), standing(), any::<u32>(), array(), signature()).prop_map(
            |(incarnation, standing, rseq, rhead, signature)| ToClient::Welcome {
                incarnation: Incarnation(incarnation),
                standing,
                rseq,
                rhead: Head(rhead),
                limits: Limits::default(),
                signature,
            }
        ),
        (any::<u32>(), records(), any::<u32>()).prop_map(|(first, records, rseq)| ToClient::Roster {
            first,
            records,
            rseq
        }),
        (vec((log(), chain()).prop_map(|(log, tip)| LogTip { log, tip }), 0..5), any::<bool>())
            .prop_map(|(logs, is_complete)| ToClient::Logs { logs, is_complete }),
        (log(), chain(), mine(), proptest::option::of(snapshot()), vec(wrapped(), 0..4))
            .prop_map(|(log, tip, mine, snapshot, seen)| ToClient::Opened { log, tip, mine, snapshot, seen }),
        (log(), chain()).prop_map(|(log, tip)| ToClient::RolledBack { log, tip }),
        (log(), snapshot()).prop_map(|(log, snapshot)| ToClient::GoneBelow { log, snapshot }),
        (log(), any::<u64>(), records(), any::<u64>())
            .prop_map(|(log, first, records, tip_seq)| ToClient::Records { log, first, records, tip_seq }),
        (log(), vec((any::<u64>(), any::<u64>()), 0..5))
            .prop_map(|(log, records)| ToClient::Ack { log, records }),
        (proptest::option::of(log()), proptest::option::of(any::<u64>()), reason())
            .prop_map(|(log, dseq, reason)| ToClient::Nack { log, dseq, reason }),
        (log(), wrapped()).prop_map(|(log, statement)| ToClient::Seen { log, statement }),
        (log(), wrapped()).prop_map(|(log, sealed)| ToClient::Ephemeral { log, sealed }),
        (hash(), any::<u64>()).prop_map(|(hash, offset)| ToClient::SnapshotWanted { hash, offset }),
        (hash(), any::<u64>(), blob(99)).prop_map(|(hash, offset, bytes)| ToClient::SnapshotPart {
            hash,
            offset,
            bytes
        }),
        (log(), snapshot()).prop_map(|(log, info)| ToClient::SnapshotStored { log, info }),
        any::<u32>().prop_map(|number| ToClient::Pong { number }),
        "[a-z ]{0,30}".prop_map(|text| ToClient::Error { code: ErrorCode::Removed, text }),
        Just(ToClient::GoingAway),
        (array(), any::<bool>(), any::<u32>()).prop_map(|(name, is_held, millis)| ToClient::Leased {
            name: LeaseName(name),
            is_held,
            millis
        }),
    ]
}

fn header() -> impl Strategy<Value = Header> {
    let place = (log(), any::<u32>(), any::<u64>(), array(), any::<u64>(), array());
    (place, any::<u32>(), array(), any::<u32>(), array()).prop_map(
        |((log, device, dseq, prev, seen_seq, seen_head), rseq, rhead, epoch, nonce)| Header {
            version: Header::VERSION,
            suite: SUITE,
            log,
            device,
            dseq,
            prev: Head(prev),
            seen_seq,
            seen_head: Head(seen_head),
            rseq,
            rhead: Head(rhead),
            epoch,
            kind: Kind::Changes,
            nonce,
        },
    )
}

proptest! {
    #[test]
    fn every_message_of_a_client_comes_back_as_it_was(message in to_relay()) {
        prop_assert_eq!(ToRelay::from_bytes(&message.to_bytes()), Ok(message));
    }

    #[test]
    fn every_message_of_a_relay_comes_back_as_it_was(message in to_client()) {
        prop_assert_eq!(ToClient::from_bytes(&message.to_bytes()), Ok(message));
    }

    #[test]
    fn a_cut_or_lengthened_message_is_refused(message in to_client(), cut in any::<prop::sample::Index>()) {
        let mut bytes = message.to_bytes();
        prop_assert!(ToClient::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(0);
        prop_assert_eq!(ToClient::from_bytes(&bytes), Err(DecodeError::Trailing(1)));
    }

    #[test]
    fn bytes_of_anybody_never_panic(bytes in blob(400)) {
        drop((ToClient::from_bytes(&bytes), ToRelay::from_bytes(&bytes)));
        drop((Parsed::parse(&bytes), Roster::begin(&bytes)));
    }

    #[test]
    fn a_damaged_message_never_panics(message in to_relay(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = message.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;
        drop(ToRelay::from_bytes(&bytes));
    }

    #[test]
    fn a_record_comes_apart_into_what_it_was_made_of(header in header(), body in blob(99), signature in signature()) {
        let header_bytes = encode(&header);
        let bytes = record_bytes(&header_bytes, body.clone(), signature);
        let parsed = Parsed::parse(&bytes).unwrap();
        prop_assert_eq!(parsed.header, header);
        prop_assert_eq!((parsed.header_bytes, parsed.body, parsed.signature), (header_bytes, body, signature));
        prop_assert_eq!(parsed.hash, Hash::of(&bytes));
    }

    #[test]
    fn identifiers_read_back_from_their_text(space in array::<32>()) {
        prop_assert_eq!(SpaceId(space).to_string().parse(), Ok(SpaceId(space)));
    }
}

#[test]
fn too_much_of_anything_is_refused() {
    let log = LogId([1; 16]);
    let many = ToRelay::Push { log, records: vec![vec![]; limits::RECORDS_MAX + 1] };
    assert_eq!(ToRelay::from_bytes(&many.to_bytes()), Err(DecodeError::TooMany("records")));
    let long = ToRelay::Push { log, records: vec![vec![0; limits::MESSAGE_BYTES_MAX]] };
    assert!(matches!(ToRelay::from_bytes(&long.to_bytes()), Err(DecodeError::TooLong { .. })));
    let said = ToRelay::Ephemeral { log, sealed: vec![0; limits::EPHEMERAL_BYTES_MAX + 1] };
    assert_eq!(ToRelay::from_bytes(&said.to_bytes()), Err(DecodeError::TooMany("bytes")));
    // A length that promises more than there is must not be believed.
    let promise = [0x82, 0x07, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(matches!(ToRelay::from_bytes(&promise), Err(DecodeError::Malformed { .. })));
}

#[test]
fn a_record_of_another_version_is_named_as_such_whatever_is_in_it() {
    let mut header = encode(&Header {
        version: 3,
        suite: SUITE,
        log: LogId([0; 16]),
        device: 1,
        dseq: 1,
        prev: Head::ZERO,
        seen_seq: 0,
        seen_head: Head::ZERO,
        rseq: 1,
        rhead: Head::ZERO,
        epoch: 1,
        kind: Kind::Changes,
        nonce: [0; 16],
    });
    let bytes = record_bytes(&header, vec![], Signature([0; 64]));
    assert_eq!(Parsed::parse(&bytes), Err(RecordError::OtherVersion));
    let before = record_bytes(&[0x83, 1, 1, 0x40], vec![], Signature([0; 64]));
    assert_eq!(Parsed::parse(&before), Err(RecordError::OtherVersion));
    header.push(0);
    let bytes = record_bytes(&header, vec![], Signature([0; 64]));
    assert!(matches!(Parsed::parse(&bytes), Err(RecordError::Decode(DecodeError::Trailing(1)))));
}

#[test]
fn the_chain_of_a_log_depends_on_every_record_and_their_order() {
    let start = Chain::start(&LogId([7; 16]));
    let (one, two) = (Hash::of(b"one"), Hash::of(b"two"));
    assert_eq!(start.then(&one).then(&two).seq, 2);
    assert_ne!(start.then(&one).then(&two).head, start.then(&two).then(&one).head);
    assert_ne!(start.head, Chain::start(&LogId([8; 16])).head);
    let device = DeviceChain::default().then(&one);
    assert!(device.continues(2, &one.head()));
    assert!(!device.continues(2, &two.head()) && !device.continues(3, &one.head()));
}
