//! Which files of a folder are opened, and what each may hold; by name alone.

use std::sync::LazyLock;

use regex::Regex;

use super::route;
use crate::genre::Genre;
use crate::limits::Limits;
use crate::read::Format;

/// What part of a repository a file is; the order is that of opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Document,
    Test,
    Email,
    Locale,
    Route,
    Program,
}

impl Part {
    /// Files kept of each part: enough to see the ways, few enough to read the list.
    pub(super) fn files_max(self, limits: &Limits) -> usize {
        match self {
            Part::Document => limits.documents_max,
            Part::Test => 150,
            Part::Email => 80,
            Part::Locale => 8,
            Part::Route => 300,
            Part::Program => 300,
        }
    }

    /// What progress says of a file of that part.
    pub(super) fn outcome(self) -> &'static str {
        match self {
            Part::Document => "read",
            Part::Test => "a test of a user's path",
            Part::Email => "an e-mail",
            Part::Locale => "texts of the app",
            Part::Route => "a screen",
            Part::Program => "routes, events or commands",
        }
    }
}

/// A file to be opened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picked {
    pub path: String,
    pub bytes: u64,
    pub part: Part,
    pub format: Format,
    pub genre: Genre,
    pub route: Option<String>,
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

static UNIT_TEST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(^|/)(__tests__|__mocks__|__snapshots__|testdata|test_data|tests?|specs?|mocks?|stories|storybook|benches|benchmarks?|fuzz)/|[._-](test|spec|stories|mock)\.[a-z]+$|(^|/)test_[^/]*\.py$|_test\.(go|exs?|rb|py)$|(^|/)(?-i:Test[A-Z])[^/]*$",
    )
});
static PATH_TEST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(^|/)(e2e|cypress|playwright|end-to-end|integration-tests|acceptance|browser-tests|features)/.*\.(ts|js|tsx|jsx|mjs|rb|py|feature)$|\.(e2e|cy|e2e-spec|playwright)\.(ts|js)$|(^|/)(spec|test|tests)/(system|features|acceptance|browser)/|\.feature$",
    )
});
static LOCALE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(^|/)(locales?|i18n|intl|lang|langs|languages?|translations?|messages|l10n|gettext|po)/(.*/)?(en([_-](us|gb))?(/[^/]+)*(/LC_MESSAGES)?(/[^/]+)?|english|messages\.en([_-]us)?|[a-z]+[._-]en)\.(json|ya?ml|po|pot|ftl)$|(^|/)(locales?|i18n)/en([_-]us)?/[^.]+\.(json|ya?ml|po|ftl)$",
    )
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(^|/)([a-z0-9-]*[_-])?(e-?mails?|mails?|mailers?|mail_templates|mjml)([_-]templates?)?/(.*/)?[^/]+\.(html?|tsx|jsx|mjml|hbs|handlebars|ejs|erb|txt|heex|eex|ex|liquid|pug|njk|j2|jinja|twig|vue|php|md|ts|rb|py)$|[a-z0-9]Email\.(tsx|jsx|ts)$|_email\.(html|txt|mjml)$",
    )
});
static PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\.(tsx?|jsx?|mjs|cjs|vue|svelte|astro|py|rb|php|exs?|rs|go|java|kt|swift|dart|cs|erb|heex)$",
    )
});
static AUXILIARY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(^|/)(fixtures?|[a-z0-9-]*examples?|samples?|seeds?|migrations?|generated|scripts?|tools?|benches|assets|public/(fonts|images|img)|static/(fonts|img)|\.github|\.gitlab|templates?/ci|stubs|vendor|third_party|legacy)/|\.d\.ts$|\.config\.[a-z]+$|\.min\.[a-z]+$|\.pb\.go$|_pb2\.py$|\.gen\.[a-z]+$",
    )
});

