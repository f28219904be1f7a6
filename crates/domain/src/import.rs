//! What is known of a file before it becomes a journey: which program it is from, what its columns mean, and what of
//! it comes along.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kind::ItemKind;

/// What kind of file something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileShape {
    /// An exported journey.
    Custory,
    /// A Mermaid `journey` diagram.
    Mermaid,
    /// A Markdown document: headings are stages and steps, list items hang on them.
    Markdown,
    /// One of TheyDo's files for items, metrics and responses.
    Theydo,
    /// A table whose rows are steps or items.
    Table,
    /// A table whose columns are steps and whose rows are lanes.
    Lanes,
}

impl FileShape {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Custory => "Exported journey",
            Self::Mermaid => "Mermaid journey diagram",
            Self::Markdown => "Markdown document",
            Self::Theydo => "TheyDo file",
            Self::Table => "Table",
            Self::Lanes => "Table with a column for each step",
        }
    }
}

/// What the cells of a table's column become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Nothing.
    #[default]
    LeftOut,
    /// The stage that the row is in; an empty cell repeats the one above it.
    Stage,
    /// The step that the row is on; an empty cell repeats the one above it.
    Step,
    /// What kind of item the row is.
    Kind,
    /// The row's title.
    Title,
    /// Notes of the row's item, or what is done at its step.
    Notes,
    /// What the customer does at the step.
    Action,
    /// What the customer thinks at the step.
    Thought,
    /// How the step feels.
    Emotion,
    /// The address of the row's touchpoint.
    Link,
    /// What a customer said about the row's item or step.
    Quote,
    /// Touchpoints, one a line.
    Touchpoints,
    /// Insights, one a line.
    Insights,
    /// Opportunities, one a line.
    Opportunities,
    /// Solutions, one a line.
    Solutions,
    /// Metrics, one a line.
    Metrics,
}

impl ColumnRole {
    /// All roles, in the order in which they are offered.
    pub const ALL: [Self; 16] = [
        Self::LeftOut,
        Self::Stage,
        Self::Step,
        Self::Kind,
        Self::Title,
        Self::Notes,
        Self::Action,
        Self::Thought,
        Self::Emotion,
        Self::Link,
        Self::Quote,
        Self::Touchpoints,
        Self::Insights,
        Self::Opportunities,
        Self::Solutions,
        Self::Metrics,
    ];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeftOut => "Leave out",
            Self::Stage => "Stage",
            Self::Step => "Step",
            Self::Kind => "Kind of item",
            Self::Title => "Title of item",
            Self::Notes => "Notes",
            Self::Action => "What customers do",
            Self::Thought => "What customers think",
            Self::Emotion => "How it feels",
            Self::Link => "Address",
            Self::Quote => "Quote as evidence",
            Self::Touchpoints => "Touchpoints",
            Self::Insights => "Insights",
            Self::Opportunities => "Opportunities",
            Self::Solutions => "Solutions",
            Self::Metrics => "Metrics",
        }
    }

    /// The kind of item that each line of a cell becomes, if it becomes one.
    pub const fn items(self) -> Option<ItemKind> {
        match self {
            Self::Touchpoints => Some(ItemKind::Touchpoint),
            Self::Insights => Some(ItemKind::Insight),
            Self::Opportunities => Some(ItemKind::Opportunity),
            Self::Solutions => Some(ItemKind::Solution),
            Self::Metrics => Some(ItemKind::Metric),
            _ => None,
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumn {
    /// Its head.
    pub head: String,
    /// Its first cells that say something, at most three.
    pub samples: Vec<String>,
    /// How many of its cells say something.
    pub filled: usize,
    /// What its cells become.
    pub role: ColumnRole,
}

/// What a file would become.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// What kind of file it is.
    pub shape: FileShape,
    /// Title of the journey.
    pub title: String,
    /// Stages.
    pub stages: usize,
    /// Steps.
    pub steps: usize,
    /// Items by kind.
    pub items: BTreeMap<ItemKind, usize>,
    /// Pieces of evidence.
    pub evidence: usize,
    /// The columns of a table; none for other files.
    pub columns: Vec<TableColumn>,
    /// What cannot be carried over, a sentence each.
    pub losses: Vec<String>,
    /// An exported journey that is gone: it can come back as the same one instead of as a copy.
    #[serde(default)]
    pub can_come_back: bool,
}
