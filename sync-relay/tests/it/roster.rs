//! Who may do what: creating, joining, roles, removal.

use custory_sync_relay::config::Creation;
use custory_wire::{Action, ErrorCode, LogId, NackReason, PublicKey, Role, Standing, ToClient, ToRelay};

use crate::home::{Home, fresh};
use crate::support::{Author, Client, Event, Team, start};

const LOG: LogId = LogId([3; 16]);
const TOKEN: &str = "a token of this relay";

async fn create(client: &mut Client, team: &Team, token: Option<&str>) -> ToClient {
    client.send(ToRelay::Create { records: team.records.clone(), token: token.map(str::to_owned) }).await;
    client.next().await
}

#[tokio::test]
async fn the_host_decides_who_creates_workspaces() {
    for (rule, token, is_admitted) in [
        (Creation::Open, None, true),
        (Creation::Token, Some(TOKEN), true),
        (Creation::Token, Some("a token of another"), false),
        (Creation::Token, None, false),
        (Creation::Closed, Some(TOKEN), false),
    ] {
        let home = Home::new();
        let mut config = home.config();
        (config.workspaces.create, config.workspaces.tokens) = (rule, vec![TOKEN.to_owned()]);
        let relay = start(config).await;
        let team = Team::new();
        let mut client = Client::member(relay.address(), &team, &team.admin).await;
        let answer = create(&mut client, &team, token).await;
        let refused = ToClient::Nack { log: None, dseq: None, reason: NackReason::NotAdmitted };
        assert_eq!(matches!(answer, ToClient::Roster { .. }), is_admitted, "{rule:?} {token:?}: {answer:?}");
        assert_eq!(answer == refused, !is_admitted);
        drop(client);
        relay.drain().await;
    }
}

#[tokio::test]
async fn a_workspace_is_what_its_first_record_says() {
    let (_home, relay) = fresh().await;
    let (team, stranger) = (Team::new(), Team::new());
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    let refused = ToClient::Nack { log: None, dseq: None, reason: NackReason::RosterRefused };
    assert_eq!(create(&mut client, &stranger, None).await, refused);
    assert!(matches!(create(&mut client, &team, None).await, ToClient::Roster { first: 1, rseq: 1, .. }));
    // Now the client is what the roster says, without connecting anew.
    client.open_all(LOG).await;
    let twice = Client::connect(relay.address(), team.space(), &stranger.admin.key).await;
    assert_eq!(twice.err(), Some(ErrorCode::NotAMember));
}

#[tokio::test]
async fn joining_goes_from_invitation_over_waiting_to_member_on_open_connections() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let (invite, invite_key) = team.invite();
    let mut admin = Client::founder(relay.address(), &team).await;

    let mut guest = Client::connect(relay.address(), team.space(), &invite_key).await.unwrap();
    assert_eq!(guest.standing, Standing::Invited { invite });
    guest.send(ToRelay::Open { log: LOG, at: custory_wire::Chain::start(&LOG), without: vec![] }).await;
    assert!(matches!(guest.next().await, ToClient::Nack { reason: NackReason::Denied, .. }));
    let (join, key) = team.join(invite, &invite_key);
    team.take(join.clone());
    guest.send(ToRelay::RosterPut { records: vec![join.clone()] }).await;
    // The only use is used up with it, so the invitation's connection ends.
    assert!(matches!(
        guest.event().await,
        Event::Message(ToClient::Error { code: ErrorCode::InviteClosed, .. })
    ));
    let again = Client::connect(relay.address(), team.space(), &invite_key).await;
    assert_eq!(again.err(), Some(ErrorCode::InviteClosed));

    let request = team.roster.rseq();
    admin.wait_for(|it| matches!(it, ToClient::Roster { rseq, .. } if *rseq == request).then_some(())).await;
    let mut waiting = Client::connect(relay.address(), team.space(), &key).await.unwrap();
    assert_eq!(waiting.standing, Standing::Waiting { join: request });
    let (sign, wrap) = (PublicKey(key.verifying_key().to_bytes()), PublicKey([7; 32]));
    let add = team.act(Action::Add {
        sign,
        wrap,
        role: Role::Editor,
        profile: vec![1],
        key: vec![2],
        join: Some(request),
    });
    admin.send(ToRelay::RosterPut { records: vec![add.clone()] }).await;
    let told = waiting.next().await;
    assert!(matches!(told, ToClient::Roster { records, .. } if records == [add]));
    waiting.open_all(LOG).await;
}

