//! `cargo xtask bench`: finds the benchmarks of the workspace and runs one.
//!
//! A benchmark is a cargo bench target, or a program whose name starts with `bench-`. None is named here, so a
//! new one appears in the list by itself.

use anyhow::{Result, bail};
use cargo_metadata::{Metadata, TargetKind};

use crate::process;
use crate::project::Project;

const PREFIX: &str = "bench-";

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Benchmark {
    name: String,
    package: String,
    /// How cargo runs it.
    selection: &'static str,
}

/// Runs the named benchmark in the release build, or lists them all.
pub fn run(project: &Project, name: Option<&str>, arguments: &[String]) -> Result<()> {
    let found = benchmarks(&project.metadata()?);
    let Some(name) = name else {
        list(&found);
        return Ok(());
    };
    let Some(benchmark) =
        found.iter().find(|it| it.name == name || it.name.strip_prefix(PREFIX) == Some(name))
    else {
        list(&found);
        bail!("there is no benchmark {name:?}");
    };
    let verb: &[&str] = if benchmark.selection == "--bench" { &["bench"] } else { &["run", "--release"] };
    let mut cargo = process::cargo(project, verb);
    cargo.args(["--package", &benchmark.package, benchmark.selection, &benchmark.name, "--"]).args(arguments);
    process::run(&mut cargo)
}

fn list(found: &[Benchmark]) {
    if found.is_empty() {
        anstream::println!("The workspace has no benchmarks yet.");
    }
    for benchmark in found {
        anstream::println!("{:<32} {}", benchmark.name, benchmark.package);
    }
}

fn benchmarks(metadata: &Metadata) -> Vec<Benchmark> {
    let mut found = Vec::new();
    for package in metadata.workspace_packages() {
        for target in &package.targets {
            let selection = if target.kind.contains(&TargetKind::Bench) {
                "--bench"
            } else if target.kind.contains(&TargetKind::Bin) && target.name.starts_with(PREFIX) {
                "--bin"
            } else {
                continue;
            };
            found.push(Benchmark { name: target.name.clone(), package: package.name.to_string(), selection });
        }
    }
    found.sort();
    found
}
