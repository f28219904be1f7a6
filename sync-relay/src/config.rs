//! How a relay is set up: one TOML file, and environment variables that override it.
//!
//! Every setting has a default that suits a small team, so an empty file is a valid one. A name that is not
//! known is an error, never ignored: a misspelt limit would silently be no limit.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// Where clients connect unless something else is set.
pub const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7741);

/// The file that is read when none is named.
pub const FILE_NAME: &str = "sync-relay.toml";

/// What environment variables start with: `SYNC_RELAY_LISTEN`, `SYNC_RELAY_LIMITS__CONNECTIONS_MAX`.
pub const ENV_PREFIX: &str = "SYNC_RELAY_";

/// Variables with the prefix that are no settings: the command line's own.
const ENV_OF_THE_COMMAND: &[&str] = &["config", "log"];

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where clients connect.
    pub listen: SocketAddr,
    /// Where `/metrics` is answered besides the health checks; nowhere if not set.
    pub admin_listen: Option<SocketAddr>,
    /// The one folder that holds everything: database, snapshots, the relay's key. A path that is not absolute
    /// starts at the file's folder.
    pub data_dir: PathBuf,
    /// The NATS cluster that keeps everything instead of the data folder, as `nats://host:4222`, several with commas
    /// between them. The folder then holds the relay's key only.
    pub store: Option<String>,
    /// How a NATS cluster is used.
    pub nats: Nats,
    /// Who may create a workspace.
    pub workspaces: Workspaces,
    /// Certificate and key, if the relay speaks TLS itself.
    pub tls: Option<Tls>,
    /// Whether a proxy in front states the client's address in `X-Forwarded-For`. Off, the header is ignored.
    pub behind_proxy: bool,
    /// How logs are written.
    pub log_format: LogFormat,
    /// Sizes, counts and rates that bound what one client can cost.
    pub limits: Limits,
}

/// Who may create a workspace on this relay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workspaces {
    /// The rule.
    pub create: Creation,
    /// What `create = "token"` accepts. Any one of them will do; take one out to end its use.
    pub tokens: Vec<String>,
}

/// The rule for new workspaces. Whoever is a member of a workspace that exists is not affected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Creation {
    /// Whoever can reach the relay.
    Open,
    /// Whoever shows one of the tokens.
    #[default]
    Token,
    /// Nobody.
    Closed,
}

/// How a NATS cluster is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nats {
    /// A user of the cluster's system account, as `nats://user:password@host:4222`. Only that account is told how
    /// servers keep data, and a relay that cannot find out does not start.
    pub system: Option<String>,
    /// Certificates to trust besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// On how many servers each record is. Fewer than three do not survive the loss of one.
    pub replicas: usize,
    /// Over how many streams workspaces are spread. Chosen by the first relay of a cluster, for good.
    pub partitions: u16,
    /// Whether to use a cluster that can lose what was acknowledged.
    pub allow_lossy: bool,
}

impl Default for Nats {
    fn default() -> Self {
        Self { system: None, ca_file: None, replicas: 3, partitions: 64, allow_lossy: false }
    }
}

/// Files of the certificate chain and its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The chain, leaf first.
    pub certificate_file: PathBuf,
    /// The leaf's private key.
    pub key_file: PathBuf,
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: LISTEN,
            admin_listen: None,
            data_dir: PathBuf::from("data"),
            store: None,
            nats: Nats::default(),
            workspaces: Workspaces::default(),
            tls: None,
            behind_proxy: false,
            log_format: LogFormat::default(),
            limits: Limits::default(),
        }
    }
}

/// Why a configuration is not usable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, unknown or of the wrong kind; the text names the place.
    #[error("{0}")]
    Unreadable(Box<figment::Error>),
    /// The file is not there.
    #[error("there is no file {}; `sync-relay init` writes one", .0.display())]
    NoFile(PathBuf),
    /// Values that do not go together.
    #[error("{0}")]
    Senseless(String),
}

