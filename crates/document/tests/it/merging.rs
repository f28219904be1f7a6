//! What becomes of two people's work on the same things at the same time.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};
use custory_document::{Actor, Document};
use custory_domain::*;
use custory_testkit::Mint;
use custory_testkit::replica::Replica;
use proptest::prelude::*;

fn exchange(team: &mut [Replica; 2]) {
    let changes: Vec<_> = team.iter().flat_map(|it| it.made.clone()).collect();
    team.iter_mut().for_each(|it| it.receive(&changes));
    assert_eq!(team[0].document.heads(), team[1].document.heads());
    assert_eq!(team[0].document.board(), team[1].document.board());
}

/// Two replicas of a journey with one stage, two steps and an insight on the first.
struct Scene {
    team: [Replica; 2],
    stage: StageId,
    steps: [StepId; 2],
    insight: InsightId,
}

impl Scene {
    fn new() -> Self {
        let mut team = [Replica::new(1), Replica::new(2)];
        let mint = &mut team[0].mint;
        let stage = Stage { title: "Stage".into(), ..Stage::new(mint.id()) };
        let steps = ["From", "To"].map(|title| Step {
            title: title.into(),
            stage: Some(stage.id),
            ..Step::new(mint.id())
        });
        let insight = Insight {
            statement: "Codes arrive late".into(),
            steps: [steps[0].id].into(),
            ..Insight::new(mint.id())
        };
        let ids = (stage.id, steps.each_ref().map(|it| it.id), insight.id);
        let [from, to] = steps;
        let commands = vec![Command::add(stage), Command::add(from), Command::add(to), Command::add(insight)];
        team[0].run(Command::Batch { label: "Build".into(), commands }).unwrap();
        exchange(&mut team);
        Self { team, stage: ids.0, steps: ids.1, insight: ids.2 }
    }

    fn run(&mut self, who: usize, command: Command) {
        self.team[who].run(command).unwrap();
    }

    fn board(&self) -> &Board {
        self.team[0].document.board()
    }

    fn write_notes(&mut self, who: usize, notes: &str) {
        let set = InsightField::Notes(notes.into());
        self.run(who, Command::set(Change::Insight { id: self.insight, set }));
    }

    fn notes(&self) -> &str {
        &self.board().insights[&self.insight].notes
    }
}

#[test]
fn different_fields_of_one_thing_both_stay() {
    let mut scene = Scene::new();
    let id = scene.steps[0];
    scene.run(0, Command::set(Change::Step { id, set: StepField::Title("Sign up".into()) }));
    scene.run(1, Command::set(Change::Step { id, set: StepField::Emotion(Some(-2)) }));
    exchange(&mut scene.team);
    let step = &scene.board().steps[&id];
    assert_eq!((step.title.as_str(), step.emotion), ("Sign up", Some(-2)));
}

#[test]
fn different_elements_of_one_set_both_stay() {
    let mut scene = Scene::new();
    let id = scene.steps[0];
    let bind = |events: &[&str]| {
        let events = events.iter().map(|it| (*it).to_owned()).collect();
        Command::set(Change::Step { id, set: StepField::Events(events) })
    };
    scene.run(0, bind(&["kept", "dropped"]));
    exchange(&mut scene.team);
    scene.run(0, bind(&["kept", "dropped", "signup"]));
    scene.run(1, bind(&["kept", "invite.sent#1"]));
    exchange(&mut scene.team);
    let events: Vec<_> = scene.board().steps[&id].events.iter().map(String::as_str).collect();
    assert_eq!(events, ["invite.sent#1", "kept", "signup"]);
}

