//! What kind of text a page or file is, by its place and its title.

/// What kind of text a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Genre {
    Home,
    Readme,
    Pricing,
    Signup,
    Start,
    Install,
    Guide,
    Integration,
    Billing,
    Help,
    Faq,
    Changelog,
    Hosting,
    Developer,
    Reference,
    Blog,
    About,
    Legal,
    Contributing,
    Data,
    Routes,
    Email,
    Test,
    Locale,
    Program,
}

/// (words of a path segment or title, genre), the first match counts.
const WORDS: &[(Genre, &[&str])] = &[
    (
        Genre::Legal,
        &[
            "legal",
            "terms",
            "privacy",
            "cookies",
            "cookie-policy",
            "dpa",
            "gdpr",
            "imprint",
            "license",
            "licence",
            "licensing",
            "copying",
            "policies",
            "tos",
            "compliance",
            "subprocessors",
            "code-of-conduct",
            "code_of_conduct",
            "notice",
            "copyright",
            "cla",
            "trademark",
            "accessibility",
        ],
    ),
    (
        Genre::Contributing,
        &[
            "contributing",
            "contribute",
            "contribution",
            "contributors",
            "contributor",
            "development",
            "hacking",
            "maintainers",
            "maintainer",
            "architecture",
            "adr",
            "adrs",
            "rfc",
            "rfcs",
            "internals",
            "authors",
            "governance",
            "local-development",
            "codeofconduct",
            "agents",
            "claude",
            "writing_style",
            "code_style",
            "standards",
            "technical-handbook",
            "design-docs",
            "specs",
            "internal",
            "plans",
            "release_process",
            "releasing",
            "release-checklist",
            "checklist",
            "howtorelease",
            "dev",
            "decisions",
            "translation",
            "translations",
            "translating",
            "style-guide",
            "styleguide",
            "roadmap",
            "security",
            "manifest",
            "project-structure",
            "pull-requests",
            "codebase",
            "runbook",
            "runbooks",
            "postmortems",
        ],
    ),
    (
        Genre::Changelog,
        &[
            "changelog",
            "changes",
            "releases",
            "release-notes",
            "release_notes",
            "releasenotes",
            "history",
            "whats-new",
            "what-s-new",
            "whatsnew",
            "news",
            "updates",
        ],
    ),
    (Genre::Faq, &["faq", "faqs", "frequently-asked-questions", "questions", "dashboard-faq"]),
    (
        Genre::Help,
        &[
            "help",
            "troubleshoot",
            "troubleshooting",
            "support",
            "known-issues",
            "known_issues",
            "knownissues",
            "common-issues",
            "common-problems",
            "common-errors",
            "errors",
            "contact",
            "troubleshoot-integration",
            "help-center",
        ],
    ),
    (
        Genre::Blog,
        &[
            "blog",
            "posts",
            "articles",
            "news",
            "press",
            "stories",
            "podcast",
            "events",
            "webinars",
            "case-studies",
            "customers",
            "testimonials",
            "reviews",
        ],
    ),
    (
        Genre::Pricing,
        &["pricing", "plans", "price", "prices", "subscription-plans", "comparison", "alternatives", "vs"],
    ),
    (
        Genre::Billing,
        &[
            "billing",
            "subscription",
            "subscriptions",
            "invoices",
            "invoice",
            "payment",
            "payments",
            "upgrade-plan",
            "change-plan",
            "cancel-subscription",
        ],
    ),
    (
        Genre::Signup,
        &[
            "signup",
            "sign-up",
            "sign_up",
            "register",
            "registration",
            "join",
            "trial",
            "free-trial",
            "demo",
            "book-demo",
            "request-demo",
            "login",
            "log-in",
            "signin",
            "sign-in",
            "create-account",
            "register-account",
        ],
    ),
    (
        Genre::Reference,
        &[
            "api",
            "apis",
            "api-reference",
            "reference",
            "sdk",
            "sdks",
            "openapi",
            "swagger",
            "rest",
            "graphql",
            "endpoints",
            "schema",
            "schemas",
            "stats-api",
            "events-api",
            "sites-api",
            "cli-reference",
            "api-v1",
            "api-v2",
            "api-v3",
            "rest-api",
            "api-reference-v2",
            "types",
            "design-system",
        ],
    ),
    (
        Genre::Hosting,
        &[
            "self-hosting",
            "self_hosting",
            "self_hosted",
            "self-host",
            "selfhost",
            "self-hosted",
            "selfhosting",
            "selfhosted",
            "hosting",
            "deployment",
            "deploying",
            "deploy",
            "deployments",
            "docker",
            "kubernetes",
            "k8s",
            "helm",
            "on-premise",
            "administration",
            "ops",
            "operations",
            "docker-compose",
        ],
    ),
    (
        Genre::Start,
        &[
            "start",
            "quickstart",
            "quick-start",
            "quick_start",
            "getting-started",
            "getting_started",
            "gettingstarted",
            "get-started",
            "onboarding",
            "tutorial",
            "tutorials",
            "intro",
            "introduction",
            "first-steps",
            "welcome",
            "basics",
            "overview",
            "walkthrough",
            "guided-tour",
            "how-it-works",
            "your-first",
        ],
    ),
    (Genre::Install, &["install", "installation", "installing", "setup", "download", "downloads"]),
    (
        Genre::Developer,
        &["developers", "developer", "webhooks", "webhook", "embedding", "integrate-api", "mcp"],
    ),
    (
        Genre::Integration,
        &["integrations", "integration", "integrate", "apps", "plugins", "connectors", "extensions"],
    ),
    (
        Genre::About,
        &[
            "about",
            "team",
            "careers",
            "jobs",
            "company",
            "mission",
            "brand",
            "partners",
            "affiliate",
            "affiliates",
        ],
    ),
    (
        Genre::Guide,
        &[
            "docs",
            "documentation",
            "guide",
            "guides",
            "howto",
            "how-to",
            "how-to-guides",
            "handbook",
            "manual",
            "learn",
            "features",
            "use-cases",
            "kb",
            "users",
            "user-guide",
            "product",
            "concepts",
        ],
    ),
];

