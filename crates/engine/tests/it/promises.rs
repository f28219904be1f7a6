//! Promises of the engine: real database, real documents, no window, a clock that tests set.

use crate::shared::{board, seeded as engine};
use custory_domain::draft::{Decision, DraftRequest, Material};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

fn start(engine: &Engine) -> Start {
    match engine.request_blocking(Request::Start) {
        Ok(Reply::Start { start }) => *start,
        other => panic!("{other:?}"),
    }
}

fn blank(engine: &Engine, title: &str) -> JourneyId {
    let from = Beginning::Blank;
    made(engine.request_blocking(Request::CreateJourney { title: title.to_owned(), from }))
}

fn made(reply: Result<Reply, Failure>) -> JourneyId {
    match reply {
        Ok(Reply::Made { journey, .. }) => journey,
        other => panic!("{other:?}"),
    }
}

fn rename_first_stage(engine: &Engine, journey: JourneyId, title: &str) -> Result<Reply, Failure> {
    let id = board(engine, journey).stages_in_order()[0].id;
    let set = StageField::Title(title.to_owned());
    let command = Command::set(Change::Stage { id, set });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User })
}

fn first_stage(engine: &Engine, journey: JourneyId) -> String {
    board(engine, journey).stages_in_order()[0].title.clone()
}

#[test]
fn the_first_start_makes_a_workspace_and_the_second_finds_it() {
    let folder = tempfile::tempdir().expect("folder");
    let first = start(&engine(folder.path(), 1));
    let second = start(&engine(folder.path(), 2));
    assert_eq!(first.me, second.me);
    assert_eq!(first.workspace, second.workspace);
    assert_eq!(first.workspace.members[&first.me].name, "Maya");
}

#[test]
fn an_edit_is_there_after_the_engine_is_gone() {
    let folder = tempfile::tempdir().expect("folder");
    let journey = {
        let engine = engine(folder.path(), 1);
        let journey = blank(&engine, "Onboarding");
        rename_first_stage(&engine, journey, "Hear of it").expect("rename");
        journey
    };
    let again = engine(folder.path(), 2);
    assert_eq!(first_stage(&again, journey), "Hear of it");
    assert_eq!(start(&again).journeys[0].title, "Onboarding");
}

#[test]
fn undo_takes_back_and_redo_repeats() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let journey = blank(&engine, "Onboarding");
    let before = board(&engine, journey);
    rename_first_stage(&engine, journey, "Hear of it").expect("rename");
    let Ok(Reply::Done { undo: Some(undo), .. }) = engine.request_blocking(Request::Undo { journey }) else {
        panic!("undo is answered");
    };
    assert_eq!(first_stage(&engine, journey), "Discover");
    assert_eq!(undo.redo.as_deref(), Some("Rename stage “Discover”"));
    engine.request_blocking(Request::Redo { journey }).expect("redo");
    assert_eq!(first_stage(&engine, journey), "Hear of it");
    assert_eq!(before.stages.len(), board(&engine, journey).stages.len());
}

#[test]
fn two_programs_on_one_folder_see_each_others_edits() {
    let folder = tempfile::tempdir().expect("folder");
    let window = engine(folder.path(), 1);
    let journey = blank(&window, "Shared");
    let command_line = engine(folder.path(), 2);
    let mut heard = window.events();
    for round in 0..5 {
        rename_first_stage(&command_line, journey, &format!("Theirs {round}")).expect("rename");
        assert_eq!(first_stage(&window, journey), format!("Theirs {round}"));
        rename_first_stage(&window, journey, &format!("Ours {round}")).expect("rename");
        assert_eq!(first_stage(&command_line, journey), format!("Ours {round}"));
    }
    let is_patch = |it: &Event| matches!(it, Event::Patched { .. });
    assert!(std::iter::from_fn(|| heard.next_blocking()).any(|it| is_patch(&it)));
}

