//! Who may import whom. The table is ARCHITECTURE.md's picture as text; any other edge is a finding.

use cargo_metadata::{DependencyKind, Metadata};

use super::Finding;

/// Package → what it may import. A package without a row is a finding, so a new crate starts with its row.
const ALLOWED: &[(&str, &[&str])] = &[
    ("custory-assistant", &["custory-domain", "custory-drafting", "custory-ipc"]),
    ("custory-automations", &["custory-domain", "custory-ipc"]),
    ("custory-connectors", &["custory-domain"]),
    ("custory-domain", &[]),
    ("custory-ipc", &["custory-domain"]),
    ("custory-document", &["custory-domain"]),
    ("custory-signals", &["custory-domain"]),
    ("custory-store", &["custory-domain"]),
    ("custory-drafting", &["custory-domain"]),
    ("custory-exchange", &["custory-domain"]),
    ("custory-printing", &[]),
    ("custory-seal", &["custory-wire"]),
    ("custory-sync", &["custory-seal", "custory-wire"]),
    ("custory-wire", &[]),
    (
        "custory-engine",
        &[
            "custory-assistant",
            "custory-automations",
            "custory-connectors",
            "custory-document",
            "custory-domain",
            "custory-drafting",
            "custory-exchange",
            "custory-ipc",
            "custory-seal",
            "custory-signals",
            "custory-store",
            "custory-sync",
            "custory-wire",
        ],
    ),
    (SHELL, &["custory-domain", "custory-engine", "custory-ipc", "custory-printing"]),
    (
        "custory-cli",
        &["custory-domain", "custory-engine", "custory-exchange", "custory-ipc", "custory-printing"],
    ),
    ("custory-devhost", &["custory-domain", "custory-engine", "custory-ipc"]),
    ("custory-sync-relay", &["custory-wire"]),
    ("custory-ui", &["custory-domain", "custory-ipc"]),
    (TESTKIT, ANYTHING),
    ("xtask", &[]),
];

/// The root package: its tests are whole paths, so as a *test* dependency it may name any package.
const SHELL: &str = "custory";

/// Builders and stand-ins: may see everything, and is seen by tests only.
const TESTKIT: &str = "custory-testkit";

const ANYTHING: &[&str] = &["*"];

/// A workspace package and the workspace packages it names.
struct Member {
    name: String,
    imports: Vec<(String, DependencyKind)>,
}

/// Every edge that is not in the table.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    let packages = metadata.workspace_packages();
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let member = |package: &&cargo_metadata::Package| Member {
        name: package.name.to_string(),
        imports: package
            .dependencies
            .iter()
            .filter(|dependency| names.contains(&dependency.name.as_str()))
            .map(|dependency| (dependency.name.clone(), dependency.kind))
            .collect(),
    };
    check_members(&packages.iter().map(member).collect::<Vec<_>>())
}

fn check_members(members: &[Member]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in members {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == member.name) else {
            findings.push(Finding::new(
                &member.name,
                "has no row in the table of imports (xtask/src/tidy/edges.rs)",
            ));
            continue;
        };
        for (import, kind) in &member.imports {
            if !is_allowed(&member.name, allowed, import, *kind) {
                findings.push(Finding::new(&member.name, problem(import, *kind, allowed)));
            }
        }
    }
    for (name, _) in ALLOWED {
        if !members.iter().any(|member| member.name == *name) {
            findings.push(Finding::new(
                *name,
                "is in the table of imports (xtask/src/tidy/edges.rs) but not in the workspace",
            ));
        }
    }
    findings
}

fn is_allowed(from: &str, allowed: &[&str], import: &str, kind: DependencyKind) -> bool {
    let for_tests = kind == DependencyKind::Development;
    if import == TESTKIT {
        return for_tests;
    }
    allowed.contains(&import) || allowed == ANYTHING || for_tests && from == SHELL
}

fn problem(import: &str, kind: DependencyKind, allowed: &[&str]) -> String {
    if import == TESTKIT {
        return format!("imports {TESTKIT} outside of tests; make it a dev-dependency");
    }
    let kind = if kind == DependencyKind::Development { "in tests " } else { "" };
    let allowed =
        if allowed.is_empty() { "no package of the workspace".to_owned() } else { allowed.join(", ") };
    format!("imports {import} {kind}but may import {allowed}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cargo_metadata::DependencyKind::{Build, Development, Normal};

    fn problems(from: &str, import: &str, kind: DependencyKind) -> Vec<String> {
        let members: Vec<Member> = ALLOWED
            .iter()
            .map(|(name, _)| Member {
                name: (*name).to_owned(),
                imports: if *name == from { vec![(import.to_owned(), kind)] } else { vec![] },
            })
            .collect();
        check_members(&members).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn edges_of_the_picture_pass() {
        for (from, import, kind) in [
            ("custory-ipc", "custory-domain", Normal),
            ("custory-engine", "custory-store", Normal),
            ("custory", "custory-engine", Normal),
            ("custory", "custory-store", Development),
            ("custory-store", TESTKIT, Development),
            (TESTKIT, "custory-engine", Normal),
        ] {
            assert!(problems(from, import, kind).is_empty(), "{from} -> {import}");
        }
    }

    #[test]
    fn every_other_edge_is_found() {
        for (from, import, kind) in [
            ("custory-domain", "custory-ipc", Normal),
            ("custory-ui", "custory-engine", Normal),
            ("custory-ui", "custory-engine", Development),
            ("custory-cli", "custory-store", Normal),
            ("custory-store", "custory-document", Build),
            ("custory", "custory-store", Normal),
            ("custory-engine", TESTKIT, Normal),
            ("xtask", "custory-domain", Normal),
        ] {
            let problems = problems(from, import, kind);
            assert_eq!(problems.len(), 1, "{from} -> {import}: {problems:?}");
            assert!(problems[0].starts_with(&format!("{from}: imports {import} ")), "{problems:?}");
        }
    }

    #[test]
    fn a_new_package_needs_its_row() {
        let stranger = Member { name: "custory-new".to_owned(), imports: vec![] };
        assert!(check_members(&[stranger]).iter().any(|finding| finding.problem.contains("no row")));
    }
}