/// What a file is good for, if anything.
pub(super) fn pick(path: &str, bytes: u64) -> Option<Picked> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let code = |part, genre, route| {
        Some(Picked { path: path.to_owned(), bytes, part, format: Format::Code, genre, route })
    };
    if is_lock(name) || bytes == 0 {
        return None;
    }
    let is_aside =
        ["/fixtures/", "/support/", "/admin/", "/api/", "/api-"].iter().any(|it| path.contains(it));
    if PATH_TEST.is_match(path) {
        if is_aside {
            return None;
        }
        return code(Part::Test, Genre::Test, None);
    }
    if LOCALE.is_match(path) {
        return code(Part::Locale, Genre::Locale, None);
    }
    if let Some(format) = Format::of_name(name)
        && let Some(picked) = document(path, name, bytes, format)
    {
        return Some(picked);
    }
    if UNIT_TEST.is_match(path) || AUXILIARY.is_match(path) {
        return None;
    }
    if EMAIL.is_match(path) {
        let is_part = path.contains("/components/")
            || path.contains("template-components")
            || path.contains("/layouts/")
            || path.contains("/partials/")
            || path.contains("/previews/");
        return if is_part { None } else { code(Part::Email, Genre::Email, None) };
    }
    if let Some(route) = route::of_file(path) {
        return code(Part::Route, Genre::Routes, Some(route));
    }
    PROGRAM.is_match(path).then(|| code(Part::Program, Genre::Program, None)).flatten()
}

fn document(path: &str, name: &str, bytes: u64, format: Format) -> Option<Picked> {
    let depth = path.matches('/').count();
    let lower = name.to_lowercase();
    let is_readme = lower.starts_with("readme");
    if format != Format::Pdf && (AUXILIARY.is_match(path) || UNIT_TEST.is_match(path)) && depth > 0 {
        return None;
    }
    let genre = Genre::of_path(path);
    let in_documents = path.split('/').rev().skip(1).any(|it| {
        matches!(
            it.to_lowercase().as_str(),
            "docs"
                | "doc"
                | "documentation"
                | "guide"
                | "guides"
                | "content"
                | "help"
                | "faq"
                | "support"
                | "manual"
                | "handbook"
                | "book"
                | "website"
                | "site"
                | "wiki"
                | "pages"
                | "public"
                | "www"
                | "src"
        )
    });
    match format {
        Format::Markdown | Format::Plain => {
            let is_named = is_readme
                || matches!(
                    genre,
                    Some(
                        Genre::Changelog
                            | Genre::Faq
                            | Genre::Help
                            | Genre::Start
                            | Genre::Install
                            | Genre::Pricing
                            | Genre::Guide
                            | Genre::Legal
                    )
                );
            let is_plain_junk = format == Format::Plain
                && lower.ends_with(".txt")
                && !(is_named || depth == 0 || in_documents);
            if matches!(
                lower.as_str(),
                "requirements.txt"
                    | "robots.txt"
                    | "cmakelists.txt"
                    | "llms.txt"
                    | "llms-full.txt"
                    | "humans.txt"
            ) || is_plain_junk
            {
                return None;
            }
            if EMAIL.is_match(path) && !is_readme {
                return None;
            }
            let genre = if is_readme && depth == 0 {
                Genre::Readme
            } else if is_readme {
                // A part's own introduction is for those who build it.
                genre.filter(|it| *it != Genre::Guide && in_documents).unwrap_or(Genre::Developer)
            } else if is_among_sources(path) && !in_documents && !is_named {
                // For those who work on the sources that it lies beside.
                genre.filter(|it| it.weight() < Genre::Developer.weight()).unwrap_or(Genre::Developer)
            } else {
                genre.unwrap_or(Genre::Guide)
            };
            Some(Picked::document(path, bytes, format, genre))
        }
        Format::Html => {
            if EMAIL.is_match(path) || path.contains("templates/") || path.contains("views/") {
                return None;
            }
            let genre = if matches!(lower.as_str(), "index.html" | "index.htm") && genre.is_none() {
                Genre::Home
            } else {
                genre.unwrap_or(Genre::Guide)
            };
            Some(Picked::document(path, bytes, format, genre))
        }
        Format::Csv => {
            (depth <= 2 && bytes < 400_000).then(|| Picked::document(path, bytes, format, Genre::Data))
        }
        Format::Pdf => {
            (depth <= 3).then(|| Picked::document(path, bytes, format, genre.unwrap_or(Genre::Guide)))
        }
        Format::Code => None,
    }
}

