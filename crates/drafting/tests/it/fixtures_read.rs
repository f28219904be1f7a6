//! What a draft of a whole product must hold: a website and a repository of the same made-up one.

use std::collections::BTreeSet;

use crate::shared::{assert_proven, fixture, read, read_with_progress, serve_folder};
use custory_domain::InsightSort;
use custory_domain::draft::{Draft, DraftItemKind, DraftPhase, Material};
use custory_drafting::Reading;

async fn repository() -> Reading {
    read(vec![Material::Folder { path: fixture("repository") }]).await.expect("a draft")
}

async fn website() -> Reading {
    let server = serve_folder("site").await;
    read(vec![Material::Website { url: server.url("/"), allow_private: true }]).await.expect("a draft")
}

fn titles(draft: &Draft) -> Vec<&str> {
    draft.steps().map(|it| it.title.as_str()).collect()
}

/// Asserts that the steps are there, in this order; others may stand between them.
fn assert_in_order(draft: &Draft, expected: &[&str]) {
    let titles = titles(draft);
    let places: Vec<Option<usize>> =
        expected.iter().map(|it| titles.iter().position(|title| title == it)).collect();
    assert!(places.iter().all(Option::is_some), "{expected:?} in {titles:?}");
    assert!(places.is_sorted(), "{expected:?} in {titles:?}");
}

fn insights(draft: &Draft, wanted: InsightSort) -> BTreeSet<&str> {
    let items = draft.steps().flat_map(|it| &it.items);
    items
        .filter(|it| it.what == DraftItemKind::Insight { sort: wanted })
        .map(|it| it.title.as_str())
        .collect()
}

fn assert_bounds(draft: &Draft) {
    assert!(
        (4..=Draft::STAGES_MAX).contains(&draft.stages.len()),
        "{:?}",
        draft.stages.iter().map(|it| &it.title).collect::<Vec<_>>()
    );
    for stage in &draft.stages {
        assert!((1..=Draft::STEPS_PER_STAGE_MAX).contains(&stage.steps.len()), "{}", stage.title);
    }
    let titles = titles(draft);
    let distinct: BTreeSet<String> = titles.iter().map(|it| it.to_lowercase()).collect();
    assert_eq!(distinct.len(), titles.len(), "{titles:?}");
    assert!(titles.iter().all(|it| it.chars().count() <= 60), "{titles:?}");
}

#[tokio::test]
async fn a_website_becomes_the_journey_that_it_tells() {
    let reading = website().await;
    let draft = &reading.draft;
    assert_proven(&reading);
    assert_bounds(draft);
    assert_eq!(draft.title, "Larkboard journey");
    assert_in_order(
        draft,
        &[
            "See what Larkboard does",
            "Compare plans",
            "Create your account",
            "Confirm your email",
            "Create a board",
            "Import your shifts",
            "Invite your crew",
            "Publish your first plan",
            "Swap shifts",
            "Upgrade your plan",
            "Cancel your subscription",
            "Contact support",
        ],
    );
    assert!(
        !titles(draft).iter().any(|it| it.contains("agreement")),
        "terms are no journey: {:?}",
        titles(draft)
    );
}

#[tokio::test]
async fn pains_are_problems_that_a_page_states() {
    let reading = website().await;
    let pains = insights(&reading.draft, InsightSort::Pain);
    let stated: BTreeSet<&str> = [
        "Invitations are not arriving",
        "Shifts do not appear in the calendar",
        "Why can't I import my spreadsheet?",
        "Files with more than 2,000 rows are not supported.",
        "Fixed invitations that were sent twice to the same crew member.",
    ]
    .into();
    assert!(pains.is_subset(&stated), "{pains:?}");
    assert!(pains.contains("Invitations are not arriving"), "{pains:?}");
    let gains = insights(&reading.draft, InsightSort::Gain);
    assert!(gains.contains("no card needed"), "a promise, not the call around it: {gains:?}");
    let questions = insights(&reading.draft, InsightSort::Question);
    assert!(questions.contains("Can I change my plan later?"), "{questions:?}");
}

