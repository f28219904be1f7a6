//! From rows to a journey: what each column becomes, by the person's word or by its head.

use custory_domain::import::ColumnRole;
use custory_domain::*;
use ulid::Ulid;

use super::build::{Builder, clip};
use super::feeling::{self, Scale};
use super::table::Table;
use crate::import::{ImportError, Imported};

/// Heads of columns and lanes by what they mean, lower case, as programs for journeys and trackers write them.
const HEADS: [(ColumnRole, &[&str]); 15] = [
    (ColumnRole::Stage, &["stage", "stages", "phase", "phases", "journey stage", "journey phase", "section"]),
    (
        ColumnRole::Step,
        &[
            "step",
            "steps",
            "journey step",
            "moment",
            "moments",
            "activity",
            "activities",
            "sub-stage",
            "substage",
        ],
    ),
    (ColumnRole::Kind, &["kind", "type", "item type", "issue type", "category", "lane", "card type"]),
    (
        ColumnRole::Title,
        &["title", "name", "summary", "text", "content", "item", "card", "card title", "label"],
    ),
    (ColumnRole::Notes, &["notes", "note", "description", "details", "comment", "comments", "body"]),
    (
        ColumnRole::Action,
        &[
            "action",
            "actions",
            "doing",
            "user actions",
            "customer actions",
            "user action",
            "process",
            "what customers do",
        ],
    ),
    (
        ColumnRole::Thought,
        &["thought", "thoughts", "thinking", "customer thoughts", "questions", "what customers think"],
    ),
    (
        ColumnRole::Emotion,
        &["emotion", "emotions", "feeling", "feelings", "experience", "sentiment", "mood", "how it feels"],
    ),
    (ColumnRole::Link, &["link", "url", "address", "website"]),
    (
        ColumnRole::Quote,
        &["quote", "quotes", "verbatim", "verbatims", "customer quote", "voice of customer", "evidence"],
    ),
    (
        ColumnRole::Touchpoints,
        &[
            "touchpoint",
            "touchpoints",
            "touch point",
            "touch points",
            "channel",
            "channels",
            "touchpoints & channels",
        ],
    ),
    (
        ColumnRole::Insights,
        &[
            "insight",
            "insights",
            "pain",
            "pains",
            "pain point",
            "pain points",
            "painpoints",
            "friction",
            "problem",
            "problems",
            "needs",
            "gains",
            "barriers",
        ],
    ),
    (ColumnRole::Opportunities, &["opportunity", "opportunities", "how might we", "improvements"]),
    (
        ColumnRole::Solutions,
        &["solution", "solutions", "idea", "ideas", "initiative", "initiatives", "features"],
    ),
    (ColumnRole::Metrics, &["metric", "metrics", "kpi", "kpis", "measure", "measures"]),
];

/// What an own export writes besides, which is counted or made anew here.
const OWN_REST: [&str; 5] = ["step number", "facts", "owner", "evidence", "id"];

/// What a head of a row or column means, if it means anything here.
pub(super) fn lane(head: &str) -> Option<ColumnRole> {
    let head = head.trim().trim_end_matches(':').to_lowercase();
    HEADS.iter().find(|it| it.1.contains(&head.as_str())).map(|it| it.0)
}

/// What each column most likely becomes. Each role that a row has once is given once.
pub(super) fn guess(table: &Table) -> Vec<ColumnRole> {
    let is_own = OWN_REST.iter().all(|it| table.heads.iter().any(|head| head.to_lowercase() == *it));
    let mut roles: Vec<ColumnRole> = Vec::with_capacity(table.heads.len());
    for head in &table.heads {
        let is_rest = is_own && OWN_REST.contains(&head.to_lowercase().as_str());
        let role = lane(head).filter(|_| !is_rest).unwrap_or_default();
        let is_taken = role.items().is_none() && role != ColumnRole::Quote && roles.contains(&role);
        roles.push(if is_taken { ColumnRole::LeftOut } else { role });
    }
    let has = |role| roles.contains(&role);
    // A table of nothing but names is a list of items.
    if !has(ColumnRole::Title) && !has(ColumnRole::Step) && roles.iter().all(|it| it.items().is_none()) {
        let first = roles.iter().position(|it| *it == ColumnRole::LeftOut);
        if let Some(first) = first {
            roles[first] = ColumnRole::Title;
        }
    }
    roles
}

