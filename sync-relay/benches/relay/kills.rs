//! W5: `kill -9` in the middle of pushing, again and again on the same folder; afterwards every acknowledged edit
//! is looked for.

use custory_wire::{Chain, Hash, LogId, ToClient, ToRelay, limits::IN_FLIGHT_MAX};

use crate::server::SETTINGS;
use crate::support::{Author, Client, Event, Process, Team};
use crate::{BODY_BYTES, Plan, head, say};

const LOG: LogId = LogId([1; 16]);

pub async fn run(plan: Plan) {
    let folder = tempfile::tempdir().unwrap();
    let team = Team::new();
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let (mut written, mut heads) = (Vec::<Vec<u8>>::new(), vec![Chain::start(&LOG)]);
    let (mut acked, mut lost) = (0_u64, 0_u64);
    for round in 0..=plan.kills {
        let process = Process::start(folder.path(), SETTINGS);
        let mut client = Client::member(process.address, &team, &team.admin).await;
        if round == 0 {
            client.send(ToRelay::Create { records: team.records.clone(), token: None }).await;
            client.next().await;
        }
        let found = client.open(LOG, heads[0]).await;
        client.send(ToRelay::Close { log: LOG }).await;
        // The same records up to the last one, or something is lost.
        lost += acked.saturating_sub(found.seq);
        assert_eq!(found, heads[found.seq as usize], "the relay has other records than were written");
        client.open(LOG, found).await;
        client.aside.clear();
        if round == plan.kills {
            break;
        }
        push_until_killed(client, process, (found, round), &mut author, &mut written, &mut heads, &mut acked)
            .await;
    }
    head("W5 kill -9 while pushing", "| kills | acknowledged | lost |");
    say(&format!("| {} | {acked} | {lost} |", plan.kills));
}

async fn push_until_killed(
    mut client: Client,
    process: Process,
    (found, round): (Chain, usize),
    author: &mut Author,
    written: &mut Vec<Vec<u8>>,
    heads: &mut Vec<Chain>,
    acked: &mut u64,
) {
    let (mut next, mut tip) = (found.seq as usize, found.seq);
    let enough = tip + 20 + (round as u64 * 37) % 300;
    let mut process = Some(process);
    loop {
        while process.is_some() && next < tip as usize + IN_FLIGHT_MAX {
            if next == written.len() {
                let record = author.write_unsigned(&[7; BODY_BYTES]);
                heads.push(heads[next].then(&Hash::of(&record)));
                written.push(record);
            }
            client.send(ToRelay::Push { log: LOG, records: vec![written[next].clone()] }).await;
            next += 1;
        }
        match client.event().await {
            Event::Message(ToClient::Ack { records, .. }) => {
                tip = records.iter().map(|it| it.1).max().unwrap_or(tip);
                *acked = (*acked).max(tip);
                if tip >= enough
                    && let Some(process) = process.take()
                {
                    process.kill();
                }
            }
            Event::Message(_) => {}
            Event::End => return,
        }
    }
}
