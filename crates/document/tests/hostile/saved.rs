//! Saved documents, damaged and crafted: one's own, and what a teammate offers in place of many changes.

use automerge::transaction::Transactable;
use automerge::{Automerge, Change};
use custory_document::{Actor, CHUNK_BYTES_MAX, Document, Refusal, Whole};

use super::{Chance, Target, body, document_chunk, mutations, quiet};

#[test]
fn p8_damaged_snapshots_are_named_and_never_panic() {
    quiet();
    let target = Target::new();
    let mut opened = 0;
    for mutation in mutations(4) {
        let mut snapshot = target.snapshot.clone();
        mutation.chance().damage(&mut snapshot);
        if let Ok(loaded) = Document::load(Some(&snapshot), &[], Actor([9; 16])) {
            opened += usize::from(snapshot != target.snapshot && !loaded.document.board().is_empty());
        }
    }
    assert_eq!(opened, 0, "a snapshot opens whole or not at all");
}

#[test]
fn what_a_teammate_saved_comes_apart_into_the_changes_it_was_made_of() {
    let target = Target::new();
    let whole = Whole::open(&target.snapshot).unwrap();
    assert_eq!(whole.heads(), target.heads);
    let mut document = Document::new(Actor([5; 16]));
    let merged = document.merge(&whole.chunks());
    assert_eq!((merged.refused.len(), merged.pending), (0, 0));
    assert_eq!(document.heads(), target.heads);
    let sorted = |document: &Document| std::collections::BTreeSet::from_iter(document.changes());
    assert!(sorted(&document) == sorted(&target.open()), "the same bytes, so that each is known again");
    for bytes in [&[][..], &target.coming[0], &[&target.snapshot[..], &target.coming[0]].concat()] {
        assert_eq!(Whole::open(bytes).err(), Some(Refusal::NotAChange), "one document and nothing else");
    }
}

#[test]
fn what_a_teammate_saved_makes_the_document_that_it_was_made_of() {
    let target = Target::new();
    let theirs = target.open();
    let whole = Whole::open(&target.snapshot).unwrap();
    assert_eq!(whole.missing_in(&theirs), Vec::<Vec<u8>>::new());
    assert_eq!(whole.missing_in(&Document::new(Actor([5; 16]))), whole.chunks());
    let (made, saved) = whole.to_document(&target.snapshot, Actor([5; 16])).unwrap();
    assert_eq!((made.heads(), made.board()), (theirs.heads(), theirs.board()));
    assert!(saved == target.snapshot, "what has been opened is kept");
    target.assert_sound(made);
    // Packed otherwise it says the same; then it is opened again.
    let other = Automerge::load(&target.snapshot).unwrap().save_nocompress();
    let (made, saved) = Whole::open(&other).unwrap().to_document(&other, Actor([5; 16])).unwrap();
    assert!(saved != other, "as this program writes it");
    target.assert_sound(made);
}

/// A saved document of one who breaks a rule for changes in it.
fn saved_with(change: Change) -> Vec<u8> {
    let mut doc = Automerge::load(&Target::new().snapshot).unwrap();
    doc.apply_changes([change]).unwrap();
    doc.save()
}

#[test]
fn a_saved_document_is_held_to_the_rules_of_changes() {
    quiet();
    let taken = |saved: &[u8], actor| {
        let made = Whole::open(saved).and_then(|it| it.to_document(saved, Actor(actor)));
        made.map(|(document, _)| document.heads())
    };
    let known = Automerge::load(&Target::new().snapshot).unwrap();
    let mut doc = known.fork();
    doc.set_actor(automerge::ActorId::from([6; 16].to_vec()));
    let mut tx = doc.transaction();
    let outer = tx.put_object(automerge::ROOT, "outer", automerge::ObjType::Map).unwrap();
    tx.put_object(&outer, "inner", automerge::ObjType::Map).unwrap();
    tx.commit();
    let sound = doc.get_last_local_change().unwrap();
    assert_eq!(taken(&saved_with(sound.clone()), [5; 16]), Ok(vec![sound.hash().0]));
    assert_eq!(taken(&saved_with(sound.clone()), [6; 16]), Err(Refusal::NotOurs));
    let mut ahead = sound.decode();
    (ahead.start_op, ahead.hash) = (ahead.start_op.checked_add(1_000).unwrap(), None);
    if let automerge::legacy::ObjectId::Id(id) = &mut ahead.operations[1].obj {
        id.0 += 1_000;
    }
    assert_eq!(taken(&saved_with(ahead.into()), [5; 16]), Err(Refusal::Miscounted));
    // More than anybody would take as a change, though a document may be as long.
    let mut doc = known.fork();
    let mut tx = doc.transaction();
    let mut chance = Chance(3);
    let noise: Vec<u8> = (0..CHUNK_BYTES_MAX).map(|_| chance.below(256) as u8).collect();
    tx.put(automerge::ROOT, "noise", noise).unwrap();
    tx.commit();
    let long = doc.get_last_local_change().unwrap();
    assert!(matches!(taken(&saved_with(long), [5; 16]), Err(Refusal::TooLarge { .. })));
}

/// P8 for snapshots, with and without a true checksum: refused, or nothing but changes that are looked
/// at like any other.
#[test]
fn p8_a_crafted_document_of_a_teammate_is_refused_or_gives_changes_that_are_looked_at() {
    quiet();
    let target = Target::new();
    let sound = body(&target.snapshot, 0);
    let (mut tried, mut opened, mut made) = (0, 0, 0);
    for mutation in mutations(2) {
        let mut bytes = sound.clone();
        let mut chance = mutation.chance();
        chance.damage(&mut bytes);
        let bytes = if chance.below(8) == 0 { bytes } else { document_chunk(&bytes) };
        tried += 1;
        let Ok(whole) = Whole::open(&bytes) else { continue };
        opened += 1;
        let mut document = Document::new(Actor([5; 16]));
        let merged = document.merge(&whole.chunks());
        assert!(merged.accepted.len() <= whole.count());
        let saved = document.save_verified().expect("what was taken in opens again");
        assert_eq!(Whole::open(&saved).map(|it| it.heads().to_vec()), Ok(document.heads()));
        // Whole it is taken in as change by change, or not at all.
        let is_sound = merged.refused.is_empty() && merged.pending == 0 && document.heads() == whole.heads();
        let together = whole.to_document(&bytes, Actor([5; 16]));
        assert_eq!(together.is_ok(), is_sound, "{:?}", merged.refused);
        if let Ok((other, saved)) = together {
            assert_eq!((other.heads(), other.board()), (document.heads(), document.board()));
            let again = Document::load(Some(&saved), &[], Actor([6; 16])).unwrap().document;
            assert_eq!((again.heads(), again.board()), (document.heads(), document.board()));
            made += 1;
        }
    }
    assert!(tried < 1_000 || opened > 0 && made > 0, "some get through to the changes themselves");
}
