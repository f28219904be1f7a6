//! Pictures of touchpoints: taken from a file of the person's, looked at, kept beside the documents.

use std::path::Path;

use base64ct::{Base64, Encoding as _};
use custory_domain::{Change, Command, JourneyId, TouchpointField, TouchpointId, Via};
use custory_exchange::Image;
use custory_ipc::{ErrorCode, Failure, Picture, Reply};
use custory_store::Pictures;
use imagesize::ImageType;

use crate::failure::Fault;
use crate::files::read_file;
use crate::inbox::Core;

/// Most bytes of a picture: a screenshot of a large screen has a few hundred thousand.
pub(crate) const BYTES_MAX: usize = 10 << 20;
/// Most pixels on a side.
const SIDE_MAX: usize = 12_000;

impl Core {
    /// Shows a picture at a touchpoint.
    pub(crate) fn attach_picture(
        &mut self,
        journey: JourneyId,
        touchpoint: TouchpointId,
        path: &str,
    ) -> Result<Reply, Fault> {
        let refuse = |why: String| Failure::new(ErrorCode::BadInput, format!("Cannot show {path}: {why}."));
        let bytes = read_file(Path::new(path), BYTES_MAX)
            .map_err(|why| refuse(why.trim_end_matches('.').to_owned()))?;
        mime(&bytes).map_err(refuse)?;
        let name = Pictures::of(&self.device.data_dir).keep(&bytes).map_err(unusable)?;
        self.picture_is_own(&name);
        let set = TouchpointField::Picture(name);
        self.dispatch(journey.ulid(), Command::set(Change::Touchpoint { id: touchpoint, set }), Via::User)
    }

    /// A picture, if it is on this device.
    pub(crate) fn picture(&self, name: &str) -> Result<Reply, Fault> {
        let bytes = Pictures::of(&self.device.data_dir).read(name).map_err(unusable)?;
        let picture = bytes.and_then(|bytes| {
            let mime = mime(&bytes).ok()?.to_owned();
            Some(Picture { mime, base64: Base64::encode_string(&bytes) })
        });
        Ok(Reply::Picture { picture })
    }
}

impl Core {
    /// A picture as exports show it; `None` where it is not on this device or none that is shown.
    pub(crate) fn image(&self, name: &str) -> Result<Option<Image>, Fault> {
        let bytes = Pictures::of(&self.device.data_dir).read(name).map_err(unusable)?;
        Ok(bytes.and_then(|bytes| {
            let mime = mime(&bytes).ok()?;
            let size = imagesize::blob_size(&bytes).ok()?;
            Some(Image { mime, size: (size.width, size.height), bytes })
        }))
    }

    /// Keeps every picture of a folder; what is none, or too large, is passed over. Nothing is done without one.
    pub(crate) fn keep_pictures_of(&self, folder: &Path) -> Result<(), Fault> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
        for entry in entries.flatten().filter(|it| it.file_type().is_ok_and(|it| it.is_file())) {
            let found = read_file(&entry.path(), BYTES_MAX).ok().filter(|it| mime(it).is_ok());
            if let Some(bytes) = found {
                Pictures::of(&self.device.data_dir).keep(&bytes).map_err(unusable)?;
            }
        }
        Ok(())
    }
}

pub(crate) fn unusable(error: std::io::Error) -> Failure {
    Failure::new(ErrorCode::Storage, format!("The folder of pictures cannot be used: {error}."))
}

/// What kind of picture it is; or why it is none that is shown.
fn mime(bytes: &[u8]) -> Result<&'static str, String> {
    let mime = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Webp) => "image/webp",
        Ok(ImageType::Gif) => "image/gif",
        _ => return Err("it is no PNG, JPEG, WebP or GIF picture".to_owned()),
    };
    match imagesize::blob_size(bytes) {
        Ok(size) if size.width.max(size.height) <= SIDE_MAX => Ok(mime),
        Ok(size) => {
            Err(format!("{} × {} pixels are more than {SIDE_MAX} on a side", size.width, size.height))
        }
        Err(_) => Err("the picture is damaged".to_owned()),
    }
}