impl Genre {
    /// From a path or an address' path; the last telling segment counts most.
    pub(crate) fn of_path(path: &str) -> Option<Genre> {
        let segments: Vec<String> = path
            .split('/')
            .map(|it| it.split(['?', '#']).next().unwrap_or(it).to_lowercase())
            .map(|it| {
                strip_ending(&it)
                    .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
                    .to_owned()
            })
            .filter(|it| !it.is_empty())
            .collect();
        // Folders that set aside everything below them.
        for fixed in [
            Genre::Legal,
            Genre::Contributing,
            Genre::Reference,
            Genre::Blog,
            Genre::Hosting,
            Genre::Developer,
        ] {
            if segments.iter().rev().skip(1).any(|it| Self::of_word(it) == Some(fixed)) {
                return Some(fixed);
            }
        }
        // "use-cases/cancel-subscription" is about what customers build, not about their subscription.
        let is_about_uses = |it: &String| {
            matches!(
                it.as_str(),
                "best-practices"
                    | "use-cases"
                    | "recipes"
                    | "cookbook"
                    | "solutions"
                    | "examples"
                    | "templates"
                    | "playbooks"
            )
        };
        // Below the documents: a repository may keep its documents among templates.
        let documents = segments.iter().rposition(|it| it == "docs").map_or(0, |it| it + 1);
        if segments[documents..].iter().rev().skip(1).any(is_about_uses) {
            return Some(Genre::Guide);
        }
        let found = segments.iter().rev().find_map(|it| Self::of_word(it).or_else(|| Self::of_part(it)));
        let introduces = segments
            .last()
            .is_some_and(|it| matches!(it.as_str(), "introduction" | "intro" | "overview" | "basics"));
        if found == Some(Genre::Start) && introduces && is_below_a_topic(&segments) {
            return Some(Genre::Guide);
        }
        found
    }

    fn of_word(word: &str) -> Option<Genre> {
        WORDS.iter().find(|(_, words)| words.contains(&word)).map(|it| it.0)
    }

