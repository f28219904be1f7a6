//! What the table can list, and in which columns: their names, widths, and which of them each kind
//! of row has.

use custory_domain::{EntityKind, ItemKind};

/// What the table lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// All items.
    Everything,
    /// Steps.
    Steps,
    /// Items of one kind.
    Items(ItemKind),
}

impl Kind {
    /// All kinds, as the switch shows them.
    pub const ALL: [Self; 7] = [
        Self::Everything,
        Self::Steps,
        Self::Items(ItemKind::Insight),
        Self::Items(ItemKind::Opportunity),
        Self::Items(ItemKind::Solution),
        Self::Items(ItemKind::Touchpoint),
        Self::Items(ItemKind::Metric),
    ];

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Everything => "Everything",
            Self::Steps => "Steps",
            Self::Items(kind) => kind.spec().plural,
        }
    }

    /// Its name in what is remembered; the one that is shown at first has none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everything => "",
            Self::Steps => EntityKind::Step.as_str(),
            Self::Items(kind) => kind.spec().entity.as_str(),
        }
    }

    /// The kind with that name; everything for a name that is not known.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.name() == name).unwrap_or(Self::Everything)
    }

    /// Which items it lists.
    pub fn items(self) -> &'static [ItemKind] {
        match self {
            Self::Everything => ItemKind::ALL,
            Self::Steps => &[],
            Self::Items(kind) => {
                let at = ItemKind::ALL.iter().position(|it| *it == kind).unwrap_or_default();
                &ItemKind::ALL[at..=at]
            }
        }
    }

    /// What is added where nothing says which kind.
    pub const fn added(self) -> Option<ItemKind> {
        match self {
            Self::Everything => Some(ItemKind::Insight),
            Self::Steps => None,
            Self::Items(kind) => Some(kind),
        }
    }

    /// Its columns, the first one fixed, as they stand at first; those after the bar are hidden
    /// until somebody asks for them.
    pub const fn columns(self) -> (&'static [Column], &'static [Column]) {
        use Column::*;
        match self {
            Self::Everything => (
                &[Title, Kind, Step, Evidence, Impact, Effort, Score, Owner, Status, Linked, Updated],
                &[Confidence],
            ),
            Self::Steps => (
                &[Title, Stage, Evidence, Items, Feeling, Accounts, Conversion, Aim, Freshness, Owner, Life],
                &[Branches, Thought, Updated],
            ),
            Self::Items(ItemKind::Insight) => (
                &[Title, Step, Sort, Truth, Severity, Evidence, Confidence, Owner, Status, Updated],
                &[Segment],
            ),
            Self::Items(ItemKind::Opportunity) => (
                &[Title, Step, Evidence, Confidence, Reach, Impact, Effort, Score, Rank, Owner, Status, Due],
                &[Linked, Reason, Updated],
            ),
            Self::Items(ItemKind::Solution) => (
                &[Title, Step, Sort, Effort, Moves, Expected, Result, Owner, Status, Linked, Shipped],
                &[Target, Updated],
            ),
            Self::Items(ItemKind::Touchpoint) => {
                (&[Title, Step, Channel, Side, Address, Owner, Updated], &[])
            }
            Self::Items(ItemKind::Metric) => (
                &[Title, Step, Value, Change, Goal, Baseline, Formula, Direction, Owner, Status, Updated],
                &[Class, Unit],
            ),
        }
    }

    /// Whether it has the column.
    pub fn has(self, column: Column) -> bool {
        let (shown, hidden) = self.columns();
        shown.contains(&column) || hidden.contains(&column)
    }

    /// What its rows can be grouped by, the one at first in front.
    pub const fn groupings(self) -> &'static [Grouping] {
        use Grouping::*;
        match self {
            Self::Everything => &[Stage, Step, Kind, Owner, Status, Nothing],
            Self::Steps => &[Stage, Owner, Nothing],
            Self::Items(ItemKind::Touchpoint) => &[Stage, Step, Owner, Nothing],
            Self::Items(_) => &[Stage, Step, Owner, Status, Nothing],
        }
    }
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grouping {
    Stage,
    Step,
    Kind,
    Owner,
    Status,
    Nothing,
}

impl Grouping {
    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stage => "Stage",
            Self::Step => "Step",
            Self::Kind => "Kind",
            Self::Owner => "Owner",
            Self::Status => "Status",
            Self::Nothing => "Nothing",
        }
    }

    /// The one with that label, among those that a kind has.
    pub fn named(kind: Kind, label: &str) -> Option<Self> {
        kind.groupings().iter().copied().find(|it| it.label() == label)
    }
}

