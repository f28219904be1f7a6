//! The rows of the table: which there are, in which groups and order. Computed when the board, the
//! filter or the layout changes; never on scroll, so that ten thousand rows cost nothing while one
//! scrolls. What a row says is read when it is drawn.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::Filter;
use custory_domain::*;

use super::cell::{Cell, Key};
use super::column::{Column, Grouping, Kind};
use super::read::{Places, Reader, places};
use crate::format;
use crate::state::{OpenJourney, stage_colour};
use crate::views::map::Adding;

/// Height of every row, in pixels; must match the style sheet.
pub const ROW_HEIGHT: f64 = 33.0;
/// Rows drawn beyond what is visible, on each side.
const MARGIN_ROWS: usize = 4;
/// Rows by which the drawn part moves at once, so that scrolling by a few changes nothing.
const PAGE_ROWS: usize = 2;

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row {
    /// The head of a group, by its position among the groups.
    Head(usize),
    /// A step or an item.
    Of(EntityRef),
    /// What is being typed anew.
    New(Adding),
}

/// What tells groups apart, and orders them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// By position in the journey, or among the kinds.
    At(usize),
    /// By name.
    Named(String),
    /// Those that have none.
    Without,
}

/// A group of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Which one.
    pub key: GroupKey,
    /// What people read.
    pub title: String,
    /// The colour of its dot, as a style value.
    pub colour: Option<String>,
    /// The person it is about.
    pub person: Option<MemberId>,
    /// Rows in it.
    pub rows: usize,
    /// Pieces of evidence on its steps, for groups that are places.
    pub quotes: usize,
    /// How many get to the step that most are lost at, in words, and whether that is too few.
    pub flow: Option<(String, bool)>,
    /// Whether its rows are out of sight.
    pub is_folded: bool,
}

/// Everything that is computed for drawing the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableModel {
    /// What it lists.
    pub kind: Option<Kind>,
    /// Its lines, as shown.
    pub rows: Vec<Row>,
    /// Its groups, as shown.
    pub groups: Vec<Group>,
    /// How many there are of each kind, before the filter.
    pub totals: BTreeMap<Kind, usize>,
    /// Rows that the filter leaves in, folded ones too.
    pub listed: usize,
    /// Where every step stands.
    pub places: Places,
    /// Where a row stands among the lines.
    positions: BTreeMap<EntityRef, usize>,
}

/// What the rows depend on besides the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is listed.
    pub kind: Kind,
    /// What rows are grouped by.
    pub grouping: Grouping,
    /// What they are sorted by in their group, and whether downwards.
    pub sort: Vec<(Column, bool)>,
    /// What is left out.
    pub filter: Filter,
    /// Groups whose rows are out of sight.
    pub folded: BTreeSet<GroupKey>,
    /// What is being added.
    pub adding: Option<Adding>,
    /// The team, by name.
    pub members: Vec<(MemberId, String)>,
}

/// A row on its way to its place.
struct Found {
    id: EntityRef,
    group: GroupKey,
    keys: Vec<Key>,
    /// Where it stands in the journey: step, kind, order.
    natural: (usize, usize, usize),
    step: StepId,
}

impl TableModel {
    /// Computes it.
    pub fn of(open: &OpenJourney, settings: &Settings) -> Self {
        let places = places(open);
        let reader = Reader { open, places: &places };
        let all = all_rows(open, &places, settings.kind);
        let totals = totals(open, &places);
        let mut found: Vec<Found> = all
            .into_iter()
            .filter(|it| !settings.filter.is_on() || open.passes(&settings.filter, it.0))
            .map(|(id, step, natural)| Found {
                id,
                group: group_key(reader, settings, id, step),
                keys: settings.sort.iter().map(|(column, _)| key(reader, settings, id, *column)).collect(),
                natural,
                step,
            })
            .collect();
        found.sort_by(|a, b| {
            let by_column = settings.sort.iter().zip(a.keys.iter().zip(&b.keys));
            let mut order = a.group.cmp(&b.group);
            for ((_, falls), (one, other)) in by_column {
                order = order.then_with(|| one.order(other, *falls));
            }
            order.then_with(|| a.natural.cmp(&b.natural)).then_with(|| a.id.cmp(&b.id))
        });
        let listed = found.len();
        let mut model = Self { kind: Some(settings.kind), totals, listed, ..Self::default() };
        model.lay(open, settings, &found, &places);
        model.places = places;
        model
    }

