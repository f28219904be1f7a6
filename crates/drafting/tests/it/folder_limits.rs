//! What a reading of a folder never opens, and what it says when there is nothing to read.

use crate::shared::read;
use custory_domain::draft::Material;
use custory_drafting::DraftError;

fn write(folder: &std::path::Path, path: &str, text: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn folder(path: &std::path::Path) -> Vec<Material> {
    vec![Material::Folder { path: path.to_string_lossy().into_owned() }]
}

#[tokio::test]
async fn secrets_ignored_files_and_others_work_are_never_read() {
    let root = tempfile::tempdir().expect("a folder");
    let at = root.path();
    write(at, "README.md", b"# Larkboard\n\nShift plans that crews read.\n");
    write(at, ".gitignore", b"private/\n");
    for path in [
        ".env",
        "docs/.env.local",
        "docs/prod.env",
        "docs/server.pem",
        "private/notes.md",
        "node_modules/x/README.md",
        "docs/secrets.md",
    ] {
        write(at, path, b"# TOPSECRET\n\nTOPSECRET words.\n");
    }
    let reading = read(folder(at)).await.expect("a draft");
    assert!(reading.texts.values().all(|it| !it.contains("TOPSECRET")));
    assert_eq!(reading.draft.sources.len(), 1, "{:?}", reading.draft.sources);
}

#[cfg(unix)]
#[tokio::test]
async fn links_out_of_the_folder_are_not_followed() {
    let (root, outside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    write(outside.path(), "notes.md", b"# TOPSECRET\n");
    write(root.path(), "README.md", b"# Larkboard\n\nShift plans that crews read.\n");
    std::os::unix::fs::symlink(outside.path(), root.path().join("docs")).expect("a link");
    std::os::unix::fs::symlink(outside.path().join("notes.md"), root.path().join("guide.md"))
        .expect("a link");
    let reading = read(folder(root.path())).await.expect("a draft");
    assert!(reading.texts.values().all(|it| !it.contains("TOPSECRET")));
}

#[tokio::test]
async fn damaged_files_are_skipped_with_a_reason() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "README.md", b"# Larkboard\n\nShift plans that crews read.\n");
    write(root.path(), "docs/broken.pdf", b"%PDF-1.4 nothing of a PDF");
    write(root.path(), "docs/binary.md", b"\0\x01\x02\0");
    let reading = read(folder(root.path())).await.expect("a draft");
    for path in ["docs/broken.pdf", "docs/binary.md"] {
        let source = reading.draft.sources.iter().find(|it| it.locator == path).expect("it is listed");
        assert!(!source.skipped.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_says_so() {
    let root = tempfile::tempdir().expect("a folder");
    let path = |it: &str| root.path().join(it).to_string_lossy().into_owned();
    write(root.path(), "a.md", b"# A\n");
    assert!(matches!(read(Vec::new()).await, Err(DraftError::NoMaterial)));
    assert!(matches!(
        read(vec![Material::Folder { path: path("nowhere") }]).await,
        Err(DraftError::NotFound { .. })
    ));
    assert!(matches!(
        read(vec![Material::File { path: path("nowhere.md") }]).await,
        Err(DraftError::NotFound { .. })
    ));
    assert!(matches!(
        read(vec![Material::Folder { path: path("a.md") }]).await,
        Err(DraftError::Unreadable { .. })
    ));
    assert!(matches!(
        read(vec![Material::File { path: path("") }]).await,
        Err(DraftError::Unreadable { .. })
    ));
    let empty = vec![Material::Pasted { title: "x".to_owned(), text: " \n ".to_owned() }];
    assert!(matches!(read(empty).await, Err(DraftError::NothingReadable { .. })));
}
