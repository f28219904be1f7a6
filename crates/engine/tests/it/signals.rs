//! The inbox over real store and engine: folders in, evidence out, nothing that must stay.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::shared::{HandClock, board, dispatch, engine, journey, with_clock};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const INSIGHT: InsightId = InsightId::from_parts(2, 1);
const STEP: StepId = StepId::from_parts(1, 1);

const NOTE: &str = "# Visit\n\nThe owner never got the invite e-mail and wrote to ana@acme.example twice.\n\n\
                    > Pricing was clear to me from the first page on.\n";

fn shelf(engine: &Engine, shelf: Shelf) -> Vec<SignalView> {
    match engine.request_blocking(Request::Signals { shelf }) {
        Ok(Reply::Signals { signals, .. }) => signals,
        other => panic!("{other:?}"),
    }
}

fn read(engine: &Engine, request: Request) -> FilesRead {
    match engine.request_blocking(request) {
        Ok(Reply::SignalsRead { read }) => read,
        other => panic!("{other:?}"),
    }
}

fn watch(engine: &Engine, folder: &Path) -> FilesRead {
    read(engine, Request::WatchFolder { path: folder.display().to_string() })
}

fn triage(engine: &Engine, signals: Vec<SignalId>, act: Triage) -> Result<Reply, Failure> {
    engine.request_blocking(Request::Triage { signals, act })
}

/// A journey with an insight about invitations on its step.
fn map(engine: &Engine) -> JourneyId {
    let journey = journey(engine, "Crew");
    let insight = Insight {
        statement: "Invites by e-mail get lost".to_owned(),
        steps: [STEP].into(),
        ..Insight::new(INSIGHT)
    };
    dispatch(engine, journey, Command::add(insight));
    journey
}

/// That journey, and what a note in the folder says, waiting to be looked at.
fn map_and_note(engine: &Engine, folder: &Path) -> (JourneyId, Vec<SignalId>) {
    let journey = map(engine);
    std::fs::write(folder.join("visit.md"), NOTE).unwrap();
    watch(engine, folder);
    (journey, shelf(engine, Shelf::Review).into_iter().map(|it| it.signal.id).collect())
}

#[test]
fn notes_of_a_folder_are_heard_once_however_often_it_is_read() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = engine(data.path());
    std::fs::write(notes.path().join("visit.md"), NOTE).unwrap();
    std::fs::write(notes.path().join("photo.png"), [0; 9]).unwrap();
    std::fs::write(notes.path().join(".hidden.md"), NOTE).unwrap();
    assert_eq!(watch(&engine, notes.path()), FilesRead { files: 1, new: 2, problems: vec![] });
    assert_eq!(read(&engine, Request::ReadFolders), FilesRead::default(), "what has not changed is not read");
    let more = format!("A line above moves all others.\n\n{NOTE}\nAnd the phone app closed by itself.\n");
    std::fs::write(notes.path().join("visit.md"), more).unwrap();
    assert_eq!(read(&engine, Request::ReadFolders).new, 2);
    assert_eq!(shelf(&engine, Shelf::Review).len(), 4);

    drop(engine);
    let engine = crate::shared::seeded(data.path(), 7);
    assert_eq!(read(&engine, Request::ReadFolders), FilesRead { files: 1, new: 0, problems: vec![] });
}

#[test]
fn what_is_attached_is_redacted_evidence_with_its_place_and_nothing_else_leaves_the_device() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = engine(data.path());
    let journey = map(&engine);
    let table = "id,name,comment\n1,Ana Lopez,The invite never arrived; call +1 555 867 5309 please\n";
    std::fs::write(notes.path().join("answers.csv"), table).unwrap();
    watch(&engine, notes.path());
    let heard = shelf(&engine, Shelf::Review);
    let [it] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(it.excerpt, "The invite never arrived; call [phone number] please");
    assert_eq!(it.removed, ["1 phone number"]);

    let best = &it.matches[0];
    assert_eq!((best.step, best.words.as_slice()), (STEP, &["invite".to_owned()][..]));
    assert_eq!((best.strength, best.through.as_str()), (Strength::Weak, "Invites by e-mail get lost"));

    triage(&engine, vec![it.signal.id], Triage::Attach { journey, to: INSIGHT.into() }).unwrap();
    let read = board(&engine, journey);
    let evidence = &read.evidence[&it.signal.evidence()];
    assert_eq!(evidence.excerpt, it.excerpt);
    assert_eq!(evidence.claims, [(INSIGHT.into(), Stance::Supports)].into());
    assert_eq!((evidence.anchor.as_str(), evidence.weight), ("row 2", WeightClass::Support));
    assert!(evidence.locator.ends_with("/answers.csv") && !evidence.locator.starts_with('/'), "{evidence:?}");
    let shared = serde_json::to_string(&read.entities().collect::<Vec<_>>()).unwrap();
    for secret in ["Lopez", "867", &notes.path().display().to_string()] {
        assert!(!shared.contains(secret), "{secret} in {shared}");
    }
    assert_eq!((shelf(&engine, Shelf::Review).len(), shelf(&engine, Shelf::Attached).len()), (0, 1));
}

