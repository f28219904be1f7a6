//! Installing packages on Debian and its relatives.
//!
//! Asks for the password through `sudo` when not root, waits for another package tool to finish, and never
//! lets apt remove a package to make room.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::needs::Need;
use crate::process;

/// How long apt waits for another package tool, in seconds: unattended upgrades can take minutes after boot.
const LOCK_TIMEOUT_SECS: u32 = 400;

/// Installs what of `needs` the package system does not know as installed.
pub fn ensure(needs: &[&Need], may_install: bool) -> Result<()> {
    let missing = not_installed(needs)?;
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install {
        let packages: Vec<_> = missing.iter().filter_map(|need| need.debian.first().copied()).collect();
        bail!(
            "missing and not installed because of --no-install:\n  sudo apt-get install {}",
            packages.join(" ")
        );
    }
    let mut lists_are_fresh = false;
    let packages = match choose(&missing)? {
        Ok(packages) => packages,
        Err(_) => {
            apt(&["update"])?;
            lists_are_fresh = true;
            choose(&missing)?.map_err(|what| anyhow::anyhow!(no_package(&what)))?
        }
    };
    anstream::eprintln!("      missing: {}", packages.join(" "));
    let installed = install(&packages);
    if installed.is_err() && !lists_are_fresh {
        // Old lists name versions that the mirror has thrown away.
        apt(&["update"])?;
        install(&packages)?;
    } else {
        installed?;
    }
    let still: Vec<_> = not_installed(needs)?.iter().map(|need| need.what).collect();
    if !still.is_empty() {
        bail!("apt-get reported success, but these are still missing: {}", still.join(", "));
    }
    Ok(())
}

fn install(packages: &[&str]) -> Result<()> {
    let mut words = vec!["install", "-y", "--no-install-recommends", "--no-remove"];
    words.extend_from_slice(packages);
    apt(&words)
}

fn no_package(what: &[&str]) -> String {
    format!(
        "this system's package lists have nothing for: {}.\n\
         The application needs Debian 12, Ubuntu 22.04 or newer; check `apt-cache policy` and the sources of apt.",
        what.join(", ")
    )
}

fn not_installed<'a>(needs: &[&'a Need]) -> Result<Vec<&'a Need>> {
    let names = needs.iter().flat_map(|need| need.debian);
    // An unknown package makes dpkg-query fail although it prints the others, so the exit code says nothing.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package}\\t${db:Status-Status}\\n"])
        .args(names)
        .output()
        .context("could not start `dpkg-query`")?;
    let installed = parse_installed(&String::from_utf8_lossy(&output.stdout));
    Ok(needs
        .iter()
        .copied()
        .filter(|need| !need.debian.iter().any(|name| installed.contains(*name)))
        .collect())
}

fn parse_installed(listing: &str) -> BTreeSet<String> {
    let lines = listing.lines().filter_map(|line| line.split_once('\t'));
    lines.filter(|(_, status)| *status == "installed").map(|(name, _)| name.to_owned()).collect()
}

/// The package to install for each need, or the needs for which the lists have none.
fn choose(missing: &[&Need]) -> Result<Result<Vec<&'static str>, Vec<&'static str>>> {
    let names = missing.iter().flat_map(|need| need.debian);
    let output = Command::new("apt-cache")
        .env("LC_ALL", "C")
        .arg("policy")
        .args(names)
        .output()
        .context("could not start `apt-cache`")?;
    Ok(pick(missing, &parse_candidates(&String::from_utf8_lossy(&output.stdout))))
}

fn pick(
    missing: &[&Need],
    candidates: &BTreeMap<String, String>,
) -> Result<Vec<&'static str>, Vec<&'static str>> {
    let mut packages = Vec::new();
    let mut unknown = Vec::new();
    for need in missing {
        match need.debian.iter().find(|name| candidates.contains_key(**name)) {
            Some(name) => packages.push(*name),
            None => unknown.push(need.what),
        }
    }
    if unknown.is_empty() { Ok(packages) } else { Err(unknown) }
}

/// Package → version that would be installed, from `apt-cache policy`.
fn parse_candidates(policy: &str) -> BTreeMap<String, String> {
    let mut candidates = BTreeMap::new();
    let mut package = None;
    for line in policy.lines() {
        if let Some(name) = line.strip_suffix(':')
            && !name.starts_with(' ')
        {
            package = Some(name);
        } else if let Some(version) = line.trim_start().strip_prefix("Candidate: ")
            && version != "(none)"
            && let Some(name) = package
        {
            candidates.insert(name.to_owned(), version.to_owned());
        }
    }
    candidates
}

fn apt(words: &[&str]) -> Result<()> {
    let lock = format!("DPkg::Lock::Timeout={LOCK_TIMEOUT_SECS}");
    let mut line =
        vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", &lock, "-o", "Acquire::Retries=3"];
    line.extend_from_slice(words);
    if !is_root() {
        if process::find_program("sudo").is_none() {
            bail!(
                "installing needs root, and there is no `sudo`. As root, run:\n  apt-get {}",
                words.join(" ")
            );
        }
        anstream::eprintln!("      installing needs root: sudo may ask for your password");
        line.insert(0, "sudo");
    }
    process::run(Command::new(line[0]).args(&line[1..]))
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::super::needs::Probe;
    use super::*;

    const BROWSER: Need =
        Need { what: "a browser", probe: Probe::PackageOnly, debian: &["chromium", "chromium-browser"] };
    const SCREEN: Need = Need { what: "a screen", probe: Probe::PackageOnly, debian: &["xvfb"] };

    #[test]
    fn only_fully_installed_packages_count() {
        let listing = "xvfb\tinstalled\nchromium\tconfig-files\nlld\thalf-configured\nlibc6\tinstalled\nlibc6\tinstalled\n";
        assert_eq!(parse_installed(listing), ["libc6", "xvfb"].map(String::from).into());
        assert!(parse_installed("").is_empty());
    }

    #[test]
    fn a_package_without_a_candidate_is_not_offered() {
        let policy = "chromium:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n\
                      xvfb:\n  Installed: (none)\n  Candidate: 2:21.1.7-3\n  Version table:\n     2:21.1.7-3 500\n";
        let candidates = parse_candidates(policy);
        assert_eq!(candidates, [("xvfb".to_owned(), "2:21.1.7-3".to_owned())].into());
    }

    #[test]
    fn the_first_package_that_exists_is_chosen() {
        let candidate = |name: &str| (name.to_owned(), "1".to_owned());
        let ubuntu = [candidate("chromium-browser"), candidate("xvfb")].into();
        assert_eq!(pick(&[&BROWSER, &SCREEN], &ubuntu), Ok(vec!["chromium-browser", "xvfb"]));
        let debian = [candidate("chromium"), candidate("chromium-browser")].into();
        assert_eq!(pick(&[&BROWSER], &debian), Ok(vec!["chromium"]));
        assert_eq!(pick(&[&BROWSER, &SCREEN], &debian), Err(vec!["a screen"]));
    }
}
