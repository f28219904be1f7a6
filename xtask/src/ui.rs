//! The interface: compiled to WebAssembly, finished by wasm-bindgen, and laid out in `dist/`.
//!
//! `dist/` belongs to this module alone: what is not part of the interface is removed from it, and a file that
//! did not change is not written again, so that the application is rebuilt only when the interface differs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::project::Project;
use crate::step::{Context, Outcome, Step, run_all};
use crate::wasm::{self, TARGET};

/// Package, program and name of the finished files; `ui/boot.js` loads `custory-ui.js`.
const NAME: &str = "custory-ui";

/// Files of the interface that live beside its code.
const PAGE: &[&str] = &["index.html", "boot.js"];

/// Everything else that is served as it is: styles, fonts, icons. Its folders are kept.
const STATIC: &str = "assets/web";

/// Finds a compiler for WebAssembly.
pub const TOOLCHAIN: Step = Step {
    title: "Compiler for WebAssembly",
    advice: "`rustup target add wasm32-unknown-unknown` is the ordinary way to get one.",
    run: wasm::prepare,
};

/// Builds the interface.
pub const BUILD: Step = Step {
    title: "Interface (WebAssembly) into dist/",
    advice: "`cargo xtask ui` repeats only this step.",
    run: build,
};

/// `cargo xtask ui`.
pub fn run(context: &mut Context, release: bool) -> Result<()> {
    context.release = release;
    run_all(&[&TOOLCHAIN, &BUILD], context)
}

/// Compiles, finishes and lays out the interface.
fn build(context: &mut Context) -> Result<Outcome> {
    let toolchain =
        context.wasm.context("the step that finds a compiler for WebAssembly has to come first")?;
    let project = &context.project;
    let profile = if context.release { "wasm-release" } else { "wasm-dev" };
    let target = project.target.join("wasm");
    let mut cargo = toolchain.cargo(project, "build");
    cargo.args(["--package", NAME, "--bin", NAME, "--profile", profile, "--target-dir"]).arg(&target);
    process::run(&mut cargo)?;

    let compiled = target.join(TARGET).join(profile).join(format!("{NAME}.wasm"));
    let finished = target.join("finished");
    remove_folder(&finished)?;
    finish(&compiled, &finished, context.release)?;

    let files = collect(project, &finished)?;
    let dist = project.root.join("dist");
    let written = mirror(&files, &dist)?;
    let bytes = fs::metadata(dist.join(format!("{NAME}_bg.wasm")))?.len();
    anstream::eprintln!(
        "      dist/: {} files, {written} of them new or changed; WebAssembly {} KB",
        files.len(),
        bytes.div_ceil(1000)
    );
    Ok(Outcome::Done)
}

fn finish(compiled: &Path, folder: &Path, release: bool) -> Result<()> {
    let finish = || -> Result<()> {
        Bindgen::new()
            .input_path(compiled)
            .out_name(NAME)
            .web(true)?
            .typescript(false)
            .debug(!release)
            .keep_debug(!release)
            .remove_name_section(release)
            .remove_producers_section(release)
            .generate(folder)
    };
    finish().with_context(|| format!("wasm-bindgen could not finish {}", compiled.display()))
}

/// Path inside `dist/` → where its content comes from.
fn collect(project: &Project, finished: &Path) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let mut files = BTreeMap::new();
    for name in PAGE {
        let source = project.root.join("ui").join(name);
        if !source.is_file() {
            bail!("ui/{name} is missing; the window cannot load the interface without it");
        }
        files.insert(PathBuf::from(name), source);
    }
    for folder in [&project.root.join(STATIC), finished] {
        for path in files_below(folder)? {
            let inside = path.strip_prefix(folder)?.to_owned();
            if let Some(other) = files.insert(inside, path.clone()) {
                bail!("{} and {} would be the same file in dist/", other.display(), path.display());
            }
        }
    }
    Ok(files)
}

/// Makes `folder` hold exactly these files and returns how many had to be written.
fn mirror(files: &BTreeMap<PathBuf, PathBuf>, folder: &Path) -> Result<usize> {
    fs::create_dir_all(folder)?;
    for path in files_below(folder)? {
        if !files.contains_key(path.strip_prefix(folder)?) {
            fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
        }
    }
    let mut written = 0;
    for (inside, source) in files {
        let path = folder.join(inside);
        let content = fs::read(source).with_context(|| format!("could not read {}", source.display()))?;
        if fs::read(&path).is_ok_and(|present| present == content) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, content).with_context(|| format!("could not write {}", path.display()))?;
        written += 1;
    }
    Ok(written)
}

/// Every file below a folder, hidden ones left out; none if the folder is not there.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))? {
            let entry = entry?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if !hidden {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, content: &str) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("created");
        fs::write(&path, content).expect("written");
        path
    }

    #[test]
    fn dist_ends_up_with_exactly_the_files_of_the_interface() {
        let folder = tempfile::tempdir().expect("a folder");
        let dist = folder.path().join("dist");
        let page = write(folder.path(), "ui/index.html", "page");
        let font = write(folder.path(), "assets/web/fonts/a.woff2", "font");
        write(&dist, "old/gone.js", "old");
        write(&dist, "index.html", "old page");
        write(&dist, "fonts/a.woff2", "font");
        let files =
            BTreeMap::from([(PathBuf::from("index.html"), page), (Path::new("fonts").join("a.woff2"), font)]);

        assert_eq!(mirror(&files, &dist).expect("mirrored"), 1, "only the page differs");

        let present = files_below(&dist).expect("listed");
        assert_eq!(present, [dist.join("fonts").join("a.woff2"), dist.join("index.html")]);
        assert_eq!(fs::read_to_string(dist.join("index.html")).expect("read"), "page");
        assert_eq!(mirror(&files, &dist).expect("mirrored again"), 0, "nothing is written twice");
    }
}
