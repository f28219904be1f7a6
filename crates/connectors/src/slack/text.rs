//! Slack's markup, read as plain words, and our words as Slack's markup.
//!
//! Invariant: nothing that is written can call on anybody or become a link: what has a meaning in Slack is
//! written as the sign it is. Nothing that is read names a person: whoever is mentioned is “@someone”.

use crate::chat::Words;

/// Characters of a post. Slack cuts at 40,000, and asks for less than 4,000.
const CHARS_MAX: usize = 3_500;
/// Said where not everything has room.
const MORE: &str = "… and more in Custory";

/// Slack's markup as plain words.
pub(super) fn plain(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(begin) = rest.find('<') {
        let Some(length) = rest[begin..].find('>') else { break };
        out.push_str(&rest[..begin]);
        out.push_str(&said(&rest[begin + 1..begin + length]));
        rest = &rest[begin + length + 1..];
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim().to_owned()
}

/// What stands between `<` and `>`.
fn said(inside: &str) -> String {
    let (target, label) = inside.split_once('|').map_or((inside, ""), |(target, label)| (target, label));
    match target.chars().next() {
        Some('@') => "@someone".to_owned(),
        Some('#') if label.is_empty() => "#channel".to_owned(),
        Some('#') => format!("#{label}"),
        Some('!') => format!("@{}", target[1..].split('^').next().unwrap_or_default()),
        _ if !label.is_empty() => label.to_owned(),
        _ => target.strip_prefix("mailto:").unwrap_or(target).to_owned(),
    }
}

/// Plain words without the mentions of anybody in Slack's markup.
pub(super) fn without_mentions(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    while let Some(begin) = rest.find("<@") {
        let Some(length) = rest[begin..].find('>') else { break };
        out.push_str(&rest[..begin]);
        rest = &rest[begin + length + 1..];
    }
    out.push_str(rest);
    plain(&out)
}

/// Words in Slack's markup.
pub(super) fn markup(words: &Words) -> String {
    let mut lines = vec![format!("*{}*", escaped(&words.title))];
    for part in &words.parts {
        if !part.heading.is_empty() {
            lines.push(format!("\n*{}*", escaped(&part.heading)));
        }
        lines.extend(part.lines.iter().map(|it| format!("• {}", escaped(it))));
    }
    let mut out = String::new();
    for line in lines {
        if out.chars().count() + line.chars().count() + MORE.chars().count() + 2 > CHARS_MAX {
            out.push_str(MORE);
            break;
        }
        out.push_str(&line);
        out.push('\n');
    }
    out.trim_end().to_owned()
}

/// One line, on which nothing means anything to Slack.
fn escaped(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('*', "∗")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_read_as_words_and_nobody_is_named() {
        for (markup, words) in [
            ("<@U1> the <https://a.example/x|invite> &amp; more", "@someone the invite & more"),
            (
                "see <#C1|growth>, <#C2>, <!here> and <mailto:a@b.co|a@b.co>",
                "see #growth, #channel, @here and a@b.co",
            ),
            ("<https://a.example> &lt;b&gt;", "https://a.example <b>"),
            ("a < b and <unclosed", "a < b and <unclosed"),
            ("<!date^1392734382^{date}|soon>", "@date"),
        ] {
            assert_eq!(plain(markup), words, "{markup}");
        }
        assert_eq!(without_mentions(" <@U1> search  crew <@U2>"), "search  crew");
    }

    #[test]
    fn words_that_come_from_a_map_call_on_nobody() {
        let words = Words::new("<!channel> & *all*", vec!["<@U1>\nsecond".to_owned()]);
        assert_eq!(markup(&words), "*&lt;!channel&gt; &amp; ∗all∗*\n• &lt;@U1&gt; second");
    }

    #[test]
    fn a_long_post_ends_with_a_whole_line_and_says_that_there_is_more() {
        let words = Words::new("All", (0..900).map(|it| format!("line {it}")).collect());
        let text = markup(&words);
        assert!(text.chars().count() <= CHARS_MAX && text.ends_with(MORE), "{text}");
        let last = text.lines().rev().nth(1).unwrap();
        assert!(last.starts_with("• line ") && last[9..].chars().all(char::is_numeric), "{last}");
    }
}
