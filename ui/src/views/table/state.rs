//! What the table itself knows: where the keyboard is, what is selected and edited, how far it is
//! scrolled. Begins anew for every journey. How it is laid out is remembered with the journey's view.

use std::collections::BTreeSet;

use custory_domain::{EntityRef, MemberId};
use custory_ipc::ColumnLayout;
use dioxus::core::Runtime;
use dioxus::prelude::*;

use super::column::{Column, Grouping, Kind};
use super::model::{GroupKey, ROW_HEIGHT, Row, Settings, TableModel};
use crate::dom;
use crate::state::{Selection, Store, kept};
use crate::views::map::{MapState, Spot};

/// The scrolling element; it has the focus while the keyboard is in the table.
pub const TABLE_ID: &str = "journey-table";
/// Height of the heads of the columns, in pixels; must match the style sheet.
const HEAD_HEIGHT: f64 = 30.0;
/// Narrowest that a column gets, in pixels.
pub const WIDTH_MIN: f64 = 44.0;
/// Widest that a column gets.
pub const WIDTH_MAX: f64 = 900.0;
/// Width of the column with the boxes that select.
pub const BOX_WIDTH: f64 = 34.0;
/// Width of the page under which the table leaves out what is least needed.
const PAGE_WIDTH_NARROW: f64 = 1200.0;
/// Columns that a table can be sorted by at once.
const SORT_MAX: usize = 3;

/// A line that the keyboard can be on.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The heads of the columns.
    Heads,
    /// The head of a group.
    Group(GroupKey),
    /// A row.
    Row(EntityRef),
}

/// A column as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Which one.
    pub column: Column,
    /// In pixels.
    pub width: f64,
    /// Only its icon: the window is narrow.
    pub is_brief: bool,
}

/// Everything the table itself knows. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct TableState {
    /// The line that the keyboard is on.
    pub line: Signal<Option<Line>>,
    /// The column that it is in.
    pub column: Signal<Column>,
    /// Rows that are selected, as in every view.
    pub selection: Selection,
    /// The cell that is being edited.
    pub editing: Signal<Option<(EntityRef, Column)>>,
    /// Groups whose rows are out of sight.
    pub folded: Signal<BTreeSet<GroupKey>>,
    /// How far it is scrolled down, in pixels.
    pub top: Signal<f64>,
    /// Width and height of what is visible.
    pub view: Signal<(f64, f64)>,
    /// The column that is being resized, and its width so far.
    pub resizing: Signal<Option<(Column, f64)>>,
    /// Its rows.
    pub model: Memo<TableModel>,
    /// Its columns.
    pub columns: Memo<Vec<Shown>>,
}

impl TableState {
    fn new(store: Store, map: MapState) -> Self {
        let folded = kept(BTreeSet::new());
        let view = kept((0.0, 0.0));
        let resizing: Signal<Option<(Column, f64)>> = kept(None);
        let model = move || {
            let open = store.open.read();
            let Some(open) = open.as_ref() else { return TableModel::default() };
            // Who looks at something else does not wait for the table.
            if store.lens() != custory_ipc::Lens::Table {
                return TableModel::default();
            }
            let kind = kind(store);
            let members: Vec<(MemberId, String)> =
                store.members().into_iter().map(|it| (it.id, it.name)).collect();
            TableModel::of(
                open,
                &Settings {
                    kind,
                    grouping: grouping(store),
                    sort: sort(store),
                    filter: map.filter.read().clone(),
                    folded: folded.read().clone(),
                    adding: *map.adding.read(),
                    members,
                },
            )
        };
        let columns = move || {
            let (width, _) = *view.read();
            let (page, _) = *store.page.read();
            columns(store, width, page, *resizing.read())
        };
        let in_root = Runtime::current();
        Self {
            line: kept(None),
            column: kept(Column::Title),
            selection: store.selection,
            editing: kept(None),
            folded,
            top: kept(0.0),
            view,
            resizing,
            model: in_root.in_scope(ScopeId::ROOT, || Memo::new(model)),
            columns: in_root.in_scope(ScopeId::ROOT, || Memo::new(columns)),
        }
    }

    /// Begins anew, for another journey.
    pub fn reset(mut self) {
        self.line.set(None);
        self.column.set(Column::Title);
        self.editing.set(None);
        self.folded.set(BTreeSet::new());
        self.top.set(0.0);
    }

    /// The row that the keyboard is on.
    pub fn row(self) -> Option<EntityRef> {
        match &*self.line.peek() {
            Some(Line::Row(row)) => Some(*row),
            _ => None,
        }
    }

    /// The rows that an action is about: those selected, else the one that the keyboard is on.
    pub fn at_hand(self) -> Vec<EntityRef> {
        if self.selection.is_empty() {
            return self.row().into_iter().collect();
        }
        // As shown; those that are out of sight come last.
        let model = self.model.peek();
        let mut rows: Vec<_> = self.selection.all.peek().iter().copied().collect();
        rows.sort_by_key(|it| (model.position(*it).unwrap_or(usize::MAX), *it));
        rows
    }

