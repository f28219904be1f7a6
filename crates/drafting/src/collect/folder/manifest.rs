//! What a repository calls its product.

use std::path::Path;

use crate::words::squeeze;

/// Bytes of a manifest; larger ones are something else.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;

/// What the product may be called, the most certain first: names of the manifests at the top, of
/// the scope that its packages share, of the folder.
pub(super) fn names(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(json) =
        read(root, "package.json").and_then(|it| serde_json::from_str::<serde_json::Value>(&it).ok())
    {
        let named = |key: &str| json.get(key).and_then(|it| it.as_str()).map(str::to_owned);
        names.extend(named("productName").or_else(|| named("displayName")));
        if let Some(name) = named("name") {
            let (scope, own) = name.split_once('/').map_or(("", name.as_str()), |it| it);
            names.push(own.to_owned());
            names.push(scope.trim_start_matches('@').to_owned());
        }
    }
    for file in ["Cargo.toml", "pyproject.toml"] {
        names.extend(read(root, file).and_then(|it| name_in_toml(&it)));
    }
    names.extend(root.file_name().map(|it| it.to_string_lossy().into_owned()));
    let generic = [
        "root",
        "monorepo",
        "app",
        "web",
        "docs",
        "frontend",
        "workspace",
        "website",
        "site",
        "repo",
        "src",
        "main",
        "master",
    ];
    let is_name = |it: &String| {
        let lower = it.to_lowercase();
        !it.is_empty() && it.len() <= 40 && !generic.contains(&lower.as_str()) && !lower.ends_with("monorepo")
    };
    names.iter().map(|it| squeeze(it)).filter(is_name).collect()
}

fn read(root: &Path, name: &str) -> Option<String> {
    let path = root.join(name);
    let meta = std::fs::symlink_metadata(&path).ok()?;
    (meta.is_file() && meta.len() <= MANIFEST_BYTES_MAX).then(|| std::fs::read_to_string(path).ok()).flatten()
}

fn name_in_toml(text: &str) -> Option<String> {
    let sections = text.lines().skip_while(|it| !it.starts_with("[package]") && !it.starts_with("[project]"));
    let line = sections
        .skip(1)
        .take_while(|it| !it.starts_with('['))
        .find(|it| it.trim_start().starts_with("name"))?;
    Some(line.split_once('=')?.1.trim().trim_matches(['"', '\'']).to_owned())
}
