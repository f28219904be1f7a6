//! Every call of another program, one JSON object a line, in the data folder: who may read journeys can be
//! looked up later.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use custory_engine::{Clock, SystemClock};
use rmcp::model::JsonObject;
use serde_json::json;

/// Its name in the data folder.
pub(super) const FILE: &str = "mcp-calls.jsonl";
/// A longer log begins anew; the one before is kept beside it.
const BYTES_MAX: u64 = 5 << 20;

/// Where calls are noted.
pub(super) struct Log(Mutex<File>);

impl Log {
    /// Goes on with the log of a data folder.
    ///
    /// # Errors
    /// When the file cannot be written: a program that cannot be watched is not let in.
    pub fn open(data_dir: &Path) -> std::io::Result<Self> {
        let path = data_dir.join(FILE);
        if std::fs::metadata(&path).is_ok_and(|it| it.len() > BYTES_MAX) {
            std::fs::rename(&path, old(&path))?;
        }
        OpenOptions::new().create(true).append(true).open(path).map(|it| Self(Mutex::new(it)))
    }

    /// Notes a call before it is answered, so that one that ends the program is there too.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn call(&self, program: &str, what: &str, arguments: &JsonObject) -> std::io::Result<()> {
        let at = SystemClock.now().0;
        let line = json!({ "at": at, "program": program, "call": what, "arguments": arguments });
        self.write(&line)
    }

    /// Notes how it ended.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(&self, what: &str, problem: Option<&str>) -> std::io::Result<()> {
        self.write(&json!({ "at": SystemClock.now().0, "ended": what, "refused": problem }))
    }

    fn write(&self, line: &serde_json::Value) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(file, "{line}")
    }
}

fn old(path: &Path) -> PathBuf {
    path.with_extension("old.jsonl")
}
