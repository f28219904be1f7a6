//! Promises of taking a journey out and in again.

use std::collections::BTreeSet;

use crate::common::{NOW, boards, import, made, sample, unstamped};
use custory_domain::*;
use custory_exchange::{Ids, Images, duplicate, from_folder, from_json, to_folder, to_json, to_markdown};
use custory_testkit::{Mint, cases};
use proptest::prelude::*;
use proptest::sample::Index;

/// Every identifier that stands in a text, whatever it belongs to.
fn ids_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric());
    words.filter(|it| it.len() == 26 && it.parse::<ulid::Ulid>().is_ok()).map(str::to_owned).collect()
}

fn ids_of(board: &Board) -> BTreeSet<String> {
    board.entities().map(|it| it.entity_ref().id.to_string()).collect()
}

proptest! {
    #![proptest_config(cases(1000))]

    /// What is exported and restored is the same journey, trash and all.
    #[test]
    fn a_restored_journey_is_the_same((board, workspace) in boards()) {
        let imported = import(&to_json(&board, &workspace), &workspace, Ids::Kept);
        prop_assert_eq!(&imported.losses, &Vec::<String>::new());
        prop_assert!(imported.people.is_empty() && imported.personas.is_empty());
        prop_assert_eq!(unstamped(&made(imported.journey, imported.commands)), unstamped(&board));
    }

    /// The same state gives the same bytes, however it came about.
    #[test]
    fn the_same_board_gives_the_same_bytes((board, workspace) in boards()) {
        let mut entities: Vec<Entity> = board.entities().collect();
        entities.reverse();
        prop_assert_eq!(to_json(&Board::from(entities), &workspace), to_json(&board, &workspace));
    }

    /// A folder is the same journey, trash and all, and the same state gives the same files.
    #[test]
    fn a_folder_is_the_same_journey((board, workspace) in boards()) {
        let folder = to_folder(&board, &workspace, &Images::new());
        let text = from_folder(&folder).expect("our own folder");
        let imported = import(&text, &workspace, Ids::Kept);
        prop_assert_eq!(&imported.losses, &Vec::<String>::new());
        let restored = made(imported.journey, imported.commands);
        prop_assert_eq!(unstamped(&restored), unstamped(&board));
        let mut entities: Vec<Entity> = board.entities().collect();
        entities.reverse();
        prop_assert_eq!(to_folder(&Board::from(entities), &workspace, &Images::new()), folder);
    }
}

proptest! {
    #![proptest_config(cases(128))]

    /// An import is another journey that reads the same.
    #[test]
    fn an_import_reads_the_same_under_new_ids((board, workspace) in boards()) {
        let imported = import(&to_json(&board, &workspace), &workspace, Ids::Fresh);
        let copy = made(imported.journey, imported.commands);
        prop_assert_eq!(to_markdown(&copy, &workspace), to_markdown(&board, &workspace));
        prop_assert_eq!(copy.len(), board.len());
        let text = to_json(&copy, &Board::default());
        prop_assert!(ids_in(&text).is_disjoint(&ids_of(&board)), "an old id is left in {text}");
    }

    /// So is a copy, but for its title.
    #[test]
    fn a_duplicate_reads_the_same_under_new_ids((board, workspace) in boards()) {
        let mut mint = Mint::of(201);
        let (journey, commands) = duplicate(&board, &mut || mint.id()).expect("there is a journey");
        let mut copy = made(journey, commands);
        let journey = copy.journeys.values_mut().next().expect("one");
        prop_assert_eq!(&journey.title, "From A to B (copy)");
        journey.title = "From A to B".to_owned();
        prop_assert_eq!(to_markdown(&copy, &workspace), to_markdown(&board, &workspace));
        prop_assert_eq!(copy.len(), board.len());
        prop_assert!(ids_in(&to_json(&copy, &Board::default())).is_disjoint(&ids_of(&board)));
    }

    /// Whatever a file says, it is refused with a reason or gives commands that are carried out.
    #[test]
    fn a_mutilated_file_never_breaks_anything(
        (board, workspace) in boards(),
        cuts in proptest::collection::vec(cut(), 1..5),
        ids in prop_oneof![Just(Ids::Fresh), Just(Ids::Kept)],
    ) {
        let text = cuts.iter().fold(to_json(&board, &workspace), |text, cut| cut.apply(&text));
        let mut mint = Mint::of(202);
        match from_json(&text, &workspace, ids, &mut || mint.id()) {
            Ok(imported) => {
                made(imported.journey, imported.commands);
            }
            Err(error) => prop_assert!(!error.to_string().contains('\n')),
        }
    }

    /// Entities that keep no rule at all are no danger either.
    #[test]
    fn nonsense_is_refused_or_mended(
        mut entities in proptest::collection::vec(custory_testkit::entity::entity(), 0..30),
        number in any::<u32>(),
    ) {
        let id = JourneyId::from_parts(0, u128::from(number));
        entities.push(Journey { title: "Nonsense".to_owned(), ..Journey::new(id) }.into());
        let board = Board::from(entities);
        let mut mint = Mint::of(203);
        if let Ok(imported) = from_json(&to_json(&board, &board), &Board::default(), Ids::Fresh, &mut || mint.id()) {
            made(imported.journey, imported.commands);
        }
    }
}

