//! Promises about files that are not what they should be.

use crate::common::{import, made, sample};
use custory_domain::*;
use custory_exchange::{Ids, ImportError, from_json, limits, to_json};
use custory_testkit::Mint;

fn read(text: &str) -> Result<custory_exchange::Imported, ImportError> {
    let mut mint = Mint::of(200);
    from_json(text, &Board::default(), Ids::Fresh, &mut || mint.id())
}

fn id(number: u128) -> String {
    ulid::Ulid::from_parts(0, number).to_string()
}

/// A file with one thing a line, beginning on line 4.
fn file(entities: &[String]) -> String {
    let journey = format!(r#"{{"kind": "journey", "id": "{}", "title": "J"}}"#, id(1));
    format!("{{\"custory\": 1,\n\"journey\": {journey},\n\"entities\": [\n{}\n]}}", entities.join(",\n"))
}

fn stage(number: u128) -> String {
    format!(r#"{{"kind": "stage", "id": "{}", "title": "S"}}"#, id(number))
}

fn step(number: u128, stage: u128, more: &str) -> String {
    format!(
        r#"{{"kind": "step", "id": "{}", "title": "Invite crew", "stage": "{}"{more}}}"#,
        id(number),
        id(stage)
    )
}

fn insight(number: u128, steps: &[u128], more: &str) -> String {
    let steps: Vec<_> = steps.iter().map(|it| format!("\"{}\"", id(*it))).collect();
    let steps = steps.join(", ");
    format!(
        r#"{{"kind": "insight", "id": "{}", "statement": "No e-mail", "steps": [{steps}]{more}}}"#,
        id(number)
    )
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (text, expected) in [
        (String::new(), "Line 1, column 0: this is not JSON: EOF while parsing a value."),
        (
            "{\"custory\": 1,\n \"journey\": }".to_owned(),
            "Line 2, column 13: this is not JSON: expected value.",
        ),
        (
            "[1, 2]".to_owned(),
            "This is not an exported journey: it does not begin with { \"custory\": 1, … }.",
        ),
        (
            "{\"stages\": []}".to_owned(),
            "This is not an exported journey: it does not begin with { \"custory\": 1, … }.",
        ),
        (
            "{\"custory\": \"1\"}".to_owned(),
            "This is not an exported journey: it does not begin with { \"custory\": 1, … }.",
        ),
        (
            "{\"custory\": 2}".to_owned(),
            "This journey was exported in format 2; this program reads up to 1. Update it first.",
        ),
        ("{\"custory\": 1}".to_owned(), "There is no journey in this file."),
        ("{\"custory\": 1, \"journey\": null}".to_owned(), "There is no journey in this file."),
        (
            "{\"custory\": 1, \"journey\": 7}".to_owned(),
            "Line 1: invalid type: integer `7`, expected an object with a “kind”",
        ),
        (
            format!("{{\"custory\": 1, \"journey\": {{\"kind\": \"journey\", \"id\": \"{}\"}}}}", id(1)),
            "Line 1 (journey): A journey needs a title.",
        ),
        (
            format!(
                "{{\"custory\": 1, \"journey\": {{\"kind\": \"journey\", \"id\": \"{}\", \"title\": \"J\"}},\n\"entities\": {{}}}}",
                id(1)
            ),
            "Line 2 (entities): invalid type: map, expected a sequence",
        ),
        (file(&["[]".to_owned()]), "Line 4: invalid length 0, expected an object with a “kind”"),
        (file(&["{\"id\": 1}".to_owned()]), "Line 4: missing field `kind`"),
        (file(&[deep]), "Line 4: invalid type: sequence, expected a string"),
        (
            file(&[stage(2), "{\"kind\": \"step\", \"title\": \"Go\",\n\"id\": \"12\"}".to_owned()]),
            "Line 6 (step “Go”): “12” is not an identifier; expected 26 letters and digits",
        ),
        (
            file(&[stage(2), step(3, 2, ", \"emotion\": \"bad\"")]),
            "Line 5 (step “Invite crew”): invalid type: string \"bad\", expected i8",
        ),
        (
            file(&[stage(2), step(3, 2, ", \"emotion\": 300")]),
            "Line 5 (step “Invite crew”): invalid value: integer `300`, expected i8",
        ),
        (
            file(&[stage(2), step(3, 2, ", \"emotion\": 3")]),
            "Line 5 (step “Invite crew”): The emotion of a step goes from -2 to 2; 3 is outside.",
        ),
        (
            file(&[stage(2), step(3, 2, ""), insight(4, &[3], ", \"truth\": \"sure\"")]),
            "Line 6 (insight “No e-mail”): unknown variant `sure`, expected one of `assumption`, `observed`, `validated`, `refuted`",
        ),
        (
            file(&[stage(2), step(3, 2, ", \"title\": \"Again\"")]),
            "Line 5 (step “Again”): duplicate field `title`",
        ),
        (file(&[stage(2), stage(2)]), "Line 5 (stage “S”): the same id stands on line 4 already"),
        (
            file(&[stage(2), step(3, 2, ", \"order\": \"not a place\"")]),
            "Line 5 (step “Invite crew”): The position of this step is damaged.",
        ),
    ] {
        let error = read(&text).expect_err(&text[..text.len().min(200)]);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_message_holds_no_line_breaks_or_escapes_of_the_file() {
    let title = "\\u001b[31m\\n".repeat(50);
    let text = file(&[format!(r#"{{"kind": "stage", "id": "x", "title": "{title}"}}"#)]);
    let message = read(&text).expect_err("no id").to_string();
    assert!(message.chars().all(|it| !it.is_control()) && message.chars().count() < 300, "{message}");
}

#[test]
fn what_can_be_left_out_is_left_out_and_named() {
    for (entities, expected) in [
        (
            vec!["{\"kind\": \"hologram\", \"size\": [1, {\"a\": 2}]}".to_owned()],
            vec!["Line 4 was left out: there is no “hologram” in entities."],
        ),
        (
            vec![format!("{{\"kind\": \"member\", \"id\": \"{}\", \"name\": \"Eve\"}}", id(2))],
            vec!["Line 4 was left out: there is no “member” in entities."],
        ),
        (
            vec![
                stage(2),
                step(
                    3,
                    2,
                    ", \"mood\": [[[1]]], \"last_reviewed\": {\"by\": \"00000000000000000000000001\", \"at\": 1, \"why\": 2}",
                ),
            ],
            vec![
                "Line 5 (step “Invite crew”): “last_reviewed.?.why” was left out, no step has it.",
                "Line 5 (step “Invite crew”): “mood” was left out, no step has it.",
            ],
        ),
        (
            vec![step(3, 2, ""), insight(4, &[3], "")],
            vec![
                "Line 4 (step “Invite crew”) was left out: the stage it belongs to is not there.",
                "Line 5 (insight “No e-mail”) was left out: the step it belongs to is not there.",
            ],
        ),
        (
            vec![stage(2), step(3, 2, ""), insight(4, &[3, 9], &format!(", \"owner\": \"{}\"", id(8)))],
            vec![
                "Line 6 (insight “No e-mail”) no longer points at a member that is not there.",
                "Line 6 (insight “No e-mail”) no longer points at a step that is not there.",
            ],
        ),
    ] {
        let imported = read(&file(&entities)).expect("nothing here is fatal");
        assert_eq!(imported.losses, expected);
        made(imported.journey, imported.commands);
    }
}

#[test]
fn circles_are_opened() {
    let opportunity = |number, parent: u128| {
        format!(
            r#"{{"kind": "opportunity", "id": "{}", "title": "O{number}", "steps": ["{}"], "parent": "{}"}}"#,
            id(number),
            id(3),
            id(parent)
        )
    };
    let comment = |number, about: u128, reply: u128| {
        format!(
            r#"{{"kind": "comment", "id": "{}", "body": "C{number}", "about": "comment/{}", "reply_to": "{}"}}"#,
            id(number),
            id(about),
            id(reply)
        )
    };
    let text = file(&[
        stage(2),
        step(3, 2, ""),
        opportunity(10, 11),
        opportunity(11, 12),
        opportunity(12, 10),
        opportunity(13, 10),
        comment(20, 21, 20),
        comment(21, 20, 20),
    ]);
    let imported = read(&text).expect("nothing here is fatal");
    let expected = [
        "Line 8 (opportunity “O12”) is no longer a part of itself.",
        "Line 10 (comment “C20”) is no longer an answer to itself.",
        "Line 11 (comment “C21”) is no longer about itself.",
    ];
    assert_eq!(imported.losses, expected);
    let board = made(imported.journey, imported.commands);
    let parents = board.opportunities.values().filter(|it| it.parent.is_some()).count();
    let about = board.comments.values().filter(|it| it.about.is_some()).count();
    assert_eq!((parents, about), (3, 1));
}

#[test]
fn too_much_of_anything_is_refused_early() {
    let stages: Vec<_> = (2..100).map(stage).collect();
    let error = read(&file(&stages)).expect_err("too many stages");
    assert_eq!(error.to_string(), "Line 64 (stage “S”): there can be at most 60 stages");
    let long = " ".repeat(limits::FILE_BYTES_MAX + 1);
    assert!(matches!(read(&long), Err(ImportError::TooLarge { .. })));
    let unknown = vec!["{\"kind\": \"x\"}".to_owned(); 5_000];
    let losses = read(&file(&unknown)).expect("nothing here is fatal").losses;
    assert_eq!(losses.len(), limits::LOSSES_MAX + 1);
    assert_eq!(losses.last().map(String::as_str), Some("4900 more things were left out."));
}

#[test]
fn a_file_written_by_hand_needs_only_the_essentials() {
    let text = file(&[
        stage(2),
        step(3, 2, ""),
        step(4, 2, ""),
        insight(5, &[3], ""),
        format!(r#"{{"kind": "comment", "id": "{}", "body": "Hm.", "about": "insight/{}"}}"#, id(6), id(5)),
    ]);
    let imported = read(&text).expect("all is there");
    assert_eq!(imported.losses, Vec::<String>::new());
    let board = made(imported.journey, imported.commands);
    assert_eq!((board.steps_in_order().len(), board.insights.len()), (2, 1));
    let comment = board.comments.values().next().expect("one");
    assert_eq!((comment.author, comment.said_at), (None, None), "it is said by whoever imports it");
}

#[test]
fn a_link_to_another_journey_survives_a_restore_only() {
    let (mut board, workspace) = sample();
    let elsewhere = Some(StepId::from_parts(1, 77));
    let as_is = Some(JourneyId::from_parts(1, 78));
    board.journeys.values_mut().for_each(|it| (it.parent_step, it.to_be_of) = (elsewhere, as_is));
    let text = to_json(&board, &workspace);
    let kept = import(&text, &workspace, Ids::Kept).journey;
    assert_eq!((kept.parent_step, kept.to_be_of), (elsewhere, as_is));
    let fresh = import(&text, &workspace, Ids::Fresh);
    assert_eq!((fresh.journey.parent_step, fresh.journey.to_be_of), (None, None));
    assert_eq!(fresh.losses.len(), 2, "{:?}", fresh.losses);
}
