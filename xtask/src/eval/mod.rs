//! `cargo xtask eval`: drafts of a small corpus beside steps that a person wrote down before, and a report.
//!
//! It runs `custory draft` as anybody would, by rules alone and, where `CUSTORY_MODEL_SERVER` or
//! `CUSTORY_MODEL_START` names a model server, with the smallest model that it has. It judges nothing that a
//! machine cannot judge: what is said well is for readers, who find every draft in the report.

mod measure;
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;
use crate::project::Project;
use crate::step;
use measure::Measured;

/// Where the corpus is: a folder for each product, with `material` and `golden.txt`.
const CORPUS: &str = "tests/eval";
/// Where the report goes.
const REPORT: &str = "docs/eval/drafts.md";

/// One product.
struct Case {
    name: String,
    material: PathBuf,
    /// Steps in their order; none where the material has no journey in it.
    golden: Vec<String>,
}

/// Drafts everything, and writes the report.
pub fn run(project: &Project) -> Result<()> {
    process::run(&mut process::cargo(project, ["build", "--bins"]))?;
    let program = project.target.join("debug").join(format!("custory{}", std::env::consts::EXE_SUFFIX));
    let cases = cases(&project.root.join(CORPUS))?;
    let mut readers = vec![Reader::by_rules(program.clone(), project)?];
    match model_server()? {
        Some(address) => readers.extend(Reader::with_model(program, project, &address)?),
        None => anstream::println!(
            "Rules alone: no real model; set CUSTORY_MODEL_SERVER or CUSTORY_MODEL_START to see one beside them."
        ),
    }
    let mut measured = Vec::new();
    for reader in &readers {
        for case in &cases {
            anstream::println!("      {} by {}", case.name, reader.name);
            measured.push(reader.read(case)?);
        }
    }
    let path = project.root.join(REPORT);
    std::fs::write(&path, report::written(&measured)).with_context(|| path.display().to_string())?;
    anstream::println!("      {REPORT}");
    match measured.iter().map(|it| it.unproven.len()).sum::<usize>() {
        0 => Ok(()),
        count => bail!("{count} quotes do not stand in their source; see {REPORT}"),
    }
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

/// The address of a model server, if there is to be one.
fn model_server() -> Result<Option<String>> {
    if let Ok(address) = std::env::var("CUSTORY_MODEL_SERVER") {
        return Ok(Some(address));
    }
    let Ok(start) = std::env::var("CUSTORY_MODEL_START") else { return Ok(None) };
    let started = Command::new(&start).output().with_context(|| format!("could not start {start}"))?;
    let said = String::from_utf8_lossy(&started.stdout);
    Ok(said.lines().last().map(|it| it.trim().to_owned()))
}

/// Who reads.
struct Reader {
    name: String,
    program: PathBuf,
    data_dir: PathBuf,
    model: Option<String>,
}

impl Reader {
    fn by_rules(program: PathBuf, project: &Project) -> Result<Self> {
        let data_dir = fresh(project.target.join("eval/rules"))?;
        Ok(Self { name: "rules alone".to_owned(), program, data_dir, model: None })
    }

    /// With the smallest model of a server that answers; nobody if it has none.
    fn with_model(program: PathBuf, project: &Project, address: &str) -> Result<Option<Self>> {
        let data_dir = fresh(project.target.join("eval/model"))?;
        let mut reader = Self { name: String::new(), program, data_dir, model: None };
        reader.said(&["models", "use", "--url", address])?;
        let models: Value = serde_json::from_str(&reader.said(&["models", "--json"])?)?;
        let models = models["models"].as_array().cloned().unwrap_or_default();
        let able = models.iter().filter(|it| it["can_chat"] == true);
        let Some(name) =
            able.min_by_key(|it| it["bytes"].as_u64()).and_then(|it| it["name"].as_str()).map(str::to_owned)
        else {
            anstream::println!("LEFT OUT: the server at {address} has no model that answers");
            return Ok(None);
        };
        reader.name = format!("rules and {name}");
        reader.model = Some(name);
        Ok(Some(reader))
    }

    fn read(&self, case: &Case) -> Result<Measured> {
        let material = case.material.to_string_lossy().into_owned();
        let mut arguments = vec!["draft", material.as_str(), "--json"];
        if let Some(model) = &self.model {
            arguments.extend(["--model", model]);
        }
        let begun = step::now();
        let text = self.said(&arguments)?;
        let secs = begun.elapsed().as_secs_f64();
        let draft: Value = serde_json::from_str(&text).context("a draft as JSON")?;
        Ok(measure::measured(&self.name, case, &draft, secs))
    }

    fn said(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.arg("--data-dir").arg(&self.data_dir).args(arguments).env("CUSTORY_KEYS", "file");
        let done = command.output().with_context(|| format!("could not start {}", self.program.display()))?;
        if !done.status.success() {
            bail!("custory {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8(done.stdout)?)
    }
}

/// An empty folder.
fn fresh(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
