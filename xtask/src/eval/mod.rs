//! `cargo xtask eval`: drafts of a small corpus beside steps that a person wrote down before, and a report.
//!
//! It runs `custory draft` as anybody would: by rules alone and, where there is a model server, with its models
//! and with several seeds, and beside each the same model asked once for everything. It judges nothing that a
//! machine cannot judge: what is said well is for readers, who find every draft in the report. What a machine
//! can judge must hold with any model, or the command fails: quotes stand in their sources, no number is made
//! up, and nearly every answer has the form that was asked for.

mod measure;
mod one_shot;
mod reader;
mod report;
mod server;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::project::Project;
use measure::Measured;
use reader::Reader;
use server::Server;

/// Where the corpus is: a folder for each product, with `material` and `golden.txt`.
const CORPUS: &str = "tests/eval";
/// Where the report goes.
const REPORT: &str = "docs/eval/drafts.md";
/// Share of answers that must have the form that was asked for, at the first or second try.
const VALID_SHARE_MIN: f64 = 0.99;

/// What is to be evaluated.
#[derive(clap::Args)]
pub struct Wish {
    /// A model of the server, more than once for several; its smallest without
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,
    /// How many seeds; the first reads by the likeliest words
    #[arg(long, default_value_t = 1)]
    seeds: u32,
}

/// One product.
pub struct Case {
    name: String,
    material: PathBuf,
    /// Steps in their order; none where the material has no journey in it.
    golden: Vec<String>,
}

impl Case {
    /// Its files, by name.
    fn files(&self) -> Result<Vec<PathBuf>> {
        let entries =
            std::fs::read_dir(&self.material).with_context(|| self.material.display().to_string())?;
        let mut files = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
        files.sort();
        Ok(files)
    }
}

/// Drafts everything, and writes the report.
pub fn run(project: &Project, wish: &Wish) -> Result<()> {
    process::run(&mut process::cargo(project, ["build", "--bins"]))?;
    let program = project.target.join("debug").join(format!("custory{}", std::env::consts::EXE_SUFFIX));
    let cases = cases(&project.root.join(CORPUS))?;
    let readers = readers(project, program, wish)?;
    let mut measured = Vec::new();
    for reader in &readers {
        for case in &cases {
            anstream::println!("      {} by {}", case.name, reader.name);
            measured.push(measure::measured(reader, case, &reader.read(case)?));
        }
    }
    let path = project.root.join(REPORT);
    std::fs::write(&path, report::written(&measured)).with_context(|| path.display().to_string())?;
    anstream::println!("      {REPORT}");
    kept_promises(&measured)
}

fn readers(project: &Project, program: PathBuf, wish: &Wish) -> Result<Vec<Reader>> {
    let mut readers = vec![Reader::by_rules(program, project)?];
    let Some(server) = Server::wanted()? else {
        anstream::println!(
            "Rules alone: no real model; set CUSTORY_MODEL_SERVER or CUSTORY_MODEL_START to see one beside them."
        );
        return Ok(readers);
    };
    let mut models = wish.models.clone();
    if models.is_empty() {
        models.extend(readers[0].models(&server)?.into_iter().take(1));
    }
    if models.is_empty() {
        anstream::println!("LEFT OUT: the server at {} has no model that answers", server.address);
    }
    for model in &models {
        for chance in 0..wish.seeds.max(1) {
            let more = readers[0].with_model(project, &server, model, chance)?;
            readers.extend(more);
        }
    }
    Ok(readers)
}

fn cases(folder: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let golden = path.join("golden.txt");
        let text = std::fs::read_to_string(&golden).with_context(|| golden.display().to_string())?;
        let golden = text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        cases.push(Case { name, material: path.join("material"), golden });
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// What must hold with any model. Baselines promise nothing.
fn kept_promises(all: &[Measured]) -> Result<()> {
    let ours: Vec<&Measured> = all.iter().filter(|it| it.is_ours).collect();
    let unproven: usize = ours.iter().map(|it| it.unproven.len()).sum();
    let invented: usize = ours.iter().map(|it| it.invented.len()).sum();
    let answers: u64 = ours.iter().filter_map(|it| it.work.as_ref()).map(|it| it.pieces).sum();
    let unusable: u64 = ours.iter().filter_map(|it| it.work.as_ref()).map(|it| it.unusable).sum();
    if unproven + invented > 0 {
        bail!("{unproven} quotes do not stand in their source, {invented} numbers are made up; see {REPORT}");
    }
    if answers > 0 && (unusable as f64) > (1.0 - VALID_SHARE_MIN) * answers as f64 {
        bail!("{unusable} of {answers} answers did not have the form that was asked for; see {REPORT}");
    }
    Ok(())
}
