//! Copy to and paste from a spreadsheet: cells divided by tabs, lines by line ends, as every
//! spreadsheet takes and gives them.
//!
//! A block whose first line names columns makes new rows. Any other block goes over the cells from
//! where the keyboard is, to the right and down; lines below the last row become rows when they begin
//! with a title. All of it is one gesture. What does not fit is left out, and said.

use std::cell::RefCell;
use std::rc::Rc;

use custory_domain::*;
use dioxus::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{ClipboardEvent, Event};

use super::column::{Column, Kind};
use super::model::TableModel;
use super::read::Reader;
use super::state::{Shown, TABLE_ID, TableState};
use super::write::{self, Input, Names, editor, editor_of};
use crate::dom;
use crate::format;
use crate::state::{OpenJourney, Run, Store, Toast, ToastAction};
use crate::views::map::{MapState, new_item, step_at_hand};
use crate::views::panel::words;

/// Longest text that is pasted, in bytes.
const PASTE_BYTES_MAX: usize = 8_000_000;
/// Most lines that are pasted at once.
const PASTE_LINES_MAX: usize = 20_000;
/// Reasons named when something did not fit.
const MISFITS_SHOWN: usize = 2;

type Listener = Closure<dyn FnMut(Event)>;

/// Hears copy and paste while the keyboard is in the table.
pub fn use_clipboard(store: Store, map: MapState, table: TableState) {
    let kept: Rc<RefCell<Vec<Listener>>> = use_hook(Rc::default);
    use_effect(move || {
        let Some(element) = dom::by_id(TABLE_ID) else { return };
        let heard = Callback::new(move |event: Event| hear(&event, store, map, table));
        let mut kept = kept.borrow_mut();
        kept.clear();
        // Some web views only copy and paste outside of fields when somebody answered the first two.
        for name in ["beforecopy", "beforepaste", "copy", "paste"] {
            let listener = Listener::new(move |event| heard.call(event));
            let added = element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            if let Err(error) = added {
                web_sys::console::warn_1(&error);
            }
            kept.push(listener);
        }
    });
}

fn hear(event: &Event, store: Store, map: MapState, table: TableState) {
    if dom::is_typing() {
        return;
    }
    event.prevent_default();
    let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else {
        return;
    };
    match event.type_().as_str() {
        "copy" => {
            if let Some((text, said)) = copied(store, table) {
                drop(data.set_data("text/plain", &text));
                store.toast(Toast::plain("copy", said));
            }
        }
        "paste" => {
            if let Ok(text) = data.get_data("text/plain") {
                paste(store, map, table, &text);
            }
        }
        _ => {}
    }
}

/// Copies what is at hand from a menu.
pub fn copy_now(store: Store, table: TableState) {
    let Some((text, said)) = copied(store, table) else { return };
    dioxus::core::spawn_forever(async move {
        store.toast(if dom::copy_text(&text).await {
            Toast::plain("copy", said)
        } else {
            Toast::bad("The clipboard could not be written. Press Ctrl C instead.")
        });
    });
}

/// What is copied, and what to say about it: rows with the names of their columns, or one cell.
fn copied(store: Store, table: TableState) -> Option<(String, String)> {
    let open = store.open.peek();
    let open = open.as_ref()?;
    let model = table.model.peek();
    let reader = Reader { open, places: &model.places };
    let name = |id: MemberId| store.member(id).map(|it| it.name).unwrap_or_default();
    if table.selection.is_empty() {
        let text = reader.cell(table.row()?, *table.column.peek()).plain(name);
        return Some((text, "Copied the cell".to_owned()));
    }
    let columns = table.columns.peek();
    let heads = columns.iter().map(|it| it.column.label().to_owned()).collect();
    let rows = table.at_hand();
    let lines = rows
        .iter()
        .map(|row| columns.iter().map(|it| reader.cell(*row, it.column).plain(name)).collect::<Vec<_>>());
    let said = format!("Copied {}", crate::views::selection::about(&rows));
    Some((written(std::iter::once(heads).chain(lines))?, said))
}