#[tokio::test]
async fn a_viewer_reads_and_does_not_write() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let viewer = team.add(Role::Viewer);
    let mut admin = Client::founder(relay.address(), &team).await;
    let mut reader = Client::member(relay.address(), &team, &viewer).await;
    admin.open_all(LOG).await;
    reader.open_all(LOG).await;
    let records = Author::new(&team.admin, LOG, &team.roster).write_many(2);
    admin.push(LOG, records.clone()).await.unwrap();
    assert_eq!(reader.read(LOG, 1, 2).await, records);
    let own = Author::new(&viewer, LOG, &team.roster).write(b"by a viewer");
    assert_eq!(reader.push(LOG, vec![own]).await, Err(NackReason::Denied));

    // A role that changes is in force at once.
    let promotion = team.act(Action::SetRole { device: viewer.device, role: Role::Editor });
    admin.send(ToRelay::RosterPut { records: vec![promotion] }).await;
    reader.wait_for(|it| matches!(it, ToClient::Roster { .. }).then_some(())).await;
    let own = Author::new(&viewer, LOG, &team.roster).write(b"by an editor");
    assert_eq!(reader.push(LOG, vec![own]).await.unwrap(), [(1, 3)]);
}

#[tokio::test]
async fn p12_a_removed_device_reads_and_writes_nothing_more() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let lost = team.add(Role::Editor);
    let mut admin = Client::founder(relay.address(), &team).await;
    let mut stolen = Client::member(relay.address(), &team, &lost).await;
    admin.open_all(LOG).await;
    stolen.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    admin.push(LOG, vec![author.write(b"before")]).await.unwrap();
    stolen.read(LOG, 1, 1).await;

    let removal = team.remove(lost.device);
    admin.send(ToRelay::RosterPut { records: vec![removal] }).await;
    admin.wait_for(|it| matches!(it, ToClient::Roster { rseq: 3, .. }).then_some(())).await;
    author.cite(&team.roster);
    admin.push(LOG, vec![author.write(b"after")]).await.unwrap();

    let last = stolen.event().await;
    assert!(matches!(last, Event::Message(ToClient::Error { code: ErrorCode::Removed, .. })), "{last:?}");
    assert_eq!(stolen.event().await, Event::End);
    let again = Client::connect(relay.address(), team.space(), &lost.key).await;
    assert_eq!(again.err(), Some(ErrorCode::Removed));
}

#[tokio::test]
async fn a_roster_does_not_fork() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let mut admin = Client::founder(relay.address(), &team).await;
    let key = team.admin.key.clone();
    let other = team.next(1, &key, Action::Rename { profile: vec![1] });
    let first = team.act(Action::Rename { profile: vec![2] });
    admin.send(ToRelay::RosterPut { records: vec![first.clone()] }).await;
    assert!(matches!(admin.next().await, ToClient::Roster { first: 2, rseq: 2, .. }));
    admin.send(ToRelay::RosterPut { records: vec![other] }).await;
    let refused = ToClient::Nack { log: None, dseq: None, reason: NackReason::RosterRefused };
    assert_eq!(admin.next().await, refused);
    // A lost answer is no fork: the same record again is simply known.
    admin.send(ToRelay::RosterPut { records: vec![first] }).await;
    assert_eq!(admin.next().await, ToClient::Roster { first: 3, records: vec![], rseq: 2 });
    admin.send(ToRelay::RosterGet { after: 0 }).await;
    assert!(
        matches!(admin.next().await, ToClient::Roster { first: 1, records, .. } if records == team.records)
    );
}
