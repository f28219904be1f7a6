//! A model server, asked directly: for what a model takes of memory, and for the baseline without our checks.
//!
//! HTTP/1.0 on a socket of its own, so that this command needs no client: one request, one answer, closed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// A small model on a busy machine may take this long for a whole journey at once.
const PATIENCE: Duration = Duration::from_secs(900);
/// Longest answer read; above what a thousand tokens can be.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

/// An Ollama on this machine.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is, such as `http://127.0.0.1:11434`.
    pub address: String,
}

/// What a model said to a question of the baseline.
pub struct Said {
    pub text: String,
    pub prompt_tokens: u64,
    pub answer_tokens: u64,
    /// It stopped by itself; otherwise the answer ends in the middle.
    pub is_whole: bool,
}

impl Server {
    /// The server that is to be used, if any: `CUSTORY_MODEL_SERVER` is the address of one that runs,
    /// `CUSTORY_MODEL_START` a program that starts one and prints its address.
    pub fn wanted() -> Result<Option<Self>> {
        if let Ok(address) = std::env::var("CUSTORY_MODEL_SERVER") {
            return Ok(Some(Self { address }));
        }
        let Ok(start) = std::env::var("CUSTORY_MODEL_START") else { return Ok(None) };
        let started = Command::new(&start).output().with_context(|| format!("could not start {start}"))?;
        let said = String::from_utf8_lossy(&started.stdout);
        Ok(said.lines().last().map(|it| Self { address: it.trim().to_owned() }))
    }

    /// Memory that a model holds now, in bytes, by the server's own account.
    pub fn memory_bytes(&self, model: &str) -> Option<u64> {
        let loaded = self.request("GET", "/api/ps", "").ok()?;
        let models = loaded["models"].as_array()?;
        models.iter().find(|it| it["name"] == model)?["size"].as_u64()
    }

    /// Asks once, with a form, and checks nothing.
    pub fn ask(&self, model: &str, chance: u32, prompt: &str, schema: &Value) -> Result<Said> {
        let body = json!({
            "model": model,
            "messages": [{ "role": "user", "content": prompt }],
            "stream": false,
            "format": schema,
            "options": {
                "num_ctx": 8_192, "num_predict": 1_500, "seed": chance,
                "temperature": if chance == 0 { 0.0 } else { 0.5 },
            },
        });
        let said = self.request("POST", "/api/chat", &body.to_string())?;
        if let Some(error) = said["error"].as_str() {
            bail!("{model}: {error}");
        }
        Ok(Said {
            text: said["message"]["content"].as_str().unwrap_or_default().to_owned(),
            prompt_tokens: said["prompt_eval_count"].as_u64().unwrap_or_default(),
            answer_tokens: said["eval_count"].as_u64().unwrap_or_default(),
            is_whole: said["done_reason"] == "stop",
        })
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let host = self.address.trim_start_matches("http://").trim_end_matches('/');
        let mut line = TcpStream::connect(host).with_context(|| format!("nobody answers at {host}"))?;
        line.set_read_timeout(Some(PATIENCE))?;
        write!(
            line,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        line.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
        let body = answer.split_once("\r\n\r\n").context("no answer of a server")?.1;
        serde_json::from_str(body)
            .with_context(|| format!("not JSON: {}", body.chars().take(200).collect::<String>()))
    }
}
