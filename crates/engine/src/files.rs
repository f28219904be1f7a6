//! Journeys as files: out, and in again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use custory_domain::import::{ColumnRole, FileShape};
use custory_domain::{Board, Command, Entity, JourneyId};
use custory_exchange::{
    ForeignFile, Ids, Images, ImportError, Imported, PICTURES_FOLDER, ReadFile, left_out, limits,
};
use custory_ipc::{ErrorCode, ExportFormat, Failure, FolderPlace, ImportFile, JourneyParts, Reply};
use custory_store::DocumentKind;

use crate::failure::{Fault, no_such_journey};
use crate::folder;
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
        let shows_pictures = matches!(format, ExportFormat::Html | ExportFormat::Svg);
        let (images, mut losses) = if shows_pictures { self.images(&board)? } else { Default::default() };
        losses.extend(match format {
            ExportFormat::Mermaid => left_out::of_mermaid(&board),
            ExportFormat::Csv => left_out::of_table(&board),
            ExportFormat::Markdown | ExportFormat::Json => left_out::of_text(&board),
            ExportFormat::Html | ExportFormat::Svg => Vec::new(),
        });
        let (ending, text) = match format {
            ExportFormat::Json => ("json", custory_exchange::to_json(&board, &workspace)),
            ExportFormat::Markdown => ("md", custory_exchange::to_markdown(&board, &workspace)),
            ExportFormat::Html => ("html", custory_exchange::to_html(&board, &workspace, now, &images)),
            ExportFormat::Csv => ("csv", custory_exchange::to_csv(&board, &workspace)),
            ExportFormat::Svg => ("svg", custory_exchange::to_svg(&board, now, &images)),
            ExportFormat::Mermaid => ("mmd", custory_exchange::to_mermaid(&board, &workspace, now)),
        };
        Ok(Reply::Exported { file_name: format!("{stem}.{ending}"), text, losses })
    }

    /// Parts of a journey as Markdown.
    pub(crate) fn as_markdown(&mut self, parts: &JourneyParts) -> Result<Reply, Fault> {
        let board = self.board(parts.journey.ulid())?;
        Ok(Reply::Text { text: custory_exchange::these_to_markdown(&board, &people(self)?, &parts.these) })
    }

    /// A journey as a folder; where a person says.
    pub(crate) fn export_folder(&mut self, journey: JourneyId, at: &FolderPlace) -> Result<Reply, Fault> {
        let to = &at.path;
        let board = self.board(journey.ulid())?;
        let name = file_stem(&board.journey().ok_or_else(no_such_journey)?.title);
        let (images, losses) = self.images(&board)?;
        let texts = custory_exchange::to_folder(&board, &people(self)?, &images);
        let mut files: BTreeMap<String, Vec<u8>> =
            texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        files.extend(images.into_iter().map(|(name, image)| (image.path(&name), image.bytes)));
        let refuse = |why: String| {
            Failure::new(ErrorCode::Storage, format!("Cannot write to {to}: {}.", why.trim_end_matches('.')))
        };
        let root = Path::new(to);
        let place =
            if at.within { folder::place(root, &name, &journey.to_string()) } else { Ok(root.to_owned()) };
        let place = place.map_err(refuse)?;
        folder::write(&place, &files).map_err(refuse)?;
        Ok(Reply::ExportedFolder { path: place.display().to_string(), files: files.len(), losses })
    }

    /// The pictures of a journey that are on this device, and what to say of the others.
    fn images(&self, board: &Board) -> Result<(Images, Vec<String>), Fault> {
        let names = custory_exchange::pictures_of(board);
        let mut images = Images::new();
        for name in &names {
            if let Some(image) = self.image(name)? {
                images.insert(name.clone(), image);
            }
        }
        let missing = names.len() - images.len();
        let losses = match missing {
            0 => Vec::new(),
            1 => vec!["1 picture: it is not on this device".to_owned()],
            some => vec![format!("{some} pictures: they are not on this device")],
        };
        Ok((images, losses))
    }

    /// What a file would become as a journey.
    pub(crate) fn look_at_import(
        &mut self,
        file: &ImportFile,
        columns: Option<&[ColumnRole]>,
    ) -> Result<Reply, Fault> {
        let mut preview = self.read_import(file, columns)?.preview();
        // Only an exported journey has ids of its own to come back under.
        preview.can_come_back = preview.shape == FileShape::Custory && self.read_restore(file).is_ok();
        Ok(Reply::ImportLooked { preview })
    }

    /// Makes a journey from a file; `restore` brings one that is gone back under its own ids.
    pub(crate) fn import(
        &mut self,
        file: &ImportFile,
        columns: Option<&[ColumnRole]>,
        restore: bool,
    ) -> Result<Reply, Fault> {
        let mut imported =
            if restore { self.read_restore(file)? } else { self.read_import(file, columns)?.imported };
        if !restore {
            self.without_strange_details(&mut imported)?;
        }
        self.take_in_pictures(file, &mut imported)?;
        self.invite(imported.people, imported.personas, "Bring in the people of an import")?;
        let journey = self.establish(imported.journey, "Import", imported.commands)?;
        Ok(Reply::Made { journey, losses: imported.losses })
    }

    /// Takes out the journeys that steps of an import would lead into and that are not here.
    fn without_strange_details(&self, imported: &mut Imported) -> Result<(), Fault> {
        let here = self.store.documents(DocumentKind::Journey)?;
        for command in &mut imported.commands {
            if let Command::Add { entity, .. } = command
                && let Entity::Step(step) = &mut **entity
                && step.detail.is_some_and(|it| !here.contains(&it.ulid()))
            {
                step.detail = None;
                imported.losses.push(format!("“{}” led into a journey that is not here.", step.title));
            }
        }
        Ok(())
    }

    /// Keeps the pictures that lie in an imported folder; names those that the journey shows and nobody has.
    fn take_in_pictures(&self, file: &ImportFile, imported: &mut Imported) -> Result<(), Fault> {
        if let ImportFile::Path { path } = file {
            self.keep_pictures_of(&Path::new(path).join(PICTURES_FOLDER.trim_end_matches('/')))?;
        }
        let mut missing = 0;
        for command in &imported.commands {
            if let Command::Add { entity, .. } = command
                && let Entity::Touchpoint(it) = &**entity
                && !it.picture.is_empty()
                && self.image(&it.picture)?.is_none()
            {
                missing += 1;
            }
        }
        if missing > 0 {
            imported.losses.push(format!("{missing} pictures are neither in the file nor on this device."));
        }
        Ok(())
    }

    fn read_import(&mut self, file: &ImportFile, columns: Option<&[ColumnRole]>) -> Result<ReadFile, Fault> {
        let workspace = people(self)?;
        let (name, bytes) = contents(file)?;
        let file = ForeignFile { name, bytes: &bytes };
        let mut mint = || crate::clock::mint(&*self.clock, &mut *self.entropy);
        let read = custory_exchange::read_file(file, columns, &workspace, &mut mint);
        Ok(read.map_err(refused)?)
    }

    /// An exported journey under its own ids; refused while there is one with them.
    fn read_restore(&mut self, file: &ImportFile) -> Result<Imported, Fault> {
        let workspace = people(self)?;
        let (_, bytes) = contents(file)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut mint = || crate::clock::mint(&*self.clock, &mut *self.entropy);
        let read = custory_exchange::from_json(&text, &workspace, Ids::Kept, &mut mint).map_err(refused)?;
        if self.store.documents(DocumentKind::Journey)?.contains(&read.journey.id.ulid()) {
            let message = format!(
                "“{}” is still here. Import it without restoring it to get a copy beside it, or delete it first.",
                read.journey.title
            );
            return Err(Failure::new(ErrorCode::BadInput, message).into());
        }
        Ok(read)
    }
}

