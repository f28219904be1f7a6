//! Journeys as files: out, and in again.

use std::borrow::Cow;
use std::io::Read as _;

use custory_domain::JourneyId;
use custory_domain::import::ColumnRole;
use custory_exchange::{ForeignFile, ReadFile, limits};
use custory_ipc::{ErrorCode, ExportFormat, Failure, ImportFile, Reply};

use crate::failure::{Fault, no_such_journey};
use crate::inbox::Core;
use crate::start::people;

impl Core {
    /// A journey as a file.
    pub(crate) fn export(&mut self, journey: JourneyId, format: ExportFormat) -> Result<Reply, Fault> {
        let board = self.board(journey.ulid())?;
        let title = &board.journey().ok_or_else(no_such_journey)?.title;
        let stem = file_stem(title);
        let workspace = people(self)?;
        let now = self.clock.now();
        let (ending, text) = match format {
            ExportFormat::Json => ("json", custory_exchange::to_json(&board, &workspace)),
            ExportFormat::Markdown => ("md", custory_exchange::to_markdown(&board, &workspace)),
            ExportFormat::Html => ("html", custory_exchange::to_html(&board, &workspace, now)),
            ExportFormat::Csv => ("csv", custory_exchange::to_csv(&board, &workspace)),
            ExportFormat::Svg => ("svg", custory_exchange::to_svg(&board, now)),
            ExportFormat::Mermaid => ("mmd", custory_exchange::to_mermaid(&board, &workspace, now)),
        };
        Ok(Reply::Exported { file_name: format!("{stem}.{ending}"), text })
    }

    /// What a file would become as a journey.
    pub(crate) fn look_at_import(
        &mut self,
        file: &ImportFile,
        columns: Option<&[ColumnRole]>,
    ) -> Result<Reply, Fault> {
        Ok(Reply::ImportLooked { preview: self.read_import(file, columns)?.preview() })
    }

    /// Makes a journey from a file.
    pub(crate) fn import(
        &mut self,
        file: &ImportFile,
        columns: Option<&[ColumnRole]>,
    ) -> Result<Reply, Fault> {
        let imported = self.read_import(file, columns)?.imported;
        self.invite(imported.people, imported.personas, "Bring in the people of an import")?;
        let journey = self.establish(imported.journey, "Import", imported.commands)?;
        Ok(Reply::Made { journey, losses: imported.losses })
    }

    fn read_import(&mut self, file: &ImportFile, columns: Option<&[ColumnRole]>) -> Result<ReadFile, Fault> {
        let workspace = people(self)?;
        let (name, bytes) = contents(file)?;
        let file = ForeignFile { name, bytes: &bytes };
        let mut mint = || crate::clock::mint(&*self.clock, &mut *self.entropy);
        let read = custory_exchange::read_file(file, columns, &workspace, &mut mint);
        Ok(read.map_err(|error| Failure::new(ErrorCode::BadInput, error.to_string()))?)
    }
}

/// A file's name and what it holds.
fn contents(file: &ImportFile) -> Result<(&str, Cow<'_, [u8]>), Failure> {
    match file {
        ImportFile::Text { name, text } => Ok((name, Cow::Borrowed(text.as_bytes()))),
        ImportFile::Path { path } => {
            let refuse =
                |why: String| Failure::new(ErrorCode::BadInput, format!("Cannot read {path}: {why}."));
            let most = limits::FILE_BYTES_MAX as u64;
            let mut bytes = Vec::new();
            let mut opened = std::fs::File::open(path).map_err(|error| refuse(error.to_string()))?;
            // One byte more than a file may have tells that it has too many, whatever its size is said to be.
            let read = opened.by_ref().take(most + 1).read_to_end(&mut bytes);
            read.map_err(|error| refuse(error.to_string()))?;
            if bytes.len() as u64 > most {
                return Err(refuse(format!("it is larger than {} MiB", most >> 20)));
            }
            Ok((path, Cow::Owned(bytes)))
        }
    }
}

/// A title as a file name that every system takes.
fn file_stem(title: &str) -> String {
    const CHARS_MAX: usize = 60;
    let plain = title.chars().map(|it| if it.is_alphanumeric() { it } else { '-' });
    let dashed: String = plain.collect();
    let words: Vec<_> = dashed.split('-').filter(|it| !it.is_empty()).collect();
    let stem: String = words.join("-").to_lowercase().chars().take(CHARS_MAX).collect();
    if stem.is_empty() { "journey".to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn any_title_gives_a_file_name() {
        for (title, expected) in [
            ("Owner onboarding", "owner-onboarding"),
            ("../../etc/passwd", "etc-passwd"),
            ("???", "journey"),
            ("Größe & Co.", "größe-co"),
        ] {
            assert_eq!(file_stem(title), expected);
        }
    }
}
