//! The same interface in headless Chromium, served by `custory-devhost` with the real engine behind it: for what
//! the web view's driver cannot do, such as sizes of a page and rules for it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::window::{Window, connect, free_port};

/// Checks pages against the Web Content Accessibility Guidelines; `axe/LICENSE` is its own.
const AXE: &str = include_str!("axe/axe.min.js");

/// Runs those rules that WCAG 2.2 AA rests on, and answers what breaks them.
const RUN_AXE: &str = "
    const done = arguments[arguments.length - 1];
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }).then(
        (found) => done(found.violations.flatMap((it) => it.nodes.map((node) =>
            `${it.id}: ${node.target.join(' ')}: ${node.html.slice(0, 160)} ${node.any.concat(node.all).map((why) => why.message).join('; ')}`))),
        (error) => done([`axe failed: ${error}`]));";

/// A page in Chromium.
pub struct Browser {
    pub window: Window,
    host: Host,
}

impl Browser {
    /// Opens it on a data folder, in a window of that size.
    pub async fn open(data_dir: &Path, (width, height): (u32, u32)) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = Path::new(env!("CARGO_BIN_EXE_custory-desktop")).with_file_name("custory-devhost");
        let mut host = Command::new(program)
            .arg("--data-dir")
            .arg(data_dir)
            .arg("--dist")
            .arg(root.join("dist"))
            .env("CUSTORY_KEYS", "file")
            .stdout(Stdio::piped())
            .spawn()
            .expect("custory-devhost is built");
        let mut address = String::new();
        let out = host.stdout.take().expect("it tells its address");
        BufReader::new(out).read_line(&mut address).expect("it tells its address");

        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed");
        let arguments = json!([
            "--headless=new",
            // Tests run as root on some machines, and there Chromium has no sandbox of its own.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            // Half-way through a transition a colour is neither the one nor the other.
            "--force-prefers-reduced-motion",
            format!("--window-size={width},{height}"),
        ]);
        let mut capabilities = Capabilities::new();
        capabilities.insert("browserName".into(), json!("chrome"));
        capabilities.insert("goog:chromeOptions".into(), json!({ "args": arguments }));
        let client = connect(port, capabilities).await;
        client.goto(address.trim()).await.expect("the page opens");
        let browser = Self { window: Window::driven(client, driver, data_dir), host: Host(host) };
        browser.load_axe().await;
        browser
    }

    /// Puts the rules into the page, which forgets them when it is opened anew.
    pub async fn load_axe(&self) {
        self.window.client.execute(AXE, vec![]).await.expect("axe is loaded");
    }

    /// What on the page breaks a rule of accessibility, one line each.
    pub async fn barriers(&self) -> Vec<String> {
        self.window.settle().await;
        match self.window.client.execute_async(RUN_AXE, vec![]).await.expect("axe runs") {
            Value::Array(found) => {
                found.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
            }
            other => panic!("axe answers a list, not {other}"),
        }
    }

    /// Closes it.
    pub async fn close(self) {
        let Self { window, host } = self;
        window.close().await;
        drop(host);
    }
}

/// The program that serves the page, for as long as it is wanted.
struct Host(Child);

impl Drop for Host {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
