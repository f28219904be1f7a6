//! Promises of `custory history`: what was changed, how it was, and the way back.

use crate::shared::Custory;

const TEXT: &str = "# Start\n\n1. Create an account with your e-mail.\n2. Invite your team.\n\n## Pricing\n\n\
    Pro costs $12 per month. Upgrade to Pro when you need more.\n";

#[test]
fn a_journey_is_shown_as_it_was_and_brought_back() {
    let custory = Custory::new();
    custory.run_on(&["draft", "-", "--accept", "--title", "Onboarding"], TEXT).succeeded();
    let drafted = custory.out(&["show", "Onboarding"]);
    let listed = custory.out(&["history", "Onboarding"]);
    let newest = listed.lines().next().expect("a change");
    assert!(newest.contains("import: ") && newest.contains(" +"), "{listed}");
    let version = newest.split_whitespace().next().expect("its name").to_owned();

    custory.out(&["history", "Onboarding", "--name", &version, "As drafted"]);
    let told = custory.json(&["history", "Onboarding", "--json"]);
    assert_eq!(told["named"][0]["name"], "As drafted", "{told}");
    let first = told["versions"].as_array().expect("versions").last().expect("the first")["id"].clone();
    let empty = custory.out(&["history", "Onboarding", "--at", first.as_str().expect("a name")]);
    assert!(!empty.contains("Invite your team"), "{empty}");
    assert_eq!(custory.out(&["history", "Onboarding", "--at", &version]), drafted);

    let step = told["versions"].as_array().expect("versions").iter().find_map(|it| {
        let touched = it["touched"].as_array()?;
        touched.iter().filter_map(|it| it.as_str()).find(|it| it.starts_with("step/")).map(str::to_owned)
    });
    let step = step.expect("a step was added");
    let of_step = custory.out(&["history", "Onboarding", "--about", &step]);
    assert!(of_step.lines().count() < listed.lines().count() + 1 && !of_step.is_empty(), "{of_step}");

    custory.out(&["history", "Onboarding", "--restore", first.as_str().expect("a name")]);
    assert!(!custory.out(&["show", "Onboarding"]).contains("Invite your team"));
    custory.out(&["history", "Onboarding", "--restore", &version]);
    assert_eq!(custory.out(&["show", "Onboarding"]), drafted);

    custory.run(&["history", "Onboarding", "--at", "2001-01-01"]).refused(1, &["had not begun yet"]);
    custory.run(&["history", "Onboarding", "--at", "yesterday"]).refused(1, &["no such version"]);
}
