//! Gets material in: bounded, polite to servers, and never further than was asked.

mod file;
mod folder;
mod website;

use std::sync::Arc;

use custory_domain::draft::{Material, SourceOrigin};

use crate::error::DraftError;
use crate::limits::Limits;
use crate::read::Raw;
use crate::watch::Watch;

/// A source that was not read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Skipped {
    pub locator: String,
    pub origin: SourceOrigin,
    pub reason: String,
}

/// What came in from one material.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Sources in the order of reading.
    pub raws: Vec<Raw>,
    pub skipped: Vec<Skipped>,
    /// What a reader of the draft should know about the collecting.
    pub notes: Vec<String>,
    /// What the product may be called, the most certain first, spelt as programs do.
    pub names: Vec<String>,
    /// Locators in the material's own order of reading, as far as it has one.
    pub order: Vec<String>,
}

/// Collects one material.
pub(crate) async fn collect(
    material: &Material,
    limits: &Arc<Limits>,
    watch: &mut Watch<'_>,
) -> Result<Gathered, DraftError> {
    match material {
        Material::Website { url, allow_private } => {
            website::collect(url, *allow_private, limits, watch).await
        }
        Material::Folder { path } => {
            let (path, limits) = (path.clone(), Arc::clone(limits));
            watch.apart(move |desk| folder::collect(&path, &limits, desk)).await
        }
        Material::File { path } => {
            let (path, limits) = (path.clone(), Arc::clone(limits));
            watch.apart(move |desk| file::collect(&path, &limits, desk)).await
        }
        Material::Pasted { title, text } => file::pasted(title, text),
    }
}
