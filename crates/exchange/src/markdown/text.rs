//! Texts of people inside Markdown: they are shown as they were typed, whatever they contain.

/// One line of text: line breaks become spaces, and no character means anything to Markdown.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split(blank).filter(|it| !it.is_empty()).collect();
    escape(&words.join(" "))
}

/// A text of several lines, each begun with `indent`. Empty lines part paragraphs, other line
/// breaks stay line breaks. Ends with a line break; empty for an empty text.
pub(crate) fn block(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let lines: Vec<String> = text.lines().map(line).collect();
    for (at, text) in lines.iter().enumerate() {
        let is_broken = !text.is_empty() && lines.get(at + 1).is_some_and(|next| !next.is_empty());
        let is_repeated = text.is_empty() && (out.is_empty() || at == 0 || lines[at - 1].is_empty());
        if is_repeated {
            continue;
        }
        out.push_str(if text.is_empty() { indent.trim_end() } else { indent });
        out.push_str(text);
        out.push_str(if is_broken { "\\\n" } else { "\n" });
    }
    out
}

/// An address as a link where it is one that a browser opens; as plain text otherwise.
pub(crate) fn address(text: &str) -> String {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_clean = !text.contains(|it: char| blank(it) || matches!(it, '<' | '>' | '\\'));
    if is_web && is_clean { format!("<{text}>") } else { line(text) }
}

fn blank(char: char) -> bool {
    char.is_whitespace() || char.is_control()
}

/// Puts a backslash before everything that Markdown, or one of its common extensions, would read as
/// more than a character. Not `$`: amounts of money should stay readable, and formulas are rare.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    let starts_list = marks_list(text);
    while let Some((at, char)) = chars.next() {
        let after = chars.peek().map(|(_, it)| *it);
        let is_within_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let means_something = match char {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '^' => true,
            '&' => after.is_some_and(|it| it.is_alphanumeric() || it == '#'),
            // Begins a heading, or closes one.
            '#' => at == 0 || text[at..].trim_matches('#').is_empty(),
            '_' => !(is_within_word(before) && is_within_word(after)),
            '-' | '+' | '=' | ':' => at == 0,
            '.' | ')' => starts_list == Some(at),
            _ => false,
        };
        if means_something {
            out.push('\\');
        }
        out.push(char);
        before = Some(char);
    }
    out
}

/// Where a text that begins like a numbered list has the mark that makes it one.
fn marks_list(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_mark = matches!(text.as_bytes().get(digits), Some(b'.' | b')'));
    (digits > 0 && is_mark).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    /// All but what is not Markdown to most readers (formulas, attributes of headings), and what only
    /// changes quotation marks.
    fn extensions() -> Options {
        Options::all()
            - Options::ENABLE_MATH
            - Options::ENABLE_HEADING_ATTRIBUTES
            - Options::ENABLE_SMART_PUNCTUATION
    }

    /// What a reader sees of Markdown: texts and line breaks; anything else is given by its name.
    fn shown(markdown: &str, allowed: &[&str]) -> String {
        let mut out = String::new();
        for event in Parser::new_ext(markdown, extensions()) {
            match event {
                Event::Text(text) => out.push_str(&text),
                Event::SoftBreak | Event::HardBreak => out.push('\n'),
                Event::Start(Tag::Paragraph) if !out.is_empty() => out.push_str("\n\n"),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                Event::Start(tag) if allowed.iter().any(|it| format!("{tag:?}").starts_with(it)) => {}
                Event::End(tag) if allowed.iter().any(|it| format!("{tag:?}").starts_with(it)) => {}
                other => out.push_str(&format!("{{{other:?}}}")),
            }
        }
        out
    }

    fn plain(text: &str) -> String {
        text.split(blank).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Texts made of what Markdown cares about.
    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[-#*_`~|<>&!:=+.)( \\[\\]\\\\^${}%@\"']{1,4}",
            "[a-z0-9é]{1,3}",
            Just("\n".to_owned()),
            Just("    ".to_owned()),
            Just("https://example.com".to_owned()),
            Just("&amp;".to_owned()),
            Just("<b>".to_owned()),
            Just("1. ".to_owned()),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|it| it.concat())
    }

    proptest! {
        #[test]
        fn a_line_is_shown_as_typed_wherever_it_stands(text in nasty()) {
            let line = line(&text);
            prop_assert_eq!(shown(&line, &[]), plain(&text));
            prop_assert_eq!(shown(&format!("## {line}"), &["Heading"]), plain(&text));
            prop_assert_eq!(shown(&format!("- a\n  - x {line}"), &["List", "Item"]), format!("ax {}", plain(&text)).trim().to_owned());
            prop_assert_eq!(shown(&format!("> {line}"), &["BlockQuote"]), plain(&text));
        }

        #[test]
        fn a_block_keeps_its_lines_and_paragraphs(text in nasty()) {
            let expected: Vec<_> = text
                .lines()
                .map(plain)
                .collect::<Vec<_>>()
                .split(String::is_empty)
                .filter(|it| !it.is_empty())
                .map(|it| it.join("\n"))
                .collect();
            prop_assert_eq!(shown(&block(&text, ""), &[]), expected.join("\n\n"));
            prop_assert_eq!(shown(&block(&text, "> "), &["BlockQuote"]), expected.join("\n\n"));
        }
    }

    #[test]
    fn ordinary_texts_stay_readable() {
        for (text, expected) in [
            ("Codes arrive late on rural networks", "Codes arrive late on rural networks"),
            ("invite_sent (2 of 5)", "invite_sent (2 of 5)"),
            ("“Pending” with who?", "“Pending” with who?"),
            ("2. Start", "2\\. Start"),
            ("R&D, #sales & #1", "R\\&D, #sales & #1"),
            ("- no\n\n- list", "\\- no - list"),
        ] {
            assert_eq!(line(text), expected);
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (text, expected) in [
            ("https://fieldnote.example/a_b", "<https://fieldnote.example/a_b>"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("https://a.example/> [x](y)", "https://a.example/\\> \\[x\\](y)"),
            ("docs/start.md", "docs/start.md"),
        ] {
            assert_eq!(address(text), expected);
        }
    }
}