    /// "troubleshooting-login", "release-notes-2": a telling word at either end.
    fn of_part(segment: &str) -> Option<Genre> {
        let telling = |genre: &Genre| {
            !matches!(
                genre,
                Genre::Guide
                    | Genre::About
                    | Genre::Blog
                    | Genre::Legal
                    | Genre::Contributing
                    | Genre::Reference
                    | Genre::Changelog
                    | Genre::Developer
                    | Genre::Signup
            )
        };
        if segment.split(['-', '_', '.']).any(|it| it == "runbook") {
            return Some(Genre::Contributing);
        }
        if segment.split(['-', '_', '.']).any(|it| matches!(it, "api" | "sdk")) {
            return Some(Genre::Reference);
        }
        if segment.split(['-', '_', '.']).any(|it| matches!(it, "developer" | "developers" | "dev")) {
            return Some(Genre::Developer);
        }
        let mut parts = segment.split(['-', '_', '.']).filter(|it| it.len() > 2);
        let first = parts.next().and_then(Self::of_word);
        // "offline-support" is a feature.
        let last = parts.next_back().filter(|it| *it != "support").and_then(Self::of_word);
        first.into_iter().chain(last).find(telling)
    }

    /// From a title, where the path says nothing.
    pub(crate) fn of_title(title: &str) -> Option<Genre> {
        let slug: Vec<String> = title
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        const TITLE_WORDS_MAX: usize = 4;
        if slug.len() > TITLE_WORDS_MAX {
            return None;
        }
        Self::of_word(&slug.join("-"))
            .or_else(|| if slug.len() <= 2 { slug.iter().find_map(|it| Self::of_word(it)) } else { None })
    }

    /// How much a trace in such a text says about a customer's journey; 0 is nothing.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Genre::Start | Genre::Home | Genre::Signup => 3.0,
            Genre::Pricing | Genre::Install | Genre::Billing | Genre::Data => 2.5,
            Genre::Guide | Genre::Readme | Genre::Integration => 2.0,
            Genre::Help | Genre::Faq => 1.6,
            Genre::Test | Genre::Email | Genre::Routes | Genre::Program => 1.2,
            Genre::Hosting | Genre::Developer => 0.7,
            Genre::Locale => 0.4,
            Genre::Blog | Genre::About | Genre::Changelog => 0.3,
            Genre::Reference => 0.2,
            Genre::Legal | Genre::Contributing => 0.0,
        }
    }
}

/// "docs/goals/introduction" introduces goals, not the product.
fn is_below_a_topic(segments: &[String]) -> bool {
    const ROOTS: &[&str] = &[
        "docs",
        "doc",
        "documentation",
        "content",
        "pages",
        "src",
        "en",
        "guide",
        "guides",
        "site",
        "website",
        "apps",
    ];
    segments.iter().rev().skip(1).any(|it| {
        !ROOTS.contains(&it.as_str()) && !it.contains('.') && Genre::of_word(it) != Some(Genre::Start)
    })
}

/// `quickstart.en.mdx` → `quickstart`.
fn strip_ending(name: &str) -> &str {
    let mut name = name;
    for ending in [
        ".html",
        ".htm",
        ".mdx",
        ".md",
        ".markdown",
        ".txt",
        ".rst",
        ".adoc",
        ".pdf",
        ".csv",
        ".php",
        ".aspx",
        ".tsx",
        ".jsx",
        ".erb",
        ".hbs",
        ".en",
    ] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_tell_the_genre() {
        for (path, expected) in [
            ("/pricing", Some(Genre::Pricing)),
            ("/docs/quickstart.html", Some(Genre::Start)),
            ("docs/01-getting-started/invite.md", Some(Genre::Start)),
            ("/help/cannot-log-in", Some(Genre::Help)),
            ("docs/troubleshooting-events.md", Some(Genre::Help)),
            ("CHANGELOG.md", Some(Genre::Changelog)),
            ("CONTRIBUTING.md", Some(Genre::Contributing)),
            ("docs/self-hosting/configuration/smtp.mdx", Some(Genre::Hosting)),
            ("docs/api-reference/teams.mdx", Some(Genre::Reference)),
            ("/docs/goals", Some(Genre::Guide)),
            ("templates/docs/self_hosted_docker.md", Some(Genre::Hosting)),
            ("docs/introduction.md", Some(Genre::Start)),
            ("docs/custom-props/introduction.md", Some(Genre::Guide)),
            ("/", None),
            ("/features/boards", Some(Genre::Guide)),
            ("/legal/privacy", Some(Genre::Legal)),
            ("docs/self_hosted_docker.md", Some(Genre::Hosting)),
            ("billing/RUNBOOK-metering.md", Some(Genre::Contributing)),
        ] {
            assert_eq!(Genre::of_path(path), expected, "{path}");
        }
    }
}
