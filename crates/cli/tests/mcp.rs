//! Promises of `custory mcp` to another program's assistant: it reads journeys, and can do nothing else.

mod shared;

use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};
use shared::Custory;

const TEXT: &str = "# Start\n\n1. Create an account with your e-mail.\n2. Invite your team.\n\n## Pricing\n\n\
    Pro costs $12 per month. Upgrade to Pro when you need more.\n";

fn said(result: &CallToolResult) -> String {
    result.content.iter().filter_map(|it| it.as_text()).map(|it| it.text.clone()).collect()
}

#[tokio::test]
async fn another_programs_assistant_reads_journeys_and_can_change_nothing() {
    let custory = Custory::new();
    custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], TEXT).succeeded();
    let before = custory.out(&["show", "Onboarding", "--json"]);
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_custory"));
    command.arg("--data-dir").arg(custory.data.path()).arg("mcp");
    let client =
        ().serve(TokioChildProcess::new(command).expect("the program starts")).await.expect("a session");

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
    let refused =
        call("get_step", json!({ "journey": "Onboarding", "id": "step/01ARZ3NDEKTSV4RRFFQ69G5FAV" })).await;
    assert_eq!(refused.expect("an answer").is_error, Some(true));
    for name in ["delete_journey", "accept_proposal", "propose_items", "post_message"] {
        assert!(call(name, json!({ "journey": "Onboarding" })).await.is_err(), "{name}");
    }
    client.cancel().await.expect("hung up");
    assert_eq!(custory.out(&["show", "Onboarding", "--json"]), before);
}
