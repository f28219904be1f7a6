//! Promises of files from other programs: what is in them comes along, what cannot is named, nothing breaks anything.

use crate::common::{NOW, sample};
use custory_domain::import::{ColumnRole, FileShape};
use custory_domain::*;
use custory_exchange::{ForeignFile, ImportError, ReadFile, read_file, to_csv, to_markdown, to_mermaid};
use custory_testkit::Mint;
use proptest::prelude::*;

fn read(name: &str, bytes: &[u8]) -> Result<ReadFile, ImportError> {
    read_as(name, bytes, None)
}

fn read_as(name: &str, bytes: &[u8], roles: Option<&[ColumnRole]>) -> Result<ReadFile, ImportError> {
    let mut mint = Mint::of(5);
    read_file(ForeignFile { name, bytes }, roles, &Board::default(), &mut || mint.id())
}

/// The board that a read file becomes.
fn board(read: &ReadFile) -> Board {
    let mut board = Board::default();
    let journey = Command::add(read.imported.journey.clone());
    for command in [journey].into_iter().chain(read.imported.commands.clone()) {
        let changes = carry_out(&board, command, Stamp::default()).expect("an import keeps the rules");
        board.apply(&Patch { put: changes.after, removed: Vec::new() });
    }
    board
}

/// Stages with the titles of their steps.
fn outline(board: &Board) -> Vec<(String, Vec<String>)> {
    let steps = |stage: &Stage| board.steps_of(stage.id).iter().map(|it| it.title.clone()).collect();
    board.stages_in_order().iter().map(|it| (it.title.clone(), steps(it))).collect()
}

fn titles(board: &Board, kind: ItemKind) -> Vec<String> {
    let mut items: Vec<_> =
        board.entities().filter(|it| it.entity_ref().kind == kind.spec().entity).collect();
    items.sort_by_key(Entity::entity_ref);
    items.iter().map(|it| it.title().to_owned()).collect()
}

#[test]
fn our_own_table_comes_back_with_every_step_and_item() {
    let (before, workspace) = sample();
    let read = read("sample.csv", to_csv(&before, &workspace).as_bytes()).expect("a table");
    assert_eq!(read.shape, FileShape::Table);
    let after = board(&read);
    assert_eq!(outline(&after), outline(&before));
    let index = board::BoardIndex::of(&before);
    for kind in ItemKind::ALL {
        let cells = before.steps_in_order().iter().map(|it| index.cell(it.id, *kind).len()).sum::<usize>();
        assert_eq!(titles(&after, *kind).len(), cells, "{kind:?}");
    }
    // What was counted, not written, is said to stay behind.
    for column in ["Facts", "Owner", "Evidence"] {
        let says = |it: &String| it.starts_with(&format!("Column “{column}” was left out"));
        assert!(read.imported.losses.iter().any(says), "{column}: {:?}", read.imported.losses);
    }
}

#[test]
fn our_own_diagram_comes_back_with_steps_and_feelings() {
    let (before, workspace) = sample();
    let read = read("x.mmd", to_mermaid(&before, &workspace, NOW).as_bytes()).expect("a diagram");
    assert_eq!(read.shape, FileShape::Mermaid);
    let after = board(&read);
    assert_eq!(outline(&after).len(), outline(&before).len());
    let again = to_mermaid(&after, &workspace, NOW);
    let scores = |text: &str| -> Vec<String> {
        let tasks = text.lines().filter(|it| it.matches(": ").count() == 2);
        tasks.map(|it| it.rsplit_once(": ").expect("actors").0.to_owned()).collect()
    };
    assert_eq!(scores(&again), scores(&to_mermaid(&before, &workspace, NOW)));
}