fn refused(error: ImportError) -> Failure {
    Failure::new(ErrorCode::BadInput, error.to_string())
}

/// A file's name and what it holds; a folder's files as the one that it stands for.
fn contents(file: &ImportFile) -> Result<(&str, Cow<'_, [u8]>), Failure> {
    match file {
        ImportFile::Text { name, text } => Ok((name, Cow::Borrowed(text.as_bytes()))),
        ImportFile::Path { path } => {
            let found = std::path::Path::new(path);
            let read =
                if found.is_dir() { one_of_folder(found) } else { read_file(found, limits::FILE_BYTES_MAX) };
            let read = read.map_err(|why| {
                Failure::new(
                    ErrorCode::BadInput,
                    format!("Cannot read {path}: {}.", why.trim_end_matches('.')),
                )
            })?;
            Ok((path, Cow::Owned(read)))
        }
    }
}

/// A file's bytes, as long as there are not too many.
pub(crate) fn read_file(path: &Path, bytes_max: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path).map_err(|error| error.to_string())?;
    // One byte more than a file may have tells that it has too many, whatever its size is said to be.
    opened.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() > bytes_max {
        return Err(format!("it is larger than {} MiB", bytes_max >> 20));
    }
    Ok(bytes)
}

/// The JSON files of a folder and of the folders in it, as the one file that they stand for. Links are not followed.
fn one_of_folder(root: &Path) -> Result<Vec<u8>, String> {
    const DEPTH_MAX: usize = 3;
    let mut files = custory_exchange::Folder::new();
    let mut left = limits::FILE_BYTES_MAX;
    let mut waiting = vec![(root.to_owned(), String::new(), 0)];
    while let Some((at, below, depth)) = waiting.pop() {
        for entry in std::fs::read_dir(&at).map_err(|error| error.to_string())? {
            let entry = entry.map_err(|error| error.to_string())?;
            let kind = entry.file_type().map_err(|error| error.to_string())?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if kind.is_dir() && depth < DEPTH_MAX && !name.starts_with('.') {
                waiting.push((entry.path(), format!("{name}/"), depth + 1));
            } else if kind.is_file() && name.ends_with(".json") {
                let bytes = read_file(&entry.path(), left).map_err(|why| format!("{name}: {why}"))?;
                left -= bytes.len();
                files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    if !files.contains_key(custory_exchange::JOURNEY_FILE) {
        return Err(format!("there is no {} in this folder", custory_exchange::JOURNEY_FILE));
    }
    custory_exchange::from_folder(&files).map(String::into_bytes).map_err(|error| error.to_string())
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
