//! W1: one writer at 50 edits a second, many readers; how long every delivery takes and what it costs.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::server::Server;
use crate::{Plan, head, process, say};

const EDITS_PER_SEC: u64 = 50;

pub async fn run(plan: Plan) {
    head(
        "W1 fan-out, 50 edits/s",
        "| server | readers | p50 ms | p95 | p99 | max | lost | CPU µs/delivery | RSS peak MB |",
    );
    for readers in [20, 100] {
        measure("bare", &Server::bare(), readers, plan).await;
        let relay = Server::relay().await;
        relay.warm_up().await;
        measure("relay", &relay, readers, plan).await;
    }
}

async fn measure(name: &str, server: &Server, readers: usize, plan: Plan) {
    let start = Instant::now();
    let edits = plan.seconds * EDITS_PER_SEC;
    let (mut writer, mut acks) = server.connect(1).await;
    let (done, mut latencies) = mpsc::unbounded_channel();
    for _ in 0..readers {
        let (mut sender, mut receiver) = server.connect(1).await;
        let done = done.clone();
        tokio::spawn(async move {
            let mut mine = Vec::with_capacity(edits as usize);
            let mut bytes = 0;
            while mine.len() < edits as usize
                && let Some(received) = receiver.next().await
            {
                let now = start.elapsed().as_nanos() as u64;
                mine.extend(received.stamps.iter().map(|sent| now - sent));
                bytes += received.bytes;
                if bytes > 1 << 20 {
                    sender.grant(bytes).await;
                    bytes = 0;
                }
            }
            done.send(mine).ok();
        });
    }
    drop(done);
    let acks = tokio::spawn(async move {
        let mut acked = 0;
        while acked < edits as usize
            && let Some(received) = acks.next().await
        {
            acked += received.acked;
        }
        acks
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = server.cpu_seconds();
    let mut clock = interval(Duration::from_millis(1_000 / EDITS_PER_SEC));
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..edits {
        clock.tick().await;
        writer.edit([start.elapsed().as_nanos() as u64], false).await;
    }
    let (mut all, mut seen) = (Vec::new(), 0);
    while seen < readers
        && let Ok(Some(mine)) = tokio::time::timeout(Duration::from_secs(10), latencies.recv()).await
    {
        seen += 1;
        all.extend(mine);
    }
    let _kept_open = acks.await.unwrap();
    let cpu = server.cpu_seconds() - before;
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize] as f64 / 1e6;
    say(&format!(
        "| {name} | {readers} | {:.1} | {:.1} | {:.1} | {:.1} | {} | {:.1} | {:.0} |",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        edits as usize * readers - all.len(),
        cpu * 1e6 / all.len() as f64,
        process::memory_mb(server.pid(), "VmHWM"),
    ));
}