#[test]
fn our_own_document_comes_back_with_its_items_and_quotes() {
    let (before, workspace) = sample();
    let read = read("sample.md", to_markdown(&before, &workspace).as_bytes()).expect("a document");
    assert!(
        read.imported.losses.contains(&"1 branch was left out.".to_owned()),
        "{:?}",
        read.imported.losses
    );
    let after = board(&read);
    assert_eq!(outline(&after), outline(&before));
    for kind in ItemKind::ALL {
        let mut there: Vec<String> = titles(&before, *kind);
        let mut here = titles(&after, *kind);
        for titles in [&mut there, &mut here] {
            titles.sort();
            titles.dedup();
        }
        assert_eq!(here, there, "{kind:?}");
    }
    assert!(!after.evidence.is_empty());
    let names = |people: Vec<&Persona>| people.into_iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let named =
        before.journey().expect("a journey").personas.iter().filter_map(|it| workspace.personas.get(it));
    assert_eq!(names(read.imported.personas.iter().collect()), names(named.collect()));
}

#[test]
fn a_diagram_from_a_readme_becomes_steps() {
    let text = "# How it works\n\n```mermaid\n%%{init: {}}%%\njourney\n    title My working day\n    section Go to work\n\
        \x20     Make tea: 5: Me\n      Go upstairs: 3: Me, Cat\n    section Go home\n      Sit down: nine: Me\n```\n";
    let read = read("README.md", text.as_bytes()).expect("a diagram");
    assert_eq!((read.shape, read.imported.journey.title.as_str()), (FileShape::Mermaid, "My working day"));
    let board = board(&read);
    assert_eq!(
        outline(&board),
        [
            ("Go to work".to_owned(), vec!["Make tea".to_owned(), "Go upstairs".to_owned()]),
            ("Go home".to_owned(), vec!["Sit down".to_owned()]),
        ]
    );
    let feelings: Vec<_> = board.steps_in_order().iter().map(|it| it.emotion).collect();
    assert_eq!(feelings, [Some(2), Some(0), None]);
    let losses = read.imported.losses.join("\n");
    assert!(losses.contains("“nine” is no score") && losses.contains("Cat, Me"), "{losses}");
}

#[test]
fn notes_of_a_workshop_become_a_journey() {
    let text = "# Trying it out\n\nHow a new owner gets to the first shift.\n\n## Set up\n\n### 1. Invite the crew\n\n\
        The owner adds everybody.\n\n#### Pain points\n\n- **The code does not arrive**: on some phones\n- Nobody has a work e-mail\n\n\
        > I asked my nephew.\n>\n> — Rosa, Intercom\n\nTouchpoints:\n\n- Invite screen\n\n### Plan a week\n\n- Idea: copy last week\n- Something nobody can place\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    let read = read("notes.md", text.as_bytes()).expect("a document");
    let board = board(&read);
    assert_eq!(board.journey().expect("a journey").scenario, "How a new owner gets to the first shift.");
    assert_eq!(
        outline(&board),
        [("Set up".to_owned(), vec!["Invite the crew".to_owned(), "Plan a week".to_owned()])]
    );
    assert_eq!(
        titles(&board, ItemKind::Insight),
        ["The code does not arrive", "Nobody has a work e-mail", "Something nobody can place"]
    );
    assert_eq!(titles(&board, ItemKind::Touchpoint), ["Invite screen"]);
    assert_eq!(titles(&board, ItemKind::Solution), ["copy last week"]);
    let first = board.insights.values().find(|it| it.statement.starts_with("The code")).expect("it");
    assert_eq!((first.sort, first.notes.as_str()), (InsightSort::Pain, "on some phones"));
    let quote = board.evidence.values().next().expect("a quote");
    assert_eq!((quote.excerpt.as_str(), quote.locator.as_str()), ("I asked my nephew.", "Rosa, Intercom"));
    assert_eq!(
        read.imported.losses,
        ["1 table was left out.", "1 list item does not say what it is and came in as an insight."]
    );
}

#[test]
fn a_plain_list_below_stages_is_its_steps() {
    let read = read("plan.md", b"# Plan\n\n## Buy\n\n- Choose a plan\n  - Pain: plans look alike\n- Pay\n")
        .expect("it");
    let board = board(&read);
    assert_eq!(outline(&board), [("Buy".to_owned(), vec!["Choose a plan".to_owned(), "Pay".to_owned()])]);
    assert_eq!(titles(&board, ItemKind::Insight), ["plans look alike"]);
}

