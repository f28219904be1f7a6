//! Pictures that a journey shows, in what is written of it. They lie beside the documents, named by what is in them;
//! whoever writes hands in those that are there.

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Encoding as _};
use custory_domain::Board;

/// Below it are the pictures of a folder.
pub const PICTURES_FOLDER: &str = "pictures/";

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// What kind it is: `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
    pub mime: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Pixels across and down.
    pub size: (usize, usize),
}

/// Pictures by name.
pub type Images = BTreeMap<String, Image>;

impl Image {
    /// Its file in a folder.
    pub fn path(&self, name: &str) -> String {
        let ending = match self.mime {
            "image/png" => "png",
            "image/jpeg" => "jpg",
            "image/webp" => "webp",
            "image/gif" => "gif",
            _ => "bin",
        };
        format!("{PICTURES_FOLDER}{name}.{ending}")
    }

    /// The whole picture as an address.
    pub(crate) fn address(&self) -> String {
        format!("data:{};base64,{}", self.mime, Base64::encode_string(&self.bytes))
    }
}

/// The names of the pictures that a journey shows, of what is in the trash as well.
pub fn pictures_of(board: &Board) -> BTreeSet<String> {
    let names = board.touchpoints.values().map(|it| it.picture.clone());
    names.filter(|it| !it.is_empty()).collect()
}
