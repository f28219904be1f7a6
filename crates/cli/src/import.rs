//! `custory import`: what a file would become, and a journey of it.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use custory_domain::import::{ColumnRole, ImportPreview, TableColumn};
use custory_engine::Engine;
use custory_ipc::{ErrorCode, Failure, ImportFile, Reply, Request};

use crate::journey::made;
use crate::output::line;

/// Largest text that is taken from standard input: far above any journey, low enough not to fill memory.
const INPUT_BYTES_MAX: u64 = 256 << 20;

pub(crate) fn import(
    engine: &Engine,
    path: &Path,
    columns: &[String],
    dry_run: bool,
    restore: bool,
) -> anyhow::Result<()> {
    let file = contents(path)?;
    let refused = |failure: Failure| {
        let advice = match failure.code {
            ErrorCode::BadInput => " `custory import --help` says what can be imported.",
            _ => "",
        };
        anyhow::anyhow!("Cannot import {}. {failure}{advice}", path.display())
    };
    let mut roles = None;
    if dry_run || !columns.is_empty() {
        let mut preview = look(engine, &file, None).map_err(refused)?;
        if !columns.is_empty() {
            roles = Some(chosen(&preview.columns, columns)?);
            preview = look(engine, &file, roles.clone()).map_err(refused)?;
        }
        if dry_run {
            return tell(&preview);
        }
    }
    let reply =
        engine.request_blocking(Request::Import { file, restore, columns: roles }).map_err(refused)?;
    line(&made(engine, reply)?.to_string())
}

fn contents(path: &Path) -> anyhow::Result<ImportFile> {
    if path != Path::new("-") {
        // A path that is not text cannot be said to the engine; there are next to none.
        let path = std::path::absolute(path)?;
        let text = path.to_str().with_context(|| format!("{} is not text", path.display()))?;
        return Ok(ImportFile::Path { path: text.to_owned() });
    }
    let mut text = String::new();
    std::io::stdin().take(INPUT_BYTES_MAX).read_to_string(&mut text).context("Standard input is not text")?;
    Ok(ImportFile::Text { name: String::new(), text })
}

fn look(
    engine: &Engine,
    file: &ImportFile,
    columns: Option<Vec<ColumnRole>>,
) -> Result<ImportPreview, Failure> {
    match engine.request_blocking(Request::LookAtImport { file: file.clone(), columns })? {
        Reply::ImportLooked { preview } => Ok(preview),
        _ => Err(Failure::new(ErrorCode::Internal, "the engine answered something else")),
    }
}

/// What columns become: as guessed, and as the person says.
fn chosen(columns: &[TableColumn], wishes: &[String]) -> anyhow::Result<Vec<ColumnRole>> {
    if columns.is_empty() {
        bail!("--column is for tables; this file is none.");
    }
    let mut roles: Vec<ColumnRole> = columns.iter().map(|it| it.role).collect();
    for wish in wishes {
        let (head, word) = wish.rsplit_once('=').with_context(|| format!("“{wish}” is not HEAD=ROLE."))?;
        let role = role(word)?;
        let at = columns.iter().position(|it| it.head.eq_ignore_ascii_case(head.trim()));
        let heads = || columns.iter().map(|it| it.head.as_str()).collect::<Vec<_>>().join(", ");
        let at = at.with_context(|| format!("There is no column “{head}”. There are: {}.", heads()))?;
        roles[at] = role;
    }
    Ok(roles)
}

fn role(word: &str) -> anyhow::Result<ColumnRole> {
    let wanted = serde_json::Value::String(word.trim().to_lowercase().replace([' ', '-'], "_"));
    serde_json::from_value(wanted).ok().with_context(|| {
        let all = ColumnRole::ALL.iter().filter_map(|it| serde_json::to_value(it).ok());
        let all: Vec<_> = all.filter_map(|it| it.as_str().map(str::to_owned)).collect();
        format!("A column cannot become “{word}”. It can become: {}.", all.join(", "))
    })
}

fn tell(preview: &ImportPreview) -> anyhow::Result<()> {
    line(&format!("{}: “{}”", preview.shape.name(), preview.title))?;
    line(&format!("{} stages, {} steps, {} quotes", preview.stages, preview.steps, preview.evidence))?;
    for (kind, count) in &preview.items {
        line(&format!("{count} {}", kind.spec().plural.to_lowercase()))?;
    }
    for column in &preview.columns {
        line(&format!("Column “{}” → {}", column.head, column.role.name()))?;
    }
    for loss in &preview.losses {
        line(&format!("Left out: {loss}"))?;
    }
    Ok(())
}