#[test]
fn a_map_in_a_workbook_is_turned() {
    let read = read("Owner_journey.xlsx", include_bytes!("fixtures/lanes.xlsx")).expect("a workbook");
    assert_eq!((read.shape, read.imported.journey.title.as_str()), (FileShape::Lanes, "Owner journey"));
    let board = board(&read);
    assert_eq!(
        outline(&board),
        [
            ("Discover".to_owned(), vec!["Search for a tool".to_owned(), "Read the pricing page".to_owned()]),
            ("Set up".to_owned(), vec!["Create an account".to_owned(), "Invite the crew".to_owned()]),
        ]
    );
    let steps = board.steps_in_order();
    assert_eq!(steps.iter().map(|it| it.emotion).collect::<Vec<_>>(), [Some(1), Some(-1), Some(0), Some(-2)]);
    assert_eq!(steps[0].action, "Looks for “shift planner”");
    assert_eq!(
        titles(&board, ItemKind::Insight),
        ["Cannot tell which plan fits", "The code does not arrive", "Nobody has a work e-mail"]
    );
    assert_eq!(titles(&board, ItemKind::Touchpoint)[..2], ["Search", "Review site"]);
    assert_eq!(read.imported.losses, ["Column “Owner of lane” was left out: 2 cells."]);
}

#[test]
fn rows_of_a_workbook_repeat_what_they_leave_empty() {
    let read = read("items.xlsx", include_bytes!("fixtures/items.xlsx")).expect("a workbook");
    let board = board(&read);
    assert_eq!(outline(&board), [("Buy".to_owned(), vec!["Choose a plan".to_owned(), "Pay".to_owned()])]);
    assert_eq!(titles(&board, ItemKind::Solution), ["Show the difference"]);
    let metric = board.metrics.values().next().expect("a metric");
    assert_eq!((metric.name.as_str(), metric.notes.as_str()), ("Paid conversion", "12.5"));
    assert_eq!(read.columns[5].samples, ["2026-03-01"]);
    assert_eq!(read.imported.losses, ["Column “Since” was left out: 1 cell."]);
}

#[test]
fn the_person_says_what_columns_are() {
    let text = "Wo;Was;Stimme\nBestellen;Der Knopf fehlt;Er ist nicht da\n";
    let guessed = read("tabelle.csv", text.as_bytes()).expect("a table");
    let names: Vec<_> = guessed.columns.iter().map(|it| it.head.as_str()).collect();
    assert_eq!(names, ["Wo", "Was", "Stimme"]);
    let roles = [ColumnRole::Step, ColumnRole::Insights, ColumnRole::Quote];
    let read = read_as("tabelle.csv", text.as_bytes(), Some(&roles)).expect("a table");
    let board = board(&read);
    assert_eq!(board.steps_in_order()[0].title, "Bestellen");
    assert_eq!(titles(&board, ItemKind::Insight), ["Der Knopf fehlt"]);
    assert_eq!(board.evidence.len(), 1);
    assert!(read.imported.losses.is_empty(), "{:?}", read.imported.losses);
}

#[test]
fn tables_in_older_encodings_are_read() {
    let bytes = b"Stage;Step;Pain points\r\nKauf;W\xe4hlen;Zu gro\xdf\r\n";
    let board = board(&read("alt.csv", bytes).expect("a table"));
    assert_eq!(board.steps_in_order()[0].title, "Wählen");
    assert_eq!(titles(&board, ItemKind::Insight), ["Zu groß"]);
}

#[test]
fn nothing_is_lost_in_silence() {
    let long = "word ".repeat(80);
    let text = format!(
        "Step,Type,Title,Mood,Rating\nPay,Saga,Something,furious,x\nPay,Pain,{long},purple,\n,,Alone,,\n"
    );
    let roles =
        [ColumnRole::Step, ColumnRole::Kind, ColumnRole::Title, ColumnRole::Emotion, ColumnRole::LeftOut];
    let read = read_as("t.csv", text.as_bytes(), Some(&roles)).expect("a table");
    let losses = read.imported.losses.join("\n");
    for says in [
        "Line 2: “Saga” is no kind",
        "Line 3: how it feels, “purple”",
        "Column “Rating” was left out: 1 cell",
    ] {
        assert!(losses.contains(says), "{says}: {losses}");
    }
    let board = board(&read);
    let cut = board.insights.values().find(|it| it.statement.starts_with("word")).expect("it");
    assert!(cut.statement.ends_with('…') && cut.notes == long.trim(), "the whole stands in the notes");
    assert_eq!(board.steps_in_order()[0].emotion, Some(-2));
}

