//! Manifests: versions live once, in the root; lints are the workspace's.

use super::Finding;
use super::files::File;

/// Findings in one `Cargo.toml`; none in any other file.
pub fn check(file: &File) -> Vec<Finding> {
    let Some(folder) = file.path.strip_suffix("Cargo.toml") else { return Vec::new() };
    let mut findings = Vec::new();
    let mut section = "";
    let mut takes_lints = false;
    for (index, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section == "lints" {
            takes_lints |= line.replace(' ', "") == "workspace=true";
        } else if section.contains("dependencies")
            && !section.starts_with("workspace.")
            && names_a_version(line)
        {
            findings.push(Finding::new(
                format!("{}:{}", file.path, index + 1),
                "names a version or path; put it into the root's [workspace.dependencies] and say `.workspace = true`",
            ));
        }
    }
    if !takes_lints {
        findings.push(Finding::new(format!("{folder}Cargo.toml"), "lacks `[lints]` with `workspace = true`"));
    }
    findings
}

fn names_a_version(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default();
    let Some((name, value)) = line.split_once('=') else { return false };
    let inherits = name.trim().ends_with(".workspace") || value.contains("workspace = true");
    !inherits && (value.trim().starts_with('"') || value.trim().starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> usize {
        check(&File { path: "crates/x/Cargo.toml".to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn inherited_dependencies_pass() {
        let text = "[dependencies]\nserde.workspace = true\nweb-sys = { workspace = true, features = [\"Window\"] }\n\
                    \n[target.'cfg(unix)'.dependencies]\nlibc.workspace = true # \"why\"\n\n[features]\nx = [\"serde\"]\n\
                    \n[lints]\nworkspace = true\n\n[workspace.dependencies]\nserde = \"1\"\n";
        assert_eq!(problems(text), 0);
    }

    #[test]
    fn a_version_of_its_own_is_found() {
        for line in ["serde = \"1\"", "serde = { version = \"1\" }", "other = { path = \"../other\" }"] {
            let text = format!("[dev-dependencies]\n{line}\n[lints]\nworkspace = true\n");
            assert_eq!(problems(&text), 1, "{line}");
        }
    }

    #[test]
    fn a_package_without_the_lint_table_is_found() {
        assert_eq!(problems("[dependencies]\nserde.workspace = true\n"), 1);
    }
}