#[tokio::test]
async fn a_repository_binds_events_and_screens_to_steps() {
    let reading = repository().await;
    let draft = &reading.draft;
    assert_proven(&reading);
    assert_bounds(draft);
    assert_in_order(
        draft,
        &["Create an account", "Create a board", "Import your shifts", "Publish your first plan"],
    );
    let step = |title: &str| {
        draft.steps().find(|it| it.title == title).unwrap_or_else(|| panic!("{title} in {:?}", titles(draft)))
    };
    assert!(step("Create a board").events.contains("board_created"));
    assert!(step("Create an account").events.contains("user_signed_up"));
    assert!(step("Create an account").paths.contains("/signup"));
    assert!(draft.steps().any(|it| it.paths.contains("/settings/billing")));
    let others = ["branch", "issue", "tests", "Docker", "Self-host", "mail server", "API"];
    let is_of_others = |title: &&str| others.iter().any(|it| title.contains(it));
    assert!(!titles(draft).iter().any(is_of_others), "of those who build or host it: {:?}", titles(draft));
    assert!(
        draft.notes.iter().any(|it| it.contains("host the product")),
        "and it says so: {:?}",
        draft.notes
    );
    let mails = |it: &custory_domain::draft::DraftItem| it.title.contains("Confirm your email address");
    assert!(draft.steps().any(|it| it.items.iter().any(mails)));
}

#[tokio::test]
async fn touchpoints_are_called_as_people_call_them_one_of_a_kind_on_a_step() {
    for (reading, expected) in [
        (
            website().await,
            vec!["Home page", "Pricing page", "Page “Create your account”", "Guide “Quickstart”"],
        ),
        (repository().await, vec!["Sign-up screen", "Billing settings screen", "Guide “Quickstart”"]),
    ] {
        let touchpoints = |step: &custory_domain::draft::DraftStep| -> Vec<(String, String)> {
            (step.items.iter())
                .filter_map(|it| match &it.what {
                    DraftItemKind::Touchpoint { channel, .. } => {
                        Some((format!("{channel:?}"), it.title.clone()))
                    }
                    DraftItemKind::Insight { .. } => None,
                })
                .collect()
        };
        let all: BTreeSet<String> = reading.draft.steps().flat_map(touchpoints).map(|it| it.1).collect();
        for it in expected {
            assert!(all.contains(it), "{it} in {all:?}");
        }
        for step in reading.draft.steps() {
            let guides = touchpoints(step).iter().filter(|it| it.0 == "Docs").count();
            assert!(guides <= 1, "{}: {:?}", step.title, touchpoints(step));
        }
    }
}

#[tokio::test]
async fn what_leads_to_a_first_time_comes_before_it_and_pages_that_say_the_same_are_one_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("docs/crew.md", "# Invite your crew\n\nBy e-mail.\n");
    write("docs/billing.md", "# Upgrade your plan\n\nIn the settings.\n");
    write("README.md", "# Larkboard\n\nShift plans that event crews read in time.\n");
    write(
        "docs/getting-started/index.md",
        "# Getting started\n\n- [Create an account](account.md)\n- [Publish your first plan](first-plan.md)\n- [Compare seasons](../compare-plans.md)\n",
    );
    write("docs/getting-started/account.md", "# Create an account\n\nWith your address.\n");
    write(
        "docs/getting-started/first-plan.md",
        "# Publish your first plan\n\n## Add a shift\n\nOne for each job.\n\n## Assign people\n\nWho is free is shown.\n",
    );
    write(
        "docs/compare-plans.md",
        "# Compare your hours over time\n\n## How to compare two seasons\n\nChoose both.\n",
    );
    let material = Material::Folder { path: folder.path().to_string_lossy().into_owned() };
    let reading = read(vec![material]).await.expect("a draft");
    assert_in_order(&reading.draft, &["Create an account", "Add a shift", "Publish your first plan"]);
    let compares = titles(&reading.draft).iter().filter(|it| it.starts_with("Compare")).count();
    assert_eq!(compares, 1, "{:?}", titles(&reading.draft));
}

#[tokio::test]
async fn reading_twice_gives_the_same_draft_with_the_same_keys() {
    let (first, second) = (repository().await, repository().await);
    assert_eq!(first, second);
    let keys: Vec<_> = first
        .draft
        .steps()
        .flat_map(|it| std::iter::once(&it.key).chain(it.items.iter().map(|it| &it.key)))
        .collect();
    let distinct: BTreeSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len());
}

