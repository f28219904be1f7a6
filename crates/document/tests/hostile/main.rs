//! Damaged and crafted changes: refused or harmless, never a panic, never a document that cannot be
//! opened again.
//!
//! `CUSTORY_MUTATIONS` says how many of each kind are tried, `CUSTORY_MUTATIONS_FROM` from which number on; the
//! usual count is for every run, a million for a long look. A number that fails is printed, and
//! `CUSTORY_MUTATION` tries it alone. `CUSTORY_LAST` names a file into which each is written before it is
//! tried, to be found there after an abort; run one test at a time then.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod saved;

use std::io::{Read, Write};
use std::sync::Once;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpType};
use automerge::transaction::Transactable;
use automerge::{Automerge, Change};
use custory_document::{Actor, CHUNK_BYTES_MAX, Document, Refusal};
use custory_domain::{Change as Set, *};
use custory_testkit::replica::Replica;
use sha2::{Digest, Sha256};

const MUTATIONS_USUAL: u64 = 4_000;

/// The mutations of a test that tries one of `share`; each is chosen by its number alone.
fn mutations(share: u64) -> impl Iterator<Item = Mutation> {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let numbers = match number("CUSTORY_MUTATION") {
        Some(one) => one..one + 1,
        None => {
            let first = number("CUSTORY_MUTATIONS_FROM").unwrap_or_default();
            first..first + number("CUSTORY_MUTATIONS").unwrap_or(MUTATIONS_USUAL) / share
        }
    };
    numbers.map(Mutation)
}

/// One that is tried, which is named if it fails.
struct Mutation(u64);

impl Mutation {
    fn chance(&self) -> Chance {
        Chance(self.0.wrapping_mul(0xd134_2543_de82_ef95))
    }
}

impl Drop for Mutation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("CUSTORY_MUTATION={} tries it again", self.0);
        }
    }
}

/// Keeps the panics that are provoked in Automerge, and caught, out of the output.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |it| {
            let place = it.location().map_or("", |it| it.file());
            if !["automerge-", "hexane-", "/rustc/"].iter().any(|known| place.contains(known)) {
                usual(it);
            }
        }));
    });
}

/// Good enough to choose by, and the same on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// Changes, adds, doubles or takes away some bytes, one to four times.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len().max(1));
            match self.below(7) {
                _ if bytes.is_empty() => bytes.push(self.below(256) as u8),
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.below(256) as u8,
                2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                3 => bytes.insert(at, self.below(256) as u8),
                4 => {
                    bytes.remove(at);
                }
                5 => bytes.truncate(at),
                _ => {
                    let end = (at + 1 + self.below(8)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
    }
}

fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A chunk around the body of a saved document, checksum and all.
fn document_chunk(body: &[u8]) -> Vec<u8> {
    let length = number(body.len() as u64);
    let hash = Sha256::new().chain_update([0]).chain_update(&length).chain_update(body).finalize();
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &[0], &length, body].concat()
}

/// A chunk around the body of a change, checksum and all.
fn chunk(body: &[u8], is_compressed: bool) -> Vec<u8> {
    let length = number(body.len() as u64);
    let hash = Sha256::new().chain_update([1]).chain_update(&length).chain_update(body).finalize();
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(&hash[..4]);
    if is_compressed {
        let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        deflater.write_all(body).unwrap();
        let deflated = deflater.finish().unwrap();
        bytes.push(2);
        bytes.extend(number(deflated.len() as u64));
        bytes.extend(deflated);
    } else {
        bytes.push(1);
        bytes.extend(length);
        bytes.extend(body);
    }
    bytes
}

fn body(chunk: &[u8], plain: u8) -> Vec<u8> {
    let length = chunk[9..].iter().position(|it| it & 0x80 == 0).unwrap() + 1;
    let body = &chunk[9 + length..];
    if chunk[8] == plain {
        return body.to_vec();
    }
    let mut inflated = Vec::new();
    flate2::read::DeflateDecoder::new(body).read_to_end(&mut inflated).unwrap();
    inflated
}

/// A journey that two have worked on at once, and what is still on its way to it.
struct Target {
    snapshot: Vec<u8>,
    heads: Vec<[u8; 32]>,
    /// Changes that are not in the snapshot and could be merged next.
    coming: Vec<Vec<u8>>,
}

