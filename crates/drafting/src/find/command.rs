//! Command-line tools: commands with what they say of themselves.

use std::sync::LazyLock;

use custory_domain::Channel;
use regex::Regex;

use super::fact::{Fact, FactKind, Sign};

/// Declarations of commands; group 1 is the name, group 2 the description.
static DECLARED: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        // clap: Command::new("init").about("Create a project")
        r#"Command::new\(\s*"([a-z][\w-]{1,30})"\s*\)(?:\s*\.\w+\([^()]*\))*?\s*\.about\(\s*"([^"]{6,160})""#,
        // commander, cac: .command('init').description('Create a project')
        r#"\.command\(\s*["'`]([a-z][\w-]{1,30})[^"'`]*["'`]\s*\)(?:\s*\.\w+\([^()]*\))*?\s*\.description\(\s*["'`]([^"'`]{6,160})["'`]"#,
        // yargs, sade: .command('init', 'Create a project')
        r#"\.command\(\s*["'`]([a-z][\w-]{1,30})[^"'`]*["'`]\s*,\s*["'`]([^"'`]{6,160})["'`]"#,
        // cobra: Use: "init", Short: "Create a project"
        r#"Use:\s*"([a-z][\w-]{1,30})[^"]*",(?s:.{0,200}?)Short:\s*"([^"]{6,160})""#,
        // argparse: add_parser("init", help="Create a project")
        r#"add_parser\(\s*["']([a-z][\w-]{1,30})["'](?s:[^()]{0,120}?)help\s*=\s*["']([^"']{6,160})["']"#,
    ]
    .map(|it| Regex::new(it).expect("the pattern is a constant and compiles"))
});
/// clap's derive: a described variant of an enum of commands.
static ENUM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"#\[derive\([^)]*\bSubcommand\b[^)]*\)\](?s:.{0,400}?)enum\s+\w+[^{]*\{")
        .expect("the pattern is a constant and compiles")
});
static VARIANT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]{2,8}///[ \t]*([^\n]{6,160})\n(?:[ \t]*///[^\n]*\n|[ \t]*#\[[^\n]*\n)*[ \t]*([A-Z]\w{1,30})\s*(?:[({,]|$)").expect("the pattern is a constant and compiles")
});

/// Whether a program declares commands.
pub(super) fn is_telling(text: &str) -> bool {
    ENUM.is_match(text) || DECLARED.iter().any(|it| it.is_match(text))
}

/// Finds commands.
pub(super) fn find(text: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    for found in DECLARED.iter().flat_map(|it| it.captures_iter(text)) {
        if let (Some(name), Some(about)) = (found.get(1), found.get(2)) {
            let goes_on = text[about.end()..].chars().nth(1).is_some_and(char::is_alphanumeric);
            if !goes_on && !about.as_str().ends_with('\\') {
                facts.extend(command(name.as_str(), about.as_str(), about.start()));
            }
        }
    }
    for start in ENUM.find_iter(text) {
        let rest = &text[start.end()..];
        let body = &rest[..rest.find("\n}").unwrap_or(rest.len())];
        for found in VARIANT.captures_iter(body) {
            if let (Some(about), Some(name)) = (found.get(1), found.get(2)) {
                let name = super::program::spoken(name.as_str()).replace(' ', "-");
                facts.extend(command(&name, about.as_str().trim_end(), start.end() + about.start()));
            }
        }
    }
    facts
}

fn command(name: &str, about: &str, near: usize) -> [Fact; 2] {
    let action =
        Fact { name: Some(name.to_owned()), ..Fact::quoted(FactKind::Action(Sign::Command), about, near) };
    let surface = Fact {
        words: format!("Command line: {name}"),
        name: Some(name.to_owned()),
        ..Fact::quoted(FactKind::Surface(Channel::Other), about, near)
    };
    [action, surface]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_the_usual_declarations() {
        for code in [
            "Command::new(\"init\").about(\"Create a project\")",
            "program.command('init').description('Create a project')",
            "cli.command('init', 'Create a project', {})",
            "&cobra.Command{\n\tUse: \"init [name]\",\n\tShort: \"Create a project\",\n}",
            "sub.add_parser(\"init\", help=\"Create a project\")",
            "#[derive(Debug, Subcommand)]\nenum Cmd {\n    /// Create a project\n    Init,\n}\n",
        ] {
            let facts = find(code);
            assert_eq!(facts.len(), 2, "{code}");
            assert_eq!(
                (facts[0].words.as_str(), facts[1].name.as_deref()),
                ("Create a project", Some("init")),
                "{code}"
            );
            assert!(code[facts[0].near..].starts_with(&facts[0].quote));
        }
    }
}
