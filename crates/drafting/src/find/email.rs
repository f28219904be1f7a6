//! Templates of e-mails: the subject is where the customer meets the product.

use std::sync::LazyLock;

use custory_domain::Channel;
use regex::Regex;

use super::fact::{Fact, FactKind, Sign};

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

/// Places of subjects, the most certain first; group 1 is the text.
static SUBJECTS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        pattern(r#"(?is)\bsubject\b[^"'`\n]{0,60}["'`]([^"'`\n]{5,120})["'`]"#),
        pattern(
            r#"(?is)\bsubject\([^)]*\)\s*(?::\s*\w+\s*)?\{\s*(?:return\s+)?(?:t\(\s*)?["'`]([^"'`\n]{5,120})["'`]"#,
        ),
        pattern(
            r"(?is)<(?:Preview|mj-title|mj-preview|title|h1)\b[^>]*>\s*(?:<Trans>)?\s*([^<>{}\n]{5,120}?)\s*<",
        ),
        pattern(
            r#"(?is)\b(?:preview(?:Text)?|heading|title)\b\s*(?:[:=(]|\([^)]*\)\s*(?::\s*\w+)?\s*\{\s*return)\s*(?:\{\s*)?(?:msg|t|_)?\(?\s*["'`]([^"'`\n{]{5,120})["'`]"#,
        ),
        pattern(r"(?is)<Trans>\s*([^<>{}\n]{8,120}?)\s*</?"),
    ]
});

/// Finds the subject of a template.
pub(super) fn find(locator: &str, text: &str) -> Vec<Fact> {
    let says = |words: &str| {
        let letters = words.chars().filter(|it| it.is_alphabetic() || *it == ' ').count();
        words.split_whitespace().count() >= 2
            && letters * 10 >= words.chars().count() * 7
            && !words.contains("://")
    };
    let found = SUBJECTS
        .iter()
        .find_map(|it| it.captures_iter(text).filter_map(|it| it.get(1)).find(|it| says(it.as_str())));
    let Some(subject) = found else { return Vec::new() };
    let quote = subject.as_str().trim();
    let near = subject.start() + (subject.as_str().len() - subject.as_str().trim_start().len());
    // Places for names ("{{team}}") are not words that a customer reads.
    let shown = PLACE.replace_all(quote, "…").trim().to_owned();
    let surface = Fact {
        words: shown.clone(),
        name: Some(name_of(locator)),
        ..Fact::quoted(FactKind::Surface(Channel::Email), quote, near)
    };
    let action = Fact { words: shown, ..Fact::quoted(FactKind::Action(Sign::Subject), quote, near) };
    vec![surface, action]
}

static PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\$?\{\{?[^{}]*\}\}?|<%[^%]*%>|%\{[^}]*\}|#\{[^}]*\}"));

/// What the file is called, as words: "document-invite.tsx" → "document invite".
fn name_of(locator: &str) -> String {
    let stem = locator.rsplit('/').next().unwrap_or(locator).split('.').next().unwrap_or_default();
    let words = super::program::spoken(stem);
    words.trim_end_matches(" email").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_found_where_frameworks_keep_them() {
        for (code, expected) in [
            ("const subject = 'Confirm your email address';", "Confirm your email address"),
            (
                "  protected subject() {\n    return \"You were invited to a workspace\";\n  }",
                "You were invited to a workspace",
            ),
            ("<Html><Preview>Your trial ends soon</Preview></Html>", "Your trial ends soon"),
            ("mail(to: user.email, subject: 'Welcome to Tidewater')", "Welcome to Tidewater"),
            (
                "const previewText = msg`Please confirm your email address`;",
                "Please confirm your email address",
            ),
            ("subject: `${name} invited you to ${team}`", "… invited you to …"),
        ] {
            let facts = find("emails/x.tsx", code);
            assert_eq!(facts.first().map(|it| it.words.as_str()), Some(expected), "{code}");
            assert!(code[facts[0].near..].starts_with(&facts[0].quote));
        }
        assert!(find("emails/x.tsx", "export const x = 1").is_empty());
    }
}
