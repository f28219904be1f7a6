//! What the kernel says of a process.

use std::fs::read_to_string;

/// Processor seconds of a process so far, in steps of 10 ms.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// A line of the process's status, in MB.
pub fn memory_mb(pid: u32, name: &str) -> f64 {
    let status = read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(':')).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap() / 1024.0
}

/// How busy the machine is.
pub fn load() -> String {
    read_to_string("/proc/loadavg").unwrap().split(' ').next().unwrap().to_owned()
}

/// Allows this process as many sockets as the system lets it have.
pub fn raise_file_limit() {
    // Standard tools start with 1,024; the shell that starts the benchmark decides.
    let limits = read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|it| it.starts_with("Max open files")).unwrap();
    let soft: usize = line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX);
    assert!(soft >= 4_096, "too few files may be open here: run `ulimit -n 10000` before");
}
