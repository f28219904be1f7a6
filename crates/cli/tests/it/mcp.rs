//! Promises of `custory mcp` to another program's assistant: it reads journeys, and can do nothing else.

use crate::shared::Custory;
use rmcp::RoleClient;
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, CallToolResult, GetPromptRequestParams, ReadResourceRequestParams};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

const TEXT: &str = "# Start\n\n1. Create an account with your e-mail.\n2. Invite your team.\n\n## Pricing\n\n\
    Pro costs $12 per month. Upgrade to Pro when you need more.\n";

fn said(result: &CallToolResult) -> String {
    result.content.iter().filter_map(|it| it.as_text()).map(|it| it.text.clone()).collect()
}

async fn connected(custory: &Custory, options: &[&str]) -> RunningService<RoleClient, ()> {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_custory"));
    command.arg("--data-dir").arg(custory.data.path()).arg("mcp").args(options);
    ().serve(TokioChildProcess::new(command).expect("the program starts")).await.expect("a session")
}

async fn called(
    client: &RunningService<RoleClient, ()>,
    name: &'static str,
    arguments: Value,
) -> CallToolResult {
    let arguments = arguments.as_object().cloned().expect("an object");
    client.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)).await.expect("an answer")
}

/// The first identifier of a kind in a text.
fn first(text: &str, kind: &str) -> String {
    let start = format!("{kind}/");
    text.split_whitespace().find(|it| it.starts_with(&start)).expect(kind).to_owned()
}

#[tokio::test]
async fn another_programs_assistant_reads_journeys_and_can_change_nothing() {
    let custory = Custory::new();
    custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], TEXT).succeeded();
    let before = custory.out(&["show", "Onboarding", "--json"]);
    let client = connected(&custory, &[]).await;

    let tools = client.list_all_tools().await.expect("tools");
    let names: Vec<&str> = tools.iter().map(|it| it.name.as_ref()).collect();
    assert!(names.contains(&"list_journeys") && names.contains(&"explain_score"), "{names:?}");
    let reads =
        |it: &rmcp::model::Tool| it.annotations.as_ref().and_then(|it| it.read_only_hint) == Some(true);
    assert!(tools.iter().all(reads));

    let call = async |name: &'static str, arguments: Value| {
        let arguments = arguments.as_object().cloned().expect("an object");
        client.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)).await
    };
    let journeys = said(&call("list_journeys", json!({})).await.expect("an answer"));
    assert!(journeys.contains("“Onboarding”"), "{journeys}");
    let journey = said(&call("get_journey", json!({ "journey": "Onboarding" })).await.expect("an answer"));
    let step = journey.split_whitespace().find(|it| it.starts_with("step/")).expect("a step").to_owned();
    let step =
        said(&call("get_step", json!({ "journey": "Onboarding", "id": step })).await.expect("an answer"));
    assert!(step.contains("evidence/"), "{step}");
    let quote = first(&step, "evidence");
    let source =
        said(&call("read_source", json!({ "journey": "Onboarding", "id": quote })).await.expect("an answer"));
    assert!(source.contains("Invite your team") && source.contains("Pro costs $12"), "{source}");
    let past = json!({ "journey": "Onboarding", "query": "2001-01-01" });
    let past = said(&call("history_at", past).await.expect("an answer"));
    assert!(past.contains("had not begun yet") && past.contains("(an import)"), "{past}");
    let refused =
        call("get_step", json!({ "journey": "Onboarding", "id": "step/01ARZ3NDEKTSV4RRFFQ69G5FAV" })).await;
    assert_eq!(refused.expect("an answer").is_error, Some(true));
    for name in ["delete_journey", "accept_proposal", "propose_items", "post_message"] {
        assert!(call(name, json!({ "journey": "Onboarding" })).await.is_err(), "{name}");
    }
    client.cancel().await.expect("hung up");
    assert_eq!(custory.out(&["show", "Onboarding", "--json"]), before);
}