    /// Puts the keyboard on a row, scrolled into sight. The map and the panel follow along: what is
    /// added goes to that row's step.
    pub fn land(mut self, store: Store, mut map: MapState, row: EntityRef) {
        self.line.set(Some(Line::Row(row)));
        let position = self.model.peek().position(row);
        if let Some(position) = position {
            self.reveal(position);
        }
        let step = {
            let open = store.open.peek();
            let places = &self.model.peek().places;
            open.as_ref().and_then(|it| super::read::first_step(places, &it.board, row))
        };
        if let Some(step) = step {
            let is_step = row.kind == custory_domain::EntityKind::Step;
            map.cursor.set(Some(if is_step { Spot::Step(step) } else { Spot::Item { step, item: row } }));
        }
    }

    /// Puts the keyboard on a line by its position.
    pub fn land_at(mut self, store: Store, map: MapState, position: usize) {
        let row = self.model.peek().row(position);
        match row {
            Some(Row::Of(row)) => self.land(store, map, row),
            Some(Row::Head(group)) => {
                let key = self.model.peek().groups.get(group).map(|it| it.key.clone());
                if let Some(key) = key {
                    self.line.set(Some(Line::Group(key)));
                    self.reveal(position);
                }
            }
            Some(Row::New(_)) | None => {}
        }
    }

    /// Scrolls so that a line is neither under the heads nor below the edge.
    pub fn reveal(self, position: usize) {
        let Some(element) = dom::by_id(TABLE_ID) else { return };
        let top = f64::from(element.scroll_top());
        let height = f64::from(element.client_height()) - HEAD_HEIGHT;
        let from = position as f64 * ROW_HEIGHT;
        if from < top {
            element.set_scroll_top(from as i32);
        } else if from + ROW_HEIGHT > top + height {
            element.set_scroll_top((from + ROW_HEIGHT - height).ceil() as i32);
        }
    }

    /// Folds a group, or unfolds it.
    pub fn fold(mut self, key: &GroupKey, is_folded: bool) {
        let mut folded = self.folded.write();
        if is_folded {
            folded.insert(key.clone());
        } else {
            folded.remove(key);
        }
    }

    /// Selects everything from where the selection began to a row.
    pub fn select_to(self, row: EntityRef) {
        let mut selection = self.selection;
        let anchor = (*selection.anchor.peek()).or(self.row()).unwrap_or(row);
        let range: BTreeSet<EntityRef> = {
            let model = self.model.peek();
            let (Some(one), Some(other)) = (model.position(anchor), model.position(row)) else { return };
            let (from, to) = (one.min(other), one.max(other));
            (from..=to)
                .filter_map(|at| match model.row(at) {
                    Some(Row::Of(id)) => Some(id),
                    _ => None,
                })
                .collect()
        };
        selection.anchor.set(Some(anchor));
        selection.set(range);
    }
}

/// What the table lists.
pub fn kind(store: Store) -> Kind {
    Kind::named(&store.journey_view().table.kind)
}

fn layout(store: Store) -> (Kind, ColumnLayout) {
    let table = store.journey_view().table;
    let kind = Kind::named(&table.kind);
    (kind, table.kinds.get(kind.name()).cloned().unwrap_or_default())
}

/// Changes how the columns of what is listed are laid out, and remembers it.
pub fn change_layout(store: Store, change: impl FnOnce(&mut ColumnLayout)) {
    let kind = kind(store);
    store.change_view(|view| {
        let layout = view.table.kinds.entry(kind.name().to_owned()).or_default();
        change(layout);
        if *layout == ColumnLayout::default() {
            view.table.kinds.remove(kind.name());
        }
    });
}

/// Lists another kind.
pub fn list(store: Store, mut table: TableState, kind: Kind) {
    table.selection.clear();
    table.folded.set(BTreeSet::new());
    table.editing.set(None);
    table.column.set(Column::Title);
    store.change_view(|view| kind.name().clone_into(&mut view.table.kind));
    if let Some(element) = dom::by_id(TABLE_ID) {
        element.set_scroll_top(0);
    }
}

/// What rows are grouped by.
pub fn grouping(store: Store) -> Grouping {
    let (kind, layout) = layout(store);
    let chosen = layout.group.and_then(|it| Grouping::named(kind, &it));
    chosen.unwrap_or(kind.groupings()[0])
}

/// What rows are sorted by, and whether downwards; as the journey goes if by nothing.
pub fn sort(store: Store) -> Vec<(Column, bool)> {
    let (kind, layout) = layout(store);
    let known = layout.sort.iter().filter_map(|(name, falls)| Some((Column::named(name)?, *falls)));
    known.filter(|it| kind.has(it.0)).take(SORT_MAX).collect()
}

