//! What the tests of whole readings share: fixtures, a server on loopback, the check of proofs.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use custory_domain::draft::{DraftProgress, DraftRequest, Material};
use custory_drafting::{DraftError, Limits, Reading};

pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name);
    path.to_string_lossy().into_owned()
}

pub async fn read(materials: Vec<Material>) -> Result<Reading, DraftError> {
    read_scoped(materials, "").await
}

pub async fn read_scoped(materials: Vec<Material>, scope: &str) -> Result<Reading, DraftError> {
    let request = DraftRequest { materials, scope: scope.to_owned(), onto: None };
    custory_drafting::read(&request, &Limits::default(), &mut |_| ControlFlow::Continue(())).await
}

pub async fn read_within(materials: Vec<Material>, limits: &Limits) -> Result<Reading, DraftError> {
    let request = DraftRequest { materials, scope: String::new(), onto: None };
    custory_drafting::read(&request, limits, &mut |_| ControlFlow::Continue(())).await
}

pub async fn read_with_progress(
    materials: Vec<Material>,
    mut tell: impl FnMut(DraftProgress) + Send,
) -> Result<Reading, DraftError> {
    let request = DraftRequest { materials, scope: String::new(), onto: None };
    let mut progress = |it: DraftProgress| {
        tell(it);
        ControlFlow::Continue(())
    };
    custory_drafting::read(&request, &Limits::default(), &mut progress).await
}

/// Every element's words stand in the text that its source names.
pub fn assert_proven(reading: &Reading) {
    let text = |at: usize| {
        let source = reading.draft.sources.get(at)?;
        reading.texts.get(&source.hash).map(String::as_str)
    };
    assert_eq!(reading.draft.unproven(text), []);
}

pub fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A server on loopback for as long as the test runs.
pub struct Server {
    address: std::net::SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub async fn serve(routes: Router) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move { axum::serve(listener, routes).await.expect("a server") });
    Server { address, task }
}

pub async fn serve_folder(name: &str) -> Server {
    let root = PathBuf::from(fixture(name));
    serve(Router::new().fallback(move |uri: Uri| file(root.clone(), uri))).await
}

async fn file(root: PathBuf, uri: Uri) -> Response {
    let path = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    match std::fs::read(root.join(path)) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
