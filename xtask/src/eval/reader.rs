//! Who reads the material: rules alone, rules with a model, or the model alone as a baseline.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::server::Server;
use super::{Case, one_shot};
use crate::project::Project;
use crate::step;

/// A reader with a data folder of its own, so that nothing is known from another one's reading.
pub struct Reader {
    pub name: String,
    program: PathBuf,
    data_dir: PathBuf,
    how: How,
}

enum How {
    Rules,
    Model(ModelUse),
    OneShot(ModelUse),
}

struct ModelUse {
    server: Server,
    model: String,
    chance: u32,
}

/// What a reader made of a material.
pub struct Read {
    pub draft: Value,
    pub secs: f64,
    /// What the model held after it, where the server tells.
    pub memory_bytes: Option<u64>,
}

impl Reader {
    /// Rules alone.
    pub fn by_rules(program: PathBuf, project: &Project) -> Result<Self> {
        let data_dir = fresh(project.target.join("eval/rules"))?;
        Ok(Self { name: "rules alone".to_owned(), program, data_dir, how: How::Rules })
    }

    /// The names of models that a server has and that can answer, the smallest first.
    pub fn models(&self, server: &Server) -> Result<Vec<String>> {
        self.said(&["models", "use", "--url", &server.address])?;
        let models: Value = serde_json::from_str(&self.said(&["models", "--json"])?)?;
        let mut able: Vec<&Value> =
            models["models"].as_array().into_iter().flatten().filter(|it| it["can_chat"] == true).collect();
        able.sort_by_key(|it| it["bytes"].as_u64());
        Ok(able.into_iter().filter_map(|it| it["name"].as_str()).map(str::to_owned).collect())
    }

    /// A model beside the rules, and the same model alone.
    pub fn with_model(
        &self,
        project: &Project,
        server: &Server,
        model: &str,
        chance: u32,
    ) -> Result<[Self; 2]> {
        let folder = format!("eval/{}-{chance}", model.replace(|it: char| !it.is_ascii_alphanumeric(), "-"));
        let data_dir = fresh(project.target.join(folder))?;
        let using = || ModelUse { server: server.clone(), model: model.to_owned(), chance };
        let seed = if chance == 0 { String::new() } else { format!(", seed {chance}") };
        let reader =
            |name: String, how| Self { name, program: self.program.clone(), data_dir: data_dir.clone(), how };
        let beside = reader(format!("rules and {model}{seed}"), How::Model(using()));
        beside.said(&["models", "use", "--url", &server.address, model])?;
        Ok([beside, reader(format!("{model} alone, one question{seed}"), How::OneShot(using()))])
    }

    /// Whether it is our way of drafting, which has to keep its promises, and no baseline.
    pub fn is_ours(&self) -> bool {
        !matches!(self.how, How::OneShot(_))
    }

    /// Reads a material.
    pub fn read(&self, case: &Case) -> Result<Read> {
        let begun = step::now();
        let material = case.material.to_string_lossy().into_owned();
        let draft = match &self.how {
            How::Rules => self.drafted(&["draft", &material, "--json"])?,
            How::Model(it) => {
                let chance = it.chance.to_string();
                self.drafted(&["draft", &material, "--json", "--model", &it.model, "--chance", &chance])?
            }
            How::OneShot(it) => one_shot::draft(&it.server, &it.model, it.chance, case)?,
        };
        let secs = begun.elapsed().as_secs_f64();
        let memory_bytes = match &self.how {
            How::Rules => None,
            How::Model(it) | How::OneShot(it) => it.server.memory_bytes(&it.model),
        };
        Ok(Read { draft, secs, memory_bytes })
    }

    fn drafted(&self, arguments: &[&str]) -> Result<Value> {
        serde_json::from_str(&self.said(arguments)?).context("a draft as JSON")
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
