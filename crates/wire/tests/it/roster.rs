//! Who may do what to a roster, and what comes of it.

use custory_wire::*;
use ed25519_dalek::{Signer, SigningKey};

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn public(number: u8) -> PublicKey {
    PublicKey(key(number).verifying_key().to_bytes())
}

fn signed(by: u8, body: &RosterBody) -> Vec<u8> {
    let bytes = encode(body);
    let signature = key(by).sign(&roster_signing_bytes(&bytes)).to_bytes();
    roster_record(bytes, Signature(signature))
}

fn genesis() -> Vec<u8> {
    let (sign, wrap) = (public(1), public(101));
    let action = Action::Genesis { sign, wrap, profile: vec![1], key: vec![2], salt: [9; 16] };
    let (space, prev) = (SpaceId([0; 32]), Hash([0; 32]));
    signed(1, &RosterBody { version: 1, space, rseq: 1, prev, signer: 1, action })
}

fn body(roster: &Roster, signer: u32, action: Action) -> RosterBody {
    let (space, rseq, prev) = (roster.space(), roster.rseq() + 1, roster.prev());
    RosterBody { version: 1, space, rseq, prev, signer, action }
}

fn put(roster: &mut Roster, by: u8, signer: u32, action: Action) -> Result<u32, RosterError> {
    let record = signed(by, &body(roster, signer, action));
    roster.apply(&record).map(|it| it.rseq)
}

fn add(number: u8, role: Role) -> Action {
    let (sign, wrap) = (public(number), public(number + 100));
    Action::Add { sign, wrap, role, profile: vec![3], key: vec![4], join: None }
}

fn rotation(epoch: u32, devices: &[u32]) -> Rotation {
    let keys = devices.iter().map(|device| Wrapped { device: *device, bytes: vec![5] }).collect();
    Rotation { epoch, keys, before: vec![6] }
}

fn join(roster: &Roster, invite: u32, by: u8, number: u8) -> Action {
    let (sign, wrap) = (public(number), public(number + 100));
    let proof = key(number).sign(&join_proof_bytes(&roster.space(), &public(by), &sign, &wrap));
    Action::Join { invite, sign, wrap, proof: Signature(proof.to_bytes()), names: vec![] }
}

/// An admin (1), an editor (2) and a viewer (3), whose numbers and keys are the same.
fn team() -> Roster {
    let mut roster = Roster::begin(&genesis()).unwrap();
    put(&mut roster, 1, 1, add(2, Role::Editor)).unwrap();
    put(&mut roster, 1, 1, add(3, Role::Viewer)).unwrap();
    roster
}

#[test]
fn a_workspace_begins_with_one_admin_and_is_named_by_its_first_record() {
    let roster = Roster::begin(&genesis()).unwrap();
    assert_eq!(roster.space(), SpaceId::of_genesis(&genesis()));
    assert_eq!((roster.rseq(), roster.epoch()), (1, 1));
    assert_eq!(roster.present().map(|(it, _, role)| (it, role)).collect::<Vec<_>>(), [(1, Role::Admin)]);
}

#[test]
fn only_admins_change_who_belongs_to_it() {
    let invite = |it| Action::Invite { key: public(it), role: Role::Editor, uses: 1 };
    for (by, is_allowed) in [(1, true), (2, false), (3, false)] {
        for action in [
            add(9, Role::Viewer),
            invite(10),
            Action::SetRole { device: 3, role: Role::Editor },
            Action::Remove { devices: vec![3], rotation: rotation(2, &[1, 2]) },
            Action::Rotate { rotation: rotation(2, &[1, 2, 3]) },
            Action::Quarantine { log: LogId([1; 16]), device: 2, dseq: 1 },
        ] {
            let done = put(&mut team(), by, by.into(), action.clone());
            assert_eq!(done.is_ok(), is_allowed, "{by}: {action:?}: {done:?}");
        }
        let rename = Action::Rename { profile: vec![7] };
        assert!(put(&mut team(), by, by.into(), rename).is_ok(), "everybody has their own name");
    }
}

#[test]
fn a_record_must_be_the_next_one_of_this_roster_and_signed_by_its_signer() {
    let roster = team();
    let good = body(&roster, 1, add(9, Role::Viewer));
    let try_one = |body: &RosterBody, by: u8| roster.clone().apply(&signed(by, body)).map(drop);
    assert_eq!(try_one(&good, 1), Ok(()));
    assert_eq!(try_one(&good, 2), Err(RosterError::Signature));
    for rseq in [0, 1, 3, 5] {
        let stale = RosterBody { rseq, ..good.clone() };
        assert_eq!(try_one(&stale, 1), Err(RosterError::Stale { at: 3 }), "{rseq}");
    }
    let forked = RosterBody { prev: Hash::of(b"another past"), ..good.clone() };
    assert_eq!(try_one(&forked, 1), Err(RosterError::Forked));
    let elsewhere = RosterBody { space: SpaceId([8; 32]), ..good.clone() };
    assert_eq!(try_one(&elsewhere, 1), Err(RosterError::Forked));
    assert_eq!(try_one(&RosterBody { version: 2, ..good }, 1), Err(RosterError::Newer));
}

#[test]
fn any_bit_changed_in_a_roster_record_is_refused() {
    let record = genesis();
    let second = signed(1, &body(&Roster::begin(&record).unwrap(), 1, add(2, Role::Editor)));
    for bit in 0..second.len() * 8 {
        let mut changed = second.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let mut roster = Roster::begin(&record).unwrap();
        assert!(roster.apply(&changed).is_err(), "bit {bit}");
        assert_eq!(roster.rseq(), 1, "and nothing has happened");
    }
}

