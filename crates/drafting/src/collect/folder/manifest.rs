//! What a repository calls its product.

use std::path::Path;

use crate::words::squeeze;

/// The product's name from the manifests at the top, if it says one that people would use.
pub(super) fn product(root: &Path) -> Option<String> {
    const MANIFEST_BYTES_MAX: u64 = 1 << 20;
    let read = |name: &str| {
        let path = root.join(name);
        let meta = std::fs::symlink_metadata(&path).ok()?;
        (meta.is_file() && meta.len() <= MANIFEST_BYTES_MAX).then(|| std::fs::read_to_string(path).ok()).flatten()
    };
    let from_json = || {
        let json: serde_json::Value = serde_json::from_str(&read("package.json")?).ok()?;
        let name = json.get("productName").or_else(|| json.get("displayName")).or_else(|| json.get("name"))?.as_str()?;
        Some(name.rsplit('/').next().unwrap_or(name).to_owned())
    };
    let from_toml = |file: &str| {
        let text = read(file)?;
        let line = text.lines().skip_while(|it| !it.starts_with("[package]") && !it.starts_with("[project]")).find(|it| it.trim_start().starts_with("name"))?;
        Some(line.split_once('=')?.1.trim().trim_matches(['"', '\'']).to_owned())
    };
    let name = from_json().or_else(|| from_toml("Cargo.toml")).or_else(|| from_toml("pyproject.toml"))?;
    let name = squeeze(&name);
    let generic = ["root", "monorepo", "app", "web", "docs", "frontend", "workspace", "website", "site"];
    let is_name = !name.is_empty() && name.len() <= 40 && !generic.iter().any(|it| name.eq_ignore_ascii_case(it) || name.ends_with("-monorepo"));
    is_name.then_some(name)
}
