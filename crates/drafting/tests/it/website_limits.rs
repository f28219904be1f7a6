//! What a reading of a website never does, and what it survives: against servers on loopback.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::shared::{Server, assert_proven, read, read_within, serve};
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use custory_domain::draft::{Draft, DraftRequest, Material};
use custory_drafting::{DraftError, Limits};

fn site(server: &Server, path: &str) -> Vec<Material> {
    vec![Material::Website { url: server.url(path), allow_private: true }]
}

fn page(title: &str, links: &[&str]) -> Html<String> {
    let links: String = links.iter().map(|it| format!("<a href=\"{it}\">{it}</a> ")).collect();
    Html(format!("<title>{title}</title><main><h1>{title}</h1><p>Text of {title}.</p></main>{links}"))
}

fn skipped<'a>(draft: &'a Draft, path: &str) -> Option<&'a str> {
    draft.sources.iter().find(|it| it.locator.ends_with(path)).map(|it| it.skipped.as_str())
}

fn was_read(draft: &Draft, path: &str) -> bool {
    skipped(draft, path) == Some("")
}

#[tokio::test]
async fn this_machine_is_refused_unless_it_is_allowed() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let server = serve(Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::Relaxed);
        page("Home", &[])
    }))
    .await;
    for url in [
        server.url("/"),
        "http://localhost/".to_owned(),
        "http://[::1]/".to_owned(),
        "http://169.254.169.254/".to_owned(),
    ] {
        let refused = read(vec![Material::Website { url: url.clone(), allow_private: false }]).await;
        assert!(
            matches!(refused, Err(DraftError::RefusedAddress { .. } | DraftError::NotAnAddress { .. })),
            "{url}: {refused:?}"
        );
    }
    assert_eq!(hits.load(Ordering::Relaxed), 0, "nothing was asked for");
    assert!(read(site(&server, "/")).await.is_ok());
}

#[tokio::test]
async fn redirects_to_other_sites_and_to_metadata_are_not_followed() {
    let server = serve(
        Router::new()
            .route("/", get(|| async { page("Home", &["/away", "/cloud", "/docs"]) }))
            .route("/away", get(|| async { Redirect::temporary("http://192.0.2.1/") }))
            .route("/cloud", get(|| async { Redirect::temporary("http://169.254.169.254/latest/") }))
            .route("/docs", get(|| async { page("Docs", &[]) })),
    )
    .await;
    let reading = read(site(&server, "/")).await.expect("a draft");
    assert!(was_read(&reading.draft, "/docs"));
    for path in ["/away", "/cloud"] {
        assert!(skipped(&reading.draft, path).is_some_and(|it| !it.is_empty()), "{path}");
    }
    assert!(
        !reading
            .draft
            .sources
            .iter()
            .any(|it| it.locator.contains("192.0.2.1") || it.locator.contains("169.254"))
    );
}

