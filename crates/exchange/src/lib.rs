//! Journeys as files: JSON, out and in again; tables, diagrams and documents of other programs, in; documents, tables, diagrams and pictures to be read by others; copies
//! of journeys; and the example that ships with the program.
//!
//! Pure: texts and boards in, texts and [`Command`](custory_domain::Command)s out. Nothing here
//! reads a file, asks for the time or makes up an id, and nothing here changes a board: what comes
//! in goes through the same commands and rules as everything a person does.
//!
//! Stamps: adding anything stamps it anew, so an import or a copy was *made* now, by whoever
//! imports. What says when something really was said or seen is kept: a comment's author and time,
//! evidence's `captured_at`, a step's last review, the days of a metric's points.

mod adding;
mod align;
mod draft;
mod duplicate;
mod export;
mod facts;
mod folder;
mod foreign;
mod ids;
mod images;
mod import;
mod issue;
pub mod left_out;
mod markdown;
mod mend;
mod mermaid;
mod page;
mod picture;
mod references;
mod sample;
mod sheet;

pub use align::{Aligned, aligned};
pub use draft::{draft_to_json, draft_to_markdown};
pub use duplicate::duplicate;
pub use export::to_json;
pub use folder::{Folder, JOURNEY_FILE, from_folder, to_folder};
pub use foreign::{ForeignFile, ReadFile, read_file};
pub use images::{Image, Images, PICTURES_FOLDER, pictures_of};
pub use import::{Ids, ImportError, Imported, from_json, limits};
pub use issue::issue;
pub use markdown::{these_to_markdown, to_markdown};
pub use mermaid::to_mermaid;
pub use page::to_html;
pub use picture::to_svg;
pub use sample::{Sample, sample};
pub use sheet::to_csv;

/// Version of the file format written here, and the newest one read.
pub const FORMAT_VERSION: u64 = 1;
