//! A journey as a picture: the whole map on one sheet, to be printed, sent, or put on a slide.
//!
//! First everything is laid out as marks on a sheet ([`layout`]), then the marks are written as SVG ([`svg`]). Every
//! item is drawn in full; nothing is folded away. A legend says what lines mean and of which day the picture is.

mod layout;
mod sheet;
mod svg;
mod words;

use custory_domain::{Board, Timestamp};

use crate::images::Images;

pub(crate) use svg::escape;

/// Draws a journey as SVG, as it is on the day of `now` (UTC).
pub fn to_svg(board: &Board, now: Timestamp, images: &Images) -> String {
    svg::write(&layout::lay_out(board, now, images))
}

#[cfg(test)]
mod tests;
