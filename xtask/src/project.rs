//! Where things are: the repository, cargo, and what cargo knows about the workspace.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::{Metadata, MetadataCommand};

/// The repository this command was built from.
pub struct Project {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// The cargo that started us, so that every step uses the same toolchain.
    pub cargo: PathBuf,
    /// Where cargo puts what it builds for this machine.
    pub target: PathBuf,
    /// The oldest compiler the workspace allows, such as `1.90`.
    pub oldest_rust: Option<(u64, u64)>,
}

impl Project {
    /// Finds the repository. Asks cargo only for the workspace itself, so that it works without a network.
    pub fn locate() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask has no folder above it; start it with `cargo xtask` inside the repository")?
            .to_owned();
        let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        let metadata = command(&root, &cargo)
            .no_deps()
            .exec()
            .context("cargo could not read the workspace; `cargo metadata --no-deps` shows why")?;
        let oldest_rust = metadata
            .packages
            .iter()
            .find_map(|package| package.rust_version.as_ref())
            .map(|version| (version.major, version.minor));
        Ok(Self { root, cargo, target: metadata.target_directory.into_std_path_buf(), oldest_rust })
    }

    /// The workspace with its resolved dependencies.
    pub fn metadata(&self) -> Result<Metadata> {
        command(&self.root, &self.cargo)
            .exec()
            .context("cargo could not resolve the workspace; `cargo metadata` shows why")
    }

    /// The compiler beside [`Self::cargo`], or whatever `rustc` is found first.
    pub fn rustc(&self) -> PathBuf {
        if let Some(rustc) = std::env::var_os("RUSTC") {
            return rustc.into();
        }
        let beside = self.cargo.with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        if beside.is_file() { beside } else { PathBuf::from("rustc") }
    }

    /// A program this workspace builds.
    pub fn built(&self, program: &str, release: bool) -> PathBuf {
        let folder = if release { "release" } else { "debug" };
        self.target.join(folder).join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
    }
}

fn command(root: &Path, cargo: &Path) -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo).current_dir(root);
    command
}
