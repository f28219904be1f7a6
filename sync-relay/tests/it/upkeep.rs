//! What a host does with the data folder: copy, bring back, examine.

use custory_sync_relay::{backup, check, restore};
use custory_wire::LogId;

use crate::home::fresh;
use crate::support::{Author, Client, Team, expect_brought, open_config, start};

const LOG: LogId = LogId([3; 16]);

#[tokio::test]
async fn a_copy_made_while_the_relay_works_comes_back_as_a_new_life_of_the_same_relay() {
    let (folder, relay) = fresh().await;
    let copy = folder.path().with_extension("copy");
    let restored = tempfile::tempdir().unwrap();
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let records = author.write_many(10);
    client.push(LOG, records.clone()).await.unwrap();
    backup(folder.path(), &copy).unwrap();
    assert!(backup(folder.path(), &copy).is_err(), "a copy never replaces another");
    let later = author.write(b"after the copy");
    client.push(LOG, vec![later.clone()]).await.unwrap();
    let (key, incarnation) = (relay.key(), client.incarnation);
    drop(client);
    relay.drain().await;

    assert!(restore(&copy, folder.path()).is_err(), "a restore never replaces what is there");
    restore(&copy, restored.path()).unwrap();
    std::fs::remove_dir_all(&copy).unwrap();
    assert_eq!(check(restored.path()).unwrap().problems, Vec::<String>::new());
    let relay = start(open_config(restored.path())).await;
    assert_eq!(relay.key(), key, "clients know it again");
    expect_brought(&relay, &team, LOG, incarnation, records, later).await;
}

#[tokio::test]
async fn two_relays_never_share_a_folder() {
    let (folder, _relay) = fresh().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let second = custory_sync_relay::Relay::start_on(open_config(folder.path()), listener).await;
    assert!(second.is_err());
}

#[tokio::test]
async fn damage_is_found_and_named() {
    let (folder, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let records = Author::new(&team.admin, LOG, &team.roster).write_many(10);
    client.push(LOG, records).await.unwrap();
    drop(client);
    relay.drain().await;
    let sound = check(folder.path()).unwrap();
    assert_eq!((sound.workspaces, sound.logs, sound.records, sound.problems.len()), (1, 1, 10, 0));

    let database = rusqlite::Connection::open(folder.path().join("relay.db")).unwrap();
    let mut chunk: Vec<u8> = database.query_row("SELECT records FROM chunk", [], |row| row.get(0)).unwrap();
    chunk[40] ^= 1;
    database.execute("UPDATE chunk SET records = ?1", [chunk]).unwrap();
    drop(database);
    let problems = check(folder.path()).unwrap().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(&LOG.to_string()), "{problems:?}");
}

#[tokio::test]
async fn p2_a_killed_relay_starts_again_with_all_it_acknowledged() {
    let (folder, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    client.push(LOG, author.write_many(10)).await.unwrap();
    let tip = client.open_all(LOG).await;
    relay.kill().await;
    let relay = start(open_config(folder.path())).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(client.open_all(LOG).await, tip);
}

#[tokio::test]
async fn p20_a_relay_works_on_with_the_next_versions_data_and_leaves_later_ones_as_they_are() {
    let (home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    client.push(LOG, author.write_many(5)).await.unwrap();
    drop(client);
    relay.drain().await;
    let database = home.path().join("relay.db");
    let set = |version: i64| {
        let conn = rusqlite::Connection::open(&database).unwrap();
        conn.execute_batch("CREATE TABLE IF NOT EXISTS of_the_next_version (id INTEGER PRIMARY KEY) STRICT")
            .unwrap();
        conn.execute("INSERT INTO of_the_next_version DEFAULT VALUES", []).unwrap();
        conn.pragma_update(None, "user_version", version).unwrap();
    };
    let version: i64 = {
        let conn = rusqlite::Connection::open(&database).unwrap();
        conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    // Back from the next version: what that one has added stays for it.
    set(version + 1);
    let relay = start(home.config()).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(client.open_all(LOG).await.seq, 5);
    client.push(LOG, vec![author.write(b"by the version before")]).await.unwrap();
    drop(client);
    relay.drain().await;
    let conn = rusqlite::Connection::open(&database).unwrap();
    let kept: (i64, i64) = conn
        .query_row(
            "SELECT (SELECT COUNT(*) FROM of_the_next_version), user_version FROM pragma_user_version",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(kept, (1, version + 1));
    drop(conn);
    // Further back it is not.
    set(version + 2);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let error = custory_sync_relay::Relay::start_on(home.config(), listener).await.err().unwrap();
    assert!(error.to_string().contains("Use a newer sync-relay"), "{error}");
    set(version);
    let relay = start(home.config()).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(client.open_all(LOG).await.seq, 6, "nothing was lost on the way");
}
