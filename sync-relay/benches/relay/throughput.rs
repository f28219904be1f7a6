//! W2: fifty documents, each with one writer and one reader, sixteen edits under way at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::server::{Receiver, Sender, Server};
use crate::{Plan, head, process, say};

const DOCUMENTS: u8 = 50;
const WINDOW: usize = 16;

/// Counters of one run.
#[derive(Default)]
struct Counts {
    acked: AtomicU64,
    delivered: AtomicU64,
    is_over: AtomicBool,
}

pub async fn run(plan: Plan) {
    head(
        "W2 throughput, 50 documents, window 16",
        "| server | edits/s | ack p50 ms | p99 | CPU ms/1k edits | server cores | lost | RSS peak MB | written MB |",
    );
    measure("bare, a frame per edit", &Server::bare(), false, plan).await;
    measure("relay, a push per edit", &Server::relay().await, false, plan).await;
    measure("relay, a push per outbox", &Server::relay().await, true, plan).await;
}

async fn measure(name: &str, server: &Server, together: bool, plan: Plan) {
    let counts = Arc::new(Counts::default());
    let start = Instant::now();
    let mut pairs = Vec::new();
    for document in 1..=DOCUMENTS {
        let reader = server.connect(document).await;
        pairs.push((server.connect(document).await, reader));
    }
    let (cpu, written) = (server.cpu_seconds(), written_mb(server.pid()));
    let mut writers = Vec::new();
    for ((sender, receiver), reader) in pairs {
        tokio::spawn(read(reader, counts.clone()));
        writers.push(tokio::spawn(write(sender, receiver, counts.clone(), start, together)));
    }
    let began = Instant::now();
    tokio::time::sleep(Duration::from_secs(plan.seconds)).await;
    let in_time = counts.delivered.load(Ordering::Relaxed);
    let seconds = began.elapsed().as_secs_f64();
    counts.is_over.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for writer in writers {
        latencies.extend(writer.await.unwrap());
    }
    // What is under way arrives.
    let acked = counts.acked.load(Ordering::Relaxed);
    for _ in 0..500 {
        if counts.delivered.load(Ordering::Relaxed) >= acked {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let delivered = counts.delivered.load(Ordering::Relaxed);
    let cpu = server.cpu_seconds() - cpu;
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize] as f64 / 1e6;
    say(&format!(
        "| {name} | {:.0} | {:.1} | {:.1} | {:.1} | {:.2} | {} | {:.0} | {:.0} |",
        in_time as f64 / seconds,
        at(0.5),
        at(0.99),
        cpu * 1e6 / delivered as f64,
        cpu / began.elapsed().as_secs_f64(),
        acked.saturating_sub(delivered),
        process::memory_mb(server.pid(), "VmHWM"),
        written_mb(server.pid()) - written,
    ));
}

async fn write(
    mut sender: Sender,
    mut receiver: Receiver,
    counts: Arc<Counts>,
    start: Instant,
    together: bool,
) -> Vec<u64> {
    let (mut latencies, mut sent, mut under_way, mut echoed) =
        (Vec::new(), std::collections::VecDeque::new(), 0, 0);
    loop {
        let is_over = counts.is_over.load(Ordering::Relaxed);
        if !is_over && under_way < WINDOW {
            let now = start.elapsed().as_nanos() as u64;
            sender.edit((under_way..WINDOW).map(|_| now), together).await;
            sent.extend((under_way..WINDOW).map(|_| now));
            under_way = WINDOW;
        }
        if under_way == 0 {
            return latencies;
        }
        let Some(received) = receiver.next().await else { return latencies };
        let now = start.elapsed().as_nanos() as u64;
        latencies.extend(sent.drain(..received.acked).map(|it| now - it));
        under_way -= received.acked;
        counts.acked.fetch_add(received.acked as u64, Ordering::Relaxed);
        echoed = grant(&mut sender, echoed + received.bytes).await;
    }
}

async fn read((mut sender, mut receiver): (Sender, Receiver), counts: Arc<Counts>) {
    let mut bytes = 0;
    while let Some(received) = receiver.next().await {
        counts.delivered.fetch_add(received.stamps.len() as u64, Ordering::Relaxed);
        bytes = grant(&mut sender, bytes + received.bytes).await;
    }
}

/// Gives credit back now and then; returns what is left to give.
async fn grant(sender: &mut Sender, bytes: u64) -> u64 {
    if bytes < 1 << 20 {
        return bytes;
    }
    sender.grant(bytes).await;
    0
}

fn written_mb(pid: u32) -> f64 {
    let io = std::fs::read_to_string(format!("/proc/{pid}/io")).unwrap();
    let line = io.lines().find_map(|it| it.strip_prefix("write_bytes:")).unwrap();
    line.trim().parse::<f64>().unwrap() / 1048576.0
}
