//! What the shell can be told on the command line.

use std::path::PathBuf;

const HELP: &str = "\
custory-desktop: the desktop window of Custory

Usage: custory-desktop [--data-dir FOLDER] [LINK]

  LINK               an invitation to a team: custory://join/…

Options:
  --data-dir FOLDER  keep everything in FOLDER instead of the platform's own place
  -h, --help         show this
  -V, --version      show the version

The environment variable CUSTORY_DATA_DIR does the same as --data-dir; CUSTORY_LOG=info logs to
standard error.
";

/// What the shell was told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Where everything is kept.
    pub data_dir: Option<PathBuf>,
    /// Whether that is the platform's own place.
    pub is_default_folder: bool,
}

impl Arguments {
    /// Reads the arguments; `None` when a question such as `--help` has been answered.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut data_dir = std::env::var_os("CUSTORY_DATA_DIR").map(PathBuf::from);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "-h" | "--help" => {
                    print!("{HELP}");
                    return Ok(None);
                }
                "-V" | "--version" => {
                    println!("custory-desktop {}", env!("CARGO_PKG_VERSION"));
                    return Ok(None);
                }
                "--data-dir" => {
                    let folder = arguments.next().ok_or("--data-dir needs a folder. Try --help.")?;
                    data_dir = Some(folder.into());
                }
                // An invitation that was pressed elsewhere; `links` reads it.
                link if link.starts_with("custory://") => {}
                other => match other.strip_prefix("--data-dir=") {
                    Some(folder) => data_dir = Some(folder.into()),
                    None => return Err(format!("custory-desktop does not know “{other}”. Try --help.")),
                },
            }
        }
        let is_default_folder = data_dir.is_none();
        Ok(Some(Self { data_dir, is_default_folder }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Option<Arguments>, String> {
        Arguments::parse(arguments.iter().map(|it| (*it).to_owned()))
    }

    #[test]
    fn a_folder_can_be_named_in_two_ways() {
        for arguments in [&["--data-dir", "here"][..], &["--data-dir=here"]] {
            let parsed = parse(arguments).unwrap().unwrap();
            assert_eq!(parsed.data_dir, Some(PathBuf::from("here")));
            assert!(!parsed.is_default_folder);
        }
    }

    #[test]
    fn what_is_not_known_is_refused_with_advice() {
        assert!(parse(&["--nonsense"]).unwrap_err().contains("--help"));
        assert!(parse(&["--data-dir"]).unwrap_err().contains("folder"));
    }
}