#[test]
fn what_a_program_that_stays_open_writes_is_told_without_being_asked_for() {
    let folder = tempfile::tempdir().expect("folder");
    let window = engine(folder.path(), 1);
    let journey = blank(&window, "Shared");
    rename_first_stage(&window, journey, "Open here").expect("rename");
    let command_line = engine(folder.path(), 2);
    assert_eq!(first_stage(&command_line, journey), "Open here");
    let mut heard = window.events();
    for round in 0..5 {
        rename_first_stage(&command_line, journey, &format!("Theirs {round}")).expect("rename");
        let is_it = |it: &Event| matches!(it, Event::Patched { journey: of, .. } if *of == journey);
        assert!(std::iter::from_fn(|| heard.next_blocking()).any(|it| is_it(&it)), "round {round}");
    }
}

#[test]
fn a_journey_deleted_by_another_program_keeps_nothing_else_from_being_followed() {
    let folder = tempfile::tempdir().expect("folder");
    let window = engine(folder.path(), 1);
    let doomed = blank(&window, "Doomed");
    let kept = blank(&window, "Kept");
    rename_first_stage(&window, doomed, "Open here").expect("rename");
    rename_first_stage(&window, kept, "Open here too").expect("rename");
    let command_line = engine(folder.path(), 2);
    rename_first_stage(&command_line, kept, "Theirs").expect("rename");
    command_line.request_blocking(Request::DeleteJourney { journey: doomed }).expect("delete");
    assert_eq!(first_stage(&window, kept), "Theirs");
    let failure = rename_first_stage(&window, kept, "Ours")
        .and(window.request_blocking(Request::OpenJourney { journey: doomed }));
    assert_eq!(failure.expect_err("it is gone").code, ErrorCode::NotFound);
    assert_eq!(first_stage(&command_line, kept), "Ours");
}

#[test]
fn a_window_follows_when_another_program_gives_up_changes_for_a_snapshot() {
    let folder = tempfile::tempdir().expect("folder");
    let window = engine(folder.path(), 1);
    let journey = blank(&window, "Shared");
    rename_first_stage(&window, journey, "Before").expect("rename");
    // Every look makes it follow; without one, the other program's thousand gestures pass unseen.
    let command_line = engine(folder.path(), 2);
    for round in 0..1_100 {
        rename_first_stage(&command_line, journey, &format!("Theirs {round}")).expect("rename");
    }
    rename_first_stage(&window, journey, "Ours").expect("rename");
    assert_eq!(first_stage(&command_line, journey), "Ours");
    assert_eq!(first_stage(&window, journey), "Ours");
}

#[test]
fn the_sample_is_opened_twice_and_there_once() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let open = || Request::CreateJourney { title: String::new(), from: Beginning::Sample };
    let first = made(engine.request_blocking(open()));
    let people = start(&engine).workspace.members.len();
    assert_eq!(made(engine.request_blocking(open())), first);
    assert_eq!(start(&engine).workspace.members.len(), people);
}

#[test]
fn what_is_refused_changes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let journey = blank(&engine, "Onboarding");
    let before = board(&engine, journey);
    let failure = rename_first_stage(&engine, journey, " ").expect_err("an empty title");
    assert_eq!(failure, Failure::new(ErrorCode::Refused, "A stage needs a title."));
    assert_eq!(board(&engine, journey), before);
    let nameless = Request::CreateJourney { title: " ".to_owned(), from: Beginning::Blank };
    engine.request_blocking(nameless).expect_err("a journey without a title");
    assert_eq!(start(&engine).journeys.len(), 1);
}

#[test]
fn the_sample_comes_with_its_people_and_takes_them_along() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let sample = Request::CreateJourney { title: String::new(), from: Beginning::Sample };
    let journey = made(engine.request_blocking(sample));
    let present = |engine: &Engine| {
        let workspace = start(engine).workspace;
        workspace.members.values().filter(|it| it.trashed.is_none()).count()
    };
    assert!(present(&engine) > 1);
    assert!(board(&engine, journey).steps.len() >= 10);
    engine.request_blocking(Request::DeleteJourney { journey }).expect("delete");
    assert_eq!(present(&engine), 1);
    assert!(start(&engine).journeys.is_empty());
}

