//! Rules that one sees by reading a file: it says what it is for, it is not too long, it names no machine, skips
//! no test, asks no clock of its own, and keeps Tauri in its place.

use super::Finding;
use super::files::File;
use crate::project::Project;

/// A file this long answers more than one question. (Look again near 300.)
const LINES_MAX: usize = 600;

/// Folders that are there on one machine and not on the next. Only paths *into* them count.
const MACHINE_FOLDERS: &[&str] =
    &["/builds/", "/home/", "/mnt/", "/root/", "/tmp/", "/Users/", "/work/", "/workspace/", "C:\\Users\\"];

/// The homes of nobody in particular, as examples name them.
const NOBODY: &[&str] = &["me/", "you/"];

/// Ways to ask for the present time. Clippy knows the first two as well; the others are other crates'.
const CLOCKS: &[&str] = &[
    "SystemTime::now(",
    "Instant::now(",
    "Date::now(",
    "Date::new_0(",
    "Local::now(",
    "Timestamp::now(",
    "Utc::now(",
    "Zoned::now(",
];

/// Where the present time may be asked for: the engine's clock, the interface's one door to the browser, and what
/// measures or waits for real.
const CLOCK_OWNERS: &[&str] =
    &["crates/engine/src/clock.rs", "sync-relay/src/clock.rs", "ui/src/host", "xtask/", "tests/"];

/// How the web view's side of Tauri is called; only the interface's host file may know it.
const TAURI_IN_THE_PAGE: &str = "__TAURI";

/// All findings in one file.
pub fn check(file: &File, places: &[String]) -> Vec<Finding> {
    let mut findings = machine_paths(file, places);
    if file.path.ends_with(".rs") {
        findings.extend(whole_file(file));
        findings.extend(lines(file));
    }
    findings
}

/// The folders of whoever runs this, which no file should name either.
pub fn places_of_this_machine(project: &Project) -> Vec<String> {
    let home = std::env::home_dir().into_iter();
    let places = home.chain([project.root.clone()]).map(|path| path.to_string_lossy().into_owned());
    // A very short one, such as `/` or `/app`, would be found in paths that mean something else.
    places.filter(|place| place.len() > "/root".len()).collect()
}

fn machine_paths(file: &File, places: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let into = MACHINE_FOLDERS.iter().find(|folder| leads_into(line, folder));
        let here = places.iter().find(|place| line.contains(place.as_str()));
        if let Some(path) = into.copied().or(here.map(String::as_str)) {
            findings.push(Finding::new(at(file, index), format!("names a place on one machine ({path}…)")));
        }
    }
    findings
}

/// Whether the line has a path that starts at `folder` and goes on below it.
fn leads_into(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let rest = &line[start + folder.len()..];
        let starts_here =
            before.is_none_or(|letter| !letter.is_alphanumeric() && !"./_-}*~:".contains(letter));
        let goes_on = rest.starts_with(|letter: char| letter.is_alphanumeric() || "._-".contains(letter));
        starts_here && goes_on && !NOBODY.iter().any(|name| rest.starts_with(name))
    })
}

fn whole_file(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !first.starts_with("//!") {
        findings.push(Finding::new(&file.path, "does not open with `//!` and what it is for"));
    }
    let count = file.text.lines().count();
    if count > LINES_MAX {
        findings.push(Finding::new(
            &file.path,
            format!("has {count} lines, more than {LINES_MAX}; split it by question"),
        ));
    }
    findings
}

fn lines(file: &File) -> Vec<Finding> {
    let measures = file.path.contains("/tests/") || file.path.contains("/benches/");
    let owns_clock = measures || CLOCK_OWNERS.iter().any(|owner| file.path.starts_with(owner));
    let is_host = file.path.starts_with("ui/src/host") || !file.path.starts_with("ui/");
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if code.starts_with("#[ignore") {
            findings.push(Finding::new(at(file, index), "skips a test; make it pass or take it out"));
        }
        if let Some(clock) = CLOCKS.iter().find(|clock| code.contains(**clock))
            && !owns_clock
        {
            findings.push(Finding::new(
                at(file, index),
                format!("asks for the time itself ({clock}…)); it comes in as an argument"),
            ));
        }
        if code.contains(TAURI_IN_THE_PAGE) && !is_host {
            findings.push(Finding::new(at(file, index), "knows Tauri; only ui/src/host does"));
        }
    }
    findings
}

fn at(file: &File, index: usize) -> String {
    format!("{}:{}", file.path, index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        check(&file, &["/somewhere/of/mine".to_owned()])
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let home = format!("see `/{}/ada/notes`", "home");
        let mounted = format!("\"/{}/disk\"", "mnt");
        for line in [home.as_str(), &mounted, "cd /somewhere/of/mine/crates"] {
            assert_eq!(problems("docs/a.md", line).len(), 1, "{line}");
        }
    }

    #[test]
    fn other_paths_pass() {
        let site = format!("https://example.org/{}/ada", "home");
        let nobody = format!("\"/{}/me/guide.pdf\"", "home");
        for line in
            [site.as_str(), &nobody, "the folder /home/ of a person", "/usr/share/doc", "~/work", "src/tmp/x"]
        {
            assert!(problems("docs/a.md", line).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_module_says_what_it_is_for() {
        assert_eq!(problems("crates/x/src/a.rs", "use std::fs;\n").len(), 1);
        assert!(problems("crates/x/src/a.rs", "\n//! Why it is here.\nuse std::fs;\n").is_empty());
        assert!(problems("docs/a.md", "no module").is_empty());
    }

    #[test]
    fn long_files_are_found() {
        let file = |lines: usize| format!("//! Long.\n{}", "fn f() {}\n".repeat(lines - 1));
        assert!(problems("crates/x/src/a.rs", &file(LINES_MAX)).is_empty());
        assert_eq!(problems("crates/x/src/a.rs", &file(LINES_MAX + 1)).len(), 1);
    }

    #[test]
    fn skipped_tests_and_own_clocks_are_found() {
        let with = |line: &str| format!("//! Why.\n    {line}\n");
        assert_eq!(problems("crates/x/src/a.rs", &with("#[ignore = \"slow\"]")).len(), 1);
        assert_eq!(problems("crates/x/src/a.rs", &with("let now = jiff::Timestamp::now();")).len(), 1);
        for path in ["crates/engine/src/clock.rs", "crates/x/benches/a.rs", "tests/window.rs"] {
            assert!(problems(path, &with("SystemTime::now()")).is_empty(), "{path}");
        }
        assert!(problems("crates/x/src/a.rs", &with("// never Instant::now()")).is_empty());
    }

    #[test]
    fn only_the_host_file_of_the_interface_knows_tauri() {
        let text = "//! Why.\nconst X: &str = \"__TAURI_INTERNALS__\";\n";
        assert!(problems("ui/src/host.rs", text).is_empty());
        assert!(problems("src-tauri/src/lib.rs", text).is_empty());
        assert_eq!(problems("ui/src/views/map/mod.rs", text).len(), 1);
    }
}
