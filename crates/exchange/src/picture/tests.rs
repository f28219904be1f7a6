//! Promises of the picture: all of it is there, inside the sheet, and nothing lies on anything else.

use custory_domain::Timestamp;
use proptest::prelude::*;

use super::layout::lay_out;
use super::sheet::{Area, Mark};
use super::{to_svg, words};
use crate::images::Images;

const NOW: Timestamp = Timestamp(1_795_514_400_000);

fn sample() -> custory_domain::Board {
    let mut number = 0;
    let mut mint = || {
        number += 1;
        ulid::Ulid::from_parts(1, number)
    };
    let me = custory_domain::MemberId::from_parts(0, 1);
    let sample = crate::sample(NOW, me, &mut mint);
    let stamp = custory_domain::Stamp { by: me, at: NOW, via: custory_domain::Via::User };
    let mut board = custory_domain::Board::default();
    let batch = custory_domain::Command::Batch { label: "Sample".to_owned(), commands: sample.commands };
    for command in [custory_domain::Command::add(sample.journey), batch] {
        let changes = custory_domain::carry_out(&board, command, stamp).expect("the sample keeps the rules");
        board.apply(&custory_domain::Patch { put: changes.after, removed: Vec::new() });
    }
    board
}

fn boxes(marks: &[Mark]) -> Vec<Area> {
    let area = |it: &Mark| if let Mark::Box { area, .. } = it { Some(*area) } else { None };
    marks.iter().filter_map(area).collect()
}

#[test]
fn everything_is_on_the_sheet_and_every_word_is_inside_it() {
    let board = sample();
    let sheet = lay_out(&board, NOW, &Images::new());
    for area in boxes(&sheet.marks) {
        assert!(area.x >= 0.0 && area.x + area.width <= sheet.width, "{area:?}");
        assert!(area.y >= 0.0 && area.y + area.height <= sheet.height, "{area:?}");
    }
    let mut shown = String::new();
    for mark in &sheet.marks {
        if let Mark::Text { x, y, text, style } = mark {
            assert!(x + words::width(text) * style.size <= sheet.width && *y <= sheet.height, "{text}");
            shown.push_str(text);
            shown.push(' ');
        }
    }
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let index = custory_domain::board::BoardIndex::of(&board);
    for step in board.steps_in_order() {
        for kind in custory_domain::ItemKind::ALL {
            for item in index.cell(step.id, *kind) {
                let title = board.item(*item).expect("it is there").title;
                if title == "Accounts that get here" {
                    continue; // Drawn as conversion.
                }
                assert!(shown.contains(title), "“{title}” is not on the sheet");
            }
        }
    }
}

#[test]
fn no_card_lies_on_another() {
    let sheet = lay_out(&sample(), NOW, &Images::new());
    let cards: Vec<Area> = boxes(&sheet.marks).into_iter().filter(|it| it.width == 200.0).collect();
    assert!(cards.len() > 30, "the sample has many cards");
    for (at, one) in cards.iter().enumerate() {
        for other in &cards[at + 1..] {
            let is_apart = one.x + one.width <= other.x
                || other.x + other.width <= one.x
                || one.y + one.height <= other.y
                || other.y + other.height <= one.y;
            assert!(is_apart, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn the_same_journey_gives_the_same_bytes() {
    assert_eq!(to_svg(&sample(), NOW, &Images::new()), to_svg(&sample(), NOW, &Images::new()));
}

proptest! {
    #[test]
    fn breaking_loses_no_character_and_keeps_to_the_room(text in "\\PC{0,80}", room in 3.0..30.0_f64) {
        let lines = words::lines(&text, room);
        let letters = |it: &str| it.chars().filter(|it| !it.is_whitespace()).collect::<String>();
        prop_assert_eq!(letters(&lines.concat()), letters(&text));
        for line in lines {
            prop_assert!(words::width(&line) <= room + 1e-9 || line.chars().count() == 1);
        }
    }
}