/// A change to a text that its writer did not mean.
#[derive(Clone, Debug)]
enum Cut {
    Lines { at: Index, count: usize },
    Double { at: Index, to: Index },
    Swap { at: Index, with: Index },
    Value { at: Index, with: &'static str },
    Key { at: Index, with: &'static str },
    Byte { at: Index, with: char },
}

fn cut() -> impl Strategy<Value = Cut> {
    let index = any::<Index>;
    const VALUES: &[&str] =
        &["null", "-1", "1e400", "18446744073709551616", "\"\"", "[[[[]]]]", "{}", "true", "\"step/x\""];
    const KEYS: &[&str] = &["id", "kind", "steps", "stage", "claims", "parent", "about", "custory"];
    prop_oneof![
        (index(), 1..4usize).prop_map(|(at, count)| Cut::Lines { at, count }),
        (index(), index()).prop_map(|(at, to)| Cut::Double { at, to }),
        (index(), index()).prop_map(|(at, with)| Cut::Swap { at, with }),
        (index(), proptest::sample::select(VALUES)).prop_map(|(at, with)| Cut::Value { at, with }),
        (index(), proptest::sample::select(KEYS)).prop_map(|(at, with)| Cut::Key { at, with }),
        (index(), any::<char>()).prop_map(|(at, with)| Cut::Byte { at, with }),
    ]
}

impl Cut {
    fn apply(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.is_empty() {
            return String::new();
        }
        match self {
            Cut::Lines { at, count } => {
                let at = at.index(lines.len());
                lines.drain(at..(at + count).min(lines.len()));
            }
            Cut::Double { at, to } => {
                let line = at.get(&lines).clone();
                lines.insert(to.index(lines.len()), line);
            }
            Cut::Swap { at, with } => {
                let (at, with) = (at.index(lines.len()), with.index(lines.len()));
                lines.swap(at, with);
            }
            Cut::Value { at, with } => {
                let at = at.index(lines.len());
                if let Some((key, rest)) = lines[at].split_once(": ") {
                    let comma = if rest.ends_with(',') { "," } else { "" };
                    lines[at] = format!("{key}: {with}{comma}");
                }
            }
            Cut::Key { at, with } => {
                let at = at.index(lines.len());
                if let Some((_, rest)) = lines[at].split_once(": ") {
                    lines[at] = format!("\"{with}\": {rest}");
                }
            }
            Cut::Byte { at, with } => {
                let at = at.index(lines.len());
                lines[at].push(*with);
            }
        }
        lines.join("\n")
    }
}

#[test]
fn the_example_survives_being_restored() {
    let (board, workspace) = sample();
    let text = to_json(&board, &workspace);
    let imported = import(&text, &workspace, Ids::Kept);
    assert_eq!(imported.losses, Vec::<String>::new());
    let again = made(imported.journey, imported.commands);
    assert_eq!(unstamped(&again), unstamped(&board));
    assert_eq!(text, to_json(&board.clone(), &workspace));
}

#[test]
fn a_changed_title_is_a_changed_line() {
    let (board, workspace) = sample();
    let mut renamed = board.clone();
    let step = renamed.steps.values_mut().next().expect("a step");
    step.title = "Something else".to_owned();
    let (before, after) = (to_json(&board, &workspace), to_json(&renamed, &workspace));
    assert_eq!(before.lines().count(), after.lines().count());
    assert_eq!(before.lines().zip(after.lines()).filter(|(a, b)| a != b).count(), 1);
}

#[test]
fn people_who_are_named_come_along_as_lookers_on() {
    let (board, workspace) = sample();
    let text = to_json(&board, &workspace);
    let imported = import(&text, &Board::default(), Ids::Fresh);
    let mut names: Vec<_> = imported.people.iter().map(|it| (it.name.as_str(), it.role)).collect();
    names.sort();
    let names: Vec<_> = names.into_iter().map(|(name, role)| (name, role == MemberRole::Viewer)).collect();
    let all = ["Aiko Tanaka", "Jonas Weber", "Maya", "Priya Nair", "Tomás Rey"];
    assert_eq!(names, all.map(|it| (it, true)));
    assert_eq!(imported.personas.len(), 1);
    assert_eq!(imported.journey.personas, [imported.personas[0].id].into());
    let owner = imported.people.iter().find(|it| it.name == "Maya").map(|it| it.id);
    assert!(owner.is_some() && imported.journey.owner == owner);
}

#[test]
fn people_are_recognised_by_id_and_else_by_name() {
    let (board, workspace) = sample();
    let text = to_json(&board, &workspace);
    let same = import(&text, &workspace, Ids::Fresh);
    assert!(same.people.is_empty() && same.personas.is_empty());
    assert_eq!(same.journey.owner, board.journey().and_then(|it| it.owner));

    let other = MemberId::from_parts(5, 5);
    let namesake =
        |id| Member { name: "Jonas Weber".to_owned(), title: "Support".to_owned(), ..Member::new(id) };
    let one = Board::from(vec![namesake(other).into()]);
    let known = import(&text, &one, Ids::Fresh);
    assert!(known.people.iter().all(|it| it.name != "Jonas Weber"));
    let board = made(known.journey, known.commands);
    let step = board.steps.values().find(|it| it.title == "Run second payroll").expect("the step");
    assert_eq!(step.owner, Some(other));

    let two = Board::from(vec![namesake(other).into(), namesake(MemberId::from_parts(6, 6)).into()]);
    assert!(import(&text, &two, Ids::Fresh).people.iter().any(|it| it.name == "Jonas Weber"));
    let restored = import(&text, &one, Ids::Kept);
    assert!(restored.people.iter().any(|it| it.name == "Jonas Weber"), "a restored id stays what it was");
}

#[test]
fn what_was_said_keeps_its_voice_and_time() {
    let mut mint = Mint::of(4);
    let (mut board, workspace) = crate::common::played(&[]);
    let journey = board.journey().expect("one").id;
    let said = Stamp { by: mint.member(), at: Timestamp(NOW.0 - 1), via: Via::User };
    let comment = Comment { body: "Mine".to_owned(), about: Some(journey.into()), ..Comment::new(mint.id()) };
    crate::common::run(&mut board, Command::add(comment), said).expect("anything can be talked about");
    let imported = import(&to_json(&board, &workspace), &workspace, Ids::Fresh);
    let copy = made(imported.journey, imported.commands);
    let comment = copy.comments.values().next().expect("one");
    assert_eq!((comment.said_by(), comment.said_at()), (said.by, said.at));
    assert_ne!(comment.created.by, said.by, "it was put here by somebody else");
}

#[test]
fn a_duplicate_is_nobodys_sample_and_fits_its_title() {
    let (mut board, _) = sample();
    let mut mint = Mint::of(8);
    let journey = board.journeys.values_mut().next().expect("one");
    (journey.title, journey.is_archived) = ("é".repeat(120), true);
    let (copy, commands) = duplicate(&board, &mut || mint.id()).expect("there is a journey");
    assert_eq!(copy.title, format!("{} (copy)", "é".repeat(113)));
    assert!(!copy.is_sample && !copy.is_archived);
    assert_eq!(copy.owner, board.journey().and_then(|it| it.owner));
    assert_eq!(made(copy, commands).evidence.len(), 304);
    assert_eq!(duplicate(&Board::default(), &mut || mint.id()), None);
}

#[test]
fn a_duplicate_does_without_what_is_no_longer_there() {
    let (mut board, _) = sample();
    let step = board.steps_in_order()[5].id;
    board.remove(step.into());
    let mut mint = Mint::of(8);
    let (copy, commands) = duplicate(&board, &mut || mint.id()).expect("there is a journey");
    let copy = made(copy, commands);
    assert_eq!((copy.steps.len(), copy.insights.len()), (12, 18), "its items went with it");
}

#[test]
fn a_changed_title_is_a_changed_line_of_one_file_of_the_folder() {
    let (board, workspace) = sample();
    let before = to_folder(&board, &workspace, &Images::new());
    let mut board = board;
    let step = board.steps_in_order()[0].id;
    board.steps.get_mut(&step).expect("it").title = "Another title".to_owned();
    let after = to_folder(&board, &workspace, &Images::new());
    let changed: Vec<_> =
        before.keys().filter(|it| before[*it] != after[*it] && it.ends_with(".json")).collect();
    assert_eq!(changed, [&format!("step/{step}.json")]);
    let lines = before[changed[0]].lines().zip(after[changed[0]].lines());
    assert_eq!(lines.filter(|it| it.0 != it.1).count(), 1);
}

#[test]
fn a_folder_without_its_head_or_with_a_broken_file_says_which() {
    let (board, workspace) = sample();
    let mut folder = to_folder(&board, &workspace, &Images::new());
    folder.insert("notes.txt".to_owned(), "not of ours".to_owned());
    assert!(from_folder(&folder).is_ok());
    folder.insert("step/01BROKEN.json".to_owned(), "<<<<<<< HEAD".to_owned());
    let error = from_folder(&folder).expect_err("broken").to_string();
    assert!(error.starts_with("step/01BROKEN.json: "), "{error}");
    folder.remove("journey.json");
    assert!(from_folder(&folder).is_err());
}