#[test]
fn values_of_two_days_both_stay_and_each_is_whole() {
    let mut scene = Scene::new();
    let step = scene.steps[0];
    let metric =
        Metric { name: "Share".into(), steps: [step].into(), ..Metric::new(scene.team[0].mint.id()) };
    let id = metric.id;
    scene.run(0, Command::add(metric));
    exchange(&mut scene.team);
    let day = |day| jiff::civil::date(2026, 5, day);
    let record = |at: i8, value: f64, n: u64| {
        let point = MetricPoint { value, n: Some(n), ..MetricPoint::default() };
        Command::RecordPoints { metric: id, points: [(day(at), point)].into() }
    };
    scene.run(0, record(1, 0.25, 400));
    scene.run(1, record(2, 0.5, 800));
    exchange(&mut scene.team);
    assert_eq!(scene.board().metrics[&id].points.len(), 2);
    // The same day, differing in one number each: never one's value with the other's cases.
    scene.run(0, record(1, 0.25, 500));
    scene.run(1, record(1, 0.75, 400));
    exchange(&mut scene.team);
    let point = scene.board().metrics[&id].points[&day(1)];
    assert!([(0.25, Some(500)), (0.75, Some(400))].contains(&(point.value, point.n)), "{point:?}");
    // One takes a value back while the other corrects it: it is whole or gone, the metric stays.
    scene.run(0, record(3, 0.5, 100));
    exchange(&mut scene.team);
    assert!(scene.team[0].undo());
    scene.run(1, record(3, 0.5, 101));
    exchange(&mut scene.team);
    assert_eq!(scene.board().metrics[&id].points[&day(3)].n, Some(101));
    assert_eq!(scene.team[0].document.unreadable().count(), 0);
}

#[test]
fn a_thing_trashed_and_restored_at_once_stays_readable() {
    let mut scene = Scene::new();
    let entities = vec![EntityRef::from(scene.insight)];
    let trash = Command::Trash { entities: entities.clone() };
    let restore = Command::Restore { entities };
    scene.run(0, trash.clone());
    exchange(&mut scene.team);
    scene.run(0, restore.clone());
    scene.run(1, Command::Batch { label: "Again".into(), commands: vec![restore, trash] });
    exchange(&mut scene.team);
    assert!(scene.board().insights.contains_key(&scene.insight));
    assert_eq!(scene.team[0].document.unreadable().count(), 0);
}

#[test]
fn moving_a_step_while_it_is_trashed_loses_nothing_on_it() {
    let mut scene = Scene::new();
    let other = Stage { title: "Other".into(), ..Stage::new(scene.team[0].mint.id()) };
    let stage = other.id;
    scene.run(0, Command::add(other));
    exchange(&mut scene.team);
    let step = scene.steps[0];
    scene.run(0, Command::Trash { entities: vec![step.into()] });
    scene.run(1, Command::MoveStep { step, stage, index: 0 });
    let added = Insight {
        statement: "Added meanwhile".into(),
        steps: [step].into(),
        ..Insight::new(scene.team[1].mint.id())
    };
    scene.run(1, Command::add(added));
    exchange(&mut scene.team);
    assert!(scene.board().steps[&step].trashed.is_some());
    assert_eq!(scene.board().steps[&step].stage, Some(stage));
    scene.run(0, Command::Restore { entities: vec![step.into()] });
    exchange(&mut scene.team);
    assert_eq!(scene.board().items_on(step, ItemKind::Insight).len(), 2);
    assert_eq!(scene.board().steps_of(scene.stage).len(), 1);
}

#[test]
fn moving_an_item_two_ways_keeps_it_on_both() {
    let mut scene = Scene::new();
    let [from, to] = scene.steps;
    let third =
        Step { title: "Third".into(), stage: Some(scene.stage), ..Step::new(scene.team[0].mint.id()) };
    let third_id = third.id;
    scene.run(0, Command::add(third));
    exchange(&mut scene.team);
    let item = EntityRef::from(scene.insight);
    scene.run(0, Command::MoveItem { item, from: Some(from), to, index: 0 });
    scene.run(1, Command::MoveItem { item, from: Some(from), to: third_id, index: 0 });
    exchange(&mut scene.team);
    assert_eq!(scene.board().insights[&scene.insight].steps, [to, third_id].into());
}

