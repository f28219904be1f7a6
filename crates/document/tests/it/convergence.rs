//! Whatever a team does, and however its changes travel, everybody ends with the same journey.

use custory_document::{Actor, Document};
use custory_testkit::replica::{Event, Replica, Team, events};
use proptest::prelude::*;

fn assert_board_is_what_the_document_holds(replica: &Replica) {
    let saved = replica.document.save();
    let loaded = Document::load(Some(&saved), &[], Actor([99; 16])).unwrap();
    assert_eq!(&loaded.damaged[..], &[]);
    assert_eq!(loaded.document.heads(), replica.document.heads());
    assert_eq!(loaded.document.board(), replica.document.board(), "kept by patches ≠ read from scratch");
    assert_eq!(&replica.seen, replica.document.board(), "the patches that were answered are not all");
    assert_eq!(replica.document.unreadable().count(), 0);
}

proptest! {
    #![proptest_config(custory_testkit::cases(128))]

    /// Equal heads and equal boards, from any interleaving, merged in any order, doubled and in part.
    /// Along the way every board is kept by patches alone and equals the one read from scratch.
    #[test]
    fn everybody_ends_with_the_same_journey(count in 2..=4u8, events in events(1..60)) {
        let mut team = Team::of(count);
        for event in &events {
            let who = team.play(event);
            assert_board_is_what_the_document_holds(&team.replicas[who]);
        }
        team.settle();
        for replica in &team.replicas {
            assert_board_is_what_the_document_holds(replica);
            prop_assert_eq!(replica.document.heads(), team.replicas[0].document.heads());
            prop_assert_eq!(replica.document.board(), team.replicas[0].document.board());
        }
    }

    /// A journey is the same from its snapshot, from its changes alone, and from both.
    #[test]
    fn a_journey_comes_back_from_disk(events in events(1..40), split in any::<prop::sample::Index>()) {
        let mut team = Team::of(2);
        let (before, after) = events.split_at(split.index(events.len()));
        before.iter().for_each(|it| { team.play(it); });
        team.settle();
        let heads = team.replicas[0].document.heads();
        let snapshot = team.replicas[0].document.save();
        after.iter().for_each(|it| { team.play(it); });
        team.settle();
        let all = team.changes();
        let reversed: Vec<_> = all.iter().rev().cloned().collect();
        let whole = &team.replicas[0].document;
        for (snapshot, changes) in [
            (Some(&whole.save()), &[][..]),
            (None, &all[..]),
            (None, &reversed[..]),
            (Some(&snapshot), &all[..]),
            (Some(&[&snapshot[..], &whole.save_after(&heads)].concat()), &[][..]),
        ] {
            let loaded = Document::load(snapshot.map(Vec::as_slice), changes, Actor([99; 16])).unwrap();
            prop_assert_eq!((&loaded.damaged[..], loaded.pending), (&[][..], 0));
            prop_assert_eq!(loaded.document.heads(), whole.heads());
            prop_assert_eq!(loaded.document.board(), whole.board());
        }
    }

    /// One gesture is one change, a batch too.
    #[test]
    fn a_gesture_is_one_change(events in events(1..40)) {
        let mut team = Team::of(1);
        for event in &events {
            let before = (team.replicas[0].made.len(), team.replicas[0].document.heads());
            let is_act = matches!(event, Event::Act(..));
            team.play(event);
            let replica = &team.replicas[0];
            let made = replica.made.len() - before.0;
            prop_assert!(made <= 1);
            if is_act && made == 1 {
                let hash = replica.document.heads();
                prop_assert_eq!(hash.len(), 1);
                prop_assert_eq!(replica.document.changes().pop(), replica.made.last().cloned());
            }
            prop_assert_eq!(made == 0, before.1 == replica.document.heads());
        }
    }
}