const SOLUTIONS: &str = r##"{ "format": "THEYDO_SOLUTIONS_V1", "solutions": [
  { "importKey": "a", "title": "Say it sooner", "description": "**bold**", "externalLinks": ["https://example.org/1"],
    "status": "Completed", "tags": ["demo"], "groupTags": [{ "tagGroup": "Channel", "tag": "Mail" }], "type": "tutorial",
    "priority": "LOW", "ownerEmail": "ana@example.org" },
  { "importKey": "b", "title": "Nothing else" } ] }"##;

#[test]
fn items_of_theydo_come_with_what_is_known_of_them() {
    let read = read("solutions.json", SOLUTIONS.as_bytes()).expect("their file");
    assert_eq!(read.shape, FileShape::Theydo);
    let board = board(&read);
    let first = board.solutions.values().find(|it| it.title == "Say it sooner").expect("it");
    assert_eq!(first.state, SolutionState::Shipped);
    for says in
        ["**bold**", "Type: tutorial", "Priority: low", "Tags: demo, Channel: Mail", "https://example.org/1"]
    {
        assert!(first.notes.contains(says), "{says}: {}", first.notes);
    }
    assert!(!first.notes.contains("ana@"), "addresses of people stay out");
    assert_eq!(read.imported.losses, ["“ownerEmail” was left out, once: a journey has no place for it."]);
}

#[test]
fn metrics_of_theydo_keep_their_values_and_dimensions() {
    let text = r#"{ "format": "THEYDO_METRICS_V1", "metrics": [
      { "type": "NPS", "importKey": "n", "title": "NPS", "unit": "score", "dataPoints": [
        { "dateOfMeasurement": "2025-01-31", "detractors": 20, "passives": 30, "promoters": 50 } ] },
      { "type": "RATIO", "importKey": "r", "title": "Solved at once", "unit": "cases", "target": 75, "dataPoints": [
        { "dateOfMeasurement": "2025-01-31", "numerator": 740, "denominator": 1000, "dimensions": [{ "key": "region", "value": "EMEA" }] },
        { "dateOfMeasurement": "2025-01-31", "numerator": 800, "denominator": 1000, "dimensions": [{ "key": "region", "value": "AMER" }] } ] },
      { "type": "CSAT", "importKey": "c", "title": "CSAT", "unit": "%", "dataPoints": [
        { "dateOfMeasurement": "2025-02-28", "verySatisfied": 40, "satisfied": 40, "neutral": 10, "unsatisfied": 5, "veryUnsatisfied": 5 } ] },
      { "type": "CES", "importKey": "e", "title": "Effort", "unit": "score", "targetComparisonOperator": "LESS_THAN_OR_EQUAL_TO", "target": 5.5, "dataPoints": [
        { "dateOfMeasurement": "2025-01-31", "score": 4.8, "respondents": 320 },
        { "dateOfMeasurement": "soon", "score": 1, "respondents": 1 } ] } ] }"#;
    let read = read("metrics.json", text.as_bytes()).expect("their file");
    let board = board(&read);
    let latest = |name: &str| {
        let metric = board.metrics.values().find(|it| it.name == name).unwrap_or_else(|| panic!("{name}"));
        let (day, point) = metric.latest().expect("a value");
        (metric.clone(), *day, *point)
    };
    let (_, day, nps) = latest("NPS");
    assert_eq!((day.to_string().as_str(), nps.value, nps.n), ("2025-01-31", 30.0, Some(100)));
    let (metric, _, point) = latest("Solved at once · region EMEA");
    assert_eq!((metric.target, point.value, point.denominator), (Some(0.75), 0.74, Some(1000.0)));
    assert_eq!(latest("CSAT").2.value, 80.0);
    let (effort, _, point) = latest("Effort");
    assert_eq!((effort.direction, point.n), (Direction::Down, Some(320)));
    assert_eq!(read.imported.losses, ["1 values of “Effort” have no day or no number and were left out."]);
}

