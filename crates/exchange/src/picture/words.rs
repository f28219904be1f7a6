//! How much room words take. No font is asked: whoever opens the picture has another one. Widths are those of a
//! common grotesque, on the generous side.

/// Width of a text, in units of its size.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(width_of).sum()
}

fn width_of(char: char) -> f64 {
    match char {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | ' ' => 0.3,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '"' | '“' | '”' | '’' => 0.4,
        'm' | 'w' => 0.88,
        'M' | 'W' | '@' | '%' | '…' | '—' => 1.0,
        'A'..='Z' => 0.72,
        // Writing systems whose characters are as wide as they are high.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f000}'..='\u{3fffd}' => 1.1,
        _ => 0.6,
    }
}

/// Breaks a text into lines no wider than `room`, in units of its size. A word that is wider by itself is broken
/// inside. No word is lost.
pub(super) fn lines(text: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = if line.is_empty() { 0.0 } else { width(" ") };
        if width(&line) + gap + width(word) <= room {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for char in word.chars() {
            if !line.is_empty() && width(&line) + width_of(char) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(char);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