/// Whether a file lies in a folder that is one of sources by its name.
fn is_among_sources(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "apps",
        "packages",
        "modules",
        "lib",
        "libs",
        "internal",
        "crates",
        "server",
        "services",
        "components",
        "cmd",
        "pkg",
    ];
    path.split('/').rev().skip(1).any(|it| FOLDERS.contains(&it))
}

/// Folders that hold others' work or products of building.
pub(super) fn is_set_aside(name: &str) -> bool {
    matches!(
        name,
        "node_modules"
            | "bower_components"
            | "vendor"
            | "third_party"
            | "target"
            | "dist"
            | "build"
            | "out"
            | "coverage"
            | "__pycache__"
            | "venv"
            | "site-packages"
            | "Pods"
            | "DerivedData"
            | "deps"
            | "_build"
            | "elm-stuff"
    )
}

fn is_lock(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".lock")
        || lower.ends_with(".map")
        || lower.contains(".min.")
        || matches!(lower.as_str(), "package-lock.json" | "pnpm-lock.yaml" | "go.sum" | "npm-shrinkwrap.json")
}

/// Whether files of that name hold secrets; they are never opened.
pub(crate) fn is_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    let starts = [
        ".env",
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        ".netrc",
        ".npmrc",
        ".pypirc",
        ".htpasswd",
        ".git-credentials",
        "credentials",
        "secrets.",
        "secret.",
        ".aws",
        ".pgpass",
        ".dockercfg",
    ];
    let ends = [
        ".pem",
        ".key",
        ".p12",
        ".pfx",
        ".jks",
        ".keystore",
        ".kdbx",
        ".kdb",
        ".ppk",
        ".tfstate",
        ".tfvars",
        ".asc",
        ".gpg",
        ".der",
        ".env",
        ".ovpn",
    ];
    starts.iter().any(|it| lower.starts_with(it))
        || ends.iter().any(|it| lower.ends_with(it))
        || lower.contains(".env.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_places() {
        for (path, expected) in [
            ("README.md", Some((Part::Document, Genre::Readme))),
            ("packages/ui/README.md", Some((Part::Document, Genre::Developer))),
            ("docs/getting-started/invite.mdx", Some((Part::Document, Genre::Start))),
            ("CHANGELOG.md", Some((Part::Document, Genre::Changelog))),
            ("e2e/signup.spec.ts", Some((Part::Test, Genre::Test))),
            ("cypress/e2e/login.cy.ts", Some((Part::Test, Genre::Test))),
            ("spec/system/sign_up_spec.rb", Some((Part::Test, Genre::Test))),
            ("src/button.test.tsx", None),
            ("emails/welcome.tsx", Some((Part::Email, Genre::Email))),
            ("server/emails/templates/WelcomeEmail.tsx", Some((Part::Email, Genre::Email))),
            ("packages/email/templates/confirm-email.tsx", Some((Part::Email, Genre::Email))),
            ("app/views/user_mailer/welcome.html.erb", Some((Part::Email, Genre::Email))),
            ("locales/en.json", Some((Part::Locale, Genre::Locale))),
            ("public/intl/messages/en-US.json", Some((Part::Locale, Genre::Locale))),
            ("packages/lib/translations/en/web.po", Some((Part::Locale, Genre::Locale))),
            ("locales/de.json", None),
            ("app/(app)/settings/billing/page.tsx", Some((Part::Route, Genre::Routes))),
            ("src/lib/analytics.ts", Some((Part::Program, Genre::Program))),
            ("src/tool.rs", Some((Part::Program, Genre::Program))),
            ("package-lock.json", None),
            ("dist/app.min.js", None),
            ("requirements.txt", None),
        ] {
            let found = pick(path, 10).map(|it| (it.part, it.genre));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn secrets_are_never_opened() {
        for name in [
            ".env",
            ".env.local",
            "prod.env",
            "server.pem",
            "id_rsa",
            "id_ed25519.pub",
            "credentials.json",
            "a.tfstate",
            ".npmrc",
            "secrets.yml",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["environment.md", "README.md", "keys.md", "secret-santa.md"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
