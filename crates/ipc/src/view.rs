//! How a device shows things, and how it looks at journeys: shared with nobody.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::Filter;
use custory_domain::news::Routes;
use custory_domain::{JourneyId, StageId, StepId};
use serde::{Deserialize, Serialize};

/// How this device shows things. Not shared with anybody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// How large everything is, in per cent; 0 as the screen asks for.
    #[serde(skip_serializing_if = "is_automatic")]
    pub text_percent: u16,
    /// The journey that was open last.
    pub last_journey: Option<JourneyId>,
    /// Whether Custory goes on when its window is closed: automations run, connected tools are read, the team syncs.
    pub stays: bool,
    /// Which news the person wants to hear of, and how.
    #[serde(skip_serializing_if = "Routes::are_usual")]
    pub news: Routes,
    /// Keys that the person chose, by the name of the shortcut; an empty text is none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
    /// How each journey is looked at; those that are looked at as at first are left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub views: BTreeMap<JourneyId, JourneyView>,
}

impl Preferences {
    /// Sizes to choose from, in per cent.
    pub const TEXT_PERCENTS: [u16; 7] = [90, 100, 115, 130, 150, 175, 200];
}

/// Whether the screen decides how large everything is.
const fn is_automatic(percent: &u16) -> bool {
    *percent == 0
}

/// A step of another journey that a journey shows in detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownIn {
    /// The other journey.
    pub journey: JourneyId,
    /// Its title.
    pub title: String,
    /// The step.
    pub step: StepId,
    /// The step's title.
    pub step_title: String,
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// How a journey is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JourneyView {
    /// As a map, a table, by priority, or as a tree.
    pub lens: Lens,
    /// How its table is laid out.
    pub table: TableLayout,
    /// What its picture of opportunities is laid out by.
    #[serde(skip_serializing_if = "PictureAxes::is_as_at_first")]
    pub picture: PictureAxes,
    /// Stages that are folded on its map.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub folded: BTreeSet<StageId>,
    /// Views that are kept under a name, in the order in which they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saved: Vec<SavedView>,
}

/// A way to look at a journey, kept under a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// What the person calls it.
    pub name: String,
    /// As a map, a table, by priority, or as a tree.
    pub lens: Lens,
    /// What it leaves out.
    pub filter: Filter,
    /// How the table is laid out.
    pub table: TableLayout,
    /// What the picture of opportunities is laid out by.
    #[serde(skip_serializing_if = "PictureAxes::is_as_at_first")]
    pub picture: PictureAxes,
}

impl SavedView {
    /// Whether it shows the same, whatever it is called.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.lens, &self.filter, &self.table, &self.picture)
            == (other.lens, &other.filter, &other.table, &other.picture)
    }
}

/// What a journey is looked at through. All show the same board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Lens {
    #[default]
    Map,
    Table,
    Priority,
    Tree,
}

/// What a picture of opportunities is laid out by. Axes go by the window's own names for them, as a table's columns do;
/// empty is as at first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureAxes {
    /// From left to right.
    pub across: String,
    /// From the bottom to the top.
    pub up: String,
}

impl PictureAxes {
    /// Whether nobody has chosen otherwise.
    pub fn is_as_at_first(&self) -> bool {
        *self == Self::default()
    }
}

/// How a table is laid out. Kinds and columns go by the window's own names for them; one that a
/// window does not know, it ignores, so that an older one can read what a newer one wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableLayout {
    /// The kind that it lists; empty for everything.
    pub kind: String,
    /// By kind: what is laid out differently than at first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, ColumnLayout>,
}

/// How the columns of one kind are laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnLayout {
    /// What rows are grouped by; `None` for what the window chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Columns that rows are sorted by, the first one first, and whether downwards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<(String, bool)>,
    /// Columns in the order of the person; those that are not named follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// Columns that are shown or hidden otherwise than at first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, bool>,
    /// Widths in pixels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub widths: BTreeMap<String, u16>,
}
