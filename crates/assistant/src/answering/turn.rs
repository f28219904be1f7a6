//! One turn of a model: what it may choose from, and how its choice is read.

use custory_ipc::{WantedChange, WantedKind};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::structured::{Form, problem};
use crate::tools::Tool;

/// Claims of an answer.
pub(super) const CLAIMS_MAX: usize = 5;
/// Changes of a proposal.
pub(super) const CHANGES_MAX: usize = 6;
/// Names cited for one claim or change.
const CITES_MAX: usize = 4;
const CLAIM_CHARS_MAX: usize = 300;
const TEXT_CHARS_MAX: usize = 500;
const QUERY_CHARS_MAX: usize = 120;
/// At the second try: short enough to come to an end.
const ENTRIES_MAX_SHORT: usize = 2;
const CHARS_MAX_SHORT: usize = 120;

/// What a model chose to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    Answer,
    Look,
    Propose,
    NotInJourney,
}

/// A statement as a model made it: nothing of it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnClaim {
    pub cites: Vec<String>,
    pub text: String,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Turn {
    pub act: Act,
    #[serde(default)]
    pub changes: Vec<WantedChange>,
    #[serde(default)]
    pub claims: Vec<TurnClaim>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub query: String,
    #[serde(default)]
    pub tool: String,
}

/// The schema of a turn. Fields stand in alphabetical order, which is a good one to write them in.
pub(super) fn form(names: &[String], may_look: bool) -> Form {
    Form {
        whole: schema(names, may_look, (CLAIMS_MAX, CHANGES_MAX), (CLAIM_CHARS_MAX, TEXT_CHARS_MAX)),
        short: schema(
            names,
            may_look,
            (ENTRIES_MAX_SHORT, ENTRIES_MAX_SHORT),
            (CHARS_MAX_SHORT, CHARS_MAX_SHORT),
        ),
    }
}

/// `most` are claims and changes, `chars` the longest text of each.
fn schema(names: &[String], may_look: bool, most: (usize, usize), chars: (usize, usize)) -> Value {
    let acts: &[&str] = if may_look {
        &["answer", "look", "propose", "not_in_journey"]
    } else {
        &["answer", "propose", "not_in_journey"]
    };
    let tools: Vec<&str> = Tool::ALL.iter().map(|it| it.name()).chain([""]).collect();
    let or_none: Vec<&str> = names.iter().map(String::as_str).chain([""]).collect();
    let cites = json!({
        "type": "array", "minItems": 1, "maxItems": CITES_MAX, "items": { "type": "string", "enum": names },
    });
    json!({
        "type": "object",
        "properties": {
            "act": { "type": "string", "enum": acts },
            "changes": { "type": "array", "maxItems": most.1, "items": {
                "type": "object",
                "properties": {
                    "cites": cites,
                    "kind": { "type": "string", "enum": WantedKind::ALL },
                    "target": { "type": "string", "enum": names },
                    "text": { "type": "string", "minLength": 1, "maxLength": chars.1 },
                    "why": { "type": "string", "maxLength": chars.0 },
                },
                "required": ["cites", "kind", "target", "text", "why"],
                "additionalProperties": false,
            } },
            "claims": { "type": "array", "maxItems": most.0, "items": {
                "type": "object",
                "properties": {
                    "cites": cites,
                    "text": { "type": "string", "minLength": 1, "maxLength": chars.0 },
                },
                "required": ["cites", "text"],
                "additionalProperties": false,
            } },
            "name": { "type": "string", "enum": or_none },
            "query": { "type": "string", "maxLength": QUERY_CHARS_MAX },
            "tool": { "type": "string", "enum": tools },
        },
        "required": ["act", "changes", "claims", "name", "query", "tool"],
        "additionalProperties": false,
    })
}

/// Reads a turn strictly in its form; whether what it names is there is checked where it is used, so
/// that one wrong name costs one claim and not the answer.
pub(super) fn read(text: &str, may_look: bool) -> Result<Turn, String> {
    let turn: Turn = serde_json::from_str(text).map_err(|it| problem(&it))?;
    if turn.act == Act::Look && !may_look {
        return Err("there is no look left; answer now".to_owned());
    }
    if turn.act == Act::Look && Tool::parse(&turn.tool).is_none() {
        return Err("for look choose a tool".to_owned());
    }
    if turn.act == Act::Answer && turn.claims.is_empty()
        || turn.act == Act::Propose && turn.changes.is_empty()
    {
        return Err("it has no claims or changes; choose not_in_journey if there are none".to_owned());
    }
    let chars = |it: &str| it.chars().count();
    let is_long = turn.claims.len() > CLAIMS_MAX
        || turn.changes.len() > CHANGES_MAX
        || chars(&turn.query) > QUERY_CHARS_MAX
        || turn.claims.iter().any(|it| chars(&it.text) > CLAIM_CHARS_MAX || it.cites.len() > CITES_MAX)
        || turn.changes.iter().any(|it| {
            chars(&it.text) > TEXT_CHARS_MAX || chars(&it.why) > CLAIM_CHARS_MAX || it.cites.len() > CITES_MAX
        });
    if is_long { Err("it is too long".to_owned()) } else { Ok(turn) }
}
