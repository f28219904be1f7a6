//! The vendors' own descriptions of their interfaces, for holding requests against.
//!
//! They are not ours to pass on, so they lie beside the repository: in `$CUSTORY_SPECS`, or in
//! `../shared/specs`. Where they are missing the check is left out, loudly; in CI that is a failure.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    std::env::var_os("CUSTORY_SPECS").map_or(beside, PathBuf::from)
}

fn text(file: &str) -> Option<String> {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        let path = path.display();
        assert!(std::env::var_os("CI").is_none(), "{path} is missing: requests cannot be checked");
        eprintln!("LEFT OUT: {path} is missing, so requests are not held against the vendor's description");
    }
    text
}

/// What is wrong with a GraphQL request to Linear.
pub(super) fn linear(query: &str, variables: &Value) -> Vec<String> {
    static SCHEMA: OnceLock<Option<Valid<Schema>>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let text = text("linear/schema.graphql")?;
        Some(Schema::parse_and_validate(text, "schema.graphql").expect("Linear's schema is one"))
    });
    let Some(schema) = schema else { return Vec::new() };
    let document = match ExecutableDocument::parse_and_validate(schema, query, "request.graphql") {
        Ok(document) => document,
        Err(errors) => return vec![errors.to_string()],
    };
    let operation = match document.operations.get(None) {
        Ok(operation) => operation,
        Err(error) => return vec![format!("{error:?}")],
    };
    let Ok(variables) = serde_json::from_value(variables.clone()) else {
        return vec![format!("variables are no object: {variables}")];
    };
    match apollo_compiler::request::coerce_variable_values(schema, operation, &variables) {
        Ok(_) => Vec::new(),
        Err(error) => vec![format!("{error:?} in {variables:?}")],
    }
}

/// What is wrong with a question to PostHog.
pub(super) fn posthog(request: &Value) -> Vec<String> {
    static SCHEMA: OnceLock<Option<Value>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let text = text("posthog/query.2026-05.schema.json")?;
        Some(serde_json::from_str(&text).expect("PostHog's schema is JSON"))
    });
    let Some(schema) = schema else { return Vec::new() };
    let kind = request["query"]["kind"].as_str().unwrap_or_default();
    let mut complaints = Vec::new();
    for (name, instance) in [("QueryRequest_slim", request), (kind, &request["query"])] {
        let whole = json!({
            "$schema": schema["$schema"],
            "$defs": schema["$defs"],
            "$ref": format!("#/$defs/{name}"),
        });
        match jsonschema::validator_for(&whole) {
            Ok(validator) => {
                complaints.extend(validator.iter_errors(instance).map(|it| format!("{name}: {it}")));
            }
            Err(error) => complaints.push(format!("no schema for {name}: {error}")),
        }
        // The schema lets names pass that it does not know; a misspelt one is a mistake all the same.
        let known = &schema["$defs"][name]["properties"];
        let names = instance.as_object().into_iter().flat_map(|it| it.keys());
        complaints
            .extend(names.filter(|it| known.get(it).is_none()).map(|it| format!("{name} knows no {it}")));
    }
    complaints
}

/// What Slack takes today and its description, archived in 2021, does not know yet: by method, names of what it
/// takes beyond, and whether the method itself is missing there. As Slack's own client libraries have them.
const SLACK_SINCE: &[(&str, &[&str], bool)] = &[
    ("chat.postMessage", &["metadata"], false),
    ("conversations.history", &["include_all_metadata"], false),
    ("conversations.replies", &["include_all_metadata"], false),
    ("apps.connections.open", &[], true),
];

