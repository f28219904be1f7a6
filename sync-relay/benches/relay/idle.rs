//! W4: connections that have a log open and are silent.

use std::time::{Duration, Instant};

use crate::server::Server;
use crate::{Plan, head, process, say};

const DOCUMENTS: usize = 50;

pub async fn run(plan: Plan) {
    process::raise_file_limit();
    head(
        "W4 idle connections",
        "| server | open | connects/s | CPU ms/connect | RSS KB/connection | RSS MB | idle CPU % |",
    );
    measure("bare", &Server::bare(), plan).await;
    measure("relay", &Server::relay().await, plan).await;
}

async fn measure(name: &str, server: &Server, plan: Plan) {
    let pid = server.pid();
    // The first connection brings up what all share.
    let mut open = vec![server.connect(1).await];
    let (rss, cpu, start) = (process::memory_mb(pid, "VmRSS"), server.cpu_seconds(), Instant::now());
    for number in 0..plan.connections {
        open.push(server.connect((number % DOCUMENTS) as u8).await);
    }
    let (seconds, connect_cpu) = (start.elapsed().as_secs_f64(), server.cpu_seconds() - cpu);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (after, idle) = (process::memory_mb(pid, "VmRSS"), server.cpu_seconds());
    tokio::time::sleep(Duration::from_secs(5)).await;
    let count = plan.connections as f64;
    say(&format!(
        "| {name} | {} | {:.0} | {:.2} | {:.1} | {:.0} | {:.1} |",
        plan.connections,
        count / seconds,
        connect_cpu * 1e3 / count,
        (after - rss) * 1024.0 / count,
        after,
        (server.cpu_seconds() - idle) * 100.0 / 5.0,
    ));
}
