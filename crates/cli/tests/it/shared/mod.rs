//! Runs the real program on a data folder of its own, and looks quotes up in what it read.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder, and the program on it.
pub struct Custory {
    pub data: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Custory {
    pub fn new() -> Self {
        Self { data: tempfile::tempdir().expect("a folder") }
    }

    /// With a journey on it that has everything for a fix to go its whole way.
    pub fn with_the_loop() -> Self {
        let custory = Self::new();
        let file = custory.data.path().join("loop.json");
        std::fs::write(&file, include_str!("loop.json")).expect("a file");
        custory.out(&["import", file.to_str().expect("a path")]);
        custory
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_on(arguments, "")
    }

    /// Runs with a text on standard input.
    pub fn run_on(&self, arguments: &[&str], input: &str) -> Run {
        self.run_with(arguments, input, &[("CUSTORY_KEYS", "file")])
    }

    /// Runs with a text on standard input, in an environment.
    pub fn run_with(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_custory"))
            .arg("--data-dir")
            .arg(self.data.path())
            .args(arguments)
            .env_remove("CUSTORY_LOG")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A program that needs no input may have gone already.
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        let done = child.wait_with_output().expect("the program ends");
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Run { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// Runs what must succeed, and gives its output.
    pub fn out(&self, arguments: &[&str]) -> String {
        self.run(arguments).succeeded()
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.out(arguments)).expect("the output is JSON")
    }

    pub fn database(&self) -> PathBuf {
        self.data.path().join("custory.db")
    }
}

impl Run {
    #[track_caller]
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// It failed in the way asked for, printed nothing as a result, and said these things.
    #[track_caller]
    pub fn refused(self, code: i32, says: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.out, "", "a failure is no result");
        for it in says {
            assert!(self.err.contains(it), "“{it}” in {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

/// Material of a made-up product: a repository or a website.
pub fn material(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../drafting/tests/it/fixtures").join(name)
}

/// Everything in a draft that must cite: its title with its sources.
pub fn elements(draft: &Value) -> Vec<(&str, &Vec<Value>)> {
    let mut elements = Vec::new();
    for stage in draft["stages"].as_array().expect("stages") {
        for step in stage["steps"].as_array().expect("steps") {
            let items = step["items"].as_array().expect("items");
            for it in std::iter::once(step).chain(items) {
                let title = it["title"].as_str().expect("a title");
                elements.push((title, it["sources"].as_array().expect("sources")));
            }
        }
    }
    elements
}

/// Asserts that every element cites something, and that each quote stands in its source. `text_of`
/// gives the source as it lies on the disk or is served.
#[track_caller]
pub fn assert_cited(draft: &Value, text_of: impl Fn(&str) -> String) {
    let elements = elements(draft);
    assert!(elements.len() > 10, "{draft}");
    for (title, sources) in elements {
        assert!(!sources.is_empty(), "{title} cites nothing");
        for cite in sources {
            let (source, quote) = (cite["source"].as_str().expect("a source"), &cite["quote"]);
            let text = text_of(source);
            let text = match cite["locator"]["lines"].as_array() {
                Some(lines) => lines_of(&text, lines),
                None => text,
            };
            let quote = plain(quote.as_str().expect("a quote"));
            assert!(!quote.is_empty(), "{title} cites nothing");
            assert!(plain(&text).contains(&quote), "“{quote}” at {} of {source}:\n{text}", cite["locator"]);
        }
    }
}

fn lines_of(text: &str, lines: &[Value]) -> String {
    let line = |at: usize| lines[at].as_u64().expect("a line") as usize;
    let (first, last) = (line(0), line(1));
    assert!(1 <= first && first <= last && last <= text.lines().count(), "{lines:?}");
    text.lines().skip(first - 1).take(last + 1 - first).collect::<Vec<_>>().join("\n")
}

/// Text without the signs of Markdown, with single spaces: what a reader of the page sees.
fn plain(text: &str) -> String {
    let kept: String = text.chars().filter(|it| !matches!(it, '*' | '_' | '`' | '#' | '>' | '|')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a page, as a reader sees it.
pub fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for (at, piece) in html.split('<').enumerate() {
        let (tag, words) = if at == 0 { ("", piece) } else { piece.split_once('>').unwrap_or_default() };
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if !matches!(name, "a" | "b" | "code" | "em" | "i" | "span" | "strong") {
            text.push(' ');
        }
        text.push_str(words);
    }
    text.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"").replace("&nbsp;", " ")
}
