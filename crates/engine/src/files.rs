//! Journeys as files: out, and in again.

use custory_domain::JourneyId;
use custory_exchange::Ids;
use custory_ipc::{ErrorCode, ExportFormat, Failure, Reply};

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

    /// Makes a journey from an exported one.
    pub(crate) fn import(&mut self, text: &str) -> Result<Reply, Fault> {
        let workspace = people(self)?;
        let imported = custory_exchange::from_json(text, &workspace, Ids::Fresh, &mut || {
            crate::clock::mint(&*self.clock, &mut *self.entropy)
        })
        .map_err(|error| Failure::new(ErrorCode::BadInput, error.to_string()))?;
        self.invite(imported.people, imported.personas, "Bring in the people of an import")?;
        let journey = self.establish(imported.journey, "Import", imported.commands)?;
        Ok(Reply::Made { journey, losses: imported.losses })
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
