//! A real window under a web view driver, as a person sits before it.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus};

/// How long anything may take to appear on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys by name, as the driver writes them.
pub const ALT: &str = "\u{e00a}";
pub const BACKSPACE: &str = "\u{e003}";
pub const CONTROL: &str = "\u{e009}";
pub const DOWN: &str = "\u{e015}";
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const F2: &str = "\u{e032}";
pub const HOME: &str = "\u{e011}";
pub const LEFT: &str = "\u{e012}";
pub const RIGHT: &str = "\u{e014}";
pub const SHIFT: &str = "\u{e008}";
pub const TAB: &str = "\u{e004}";
pub const UP: &str = "\u{e013}";
/// Lets go of every key that is held.
const RELEASE: &str = "\u{e000}";

/// A display: the one there is, or an X server that lives as long as this.
pub struct Display {
    name: String,
    server: Option<Child>,
}

impl Display {
    pub fn find() -> Self {
        if let Ok(name) = std::env::var("DISPLAY") {
            return Self { name, server: None };
        }
        Self::of("1440x900x24")
    }

    /// One of the test's own that is as large as a 4K monitor, for windows of every size.
    pub fn large() -> Self {
        Self::of("3840x2160x24")
    }

    fn of(size: &str) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let mut number = String::new();
        let out = server.stdout.take().expect("Xvfb tells its display");
        BufReader::new(out).read_line(&mut number).expect("Xvfb tells its display");
        Self { name: format!(":{}", number.trim()), server: Some(server) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            server.kill().ok();
            server.wait().ok();
        }
    }
}

/// Takes a person's eyes off the window that has the focus of a display.
pub struct Attention {
    connection: x11rb::rust_connection::RustConnection,
}

impl Attention {
    /// Of a display.
    pub fn on(display: &Display) -> Self {
        Self { connection: x11rb::connect(Some(&display.name)).expect("the display answers").0 }
    }

    /// They look elsewhere.
    pub fn leave(&self) {
        let asked =
            self.connection.set_input_focus(InputFocus::POINTER_ROOT, x11rb::NONE, x11rb::CURRENT_TIME);
        asked.expect("the display hears it").check().expect("the display does it");
    }
}

/// A window on a data folder.
pub struct Window {
    pub client: Client,
    driver: Child,
    data_dir: PathBuf,
}

/// What a window is opened with beside its data folder.
pub struct Surroundings<'a> {
    /// Arguments of the program.
    pub arguments: &'a [&'a str],
    /// How keys are kept, as `CUSTORY_KEYS` says it; as the system offers without.
    pub keys: Option<&'a str>,
    /// A folder of programs that are found before those of the system.
    pub programs: Option<&'a Path>,
    /// A message bus with a keychain on it; without one there is none.
    pub bus: Option<&'a str>,
}

impl Default for Surroundings<'_> {
    fn default() -> Self {
        // The keychain of whoever runs the tests is none of their business.
        Self { arguments: &[], keys: Some("file"), programs: None, bus: None }
    }
}

impl Window {
    /// Opens the window and waits until it can be used.
    pub async fn open(display: &Display, data_dir: &Path) -> Self {
        Self::open_in(display, data_dir, &Surroundings::default()).await
    }

    /// The same, started with arguments.
    pub async fn open_by(display: &Display, data_dir: &Path, arguments: &[&str]) -> Self {
        Self::open_in(display, data_dir, &Surroundings { arguments, ..Surroundings::default() }).await
    }