impl Target {
    fn new() -> Self {
        let mut team = [Replica::new(1), Replica::new(2)];
        let mint = &mut team[0].mint;
        let stage = Stage { title: "Stage".into(), ..Stage::new(mint.id()) };
        let step = Step { title: "Step".into(), stage: Some(stage.id), ..Step::new(mint.id()) };
        let mut insight = Insight { statement: "Says".into(), ..Insight::new(mint.id()) };
        insight.steps = [step.id].into();
        insight.notes = "Words that several people type in 😀".into();
        let (step_id, insight_id, stage_id) = (step.id, insight.id, stage.id);
        let commands = vec![Command::add(stage), Command::add(step), Command::add(insight)];
        team[0].run(Command::Batch { label: "Build".into(), commands }).unwrap();
        let made = team[0].made.clone();
        team[1].receive(&made);
        let mut work = |who: usize, words: &str| {
            let commands = vec![
                Command::set(Set::Step { id: step_id, set: StepField::Title(words.into()) }),
                Command::set(Set::Step { id: step_id, set: StepField::Events([words.into()].into()) }),
                Command::set(Set::Insight {
                    id: insight_id,
                    set: InsightField::Notes(format!("{words} 😀")),
                }),
                Command::MoveStep { step: step_id, stage: stage_id, index: 0 },
                Command::Trash { entities: vec![insight_id.into()] },
                Command::Restore { entities: vec![insight_id.into()] },
            ];
            commands.into_iter().for_each(|it| drop(team[who].run(it).unwrap()));
            team[who].undo();
        };
        work(0, "One");
        work(1, "Other one who types more than the first one did");
        let [first, second] = &mut team;
        first.receive(&second.made[..4]);
        let (snapshot, heads) = (first.document.save(), first.document.heads());
        let mut coming = second.made[4..].to_vec();
        // Others of other kinds: a large one that is compressed, and one that merges both sides.
        let mut third = Replica::new(3);
        third.receive(&[&first.made[..], &second.made[..4]].concat());
        let stages = (0..12).map(|_| {
            let stage = Stage { title: "New".into(), goal: "g".repeat(600), ..Stage::new(third.mint.id()) };
            Command::add(stage)
        });
        let commands = stages.collect();
        third.run(Command::Batch { label: "Build more".into(), commands }).unwrap();
        let notes = InsightField::Notes("Both, and more".into());
        third.run(Command::set(Set::Insight { id: insight_id, set: notes })).unwrap();
        coming.extend(third.made);
        Self { snapshot, heads, coming }
    }

    fn open(&self) -> Document {
        Document::load(Some(&self.snapshot), &[], Actor([42; 16])).unwrap().document
    }

    /// Everything that must hold of a document that has taken something crafted in.
    fn assert_sound(&self, mut document: Document) {
        let saved = document.save_verified().expect("it opens again");
        let again = Document::load(Some(&saved), &[], Actor([43; 16])).expect("it opens again").document;
        assert_eq!(again.heads(), document.heads());
        assert_eq!(again.board(), document.board());
        let stage = Stage { title: "After".into(), ..Stage::new(StageId::from_parts(9, 9)) };
        let edit = document.prepare(Command::add(stage), Stamp::default()).expect("it can be written to");
        document.adopt(edit);
        document.merge(&self.coming);
        let saved = document.save_verified().expect("it opens after more work");
        assert_eq!(
            &Document::load(Some(&saved), &[], Actor([44; 16])).unwrap().document.heads(),
            &document.heads()
        );
    }
}

/// How many chunks were merged, how many of these were accepted and how many wait.
#[derive(Default)]
struct Outcome {
    tried: usize,
    accepted: usize,
    waiting: usize,
}

/// Merges `make`'s chunks one by one.
fn merge_all(target: &Target, mut make: impl FnMut(&mut Chance) -> Vec<u8>) -> Outcome {
    quiet();
    let mut document = target.open();
    let last = std::env::var_os("CUSTORY_LAST");
    let mut outcome = Outcome::default();
    for mutation in mutations(1) {
        let chunk = make(&mut mutation.chance());
        outcome.tried += 1;
        if let Some(path) = &last {
            std::fs::write(path, &chunk).unwrap();
        }
        let merged = document.merge(std::slice::from_ref(&chunk));
        outcome.waiting += usize::from(merged.pending > 0);
        if !merged.accepted.is_empty() {
            outcome.accepted += 1;
            target.assert_sound(std::mem::replace(&mut document, target.open()));
        } else if merged.pending > 0 {
            document = target.open();
        } else {
            assert_eq!(document.heads(), target.heads);
        }
    }
    outcome
}