#[tokio::test]
async fn robots_and_sitemaps_are_kept_to() {
    let server = serve(
        Router::new()
            .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /secret\n" }))
            .route(
                "/sitemap.xml",
                get(|| async {
                    "<urlset><url><loc>/pricing</loc></url><url><loc>/secret/plan</loc></url></urlset>"
                }),
            )
            .route("/", get(|| async { page("Home", &["/secret/more"]) }))
            .route("/pricing", get(|| async { page("Pricing", &[]) }))
            .route("/secret/{*rest}", get(|| async { page("Secret", &[]) })),
    )
    .await;
    let reading = read(site(&server, "/")).await.expect("a draft");
    assert!(was_read(&reading.draft, "/pricing"), "named by the sitemap alone");
    assert!(!was_read(&reading.draft, "/secret/plan") && !was_read(&reading.draft, "/secret/more"));
    let refused = read(site(&server, "/secret/plan")).await;
    assert!(matches!(refused, Err(DraftError::Disallowed { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_server_that_fails_to_give_its_rules_is_left_alone() {
    let server = serve(
        Router::new()
            .route("/robots.txt", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
            .route("/", get(|| async { page("Home", &[]) })),
    )
    .await;
    assert!(matches!(read(site(&server, "/")).await, Err(DraftError::Unreachable { .. })));
}

#[tokio::test]
async fn login_walls_and_missing_pages_are_skipped_with_a_reason() {
    let server = serve(
        Router::new()
            .route("/", get(|| async { page("Home", &["/app", "/team", "/gone", "/picture"]) }))
            .route("/app", get(|| async { Redirect::temporary("/login") }))
            .route("/team", get(|| async { StatusCode::FORBIDDEN }))
            .route("/picture", get(|| async { ([(header::CONTENT_TYPE, "image/png")], "x") }))
            .route("/login", get(|| async { page("Log in", &[]) })),
    )
    .await;
    let reading = read(site(&server, "/")).await.expect("a draft");
    for (path, reason) in
        [("/app", "logged in"), ("/team", "not open"), ("/gone", "no such page"), ("/picture", "not a page")]
    {
        assert!(
            skipped(&reading.draft, path).is_some_and(|it| it.contains(reason)),
            "{path}: {:?}",
            skipped(&reading.draft, path)
        );
    }
}

#[tokio::test]
async fn pages_without_end_are_cut_and_loops_are_left() {
    let server = serve(
        Router::new()
            .route("/", get(|| async { page("Home", &["/huge", "/loop/1", "/round"]) }))
            .route(
                "/huge",
                get(|| async { Html(format!("<h1>Huge</h1><p>{}</p>", "word ".repeat(1_000_000))) }),
            )
            .route("/round", get(|| async { Redirect::temporary("/round") }))
            .route(
                "/loop/{at}",
                get(|Path(at): Path<u64>| async move {
                    page(&format!("Loop {at}"), &[&format!("/loop/{}", at + 1)])
                }),
            ),
    )
    .await;
    let limits = Limits { pages_max: 12, page_bytes_max: 64 << 10, ..Limits::default() };
    let reading = read_within(site(&server, "/"), &limits).await.expect("a draft");
    let pages = reading.draft.sources.iter().filter(|it| it.skipped.is_empty()).count();
    assert!(pages <= 12, "{pages}");
    assert!(reading.texts.values().all(|it| it.len() <= 64 << 10));
    assert!(reading.draft.notes.iter().any(|it| it.contains("/huge")), "{:?}", reading.draft.notes);
    assert!(skipped(&reading.draft, "/round").is_some_and(|it| it.contains("redirected")));
    assert_proven(&reading);
}

/// A page that never ends: the head comes, the rest does not.
async fn silent() -> Response {
    let stream = futures_util::stream::pending::<Result<String, std::io::Error>>();
    ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(stream)).into_response()
}

#[tokio::test]
async fn slow_pages_cost_their_time_and_no_more() {
    let server = serve(
        Router::new()
            .route("/", get(|| async { page("Home", &["/slow", "/docs"]) }))
            .route("/slow", get(silent))
            .route("/docs", get(|| async { page("Docs", &[]) })),
    )
    .await;
    let limits = Limits { page_time_max_secs: 1, ..Limits::default() };
    let reading = read_within(site(&server, "/"), &limits).await.expect("a draft");
    assert!(was_read(&reading.draft, "/docs"));
    assert!(skipped(&reading.draft, "/slow").is_some_and(|it| !it.is_empty()));
    let limits = Limits { time_max_secs: 1, ..Limits::default() };
    let reading = read_within(site(&server, "/"), &limits).await.expect("what came in time");
    assert!(
        reading.draft.notes.iter().any(|it| it.contains("Stopped after 1 s")),
        "{:?}",
        reading.draft.notes
    );
}

#[tokio::test]
async fn a_reading_is_cancelled_within_a_second_while_the_server_is_silent() {
    let server =
        serve(Router::new().route("/robots.txt", get(|| async { "" })).route("/", get(silent))).await;
    let request = DraftRequest { materials: site(&server, "/"), scope: String::new(), onto: None };
    let mut calls = 0;
    let mut progress = |_| {
        calls += 1;
        if calls > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let limits = Limits::default();
    let reading = custory_drafting::read(&request, &limits, &mut progress);
    // Four beats at most a fifth of a second apart, and room for a busy machine.
    let ended = tokio::time::timeout(Duration::from_secs(3), reading).await.expect("it ends by itself");
    assert!(matches!(ended, Err(DraftError::Cancelled)), "{ended:?}");
}

#[tokio::test]
async fn the_server_is_told_who_reads_and_gets_no_cookies() {
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    let server = serve(Router::new().fallback(move |headers: HeaderMap| async move {
        let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let is_honest = agent.starts_with("Custory/")
            && !headers.contains_key(header::COOKIE)
            && !headers.contains_key(header::AUTHORIZATION);
        counted.fetch_add(usize::from(!is_honest), Ordering::Relaxed);
        ([(header::SET_COOKIE, "a=b")], page("Home", &["/docs"]))
    }))
    .await;
    read(site(&server, "/")).await.expect("a draft");
    assert_eq!(seen.load(Ordering::Relaxed), 0);
}