/// Cells as a spreadsheet takes them.
fn written(lines: impl Iterator<Item = Vec<String>>) -> Option<String> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    for line in lines {
        writer.write_record(&line).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// Cells as a spreadsheet gives them; blank lines stay, so that what follows keeps its place.
///
/// # Errors
/// When there is too much of it, in words for people.
fn cells(text: &str) -> Result<Vec<Vec<String>>, String> {
    if text.len() > PASTE_BYTES_MAX {
        return Err("This is too much to paste at once.".to_owned());
    }
    let text = with_blank_lines(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("This does not look like cells: {error}."))?;
        if lines.len() == PASTE_LINES_MAX {
            return Err(format!(
                "At most {} lines can be pasted at once.",
                format::whole(PASTE_LINES_MAX as f64)
            ));
        }
        lines.push(record.iter().map(|it| it.trim().to_owned()).collect());
    }
    Ok(lines)
}

/// Marks blank lines outside of quotes as lines with one blank cell; the reader would drop them.
fn with_blank_lines(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 16);
    let mut is_quoted = false;
    for line in text.trim_end_matches(['\r', '\n']).split_inclusive('\n') {
        if !is_quoted && line.trim_end_matches(['\r', '\n']).is_empty() {
            marked.push_str("\"\"");
        }
        if !line.matches('"').count().is_multiple_of(2) {
            is_quoted = !is_quoted;
        }
        marked.push_str(line);
    }
    marked
}

/// Where something is pasted, and what it can meet there.
struct Target<'a> {
    names: Names<'a>,
    kind: Kind,
    /// Rows from where the keyboard is on, or those selected.
    rows: Vec<EntityRef>,
    /// Columns from where the keyboard is on.
    columns: Vec<Column>,
    /// Where new rows stand that do not say it.
    step: Option<StepId>,
    /// Makes a new item.
    make: fn(ItemKind, StepId, String) -> Entity,
}

/// What pasting comes to.
#[derive(Debug, Default, PartialEq)]
struct Plan {
    commands: Vec<Command>,
    set: usize,
    added: usize,
    misfits: Vec<String>,
}

impl Plan {
    fn push(&mut self, command: Command) {
        match command {
            Command::Batch { commands, .. } => self.commands.extend(commands),
            command => self.commands.push(command),
        }
    }
}

fn paste(store: Store, map: MapState, table: TableState, text: &str) {
    let lines = match cells(text) {
        Ok(lines) => lines,
        Err(why) => return store.toast(Toast::bad(why)),
    };
    let members = store.members();
    let plan = {
        let open = store.open.peek();
        let Some(open) = open.as_ref() else { return };
        let model = table.model.peek();
        let columns = table.columns.peek();
        let target = target(store, map, table, open, &model, &columns, &members);
        plan(&target, &lines)
    };
    settle(store, plan);
}

fn target<'a>(
    store: Store,
    map: MapState,
    table: TableState,
    open: &'a OpenJourney,
    model: &'a TableModel,
    columns: &[Shown],
    members: &'a [Member],
) -> Target<'a> {
    let selected = !table.selection.is_empty();
    let rows = match table.row() {
        _ if selected => table.at_hand(),
        Some(row) => model.entities().skip_while(|it| *it != row).collect(),
        None => Vec::new(),
    };
    let at = columns.iter().position(|it| it.column == *table.column.peek()).unwrap_or(0);
    Target {
        names: Names { members, open, places: &model.places },
        kind: super::state::kind(store),
        rows,
        columns: columns[at.min(columns.len())..].iter().map(|it| it.column).collect(),
        step: step_at_hand(store, map),
        make: new_item,
    }
}

fn plan(target: &Target<'_>, lines: &[Vec<String>]) -> Plan {
    match heads(target.kind, lines) {
        Some(heads) => with_heads(target, &heads, &lines[1..]),
        None => over_cells(target, lines),
    }
}