#[test]
fn responses_of_theydo_are_evidence_with_their_day() {
    let text = r#"{ "format": "THEYDO_SURVEY_RESPONSES_V1",
      "surveyMetadata": { "surveyName": "Q2 NPS", "surveyId": "s", "surveyFields": [
        { "fieldId": "c", "fieldName": "What can we improve?", "fieldType": "TEXT", "required": true },
        { "fieldId": "g", "fieldName": "Segment", "fieldType": "TAG_GROUP", "tagGroupTitle": "Segment", "required": false } ] },
      "responses": [ { "responseId": "1", "responseDateTime": "2026-01-01T09:15:30Z", "responseFields": [
        { "fieldId": "c", "textValue": "Faster onboarding." }, { "fieldId": "g", "textValue": "Enterprise" } ] } ] }"#;
    let read = read("survey.json", text.as_bytes()).expect("their file");
    let board = board(&read);
    let quote = board.evidence.values().next().expect("a quote");
    assert_eq!((quote.excerpt.as_str(), quote.locator.as_str()), ("Faster onboarding.", "Q2 NPS"));
    assert_eq!(quote.captured_at.map(|it| it.date().to_string()).as_deref(), Some("2026-01-01"));
    assert_eq!(read.imported.losses, ["“Segment” was left out: 1 answers."]);
}

#[test]
fn what_is_no_journey_is_refused_in_words() {
    for (name, bytes, says) in [
        ("photo.jpg", &b"\xff\xd8\xff\xe0 not text"[..], "Nothing here can read this file"),
        ("x.csv", b"", "empty"),
        ("x.csv", b"\n\n  \n", "empty"),
        ("x.csv", b"Stage,Step\n", "no journey"),
        ("x.mmd", b"flowchart TD\n A-->B", "not a Mermaid journey diagram"),
        ("x.xlsx", b"PK\x03\x04 broken", "cannot be read"),
        ("x.json", b"{ \"format\": \"THEYDO_TEAMS_V9\" }", "unknown variant"),
        ("x.json", b"[1, 2]", "not an exported journey"),
    ] {
        let error = read(name, bytes).expect_err(name).to_string();
        assert!(error.contains(says), "{name}: {error}");
    }
}

#[test]
fn a_workbook_that_is_all_columns_is_refused() {
    let heads = vec!["Step"; 400].join(",");
    let error = read("wide.csv", format!("{heads}\n{heads}\n").as_bytes()).expect_err("too wide");
    assert!(matches!(error, ImportError::TooWide { columns: 400, .. }), "{error}");
}

proptest! {
    #![proptest_config(custory_testkit::cases(256))]

    /// Whatever the bytes and the ending, there is an answer, and what is answered keeps the rules.
    #[test]
    fn no_bytes_break_anything(
        name in prop_oneof![Just("a.csv"), Just("a.md"), Just("a.mmd"), Just("a.json"), Just("a.xlsx"), Just("")],
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        if let Ok(read) = read(name, &bytes) {
            board(&read);
        }
    }

    /// The same for texts that look as if they were something.
    #[test]
    fn no_text_breaks_anything(
        name in prop_oneof![Just("a.csv"), Just("a.md"), Just("a.mmd"), Just("")],
        lines in prop::collection::vec(
            "(journey|section |#+ |- |  - |> |\\*\\*a\\*\\*: |Stage,Step,Pain points|,|;|\"|title |```mermaid|\\|a\\|b\\||[a-zäß:,. ]{0,12}){1,4}",
            0..24,
        ),
    ) {
        if let Ok(read) = read(name, lines.join("\n").as_bytes()) {
            board(&read);
        }
    }
}