    /// Puts rows and heads of groups in line.
    fn lay(&mut self, open: &OpenJourney, settings: &Settings, found: &[Found], places: &Places) {
        let adding = settings.adding.filter(|it| is_listed(settings.kind, *it));
        let home = adding.and_then(|it| home(open, places, found, it));
        let mut at = 0;
        while at < found.len() {
            let key = &found[at].group;
            let end = at + found[at..].iter().take_while(|it| it.group == *key).count();
            let rows = &found[at..end];
            let has_new = home.is_some_and(|it| (at..end).contains(&it));
            let is_folded = settings.folded.contains(key) && !has_new;
            if settings.grouping != Grouping::Nothing {
                self.rows.push(Row::Head(self.groups.len()));
                self.groups.push(group(open, settings, places, key.clone(), rows, is_folded));
            }
            if !is_folded {
                for (offset, row) in rows.iter().enumerate() {
                    self.positions.insert(row.id, self.rows.len());
                    self.rows.push(Row::Of(row.id));
                    if let (Some(adding), true) = (adding, home == Some(at + offset)) {
                        self.rows.push(Row::New(adding));
                    }
                }
            }
            at = end;
        }
        if let (Some(adding), None) = (adding, home) {
            self.rows.push(Row::New(adding));
        }
    }

    /// Where a row stands among the lines.
    pub fn position(&self, row: EntityRef) -> Option<usize> {
        self.positions.get(&row).copied()
    }

    /// The line at a position.
    pub fn row(&self, at: usize) -> Option<Row> {
        self.rows.get(at).copied()
    }

    /// All rows in sight, in order.
    pub fn entities(&self) -> impl Iterator<Item = EntityRef> + '_ {
        self.rows.iter().filter_map(|it| match it {
            Row::Of(id) => Some(*id),
            Row::Head(_) | Row::New(_) => None,
        })
    }

    /// The lines to draw for what is visible. Wherever it is scrolled to, they are equally many, as
    /// long as there are that many.
    pub fn window(&self, top: f64, height: f64) -> std::ops::Range<usize> {
        let count = self.rows.len();
        let length = ((height / ROW_HEIGHT).ceil() as usize + 2 * MARGIN_ROWS + PAGE_ROWS).min(count);
        let first =
            ((top.max(0.0) / ROW_HEIGHT) as usize).saturating_sub(MARGIN_ROWS) / PAGE_ROWS * PAGE_ROWS;
        let first = first.min(count - length);
        first..first + length
    }

    /// How many rows there are before the filter.
    pub fn total(&self) -> usize {
        self.kind.and_then(|it| self.totals.get(&it)).copied().unwrap_or_default()
    }
}

/// Every row of a kind with its first step and its place in the journey. What stands on hidden
/// steps alone is hidden with them.
fn all_rows(
    open: &OpenJourney,
    places: &Places,
    kind: Kind,
) -> Vec<(EntityRef, StepId, (usize, usize, usize))> {
    let steps = open.board.steps_in_order();
    if kind == Kind::Steps {
        return steps.iter().enumerate().map(|(at, it)| (it.id.into(), it.id, (at, 0, 0))).collect();
    }
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for step in &steps {
        let number = places.get(&step.id).map_or(0, |it| it.number);
        for (lane, kind) in kind.items().iter().enumerate() {
            for (order, item) in open.index.cell(step.id, *kind).iter().enumerate() {
                // Its first step is the first at which it is met.
                if seen.insert(*item) {
                    rows.push((*item, step.id, (number, lane, order)));
                }
            }
        }
    }
    rows
}