/// The columns that the first line names, if it names any, the title among them.
fn heads(kind: Kind, lines: &[Vec<String>]) -> Option<Vec<Option<Column>>> {
    let first = lines.first().filter(|_| lines.len() > 1)?;
    let named: Vec<Option<Column>> = first
        .iter()
        .map(|it| match it.to_lowercase().as_str() {
            "item" | "title" | "name" | "statement" => Some(Column::Title),
            _ => Column::labelled(kind, it),
        })
        .collect();
    let is_head = named.contains(&Some(Column::Title)) && named.iter().flatten().count() * 2 > named.len();
    is_head.then_some(named)
}

fn with_heads(target: &Target<'_>, heads: &[Option<Column>], lines: &[Vec<String>]) -> Plan {
    let mut plan = Plan::default();
    for line in lines {
        let named: Vec<(Column, &str)> =
            heads.iter().zip(line).filter_map(|(column, text)| Some(((*column)?, text.as_str()))).collect();
        new_row(target, &named, &mut plan);
    }
    plan
}

fn over_cells(target: &Target<'_>, lines: &[Vec<String>]) -> Plan {
    let mut plan = Plan::default();
    // One value goes into all rows that are selected.
    let is_one = lines.len() == 1 && lines[0].len() == 1;
    let fills = is_one && target.rows.len() > 1;
    if is_one && target.rows.is_empty() {
        new_row(target, &[(Column::Title, &lines[0][0])], &mut plan);
        return plan;
    }
    for (at, line) in lines.iter().enumerate() {
        let Some(row) = target.rows.get(at).copied() else {
            let named: Vec<(Column, &str)> =
                target.columns.iter().copied().zip(line.iter().map(String::as_str)).collect();
            new_row(target, &named, &mut plan);
            continue;
        };
        for (column, text) in target.columns.iter().zip(line) {
            set_cell(target, row, *column, text, &mut plan);
        }
    }
    if fills {
        for row in &target.rows[1..] {
            set_cell(target, *row, target.columns[0], &lines[0][0], &mut plan);
        }
    }
    plan
}

fn set_cell(target: &Target<'_>, row: EntityRef, column: Column, text: &str, plan: &mut Plan) {
    let open = target.names.open;
    let reader = Reader { open, places: target.names.places };
    let name = |id: MemberId| {
        target.names.members.iter().find(|it| it.id == id).map(|it| it.name.clone()).unwrap_or_default()
    };
    if reader.cell(row, column).plain(name) == text {
        return;
    }
    let Some(editor) = editor(open, row, column) else {
        if !text.is_empty() {
            plan.misfits.push(format!("{} follows from other things", column.label()));
        }
        return;
    };
    match write::parse(&editor, text, &target.names) {
        Ok(input) => {
            if let Some(command) = write::command(open, target.names.places, row, column, input) {
                plan.push(command);
                plan.set += 1;
            }
        }
        Err(misfit) => plan.misfits.push(misfit.0),
    }
}

/// A new row from named cells.
fn new_row(target: &Target<'_>, named: &[(Column, &str)], plan: &mut Plan) {
    let text = |column: Column| named.iter().find(|it| it.0 == column).map(|it| it.1.trim());
    let Some(title) = text(Column::Title).filter(|it| !it.is_empty()) else {
        if named.iter().any(|it| !it.1.is_empty()) {
            plan.misfits.push("A line without a title has no row to go to".to_owned());
        }
        return;
    };
    let kind = text(Column::Kind)
        .and_then(|word| ItemKind::ALL.iter().copied().find(|it| it.spec().name.eq_ignore_ascii_case(word)));
    let Some(kind) = kind.filter(|it| target.kind.items().contains(it)).or(target.kind.added()) else {
        plan.misfits.push("New steps are added on the map".to_owned());
        return;
    };
    let named_step = text(Column::Step).filter(|it| !it.is_empty());
    let found = named_step.and_then(|it| write::step_named(&target.names, it));
    if let (Some(step), None) = (named_step, found) {
        plan.misfits.push(format!("“{step}” is not a step of this journey"));
    }
    let Some(step) = found.or(target.step) else {
        plan.misfits.push("There is no step to put a row on".to_owned());
        return;
    };
    let entity = (target.make)(kind, step, title.to_owned());
    let row = entity.entity_ref();
    plan.push(Command::add(entity));
    plan.added += 1;
    let formula = formula(target, kind, text(Column::Formula), text(Column::Moves));
    for (column, text) in named {
        if matches!(column, Column::Title | Column::Kind | Column::Step) || text.is_empty() {
            continue;
        }
        let Some(editor) = editor_of(row.kind, *column, formula) else { continue };
        match write::parse(&editor, text, &target.names) {
            Ok(input) => {
                let places = target.names.places;
                if let Some(command) = write::command(target.names.open, places, row, *column, input) {
                    plan.push(command);
                }
            }
            Err(misfit) => plan.misfits.push(misfit.0),
        }
    }
}

