//! Programs: analytics events that are captured, routes that are declared, screens that are files.

use std::sync::LazyLock;

use regex::Regex;

use super::command;
use super::fact::{Fact, FactKind, Sign};
use crate::doc::{Doc, QUOTE_CHARS_MAX};

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"\b(?:(?:posthog|analytics|mixpanel|segment|amplitude|umami|heap|rudderanalytics|client|telemetry|ph|tracker|Analytics)(?:\.\w+\(\))?[?!]?\.)?"#,
        r#"(?:capture|captureEvent|track|trackEvent|track_event|logEvent|log_event|sendEvent|recordEvent|record_event|capture_event|emitEvent)\(\s*"#,
        r#"(?:[\w.\[\]"'@]+\s*,\s*)?(?:(?:event|name)\s*[:=]\s*)?["'`]([A-Za-z][A-Za-z0-9 _:./-]{3,60})["'`]"#
    ))
});
static GTAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\bgtag\(\s*["']event["']\s*,\s*["']([A-Za-z][\w -]{2,60})["']"#));
static ROUTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?:<Route\b[^>]{0,80}?\bpath\s*=\s*\{?\s*|\bpath:\s*|\b(?:app|router|route|server|r|mux)\.(?:get|use|route|HandleFunc|Handle|page|GET)\(\s*|"#,
        r#"\bRoute::(?:get|view|inertia|livewire)\(\s*|\.route\(\s*|#\[(?:get|route)\(\s*|@(?:app|bp|router|blueprint)\.(?:get|route)\(\s*|\bre_path\(\s*r?|(?:^|[^\w.])path\(\s*|^\s*(?:get|live|match)\s+)["'`](\^?/?[A-Za-z][A-Za-z0-9_\-/:{}<>\[\]*.$]{0,80})["'`]"#
    ))
});

/// Whether a program's text may hold traces of customers.
pub(crate) fn is_telling(text: &str) -> bool {
    EVENT.is_match(text) || GTAG.is_match(text) || ROUTE.is_match(text) || command::is_telling(text)
}

/// Finds events and routes.
pub(super) fn find(doc: &Doc) -> Vec<Fact> {
    let text = &doc.text;
    let mut facts = Vec::new();
    for found in EVENT.captures_iter(text).chain(GTAG.captures_iter(text)) {
        let (Some(all), Some(name)) = (found.get(0), found.get(1)) else { continue };
        let lower = name.as_str().to_lowercase();
        if lower.contains("pageview")
            || lower.contains("exception")
            || lower.contains("error")
            || lower.starts_with("http")
            || is_comment(text, all.start())
        {
            continue;
        }
        facts.push(trace(
            Sign::Event,
            &spoken(name.as_str()),
            quote(all.as_str()),
            all.start(),
            name.as_str(),
        ));
    }
    let is_for_programs =
        ["trpc", "/api/", "oauth", "openapi", "routers/", "/sdk"].iter().any(|it| doc.locator.contains(it));
    for found in ROUTE.captures_iter(text).filter(|_| !is_for_programs) {
        let (Some(all), Some(path)) = (found.get(0), found.get(1)) else { continue };
        if let Some(path) = screen(path.as_str()) {
            let start = all.start() + (all.as_str().len() - all.as_str().trim_start().len());
            facts.push(trace(Sign::Route, &spoken(&path), quote(all.as_str().trim_start()), start, &path));
        }
    }
    if let Some(path) = doc.route.as_ref().filter(|it| screen(it).is_some())
        && let Some((start, line)) = telling_line(text)
    {
        facts.push(trace(Sign::Route, &spoken(path), line, start, path));
    }
    facts
}

fn trace(sign: Sign, words: &str, quote: &str, near: usize, name: &str) -> Fact {
    Fact {
        name: Some(name.to_owned()),
        words: words.to_owned(),
        ..Fact::quoted(FactKind::Action(sign), quote, near)
    }
}

fn quote(text: &str) -> &str {
    let end = text.char_indices().nth(QUOTE_CHARS_MAX).map_or(text.len(), |it| it.0);
    &text[..end]
}