fn totals(open: &OpenJourney, places: &Places) -> BTreeMap<Kind, usize> {
    let count = |kind: ItemKind| {
        let items = open.board.items(kind).into_iter().filter(|it| it.trashed.is_none());
        items.filter(|it| it.steps.iter().any(|step| places.contains_key(step))).count()
    };
    let mut totals: BTreeMap<Kind, usize> =
        ItemKind::ALL.iter().map(|kind| (Kind::Items(*kind), count(*kind))).collect();
    totals.insert(Kind::Everything, totals.values().sum());
    totals.insert(Kind::Steps, places.len());
    totals
}

fn key(reader: Reader<'_>, settings: &Settings, row: EntityRef, column: Column) -> Key {
    reader.cell(row, column).key(|member| name(settings, member))
}

fn name(settings: &Settings, member: MemberId) -> String {
    settings.members.iter().find(|it| it.0 == member).map(|it| it.1.clone()).unwrap_or_default()
}

fn group_key(reader: Reader<'_>, settings: &Settings, row: EntityRef, step: StepId) -> GroupKey {
    let place = reader.places.get(&step);
    match settings.grouping {
        Grouping::Stage => place.map_or(GroupKey::Without, |it| GroupKey::At(it.stage_position)),
        Grouping::Step => place.map_or(GroupKey::Without, |it| GroupKey::At(it.number)),
        Grouping::Kind => {
            let kind = ItemKind::of(row.kind);
            let at = ItemKind::ALL.iter().position(|it| Some(*it) == kind);
            at.map_or(GroupKey::Without, GroupKey::At)
        }
        Grouping::Owner => match reader.cell(row, Column::Owner) {
            Cell::Person(Some(member)) => GroupKey::Named(name(settings, member)),
            _ => GroupKey::Without,
        },
        Grouping::Status => match reader.cell(row, Column::Status) {
            Cell::Status(_, word) => GroupKey::Named(word.to_owned()),
            _ => GroupKey::Without,
        },
        Grouping::Nothing => GroupKey::At(0),
    }
}

fn group(
    open: &OpenJourney,
    settings: &Settings,
    places: &Places,
    key: GroupKey,
    rows: &[Found],
    is_folded: bool,
) -> Group {
    let first = rows.first().map(|it| it.step);
    let place = first.and_then(|it| places.get(&it));
    let steps_of_stage = || {
        let stage = place.map(|it| it.stage);
        places.iter().filter(move |(_, it)| Some(it.stage) == stage).map(|(id, _)| *id).collect::<Vec<_>>()
    };
    let (title, colour, steps) = match settings.grouping {
        Grouping::Stage => {
            let title = place.and_then(|it| open.board.stages.get(&it.stage)).map(|it| it.title.clone());
            let stages = open.board.stages_in_order().len();
            let colour = place.map(|it| stage_colour(it.stage_position, stages));
            (title.unwrap_or_default(), colour, steps_of_stage())
        }
        Grouping::Step => {
            let title = first.and_then(|it| open.board.steps.get(&it)).map(|it| it.title.clone());
            (title.unwrap_or_default(), place.map(|it| it.colour.clone()), first.into_iter().collect())
        }
        Grouping::Kind => match &key {
            GroupKey::At(at) => {
                (ItemKind::ALL.get(*at).map_or("", |it| it.spec().plural).to_owned(), None, Vec::new())
            }
            _ => (String::new(), None, Vec::new()),
        },
        Grouping::Owner | Grouping::Status | Grouping::Nothing => {
            let title = match &key {
                GroupKey::Named(name) => name.clone(),
                _ if settings.grouping == Grouping::Owner => "No owner".to_owned(),
                _ => "Without a status".to_owned(),
            };
            (title, None, Vec::new())
        }
    };
    let quotes: BTreeSet<_> = steps.iter().flat_map(|it| open.index.evidence_on(*it)).collect();
    let person = settings.members.iter().find(|it| it.1 == title).map(|it| it.0);
    Group {
        key,
        title,
        colour,
        person: person.filter(|_| settings.grouping == Grouping::Owner),
        rows: rows.len(),
        quotes: quotes.len(),
        flow: flow(open, &steps),
        is_folded,
    }
}

