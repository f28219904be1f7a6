//! End-to-end tests: what somebody wrote down as a user's path, literally.

use std::sync::LazyLock;

use regex::Regex;

use super::fact::{Fact, FactKind, Sign};
use super::program::spoken;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?m)(?:\b(?:test|it|scenario|specify)(?:\.only)?\s*\(?\s*["'`]|^\s*Scenario(?: Outline)?:\s*|test\.step\(\s*["'`]|^\s*(?:Given|When|Then|And)\s+)([^"'`\n$]{6,120})"#,
    )
});
static CLICK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:getByRole\(\s*["'](?:button|link)["']\s*,\s*\{\s*name:\s*["'/^]+([^"'/$]{3,50})|click_(?:button|on|link)\s*\(?\s*["']([^"']{3,50})|(?:getByText|contains|click)\(\s*["'](?:text=)?([^"'.#\[=>]{3,50})["'])"#,
    )
});
static VISIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\b(?:goto|visit|navigate)\s*\(?\s*["'`](?:\$\{[^}]*\})?(/[A-Za-z][\w\-/]{2,60})["'`?#]"#)
});

/// Finds titles, clicks and visits.
pub(super) fn find(text: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    for found in TITLE.captures_iter(text) {
        let Some(title) = found.get(1) else { continue };
        let words = title.as_str().trim();
        let words = words.rsplit_once("]: ").map_or(words, |it| it.1).trim_end_matches('.');
        let is_about_programs = [
            "api",
            "endpoint",
            "returns",
            "request",
            "status code",
            "unauthorized",
            "database",
            "should not",
            "cannot",
            "can't",
            "renders",
        ]
        .iter()
        .any(|it| words.to_lowercase().contains(it));
        if !is_about_programs {
            facts.push(Fact {
                words: words.to_owned(),
                ..Fact::quoted(FactKind::Action(Sign::Test), title.as_str().trim_end(), title.start())
            });
        }
    }
    for found in CLICK.captures_iter(text) {
        if let Some(label) = found.iter().skip(1).flatten().next() {
            facts.push(Fact::quoted(FactKind::Action(Sign::Click), label.as_str(), label.start()));
        }
    }
    for found in VISIT.captures_iter(text) {
        if let Some(path) = found.get(1).filter(|it| !it.as_str().starts_with("/api")) {
            let fact = Fact::quoted(FactKind::Action(Sign::Route), path.as_str(), path.start());
            facts.push(Fact { words: spoken(path.as_str()), name: Some(path.as_str().to_owned()), ..fact });
        }
    }
    facts.sort_by_key(|it| it.near);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_path_is_read_off_its_test() {
        let code = "test('[SIGNUP]: user can create an account', async ({ page }) => {\n await page.goto('/signup');\n await page.getByRole('button', { name: 'Create account' }).click();\n});\nit('returns 401 from the API', () => {});\n";
        let found: Vec<_> = find(code).into_iter().map(|it| it.words).collect();
        assert_eq!(found, ["user can create an account", "signup", "Create account"]);
        assert!(find(code).iter().all(|it| code[it.near..].starts_with(&it.quote)));
    }
}