/// What is wrong with a call of Slack: the method has to be described, with every name, the type of its value, and
/// nothing missing that it needs.
pub(super) fn slack(path: &str, method: &str, query: &[(String, String)], body: &Value) -> Vec<String> {
    static DESCRIPTION: OnceLock<Option<Value>> = OnceLock::new();
    let description = DESCRIPTION.get_or_init(|| {
        let text = text("slack/slack_web_openapi_v2.2021.json")?;
        Some(serde_json::from_str(&text).expect("Slack's description is JSON"))
    });
    let Some(description) = description else { return Vec::new() };
    let name = path.strip_prefix("/api/").unwrap_or(path);
    let since = SLACK_SINCE.iter().find(|it| it.0 == name);
    let described = &description["paths"][format!("/{name}")][method.to_ascii_lowercase()];
    let Some(described) = described["parameters"].as_array() else {
        let is_newer = since.is_some_and(|it| it.2) && query.is_empty() && body.is_null();
        return if is_newer { Vec::new() } else { vec![format!("{method} {name} is not described")] };
    };
    let empty = serde_json::Map::new();
    let sent = body.as_object().unwrap_or(&empty);
    let given = query.iter().map(|it| (it.0.as_str(), "query", Value::from(it.1.as_str())));
    let given = given.chain(sent.iter().map(|it| (it.0.as_str(), "formData", it.1.clone())));
    let mut complaints = Vec::new();
    for (field, place, value) in given {
        if since.is_some_and(|it| it.1.contains(&field)) {
            continue;
        }
        match described.iter().find(|it| it["name"] == field && it["in"] == place) {
            None => complaints.push(format!("{name} knows no {field} in its {place}")),
            Some(it) if !fits(&it["type"], place, &value) => {
                complaints.push(format!("{field} of {name} is no {}: {value}", it["type"]));
            }
            Some(_) => {}
        }
    }
    for it in described.iter().filter(|it| it["required"] == true && it["name"] != "token") {
        let is_there = query.iter().any(|(name, _)| it["name"] == name.as_str())
            || it["name"].as_str().is_some_and(|name| sent.contains_key(name));
        if !is_there {
            complaints.push(format!("{name} needs {}", it["name"]));
        }
    }
    complaints
}

fn fits(sort: &Value, place: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    match sort.as_str().unwrap_or_default() {
        "boolean" if place == "query" => matches!(text, "true" | "false" | "1" | "0"),
        "boolean" => value.is_boolean(),
        "integer" => text.parse::<u32>().is_ok(),
        "number" => text.parse::<f64>().is_ok(),
        _ => value.is_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_the_vendors_do_not_describe_are_found() {
        if !folder().exists() {
            return eprintln!("LEFT OUT: the vendors' descriptions are missing");
        }
        assert!(linear("{ viewer { id } }", &json!({})).is_empty());
        assert!(!linear("{ viewer { shoeSize } }", &json!({})).is_empty());
        let create = "mutation C($input: IssueCreateInput!) { issueCreate(input: $input) { success } }";
        assert!(linear(create, &json!({ "input": { "teamId": "t", "title": "a" } })).is_empty());
        assert!(!linear(create, &json!({ "input": { "title": "a" } })).is_empty());
        assert!(!linear(create, &json!({ "input": { "teamId": "t", "size": 3 } })).is_empty());

        let asked = |name: &str, method: &str, query: &[(&str, &str)], body: Value| {
            let query: Vec<_> = query.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
            slack(&format!("/api/{name}"), method, &query, &body)
        };
        let history = |query: &[(&str, &str)]| asked("conversations.history", "GET", query, Value::Null);
        assert!(
            history(&[("channel", "C1"), ("latest", "1.2"), ("limit", "1"), ("inclusive", "true")])
                .is_empty()
        );
        for bad in [("chanel", "C1"), ("latest", "soon"), ("limit", "1.5"), ("inclusive", "yes")] {
            assert!(!history(&[bad]).is_empty(), "{bad:?}");
        }
        let post = |body| asked("chat.postMessage", "POST", &[], body);
        assert!(post(json!({ "channel": "C1", "text": "a", "unfurl_links": false })).is_empty());
        assert!(!post(json!({ "text": "a" })).is_empty());
        assert!(!post(json!({ "channel": "C1", "unfurl_links": "no" })).is_empty());
        assert!(!asked("chat.shout", "POST", &[], json!({})).is_empty());

        let good = json!({ "query": { "kind": "HogQLQuery", "query": "select 1" }, "refresh": "blocking" });
        assert!(posthog(&good).is_empty(), "{:?}", posthog(&good));
        let mut bad = good.clone();
        bad["refresh"] = "soon".into();
        assert!(!posthog(&bad).is_empty());
        let mut bad = good.clone();
        bad["query"]["qurey"] = 1.into();
        assert!(!posthog(&bad).is_empty());
        assert!(!posthog(&json!({ "query": { "kind": "FunnelsQuery" } })).is_empty());
    }
}
