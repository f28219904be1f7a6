//! What pure packages may not reach: time, threads, network, disk, windows.
//!
//! Looks through the dependencies of dependencies, because one convenient crate is enough to lose WebAssembly.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cargo_metadata::{DependencyKind, Metadata};

use super::Finding;

/// Packages that take time, randomness and IO as arguments.
const PURE: &[&str] = &[
    "custory-automations",
    "custory-document",
    "custory-domain",
    "custory-exchange",
    "custory-ipc",
    "custory-seal",
    "custory-signals",
    "custory-sync",
    "custory-wire",
];

/// Crates that a pure package may not reach, however far away.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "dioxus",
    "directories",
    "hyper",
    "keyring",
    "keyring-core",
    "mio",
    "notify",
    "reqwest",
    "rusqlite",
    "smol",
    "tauri",
    "tokio",
    "ureq",
    "wry",
];

/// Crates that a pure package may not name itself. Others below it may: Automerge brings its own randomness.
const IMPURE_WHEN_NAMED: &[&str] = &["fastrand", "getrandom", "ignore", "rand", "tempfile", "walkdir"];

/// Whoever may name a crate that starts with `tauri`: the shell alone.
const SHELL: &str = "custory";

type Names = BTreeMap<String, BTreeSet<String>>;

/// Every way from a pure package to an impure crate, and every Tauri outside the shell.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    let members = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    check_names(&names(metadata), &members)
}

/// Package name → names of what it needs to run, with the features that are on in this workspace.
fn names(metadata: &Metadata) -> Names {
    let name = |id| metadata[id].name.to_string();
    let mut names = Names::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        let needs = node
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        names.entry(name(&node.id)).or_default().extend(needs.map(|dependency| name(&dependency.pkg)));
    }
    names
}

fn check_names(names: &Names, members: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pure in PURE {
        for impure in IMPURE {
            if let Some(path) = path(names, pure, impure) {
                findings.push(Finding::new(
                    *pure,
                    format!("must stay pure but reaches {impure}: {}", path.join(" → ")),
                ));
            }
        }
        for needed in names.get(*pure).into_iter().flatten() {
            if IMPURE_WHEN_NAMED.contains(&needed.as_str()) {
                findings.push(Finding::new(
                    *pure,
                    format!("must stay pure but names {needed}; take what it gives as an argument"),
                ));
            }
        }
    }
    for (package, needs) in names {
        let tauri = needs.iter().find(|needed| needed.starts_with("tauri"));
        if let Some(tauri) = tauri
            && members.contains(package)
            && package != SHELL
        {
            findings.push(Finding::new(package, format!("names {tauri}; only the shell knows Tauri")));
        }
    }
    findings
}

/// The shortest way from one package to another.
fn path(names: &Names, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(package) = queue.pop_front() {
        for needed in names.get(package).into_iter().flatten() {
            if needed != from && !before.contains_key(needed.as_str()) {
                before.insert(needed, package);
                queue.push_back(needed);
            }
        }
    }
    let mut path = vec![to.to_owned()];
    let mut here = *before.get(to)?;
    while here != from {
        path.push(here.to_owned());
        here = before.get(here)?;
    }
    path.push(from.to_owned());
    path.reverse();
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(edges: &[(&str, &str)]) -> Vec<String> {
        let mut names = Names::new();
        for (from, to) in edges {
            names.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        let members =
            ["custory", "custory-cli", "custory-document", "custory-domain"].map(String::from).into();
        check_names(&names, &members).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn an_impure_crate_is_found_however_far_away() {
        let edges =
            [("custory-domain", "serde"), ("custory-domain", "handy"), ("handy", "net"), ("net", "tokio")];
        assert_eq!(
            problems(&edges),
            ["custory-domain: must stay pure but reaches tokio: custory-domain → handy → net → tokio"]
        );
    }

    #[test]
    fn randomness_counts_only_when_named() {
        assert!(problems(&[("custory-document", "automerge"), ("automerge", "rand")]).is_empty());
        assert_eq!(problems(&[("custory-document", "rand")]).len(), 1);
    }

    #[test]
    fn only_the_shell_names_tauri() {
        assert!(problems(&[("custory", "tauri"), ("tauri", "tauri-utils")]).is_empty());
        assert_eq!(problems(&[("custory-cli", "tauri-utils")]).len(), 1);
    }
}