#[test]
fn an_invitation_lets_as_many_ask_as_it_says_and_none_after_it_is_revoked() {
    let mut roster = team();
    let invite = Action::Invite { key: public(20), role: Role::Editor, uses: 2 };
    let invite = put(&mut roster, 1, 1, invite).unwrap();
    let first = join(&roster, invite, 20, 21);
    let first = put(&mut roster, 20, invite, first).unwrap();
    let again = join(&roster, invite, 20, 21);
    assert!(put(&mut roster, 20, invite, again).is_err(), "one device asks once");
    let forged = join(&roster, invite, 20, 22);
    assert_eq!(put(&mut roster, 22, invite, forged), Err(RosterError::Signature));
    let mut revoked = roster.clone();
    put(&mut revoked, 1, 1, Action::Revoke { invite }).unwrap();
    let late = join(&revoked, invite, 20, 22);
    assert!(matches!(put(&mut revoked, 20, invite, late), Err(RosterError::Denied(_))));
    let second = join(&roster, invite, 20, 22);
    put(&mut roster, 20, invite, second).unwrap();
    let third = join(&roster, invite, 20, 23);
    assert!(matches!(put(&mut roster, 20, invite, third), Err(RosterError::Denied(_))));

    let other = Action::Add {
        sign: public(30),
        wrap: public(130),
        role: Role::Editor,
        profile: vec![],
        key: vec![],
        join: Some(first),
    };
    assert!(put(&mut roster, 1, 1, other).is_err(), "only the device that asked");
    let Action::Add { profile, key, role, .. } = add(21, Role::Editor) else { unreachable!() };
    let asked = Action::Add { sign: public(21), wrap: public(121), role, profile, key, join: Some(first) };
    let device = put(&mut roster, 1, 1, asked).unwrap();
    assert_eq!(roster.device(device).unwrap().role(), Some(Role::Editor));
    assert_eq!(roster.joins().len(), 1);
}

#[test]
fn removing_gives_the_new_key_to_exactly_those_who_stay_and_the_removed_never_come_back() {
    for wrong in [vec![1, 2, 3], vec![1], vec![1, 3], vec![1, 2, 2], vec![]] {
        let action = Action::Remove { devices: vec![3], rotation: rotation(2, &wrong) };
        assert!(matches!(put(&mut team(), 1, 1, action), Err(RosterError::Unfit(_))), "{wrong:?}");
    }
    let mut roster = team();
    put(&mut roster, 1, 1, Action::Remove { devices: vec![2], rotation: rotation(2, &[1, 3]) }).unwrap();
    assert_eq!((roster.epoch(), roster.epoch_at(3), roster.epoch_at(4)), (2, Some(1), Some(2)));
    assert_eq!((roster.role_at(2, 3), roster.role_at(2, 4)), (Some(Role::Editor), None));
    let keys = |device| roster.device(device).unwrap().keys.iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!((keys(1), keys(2), keys(3)), (vec![1, 2], vec![1], vec![1, 2]));
    assert!(put(&mut roster.clone(), 2, 2, Action::Rename { profile: vec![] }).is_err());
    assert!(put(&mut roster.clone(), 1, 1, add(2, Role::Viewer)).is_err(), "not with the same key");
    let role = Action::SetRole { device: 2, role: Role::Viewer };
    assert!(put(&mut roster, 1, 1, role).is_err(), "a role does not bring it back");
}

#[test]
fn one_admin_always_stays() {
    let gone = Action::Remove { devices: vec![1], rotation: rotation(2, &[2, 3]) };
    assert!(matches!(put(&mut team(), 1, 1, gone.clone()), Err(RosterError::Unfit(_))));
    let lower = Action::SetRole { device: 1, role: Role::Editor };
    assert!(matches!(put(&mut team(), 1, 1, lower.clone()), Err(RosterError::Unfit(_))));
    for action in [gone, lower] {
        let mut roster = team();
        put(&mut roster, 1, 1, Action::SetRole { device: 2, role: Role::Admin }).unwrap();
        assert!(put(&mut roster, 2, 2, action).is_ok());
    }
}

#[test]
fn a_handshake_is_good_for_one_connection_to_one_relay() {
    let offer = |relay: u8, nonce: u8| Offer {
        relay: RelayKey(public(relay).0),
        nonce: Nonce([nonce; 32]),
        versions: vec![PROTOCOL_VERSION],
    };
    let made = |offer: Offer, nonce: u8| Handshake {
        offer,
        version: PROTOCOL_VERSION,
        space: SpaceId([1; 32]),
        key: public(1),
        nonce: Nonce([nonce; 32]),
    };
    let first = made(offer(50, 1), 2);
    let signature = Signature(key(1).sign(&first.auth_bytes()).to_bytes());
    assert!(first.is_client(&signature));
    for other in [made(offer(50, 3), 2), made(offer(50, 1), 4), made(offer(51, 1), 2)] {
        assert!(!other.is_client(&signature), "{other:?}");
    }
    let unknown = Handshake { version: 9, ..first.clone() };
    let forced = Signature(key(1).sign(&unknown.auth_bytes()).to_bytes());
    assert!(!unknown.is_client(&forced), "a version that was not offered");
    let life = Incarnation([3; 16]);
    let welcome = Signature(key(50).sign(&first.welcome_bytes(&life)).to_bytes());
    assert!(first.is_relay(&life, &welcome));
    assert!(!first.is_relay(&Incarnation([4; 16]), &welcome));
    assert!(!made(offer(51, 1), 2).is_relay(&life, &welcome));
}
