//! Promises of files for people and programs that do not know Custory: tables, diagrams, pages.

use crate::common::{NOW, boards, sample};
use custory_domain::board::BoardIndex;
use custory_domain::template::Template;
use custory_domain::*;
use custory_exchange::{Images, to_csv, to_html, to_mermaid, to_svg};
use custory_testkit::Mint;
use proptest::prelude::*;

/// A journey whose texts try to be more than texts.
fn hostile() -> Board {
    let mut mint = Mint::of(7);
    let journey =
        Journey { title: "</title><script>alert(1)</script>".to_owned(), ..Journey::new(mint.id()) };
    let stage = Stage { title: "Set up: part #1; go\u{0}".to_owned(), ..Stage::new(mint.id()) };
    let step = Step {
        title: "=HYPERLINK(\"http://evil.example\")".to_owned(),
        stage: Some(stage.id),
        ..Step::new(mint.id())
    };
    let insight = Insight {
        statement: "@SUM(1), \"quoted\"\nand <img src=x onerror=alert(1)>".to_owned(),
        steps: [step.id].into(),
        ..Insight::new(mint.id())
    };
    Board::from(vec![journey.into(), stage.into(), step.into(), insight.into()])
}

#[test]
fn a_table_has_a_row_for_every_step_and_for_every_item_on_it() {
    let (board, workspace) = sample();
    let table = to_csv(&board, &workspace);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(rows.headers().expect("names").get(4), Some("Title"));
    let rows: Vec<_> = rows.records().map(|it| it.expect("a row")).collect();
    let index = BoardIndex::of(&board);
    let steps = board.steps_in_order();
    let cells = |it: &&Step| ItemKind::ALL.iter().map(|kind| index.cell(it.id, *kind).len()).sum::<usize>();
    assert_eq!(rows.len(), steps.len() + steps.iter().map(cells).sum::<usize>());
    let first = rows.iter().find(|it| &it[3] == "Step").expect("a step");
    assert_eq!(&first[4], steps[0].title.as_str());
}

#[test]
fn no_cell_is_a_formula_and_no_text_breaks_its_cell() {
    let table = to_csv(&hostile(), &Board::default());
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<_> = rows.records().map(|it| it.expect("a row")).collect();
    assert_eq!(rows.len(), 2);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert_eq!(&rows[1][4], "'@SUM(1), \"quoted\"\nand <img src=x onerror=alert(1)>");
}

#[test]
fn a_diagram_has_sections_tasks_scores_and_actors_and_says_what_is_not_known() {
    let (board, workspace) = sample();
    let diagram = to_mermaid(&board, &workspace, NOW);
    let mut tasks = 0;
    for line in diagram.lines().skip(2).map(str::trim).filter(|it| !it.starts_with("section ")) {
        if line.starts_with("%%") {
            continue;
        }
        let parts: Vec<&str> = line.split(": ").collect();
        let [title, score, actors] = parts[..] else { panic!("{line}") };
        assert!((1..=5).contains(&score.parse::<u8>().expect("a number")), "{line}");
        assert!(!title.is_empty() && !actors.is_empty());
        tasks += 1;
    }
    assert_eq!(tasks, board.steps_in_order().len());
    let bare = to_mermaid(&hostile(), &Board::default(), NOW);
    assert!(bare.contains("section Set up part 1 go\n"), "{bare}");
    assert!(bare.contains("%% How this feels is not known"), "{bare}");
}

#[test]
fn nothing_on_a_page_is_markup_of_somebody_else() {
    let page = to_html(&hostile(), &Board::default(), NOW, &Images::new());
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("default-src 'none'") && page.contains("<svg "));
    let (board, workspace) = sample();
    let page = to_html(&board, &workspace, NOW, &Images::new());
    for insight in board.insights.values() {
        let words = insight.statement.replace('&', "&amp;").replace('<', "&lt;");
        assert!(page.contains(&words), "{words}");
    }
}

#[test]
fn every_template_can_be_taken_along_in_every_way() {
    for template in Template::ALL {
        let mut mint = Mint::of(30);
        let (journey, commands) = template.begin(&mut || mint.id());
        let board = crate::common::made(journey, commands);
        assert!(to_svg(&board, NOW, &Images::new()).contains(template.text().stages[0].title));
        assert!(to_csv(&board, &Board::default()).contains(template.text().stages[0].steps[0].question));
    }
}

proptest! {
    #[test]
    fn any_journey_is_well_formed_in_every_way((board, workspace) in boards()) {
        let picture = to_svg(&board, NOW, &Images::new());
        let mut reader = quick_xml::Reader::from_str(&picture);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => prop_assert!(false, "{error} in {picture}"),
            }
        }
        let table = to_csv(&board, &workspace);
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            prop_assert!(row.is_ok());
        }
        prop_assert_eq!(to_html(&board, &workspace, NOW, &Images::new()), to_html(&board, &workspace, NOW, &Images::new()));
    }
}
