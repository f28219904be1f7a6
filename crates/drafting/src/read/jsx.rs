//! Makes ordinary Markdown of what documentation tools add to it, line for line: components in
//! angle brackets become their titles or nothing, their contents lose the indent, imports and
//! comments go. The number of lines never changes, so that lines stay true.

use std::sync::LazyLock;

use regex::Regex;

static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:title|headline|question|label|summary)\s*=\s*(?:\{\s*)?["'`]([^"'`]{2,120})["'`]"#)
        .expect("the pattern is a constant and compiles")
});
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^</?(?:[A-Z][A-Za-z0-9.]*|>)").expect("the pattern is a constant and compiles")
});

/// Reads through components; ordinary Markdown stays as it is.
pub(super) fn to_markdown(source: &str) -> String {
    let source = source.replace("\r\n", "\n");
    let mut pass = Pass {
        out: String::with_capacity(source.len()),
        fence: None,
        tag: None,
        depth: 0,
        indent: None,
        in_comment: false,
        in_import: false,
        in_code: false,
    };
    for line in source.lines() {
        let line = pass.line(line);
        pass.out.push_str(&line);
        pass.out.push('\n');
    }
    pass.out
}

struct Pass {
    out: String,
    /// The marks that end the code at hand.
    fence: Option<String>,
    /// An opening tag that goes on over lines, as read so far.
    tag: Option<String>,
    /// Components that are open.
    depth: usize,
    /// Indent of the contents of the innermost one.
    indent: Option<usize>,
    in_comment: bool,
    in_import: bool,
    /// Inside a declaration that goes on over lines.
    in_code: bool,
}

impl Pass {
    fn line(&mut self, line: &str) -> String {
        let trimmed = line.trim();
        if let Some(fence) = &self.fence {
            if trimmed.starts_with(fence.as_str()) {
                self.fence = None;
            }
            return self.dedent(line);
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            self.fence = Some(trimmed[..3].to_owned());
            return self.dedent(line);
        }
        if let Some(mut tag) = self.tag.take() {
            tag.push(' ');
            tag.push_str(trimmed);
            return self.tag_line(tag);
        }
        if self.in_comment || trimmed.starts_with("{/*") {
            self.in_comment = !trimmed.contains("*/}");
            return String::new();
        }
        if self.in_code {
            self.in_code = !matches!(line.trim_end(), "}" | "};" | ")" | ");" | "]" | "];" | "`" | "`;");
            return String::new();
        }
        if trimmed.starts_with("export ") && trimmed.ends_with(['{', '(', '[', '`']) {
            self.in_code = true;
            return String::new();
        }
        if self.in_import || is_module_line(trimmed) {
            self.in_import = if self.in_import {
                !(trimmed.ends_with(';') || trimmed.contains(" from ") || trimmed.is_empty())
            } else {
                trimmed.ends_with('{')
            };
            return String::new();
        }
        if let Some(note) = trimmed.strip_prefix(":::") {
            let title = note.trim_start_matches(':').split_once([' ', '[']).map_or("", |it| it.1);
            return title.trim_end_matches(']').trim().to_owned();
        }
        if trimmed.starts_with("{%") && trimmed.ends_with("%}")
            || trimmed.starts_with("{{<") && trimmed.ends_with(">}}")
        {
            return String::new();
        }
        if TAG.is_match(trimmed) {
            return self.tag_line(trimmed.to_owned());
        }
        self.dedent(line)
    }

    /// A line that begins with a component's tag, or goes on with one.
    fn tag_line(&mut self, tag: String) -> String {
        const TAG_CHARS_MAX: usize = 4_000;
        let Some(end) = tag_end(&tag) else {
            if tag.len() < TAG_CHARS_MAX {
                self.tag = Some(tag);
            }
            return String::new();
        };
        let (head, after) = tag.split_at(end);
        if head.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.indent = None;
        } else if !head.ends_with("/>") {
            self.depth += 1;
            self.indent = None;
        }
        let title = TITLE.captures(head).and_then(|it| it.get(1)).map(|it| it.as_str()).unwrap_or_default();
        let inner = after.split("</").next().unwrap_or_default().trim();
        if after.contains("</") {
            self.depth = self.depth.saturating_sub(1);
        }
        match (title.is_empty(), inner.is_empty() || inner.starts_with('<')) {
            (false, _) => format!("#### {title}"),
            (true, false) => inner.to_owned(),
            (true, true) => String::new(),
        }
    }

    fn dedent(&mut self, line: &str) -> String {
        if self.depth == 0 || line.trim().is_empty() {
            return line.to_owned();
        }
        let own = line.len() - line.trim_start().len();
        let indent = *self.indent.get_or_insert(own);
        line.get(own.min(indent)..).unwrap_or(line).to_owned()
    }
}

fn is_module_line(line: &str) -> bool {
    (line.starts_with("import ")
        && (line.contains(" from ") || line.contains('"') || line.contains('\'') || line.ends_with('{')))
        || line.starts_with("export const ")
        || line.starts_with("export default ")
}

/// Where the tag at the beginning ends; braces and quotes may hold `>`.
fn tag_end(tag: &str) -> Option<usize> {
    let mut braces = 0i32;
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces -= 1,
            (None, '>') if braces <= 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}