/// The tests are worth something only if some get through the checks to Automerge itself.
fn assert_some_get_through(outcome: &Outcome) {
    let Outcome { tried, accepted, waiting } = outcome;
    assert!(*tried < 1_000 || accepted * 50 > *tried, "{accepted} of {tried} accepted, {waiting} waiting");
}

/// Whether a chunk says what the original says. A packed one can in other bytes: deflate leaves bits
/// unused at its end.
fn says_the_same(original: &[u8], chunk: &[u8]) -> bool {
    const PACKED: u8 = 2;
    let is_packed = chunk.get(8) == Some(&PACKED) && chunk.get(..8) == original.get(..8);
    let content =
        |bytes: &[u8]| std::panic::catch_unwind(|| Change::try_from(bytes).map(|it| it.hash())).ok();
    chunk == original
        || is_packed
            && matches!((content(original), content(chunk)), (Some(Ok(one)), Some(Ok(other))) if one == other)
}

#[test]
fn p8_damaged_changes_are_refused() {
    let target = Target::new();
    let whole = target.coming.clone();
    let mut document = target.open();
    document.merge(&whole);
    let outcome = merge_all(&target, |chance| {
        let original = &whole[chance.below(whole.len())];
        let mut chunk = original.clone();
        while says_the_same(original, &chunk) {
            chance.damage(&mut chunk);
        }
        chunk
    });
    assert_eq!((outcome.accepted, outcome.waiting), (0, 0), "every damage is found by the checksum");
}

#[test]
fn p8_crafted_changes_are_refused_or_harmless() {
    let target = Target::new();
    let whole = target.coming.clone();
    let outcome = merge_all(&target, |chance| {
        let sound = &whole[chance.below(whole.len())];
        let mut body = body(sound, 1);
        chance.damage(&mut body);
        chunk(&body, chance.below(4) == 0)
    });
    assert_some_get_through(&outcome);
}

#[test]
fn p8_changes_with_crafted_operations_are_refused_or_harmless() {
    let target = Target::new();
    let whole: Vec<Change> = target.coming.iter().map(|it| Change::from_bytes(it.clone()).unwrap()).collect();
    let known = Automerge::load(&target.snapshot).unwrap();
    let ops: Vec<_> =
        known.get_changes(&[]).iter().chain(&whole).flat_map(|it| it.decode().operations).collect();
    let outcome = merge_all(&target, |chance| {
        let mut change = whole[chance.below(whole.len())].decode();
        for _ in 0..=chance.below(3) {
            let other = ops[chance.below(ops.len())].clone();
            let at = chance.below(change.operations.len());
            match chance.below(9) {
                0 => change.operations[at] = other,
                1 => change.operations.insert(at, other),
                2 => change.operations[at].pred = other.pred,
                3 => change.operations[at].obj = other.obj,
                4 => change.operations[at].key = other.key,
                5 => change.operations[at].action = other.action,
                6 => change.operations[at].insert ^= true,
                7 => change.seq = change.seq.wrapping_add(chance.below(3) as u64).wrapping_sub(1),
                _ => {
                    change.deps = known.get_heads();
                }
            }
        }
        change.hash = None;
        // Automerge's own encoder refuses some of what was crafted; then the whole change will do.
        let made = std::panic::catch_unwind(|| Change::from(change).bytes().into_owned());
        made.unwrap_or_else(|_| target.coming[0].clone())
    });
    assert_some_get_through(&outcome);
}

#[test]
fn a_field_in_a_text_a_letter_among_fields_and_what_is_put_between_fields_are_refused() {
    let target = Target::new();
    let known = Automerge::load(&target.snapshot).unwrap();
    let written: Vec<_> = known.get_changes(&[]).iter().flat_map(|it| it.decode().operations).collect();
    let letter = written.iter().find(|it| it.insert).expect("somebody types");
    let field =
        written.iter().find(|it| it.obj != ObjectId::Root && !it.insert).expect("somebody sets a field");
    let (in_text, among_fields) = (
        Op { obj: letter.obj.clone(), pred: letter.pred.clone(), ..field.clone() },
        Op { obj: field.obj.clone(), ..letter.clone() },
    );
    let between_fields = Op { insert: true, pred: letter.pred.clone(), ..field.clone() };
    let taken_out_anew = Op { action: OpType::Delete, ..letter.clone() };
    let first = Key::Seq(ElementId::Head);
    let before_the_first = Op { insert: false, key: first, ..letter.clone() };
    for it in [in_text, among_fields, between_fields, taken_out_anew, before_the_first] {
        let mut change = Change::from_bytes(target.coming[0].clone()).unwrap().decode();
        change.operations[0] = it;
        change.hash = None;
        let mut document = target.open();
        let merged = document.merge(&[Change::from(change).bytes().into_owned()]);
        let reasons: Vec<_> = merged.refused.into_iter().map(|it| it.reason).collect();
        assert_eq!(reasons, [Refusal::Mistaken]);
        target.assert_sound(document);
    }
}

