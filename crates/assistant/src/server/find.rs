//! Whether Ollama is on this machine at all, so that advice can be of use.

use std::path::{Path, PathBuf};

/// Whether the program is where programs are.
pub fn is_installed() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    is_in(std::env::split_paths(&paths).chain(usual_places()))
}

fn is_in(folders: impl Iterator<Item = PathBuf>) -> bool {
    let name = if cfg!(windows) { "ollama.exe" } else { "ollama" };
    folders.map(|it| it.join(name)).any(|it| it.is_file())
}

/// Where installers put it without telling the shell.
fn usual_places() -> impl Iterator<Item = PathBuf> {
    let local = std::env::var_os("LOCALAPPDATA").map(|it| Path::new(&it).join("Programs").join("Ollama"));
    let fixed = ["/usr/local/bin", "/opt/homebrew/bin", "/Applications/Ollama.app/Contents/Resources"];
    fixed.into_iter().map(PathBuf::from).chain(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_program_has_none() {
        assert!(!is_in([std::env::temp_dir().join("nothing-here")].into_iter()));
        assert!(!is_in(std::iter::empty()));
    }
}