macro_rules! columns {
    ($($(#[$doc:meta])* $column:ident $name:literal $label:literal $width:literal $side:ident;)*) => {
        /// A column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column {
            $($(#[$doc])* $column,)*
        }

        impl Column {
            /// All columns.
            pub const ALL: &'static [Self] = &[$(Self::$column,)*];

            /// Its name in what is remembered.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$column => $name,)* }
            }

            /// What people read above it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$column => $label,)* }
            }

            /// Its width at first, in pixels.
            pub const fn width(self) -> f64 {
                match self { $(Self::$column => $width,)* }
            }

            /// Whether it stands at its right side.
            pub const fn is_right(self) -> bool {
                match self { $(Self::$column => matches!(Side::$side, Side::Right),)* }
            }
        }
    };
}

enum Side {
    Left,
    Right,
}

columns! {
    /// Title, statement or name.
    Title "title" "Item" 220.0 Left;
    /// Which kind of item.
    Kind "kind" "Kind" 108.0 Left;
    /// The first of its steps.
    Step "step" "Step" 158.0 Left;
    /// The stage of a step.
    Stage "stage" "Stage" 118.0 Left;
    /// Pieces of evidence.
    Evidence "evidence" "Evidence" 72.0 Left;
    /// How sure one can be.
    Confidence "confidence" "Confidence" 84.0 Left;
    /// What sort of insight or solution.
    Sort "sort" "Type" 96.0 Left;
    /// How sure the team is.
    Truth "truth" "Truth" 106.0 Left;
    /// How bad.
    Severity "severity" "Severity" 76.0 Left;
    /// Who is affected.
    Segment "segment" "Who" 130.0 Left;
    /// 1 to 5.
    Impact "impact" "Impact" 86.0 Left;
    /// 1 to 5.
    Effort "effort" "Effort" 86.0 Left;
    /// Customers in 30 days.
    Reach "reach" "Reach" 70.0 Left;
    /// How much it matters, 0 to 100.
    Score "score" "Score" 62.0 Left;
    /// By the formula of the ranking.
    Rank "rank" "Priority" 82.0 Left;
    /// Why those values.
    Reason "reason" "Reason" 180.0 Left;
    /// When it should be dealt with.
    Due "due" "Due" 86.0 Left;
    /// The metric that it should move.
    Moves "moves" "Should move" 138.0 Left;
    /// By how much.
    Expected "expected" "By" 66.0 Left;
    /// When it should be out.
    Target "target" "Target date" 92.0 Left;
    /// When it reached customers.
    Shipped "shipped" "Shipped" 86.0 Left;
    /// What it did.
    Result "result" "Result" 76.0 Left;
    /// Through what.
    Channel "channel" "Channel" 104.0 Left;
    /// Whether customers see it.
    Side "side" "Seen" 158.0 Left;
    /// Where it is.
    Address "address" "Address" 220.0 Left;
    /// The newest value.
    Value "value" "Value" 84.0 Left;
    /// What changed.
    Change "change" "Change" 76.0 Left;
    /// Customer, business or operational.
    Class "class" "About" 104.0 Left;
    /// How it is calculated.
    Formula "formula" "Formula" 90.0 Left;
    /// Of the values.
    Unit "unit" "Unit" 64.0 Left;
    /// Which way is better.
    Direction "direction" "Better" 128.0 Left;
    /// Where it stood at first.
    Baseline "baseline" "Baseline" 80.0 Left;
    /// Where it should get to.
    Goal "goal" "Target" 76.0 Left;
    /// How many items hang on a step.
    Items "items" "Items" 60.0 Left;
    /// How a step feels.
    Feeling "feeling" "Feels" 96.0 Left;
    /// How many get there.
    Accounts "accounts" "Accounts" 78.0 Left;
    /// Share of those at the step before.
    Conversion "conversion" "Conversion" 86.0 Left;
    /// What that share should be.
    Aim "aim" "Target" 68.0 Left;
    /// Whether it can still be believed.
    Freshness "freshness" "Freshness" 96.0 Left;
    /// Whether it exists yet.
    Life "life" "Life" 92.0 Left;
    /// Where some go from it instead of to the next one.
    Branches "branches" "Branches" 190.0 Left;
    /// What the customer thinks.
    Thought "thought" "Thought" 200.0 Left;
    /// Who answers for it.
    Owner "owner" "Owner" 58.0 Left;
    /// Where the work stands.
    Status "status" "Status" 112.0 Left;
    /// The issue that delivers it.
    Linked "linked" "Linked" 86.0 Left;
    /// When it was last changed.
    Updated "updated" "Updated" 72.0 Right;
}

impl Column {
    /// The column with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// Whether the greatest comes first when the table is first sorted by it.
    pub const fn falls_first(self) -> bool {
        matches!(
            self,
            Self::Evidence
                | Self::Confidence
                | Self::Severity
                | Self::Impact
                | Self::Reach
                | Self::Score
                | Self::Rank
                | Self::Shipped
                | Self::Items
                | Self::Accounts
                | Self::Updated
        )
    }

    /// The column that a spreadsheet calls so, whatever the case.
    pub fn labelled(kind: Kind, label: &str) -> Option<Self> {
        let label = label.trim();
        let (shown, hidden) = kind.columns();
        let mut all = shown.iter().chain(hidden).copied();
        all.find(|it| it.label().eq_ignore_ascii_case(label) || it.name().eq_ignore_ascii_case(label))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_begins_with_the_title_and_has_no_column_twice() {
        for kind in Kind::ALL {
            let (shown, hidden) = kind.columns();
            assert_eq!(shown[0], Column::Title);
            let all: BTreeSet<_> = shown.iter().chain(hidden).collect();
            assert_eq!(all.len(), shown.len() + hidden.len(), "{kind:?}");
            let labels: BTreeSet<_> = all.iter().map(|it| it.label()).collect();
            assert_eq!(labels.len(), all.len(), "{kind:?} has two columns that are called the same");
        }
    }

    #[test]
    fn names_lead_back_to_what_they_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), kind);
        }
        for column in Column::ALL {
            assert_eq!(Column::named(column.name()), Some(*column));
        }
        assert_eq!(Column::labelled(Kind::Everything, " IMPACT "), Some(Column::Impact));
        assert_eq!(Column::labelled(Kind::Steps, "Impact"), None);
    }
}