/// Makes a journey of a table.
pub(super) fn fill(
    table: &Table,
    roles: &[ColumnRole],
    title: &str,
    mint: &mut dyn FnMut() -> Ulid,
) -> Result<Imported, ImportError> {
    let mut filler = Filler {
        builder: Builder::new(title, mint),
        table,
        roles,
        scale: scale(table, roles),
        source: title,
        stage: None,
        step: None,
        homeless: 0,
    };
    for (at, row) in table.rows.iter().enumerate() {
        filler.builder.line = table.lines[at];
        filler.row(row);
    }
    filler.tell_rest();
    filler.builder.finish()
}

fn scale(table: &Table, roles: &[ColumnRole]) -> Option<Scale> {
    let at = roles.iter().position(|it| *it == ColumnRole::Emotion)?;
    Scale::of(table.rows.iter().map(|row| row[at].as_str()))
}

struct Filler<'a, 'm> {
    builder: Builder<'m>,
    table: &'a Table,
    roles: &'a [ColumnRole],
    scale: Option<Scale>,
    source: &'a str,
    /// Where the last row was: rows below it that do not say repeat it.
    stage: Option<StageId>,
    step: Option<StepId>,
    /// Rows that no step was known for.
    homeless: usize,
}

impl Filler<'_, '_> {
    fn row(&mut self, row: &[String]) {
        let roles = self.roles;
        let of = |role| roles.iter().position(|it| *it == role).map_or("", |at| row[at].as_str());
        let (stage, step) = (of(ColumnRole::Stage), of(ColumnRole::Step));
        let (kind, title) = (of(ColumnRole::Kind), of(ColumnRole::Title));
        let (notes, link) = (of(ColumnRole::Notes), of(ColumnRole::Link));
        let (action, thought, emotion) =
            (of(ColumnRole::Action), of(ColumnRole::Thought), of(ColumnRole::Emotion));
        if !stage.is_empty() {
            self.stage = Some(self.builder.stage_named(stage));
            self.step = None;
        }
        let is_step = kind.eq_ignore_ascii_case("step");
        let step = if is_step && step.is_empty() { title } else { step };
        if !step.is_empty() {
            let stage = self.stage.unwrap_or_else(|| self.builder.last_stage());
            self.step = Some(self.builder.step_named(stage, step));
        }
        let items = listed(self.roles, row);
        let quotes = cells(self.roles, row, ColumnRole::Quote);
        let has_title = !title.is_empty() && !is_step;
        let says = has_title
            || !items.is_empty()
            || !quotes.is_empty()
            || [notes, action, thought, emotion].iter().any(|it| !it.is_empty());
        if !says {
            return;
        }
        let at = self.place();
        self.tell_step(at, if has_title { "" } else { notes }, action, thought, emotion);
        let item = has_title.then(|| self.titled(at, kind, title, notes, link));
        for (kind, title) in items {
            self.builder.item(at, kind, title, "");
        }
        for words in quotes {
            self.builder.quote(item.unwrap_or(at.into()), words, self.source, None);
        }
    }

    /// The step of the row being read, or one for what has none.
    fn place(&mut self) -> StepId {
        if let Some(step) = self.step {
            return step;
        }
        let step = match self.stage {
            Some(stage) => self.builder.no_step_in(stage),
            None => self.builder.no_step(),
        };
        self.homeless += 1;
        step
    }

    /// What the row says about its step itself.
    fn tell_step(&mut self, at: StepId, notes: &str, action: &str, thought: &str, emotion: &str) {
        let feeling = feeling::read(emotion, self.scale);
        if !emotion.is_empty() && feeling.is_none() {
            self.builder
                .lose_here(&format!("how it feels, “{}”, is on no scale known here.", clip(emotion, 40)));
        }
        self.builder.change_step(at, |step| {
            for more in [action, notes] {
                append(&mut step.action, more, carry_out::limits::LONG_TEXT_CHARS_MAX);
            }
            append(&mut step.thought, thought, carry_out::limits::SHORT_TEXT_CHARS_MAX);
            step.emotion = feeling.or(step.emotion);
        });
    }

