//! Marks as SVG 1.1.

use super::sheet::{Area, Mark, Sheet, Style};

/// What every system has something of; the first that is there is taken.
const FONTS: &str = "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/// Writes a sheet.
pub(super) fn write(sheet: &Sheet) -> String {
    let (width, height) = (number(sheet.width), number(sheet.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" role=\"img\">\n<title>{}</title>\n",
        escape(&sheet.title)
    );
    out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for mark in &sheet.marks {
        out.push_str(&one(mark));
        out.push('\n');
    }
    out.push_str("</svg>\n");
    out
}

fn one(mark: &Mark) -> String {
    match mark {
        Mark::Box { area: Area { x, y, width, height }, radius, fill, stroke } => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
            number(*x),
            number(*y),
            number(*width),
            number(*height),
            number(*radius)
        ),
        Mark::Text { x, y, text, style: Style { size, is_strong, colour } } => {
            let weight = if *is_strong { " font-weight=\"600\"" } else { "" };
            format!(
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{colour}\"{weight}>{}</text>",
                number(*x),
                number(*y),
                number(*size),
                escape(text)
            )
        }
        Mark::Line { points, stroke, width, is_dashed } => {
            let points: Vec<String> =
                points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
            let dashes = if *is_dashed { " stroke-dasharray=\"5 4\"" } else { "" };
            format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{}\"{dashes}/>",
                points.join(" "),
                number(*width)
            )
        }
        Mark::Image { area: Area { x, y, width, height }, address } => format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" href=\"{address}\"/>",
            number(*x),
            number(*y),
            number(*width),
            number(*height)
        ),
        Mark::Dot { x, y, radius, fill, stroke } => format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"2\"/>",
            number(*x),
            number(*y),
            number(*radius)
        ),
    }
}

/// At most two decimal places, so that the same journey gives the same bytes everywhere.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text as XML takes it; characters that XML has no place for are left out
/// ([XML 1.0, section 2.2](https://www.w3.org/TR/xml/#charsets)).
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}
