//! NATS servers, each a process of its own on loopback.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use async_nats::{Client, ConnectOptions};
use backon::{BlockingRetryable, ConstantBuilder};

/// How often a server is looked for while it starts.
const STEP: Duration = Duration::from_millis(20);
const STEPS_MAX: usize = 1_000;

/// A running server.
pub struct Server {
    child: Child,
    pub name: String,
    port: u16,
}

/// A server that is part of a cluster.
pub struct Seat {
    name: String,
    port: u16,
    route: u16,
}

/// The program. Without one the tests of this file's kind are left out, which ends them here: nothing of them could
/// be looked at.
fn program() -> PathBuf {
    let fetched = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools").join("nats-server");
    let named = std::env::var_os("CUSTORY_NATS_SERVER").map(PathBuf::from);
    let Some(found) = named.into_iter().chain([fetched]).find(|it| it.is_file()) else {
        let advice = "`cargo xtask test` fetches nats-server; CUSTORY_NATS_SERVER names one that is there";
        assert!(std::env::var_os("CI").is_none(), "no NATS server, and this is CI: {advice}");
        eprintln!("LEFT OUT: the tests of the relay on NATS, because there is no NATS server. {advice}");
        std::process::exit(0);
    };
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Accounts as the guide for hosts shows them.
const ACCOUNTS: &str = "
accounts {
  SYS { users = [{ user: sys, password: sys-secret }] }
  RELAY { jetstream: enabled, users = [{ user: relay, password: relay-secret }] }
}
system_account: SYS
";

impl Server {
    /// One server. `sync` is when it writes: \"always\", or a time.
    pub fn alone(folder: &Path, sync: &str) -> Self {
        let seat = Seat { name: "alone".to_owned(), port: free_port(), route: 0 };
        Self::start(folder, &seat, sync, "")
    }

    /// As many servers as there are folders, in one cluster.
    pub fn cluster(folders: &[PathBuf]) -> Vec<Self> {
        let seats: Vec<_> = (1..=folders.len())
            .map(|number| Seat { name: format!("n{number}"), port: free_port(), route: free_port() })
            .collect();
        let routes: Vec<_> = seats.iter().map(|it| format!("nats://127.0.0.1:{}", it.route)).collect();
        let start = |(seat, folder): (&Seat, &PathBuf)| {
            let cluster = format!(
                "cluster {{ name: test, listen: \"127.0.0.1:{}\", routes: [{}] }}",
                seat.route,
                routes.join(", ")
            );
            Self::begin(folder, seat, "always", &cluster)
        };
        let servers: Vec<_> = seats.iter().zip(folders).map(start).collect();
        servers.iter().for_each(Self::wait);
        servers
    }

    fn start(folder: &Path, seat: &Seat, sync: &str, more: &str) -> Self {
        let server = Self::begin(folder, seat, sync, more);
        server.wait();
        server
    }

    fn begin(folder: &Path, seat: &Seat, sync: &str, more: &str) -> Self {
        fs::create_dir_all(folder).unwrap();
        let file = folder.join("nats.conf");
        let text = format!(
            "server_name: {}\nlisten: \"127.0.0.1:{}\"\n{ACCOUNTS}{more}\n\
             jetstream {{ store_dir: \"{}\", sync_interval: {sync} }}\n",
            seat.name,
            seat.port,
            folder.display()
        );
        fs::write(&file, text).unwrap();
        let log = fs::File::create(folder.join("nats.log")).unwrap();
        let child = Command::new(program())
            .arg("--config")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, name: seat.name.clone(), port: seat.port }
    }

    /// Returns when it takes connections.
    fn wait(&self) {
        let connect = || std::net::TcpStream::connect(("127.0.0.1", self.port));
        let often = ConstantBuilder::default().with_delay(STEP).with_max_times(STEPS_MAX);
        connect.retry(often).sleep(std::thread::sleep).call().unwrap();
    }

    pub fn url(&self) -> String {
        format!("nats://relay:relay-secret@127.0.0.1:{}", self.port)
    }

    pub fn system_url(&self) -> String {
        format!("nats://sys:sys-secret@127.0.0.1:{}", self.port)
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A connection of the tests themselves.
pub async fn connect(url: &str) -> Client {
    let options = ConnectOptions::new().user_and_password("relay".to_owned(), "relay-secret".to_owned());
    options.connect(url.split(',').collect::<Vec<_>>()).await.unwrap()
}