/// The formula of the metric whose values a new row has.
fn formula(
    target: &Target<'_>,
    kind: ItemKind,
    formula: Option<&str>,
    moves: Option<&str>,
) -> Option<MetricFormula> {
    match kind {
        ItemKind::Metric => {
            let words = words::METRIC_FORMULAS;
            words.iter().find(|it| formula.is_some_and(|text| it.1.eq_ignore_ascii_case(text))).map(|it| it.0)
        }
        ItemKind::Solution => {
            let editor = editor_of(EntityKind::Solution, Column::Moves, None)?;
            match write::parse(&editor, moves?, &target.names) {
                Ok(Input::Metric(Some(metric))) => {
                    target.names.open.board.metrics.get(&metric).map(|it| it.formula)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Sends what was pasted, and says what became of it.
fn settle(store: Store, plan: Plan) {
    let mut parts = Vec::new();
    if plan.set > 0 {
        parts.push(format::count(plan.set, "cell", "cells"));
    }
    if plan.added > 0 {
        parts.push(format::count(plan.added, "new row", "new rows"));
    }
    let what = parts.join(" and ");
    let left_out = match plan.misfits.len() {
        0 => String::new(),
        count => {
            let named: Vec<_> = plan.misfits.iter().take(MISFITS_SHOWN).cloned().collect();
            format!(" {} left out: {}.", format::whole(count as f64), named.join("; "))
        }
    };
    if plan.commands.is_empty() {
        let said = if left_out.is_empty() { "Nothing there differs.".to_owned() } else { left_out };
        return store.toast(Toast::plain("paste", said.trim().to_owned()));
    }
    let command = Command::Batch { label: format!("Paste {what}"), commands: plan.commands };
    dioxus::core::spawn_forever(async move {
        if store.dispatch(command).await {
            let undo = ToastAction {
                label: "Undo".to_owned(),
                keys: vec!["mod", "Z"],
                run: Run::new(move || store.undo_last()),
            };
            store.toast(Toast::plain("paste", format!("Pasted {what}.{left_out}")).with(undo));
            dom::focus(TABLE_ID);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::views::table::fixture::{Fixture, fixture};

    /// Items with ids that nothing else has.
    fn make(kind: ItemKind, step: StepId, title: String) -> Entity {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) + 1_000_000;
        let steps = [step].into();
        match kind {
            ItemKind::Metric => {
                Metric { name: title, steps, ..Metric::new(MetricId::from_parts(0, id)) }.into()
            }
            _ => Opportunity { title, steps, ..Opportunity::new(OpportunityId::from_parts(0, id)) }.into(),
        }
    }

    fn target<'a>(it: &'a Fixture, kind: Kind, columns: &[Column], rows: &[EntityRef]) -> Target<'a> {
        Target {
            names: Names { members: &it.members, open: &it.open, places: &it.places },
            kind,
            rows: rows.to_vec(),
            columns: columns.to_vec(),
            step: Some(it.steps[0]),
            make,
        }
    }

    fn sets(plan: &Plan) -> Vec<Change> {
        let change = |it: &Command| match it {
            Command::Set { change } => Some(change.clone()),
            _ => None,
        };
        plan.commands.iter().filter_map(change).collect()
    }

    #[test]
    fn what_a_spreadsheet_gives_comes_back_cell_by_cell() {
        let given = "a\t\"two\nlines\"\t\"with \"\"quotes\"\"\"\n\n\tc\t\r\n";
        let expected = [vec!["a", "two\nlines", "with \"quotes\""], vec![""], vec!["", "c", ""]];
        assert_eq!(cells(given).unwrap(), expected);
        let back =
            written(expected.iter().map(|it| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()));
        // Lines of other lengths are not written by the table itself.
        assert_eq!(back, None);
        let even =
            vec![vec!["a".to_owned(), "two\nlines".to_owned()], vec![String::new(), "\"q\"".to_owned()]];
        assert_eq!(cells(&written(even.clone().into_iter()).unwrap()).unwrap(), even);
    }

    #[test]
    fn a_block_goes_over_cells_to_the_right_and_down() {
        let it = fixture();
        let columns = [Column::Impact, Column::Effort, Column::Score];
        let target = target(&it, Kind::Items(ItemKind::Opportunity), &columns, &it.opportunities);
        let plan = plan(&target, &cells("5\t1\t99\n2\tten\t\n").unwrap());
        let id = |at: usize| it.opportunities[at].id.into();
        assert_eq!(
            sets(&plan),
            [
                Change::Opportunity { id: id(0), set: OpportunityField::Impact(Some(5)) },
                Change::Opportunity { id: id(0), set: OpportunityField::Effort(Some(1)) },
                Change::Opportunity { id: id(1), set: OpportunityField::Impact(Some(2)) },
            ]
        );
        assert_eq!(plan.misfits, ["Score follows from other things", "“ten” is not one of 1 to 5"]);
    }

    #[test]
    fn one_value_fills_all_rows_that_are_selected() {
        let it = fixture();
        let target = target(&it, Kind::Items(ItemKind::Opportunity), &[Column::Owner], &it.opportunities);
        let plan = plan(&target, &cells("maya lindqvist").unwrap());
        assert_eq!((plan.set, plan.misfits.len()), (it.opportunities.len(), 0));
    }

    #[test]
    fn lines_with_names_of_columns_become_rows() {
        let it = fixture();
        let target = target(&it, Kind::Items(ItemKind::Metric), &[Column::Title], &[]);
        let text = "Name\tFormula\tTarget\tStep\nActivation\tRate\t55%\tPay\nWeeks\tCount\t12\tNowhere\n\tRate\t1%\t\n";
        let plan = plan(&target, &cells(text).unwrap());
        assert_eq!(plan.added, 2);
        let steps: Vec<_> = plan
            .commands
            .iter()
            .filter_map(|it| match it {
                Command::Add { entity, .. } => match &**entity {
                    Entity::Metric(it) => it.steps.first().copied(),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        assert_eq!(steps, [it.steps[1], it.steps[0]]);
        let targets: Vec<_> = sets(&plan)
            .into_iter()
            .filter_map(|it| match it {
                Change::Metric { set: MetricField::Target(target), .. } => target,
                _ => None,
            })
            .collect();
        assert_eq!(targets, [0.55, 12.0]);
        assert_eq!(
            plan.misfits,
            ["“Nowhere” is not a step of this journey", "A line without a title has no row to go to"]
        );
    }

    #[test]
    fn lines_below_the_last_row_become_rows_when_they_begin_with_a_title() {
        let it = fixture();
        let kind = Kind::Items(ItemKind::Opportunity);
        let last = &it.opportunities[it.opportunities.len() - 1..];
        let below =
            plan(&target(&it, kind, &[Column::Title, Column::Impact], last), &cells("Same\nNew\n").unwrap());
        assert_eq!((below.set, below.added), (1, 1));
        let beside = plan(&target(&it, kind, &[Column::Impact], last), &cells("1\n2\n").unwrap());
        assert_eq!((beside.set, beside.added, beside.misfits.len()), (1, 0, 1));
    }
}