#[test]
fn damaged_changes_on_disk_are_named_and_passed_over() {
    let target = Target::new();
    let mut changes = target.coming.clone();
    let last = changes.len() - 1;
    changes[0][20] ^= 1;
    changes[last].truncate(30);
    changes.push(Vec::new());
    let loaded = Document::load(Some(&target.snapshot), &changes, Actor([9; 16])).unwrap();
    let damaged: Vec<_> = loaded.damaged.iter().map(|it| it.index).collect();
    assert_eq!(damaged, [0, last, last + 1]);
    assert!(loaded.pending > 0, "what rests on the damaged one waits for it");
    let mut document = loaded.document;
    let merged = document.merge(&target.coming);
    assert_eq!((merged.pending, merged.refused.len()), (0, 0), "and comes in with it");
}

#[test]
fn one_bad_change_does_not_hinder_the_good_ones() {
    quiet();
    let target = Target::new();
    let mut expected = target.open();
    assert_eq!(expected.merge(&target.coming).refused.len(), 0);
    // A second change with the number and actor of one that is there.
    let known = Automerge::load(&target.snapshot).unwrap();
    let mut twin = known.get_changes(&[]).last().unwrap().decode();
    twin.message = Some("Not the same".to_owned());
    twin.hash = None;
    let twin = Change::from(twin).bytes().into_owned();
    let mut on_twin = Change::from_bytes(target.coming[0].clone()).unwrap().decode();
    on_twin.deps = vec![Change::from_bytes(twin.clone()).unwrap().hash()];
    on_twin.hash = None;
    let on_twin = Change::from(on_twin).bytes().into_owned();
    let mut mixed = target.coming.clone();
    mixed.insert(1, twin);
    mixed.insert(0, on_twin);
    mixed.insert(3, b"nothing".to_vec());
    let mut document = target.open();
    let merged = document.merge(&mixed);
    let refused: Vec<_> = merged.refused.iter().map(|it| it.index).collect();
    assert_eq!(refused, [0, 2, 3], "{:?}", merged.refused);
    assert_eq!(merged.refused[1].reason, Refusal::Miscounted);
    assert_eq!(document.heads(), expected.heads());
    assert_eq!(document.board(), expected.board());
    target.assert_sound(document);
}

/// A change of our own making, with the columns given as (specification, bytes).
fn handmade(start_op: u64, columns: &[(u64, &[u8])]) -> Vec<u8> {
    let mut body = vec![0, 4, 1, 2, 3, 4, 1];
    body.extend(number(start_op));
    body.extend([0, 0, 0]);
    body.extend(number(columns.len() as u64));
    for (specification, bytes) in columns {
        body.extend(number(*specification));
        body.extend(number(bytes.len() as u64));
    }
    columns.iter().for_each(|(_, bytes)| body.extend(*bytes));
    chunk(&body, false)
}

/// As many operations as `rows` says, each of which puts `true` under one key of the root.
fn puts(rows: &[u8], preds: &[u8], start_op: u64) -> Vec<u8> {
    // A run of one is written as a stretch of one single value.
    let run = |value: &[u8]| [if rows == [1] { &[0x7f] } else { rows }, value].concat();
    handmade(
        start_op,
        &[
            (0x15, &run(&[1, b'k'])),
            (0x34, rows),
            (0x42, &run(&[1])),
            (0x56, &run(&[2])),
            (0x70, &run(preds)),
        ],
    )
}