proptest! {
    #![proptest_config(custory_testkit::cases(48))]

    /// Two people type in one long text, also the first words of it: what each typed stays, whole.
    #[test]
    fn typing_at_once_in_one_text_keeps_both(
        before in "[a-f 😀]{0,20}",
        at in any::<[prop::sample::Index; 2]>(),
        typed in (proptest::string::string_regex("[G-Mé]{1,8}").unwrap(), "[N-Z🚀]{1,8}"),
    ) {
        let mut scene = Scene::new();
        scene.write_notes(0, &before);
        exchange(&mut scene.team);
        let places: Vec<usize> = before.char_indices().map(|(it, _)| it).chain([before.len()]).collect();
        for (who, typed) in [(0, &typed.0), (1, &typed.1)] {
            let mut text = before.clone();
            text.insert_str(*at[who].get(&places), typed);
            scene.write_notes(who, &text);
        }
        exchange(&mut scene.team);
        let notes = scene.notes();
        prop_assert!(notes.contains(&typed.0) && notes.contains(&typed.1), "{notes}");
        prop_assert_eq!(notes.chars().count(), [&before, &typed.0, &typed.1].iter().map(|it| it.chars().count()).sum::<usize>());
    }
}

#[test]
fn emptying_a_text_does_not_take_what_another_types_into_it() {
    let mut scene = Scene::new();
    scene.write_notes(0, "Old words");
    exchange(&mut scene.team);
    scene.write_notes(0, "");
    scene.write_notes(1, "Old words, new words");
    exchange(&mut scene.team);
    assert_eq!(scene.notes(), ", new words");
}

/// Lets another program write to a journey through Automerge itself.
fn meddle(replica: &mut Replica, work: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) {
    let mut doc = Automerge::load(&replica.document.save()).unwrap();
    doc.set_actor(ActorId::from(replica.mint.actor().to_vec()));
    let before = doc.get_heads();
    let mut tx = doc.transaction();
    work(&mut tx);
    tx.commit();
    let changes: Vec<_> = doc.get_changes(&before).iter().map(|it| it.raw_bytes().to_vec()).collect();
    replica.made.extend(changes.clone());
    replica.receive(&changes);
}

fn object(tx: &impl ReadDoc, entity: impl Into<EntityRef>) -> automerge::ObjId {
    tx.get(ROOT, entity.into().to_string()).unwrap().unwrap().1
}

#[test]
fn texts_made_by_two_at_once_are_read_as_one_and_written_as_one() {
    let mut scene = Scene::new();
    let insight = scene.insight;
    // As an older program may have done it: each makes the text anew.
    for (who, words) in [(0, "One"), (1, "Other"), (1, "Other")] {
        meddle(&mut scene.team[who], |tx| {
            let text = tx.put_object(object(tx, insight), "notes", ObjType::Text).unwrap();
            tx.splice_text(&text, 0, 0, words).unwrap();
        });
    }
    exchange(&mut scene.team);
    let both = scene.notes().to_owned();
    assert!(["One\nOther", "Other\nOne"].contains(&both.as_str()), "{both}");
    // A change inside the losing text is noticed, though Automerge does not tell of it.
    for who in [0, 1] {
        meddle(&mut scene.team[who], |tx| {
            let found = tx.get_all(object(tx, insight), "notes").unwrap();
            let texts: Vec<_> = found.into_iter().map(|(_, text)| text).collect();
            for text in texts {
                let words = tx.text(&text).unwrap();
                tx.update_text(&text, format!("{words}!")).unwrap();
            }
        });
        assert_eq!(scene.team[who].seen, *scene.team[who].document.board());
    }
    exchange(&mut scene.team);
    assert_eq!(scene.notes().len(), both.len() + 4);
    scene.write_notes(0, "Settled");
    scene.run(1, Command::set(Change::Insight { id: insight, set: InsightField::Severity(Some(2)) }));
    exchange(&mut scene.team);
    assert_eq!(scene.notes(), "Settled");
    let from_scratch = Document::load(Some(&scene.team[0].document.save()), &[], Actor([9; 16])).unwrap();
    assert_eq!(from_scratch.document.board(), scene.board());
}

