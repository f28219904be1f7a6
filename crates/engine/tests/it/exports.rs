//! Promises of what is written out: pictures are in it where they can be, and what is not in it is said.

use crate::shared::{board, dispatch, engine, journey};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const STEP: StepId = StepId::from_parts(1, 1);
const TOUCHPOINT: TouchpointId = TouchpointId::from_parts(2, 1);
/// One grey pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81,
    0xda, 0x45, 0x08, 0x3b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

fn export(engine: &Engine, journey: JourneyId, format: ExportFormat) -> (String, Vec<String>) {
    match engine.request_blocking(Request::Export { journey, format }) {
        Ok(Reply::Exported { text, losses, .. }) => (text, losses),
        other => panic!("{other:?}"),
    }
}

/// A journey whose only touchpoint has a picture.
fn illustrated(engine: &Engine, folder: &std::path::Path) -> JourneyId {
    let journey = journey(engine, "Onboarding");
    let form = Touchpoint { title: "Form".into(), steps: [STEP].into(), ..Touchpoint::new(TOUCHPOINT) };
    dispatch(engine, journey, Command::add(form));
    let path = folder.join("form.png");
    std::fs::write(&path, PIXEL).expect("a picture");
    let path = path.to_string_lossy().into_owned();
    let attach = Request::Pictures(PictureWish::Attach { journey, touchpoint: TOUCHPOINT, path });
    engine.request_blocking(attach).expect("a picture is shown");
    journey
}

#[test]
fn pictures_are_in_what_can_hold_them_and_named_where_they_are_not() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = illustrated(&engine, folder.path());
    let (page, losses) = export(&engine, journey, ExportFormat::Html);
    assert!(page.contains("<img src=\"data:image/png;base64,iVBOR"), "in the words");
    assert!(page.contains("<image x=") && page.contains("href=\"data:image/png;base64,iVBOR"), "on the map");
    assert!(losses.is_empty(), "{losses:?}");
    let (picture, _) = export(&engine, journey, ExportFormat::Svg);
    assert!(picture.contains("href=\"data:image/png;base64,iVBOR"));
    for format in [ExportFormat::Markdown, ExportFormat::Csv, ExportFormat::Json] {
        let (_, losses) = export(&engine, journey, format);
        assert!(losses.iter().any(|it| it.starts_with("1 picture: ")), "{format:?}: {losses:?}");
    }
    let (_, losses) = export(&engine, journey, ExportFormat::Mermaid);
    assert_eq!(losses, ["1 item: Mermaid draws stages and steps alone"]);

    // A picture that did not come along with the journey.
    std::fs::remove_dir_all(folder.path().join("pictures")).expect("pictures are there");
    let (page, losses) = export(&engine, journey, ExportFormat::Html);
    assert!(!page.contains("data:image") && losses == ["1 picture: it is not on this device"], "{losses:?}");
}

#[test]
fn a_folder_has_its_pictures_and_a_journey_comes_back_with_them() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let journey = illustrated(&engine, folder.path());
    let name = board(&engine, journey).touchpoints[&TOUCHPOINT].picture.clone();
    let out = tempfile::tempdir().expect("folder");
    let to = || out.path().to_string_lossy().into_owned();
    let written = engine.request_blocking(Request::ExportFolder {
        journey,
        place: FolderPlace { path: to(), within: false },
    });
    assert!(matches!(&written, Ok(Reply::ExportedFolder { losses, .. }) if losses.is_empty()), "{written:?}");
    let file = format!("pictures/{name}.png");
    assert_eq!(std::fs::read(out.path().join(&file)).expect("a picture"), PIXEL);
    let document = std::fs::read_to_string(out.path().join("journey.md")).expect("a document");
    assert!(document.contains(&format!("![Form](<{file}>)")), "{document}");

    engine.request_blocking(Request::DeleteJourney { journey }).expect("deleted");
    std::fs::remove_dir_all(folder.path().join("pictures")).expect("pictures are there");
    let back = Request::Import { file: ImportFile::Path { path: to() }, restore: true, columns: None };
    let made = engine.request_blocking(back);
    assert!(matches!(&made, Ok(Reply::Made { losses, .. }) if losses.is_empty()), "{made:?}");
    let shown = engine.request_blocking(Request::Pictures(PictureWish::Look { name }));
    assert!(matches!(shown, Ok(Reply::Picture { picture: Some(_) })), "{shown:?}");

    // Without the picture it is said.
    engine.request_blocking(Request::DeleteJourney { journey }).expect("deleted");
    std::fs::remove_dir_all(folder.path().join("pictures")).expect("pictures are there");
    std::fs::remove_file(out.path().join(file)).expect("a picture");
    let back = Request::Import { file: ImportFile::Path { path: to() }, restore: true, columns: None };
    match engine.request_blocking(back) {
        Ok(Reply::Made { losses, .. }) => assert_eq!(losses.len(), 1, "{losses:?}"),
        other => panic!("{other:?}"),
    }
}