#[test]
fn deciding_twice_makes_one_piece_of_evidence_and_reopening_takes_it_back() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = engine(data.path());
    let (journey, ids) = map_and_note(&engine, notes.path());
    let insight = Triage::NewInsight {
        journey,
        step: STEP,
        statement: "Owners wait for a mail".to_owned(),
        sort: InsightSort::Pain,
    };
    triage(&engine, ids.clone(), insight).unwrap();
    let read = board(&engine, journey);
    let made = read.insights.values().find(|it| it.id != INSIGHT).unwrap();
    assert_eq!((made.statement.as_str(), made.truth), ("Owners wait for a mail", Truth::Observed));
    assert_eq!(read.evidence_for(made.id.into()).len(), 2);

    let to = Triage::Attach { journey, to: STEP.into() };
    triage(&engine, ids.clone(), to.clone()).unwrap();
    assert_eq!(board(&engine, journey).evidence.len(), 2, "the same evidence speaks for both");

    triage(&engine, ids.clone(), Triage::Reopen).unwrap();
    assert!(board(&engine, journey).evidence.values().all(|it| it.trashed.is_some()));
    assert_eq!(shelf(&engine, Shelf::Review).len(), 2);
    triage(&engine, ids, to).unwrap();
    assert!(board(&engine, journey).evidence.values().all(|it| it.trashed.is_none()));
}

#[test]
fn suggestions_are_taken_in_bulk_and_what_nothing_is_suggested_for_stays() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = engine(data.path());
    let (journey, ids) = map_and_note(&engine, notes.path());
    triage(&engine, ids, Triage::AttachSuggested).unwrap();
    let read = board(&engine, journey);
    assert_eq!(read.evidence.len(), 1);
    assert_eq!(read.evidence_for(INSIGHT.into()).len(), 1, "the insight that says it is found");
    let left = shelf(&engine, Shelf::Review);
    assert!(
        left.len() == 1 && left[0].matches.is_empty() && left[0].excerpt.starts_with("Pricing"),
        "{left:?}"
    );
}

#[test]
fn what_is_put_off_comes_back_and_a_signal_is_not_merged_into_itself() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = HandClock::at(1_764_000_000_000);
    let engine = with_clock(data.path(), Arc::clone(&clock) as _);
    std::fs::write(notes.path().join("visit.md"), NOTE).unwrap();
    watch(&engine, notes.path());
    let ids: Vec<_> = shelf(&engine, Shelf::Review).into_iter().map(|it| it.signal.id).collect();
    let until = Timestamp(1_764_000_000_000 + 3_600_000);
    triage(&engine, vec![ids[0]], Triage::Snooze { until }).unwrap();
    assert_eq!(shelf(&engine, Shelf::Review).len(), 1);
    let same = triage(&engine, vec![ids[1]], Triage::Merge { into: ids[1] });
    assert_eq!(same.unwrap_err().code, ErrorCode::Refused);
    triage(&engine, vec![ids[1]], Triage::Merge { into: ids[0] }).unwrap();
    assert_eq!((shelf(&engine, Shelf::Review).len(), shelf(&engine, Shelf::Attached).len()), (0, 1));
    engine.keep_up();
    clock.advance(60);
    assert_eq!(shelf(&engine, Shelf::Review).len(), 1);
}

#[test]
fn an_open_engine_hears_of_a_file_once_its_folder_is_quiet() {
    let (data, notes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = HandClock::at(1_764_000_000_000);
    let engine = with_clock(data.path(), Arc::clone(&clock) as _);
    engine.keep_up();
    watch(&engine, notes.path());
    let mut events = engine.events();
    std::fs::write(notes.path().join("visit.md"), NOTE).unwrap();
    // Every change of the folder begins a wait of its own; the clock goes on until one of them has read it.
    let is_over = Arc::new(AtomicBool::new(false));
    let ticking = std::thread::spawn({
        let (clock, is_over) = (Arc::clone(&clock), Arc::clone(&is_over));
        move || {
            while !is_over.load(Ordering::Relaxed) {
                clock.advance(1);
            }
        }
    });
    loop {
        if let Event::Signals { to_review } = events.next_blocking().unwrap() {
            assert_eq!(to_review, 2);
            break;
        }
    }
    is_over.store(true, Ordering::Relaxed);
    ticking.join().unwrap();
}

#[test]
fn folders_that_hold_everything_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let inside = data.path().join("a");
    let engine = engine(&inside);
    for path in ["/".to_owned(), data.path().display().to_string(), "/no/such/folder".to_owned()] {
        let refused = engine.request_blocking(Request::WatchFolder { path: path.clone() });
        assert_eq!(refused.unwrap_err().code, ErrorCode::Refused, "{path}");
    }
}