#[test]
fn what_a_newer_version_wrote_survives_untouched() {
    let mut scene = Scene::new();
    let step = scene.steps[0];
    meddle(&mut scene.team[0], |tx| {
        let object = object(tx, step);
        tx.put(&object, "colour", "green").unwrap();
        tx.put(&object, "tags#urgent", true).unwrap();
        let swimlane = tx.put_object(ROOT, "swimlane/01ARZ3NDEKTSV4RRFFQ69G5FAV", ObjType::Map).unwrap();
        tx.put(&swimlane, "title", "A kind of the future").unwrap();
        tx.put(ROOT, "format", 7).unwrap();
    });
    exchange(&mut scene.team);
    scene.run(1, Command::set(Change::Step { id: step, set: StepField::Title("Renamed".into()) }));
    scene.run(1, Command::Trash { entities: vec![step.into()] });
    assert!(scene.team[1].undo() && scene.team[1].undo());
    exchange(&mut scene.team);
    assert_eq!(scene.board().steps[&step].title, "From");
    let doc = Automerge::load(&scene.team[0].document.save()).unwrap();
    let found = |object: automerge::ObjId, key: &str| doc.get(object, key).unwrap().unwrap().0;
    assert_eq!(found(object(&doc, step), "colour").as_str(), Some("green"));
    assert_eq!(found(object(&doc, step), "tags#urgent").as_bool(), Some(true));
    assert_eq!(found(ROOT, "format").as_i64(), Some(7));
    assert!(found(ROOT, "swimlane/01ARZ3NDEKTSV4RRFFQ69G5FAV").is_object());
}

#[test]
fn an_entity_that_cannot_be_read_is_named_and_the_rest_is_there() {
    let mut scene = Scene::new();
    let [from, to] = scene.steps;
    meddle(&mut scene.team[0], |tx| {
        tx.put(object(tx, from), "lifecycle", "a_word_of_the_future").unwrap();
        tx.put(ROOT, EntityRef::from(scene.stage).to_string(), "not a map").unwrap();
        // Another spelling of the same id is another key, and no second copy of the step.
        let twin = tx.put_object(ROOT, EntityRef::from(to).to_string().to_lowercase(), ObjType::Map).unwrap();
        tx.put(&twin, "title", "Twin").unwrap();
    });
    exchange(&mut scene.team);
    let unreadable: Vec<_> = scene.team[1].document.unreadable().map(|(id, _)| id).collect();
    assert_eq!(unreadable, [EntityRef::from(from)]);
    assert!(scene.board().stages.is_empty());
    assert_eq!(scene.board().steps.values().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["To"]);
    assert_eq!(scene.board().insights.len(), 1);
    let again = Step { title: "Again".into(), stage: None, ..Step::new(from) };
    assert!(scene.team[0].run(Command::add(again)).is_err(), "its place is taken");
    meddle(&mut scene.team[0], |tx| tx.delete(object(tx, from), "lifecycle").unwrap());
    assert_eq!(scene.team[0].document.board().steps.len(), 2, "readable again");
    assert_eq!(scene.team[0].document.unreadable().count(), 0);
}

#[test]
fn an_edit_is_adopted_whatever_came_in_between() {
    let mut scene = Scene::new();
    let title = |it: &str| StepField::Title(it.into());
    let set = |id, set| Command::set(Change::Step { id, set });
    let [from, to] = scene.steps;
    scene.run(1, set(from, StepField::Emotion(Some(1))));
    let theirs = scene.team[1].made.clone();
    let mine = &mut scene.team[0];
    let stamp = mine.mint.stamp();
    let dropped = mine.document.prepare(set(from, title("Dropped")), stamp).unwrap();
    drop(dropped);
    let first = mine.document.prepare(set(from, title("First")), stamp).unwrap();
    let second = mine.document.prepare(set(to, title("Second")), stamp).unwrap();
    let made = [&second, &first].map(|it| it.change().to_vec());
    mine.receive(&theirs);
    for edit in [second, first] {
        let hash = edit.hash();
        let patch = mine.document.adopt(edit);
        assert_eq!(patch.put.len(), 1);
        assert!(mine.document.has_change(&hash));
        mine.seen.apply(&patch);
    }
    mine.made.extend(made);
    exchange(&mut scene.team);
    let steps = &scene.board().steps;
    assert_eq!((steps[&from].title.as_str(), steps[&to].title.as_str()), ("First", "Second"));
    assert_eq!(steps[&from].emotion, Some(1));
    assert_eq!(scene.team[0].seen, *scene.board());
    assert!(scene.team[0].undo());
    assert_eq!(scene.team[0].document.board().steps[&from].title, "From");
}