#[test]
fn a_small_change_that_claims_to_be_huge_is_refused_at_once() {
    let merge = |chunk: Vec<u8>| {
        let merged = Document::new(Actor([1; 16])).merge(&[chunk]);
        merged.refused.into_iter().map(|it| it.reason).next()
    };
    // One operation, made the same way, is welcome: it is the size alone that is refused.
    assert_eq!(merge(puts(&[1], &[0], 1)), None);
    let trillion = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    assert_eq!(merge(puts(&trillion, &[0], 1)), Some(Refusal::TooMuch));
    assert_eq!(merge(puts(&[1], &trillion, 1)), Some(Refusal::TooMuch));
    // Numbers that would be used up for everybody.
    assert_eq!(merge(puts(&[1], &[0], 4_000_000_000)), Some(Refusal::Miscounted));
    // A kilobyte of zeros per byte.
    let zeros = chunk(&vec![0; 20 * 1024 * 1024], true);
    assert!(zeros.len() < CHUNK_BYTES_MAX);
    assert_eq!(merge(zeros), Some(Refusal::TooMuch));
    let long = vec![0; CHUNK_BYTES_MAX + 1];
    assert!(matches!(merge(long), Some(Refusal::TooLarge { .. })));
}

#[test]
fn a_thing_inside_itself_is_refused() {
    let target = Target::new();
    let crafted = |number: u64| {
        let known = Automerge::load(&target.snapshot).unwrap();
        let mut doc = known.fork();
        let mut tx = doc.transaction();
        let outer = tx.put_object(automerge::ROOT, "outer", automerge::ObjType::Map).unwrap();
        tx.put_object(&outer, "inner", automerge::ObjType::Map).unwrap();
        tx.commit();
        let mut change = doc.get_last_local_change().unwrap().decode();
        if let automerge::legacy::ObjectId::Id(id) = &mut change.operations[1].obj {
            id.0 += number;
        }
        change.hash = None;
        target.open().merge(&[Change::from(change).bytes().into_owned()])
    };
    assert_eq!(crafted(0).refused, []);
    assert_eq!(crafted(1).refused[0].reason, Refusal::RefersAhead, "into itself");
    assert_eq!(crafted(2).refused[0].reason, Refusal::RefersAhead, "into what comes later");
}

#[test]
fn an_operation_that_takes_the_place_of_a_later_one_or_stands_after_it_is_refused() {
    let target = Target::new();
    let merged = |ahead: u64, of_element: bool| {
        let mut doc = Automerge::load(&target.snapshot).unwrap().fork();
        let mut tx = doc.transaction();
        let text = tx.put_object(automerge::ROOT, "text", automerge::ObjType::Text).unwrap();
        tx.splice_text(&text, 0, 0, "ab").unwrap();
        tx.put(automerge::ROOT, "key", 1).unwrap();
        tx.commit();
        let mut tx = doc.transaction();
        tx.splice_text(&text, 2, 0, "c").unwrap();
        tx.put(automerge::ROOT, "key", 2).unwrap();
        tx.commit();
        let changes = doc.get_changes(&Automerge::load(&target.snapshot).unwrap().get_heads());
        let mut change = changes[1].decode();
        for operation in &mut change.operations {
            match &mut operation.key {
                automerge::legacy::Key::Seq(automerge::legacy::ElementId::Id(id)) if of_element => {
                    id.0 += ahead;
                }
                automerge::legacy::Key::Map(_) if !of_element => {
                    operation.pred.get_mut(0).unwrap().0 += ahead;
                }
                _ => {}
            }
        }
        change.hash = None;
        let chunks = [changes[0].clone(), change.into()].map(|mut it: Change| it.bytes().into_owned());
        target.open().merge(&chunks).refused
    };
    assert_eq!(merged(0, true), []);
    for of_element in [true, false] {
        assert_eq!(merged(9, of_element)[0].reason, Refusal::RefersAhead, "{of_element}");
    }
}

#[test]
fn nobody_else_writes_in_our_name() {
    let mut replica = Replica::new(1);
    let stage = Stage { title: "Ours".into(), ..Stage::new(replica.mint.id()) };
    replica.run(Command::add(stage)).unwrap();
    let mut forged = Change::from_bytes(replica.made[0].clone()).unwrap().decode();
    forged.deps = vec![Change::from_bytes(replica.made[0].clone()).unwrap().hash()];
    forged.seq += 1;
    forged.hash = None;
    let merged = replica.document.merge(&[Change::from(forged).bytes().into_owned()]);
    assert_eq!(merged.refused[0].reason, Refusal::NotOurs);
    let ours = replica.made.clone();
    replica.receive(&ours);
}
