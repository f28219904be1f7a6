//! `sync-relay`: hosts a relay, and keeps its data folder in good order.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use custory_sync_relay::config::{Config, FILE_NAME, LISTEN, LogFormat, starting_file};
use custory_sync_relay::{
    Findings, Relay, StoreError, backup, backup_cluster, check, check_cluster, restore, restore_cluster,
};
use tracing_subscriber::EnvFilter;

/// Hosts Custory workspaces: orders, keeps and fans out sealed records that it cannot read.
#[derive(Parser)]
#[command(name = "sync-relay", version)]
struct Arguments {
    /// The file with the settings.
    #[arg(long, short, global = true, env = "SYNC_RELAY_CONFIG", default_value = FILE_NAME)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a file with settings and a fresh token, and says what to do next.
    Init,
    /// Runs the relay until it is told to stop.
    Serve {
        /// Keep everything in this NATS cluster (nats://host:4222,…) instead of the data folder.
        #[arg(long, value_name = "ADDRESSES")]
        store: Option<String>,
        /// Use the cluster although it can lose acknowledged edits.
        #[arg(long)]
        allow_lossy: bool,
    },
    /// Copies everything, on NATS the cluster, into a new folder, also while the relay runs.
    Backup {
        /// The new folder.
        to: PathBuf,
    },
    /// Brings a copy back into an empty data folder or cluster. Clients then bring what it lacks.
    Restore {
        /// The copy.
        from: PathBuf,
    },
    /// Reads everything and compares it with its hashes, chains and signatures. The relay must not run,
    /// except on NATS.
    Check,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            // There is nowhere left to say so if standard error is closed.
            writeln!(std::io::stderr(), "sync-relay: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match &arguments.command {
        Command::Init => init(&arguments.config, &mut out)?,
        Command::Serve { store, allow_lossy } => {
            let mut config = read(&arguments.config, store.is_some())?;
            config.store = store.clone().or(config.store);
            config.nats.allow_lossy |= allow_lossy;
            serve(&config)?;
        }
        Command::Backup { to } => {
            let config = read(&arguments.config, false)?;
            match config.store {
                Some(_) => waiting(backup_cluster(&config, to))?,
                None => backup(&config.data_dir, to)?,
            }
            writeln!(
                out,
                "Copied to {}. It holds the relay's key: keep it as safe as the relay.",
                to.display()
            )?;
        }
        Command::Restore { from } => {
            let config = read(&arguments.config, false)?;
            match config.store {
                Some(_) => waiting(restore_cluster(&config, from))?,
                None => restore(from, &config.data_dir)?,
            }
            let folder = config.data_dir.display().to_string();
            let place = if config.store.is_some() { "the cluster" } else { &folder };
            writeln!(out, "Restored into {place} as a new life of this relay.")?;
        }
        Command::Check => {
            let config = read(&arguments.config, false)?;
            let found = match config.store {
                Some(_) => waiting(check_cluster(&config))?,
                None => check(&config.data_dir)?,
            };
            return report(&found, &mut out);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings. Without a file at the usual place the environment, or the command, may say everything.
fn read(file: &Path, does_command_say: bool) -> Result<Config> {
    let does_environment_say = || std::env::vars().any(|(name, _)| name.starts_with("SYNC_RELAY_"));
    if file == Path::new(FILE_NAME) && !file.exists() && (does_command_say || does_environment_say()) {
        return Ok(Config::from_env()?);
    }
    Config::read(file).with_context(|| format!("the settings in {}", file.display()))
}

/// Does what a cluster is asked for, and waits for it.
fn waiting<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work)?)
}

fn init(file: &Path, out: &mut impl Write) -> Result<()> {
    let token = fresh_token()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut it) => it.write_all(starting_file(&token).as_bytes())?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; remove it to begin anew", file.display());
        }
        Err(error) => return Err(error).with_context(|| file.display().to_string()),
    }
    writeln!(out, "Wrote {}. Start the relay by the same command with `serve` for `init`.", file.display())?;
    writeln!(out, "To make a team on it, Custory asks for these; those who are invited need neither.")?;
    writeln!(out, "  Address: {LISTEN}")?;
    writeln!(out, "  Token:   {token}")?;
    Ok(())
}

fn fresh_token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the operating system gives no randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn serve(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_from_env("SYNC_RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let relay = Relay::start(config.clone()).await?;
        stop_signal().await?;
        relay.drain().await;
        Ok(())
    })
}

#[cfg(unix)]
async fn stop_signal() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupt = tokio::signal::ctrl_c() => interrupt?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn stop_signal() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}

fn report(found: &Findings, out: &mut impl Write) -> Result<ExitCode> {
    writeln!(
        out,
        "{} workspaces, {} logs, {} records, {} snapshots read.",
        found.workspaces, found.logs, found.records, found.blobs
    )?;
    for unused in &found.unused_blobs {
        writeln!(out, "Unused, may be removed: {}", unused.display())?;
    }
    for problem in &found.problems {
        writeln!(out, "Damaged: {problem}")?;
    }
    if found.problems.is_empty() {
        writeln!(out, "Everything is as it was written.")?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}