    /// The item that the row is.
    fn titled(&mut self, at: StepId, kind: &str, title: &str, notes: &str, link: &str) -> EntityRef {
        let known = kind_of(kind);
        if known.is_none() && !kind.is_empty() {
            self.builder.lose_here(&format!(
                "“{}” is no kind of item here; “{}” came in as an insight.",
                clip(kind, 40),
                clip(title, 60)
            ));
        }
        let (kind, sort) = known.unwrap_or((ItemKind::Insight, None));
        let id = self.builder.item(at, kind, title, notes);
        self.builder.change_item(id, |item| match item {
            Entity::Touchpoint(it) => it.url = clip(link, carry_out::limits::ADDRESS_CHARS_MAX),
            Entity::Insight(it) => it.sort = sort.unwrap_or(it.sort),
            _ => {}
        });
        if kind != ItemKind::Touchpoint && !link.is_empty() {
            self.builder.change_item(id, |item| add_note(item, link));
        }
        id
    }

    /// Says what was left out as a whole.
    fn tell_rest(&mut self) {
        self.builder.line = 0;
        for (at, head) in self.table.heads.iter().enumerate() {
            let filled = self.table.rows.iter().filter(|row| !row[at].is_empty()).count();
            if self.roles[at] == ColumnRole::LeftOut && filled > 0 {
                let head = if head.is_empty() {
                    format!("number {}", at + 1)
                } else {
                    format!("“{}”", clip(head, 60))
                };
                let cells = if filled == 1 { "1 cell".to_owned() } else { format!("{filled} cells") };
                self.builder.lose(format!("Column {head} was left out: {cells}."));
            }
        }
        match self.homeless {
            0 => {}
            1 => self.builder.lose("1 row names no step; it hangs on “Not on a step yet”."),
            many => self.builder.lose(format!("{many} rows name no step; they hang on “Not on a step yet”.")),
        }
    }
}

/// Items that stand in columns of their own, each line one.
fn listed<'r>(roles: &[ColumnRole], row: &'r [String]) -> Vec<(ItemKind, &'r str)> {
    let cells = roles.iter().zip(row).filter_map(|(role, cell)| Some((role.items()?, cell)));
    cells.flat_map(|(kind, cell)| entries(cell).map(move |it| (kind, it))).collect()
}

/// What a row's columns of a role say.
fn cells<'r>(roles: &[ColumnRole], row: &'r [String], role: ColumnRole) -> Vec<&'r str> {
    let cells = roles.iter().zip(row).filter(|it| *it.0 == role);
    cells.map(|it| it.1.as_str()).filter(|it| !it.is_empty()).collect()
}

/// The entries of a cell that lists several, without their bullets.
fn entries(cell: &str) -> impl Iterator<Item = &str> {
    let bullets = |it: char| matches!(it, '-' | '•' | '*' | '–' | '·') || it.is_whitespace();
    cell.lines().map(move |it| it.trim_start_matches(bullets).trim()).filter(|it| !it.is_empty())
}

/// The kind of item that a word means, and for an insight of which sort.
pub(super) fn kind_of(word: &str) -> Option<(ItemKind, Option<InsightSort>)> {
    let word = word.trim().to_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    Some(match singular {
        "touchpoint" | "touch point" | "channel" => (ItemKind::Touchpoint, None),
        "insight" | "observation" | "finding" => (ItemKind::Insight, None),
        "pain" | "pain point" | "painpoint" | "problem" | "friction" | "barrier" | "bug" => {
            (ItemKind::Insight, Some(InsightSort::Pain))
        }
        "need" | "job" => (ItemKind::Insight, Some(InsightSort::Need)),
        "gain" | "delight" | "happy moment" => (ItemKind::Insight, Some(InsightSort::Gain)),
        "question" | "assumption" => (ItemKind::Insight, Some(InsightSort::Question)),
        "opportunity" | "opportunitie" | "how might we" => (ItemKind::Opportunity, None),
        "solution" | "idea" | "feature" | "initiative" | "story" | "task" | "improvement" | "epic" => {
            (ItemKind::Solution, None)
        }
        "metric" | "kpi" | "measure" => (ItemKind::Metric, None),
        _ => return None,
    })
}

/// Puts more words under what is there, as far as they fit.
fn append(text: &mut String, more: &str, chars_max: usize) {
    let more = more.trim();
    if more.is_empty() || text == more {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
    *text = clip(text, chars_max);
}

/// Adds a line to an item's notes.
pub(super) fn add_note(item: &mut Entity, line: &str) {
    let notes = match item {
        Entity::Touchpoint(it) => &mut it.notes,
        Entity::Insight(it) => &mut it.notes,
        Entity::Opportunity(it) => &mut it.notes,
        Entity::Solution(it) => &mut it.notes,
        Entity::Metric(it) => &mut it.notes,
        _ => return,
    };
    append(notes, line, carry_out::limits::LONG_TEXT_CHARS_MAX);
}