#[tokio::test]
async fn a_changed_page_leaves_the_keys_of_other_steps_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::shared::copy(std::path::Path::new(&fixture("repository")), folder.path());
    let material = || vec![Material::Folder { path: folder.path().to_string_lossy().into_owned() }];
    let before = read(material()).await.expect("a draft");
    let crew = folder.path().join("docs/crew.md");
    let text = std::fs::read_to_string(&crew).expect("a page");
    std::fs::write(&crew, format!("{text}\n## Export the crew list\n\nAs a table.\n")).expect("a page");
    let after = read(material()).await.expect("a draft");
    let keys = |reading: &Reading| {
        reading
            .draft
            .steps()
            .map(|it| (it.title.clone(), it.key.clone()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (before, after) = (keys(&before), keys(&after));
    let kept = before.iter().filter(|(title, key)| after.get(*title) == Some(key)).count();
    assert!(kept + 1 >= before.len(), "{before:?} {after:?}");
}

#[tokio::test]
async fn a_scope_brings_forward_what_it_names() {
    let materials = vec![Material::Folder { path: fixture("repository") }];
    let reading = crate::shared::read_scoped(materials, "A planner archives boards after the event")
        .await
        .expect("a draft");
    assert!(titles(&reading.draft).contains(&"Archive a board"), "{:?}", titles(&reading.draft));
    assert_eq!(reading.draft.scope, "A planner archives boards after the event");
}

#[tokio::test]
async fn progress_goes_through_all_phases_and_names_what_was_found() {
    let mut seen = Vec::new();
    read_with_progress(vec![Material::Folder { path: fixture("repository") }], |it| seen.push(it))
        .await
        .expect("a draft");
    let mut phases: Vec<DraftPhase> = seen.iter().map(|it| it.phase).collect();
    assert!(phases.is_sorted(), "{phases:?}");
    phases.dedup();
    assert_eq!(phases, DraftPhase::ALL);
    let found = |it: &custory_domain::draft::DraftProgress| {
        it.source
            .as_ref()
            .is_some_and(|it| it.locator == "docs/quickstart.md" && it.outcome.contains("steps"))
    };
    assert!(seen.iter().any(found));
    let stages = seen.iter().map(|it| it.stages.len()).max();
    assert!(stages.is_some_and(|it| it >= 4), "{stages:?}");
}

#[tokio::test]
async fn material_without_a_journey_gives_little_and_says_so() {
    let library = "# Matrices\n\nLinear algebra for small dense matrices.\n\n## Installation\n\n```\nadd matrices\n```\n\n## Usage\n\n### Multiply two matrices\n\nUse `mul`.\n\n### Compute the inverse\n\nSingular matrices give nothing.\n\n### Solving linear systems\n\nBy LU.\n\n## Contributing\n\nCreate an issue first.\n\n## License\n\nMIT\n";
    let licence = std::fs::read_to_string(fixture("repository/LICENSE.md")).expect("a licence");
    for (title, text) in [
        ("README.md", library),
        ("LICENSE.md", licence.as_str()),
        ("Poem", "The sea is wide.\n\nThe boat is small.\n"),
    ] {
        let reading = read(vec![Material::Pasted { title: title.to_owned(), text: text.to_owned() }])
            .await
            .expect("a draft");
        let elements: usize = reading.draft.steps().map(|it| 1 + it.items.len()).sum();
        assert!(elements <= 2, "{title}: {:?}", titles(&reading.draft));
        assert!(!reading.draft.notes.is_empty(), "{title}");
    }
}

#[tokio::test]
async fn pasted_steps_become_a_journey() {
    let text = "Onboarding of a new planner\n\n1. Sign up with the work address\n2. Create a workspace\n3. Connect the payroll system\n4. Invite the team\n5. Publish the first plan\n6. Upgrade to the large plan\n";
    let reading = read(vec![Material::Pasted { title: "Notes".to_owned(), text: text.to_owned() }])
        .await
        .expect("a draft");
    assert_proven(&reading);
    assert_in_order(
        &reading.draft,
        &["Create a workspace", "Connect the payroll system", "Invite the team", "Publish the first plan"],
    );
}

#[tokio::test]
async fn other_languages_are_read_without_harm() {
    for text in [
        "# 快速开始\n\n1. 创建帐户\n2. 邀请团队\n",
        "# Einrichtung\n\n1. Konto anlegen\n2. Team einladen\n",
        "# Ünïcödé 🎉\n\n1. 🚀 Crée un compte — vite…\n",
    ] {
        let reading = read(vec![Material::Pasted { title: "x".to_owned(), text: text.to_owned() }])
            .await
            .expect("a draft");
        assert_proven(&reading);
    }
}