/// A route that people see.
fn screen(path: &str) -> Option<String> {
    let path = path.trim_start_matches('^').trim_end_matches('$').trim_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|it| it.contains('.') && !it.starts_with(':'));
    let segments: Vec<&str> = path.split('/').collect();
    let for_programs = [
        "api", "webhook", "webhooks", "health", "healthz", "static", "assets", "internal", "admin", "debug",
        "v1", "v2", "graphql", "trpc", "metrics", "rpc",
    ];
    let is_for_programs = segments.iter().any(|it| for_programs.contains(it));
    (!is_file && !path.contains('$') && !is_for_programs && !path.is_empty() && segments.len() <= 6)
        .then(|| format!("/{path}"))
}

/// A name of a program as words: `projectCreated`, `project_created`, `App: Project created`.
pub(super) fn spoken(name: &str) -> String {
    let name = name.rsplit_once(": ").map_or(name, |it| it.1);
    let mut words = String::new();
    let mut was_lower = false;
    for segment in name.split('/').filter(|it| !it.starts_with([':', '{', '[', '$', '<', '*'])) {
        for c in segment.chars() {
            if c.is_alphanumeric() {
                if c.is_uppercase() && was_lower {
                    words.push(' ');
                }
                was_lower = c.is_lowercase() || c.is_numeric();
                words.extend(c.to_lowercase());
            } else {
                words.push(' ');
                was_lower = false;
            }
        }
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_comment(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |it| it + 1)..at];
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with('#') || line.starts_with("{/*")
}

/// The line of a screen's file that shows best what it is.
fn telling_line(text: &str) -> Option<(usize, &str)> {
    let lines = || {
        let mut at = 0;
        text.split_inclusive('\n').map(move |line| {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            (start, line.trim())
        })
    };
    let has = |wanted: &'static [&'static str]| {
        lines().find(|(_, line)| wanted.iter().any(|it| line.contains(it)) && line.len() <= 200)
    };
    has(&["<h1", "title:", "title=", "export default function", "export default async function"])
        .or_else(|| has(&["export default", "export const"]))
        .or_else(|| {
            lines().find(|(_, line)| {
                line.len() > 8
                    && line.len() <= 200
                    && !line.starts_with("import")
                    && !line.starts_with(['/', '*', '\'', '"'])
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &Regex, code: &str) -> Vec<String> {
        pattern.captures_iter(code).map(|it| it[1].to_owned()).collect()
    }

    #[test]
    fn events_are_found_in_the_usual_calls() {
        let code = r#"
            posthog.capture("project_created", { id })
            analytics.capture('App: Document Uploaded', {})
            track("Signed Up"); mixpanel.track('invite sent')
            posthog?.capture("report exported")
            posthog.capture(user.id, 'plan_upgraded')
            Sentry.captureException("nothing")
            logEvent(analytics, 'select_plan')
        "#;
        assert_eq!(
            names(&EVENT, code),
            [
                "project_created",
                "App: Document Uploaded",
                "Signed Up",
                "invite sent",
                "report exported",
                "plan_upgraded",
                "select_plan"
            ]
        );
        assert_eq!(names(&GTAG, "gtag('event', 'sign_up', {})"), ["sign_up"]);
    }

    #[test]
    fn routes_are_found_in_the_usual_declarations() {
        let code = "
            <Route path=\"/settings/billing\" element={<Billing />} />
            app.get('/pricing', page)
            Route::get('/invite', [X::class]);
            .route(\"/signup\", get(signup))
            #[get(\"/login\")]
            path('accounts/register/', views.register)
            { path: '/onboarding', component: X }
        ";
        assert_eq!(
            names(&ROUTE, code),
            [
                "/settings/billing",
                "/pricing",
                "/invite",
                "/signup",
                "/login",
                "accounts/register/",
                "/onboarding"
            ]
        );
        assert_eq!(screen("api/users"), None);
        assert_eq!(spoken("App: Project Created"), "project created");
        assert_eq!(spoken("projectCreated"), "project created");
        assert_eq!(spoken("/teams/:id/members"), "teams members");
    }
}