#[test]
fn looking_at_the_sample_makes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let shown = match engine.request_blocking(Request::PreviewSample) {
        Ok(Reply::Board { board, .. }) => board,
        other => panic!("{other:?}"),
    };
    assert!(shown.steps.len() >= 10);
    let owners = shown.steps.values().filter_map(|it| it.owner);
    let me = start(&engine).me;
    assert!(owners.clone().all(|it| it == me || shown.members.contains_key(&it)));
    assert!(owners.count() > 0);
    let start = start(&engine);
    assert!(start.journeys.is_empty());
    assert_eq!(start.workspace.members.len(), 1);
}

#[test]
fn a_copy_has_everything_and_is_its_own() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let journey = blank(&engine, "Onboarding");
    let copy = made(engine.request_blocking(Request::DuplicateJourney { journey }));
    rename_first_stage(&engine, copy, "Changed").expect("rename");
    assert_eq!(first_stage(&engine, journey), "Discover");
    assert_eq!(board(&engine, copy).stages.len(), 4);
}

#[test]
fn an_export_comes_back_as_a_new_journey() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let journey = blank(&engine, "Onboarding");
    let export = Request::Export { journey, format: ExportFormat::Json };
    let Ok(Reply::Exported { file_name, text, .. }) = engine.request_blocking(export) else {
        panic!("export is answered");
    };
    assert_eq!(file_name, "onboarding.json");
    let import = |text: &str| Request::Import {
        file: ImportFile::Text { name: String::new(), text: text.to_owned() },
        restore: false,
        columns: None,
    };
    let imported = made(engine.request_blocking(import(&text)));
    assert_ne!(imported, journey);
    assert_eq!(board(&engine, imported).stages.len(), 4);
    let failure = engine.request_blocking(import("{"));
    assert_eq!(failure.expect_err("not an export").code, ErrorCode::BadInput);
}

#[test]
fn a_deleted_journey_comes_back_from_its_folder_as_the_same_one() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let journey = made(
        engine.request_blocking(Request::CreateJourney { title: String::new(), from: Beginning::Sample }),
    );
    let before = board(&engine, journey);
    let out = tempfile::tempdir().expect("folder");
    let to = out.path().to_string_lossy().into_owned();
    let exported = engine
        .request_blocking(Request::ExportFolder { journey, place: FolderPlace { path: to, within: true } });
    let Ok(Reply::ExportedFolder { losses, .. }) = exported else { panic!("an export is answered") };
    assert_eq!(losses, [""; 0]);
    let can_come_back = || {
        let file = ImportFile::Path { path: out.path().to_string_lossy().into_owned() };
        match engine.request_blocking(Request::LookAtImport { file, columns: None }) {
            Ok(Reply::ImportLooked { preview }) => preview.can_come_back,
            other => panic!("{other:?}"),
        }
    };
    assert!(!can_come_back(), "it is still here");
    let restore = || Request::Import {
        file: ImportFile::Path { path: out.path().to_string_lossy().into_owned() },
        restore: true,
        columns: None,
    };
    let failure = engine.request_blocking(restore()).expect_err("it is still here");
    assert!(failure.message.contains("still here"), "{failure}");
    engine.request_blocking(Request::DeleteJourney { journey }).expect("it is deleted");
    assert!(can_come_back());
    assert_eq!(made(engine.request_blocking(restore())), journey);
    let after = board(&engine, journey);
    let plain = |board: &Board| -> Vec<Entity> {
        let mut all: Vec<Entity> = board.entities().collect();
        for it in &mut all {
            it.set_created(Stamp::default());
            it.set_trashed(it.trashed().map(|_| Stamp::default()));
            if let Entity::Comment(comment) = it {
                (comment.author, comment.said_at) = (None, None);
            }
        }
        all
    };
    assert_eq!(plain(&after), plain(&before));
}

const QUICKSTART: &str = "# Quickstart\n\n## Create an account\n\nSign up with your work email.\n\n\
    ## Invite your team\n\nInvite teammates from the settings page.\n\n\
    ## Connect a data source\n\nConnect Postgres to see your first dashboard.\n";

