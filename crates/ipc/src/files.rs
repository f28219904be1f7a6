//! Files that journeys come from and go to.

use custory_domain::template::Template;
use custory_domain::{EntityRef, JourneyId, TouchpointId};
use serde::{Deserialize, Serialize};

/// A picture as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What kind it is: `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
    pub mime: String,
    /// Its bytes in base64.
    pub base64: String,
}

/// What is wanted of pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum PictureWish {
    /// One from a file shown at a touchpoint. → `Done`
    Attach {
        /// Where it is.
        journey: JourneyId,
        /// Which touchpoint.
        touchpoint: TouchpointId,
        /// Path of the file.
        path: String,
    },
    /// One that a journey shows. → `Picture`
    Look {
        /// Its name in the document.
        name: String,
    },
}

/// Where a file's contents are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum ImportFile {
    /// Here.
    Text {
        /// Its name, for its ending and a title; may be empty.
        name: String,
        /// What it says.
        text: String,
    },
    /// On this device's disk: a file, or the folder that a journey was exported to.
    Path {
        /// Its path.
        path: String,
    },
}

/// What a journey is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Everything, to be imported again.
    Json,
    /// A document to be read.
    Markdown,
    /// A page for a browser, the map and everything on it.
    Html,
    /// A table for spreadsheets.
    Csv,
    /// A picture of the map.
    Svg,
    /// A diagram for documents that draw Mermaid.
    Mermaid,
}

/// Parts of a journey: stages and steps with all that is on them, and items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyParts {
    /// Which journey.
    pub journey: JourneyId,
    /// Its parts.
    pub these: Vec<EntityRef>,
}

/// Where a journey's folder goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderPlace {
    /// Path of a folder.
    pub path: String,
    /// Whether it goes into a folder of its own there, unless that is empty or the journey's already.
    pub within: bool,
}

/// What a new journey begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginning {
    /// Four empty stages.
    Blank,
    /// The example.
    Sample,
    /// Stages, steps and questions that fit many products.
    Template(Template),
}
