//! The tools that other programs are given, with what each needs.

use std::sync::Arc;

use custory_engine::Tool;
use custory_ipc::WantedKind;
use rmcp::model::{JsonObject, ToolAnnotations};
use serde_json::{Value, json};

/// Lists the journeys; the only tool that needs none.
pub(super) const LIST_JOURNEYS: &str = "list_journeys";
/// Leaves changes for a person to accept; only where writing was allowed.
pub(super) const PROPOSE: &str = "propose_changes";

/// All that a program is given.
pub(super) fn all(may_propose: bool) -> Vec<rmcp::model::Tool> {
    let journeys = tool(LIST_JOURNEYS, "all journeys with their ids", json!({}), &[]);
    let mut tools: Vec<_> = [journeys].into_iter().chain(Tool::ALL.into_iter().map(described)).collect();
    if may_propose {
        tools.push(propose());
    }
    tools
}

/// Whether there is a tool of that name.
pub(super) fn is_known(name: &str, may_propose: bool) -> bool {
    name == LIST_JOURNEYS || Tool::parse(name).is_some() || may_propose && name == PROPOSE
}

fn described(it: Tool) -> rmcp::model::Tool {
    let journey = json!({ "type": "string", "description": "its id or title" });
    let id = json!({ "type": "string", "description": "such as step/01J…" });
    let about = it.about().replace("needs name", "needs id").replace(", name for", ", id for");
    let (mut properties, mut required) = (json!({ "journey": journey }), vec!["journey"]);
    if it.takes_name() {
        properties["id"] = id;
    }
    if it.needs_name() {
        required.push("id");
    }
    if !it.about_query().is_empty() {
        properties["query"] = json!({ "type": "string", "description": it.about_query() });
        if it.needs_query() {
            required.push("query");
        }
    }
    tool(it.name(), &about, properties, &required)
}

fn propose() -> rmcp::model::Tool {
    let kinds = WantedKind::ALL.map(|it| json!(it));
    let change = json!({
        "type": "object",
        "properties": {
            "cites": { "type": "array", "items": { "type": "string" }, "description": "ids of what it rests on, at least one" },
            "kind": { "type": "string", "enum": kinds },
            "target": { "type": "string", "description": "id of what is changed, or of the step that something is added to" },
            "text": { "type": "string", "description": "the new text" },
            "why": { "type": "string", "description": "why, in a sentence" },
        },
        "required": ["cites", "kind", "target", "text"],
    });
    let properties = json!({
        "journey": { "type": "string", "description": "its id or title" },
        "changes": { "type": "array", "items": change },
    });
    let about = "leaves changes for a person to accept or reject in Custory; changes nothing itself";
    let annotations = ToolAnnotations::new().read_only(false).destructive(false);
    tool(PROPOSE, about, properties, &["journey", "changes"]).with_annotations(annotations)
}

fn tool(name: &str, about: &str, properties: Value, required: &[&str]) -> rmcp::model::Tool {
    let mut schema = JsonObject::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), properties);
    schema.insert("required".to_owned(), json!(required));
    rmcp::model::Tool::new(name.to_owned(), about.to_owned(), Arc::new(schema))
        .with_annotations(ToolAnnotations::new().read_only(true).destructive(false))
}
