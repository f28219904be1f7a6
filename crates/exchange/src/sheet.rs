//! A journey as a table for spreadsheets: CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), one row per
//! step and one per item on it.

use custory_domain::board::BoardIndex;
use custory_domain::{Board, EntityRef, ItemKind, MemberId, Step};

use crate::facts::{branches, cells, facts, notes};

const COLUMNS: [&str; 11] =
    ["Stage", "Step number", "Step", "Kind", "Title", "Facts", "Notes", "Owner", "Evidence", "Link", "Id"];

/// Writes a journey as CSV. Names of people come from `workspace`.
///
/// An item on several steps has a row at each. A cell that a spreadsheet would take for a formula begins with an
/// apostrophe: much of a journey was written by customers.
pub fn to_csv(board: &Board, workspace: &Board) -> String {
    let sheet = Sheet { board, workspace, index: BoardIndex::of(board) };
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut put = |row: [String; COLUMNS.len()]| {
        out.write_record(row.map(|it| harmless(&it))).expect("memory takes every row, and all are as long");
    };
    put(COLUMNS.map(str::to_owned));
    let mut number = 0;
    for stage in board.stages_in_order() {
        for step in board.steps_of(stage.id) {
            number += 1;
            let place = [stage.title.clone(), number.to_string(), step.title.clone()];
            put(sheet.step(place.clone(), step));
            for kind in ItemKind::ALL {
                for item in sheet.index.cell(step.id, *kind) {
                    sheet.item(place.clone(), *item).into_iter().for_each(&mut put);
                }
            }
        }
    }
    let bytes = out.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("rows are text")
}

struct Sheet<'a> {
    board: &'a Board,
    workspace: &'a Board,
    index: BoardIndex,
}

impl Sheet<'_> {
    fn step(&self, place: [String; 3], step: &Step) -> [String; COLUMNS.len()] {
        let [stage, number, title] = place;
        let evidence = self.index.evidence_count(step.id.into()).to_string();
        let (owner, id) = (self.name(step.owner), step.id.to_string());
        let (kind, action) = ("Step".to_owned(), step.action.clone());
        let ways: Vec<String> =
            branches(self.board, step).iter().map(|it| format!("some go to {it}")).collect();
        let lanes = cells(self.board, step).into_iter().map(|(lane, words)| format!("{lane}: {words}"));
        let facts = ways.into_iter().chain(lanes).collect::<Vec<_>>().join("; ");
        [stage, number, title.clone(), kind, title, facts, action, owner, evidence, String::new(), id]
    }

    fn item(&self, place: [String; 3], id: EntityRef) -> Option<[String; COLUMNS.len()]> {
        let (view, entity) = (self.board.item(id)?, self.board.get(id)?);
        let [stage, number, step] = place;
        let link = match &entity {
            custory_domain::Entity::Touchpoint(it) => it.url.clone(),
            _ => String::new(),
        };
        Some([
            stage,
            number,
            step,
            view.kind.spec().name.to_owned(),
            view.title.to_owned(),
            facts(self.board, &entity).join(", "),
            notes(&entity).to_owned(),
            self.name(view.owner),
            self.index.evidence_count(id).to_string(),
            link,
            id.id.to_string(),
        ])
    }

    fn name(&self, member: Option<MemberId>) -> String {
        let member = member.and_then(|it| self.workspace.members.get(&it));
        member.map_or_else(String::new, |it| it.name.clone())
    }
}

/// A text that no spreadsheet calculates with.
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