#[test]
fn an_edit_that_changes_nothing_is_empty() {
    let mut scene = Scene::new();
    let set = StepField::Title("From".into());
    let command = Command::set(Change::Step { id: scene.steps[0], set });
    let replica = &mut scene.team[0];
    let heads = replica.document.heads();
    let edit = replica.document.prepare(command, Mint::of(1).stamp()).unwrap();
    assert!(edit.is_empty() && edit.change().is_empty() && edit.patch().is_empty());
    assert!(replica.document.adopt(edit).is_empty());
    assert_eq!(replica.document.heads(), heads);
    assert_eq!(replica.document.undo_label(), Some("Build"));
}

#[test]
fn a_change_says_who_did_what_when_and_through_what() {
    let mut scene = Scene::new();
    let set = StepField::Title("Sign up".into());
    let command = Command::set(Change::Step { id: scene.steps[0], set });
    let stamp = Stamp { via: Via::Ai, ..scene.team[0].mint.stamp() };
    let edit = scene.team[0].document.prepare(command, stamp).unwrap();
    let change = automerge::Change::from_bytes(edit.change().to_vec()).unwrap();
    assert_eq!((change.timestamp(), change.hash().0), (stamp.at.0 / 1_000, edit.hash()));
    let message = change.message().unwrap();
    let by = scene.team[0].mint.member();
    assert_eq!(message, format!(r#"{{"by":"{by}","do":"Rename step “From”","via":"ai"}}"#));
}

#[test]
fn changes_that_came_too_early_wait_and_count() {
    let mut scene = Scene::new();
    let mut late = Replica::new(3);
    for title in ["A", "B", "C"] {
        let set = StepField::Title(title.into());
        scene.run(0, Command::set(Change::Step { id: scene.steps[0], set }));
    }
    let made = scene.team[0].made.clone();
    let hashes: Vec<_> =
        made.iter().map(|it| automerge::Change::from_bytes(it.clone()).unwrap().hash().0).collect();
    let merged = late.document.merge(&[made[3].clone(), made[2].clone(), made[3].clone()]);
    assert_eq!((merged.pending, merged.accepted.len(), merged.patch.is_empty()), (2, 0, true));
    assert!(late.document.board().is_empty() && !late.document.has_change(&hashes[3]));
    let merged = late.document.merge(&[made[1].clone()]);
    assert_eq!(merged.pending, 3);
    let merged = late.document.merge(&[made[0].clone()]);
    assert_eq!((merged.pending, &merged.accepted), (0, &hashes));
    assert_eq!(late.document.board(), scene.board());
    let again = late.document.merge(&made);
    assert_eq!((again.accepted.len(), again.refused.len(), again.patch.is_empty()), (0, 0, true));
}

#[test]
fn the_newest_changes_of_before_are_found_by_leaving_out_what_has_come_since() {
    let mut scene = Scene::new();
    scene.write_notes(0, "First");
    scene.write_notes(1, "Second");
    exchange(&mut scene.team);
    let before = scene.team[0].document.heads();
    let had = scene.team.each_ref().map(|it| it.made.len());
    scene.write_notes(0, "Third");
    scene.write_notes(1, "Fourth");
    exchange(&mut scene.team);
    scene.write_notes(1, "Fifth");
    exchange(&mut scene.team);
    let since: Vec<Vec<u8>> =
        scene.team.iter().zip(had).flat_map(|(it, had)| it.made[had..].to_vec()).collect();
    let document = &scene.team[0].document;
    assert_eq!(document.heads_before(&since), Some(before));
    assert_eq!(document.heads_before(&[]), Some(document.heads()));
    assert_eq!(document.heads_before(&since[..1]), None, "the last one rests on it");
}