#[tokio::test]
async fn journeys_are_resources_and_questions_about_them_are_prompts() {
    let custory = Custory::new();
    custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], TEXT).succeeded();
    let client = connected(&custory, &[]).await;
    let resources = client.list_all_resources().await.expect("resources");
    assert_eq!(resources.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Onboarding"]);
    let uri = resources[0].uri.clone();
    let read = client.read_resource(ReadResourceRequestParams::new(uri)).await.expect("a journey");
    assert!(json!(read.contents).to_string().contains("Invite your team"), "{read:?}");
    let stranger = ReadResourceRequestParams::new("file:///etc/passwd");
    assert!(client.read_resource(stranger).await.is_err());

    let prompts = client.list_all_prompts().await.expect("prompts");
    assert!(prompts.len() >= 3, "{prompts:?}");
    for prompt in prompts {
        let wanted = GetPromptRequestParams::new(prompt.name.clone());
        assert!(client.get_prompt(wanted.clone()).await.is_err(), "{}: no journey", prompt.name);
        let arguments = json!({ "journey": "Onboarding" }).as_object().cloned().expect("an object");
        let given = client.get_prompt(wanted.with_arguments(arguments)).await.expect("a prompt");
        assert!(json!(given.messages).to_string().contains("“Onboarding”"), "{}", prompt.name);
    }
    client.cancel().await.expect("hung up");
}

#[tokio::test]
async fn with_leave_to_propose_every_change_waits_for_a_person_and_every_call_is_in_the_log() {
    let custory = Custory::new();
    custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], TEXT).succeeded();
    let before = custory.out(&["show", "Onboarding", "--json"]);
    let client = connected(&custory, &["--propose"]).await;
    let told = client.peer_info().and_then(|it| it.instructions.clone()).expect("instructions");
    assert!(told.contains("propose_changes") && !told.contains("Nothing can be changed"), "{told}");
    let journey = said(&called(&client, "get_journey", json!({ "journey": "Onboarding" })).await);
    let step = first(&journey, "step");
    let change = |kind: &str, target: &str, text: &str, cites: Value| json!({ "kind": kind, "target": target, "text": text, "cites": cites });
    let changes = json!([
        change("rename", &step, "Open an account", json!([step])),
        change("add_pain", &step, "Nobody knows the price", json!([])),
        change("rename", "step/01ARZ3NDEKTSV4RRFFQ69G5FAV", "Gone", json!([step])),
        change("add_need", &step, "Costs 99 dollars", json!([step])),
    ]);
    let arguments = json!({ "journey": "Onboarding", "changes": changes });
    let told = said(&called(&client, "propose_changes", arguments).await);
    assert_eq!(told.matches("waits: ").count(), 1, "{told}");
    assert_eq!(told.matches("left out: ").count(), 3, "{told}");
    let wrong = json!({ "journey": "Onboarding", "changes": [change("delete", &step, "x", json!([step]))] });
    assert_eq!(called(&client, "propose_changes", wrong).await.is_error, Some(true));
    client.cancel().await.expect("hung up");
    assert_eq!(custory.out(&["show", "Onboarding", "--json"]), before, "a proposal changes nothing");

    let log = std::fs::read_to_string(custory.data.path().join("mcp-calls.jsonl")).expect("a log");
    let lines: Vec<Value> = log.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let calls: Vec<&str> = lines.iter().filter_map(|it| it["call"].as_str()).collect();
    assert_eq!(calls, ["get_journey", "propose_changes", "propose_changes"]);
    assert_eq!(lines.iter().filter(|it| it["refused"].is_string()).count(), 1, "{log}");

    let waiting = custory.json(&["proposals", "--json"]);
    let id = waiting[0]["id"].as_str().expect("a proposal waits").to_owned();
    custory.out(&["proposals", "accept", &id]);
    assert!(custory.out(&["show", "Onboarding", "--json"]).contains("Open an account"));
}