impl Config {
    /// Reads the file and lays the environment over it.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        if !file.is_file() {
            return Err(ConfigError::NoFile(file.to_owned()));
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        Self::from_figment(
            &Figment::from(Serialized::defaults(Self::default())).merge(Toml::file_exact(file)),
            folder,
        )
    }

    /// The defaults with the environment laid over them, for a start without a file.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_figment(&Figment::from(Serialized::defaults(Self::default())), Path::new(""))
    }

    fn from_figment(figment: &Figment, folder: &Path) -> Result<Self, ConfigError> {
        let env = Env::prefixed(ENV_PREFIX).ignore(ENV_OF_THE_COMMAND).split("__");
        let mut config: Self =
            figment.clone().merge(env).extract().map_err(|error| ConfigError::Unreadable(Box::new(error)))?;
        config.data_dir = folder.join(&config.data_dir);
        if let Some(file) = &mut config.nats.ca_file {
            *file = folder.join(&file);
        }
        if let Some(tls) = &mut config.tls {
            tls.certificate_file = folder.join(&tls.certificate_file);
            tls.key_file = folder.join(&tls.key_file);
        }
        config.validate()?;
        Ok(config)
    }

    /// Says what does not go together.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let senseless = |text: &str| Err(ConfigError::Senseless(text.to_owned()));
        if self.workspaces.create == Creation::Token && self.workspaces.tokens.is_empty() {
            return senseless(
                "workspaces.create is \"token\" but workspaces.tokens is empty: add one, or say \"open\" or \"closed\"",
            );
        }
        if self.workspaces.tokens.iter().any(|token| token.len() < TOKEN_CHARS_MIN) {
            return senseless(
                "a token in workspaces.tokens is shorter than 16 characters and could be guessed",
            );
        }
        if self.store.as_ref().is_some_and(|it| !it.starts_with("nats://") && !it.starts_with("tls://")) {
            return senseless("store is the address of a NATS cluster, such as \"nats://host:4222\"");
        }
        if !(1..=5).contains(&self.nats.replicas) || !(1..=PARTITIONS_MAX).contains(&self.nats.partitions) {
            return senseless("nats.replicas is from 1 to 5, nats.partitions from 1 to 256");
        }
        self.limits.validate().map_err(ConfigError::Senseless)
    }
}

/// More streams than this would burden a cluster more than they spread its load.
const PARTITIONS_MAX: u16 = 256;

/// Shorter tokens could be found by trying.
const TOKEN_CHARS_MIN: usize = 16;

/// The file `sync-relay init` writes, with its one secret filled in.
pub fn starting_file(token: &str) -> String {
    format!(
        "# Settings of this relay. All others, with their defaults, are in docs/relay.md.\n\
         # Each can be overridden by the environment: SYNC_RELAY_LISTEN, SYNC_RELAY_LIMITS__CONNECTIONS_MAX, ...\n\n\
         # Where clients connect. Use 0.0.0.0:7741 to be reachable from other machines.\n\
         listen = \"{LISTEN}\"\n\n\
         # Everything is in this one folder.\n\
         data_dir = \"data\"\n\n\
         # Metrics for Prometheus, and health checks. Keep it to addresses you trust.\n\
         # admin_listen = \"127.0.0.1:7742\"\n\n\
         [workspaces]\n\
         # Who may create a workspace: \"open\" (anyone), \"token\" (who shows one of the tokens) or \"closed\".\n\
         create = \"token\"\n\
         tokens = [\"{token}\"]\n\n\
         # [tls]\n\
         # certificate_file = \"fullchain.pem\"\n\
         # key_file = \"privkey.pem\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        std::fs::write(&file, text).unwrap();
        Config::read(&file)
    }

    #[test]
    fn the_file_that_init_writes_is_valid_and_asks_for_its_token() {
        let config = read(&starting_file("0123456789abcdef")).unwrap();
        assert_eq!(config.workspaces.create, Creation::Token);
        assert_eq!(config.workspaces.tokens, ["0123456789abcdef"]);
        assert_eq!(config.limits, Limits::default());
        assert!(config.data_dir.is_absolute(), "a path starts at the file's folder");
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let message = read("[limits]\nrecord_byte_max = 5\n").unwrap_err().to_string();
        assert!(message.contains("record_byte_max"), "{message}");
    }

    #[test]
    fn settings_that_protect_nothing_are_refused() {
        assert!(read("[workspaces]\ncreate = \"token\"\n").is_err(), "no token to show");
        assert!(read("[workspaces]\ncreate = \"token\"\ntokens = [\"short\"]\n").is_err());
        assert!(read("[workspaces]\ncreate = \"open\"\n[limits]\nconnections_max = 0\n").is_err());
    }

    #[test]
    fn every_limit_can_be_set() {
        let text = "[workspaces]\ncreate = \"closed\"\n[limits]\nworkspace_bytes_max = 1024\nhandshakes_per_sec = 3\n";
        let limits = read(text).unwrap().limits;
        assert_eq!((limits.workspace_bytes_max, limits.handshakes_per_sec), (1024, 3));
    }
}