fn draft(engine: &Engine, text: &str, onto: Option<JourneyId>) -> custory_domain::draft::DraftReview {
    let material = Material::Pasted { title: "Quickstart".to_owned(), text: text.to_owned() };
    let request = DraftRequest { materials: vec![material], scope: String::new(), onto };
    let mut events = engine.events();
    let Ok(Reply::DraftStarted { draft }) = engine.request_blocking(Request::StartDraft { request }) else {
        panic!("a draft begins");
    };
    let ended = |it: &Event| match it {
        Event::DraftReady { draft: of } => *of == draft,
        Event::DraftFailed { failure, .. } => panic!("{failure}"),
        _ => false,
    };
    assert!(std::iter::from_fn(|| events.next_blocking()).any(|it| ended(&it)));
    match engine.request_blocking(Request::OpenDraft { draft }) {
        Ok(Reply::Draft { review }) => *review,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_of_a_draft_reaches_the_map_unaccepted_and_one_undo_takes_it_all_back() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let review = draft(&engine, QUICKSTART, None);
    let id = review.id;
    let nothing = engine.request_blocking(Request::AcceptDraft { draft: id, title: None });
    assert_eq!(nothing.expect_err("nothing is kept").code, ErrorCode::Refused);
    assert!(start(&engine).journeys.is_empty());

    let keys: Vec<_> = review.draft.steps().map(|it| it.key.clone()).collect();
    assert!(keys.len() >= 2, "{review:?}");
    let renamed = Decision::Keep { title: Some("Open an account".to_owned()) };
    let mut decisions = vec![(keys[0].clone(), Some(renamed)), (keys[1].clone(), Some(Decision::LeaveOut))];
    decisions.extend(keys[2..].iter().map(|it| (it.clone(), Some(Decision::Keep { title: None }))));
    engine.request_blocking(Request::DecideDraft { draft: id, decisions }).expect("decide");
    let journey = made(engine.request_blocking(Request::AcceptDraft { draft: id, title: None }));
    let map = board(&engine, journey);
    assert_eq!(map.steps.len(), keys.len() - 1);
    assert_eq!(map.steps_in_order()[0].title, "Open an account");
    assert!(map.evidence.values().all(|it| it.is_verified && QUICKSTART.contains(&it.excerpt)));
    assert!(start(&engine).drafts.is_empty());

    engine.request_blocking(Request::Undo { journey }).expect("undo");
    assert!(board(&engine, journey).steps_in_order().is_empty());
    engine.request_blocking(Request::Redo { journey }).expect("redo");
    assert_eq!(board(&engine, journey).steps_in_order().len(), keys.len() - 1);
}

#[test]
fn a_second_reading_offers_only_what_is_new_and_keeps_peoples_words() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path(), 1);
    let review = draft(&engine, QUICKSTART, None);
    let keep = |review: &custory_domain::draft::DraftReview| {
        let keep = Some(Decision::Keep { title: None });
        let decisions = review.draft.steps().map(|it| (it.key.clone(), keep.clone())).collect();
        engine.request_blocking(Request::DecideDraft { draft: review.id, decisions }).expect("decide");
        made(engine.request_blocking(Request::AcceptDraft { draft: review.id, title: None }))
    };
    let journey = keep(&review);
    let id = board(&engine, journey).steps_in_order()[0].id;
    let set = StepField::Title("In our own words".to_owned());
    let command = Command::set(Change::Step { id, set });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("rename");

    let more = format!("{QUICKSTART}\n## Share a dashboard\n\nShare a dashboard with a link.\n");
    let again = draft(&engine, &more, Some(journey));
    assert_eq!(again.known.len(), review.draft.steps().count(), "{again:?}");
    let before = board(&engine, journey).steps.len();
    keep(&again);
    let after = board(&engine, journey);
    assert_eq!(after.steps[&id].title, "In our own words");
    assert_eq!(after.steps.len(), before + again.draft.steps().count() - again.known.len());
    assert!(after.steps.len() > before, "{again:?}");
}
