//! A sheet with marks on it. Lengths are in CSS pixels.

/// The sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub marks: Vec<Mark>,
}

/// A place on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Something drawn.
#[derive(Debug)]
pub(super) enum Mark {
    Box {
        area: Area,
        radius: f64,
        fill: &'static str,
        stroke: &'static str,
    },
    /// A line of text on its baseline.
    Text {
        x: f64,
        y: f64,
        text: String,
        style: Style,
    },
    Line {
        points: Vec<(f64, f64)>,
        stroke: &'static str,
        width: f64,
        is_dashed: bool,
    },
    /// A picture, whole, in the middle of its place.
    Image {
        area: Area,
        address: String,
    },
    Dot {
        x: f64,
        y: f64,
        radius: f64,
        fill: &'static str,
        stroke: &'static str,
    },
}

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub size: f64,
    pub is_strong: bool,
    pub colour: &'static str,
}

impl Style {
    pub const fn plain(size: f64, colour: &'static str) -> Self {
        Self { size, is_strong: false, colour }
    }

    pub const fn strong(size: f64, colour: &'static str) -> Self {
        Self { size, is_strong: true, colour }
    }
}