    /// The same, in surroundings of the test's own.
    pub async fn open_in(display: &Display, data_dir: &Path, around: &Surroundings<'_>) -> Self {
        let port = free_port();
        let home = data_dir.join("home");
        std::fs::create_dir_all(&home).expect("a home folder");
        let mut driver = Command::new("WebKitWebDriver");
        driver.env_remove("CUSTORY_KEYS");
        if let Some(keys) = around.keys {
            driver.env("CUSTORY_KEYS", keys);
        }
        driver.env_remove("DBUS_SESSION_BUS_ADDRESS");
        if let Some(bus) = around.bus {
            driver.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
        if let Some(programs) = around.programs {
            let others = std::env::var_os("PATH").unwrap_or_default();
            let all = [programs.to_owned()].into_iter().chain(std::env::split_paths(&others));
            driver.env("PATH", std::env::join_paths(all).expect("folders of programs"));
        }
        let driver = driver
            .arg(format!("--port={port}"))
            .env("DISPLAY", &display.name)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("CUSTORY_DATA_DIR", data_dir)
            .env("HOSTNAME", "mayas-laptop")
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed");
        let mut capabilities = Capabilities::new();
        capabilities.insert("browserName".into(), json!("wry"));
        let program = env!("CARGO_BIN_EXE_custory-desktop");
        capabilities.insert(
            "webkitgtk:browserOptions".into(),
            json!({ "binary": program, "args": around.arguments }),
        );
        let client = connect(port, capabilities).await;
        Self::driven(client, driver, data_dir)
    }

    /// Whatever page a driver shows, on that data folder.
    pub fn driven(client: Client, driver: Child, data_dir: &Path) -> Self {
        Self { client, driver, data_dir: data_dir.to_owned() }
    }

    /// The element, as soon as it is there.
    pub async fn see(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(50));
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                self.shoot("missing").await;
                let words = self.words().await;
                panic!(
                    "no {css} in the window ({error}); target/screens/missing.png shows it. It says: {words}"
                )
            }
        }
    }

    /// Chooses in the menu that is open or opening, by how the choice begins.
    pub async fn choose(&self, words: &str) {
        self.see("[role=menu]").await;
        let entry = format!(
            "[...document.querySelectorAll('[role=menuitem]')].find(it => it.innerText.trim().startsWith('{words}'))"
        );
        self.until(&format!("!!{entry}")).await;
        self.value(&format!("{entry}.click()")).await;
    }

    /// Clicks on the element, as soon as it is there.
    pub async fn click(&self, css: &str) {
        let element = self.see(css).await;
        self.keep_drawing().await;
        if let Err(error) = element.click().await {
            self.shoot("unclicked").await;
            panic!("cannot click {css}: {error:?}; target/screens/unclicked.png shows the window");
        }
    }

    /// Opens the sample journey from the welcome, and waits for its own screen: the welcome shows a map as well.
    pub async fn open_sample(&self) {
        self.click("#begin-sample").await;
        self.see("#assistant-open").await;
        self.see(".mapv .stp").await;
    }

    /// Moves the pointer over the element.
    pub async fn point_at(&self, css: &str) {
        let element = self.see(css).await;
        self.keep_drawing().await;
        let onto = PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
        let moved = self.client.perform_actions(MouseActions::new("mouse".to_owned()).then(onto)).await;
        moved.unwrap_or_else(|error| panic!("cannot point at {css}: {error}"));
    }

    /// Gives the web view something to draw for the next seconds. Clicks and pictures of the driver wait for a
    /// frame of their own, and where no layers are put together none comes as long as nothing changes.
    async fn keep_drawing(&self) {
        let script = "
            const dot = document.createElement('div');
            dot.ariaHidden = 'true';
            dot.style = 'position: fixed; right: 0; bottom: 0; width: 1px; height: 1px';
            document.documentElement.append(dot);
            let ticks = 0;
            const ticking = setInterval(() => {
                ticks += 1;
                dot.style.background = ticks % 2 ? '#fefefe' : '#fdfdfd';
                if (ticks > 100) { clearInterval(ticking); dot.remove(); }
            }, 50);";
        self.client.execute(script, vec![]).await.unwrap_or_else(|error| panic!("no page: {error}"));
    }

    /// Answers what the page asks for, as soon as it asks.
    pub async fn answer(&self, text: &str) {
        for _ in 0..600 {
            if self.client.send_alert_text(text).await.is_ok() {
                self.client.accept_alert().await.expect("the page takes the answer");
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page asks for nothing")
    }

    /// Waits until the script's expression is true.
    pub async fn until(&self, expression: &str) {
        let script = format!("return !!({expression})");
        for _ in 0..600 {
            let value = self.client.execute(&script, vec![]).await;
            if matches!(value, Ok(Value::Bool(true))) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.shoot("waiting").await;
        let words = self.words().await;
        panic!("never came true: {expression}; target/screens/waiting.png shows the window. It says: {words}")
    }

    /// The words in the window and where the focus is, for whoever has to find out what went wrong.
    async fn words(&self) -> String {
        let script = "return `${document.body.innerText.slice(0, 2000)}\n[focus: ${document.activeElement?.outerHTML.slice(0, 200)}]`";
        let words = self.client.execute(script, vec![]).await;
        words.map_or_else(|error| error.to_string(), |it| it.as_str().unwrap_or_default().to_owned())
    }

    /// What a script's expression comes to.
    pub async fn value(&self, expression: &str) -> Value {
        let script = format!("return ({expression})");
        self.client.execute(&script, vec![]).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until fonts are there, what moves has come to rest, and two frames have been drawn, or nothing has been drawn for a while: where
    /// nothing changes, no frame need come.
    pub async fn settle(&self) {
        let script = "const done = arguments[arguments.length - 1];
            const moved = document.getAnimations().map(it => it.finished.catch(() => {}));
            const late = new Promise(over => setTimeout(over, 500));
            Promise.race([Promise.all([document.fonts.ready, ...moved]), late]).then(() => {
                setTimeout(() => done(true), 500);
                requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
            });";
        self.client.execute_async(script, vec![]).await.unwrap_or_else(|error| panic!("no frame: {error}"));
    }

    /// Presses keys, wherever the focus is. What has it may be drawn anew just then; the keys go to what
    /// takes its place.
    pub async fn press(&self, keys: &str) {
        let mut tries = 0;
        loop {
            let pressed = match self.client.active_element().await {
                Ok(focused) => focused.send_keys(keys).await,
                Err(error) => Err(error),
            };
            match pressed {
                Ok(()) => return,
                Err(error) if error.is_stale_element_reference() && tries < 20 => tries += 1,
                Err(error) => panic!("cannot press keys: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses a key while another one is held.
    pub async fn press_with(&self, held: &str, key: &str) {
        self.press(&format!("{held}{key}{RELEASE}")).await;
    }

    /// Puts a text in place of the focused field's own.
    pub async fn type_over(&self, text: &str) {
        self.press_with(CONTROL, "a").await;
        self.press(text).await;
    }

    /// The same, and confirms it.
    pub async fn replace_with(&self, text: &str) {
        self.type_over(text).await;
        self.press(ENTER).await;
    }

    /// Makes the window so large, and waits until the page is.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("the window has a size");
        self.until(&format!("Math.abs(innerWidth - {width}) < 4 && Math.abs(innerHeight - {height}) < 60"))
            .await;
    }

    /// Keeps a picture of the window.
    pub async fn shoot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screens");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        self.settle().await;
        self.keep_drawing().await;
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("a picture is written");
    }

    /// Ends the program at once, as a power cut would.
    pub fn kill(mut self) -> PathBuf {
        let folder = self.data_dir.to_string_lossy().into_owned();
        for entry in std::fs::read_dir("/proc").expect("/proc").flatten() {
            let program = std::fs::read_link(entry.path().join("exe"));
            let is_shell = program.is_ok_and(|it| it.ends_with("custory-desktop"));
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            if is_shell && String::from_utf8_lossy(&environment).contains(&folder) {
                let pid = entry.file_name();
                let killed = Command::new("kill").arg("-9").arg(&pid).status().expect("kill runs");
                assert!(killed.success(), "the window was running");
            }
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
        self.data_dir
    }

    /// Closes the window as a person would.
    pub async fn close(mut self) {
        self.client.clone().close().await.ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// Starts a session as soon as the driver listens. What it then refuses will be refused again.
pub async fn connect(port: u16, capabilities: Capabilities) -> Client {
    let url = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            let connector = hyper_util::client::legacy::connect::HttpConnector::new();
            let mut builder = ClientBuilder::new(connector);
            let session = builder.capabilities(capabilities).connect(&url).await;
            return session.unwrap_or_else(|error| panic!("the driver starts no session: {error}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the driver does not listen")
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