/// How many get to the step that most are lost at.
fn flow(open: &OpenJourney, steps: &[StepId]) -> Option<(String, bool)> {
    let known = steps.iter().filter_map(|id| {
        let flow = open.numbers.flow.get(id)?;
        Some((flow.conversion?, flow.is_below_target, *id))
    });
    let (share, is_bad, step) = known.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let title = open.board.steps.get(&step).map(|it| it.title.as_str())?;
    Some((format!("{} reach {title}", format::percent(share)), is_bad))
}

fn is_listed(kind: Kind, adding: Adding) -> bool {
    match adding {
        Adding::Item { kind: item, .. } => kind.items().contains(&item),
        Adding::Step { .. } => kind == Kind::Steps,
        Adding::Stage { .. } => false,
    }
}

/// The row after which something new stands: the last one of its place.
fn home(open: &OpenJourney, places: &Places, found: &[Found], adding: Adding) -> Option<usize> {
    match adding {
        Adding::Item { step, kind } => {
            let same_kind =
                found.iter().rposition(|it| it.step == step && ItemKind::of(it.id.kind) == Some(kind));
            let stage = places.get(&step).map(|it| it.stage_position);
            let same_stage =
                || found.iter().rposition(|it| places.get(&it.step).map(|it| it.stage_position) == stage);
            same_kind.or_else(|| found.iter().rposition(|it| it.step == step)).or_else(same_stage)
        }
        Adding::Step { stage, index } => {
            let steps = open.board.steps_of(stage);
            let before = index.checked_sub(1).and_then(|it| steps.get(it)).map(|it| EntityRef::from(it.id));
            found.iter().position(|it| Some(it.id) == before)
        }
        Adding::Stage { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::table::fixture::{Fixture, fixture};
    use custory_domain::filter::{Criterion, Part};
    use proptest::prelude::*;

    fn only(what: Criterion) -> Filter {
        Filter { parts: vec![Part::Test(what.into())], ..Filter::default() }
    }

    fn settings(it: &Fixture, kind: Kind) -> Settings {
        Settings {
            kind,
            grouping: kind.groupings()[0],
            sort: Vec::new(),
            filter: Filter::default(),
            folded: BTreeSet::new(),
            adding: None,
            members: it.members.iter().map(|it| (it.id, it.name.clone())).collect(),
        }
    }

    /// Titles of groups, with a colon, and of rows, in line.
    fn lines(it: &Fixture, settings: &Settings) -> Vec<String> {
        let model = TableModel::of(&it.open, settings);
        let line = |row: &Row| match row {
            Row::Head(at) => format!("{}:", model.groups[*at].title),
            Row::Of(id) => it.open.board.get(*id).map(|it| it.title().to_owned()).unwrap_or_default(),
            Row::New(_) => "+".to_owned(),
        };
        model.rows.iter().map(line).collect()
    }

    #[test]
    fn every_item_has_one_row_at_its_first_step() {
        let it = fixture();
        assert_eq!(
            lines(&it, &settings(&it, Kind::Everything)),
            ["Set up:", "No work e-mail", "Share a code", "A shorter form", "Grow:", "Bill later"]
        );
        assert_eq!(lines(&it, &settings(&it, Kind::Steps)), ["Set up:", "Invite crew", "Grow:", "Pay"]);
        let model = TableModel::of(&it.open, &settings(&it, Kind::Steps));
        assert_eq!((model.total(), model.totals[&Kind::Everything]), (2, 4));
    }

    #[test]
    fn rows_sort_in_their_group_and_what_says_nothing_comes_last() {
        let it = fixture();
        let kind = Kind::Items(ItemKind::Opportunity);
        for (sort, grouping, expected) in [
            (
                vec![(Column::Effort, true)],
                Grouping::Nothing,
                ["Bill later", "Share a code", "A shorter form"],
            ),
            (
                vec![(Column::Effort, false)],
                Grouping::Nothing,
                ["Share a code", "Bill later", "A shorter form"],
            ),
            (
                vec![(Column::Title, false)],
                Grouping::Nothing,
                ["A shorter form", "Bill later", "Share a code"],
            ),
            (
                vec![(Column::Step, true), (Column::Title, true)],
                Grouping::Nothing,
                ["Bill later", "Share a code", "A shorter form"],
            ),
        ] {
            let settings = Settings { sort, grouping, ..settings(&it, kind) };
            assert_eq!(lines(&it, &settings), expected, "{:?}", settings.sort);
        }
    }

    #[test]
    fn owners_make_groups_by_name_and_nobody_comes_last() {
        let it = fixture();
        let settings =
            Settings { grouping: Grouping::Owner, ..settings(&it, Kind::Items(ItemKind::Opportunity)) };
        assert_eq!(
            lines(&it, &settings),
            ["Maya Lindqvist:", "Share a code", "No owner:", "A shorter form", "Bill later"]
        );
    }

    #[test]
    fn the_filter_says_the_same_as_on_the_map() {
        let it = fixture();
        let filter = only(Criterion::Owner { owners: [Some(it.members[0].id)].into() });
        let settings = Settings { filter, ..settings(&it, Kind::Everything) };
        assert_eq!(lines(&it, &settings), ["Set up:", "Share a code"]);
        let model = TableModel::of(&it.open, &settings);
        assert_eq!((model.listed, model.total()), (1, 4));
        let filter = only(Criterion::Open);
        let mut it = it;
        let closed = it.open.board.opportunities.get_mut(&it.opportunities[1].id.into()).unwrap();
        closed.state = OpportunityState::Closed;
        let settings = Settings { filter, ..settings };
        assert_eq!(
            lines(&it, &settings),
            ["Set up:", "No work e-mail", "Share a code", "Grow:", "Bill later"]
        );
    }

    #[test]
    fn a_folded_group_keeps_its_head_and_opens_for_what_is_typed_in_it() {
        let it = fixture();
        let kind = Kind::Items(ItemKind::Opportunity);
        let folded = Settings { folded: [GroupKey::At(0)].into(), ..settings(&it, kind) };
        assert_eq!(lines(&it, &folded), ["Set up:", "Grow:", "Bill later"]);
        let adding = Some(Adding::Item { step: it.steps[0], kind: ItemKind::Opportunity });
        let typed = Settings { adding, ..folded };
        assert_eq!(
            lines(&it, &typed),
            ["Set up:", "Share a code", "A shorter form", "+", "Grow:", "Bill later"]
        );
    }

    fn of(rows: usize) -> TableModel {
        TableModel { rows: vec![Row::Head(0); rows], ..TableModel::default() }
    }

    proptest! {
        /// Whatever is visible is drawn, and never more than a few lines more.
        #[test]
        fn what_is_visible_is_drawn(rows in 0usize..12_000, top in 0.0..400_000.0_f64, height in 0.0..2_200.0_f64) {
            let top = top.min((rows as f64 * ROW_HEIGHT - height).max(0.0));
            let window = of(rows).window(top, height);
            let first = (top / ROW_HEIGHT) as usize;
            let last = (((top + height) / ROW_HEIGHT).ceil() as usize).min(rows);
            prop_assert!(window.start <= first.min(rows) && window.end >= last, "{window:?} for {first}..{last}");
            prop_assert!(window.len() <= (height / ROW_HEIGHT) as usize + 1 + 2 * MARGIN_ROWS + PAGE_ROWS);
        }
    }
}