/// Sorts by a column: first the way that it is mostly asked for, then the other way, then no longer.
/// With `adds` it goes behind the columns that the table is sorted by already.
pub fn sort_by(store: Store, column: Column, adds: bool) {
    let mut next = sort(store);
    let first = column.falls_first();
    match next.iter().position(|it| it.0 == column) {
        Some(at) if next[at].1 == first => next[at].1 = !first,
        Some(at) => {
            next.remove(at);
        }
        None if adds => next.push((column, first)),
        None => next = vec![(column, first)],
    }
    if !adds {
        next.retain(|it| it.0 == column);
    }
    set_sort(store, next);
}

/// Sorts by those columns.
pub fn set_sort(store: Store, mut by: Vec<(Column, bool)>) {
    by.truncate(SORT_MAX);
    change_layout(store, |it| {
        it.sort = by.into_iter().map(|(column, falls)| (column.name().to_owned(), falls)).collect();
    });
}

/// All columns of what is listed, in the order of the person, and whether each is shown.
pub fn all_columns(store: Store) -> Vec<(Column, bool)> {
    let (kind, layout) = layout(store);
    let (shown, hidden) = kind.columns();
    let at_first = shown.iter().map(|it| (*it, true)).chain(hidden.iter().map(|it| (*it, false)));
    let mut all: Vec<(Column, bool)> = at_first
        .map(|(column, is_shown)| (column, layout.shown.get(column.name()).copied().unwrap_or(is_shown)))
        .collect();
    let place = |column: Column| layout.order.iter().position(|it| it == column.name());
    // A stable sort: those that nobody moved stay behind those that somebody did.
    if !layout.order.is_empty() {
        all[1..].sort_by_key(|it| place(it.0).unwrap_or(usize::MAX));
    }
    all
}

/// Moves a column past its neighbour.
pub fn move_column(store: Store, column: Column, forward: bool) {
    let mut all: Vec<Column> = all_columns(store).into_iter().map(|it| it.0).collect();
    let visible: Vec<Column> = all_columns(store).into_iter().filter(|it| it.1).map(|it| it.0).collect();
    let Some(at) = visible.iter().position(|it| *it == column) else { return };
    let to = if forward { at + 1 } else { at.saturating_sub(1) };
    // The first column stays where it is.
    let Some(neighbour) = visible.get(to).copied().filter(|_| to > 0 && at > 0 && to != at) else { return };
    all.retain(|it| *it != column);
    let Some(next) = all.iter().position(|it| *it == neighbour) else { return };
    all.insert(if forward { next + 1 } else { next }, column);
    change_layout(store, |it| it.order = all[1..].iter().map(|it| it.name().to_owned()).collect());
}

/// Shows a column or hides it.
pub fn show_column(store: Store, column: Column, is_shown: bool) {
    change_layout(store, |it| {
        it.shown.insert(column.name().to_owned(), is_shown);
    });
}

/// Gives a column a width.
pub fn set_width(store: Store, column: Column, width: f64) {
    change_layout(store, |it| {
        it.widths.insert(column.name().to_owned(), width.clamp(WIDTH_MIN, WIDTH_MAX).round() as u16);
    });
}

/// The columns as they are drawn. The first one takes what the others leave.
fn columns(store: Store, view: f64, page: f64, resizing: Option<(Column, f64)>) -> Vec<Shown> {
    let (_, layout) = layout(store);
    let is_narrow = page < PAGE_WIDTH_NARROW;
    let wanted = |column: &Column| !(is_narrow && matches!(column, Column::Linked | Column::Updated));
    let width = |column: Column| {
        let chosen = layout.widths.get(column.name()).map(|it| f64::from(*it));
        let dragged = resizing.filter(|it| it.0 == column).map(|it| it.1);
        dragged.or(chosen)
    };
    let mut columns: Vec<Shown> = all_columns(store)
        .into_iter()
        .filter(|(column, is_shown)| *is_shown && wanted(column))
        .map(|(column, _)| {
            let is_brief = is_narrow && column == Column::Kind;
            let at_first = if is_brief { 40.0 } else { column.width() };
            Shown { column, width: width(column).unwrap_or(at_first), is_brief }
        })
        .collect();
    let others: f64 = columns.iter().skip(1).map(|it| it.width).sum();
    if let Some(first) = columns.first_mut() {
        let left = view - BOX_WIDTH - others;
        first.width = width(first.column).unwrap_or(left.max(first.column.width()));
    }
    columns
}

/// Makes the table's state available to everything below.
pub fn use_provide_table(store: Store, map: MapState) -> TableState {
    use_context_provider(|| TableState::new(store, map))
}

/// The table's state.
pub fn use_table() -> TableState {
    use_context()
}
