//! The one version that must agree in two places: `wasm-bindgen` in the interface and the tool that finishes it.
//!
//! The WebAssembly file carries a schema that only the tool of the very same version can read, and the message
//! on a mismatch comes late and is hard to understand. So it is checked first, in `Cargo.lock`.

use std::path::Path;

use anyhow::{Context, Result, bail};

const LIBRARY: &str = "wasm-bindgen";
const TOOL: &str = "wasm-bindgen-cli-support";

/// Fails unless the lock file names the same version for the library and the tool.
pub fn check_bindgen_versions(root: &Path) -> Result<()> {
    let path = root.join("Cargo.lock");
    let lock =
        std::fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    compare(&lock)
}

fn compare(lock: &str) -> Result<()> {
    let (library, tool) = (versions(lock, LIBRARY), versions(lock, TOOL));
    match (library.as_slice(), tool.as_slice()) {
        ([library], [tool]) if library == tool => Ok(()),
        ([library], [tool]) => bail!(
            "Cargo.lock has {LIBRARY} {library} but {TOOL} {tool}; they must be equal.\n\
             Set both to `={library}` in [workspace.dependencies] and run `cargo update -p {TOOL}`."
        ),
        _ => bail!(
            "Cargo.lock must name {LIBRARY} and {TOOL} exactly once each; it has {library:?} and {tool:?}.\n\
             `cargo tree -i {LIBRARY}` shows who asks for which."
        ),
    }
}

/// Every version of a package in the text of a lock file, in the order of the file.
fn versions<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in lock.lines() {
        if let Some(name) = value(line, "name") {
            inside = name == package;
        } else if let Some(version) = value(line, "version")
            && inside
        {
            found.push(version);
            inside = false;
        }
    }
    found
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> String {
        let package = |(name, version): &(&str, &str)| {
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\n \"{LIBRARY}\",\n]\n\n"
            )
        };
        format!("version = 4\n\n{}", packages.iter().map(package).collect::<String>())
    }

    #[test]
    fn equal_versions_pass() {
        let lock = lock(&[
            ("a", "1.0.0"),
            (LIBRARY, "0.2.130"),
            (TOOL, "0.2.130"),
            ("wasm-bindgen-shared", "9.9.9"),
        ]);
        compare(&lock).expect("equal");
    }

    #[test]
    fn differing_versions_are_both_named() {
        let error =
            compare(&lock(&[(LIBRARY, "0.2.131"), (TOOL, "0.2.130")])).expect_err("differ").to_string();
        assert!(error.contains("0.2.131") && error.contains("0.2.130"), "{error}");
    }

    #[test]
    fn a_second_version_of_the_library_is_refused() {
        assert!(compare(&lock(&[(LIBRARY, "0.2.100"), (LIBRARY, "0.2.130"), (TOOL, "0.2.130")])).is_err());
        assert!(compare(&lock(&[(TOOL, "0.2.130")])).is_err());
    }
}
